"""What speaks against NTFS on the boot volume, and what that makes of an event that rests on it."""

import pytest

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.boot.replay import Replay
from hivecheck.facts.generation import WIN7, WIN11_24H2, XP, Generation
from tests.boot.boots import asked, citation
from tests.boot.whole_boots import play_whole

LIST = r'PendingFileRenameOperations = multi "\??\C:\a.txt:hidden" "" "\??\C:\b.txt" "\??\C:\c.txt:x" "\??\C:\d.txt" ""'
STREAMS = "its volume is NTFS, which holds streams"


def file_system(name: str, start: int, kind: int = 2) -> str:
    return f"\n[ControlSet001\\Services\\{name}]\nType = dword {kind}\nStart = dword {start}\n"


def doubts(played: Replay) -> list[bool]:
    return [STREAMS in event.assumes for event in asked(played, (DeleteFile, RenameFile))]


@pytest.mark.parametrize("name", ["Fastfat", "exFAT", "ReFS", "REFSv1"])
@pytest.mark.parametrize("generation", [XP, WIN7, WIN11_24H2])
def test_another_file_system_at_boot_start_is_told_once_and_doubts_streams(name: str, generation: Generation) -> None:
    played = play_whole(LIST + file_system(name, 0) + file_system("Ntfs", 3), generation)
    (problem,) = [one for one in played.problems if one.code == "boot-volume-doubted"]
    assert problem.message.startswith(f"{name} is set to boot-start, as no known Windows ships it")
    assert [citation(origin) for origin in problem.because] == [("Start", None)]
    assert doubts(played) == [True, True, False]


@pytest.mark.parametrize(
    "text",
    [file_system("Fastfat", 1), file_system("Fastfat", 4), file_system("Ntfs", 0), file_system("Fastfat", 0, 0x10), ""],
)
def test_what_windows_ships_doubts_nothing(text: str) -> None:
    played = play_whole(LIST + text, WIN7)
    assert "boot-volume-doubted" not in [one.code for one in played.problems]
    assert doubts(played) == [False, False, False]

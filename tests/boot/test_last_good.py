r"""What a boot up to 7 falls back on where a driver with ErrorControl 3 is gone: the last known good set. smss.md E.2."""

import pytest

from hivecheck.boot.machine import Exists, File
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import play_boot, read_start_lists
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, WIN7, WIN8, XP, Generation
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.control_sets import read_control_sets
from hivecheck.settings.catalog import read_settings
from tests.boot.boots import ROOT, bootable
from tests.boot.whole_boots import VERSION_KEY, play_whole

GONE = "\\SystemRoot\\System32\\drivers\\lost.sys"
NOT_ACCEPTED = f'[{VERSION_KEY}\\Winlogon]\nReportBootOk = sz "0"'


def sets(other: str | None, *, control: int = 3, start: int = 1, last_good: int = 2) -> str:
    """A hive whose renames delete the driver of set 1; `other` are the driver's values in set 2, None where it has none there."""
    hive = r'PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\lost.sys" ""' + "\n"
    hive += f"[Select]\nLastKnownGood = dword {last_good}\n"
    hive += f"[ControlSet001\\Services\\lost]\nType = dword 1\nStart = dword {start}\nErrorControl = dword {control}\n"
    hive += "[ControlSet002\\Services\\plain]\nType = dword 1\nStart = dword 3\n"
    return hive + (f"[ControlSet002\\Services\\lost]\nType = dword 1\n{other}\n" if other is not None else "")


def why(played: Replay) -> str:
    assert played.halted is not None
    return played.halted.why


SAME = "Start = dword 1\nErrorControl = dword 3"
DISABLED = "Start = dword 4\nErrorControl = dword 3"


@pytest.mark.parametrize("generation", [NT4, XP, WIN7])
@pytest.mark.parametrize("given", ["", NOT_ACCEPTED])
def test_a_last_known_good_set_that_misses_the_same_file_is_no_help(generation: Generation, given: str) -> None:
    played = play_whole(sets(SAME), generation, given=given)
    assert why(played).endswith(
        f"can't load {GONE} (ErrorControl 3, critical). The last known good set, ControlSet002, misses the same file."
    )
    assert (played.halted and played.halted.certainty) is Certainty.B
    assert not [one for one in played.events[-1].assumes if "logs on" in one]


@pytest.mark.parametrize(
    ("other", "text"),
    [
        (DISABLED, "In the last known good set, ControlSet002, lost is disabled (Start 4): that set boots without it."),
        (
            "ErrorControl = dword 3",
            "In the last known good set, ControlSet002, lost has no Start: that set boots without it.",
        ),
        (None, "The last known good set, ControlSet002, has no driver lost, and boots without it."),
        (
            "Start = dword 0\nErrorControl = dword 1",
            "The last known good set, ControlSet002, asks for the same file, but goes on without it (ErrorControl 1).",
        ),
    ],
)
def test_a_last_known_good_set_that_does_without_brings_the_machine_up_if_nobody_logs_on_before(
    other: str | None, text: str
) -> None:
    played = play_whole(sets(other), XP)
    assert why(played).endswith(f"If nobody logs on before: {text}")
    assert "which misses the same file where this boot is accepted (event " in why(played)
    assert (played.halted and played.halted.certainty) is Certainty.C
    assert "succeeded: somebody logs on, and ReportBootOk in SOFTWARE is not 0" in played.events[-1].assumes[-1]
    cited = {origin.key for origin in played.events[-1].because if isinstance(origin, ValueRef)}
    assert "Select" in cited


@pytest.mark.parametrize(("given", "safe_mode"), [(NOT_ACCEPTED, None), (None, "minimal")])
def test_where_this_boot_is_not_accepted_that_set_brings_the_machine_up(given: str | None, safe_mode: str | None) -> None:
    played = play_whole(sets(DISABLED, start=0), XP, given=given, safe_mode=safe_mode)
    assert played.halted is None
    (lost,) = [problem for problem in played.problems if problem.code == "critical-driver-lost"]
    assert lost.message.endswith(
        "(ErrorControl 3, critical). It falls back on the last known good set. In the last known good set, ControlSet002, lost is "
        "disabled (Start 4): that set boots without it."
    )


def test_a_set_that_takes_the_driver_from_another_file_leaves_it_open() -> None:
    for other, text in (
        (
            'Start = dword 0\nErrorControl = dword 3\nImagePath = sz "x\\lost.sys"',
            "from another file, \\SystemRoot\\x\\lost.sys",
        ),
        ("Start = dword 2\nErrorControl = dword 3", "how that ends can't be told"),
    ):
        played = play_whole(sets(other), XP, given=NOT_ACCEPTED)
        assert text in why(played)
        assert (played.halted and played.halted.certainty) is Certainty.C


def test_a_file_spelled_in_another_way_is_the_same() -> None:
    other = 'Start = dword 0\nErrorControl = dword 3\nImagePath = sz "\\??\\C:\\WINDOWS\\system32\\DRIVERS\\LOST.SYS"'
    assert why(play_whole(sets(other), XP)).endswith("ControlSet002, misses the same file.")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "The last known good set is the one in use, so there is no other to fall back on."),
        (
            7,
            "There is no last known good set to fall back on: Select\\LastKnownGood names ControlSet007, which does not exist.",
        ),
        (
            0,
            "There is no last known good set to fall back on: Select\\LastKnownGood names ControlSet000, which does not exist.",
        ),
    ],
)
def test_without_another_set_there_is_nothing_to_fall_back_on(number: int, text: str) -> None:
    played = play_whole(sets(DISABLED, last_good=number), WIN7)
    assert why(played).endswith(text)
    assert (played.halted and played.halted.certainty) is Certainty.B


def test_booting_the_last_known_good_set_does_not_contradict_it() -> None:
    hive = sets(DISABLED).replace("LastKnownGood = dword 2", "LastKnownGood = dword 1")
    assert "the one in use" in why(play_whole(hive, XP))
    quiet = "[ControlSet001\\Services\\lost]\nStart = dword 4\nType = dword 1\nErrorControl = dword 3\n"
    rename = r'PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\lost.sys" ""' + "\n"
    assert play_whole(rename + quiet, XP).halted is None


def test_from_8_on_no_set_is_fallen_back_on() -> None:
    played = play_whole(sets(DISABLED), WIN8)
    assert why(played).endswith("(ErrorControl 3, critical).")


def test_a_severe_driver_is_a_problem_in_either_set() -> None:
    for number, text in ((2, "It starts again with the last known good set"), (1, "There is no other last known good set")):
        played = play_whole(sets(SAME, control=2, last_good=number), XP)
        assert played.halted is None
        (lost,) = [problem for problem in played.problems if problem.code == "severe-driver-lost"]
        assert text in lost.message


def test_a_boot_that_ends_at_once_tells_what_the_last_known_good_set_makes_of_it() -> None:
    """The file is not there at all: the volume says so, before anything could accept this boot."""
    ends = {
        DISABLED: "starts again with the last known good set. In the last known good set, ControlSet002, lost is disabled (Start 4): "
        "that set boots without it.",
        SAME: "is not there. The last known good set, ControlSet002, misses the same file. The boot ends "
        "(STOP 0x5A, CRITICAL_SERVICE_FAILED).",
    }
    for other, text in ends.items():
        hive = bootable(sets(other), XP, drivers=True)
        control_set = hive.root.subkey("ControlSet001")
        smss = Smss(read_settings(hive, control_set), XP, ROOT, "x86", "ControlSet001", None)
        gone = File(f"\\??\\{ROOT}\\System32\\drivers\\lost.sys", Exists.NO, "")
        lists = read_start_lists(control_set, hive.root, XP)
        played = play_boot(read_control_sets(hive, "default"), smss, lists, (gone,))
        assert why(played).endswith(text)
        assert played.events[-1].done is Done.NO

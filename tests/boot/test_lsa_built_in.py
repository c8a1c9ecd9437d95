"""The security packages that lsass loads although no value names them. baselines.md 2.8."""

import pytest

from hivecheck.boot.actions import LoadLibrary
from hivecheck.boot.lsa_built_in import BUILT_IN_LIST
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA, WIN7, WIN8, WIN10_1507, WIN11_24H2, WIN81, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn
from tests.boot.boots import citation
from tests.boot.whole_boots import LSA, files, libraries, play_whole

EMPTY = f'[{LSA}]\nAuthentication Packages = multi "msv1_0"\nSecurity Packages = multi """"""\n'


@pytest.mark.parametrize(
    ("generation", "packages"),
    [
        (VISTA, []),
        (WIN7, []),
        (WIN8, ["kerberos", "tspkg", "pku2u", "livessp", "wdigest", "schannel"]),
        (WIN81, ["kerberos", "tspkg", "pku2u", "livessp", "wdigest", "schannel"]),
        (WIN10_1507, ["negoexts", "kerberos", "tspkg", "pku2u", "cloudap", "wdigest", "schannel"]),
        (WIN11_24H2, ["negoexts", "kerberos", "tspkg", "pku2u", "cloudap", "wdigest", "schannel"]),
    ],
)
def test_an_empty_list_means_the_packages_of_windows_itself(generation: Generation, packages: list[str]) -> None:
    events = libraries(play_whole(EMPTY, generation), BUILT_IN_LIST)
    assert files(events) == [f"{name}.dll" for name in packages]
    assert all((event.certainty, event.done) == (Certainty.C, Done.UNKNOWN) for event in events)
    for event in events:
        told, value = event.because
        assert isinstance(told, BuiltIn)
        assert citation(value) == ("Security Packages", None)


def test_what_a_value_names_is_loaded_for_that_value() -> None:
    lists = f'[{LSA}]\nSecurity Packages = multi "evil" "Schannel.DLL"\nAuthentication Packages = multi "msv1_0"'
    played = play_whole(lists, WIN10_1507)
    assert files(libraries(played, BUILT_IN_LIST)) == [
        f"{name}.dll" for name in ("negoexts", "kerberos", "tspkg", "pku2u", "cloudap", "wdigest")
    ]
    assert files(libraries(played, "Security Packages")) == ["evil.dll", "Schannel.DLL"]
    assert files(libraries(played, "Authentication Packages")) == ["msv1_0.dll"]


def test_the_list_of_8_1_leaves_nothing_to_lsass_itself() -> None:
    played = play_whole(f'{EMPTY}[{LSA}\\OSConfig]\nSecurity Packages = multi "kerberos" "tspkg"', WIN81)
    assert libraries(played, BUILT_IN_LIST) == []


def test_a_pending_rename_of_such_a_package_is_seen_in_the_same_boot() -> None:
    renames = (
        'PendingFileRenameOperations = multi "\\??\\C:\\t\\a.dll" "!\\??\\C:\\Windows\\System32\\kerberos.dll" '
        '"\\??\\C:\\Windows\\System32\\schannel.dll" ""\n'
    )
    played = play_whole(renames + EMPTY, WIN10_1507)
    by_file = {event.action.file: event for event in libraries(played) if isinstance(event.action, LoadLibrary)}
    kerberos = by_file[NtPath("\\SystemRoot\\System32\\kerberos.dll")]
    schannel = by_file[NtPath("\\SystemRoot\\System32\\schannel.dll")]
    assert [effect.boot for effect in kerberos.effects] == ["this"]
    assert "in the place of \\SystemRoot\\System32\\kerberos.dll" in kerberos.effects[0].text
    assert (schannel.done, schannel.why) == (Done.NO, "earlier in this boot it was deleted")

"""What lsass loads, list by list. detections.md 1.9, baselines.md 2.8."""

import pytest

from hivecheck.boot.actions import LoadLibrary
from hivecheck.boot.lsa import library_file
from hivecheck.boot.lsa_built_in import BUILT_IN_LIST
from hivecheck.boot.plan import Done, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, VISTA, WIN7, WIN10_1903, WIN11, WIN11_24H2, WIN81, WIN2000, XP, Generation
from hivecheck.facts.nt_path import NtPath
from tests.boot.boots import EVERY_FAMILY, citation, cited
from tests.boot.whole_boots import LSA, files, libraries, play_whole, start_of


def test_packages_are_loaded_from_system32_list_by_list() -> None:
    played = play_whole(
        f'[{LSA}]\nAuthentication Packages = multi "msv1_0" "evil"\nSecurity Packages = multi "kerberos" "msv1_0"\n'
        'Notification Packages = multi "scecli"',
        XP,
    )
    events = libraries(played)
    assert files(events) == ["kerberos.dll", "msv1_0.dll", "msv1_0.dll", "evil.dll", "scecli.dll", "msgina.dll"]
    evil = events[3]
    assert evil.action == LoadLibrary("lsass.exe", NtPath("\\SystemRoot\\System32\\evil.dll"), "Authentication Packages")
    assert (evil.step, evil.process, cited(evil)) == (Step.LSA, "lsass.exe", [("Authentication Packages", (1, 1))])
    assert (events[1].done, events[2].done) == (Done.UNKNOWN, Done.NO)
    assert events[0].number > start_of(played, "lsass.exe").number


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("evil", "\\SystemRoot\\System32\\evil.dll"),
        ("evil.x", "\\SystemRoot\\System32\\evil.x"),
        ("C:\\Temp\\e.dll", "\\??\\C:\\Temp\\e.dll"),
        ("c:/temp/e", "\\??\\c:\\temp\\e.dll"),
        ("..\\e", "\\SystemRoot\\System32\\..\\e.dll"),
        ("\\\\server\\share\\e.dll", "\\??\\UNC\\server\\share\\e.dll"),
        ("\\\\?\\C:\\e.dll", "\\??\\C:\\e.dll"),
    ],
)
def test_the_file_of_a_name(name: str, file: str) -> None:
    assert library_file(name) == NtPath(file)


@pytest.mark.parametrize("name", ["", "\\", "a|b", "a*", 'a"', "a\x01", "x" * 300])
def test_what_no_file_can_be_named_is_no_dll(name: str) -> None:
    assert library_file(name) is None


def test_two_quotes_are_a_list_of_nothing() -> None:
    """baselines.md 2.8: from 8.1 on."""
    played = play_whole(f'[{LSA}]\nSecurity Packages = multi """""" "" " "', WIN10_1903)
    assert {event.action.list for event in libraries(played) if isinstance(event.action, LoadLibrary)} == {BUILT_IN_LIST}
    assert played.problems == ()


@pytest.mark.parametrize(("generation", "loaded"), [(NT4, []), (XP, ["x.dll"])])
def test_nt_4_knows_no_security_packages(generation: Generation, loaded: list[str]) -> None:
    played = play_whole(f'[{LSA}]\nSecurity Packages = multi "x"', generation)
    assert files(libraries(played, "Security Packages")) == loaded


@pytest.mark.parametrize(("generation", "loaded"), [(WIN7, []), (WIN81, ["tspkg.dll"])])
def test_the_packages_of_windows_itself_are_listed_from_81_on(generation: Generation, loaded: list[str]) -> None:
    played = play_whole(f'[{LSA}\\OSConfig]\nSecurity Packages = multi "tspkg"', generation)
    assert files(libraries(played, "OSConfig\\Security Packages")) == loaded


def test_extensions_and_interfaces_are_loaded_too() -> None:
    config = "ControlSet001\\Control\\LsaExtensionConfig"
    played = play_whole(
        f'[{config}\\LsaSrv]\nExtensions = multi "lsasrv.dll" "evil.dll"\n'
        f'[{config}\\Interfaces\\1001]\nExtension = sz "lsasrv.dll"\n[{config}\\Interfaces\\1002]\nExtension = sz "dpapisrv.dll"',
        WIN10_1903,
    )
    assert files(libraries(played, "LsaExtensionConfig\\LsaSrv\\Extensions")) == ["lsasrv.dll", "evil.dll"]
    interfaces = libraries(played, "Interfaces")
    assert files(interfaces) == ["lsasrv.dll", "dpapisrv.dll"]
    assert [event.done for event in interfaces] == [Done.NO, Done.UNKNOWN]
    assert cited(interfaces[1]) == [("Extension", None)]


def test_the_extension_of_the_directory_is_loaded() -> None:
    played = play_whole('[ControlSet001\\Services\\NTDS]\nLsaDbExtPt = sz "C:\\evil.dll"', WIN10_1903)
    assert files(libraries(played, "LsaDbExtPt")) == ["evil.dll"]


def test_subauthentication_waits_for_a_logon_that_asks_for_it() -> None:
    played = play_whole(
        f'[{LSA}\\MSV1_0]\nAuth132 = sz "IISSUBA"\nAuth0 = sz "evil"\nAuthority = sz "x"\nntlmminclientsec = dword 0', XP
    )
    events = [event for event in libraries(played) if str(getattr(event.action, "list", "")).startswith("MSV1_0")]
    assert [(files([event])[0], event.assumes[-1]) for event in events] == [
        ("IISSUBA.dll", "a logon asks for subauthentication package 132"),
        ("evil.dll", "somebody logs on"),
    ]
    assert cited(events[0]) == [("Auth132", None)]


def test_security_providers_are_parted_by_commas_and_loaded_on_demand() -> None:
    key = "ControlSet001\\Control\\SecurityProviders"
    played = play_whole(f'[{key}]\nSecurityProviders = sz "msapsspc.dll, schannel.dll,,evil"', XP)
    events = libraries(played, "SecurityProviders")
    assert files(events) == ["msapsspc.dll", "schannel.dll", "evil.dll"]
    assert all(event.done is Done.UNKNOWN for event in events)


@pytest.mark.parametrize(
    ("generation", "value", "told"),
    [
        (WIN7, 1, "means nothing"),
        (WIN81, 1, "is 1: lsass runs protected"),
        (WIN10_1903, 2, "is 2, which Windows takes from 11 22H2 on: lsass is likely not protected"),
        (WIN10_1903, 5, "gives no meaning"),
        (WIN11, 2, "without a variable of the firmware, on 11 from 22H2 on"),
        (WIN11_24H2, 2, "is 2: lsass runs protected"),
        (WIN11_24H2, 0, "is 0: lsass is not protected"),
    ],
)
def test_run_as_ppl_means_what_the_generation_makes_of_it(generation: Generation, value: int, told: str) -> None:
    event = start_of(play_whole(f"[{LSA}]\nRunAsPPL = dword {value}", generation), "lsass.exe")
    assert told in event.why
    assert cited(event)[-1] == ("RunAsPPL", None)


def test_a_protected_lsass_loads_only_what_is_signed_for_it() -> None:
    snippet = f'[{LSA}]\nRunAsPPL = dword 1\nAuthentication Packages = multi "msv1_0" "evil"'
    own, evil = libraries(play_whole(snippet, WIN81), "Authentication Packages")
    assert own.assumes == ("\\SystemRoot\\System32\\msv1_0.dll exists",)
    assert evil.assumes[-1] == "the DLL is signed for a protected lsass"
    packages = libraries(play_whole(snippet, WIN81), BUILT_IN_LIST)
    assert packages
    assert all(len(event.assumes) == 1 for event in packages)
    assert libraries(play_whole(snippet, WIN7))[1].assumes == ("\\SystemRoot\\System32\\evil.dll exists",)


def test_a_policy_in_software_protects_lsass_too() -> None:
    policy = "[Policies\\Microsoft\\Windows\\System]\nRunAsPPL = dword 2"
    event = start_of(play_whole("", WIN11_24H2, given=policy), "lsass.exe")
    assert "is 2: lsass runs protected" in event.why


@pytest.mark.parametrize("value", ['sz "x"', "dword 5", "multi hex: 01", "none", "binary 41 00"])
def test_odd_types_are_no_crash(value: str) -> None:
    names = ("Authentication Packages", "Security Packages", "Notification Packages", "RunAsPPL", "LsaCfgFlags")
    snippet = f"[{LSA}]\n" + "\n".join(f"{name} = {value}" for name in names)
    for generation in (NT4, XP, VISTA, WIN11_24H2):
        assert play_whole(snippet, generation).halted is None


def test_very_many_packages_are_not_all_shown_and_that_is_told() -> None:
    names = " ".join(f'"p{number}"' for number in range(1_000))
    played = play_whole(f"[{LSA}]\nAuthentication Packages = multi {names}", XP)
    assert len(libraries(played, "Authentication Packages")) == 200
    (problem,) = played.problems
    assert (problem.code, citation(problem.because[0])) == ("packages-not-shown", ("Authentication Packages", (200, 200)))


def test_a_name_that_no_dll_can_have_is_told() -> None:
    played = play_whole(f'[{LSA}]\nAuthentication Packages = multi "a|b"', XP)
    assert libraries(played, "Authentication Packages") == []
    assert [problem.code for problem in played.problems] == ["package-odd"]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_lsass_does_not_come_up_without_lsasrv(generation: Generation) -> None:
    renames = 'PendingFileRenameOperations = multi "\\??\\C:\\Windows\\System32\\lsasrv.dll" ""'
    halted = play_whole(renames, generation).halted
    assert halted is not None
    how = "services.exe waits for it, and nobody can log on" if generation < WIN2000 else "the machine stops or restarts"
    assert (halted.why, halted.certainty) == (f"lsass.exe can't be started: {how}.", Certainty.C)

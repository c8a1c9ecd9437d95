"""The generation of a hive: what single marks say, what they say together, and what a forger gets for his trouble."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import (
    GENERATIONS,
    NT4,
    NT31,
    SERVER2022,
    VISTA,
    WIN7,
    WIN10_1709,
    WIN10_1903,
    WIN10_1909,
    WIN10_2004,
    WIN11,
    WIN11_24H2,
    WIN2003,
    XP,
    Generation,
)
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import open_hive
from hivecheck.settings.guess import Guess
from hivecheck.settings.machine_facts import MachineFacts, read_machine_facts
from hivecheck.settings.version_builds import day_of_clone_tag, version_of, version_of_build_lab
from hivecheck.settings.version_marks import DEAR_KEY_MARKS, DEAR_VALUE_MARKS, KEY_MARKS, VALUE_MARKS
from hivecheck.settings.vote import ALL, between, describe_fits, fits_version, only

CONTROL = r"ControlSet001\Control"
SESSION_MANAGER = CONTROL + r"\Session Manager"

SEVEN = rf"""
[{SESSION_MANAGER}]
CriticalSectionTimeout = dword 2592000
NumberOfInitialSessions = dword 2
SetupExecute = multi ""
[{SESSION_MANAGER}\SubSystems]
Required = multi "Debug" "Windows"
Kmode = expand "\SystemRoot\System32\win32k.sys"
Optional = multi "Posix"
Windows = expand "csrss.exe ServerDll=winsrv:ConServerDllInitialization,2 ServerDll=sxssrv,4 ProfileControl=Off"
[{SESSION_MANAGER}\KnownDLLs]
advapi32 = sz "advapi32.dll"
iertutil = sz "iertutil.dll"
lpk = sz "lpk.dll"
nsi = sz "nsi.dll"
sechost = sz "sechost.dll"
wininet = sz "wininet.dll"
wldap32 = sz "wldap32.dll"
ws2_32 = sz "ws2_32.dll"
DllDirectory = expand "%SystemRoot%\system32"
[{CONTROL}\Windows]
SystemDirectory = expand "%SystemRoot%\system32"
ComponentizedBuild = dword 1
CSDBuildNumber = dword 17514
CSDVersion = dword 0x100
NoInteractiveServices = dword 0
"""
CORE_OS = r"Setup\Service Reporting API\Components\CoreOS"


def facts_of(text: str) -> MachineFacts:
    hive = hive_of(text)
    return read_machine_facts(hive, hive.root.subkey("ControlSet001"))


def generation_of(text: str) -> Guess[Generation]:
    return facts_of(text).generation


def problem_codes(text: str) -> list[str]:
    return [problem.code for problem in facts_of(text).problems]


def against(guess: Guess[Generation]) -> list[str]:
    return [reason.text for reason in guess.reasons if reason.text.startswith("Speaks against it")]


def cited_values(guess: Guess[Generation]) -> set[str]:
    return {origin.value for origin in guess.because if isinstance(origin, ValueRef)}


# --- one mark -----------------------------------------------------------------------------------------------------------


def test_a_build_lab_alone_settles_the_generation() -> None:
    guess = generation_of(
        rf"""
        [{CONTROL}\Windows]
        ShutdownStopTimePerfCounterBuildLab = sz "16299.rs3_release.170928-1534"
        """
    )
    assert (guess.value, guess.confidence) == (WIN10_1709, Confidence.HIGH)
    assert cited_values(guess) == {"ShutdownStopTimePerfCounterBuildLab"}


@pytest.mark.parametrize(
    ("text", "generation"),
    [
        ("6.0.6002.18005", VISTA),
        ("6.1.7601.17514", WIN7),
        ("10.0.16299.15", WIN10_1709),
        ("10.0.19045.1", WIN10_2004),
        ("10.0.22631.1", WIN11),
        ("10.0.26200.1", WIN11_24H2),
    ],
)
def test_the_installed_core_names_its_build(text: str, generation: Generation) -> None:
    guess = generation_of(f'[{CORE_OS}]\nVersion = sz "{text}"')
    assert (guess.value, guess.confidence) == (generation, Confidence.HIGH)


def test_build_18362_is_1903_and_may_be_1909() -> None:
    guess = generation_of(f'[{CORE_OS}]\nVersion = sz "10.0.18362.1"')
    assert (guess.value, guess.confidence) == (WIN10_1903, Confidence.HIGH)
    assert any(WIN10_1909.name in reason.text for reason in guess.reasons)


def test_build_18363_is_1909() -> None:
    assert generation_of(f'[{CORE_OS}]\nVersion = sz "10.0.18363.1"').value == WIN10_1909


@pytest.mark.parametrize(("maker", "value"), [("Microsoft", WIN2003), ("Somebody Else", None)])
def test_a_driver_names_the_build_only_if_it_came_with_windows(maker: str, value: Generation | None) -> None:
    driver = CONTROL + r"\Class\{71a27cdd-812a-11d0-bec7-08002be2092f}\0000"
    guess = generation_of(
        f"""
        [{driver}]
        ProviderName = sz "{maker}"
        DriverVersion = sz "5.2.3790.1830"
        [{CONTROL}\\ProductOptions]
        ProductSuite = multi "Terminal Server"
        """
    )
    assert guess.value == (value or NT4)


def test_a_hive_without_any_mark_gives_no_guess() -> None:
    guess = generation_of(f"[{CONTROL}]")
    assert (guess.value, guess.confidence) == (None, Confidence.LOW)
    assert guess.reasons


def test_without_a_control_set_only_what_lies_beside_it_speaks() -> None:
    hive = hive_of(f'[{CORE_OS}]\nVersion = sz "6.1.7600.16385"')
    facts = read_machine_facts(hive, None)
    assert facts.generation.value == WIN7
    assert facts.computer_name.value is None


def test_the_day_microsoft_sealed_the_image_speaks_for_its_release() -> None:
    guess = generation_of('[Setup]\nCloneTag = multi "Mon Jul 13 21:55:53 2009"')
    assert guess.value == WIN7
    assert guess.confidence is not Confidence.HIGH


def test_an_image_of_the_owner_is_no_newer_than_its_day() -> None:
    tag = '[Setup]\nCloneTag = multi "Tue May 05 10:00:00 2015"\n'
    database = "[DriverDatabase]\nVersion = dword 0x0a000000\n"
    guess = generation_of(tag + database)
    assert guess.value is not None
    assert guess.value.id == "win10-1507"
    assert len(against(guess)) == 1


def test_absence_is_no_witness_in_a_torso_of_a_key() -> None:
    torso = generation_of(f'[{SESSION_MANAGER}]\nBootShell = expand "bootim.exe"')
    assert not against(torso)
    assert cited_values(torso) == {"BootShell"}


def test_what_is_missing_is_cited_by_its_key() -> None:
    guess = generation_of(f"[{SESSION_MANAGER}]\nCriticalSectionTimeout = dword 2592000")
    assert any(isinstance(origin, KeyRef) and origin.path == SESSION_MANAGER for origin in guess.because)


def test_the_spelling_of_setup_execute_tells_7_from_8() -> None:
    older = generation_of(f'[{SESSION_MANAGER}]\nSetupExecute = multi ""')
    newer = generation_of(f'[{SESSION_MANAGER}]\nSETUPEXECUTE = multi ""')
    assert older.value == VISTA
    assert newer.value is not None
    assert newer.value.id == "win8"


def test_a_server_is_never_a_client_only_row() -> None:
    def guess(product_type: str) -> Guess[Generation]:
        return generation_of(
            rf"""
            [{CONTROL}\ProductOptions]
            ProductType = sz "{product_type}"
            [{SESSION_MANAGER}\kernel]
            obcaseinsensitive = dword 1
            """
        )

    assert guess("WinNT").value == XP
    assert guess("ServerNT").value == WIN2003


def test_the_version_of_the_hive_file_speaks_too() -> None:
    hive = hive_of(f'[{SESSION_MANAGER}\\KnownDLLs]\nlz32 = sz "lz32.dll"')
    control_set = hive.root.subkey("ControlSet001")
    assert read_machine_facts(hive, control_set).generation.value == NT31
    assert read_machine_facts(hive, control_set, (1, 5)).generation.value == XP
    assert read_machine_facts(hive, control_set, (1, 1)).generation.value == NT31


# --- all marks together -------------------------------------------------------------------------------------------------


def test_many_marks_without_a_build_settle_the_generation() -> None:
    guess = generation_of(SEVEN)
    assert (guess.value, guess.confidence) == (WIN7, Confidence.HIGH)
    assert not against(guess)
    assert {"Windows", "iertutil", "CSDBuildNumber", "NumberOfInitialSessions"} <= cited_values(guess)


def test_one_forged_build_does_not_override_a_whole_hive() -> None:
    guess = generation_of(SEVEN + f'[{CORE_OS}]\nVersion = sz "10.0.26100.1"')
    assert guess.value == WIN7
    assert guess.confidence is not Confidence.HIGH
    assert len(against(guess)) == 1
    assert "Version" in cited_values(guess)


def test_planted_marks_of_one_key_do_not_override_the_others() -> None:
    planted = "".join(
        f'{name} = sz "{name}.dll"\n' for name in ("wow64base", "wow64con", "xtajit64", "_xtajit", "*kernel32")
    )
    guess = generation_of(SEVEN.replace("iertutil =", planted + "iertutil ="))
    assert guess.value == WIN7
    assert guess.confidence is Confidence.MEDIUM
    assert len(against(guess)) == 5


def test_two_builds_that_disagree_lower_the_confidence_and_are_both_told() -> None:
    guess = generation_of(
        rf"""
        [{CONTROL}\Windows]
        ShutdownStopTimePerfCounterBuildLab = sz "16299.rs3_release.170928-1534"
        [{CORE_OS}]
        Version = sz "10.0.18362.1"
        [{SESSION_MANAGER}]
        GlobalFlag2 = dword 0
        """
    )
    assert guess.value == WIN10_1903
    assert guess.confidence is not Confidence.HIGH
    assert [text for text in against(guess) if "16299" in text]


def test_generations_that_fit_alike_are_all_named() -> None:
    guess = generation_of(f"[{SESSION_MANAGER}]\nResourceTimeoutCount = dword 0x96")
    assert guess.value == WIN10_2004
    assert guess.confidence is Confidence.LOW
    assert any(SERVER2022.name in reason.text and WIN11.name in reason.text for reason in guess.reasons)


def test_the_app_compat_cache_is_asked_where_doubt_remains() -> None:
    cache = f"[{SESSION_MANAGER}\\AppCompatCache]\nAppCompatCache = binary ee 0f dc ba 4a 01 00 00\n"
    assert generation_of(f"[{SESSION_MANAGER}]\nNumberOfInitialSessions = dword 2\n" + cache).value == WIN7


def test_every_reason_for_a_whole_hive_cites_something() -> None:
    assert all(reason.because for reason in generation_of(SEVEN).reasons)


# --- hostile values -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("Version = dword 10", ["wrong-type"]),
        ("Version = binary 01 02 03", ["wrong-type"]),
        ('Version = sz "10.0"', ["unknown-build"]),
        ('Version = sz "10.0.999999"', ["unknown-build"]),
        ('Version = sz "99.9.16299"', ["unknown-build"]),
        ('Version = sz "ten"', ["unknown-build"]),
        ('Version = sz "१०.०.१६२९९"', ["unknown-build"]),
        ("Version = sz hex: 31", []),
        ('Version = sz ""', []),
    ],
)
def test_what_names_no_build_gives_no_vote_and_a_problem(value: str, codes: list[str]) -> None:
    facts = facts_of(f"[{CORE_OS}]\n{value}")
    assert facts.generation.value is None
    assert [problem.code for problem in facts.problems] == codes


@pytest.mark.parametrize(
    ("tag", "day"),
    [
        ("Fri Sep 29 06:49:45 2017", date(2017, 9, 29)),
        ("Sat Apr  7 06:49:45 2018", date(2018, 4, 7)),
        ("Fri Feb 31 06:49:45 2017", None),
        ("Fri Sep 29 06:49:45 1601", None),
        ("Fri Sep 29 06:49:45 9999", None),
        ("Sep 29 2017", None),
        ("", None),
    ],
)
def test_a_clone_tag_is_a_day_or_nothing(tag: str, day: date | None) -> None:
    assert day_of_clone_tag(tag) == day


def test_a_clone_tag_that_is_no_day_is_told() -> None:
    assert problem_codes('[Setup]\nCloneTag = multi "yesterday"') == ["implausible-time"]


def test_a_source_version_from_nowhere_is_told() -> None:
    assert problem_codes("[Setup\\BuildUpdate]\nSourceOSVersion = qword 1") == ["unknown-build"]


@pytest.mark.parametrize("kind", ["dword 1", "binary 00", 'sz "x"', "none", "type 0x12345678: 01", "multi", "sz hex: 41"])
def test_a_value_of_any_type_under_any_mark_is_survived(kind: str) -> None:
    lines = []
    for group in (*VALUE_MARKS, *DEAR_VALUE_MARKS):
        lines.append(f"[{group.path[1:]}]" if group.path.startswith("\\") else f"[ControlSet001\\{group.path}]")
        names = dict.fromkeys(f'"{mark.name}"' if mark.name else "@" for mark in group.marks)
        lines += (f"{name} = {kind}" for name in names)
    facts = facts_of("\n".join(lines))
    assert facts.generation.confidence is not Confidence.HIGH


# --- the pieces ---------------------------------------------------------------------------------------------------------


def test_versions_are_read_as_windows_and_drivers_write_them() -> None:
    assert version_of("10.0.16299.15") == (10, 0, 16299)
    assert version_of("5.00.2195.1") == (5, 0, 2195)
    assert version_of("6.1.7601") == (6, 1, 7601)
    assert version_of("4.2") is None


def test_a_build_lab_needs_no_version() -> None:
    assert version_of_build_lab("2600.xpsp.080413-2111") == (5, 1, 2600)
    assert version_of_build_lab("19041.1.amd64fre.vb_release.191206-1406") == (10, 0, 19041)
    assert version_of_build_lab("rs3_release") is None
    assert version_of_build_lab("1.x") is None


def test_an_old_driver_build_stays_with_its_version() -> None:
    assert fits_version((5, 1, 2535)) == only(XP)
    assert fits_version((6, 1, 7601)) == only(WIN7)


def test_a_run_of_generations_is_said_shortly() -> None:
    assert describe_fits(between(GENERATIONS[0], WIN7)) == "up to Windows 7"
    assert describe_fits(between(WIN11)) == "Windows 11 21H2 to 23H2 and later"
    assert describe_fits(between(VISTA, WIN7)) == "Windows Vista to Windows 7"
    assert describe_fits(only(XP)) == "Windows XP"
    assert describe_fits(only(NT31) | between(WIN11)) == "Windows NT 3.1 or Windows 11 21H2 to 23H2 and later"
    assert describe_fits(0) == "no generation"


def test_every_mark_speaks_of_some_generations_and_not_of_all_if_its_absence_counts() -> None:
    for group in (*VALUE_MARKS, *DEAR_VALUE_MARKS, *KEY_MARKS, *DEAR_KEY_MARKS):
        for mark in group.marks:
            assert 0 < mark.fits < ALL, mark.name
            assert mark.present > 0
            assert not (mark.missing and mark.holds), mark.name


# --- real hives ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "generation"),
    [
        ("nt4-sp3-server", NT4),
        ("xp-x64", WIN2003),
        ("win7-sp1-x86", WIN7),
        ("win10-1709-dirty", WIN10_1709),
        ("win10-1903", WIN10_1903),
    ],
)
def test_real_hives_are_recognised(real_hive: Callable[[str], Path], name: str, generation: Generation) -> None:
    with open_hive(real_hive(name)) as hive:
        facts = read_machine_facts(hive, hive.root.subkey("ControlSet001"))
        with_format = read_machine_facts(hive, hive.root.subkey("ControlSet001"), hive.base_block.version)
    assert (facts.generation.value, facts.generation.confidence) == (generation, Confidence.HIGH)
    assert against(facts.generation) == []
    assert facts.problems == ()
    assert with_format.generation.value == generation


def test_the_problems_of_a_hive_are_told_once() -> None:
    problems = facts_of(f"[{CONTROL}\\Windows]\nCSDVersion = binary 01\nShutdownTime = binary 01").problems
    assert len(set(problems)) == len(problems)
    assert all(isinstance(problem, Problem) and problem.because for problem in problems)

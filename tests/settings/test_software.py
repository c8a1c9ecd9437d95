"""What is read of a SOFTWARE hive, and whether it is that of the same machine. smss.md B.16; baselines.md 2.0."""

import pytest

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import (
    NT4,
    WIN7,
    WIN10_1809,
    WIN10_1903,
    WIN10_1909,
    WIN10_2004,
    WIN11,
    WIN11_24H2,
    WIN81,
    WIN2000,
    XP,
    Generation,
)
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.settings.machine_facts import MachineFacts, read_machine_facts
from hivecheck.settings.setting import Presence
from hivecheck.settings.software import is_software_hive, read_software
from hivecheck.settings.software_match import compare_machines, is_other_windows
from hivecheck.settings.software_rows import APP_INIT_DLLS, PRODUCT_NAME, SOFTWARE_CATALOG, UBR, USERINIT, WOW_APP_INIT_DLLS
from tests.boot.whole_boots import software

NT = "Microsoft\\Windows NT\\CurrentVersion"


def test_the_keys_that_make_a_software_hive() -> None:
    assert is_software_hive(parse_notation(f"[{NT}]"))
    assert not is_software_hive(parse_notation("[Microsoft]\n[Classes]"))
    assert not is_software_hive(parse_notation("[ControlSet001]\n[Select]"))


@pytest.mark.parametrize(
    ("lines", "version", "generation"),
    [
        ('CurrentVersion = sz "4.0"\nCurrentBuildNumber = sz "1381"', (4, 0, 1381), NT4),
        ('CurrentVersion = sz "5.0"\nCurrentBuildNumber = sz "2195"\nCurrentBuild = sz "1.511.1 ()"', (5, 0, 2195), WIN2000),
        ('CurrentVersion = sz "5.1"\nCurrentBuildNumber = sz "2600"', (5, 1, 2600), XP),
        ('CurrentVersion = sz "6.1"\nCurrentBuild = sz "7601"', (6, 1, 7601), WIN7),
        (
            'CurrentVersion = sz "6.3"\nCurrentBuild = sz "18363"\nCurrentMajorVersionNumber = dword 10\n'
            "CurrentMinorVersionNumber = dword 0",
            (10, 0, 18363),
            WIN10_1909,
        ),
        ('CurrentVersion = sz "6.3"\nCurrentBuild = sz "9600"', (6, 3, 9600), WIN81),
        ('CurrentVersion = sz "6.3"\nCurrentBuild = sz "18362"', (10, 0, 18362), WIN10_1903),
        ('CurrentVersion = sz "6.3"\nCurrentBuildNumber = sz "26100"', (10, 0, 26100), WIN11_24H2),
        (
            'CurrentVersion = sz "6.3"\nCurrentBuild = sz "22631"\nCurrentMajorVersionNumber = dword 10',
            (10, 0, 22631),
            WIN11,
        ),
        (
            'CurrentVersion = sz "6.3"\nCurrentBuild = sz "19045"\nCurrentMajorVersionNumber = dword 10',
            (10, 0, 19045),
            WIN10_2004,
        ),
    ],
)
def test_the_build_names_the_generation(lines: str, version: tuple[int, int, int], generation: Generation) -> None:
    found = software(lines)
    assert found.version == version
    guess = found.generation
    assert guess is not None
    assert (guess.value, guess.confidence) == (generation, Confidence.HIGH)
    assert all(isinstance(origin, ValueRef) and origin.hive == "SOFTWARE" for origin in guess.because)


@pytest.mark.parametrize(
    "lines",
    [
        "",
        'CurrentVersion = sz "6.1"',
        'CurrentVersion = sz "x"\nCurrentBuild = sz "7601"',
        'CurrentVersion = sz "6.1"\nCurrentBuild = sz "many"',
        'CurrentVersion = sz "77.1"\nCurrentBuild = sz "7601"',
        'CurrentVersion = sz "6.1"\nCurrentBuild = sz "99999999999999"',
        'CurrentVersion = sz "6.1"\nCurrentBuild = sz "٧٦٠١"',
    ],
)
def test_what_names_no_build_names_no_generation(lines: str) -> None:
    assert software(lines).generation is None


def test_settings_carry_their_origin() -> None:
    found = software('ProductName = sz "Windows 10 Pro"\nUBR = dword 418')
    assert (found[PRODUCT_NAME].value, found[UBR].value) == ("Windows 10 Pro", 418)
    (origin,) = found[UBR].origins
    assert isinstance(origin, ValueRef)
    assert (origin.hive, origin.key, origin.value) == ("SOFTWARE", NT, "UBR")
    assert found[USERINIT].presence is Presence.ABSENT


def test_every_row_has_a_name_of_its_own() -> None:
    names = [row.name.upper() for row in SOFTWARE_CATALOG]
    assert len(set(names)) == len(names)
    assert all(row.key.startswith("\\") and row.about and row.source for row in SOFTWARE_CATALOG)


def test_svchost_groups_by_folded_name() -> None:
    found = software(
        f'[{NT}\\Svchost]\nnetsvcs = multi "Schedule" "" "BITS"\nodd = sz "x"\n[{NT}\\Svchost\\netsvcs]\nx = dword 1'
    )
    assert found.svchost_groups == {"NETSVCS": ("Schedule", "BITS")}
    origin = found.group_origins["NETSVCS"]
    assert isinstance(origin, ValueRef)
    assert (origin.key, origin.value) == (f"{NT}\\Svchost", "netsvcs")


def test_image_options_with_a_debugger_or_a_flag() -> None:
    key = f"{NT}\\Image File Execution Options"
    found = software(
        f'[{key}\\sethc.exe]\nDebugger = sz "cmd.exe"\n[{key}\\x.exe]\nGlobalFlag = dword 0x200\n[{key}\\y.exe]\nz = dword 1\n'
        f'[{key}\\blank.exe]\nDebugger = sz " "'
    )
    assert set(found.image_options) == {"SETHC.EXE", "X.EXE", "BLANK.EXE"}
    debugger = found.debugger_of("C:\\Windows\\System32\\SetHC.exe")
    assert debugger is not None
    assert debugger.value == "cmd.exe"
    assert found.debugger_of("x.exe") is None
    assert found.debugger_of("blank.exe") is None
    assert found.debugger_of("y.exe") is None


def test_what_32_bit_programs_see_is_read_apart() -> None:
    key = f"Wow6432Node\\{NT}"
    found = software(
        f'[{key}\\Image File Execution Options\\a.exe]\nDebugger = sz "b.exe"\n'
        f'[{key}\\Windows]\nAppInit_DLLs = sz "c.dll"\nLoadAppInit_DLLs = dword 1'
    )
    assert found.has_wow
    assert found.image_options == {}
    (options,) = found.wow_image_options.values()
    assert (options.image, options.debugger.value) == ("a.exe", "b.exe")
    assert (found[WOW_APP_INIT_DLLS].value, found[APP_INIT_DLLS].value) == ("c.dll", "")


def test_packages_that_winlogon_notifies_with_their_dll() -> None:
    key = f"{NT}\\Winlogon\\Notify"
    found = software(
        f'[{key}\\one]\nDllName = expand "one.dll"\n[{key}\\two]\nLogon = sz "Go"\n[{key}\\three]\nDLLName = sz " "'
    )
    (package,) = found.notify_packages
    assert (package.name, package.dll.value) == ("one", "one.dll")
    (origin,) = package.dll.origins
    assert isinstance(origin, ValueRef)
    assert (origin.key, origin.value) == (f"{key}\\one", "DllName")


def test_very_many_packages_are_cut_off_and_that_is_told() -> None:
    key = f"{NT}\\Winlogon\\Notify"
    found = software("\n".join(f'[{key}\\{number}]\nDLLName = sz "x"' for number in range(1_010)))
    assert len(found.notify_packages) == 1_000
    assert [problem.code for problem in found.problems] == ["notify-packages-not-read"]


@pytest.mark.parametrize("value", ['multi "a"', "dword 1", "binary 01", "none", "qword 5", "sz hex: 01"])
def test_odd_types_are_problems_and_no_crash(value: str) -> None:
    names = [row.value for row in SOFTWARE_CATALOG if row.key == f"\\{NT}"]
    found = software("\n".join(f"{name} = {value}" for name in names))
    assert found.generation is None
    key = f"{NT}\\Image File Execution Options"
    assert software(f"[{key}\\a.exe]\nDebugger = {value}\nGlobalFlag = {value}\n[{NT}\\Svchost]\na = {value}") is not None


def test_very_many_programs_and_groups_are_cut_off_and_that_is_told() -> None:
    key = f"{NT}\\Image File Execution Options"
    images = "\n".join(f'[{key}\\{number}.exe]\nDebugger = sz "x"' for number in range(20_010))
    groups = "\n".join(f'g{number} = multi "x"' for number in range(5_010))
    found = software(f"{images}\n[{NT}\\Svchost]\n{groups}")
    assert (len(found.image_options), len(found.svchost_groups)) == (20_000, 5_000)
    assert [problem.code for problem in found.problems] == ["image-options-not-read", "svchost-groups-not-read"]


def system(lines: str = "") -> MachineFacts:
    notation = rf"""
    [Setup\Service Reporting API\Components\CoreOS]
    Version = sz "10.0.18362.1"
    [ControlSet001\Control\ComputerName\ComputerName]
    ComputerName = sz "DESK-1"
    [ControlSet001\Services\Tcpip\Parameters]
    Hostname = sz "desk-1"
    [ControlSet001\Control\ProductOptions]
    ProductType = sz "WinNT"
    {lines}
    """
    hive = parse_notation(notation)
    return read_machine_facts(hive, hive.root.subkey("ControlSet001"))


TEN = 'CurrentMajorVersionNumber = dword 10\nCurrentBuild = sz "{build}"\n'


@pytest.mark.parametrize("build", ["18362", "18363"])
def test_the_twin_builds_are_one_windows_for_system(build: str) -> None:
    facts = system()
    assert facts.generation.value is WIN10_1903
    found = software(TEN.format(build=build) + '[Microsoft\\SchedulingAgent]\nOldName = sz "DESK-1"')
    assert compare_machines(found, facts) == ()


@pytest.mark.parametrize(
    ("lines", "words", "origin"),
    [
        (TEN.format(build="17763"), WIN10_1809.name, "CurrentBuild"),
        ('InstallationType = sz "Server"', "server", "InstallationType"),
        ('[Microsoft\\SchedulingAgent]\nOldName = sz "OTHER"', "OTHER", "OldName"),
    ],
)
def test_each_difference_is_told_with_both_sides(lines: str, words: str, origin: str) -> None:
    (problem,) = compare_machines(software(lines), system())
    assert problem.code == "software-of-another-machine"
    assert words in problem.message
    assert origin in [ref.value for ref in problem.because if isinstance(ref, ValueRef)]
    assert {ref.hive for ref in problem.because if isinstance(ref, ValueRef | KeyRef)} == {"SOFTWARE", "notation"}


def test_an_empty_software_differs_in_nothing() -> None:
    assert compare_machines(read_software(MemoryHive("SOFTWARE", parse_notation("[x]").plain)), system()) == ()
    assert not is_other_windows(software(), system())

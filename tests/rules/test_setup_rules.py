r"""Setup, safe mode and the state of the boot: how severity follows from what is armed, known, new or missing."""

import pytest

from hivecheck.baselines.load import load_baseline
from hivecheck.facts.generation import GENERATIONS, Generation
from hivecheck.rules.boot_state import SELECT_MISMATCH, START_OPTIONS
from hivecheck.rules.dos_drives import MOUNTED_DEVICES_SWAP
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.safe_boot_lists import SAFEBOOT_REMOVED, SAFEBOOT_SERVICE_ADDED
from hivecheck.rules.safe_mode import ESSENTIAL, SAFEBOOT_ALTERNATE_SHELL, SHIPPED
from hivecheck.rules.setup_mode import SETUP_CMDLINE
from hivecheck.rules.system_rules import SETUP as RULES
from tests.rules.cases import case_of

SAFE_BOOT = r"ControlSet001\Control\SafeBoot"


def hits(rule: Rule, notation: str, generation: str = "win10-21h2-x64", without: tuple[str, ...] = ()) -> list[Hit]:
    return list(rule.check(case_of(Example("", notation, generation=generation, without=without))))


def added(name: str, path: str, time: str = "") -> list[Hit]:
    return hits(
        SAFEBOOT_SERVICE_ADDED,
        f"""
        [{SAFE_BOOT}\\Minimal\\{name}] {time}
        @ = sz "Service"
        [{SAFE_BOOT}\\Network\\{name}] {time}
        @ = sz "Service"
        [ControlSet001\\Services\\{name}]
        Type = dword 16
        Start = dword 2
        ImagePath = expand "{path}"
        """,
    )


@pytest.mark.parametrize(
    ("setup_type", "command", "more", "severity"),
    [
        (2, "cmd.exe", "", Severity.CRITICAL),
        (1, r"C:\Windows\System32\oobe\windeploy.exe", "OOBEInProgress = dword 1", Severity.INFO),
        (1, r"C:\Windows\System32\oobe\windeploy.exe", "", Severity.CRITICAL),
        (2, r"oobe\windeploy.exe", "SystemSetupInProgress = dword 1", Severity.INFO),
        (2, "setup -newsetup", "SystemSetupInProgress = dword 1", Severity.CRITICAL),
        (2, "winpeshl.exe", "SystemSetupInProgress = dword 1", Severity.CRITICAL),
        (4, r"oobe\windeploy.exe & cmd", "OOBEInProgress = dword 1", Severity.CRITICAL),
        (2, r"C:\MININT\osdsetuphook.exe", "SystemSetupInProgress = dword 1", Severity.MEDIUM),
        (0, r"C:\WINDOWS\System32\oobe\msoobe.exe /update", "", Severity.INFO),
        (0, "cmd.exe", "", Severity.MEDIUM),
    ],
)
def test_severity_of_the_setup_command(setup_type: int, command: str, more: str, severity: Severity) -> None:
    found = hits(SETUP_CMDLINE, f'[Setup]\nSetupType = dword {setup_type}\nCmdLine = sz "{command}"\n{more}')
    assert [hit.severity for hit in found if hit.subject == command] == [severity]


def test_one_finding_cites_both_lists_of_safe_mode() -> None:
    (hit,) = added("SyncAgent", r"C:\Program Files\Sync\agent.exe")
    assert hit.severity is Severity.MEDIUM
    assert len(hit.because) == 3
    assert "service syncagent" in hit.story


def test_entry_written_lately_is_high() -> None:
    (hit,) = added("SyncAgent", r"C:\Program Files\Sync\agent.exe", "2022-09-26T06:00:00Z")
    assert hit.severity is Severity.HIGH


def test_remote_tool_that_runs_from_a_profile_is_high() -> None:
    (hit,) = added("AnyDesk", r"C:\Users\Public\AnyDesk.exe --service")
    assert hit.severity is Severity.HIGH


def test_driver_is_found_by_the_name_of_its_file() -> None:
    (hit,) = hits(
        SAFEBOOT_SERVICE_ADDED,
        rf"""
        [{SAFE_BOOT}\Minimal\flt7.sys]
        @ = sz "Driver"
        [ControlSet001\Services\Filter7]
        Type = dword 1
        Start = dword 1
        ImagePath = expand "\??\C:\ProgramData\flt7.sys"
        """,
    )
    assert hit.severity is Severity.HIGH
    assert "service filter7" in hit.story


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda generation: generation.id)
def test_every_name_of_a_baseline_is_known_as_shipped(generation: Generation) -> None:
    baseline = load_baseline(generation, "AMD64")
    for mode in ("Minimal", "Network"):
        names = {name.casefold() for name in baseline.keys(f"Control\\SafeBoot\\{mode}")}
        assert names <= SHIPPED
        assert not names or ESSENTIAL.keys() <= names


def test_shell_of_safe_mode_is_critical_where_it_was_armed_lately() -> None:
    (hit,) = hits(
        SAFEBOOT_ALTERNATE_SHELL,
        rf"""
        [{SAFE_BOOT}] 2022-09-26T06:00:00Z
        AlternateShell = sz "enc.exe"
        [{SAFE_BOOT}\Option]
        UseAlternateShell = dword 1
        """,
    )
    assert hit.severity is Severity.CRITICAL


def test_name_that_safe_mode_cannot_do_without_is_told() -> None:
    (hit,) = hits(SAFEBOOT_REMOVED, "[ControlSet001]", without=(r"Control\SafeBoot\Network\RpcSs",))
    assert hit.severity is Severity.HIGH
    assert "RpcSs" in hit.message


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (" NOEXECUTE=OPTIN  TESTSIGNING  TESTSIGNING", ["TESTSIGNING"]),
        ("/noexecute=optin /debugport=com1 /sos", ["DEBUG", "SOS"]),
        (" LOADOPTIONS=DDISABLE_INTEGRITY_CHECKS", ["LOADOPTIONS=DDISABLE_INTEGRITY_CHECKS"]),
        (" SAFEBOOT:MINIMAL", ["SAFEBOOT"]),
        (" NODEBUG NOEXECUTE=ALWAYSOFF", []),
    ],
)
def test_options_of_the_last_boot(options: str, told: list[str]) -> None:
    found = hits(START_OPTIONS, f'[ControlSet001\\Control]\nSystemStartOptions = sz "{options}"')
    assert [hit.subject for hit in found] == told


def test_select_is_one_finding_whatever_disagrees() -> None:
    (hit,) = hits(SELECT_MISMATCH, "[Select]\nDefault = dword 2\nFailed = dword 1\nLastKnownGood = dword 9")
    assert "ControlSet002" in hit.message
    assert "ControlSet009" in hit.message
    assert len(hit.because) == 4


@pytest.mark.parametrize(
    "notation",
    [
        '[Setup]\nSetupType = sz "2"\nCmdLine = binary 01\nRespecializeCmdLine = multi "x"\nSetupExecute = binary 00',
        '[Setup]\nSetupType = dword 2\nCmdLine = sz "\\u{d800}"\nUnattendFile = dword 1',
        '[Setup]\nSetupType = dword 2\nCmdLine = sz """"',
        "[MountedDevices]\n\\DosDevices\\C: = binary\n\\DosDevices\\ = dword 1\nx = none",
        '[ControlSet001\\Control\\SafeBoot]\nAlternateShell = sz "\\u{dc00} \\u{0}"',
        "[ControlSet001\\Control\\SafeBoot\\Minimal\\\\u{d800}]\n@ = dword 1",
        '[ControlSet001\\Control\\BootVerificationProgram]\nImagePath = sz """"',
    ],
)
def test_hostile_data_is_no_error(notation: str) -> None:
    for rule in RULES:
        assert all(hit.because for hit in hits(rule, notation))


def test_two_empty_devices_are_not_the_same_volume() -> None:
    notation = "[MountedDevices]\n\\DosDevices\\D: = binary 00\n\\DosDevices\\E: = binary 00"
    assert hits(MOUNTED_DEVICES_SWAP, notation) == []

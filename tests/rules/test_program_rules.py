r"""The programs smss runs itself: how severity and confidence follow from names, vendors, times and generations."""

import pytest

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.autochk import BOOTEXEC_AUTOCHK_ARGS, BOOTEXEC_EMPTIED
from hivecheck.rules.boot_execute import BOOTEXEC_EXTRA, BOOTEXEC_NOPNPSYNC, PLATFORM_EXECUTE_RULE
from hivecheck.rules.examples.example import Example
from hivecheck.rules.native_names import NATIVE_NAME_COLLISION
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.setup_execute import SETUP_EXECUTE_RULE
from hivecheck.rules.system_rules import PROGRAMS as RULES
from tests.rules.cases import case_of

SM = r"[ControlSet001\Control\Session Manager]"
POQEXEC = r"C:\Windows\System32\poqexec.exe /display_progress \SystemRoot\WinSxS\pending.xml"


def hits(rule: Rule, notation: str, generation: str = "win10-21h2-x64", without: tuple[str, ...] = ()) -> list[Hit]:
    return list(rule.check(case_of(Example("", notation, generation=generation, without=without))))


def boot_execute(*lines: str, more: str = "", generation: str = "win10-21h2-x64") -> list[Hit]:
    quoted = " ".join('"' + line.replace('"', '""') + '"' for line in lines)
    return hits(BOOTEXEC_EXTRA, f"{SM}\nBootExecute = multi {quoted}\n{more}", generation)


def service(name: str, path: str = r"C:\Program Files\Vendor\a.exe") -> str:
    return f'[ControlSet001\\Services\\{name}]\nType = dword 16\nStart = dword 2\nImagePath = expand "{path}"\n'


@pytest.mark.parametrize("name", ["autochk2", "autoche", "autochk2.exe", "AUT0CHK", "autofmt1", "autocnv"])
def test_name_a_letter_or_two_from_a_check_of_windows_is_critical(name: str) -> None:
    (hit,) = boot_execute("autocheck autochk *", f"autocheck {name} *")
    assert (hit.severity, hit.confidence) == (Severity.CRITICAL, Confidence.HIGH)


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("autocheck autoconv \\DosDevices\\D: /FS:NTFS", Severity.INFO),
        ("BEB", Severity.CRITICAL),
        ("kvc_smss.exe", Severity.CRITICAL),
        ("helper", Severity.HIGH),
        ("debug helper", Severity.CRITICAL),
        (r"\??\C:\Temp\autochk.exe *", Severity.CRITICAL),
        ("h\u0435lper", Severity.CRITICAL),
        ("sdnclean64.exe", Severity.MEDIUM),
        ("ausbtdfg", Severity.MEDIUM),
        ("sprestrt", Severity.MEDIUM),
        (r"sdnclean64.exe C:\Users\Public\list.txt", Severity.HIGH),
    ],
)
def test_severity_of_a_program_in_boot_execute(line: str, severity: Severity) -> None:
    (hit,) = boot_execute("autocheck autochk *", line)
    assert hit.severity is severity


def test_known_product_is_info_while_its_service_is_in_the_hive() -> None:
    (hit,) = boot_execute("sdnclean64.exe", more=service("SDUpdateService"))
    assert hit.severity is Severity.INFO
    (hit,) = boot_execute(r"sdnclean64.exe C:\Users\Public\list.txt", more=service("SDUpdateService"))
    assert hit.severity is Severity.MEDIUM


def test_text_mode_setup_is_info_while_setup_is_in_progress() -> None:
    (hit,) = boot_execute(
        "autocheck autochk *", "sprestrt", more="[Setup]\nSystemSetupInProgress = dword 1", generation="xp-x64"
    )
    assert hit.severity is Severity.INFO


def test_unknown_name_in_a_key_written_lately_is_critical() -> None:
    new = "[ControlSet001\\Control\\Session Manager] 2022-09-26T06:00:00Z"
    (hit,) = hits(BOOTEXEC_EXTRA, f'{new}\nBootExecute = multi "autocheck autochk *" "ntsvcfg"')
    assert hit.severity is Severity.CRITICAL


def test_program_before_autochk_is_said_to_run_before_it() -> None:
    (hit,) = boot_execute("ntsvcfg", "autocheck autochk *")
    assert "before autochk" in hit.message
    assert hit.events, "the event of the boot that starts it"
    assert hit.story == (r"file c:\windows\system32\ntsvcfg.exe",)


def test_list_without_autochk_is_told_once_where_another_program_stands_in_its_place() -> None:
    assert hits(BOOTEXEC_EMPTIED, f'{SM}\nBootExecute = multi "autocheck autoche *"') == []
    (hit,) = hits(BOOTEXEC_EMPTIED, f'{SM}\nBootExecute = multi "PDBoot"\n{service("PDAgent")}')
    assert hit.severity is Severity.LOW


def test_value_of_a_type_that_smss_cannot_use_runs_no_autochk() -> None:
    (hit,) = hits(BOOTEXEC_EMPTIED, f"{SM}\nBootExecute = dword 1")
    assert hit.severity is Severity.LOW


def test_server_line_on_a_workstation_is_info() -> None:
    (hit,) = hits(BOOTEXEC_AUTOCHK_ARGS, f'{SM}\nBootExecute = multi "autocheck autochk /q /v *"')
    assert hit.severity is Severity.INFO


@pytest.mark.parametrize(
    ("rule", "value"), [(BOOTEXEC_NOPNPSYNC, "BootExecuteNoPnpSync"), (PLATFORM_EXECUTE_RULE, "PlatformExecute")]
)
def test_list_that_this_windows_does_not_read_is_medium(rule: Rule, value: str) -> None:
    (hit,) = hits(rule, f'{SM}\n{value} = multi "x"', "win2000-x86")
    assert hit.severity is Severity.MEDIUM
    assert "does not read" in hit.message


def test_pending_updates_that_outlived_a_boot_are_medium() -> None:
    old = r"[ControlSet001\Control\Session Manager] 2022-01-01T00:00:00Z"
    (hit,) = hits(SETUP_EXECUTE_RULE, f'{old}\nSetupExecute = multi "{POQEXEC}"')
    assert hit.severity is Severity.MEDIUM
    starting = "[ControlSet001\\Services\\TrustedInstaller]\nStart = dword 2"
    (hit,) = hits(SETUP_EXECUTE_RULE, f'{old}\nSetupExecute = multi "{POQEXEC}"\n{starting}')
    assert hit.severity is Severity.INFO


@pytest.mark.parametrize("line", [POQEXEC.replace("System32", "Temp"), POQEXEC + " x", "poqexec.exe", r"C:\x\setupcl.exe"])
def test_what_only_looks_like_servicing_is_critical(line: str) -> None:
    (hit,) = hits(SETUP_EXECUTE_RULE, f'{SM}\nSetupExecute = multi "{line}"')
    assert hit.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    "image", ["autochk.exe", "early", r"\SystemRoot\System32\early.exe", r"\??\C:\Windows\system32\early.exe"]
)
def test_native_program_in_system32_borrows_no_name(image: str) -> None:
    assert hits(NATIVE_NAME_COLLISION, f'{SM}\nBootExecute = multi "{image}"') == []


@pytest.mark.parametrize(
    "notation",
    [
        f'{SM}\nBootExecute = binary 01 02 03\nS0InitialCommand = dword 7\nBootShell = dword 1\nGlobalFlag = sz "4"',
        f'{SM}\nBootExecute = multi "\\u{{d800}} \\u{{1}}" ""\nExecute = sz "\\u{{dfff}}"\nBootShell = sz "\\u{{d800}}"',
        f'{SM}\nSetupExecute = multi "\\\\" "." ".." "/" "autocheck" "debug async"\nRunLevelExecute = dword 0',
    ],
)
def test_hostile_data_is_no_error(notation: str) -> None:
    for rule in RULES:
        assert all(hit.because for hit in hits(rule, notation))


def test_hive_without_a_control_set_gives_nothing() -> None:
    for rule in RULES:
        assert hits(rule, "[Select]\nDefault = dword 9") == [], rule.id

r"""Sensors that are set up and do not start: by their start type, a mark, their account, or with Windows being set up."""

import pytest

from hivecheck.rules.disabled_sensors import check_disabled, shipped_start
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.sensor_altitudes import check_own_altitudes
from hivecheck.rules.sensor_starts import starts_with_windows, why_not_started
from hivecheck.rules.service_defence import check_protection
from hivecheck.rules.service_depends import SVC_DEPEND_TAMPER
from tests.rules.cases import case_of

SERVICES = "ControlSet001\\Services"
HIGH, CRITICAL, MEDIUM, INFO = Severity.HIGH, Severity.CRITICAL, Severity.MEDIUM, Severity.INFO


def service(name: str, kind: int, values: str, image: str = r"%SystemRoot%\System32\a.exe") -> str:
    return f'[{SERVICES}\\{name}]\nType = dword {kind}\nImagePath = expand "{image}"\n{values}\n'


def starts(kind: int, values: str) -> tuple[bool, str]:
    """Whether it is in the plan of a boot, and what keeps it from starting."""
    found = case_of(Example("", service("one", kind, values))).lists.services.named("one")
    assert found is not None
    stopped = why_not_started(found)
    return starts_with_windows(found), stopped.text if stopped is not None else ""


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        (16, "Start = dword 4", "is disabled"),
        (16, "Start = dword 5", "has the start type 0x5"),
        (1, "Start = dword 255", "has the start type 0xff"),
        (2, "Start = dword 4294967295", "has the start type 0xffffffff"),
        (16, 'Start = sz "2"', "no REG_DWORD of 4 bytes (REG_SZ)"),
        (1, "Start = binary 02 00 00 00", "no REG_DWORD of 4 bytes (REG_BINARY)"),
        (16, "Start = dword hex: 02 00 00 00 00 00 00 00", "no REG_DWORD of 4 bytes (REG_DWORD of 8 bytes)"),
        (16, "", "has no Start"),
        (16, "Start = dword 0", "drivers and no program"),
        (32, "Start = dword 1", "drivers and no program"),
        (16, "Start = dword 2\nDeleteFlag = dword 1", "marked as deleted"),
        (1, "Start = dword 0\nDeleteFlag = dword 1", "marked as deleted"),
    ],
)
def test_what_windows_does_not_start_is_told(kind: int, values: str, told: str) -> None:
    planned, why = starts(kind, values)
    assert not planned
    assert told in why


@pytest.mark.parametrize(
    ("kind", "values", "planned"),
    [
        (16, "Start = dword 2", True),
        (16, "Start = dword 3", False),
        (1, "Start = dword 0", True),
        (2, "Start = dword 1", True),
        (16, "Start = dword 2\nDeleteFlag = dword 0", True),
    ],
)
def test_what_windows_starts_is_let_pass(kind: int, values: str, planned: bool) -> None:
    assert starts(kind, values) == (planned, "")


def disabled(notation: str) -> dict[str, Hit]:
    return {hit.subject: hit for hit in check_disabled(case_of(Example("", notation)))}


CS = r"C:\Program Files\CrowdStrike\CSFalconService.exe"


@pytest.mark.parametrize(("start", "severity"), [(2, None), (3, HIGH), (4, CRITICAL), (5, CRITICAL), (0, CRITICAL)])
def test_a_vendors_program_is_graver_the_less_it_starts(start: int, severity: Severity | None) -> None:
    found = disabled(service("CSFalconService", 16, f"Start = dword {start}", CS))
    assert {name: hit.severity for name, hit in found.items()} == ({"CSFalconService": severity} if severity else {})


def test_helpers_that_ship_on_demand_are_not_in_the_table() -> None:
    assert shipped_start("WdNisDrv") is None
    assert shipped_start("mfefirek") is None
    found = shipped_start("CSAgent")
    assert found is not None
    assert found.start == 1


def test_a_product_of_which_all_is_marked_as_deleted_is_less_sure() -> None:
    marked = service("CSFalconService", 16, "Start = dword 2\nDeleteFlag = dword 1", CS)
    kept = service("CSAgent", 2, "Start = dword 1", r"system32\drivers\CrowdStrike\csagent.sys")
    alone, beside = disabled(marked)["CSFalconService"], disabled(marked + kept)["CSFalconService"]
    assert alone.severity is HIGH
    assert beside.severity is HIGH
    assert "as after an uninstall" in alone.message
    assert "loses this part" in beside.message


def test_a_driver_or_safe_mode_is_the_second_trace_of_another_scanner() -> None:
    off = f"[{SERVICES}\\WinDefend]\nStart = dword 4\n"
    program = service("ekrn", 16, "Start = dword 2", r"C:\Program Files\ESET\ESET Security\ekrn.exe")
    driver = service("eamonm", 2, "Start = dword 1", r"system32\drivers\eamonm.sys")
    stopped = service("eamonm", 2, "Start = dword 5", r"system32\drivers\eamonm.sys")
    listed = '[ControlSet001\\Control\\SafeBoot\\Minimal\\ekrn]\n@ = sz "Service"\n'
    for notation, severity in (
        (off, HIGH),
        (off + program, MEDIUM),
        (off + driver, HIGH),
        (off + program + stopped, MEDIUM),
        (off + program + driver, INFO),
        (off + program + listed, INFO),
        (off + program.replace("Start = dword 2", "Start = dword 5") + driver, HIGH),
    ):
        assert disabled(notation)["WinDefend"].severity is severity, notation


@pytest.mark.parametrize(("group", "severity"), [("FSFilter Anti-Virus", HIGH), ("FSFilter Activity Monitor", MEDIUM)])
def test_a_disabled_sensor_of_no_known_vendor_is_told_by_its_group(group: str, severity: Severity) -> None:
    driver = service("acmeflt", 2, f'Start = dword 4\nGroup = sz "{group}"', r"system32\drivers\acmeflt.sys")
    assert {name: hit.severity for name, hit in disabled(driver).items()} == {"acmeflt": severity}
    assert disabled(driver.replace("dword 4", "dword 0")) == {}
    assert disabled(driver.replace("acmeflt", "PROCMON24")) == {}


def test_a_program_protected_as_antimalware_is_told_by_that() -> None:
    program = service("AcmeSensor", 16, "Start = dword 4\nLaunchProtected = dword 3", r"C:\Program Files\Acme\s.exe")
    assert {name: hit.severity for name, hit in disabled(program).items()} == {"AcmeSensor": HIGH}
    assert disabled(program.replace("LaunchProtected = dword 3", "LaunchProtected = dword 2")) == {}


def protection(notation: str, software: str = "") -> dict[str, str]:
    case = case_of(Example("", notation, software=software))
    return {hit.subject: hit.message for hit in check_protection(case)}


def test_software_tells_whether_svchost_would_take_the_event_log_elsewhere() -> None:
    moved = f'[{SERVICES}\\EventLog]\nImagePath = expand "%SystemRoot%\\System32\\svchost.exe -k other"\n'
    head = "[Microsoft\\Windows NT\\CurrentVersion\\Svchost]\n"
    for software, told in (
        ("", "the group other of svchost ("),
        (head + 'netsvcs = multi "BITS"', "which SOFTWARE does not know"),
        (head + 'other = multi "BITS"', "of which SOFTWARE says nothing of it"),
        (head + 'other = multi "EventLog"', "which SOFTWARE lists it in"),
    ):
        assert told in protection(moved, software)["EventLog ImagePath"]


@pytest.mark.parametrize("account", ["", "LocalSystem", "NT AUTHORITY\\NetworkService", ".\\nobody", "CORP\\admin"])
def test_the_event_log_runs_as_no_other_account(account: str) -> None:
    assert "EventLog ObjectName" in protection(f'[{SERVICES}\\EventLog]\nObjectName = sz "{account}"\n')


@pytest.mark.parametrize("account", ["NT AUTHORITY\\LocalService", "nt authority\\Local Service"])
def test_the_event_logs_own_account_may_be_spelled_otherwise(account: str) -> None:
    assert protection(f'[{SERVICES}\\EventLog]\nObjectName = sz "{account}"\n') == {}


@pytest.mark.parametrize("flags", [0, 1, 2, 3])
def test_only_flags_that_keep_an_instance_from_being_attached_by_itself_count(flags: int) -> None:
    where = f"[{SERVICES}\\WdFilter\\Instances"
    notation = f'{where}]\nDefaultInstance = sz "a"\n{where}\\a]\nAltitude = sz "328010"\nFlags = dword {flags}\n'
    found = [hit.message for hit in check_own_altitudes(case_of(Example("", notation)))]
    assert len(found) == (flags & 1), found


def test_instances_below_parameters_count_as_well() -> None:
    others = "".join(f'[{SERVICES}\\f{number}\\Instances]\nDefaultInstance = sz "a"\n' for number in range(6))
    where = f"[{SERVICES}\\WdFilter\\Parameters\\Instances"
    there = f'{where}]\nDefaultInstance = sz "a"\n{where}\\a]\nAltitude = sz "328010"\n'
    gone = [hit.message for hit in check_own_altitudes(case_of(Example("", others)))]
    assert len(gone) == 1
    assert "WdFilter of Microsoft Defender has no key Instances" in gone[0]
    assert list(check_own_altitudes(case_of(Example("", others + there)))) == []


def waiting(notation: str, software: str = "") -> list[Hit]:
    return list(SVC_DEPEND_TAMPER.check(case_of(Example("", notation, software=software))))


def depends(name: str, *on: str) -> str:
    listed = " ".join(f'"{one}"' for one in on)
    return f"[{SERVICES}\\{name}]\nDependOnService = multi {listed}\n"


def test_one_root_makes_one_finding_with_the_number_of_those_that_wait() -> None:
    link = service("link", 16, "Start = dword 3") + depends("link", "RpcSs")
    notation = f"[{SERVICES}\\RpcSs]\nStart = dword 4\n" + link + depends("EventLog", "link") + depends("WinDefend", "RpcSs")
    found = waiting(notation)
    assert [hit.subject for hit in found] == ["RpcSs"]
    assert found[0].message.startswith("3 services that watch or protect the machine (EventLog, WinDefend, Winmgmt)")
    alone = waiting(notation.replace('"RpcSs"\n', '"RpcSs" "gone"\n') + depends("wscsvc", "RpcSs"))
    assert [hit.subject for hit in alone] == ["RpcSs", "WinDefend"], "what only one waits for is told of that one"


def test_setup_in_progress_is_no_tampering() -> None:
    setup = "[Setup]\nSystemSetupInProgress = dword 1\n"
    engine = service("BFE", 16, "Start = dword 2\nErrorControl = dword 1")
    held = waiting(setup + engine + depends("WinDefend", "BFE"))
    assert {hit.severity for hit in held} == {INFO}
    touched = waiting(setup + engine + depends("WinDefend", "BFE", "gone"))
    assert [hit.subject for hit in touched if hit.severity is None] == ["WinDefend"]

r"""How severe it is that a file or folder of a security product goes at boot: what is left of the product decides."""

import pytest

from hivecheck.rules import renames
from hivecheck.rules.examples.example import Example
from hivecheck.rules.judge import judge
from hivecheck.rules.rule import Severity
from hivecheck.rules.system_rules import SEQUENCES
from tests.rules.cases import case_of

DEFENDER = r"C:\ProgramData\Microsoft\Windows Defender"
RUNS = rf"""
[ControlSet001\Services\WinDefend]
ImagePath = expand "\u{{22}}{DEFENDER}\Platform\4.18.2001.7-0\MsMpEng.exe\u{{22}}"
[ControlSet001\Services\MpKsl01]
Type = dword 1
Start = dword 1
ImagePath = sz "\??\{DEFENDER}\Definition Updates\{{00000000-0000-0000-0000-00000000000A}}\MpKsl01.sys"
"""


def severity_of(source: str, target: str = "", more: str = RUNS) -> Severity:
    """That of the one finding of pfro-sec-product, which cites the row."""
    to = rf"\??\{target}" if target else ""
    row = rf'PendingFileRenameOperations = multi "\??\{source}" "{to}"'
    case = case_of(Example("", f"[ControlSet001\\Control\\Session Manager]\n{row}\n{more}"))
    found = [finding for finding in judge(case, renames.RULES).findings if finding.rule.id == "pfro-sec-product"]
    assert len(found) == 1
    assert [getattr(origin, "text", "") for origin in found[0].because] == [rf"\??\{source}"]
    return found[0].severity


WHOLE = (
    (r"C:\Program Files\Windows Defender", r"C:\Program Files\wd_bak"),
    (DEFENDER, DEFENDER + "_bak"),
    (DEFENDER, ""),
    (rf"{DEFENDER}\Platform", rf"{DEFENDER}\Platform_bak"),
    (rf"{DEFENDER}\Definition Updates", ""),
    (rf"{DEFENDER}\Platform\4.18.2001.7-0", rf"{DEFENDER}\Platform\old"),
)


@pytest.mark.parametrize(("source", "target"), WHOLE)
def test_a_whole_folder_of_defender_is_critical(source: str, target: str) -> None:
    assert severity_of(source, target) is Severity.CRITICAL


SERVICING = (
    r"Platform\4.18.1911.3-0", r"Platform\4.18.1911.3-0\MsMpEng.exe", r"Platform\4.18.1911.3-0\Drivers\WdFilter.sys",
    r"Platform\4.9.10586.0-0\MpClient.dll",
    r"Definition Updates\{D04C61E7-0810-4ADB-8675-B55F469E20CF}",
    r"Definition Updates\{D04C61E7-0810-4ADB-8675-B55F469E20CF}\mpengine.dll",
    r"Definition Updates\{D04C61E7-0810-4ADB-8675-B55F469E20CF}\MpKsl9.sys",
)  # fmt: skip


@pytest.mark.parametrize("below", SERVICING)
def test_what_updates_of_defender_delete_is_low(below: str) -> None:
    assert severity_of(rf"{DEFENDER}\{below}") is Severity.LOW


NOT_SERVICING = (
    r"Platform\4.18.2001.7-0\MsMpEng.exe", r"Platform\4.18.2101.9-0\MsMpEng.exe",
    r"Definition Updates\{00000000-0000-0000-0000-00000000000A}\MpKsl01.sys",
)  # fmt: skip


@pytest.mark.parametrize("below", NOT_SERVICING)
def test_what_runs_or_is_newer_is_no_servicing(below: str) -> None:
    assert severity_of(rf"{DEFENDER}\{below}") is Severity.CRITICAL


def test_an_older_platform_is_no_servicing_where_no_service_runs_a_newer_one() -> None:
    assert severity_of(rf"{DEFENDER}\Platform\4.18.1911.3-0\MsMpEng.exe", more="") is Severity.CRITICAL


def test_a_whole_platform_that_nothing_runs_from_is_low() -> None:
    assert severity_of(rf"{DEFENDER}\Platform\4.18.1-0", more="") is Severity.LOW


def test_a_platform_where_defender_has_no_service_is_no_servicing() -> None:
    gone = '[ControlSet001\\Services\\WinDefend]\nImagePath = sz ""'
    assert severity_of(rf"{DEFENDER}\Platform\4.18.1-0", more=gone) > Severity.LOW


def test_an_older_platform_that_is_moved_elsewhere_is_no_servicing() -> None:
    assert severity_of(rf"{DEFENDER}\Platform\4.18.1911.3-0\MsMpEng.exe", r"C:\Users\Public\a") is Severity.CRITICAL


NO_SERVICE_LEFT = (
    (r"C:\Program Files\CrowdStrike", Severity.HIGH),
    (r"C:\Program Files\CrowdStrike\CSFalconService.exe", Severity.HIGH),
    (r"C:\Windows\System32\drivers\CrowdStrike\csagent.sys", Severity.HIGH),
    (r"C:\Program Files\CrowdStrike\shell.dll", Severity.MEDIUM),
    (r"C:\Program Files\CrowdStrike\readme.txt", Severity.LOW),
    (r"C:\Program Files\CrowdStrike\a.sys.tmp", Severity.LOW),
)


@pytest.mark.parametrize(("path", "severity"), NO_SERVICE_LEFT)
def test_programs_of_a_product_without_services_are_high_and_leftovers_are_not(path: str, severity: Severity) -> None:
    assert severity_of(path) is severity


def test_a_service_marked_for_deletion_softens_nothing() -> None:
    service = r"""
[ControlSet001\Services\CSAgent]
Type = dword 2
Start = dword 1
DeleteFlag = dword 1
ImagePath = expand "\SystemRoot\System32\drivers\CrowdStrike\csagent.sys"
"""
    assert severity_of(r"C:\Windows\System32\drivers\CrowdStrike\csagent.sys", more=service) is Severity.CRITICAL


DRIVERS = r"C:\Windows\System32\drivers"
DRIVER = r"""
[ControlSet001\Services\aswSP]
Type = dword 1
Start = dword {start}
ImagePath = expand "system32\drivers\aswSP.sys"
"""
ENGINE = r"""
[ControlSet001\Services\avast! Antivirus]
Type = dword 16
Start = dword 2
ImagePath = expand "\u{22}C:\Program Files\AVAST Software\Avast\AvastSvc.exe\u{22}"
"""


def worst_of_rows(rows: str, more: str) -> Severity:
    """The severest finding of all rules about rename lists."""
    case = case_of(
        Example("", f"[ControlSet001\\Control\\Session Manager]\nPendingFileRenameOperations = multi {rows}\n{more}")
    )
    return max(finding.severity for finding in judge(case, (*renames.RULES, *SEQUENCES)).findings)


OWN_DRIVERS = (
    ("aswSP.sys.tmp", ENGINE, Severity.LOW),
    ("aswSP.sys.new", ENGINE, Severity.LOW),
    ("aswSP.sys.old", ENGINE, Severity.LOW),
    ("asw1234.tmp", ENGINE, Severity.LOW),
    ("aswSP.sys.tmp", "", Severity.MEDIUM),
    ("asw1234.tmp", "", Severity.MEDIUM),
    ("aswSP.sys.txt", ENGINE, Severity.CRITICAL),
    ("asw1234.sys", ENGINE, Severity.CRITICAL),
    ("aswSnx.sys", ENGINE, Severity.CRITICAL),
    ("mfe1234.tmp", ENGINE, Severity.CRITICAL),
    ("x.tmp", ENGINE, Severity.CRITICAL),
    (r"x\aswSP.sys.tmp", ENGINE, Severity.CRITICAL),
    (r"..\aswSP.sys.tmp", ENGINE, Severity.CRITICAL),
)


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize(("source", "more", "severity"), OWN_DRIVERS)
def test_own_update_of_a_driver_is_told_by_its_name_beside_the_old_one(
    source: str, more: str, severity: Severity, start: int
) -> None:
    row = rf'"\??\{DRIVERS}\{source}" "!\??\{DRIVERS}\aswSP.sys"'
    assert worst_of_rows(row, DRIVER.format(start=start) + more) is severity


def test_own_update_of_a_driver_that_starts_on_demand_is_low() -> None:
    row = rf'"\??\{DRIVERS}\aswSP.sys.tmp" "!\??\{DRIVERS}\aswSP.sys"'
    assert worst_of_rows(row, DRIVER.format(start=3) + ENGINE) is Severity.LOW


def test_driver_that_an_earlier_row_brings_under_a_name_of_the_product_is_critical() -> None:
    rows = (
        rf'"\??\C:\Users\Public\x" "\??\{DRIVERS}\aswSP.sys.tmp" '
        rf'"\??\{DRIVERS}\aswSP.sys.tmp" "!\??\{DRIVERS}\aswSP.sys"'
    )
    assert worst_of_rows(rows, DRIVER.format(start=0) + ENGINE) is Severity.CRITICAL


def test_name_of_a_product_does_not_soften_a_driver_of_windows() -> None:
    defender = '[ControlSet001\\Services\\WdFilter]\nStart = dword 0\nImagePath = expand "system32\\drivers\\WdFilter.sys"'
    for target in ("tcpip.sys", "WdFilter.sys"):
        row = rf'"\??\{DRIVERS}\{target}.tmp" "!\??\{DRIVERS}\{target}"'
        assert worst_of_rows(row, DRIVER.format(start=0) + ENGINE + defender) is Severity.CRITICAL


SEP = r"C:\Program Files (x86)\Symantec\Symantec Endpoint Protection"
SEP_RUNS = rf"""
[ControlSet001\Services\SepMasterService]
Type = dword 16
Start = dword {{start}}
ImagePath = expand "\u{{{{22}}}}{SEP}\14.2.1.1\Bin\ccSvcHst.exe\u{{{{22}}}} /s"
"""
VERSIONS = (
    (r"14.0.1.1\Bin\ccSvcHst.exe", 2, Severity.LOW),
    (r"14.0.1.1", 2, Severity.LOW),
    (r"9.10.1\Bin\ccSvcHst.exe", 2, Severity.LOW),
    (r"14.2.1.1\Bin\ccSvcHst.exe", 2, Severity.CRITICAL),
    (r"14.2.1.1\Bin", 2, Severity.CRITICAL),
    (r"14.2.1.1", 2, Severity.CRITICAL),
    (r"14.10.1.1\Bin\ccSvcHst.exe", 2, Severity.HIGH),
    (r"14\Bin\ccSvcHst.exe", 2, Severity.HIGH),
    (r"old\14.0.1.1\Bin\ccSvcHst.exe", 2, Severity.HIGH),
    (r"Bin\ccSvcHst.exe", 2, Severity.HIGH),
    (r"14.0.1.1\Bin\ccSvcHst.exe", 4, Severity.HIGH),
)


@pytest.mark.parametrize(("below", "start", "severity"), VERSIONS)
def test_older_version_than_the_service_runs_is_deleted_by_updates(below: str, start: int, severity: Severity) -> None:
    assert severity_of(rf"{SEP}\{below}", more=SEP_RUNS.format(start=start)) is severity


def test_older_version_that_another_service_runs_is_no_leftover() -> None:
    other = "[ControlSet001\\Services\\other]\nType = dword 16\nStart = dword 2\n"
    more = SEP_RUNS.format(start=2) + other + rf'ImagePath = sz "{SEP}\14.0.1.1\other.exe"'
    assert severity_of(rf"{SEP}\14.0.1.1\other.exe", more=more) is Severity.CRITICAL
    assert severity_of(rf"{SEP}\14.0.1.1\Bin\ccSvcHst.exe", more=more) is Severity.HIGH

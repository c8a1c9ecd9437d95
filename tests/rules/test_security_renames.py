r"""How severe it is that a file or folder of a security product goes at boot: what is left of the product decides."""

import pytest

from hivecheck.rules import renames
from hivecheck.rules.examples.example import Example
from hivecheck.rules.judge import judge
from hivecheck.rules.rule import Severity
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

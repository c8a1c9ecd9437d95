"""Services and drivers whose name is known and whose program is not, names that prove nothing, and chains that never start."""

from pathlib import Path

import pytest

from hivecheck.facts.origin import ValueRef
from hivecheck.registry.regf import open_hive
from hivecheck.rules.catalog import rule_named
from hivecheck.rules.examples.example import Example
from hivecheck.rules.lost_values import check_lost_values, check_no_csrss
from hivecheck.rules.paths import comparable
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.security_products import vendor_of_path
from tests.rules.cases import HIVES, case_of, case_of_hive

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
OFF = "[ControlSet001\\Services\\WinDefend]\nStart = dword 4\n"


def hits(id: str, notation: str, generation: str = "win10-21h2-x64") -> list[Hit]:
    return list(rule_named(id).check(case_of(Example("", notation, generation=generation))))


def service(name: str, image: str, kind: int = 16, start: int = 2, more: str = "") -> str:
    return (
        f"[ControlSet001\\Services\\{name}]\nType = dword {kind}\nStart = dword {start}\n"
        f'ImagePath = expand "{image}"\n{more}\n'
    )


def worst(found: list[Hit], id: str) -> Severity | None:
    return max((hit.severity or rule_named(id).severity for hit in found), default=None, key=lambda one: one.rank)


ALONE = (
    service("mbamfake", r"C:\Windows\System32\x.exe"),
    service("mfex", r"C:\nonexist\x.exe"),
    service("ekrn", r"C:\Windows\System32\ekrn.exe"),
    service("splunkforwarder", r"\u{22}C:\Program Files\SplunkUniversalForwarder\bin\splunkd.exe\u{22}"),
    service("McShield", r"C:\Users\Public\McAfee\mcshield.exe"),
    "[ControlSet001\\Services\\aswfake]\nType = dword 16\nStart = dword 2\n",
    "[ControlSet001\\Services\\MsMpSvc]\nType = dword 16\nStart = dword 2\n",
)


@pytest.mark.parametrize("fake", ALONE)
def test_a_lone_name_does_not_excuse_a_disabled_defender(fake: str) -> None:
    told = [hit for hit in hits("svc-disabled-defence", OFF + fake) if hit.subject == "WinDefend"]
    assert [hit.severity for hit in told] == [HIGH]


def test_a_program_beside_a_driver_of_the_same_product_excuses_it() -> None:
    two = service("ekrn", r"C:\Windows\System32\ekrn.exe") + service("ehdrv", r"system32\drivers\ehdrv.sys", 1, 1)
    told = [hit for hit in hits("svc-disabled-defence", OFF + two) if hit.subject == "WinDefend"]
    assert [hit.severity for hit in told] == [Severity.INFO]


@pytest.mark.parametrize(
    ("path", "vendor"),
    [
        (r"C:\Program Files\Calc\avgcalc.sys", ""),
        (r"C:\Tools\mfe.sys", ""),
        (r"C:\Windows\System32\drivers\mfehidk.sys", "McAfee / Trellix"),
        (r"C:\Windows\ELAMBKUP\mfeelamk.sys", "McAfee / Trellix"),
        (r"C:\Program Files\McAfee\a.sys", "McAfee / Trellix"),
        (r"C:\Tools\csagent.sys", "CrowdStrike"),
    ],
)
def test_the_beginning_of_a_name_counts_in_the_folders_of_drivers_alone(path: str, vendor: str) -> None:
    assert vendor_of_path(comparable(path)) == vendor


def test_an_early_driver_is_not_a_vendors_by_its_name_alone() -> None:
    kit = service("mbamkit", r"system32\drivers\mbamkit.sys", 1, 0, 'Group = sz "Early-Launch"')
    assert [hit.subject for hit in hits("scm-group-order", kit)] == ["mbamkit"]
    known = service("mfeelamk", r"system32\drivers\mfeelamk.sys", 1, 0, 'Group = sz "Early-Launch"')
    assert hits("scm-group-order", known + service("mfehidk", r"system32\drivers\mfehidk.sys", 1, 0)) == []


@pytest.mark.parametrize(
    ("name", "image", "generation", "severity"),
    [
        ("Schedule", r"%SystemRoot%\System32\x.exe", "win10-21h2-x64", CRITICAL),
        ("Spooler", r"C:\Windows\System32\spo0lsv.exe", "win7-x64", CRITICAL),
        ("VSS", r"C:\Windows\vssvc.exe", "win10-21h2-x64", CRITICAL),
        ("Schedule", r"%SystemRoot%\System32\x.exe", "win11-22h2-x64", MEDIUM),
        ("Schedule", r"C:\Tools\x.exe", "win11-22h2-x64", CRITICAL),
        ("EventLog", r"%SystemRoot%\system32\services.exe", "win10-21h2-x64", CRITICAL),
        ("EventLog", r"%SystemRoot%\system32\services.exe", "xp-x86", None),
        ("Netlogon", r"%systemroot%\system32\lsass.exe", "win10-21h2-x64", None),
        ("wmiApSrv", r"%systemroot%\system32\wbem\WmiApSrv.exe", "win10-21h2-x64", None),
        ("SecurityHealthService", r"C:\Windows\System32\SecurityHealth\1.0\SecurityHealthService.exe", "win11-22h2-x64", None),
    ],
)  # fmt: skip
def test_a_service_of_windows_runs_what_windows_gave_it(
    name: str, image: str, generation: str, severity: Severity | None
) -> None:
    told = [hit for hit in hits("svc-servicedll", service(name, image), generation) if hit.subject == name]
    assert worst(told, "svc-servicedll") is severity


def test_a_driver_of_windows_is_its_own_file() -> None:
    swapped = hits("svc-driver-odd-location", service("disk", r"System32\drivers\dsk.sys", 1, 0))
    assert [(hit.subject, hit.severity) for hit in swapped] == [("disk", CRITICAL)]
    assert hits("svc-driver-odd-location", service("disk", r"\SystemRoot\System32\DRIVERS\disk.sys", 1, 0)) == []


@pytest.mark.parametrize(
    ("image", "severity"),
    [
        (r"\??\UNC\10.0.0.1\s\a.exe", HIGH),
        (r"\Device\Mup\10.0.0.1\s\a.exe", HIGH),
        (r"C:\Windows\a.bat", HIGH),
        (r"C:\Windows\a.service", MEDIUM),
        (r"\evil\a.exe", MEDIUM),
        (r"\SystemRoot\System32\a.exe", None),
        (r"C:\Windows\System32\a.exe -log ab:c. \x", None),
        (r"\u{22}C:\Program Files\A B\a.exe\u{22} \u{22}C:\x \y\u{22}", None),
    ],
)
def test_odd_places_of_programs(image: str, severity: Severity | None) -> None:
    assert worst(hits("svc-path-user-writable", service("agent", image)), "svc-path-user-writable") is severity


def test_a_chain_of_dependencies_is_cited_whole() -> None:
    chain = '[ControlSet001\\Services\\EventLog]\nDependOnService = multi "a0"\n' + "".join(
        service(f"a{number}", r"system32\a.exe", 16, 3, f'DependOnService = multi "a{number + 1}"') for number in range(5)
    )
    told = hits("svc-depend-tamper", chain)
    assert [hit.subject for hit in told] == ["EventLog"]
    keys = [origin.key.rpartition("\\")[2] for origin in told[0].because if isinstance(origin, ValueRef)]
    assert keys == ["EventLog", "a0", "a1", "a2", "a3", "a4"]
    assert "a5, which does not exist" in told[0].message


def test_what_the_replay_refuses_breaks_a_chain_as_well() -> None:
    ring = '[ControlSet001\\Services\\EventLog]\nDependOnService = multi "a"\n'
    ring += service("a", r"system32\a.exe", more="DeleteFlag = dword 1")
    told = hits("svc-depend-tamper", ring)
    assert [hit.subject for hit in told] == ["EventLog"]
    assert "a, which is marked as deleted (DeleteFlag)" in told[0].message
    assert told[0].events, "the event of the replay that says so"


def test_a_torn_hive_is_never_said_to_lack_a_value(tmp_path: Path) -> None:
    data = (HIVES / "win7-x64.hive").read_bytes()
    torn = tmp_path / "SYSTEM"
    for start in range(8_192, len(data), 4_096):
        for damaged in (data[:start], data[:start] + bytes(4_096) + data[start + 4_096 :]):
            torn.write_bytes(damaged)
            with open_hive(torn) as hive:
                case = case_of_hive(hive)
                assert [hit.message for hit in (*check_lost_values(case), *check_no_csrss(case))] == []


@pytest.mark.parametrize("altitude", ["", "abc", "9" * 400, "-1", "328010", "388888.5"])
def test_an_altitude_is_judged_whatever_it_holds(altitude: str) -> None:
    instances = (
        '[ControlSet001\\Services\\CSAgent\\Instances]\nDefaultInstance = sz "a"\n'
        f'[ControlSet001\\Services\\CSAgent\\Instances\\a]\nAltitude = sz "{altitude}"\n'
    )
    agent = service("CSAgent", r"system32\drivers\CrowdStrike\csagent.sys", 2, 1)
    told = hits("minifilter-altitude", agent + instances)
    good = altitude in ("328010", "388888.5")
    assert [hit.severity for hit in told] == ([] if good else [HIGH])

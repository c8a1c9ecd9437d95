r"""Sensors that are gone from the services, or whose service runs something else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.rules.examples.example import Example
from hivecheck.rules.lost_sensors import check_lost, check_swapped
from hivecheck.rules.paths import comparable
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.security_products import vendor_of_service
from hivecheck.rules.sensor_starts import driver_vendor
from tests.rules.cases import HIVES, case_of, case_of_hive

WIN10 = "win10-21h2-x64"


def lost(notation: str = "[ControlSet001]", generation: str = WIN10, without: tuple[str, ...] = ()) -> dict[str, Hit]:
    case = case_of(Example("", notation, generation=generation, without=without))
    return {hit.subject: hit for hit in check_lost(case)}


def swapped(notation: str, generation: str = WIN10) -> list[Hit]:
    return list(check_swapped(case_of(Example("", notation, generation=generation))))


def cited(hit: Hit) -> list[str]:
    return [origin.path if isinstance(origin, KeyRef) else f"{origin.key}\\{origin.value}" for origin in hit.because
            if isinstance(origin, KeyRef | ValueRef)]  # fmt: skip


@pytest.mark.parametrize("name", ["WinDefend", "WdFilter", "WdBoot"])
@pytest.mark.parametrize("generation", ["win8-x64", "win10-1709-x64", WIN10, "win11-22h2-x64"])
def test_a_part_of_defender_that_is_missing_beside_others_is_high(name: str, generation: str) -> None:
    found = lost(generation=generation, without=(f"Services\\{name}",))
    assert {subject: hit.severity for subject, hit in found.items()} == {name: Severity.HIGH}
    beside = {"WinDefend", "WdFilter", "WdBoot"} - {name}
    assert set(cited(found[name])) == {f"ControlSet001\\Services\\{other}" for other in beside}


ALL = ("Services\\WinDefend", "Services\\WdFilter", "Services\\WdBoot")


def test_defender_missing_without_a_trace_is_low() -> None:
    assert {name: hit.severity for name, hit in lost(without=ALL).items()} == {"WinDefend": Severity.LOW}


def test_sense_alone_is_no_trace_of_the_scanner() -> None:
    sense = "[ControlSet001\\Services\\Sense]\nType = dword 16\nStart = dword 3\n"
    assert {name: hit.severity for name, hit in lost(sense, without=ALL).items()} == {"WinDefend": Severity.LOW}


@pytest.mark.parametrize(
    ("name", "severity"), [("WdNisSvc", Severity.HIGH), ("Sense", Severity.LOW), ("MsSecFlt", Severity.HIGH)]
)
def test_lesser_parts_are_missed_on_a_whole_machine(name: str, severity: Severity) -> None:
    others = "".join(f"[ControlSet001\\Services\\s{n}]\nType = dword 1\nStart = dword 3\n" for n in range(200))
    there = "".join(
        f"[ControlSet001\\Services\\{one}]\nType = dword 16\nStart = dword 3\n"
        for one in ("WdNisSvc", "WdNisDrv", "Sense", "MsSecFlt")
        if one != name
    )
    assert {subject: hit.severity for subject, hit in lost(others + there).items()} == {name: severity}


def test_defender_missing_that_safe_mode_still_lists_is_high() -> None:
    listed = '[ControlSet001\\Control\\SafeBoot\\Minimal\\WinDefend]\n@ = sz "Service"\n'
    found = lost(listed, without=ALL)
    assert {name: hit.severity for name, hit in found.items()} == {"WinDefend": Severity.HIGH}
    assert cited(found["WinDefend"]) == ["ControlSet001\\Control\\SafeBoot\\Minimal\\WinDefend"]


def test_defender_missing_beside_another_scanner_is_medium_at_most() -> None:
    other = r"""
[ControlSet001\Control\SafeBoot\Minimal\WinDefend]
@ = sz "Service"
[ControlSet001\Services\ekrn]
Type = dword 16
Start = dword 2
ImagePath = sz "\u{22}C:\Program Files\ESET\ESET Security\ekrn.exe\u{22}"
"""
    assert {name: hit.severity for name, hit in lost(other, without=ALL).items()} == {"WinDefend": Severity.MEDIUM}


def test_a_windows_that_ships_no_defender_lacks_none() -> None:
    assert lost(generation="xp-x86") == {}
    assert lost(generation="win2000-x86") == {}


def test_a_piece_of_a_hive_says_nothing() -> None:
    assert lost(without=("Services",)) == {}


def test_a_sensor_that_another_control_set_still_starts_is_high_where_the_product_stays() -> None:
    agent = r"""
[ControlSet002\Services\CSAgent]
Type = dword 2
Start = dword 1
ImagePath = expand "\SystemRoot\System32\drivers\CrowdStrike\csagent.sys"
[ControlSet001\Services\CSDeviceControl]
Type = dword 1
Start = dword 3
ImagePath = expand "\SystemRoot\System32\drivers\CSDeviceControl.sys"
"""
    found = lost(agent, "win7-x64")
    assert found["CSAgent"].severity is Severity.HIGH
    assert "ControlSet002\\Services\\CSAgent\\ImagePath" in cited(found["CSAgent"])


def test_a_sensor_that_another_control_set_still_starts_is_medium_where_the_whole_product_is_gone() -> None:
    agent = r"""
[ControlSet002\Services\Unheard Of]
Type = dword 16
Start = dword 2
ImagePath = sz "\u{22}C:\Program Files\Cylance\Desktop\CylanceSvc.exe\u{22}"
"""
    assert {name: hit.severity for name, hit in lost(agent, "win7-x64").items()} == {"Unheard Of": Severity.MEDIUM}


def test_a_sensor_that_the_other_set_does_not_start_or_deletes_is_not_missed() -> None:
    for value in ("Start = dword 3", "Start = dword 4", "Start = dword 2\nDeleteFlag = dword 1"):
        assert lost(f"[ControlSet002\\Services\\CSAgent]\nType = dword 2\n{value}\n", "win7-x64") == {}


def test_a_program_without_its_driver_is_high() -> None:
    falcon = r"""
[ControlSet001\Services\CSFalconService]
Type = dword 16
Start = dword 2
ImagePath = sz "\u{22}C:\Program Files\CrowdStrike\CSFalconService.exe\u{22}"
"""
    found = lost(falcon)
    assert {name: hit.severity for name, hit in found.items()} == {"CSAgent": Severity.HIGH}
    assert cited(found["CSAgent"]) == ["ControlSet001\\Services\\CSFalconService"]


def _service(name: str, image: str, kind: int = 16, start: int = 2) -> str:
    return f'[ControlSet001\\Services\\{name}]\nType = dword {kind}\nStart = dword {start}\nImagePath = expand "{image}"\n'


FOREIGN = (
    ("CSFalconService", r"C:\Users\Public\CrowdStrike\CSFalconService.exe", 16),
    ("CSAgent", r"\??\C:\Windows\System32\drivers\other.sys", 1),
    ("SentinelAgent", r"C:\Windows\System32\cmd.exe", 16),
    ("WinDefend", r"C:\Windows\System32\svchost.exe -k netsvcs", 32),
    ("WinDefend", r"C:\ProgramData\Microsoft\a.exe", 16),
    ("WdFilter", r"\??\C:\Windows\Temp\WdFilter.sys", 2),
    ("WdFilter", r"system32\drivers\WdFilter.sys:a.sys", 2),
    ("Sense", r"C:\Program Files\Other\MsSense2.exe", 16),
)


@pytest.mark.parametrize(("name", "image", "kind"), FOREIGN)
def test_a_sensors_service_that_runs_another_file_is_high(name: str, image: str, kind: int) -> None:
    hits = swapped(_service(name, image, kind))
    assert [(hit.subject, hit.severity) for hit in hits] == [(name, Severity.HIGH)]
    assert cited(hits[0]) == [f"ControlSet001\\Services\\{name}\\ImagePath"]


def test_a_sensors_service_that_names_no_file_is_high() -> None:
    hits = swapped("[ControlSet001\\Services\\ekrn]\nType = dword 16\nStart = dword 2\n")
    assert [(hit.subject, hit.severity) for hit in hits] == [("ekrn", Severity.HIGH)]
    assert cited(hits[0]) == ["ControlSet001\\Services\\ekrn"]


USUAL = (
    ("CSFalconService", r"\u{22}C:\Program Files\CrowdStrike\CSFalconService.exe\u{22}", 16),
    ("CSAgent", r"\??\C:\Windows\System32\drivers\CrowdStrike\csagent.sys", 2),
    ("SentinelMonitor", r"\??\C:\Program Files\SentinelOne\Sentinel Agent 23.4.4.223\SentinelMonitor.sys", 1),
    ("WinDefend", r"\u{22}%ProgramData%\Microsoft\Windows Defender\Platform\4.18.2001.7-0\MsMpEng.exe\u{22}", 16),
    ("WdFilter", r"system32\drivers\wd\WdFilter.sys", 2),
    ("SysmonDrv", "SysmonDrv.sys", 1),
    ("Sysmon64", r"C:\Windows\Sysmon64.exe", 16),
    ("splunkforwarder", r"\u{22}D:\SplunkUniversalForwarder\bin\splunkd.exe\u{22} service", 16),
    ("ekrn", r"\u{22}C:\PROGRA~1\ESET\ESET Security\ekrn.exe\u{22}", 16),
    ("WazuhSvc", r"\u{22}C:\Program Files (x86)\ossec-agent\wazuh-agent.exe\u{22}", 16),
)


@pytest.mark.parametrize(("name", "image", "kind"), USUAL)
def test_a_sensor_in_its_vendors_places_is_let_pass(name: str, image: str, kind: int) -> None:
    assert swapped(_service(name, image, kind)) == []


def test_a_service_that_ran_from_a_vendors_folder_in_another_set_is_told() -> None:
    before = r"""
[ControlSet002\Services\Unheard Of]
Type = dword 16
Start = dword 2
ImagePath = sz "\u{22}C:\Program Files\Cylance\Desktop\CylanceSvc.exe\u{22}"
"""
    hits = swapped(before + _service("Unheard Of", r"C:\Program Files\Other\a.exe"), "win7-x64")
    assert [(hit.subject, hit.severity) for hit in hits] == [("Unheard Of", Severity.HIGH)]
    assert cited(hits[0]) == [f"ControlSet00{n}\\Services\\Unheard Of\\ImagePath" for n in (1, 2)]


ELSEWHERE = (
    (r"C:\Program Files\SentinelOne\Sentinel Agent 23.4.4.223\SentinelMonitor.sys", "SentinelOne"),
    (r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.2001.7-0\Drivers\WdFilter.sys", "Microsoft Defender"),
    (r"C:\Program Files (x86)\Trend Micro\OfficeScan Client\TmXPFlt.sys", "Trend Micro"),
    (r"C:\Program Files (x86)\Common Files\Symantec Shared\EENGINE\eeCtrl64.sys", "Symantec / Broadcom"),
    (r"C:\Program Files\SentinelOne\Sentinel Agent 23.4.4.223\other.sys", ""),
    (r"C:\Users\Public\SentinelOne\Sentinel Agent 1\SentinelMonitor.sys", ""),
    (r"C:\Program Files\Other\SentinelMonitor.sys", ""),
)


@pytest.mark.parametrize(("path", "vendor"), ELSEWHERE)
def test_drivers_beside_their_programs_are_known_by_their_whole_place(path: str, vendor: str) -> None:
    assert driver_vendor(comparable(path)) == vendor


@pytest.mark.parametrize("name", ["klelam", "eelam", "bdelam", "symelam", "SentinelELAM", "mfeelamk", "WdBoot"])
def test_early_launch_drivers_of_known_products_are_known(name: str) -> None:
    assert vendor_of_service(name)


def test_clean_machines_have_all_their_sensors() -> None:
    names = sorted(path.name.removesuffix(".hive.txt") for path in HIVES.glob("*.hive.txt") if "infected" not in path.name)
    assert names
    for name in names:
        case = case_of(Example("", "[ControlSet001]", generation=name))
        assert [hit.message for hit in (*check_lost(case), *check_swapped(case))] == []


REAL = ("nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1709-dirty", "win10-1903")


@pytest.mark.parametrize("name", REAL)
def test_real_machines_have_all_their_sensors(name: str, real_hive: Callable[[str], Path]) -> None:
    with open_with_logs(real_hive(name), ()).hive as hive:
        case = case_of_hive(hive)
        assert [hit.subject for hit in (*check_lost(case), *check_swapped(case))] == []


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("winlogbeat", r"C:\Program Files\Winlogbeat\winlogbeat.exe"),
        ("elastic-endpoint", r"C:\Program Files\Elastic\Endpoint\elastic-endpoint.exe"),
        ("Tanium Client", r"C:\Program Files (x86)\Tanium\Tanium Client\TaniumClient.exe"),
        ("QualysAgent", r"C:\Program Files\Qualys\QualysAgent\QualysAgent.exe"),
        ("Tenable Nessus Agent", r"C:\Program Files\Tenable\Nessus Agent\nessus-service.exe"),
        ("SepMasterService", r"C:\Program Files\Symantec\Symantec Endpoint Protection\14.3\Bin64\ccSvcHst.exe"),
        ("Sysmon64", r"C:\Windows\Sysmon64.exe"),
    ],
)
@pytest.mark.parametrize(
    "foreign", [r"C:\Windows\System32\svchost.exe -k x", r"C:\Windows\System32\cmd.exe", r"C:\Tools\a.exe"]
)
def test_any_vendors_service_runs_its_vendors_file_only(name: str, own: str, foreign: str) -> None:
    def told(image: str) -> list[Severity | None]:
        key = f"[ControlSet001\\Services\\{name}]\nType = dword 16\nStart = dword 2\nImagePath = expand"
        return [hit.severity for hit in swapped(f'{key} "{image}"\n') if hit.subject == name]

    assert told(own) == []
    assert told(foreign) == [Severity.HIGH]

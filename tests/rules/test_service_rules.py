r"""The rules on services, drivers, lsass, hosts of DLLs and terminal services: severities by the catalogue's logic, what is let
pass, clean and hostile machines.
"""

from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path
from time import perf_counter

import pytest

from hivecheck.evidence.opening import open_with_logs
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.regf import open_hive
from hivecheck.rules import drivers, terminal_services
from hivecheck.rules.case import Case
from hivecheck.rules.catalog import rule_named
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.service_security import ADMINISTRATORS, INTERACTIVE, read_access_list
from hivecheck.rules.system_rules import LIBRARIES, LSA, SERVICES
from tests.rules.cases import HIVES, case_of, case_of_hive, clean, lay_over

RULES = (*SERVICES, *drivers.RULES, *LSA, *LIBRARIES, *terminal_services.RULES)
BY_ID = {rule.id: rule for rule in RULES}
INFO, LOW, MEDIUM, HIGH, CRITICAL = Severity


def service(name: str, image: str, *, type: int = 16, start: int = 2, more: str = "") -> str:
    head = f"[ControlSet001\\Services\\{name}]\nType = dword {type}\nStart = dword {start}\n"
    return f'{head}ImagePath = expand "{image}"\n{more}\n'


def worst(id: str, notation: str, generation: str = "win10-21h2-x64") -> Severity | None:
    hits = list(BY_ID[id].check(case_of(Example("", notation, generation=generation))))
    return max((severity_of(BY_ID[id], hit) for hit in hits), default=None)


def severity_of(rule: Rule, hit: Hit) -> Severity:
    return hit.severity or rule.severity


PROFILER = "[ControlSet001\\Services\\Spooler]\nEnvironment = multi "
SHARED = r"%SystemRoot%\System32\svchost.exe -k netsvcs"
FALCON = service("CSFalconService", r"C:\Program Files\CrowdStrike\CSFalconService.exe")
SYSMON = service("Sysmon64", r"C:\Windows\Sysmon64.exe")
ROWS: tuple[tuple[str, str, str, Severity | None], ...] = (
    ("svc-imagepath-lolbin", "a disabled one", service("x", "cmd.exe /c a", start=4), HIGH),
    ("svc-imagepath-lolbin", "an argument only", service("x", r"C:\a\wrap.exe powershell -f a.ps1"), HIGH),
    ("svc-path-user-writable", "a vendor's name alone", service("x", r"C:\ProgramData\CrowdStrike\x.exe"), HIGH),
    ("svc-path-user-writable", "beside its product", service("x", r"C:\ProgramData\CrowdStrike\x.exe") + FALCON, MEDIUM),
    ("svc-path-user-writable", "tasks in System32", service("x", r"C:\Windows\System32\Tasks\x.exe"), HIGH),
    ("svc-path-user-writable", "a memory dumper", service("win32dd", r"\??\C:\Users\a\win32dd.sys", type=1, start=3), LOW),
    ("svc-path-user-writable", "its name at boot", service("win32dd", r"\??\C:\Users\a\win32dd.sys", type=1, start=1), HIGH),
    ("svc-driver-odd-location", "ProgramData on demand", service("x", r"\??\C:\ProgramData\x.sys", type=1, start=3), MEDIUM),
    ("svc-driver-odd-location", "Program Files at boot", service("x", r"\??\C:\Program Files\x\x.sys", type=1, start=1), HIGH),
    ("svc-driver-odd-location", "System32 at boot", service("x", r"system32\x.sys", type=1, start=0), MEDIUM),
    ("svc-driver-odd-location", "disabled", service("x", r"\??\C:\Program Files\x\x.sys", type=1, start=4), LOW),
    ("svc-driver-odd-location", "Sysmon's own form", service("SysmonDrv", "SysmonDrv.sys", type=1, start=0), LOW),
    ("svc-driver-odd-location", "its name elsewhere", service("x", r"ELAMBKUP\SysmonDrv.sys", type=1, start=0), HIGH),
    ("svc-driver-odd-location", "and beside Sysmon", service("x", r"ELAMBKUP\SysmonDrv.sys", type=1, start=0) + SYSMON, LOW),
    ("svc-driver-odd-location", "its name in Temp", service("x", r"Temp\SysmonDrv.sys", type=1, start=0) + SYSMON, CRITICAL),
    ("svc-driver-odd-location", "no ImagePath", "[ControlSet001\\Services\\Msfs]\nType = dword 2\nStart = dword 1", None),
    ("svc-imagepath-lolbin", "no Type", "[ControlSet001\\Services\\x]\nStart = dword 2\nImagePath = sz \"powershell.exe -enc AA\"", CRITICAL),
    ("svc-svchost-masquerade", "a service of each user", service("x", r"C:\x\svchost.exe -k y", type=0x50), CRITICAL),
    ("svc-svchost-masquerade", "a longer name", service("x", r"C:\Program Files\x\mysvchost.exe"), None),
    ("svc-disabled-defence", "a vendor's program", service("CSFalconService", r"C:\Program Files\CrowdStrike\s.exe", start=4), CRITICAL),
    ("svc-disabled-defence", "Sysmon", service("Sysmon64", r"C:\Windows\Sysmon64.exe", start=4), HIGH),
    ("svc-disabled-defence", "demand in place of auto", "[ControlSet001\\Services\\EventLog]\nStart = dword 3", HIGH),
    ("svc-psexec-artefacts", "by its beginning", service("PAExec-1234-PC", r"%SystemRoot%\PAExec-1234-PC.exe"), MEDIUM),
    ("svc-environment", "an agent's profiler", PROFILER + r'"COR_PROFILER_PATH=C:\Program Files\Agent\p.dll"', MEDIUM),
    ("svc-type-oddities", "marked as deleted", service("x", r"system32\x.exe", more="DeleteFlag = dword 1"), INFO),
    ("lsa-auth-package", "the SSH server", '[ControlSet001\\Control\\Lsa]\nAuthentication Packages = multi "msv1_0" "SshdPinAuthLsa"', LOW),
    ("lsa-auth-package", "a name from memory", '[ControlSet001\\Control\\Lsa]\nAuthentication Packages = multi "msv1_0" "wvauth"', MEDIUM),
    ("lsa-auth-package", "a path", '[ControlSet001\\Control\\Lsa]\nAuthentication Packages = multi "msv1_0" "C:\\x\\wvauth"', CRITICAL),
    ("lsa-security-package", "of another Windows", '[ControlSet001\\Control\\Lsa]\nSecurity Packages = multi "livessp"', LOW),
    ("time-provider", "not enabled", '[ControlSet001\\Services\\W32Time\\TimeProviders\\x]\nDllName = sz "x.dll"\nEnabled = dword 0', HIGH),
    ("router-managers", "a vendor's logon method", '[ControlSet001\\Services\\Rasman\\PPP\\EAP\\43]\nPath = sz "C:\\Program Files\\Cisco\\eap.dll"', MEDIUM),
    ("router-managers", "a callout that is off", '[ControlSet001\\Services\\DHCPServer\\Parameters]\nCalloutDlls = multi "x.dll"', MEDIUM),
    ("wow-vdm", "64-bit Windows", '[ControlSet001\\Control\\WOW]\ncmdline = sz "x.exe"', LOW),
    ("rdp-enabled", "one weakness", "[ControlSet001\\Control\\Terminal Server]\nfDenyTSConnections = dword 0\nfSingleSessionPerUser = dword 0", MEDIUM),
)  # fmt: skip


@pytest.mark.parametrize(("id", "what", "notation", "severity"), ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_severity_follows_what_is_known(id: str, what: str, notation: str, severity: Severity | None) -> None:
    assert worst(id, notation) is severity


def test_another_dll_of_a_windows_service_weighs_by_how_well_its_windows_is_known() -> None:
    dll = '[ControlSet001\\Services\\Schedule\\Parameters]\nServiceDll = expand "%SystemRoot%\\System32\\other.dll"\n'
    notation = service("Schedule", SHARED, type=32) + dll
    assert worst("svc-servicedll", notation) is CRITICAL
    assert worst("svc-servicedll", notation, "win11-22h2-x64") is MEDIUM
    assert worst("svc-servicedll", notation.replace(r"System32\other", r"Temp\other"), "win11-22h2-x64") is CRITICAL


def test_security_essentials_explain_a_defender_of_7_that_is_off() -> None:
    off = "[ControlSet001\\Services\\WinDefend]\nStart = dword 4\n"
    essentials = service("MsMpSvc", r'""C:\Program Files\Microsoft Security Client\MsMpEng.exe""')
    assert worst("svc-disabled-defence", off, "win7-x64") is HIGH
    assert worst("svc-disabled-defence", off + essentials, "win7-x64") is INFO


def test_descriptor_is_read_entry_by_entry() -> None:
    head = "01 00 04 80 00 00 00 00 00 00 00 00 00 00 00 00 14 00 00 00 02 00 34 00 02 00 00 00"
    deny = "01 00 14 00 04 00 00 00 01 01 00 00 00 00 00 05 04 00 00 00"
    allow = "00 00 18 00 ff 01 0f 00 01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00"
    access = read_access_list(bytes.fromhex(head + deny + allow))
    assert access is not None
    assert access.denied(4) == {INTERACTIVE}
    assert access.allowed(1) == {ADMINISTRATORS}
    assert read_access_list(bytes.fromhex(head + deny)) is None, "an entry lies behind the end"
    assert read_access_list(bytes(5)) is None


def test_clean_machines_give_nothing_above_low() -> None:
    for path in sorted(HIVES.glob("[nvwx]*.hive")):
        with open_hive(path) as hive:
            found = [(path.name, id, hit.message) for id, hit in found_above(case_of_hive(hive), LOW)]
        assert found == []


@pytest.mark.parametrize("name", ["nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1709-dirty", "win10-1903"])
def test_real_machines_give_nothing_above_medium(name: str, real_hive: Callable[[str], Path]) -> None:
    with open_hive(real_hive(name)) as hive:
        case = case_of_hive(hive)
        assert [(id, hit.message) for id, hit in found_above(case, MEDIUM)] == []
        medium = {(id, hit.subject) for id, hit in found_above(case, LOW)}
    tools = {("svc-relative", "FResponse Service"), ("svc-psexec-artefacts", "PSEXESVC")}
    assert medium == (tools if name == "win7-sp1-x86" else set())


def test_logs_of_1709_bring_the_driver_of_an_imaging_tool_that_is_no_alarm(real_hive: Callable[[str], Path]) -> None:
    with closing(open_with_logs(real_hive("win10-1709-dirty"))) as opened:
        case = case_of_hive(opened.hive)
        found = [
            (rule.id, severity_of(rule, hit)) for rule in RULES for hit in rule.check(case) if hit.subject == "ad_driver"
        ]
        assert [(id, hit.subject) for id, hit in found_above(case, LOW)] == []
    assert found == [("svc-path-user-writable", LOW), ("svc-driver-odd-location", LOW)]


IMAGER = r"\??\C:\Users\a\AppData\Local\Temp\ad_driver.sys"
XP_IMAGER = r"\??\C:\Documents and Settings\a\Local Settings\Temp\ad_driver.sys"


@pytest.mark.parametrize(
    ("name", "path", "start", "writable", "odd"),
    [
        ("ad_driver", IMAGER, 3, LOW, LOW),
        ("AD_Driver", IMAGER.upper(), 3, LOW, LOW),
        ("ad_driver", IMAGER, 4, LOW, LOW),
        ("ad_driver", XP_IMAGER, 3, LOW, LOW),
        ("ad_driver", IMAGER.replace("Temp", r"Temp\2"), 3, LOW, LOW),
        ("ad_driver", IMAGER, 0, HIGH, CRITICAL),
        ("ad_driver", IMAGER, 1, HIGH, CRITICAL),
        ("ad_driver", IMAGER, 2, HIGH, MEDIUM),
        ("ad_driver", r"\??\C:\Users\Public\ad_driver.sys", 3, HIGH, MEDIUM),
        ("ad_driver", IMAGER.replace("Temp", r"Temp\x"), 3, HIGH, MEDIUM),
        ("ad_driver", IMAGER.replace("ad_driver", "ad_driver2"), 3, HIGH, MEDIUM),
        ("ad_driver", IMAGER.replace("ad_driver", "evil"), 3, HIGH, MEDIUM),
        ("ad_driver", IMAGER + ":x.sys", 3, HIGH, HIGH),
        ("evil", IMAGER, 3, HIGH, MEDIUM),
        ("win32dd", r"\??\C:\Users\a\win32dd.sys", 3, LOW, LOW),
    ],
)
def test_only_what_fits_an_imaging_tool_in_every_respect_is_low(
    name: str, path: str, start: int, writable: Severity, odd: Severity
) -> None:
    case = case_of(Example("", service(name, path, type=1, start=start)))
    found = {rule.id: severity_of(rule, hit) for rule in RULES for hit in rule.check(case) if hit.subject == name}
    assert found["svc-path-user-writable"] is writable
    assert found["svc-driver-odd-location"] is odd


TEMP = r"\??\C:\Users\a\AppData\Local\Temp" + "\\"
WINDOWS_TEMP = r"\??\C:\Windows\Temp" + "\\"


@pytest.mark.parametrize(
    ("name", "path", "start", "tool"),
    [
        ("cpuz143", TEMP + r"cpuz143\cpuz143_x64.sys", 3, "CPU-Z"),
        ("cpuz143", TEMP + r"cpuz143\cpuz143_x64.sys", 4, "CPU-Z"),
        ("cpuz154", WINDOWS_TEMP + r"cpuz154\cpuz154_x64.sys", 3, "CPU-Z"),
        ("cpuz132", XP_IMAGER.replace("ad_driver", "cpuz132_x32"), 3, "CPU-Z"),
        ("ALSysIO", TEMP + "ALSysIO64.sys", 3, "Core Temp"),
        ("GPU-Z-v2", TEMP + "GPU-Z-v2.sys", 3, "GPU-Z"),
        ("HWiNFO_206", TEMP + "HWiNFO_x64_206.sys", 3, "HWiNFO"),
        ("HWiNFO32", WINDOWS_TEMP + "HWiNFO64A_175.SYS", 3, "HWiNFO"),
        ("cpuz143", TEMP + r"cpuz143\cpuz143_x64.sys", 1, ""),
        ("cpuz143", TEMP + r"cpuz143\cpuz143_x64.sys", 2, ""),
        ("cpuz143", TEMP + r"cpuz154\cpuz143_x64.sys", 3, ""),
        ("cpuz143", TEMP + r"cpuz143\cpuz154_x64.sys", 3, ""),
        ("cpuz143", TEMP + r"cpuz143\evil.sys", 3, ""),
        ("cpuz143", TEMP + r"x\cpuz143\cpuz143_x64.sys", 3, ""),
        ("cpuz", TEMP + r"cpuz\cpuz_x64.sys", 3, ""),
        ("evil", TEMP + r"cpuz143\cpuz143_x64.sys", 3, ""),
        ("ALSysIO", r"\??\C:\Users\Public\ALSysIO64.sys", 3, ""),
        ("ALSysIO", r"\??\C:\ProgramData\ALSysIO64.sys", 3, ""),
        ("ALSysIO", TEMP + r"ALSysIO\ALSysIO64.sys", 3, ""),
        ("GPU-Z-v2", TEMP + "GPU-Z-v8.sys", 3, ""),
        ("HWiNFO_206", TEMP + "HWiNFO_x64_206.sys:x.sys", 3, ""),
        ("HWiNFO_206", TEMP + "HWiNFO_x64_206.exe", 3, ""),
    ],
)
def test_only_what_fits_a_tool_for_hardware_in_every_respect_is_medium_and_named(
    name: str, path: str, start: int, tool: str
) -> None:
    case = case_of(Example("", service(name, path, type=1, start=start)))
    found = {rule.id: (rule, hit) for rule in RULES for hit in rule.check(case) if hit.subject == name}
    hits = [found[id] for id in ("svc-path-user-writable", "svc-driver-odd-location")]
    said = f"where {tool} unpacks its driver at each run; attackers bring such drivers along (BYOVD)"
    assert [said in hit.message for _, hit in hits] == [bool(tool)] * 2
    assert ["BYOVD" in hit.message for _, hit in hits] == [bool(tool)] * 2
    if tool:
        assert [severity_of(*one) for one in hits] == [LOW if start == 4 else MEDIUM] * 2
    else:
        assert severity_of(*hits[0]) is HIGH


PROCESSOR = '[ControlSet001\\Control\\Print\\Environments\\Windows x64\\Print Processors\\x]\nDriver = sz "{}"'
MONITOR = '[ControlSet001\\Control\\Print\\Monitors\\x]\nDriver = sz "{}"'


@pytest.mark.parametrize(
    ("monitor", "processor", "vendor"),
    [
        ("msonpmon.dll", "msonpppr.dll", "OneNote"),
        ("mdimon.dll", "mdippr.dll", "Office 2003"),
        ("CNMLM9K.DLL", "CNMPDDF.DLL", "Canon"),
        ("hptcpmon.dll", "hpfpp70v.dll", "HP"),
        ("HP1100LM.DLL", "HP1100PP.DLL", "HP"),
        ("KOAYJJ_L.DLL", "KOAYJJ_P.DLL", "Konica Minolta"),
        ("LMAD4NLANG.DLL", "LMAD4N4C.DLL", "Lexmark"),
        ("ssl1clm.dll", "ssl1cpc.dll", "Samsung"),
        ("x5lrs.dll", "x5print.dll", "Xerox"),
    ],
)
def test_a_vendor_is_known_by_its_print_monitor_and_its_processor_alike(monitor: str, processor: str, vendor: str) -> None:
    for id, notation, name in (("print-monitor", MONITOR, monitor), ("print-processor", PROCESSOR, processor)):
        hits = list(BY_ID[id].check(case_of(Example("", notation.format(name)))))
        assert [severity_of(BY_ID[id], hit) for hit in hits] == [MEDIUM]
        assert f". {vendor} is said to install one of this name." in hits[0].message


@pytest.mark.parametrize(
    ("id", "notation", "severity"),
    [
        ("print-monitor", MONITOR.format("msonpppr.dll"), HIGH),
        ("print-processor", PROCESSOR.format("msonpmon.dll"), HIGH),
        ("print-processor", PROCESSOR.format("xmsonpppr.dll"), HIGH),
        ("print-processor", PROCESSOR.format(r"C:\ProgramData\msonpppr.dll"), CRITICAL),
        ("print-processor", PROCESSOR.format("TPWinPrn.dll"), LOW),
        ("print-processor", PROCESSOR.format("hpzppWN7.dll"), LOW),
        ("print-monitor", MONITOR.format("TPVMMon.dll"), LOW),
    ],
)
def test_a_print_dll_of_no_known_name_or_place_stays_grave(id: str, notation: str, severity: Severity) -> None:
    assert worst(id, notation) is severity


EAP = '[ControlSet001\\Services\\RasMan\\PPP\\EAP\\{0}]\nPath = expand "{1}"'
SWAPPED = r"%SystemRoot%\System32\other.dll"


@pytest.mark.parametrize(
    ("method", "path", "generation", "severity"),
    [
        ("13", SWAPPED, "win10-21h2-x64", HIGH),
        ("25", SWAPPED, "win7-x64", HIGH),
        ("26", SWAPPED, "xp-x86", HIGH),
        ("4", SWAPPED, "xp-x86", HIGH),
        ("4", SWAPPED, "win10-21h2-x64", MEDIUM),
        ("25", r"C:\Program Files\Cisco\peap.dll", "win10-21h2-x64", HIGH),
        ("17", SWAPPED, "win10-21h2-x64", MEDIUM),
        ("26", r"%SystemRoot%\System32\raschap.dll", "win10-21h2-x64", None),
    ],
)
def test_another_dll_for_a_logon_method_of_windows_weighs_more_than_a_method_of_a_vendor(
    method: str, path: str, generation: str, severity: Severity | None
) -> None:
    notation = EAP.format(method, path)
    assert worst("router-managers", notation, generation) is severity
    said = [hit.message for hit in BY_ID["router-managers"].check(case_of(Example("", notation, generation=generation)))]
    assert ["is replaced" in message for message in said] == ([severity is HIGH] if severity else [])


ORDER = '[ControlSet001\\Control\\NetworkProvider\\Order]\nProviderOrder = sz "LanmanWorkstation,WebClient,{0}"\n'
PROVIDER = ORDER + '[ControlSet001\\Services\\{0}\\NetworkProvider]\nProviderPath = expand "{1}"\n'


@pytest.mark.parametrize(
    ("name", "path", "severity"),
    [
        ("PnSson", r"C:\Program Files (x86)\Citrix\ICA Client\x64\pnsson.dll", MEDIUM),
        ("PnSson", r"%ProgramFiles%\Citrix\ICA Client\pnsson.dll", MEDIUM),
        ("DellMgmtNP", r"C:\Program Files\Dell\SARemediation\agent\DellMgmtNP.dll", MEDIUM),
        ("epcgina", r"C:\Program Files (x86)\CheckPoint\Endpoint Connect\epcgina.dll", MEDIUM),
        ("EpePcNp", r"C:\Program Files\McAfee\Endpoint Encryption\EpePcNP64.dll", MEDIUM),
        ("EpePcNp", r"C:\Program Files\Trellix\Drive Encryption\EpePcNP.dll", MEDIUM),
        ("EpePcNp", r"%SystemRoot%\System32\EpePcNp64.dll", MEDIUM),
        ("SnacNp", r"C:\Program Files (x86)\Symantec\Symantec Endpoint Protection\SnacNp64.dll", MEDIUM),
        ("NCNP", r"%SystemRoot%\System32\ncnetprovider.dll", MEDIUM),
        ("NfsRdr", r"%SystemRoot%\System32\nfsnp.dll", LOW),
        ("NfsRdr", r"C:\Program Files\x\nfsnp.dll", CRITICAL),
        ("WebClient", r"%SystemRoot%\System32\nfsnp.dll", CRITICAL),
        ("WebClient", r"C:\Program Files (x86)\Citrix\ICA Client\x64\pnsson.dll", CRITICAL),
        ("PnSson", r"C:\Program Files\Citrix\evil.dll", CRITICAL),
        ("PnSson", r"C:\Program Files\Dell\pnsson.dll", CRITICAL),
        ("PnSson", r"C:\Program Files\a\Citrix\pnsson.dll", CRITICAL),
        ("PnSson", r"C:\Users\Public\Citrix\pnsson.dll", CRITICAL),
        ("PnSson", r"C:\Program Files\Citrix\..\..\ProgramData\pnsson.dll", CRITICAL),
        ("PnSson", r"D:\Program Files\Citrix\pnsson.dll", CRITICAL),
        ("PnSson", r"C:\Citrix\pnsson.dll", CRITICAL),
        ("PnSson", r"C:\Program Files\Citrix\a:pnsson.dll", CRITICAL),
        ("PnSson", r"%SystemRoot%\System32\pnsson.dll", HIGH),
    ],
)
def test_a_network_provider_is_known_by_the_name_and_the_folder_of_its_dll(name: str, path: str, severity: Severity) -> None:
    assert worst("network-provider", PROVIDER.format(name, path)) is severity


def found_above(case: Case, limit: Severity) -> list[tuple[str, Hit]]:
    return [(rule.id, hit) for rule in RULES for hit in rule.check(case) if severity_of(rule, hit) > limit]


def test_thousands_of_services_filters_and_packages_take_no_time() -> None:
    lines: list[str] = []
    for number in range(3_000):
        waits = "DependOnService = multi " + " ".join(f'"d{one}"' for one in range(10))
        lines.append(service(f"mfe{number}", rf"C:\Program Files\Mc{number}\mfe.sys", type=2, start=0, more=waits))
        lines.append(f'[ControlSet001\\Services\\mfe{number}\\Instances\\a]\nAltitude = sz "328010"')
    many = " ".join(f'"p{number}"' for number in range(10_000))
    lines.append(f"[ControlSet001\\Control\\Lsa]\nSecurity Packages = multi {many}")
    lines.append(f'[ControlSet001\\Control\\ServiceGroupOrder]\nList = multi {many} "Event Log"')
    plain = lay_over(clean("win10-21h2-x64"), parse_notation("\n".join(lines)).plain)
    case = case_of_hive(MemoryHive("SYSTEM", plain))
    for rule in RULES:
        began = perf_counter()
        list(islice(rule.check(case), 200))
        assert perf_counter() - began < 3, rule.id


@pytest.mark.parametrize("data", ["hex:", "hex: 41", "hex: ff ff ff ff ff", "hex: 00 d8 00 d8", "hex: 5c 00 00 00 5c 00"])
def test_absurd_data_breaks_nothing(data: str) -> None:
    keys = {
        "Services\\x": ("Type", "Start", "ImagePath", "FailureCommand", "FailureActions", "Environment", "DependOnService"),
        "Services\\x\\Security": ("Security",),
        "Services\\x\\Instances\\a": ("Altitude",),
        "Control\\Lsa": ("Authentication Packages", "Security Packages", "Notification Packages", "RunAsPPL"),
        "Control\\Lsa\\MSV1_0": ("Auth0",),
        "Control\\NetworkProvider\\Order": ("ProviderOrder",),
        "Control\\Terminal Server\\Utilities\\query": ("user",),
        "Services\\WinSock2\\Parameters\\Protocol_Catalog9\\Catalog_Entries\\1": ("PackedCatalogItem",),
    }
    for kind in ("sz", "multi", "dword", "binary"):
        written = data if kind != "binary" else data.replace("hex:", "")
        lines = [
            f"[ControlSet001\\{key}]\n" + "\n".join(f"{name} = {kind} {written}" for name in names)
            for key, names in keys.items()
        ]
        case = case_of(Example("", "\n".join(lines)))
        for rule in RULES:
            list(rule.check(case))


def test_hive_without_control_set_is_silent() -> None:
    case = case_of_hive(MemoryHive("SYSTEM", parse_notation("[Setup]\nSetupType = dword 0").plain))
    assert case.control_set is None
    assert [rule.id for rule in RULES if list(rule.check(case))] == []


@pytest.mark.parametrize("start", ['sz "4"', "binary 04 00 00 00"])
def test_a_sensor_whose_start_is_no_number_is_as_good_as_disabled(start: str) -> None:
    case = case_of(Example("", f"[ControlSet001\\Services\\WinDefend]\nStart = {start}"))
    hits = [hit for hit in rule_named("svc-disabled-defence").check(case) if "WinDefend" in hit.message]
    assert [hit.severity for hit in hits] == [Severity.HIGH]

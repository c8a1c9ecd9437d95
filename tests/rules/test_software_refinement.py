"""What a SOFTWARE hive changes in the findings of each rule that it helps to decide; without one, or with another machine's, nothing."""

from collections.abc import Iterable

import pytest

from hivecheck.facts.fact import fact
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.rules.case import Case
from hivecheck.rules.catalog import RULES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.software_refinement import REFINEMENTS, refined_rules
from hivecheck.settings.software import read_software
from tests.rules.cases import case_of

CRITICAL, HIGH, MEDIUM, LOW, INFO = reversed(Severity)
POLICIES = "Policies\\Microsoft"
SVCHOST = "Microsoft\\Windows NT\\CurrentVersion\\Svchost"
DLL = r"""
[ControlSet001\Services\W64Time]
Type = dword 32
Start = dword 2
ImagePath = expand "%SystemRoot%\system32\svchost.exe -k TimeService"
[ControlSet001\Services\W64Time\Parameters]
ServiceDll = expand "C:\Users\Public\w64time.dll"
"""
NO_DEFENDER = "[ControlSet001\\Services\\WinDefend]\nType = dword 16\nStart = dword 4"
FIREWALL = "[ControlSet001\\Services\\SharedAccess\\Parameters\\FirewallPolicy"


@fact
class Refined:
    """One rule on SYSTEM and SOFTWARE: the severities without SOFTWARE and with it, and words that only SOFTWARE brings."""

    rule: str
    system: str
    software: str
    before: tuple[Severity, ...]
    after: tuple[Severity, ...]
    words: str
    machine: str = "win10-21h2-x64"


def number(key: str, name: str, value: int) -> str:
    return f"[{key}]\n{name} = dword {value}"


OLD_LSA = "[ControlSet001\\Control\\Lsa] 2021-12-06T13:00:00Z\n"
GUARD = "[ControlSet001\\Control\\DeviceGuard]\nEnableVirtualizationBasedSecurity = dword 0"
RDP_ON = number("ControlSet001\\Control\\Terminal Server", "fDenyTSConnections", 0)
RDP_POLICY = POLICIES + "\\Windows NT\\Terminal Services"
NARROW_EDITION = "[ControlSet001\\Control\\CI\\Policy]\nSkuPolicyRequired = dword 1"
NT = "Microsoft\\Windows NT\\CurrentVersion"

TABLE = (
    Refined("svc-servicedll", DLL, f'[{SVCHOST}]\nTimeService = multi "W64Time"', (HIGH,), (HIGH,), "SOFTWARE lists it"),
    Refined(
        "svc-servicedll", DLL, f'[{SVCHOST}]\nnetsvcs = multi "W64Time"', (HIGH,), (MEDIUM,), "svchost would not run it"
    ),
    Refined("svc-servicedll", DLL, "[Microsoft]", (HIGH,), (HIGH,), ""),
    Refined(
        "svc-disabled-defence",
        NO_DEFENDER,
        number(f"{POLICIES}\\Windows Defender", "DisableAntiSpyware", 1),
        (HIGH,),
        (HIGH,),
        "A policy in SOFTWARE says the same (DisableAntiSpyware 1, which Windows 10 and 11 ignore since August 2020)",
    ),
    Refined(
        "svc-disabled-defence",
        NO_DEFENDER,
        number("Microsoft\\Windows Defender\\Features", "TamperProtection", 5),
        (HIGH,),
        (HIGH,),
        "Tamper Protection was on (TamperProtection 5)",
    ),
    Refined(
        "lsa-ppl-off",
        OLD_LSA + "RunAsPPL = dword 0",
        number(f"{POLICIES}\\Windows\\System", "RunAsPPL", 1),
        (LOW,),
        (INFO,),
        "RunAsPPL 1 switches the protection of lsass on all the same",
        "win11-22h2-x64",
    ),
    Refined(
        "lsa-ppl-off",
        OLD_LSA + "RunAsPPL = dword 2",
        number(f"{POLICIES}\\Windows\\System", "RunAsPPL", 0),
        (),
        (LOW,),
        "RunAsPPL is 0 by policy in SOFTWARE",
        "win11-22h2-x64",
    ),
    Refined(
        "lsa-ppl-off",
        OLD_LSA + "RunAsPPL = dword 0",
        number(f"{POLICIES}\\Windows\\System", "RunAsPPL", 1),
        (LOW,),
        (LOW,),
        "",
    ),
    Refined(
        "lsa-cfgflags",
        OLD_LSA + "LsaCfgFlags = dword 0",
        number(f"{POLICIES}\\Windows\\DeviceGuard", "LsaCfgFlags", 2),
        (LOW,),
        (INFO,),
        "LsaCfgFlags 2 switches Credential Guard on all the same",
    ),
    Refined(
        "lsa-cfgflags",
        OLD_LSA + "LsaCfgFlags = dword 0",
        number(f"{POLICIES}\\Windows\\DeviceGuard", "LsaCfgFlags", 0),
        (LOW,),
        (LOW,),
        "",
    ),
    Refined(
        "lsa-misc-weakening",
        "[ControlSet001\\Control\\Lsa]",
        number("Microsoft\\Windows\\CurrentVersion\\Policies\\System", "LocalAccountTokenFilterPolicy", 1),
        (),
        (MEDIUM,),
        "LocalAccountTokenFilterPolicy is 1 in SOFTWARE",
    ),
    Refined(
        "hvci",
        GUARD,
        number(f"{POLICIES}\\Windows\\DeviceGuard", "EnableVirtualizationBasedSecurity", 1),
        (HIGH,),
        (INFO,),
        "EnableVirtualizationBasedSecurity 1 switches it on all the same",
    ),
    Refined(
        "hvci",
        GUARD,
        number(f"{POLICIES}\\Windows\\DeviceGuard", "HypervisorEnforcedCodeIntegrity", 1),
        (HIGH,),
        (HIGH,),
        "",
    ),
    Refined("rdp-enabled", RDP_ON, number(RDP_POLICY, "fDenyTSConnections", 1), (INFO,), (INFO,), "lets nobody in"),
    Refined("rdp-enabled", RDP_ON, number(RDP_POLICY, "UserAuthentication", 0), (INFO,), (INFO,), "UserAuthentication is 0"),
    Refined(
        "rdp-enabled",
        "[ControlSet001]",
        number(RDP_POLICY, "fDenyTSConnections", 0),
        (),
        (INFO,),
        "takes connections by policy",
    ),
    Refined(
        "rdp-enabled",
        RDP_ON
        + "\n[ControlSet001\\Control\\Terminal Server\\WinStations\\RDP-Tcp]\nUserAuthentication = dword 0\nPortNumber = dword 3391",
        number(RDP_POLICY, "fDenyTSConnections", 1),
        (HIGH,),
        (INFO,),
        "fDenyTSConnections 1 lets nobody in",
    ),
    Refined("ci-policy", NARROW_EDITION, f'[{NT}]\nEditionID = sz "CloudN"', (MEDIUM,), (INFO,), "which demands it."),
    Refined("ci-policy", NARROW_EDITION, f'[{NT}]\nEditionID = sz "Core"', (MEDIUM,), (MEDIUM,), "in S mode alone"),
    Refined(
        "firewall-off",
        FIREWALL + "\\DomainProfile]\nEnableFirewall = dword 0",
        number(f"{POLICIES}\\WindowsFirewall\\DomainProfile", "EnableFirewall", 1),
        (MEDIUM,),
        (INFO,),
        "EnableFirewall 1 undoes that",
    ),
    Refined(
        "firewall-off",
        FIREWALL + "\\StandardProfile]\nEnableFirewall = dword 0",
        number(f"{POLICIES}\\WindowsFirewall\\PrivateProfile", "EnableFirewall", 0),
        (MEDIUM,),
        (MEDIUM,),
        "says the same (EnableFirewall 0)",
    ),
    Refined(
        "firewall-off",
        "[ControlSet001]",
        number(f"{POLICIES}\\WindowsFirewall\\PublicProfile", "EnableFirewall", 0),
        (),
        (MEDIUM,),
        "The firewall is off by policy in SOFTWARE (PublicProfile, EnableFirewall 0)",
    ),
    Refined(
        "firewall-off",
        "[ControlSet001]",
        number(f"{POLICIES}\\WindowsFirewall\\StandardProfile", "EnableFirewall", 0),
        (),
        (),
        "",
    ),
    Refined(
        "firewall-off",
        "[ControlSet001]",
        number(f"{POLICIES}\\WindowsFirewall\\StandardProfile", "EnableFirewall", 0),
        (),
        (MEDIUM,),
        "StandardProfile, EnableFirewall 0",
        "xp-x86",
    ),
    Refined(
        "software-winlogon-shell",
        "[ControlSet001]",
        f'[{NT}\\Winlogon]\nShell = sz "explorer.exe, evil.exe"',
        (),
        (CRITICAL,),
        "beside explorer.exe",
    ),
    Refined(
        "software-winlogon-userinit",
        "[ControlSet001]",
        f'[{NT}\\Winlogon]\nUserinit = sz "C:\\Windows\\system32\\userinit.exe,C:\\Users\\e.exe"',
        (),
        (CRITICAL,),
        "starts C:\\Users\\e.exe at each logon",
    ),
    Refined(
        "software-ifeo-debugger",
        "[ControlSet001]",
        f'[{NT}\\Image File Execution Options\\MsMpEng.exe]\nDebugger = sz "x.exe"',
        (),
        (CRITICAL,),
        "a security product, which so does not run",
    ),
    Refined(
        "software-appinit-dlls",
        "[ControlSet001]",
        f'[{NT}\\Windows]\nAppInit_DLLs = sz "C:\\e.dll"\nLoadAppInit_DLLs = dword 1',
        (),
        (CRITICAL,),
        "each program that loads user32.dll",
    ),
    Refined(
        "software-gina-dll",
        "[ControlSet001]",
        f'[{NT}\\Winlogon]\nGinaDLL = sz "C:\\WINDOWS\\Temp\\g.dll"',
        (),
        (CRITICAL,),
        "it sees each password",
        "xp-x86",
    ),
    Refined(
        "software-winlogon-notify",
        "[ControlSet001]",
        f'[{NT}\\Winlogon\\Notify\\crypt32chain]\nDLLName = sz "crypt33.dll"',
        (),
        (CRITICAL,),
        "as shipped the package is crypt32.dll",
        "xp-x86",
    ),
)


def case_with(system: str, software: str | None, machine: str) -> Case:
    case = case_of(Example("a test", system, generation=machine))
    if software is not None:
        case.software = read_software(MemoryHive("SOFTWARE", parse_notation(software).plain), case.generation)
    return case


def rule_of(case: Case, id: str) -> Rule:
    [rule] = [rule for rule in refined_rules(RULES, case) if rule.id == id]
    return rule


def severities(rule: Rule, hits: Iterable[Hit]) -> tuple[Severity, ...]:
    return tuple(hit.severity or rule.severity for hit in hits)


@pytest.mark.parametrize("one", TABLE, ids=lambda one: f"{one.rule}: {one.words or 'no change'}")
def test_software_decides_what_its_row_says(one: Refined) -> None:
    alone, both = (case_with(one.system, software, one.machine) for software in (None, one.software))
    rule = rule_of(alone, one.rule)
    before, refined = list(rule.check(alone)), rule_of(both, one.rule)
    after = list(refined.check(both))
    assert severities(rule, before) == one.before
    assert severities(refined, after) == one.after
    told = " ".join(hit.message for hit in after)
    if not one.words:
        assert after == before
        return
    assert one.words in told
    assert one.words not in " ".join(hit.message for hit in before)
    known = {origin for hit in before for origin in hit.because}
    assert {origin for hit in after for origin in hit.because} - known, "SOFTWARE is not cited"


def test_every_refinement_is_tested_and_of_a_rule_that_there_is() -> None:
    assert {one.rule for one in REFINEMENTS} == {one.rule for one in TABLE}
    assert {one.rule for one in REFINEMENTS} <= {rule.id for rule in RULES}


def test_every_rule_that_needs_software_is_refined_by_it() -> None:
    needing = {rule.id for rule in RULES if "SOFTWARE" in rule.needs}
    assert needing <= {one.rule for one in REFINEMENTS}
    case = case_with("[ControlSet001]", "[Microsoft]", "win10-21h2-x64")
    assert not any("SOFTWARE" in rule.needs for rule in refined_rules(RULES, case))


def test_without_software_the_rules_are_those_of_the_catalogue() -> None:
    assert refined_rules(RULES, case_with("[ControlSet001]", None, "win10-21h2-x64")) is RULES


def test_software_of_another_machine_refines_nothing() -> None:
    other = f'[{NT}]\nCurrentVersion = sz "6.1"\nCurrentBuildNumber = sz "7601"\nEditionID = sz "CloudN"'
    assert refined_rules(RULES, case_with(NARROW_EDITION, other, "win10-21h2-x64")) is RULES


def test_a_policy_of_a_wrong_type_decides_nothing() -> None:
    software = f'[{POLICIES}\\WindowsFirewall\\DomainProfile]\nEnableFirewall = sz "1"'
    case = case_with(FIREWALL + "\\DomainProfile]\nEnableFirewall = dword 0", software, "win10-21h2-x64")
    rule = rule_of(case, "firewall-off")
    assert severities(rule, rule.check(case)) == (MEDIUM,)

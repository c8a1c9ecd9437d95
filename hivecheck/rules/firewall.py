r"""The firewall's own settings: profiles that are off, rules that let in what should not be, or block programs of security products, and filters on these.

Its policies by group rules are in SOFTWARE. Rules as shipped name their texts in FirewallAPI.dll. Filters are what the Base Filtering
Engine keeps in the hive and puts in force at each boot: Windows' own name no program, and what one does to the program it names is not
decoded here, as the form of these values is not documented. Source: detections.md 1.11; EDRSilencer (github.com/netero1010/EDRSilencer);
197 filters of real hives of 7, 10 1709 and 10 1903.
"""

import re
from codecs import utf_16_le_decode
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import VISTA
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import REG_SZ, Key
from hivecheck.registry.keys import stored_in
from hivecheck.registry.strings import decode_sz
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_path, vendor_of_service
from hivecheck.settings.machine_identity import Role

_FILTERS = "Services\\BFE\\Parameters\\Policy\\Persistent\\Filter"
_DEVICE = "\\device\\".encode("utf-16-le")
_PROGRAM = rb"\\\0d\0e\0v\0i\0c\0e\0\\\0(?:[^\0]\0|\0[^\0]|[^\0][^\0]){1,400}"  # compiled when needed
_FILTERS_AT_MOST = 5_000
_TOLD = 20


def judge_filters(case: Case) -> Iterator[Hit]:
    """A hit for each program of a security product that a persistent filter names."""
    key = case.key(_FILTERS) if case.generation >= VISTA else None
    told: set[str] = set()
    for name, data in _naming_programs(key) if key is not None else ():
        for found in re.findall(_PROGRAM, data):
            program = found.decode("utf-16-le", "replace")
            path = case.path(program)
            vendor = vendor_of_path(path)
            raw = key.value(name) if key is not None and vendor and path.text not in told else None
            if raw is None or len(told) >= _TOLD:
                continue
            told.add(path.text)
            text = (
                f"A persistent filter of the filtering engine names {program}, a program of {vendor}: by such filters, in force at "
                "each boot, public tools cut a sensor off from its server. What this one does is not decoded."
            )
            severity = Severity.HIGH if vendor == "Microsoft Defender" else Severity.MEDIUM
            yield Hit(text, (raw.ref,), f"filter {path.text}", severity, Confidence.MEDIUM, story=(case.thread_of(path),))


def _naming_programs(key: Key) -> Iterator[tuple[str, bytes]]:
    """Names and data of the filters that name a program."""
    for place, (name, _, data) in enumerate(stored_in(key)):
        if place >= _FILTERS_AT_MOST:
            return
        if _DEVICE in data:
            yield name, data


_POLICY = "Services\\SharedAccess\\Parameters\\FirewallPolicy"
_PROFILES = ("StandardProfile", "PublicProfile", "DomainProfile")
_STORES = (_POLICY + "\\FirewallRules", _POLICY + "\\Mdm\\FirewallRules")
_PORTS = frozenset(("3389", "5985", "5986"))
_RULES_TOLD = 50
# what can make a rule odd: most of the hundreds of rules hold none of it and are not taken apart
_TELLING = ("lport=3389", "lport=598", ":\\", "%programd", "%t", "%pub", "%systemd", "%user", "%app")


def _check(case: Case) -> Iterator[Hit]:
    found = list(_judge_profiles(case))
    found += _judge_rules(case)
    found += _judge_programs_of_xp(case)
    found += judge_filters(case)
    alarms = sum(hit.severity is Severity.MEDIUM for hit in found)
    for hit in found:
        raised = hit.severity is Severity.MEDIUM and (alarms > 1 or any(map(case.is_new, hit.because)))
        yield changed(hit, severity=Severity.HIGH) if raised else hit


def _judge_profiles(case: Case) -> Iterator[Hit]:
    for profile in _PROFILES:
        key = f"{_POLICY}\\{profile}"
        if case.key(key) is None:
            continue
        name = "private" if profile == "StandardProfile" else profile.removesuffix("Profile").lower()
        enabled = cited_number(case, key, "EnableFirewall")
        if enabled is not None and enabled.number == 0:
            text = f"The firewall is off for {name} networks (EnableFirewall 0)."
            yield _hit(text, enabled.origin, f"{profile}\\EnableFirewall", Severity.MEDIUM)
        inbound = cited_number(case, key, "DefaultInboundAction")
        if inbound is not None and inbound.number == 0:
            text = f"The firewall lets in what no rule forbids on {name} networks (DefaultInboundAction 0)."
            yield _hit(text, inbound.origin, f"{profile}\\DefaultInboundAction", Severity.MEDIUM)
        silent = cited_number(case, key, "DisableNotifications")
        if silent is not None and silent.number == 1 and case.facts.role.value in (None, Role.WORKSTATION):
            text = f"The firewall does not tell the user what it blocks on {name} networks (DisableNotifications 1)."
            yield _hit(text, silent.origin, f"{profile}\\DisableNotifications", Severity.LOW)


def _judge_rules(case: Case) -> Iterator[Hit]:
    """Of the rules in force; not of `RestrictedServices`, where Windows itself blocks all that Defender's services do not need."""
    for path in _STORES:
        yield from _judge_store(case, case.key(path))


def _judge_store(case: Case, key: Key | None) -> Iterator[Hit]:
    told: set[str] = set()
    for name, data in _telling_rules(key) if key is not None else ():
        hit = _judge_rule(case, name, decode_sz(data).text)
        raw = key.value(name) if key is not None and hit is not None and hit.subject not in told else None
        if hit is None or raw is None:
            continue
        told.add(hit.subject)
        yield changed(hit, because=(raw.ref.citing(decode_sz(raw.data).text),))
        if len(told) >= _RULES_TOLD:
            break


def _telling_rules(key: Key) -> Iterator[tuple[str, bytes]]:
    """Names and data of the rules that block a program, and of those that let something in and hold a word that can make them odd."""
    for name, type, data in stored_in(key):
        if type != REG_SZ:
            continue
        # words are found in text several times as fast as in its bytes
        text = utf_16_le_decode(data, "replace", True)[0].lower()
        if "active=true" not in text:
            continue
        if "action=block" in text and ("app=" in text or "svc=" in text):
            yield name, data
        if "dir=in" not in text or "action=allow" not in text:
            continue
        for word in _TELLING:
            if word in text:
                yield name, data
                break


def _judge_rule(case: Case, rule: str, text: str) -> Hit | None:
    """The hit on one rule, still without its origin."""
    fields: dict[str, list[str]] = {}
    for part in text.split("|"):
        name, equals, value = part.partition("=")
        if equals:
            fields.setdefault(name.casefold(), []).append(value)
    active, way, action = ([value.casefold() for value in fields.get(field, ())] for field in ("active", "dir", "action"))
    name = fields.get("name", [rule])[0]
    if action == ["block"] and active != ["false"]:
        return _judge_block(case, name, fields.get("app", [""])[0], fields.get("svc", [""])[0], way)
    if way != ["in"] or active == ["false"]:
        return None
    program = fields.get("app", [""])[0]
    path = case.path(program)
    if program and path.is_user_writable:
        asked = fields.get("defer") == ["User"]
        told = ". A user said yes when Windows asked" if asked else ""
        words = f"The firewall rule {name} lets anybody connect to {program}, in a folder that ordinary users can write to{told}."
        severity = Severity.LOW if asked else Severity.MEDIUM
        return Hit(words, (), program, severity, story=(case.thread_of(path),))
    ports = _PORTS.intersection(fields.get("lport", ()))
    limited = any(field.startswith(("ra4", "ra6", "radom")) for field in fields)
    if ports and not limited:
        shipped = any(value.casefold().startswith("@firewallapi.dll,") for value in fields.get("embedctxt", ()))
        what = "remote desktop" if "3389" in ports else "remote management"
        words = f"The firewall rule {name} lets {what} (port {min(ports)}) in from anywhere" + (
            ": a rule of Windows itself, switched on." if shipped else ": a rule that Windows does not ship."
        )
        return Hit(
            words,
            (),
            f"port {min(ports)} {'shipped' if shipped else name}",
            Severity.LOW if shipped else Severity.MEDIUM,
        )
    return None


def _judge_block(case: Case, name: str, program: str, service: str, way: list[str]) -> Hit | None:
    """The hit on a rule that cuts a program or service of a security product off."""
    path = case.path(program)
    vendor = case.security.vendor_of(path) if program else ""
    if not vendor and service:
        program, vendor = f"the service {service}", vendor_of_service(service)
    if not vendor:
        return None
    does = "be reached over" if way == ["in"] else "send anything over"
    words = (
        f"The firewall rule {name} does not let {program}, which is of {vendor}, {does} the network: a sensor that is cut off from "
        "its server tells nobody what it sees."
    )
    set_up = vendor == "Microsoft Defender" or vendor in case.security.vendors
    return Hit(words, (), program, Severity.HIGH if set_up else Severity.MEDIUM, story=(case.thread_of(path),))


def _judge_programs_of_xp(case: Case) -> Iterator[Hit]:
    for profile in ("StandardProfile", "DomainProfile"):
        key = case.key(f"{_POLICY}\\{profile}\\AuthorizedApplications\\List")
        for number, raw in enumerate(key.values() if key is not None else ()):
            if number >= 200 or raw.type != REG_SZ:
                break
            text = decode_sz(raw.data).text
            path = case.path(raw.name)
            if ":enabled:" in text.casefold() and path.is_user_writable:
                words = f"The firewall lets anybody connect to {raw.name}, in a folder that ordinary users can write to."
                yield Hit(words, (raw.ref.citing(text),), raw.name, Severity.MEDIUM, story=(case.thread_of(path),))


def _hit(text: str, origin: ValueRef, subject: str, severity: Severity) -> Hit:
    return Hit(text, (origin,), subject, severity, story=("firewall",))


FIREWALL_OFF = Rule(
    id="firewall-off",
    family="network",
    title="The firewall is off or lets too much in",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.004",),
    why=(
        "The profiles decide what reaches the machine from the network. Intruders switch them off or add one rule for their own "
        "program or for remote desktop, and cut a sensor off from its server by one that blocks its program."
    ),
    false_positives=(
        "Administrators who use another firewall. Programs in a profile that a user let in when asked: low.",
        "Rules of Windows for remote desktop or remote management that were switched on: low.",
        "A persistent filter that another vendor's product made for itself (medium).",
        "Administrators who keep a product without a use for the network off it by a rule.",
    ),
    remedy="Set EnableFirewall to 1 in all profiles and delete the rule, in every control set; collect the program it names.",
    sources=("detections.md 1.11",),
    severities=(
        "medium; high where a second thing is wrong with the firewall or the key was written lately; low for notifications, for "
        "rules of Windows itself and for programs that a user let in; high for a persistent filter on a program of Defender, "
        "and for a rule that blocks a program of a security product that is set up here"
    ),
    needs="the SOFTWARE hive for the firewall's group policies",
    check=_check,
)

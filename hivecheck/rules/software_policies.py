"""Group policies and other numbers of SOFTWARE that decide over what SYSTEM says: they go before it, so they mend or make a weakness.

Every function gives the hits of one rule as SOFTWARE leaves them: milder where it overrides what SYSTEM weakens, with one more
where it weakens what SYSTEM does not. Source: detections.md 1.8 to 1.11; documentation of the policies named.
"""

from collections.abc import Iterable, Iterator

from hivecheck.facts.fact import changed
from hivecheck.facts.generation import VISTA, WIN10_1507, WIN10_1607, WIN10_1903, WIN11, XP
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Severity
from hivecheck.settings.row import Row
from hivecheck.settings.software import Software
from hivecheck.settings.software_rows import (
    EDITION_ID,
    FIREWALL_POLICIES,
    POLICY_DENY_CONNECTIONS,
    POLICY_HVCI,
    POLICY_LSA_CFG_FLAGS,
    POLICY_NETWORK_LOGON,
    POLICY_NO_DEFENDER,
    POLICY_RUN_AS_PPL,
    POLICY_SECURITY_LAYER,
    POLICY_SHADOW,
    POLICY_SINGLE_SESSION,
    POLICY_VBS,
    REMOTE_LOCAL_ACCOUNTS,
    TAMPER_PROTECTION,
)

_ON = (1, 2)
_TAMPER_ON = (1, 5)
_DEFENDER = frozenset({"windefend", "wdfilter", "wdboot", "wdnisdrv", "wdnissvc", "sense"})


def _with(hit: Hit, software: Software, row: Row[int | None], told: str, severity: Severity | None = None) -> Hit:
    """The hit with what a number of SOFTWARE adds to it; its severity where that changes."""
    origins = software[row].origins
    graded = changed(hit, message=f"{hit.message} {told}", because=(*hit.because, *origins))
    return graded if severity is None else changed(graded, severity=severity)


def _overridden(hits: Iterable[Hit], software: Software, row: Row[int | None], since: bool, what: str) -> Iterator[Hit]:
    """The hits, mere states where a policy switches on what SYSTEM switches off."""
    number = software[row].value
    for hit in hits:
        if since and number in _ON:
            told = f"A policy in SOFTWARE goes before it: {row.value} {number} switches {what} on all the same."
            yield _with(hit, software, row, told, Severity.INFO)
        else:
            yield hit


def refine_lsass_protection(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """RunAsPPL by policy, which Windows reads from 11 on."""
    later = case.generation >= WIN11
    found = tuple(_overridden(hits, software, POLICY_RUN_AS_PPL, later, "the protection of lsass"))
    yield from found
    if later and not found and software[POLICY_RUN_AS_PPL].value == 0:
        text = "RunAsPPL is 0 by policy in SOFTWARE, which goes before the value in SYSTEM: lsass runs unprotected."
        yield Hit(text, software[POLICY_RUN_AS_PPL].origins, "RunAsPPL by policy", Severity.LOW)


def refine_credential_guard(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """LsaCfgFlags by policy."""
    later = case.generation >= WIN10_1507
    yield from _overridden(hits, software, POLICY_LSA_CFG_FLAGS, later, "Credential Guard")


def refine_memory_integrity(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Virtualization-based security and memory integrity by policy."""
    rows = {"EnableVirtualizationBasedSecurity": POLICY_VBS, "HypervisorEnforcedCodeIntegrity": POLICY_HVCI}
    for hit in hits:
        row = rows.get(hit.subject)
        yield from (hit,) if row is None else _overridden((hit,), software, row, case.generation >= WIN10_1507, "it")


def refine_weakened_logons(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """One hit more where local accounts keep their rights from afar."""
    yield from hits
    if case.generation >= VISTA and software[REMOTE_LOCAL_ACCOUNTS].value == 1:
        text = (
            "LocalAccountTokenFilterPolicy is 1 in SOFTWARE: a local administrator's password, or its hash, is enough for all "
            "rights from afar. Setting up remote management writes it as well."
        )
        origins = software[REMOTE_LOCAL_ACCOUNTS].origins
        yield Hit(text, origins, "LocalAccountTokenFilterPolicy", Severity.MEDIUM)


def refine_remote_desktop(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Whether anybody may come by policy, and which of the weaknesses a policy decides. NT and 2000 read no policy."""
    if case.generation < XP:
        yield from hits
        return
    deny = software[POLICY_DENY_CONNECTIONS]
    found = list(hits)
    for hit in found:
        if deny.value is not None and deny.value != 0:
            told = f"A policy in SOFTWARE goes before it: fDenyTSConnections {deny.value} lets nobody in."
            hit = _with(hit, software, POLICY_DENY_CONNECTIONS, told, Severity.INFO)
        elif deny.value == 0:
            hit = _with(hit, software, POLICY_DENY_CONNECTIONS, "By policy in SOFTWARE it is on.")
        for row in (POLICY_NETWORK_LOGON, POLICY_SECURITY_LAYER, POLICY_SHADOW, POLICY_SINGLE_SESSION):
            if software[row].value is not None:
                told = f"By policy {row.value} is {software[row].value}, whatever SYSTEM says."
                hit = _with(hit, software, row, told)
        yield hit
    if not found and deny.value == 0:
        text = "Remote desktop takes connections by policy: fDenyTSConnections is 0 in SOFTWARE, which goes before SYSTEM."
        yield Hit(text, deny.origins, "remote desktop", Severity.INFO, story=("remote desktop",))


def refine_code_integrity(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """The policy of another edition, where SOFTWARE names the edition that demands it."""
    edition = software[EDITION_ID]
    for hit in hits:
        if hit.subject != "SkuPolicyRequired" or not edition.value or case.generation < WIN10_1507:
            yield hit
            continue
        locked = edition.value.casefold().startswith("cloud")
        told = f" SOFTWARE names the edition {edition.value}" + (
            ", which demands it." if locked else ", which demands it in S mode alone."
        )
        severity = Severity.INFO if locked else hit.severity
        yield changed(hit, message=hit.message + told, because=(*hit.because, *edition.origins), severity=severity)


def refine_disabled_defence(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Whether Defender is off by policy too, or was to guard itself against just that."""
    for hit in hits:
        if hit.subject.partition(" ")[0].casefold() in _DEFENDER and hit.severity is not Severity.INFO:
            if software[POLICY_NO_DEFENDER].value == 1:
                ignored = ", which Windows 10 and 11 ignore since August 2020" if case.generation >= WIN10_1607 else ""
                told = f"A policy in SOFTWARE says the same (DisableAntiSpyware 1{ignored})."
                hit = _with(hit, software, POLICY_NO_DEFENDER, told)
            number = software[TAMPER_PROTECTION].value
            if number in _TAMPER_ON and case.generation >= WIN10_1903:
                told = f"SOFTWARE says that Tamper Protection was on (TamperProtection {number}), which keeps Windows from changing this."
                hit = _with(hit, software, TAMPER_PROTECTION, told)
        yield hit


def refine_firewall(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """The profiles by policy, which go before those of SYSTEM."""
    decided = {
        f"{profile}\\{name}": (name, row)
        for profile, name, row in FIREWALL_POLICIES
        if software[row].value is not None and _is_read(case, row)
    }
    told: set[str] = set()
    for hit in hits:
        found = decided.get(hit.subject)
        if found is None:
            yield hit
            continue
        told.add(hit.subject)
        name, row = found
        number = software[row].value
        if number:
            words = f"A policy in SOFTWARE goes before it: {name} {number} undoes that."
            yield _with(hit, software, row, words, Severity.INFO)
        else:
            yield _with(hit, software, row, f"A policy in SOFTWARE says the same ({name} 0).")
    for subject, (name, row) in decided.items():
        if subject not in told and software[row].value == 0:
            what = "is off" if name == "EnableFirewall" else "lets in what no rule forbids"
            profile = row.key.rpartition("\\")[2]
            text = f"The firewall {what} by policy in SOFTWARE ({profile}, {name} 0), whatever SYSTEM says."
            yield Hit(text, software[row].origins, subject, Severity.MEDIUM, story=("firewall",))


def _is_read(case: Case, row: Row[int | None]) -> bool:
    """Whether this Windows reads the policy there: the standard profile is the private one since Vista."""
    profile = row.key.rpartition("\\")[2]
    return profile == "DomainProfile" or (profile == "StandardProfile") == (case.generation < VISTA)

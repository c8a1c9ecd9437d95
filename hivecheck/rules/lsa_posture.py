r"""Numbers that make logons weaker: old forms of NTLM, anonymous access, and what a domain relies on.

Source: detections.md 1.9; baselines.md 2.8.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import VISTA, WIN7, WIN2000, XP, Generation
from hivecheck.registry.hive import RawValue
from hivecheck.registry.raw_values import number_in
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity

_LSA = "Control\\Lsa"
_MSV = _LSA + "\\MSV1_0"
_NETLOGON = "Services\\Netlogon\\Parameters"
_STRONG = 0x2000_0000  # 128-bit encryption
_REPAIR = (
    "Restore the value as shipped in every control set, restart, and change the credentials that were used here meanwhile."
)


@fact
class Weakness:
    """A number that weakens where it is one of `bad`; from `since` on. `told` completes the sentence `NAME is N: ...`."""

    key: str
    name: str
    bad: tuple[int, ...]
    severity: Severity
    told: str
    since: Generation = WIN2000


_WEAKNESSES: tuple[Weakness, ...] = (
    Weakness(_LSA, "DisableRestrictedAdmin", (0,), Severity.HIGH, "remote desktop takes a password's hash in place of the password", WIN7),
    Weakness(_LSA, "DsrmAdminLogonBehavior", (2,), Severity.HIGH, "the restore-mode administrator of a domain controller can log on at any time"),
    Weakness(_LSA, "DsrmAdminLogonBehavior", (1,), Severity.MEDIUM, "the restore-mode administrator can log on while the directory service is stopped"),
    Weakness(_LSA, "everyoneincludesanonymous", (1,), Severity.HIGH, "who has not logged on may do what Everyone may", XP),
    Weakness(_LSA, "restrictanonymoussam", (0,), Severity.HIGH, "accounts can be listed without a logon", XP),
    Weakness(_LSA, "limitblankpassworduse", (0,), Severity.MEDIUM, "accounts without a password can be used over the network", XP),
    Weakness(_LSA, "forceguest", (1,), Severity.LOW, "network logons of local accounts become guests (Windows 7 and later ship 0)", WIN7),
    Weakness(_LSA, "disabledomaincreds", (1,), Severity.INFO, "passwords for the network are not saved, which hardens the machine", XP),
    Weakness(_LSA, "crashonauditfail", (1, 2), Severity.MEDIUM, "the machine stops when the security log is full; 2 says that it has happened", WIN2000),
    Weakness(_NETLOGON, "AllowNT4Crypto", (1,), Severity.MEDIUM, "the secure channel to the domain may use the cryptography of NT 4"),
    Weakness(_NETLOGON, "RequireSignOrSeal", (0,), Severity.HIGH, "the secure channel to the domain need not be signed", XP),
    Weakness(_NETLOGON, "RequireStrongKey", (0,), Severity.HIGH, "the secure channel to the domain may have a weak key", VISTA),
    Weakness(_NETLOGON, "SealSecureChannel", (0,), Severity.HIGH, "the secure channel to the domain is not encrypted", XP),
    Weakness(_NETLOGON, "SignSecureChannel", (0,), Severity.HIGH, "the secure channel to the domain is not signed", XP),
    Weakness(_NETLOGON, "FullSecureChannelProtection", (0,), Severity.HIGH, "a domain controller lets unprotected channels in (Zerologon)"),
    Weakness(_NETLOGON, "DisablePasswordChange", (1,), Severity.MEDIUM, "the machine's password never changes; usual on virtual desktops"),
    Weakness("Services\\Kdc", "StrongCertificateBindingEnforcement", (0,), Severity.HIGH, "a domain controller takes certificates that are bound to no account"),
)  # fmt: skip


def number_hit(
    raw: RawValue, number: int, told: str, severity: Severity | None = None, confidence: Confidence | None = None
) -> Hit:
    return Hit(f"{raw.name} is {number}: {told}.", (raw.ref.citing(str(number)),), raw.name, severity, confidence)


def _check_ntlm(case: Case) -> Iterator[Hit]:
    later = case.generation >= VISTA
    level = case.value(_LSA, "LmCompatibilityLevel")
    number = number_in(level)
    if level is not None and number is not None and number < 3 and later:
        told = "this machine answers with LM or NTLM version 1, which are broken at once (as shipped 3)"
        yield number_hit(level, number, told, Severity.HIGH if number < 2 else Severity.MEDIUM)
    if case.generation >= WIN7:
        for name, who in (("NtlmMinClientSec", "asks for"), ("NtlmMinServerSec", "insists on")):
            raw = case.value(_MSV, name)
            number = number_in(raw)
            if raw is not None and number is not None and not number & _STRONG:
                told = f"NTLM no longer {who} 128-bit encryption (as shipped 0x20000000)"
                yield number_hit(raw, number, told, Severity.MEDIUM)
    restricted = case.value(_MSV, "RestrictSendingNTLMTraffic")
    if restricted is not None and number_in(restricted) == 0 and case.is_new(restricted.ref):
        yield number_hit(
            restricted, 0, "NTLM is sent to any server, and the key was written lately", Severity.MEDIUM, Confidence.LOW
        )
    hashes = case.value(_LSA, "NoLMHash")
    if hashes is not None and number_in(hashes) == 0 and later:
        yield number_hit(
            hashes, 0, "the LM hash of each new password is kept, which is broken at once (as shipped 1)", Severity.MEDIUM
        )


def _check_weakening(case: Case) -> Iterator[Hit]:
    for one in _WEAKNESSES:
        if case.generation < one.since:
            continue
        raw = case.value(one.key, one.name)
        number = number_in(raw)
        if raw is not None and number in one.bad:
            yield number_hit(raw, number, one.told, one.severity)
    for string in case.strings(_NETLOGON, "VulnerableChannelAllowList"):
        yield Hit(
            f"VulnerableChannelAllowList lets accounts use unprotected channels to this domain controller (Zerologon): {string.text}.",
            (string.origin,),
            "VulnerableChannelAllowList",
            Severity.HIGH,
        )


NTLM_DOWNGRADE = Rule(
    id="ntlm-downgrade",
    family="lsa",
    title="Older and weaker NTLM is let pass",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.010", "T1112"),
    why=(
        "Attackers lower these numbers to be answered with NTLM version 1, from which the password's hash follows "
        "(Internal Monologue), or to have LM hashes kept."
    ),
    false_positives=("Domains with very old machines. XP and 2003 ship lower numbers, which are let pass there.",),
    remedy=_REPAIR,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="high for LmCompatibilityLevel 0 or 1, else medium; on Vista and later",
    check=_check_ntlm,
)
LSA_MISC_WEAKENING = Rule(
    id="lsa-misc-weakening",
    family="lsa",
    title="A logon or the channel to the domain is made weaker",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1098", "T1078", "T1562.010", "T1556"),
    why=(
        "Each of these numbers opens a way in that Windows ships closed: hashes in place of passwords over remote desktop, the "
        "restore-mode account of a domain controller, anonymous listing, an unsigned channel to the domain."
    ),
    false_positives=("DisablePasswordChange on virtual desktops.", "crashonauditfail on machines under strict audit."),
    remedy=_REPAIR,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="high for what opens a logon or the channel, medium and low for the rest, info for what hardens",
    needs="LocalAccountTokenFilterPolicy is in the SOFTWARE hive",
    check=_check_weakening,
)
RULES: tuple[Rule, ...] = (NTLM_DOWNGRADE, LSA_MISC_WEAKENING)

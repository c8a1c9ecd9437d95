r"""What keeps the secrets in lsass: its own protection, Credential Guard, and no passwords in clear. Source: detections.md 1.9; baselines.md 2.8."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN10_1507, WIN11, WIN81
from hivecheck.registry.raw_values import number_in
from hivecheck.rules.case import Case
from hivecheck.rules.lsa_posture import number_hit
from hivecheck.rules.rule import Hit, Rule, Severity

_LSA = "Control\\Lsa"


def _was_on(case: Case, name: str) -> int | None:
    """The number of a control set in which a protection of lsass is on; None where it is in none."""
    for other in case.other_sets:
        key = other.key.subkey(_LSA)
        if key is not None and number_in(key.value(name)) in (1, 2):
            return other.number
    return None


def _check_switched_off(case: Case, name: str, what: str) -> Iterator[Hit]:
    raw = case.value(_LSA, name)
    if raw is None or number_in(raw) != 0:
        return
    before, new = _was_on(case, name), case.is_new(raw.ref)
    if before is not None:
        told, severity = f"{what}; in ControlSet{before:03} it is still on", Severity.HIGH
    elif new:
        told, severity = f"{what}, and the key was written lately", Severity.HIGH
    else:
        told, severity = what, Severity.LOW
    yield number_hit(raw, 0, told, severity)


def _check_ppl(case: Case) -> Iterator[Hit]:
    yield from _check_switched_off(
        case, "RunAsPPL", "any administrator may read the memory of lsass, and any DLL loads into it"
    )
    key = case.key(_LSA)
    if case.generation < WIN11 or key is None or key.value("RunAsPPL") is not None or key.value("RunAsPPLBoot") is not None:
        return
    before = _was_on(case, "RunAsPPL")
    yield Hit(
        "RunAsPPL is missing: lsass runs unprotected"
        + (f", though ControlSet{before:03} has it on." if before else ". New installations of 22H2 and later set it."),
        (key.ref,),
        "RunAsPPL",
        Severity.HIGH if before else Severity.LOW,
        Confidence.MEDIUM if before else Confidence.LOW,
    )


def _check_cfg_flags(case: Case) -> Iterator[Hit]:
    if case.generation >= WIN10_1507:
        yield from _check_switched_off(case, "LsaCfgFlags", "Credential Guard is off by this value")


def _check_wdigest(case: Case) -> Iterator[Hit]:
    raw = case.value("Control\\SecurityProviders\\WDigest", "UseLogonCredential")
    if raw is not None and number_in(raw) == 1:
        later = case.generation >= WIN81
        told = "lsass keeps the passwords of those who log on in its memory, in clear"
        if not later:
            told += ", as this Windows does in any case"
        yield number_hit(raw, 1, told, Severity.HIGH if later else Severity.INFO)


LSA_PPL_OFF = Rule(
    id="lsa-ppl-off",
    family="lsa",
    title="The protection of lsass is off",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1003.001"),
    why="With RunAsPPL 1 or 2 not even an administrator reads the memory of lsass, and only DLLs signed for it load there.",
    false_positives=(
        "It is off wherever nobody switched it on. A smart card or token driver that can't load may be the reason.",
    ),
    remedy="Set RunAsPPL to 2 (1 with a lock in the firmware) in every control set; rotate the credentials that lsass held.",
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="low where it is 0, or missing on 11; high where another control set has it on, or the key is new",
    needs="a lock in the firmware overrides the value",
    check=_check_ppl,
)
LSA_CFGFLAGS = Rule(
    id="lsa-cfgflags",
    family="lsa",
    title="Credential Guard is switched off",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1003.001"),
    why="LsaCfgFlags 0 keeps the secrets of lsass in lsass itself, where an administrator can read them.",
    false_positives=("Machines that were never meant to have it. LsaCfgFlagsDefault = 0 is normal and not looked at.",),
    remedy="Set LsaCfgFlags to 2 (1 with a lock in the firmware) in every control set; rotate the credentials that lsass held.",
    sources=("detections.md 1.9",),
    severities="low; high where another control set has it on, or the key is new",
    needs="policies in the SOFTWARE hive may switch it on all the same",
    check=_check_cfg_flags,
)
WDIGEST_CLEARTEXT = Rule(
    id="wdigest-cleartext",
    family="lsa",
    title="lsass is told to keep passwords in clear",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1112", "T1003.001"),
    why=(
        "With UseLogonCredential 1, WDigest keeps the password of everybody who logs on in the memory of lsass. 8.1 and later "
        "don't: setting it is the usual step before stealing credentials."
    ),
    false_positives=(
        "Windows up to 7 keeps them anyway, and may ship the value (info).",
        "Old web servers with digest logon.",
    ),
    remedy="Delete the value, or set it to 0, in every control set; rotate the credentials of all who logged on since.",
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="high from 8.1 on, info before",
    check=_check_wdigest,
)
RULES: tuple[Rule, ...] = (LSA_PPL_OFF, LSA_CFGFLAGS, WDIGEST_CLEARTEXT)

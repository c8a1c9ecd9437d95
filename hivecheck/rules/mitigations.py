r"""Protections that the kernel gives every process, switched off for the whole machine. Source: detections.md 1.6; baselines.md 2.2."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN7, WIN10_1507, WIN81, XP, Family, Generation
from hivecheck.registry.hive import REG_BINARY, REG_DWORD, REG_QWORD
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import MEMORY

_KERNEL = "Control\\Session Manager\\kernel"
_OFF = 2
# Place of a protection among the half bytes of MitigationOptions, lowest first: PS_MITIGATION_OPTION of the Windows headers.
_POLICIES = {
    0: "DEP",
    1: "SEHOP",
    2: "mandatory ASLR",
    4: "bottom-up ASLR",
    5: "high-entropy ASLR",
    10: "control flow guard",
}
_INFORMATIVE = ("DisableTsx", "SplitLargeCaches", "DisableControlFlowGuardExportSuppression", "DisableAutoBoost")


def _check_mitigations(case: Case) -> Iterator[Hit]:
    if case.key(_KERNEL) is not None:
        yield from _check_options(case)
    yield from _check_switches(case)


def _check_options(case: Case) -> Iterator[Hit]:
    raw = case.value(_KERNEL, "MitigationOptions")
    if raw is not None and raw.type in (REG_BINARY, REG_DWORD, REG_QWORD):
        off = [
            name
            for place, name in _POLICIES.items()
            if place // 2 < len(raw.data) and raw.data[place // 2] >> (4 * (place % 2)) & 0x3 == _OFF
        ]
        if off:
            read = case.generation >= WIN7
            yield Hit(
                f"MitigationOptions {'switches' if read else 'would switch'} off for every process: {', '.join(off)}"
                f"{'' if read else f'; {_unread(WIN7)}'}.",
                (raw.ref.citing(raw.data[:32].hex()),),
                "MitigationOptions",
                severity=None if read else Severity.INFO,
            )
    audit = case.value(_KERNEL, "MitigationAuditOptions")
    if audit is not None and any(audit.data[:64]):
        yield Hit(
            "MitigationAuditOptions is set: protections are tried out and reported.",
            (audit.ref,),
            "MitigationAuditOptions",
            severity=Severity.INFO,
        )


def _check_switches(case: Case) -> Iterator[Hit]:
    clients_default = case.family is Family.G3
    for key, name, is_bad, severity, does, since in (
        (
            _KERNEL,
            "DisableExceptionChainValidation",
            True,
            Severity.LOW if clients_default else Severity.MEDIUM,
            "chains of exception handlers are not checked (SEHOP)"
            + (", as on clients of 7 by default" if clients_default else ""),
            VISTA,
        ),
        (
            _KERNEL,
            "KernelSEHOPEnabled",
            False,
            Severity.MEDIUM,
            "chains of exception handlers of the kernel are not checked",
            VISTA,
        ),
        (
            _KERNEL,
            "DriveRemappingMitigation",
            False,
            Severity.HIGH,
            "programs with rights follow drive letters that an ordinary user made",
            WIN10_1507,
        ),
        (MEMORY, "EnableCfg", False, Severity.HIGH, "control flow guard is off", WIN81),
        (_KERNEL, "EnableCfg", False, Severity.HIGH, "control flow guard is off", WIN81),
        (_KERNEL, "ObCaseInsensitive", False, Severity.MEDIUM, "names that differ in case alone are different objects", XP),
    ):
        found = cited_number(case, key, name)
        if found is not None and bool(found.number) is is_bad:
            read = case.generation >= since
            told = does if read else _unread(since)
            yield Hit(
                f"{name} is {found.number}: {told}.", (found.origin,), name, severity=severity if read else Severity.INFO
            )
    for name in _INFORMATIVE:
        found = cited_number(case, _KERNEL, name)
        if found is not None and found.number:
            yield Hit(
                f"{name} is {found.number}, which guides for speed set.", (found.origin,), name, severity=Severity.INFO
            )


def _unread(since: Generation) -> str:
    """That a value does nothing on an older Windows, in words."""
    return f"only {since.name} and later are known to read it, this Windows is older"


KERNEL_MITIGATIONS = Rule(
    id="kernel-mitigations",
    family="memory",
    title="Protections of every process are off",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    severities=(
        "high for DEP, ASLR, control flow guard, SEHOP by MitigationOptions and for drive remapping; medium for the single switches "
        "of SEHOP and of case; low on Vista and 7; info for the rest, and where this "
        "Windows is older than the value."
    ),
    techniques=("T1562", "T1574"),
    why="These protections make flaws of programs hard to use. Nobody needs them off for all programs at once.",
    false_positives=("Packs of tweaks against delays set many of them.",),
    remedy=(
        "Delete the values in every control set: no clean Windows has them. Only ObCaseInsensitive, which is 1 on XP and later as "
        "shipped, is set to 1 there."
    ),
    sources=("detections.md 1.6", "baselines.md 2.2"),
    check=_check_mitigations,
)

RULES: tuple[Rule, ...] = (KERNEL_MITIGATIONS,)

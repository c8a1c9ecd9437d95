r"""KnownDLLs that are missing from the list or excluded from it. Source: detections.md 1.3; smss.md B.8, B.9.

A KnownDLL is mapped once by smss, and every process that imports it gets that mapping instead of searching for a file. The name
of the mapping is the data of the value, not its label.
"""

from collections.abc import Iterator

from hivecheck.baselines.baseline import KNOWN_DLLS_KEY
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2003, Family
from hivecheck.registry.hive import Key, fold_name
from hivecheck.rules import dll_search, foreign_known_dlls
from hivecheck.rules.case import Case
from hivecheck.rules.foreign_known_dlls import REPAIR, thread_of_dll
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import EXCLUDE_FROM_KNOWN_DLLS, KNOWN_DLLS

_GRAVE = frozenset(
    {
        "kernel32.dll", "advapi32.dll", "user32.dll", "gdi32.dll", "ole32.dll", "rpcrt4.dll", "shell32.dll", "ws2_32.dll",
        "sechost.dll", "msvcrt.dll", "combase.dll", "shlwapi.dll", "setupapi.dll", "imm32.dll", "psapi.dll",
    }
)  # fmt: skip
_SLIGHT = frozenset({"difxapi.dll", "lpk.dll", "usp10.dll", "normaliz.dll", "wowarmhw.dll", "xtajit.dll", "xtajit64.dll"})
_TOLD_SINGLY = 8
_OLD_ADVICE = ("mfc", "olepro32", "msvcrt", "wininet", "urlmon")


def _check_removed(case: Case) -> Iterator[Hit]:
    shipped = case.baseline.entries(KNOWN_DLLS_KEY)
    key = case.key(KNOWN_DLLS_KEY)
    if not shipped or case.control_set is None or (key is not None and not key.values_whole):
        return
    above = case.key("Control\\Session Manager") if key is None else key
    if above is None or not above.subkeys_whole:
        return
    listed = case.settings[KNOWN_DLLS].value
    labels = {fold_name(one.name) for one in listed}
    files = {one.text.casefold() for one in listed}
    missing = [
        file
        for label, file in case.baseline.known_dlls.items()
        if label not in labels and file not in files and not shipped[label].optional
    ]
    guess = case.facts.generation
    sure = not case.baseline.nearest and guess.value is not None and guess.confidence is not Confidence.LOW
    if len(missing) > _TOLD_SINGLY:
        yield _tell_many(case, above, missing, key is None, sure)
        return
    for file in missing:
        severity = _weigh_removed(file)
        again = ", unless another KnownDLL imports it and so brings it back" if case.family is not Family.G1 else ""
        yield Hit(
            f"KnownDLLs lacks {file}, which this Windows ships there. smss would not map it{again}: each program would load the "
            f"first {file} it finds, its own folder before System32.",
            (above.ref,),
            file,
            severity=severity if sure else min(severity, Severity.MEDIUM),
            confidence=Confidence.HIGH if sure else Confidence.LOW,
            story=(thread_of_dll(case, file),),
        )


def _tell_many(case: Case, above: Key, missing: list[str], is_gone: bool, sure: bool) -> Hit:
    """One hit for a list that lacks most of what it should hold, or for no list at all."""
    stripped = case.key("Control\\Session Manager\\SubSystems") is None
    what = (
        "The key KnownDLLs is missing"
        if is_gone
        else f"KnownDLLs lacks {len(missing)} of the DLLs that this Windows ships there"
    )
    named = ", ".join(sorted(missing, key=lambda file: (-_weigh_removed(file).rank, file))[:5])
    also = " Other keys that every Windows has are missing as well: this may be no whole hive." if stripped else ""
    return Hit(
        f"{what} ({named} and others). smss would not map them, or not start at all up to 2003: each program would load the first "
        f"such file it finds, its own folder before System32.{also}",
        (above.ref,),
        "KnownDLLs",
        severity=Severity.HIGH if sure and not stripped else Severity.MEDIUM,
        confidence=Confidence.HIGH if sure and not stripped else Confidence.LOW,
    )


def _weigh_removed(file: str) -> Severity:
    if file in _GRAVE:
        return Severity.HIGH
    return Severity.LOW if file in _SLIGHT or file.startswith("wow64") else Severity.MEDIUM


KNOWNDLL_REMOVED = Rule(
    id="knowndll-removed",
    family="known DLLs",
    title="A KnownDLL of this Windows is missing from the list",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities=(
        "high for the DLLs that nearly every program loads, medium for others, low for those of emulation layers and old text "
        "shaping; at most medium where it is not sure which Windows this is, and in a hive that lacks other keys as well."
    ),
    techniques=("T1574.001",),
    why=(
        "Without its mapping a DLL is searched for like any other: first in the program's own folder. Whoever can write there "
        "has code in the program, services included."
    ),
    false_positives=(
        "Batch files of tuning guides delete the _wow64 names.",
        "A build whose list differs from that of its generation's baseline.",
    ),
    remedy=REPAIR,
    sources=("detections.md 1.3", "baselines.md 2.4", "smss.md B8.4, B8.5"),
    needs="What the other KnownDLLs import, which smss maps as well.",
    check=_check_removed,
)


def _check_excluded(case: Case) -> Iterator[Hit]:
    labels = case.baseline.known_dlls
    for string in case.settings[EXCLUDE_FROM_KNOWN_DLLS].value:
        name = string.text.casefold().strip()
        if not name:
            continue
        file = labels.get(fold_name(name)) or (name if name.endswith(".dll") else name + ".dll")
        old = case.generation <= WIN2003
        if file not in case.known_dlls:
            severity, does = Severity.LOW, "It is no KnownDLL of this Windows, so that this has no effect."
        else:
            does = (
                f"smss would not map it: each program would load the first {file} it finds, its own folder before System32."
            )
            advised = old and name.startswith(_OLD_ADVICE)
            severity = Severity.MEDIUM if advised else Severity.HIGH
            if advised:
                does += " Programs of that time asked for this."
        yield Hit(
            f"ExcludeFromKnownDlls names {string.text}. {does}",
            (string.origin,),
            string.text,
            severity=severity,
            events=case.events.citing(string.origin),
            story=(thread_of_dll(case, file),),
        )


EXCLUDE_KNOWNDLL = Rule(
    id="exclude-knowndll",
    family="known DLLs",
    title="A DLL is excluded from KnownDLLs",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities=(
        "high for a KnownDLL of this Windows; medium up to 2003 for the DLLs that programs of that time asked to exclude; low for "
        "one that is no KnownDLL."
    ),
    techniques=("T1574.001",),
    why="An excluded DLL is searched for in the program's folder first. The KnownDLLs list itself still looks whole.",
    false_positives=(
        "Old business programs exclude mfc*, olepro32, msvcrt, wininet or urlmon.",
        "Wrappers of games ask to exclude a DLL, on their users' machines.",
    ),
    remedy="Empty the list in every control set; look for files of that name outside System32 and collect them.",
    sources=("detections.md 1.3", "smss.md B.9"),
    needs="Whether a file of that name lies outside System32.",
    check=_check_excluded,
)

RULES: tuple[Rule, ...] = (
    KNOWNDLL_REMOVED,
    *foreign_known_dlls.RULES,
    EXCLUDE_KNOWNDLL,
    *dll_search.RULES,
)

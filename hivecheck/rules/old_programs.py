r"""What Windows keeps for old programs: patches of 16-bit ones, and the cache of started programs. Source: detections.md 1.3."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import TICKS_PER_SECOND
from hivecheck.facts.generation import WIN7, WIN10_1507, WIN10_1703, WIN2003, XP, Generation
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import REG_BINARY, Key
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity

SESSION_MANAGER = "Control\\Session Manager"
_APP_PATCHES = SESSION_MANAGER + "\\AppPatches"
_PATCHED_PROGRAMS_AT_MOST = 200
_DAY_TICKS = 24 * 3600 * TICKS_PER_SECOND


def _check_patches(case: Case) -> Iterator[Hit]:
    if case.generation > WIN7:
        return
    for number, program in enumerate(case.subkeys(_APP_PATCHES)):
        if number == _PATCHED_PROGRAMS_AT_MOST:
            return
        yield from _foreign_patches(case, program)
        for patch, _ in zip(program.subkeys(), range(_PATCHED_PROGRAMS_AT_MOST), strict=False):
            yield from _foreign_patches(case, patch)


def _foreign_patches(case: Case, key: Key) -> Iterator[Hit]:
    """Values that name a DLL: the patches of Windows are bytes."""
    for raw in key.values():
        text = text_in(raw)
        if ".dll" in text.casefold():
            yield Hit(
                f"AppPatches names {text} for {key.name}. Windows keeps only bytes for 16-bit programs there; who would load the "
                "DLL is not known.",
                (raw.ref.citing(text),),
                text,
                story=(case.thread_of(case.path(text)),),
            )


APPPATCHES = Rule(
    id="apppatches",
    family="known DLLs",
    title="A DLL is named among the patches of 16-bit programs",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    techniques=("T1546.011",),
    why="Up to 7 the key holds patches, a few bytes each, for old 16-bit programs. A name of a DLL does not belong there.",
    false_positives=("None known; what reads such a value is not known either.",),
    remedy="Collect the DLL, then delete the value.",
    sources=("detections.md 1.3",),
    check=_check_patches,
)

_HEADERS: tuple[tuple[Generation, int], ...] = ((WIN10_1703, 52), (WIN10_1507, 48), (WIN7, 128), (WIN2003, 8), (XP, 400))


def _check_cache_wiped(case: Case) -> Iterator[Hit]:
    header = next((size for first, size in _HEADERS if first <= case.generation), 0)
    manager = case.key(SESSION_MANAGER)
    if not header or manager is None or not _has_lived(case):
        return
    name = "AppCompatibility" if case.generation < WIN2003 else "AppCompatCache"
    key = manager.subkey(name)
    if (key is None and not manager.subkeys_whole) or (key is not None and not key.values_whole):
        return
    raw = key.value("AppCompatCache") if key is not None else None
    if raw is not None and (raw.damage is not None or (raw.type == REG_BINARY and len(raw.data) >= header)):
        return
    origin: Origin = raw.ref if raw is not None else (key or manager).ref
    recent = case.is_new(origin)
    what = (
        f"holds {len(raw.data)} bytes, fewer than its header of {header}"
        if raw is not None and raw.type == REG_BINARY
        else "is no binary value" if raw is not None else "is missing"
    )  # fmt: skip
    yield Hit(
        f"The cache of started programs (ShimCache, {name}\\AppCompatCache) {what}, though the machine has been shut down before. "
        + ("The key was written lately: it may have been wiped." if recent else "It may have been wiped."),
        (origin,),
        "AppCompatCache",
        severity=Severity.MEDIUM if recent else Severity.LOW,
        confidence=Confidence.MEDIUM if recent else Confidence.LOW,
    )


def _has_lived(case: Case) -> bool:
    """Whether Windows was shut down a day or more after it was installed: the cache is written at shutdown."""
    shutdown = case.facts.last_shutdown.value or 0
    return shutdown - (case.installed or shutdown) > _DAY_TICKS


APPCOMPAT_CACHE_WIPED = Rule(
    id="appcompat-cache-wiped",
    family="known DLLs",
    title="The cache of started programs is gone",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities="medium where the key was written lately, low else.",
    techniques=("T1070",),
    why="Windows writes this cache at each shutdown; it tells which programs were there. A missing one was taken away.",
    false_positives=("A Windows that was never shut down orderly.", "Images that were cleaned on purpose before cloning."),
    remedy="Nothing to repair. Look for the cache in older control sets, restore points and shadow copies.",
    sources=("detections.md 1.3, 4.B",),
    check=_check_cache_wiped,
)

RULES: tuple[Rule, ...] = (APPPATCHES, APPCOMPAT_CACHE_WIPED)

r"""Where DLLs are looked for, which are forced into processes, and what Windows keeps for old programs.

The first are search modes, AppCertDlls and API sets; the last patches of 16-bit programs, and the cache of started ones.
Source: detections.md 1.3.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import TICKS_PER_SECOND
from hivecheck.facts.generation import WIN7, WIN10_1507, WIN10_1703, WIN2003, XP, Generation
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import REG_BINARY, Key
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import APP_CERT_DLLS

SESSION_MANAGER = "Control\\Session Manager"
_API_SETS = SESSION_MANAGER + "\\ApiSetSchemaExtensions"


def _check_search_mode(case: Case) -> Iterator[Hit]:
    safe = cited_number(case, SESSION_MANAGER, "SafeDllSearchMode")
    if safe is not None and safe.number == 0:
        yield Hit(
            "SafeDllSearchMode is 0: programs would look for DLLs in the current folder before System32, so that a DLL beside a "
            "document, on a share for instance, is loaded.",
            (safe.origin,),
            "SafeDllSearchMode",
        )
    process = cited_number(case, SESSION_MANAGER, "SafeProcessSearchMode")
    if process is not None and process.number == 0:
        yield Hit(
            "SafeProcessSearchMode is 0: programs named without a path would be looked for in the current folder first.",
            (process.origin,),
            "SafeProcessSearchMode",
            severity=Severity.LOW,
        )
    current = cited_number(case, SESSION_MANAGER, "CWDIllegalInDllSearch")
    if current is not None and current.number:
        yield Hit(
            f"CWDIllegalInDllSearch is 0x{current.number:x}: DLLs of the current folder are refused. This hardens the machine.",
            (current.origin,),
            "CWDIllegalInDllSearch",
            severity=Severity.INFO,
        )


SAFE_DLL_SEARCH_OFF = Rule(
    id="safe-dll-search-off",
    family="known DLLs",
    title="Programs look for DLLs or programs in the current folder early",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    severities="medium for SafeDllSearchMode, low for SafeProcessSearchMode, info for CWDIllegalInDllSearch, which hardens.",
    techniques=("T1574.001",),
    why="With the search mode off, a DLL in the folder that a document was opened from comes before the one of Windows.",
    false_positives=("Very old programs were shipped with advice to set it.",),
    remedy="Delete the value in every control set.",
    sources=("detections.md 1.3",),
    check=_check_search_mode,
)


def _check_app_cert(case: Case) -> Iterator[Hit]:
    setting = case.settings[APP_CERT_DLLS]
    new = any(case.is_new(origin) for origin in setting.origins)
    for dll in setting.value:
        if not dll.text.strip():
            continue
        path = case.path(dll.text)
        odd = path.is_user_writable or path.is_odd
        severity = Severity.CRITICAL if odd or new else Severity.HIGH
        known = path.in_system_folder and path.name.startswith("ldntvdm") and not new
        if known:
            severity = Severity.MEDIUM
        reason = " Ordinary users can write there, or its path is unusual." if odd else ""
        reason += " The key was written lately." if new else ""
        reason += " The 16-bit emulator ntvdmx64 sets a DLL of this name; check that it is that." if known else ""
        yield Hit(
            f"AppCertDlls names {dll.text}: kernel32 would load it, if the file exists, into every process that starts another.{reason}",
            (dll.origin,),
            dll.text,
            severity=severity,
            story=(case.thread_of(path),),
        )


APPCERT_DLLS = Rule(
    id="appcert-dlls",
    family="known DLLs",
    title="A DLL is loaded into every process that starts another",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities=(
        "critical for a path that ordinary users can write, an unusual path or a key written lately; high else; medium for the DLL "
        "of ntvdmx64 in System32."
    ),
    techniques=("T1546.009",),
    why="No Windows ships the key. Its DLLs are loaded by every process that calls CreateProcess, and asked to allow it.",
    false_positives=(
        "ntvdmx64, an emulator of 16-bit programs, sets ldntvdm.dll.",
        "Some products against data loss or unknown programs are said to use it.",
    ),
    remedy="Collect the DLL, delete the value (or the key) in every control set, then quarantine the file.",
    sources=("detections.md 1.3", "ATT&CK T1546.009"),
    needs="Whether the file exists, and who signed it.",
    check=_check_app_cert,
)

_SEEN_API_SETS = frozenset(
    {
        "07409496-a423-4a3e-b620-2cfb01a9318d", "c28c7a4e-a619-4463-82b7-0fc9cc7187f5", "c4d66f00-b6f0-4439-ac9b-c5ea13fe54d7",
        "d4d78066-e6db-44b7-b5cd-2eb82dce620c", "f989b52d-f928-44a3-9bf1-bf0c1da6a0d6", "69fe178f-26e7-43a9-aa7d-2b616b672dde",
        "6bea57fb-8dfb-4177-9ae8-42e8b3529933",
    }
)  # fmt: skip


_IN_PLAIN_NAMES = str.maketrans("._-", "aaa")


def _check_api_sets(case: Case) -> Iterator[Hit]:
    shipped = case.baseline.keys(_API_SETS)
    for key in case.subkeys(_API_SETS):
        guid = key.name.strip("{}").casefold()
        raw = key.value("FileName")
        file = text_in(raw)
        name = file.casefold()
        plain = name.endswith(".dll") and len(name) > len(".dll") and name.translate(_IN_PLAIN_NAMES).isalnum()
        ordinary = plain and name.startswith((guid + "_", "api", "ext-ms-"))
        if ordinary and (guid in _SEEN_API_SETS or key.name.upper() in shipped or key.name.casefold() in shipped):
            continue
        named = f" named like those of Microsoft ({file})" if ordinary else f" with the file {file or '(none)'}"
        yield Hit(
            f"ApiSetSchemaExtensions has {key.name}, which no clean Windows is known to have,{named}. The loader would add that "
            "schema to the one that says which DLL serves an API; whether it takes a foreign one is not proven.",
            (raw.ref.citing(file),) if raw is not None and file else (key.ref,),
            key.name,
            severity=Severity.MEDIUM if ordinary else Severity.HIGH,
        )


APISET_EXTENSION = Rule(
    id="apiset-extension",
    family="known DLLs",
    title="An unknown extension of the API set schema",
    severity=Severity.HIGH,
    confidence=Confidence.LOW,
    severities="medium where the file is named as Windows names its own, for optional features bring some; high else.",
    techniques=("T1574.001",),
    why=(
        "The schema says which DLL stands behind an api-ms name. A schema of somebody's own could lead every program to another "
        "DLL. The file must be in System32 and is checked at boot, so that this is hard to use; no case is known."
    ),
    false_positives=("Optional features of Windows bring extensions of their own.",),
    remedy="Check the file's signature; delete the key of that GUID where the file is not Microsoft's.",
    sources=("detections.md 1.3, 5.4",),
    needs="Whether the file exists, and who signed it.",
    check=_check_api_sets,
)


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
    if (
        isinstance(key, RegfKey)
        and (size := key.size_of("AppCompatCache")) is not None
        and size[0] == REG_BINARY
        and size[1] >= header
    ):
        return  # as nearly all, of which half a megabyte need not be read
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

RULES: tuple[Rule, ...] = (
    SAFE_DLL_SEARCH_OFF,
    APPCERT_DLLS,
    APISET_EXTENSION,
    APPPATCHES,
    APPCOMPAT_CACHE_WIPED,
)

r"""Files moved or deleted at boot: what single rows of PendingFileRenameOperations and ...2 do, and the key MiniNT, which starves them.

By that key Windows takes itself for Windows PE. Source: detections.md 1.2, 1.3; smss.md E.4.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN81, Family
from hivecheck.rules import rename_lists, rename_syntax
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import AUTOSTART, EVIDENCE, SECURITY, TRUSTED
from hivecheck.rules.rename_telling import (
    FOLDERS,
    REMEDY,
    SEVERITIES,
    SOURCES,
    check_alarms,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.setup_mode import is_windows_pe
from hivecheck.settings.catalog import (
    MINI_NT,
    PENDING_RENAMES,
    PENDING_RENAMES_2,
    SYSTEM_SETUP_IN_PROGRESS,
    SYSTEM_START_OPTIONS,
)

SECURITY_PRODUCT = Rule(
    id=SECURITY,
    family="renames",
    title="A security product is deleted or moved away at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1485", "T1070.004"),
    why=(
        "smss deletes and renames before the product's services start and needs no fight for open handles. Boot drivers that "
        "are loaded already stay in memory; services, and drivers of the next boot, are gone. Public tools move a parent "
        "folder away, rename the programs in it and move it back; the rows are judged by the true names."
    ),
    false_positives=(
        "The product's own updater: source and target in its own folders, with a new file in the old one's place (low).",
        "Uninstallers: the product's service is gone from this hive or marked for deletion (high, not critical).",
        "Updates of Microsoft Defender delete older platforms and sets of definitions (low).",
        "Updates of other products delete what lies in the folder of a version older than the one their service runs (low).",
    ),
    remedy=REMEDY,
    sources=(*SOURCES, "baselines.md 3.3"),
    severities=(
        "critical where a driver, program or folder of the product is deleted or leaves its folders and a service of the "
        "vendor is set up; high for its other programs, for a program renamed within its folder, and for a driver, program or "
        "folder where no service is left; medium for its other files, and for libraries where no service is left; low for "
        "leftovers and updates. " + SEVERITIES
    ),
    check=check_alarms(SECURITY),
)

HIVE_OR_LOG = Rule(
    id=EVIDENCE,
    family="renames",
    title="Registry hives, event logs or other records are replaced or deleted at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1003.002", "T1070.001", "T1561"),
    why=(
        "Up to Windows 7 the hives SAM, SECURITY and SOFTWARE are loaded only after the list, so that a foreign one takes "
        "effect at once (a SAM with known passwords). From 8 on they are open by then and the row likely fails; the intent "
        "stays. Event logs are not open yet and can be deleted."
    ),
    false_positives=(
        "Windows replaces Amcache.hve from Amcache.hve.tmp (silent).",
        "A delete of pagefile.sys as the only row of a Windows XP (low); other paging files are medium.",
        "A user's profile that could not be deleted at once: a delete of its hive is medium.",
    ),
    remedy=REMEDY,
    sources=(*SOURCES, "detections.md 4.A"),
    severities="critical for hives, logs, their folders and file system files, high for MEMORY.DMP and a user's hive that is "
    "moved away, medium for paging files, a user's hive that is deleted, and in the folder of another Windows; not lowered where the "
    "row would fail.",
    check=check_alarms(EVIDENCE),
)


TCB_REPLACE = Rule(
    id=TRUSTED,
    family="renames",
    title="A file that Windows depends on is replaced or taken away at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574", "T1036.005", "T1554", "T1546.008"),
    why=(
        "What smss puts in place no running sensor has seen, and file protection is passed by. The boot loader, programs of the "
        "boot, KnownDLLs, DLLs of system processes, accessibility programs, drivers and services are run by Windows itself soon after. Servicing of Vista and later "
        "replaces files before smss reads this list and does not use it for system files."
    ),
    false_positives=(
        "Hotfix installers up to 2003 replace system files this way, from SETx.tmp (one to four digits) or _00000x_.tmp in the "
        "same folder (silent here, but for a program of the boot: medium, and high for one that anybody can start before logon; of a KnownDLL it is told by seq-knowndll-replaced-file) or from their "
        "uninstall folders (low).",
        "Driver packages of other vendors: SETx.tmp (one to four digits) to a driver in the same folder (silent).",
        "Updates of a security product: a driver in System32\\drivers is replaced from NAME.sys.tmp, .new or .old beside it, or from "
        "such a name that begins like the vendor's drivers (low; medium where that driver is all that tells of the product).",
        "An administrator's own hosts file or code integrity policy, saved in the same folder first (medium).",
    ),
    remedy=REMEDY,
    sources=SOURCES,
    severities=(
        "critical; high for the program of another vendor's service that is taken away, for the files hosts, machine.config and "
        "Registry.pol, for a code integrity policy that is taken away, and for a row that does not ask to replace: it fails if "
        "the file is there; medium for another such policy, the recovery environment and in the folder of another Windows; low for updates of Office; "
        "low or medium for a security product's own update of its driver, by how sure the product is. "
        + FOLDERS
        + SEVERITIES
    ),
    check=check_alarms(TRUSTED),
)

DROP = Rule(
    id=AUTOSTART,
    family="renames",
    title="A program gets its name in a place that is run automatically, only at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1574.010", "T1574.001", "T1036.008"),
    why=(
        "The file bears a harmless name until smss renames it, when no sensor watches. In a startup folder, at the path of a "
        "service, or among the system's libraries it then runs without any further change."
    ),
    false_positives=(
        "Installers that unpack to a Temp folder and copy to Program Files (low).",
        "Updaters that replace files of their own product (silent); from a temporary name within System32 (low).",
        "SETx.tmp (one to four digits) to a DLL of another vendor in the same folder (silent).",
        "A profile of a user that is copied from elsewhere as a whole.",
    ),
    remedy=REMEDY,
    sources=SOURCES,
    severities=(
        "critical for startup folders, tasks, scripts of policies, and for files that a service, LSA or the spooler loads; high for a program moved from a "
        "folder users can write to into a system folder, or disguised until then, for a library that Windows looks for and does "
        "not ship, for NAME.exe.local and what WMI takes in by itself; medium for templates that Office opens at its start; low "
        "for installers and for a temporary name in the same system folder. " + FOLDERS + SEVERITIES
    ),
    check=check_alarms(AUTOSTART),
)


_MINI_NT = "Control\\MiniNT"

_REFS_TWEAK = "AllowRefsFormatOverNoMirrorVolume"

LIST_THREAD = "list PendingFileRenameOperations"


def _check_starved(case: Case) -> Iterator[Hit]:
    if not case.renames.are_starved or not case.renames.moved.rows:
        return
    count = len(case.renames.moved.rows)
    raws = [case.settings[row].raw for row in (PENDING_RENAMES, PENDING_RENAMES_2)]
    refs = tuple(raw.ref for raw in raws if raw is not None)
    text = (
        f"The key MiniNT keeps smss from working off {count} pending file operations: they have not happened, the files are "
        "still in place, and the list likely grows with every installer. Once MiniNT is deleted, all of them run."
    )
    story = (LIST_THREAD, "key MiniNT")
    yield Hit(text, (*refs, *case.settings[MINI_NT].origins), "PendingFileRenameOperations", story=story)


STARVED = Rule(
    id="pfro-starved",
    family="renames",
    title="Pending renames never run",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    techniques=(),
    why=(
        "smss takes a machine with the key MiniNT for Windows PE and leaves the list alone. Useful as negative evidence: "
        "what an attacker wanted deleted at boot is still there."
    ),
    false_positives=("A machine with the ReFS setting that makes the key.",),
    remedy=REMEDY,
    sources=("detections.md 1.2", "smss.md E.4"),
    check=_check_starved,
)


def _check_mini_nt(case: Case) -> Iterator[Hit]:
    setting = case.settings[MINI_NT]
    if not setting.value or case.family is Family.G1:
        return
    pages = " and makes no paging files" if case.family is Family.G2 else ""
    logs = "; the event log service writes no security events, as in Windows PE" if case.family is not Family.G2 else ""
    text = f"The key MiniNT makes smss take this Windows for Windows PE: it works off no pending rename{pages}{logs}."
    severity, confidence = Severity.HIGH, Confidence.HIGH
    because = setting.origins
    tweak = case.value(_MINI_NT, _REFS_TWEAK)
    if is_windows_pe(case):
        severity = Severity.INFO
        text += " It is one: setup is in progress, and the loader was told so or Windows runs from X:."
        because = (*because, *case.settings[SYSTEM_START_OPTIONS].origins, *case.settings[SYSTEM_SETUP_IN_PROGRESS].origins)
    elif tweak is not None and any(tweak.data):
        because = (*because, tweak.ref)
        text += f" The key holds {_REFS_TWEAK}, a setting to format ReFS volumes"
        if case.generation >= WIN81:
            severity = Severity.MEDIUM
            text += ": likely the reason it was made."
        else:
            text += ", which this Windows can't format: no reason to make the key."
    yield Hit(text, because, "MiniNT", severity, confidence, story=("key MiniNT",))


MINI_NT_RULE = Rule(
    id="minint",
    family="renames",
    title="The key MiniNT makes Windows believe it is Windows PE",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1562.002", "T1112"),
    why=(
        "The mere existence of the key stops the security log and every pending rename. It is a published way to blind the "
        "event log; no installed Windows ships the key."
    ),
    false_positives=(
        "A setting to format ReFS volumes lives in this key (AllowRefsFormatOverNoMirrorVolume): medium from 8.1 on.",
        "Images of Windows PE and of the recovery environment: info.",
    ),
    remedy=(
        "First look at the rows of PendingFileRenameOperations and delete the bad ones: they run at the first boot without "
        "the key. Then delete Control\\MiniNT, and export what is left of the event logs."
    ),
    sources=("detections.md 1.3", "smss.md E.4"),
    severities="high; medium with the ReFS setting from 8.1 on, which older Windows can't use; info for Windows PE itself.",
    check=_check_mini_nt,
)

RULES: tuple[Rule, ...] = (
    SECURITY_PRODUCT,
    TCB_REPLACE,
    DROP,
    HIVE_OR_LOG,
    *rename_lists.RULES,
    *rename_syntax.RULES,
    STARVED,
    MINI_NT_RULE,
)

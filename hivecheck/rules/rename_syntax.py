r"""How the rows of rename lists are written, and values beside the lists that change what they do, or do alike.

Of rows: unusual paths, redirection marks. Source: detections.md 1.2; smss.md A1.b, B.3, B.4.
"""

import re
from collections.abc import Iterator
from functools import cache

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2000, Family
from hivecheck.facts.nt_path import NtPath, PathKind
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import TRUSTED
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import judge_move, worst
from hivecheck.rules.rename_telling import REMEDY, SEVERITIES, SOURCES, cite, events_of, tell_row, threads_of, weigh
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import PRODUCTS
from hivecheck.settings.catalog import (
    ALLOW_PROTECTED_RENAMES,
    CLEAR_TEMP_FILES,
    FILE_RENAME_OPERATIONS,
    PENDING_RENAMES,
    PENDING_RENAMES_2,
    TEMP_FILE_DIRECTORY,
)

_LOOKED_AT = 40_000  # characters of a path
# compiled when first needed: most paths are plain
_SHORT = r"\\([^\\~]{1,6})~\d"
_FOREIGN = "[\u0370-\u052f\uff01-\uff5e]"
_INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x01-\x1f]"
_LATIN = "[A-Za-z]"
_TWINS = frozenset(
    {"program-files", "programfiles", "program_files", "programs files", "window", "windows32", "programdata1", "sytem32"}
)


def _check_odd_path(case: Case) -> Iterator[Hit]:
    for row in case.renames.moved.rows:
        action = row.operation.event.action
        paths = [action.source] if isinstance(action, DeleteFile | RenameFile) else []
        if isinstance(action, RenameFile):
            paths.append(action.destination)
        for path in paths:
            odd = _oddity(path)
            if odd is None:
                continue
            severity, what = odd
            threads = threads_of(case, row.source, row.destination)
            text = f"{tell_row(case, row)}; {path} has {what}."
            yield Hit(text, cite(row), path.text, weigh(case, row, severity), None, events_of(row), threads)


def _oddity(path: NtPath) -> tuple[Severity, str] | None:
    """The worst unusual thing about how a path is spelled."""
    text = path.text[:_LOOKED_AT]
    if not text or _is_plain(text):
        return None  # an empty one is told as a malformed list
    kind = path.kind
    tail = path.tail
    parts = tail.split("\\")
    ends = tail.endswith((" ", ".")) or " \\" in tail or ".\\" in tail
    if ends and any(part != part.rstrip(" .") and part not in (".", "..") for part in parts):
        return Severity.HIGH, "a name that ends in a blank or a dot: most programs see another file"
    if len(parts) > 1 and parts[1].casefold() in _TWINS:
        return Severity.HIGH, "a folder that looks like a well-known one, as links are named that lead there"
    if not text.isprintable() and re.search(_INVISIBLE, text):
        return Severity.HIGH, "characters that have no visible form"
    if not text.isascii() and any(re.search(_FOREIGN, part) and re.search(_LATIN, part) for part in parts):
        return Severity.HIGH, "letters of another script among Latin ones"
    if kind in (PathKind.DEVICE, PathKind.DOS_DEVICE, PathKind.OBJECT):
        return Severity.HIGH, "a device in place of a drive letter"
    if kind is PathKind.NETWORK:
        return Severity.MEDIUM, "a network path, which can't be reached yet: the row fails"
    if not path.is_native:
        return Severity.MEDIUM, r"no \??\ before it: it is no NT path, so the row fails"
    if ".." in parts:
        return Severity.MEDIUM, "'..' in it, which NT paths don't know: the row fails"
    if ":" in "\\".join(parts[1:]):
        return Severity.MEDIUM, "an alternate data stream"
    if kind is PathKind.SYSTEM_ROOT:
        return Severity.MEDIUM, r"\SystemRoot in place of a drive, which installers don't write"
    if kind is PathKind.VOLUME:
        return Severity.LOW, "the name of a volume in place of a drive letter, as Windows Setup writes it"
    if "~" in text and any(found[1].casefold() in _security_stems() for found in re.finditer(_SHORT, text)):
        return Severity.MEDIUM, "a short (8.3) name that may be that of a security product's folder"
    return None


def _is_plain(text: str) -> bool:
    """Whether a path lies below a drive and has nothing that is looked for here, as nearly all."""
    if not (
        text.startswith("\\??\\") and text[5:7] == ":\\" and text.isascii() and text.isprintable() and text[4].isalpha()
    ):
        return False
    below = text[7:]
    if ":" in below or "~" in below or ".." in below or " \\" in below or ".\\" in below or below.endswith((" ", ".")):
        return False
    return below.partition("\\")[0].casefold() not in _TWINS


@cache
def _security_stems() -> frozenset[str]:
    """The first six letters, without blanks, of the folders of security products: how their short names begin."""
    names = (folder.strip("\\").rsplit("\\", 1)[-1].replace(" ", "")[:6] for each in PRODUCTS for folder in each.folders)
    return frozenset(name for name in names if len(name) == 6 and name != "window")


ODD_PATH = Rule(
    id="pfro-odd-path",
    family="renames",
    title="A path in the rename list is spelled in an unusual way",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1564", "T1036.005", "T1222"),
    why=(
        "A link that looks like a well-known folder, a trailing blank, a device path or a lookalike letter hides from "
        "sensors which file a row means. Installers write plain paths with a drive letter."
    ),
    false_positives=(
        r"Windows Setup writes \??\Volume{...} (low).",
        "Short names of folders of no security product (silent).",
    ),
    remedy=REMEDY,
    sources=SOURCES,
    severities=(
        "high for twins of known folders, trailing blanks and dots, lookalike letters and devices; medium for network paths, "
        r"streams, '..', \SystemRoot and paths that are no NT paths; low for volume names. " + SEVERITIES
    ),
    check=_check_odd_path,
)


def _check_redirect_flag(case: Case) -> Iterator[Hit]:
    marked: dict[str, int] = {}
    for row in case.renames.moved.rows:
        action = row.operation.event.action
        marker = action.marker if isinstance(action, DeleteFile | RenameFile) else None
        if not marker or "*" not in marker:
            continue
        if "*0" not in marker.split() and "*0" not in marker.replace("@", "").split():
            marked[row.operation.list] = marked.get(row.operation.list, 0) + 1
            continue
        outside = any(not path.in_system_folder for path in row.operation.touched)
        text = (
            f"{tell_row(case, row)}. Its mark *0 likely switches off the trust check of links on the path, so that a link "
            "planted by an ordinary user may lead it elsewhere (described by reverse engineers only)."
        )
        severity = weigh(case, row, Severity.HIGH if outside else Severity.MEDIUM)
        threads = threads_of(case, row.source, row.destination)
        yield Hit(text, cite(row), row.source.text, severity, None, events_of(row), threads)
    for value in (PENDING_RENAMES, PENDING_RENAMES_2):
        raw = case.settings[value].raw
        if raw is not None and marked.get(value.name):
            text = f"{marked[value.name]} rows of {value.name} carry a mark like *1, as Office and font installers write it."
            yield Hit(text, (raw.ref,), value.name, Severity.INFO, Confidence.LOW, (), (f"list {value.name}",))


REDIRECT_FLAG = Rule(
    id="pfro-redirect-flag",
    family="renames",
    title="A row of the rename list carries the mark *0",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1112",),
    why=(
        "Windows from August 2025 on writes marks like *1 before paths. By public reverse engineering, *0 lets smss follow "
        "links that it would otherwise not trust."
    ),
    false_positives=("*1 and *2 in lists of Office, fonts and packagers (info).",),
    remedy=REMEDY,
    sources=SOURCES,
    severities="high where a path lies outside the system folders, else medium; info for other marks. " + SEVERITIES,
    check=_check_redirect_flag,
)


_OPERATIONS = "Control\\Session Manager\\FileRenameOperations"
_KEYS_AT_MOST = 1_000
LIST_THREAD = "list PendingFileRenameOperations"


def _check_allow_protected(case: Case) -> Iterator[Hit]:
    setting = case.settings[ALLOW_PROTECTED_RENAMES]
    if not setting.value or setting.raw is None:
        return
    touches = any(alarm.rule == TRUSTED for alarms in case.renames.alarms for alarm in alarms)
    old = case.family is Family.G2
    effect = (
        "smss passes by Windows File Protection for the renames of the next boot, and deletes the value"
        if old
        else "smss of this Windows reads it, with no known effect"
    )
    rows = " The rename list does touch files that Windows depends on." if touches else ""
    severity = Severity.MEDIUM if touches else Severity.LOW
    confidence = Confidence.MEDIUM if old else Confidence.LOW
    text = f"AllowProtectedRenames is {setting.value}: {effect}.{rows}"
    yield Hit(text, setting.origins, setting.name, severity, confidence, story=(LIST_THREAD,))


ALLOW_PROTECTED = Rule(
    id="pfro-allow-protected-renames",
    family="renames",
    title="Renames of protected system files are allowed for the next boot",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1112", "T1562.001"),
    why=(
        "2000 to 2003 refuse to rename files under Windows File Protection at boot, unless this value is set. Later Windows "
        "protects them by their permissions, which do not bind smss at all."
    ),
    false_positives=("Service packs and hotfixes set it routinely.",),
    remedy="Delete the value, after looking at the rows of PendingFileRenameOperations. " + REMEDY,
    sources=("detections.md 1.2", "smss.md B.4"),
    severities="medium where the list replaces or deletes a file that Windows depends on, else low.",
    check=_check_allow_protected,
)


def _check_clear_temp(case: Case) -> Iterator[Hit]:
    clear, folder = case.settings[CLEAR_TEMP_FILES], case.settings[TEMP_FILE_DIRECTORY]
    if case.family is not Family.G4:
        return
    path = case.path(folder.value) if folder.value else Comparable("")
    root = case.system_root.casefold()
    inside = not path.text or path.text == root or path.text.startswith(root + "\\")
    if not clear.value and inside:
        return
    told = f"ClearTempFiles is {clear.value}" if clear.value is not None else "TempFileDirectory is set"
    where = f" in {folder.value}" if folder.value else ""
    text = (
        f"{told}: smss likely deletes files named SMSS-PFRO*.tmp{where} at the next boot (the two values are documented by "
        "name only). An earlier boot then had to move a file in use out of the way."
    )
    severity = Severity.INFO if inside else Severity.MEDIUM
    subject = folder.value or clear.name
    yield Hit(text, (*clear.origins, *folder.origins), subject, severity, Confidence.LOW, story=(LIST_THREAD,))


CLEAR_TEMP = Rule(
    id="pfro-cleartemp",
    family="renames",
    title="smss is to clear up its temporary files",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    techniques=("T1070.004",),
    why=(
        "The values are traces of an earlier boot that replaced files in use. A folder outside Windows is not what smss would "
        "write itself, and may have files deleted there."
    ),
    false_positives=("Windows 10 sets both itself after replacing files in use.",),
    remedy="Keep the values as evidence, look at %SystemRoot%\\PFRO.log, then delete both.",
    sources=("detections.md 1.2", "smss.md A3.e, G.2"),
    severities="info; medium where TempFileDirectory lies outside the Windows folder.",
    check=_check_clear_temp,
)


def _check_operations(case: Case) -> Iterator[Hit]:
    texts = [(text.name, text.text, text.origin) for text in case.settings[FILE_RENAME_OPERATIONS].value]
    for _, key in zip(range(_KEYS_AT_MOST), case.subkeys(_OPERATIONS), strict=False):
        texts += [(raw.name, "", raw.ref) for raw in key.values()]
    for name, text, origin in texts:
        alarm = worst(judge_move(case, case.path(name), None)) or worst(judge_move(case, case.path(text), None))
        more = f" The file matters: {alarm.what}." if alarm is not None else ""
        reads = (
            "Windows 2000 is said to delete files named here before it makes paging files"
            if case.generation == WIN2000
            else "No Windows but 2000 is known to read this key"
        )
        confidence = Confidence.MEDIUM if case.generation == WIN2000 else Confidence.LOW
        subject = name or text
        message = f"FileRenameOperations holds {subject!r}. {reads}; the key is empty on every clean machine.{more}"
        yield Hit(message, (origin,), subject, None, confidence, story=(case.thread_of(case.path(subject)),))


FILE_OPERATIONS = Rule(
    id="file-rename-operations",
    family="renames",
    title="The old key FileRenameOperations holds values",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    techniques=("T1070.004",),
    why="The key is empty on every clean machine, and whoever writes to it expects files to be deleted at boot.",
    false_positives=("None known.",),
    remedy="Keep the values as evidence, then empty the key.",
    sources=("detections.md 1.2", "smss.md A1.b"),
    check=_check_operations,
)

RULES: tuple[Rule, ...] = (
    ODD_PATH,
    REDIRECT_FLAG,
    ALLOW_PROTECTED,
    CLEAR_TEMP,
    FILE_OPERATIONS,
)

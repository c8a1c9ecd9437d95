r"""Values beside the rename lists that change what they do, or do alike. Source: detections.md 1.2; smss.md B.4, A1.b."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2000, Family
from hivecheck.rules.alarm import TRUSTED
from hivecheck.rules.case import Case
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import judge_move, worst
from hivecheck.rules.rename_telling import REMEDY
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    ALLOW_PROTECTED_RENAMES,
    CLEAR_TEMP_FILES,
    FILE_RENAME_OPERATIONS,
    TEMP_FILE_DIRECTORY,
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
    ALLOW_PROTECTED,
    CLEAR_TEMP,
    FILE_OPERATIONS,
)

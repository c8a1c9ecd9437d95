r"""The key MiniNT, by which Windows takes itself for Windows PE, and the rename lists it starves.

Source: detections.md 1.2, 1.3; smss.md E.4.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import Family
from hivecheck.rules.case import Case
from hivecheck.rules.rename_telling import REMEDY
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.setup_command import is_windows_pe
from hivecheck.settings.catalog import (
    MINI_NT,
    PENDING_RENAMES,
    PENDING_RENAMES_2,
    SYSTEM_SETUP_IN_PROGRESS,
    SYSTEM_START_OPTIONS,
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
        severity = Severity.MEDIUM
        text += f" The key holds {_REFS_TWEAK}, a setting to format ReFS volumes: likely the reason it was made."
        because = (*because, tweak.ref)
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
        "A setting to format ReFS volumes lives in this key (AllowRefsFormatOverNoMirrorVolume): medium.",
        "Images of Windows PE and of the recovery environment: info.",
    ),
    remedy=(
        "First look at the rows of PendingFileRenameOperations and delete the bad ones: they run at the first boot without "
        "the key. Then delete Control\\MiniNT, and export what is left of the event logs."
    ),
    sources=("detections.md 1.3", "smss.md E.4"),
    severities="high; medium with the ReFS setting; info for Windows PE itself.",
    check=_check_mini_nt,
)


RULES: tuple[Rule, ...] = (
    STARVED,
    MINI_NT_RULE,
)

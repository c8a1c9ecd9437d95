r"""DOS devices that lead later events of the boot astray, and what becomes of the files behind them.

Source: detections.md 4.C, numbers 10, 11 and 21; smss.md B.10, B.12.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import CreatePagingFile, DeleteFile, Link, RenameFile, Unlink
from hivecheck.boot.plan import Step
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.dos_drives import is_drive
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_telling import REMEDY, cite, events_of, spelled_source, threads_of, weigh
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import CLEAR_PAGE_FILE_AT_SHUTDOWN

_SOURCES = ("detections.md 4.C", "smss.md B.10")
_ROOTS = frozenset({"systemroot", "globalroot", "bootpartition"})
_SHIPPED = {"unc": "\\device\\mup"}
_PAGE_FILES = frozenset({"pagefile.sys", "swapfile.sys", "hiberfil.sys", "memory.dmp"})
_EXAMPLES = 3
_EVENTS_TOLD = 20
_REPAIR = "Restore the value of DOS Devices that Windows ships, or delete the extra one, in every control set."


def _name(event: Event) -> str:
    action = event.action
    return action.name.rsplit("\\", 1)[-1] if isinstance(action, Link | Unlink) else ""


def _device_events(case: Case) -> Iterator[Event]:
    """What DOS Devices links and removes, but for the device of network paths as Windows ships it."""
    for event in case.events.of(Link, Unlink):
        if event.step is not Step.DOS_DEVICES:
            continue
        target = event.action.target.casefold() if isinstance(event.action, Link) else ""
        if _SHIPPED.get(_name(event).casefold()) != target or not target:
            yield event


def _check_redirect(case: Case) -> Iterator[Hit]:
    for event in _device_events(case):
        felt = case.events.effects_by_cause.get(event.number, [])
        if not felt:
            continue
        name = _name(event)
        system = name.casefold() in (case.system_root[:2].casefold(), *_ROOTS)
        kinds = dict.fromkeys(_what(other) for other, _ in felt)
        examples = " ".join(dict.fromkeys(effect.text for _, effect in felt[:_EXAMPLES]))
        does = f"link {name} to {event.action.target}" if isinstance(event.action, Link) else f"remove {name}"
        text = (
            f"DOS Devices would {does}, and {len(felt)} of the later events use paths below it "
            f"({', '.join(kinds)}). {examples}"
        )
        numbers = (event.number, *(other.number for other, _ in felt[:_EVENTS_TOLD]))
        because: tuple[Origin, ...] = tuple(dict.fromkeys((*event.because[:1], *felt[0][0].because[:1])))
        severity = Severity.CRITICAL if system else Severity.HIGH
        yield Hit(text, because, name, severity, None, numbers, (f"drive {name.casefold()}",))


def _what(event: Event) -> str:
    words = {
        "rename": "renames",
        "delete": "deletes",
        "create-paging-file": "paging files",
        "map-section": "KnownDLLs",
        "start-service": "services",
        "load-driver": "drivers",
        "load-library": "libraries",
    }
    return words.get(event.action.kind, "programs")


REDIRECT = Rule(
    id="seq-dosdev-redirect",
    family="sequences",
    title="A DOS device leads later paths of the boot elsewhere",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574", "T1564"),
    why=(
        "Links of DOS Devices are smss's first work, and all that comes after follows them: renames, paging files, KnownDLLs, "
        "drivers and services. The paths in the registry read as ever and name other files."
    ),
    false_positives=("A drive letter made for a folder (a lasting subst) and used by services (high).",),
    remedy=_REPAIR + " Then look at the folder it led to: what ran came from there.",
    sources=_SOURCES,
    severities="critical for the drive of Windows and for roots such as SystemRoot, else high.",
    check=_check_redirect,
)


def _check_hide(case: Case) -> Iterator[Hit]:
    rows = case.renames.moved.rows
    if not rows:
        return
    sources = {
        path.text: number for number, row in reversed(list(enumerate(rows))) for path in (row.source, row.operation.source)
    }
    for event in _device_events(case):
        name = _name(event)
        if not isinstance(event.action, Link) or not is_drive(name):
            continue
        folder = case.path(event.action.target.rstrip("\\"))
        number = next((sources[above] for above in _with_above(folder) if above in sources), None)
        if number is None or not folder.drive:
            continue
        row = rows[number]
        does = "deletes" if row.destination is None else "moves away"
        text = (
            f"DOS Devices would link {name} to {event.action.target}, and {row.operation.list} {does} {spelled_source(row)} later in "
            f"the same boot: {name} has something behind it for a short while only."
        )
        because = (*event.because[:1], *cite(row))
        numbers = (event.number, *events_of(row))
        threads = (f"drive {name.casefold()}", *threads_of(case, row.source))
        yield Hit(text, because, name, weigh(case, row, Severity.HIGH), None, numbers, threads)


def _with_above(path: Comparable) -> Iterator[str]:
    text = path.text
    for _ in range(64):
        if "\\" not in text:
            return
        yield text
        text = text.rpartition("\\")[0]


HIDE = Rule(
    id="seq-dosdev-then-hide",
    family="sequences",
    title="A drive letter is made for a folder that the same boot takes away",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1564", "T1070.004"),
    why="What BootExecute programs find below the letter is gone when the boot is over; nothing remains to look at.",
    false_positives=("None known.",),
    remedy=_REPAIR + " " + REMEDY,
    sources=_SOURCES,
    check=_check_hide,
)


def _check_pagefile(case: Case) -> Iterator[Hit]:
    links = {event.number: event for event in _device_events(case) if isinstance(event.action, Link)}
    for paging in case.events.of(CreatePagingFile) if links else ():
        for effect in paging.effects:
            link = links.get(effect.event)
            if link is None or not isinstance(paging.action, CreatePagingFile):
                continue
            name = _name(link)
            text = (
                f"smss would make the paging file {paging.action.path} behind {name}, which DOS Devices links elsewhere. "
                f"{effect.text} Pages of memory would land there."
            )
            because = (*link.because[:1], *paging.because[:1])
            numbers = (link.number, paging.number)
            yield Hit(text, because, paging.action.path, Severity.MEDIUM, None, numbers, (f"drive {name.casefold()}",))
    clear = case.settings[CLEAR_PAGE_FILE_AT_SHUTDOWN]
    if clear.value != 1:
        return
    for row in case.renames.moved.rows:
        action = row.operation.event.action
        if row.source.name in _PAGE_FILES and isinstance(action, DeleteFile | RenameFile):
            text = (
                f"ClearPageFileAtShutdown has the kernel overwrite the paging files at shutdown, and {row.operation.list} would "
                f"take away {spelled_source(row)} at the next boot: together they leave nothing of the memory that was paged out."
            )
            because = (*clear.origins, *cite(row))
            severity = weigh(case, row, Severity.HIGH)
            yield Hit(text, because, row.source.text, severity, None, events_of(row), threads_of(case, row.source))


PAGEFILE = Rule(
    id="seq-pagefile-redirect",
    family="sequences",
    title="Paging files are led elsewhere, or wiped and deleted",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1574", "T1070.004"),
    why=(
        "A paging file holds passwords and keys. Behind a letter that leads to another volume it leaves the machine; "
        "overwritten and deleted it is no evidence any more."
    ),
    false_positives=("Machines hardened to clear the paging file whose paging file was moved as well.",),
    remedy="Image the disk before the machine shuts down or boots again. " + _REPAIR,
    sources=("detections.md 4.C", "smss.md B.12"),
    severities="medium where it is led elsewhere, high where it is wiped and deleted.",
    check=_check_pagefile,
)

RULES: tuple[Rule, ...] = (REDIRECT, HIDE, PAGEFILE)

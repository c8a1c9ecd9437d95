r"""BootExecute and rename lists together: programs put in place after their first run, programs removed after it.

Source: detections.md 4.C, numbers 8 and 9.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import RunProgram
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import MICROSOFT, boot_program
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    confidence_of,
    events_of,
    idle,
    spelled_source,
    spelled_target,
    threads_of,
    weigh,
)
from hivecheck.rules.rule import Hit, Rule, Severity

_SOURCES = ("detections.md 4.A", "detections.md 4.C", "smss.md A.1 to A.4")


def _boot_runs(case: Case) -> dict[str, Event]:
    """The programs of BootExecute and its kin that smss asks for, by their first candidate; Windows's own left out."""
    found: dict[str, Event] = {}
    for event in case.events_of(RunProgram):
        action = event.action
        if isinstance(action, RunProgram) and action.list.startswith(("BootExecute", "PlatformExecute")):
            for path in action.candidates[:1]:
                named = case.path(path.text)
                if named.name.removesuffix(".exe") not in MICROSOFT:
                    found.setdefault(named.text, event)
    return found


def _check_staged(case: Case) -> Iterator[Hit]:
    runs = _boot_runs(case) if case.renames.moved.rows else {}
    if not runs:
        return
    for row in case.renames.moved.rows:
        told = row.operation.destination
        event = runs.get(told.text) if told is not None else None
        if event is None or told is None or idle(case, row):
            continue
        known = boot_program(told.name)
        vendor = known is not None and any(case.has_service(name) for name in known.companions)
        who = f" It bears the name of a program of {known.vendor}." if known is not None else ""
        text = (
            f"smss is to run {told.name} before it renames files, and {row.operation.list} would only then put "
            f"{spelled_source(row)} there. The first boot says that the program was not found, or runs the old one; the second "
            f"runs the new one.{who}"
        )
        severity = weigh(case, row, Severity.MEDIUM if vendor else Severity.CRITICAL)
        events = (*events_of(row), event.number)
        because = (*cite(row), *event.because[:1])
        yield Hit(text, because, told.text, severity, confidence_of(case, row), events, threads_of(case, told, row.source))


STAGED = Rule(
    id="seq-bootexec-staged-by-pfro",
    family="sequences",
    title="A program of BootExecute is put in place by a pending rename",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1036.005"),
    why=(
        "BootExecute comes before the renames. The entry looks dead, as its file is not there; the file comes by a row that "
        "looks like an installer's, and the boot after runs it with the rights of the system."
    ),
    false_positives=("An update of a defragmenter or the like that runs at boot (medium where its service is set up).",),
    remedy="First set BootExecute to 'autocheck autochk *', then: " + REMEDY,
    sources=_SOURCES,
    severities="critical; medium for a known program whose product's service is set up.",
    check=_check_staged,
)


def _check_self_erasing(case: Case) -> Iterator[Hit]:
    runs = _boot_runs(case) if case.renames.moved.rows else {}
    if not runs:
        return
    for row in case.renames.moved.rows:
        event = runs.get(row.operation.source.text)
        if event is None or idle(case, row):
            continue
        does = "delete" if row.destination is None else f"rename to {spelled_target(row)}"
        text = (
            f"smss is to run {spelled_source(row)} from BootExecute, and moments later {row.operation.list} would {does} that "
            "very file: after the boot nothing shows what ran."
        )
        events = (*events_of(row), event.number)
        because = (*cite(row), *event.because[:1])
        severity = weigh(case, row, Severity.CRITICAL)
        yield Hit(text, because, row.source.text, severity, None, events, threads_of(case, row.source))


SELF_ERASING = Rule(
    id="seq-self-erasing-bootexec",
    family="sequences",
    title="A program of BootExecute is removed right after it ran",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1070.004", "T1547.001"),
    why="Renames follow BootExecute at once. A program that has itself deleted there cleans up after its work.",
    false_positives=("None known: uninstallers take the entry out of BootExecute as well.",),
    remedy="Collect the file first: it is still there. Then take the entry out of BootExecute. " + REMEDY,
    sources=_SOURCES,
    check=_check_self_erasing,
)


RULES: tuple[Rule, ...] = (
    STAGED,
    SELF_ERASING,
)

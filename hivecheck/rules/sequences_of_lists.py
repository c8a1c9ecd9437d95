r"""Rows without effect, lists that undo each other, and what the lists leave behind: missing files that a driver needs, other hives.

Source: detections.md 4.A; 4.C, numbers 5, 15, 16 and 22.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import Family
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.case_renames import MovedFile
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import is_windows_file
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    events_of,
    idle,
    spelled_source,
    spelled_target,
    starts_by_itself,
    tell_row,
    threads_of,
    weigh,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import PENDING_RENAMES, PENDING_RENAMES_2
from hivecheck.settings.pending_renames import read_rename_list
from hivecheck.settings.row import SM
from hivecheck.settings.services import CRITICAL, DISABLED, SEVERE, START_NAMES

_SOURCES = ("detections.md 4.C", "smss.md B.3")

_ROWS_TOLD = 20

_VALUES_AT_MOST = 1_000


def _check_failure(case: Case) -> Iterator[Hit]:
    if case.renames.are_starved:
        return
    for value in (PENDING_RENAMES, PENDING_RENAMES_2):
        rows = [row for row in case.renames.moved.rows if row.operation.list == value.name]
        failing = [row for row in rows if row.operation.fails]
        if not failing:
            continue
        first = failing[0]
        told = f"{len(failing)} of {len(rows)} rows of {value.name} would have no effect. The first of them: {tell_row(case, first)}."
        few = failing[:_ROWS_TOLD]
        yield Hit(told, cite(*few), value.name, None, None, events_of(*few), (f"list {value.name}",))


ORDER_FAILURE = Rule(
    id="seq-order-failure",
    family="sequences",
    title="Rows of the rename list that would have no effect",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    techniques=(),
    why=(
        "A row fails where its target exists and it does not ask to replace, where an earlier row took its source away, where "
        "a folder is not empty, or where a path can't be reached. smss logs that and goes on. What such a row wants is judged "
        "by the rename rules, one step lower."
    ),
    false_positives=("Writers that add the same row again and again: every list of some age has such.",),
    remedy="None: the rows are evidence of what somebody wanted.",
    sources=_SOURCES,
    check=_check_failure,
)


def _check_undo(case: Case) -> Iterator[Hit]:
    first: dict[tuple[str, str], MovedFile] = {}
    for row in case.renames.moved.rows:
        told = row.operation.destination
        if told is None:
            continue
        if row.operation.list == PENDING_RENAMES.name:
            first.setdefault((row.operation.source.text, told.text), row)
            continue
        earlier = first.get((told.text, row.operation.source.text))
        if earlier is not None and not idle(case, row):
            yield _undo(
                case, earlier, row.operation.source, told, row.operation.list, cite(earlier, row), events_of(earlier, row)
            )
    yield from _parked(case, first)


def _parked(case: Case, first: dict[tuple[str, str], MovedFile]) -> Iterator[Hit]:
    """Rows that undo the first list and wait under a name that smss does not read."""
    key = case.key(SM)
    if not first or key is None:
        return
    names = (PENDING_RENAMES.name, PENDING_RENAMES_2.name)
    for _, raw in zip(range(_VALUES_AT_MOST), key.values(), strict=False):
        if not raw.name.casefold().startswith("pendingfilerename") or raw.name in names:
            continue
        for pair in read_rename_list(raw.name, raw).value.pairs:
            if pair.destination is None:
                continue
            source, target = case.path(pair.source.text.rstrip("\\")), case.path(pair.destination.text.rstrip("\\"))
            earlier = first.get((target.text, source.text))
            if earlier is not None:
                because = (*cite(earlier), pair.origin)
                yield _undo(case, earlier, source, target, raw.name, because, events_of(earlier))


def _undo(
    case: Case,
    earlier: MovedFile,
    source: Comparable,
    target: Comparable,
    name: str,
    because: tuple[Origin, ...],
    events: tuple[int, ...],
) -> Hit:
    read = "which smss works off right after the first" if name == PENDING_RENAMES_2.name else "which waits for a later boot"
    text = (
        f"{earlier.operation.list} would move {spelled_source(earlier)} to {spelled_target(earlier)}, and {name}, {read}, would move it back: the "
        "file is away for a while only."
    )
    return Hit(text, because, target.text, None, None, events, threads_of(case, target, source))


UNDO = Rule(
    id="seq-pfro2-undoes-pfro",
    family="sequences",
    title="A second rename list undoes the first",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1070.004"),
    why=(
        "Away for a moment, and back: a file that is missing while something runs leaves no trace afterwards. A public tool "
        "against security products can undo its renames at the following boot."
    ),
    false_positives=("None known; a rename list that an administrator parked under another name may look like it.",),
    remedy=REMEDY,
    sources=_SOURCES,
    check=_check_undo,
)


_SOURCES_OF_LOSSES = ("detections.md 4.A", "detections.md 4.C", "smss.md A.1 to A.4")


def _place(case: Case, program: ServiceProgram, path: Comparable) -> Comparable:
    """Where a program lies: the kernel looks for a driver without a folder in that of Windows."""
    bare = program.service.is_driver and "\\" not in path.text
    return case.path(f"{case.system_root}\\{path.text}") if bare else path


def _check_driver_gone(case: Case) -> Iterator[Hit]:
    if case.renames.are_starved or not case.renames.moved.rows:
        return
    rows = case.renames.moved.rows
    for program in case.programs:
        service = program.service
        if not starts_by_itself(service.start) or service.start == DISABLED or "DELETEFLAG" in service.values:
            continue
        for path in (program.image, program.dll):
            number = case.renames.moved.gone_by(_place(case, program, path)) if path.text else None
            if number is None:
                continue
            row = rows[number]
            vendor = case.security.vendor_of(path)
            start = START_NAMES[service.start or 0]
            loaded = service.start in (0, 1) and service.is_driver
            stops = service.error_control in (SEVERE, CRITICAL) and service.is_driver
            bad = vendor or is_windows_file(path) or stops
            ends = (
                " As its ErrorControl is severe or critical, that boot may end in a stop error or fall back to the last known good set."
                if stops
                else ""
            )
            whose = f" It is of {vendor}." if vendor else ""
            when = "the boot after the next restart" if loaded else "the next boot"
            does = "delete" if row.destination is None else "move away"
            text = (
                f"{row.operation.list} would {does} {spelled_source(row)}, which the {'driver' if service.is_driver else 'service'} "
                f"{service.name} still runs from (start: {start}): it fails in {when}.{whose}{ends}"
            )
            severity = weigh(case, row, Severity.CRITICAL if bad else Severity.HIGH)
            because = (*cite(row), *service.cite("Start", "ErrorControl"))
            threads = threads_of(case, path, row.source)
            yield Hit(
                text,
                because,
                service.name,
                severity,
                None,
                events_of(row),
                tuple(dict.fromkeys((*threads, f"service {service.name}"))),
            )
            break


DRIVER_GONE = Rule(
    id="seq-edr-driver-gone-start-stays",
    family="sequences",
    title="The file of a driver or service is taken away while it is still set to start",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1485"),
    why=(
        "An uninstaller takes out the service first. A file that goes while its service stays is sabotage of a product, or of "
        "the boot: a missing boot driver with a critical ErrorControl ends in a stop error, as a public tool against security "
        "products reports."
    ),
    false_positives=(
        "Uninstallers that forget a service (high, where the file is of no security product and not of Windows).",
    ),
    remedy=(
        "Restore the file, or set the service's Start to 4, before the machine boots: a missing boot driver ends in a stop "
        "error. " + REMEDY
    ),
    sources=_SOURCES_OF_LOSSES,
    severities="critical for security products, files of Windows and drivers whose failure stops the boot; else high.",
    check=_check_driver_gone,
)


def _check_hive_swap(case: Case) -> Iterator[Hit]:
    for row in case.renames.moved.rows:
        target = row.destination
        if target is None or not target.is_hive_file or "\\regback\\" in target.text:
            continue
        works = case.family is not Family.G4
        name = target.name.upper()
        means = {
            "SAM": "its accounts and passwords would be those of this machine",
            "SECURITY": "its policy and cached secrets would be those of this machine",
            "SOFTWARE": "its programs at logon and policies would be those of this machine",
            "SYSTEM": "its services and this very list would be those of the boot after",
        }.get(name, "its content would be taken for the machine's")
        if not works:
            so = f"Windows 8 and later load the hives first, so the row likely fails; if it worked, {means}"
        elif name == "SYSTEM":
            so = f"{means}. The loader has read the old one by then, so the new one counts from the boot after"
        else:
            so = f"{means}. The hive is loaded after the renames, so the swap works in this boot"
        text = f"{row.operation.list} would put {spelled_source(row)} in the place of the hive {spelled_target(row)}"
        elsewhere = bool(case.renames.other_windows(target))
        text += f". But {case.renames.tell_other()}." if elsewhere else f": {so}."
        severity = Severity.MEDIUM if elsewhere else None
        sure = Confidence.HIGH if works else Confidence.MEDIUM
        yield Hit(text, cite(row), target.text, severity, sure, events_of(row), threads_of(case, target, row.source))


HIVE_SWAP = Rule(
    id="seq-hive-swap",
    family="sequences",
    title="A pending rename swaps a registry hive of the machine",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1003.002", "T1112"),
    why=(
        "Up to Windows 7 smss renames before SAM, SECURITY and SOFTWARE are loaded: a hive prepared elsewhere becomes the "
        "machine's own. From 8 on they are open by then."
    ),
    false_positives=("Tools that restore the registry from a backup at boot.",),
    remedy="Collect the hive the row names and analyse it as well. " + REMEDY,
    sources=_SOURCES_OF_LOSSES,
    severities="critical; medium in the folder of another Windows, where the hive says for sure where this one lies.",
    check=_check_hive_swap,
)

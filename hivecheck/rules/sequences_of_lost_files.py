r"""Files that are missing after the rename lists, though a driver or service needs them, and hives that are others then.

Source: detections.md 4.A; 4.C, numbers 15 and 22.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import Family
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import is_windows_file
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    events_of,
    spelled_source,
    spelled_target,
    starts_by_itself,
    threads_of,
    weigh,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.services import CRITICAL, DISABLED, SEVERE, START_NAMES

_SOURCES = ("detections.md 4.A", "detections.md 4.C", "smss.md A.1 to A.4")


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
    sources=_SOURCES,
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
        when = (
            "The hive is loaded after the renames, so the swap works in this boot"
            if works and name != "SYSTEM"
            else "Windows 8 and later load the hives first, so the row likely fails"
            if not works
            else "The loader has read the old one by then, so the new one counts from the boot after"
        )
        text = f"{row.operation.list} would put {spelled_source(row)} in the place of the hive {spelled_target(row)}: {means}. {when}."
        sure = Confidence.HIGH if works else Confidence.MEDIUM
        yield Hit(text, cite(row), target.text, None, sure, events_of(row), threads_of(case, target, row.source))


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
    sources=_SOURCES,
    check=_check_hive_swap,
)


RULES: tuple[Rule, ...] = (
    DRIVER_GONE,
    HIVE_SWAP,
)

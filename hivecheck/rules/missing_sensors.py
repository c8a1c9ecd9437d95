r"""Sensors that stay registered while a pending rename takes their file away. Source: detections.md 1.8, 4.C."""

from collections.abc import Iterator

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import FileOperation
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_path
from hivecheck.rules.service_depends import watched_programs


def _check_missing_binary(case: Case) -> Iterator[Hit]:
    gone: dict[str, list[FileOperation]] = {}
    for move in case.renames.operations:
        if not move.fails:
            gone.setdefault(move.source.text, []).append(move)
    if not gone:
        return
    told: set[str] = set()
    for program, vendor in watched_programs(case):
        service = program.service
        if service.start not in (0, 1, 2) or service.name in told:
            continue
        for path in (program.image, program.dll):
            moves = next((gone[folder] for folder in _with_parents(path.text) if folder in gone), None)
            if not path.text or path.name == "svchost.exe" or moves is None:
                continue
            told.add(service.name)
            yield Hit(
                f"{service.name} ({vendor_of_path(path) or vendor}) starts at boot, and a pending rename takes its file "
                f"{_spelled(path.text, moves[0])} away first: it would "
                f"stay registered and not start{', and the machine would not come up' if service.error_control == 3 else ''}.",
                (*service.cite("ImagePath"), *service.cite("Start")),
                service.name,
                events=tuple(move.event.number for move in moves),
                story=(case.thread_of_service(service.name), case.thread_of(path)),
            )
            break


def _spelled(path: str, move: FileOperation) -> str:
    """The path as the operation spells it, or the folder above that it takes away."""
    action = move.event.action
    stored = action.source.text.removeprefix("\\??\\") if isinstance(action, DeleteFile | RenameFile) else ""
    return stored + path[len(stored) :] if stored and path.startswith(stored.casefold()) else path


def _with_parents(path: str) -> Iterator[str]:
    """The path and the folders above it, without the drive and what lies right in it."""
    while path.count("\\") > 1:
        yield path
        path = path.rpartition("\\")[0]


SVC_MISSING_SENSOR_BINARY = Rule(
    id="svc-missing-sensor-binary",
    family="services",
    title="The file of a sensor that starts at boot is taken away first",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001",),
    why=(
        "smss renames and deletes files before services start. A sensor whose file goes there stays registered as automatic and "
        "fails to start, with no value of its own changed; with ErrorControl 3 the machine does not come up."
    ),
    false_positives=("An uninstaller that deletes its product's files at the next boot and its services later.",),
    remedy="Take the pair out of PendingFileRenameOperations, keep the benign ones, and reinstall the sensor.",
    sources=("detections.md 1.8", "detections.md 4.C 15"),
    check=_check_missing_binary,
)

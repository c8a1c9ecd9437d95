r"""Services of Windows that watch the machine and are gone, or can't be started as what they are, or lose their file to a pending rename.

A deleted key leaves no mark of its own. What tells of it: other services that wait for it, the lists of safe mode and of
setup, another control set, and, where hundreds of services are there, that no whole Windows comes without it. Nothing is told
of a list that was not read whole. Source: detections.md 1.8, 4.C; real hives of XP, 7, 10 1709 and 10 1903, which have all of these.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, XP
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.registry.raw_values import text_in, type_and_size
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import FileOperation
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_path
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.rules.service_depends import watched_programs
from hivecheck.rules.windows_services import FIREWALL_OF_XP, WATCHED_SERVICES, Watched
from hivecheck.settings.catalog import SAFE_BOOT
from hivecheck.settings.services import Service
from hivecheck.settings.setup_services import ALLOW_START

_WHOLE = 200  # services of a whole Windows; XP x64 has 256 keys
_CITED = 5
_PROGRAM_TYPES, _DRIVER_TYPES = 0x30, 0x3


def check_lost_services(case: Case) -> Iterator[Hit]:
    """What Windows ships to watch the machine, and is not there, or is there with a type or without a file that it can't run by."""
    services = case.lists.services
    if services.key is None or any(problem.code == "services-unreadable" for problem in services.problems):
        return  # what is not found may still be there
    torn = {origin for problem in services.problems for origin in problem.because}
    for one in (*WATCHED_SERVICES, FIREWALL_OF_XP):
        if not one.belongs_to(case.generation):
            continue
        service = services.named(one.name)
        if service is not None:
            if service.ref not in torn and why_not_started(service) is None:
                yield from _unfit(case, one, service)
        elif one.always:
            yield from _gone(case, one)


def _gone(case: Case, one: Watched) -> Iterator[Hit]:
    key = case.lists.keys.named(one.name)
    if key is not None:
        if key.values_whole:
            text = f"The key of {one.name} has neither Type nor Start, so that it is no service: {one.what}."
            yield _hit(case, one, text, (key.ref,), Confidence.HIGH)
        return
    if one.client and case.text("Control\\ProductOptions", "ProductType").casefold() not in ("winnt", ""):
        return
    traces = _traces(case, one.name)
    services = case.lists.services
    whole = len(services.services) >= _WHOLE and case.key("Control\\MiniNT") is None
    if not traces and not whole:
        return  # a piece of a hive, or a Windows that runs from a small image
    assert services.key is not None
    told = "; ".join(what for what, _ in traces[:_CITED]) or "no whole Windows comes without it"
    text = f"{one.name}, which this Windows ships, has no service ({told}): {one.what}."
    because = tuple(origin for _, origin in traces[:_CITED]) or (services.key,)
    yield _hit(case, one, text, because, Confidence.HIGH if traces else Confidence.MEDIUM)


def _traces(case: Case, name: str) -> list[tuple[str, Origin]]:
    """What else in the hive still tells of a service that is not there, in words, with the origin of each."""
    found: list[tuple[str, Origin]] = []
    for mode in ("Minimal", "Network"):
        key = case.key(f"{SAFE_BOOT}\\{mode}\\{name}")
        if key is not None:
            found.append((f"safe mode ({mode}) lists it", key.ref))
    allowed = case.key(f"\\{ALLOW_START}\\{name}")
    if allowed is not None:
        found.append(("setup lists it in AllowStart", allowed.ref))
    folded = fold_name(name)
    for service in case.lists.services.services:
        if len(found) > _CITED:
            break
        if any(fold_name(one) == folded for one in service.depends_on_services[:100]):
            found += [(f"{service.name} depends on it", origin) for origin in service.cite("DependOnService")]
    for other in case.other_sets:
        there = other.services.named(name)
        if there is not None:
            found.append((f"ControlSet{other.number:03d} has it", there.ref))
    return found


def _unfit(case: Case, one: Watched, service: Service) -> Iterator[Hit]:
    """A watched service that is there, and not started all the same: by its type, or with no file to run."""
    fits = _DRIVER_TYPES if one.is_driver else _PROGRAM_TYPES
    if service.type is None or not service.type & fits:
        raw = service.values.get("TYPE")
        if raw is None:
            has = "no Type"
        elif service.type is None:
            has = f"a Type that is {type_and_size(raw)}"
        else:
            has = f"the Type {service.type:#x}"
        kind = "driver" if one.is_driver else "service"
        text = f"{service.name} has {has}, with which Windows starts it as no {kind}: {one.what}."
        yield _hit(case, one, text, service.cite("Type"), Confidence.HIGH)
        return
    if one.is_driver:
        return
    raw = service.values.get("IMAGEPATH")
    if not text_in(raw):
        has = "an ImagePath that is no text" if raw is not None and raw.type not in (1, 2) else "no ImagePath"
        text = f"{service.name} has {has}, so that nothing can be started for it: {one.what}."
        yield _hit(case, one, text, service.cite("ImagePath"), Confidence.HIGH)
    elif one.always and not service.dll and _is_hosted(case, one, service):
        parameters = case.key(f"Services\\{service.name}\\Parameters")
        if parameters is None or parameters.values_whole:
            text = f"{service.name} has no ServiceDll that svchost could load: {one.what}."
            yield _hit(case, one, text, service.cite("ServiceDll"), Confidence.MEDIUM)


def _is_hosted(case: Case, one: Watched, service: Service) -> bool:
    """Whether svchost hosts the service, and has to be told its DLL."""
    since = VISTA if one.name == "EventLog" else XP
    return case.generation >= since and "\\svchost.exe" in service.image_path.casefold()


def _hit(case: Case, one: Watched, text: str, because: tuple[Origin, ...], confidence: Confidence) -> Hit:
    lesser = one.severity < Severity.HIGH and confidence is Confidence.MEDIUM
    story = (case.thread_of_service(one.name),)
    return Hit(text, because, one.name, one.severity, Confidence.LOW if lesser else confidence, story=story)


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

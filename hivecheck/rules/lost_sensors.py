r"""Sensors that are gone from the services, or whose service runs something else: what the rest of the hive still says of them.

A deleted key leaves no mark of its own. What is left: another control set, the list of safe mode, the other services of
the product. Source: detections.md 1.8; what Windows ships from the baselines (real hives of 7, 10 1709 and 10 1903).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import NT4, WIN8, WIN10_1709
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import OtherSet, ServiceProgram
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.security_products import sensor_mark, vendor_of_path, vendor_of_service, vendor_of_service_name
from hivecheck.rules.sensor_starts import is_usual_place, starts_with_windows, why_not_started
from hivecheck.rules.service_images import hit_on
from hivecheck.settings.catalog import SAFE_BOOT
from hivecheck.settings.services import Service

_DEFENDER = "Microsoft Defender"
_CORE = ("WinDefend", "WdFilter", "WdBoot")
_MORE = ("WdNisSvc", "WdNisDrv", "Sense", "MsSecFlt")
_UNNAMED = "a vendor not known here"
_FILTER_OF_SENSE = "MsSecFlt"
_SENSE = "Sense"  # a product of its own: not on every edition, and left where a server drops the scanner
_WHOLE = 200  # services of a whole Windows 10; the least seen are 600
_SOME = 20  # services of what is more than a piece of a hive
_AT_MOST = 50  # sensors told of one other set
_ELSEWHERE = {  # drivers of sensors that do not lie in System32\drivers itself, and since when
    "wdfilter": WIN10_1709, "wdboot": WIN10_1709, "wdnisdrv": WIN10_1709, "csagent": NT4, "csboot": NT4, "sentinelmonitor": NT4,
}  # fmt: skip
_TOGETHER = (  # a driver and its program: neither comes without the other
    ("CSAgent", "CSFalconService"),
    ("SentinelMonitor", "SentinelAgent"),
)


def check_lost(case: Case) -> Iterator[Hit]:
    """Sensors without a service in the control set that boots, though something says that they were set up."""
    services = case.lists.services
    if services.key is None or any(problem.code == "services-unreadable" for problem in services.problems):
        return  # what is not found may still be there
    told: set[str] = set()
    for hit in (*_lost_since_other_set(case), *_listed_for_safe_mode(case), *_lost_from_defender(case), *_lost_halves(case)):
        if hit.subject.casefold() not in told:
            told.add(hit.subject.casefold())
            yield hit


def _lost_since_other_set(case: Case) -> Iterator[Hit]:
    for other in case.other_sets:
        lost = [(service, vendor) for service, vendor in _sensors_of(case, other) if _is_gone(case, service.name)]
        for service, vendor in lost[:_AT_MOST]:
            alone = vendor not in (_DEFENDER, _UNNAMED) and vendor not in case.security.kept_vendors
            so = "; none of its services is left here, as after an uninstall" if alone else ""
            text = (
                f"{service.name} of {vendor} has no service in the control set that boots next; ControlSet{other.number:03d} "
                f"still has it start by itself{so}."
            )
            severity = Severity.MEDIUM if alone else Severity.HIGH
            yield _hit(case, service.name, text, service.cite("Start", "ImagePath"), severity, Confidence.MEDIUM)


def _sensors_of(case: Case, other: OtherSet) -> Iterator[tuple[Service, str]]:
    """What starts by itself of security products in another control set, by name or by its vendor's folder."""
    for service in other.services.services:
        if not starts_with_windows(service):
            continue
        vendor = vendor_of_service(service.name)
        if not vendor and service.image_path:
            path = case.path(service.image_path.lstrip('"').partition('"')[0])
            vendor = "" if path.in_system_folder else vendor_of_path(path)
        if not vendor and sensor_mark(service):
            vendor = _UNNAMED
        if vendor:
            yield service, vendor


def _is_gone(case: Case, name: str) -> bool:
    return case.lists.services.named(name) is None


def _listed_for_safe_mode(case: Case) -> Iterator[Hit]:
    for mode in ("Minimal", "Network"):
        for key in case.subkeys(f"{SAFE_BOOT}\\{mode}"):
            vendor = vendor_of_service_name(key.name)
            if not vendor or not _is_gone(case, key.name):
                continue
            whole = vendor == _DEFENDER and case.baseline.entries(f"Services\\{key.name}")
            if not whole and vendor not in case.security.kept_vendors:
                continue  # what an uninstaller leaves
            text = (
                f"{key.name} of {vendor} has no service, though safe mode ({mode}) still lists it"
                f"{'' if whole else ' and other parts of the product are set up'}: it does not start."
            )
            other = case.security.likely_scanner if vendor == _DEFENDER else ""
            if other:
                text += f" {other} is installed, and servers drop Defender for another scanner."
            yield _hit(case, key.name, text, (key.ref,), Severity.MEDIUM if other else Severity.HIGH, Confidence.MEDIUM)


def _lost_from_defender(case: Case) -> Iterator[Hit]:
    """Parts of Defender that this Windows ships and that are missing beside others; all of it, where nothing else tells."""
    if case.generation < WIN8:
        return  # Defender is one service there
    services = case.lists.services
    assert services.key is not None
    count = len(services.services)
    names = (*_CORE, *_MORE) if count >= _WHOLE else _CORE
    shipped = [name for name in names if case.baseline.entries(f"Services\\{name}")]
    apart = (_SENSE, _FILTER_OF_SENSE)
    left = [service for name in shipped if name not in apart and (service := services.named(name)) is not None]
    if left:
        beside = " and ".join(service.name for service in left)
        for name in shipped:
            if services.named(name) is None:
                text = f"{name} of {_DEFENDER}, which this Windows ships, has no service, while there is {beside}: it does not start."
                severity, confidence = Severity.HIGH, Confidence.MEDIUM
                if name == _SENSE or (name == _FILTER_OF_SENSE and services.named(_SENSE) is None):
                    severity, confidence = Severity.LOW, Confidence.LOW
                yield _hit(case, name, text, tuple(service.ref for service in left), severity, confidence)
    elif shipped and count >= _SOME:
        text = (
            f"None of the services of {_DEFENDER}, which this Windows ships, is left; nothing else in the hive says that they were "
            "here. Servers and images come without them."
        )
        yield _hit(case, "WinDefend", text, (services.key,), Severity.LOW, Confidence.LOW)


def _lost_halves(case: Case) -> Iterator[Hit]:
    services = case.lists.services
    for pair in _TOGETHER:
        for name, other in (pair, pair[::-1]):
            beside = services.named(other)
            if services.named(name) is None and beside is not None and starts_with_windows(beside):
                vendor = vendor_of_service(other)
                text = f"{name} of {vendor} has no service, while {other}, which does not come without it, is set up."
                yield _hit(case, name, text, (beside.ref,), Severity.HIGH, Confidence.LOW)


def _hit(case: Case, name: str, text: str, because: tuple[Origin, ...], severity: Severity, confidence: Confidence) -> Hit:
    """A hit about a service that is not there, told with what else is told of it."""
    return Hit(text, because, name, severity, confidence, story=(case.thread_of_service(name),))


def check_swapped(case: Case) -> Iterator[Hit]:
    """Services of sensors that run a file which lies, or is called, as none of the vendor's does."""
    has_others = bool(case.other_sets)
    for program in case.programs:
        service = program.service
        vendor = vendor_of_service_name(service.name)
        if not vendor:
            if has_others:
                yield from _swapped_since(case, program)
            continue
        path = _foreign_file(case, program, vendor)
        if path is None:
            continue
        value, runs = (
            ("ServiceDll", service.dll)
            if path is program.dll
            else ("ImagePath", service.image_path or _unnamed_file(program))
        )
        text = (
            f"{service.name} bears the name of a service of {vendor}, but runs {runs}, which is no file of {vendor} where those "
            "lie: the sensor does not start."
        )
        severity = Severity.MEDIUM if why_not_started(service) is not None else Severity.HIGH
        named = service.dll if path is program.dll else service.image_path
        because = cite_value(service, value, named) if named else (service.ref,)
        yield hit_on(case, program, text, because, severity, Confidence.MEDIUM, path)


def _unnamed_file(program: ServiceProgram) -> str:
    """What runs where ImagePath names nothing: of a driver the file of its name, of a program no file at all."""
    driver = program.service.is_driver and "IMAGEPATH" not in program.service.values
    return f"{program.image.text} (it has no ImagePath)" if driver else "no file at all"


def _foreign_file(case: Case, program: ServiceProgram, vendor: str) -> Comparable | None:
    """The file that the service runs, where it is none of the vendor's usual ones; an empty path where it names none."""
    service, path = program.service, program.image
    if not service.image_path:
        if service.is_driver:
            return _default_driver(case, program)
        return path if service.is_process and starts_with_windows(service) else None
    if path.name == "svchost.exe" and path.in_system_folder:
        if not program.dll.text:
            return path if vendor != _DEFENDER or case.generation >= WIN8 else None
        path = program.dll
    return None if is_usual_place(path, vendor, service.name, case.system_root[:1].casefold()) else path


def _default_driver(case: Case, program: ServiceProgram) -> Comparable | None:
    """The file that Windows loads for a driver whose ImagePath names none, where the sensor's own lies elsewhere."""
    since = _ELSEWHERE.get(program.name)
    named = "IMAGEPATH" in program.service.values  # as no text, or an empty one: nothing can be loaded
    return program.image if named or (since is not None and case.generation >= since) else None


def _swapped_since(case: Case, program: ServiceProgram) -> Iterator[Hit]:
    """A service that ran from a vendor's folder in another control set and here runs from elsewhere."""
    service = program.service
    for other in case.other_sets:
        before = other.services.named(service.name)
        if before is None or not before.image_path or before.image_path.casefold() == service.image_path.casefold():
            continue
        was = case.path(before.image_path.lstrip('"').partition('"')[0])
        vendor = "" if was.in_system_folder else vendor_of_path(was)
        if vendor and not vendor_of_path(program.image):
            text = (
                f"{service.name} runs {service.image_path or 'nothing'}; in ControlSet{other.number:03d} it runs "
                f"{before.image_path} of {vendor}: the sensor does not start."
            )
            because = (*service.cite("ImagePath"), *before.cite("ImagePath"))
            yield hit_on(case, program, text, because, Severity.HIGH, Confidence.MEDIUM, program.image)
            return

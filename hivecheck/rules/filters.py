r"""Filter drivers: those of device classes, and the minifilters of file systems with their altitudes.

Source: detections.md 1.8, 5.1; "Load order groups and altitudes for minifilter drivers" of the Windows driver documentation.
"""

from bisect import bisect_left
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN7, WIN10_1507, XP, Generation
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import RawValue, fold_name, type_name
from hivecheck.registry.raw_values import text_in
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.sensor_altitudes import check_own_altitudes
from hivecheck.settings.class_filters import CLASSES, LOWER, UPPER

_DISKS = "{4D36E967-E325-11CE-BFC1-08002BE10318}"
_VOLUMES = "{71A27CDD-812A-11D0-BEC7-08002BE2092F}"
_KEYBOARDS = "{4D36E96B-E325-11CE-BFC1-08002BE10318}"
_MICE = "{4D36E96F-E325-11CE-BFC1-08002BE10318}"
_WATCHED: dict[str, str] = {
    _DISKS: "disks", _VOLUMES: "volumes", _KEYBOARDS: "keyboards", _MICE: "mice",
    "{EEC5AD98-8080-425F-922A-DABF3DE3F69A}": "portable devices",
    "{50DD5230-BA8A-11D1-BF5D-0000F805F530}": "smart card readers",
    "{4D36E96C-E325-11CE-BFC1-08002BE10318}": "sound and video", "{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}": "cameras and scanners",
}  # fmt: skip
_SHIPPED = frozenset(
    (
        "partmgr", "ehstorclass", "fvevol", "rdyboost", "iorate", "volsnap", "kbdclass", "mouclass", "ksthunk", "scfilter",
        "irenum", "spatialgraphfilter", "wpdupfltr", "ecache", "wudfrd", "storqosflt",
    )
)  # fmt: skip
_SEEN = frozenset(("vboxmouse", "stdcfltn"))
_COMMON = frozenset(
    (
        "syntp", "vmmouse", "apfiltr", "snapman", "fltsrv", "tib", "tib_mounter", "psi", "veracrypt", "truecrypt", "vmkbd",
        "prl_mouf", "etd", "wacompen", "dcrypt",
    )
)  # fmt: skip
_NEEDED: tuple[tuple[str, str, str, Generation, str], ...] = (
    (_DISKS, UPPER, "partmgr", XP, "no disk would have partitions"),
    (_KEYBOARDS, UPPER, "kbdclass", XP, "no keyboard would work"),
    (_MICE, UPPER, "mouclass", XP, "no mouse would work"),
    (_VOLUMES, LOWER, "fvevol", WIN7, "BitLocker volumes could not be read"),
    (_VOLUMES, UPPER, "volsnap", WIN10_1507, "there would be no shadow copies"),
)
_FOLLOWING = 1.0  # altitudes this near to each other: nothing can be put between them
_TRACERS = ("procmon",)


def _check_classes(case: Case) -> Iterator[Hit]:
    filters = case.lists.filters.filters
    programs = case.programs_by_name if filters else {}
    for one in filters:
        name = fold_name(one.service).casefold()
        if name in _SHIPPED:
            continue
        service = case.lists.services.named(one.service)
        watched = _WATCHED.get(one.guid.upper(), "")
        program = programs.get(name)
        missing = service is None
        bad = missing or (program is not None and program.image.is_user_writable)
        new = service is not None and case.is_new(service.ref)
        if name in _SEEN and not bad:
            continue
        if name in _COMMON and not bad:
            severity, why = Severity.LOW, "a common product's filter has this name"
        elif missing:
            severity, why = Severity.HIGH, "no such driver is registered, so that the devices would not start"
        elif bad:
            severity, why = Severity.HIGH, "its file lies in a folder that users can write to"
        else:
            severity, why = (Severity.HIGH if new else Severity.MEDIUM), "Windows does not ship it"
        if not watched and severity > Severity.LOW:
            severity = severity.raised(-1)
        yield Hit(
            f"{one.service} filters {watched or one.device_class} ({one.position} filter {one.place + 1}): {why}. It sees, and can "
            "change, what goes to and from these devices.",
            (one.origin,),
            f"{one.guid} {one.position} {one.service}",
            severity,
            events=case.events.citing(one.origin),
            story=(case.thread_of_service(one.service),),
        )
    there = {(one.guid.upper(), one.position, one.service.casefold()) for one in filters}
    for guid, position, name, since, why in _NEEDED:
        key = case.key(f"{CLASSES}\\{guid}") if case.generation >= since and (guid, position, name) not in there else None
        if key is not None and key.value("Class") is not None:
            yield Hit(
                f"{name}, {'an upper' if position == UPPER else 'a lower'} filter of {_WATCHED[guid]} as shipped, is missing from "
                f"its list: {why}.",
                (key.ref,),
                f"{guid} {position} {name}",
                Severity.HIGH,
            )


@fact
class _Altitude:
    service: str
    text: str
    number: float | None
    ref: Origin
    type: int
    vendor: str


def _check_altitudes(case: Case) -> Iterator[Hit]:
    vendors: dict[str, str] | None = None
    found: list[_Altitude] = []
    for key, instances in case.keys_of_services("INSTANCES"):
        if vendors is None:
            vendors = {program.name: vendor for program, vendor in case.security.sensors}
        for instance in instances.subkeys():
            raw = instance.value("Altitude")
            if raw is not None:
                text = _altitude_text(raw)
                vendor = vendors.get(key.name.casefold(), "")
                found.append(_Altitude(key.name, text, _number(text), raw.ref.citing(text), raw.type, vendor))
    guarded = sorted((one for one in found if one.vendor and one.number is not None), key=lambda one: one.number or 0.0)
    for one in found:
        if one.type != 1:
            yield _hit(case, one, f"is stored as {type_name(one.type)}: readers that expect a text miss it", Severity.MEDIUM)
        decimals = one.text.partition(".")[2]
        if len(decimals.replace(".", "")) > 6:
            yield _hit(case, one, "has more than six decimals, just beside another", Severity.MEDIUM)
        if one.number is None or one.service.casefold().startswith(_TRACERS):
            continue
        near = _nearest(guarded, one)
        if near is not None and near.number == one.number:
            yield _hit(
                case,
                one,
                f"is that of {near.service} ({near.vendor}): of two only the first can attach",
                Severity.HIGH,
                near,
            )
        elif near is not None:
            yield _hit(
                case, one, f"lies right beside that of {near.service} ({near.vendor}), {near.text}", Severity.MEDIUM, near
            )

    yield from check_own_altitudes(case)


def _nearest(guarded: list[_Altitude], one: _Altitude) -> _Altitude | None:
    """The sensor of another service at the same altitude or right beside it. `guarded` are in order."""
    number = one.number or 0.0
    at = bisect_left(guarded, number - _FOLLOWING, key=lambda other: other.number or 0.0)
    near = [
        other
        for other in guarded[at : at + 50]
        if abs((other.number or 0.0) - number) <= _FOLLOWING and other.service != one.service and other.vendor != one.vendor
    ]
    return min(near, key=lambda other: abs((other.number or 0.0) - number), default=None)


def _hit(case: Case, one: _Altitude, why: str, severity: Severity, near: _Altitude | None = None) -> Hit:
    threads = (case.thread_of_service(one.service), *((case.thread_of_service(near.service),) if near else ()))
    because = (one.ref, near.ref) if near else (one.ref,)
    confidence = Confidence.MEDIUM if severity > Severity.MEDIUM else Confidence.LOW
    told = f"The altitude {one.text} of the minifilter {one.service} {why}."
    return Hit(told, because, f"{one.service} {one.text}", severity, confidence, story=threads)


def _altitude_text(raw: RawValue) -> str:
    if raw.type == 7:
        return next((text for text in decode_multi_sz(raw.data).strings if text), "")
    return text_in(raw)


def _number(text: str) -> float | None:
    whole, _, rest = text.strip().partition(".")
    digits = whole + "." + rest.replace(".", "")
    try:
        return float(digits) if text.isascii() and len(text) < 64 else None
    except ValueError:
        return None


CLASS_FILTERS = Rule(
    id="class-filters",
    family="drivers",
    title="A filter driver sits on keyboards, disks or other devices, or one of Windows is missing",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1056.001", "T1547.006", "T1014"),
    why=(
        "The drivers in UpperFilters and LowerFilters of a device class see all that goes to and from its devices: keys typed, "
        "sectors read. Without those of Windows there is no BitLocker, no shadow copy, or no keyboard."
    ),
    false_positives=(
        "VBoxMouse and Dell's stdcfltn (let pass where the driver is there).",
        "Touchpads, backup and encryption products (SynTP, snapman, veracrypt and others, low).",
    ),
    remedy=(
        BACK_UP
        + "Restore the list as shipped in every control set BEFORE deleting the driver: a filter that is listed and missing "
        "keeps its devices from starting (0x7B for disks and volumes)."
    ),
    sources=("detections.md 1.8", "detections.md 5.1"),
    severities=(
        "high for a missing or new driver, one in a user-writable folder, and a missing filter of Windows; else medium; one step "
        "less for other classes; low for common products"
    ),
    check=_check_classes,
)
MINIFILTER_ALTITUDE = Rule(
    id="minifilter-altitude",
    family="drivers",
    title="A minifilter takes the altitude of a security product, or one of these has lost its own",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001",),
    why=(
        "Each minifilter of a file system has an altitude of its own, given out by Microsoft. Where another driver took that of a "
        "sensor first, the sensor's filter is refused and sees no file being opened; so is one that asks for no altitude, for one that "
        "nobody has, or for an instance that is not there. With bit 0 of its Flags an instance is attached to no volume by itself."
    ),
    false_positives=("Process Monitor beside Sysmon (let pass).", "Development drivers with a made-up altitude."),
    remedy="Restore the altitude of the vendor's INF, in every control set; disable and collect the other driver.",
    sources=("detections.md 1.8", "altitudes: documentation of minifilter drivers"),
    severities="high for the same altitude and for a sensor without its own; medium right beside it, for more than six decimals, or another type than text",
    check=_check_altitudes,
)
RULES: tuple[Rule, ...] = (CLASS_FILTERS, MINIFILTER_ALTITUDE)

r"""The altitudes that a sensor's own minifilter asks for: one that is not its own, or none, keeps it from seeing a file.

The filter manager attaches an instance at its Altitude, unless its Flags say otherwise; DefaultInstance names the one meant. Those of Windows' own are from real hives
of 10; the ranges are those that Microsoft gives out. Source: detections.md 1.8; "Load order groups and altitudes for minifilter
drivers" and "Creating an INF file for a minifilter driver" of the Windows driver documentation.
"""

from collections.abc import Iterator

from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import REG_MULTI_SZ, Key, RawValue, fold_name
from hivecheck.registry.raw_values import number_in, text_in
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.settings.services import Service

_OWN = {"WDFILTER": "328010", "MSSECFLT": "385600", "SYSMONDRV": "385201"}
_GIVEN_OUT = (20_000, 430_000)  # the altitudes of all groups of filters
_INSTANCES = 16  # of one driver that are looked at
_NOT_BY_ITSELF = 0x1  # of Flags: automatic attachments are suppressed; 0x2 suppresses manual ones
_FILE_SYSTEM_DRIVER = 0x2
_FILTERS_OF_A_WHOLE = 5  # keys of minifilters in a hive that is no piece of one; 7 has six of its own, 10 more than a dozen
_UNNAMED = "a vendor not known here"


def check_own_altitudes(case: Case) -> Iterator[Hit]:
    """Sensors whose own instances are gone, switched off, without an altitude, or at another one than they have."""
    sensors = {fold_name(program.service.name): vendor for program, vendor in case.security.sensors}
    sensors.update((fold_name(program.service.name), _UNNAMED) for program in case.security.unnamed)
    sensors.setdefault("MSSECFLT", "Microsoft Defender")
    keys = case.lists.keys
    filters = len(case.keys_of_services("INSTANCES"))
    bare: list[Service] = []
    for name in sensors:
        key, service = keys.named(name), case.lists.services.named(name)
        if key is None or service is None or not service.is_driver or why_not_started(service) is not None:
            continue
        instances = keys.below(key).get("INSTANCES")
        if instances is None:
            instances = key.subkey("Parameters\\Instances")  # where drivers for Windows 11 24H2 may have them
        if instances is not None:
            for text, because, severity in _faults(name, instances):
                yield _hit(case, service, sensors[name], text, because, severity)
        elif key.subkeys_whole and _attaches(service, name):
            bare.append(service)
    for service in bare if filters >= _FILTERS_OF_A_WHOLE else ():
        sure = fold_name(service.name) in _OWN
        text = "has no key Instances"
        severity = Severity.HIGH if sure else Severity.MEDIUM
        yield _hit(case, service, sensors[fold_name(service.name)], text, (service.ref,), severity)


def _attaches(service: Service, name: str) -> bool:
    """Whether a driver is a minifilter, which has instances: a known one, or one that needs the filter manager."""
    if name in _OWN:
        return True
    grouped = service.type == _FILE_SYSTEM_DRIVER and service.group.casefold().startswith("fsfilter")
    return grouped and any(one.casefold() == "fltmgr" for one in service.depends_on_services[:_INSTANCES])


def _hit(case: Case, service: Service, vendor: str, text: str, because: tuple[Origin, ...], severity: Severity) -> Hit:
    told = f"The minifilter {service.name} of {vendor} {text}: it may not attach, and then sees no file being opened."
    story = (case.thread_of_service(service.name),)
    return Hit(told, because, f"{service.name} {text}", severity, story=story)


def _faults(name: str, instances: Key) -> Iterator[tuple[str, tuple[Origin, ...], Severity]]:
    stored = instances.value("DefaultInstance")
    default = text_in(stored)
    if not instances.values_whole or not instances.subkeys_whole:
        return
    known = {fold_name(one.name): one for _, one in zip(range(_INSTANCES), instances.subkeys(), strict=False)}
    if not known:
        yield "has no instance", (instances.ref,), Severity.HIGH
        return
    weight = Severity.HIGH if name in _OWN else Severity.MEDIUM
    if not default:
        cited: tuple[Origin, ...] = (stored.ref,) if stored is not None else (instances.ref,)
        yield "names no default instance (DefaultInstance)", cited, weight
    elif fold_name(default) not in known and stored is not None:
        yield f"has the default instance {default}, which is not there", (stored.ref.citing(default),), Severity.HIGH
    chosen = known.get(fold_name(default)) or next(iter(known.values()))
    flags = chosen.value("Flags")
    number = number_in(flags)
    if flags is not None and number is not None and number & _NOT_BY_ITSELF:
        text = f"has the Flags {number:#x} in its instance {chosen.name}, with which it is attached to no volume by itself"
        yield text, (flags.ref.citing(str(number)),), weight
    raw = chosen.value("Altitude")
    if raw is None:
        if chosen.values_whole:
            yield f"has no altitude in its instance {chosen.name}", (chosen.ref,), Severity.HIGH
        return
    altitude = _altitude_of(raw)
    own = _OWN.get(name)
    if own is not None and altitude != own:
        yield f"has the altitude {altitude or '(none)'} in place of {own}", (raw.ref.citing(altitude),), Severity.HIGH
    elif not _is_given_out(altitude):
        told = f"has the altitude {altitude or '(none)'}, which no group of filters has"
        yield told, (raw.ref.citing(altitude),), Severity.HIGH


def _altitude_of(raw: RawValue) -> str:
    if raw.type == REG_MULTI_SZ:
        return next((text for text in decode_multi_sz(raw.data).strings if text), "")
    return text_in(raw)


def _is_given_out(altitude: str) -> bool:
    whole = altitude.strip().partition(".")[0]
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 10):
        return False
    return _GIVEN_OUT[0] <= int(whole) < _GIVEN_OUT[1]

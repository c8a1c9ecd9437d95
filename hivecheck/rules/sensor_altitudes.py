r"""The altitudes that a sensor's own minifilter asks for: one that is not its own, or none, keeps it from seeing a file.

The filter manager attaches the instance that DefaultInstance names, at its Altitude. Those of Windows' own are from real hives
of 10; the ranges are those that Microsoft gives out. Source: detections.md 1.8; "Load order groups and altitudes for minifilter
drivers" and "Creating an INF file for a minifilter driver" of the Windows driver documentation.
"""

from collections.abc import Iterator

from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import REG_MULTI_SZ, Key, RawValue, fold_name
from hivecheck.registry.raw_values import text_in
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Severity
from hivecheck.settings.services import DISABLED

_OWN = {"WDFILTER": "328010", "MSSECFLT": "385600", "SYSMONDRV": "385201"}
_GIVEN_OUT = (20_000, 430_000)  # the altitudes of all groups of filters
_INSTANCES = 16  # of one driver that are looked at


def check_own_altitudes(case: Case) -> Iterator[Hit]:
    """Sensors whose own instances are gone, without an altitude, or at another one than they have."""
    sensors = {fold_name(program.service.name): vendor for program, vendor in case.security.sensors}
    sensors.setdefault("MSSECFLT", "Microsoft Defender")
    for key, below in case.service_keys:
        instances = below.get("INSTANCES")
        name = fold_name(key.name) if instances is not None else ""
        service = case.lists.services.named(key.name) if name in sensors else None
        if instances is None or service is None or service.start == DISABLED or not service.is_driver:
            continue
        for text, because, severity in _faults(name, instances):
            whose = f"{key.name} of {sensors[name]}"
            told = f"The minifilter {whose} {text}: it may not attach, and then sees no file being opened."
            yield Hit(told, because, f"{key.name} {text}", severity, story=(case.thread_of_service(key.name),))


def _faults(name: str, instances: Key) -> Iterator[tuple[str, tuple[Origin, ...], Severity]]:
    default = text_in(instances.value("DefaultInstance"))
    if not instances.values_whole or not instances.subkeys_whole:
        return
    known = {fold_name(one.name): one for _, one in zip(range(_INSTANCES), instances.subkeys(), strict=False)}
    if not known:
        yield "has no instance", (instances.ref,), Severity.HIGH
        return
    if default and fold_name(default) not in known:
        raw = instances.value("DefaultInstance")
        cited: tuple[Origin, ...] = (raw.ref.citing(default),) if raw is not None else (instances.ref,)
        yield f"has the default instance {default}, which is not there", cited, Severity.HIGH
    chosen = known.get(fold_name(default)) or next(iter(known.values()))
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

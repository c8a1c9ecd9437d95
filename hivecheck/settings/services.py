r"""The services and drivers of one control set: what each key under `Services` says, as the loader, the kernel and the
Service Control Manager read it. Who starts when is not decided here (`boot/drivers.py`, `boot/services.py`).

Source: "CreateService" and "Automatically starting services" of the Windows documentation; Windows Internals 7, part 2,
"Services"; NT 4 Resource Kit "Initializing the Kernel"; detections.md 1.8.
"""

from collections.abc import Mapping
from enum import Enum

from hivecheck.facts.fact import changed, fact
from hivecheck.facts.generation import VISTA, WIN7, WIN8, WIN10_1507, WIN2000, Generation
from hivecheck.facts.origin import KeyRef, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_EXPAND_SZ, Key, RawValue, fold_name
from hivecheck.registry.named_values import NamedValues
from hivecheck.registry.raw_values import number_in, text_in
from hivecheck.registry.strings import decode_multi_sz, decode_sz
from hivecheck.settings.service_keys import ServiceKeys

BOOT_START, SYSTEM_START, AUTO_START, DEMAND_START, DISABLED = range(5)
START_NAMES = ("boot", "system", "auto", "demand", "disabled")
IGNORE, NORMAL, SEVERE, CRITICAL = range(4)
ERROR_CONTROL_NAMES = ("ignore", "normal", "severe", "critical")
_DRIVER_TYPES = 0x1 | 0x2 | 0x8  # kernel driver, file system driver, recognizer
_SHARED_PROCESS = 0x20
_PROCESS = 0x10 | _SHARED_PROCESS  # its own, or a shared one
_OF_A_USER = 0x40 | 0x80  # a template, an instance
_RUN_COMMAND = 3  # SC_ACTION_RUN_COMMAND
_READ = frozenset(
    {
        "TYPE", "START", "ERRORCONTROL", "GROUP", "TAG", "IMAGEPATH", "OBJECTNAME", "DEPENDONSERVICE", "DEPENDONGROUP",
        "DELAYEDAUTOSTART", "FAILURECOMMAND", "FAILUREACTIONS", "LAUNCHPROTECTED", "SERVICEDLL", "SVCHOSTSPLITDISABLE",
        "DELETEFLAG", "ENVIRONMENT", "WOW64",
    }
)  # fmt: skip


def start_name(start: int | None) -> str:
    """`auto` for 2; `start type 7` for a number that has no name, '' for none."""
    if start is None:
        return ""
    return START_NAMES[start] if 0 <= start < len(START_NAMES) else f"start type {start}"


class DllPlace(Enum):
    """Where `ServiceDll` stands. svchost looks into the key `Parameters`, from Vista on into the service's own key as well."""

    NOWHERE = "nowhere"
    PARAMETERS = "parameters"
    OWN_KEY = "own-key"  # of a service that has no key Parameters
    BESIDE_PARAMETERS = "beside-parameters"  # in its own key, while its key Parameters has none


@fact
class Service:
    """One key under `Services` that has a Type or a Start.

    All is read as Windows 10 and later do; `ServiceDatabase.as_read_by` tells what older Windows makes of it. `start` is that of
    `StartOverride\\0`, where it is a REG_DWORD, and else `Start`. Texts are spelled as stored and not expanded; '' where there is none.
    Numbers are None where absent or no REG_DWORD. `values` are the raw values read, by folded name, `ServiceDll` being that of
    `Parameters` where it has one (`dll_place`). `is_process` tells whether it runs in a process of its own or in a shared one:
    templates of services of a user, and their instances (`is_per_user`), do not count. `acts_on_failure`: its failure actions count.
    """

    name: str
    ref: KeyRef
    values: Mapping[str, RawValue]
    type: int | None
    start: int | None
    stored_start: int | None
    error_control: int | None
    group: str
    tag: int | None
    image_path: str
    dll: str
    account: str
    depends_on_services: tuple[str, ...]
    depends_on_groups: tuple[str, ...]
    delayed: bool
    has_triggers: bool
    dll_place: DllPlace
    is_driver: bool
    is_process: bool
    is_per_user: bool
    acts_on_failure: bool = True

    @property
    def shares_process(self) -> bool:
        return bool((self.type or 0) & _SHARED_PROCESS)

    @property
    def is_overridden(self) -> bool:
        """Whether its StartOverride can be used. It may be there without being in force (`as_read_by`)."""
        return number_in(self.values.get("STARTOVERRIDE")) is not None

    @property
    def failure_command(self) -> str:
        """What runs when it fails, '' where nothing does: FailureActions must ask for it, too."""
        command = self.stored_failure_command
        return command if command and self._runs_a_command else ""

    @property
    def stored_failure_command(self) -> str:
        """FailureCommand, whether or not an action runs it; '' where there is none, or this Windows has no failure actions."""
        raw = self.values.get("FAILURECOMMAND") if self.acts_on_failure else None
        return decode_sz(raw.data).text if raw is not None else ""

    @property
    def launch_protected(self) -> int | None:
        return number_in(self.values.get("LAUNCHPROTECTED"))

    @property
    def _runs_a_command(self) -> bool:
        """SERVICE_FAILURE_ACTIONS as stored: five DWORDs, then (type, delay) for each action."""
        raw = self.values.get("FAILUREACTIONS")
        data = raw.data if raw is not None else b""
        return any(data[at : at + 4] == _RUN_COMMAND.to_bytes(4, "little") for at in range(20, len(data) - 3, 8))

    def expands(self, value: str) -> bool:
        """Whether a value's %variables% are replaced: it is a REG_EXPAND_SZ."""
        raw = self.values.get(fold_name(value))
        return raw is not None and raw.type == REG_EXPAND_SZ

    def cite(self, *values: str) -> tuple[Origin, ...]:
        """The named values, those that are there; the key itself where none is."""
        refs = tuple(raw.ref for value in values if (raw := self.values.get(fold_name(value))) is not None)
        return refs or (self.ref,)


@fact
class ServiceDatabase:
    """All services in stored order. `by_name` has folded names; of two keys of one name the first counts, as in Windows."""

    services: tuple[Service, ...]
    by_name: Mapping[str, Service]
    problems: tuple[Problem, ...]
    key: KeyRef | None

    def named(self, name: str) -> Service | None:
        return self.by_name.get(fold_name(name))

    def as_read_by(self, generation: Generation) -> "ServiceDatabase":
        """The same services as a Windows reads them, without what only later ones know.

        Services of a user came with 10, triggers with 7, delayed starts with Vista, failure actions with 2000 ("Per-user services",
        "Service trigger events", SERVICE_DELAYED_AUTO_START_INFO and SERVICE_FAILURE_ACTIONS of the Windows documentation).
        StartOverride came with 8: inferred, as no hive of 7 or before has such a key, and those of 10 have dozens.
        """
        if generation >= WIN10_1507:
            return self
        read = {id(one): changed(one, **news) for one in self.services if (news := _unread_news(one, generation))}
        if not read:
            return self
        services = tuple([read.get(id(one), one) for one in self.services])
        by_name = {name: read.get(id(one), one) for name, one in self.by_name.items()}
        return ServiceDatabase(services, by_name, self.problems, self.key)


def _unread_news(one: Service, generation: Generation) -> dict[str, int | bool | None]:
    """What a Windows before 10 takes differently for not knowing it yet: the fields, and what they are to it."""
    news: dict[str, int | bool | None] = {}
    if one.is_per_user:
        news["is_per_user"] = False
    if generation < WIN8 and one.is_overridden:
        news["start"] = one.stored_start
    if generation < WIN7 and one.has_triggers:
        news["has_triggers"] = False
    if generation < VISTA and one.delayed:
        news["delayed"] = False
    if generation < WIN2000 and ("FAILUREACTIONS" in one.values or "FAILURECOMMAND" in one.values):
        news["acts_on_failure"] = False
    return news


def read_services(control_set: Key | None, keys: ServiceKeys | None = None) -> ServiceDatabase:
    """Every service and driver of a control set; none where there is no such key. `keys` are its keys, where they are listed already."""
    keys = keys or ServiceKeys(control_set)
    key = keys.top
    if key is None:
        return ServiceDatabase((), {}, (), None)
    services: list[Service] = []
    by_name: dict[str, Service] = {}
    problems: list[Problem] = []
    for child in keys.keys:
        values = child.values_named(_READ)
        if "TYPE" not in values and "START" not in values:
            continue
        service = _read_service(keys, child, values)
        services.append(service)
        by_name.setdefault(fold_name(service.name), service)
        if not values.is_whole:
            text = f"The service {service.name} can't be read whole: what is not found in its key may still have been there."
            problems.append(Problem("service-unreadable", text, (service.ref,), True))
    if not key.subkeys_whole:
        text = "The list of services can't be read whole: drivers and services may be missing from the replay."
        problems.append(Problem("services-unreadable", text, (key.ref,), True))
    return ServiceDatabase(tuple(services), by_name, tuple(problems), key.ref)


def _read_service(keys: ServiceKeys, key: Key, values: NamedValues) -> Service:
    kind = values.number("TYPE")
    bits = kind or 0
    stored = start = values.number("START")
    has_triggers, dll_place = False, DllPlace.NOWHERE
    if bits & _PROCESS:
        below = keys.below(key)
        has_triggers = "TRIGGERINFO" in below
        dll_place = _place_dll(below.get("PARAMETERS"), values)
    elif stored == BOOT_START and (override := key.subkey("StartOverride")) is not None:
        raw_override = override.value("0")
        start = number_in(raw_override) if raw_override is not None else stored
        if raw_override is not None:
            values.add("STARTOVERRIDE", raw_override)
    return Service(
        key.name,
        key.ref,
        values,
        kind,
        stored if start is None else start,
        stored,
        values.number("ERRORCONTROL"),
        values.text("GROUP"),
        values.number("TAG"),
        values.text("IMAGEPATH"),
        values.text("SERVICEDLL"),
        values.text("OBJECTNAME"),
        _texts(values.get("DEPENDONSERVICE")),
        _texts(values.get("DEPENDONGROUP")),
        bool(values.number("DELAYEDAUTOSTART")),
        has_triggers,
        dll_place,
        bool(bits & _DRIVER_TYPES),
        bool(bits & _PROCESS) and not bits & _OF_A_USER,
        bool(bits & _OF_A_USER),
    )


def _place_dll(parameters: Key | None, values: NamedValues) -> DllPlace:
    """Where the ServiceDll stands that svchost takes first; that of `Parameters` counts as one of the service's values."""
    dll = parameters.value("ServiceDll") if parameters is not None else None
    if dll is not None:
        values.add("SERVICEDLL", dll)
        return DllPlace.PARAMETERS
    if "SERVICEDLL" not in values:
        return DllPlace.NOWHERE
    return DllPlace.OWN_KEY if parameters is None else DllPlace.BESIDE_PARAMETERS


def _texts(raw: RawValue | None) -> tuple[str, ...]:
    """The names of a list, empty strings left out; a single string counts as a list of one."""
    if raw is None:
        return ()
    if raw.type == 7:
        return tuple(text for text in decode_multi_sz(raw.data).strings if text)
    return (text,) if (text := text_in(raw)) else ()

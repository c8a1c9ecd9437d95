r"""What safe mode lets start: the keys below `Control\SafeBoot\Minimal` and `Network`.

The name of each key is that of a service, of a driver's file, of a group, or the GUID of a device class; its default value
only tells which ("Service", "Driver", "Driver Group", the name of the class), and Windows does not look at it. Directory
services restore mode has no list: everything starts but the directory service itself, which decides so on its own.

Source: smss.md E.3; Windows Internals 5 to 7, "Driver loading in safe mode"; ReactOS ntoskrnl/config/cmboot.c (CmpIsSafe).
"""

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN2000, Generation
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin
from hivecheck.registry.hive import Key, fold_name
from hivecheck.registry.raw_values import text_in
from hivecheck.registry.strings import decode_sz
from hivecheck.settings.services import Service

SAFE_BOOT = "Control\\SafeBoot"
MODES = {"minimal": "Minimal", "network": "Network"}
EVERYTHING = BuiltIn(
    "directory services restore mode starts all drivers and services", "smss.md E.3; Windows Internals, troubleshooting boot"
)
_MAXIMUM_INSTANCES = 100_000  # devices looked through for their classes


@fact
class SafeBootName:
    """One key of a list. `kind` is its default value as stored, '' where it has none."""

    name: str
    kind: str
    ref: KeyRef


class SafeBootLists:
    """The lists of a control set, each read when it is first asked for: a normal boot reads neither."""

    __slots__ = ("_classes", "_control_set", "_lists")

    def __init__(self, control_set: Key | None) -> None:
        self._control_set = control_set
        self._lists: dict[str, dict[str, SafeBootName]] = {}
        self._classes: dict[str, frozenset[str]] | None = None

    def names(self, mode: str) -> tuple[SafeBootName, ...]:
        """What a mode (minimal, network) lets start, in stored order."""
        return tuple(self._names(mode).values())

    def read(self, mode: str) -> None:
        """Reads all that a mode will be asked for, while the hive is open: a boot that halts early has asked for little of it."""
        if mode in MODES:
            self._names(mode)
            self._device_classes()

    def is_present(self, mode: str) -> bool:
        """Whether there is a list for this mode. Without one Windows lets nothing of it start."""
        return mode not in MODES or self._key(mode) is not None

    def allows(self, mode: str, service: Service) -> bool:
        """Whether a mode (minimal, network, dsrepair) lets a service or driver start."""
        return bool(self.allowing(mode, service))

    def allowing(self, mode: str, service: Service) -> tuple[Origin, ...]:
        """What lets it start: the key that has its group, its name or its driver's file name; nothing where none has."""
        if mode not in MODES:
            return (EVERYTHING,)
        names = self._names(mode)
        for wanted in (service.group, service.name, driver_file_name(service)):
            found = names.get(fold_name(wanted)) if wanted else None
            if found is not None:
                return (found.ref,)
        return ()

    def allowing_class(self, mode: str, service: Service) -> tuple[Origin, ...]:
        """The key of a device class that has a device of this driver: the class lets the driver of its devices start.

        The devices are those of the key Enum, which remembers absent ones too.
        """
        guids = sorted(self._device_classes().get(fold_name(service.name), ()))
        return next((found for guid in guids if (found := self.allowing_guid(mode, guid))), ())

    def allowing_guid(self, mode: str, guid: str) -> tuple[Origin, ...]:
        """The key of this device class; nothing where the mode has none."""
        if mode not in MODES:
            return (EVERYTHING,)
        found = self._names(mode).get(fold_name(guid))
        return (found.ref,) if found is not None else ()

    def _key(self, mode: str) -> Key | None:
        return self._control_set.subkey(f"{SAFE_BOOT}\\{MODES[mode]}") if self._control_set is not None else None

    def _names(self, mode: str) -> dict[str, SafeBootName]:
        if mode not in self._lists:
            names: dict[str, SafeBootName] = {}
            key = self._key(mode)
            for child in key.subkeys() if key is not None else ():
                raw = child.value("")
                kind = text_in(raw)
                names.setdefault(fold_name(child.name), SafeBootName(child.name, kind, child.ref))
            self._lists[mode] = names
        return self._lists[mode]

    def _device_classes(self) -> dict[str, frozenset[str]]:
        if self._classes is None:
            self._classes = _read_device_classes(self._control_set)
        return self._classes


def read_safe_boot(control_set: Key | None) -> SafeBootLists:
    """The lists of a control set. They are read later: the hive must stay open as long as they are asked."""
    return SafeBootLists(control_set)


def safe_mode_known_to(generation: Generation, mode: str | None) -> str | None:
    """The safe mode as this Windows knows it: NT 4 and before know none, and boot as always."""
    return mode if generation >= WIN2000 else None


def driver_file_name(service: Service) -> str:
    r"""The last part of a driver's ImagePath, `NAME.sys` where it has none; '' for what is no driver."""
    if not service.is_driver:
        return ""
    return service.image_path.rpartition("\\")[2] or f"{service.name}.sys"


def _read_device_classes(control_set: Key | None) -> dict[str, frozenset[str]]:
    r"""For each service (folded name) the class GUIDs of the devices it drives: `Enum\<bus>\<device>\<instance>`."""
    classes: dict[str, set[str]] = {}
    enum = control_set.subkey("Enum") if control_set is not None else None
    instances = (
        instance
        for bus in (enum.subkeys() if enum is not None else ())
        for device in bus.subkeys()
        for instance in device.subkeys()
    )
    for _, instance in zip(range(_MAXIMUM_INSTANCES), instances, strict=False):
        service, guid = instance.value("Service"), instance.value("ClassGUID")
        if service is not None and guid is not None and service.type == 1 and guid.type == 1:
            name = fold_name(decode_sz(service.data).text)
            classes.setdefault(name, set()).add(fold_name(decode_sz(guid.data).text))
    return {name: frozenset(guids) for name, guids in classes.items()}

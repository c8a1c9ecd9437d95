r"""The last known good set, to which a boot up to Windows 7 falls back where a driver with ErrorControl 3 fails: whether it would do better.

Asked only for a driver whose file is lost, so that the second set of a hive is not read for every boot. Knows nothing of what
rewrites that set (`logon`), nor of what a boot does to files. Source: smss.md E.2; "CreateService" (dwErrorControl).
"""

from collections.abc import Callable

from hivecheck.boot.driver_images import driver_image
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin
from hivecheck.registry.control_sets import ControlSets, control_set_name
from hivecheck.registry.hive import Key, fold_name
from hivecheck.settings.services import (
    AUTO_START,
    CRITICAL,
    NORMAL,
    SYSTEM_START,
    Service,
    ServiceDatabase,
    read_services,
    start_name,
)


@fact
class FallBack:
    """What a boot finds in the last known good set. `works` is None where that can't be told; `text` is a sentence."""

    works: bool | None
    text: str
    because: tuple[Origin, ...] = ()


class LastGood:
    """The last known good set of a hive, as stored. The hive must stay open as long as it is asked."""

    def __init__(self, sets: ControlSets, root: Key | None, generation: Generation) -> None:
        self._value = next(value for value in sets.select if value.name == "LastKnownGood")
        self.in_use = self._value.number is not None and self._value.number == sets.number
        self.exists = self._value.number in sets.present
        self._root, self._generation = root, generation
        self._services: ServiceDatabase | None = None

    def without(self, driver: Service, file: NtPath, key: Callable[[NtPath], str] | None = None) -> FallBack:
        """How a boot with that set fares where `file`, that of `driver` with ErrorControl 3, is gone. `key` folds a path for comparing."""
        chosen: tuple[Origin, ...] = (self._value.ref,) if self._value.ref is not None else ()
        if self.in_use:
            return FallBack(
                False, "The last known good set is the one in use, so there is no other to fall back on.", chosen
            )
        if not self.exists:
            fault = self._value.fault
            if self._value.number is not None:
                fault = f"names {control_set_name(self._value.number)}, which does not exist"
            return FallBack(
                False, f"There is no last known good set to fall back on: Select\\LastKnownGood {fault}.", chosen
            )
        name = control_set_name(self._value.number or 0)
        services = self._read(name)
        if services is None or any(problem.loses_data for problem in services.problems):
            return FallBack(None, f"Whether the last known good set, {name}, can do without it can't be told.", chosen)
        there = services.named(driver.name)
        if there is None:
            where = services.key
            text = f"The last known good set, {name}, has no driver {driver.name}, and boots without it."
            return FallBack(True, text, (*chosen, *(() if where is None else (where,))))
        cited = (*chosen, *there.cite("Start", "StartOverride", "ImagePath", "ErrorControl"))
        return FallBack(*_fares(there, file, name, key or (lambda path: fold_name(path.text))), cited)

    def _read(self, name: str) -> ServiceDatabase | None:
        if self._services is None:
            control_set = self._root.subkey(name) if self._root is not None else None
            if control_set is None or not control_set.subkeys_whole:
                return None
            self._services = read_services(control_set).as_read_by(self._generation)
        return self._services


def _fares(there: Service, file: NtPath, name: str, key: Callable[[NtPath], str]) -> tuple[bool | None, str]:
    """Whether a set with this driver boots without the file, and the sentence that says so."""
    the_set = f"the last known good set, {name}"
    if there.start is None or there.start > AUTO_START:
        kind = "has no Start" if there.start is None else f"is {start_name(there.start)} (Start {there.start})"
        return True, f"In {the_set}, {there.name} {kind}: that set boots without it."
    image = driver_image(there)
    if key(image) != key(file):
        return None, f"T{the_set[1:]}, takes {there.name} from another file, {image}: whether that is there is not known."
    control = NORMAL if there.error_control is None else there.error_control
    if control != CRITICAL:
        return True, f"T{the_set[1:]}, asks for the same file, but goes on without it (ErrorControl {control})."
    if there.start > SYSTEM_START:
        return None, f"T{the_set[1:]}, asks for the same file when services.exe starts: how that ends can't be told."
    return False, f"T{the_set[1:]}, misses the same file."

"""The facts of which a case is made beside the replay: renames as played, what services run, events by what they cite, other control sets, the evidence.

And what is wrong with one pending rename or delete: the four kinds of harm, and how one is told. Source: detections.md 1.2.
"""

from functools import cached_property
from typing import Any

from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Effect, Event
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.create_process import image_meant
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.registry.hive import Key
from hivecheck.rules.paths import Comparable, comparable
from hivecheck.rules.rule import Severity
from hivecheck.settings.catalog import Settings
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.services import Service, ServiceDatabase


@fact
class FileOperation:
    """One pair of a rename list as the replay played it. `destination` is None for a delete."""

    event: Event
    source: Comparable
    destination: Comparable | None
    replaces: bool
    list: str
    pair: int

    @property
    def deletes(self) -> bool:
        return self.destination is None

    @property
    def fails(self) -> bool:
        return self.event.done is Done.NO

    @property
    def touched(self) -> tuple[Comparable, ...]:
        """The source, and the destination where there is one."""
        return (self.source,) if self.destination is None else (self.source, self.destination)


@fact
class ServiceProgram:
    """What a service or driver would run: `image` and `dll` in comparable form, '' in their `text` where there is none.

    `name` is the service's, folded.
    """

    service: Service
    name: str
    image: Comparable
    command: str
    dll: Comparable


_NOWHERE = Comparable("")


def program_of(service: Service, root: str, commands: dict[str, Comparable]) -> ServiceProgram:
    """What a service or driver would run. `commands` are the programs of the command lines seen so far."""
    command = service.image_path
    path = commands.get(command)
    if path is None or service.is_driver or not service.is_process:
        image = command
        if service.is_driver:
            image = command or f"{root}\\System32\\drivers\\{service.name}.sys"
        elif service.is_process:
            image = image_meant(command)
            if image and "." not in image.rsplit("\\", 1)[-1].rsplit("/", 1)[-1]:
                image += ".exe"  # as CreateProcess does
        path = comparable(image, root) if image else _NOWHERE
        if service.is_process and not service.is_driver:
            commands[command] = path
    dll = comparable(service.dll, root) if service.dll else _NOWHERE
    return ServiceProgram(service, service.name.casefold(), path, command, dll)


class EventIndex:
    """The events of a replay by their kinds, by what they cite, and by whom they disturb; each index is made when it is first asked for."""

    def __init__(self, events: tuple[Event, ...]) -> None:
        self._events = events
        self._cited_places: dict[str, dict[tuple[str, str | None], list[tuple[Origin, int]]]] = {}

    @cached_property
    def effects_by_cause(self) -> dict[int, list[tuple[Event, Effect]]]:
        """By the number of an event, what it does to others: the event that feels it, and the effect."""
        found: dict[int, list[tuple[Event, Effect]]] = {}
        for event in self._events:
            for effect in event.effects:
                found.setdefault(effect.event, []).append((event, effect))
        return found

    def of(self, *kinds: type[Any]) -> tuple[Event, ...]:
        """The events of the replay that ask for actions of these kinds, in order."""
        found = [event for kind in kinds for event in self._events_by_kind.get(kind, ())]
        return tuple(found if len(kinds) == 1 else sorted(found, key=lambda event: event.number))

    @cached_property
    def _events_by_kind(self) -> dict[type[Any], list[Event]]:
        found: dict[type[Any], list[Event]] = {}
        for event in self._events:
            found.setdefault(type(event.action), []).append(event)
        return found

    def citing(self, *origins: Origin) -> tuple[int, ...]:
        """The numbers of the events that cite one of the origins, in order."""
        found = {number for origin in origins for one, number in self._events_at(origin) if one == origin}
        return tuple(sorted(found))

    def _events_at(self, origin: Origin) -> list[tuple[Origin, int]]:
        """The origins of one place that events cite, with the events' numbers. Only keys that are asked for are told apart further."""
        key = _key_of(origin)
        by_place = self._cited_places.get(key)
        if by_place is None:
            by_place = self._cited_places[key] = {}
            for cited in self._events_by_key.get(key, ()):
                by_place.setdefault(_place_of(cited[0]), []).append(cited)
        return by_place.get(_place_of(origin), [])

    @cached_property
    def _events_by_key(self) -> dict[str, list[tuple[Origin, int]]]:
        """The origins that events cite, with the events' numbers, by their keys: cheaper to hash than whole origins."""
        found: dict[str, list[tuple[Origin, int]]] = {}
        for event in self._events:
            number = event.number
            for origin in event.because:
                key = origin.key if isinstance(origin, ValueRef) else _key_of(origin)
                if key in found:
                    found[key].append((origin, number))
                else:
                    found[key] = [(origin, number)]
        return found


def _key_of(origin: Origin) -> str:
    if isinstance(origin, ValueRef):
        return origin.key
    return origin.path if isinstance(origin, KeyRef) else origin.what


def _place_of(origin: Origin) -> tuple[str, str | None]:
    """Where in its key an origin stands."""
    return (origin.value, origin.text) if isinstance(origin, ValueRef) else ("", None)


@fact
class OtherSet:
    """Another control set than the one that boots."""

    number: int
    key: Key
    settings: Settings
    services: ServiceDatabase


@fact
class CaseEvidence:
    """What is known of the hive as evidence: when it was last written (ticks, 0 unknown), whether it is dirty, what logs changed.

    `descriptors` are security descriptors by the path of their key, for a hive that is no file and has none of its own.
    """

    saved: int = 0
    dirty: bool = False
    log_changes: tuple[LogChange, ...] = ()
    lost: LostLists | None = None
    descriptors: tuple[tuple[str, bytes], ...] = ()


SECURITY, TRUSTED, AUTOSTART, EVIDENCE = (
    "pfro-sec-product",
    "pfro-tcb-replace",
    "pfro-drop-executable",
    "pfro-hive-or-log-target",
)


@fact
class Alarm:
    """`rule` is the id of the rule that tells it, `what` the reason as the rest of a sentence on the row.

    `holds` says that `about` is a folder, judged by the worst of its files.
    """

    rule: str
    severity: Severity
    what: str
    about: Comparable
    holds: bool = False

r"""What a service waits for and never comes, however long the chain of those that wait for each other, and where the chain ends.

What keeps a link from starting is read in its key and in the replay, which knows services that are not there, marked as deleted or
refused; what the boot does not come to is followed by DependOnService. Source: detections.md 1.8.
"""

from hivecheck.boot.actions import LoadDriver, StartService
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.boot.scm import UNHOSTED
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.settings.catalog import SYSTEM_SETUP_IN_PROGRESS
from hivecheck.settings.services import Service

_NAMES = 100  # of one service that are followed
LINKS = 16  # of one chain; real ones have four
_LOOKED_AT = 500  # services looked at for one case
_SVCHOST = "svchost of software"  # the root of all that SOFTWARE does not list; the others are in upper case


@fact
class Broken:
    """A dependency that never comes: the chain to it in words, the services on the way, and the events of the replay.

    `root` is the last link, folded, by which the chains that end there are told together, and `root_told` the same in words;
    `held` where Windows setup holds it back.
    """

    told: str
    because: tuple[Origin, ...]
    events: tuple[int, ...]
    services: tuple[str, ...]
    root: str
    root_told: str
    held: bool = False


class Chains:
    """What each service waits for in vain; each one is looked at once."""

    def __init__(self, case: Case) -> None:
        self._services = case.lists.services
        self._failed = _failed_starts(case)
        self._groups = frozenset(one.group.casefold() for one in self._services.services if one.group)
        self._known: dict[str, Broken | None] = {}
        self._held_back: str | None = None
        if case.settings[SYSTEM_SETUP_IN_PROGRESS].value:
            from hivecheck.boot.setup_starts import HELD_BACK  # few boots are those of setup

            self._held_back = HELD_BACK

    def broken_by(self, service: Service, links: int = 0) -> tuple[Broken, ...]:
        """What a service waits for that never comes, in the order of its lists."""
        found = [self._broken(name, links) for name in service.depends_on_services[:_NAMES]]
        broken = [one for one in found if one is not None]
        groups = [name for name in service.depends_on_groups[:_NAMES] if name.casefold() not in self._groups]
        cited = service.cite("DependOnGroup")
        for name in groups:
            told = f"the group {name}, of which there is none"
            broken.append(Broken(told, cited, (), (), f"group {fold_name(name)}", told))
        return tuple(broken)

    def _broken(self, name: str, links: int) -> Broken | None:
        folded = fold_name(name)
        if folded not in self._known:
            self._known[folded] = None  # a ring is told by the replay
            self._known[folded] = self._look_at(name, links) if len(self._known) < _LOOKED_AT else None
        return self._known[folded]

    def _look_at(self, name: str, links: int) -> Broken | None:
        needed = self._services.named(name)
        root = fold_name(name)
        if needed is None:
            told = f"{name}, which does not exist"
            return Broken(told, (), (), (), root, told)
        own = (needed.name,)
        stopped, event = why_not_started(needed), self._failed.get(root)
        if stopped is not None:
            told = f"{name}, which {stopped.text}"
            return Broken(told, stopped.because, (event.number,) if event is not None else (), own, root, told)
        further = self.broken_by(needed, links + 1)[:1] if links < LINKS else ()
        for one in further:
            cited = needed.cite("DependOnService", "DependOnGroup")
            told = f"{name}, which waits for {one.told}"
            return changed(one, told=told, because=(*cited, *one.because), services=(*own, *one.services))
        if event is None:
            return None
        why = event.why.partition(". ")[0]
        told, cited, number = f"{name}, which does not start ({why})", needed.cite("ImagePath"), (event.number,)
        if UNHOSTED in why:
            return Broken(
                told, cited, number, own, _SVCHOST, f"what SOFTWARE lists in no group of Svchost ({name} and others)"
            )
        return Broken(told, cited, number, own, root, told, why == self._held_back)


def _failed_starts(case: Case) -> dict[str, Event]:
    """The events of services and drivers that do not start in this boot, by folded name."""
    found: dict[str, Event] = {}
    for event in case.replay.events:
        if event.done is Done.NO:
            match event.action:
                case StartService():
                    found.setdefault(fold_name(event.action.name), event)
                case LoadDriver():
                    found.setdefault(fold_name(event.action.service), event)
                case _:
                    pass
    return found

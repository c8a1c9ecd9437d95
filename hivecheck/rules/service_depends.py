r"""Sensors that wait for a service which never comes: those that wait for the same one are told together.

A chain of those that wait for each other is followed to its end, however long. What keeps a link from starting is read in its key and in
the replay, which knows services that are not there, marked as deleted or refused; what the boot does not come to is followed by
DependOnService. Source: detections.md 1.8.
"""

from collections.abc import Iterable, Iterator

from hivecheck.boot.actions import LoadDriver, StartService
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.boot.scm import UNHOSTED
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.rules.service_images import hit_on
from hivecheck.rules.setup_mode import is_windows_pe
from hivecheck.rules.windows_services import WATCHED_NAMES
from hivecheck.settings.catalog import MINI_NT, SYSTEM_SETUP_IN_PROGRESS
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


_TOLD = 5  # services named in one sentence


def watched_programs(case: Case) -> Iterator[tuple[ServiceProgram, str]]:
    """The sensors of Windows and those of vendors, each with whose it is. One may come twice."""
    for program in case.programs:
        if program.name in WATCHED_NAMES:
            yield program, "Windows"
    yield from case.security.sensors
    yield from ((program, "a vendor not known here") for program in case.security.unnamed)


@fact
class _Waiting:
    """A sensor with what it waits for in vain."""

    program: ServiceProgram
    vendor: str
    broken: tuple[Broken, ...]


def _check_depend(case: Case) -> Iterator[Hit]:
    waiting = _waiting(case)
    by_root: dict[str, list[_Waiting]] = {}
    for one in waiting:
        for root in dict.fromkeys(broken.root for broken in one.broken):
            by_root.setdefault(root, []).append(one)
    shared = {root: several for root, several in by_root.items() if len(several) > 1}
    for root, several in shared.items():
        yield _tell_together(case, root, several)
    for one in waiting:
        alone = tuple(broken for broken in one.broken if broken.root not in shared)[:_TOLD]
        if alone:
            yield _tell(case, one, alone)


def _waiting(case: Case) -> list[_Waiting]:
    chains: Chains | None = None
    found: list[_Waiting] = []
    told: set[str] = set()
    for program, vendor in watched_programs(case):
        service = program.service
        if service.name in told or not (service.depends_on_services or service.depends_on_groups):
            continue
        if why_not_started(service) is not None:
            continue
        chains = chains or Chains(case)
        told.add(service.name)
        broken = chains.broken_by(service)
        if broken:
            found.append(_Waiting(program, vendor, broken))
    return found


def _tell(case: Case, one: _Waiting, broken: tuple[Broken, ...]) -> Hit:
    service = one.program.service
    text = f"{service.name} ({one.vendor}) waits for {'; '.join(link.told for link in broken)}: it would not start."
    cited = (*service.cite("DependOnService", "DependOnGroup"), *(origin for link in broken for origin in link.because))
    severity, more, besides = _benign(case, broken)
    hit = hit_on(case, one.program, text + more, tuple(dict.fromkeys((*cited, *besides))), severity)
    events = {*hit.events, *(number for link in broken for number in link.events)}
    links = tuple(case.thread_of_service(name) for link in broken for name in link.services)
    return changed(hit, events=tuple(sorted(events)), story=(*hit.story, *links[:LINKS]))


def _tell_together(case: Case, root: str, several: list[_Waiting]) -> Hit:
    """One hit for a root that several sensors wait for, with their number."""
    chains = [next(link for link in one.broken if link.root == root) for one in several]
    names = [one.program.service.name for one in several]
    listed = ", ".join(names[:_TOLD]) + (f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else "")
    text = (
        f"{len(names):,} services that watch or protect the machine ({listed}) wait, some through others, for "
        f"{chains[0].root_told}: they would not start."
    )
    cited: list[Origin] = []
    for one, link in zip(several[:_TOLD], chains, strict=False):
        cited += (*one.program.service.cite("DependOnService", "DependOnGroup"), *link.because)
    severity, more, besides = _benign(case, chains)
    events = tuple(dict.fromkeys(number for link in chains for number in link.events))
    ends = dict.fromkeys(link.services[-1] for link in chains if link.services)
    story = tuple(case.thread_of_service(name) for name in (*list(ends)[:_TOLD], *names[:LINKS]))
    because = tuple(dict.fromkeys((*cited, *besides)))
    subject = next(iter(ends), chains[0].root_told.partition(",")[0])
    return Hit(text + more, because, subject, severity, events=events[:_TOLD], story=story)


def _benign(case: Case, broken: Iterable[Broken]) -> tuple[Severity | None, str, tuple[Origin, ...]]:
    """How grave it is where nobody touched a dependency, with the words and the origins for that; None and nothing else."""
    if is_windows_pe(case):
        told = " This is Windows PE, which starts few services and no sensor."
        return Severity.INFO, told, case.settings[MINI_NT].origins
    if all(link.held for link in broken):
        told = " Nobody touched a dependency: they start once setup is over."
        return Severity.INFO, told, case.settings[SYSTEM_SETUP_IN_PROGRESS].origins
    return None, "", ()


SVC_DEPEND_TAMPER = Rule(
    id="svc-depend-tamper",
    family="services",
    title="A sensor waits for a service that never comes",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001",),
    why=(
        "A service does not start before all of DependOnService and DependOnGroup run. A name added there that does not exist, or "
        "is disabled, stops a sensor without touching its Start; so does a chain of services of which only the last never comes."
    ),
    false_positives=(
        "A dependency that an administrator has disabled for good reason.",
        "Windows PE itself, and a Windows that is being set up: info.",
        "A SOFTWARE hive of another machine, or a piece of one, whose groups of svchost lack services: one finding for all.",
    ),
    remedy="Take the name out of DependOnService in every control set; restart and see that the sensor runs.",
    sources=("detections.md 1.8", "detections.md 1.3"),
    severities="high; info for Windows PE itself and while Windows is being set up; one for all that wait for the same",
    check=_check_depend,
)
RULES: tuple[Rule, ...] = (SVC_DEPEND_TAMPER,)

r"""Sensors that wait for a service which never comes: those that wait for the same one are told together.

How the chains are followed stands in `dependency_chains`. Source: detections.md 1.8.
"""

from collections.abc import Iterable, Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.dependency_chains import LINKS, Broken, Chains
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.rules.service_images import hit_on
from hivecheck.rules.setup_command import is_windows_pe
from hivecheck.rules.watched_services import WATCHED_NAMES
from hivecheck.settings.catalog import MINI_NT, SYSTEM_SETUP_IN_PROGRESS

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

r"""Sensors that wait for a service which never comes, however long the chain of those that wait for each other.

What keeps a link from starting is read in the replay, which knows services that are not there, disabled, marked as deleted or
refused; what the boot does not come to is followed by DependOnService. Source: detections.md 1.8.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import LoadDriver, StartService
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.rules.service_images import hit_on
from hivecheck.rules.setup_command import is_windows_pe
from hivecheck.rules.watched_services import WATCHED_NAMES
from hivecheck.settings.catalog import MINI_NT
from hivecheck.settings.services import DISABLED, Service

_NAMES = 100  # of one service that are followed
_LINKS = 16  # of one chain; real ones have four
_LOOKED_AT = 500  # services looked at for one sensor


def watched_programs(case: Case) -> Iterator[tuple[ServiceProgram, str]]:
    """The sensors of Windows and those of vendors, each with whose it is. One may come twice."""
    for program in case.programs:
        if program.name in WATCHED_NAMES:
            yield program, "Windows"
    yield from case.security.sensors


@fact
class _Broken:
    """A dependency that never comes: the chain to it in words, the services on the way, and the events of the replay."""

    told: str
    because: tuple[Origin, ...]
    events: tuple[int, ...]
    services: tuple[str, ...]


class _Chains:
    """What each service waits for in vain; each one is looked at once."""

    def __init__(self, case: Case) -> None:
        self._services = case.lists.services
        self._failed = _failed_starts(case)
        self._groups = frozenset(one.group.casefold() for one in self._services.services if one.group)
        self._known: dict[str, _Broken | None] = {}

    def broken_by(self, service: Service, links: int = 0) -> tuple[_Broken, ...]:
        """What a service waits for that never comes, in the order of its lists."""
        found = [self._broken(name, links) for name in service.depends_on_services[:_NAMES]]
        broken = [one for one in found if one is not None]
        groups = [name for name in service.depends_on_groups[:_NAMES] if name.casefold() not in self._groups]
        cited = service.cite("DependOnGroup")
        broken += [_Broken(f"the group {name}, of which there is none", cited, (), ()) for name in groups]
        return tuple(broken)

    def _broken(self, name: str, links: int) -> _Broken | None:
        folded = fold_name(name)
        if folded not in self._known:
            self._known[folded] = None  # a ring is told by the replay
            self._known[folded] = self._look_at(name, links) if len(self._known) < _LOOKED_AT else None
        return self._known[folded]

    def _look_at(self, name: str, links: int) -> _Broken | None:
        needed = self._services.named(name)
        if needed is None:
            return _Broken(f"{name}, which does not exist", (), (), ())
        own = (needed.name,)
        if needed.start == DISABLED:
            return _Broken(f"{name}, which is disabled", needed.cite("Start"), (), own)
        further = self.broken_by(needed, links + 1)[:1] if links < _LINKS else ()
        for one in further:
            cited = needed.cite("DependOnService", "DependOnGroup")
            told = f"{name}, which waits for {one.told}"
            return _Broken(told, (*cited, *one.because), one.events, (*own, *one.services))
        event = self._failed.get(fold_name(name))
        if event is not None:
            why = event.why.partition(". ")[0]
            return _Broken(f"{name}, which does not start ({why})", needed.cite("ImagePath"), (event.number,), own)
        return None


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


def _check_depend(case: Case) -> Iterator[Hit]:
    chains: _Chains | None = None
    told: set[str] = set()
    for program, vendor in watched_programs(case):
        service = program.service
        if service.name in told or service.start == DISABLED:
            continue
        if not service.depends_on_services and not service.depends_on_groups:
            continue
        chains = chains or _Chains(case)
        told.add(service.name)
        broken = chains.broken_by(service)[:5]
        if not broken:
            continue
        text = f"{service.name} ({vendor}) waits for {'; '.join(one.told for one in broken)}: it would not start."
        cited = (*service.cite("DependOnService", "DependOnGroup"), *(origin for one in broken for origin in one.because))
        severity = None
        if is_windows_pe(case):
            severity = Severity.INFO
            text += " This is Windows PE, which starts few services and no sensor."
            cited = (*cited, *case.settings[MINI_NT].origins)
        hit = hit_on(case, program, text, tuple(dict.fromkeys(cited)), severity)
        events = {*hit.events, *(number for one in broken for number in one.events)}
        links = tuple(case.thread_of_service(name) for one in broken for name in one.services)
        yield changed(hit, events=tuple(sorted(events)), story=(*hit.story, *links[:_LINKS]))


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
    false_positives=("A dependency that an administrator has disabled for good reason.", "Windows PE itself: info."),
    remedy="Take the name out of DependOnService in every control set; restart and see that the sensor runs.",
    sources=("detections.md 1.8", "detections.md 1.3"),
    severities="high; info for Windows PE itself.",
    check=_check_depend,
    fires_on=(
        Example(
            "Defender waits for nothing",
            r"""
            [ControlSet001\Services\WinDefend]
            DependOnService = multi "RpcSs" "RpcSsEx"
            """,
            cites=("DependOnService",),
        ),
        Example(
            "the event log waits for one that waits for nothing",
            r"""
            [ControlSet001\Services\EventLog]
            DependOnService = multi "agent"
            [ControlSet001\Services\agent]
            Type = dword 16
            Start = dword 3
            ImagePath = expand "%SystemRoot%\System32\agent.exe"
            DependOnService = multi "other"
            [ControlSet001\Services\other]
            Type = dword 16
            Start = dword 4
            ImagePath = expand "%SystemRoot%\System32\other.exe"
            """,
            cites=("DependOnService", "DependOnService", "Start"),
        ),
        Example(
            "Windows PE",
            r"""
            [Setup]
            SystemSetupInProgress = dword 1
            [ControlSet001\Control]
            SystemStartOptions = sz " MININT"
            [ControlSet001\Control\MiniNT]
            [ControlSet001\Control\EarlyLaunch]
            BackupPath = sz "X:\Windows\ELAMBKUP"
            [ControlSet001\Control\Session Manager\Environment]
            DriverData = sz "X:\Windows\System32\Drivers\DriverData"
            """,
            cites=("DependOnService", r"ControlSet001\Control\MiniNT"),
            severity=Severity.INFO,
        ),
        Example(
            "an installed Windows that only says it is Windows PE",
            r"""
            [ControlSet001\Control]
            SystemStartOptions = sz " MININT"
            [ControlSet001\Control\MiniNT]
            [ControlSet001\Services\WinDefend]
            DependOnService = multi "RpcSs" "RpcSsEx"
            """,
            cites=("DependOnService",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example(
            "another service waits in vain",
            r"""
            [ControlSet001\Services\Spooler]
            DependOnService = multi "RpcSs" "gone"
            """,
        ),
    ),
)
RULES: tuple[Rule, ...] = (SVC_DEPEND_TAMPER,)

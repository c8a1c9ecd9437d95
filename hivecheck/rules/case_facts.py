"""The facts of which a case is made beside the replay: renames as played, what services run, other control sets, the evidence.

And what is wrong with one pending rename or delete: the four kinds of harm, and how one is told. Source: detections.md 1.2.
"""

from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.fact import fact
from hivecheck.registry.hive import Key
from hivecheck.rules.paths import Comparable
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

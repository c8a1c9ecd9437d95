"""One state of a hive's bytes that is searched for what was deleted: the file as found, with its logs applied, or a log's page.

The same remnant is often seen in several of them; each sighting says where, so that it can be checked with a hex viewer.
"""

from enum import Enum
from typing import TYPE_CHECKING

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import State
from hivecheck.registry.base_block import Buffer
from hivecheck.registry.region import Region, RegionKind

if TYPE_CHECKING:
    from hivecheck.registry.reachability import Reach


class Stage(Enum):
    """Which bytes were searched."""

    AS_FOUND = "as found"  # the hive file alone
    RECOVERED = "logs applied"
    IN_LOG = "in a log"


@fact
class Sighting:
    """Where a remnant was seen. `offset` counts in `file`, as it lies there, or in the recovered hive. `place` counts in the
    hive and is None where it is not known what the bytes of a log were for."""

    file: str
    stage: Stage
    kind: RegionKind
    offset: int
    place: int | None


@fact
class Page:
    """A run of bytes that a view shows at `start`, and where it lies in the file it comes from."""

    start: int
    end: int
    source: int


@fact
class View:
    """Bytes to search. `regions` are where; `pages` say, for bytes from a log, where they lie in it, and are empty for a hive.

    `reach` is what is in use; None for a log, of whose bytes each may have been in use. `placed` is False for bytes of a log
    whose place in the hive is not known.
    """

    file: str
    stage: Stage
    buffer: Buffer
    regions: tuple[Region, ...]
    reach: "Reach | None"
    pages: tuple[Page, ...] = ()
    placed: bool = True

    @property
    def state(self) -> State:
        return State.LOG if self.stage is Stage.IN_LOG else State.DELETED

    def sighting(self, at: int, kind: RegionKind) -> Sighting:
        """What is seen at this place of the view."""
        offset = at
        for page in self.pages:
            if page.start <= at < page.end:
                offset = page.source + at - page.start
                break
        return Sighting(self.file, self.stage, kind, offset, at if self.placed else None)

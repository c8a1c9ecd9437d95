"""A run of bytes of a hive file that holds nothing of the hive, and of what kind it is."""

from enum import Enum

from hivecheck.facts.fact import fact

SMALLEST_SLACK = 8  # cells grow in steps of 8 bytes: less is padding


class RegionKind(Enum):
    """What a region is."""

    FREE = "free"  # a cell marked free
    UNREFERENCED = "unreferenced"  # a cell marked used that nothing leads to
    SLACK = "slack"  # the bytes of a used cell behind its content
    GAP = "gap"  # what is left of a bin whose cells can't be followed
    TRAILING = "trailing"  # behind the declared end of the hive
    LOG = "log"  # in a transaction log
    USED = "in use"  # no such run: where a value that stands is seen


CUT_OFF = frozenset({RegionKind.UNREFERENCED, RegionKind.GAP})  # what need not have been freed


@fact
class Region:
    """A run of bytes, counted from the start of the file. A cell's region starts at its size field.

    `owner` is the place of the value or key whose cell has this slack, 0 for other kinds.
    """

    kind: RegionKind
    start: int
    end: int
    owner: int = 0

    @property
    def size(self) -> int:
        return self.end - self.start

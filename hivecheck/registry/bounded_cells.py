"""A cell's bounds, and what reading cells may cost: the ground under `cells`, which knows what stands in them.

Every cell is read through here or checked as here. Places are bytes from the start of the file and point to a cell's size field.
"""

from collections.abc import Callable
from struct import Struct

from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.damage import Damage
from hivecheck.registry.hive import Key, Limits

SIZE = Struct("<i")
WORDS = tuple([Struct(f"<{count}I").unpack_from for count in range(64)])  # readers of so many words, for short lists
UNIT_BITS = 5  # 32 bytes of data or of a value's name, or 32 entries of a list, cost as much of the budget as a cell
_CELLS_A_LOOK = 4096  # are read between two looks at the clock, in some milliseconds
_LONGEST_PAUSE = (
    0.1  # seconds between two looks that count as reading: the hive is not to blame for what its reader does else
)


class BoundedCells:
    """The bytes of one hive, its limits, and how much of them is used up."""

    __slots__ = (
        "_clock", "_damage", "_data_left", "_end", "_last_look", "_left", "_limits", "_look_at", "_seconds",
        "bins_end", "buffer", "head",
    )  # fmt: skip

    def __init__(self, buffer: Buffer, hbins_size: int, limits: Limits, damage: Damage, clock: Callable[[], float]) -> None:
        self.buffer = buffer
        self.head = 4  # bytes of a cell before its contents
        self._end = len(buffer)
        self.bins_end = min(self._end, BINS_START + hbins_size)
        self._limits = limits
        self._damage = damage
        self._left = limits.cells  # of the budget
        self._data_left = limits.data_bytes + 4 * len(buffer)
        self._look_at = limits.cells  # where the budget stands when the clock is looked at next
        self._clock = clock
        self._last_look = clock()
        self._seconds = 0.0  # spent on reading

    @property
    def exhausted(self) -> bool:
        """Whether the budget of the hive is used up."""
        return self._left < 0

    def charge(self, cells: int, owner: Key | None) -> bool:
        """Take from the budget of the hive; False, and told, when it or the time is used up."""
        self._left -= cells
        return self._left >= self._look_at or self._may_go_on(owner)

    def charge_data(self, size_bytes: int, owner: Key | None) -> bool:
        """The same for data of this size, which have a budget of their own as well."""
        if size_bytes > self._data_left:
            text = "the values hold more data than the file has place for, many times over; no more of them were read"
            self._damage.tell("limit-data", 0, text, owner, loses_data=True)
            return False
        self._data_left -= size_bytes
        return self.charge(1 + (size_bytes >> UNIT_BITS), owner)

    def _may_go_on(self, owner: Key | None) -> bool:
        if self._left >= 0:
            now = self._clock()
            self._seconds += min(now - self._last_look, _LONGEST_PAUSE)
            self._last_look = now
            self._look_at = max(0, self._left - _CELLS_A_LOOK)
            if self._seconds <= self._limits.seconds:
                return True
            self._left = -1
        if self._seconds > self._limits.seconds:
            text = f"reading took more than {self._limits.seconds:g} seconds; reading this hive stopped there"
            self._damage.tell("limit-time", 0, text, owner, loses_data=True)
        else:
            text = f"more than {self._limits.cells} cells were read; reading this hive stopped there"
            self._damage.tell("limit-cells", 0, text, owner, loses_data=True)
        return False

    def contents(self, at: int, what: str, owner: Key | None) -> tuple[int, int] | None:
        """Where the contents of the cell at `at` start and stop; None, and told, if there is no such cell."""
        if at + self.head > self._end:
            text = f"the {what} at 0x{at:x} lies past the end of the file (0x{self._end:x})"
            self._damage.tell("cell-out-of-bounds", at, text, owner, loses_data=True)
            return None
        size = int(SIZE.unpack_from(self.buffer, at)[0])
        stop = at + abs(size)
        if abs(size) <= self.head:
            text = f"the cell of the {what} at 0x{at:x} has the impossible size {size}"
            self._damage.tell("bad-cell-size", at, text, owner, loses_data=True)
            return None
        if size > 0:
            text = f"the cell of the {what} at 0x{at:x} is marked free; it was read all the same"
            self._damage.tell("free-cell-referenced", at, text, owner)
        if stop > self._end:
            text = f"the cell of the {what} at 0x{at:x} reaches to 0x{stop:x}, past the end of the file (0x{self._end:x})"
            self._damage.tell("cell-out-of-bounds", at, text, owner, loses_data=True)
            stop = self._end
        elif stop > self.bins_end:
            text = f"the {what} at 0x{at:x} lies past the declared bins (0x{self.bins_end:x}): Windows sees nothing there"
            self._damage.tell("cell-past-bins", 0, text, owner)
        return at + self.head, stop

    def _wide_text(self, start: int, stop: int, what: str, owner: Key | None) -> str:
        if (stop - start) % 2:
            self._lost("odd-name-length", what, start, "has a UTF-16 name of an odd number of bytes", owner)
            stop -= 1
        return str(self.buffer[start:stop], "utf-16-le", "surrogatepass")

    def _lost(self, code: str, what: str, at: int, how: str, owner: Key | None) -> Problem:
        return self._damage.tell(code, at, f"the {what} at 0x{at:x} {how}", owner, loses_data=True)

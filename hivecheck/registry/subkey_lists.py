"""The lists of a key's subkeys: `li`, `lf`, `lh`, and the `ri` that names several of them.

Each is read only after its bounds were checked, and none twice. Must not know what a key node is. Source: msuhanov/regf.
"""

from collections.abc import Callable
from struct import Struct, unpack_from

from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.bounded_cells import SIZE, UNIT_BITS, WORDS, BoundedCells
from hivecheck.registry.damage import Damage
from hivecheck.registry.hive import Key, Limits

_FEW = 32  # entries that cost no more than the cell of their list
_MANY = 2048  # subkeys in one list; Windows splits lists before

_LIST = Struct("<2sH")
_LIST_WIDTHS = {b"lf": 8, b"lh": 8, b"li": 4, b"ri": 4}

# the cells of one subkey list, and beside each its name's hash (empty if the list has none)
Leaf = tuple[tuple[int, ...], tuple[int, ...]]


class SubkeyLists(BoundedCells):
    """Bounds-checked access to the lists of one hive. Lists of fewer entries than `_few_subkeys` and `_few_values` cost one cell."""

    __slots__ = ("_few_subkeys", "_few_values")

    def __init__(self, buffer: Buffer, hbins_size: int, limits: Limits, damage: Damage, clock: Callable[[], float]) -> None:
        super().__init__(buffer, hbins_size, limits, damage, clock)
        self._few_subkeys = min(_FEW, limits.subkeys + 1)
        self._few_values = min(_FEW, limits.values + 1)

    def leaves(self, cell: int, owner: Key) -> list[Leaf]:
        """The lists of subkeys that hang from one list (`li`, `lf`, `lh`, or an `ri` of such), in stored order."""
        # the usual list, sound and short, at once
        buffer, at, start = self.buffer, BINS_START + cell, BINS_START + cell + self.head
        if start + 4 <= self.bins_end and self._left > self._look_at:
            signature, count = _LIST.unpack_from(buffer, start)
            stop = start + 4 + 8 * count
            if (
                signature == b"lh"
                and count < self._few_subkeys
                and stop <= at - SIZE.unpack_from(buffer, at)[0] <= self.bins_end
            ):
                self._left -= 1
                words = WORDS[2 * count](buffer, start + 4)
                return [(words[::2], words[1::2])]
        found: list[Leaf] = []
        pending = [(cell, 0)]
        seen: set[int] = set()
        listed = 0
        while pending:
            cell, level = pending.pop()
            at = BINS_START + cell
            if cell in seen:
                self._lost("list-loop", "subkey list", at, "is listed in itself or twice", owner)
                continue
            seen.add(cell)
            span = self.contents(at, "subkey list", owner)
            if span is None:
                continue
            start, stop = span
            signature, count = _LIST.unpack_from(self.buffer, start) if stop - start >= 4 else (b"", 0)
            width = _LIST_WIDTHS.get(signature)
            if width is None:
                self._lost("bad-signature", "subkey list", at, f"starts with {signature!r}", owner)
                continue
            if count > (fitting := (stop - start - 4) // width):
                self._lost("count-exceeds-list", "subkey list", at, f"claims {count} entries and holds {fitting}", owner)
                count = fitting
            if listed + count > self._limits.subkeys:
                self._lost("limit-subkeys", "subkey list", at, f"exceeds {self._limits.subkeys} subkeys of one key", owner)
                count = self._limits.subkeys - listed
            if not self.charge(1 + (count >> UNIT_BITS), owner):
                break
            words = unpack_from(f"<{count * width // 4}I", self.buffer, start + 4)
            if signature == b"ri":
                if level:
                    text = f"the subkey list at 0x{at:x} is an index root in an index root; Windows reads no such list"
                    self._damage.tell("nested-index-root", at, text, owner)
                pending.extend((word, level + 1) for word in reversed(words))
                continue
            listed += count
            leaf = (words, ()) if width == 4 else (words[::2], words[1::2] if signature == b"lh" else ())
            found.append(leaf if count < _MANY else self._without_repeats(leaf, at, owner))
        return found

    def _without_repeats(self, leaf: Leaf, at: int, owner: Key) -> Leaf:
        """A long list, which could name one key again and again and so make each look-up of a name cost as much as it likes."""
        cells, hashes = leaf
        once = dict(zip(cells, hashes or cells, strict=True))
        if len(once) == len(cells):
            return leaf
        text = f"the subkey list at 0x{at:x} names {len(cells) - len(once)} keys twice or more; each was read once"
        self._damage.tell("subkey-listed-twice", at, text, owner)
        return tuple(once), tuple(once.values()) if hashes else ()

"""The cells of a hive: key nodes, value nodes, lists and data, each read only after its bounds were checked.

Places are bytes from the start of the file and point to a cell's size field; references inside a hive count from 0x1000.
What can't be read is told to `Damage` and given as None or cut to what is there. Knows nothing of the tree: loops and
doubly linked keys are the concern of `regf`. Source: msuhanov/regf; the cells of NT 3.1 from the NT headers (HCELL_OLD).
"""

from collections.abc import Callable, Iterator
from struct import Struct, unpack_from

from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.big_data import SEGMENT_BYTES as SEGMENT_BYTES
from hivecheck.registry.big_data import read_big_data
from hivecheck.registry.bounded_cells import SIZE, UNIT_BITS, WORDS
from hivecheck.registry.damage import Damage
from hivecheck.registry.hive import Key, Limits, fold_name
from hivecheck.registry.subkey_lists import SubkeyLists

NO_CELL = 0xFFFFFFFF
RESIDENT = 0x80000000  # bit of a data size: the data stand in the value itself
_KEY_COMP_NAME = 0x20
_VALUE_COMP_NAME = 0x1
_NAME_BYTES = 512  # Windows allows 255 UTF-16 units in a key's name

# flags, written, parent, subkeys, subkey list, values, value list, class cell, class bytes, name
KeyNode = tuple[int, int, int, int, int, int, int, int, int, str]
# place, name, type, data size as stored, data word as stored
ValueNode = tuple[int, str, int, int, int]
StoredValue = tuple[int, str, int, bytes, Problem | None]  # place, name, type, data, damage


class Cells(SubkeyLists):
    """Bounds-checked access to the cells of one hive."""

    __slots__ = ("_big_data", "_key", "_value")

    def __init__(
        self,
        buffer: Buffer,
        hbins_size: int,
        minor_version: int,
        limits: Limits,
        damage: Damage,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(buffer, hbins_size, limits, damage, clock)
        self._big_data = minor_version >= 4
        self._use_layout(4)

    def _use_layout(self, head: int) -> None:
        self.head = head
        self._key = Struct(f"<i{head - 4}x2sHQ4xII4xI4xII4xI20xHH")
        self._value = Struct(f"<i{head - 4}x2sHIIIH2x")

    def use_old_cells_if_found(self, root: int, minor_version: int) -> None:
        """Read cells as NT 3.1 did, with a second word of header, if the root shows that they are so.

        The version alone isn't believed: a damaged base block may claim it. Unverified: no such hive was at hand.
        """
        signatures = bytes(self.buffer[root + 4 : root + 6]), bytes(self.buffer[root + 8 : root + 10])
        if minor_version <= 1 and signatures[0] != b"nk" and signatures[1] == b"nk":
            self._use_layout(8)

    def key_node(self, at: int, owner: Key | None) -> KeyNode | None:
        """The key node at this place, or None, told, where none can be read."""
        head, buffer = self.head, self.buffer
        name_at = at + head + 76
        if name_at > self._end:
            self._lost("cell-out-of-bounds", "key", at, f"lies past the end of the file (0x{self._end:x})", owner)
            return None
        (size, signature, flags, written, parent, subkeys, subkey_list, values, value_list, class_cell, name_bytes,
         class_bytes) = self._key.unpack_from(buffer, at)  # fmt: skip
        self._left -= 1
        stop = name_at + name_bytes
        if signature != b"nk" or at - size < stop or at - size > self.bins_end or name_bytes > _NAME_BYTES:
            checked = self._examine(at, b"nk", signature, stop, min(name_bytes, _NAME_BYTES) + name_at, "key", owner)
            if checked is None:
                return None
            stop = checked
        if flags & _KEY_COMP_NAME:
            name = str(buffer[name_at:stop], "latin-1")
        else:
            name = self._wide_text(name_at, stop, "key", owner)
        return flags, written, parent, subkeys, subkey_list, values, value_list, class_cell, class_bytes, name

    def key_nodes(self, cells: tuple[int, ...], owner: Key | None) -> int:
        """How many of these cells hold a key node that can be read, at a third of the price of reading them."""
        buffer, unpack, head = self.buffer, self._key.unpack_from, self.head + 76
        last, end = self._end - head, self.bins_end
        found = 0
        for cell in cells:
            at = BINS_START + cell
            if at <= last:
                size, signature, _, _, _, _, _, _, _, _, name_bytes, _ = unpack(buffer, at)
                if signature == b"nk" and at + head + name_bytes <= at - size <= end and name_bytes <= _NAME_BYTES:
                    self._left -= 1
                    found += 1
                    continue
            found += self.key_node(at, owner) is not None
        return found

    def value_node(self, at: int, owner: Key | None) -> ValueNode | None:
        """The value node at this place, or None, told, where none can be read."""
        name_at = at + self.head + 20
        if name_at > self._end:
            self._lost("cell-out-of-bounds", "value", at, f"lies past the end of the file (0x{self._end:x})", owner)
            return None
        size, signature, name_bytes, data_size, data_word, type, flags = self._value.unpack_from(self.buffer, at)
        stop = name_at + name_bytes
        if signature != b"vk" or at - size < stop or at - size > self.bins_end:
            checked = self._examine(at, b"vk", signature, stop, stop, "value", owner)
            if checked is None:
                return None
            stop = checked
        self._left -= 1 + (name_bytes >> UNIT_BITS)
        if flags & _VALUE_COMP_NAME:
            name = str(self.buffer[name_at:stop], "latin-1")
        else:
            name = self._wide_text(name_at, stop, "value", owner)
        return at, name, type, data_size, data_word

    def named_value(self, count: int, cell: int, folded: str, owner: Key) -> ValueNode | None:
        """The first of a key's values with this folded name; None where there is none. Sound names of another length aren't decoded."""
        buffer, end, unpack, wanted = self.buffer, self.bins_end, self._value.unpack_from, len(folded)
        name_offset = self.head + 20
        last = self._end - name_offset
        for value_cell in self.value_cells(count, cell, owner):
            at = BINS_START + value_cell
            if at <= last:
                size, signature, name_bytes, _, _, _, flags = unpack(buffer, at)
                other = name_bytes != wanted and (flags & _VALUE_COMP_NAME or not name_bytes)
                if other and signature == b"vk" and at + name_offset + name_bytes <= at - size <= end:
                    self._left -= 1 + (name_bytes >> UNIT_BITS)
                    continue
            found = self.value_node(at, owner)
            if found is not None and len(found[1]) == wanted and fold_name(found[1]) == folded:
                return found
        return None

    def _examine(
        self, at: int, wanted: bytes, signature: bytes, claimed_stop: int, stop: int, what: str, owner: Key | None
    ) -> int | None:
        """What is odd about a node, told; gives where its name ends, or None if it can't be read."""
        if signature != wanted:
            self._lost("bad-signature", what, at, f"starts with {signature!r} instead of {wanted!r}", owner)
            return None
        span = self.contents(at, what, owner)
        if span is None:
            return None
        if claimed_stop > span[1] or claimed_stop > stop:
            stop = min(stop, span[1])
            self._lost("name-too-long", what, at, "has a name longer than its cell or than Windows allows", owner)
        return max(stop, at + self.head + (76 if wanted == b"nk" else 20))

    def class_name(self, cell: int, length_bytes: int, owner: Key) -> str | None:
        """The class name of a key, always UTF-16; None if it has none or none can be read."""
        if cell == NO_CELL or not length_bytes:
            return None
        span = self.contents(BINS_START + cell, "class name", owner)
        if span is None:
            return None
        stop = min(span[1], span[0] + length_bytes)
        if stop < span[0] + length_bytes:
            self._lost("name-too-long", "class name", span[0], "is longer than its cell", owner)
        return self._wide_text(span[0], stop, "class name", owner)

    def value_cells(self, count: int, cell: int, owner: Key) -> tuple[int, ...]:
        """The cells of a key's values, in stored order; fewer, and told, where the list holds less than the key counts."""
        if not count:
            return ()
        at = BINS_START + cell
        start = at + self.head
        stop = start + 4 * count
        fits = count < self._few_values and stop <= self.bins_end and self._left > self._look_at
        if fits and stop <= at - SIZE.unpack_from(self.buffer, at)[0] <= self.bins_end:
            self._left -= 1
            return WORDS[count](self.buffer, start)
        span = self.contents(at, "value list", owner)
        if span is None:
            return ()
        fitting = (span[1] - span[0]) // 4
        if count > fitting:
            self._lost("count-exceeds-list", "value list", at, f"holds {fitting} values where the key counts {count}", owner)
            count = fitting
        if count > self._limits.values:
            self._lost("limit-values", "value list", at, f"exceeds {self._limits.values} values of one key", owner)
            count = self._limits.values
        if not self.charge(1 + (count >> UNIT_BITS), owner):
            return ()
        cells = tuple(dict.fromkeys(unpack_from(f"<{count}I", self.buffer, span[0])))
        if len(cells) < count:
            text = f"the value list at 0x{at:x} names {count - len(cells)} values twice or more; each was read once"
            self._damage.tell("value-listed-twice", at, text, owner)
        return cells

    def stored_values(self, count: int, cell: int, owner: Key) -> Iterator[StoredValue]:
        """Place, name, type, data and damage of a key's values, in stored order.

        The loop is `value_node` and `value_data` written out for the sound value, which costs half as much; whatever isn't
        plainly sound goes to those two.
        """
        buffer, end, largest = self.buffer, self.bins_end, self._limits.value_bytes
        unpack, size_at, head = self._value.unpack_from, SIZE.unpack_from, self.head
        name_offset, last = head + 20, self._end - head - 20
        for value_cell in self.value_cells(count, cell, owner):
            at = BINS_START + value_cell
            if at <= last:
                size, signature, name_bytes, length, word, type, flags = unpack(buffer, at)
                start = at + name_offset
                stop = start + name_bytes
                if signature == b"vk" and stop <= at - size <= end and (flags & _VALUE_COMP_NAME or not name_bytes):
                    name = str(buffer[start:stop], "latin-1")
                    if length >= RESIDENT:
                        if length <= RESIDENT + 4:
                            self._left -= 1 + (name_bytes >> UNIT_BITS)
                            yield at, name, type, word.to_bytes(4, "little")[: length - RESIDENT], None
                            continue
                    elif 0 < length <= largest:
                        data_at = BINS_START + word
                        start = data_at + head
                        stop = start + length
                        if stop <= end and stop <= data_at - size_at(buffer, data_at)[0] <= end:
                            units = 1 + (name_bytes + length >> UNIT_BITS)
                            if self._left >= units and self._data_left >= length:
                                self._left -= units
                                self._data_left -= length
                                yield at, name, type, bytes(buffer[start:stop]), None
                                continue
            stored = self.value_node(at, owner)
            if stored is not None:
                data, damage = self.value_data(at, *stored[3:], owner)
                yield at, stored[1], stored[2], data, damage

    def value_data(self, at: int, size: int, word: int, owner: Key) -> tuple[bytes, Problem | None]:
        """The data of the value at `at`, and what is wrong with them; then the data are what could be read."""
        if size & RESIDENT:
            size &= ~RESIDENT
            data = word.to_bytes(4, "little")[:size]
            return data, self._short_data(at, size, len(data), owner) if size > 4 else None
        if not size:
            return b"", None
        cell_at = BINS_START + word
        start = cell_at + self.head
        if start + size <= self.bins_end:
            stop = cell_at - SIZE.unpack_from(self.buffer, cell_at)[0]
            units = size >> UNIT_BITS
            paid = size <= self._limits.value_bytes and self._left >= units and self._data_left >= size
            if paid and start + size <= stop <= self.bins_end:
                self._left -= units
                self._data_left -= size
                return bytes(self.buffer[start : start + size]), None
        return self._odd_data(at, size, cell_at, owner)

    def _odd_data(self, at: int, size: int, cell_at: int, owner: Key) -> tuple[bytes, Problem | None]:
        """Data that don't simply stand in one cell: big data, and all that is damaged or beyond a limit."""
        span = self.contents(cell_at, "value data", owner)
        if span is None:
            return b"", self._short_data(at, size, 0, owner)
        start, stop = span
        wanted = min(size, self._limits.value_bytes)
        if not self.charge_data(min(wanted, stop - start), owner):
            data = b""
        elif stop - start >= wanted:
            data = bytes(self.buffer[start : start + wanted])
        elif size > SEGMENT_BYTES and self._big_data and bytes(self.buffer[start : start + 2]) == b"db":
            data = read_big_data(self, start, stop, min(wanted, self._end), owner)
        else:
            data = bytes(self.buffer[start:stop])
        return data, self._short_data(at, size, len(data), owner) if len(data) < size else None

    def _short_data(self, at: int, size: int, found: int, owner: Key) -> Problem:
        return self._lost(
            "value-data-unreadable", "value", at, f"has {size} bytes of data of which {found} could be read", owner
        )

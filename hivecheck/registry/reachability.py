"""Which bytes of a hive file are in use: the cells reached from the root, and how much of each its content fills.

Reached are keys, their subkey and value lists, values, data, big data, class names and security descriptors. What is left is
listed in `regions`. Every cell is entered once, so the walk ends on any bytes; what can't be followed is left out and counted in
`broken`, and never raises. Places are bytes from the start of the file and point to a cell's size field.
Source: msuhanov/regf, "Windows registry file format specification".
"""

from struct import Struct, unpack_from

from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.cells import NO_CELL, RESIDENT, SEGMENT_BYTES
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.region import SMALLEST_SLACK

KEY, VALUE, LIST, DATA, CLASS, SECURITY = range(1, 7)  # what a used cell holds, as marked

SLACKS_AT_MOST = 500_000
_LIST_WIDTHS = {b"lf": 8, b"lh": 8, b"li": 4, b"ri": 4}
_SIZE = Struct("<i")


@fact
class Slack:
    """The bytes of a used cell behind its content. `owner` is the place of the value or key that the cell belongs to."""

    start: int
    end: int
    owner: int
    use: int


@fact
class Reach:
    """What is in use. `marks` has one byte for every 8 of the file: what the cell that begins there holds, 0 where none is used."""

    buffer: Buffer
    bins_end: int  # the end of the declared bins, or of the file
    head: int  # bytes before a cell's content: 4, in hives of NT 3.1 8
    marks: bytearray
    keys: tuple[int, ...]
    slacks: tuple[Slack, ...]
    broken: int  # references that lead nowhere: what lay behind them looks deleted, and is not
    missing: int  # bytes of declared bins that the file lacks

    @property
    def is_damaged(self) -> bool:
        """Whether keys may have been cut off from the tree: then what nothing leads to need not have been deleted."""
        return bool(self.broken or self.missing)

    def use_of(self, at: int) -> int:
        """What the cell at this place is used for, 0 where none in use begins there."""
        return self.marks[at >> 3] if 0 <= at < self.bins_end and not at & 7 else 0


def find_reach(hive: RegfHive) -> Reach:
    """Everything that can be reached from the root of this hive. 0.2 s for a hive of 15 MB with 43,000 keys."""
    buffer = hive.buffer
    size = hive.base_block.hbins_size
    declared = size if size and size % BINS_START == 0 else len(buffer) - BINS_START
    root = BINS_START + hive.base_block.root_offset
    old = hive.base_block.version[1] <= 1 and bytes(buffer[root + 4 : root + 6]) != b"nk"
    walk = _Walk(buffer, min(len(buffer), BINS_START + declared), 8 if old else 4)
    walk.follow(root)
    slacks = tuple(sorted(walk.slacks, key=_start))
    missing = max(0, BINS_START + declared - len(buffer))
    return Reach(buffer, walk.end, walk.head, walk.marks, tuple(walk.keys), slacks, walk.broken, missing)


def _start(slack: Slack) -> int:
    return slack.start


class _Walk:
    """The state of one walk. The loops are written out where a call for each value would double their time."""

    __slots__ = ("_key", "_value", "broken", "buffer", "end", "head", "keys", "marks", "slacks")

    def __init__(self, buffer: Buffer, end: int, head: int) -> None:
        self.buffer, self.end, self.head = buffer, end, head
        self.marks = bytearray((end >> 3) + 1)
        self.keys: list[int] = []
        self.slacks: list[Slack] = []
        self.broken = 0
        # subkeys, subkey list, values, value list, security, class, name bytes, class bytes
        self._key = Struct(f"<i{head - 4}x2s18xI4xI4xIIII20xHH")
        self._value = Struct(f"<i{head - 4}x2sHII")

    def follow(self, root: int) -> None:
        """Marks all that hangs from the key at this place."""
        buffer, end, head, marks, keys = self.buffer, self.end, self.head, self.marks, self.keys
        unpack, last = self._key.unpack_from, self.end - self.head - 76
        waiting = [root]
        while waiting:
            at = waiting.pop()
            if at > last or at & 7:
                self.broken += 1
                continue
            if marks[at >> 3] == KEY:
                continue
            size, signature, subkeys, subkey_list, values, value_list, security, class_cell, name, class_size = unpack(
                buffer, at
            )
            if signature != b"nk":
                self.broken += 1
                continue
            marks[at >> 3] = KEY
            keys.append(at)
            if abs(size) - name - head - 76 >= SMALLEST_SLACK:
                self._note_slack(at + head + 76 + name, min(at + abs(size), end), at, KEY)
            if subkeys:
                waiting += self._subkeys(BINS_START + subkey_list, at)
            if values:
                self._mark_values(BINS_START + value_list, values, at)
            if class_size and class_cell != NO_CELL:
                self._mark(BINS_START + class_cell, class_size, CLASS, at)
            if security != NO_CELL and (place := BINS_START + security) < end and not marks[place >> 3]:
                self._mark_security(place, at)

    def _mark(self, at: int, used: int, use: int, owner: int) -> int:
        """Marks one cell of which `used` bytes of content count; gives how many bytes of content it can hold, 0 if it is none."""
        if at + self.head > self.end or at & 7:
            self.broken += 1
            return 0
        room = abs(int(_SIZE.unpack_from(self.buffer, at)[0])) - self.head
        room = min(room, self.end - at - self.head)
        if room <= 0:
            self.broken += 1
            return 0
        self.marks[at >> 3] = use
        if room - used >= SMALLEST_SLACK:
            self._note_slack(at + self.head + used, at + self.head + room, owner, use)
        elif use == LIST and room - used == 4:
            self._note_last_entry(at + self.head + used, owner)
        return room

    def _note_last_entry(self, at: int, owner: int) -> None:
        """The four bytes behind a list are padding, or the reference that was its last one."""
        cell = int.from_bytes(self.buffer[at : at + 4], "little")
        if cell and not cell & 7 and BINS_START + cell < self.end and len(self.slacks) < SLACKS_AT_MOST:
            self.slacks.append(Slack(at, at + 4, owner, LIST))

    def _note_slack(self, start: int, end: int, owner: int, use: int) -> None:
        if end - start >= SMALLEST_SLACK and len(self.slacks) < SLACKS_AT_MOST:
            self.slacks.append(Slack(start, end, owner, use))

    def _mark_security(self, at: int, owner: int) -> None:
        length = self.buffer[at + self.head + 16 : at + self.head + 20]
        self._mark(at, 20 + int.from_bytes(length, "little"), SECURITY, owner)

    def _subkeys(self, at: int, owner: int) -> list[int]:
        """The places of the keys in a list, or in the lists of an index root."""
        found: list[int] = []
        pending = [at]
        while pending:
            at = pending.pop()
            if at + self.head + 4 > self.end or self.marks[at >> 3] == LIST:
                self.broken += 1
                continue
            content = at + self.head
            signature = bytes(self.buffer[content : content + 2])
            count = int.from_bytes(self.buffer[content + 2 : content + 4], "little")
            width = _LIST_WIDTHS.get(signature, 0)
            room = self._mark(at, 4 + count * width, LIST, owner) if width else 0
            if not room:
                self.broken += not width
                continue
            if count > (room - 4) // width:
                self.broken += 1
                count = max(0, (room - 4) // width)
            words = unpack_from(f"<{count * width // 4}I", self.buffer, content + 4)
            places = [BINS_START + word for word in (words if width == 4 else words[::2])]
            if signature == b"ri":
                pending += places
            else:
                found += places
        return found

    def _mark_values(self, list_at: int, count: int, owner: int) -> None:
        buffer, end, head, marks = self.buffer, self.end, self.head, self.marks
        if list_at < end and marks[list_at >> 3] == LIST:
            self.broken += 1
            return
        room = self._mark(list_at, count * 4, LIST, owner)
        if count * 4 > room:
            self.broken += 1
            count = room // 4
        unpack, size_of, last = self._value.unpack_from, _SIZE.unpack_from, end - head - 20
        for word in unpack_from(f"<{count}I", buffer, list_at + head) if count else ():
            at = BINS_START + word
            if at > last or at & 7:
                self.broken += 1
                continue
            if marks[at >> 3] == VALUE:
                continue
            size, signature, name, data_size, data = unpack(buffer, at)
            if signature != b"vk":
                self.broken += 1
                continue
            marks[at >> 3] = VALUE
            if abs(size) - name - head - 20 >= SMALLEST_SLACK:
                self._note_slack(at + head + 20 + name, min(at + abs(size), end), at, VALUE)
            if data_size >= RESIDENT or not data_size:
                continue
            data_at = BINS_START + data
            if data_at + head >= end or data_at & 7:
                self.broken += 1
                continue
            room = abs(size_of(buffer, data_at)[0]) - head
            if 0 <= room - data_size < SMALLEST_SLACK and data_at + head + room <= end:
                marks[data_at >> 3] = DATA
            elif data_size > SEGMENT_BYTES and room < data_size:
                self._mark_big_data(data_at, data_size, at)
            else:
                self._mark(data_at, data_size, DATA, at)

    def _mark_big_data(self, at: int, size: int, owner: int) -> None:
        """The record, the list of segments and the segments of data that did not fit one cell."""
        if self.marks[at >> 3] == DATA:
            return
        room = self._mark(at, 8, DATA, owner)
        start = at + self.head
        if room < 8 or bytes(self.buffer[start : start + 2]) != b"db":
            self.broken += 1
            return
        count, list_cell = unpack_from("<HI", self.buffer, start + 2)
        list_at = BINS_START + list_cell
        room = self._mark(list_at, count * 4, DATA, owner)
        count = min(count, room // 4)
        for segment in unpack_from(f"<{count}I", self.buffer, list_at + self.head) if count else ():
            self._mark(BINS_START + segment, min(max(size, 0), SEGMENT_BYTES), DATA, owner)
            size -= SEGMENT_BYTES

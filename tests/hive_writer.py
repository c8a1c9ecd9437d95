"""Writes plain data as a hive file, byte for byte the same on every run: tests need no file that Windows made.

What it writes is what Windows would have: sorted subkey lists with their hashes, big data, shared and counted security
descriptors, a right checksum. Whatever is wrong in a broken test hive is done to these bytes afterwards, by the place of its
cell (`WrittenHive`). Must not use the package's own reader. Source: msuhanov/regf, "Windows registry file format
specification"; the list kind of each version and 507 names a list from hives of NT 4 to Windows 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from struct import pack
from typing import Literal, TypedDict, Unpack

from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from tests.hive_bins import (
    BLOCK,
    KEY_RIGHTS,
    NO_CELL,
    ROOT_RIGHTS,
    Bins,
    base_block,
    name_hash,
    name_hint,
    security_descriptor,
    sort_key,
)

ListKind = Literal["li", "lf", "lh"]

SEGMENT_BYTES = 16344  # of big data
_RESIDENT = 0x80000000
_HIVE_ENTRY, _NO_DELETE, _KEY_COMP_NAME, _VALUE_COMP_NAME = 0x4, 0x8, 0x20, 0x1
_KEY_NODE = "<2sHQ15I2H"
_KEY_NODE_BYTES = 76
_SECURITY = "<2sHIIII"
_LONGEST_SUBKEY_NAME = 52  # a key keeps its length while it has any subkey


class Options(TypedDict, total=False):
    """How a hive is laid out; see `write_hive`."""

    version: tuple[int, int]
    sequences: tuple[int, int]
    saved: int
    file_name: str
    list_kind: ListKind
    ri_threshold: int
    sort_subkeys: bool
    compress_names: bool
    deleted: Sequence[tuple[str, PlainKey]]
    decoy: PlainKey | None
    freed: Sequence[bytes]
    trailing: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class WrittenHive:
    """The bytes of a hive, and where the size fields of its cells stand, in bytes from the start of the file.

    `keys` by path ('' is the root), `values` by path and name, `lists` of subkeys (or their index root) by path.
    """

    data: bytes
    keys: dict[str, int]
    values: dict[tuple[str, str], int]
    lists: dict[str, int]
    loose: tuple[int, ...] = ()

    def patched(self, place: int, new: bytes) -> bytes:
        """The bytes of the hive with some overwritten; the checksum stays as it was."""
        return self.data[:place] + new + self.data[place + len(new) :]


def build_hive(hive: MemoryHive, **options: Unpack[Options]) -> bytes:
    """The hive as a file. Options as in `write_hive`."""
    return write_hive(hive, **options).data


def write_hive(
    hive: MemoryHive,
    *,
    version: tuple[int, int] | None = None,
    sequences: tuple[int, int] | None = None,
    saved: int | None = None,
    file_name: str = "SYSTEM",
    list_kind: ListKind | None = None,
    ri_threshold: int = 507,
    sort_subkeys: bool = True,
    compress_names: bool = True,
    deleted: Sequence[tuple[str, PlainKey]] = (),
    decoy: PlainKey | None = None,
    freed: Sequence[bytes] = (),
    trailing: Sequence[bytes] = (),
) -> WrittenHive:
    """The hive as a file, with the places of what a test may want to damage.

    `version`, `sequences` and `saved` are those of `hive.facts` unless given; `list_kind` follows the version. A key with more
    than `ri_threshold` subkeys has several lists under an index root. `compress_names`: a byte a letter where that is
    enough. `deleted` are keys that once lay below the key of that path: their cells are written, then freed as they are.
    `decoy` is a second root in the first cell, to which the base block does not point. `freed` are contents of cells that
    are free again, `trailing` those of cells in a bin behind the declared end; `WrittenHive.loose` says where each begins.
    """
    version = version or hive.facts.version
    saved = hive.facts.saved if saved is None else saved
    tree = _Tree(Bins(saved), version, list_kind or _usual_list(version), ri_threshold, sort_subkeys, compress_names)
    root = tree.write(hive.plain, decoy)
    for path, key in deleted:
        tree.write_deleted(path, key)
    loose = [tree.write_freed(contents) for contents in freed]
    bins = tree.finish()
    behind = Bins(saved)
    loose += [len(bins) + behind.allocate(contents) for contents in trailing]
    return WrittenHive(
        base_block(len(bins), version, sequences or hive.facts.sequences, saved, file_name, root) + bins + behind.finish(),
        {path: BLOCK + cell for path, cell in tree.keys.items()},
        {name: BLOCK + cell for name, cell in tree.values.items()},
        {path: BLOCK + cell for path, cell in tree.lists.items()},
        tuple(BLOCK + cell for cell in loose),
    )


def sorted_plain(key: PlainKey) -> PlainKey:
    """The tree as a hive keeps it: subkeys in the order of their upper-cased names, values as they are."""
    subkeys = sorted(map(sorted_plain, key.subkeys), key=lambda subkey: sort_key(subkey.name))
    return PlainKey(key.name, key.written, key.class_name, key.values, tuple(subkeys))


def _usual_list(version: tuple[int, int]) -> ListKind:
    return "lh" if version >= (1, 5) else "lf" if version >= (1, 3) else "li"


@dataclass(slots=True)
class _Tree:
    """Writes keys into bins; `keys`, `values` and `lists` are the cells in use, `_securities` count their references."""

    bins: Bins
    version: tuple[int, int]
    list_kind: ListKind
    ri_threshold: int
    sort_subkeys: bool
    compress_names: bool
    keys: dict[str, int] = field(default_factory=dict)
    values: dict[tuple[str, str], int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    _securities: dict[int, int] = field(default_factory=dict)

    def write(self, root: PlainKey, decoy: PlainKey | None) -> int:
        """The cell of the root, the first one (regipy takes that for the root) unless there is a decoy."""
        decoy_cell = self._allocate_key(decoy) if decoy else NO_CELL
        cell = self._allocate_key(root)
        for rights in (ROOT_RIGHTS, KEY_RIGHTS):
            descriptor = security_descriptor(rights)
            self._securities[self.bins.allocate(pack(_SECURITY, b"sk", 0, 0, 0, 0, len(descriptor)) + descriptor)] = 0
        self._write_all(root, cell, NO_CELL, "")
        if decoy:
            live = dict(self.keys), dict(self.values), dict(self.lists)
            self._write_all(decoy, decoy_cell, NO_CELL, "")
            self.keys, self.values, self.lists = live
        return cell

    def write_deleted(self, parent: str, key: PlainKey) -> None:
        """A key that no list names, and all below it, in cells that are free again."""
        first = self.bins.next_cell()
        self.bins.raise_to(self.keys[parent], _LONGEST_SUBKEY_NAME, len(_utf16(key.name)))
        live = dict(self.keys), dict(self.values), dict(self.lists), dict(self._securities)
        self._write_all(key, self._allocate_key(key), self.keys[parent], f"{parent}\\{key.name}".lstrip("\\"))
        self.bins.free_from(first)
        self.keys, self.values, self.lists, self._securities = live

    def write_freed(self, contents: bytes) -> int:
        """A cell of its own that is free again."""
        cell = self.bins.allocate(contents)
        self.bins.free(cell)
        return cell

    def finish(self) -> bytes:
        """The bins, now that all references are counted."""
        cells = list(self._securities)
        for number, cell in enumerate(cells):
            following, preceding = cells[(number + 1) % len(cells)], cells[number - 1]
            self.bins.put(cell, 4, "<III", following, preceding, self._securities[cell])
        return self.bins.finish()

    def _write_all(self, top: PlainKey, top_cell: int, top_parent: int, top_path: str) -> None:
        waiting = [(top, top_cell, top_parent, top_path)]
        while waiting:
            key, cell, parent, path = waiting.pop()
            subkeys = sorted(key.subkeys, key=lambda below: sort_key(below.name)) if self.sort_subkeys else list(key.subkeys)
            cells = [self._allocate_key(subkey) for subkey in subkeys]
            self._fill_key(key, cell, parent, path, self._write_lists(subkeys, cells, path))
            below = [
                (subkey, place, cell, f"{path}\\{subkey.name}" if path else subkey.name)
                for subkey, place in zip(subkeys, cells, strict=True)
            ]
            waiting += reversed(below)

    def _allocate_key(self, key: PlainKey) -> int:
        return self.bins.allocate(bytes(_KEY_NODE_BYTES) + self._name(key.name)[0])

    def _fill_key(self, key: PlainKey, cell: int, parent: int, path: str, subkey_list: int) -> None:
        self.keys.setdefault(path, cell)
        is_root = parent == NO_CELL
        security = list(self._securities)[0 if is_root else 1]
        self._securities[security] += 1
        name, compressed = self._name(key.name)
        class_name = _utf16(key.class_name or "")
        fields = (
            (_HIVE_ENTRY | _NO_DELETE if is_root else 0) | (_KEY_COMP_NAME if compressed else 0),
            key.written,
            0,  # access bits
            parent,
            len(key.subkeys),
            0,  # volatile subkeys
            subkey_list,
            NO_CELL,
            len(key.values),
            self._write_values(key.values, path),
            security,
            self.bins.allocate(class_name) if class_name else NO_CELL,
            max((len(_utf16(subkey.name)) for subkey in key.subkeys), default=0),
            max((len(_utf16(subkey.class_name or "")) for subkey in key.subkeys), default=0),
            max((len(_utf16(value.name)) for value in key.values), default=0),
            max((len(value.data) for value in key.values), default=0),
            0,  # work area
            len(name),
            len(class_name),
        )
        self.bins.put(cell, 0, _KEY_NODE, b"nk", *fields)
        self.bins.put(cell, _KEY_NODE_BYTES, f"{len(name)}s", name)

    def _write_lists(self, subkeys: list[PlainKey], cells: list[int], path: str) -> int:
        if not cells:
            return NO_CELL
        step = self.ri_threshold
        leaves = [self._write_leaf(subkeys[at : at + step], cells[at : at + step]) for at in range(0, len(cells), step)]
        found = leaves[0] if len(leaves) == 1 else self.bins.allocate(_list("ri", [pack("<I", leaf) for leaf in leaves]))
        self.lists.setdefault(path, found)
        return found

    def _write_leaf(self, subkeys: list[PlainKey], cells: list[int]) -> int:
        match self.list_kind:
            case "li":
                hints = [b""] * len(cells)
            case "lf":
                hints = [name_hint(subkey.name) for subkey in subkeys]
            case "lh":
                hints = [pack("<I", name_hash(subkey.name)) for subkey in subkeys]
        return self.bins.allocate(
            _list(self.list_kind, [pack("<I", cell) + hint for cell, hint in zip(cells, hints, strict=True)])
        )

    def _write_values(self, values: tuple[PlainValue, ...], path: str) -> int:
        if not values:
            return NO_CELL
        cells = [self._write_value(value, path) for value in values]
        return self.bins.allocate(pack(f"<{len(cells)}I", *cells))

    def _write_value(self, value: PlainValue, path: str) -> int:
        name, compressed = self._name(value.name)
        size = len(value.data)
        if size <= 4:
            size, word = size | _RESIDENT, int.from_bytes(value.data, "little")
        else:
            word = self._write_data(value.data)
        flags = _VALUE_COMP_NAME if name and compressed else 0
        cell = self.bins.allocate(pack("<2sHIIIHH", b"vk", len(name), size, word, value.type, flags, 0) + name)
        self.values.setdefault((path, value.name), cell)
        return cell

    def _write_data(self, data: bytes) -> int:
        if len(data) <= SEGMENT_BYTES or self.version < (1, 4):
            return self.bins.allocate(data)
        pieces = [data[at : at + SEGMENT_BYTES] for at in range(0, len(data), SEGMENT_BYTES)]
        cells = [
            self.bins.allocate(piece.ljust(SEGMENT_BYTES, b"\0")) for piece in pieces
        ]  # the last as large as the others
        segments = self.bins.allocate(pack(f"<{len(cells)}I", *cells))
        return self.bins.allocate(pack("<2sHI", b"db", len(cells), segments))

    def _name(self, name: str) -> tuple[bytes, bool]:
        """The name as stored, and whether a byte a letter was enough."""
        if self.compress_names and all(ord(letter) < 256 for letter in name):
            return name.encode("latin-1"), True
        return _utf16(name), False


def _list(signature: str, entries: list[bytes]) -> bytes:
    return pack("<2sH", signature.encode(), len(entries)) + b"".join(entries)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")

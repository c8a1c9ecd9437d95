"""The keys of a hive file: the tree over `Cells`, guarded against loops, depth and keys that hang from two parents.

An enumerated key is entered from one parent only, the first that lists it, so the walk of a hostile hive ends; look-ups are
bounded by their path and not bound to that parent. Offsets in references are bytes from the start of the file and point to
the cell's size field, four bytes before `nk` or `vk`. Must not know what a value means. Source: msuhanov/regf.
"""

from collections.abc import Container, Iterator
from functools import lru_cache

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, State, ValueRef
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.cells import RESIDENT, Cells, KeyNode, StoredValue
from hivecheck.registry.damage import Damage
from hivecheck.registry.hive import Key, Limits, RawValue, fold_name
from hivecheck.registry.named_values import NamedValues
from hivecheck.registry.subkey_lists import Leaf

_ALLOCATED, _LOG = State.ALLOCATED, State.LOG  # to look up a member of an enumeration costs more than a call


def state_in(log_sectors: frozenset[int], at: int) -> State:
    """Whether the cell at this place, in bytes from the start of the file, comes from the hive file or from a log.

    `log_sectors` are the numbers of the 512-byte sectors that were taken from a log.
    """
    return _LOG if at >> 9 in log_sectors else _ALLOCATED


@fact
class Tree:
    """What all keys of one hive share. `owners` gives, for a key's place, the place of the first key that listed it.

    `log_sectors` are the 512-byte sectors of the file, by number, that were taken from a transaction log.
    """

    hive_name: str
    cells: Cells
    damage: Damage
    limits: Limits
    owners: dict[int, int]
    log_sectors: frozenset[int] = frozenset()

    def state_at(self, at: int) -> State:
        """Whether the cell at this place comes from the hive file or from a log."""
        return state_in(self.log_sectors, at)


_NONE: frozenset[int] = frozenset()


class RegfKey:
    """A key. `name`, `path` and `written` as in `hive.Key`; the class name, subkeys and values are read when asked for."""

    __slots__ = (
        "_at", "_depth", "_lineage", "_listed", "_listed_elsewhere", "_node", "_parent", "_tree", "name", "path", "written",
    )  # fmt: skip

    def __init__(self, tree: Tree, parent: "RegfKey | None", at: int, node: KeyNode, listed_elsewhere: bool = False) -> None:
        self._tree = tree
        self._parent = parent
        self._at = at
        self._node = node
        self._listed_elsewhere = listed_elsewhere
        self._lineage: frozenset[int] | None = None
        self._listed: list[Leaf] | None = None
        self.written = node[1]
        self.name = name = node[9]
        if parent is None:
            self._depth, self.path = 0, ""
        else:
            self._depth = depth = parent._depth + 1
            self.path = f"{parent.path}\\{name}" if depth > 1 else name

    @property
    def ref(self) -> KeyRef:
        """Where the key stands; the offset is that of its cell's size field in the file."""
        return KeyRef(self._tree.hive_name, self.path, self.written, self._at, self._tree.state_at(self._at))

    @property
    def offset(self) -> int:
        """The place of its cell's size field, in bytes from the start of the file."""
        return self._at

    @property
    def class_name(self) -> str | None:
        return self._tree.cells.class_name(self._node[7], self._node[8], self)

    @property
    def flags(self) -> int:
        """The flags of the key node: 0x10 is a symbolic link, 0x1 a volatile key that should not be on disk."""
        return self._node[0]

    @property
    def values_whole(self) -> bool:
        """Whether every value the key counts can be found."""
        cells, node = self._tree.cells, self._node
        found = (cells.value_node(BINS_START + cell, self) for cell in cells.value_cells(node[5], node[6], self))
        return sum(value is not None for value in found) >= node[5]

    @property
    def subkeys_whole(self) -> bool:
        """Whether every subkey the key counts can be found."""
        if not self._node[3]:
            return True
        return sum(self._tree.cells.key_nodes(cells, self) for cells, _ in self._leaves()) >= self._node[3]

    def subkeys(self) -> Iterator["RegfKey"]:
        """In stored order. What can't be read, and what would lead in a circle, is left out and told in `problems`."""
        if not self._node[3] or self._listed_elsewhere or not self._may_descend():
            return
        tree, own, parent_cell = self._tree, self._at, self._at - BINS_START
        owners, key_node = tree.owners, tree.cells.key_node
        above = self._parent.offsets_above() if self._parent is not None else _NONE
        seen = {own}
        for cells, _ in self._leaves():
            for cell in cells:
                at = BINS_START + cell
                if at in seen or at in above:
                    self._tell_loop(at, at == own or at in above)
                    continue
                seen.add(at)
                node = key_node(at, self)
                if node is None:
                    continue
                owner = owners.setdefault(at, own)
                key = RegfKey(tree, self, at, node, owner != own)
                if node[2] != parent_cell:
                    key._tell_wrong_parent()
                if owner != own:
                    key._tell_linked_twice()
                yield key

    def subkeys_named(self, names: frozenset[str]) -> Iterator["RegfKey"]:
        """The subkeys of these folded names in stored order, at a tenth of the price of all where a list has hundreds.

        Looked for by the hash that stands beside each in the list, as Windows does: what bears a wrong hash it could not open.
        """
        if not self._node[3] or not self._may_descend():
            return
        hashes = _name_hashes(names)
        for cells, beside in self._leaves():
            if beside and hashes.isdisjoint(beside):
                continue
            likely = [cell for cell, one in zip(cells, beside, strict=True) if one in hashes] if beside else cells
            for cell in likely:
                at = BINS_START + cell
                node = self._tree.cells.key_node(at, self)
                if node is not None and fold_name(node[9]) in names and not self._lies_below(at):
                    yield self._adopt(at, node)

    def enter_subkeys(self, entered: dict[int, int]) -> list["RegfKey"]:
        """The subkeys, for a walk that began at the root and visits each key once; `entered` gives who listed a key first.

        The same keys and the same problems as from `subkeys`, but in one go and without looking up all ancestors each time: a
        key that was not entered yet can't be one of them.
        """
        if not self._node[3] or self._listed_elsewhere or not self._may_descend():
            return []
        below: list[RegfKey] = []
        tree, own, parent_cell = self._tree, self._at, self._at - BINS_START
        key_node = tree.cells.key_node
        for cells, _ in self._leaves():
            for cell in cells:
                at = BINS_START + cell
                if at not in entered:
                    entered[at] = own
                elif at in (above := self.offsets_above()) or entered[at] == own:
                    self._tell_loop(at, at in above)
                    continue
                node = key_node(at, self)
                if node is None:
                    continue
                key = RegfKey(tree, self, at, node, entered[at] != own)
                if node[2] != parent_cell:
                    key._tell_wrong_parent()
                if entered[at] != own:
                    key._tell_linked_twice()
                below.append(key)
        return below

    def subkey(self, path: str) -> "RegfKey | None":
        r"""The key at a relative path (`Control\Session Manager`), compared as Windows does; '' is the key itself."""
        key: RegfKey | None = self
        for name in path.split("\\") if path else ():
            key = key._child(name) if key is not None else None
        return key

    def _child(self, name: str) -> "RegfKey | None":
        if not self._node[3] or not self._may_descend():
            return None
        folded = fold_name(name)
        wanted_hash = _name_hash(folded)
        leaves = self._listed
        if leaves is None:
            leaves = self._leaves()
            if len(leaves) == 1:  # remembered: who asks a key for one subkey asks it for others, too
                self._listed = leaves
        found = self._named(_cells_hashed(leaves, wanted_hash), folded)
        if found is None:
            found = self._named([cell for cells, _ in leaves for cell in cells], folded)
            if found is not None and folded.isascii():
                self._tell_wrong_hash(found, leaves)
        if found is not None and self._lies_below(found._at):
            self._tell_loop(found._at, above=True)
            return None
        return found

    def _named(self, cells: list[int], folded: str) -> "RegfKey | None":
        for cell in cells:
            node = self._tree.cells.key_node(BINS_START + cell, self)
            if node is not None and (node[9] == folded or fold_name(node[9]) == folded):
                return self._adopt(BINS_START + cell, node)
        return None

    def _adopt(self, at: int, node: KeyNode) -> "RegfKey":
        key = RegfKey(self._tree, self, at, node)
        if BINS_START + node[2] != self._at:
            key._tell_wrong_parent()
        return key

    def _leaves(self) -> list[Leaf]:
        count, cell = self._node[3], self._node[4]
        leaves = self._tree.cells.leaves(cell, self)
        listed = len(leaves[0][0]) if len(leaves) == 1 else sum(len(cells) for cells, _ in leaves)
        if listed != count and not self._tree.cells.exhausted:
            text = f"the key at 0x{self._at:x} counts {count} subkeys, its list holds {listed}"
            code = "count-exceeds-list" if count > listed else "count-below-list"
            self._tree.damage.tell(code, self._at, text, self, loses_data=count > listed)
        return leaves

    def _may_descend(self) -> bool:
        if self._depth < self._tree.limits.depth:
            return True
        text = f"the key at 0x{self._at:x} lies {self._depth} levels deep; its subkeys were not read"
        self._tree.damage.tell("limit-depth", self._at, text, self, loses_data=True)
        return False

    def offsets_above(self) -> frozenset[int]:
        """The places of this key and of those above it; remembered, as all subkeys of a key ask it for them."""
        if self._lineage is None:
            above = self._parent.offsets_above() if self._parent is not None else _NONE
            self._lineage = above | {self._at}
        return self._lineage

    def _lies_below(self, at: int) -> bool:
        """Whether this key is the one at this place, or lies below it."""
        key: RegfKey | None = self
        while key is not None and key._at != at:
            key = key._parent
        return key is not None

    def _tell_loop(self, at: int, above: bool) -> None:
        code, how = ("subkey-loop", "is its own ancestor") if above else ("subkey-listed-twice", "is listed there twice")
        text = f"the key at 0x{at:x}, a subkey of the key at 0x{self._at:x}, {how}; it was left out"
        self._tree.damage.tell(code, at, text, self, loses_data=above)

    def _tell_wrong_parent(self) -> None:
        text = f"the key at 0x{self._at:x} names 0x{BINS_START + self._node[2]:x} as its parent, not the key that lists it"
        self._tree.damage.tell("wrong-parent", self._at, text, self)

    def _tell_linked_twice(self) -> None:
        text = f"the key at 0x{self._at:x} is listed in two keys; its subkeys are read in the first only"
        self._tree.damage.tell("key-linked-twice", self._at, text, self)

    def _tell_wrong_hash(self, found: "RegfKey", leaves: list[Leaf]) -> None:
        if any(BINS_START + cell == found._at for cells, hashes in leaves if hashes for cell in cells):
            text = f"the key at 0x{found._at:x} is listed under a wrong name hash; Windows enumerates it but can't open it"
            self._tree.damage.tell("wrong-name-hash", found._at, text, found)

    def values(self) -> Iterator[RawValue]:
        """In stored order. A value whose data can't be read is given with `damage`, one that can't at all is told."""
        return map(self._made, self.stored_values())

    def _value_ref(self, name: str, at: int) -> ValueRef:
        tree = self._tree  # keywords would treble what the call costs
        return ValueRef(tree.hive_name, self.path, name, self.written, at, None, None, tree.state_at(at))

    def stored_values(self) -> Iterator[StoredValue]:
        """The same as `values`, at two thirds of the price: place, name, type, data, damage. For walks of a whole hive."""
        return self._tree.cells.stored_values(self._node[5], self._node[6], self)

    def values_named(self, names: Container[str]) -> NamedValues:
        """The first value of each of these folded names, and whether every value the key counts can be found; in one go."""
        found: dict[str, StoredValue] = {}
        seen = 0
        for stored in self.stored_values():
            seen += 1
            folded = _folded(stored[1])
            if folded in names and folded not in found:
                found[folded] = stored
        return NamedValues(found, self._made, seen >= self._node[5])

    def _made(self, stored: StoredValue) -> RawValue:
        at, name, type, data, damage = stored
        return RawValue(name, type, data, self._value_ref(name, at), damage)

    def data_of(self, name: str) -> tuple[int, bytes] | None:
        """Type and data of the first value of this name, at two thirds of the price of `value`, which also tells where it stands."""
        node, cells = self._node, self._tree.cells
        stored = cells.named_value(node[5], node[6], fold_name(name), self)
        return (stored[2], cells.value_data(stored[0], stored[3], stored[4], self)[0]) if stored is not None else None

    def size_of(self, name: str) -> tuple[int, int] | None:
        """Type and claimed size in bytes of the first value of this name, whose data may be large and are not read; None where there is none."""
        stored = self._tree.cells.named_value(self._node[5], self._node[6], fold_name(name), self)
        return (stored[2], stored[3] & ~RESIDENT) if stored is not None else None

    def value(self, name: str) -> RawValue | None:
        """The first value of this name, compared as Windows does; None where there is none. '' is the default value."""
        node, cells = self._node, self._tree.cells
        stored = cells.named_value(node[5], node[6], fold_name(name), self)
        if stored is None:
            return None
        at, value_name, type, size, word = stored
        data, damage = cells.value_data(at, size, word, self)
        return RawValue(value_name, type, data, self._value_ref(value_name, at), damage)


def stored_in(key: Key) -> Iterator[tuple[str, int, bytes]]:
    """Name, type and data of any key's values, in stored order, for those who cite few of them: at two thirds of the price."""
    if isinstance(key, RegfKey):
        return ((name, type, data) for _, name, type, data, _ in key.stored_values())
    return ((raw.name, raw.type, raw.data) for raw in key.values())


_folded = lru_cache(4_096)(fold_name)  # names of values are few, and the same in hundreds of keys


def _cells_hashed(leaves: list[Leaf], wanted: int) -> list[int]:
    """The cells that stand beside this hash."""
    found: list[int] = []
    for cells, hashes in leaves:
        at = -1
        for _ in range(hashes.count(wanted)):
            at = hashes.index(wanted, at + 1)
            found.append(cells[at])
    return found


@lru_cache(64)
def _name_hashes(folded: frozenset[str]) -> frozenset[int]:
    return frozenset(map(_name_hash, folded))


@lru_cache(4_096)
def _name_hash(folded: str) -> int:
    """The hash of a name in an `lh` list, for names of the Basic Multilingual Plane. Source: msuhanov/regf."""
    total = 0
    for letter in folded:
        total = (total * 37 + ord(letter)) & 0xFFFFFFFF
    return total

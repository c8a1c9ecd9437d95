"""Deleted keys and values: nodes that nothing leads to any more, put back where they belonged as far as the bytes still say it.

A key names its parent, so its path is known as long as the parents were not reused. A value names no key: it is linked through
a list that still names it, of a deleted key, behind the end of a key's present list, or left behind when a list was moved.
What is found is told with the reasons to believe it, or not to, and nothing of it ever counts as present.
Source: msuhanov/regf, "Windows registry file format specification"; the techniques of yarp and reglookup-recover.
"""

from enum import Enum

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.filetime import is_moment
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.live_names import LiveNames, LiveRecords
from hivecheck.registry.lost_data import DataAllowance, DataState, LostData, fetch_data, has_free_list
from hivecheck.registry.lost_lists import link_values
from hivecheck.registry.lost_nodes import NODES_AT_MOST, RESIDENT, LostKey, LostValue, find_headless_keys, find_lost_nodes
from hivecheck.registry.reachability import KEY, VALUE, Reach
from hivecheck.registry.region import CUT_OFF, RegionKind
from hivecheck.registry.regions import index_regions
from hivecheck.registry.views import Sighting, View

UNKNOWN = "?"  # stands for the part of a path that is not known
UNREACHABLE = "unreachable: deleted or cut off from the tree by the damage"
_LEVELS_AT_MOST = 512
_PATH_AT_MOST = 1_000  # letters: so that hostile chains of keys stay small


class Parent(Enum):
    """What became of the key above."""

    LIVE = "live"
    DELETED = "deleted"
    REUSED = "reused"  # its place holds something else now: the path is not known


@fact
class DeletedKey:
    r"""A key that was deleted, or an older copy of one. Where `parent` is REUSED its path begins with `?\`.

    `raw` is the node, without the size field at each `offset` in `found`: sizes change when cells are freed and grow together.
    """

    ref: KeyRef
    name: str
    parent: Parent
    still_there: bool  # a key of this path is present
    subkeys: int
    values: int
    confidence: Confidence
    reasons: tuple[str, ...]
    raw: bytes
    found: tuple[Sighting, ...]

    @property
    def path(self) -> str:
        return self.ref.path

    @property
    def may_be_present(self) -> bool:
        """Whether it was perhaps not deleted, but cut off from the tree of a damaged hive."""
        return UNREACHABLE in self.reasons


@fact
class DeletedValue:
    """A value that was deleted, or an older copy of one. `ref.key` is `?` where `owner` is REUSED: no list names it.

    `data` is what is left; `size` what there was, `lost_head` how many bytes are gone before the first that is left. `data_offset` is
    that of the data's cell, None for data in the node itself. `raw` is the node without the size field at each `offset` in `found`.
    """

    ref: ValueRef
    name: str
    type: int
    data: bytes
    size: int
    data_state: DataState
    lost_head: int
    data_offset: int | None
    owner: Parent
    still_there: bool  # a value of this name is present in the key
    confidence: Confidence
    reasons: tuple[str, ...]
    raw: bytes
    found: tuple[Sighting, ...]
    pieces: tuple[tuple[int, int], ...] = ()  # of big data: where they stand

    @property
    def may_be_present(self) -> bool:
        """As that of a key."""
        return UNREACHABLE in self.reasons


@fact
class Carved:
    """What was found by records, in the order of its places. `limited`: there were more than `NODES_AT_MOST`, or more lists of
    values than are looked at. `unread`: of how many values the data were not read, being too much.
    """

    keys: tuple[DeletedKey, ...]
    values: tuple[DeletedValue, ...]
    limited: bool = False
    unread: int = 0


def carve_view(
    view: View,
    live: LiveNames,
    present: tuple[Reach, ...] = (),
    records: LiveRecords | None = None,
    allowance: DataAllowance | None = None,
) -> Carved:
    """The deleted keys and values of one view. `live` are the names in use, of this view or, for a log, of its hive.

    What stands at the same place in one of `present` and is in use there was not deleted, and is left out; so are copies of what
    is in use anywhere. `records` are those of `live` and `present`, for whoever carves many views of one hive; `allowance` is what
    these views may read together.
    """
    keys, values = find_lost_nodes(view.buffer, view.regions)
    limited = len(keys) + len(values) >= NODES_AT_MOST
    if view.placed:
        keys |= find_headless_keys(view.buffer, index_regions(view.regions), keys)
    allowance = allowance or DataAllowance(len(view.buffer))
    carver = _Carver(view, live, keys, values, records or LiveRecords.of((live.reach, *present)), allowance)
    if view.placed and present:
        carver.keys = {at: key for at, key in keys.items() if not _stands(view, present, at, key.end, KEY)}
        carver.values = {at: value for at, value in values.items() if not _stands(view, present, at, value.end, VALUE)}
    found = carver.carve(keys)
    return changed(found, limited=limited or found.limited)


def _stands(view: View, present: tuple[Reach, ...], at: int, end: int, use: int) -> bool:
    """Whether the same node is in use elsewhere: a value with the same type and data, a key with the same parent and name."""
    start = at + (4 if use == VALUE else 80)
    for reach in present:
        if reach.use_of(at) == use and bytes(reach.buffer[start:end]) == bytes(view.buffer[start:end]):
            if use == KEY:
                return bytes(reach.buffer[at + 20 : at + 24]) == bytes(view.buffer[at + 20 : at + 24])
            return _same_data(view, reach, at)
    return False


def _same_data(view: View, reach: Reach, at: int) -> bool:
    size = int.from_bytes(view.buffer[at + 8 : at + 12], "little")
    if size & RESIDENT or not size:
        return True
    start = BINS_START + int.from_bytes(view.buffer[at + 12 : at + 16], "little") + 4
    return bytes(view.buffer[start : start + size]) == bytes(reach.buffer[start : start + size])


class _Carver:
    """One view being carved."""

    def __init__(
        self,
        view: View,
        live: LiveNames,
        keys: dict[int, LostKey],
        values: dict[int, LostValue],
        records: LiveRecords,
        allowance: DataAllowance,
    ) -> None:
        self.view, self.live, self.keys, self.values, self.records = view, live, keys, values, records
        self.allowance = allowance
        self.index = index_regions(view.regions)
        self.resolved: dict[int, tuple[str, Parent]] = {}
        self.linked = has_free_list(view)
        self.doubted: set[int] = set()  # keys whose last parent that is there was not written since

    def carve(self, seen: dict[int, LostKey]) -> Carved:
        """All of them. `seen` are also those keys that are in use elsewhere: their lists tell whose a value is."""
        links, limited = link_values(self.view, self.live, seen, self.values)
        parents = {BINS_START + key.parent for key in self.keys.values() if self.live.is_key(BINS_START + key.parent)}
        self.live.find_children(parents)
        if self.view.reach is None and self.view.placed:
            self.live.find_owners({at for at in self.values if self.live.is_value(at)})
        copies = {key.at: at for key in seen.values() if (at := self.records.key(key)) is not None}
        keys = tuple(self._key(key) for key in self.keys.values() if key.at not in copies)
        refused = self.allowance.refused
        data = self._fetch()
        values: list[DeletedValue] = []
        for value in self.values.values():
            link = links.get(value.at)
            if link and link[0] in copies:
                link = copies[link[0]], link[1]
            told = self._value(value, link, data[value.at])
            if not self._is_copy(value, told, link):
                values.append(told)
        return Carved(keys, tuple(values), limited, self.allowance.refused - refused)

    def _fetch(self) -> dict[int, LostData]:
        """The data of all values, the small ones first: those that claim the most are the ones to go without."""
        nodes = tuple(sorted((*self.keys, *self.values)))
        smallest = sorted(self.values.values(), key=lambda value: 0 if value.size & RESIDENT else value.size)
        return {value.at: fetch_data(self.view, self.index, nodes, value, self.linked, self.allowance) for value in smallest}

    def _is_copy(self, value: LostValue, told: DeletedValue, link: "tuple[int, str] | None") -> bool:
        """Whether this is what a value in use says today.

        Values without a cell of data are alike by the thousand: without a key, one in the hive's own free space is told all the same.
        """
        if told.owner is Parent.DELETED:
            return False
        owner = link[0] if link else self.live.owner(value.at) if self._stands_by_name(value) else None
        owned = owner is not None and self.live.is_key(owner)
        if owner is not None and owned:
            now = self.live.value(owner, value.name)
            if now is not None and self.live.data_of(now) == (told.type, told.data):
                return True
        alike = bool(value.size & RESIDENT or not value.size) and (owned or self.view.reach is not None)
        return not alike and self.records.has_value(value)

    def path(self, at: int) -> tuple[str, Parent]:
        """The path of the lost key at this place, and what became of the first key above it that isn't lost."""
        chain: dict[int, None] = {}
        while at in self.keys and at not in self.resolved and at not in chain and len(chain) < _LEVELS_AT_MOST:
            chain[at] = None
            at = BINS_START + self.keys[at].parent
        lowest = next(reversed(chain), None)
        if at in self.resolved and at not in chain:
            path, _ = self.resolved[at]
        elif self._is_parent(at, lowest):
            path = self.live.path(at)
        else:
            path = UNKNOWN
        for place in reversed(chain):
            key = self.keys[place]
            above = BINS_START + key.parent
            if above in self.doubted or (self.live.is_key(above) and _is_before(self.live.written(above), key.written)):
                self.doubted.add(place)
            if len(path) > _PATH_AT_MOST:
                path = UNKNOWN
            path = f"{path}\\{key.name}" if path else key.name
            parent = Parent.DELETED if above in self.keys else Parent.LIVE
            self.resolved[place] = path, Parent.REUSED if path.startswith(UNKNOWN + "\\") else parent
        return self.resolved[next(iter(chain))] if chain else self.resolved[at]

    def _is_parent(self, at: int, below: int | None) -> bool:
        """Whether a key in use stands here that may be the parent of the lost key at `below`."""
        if not self.view.placed or not self.live.is_key(at):
            return False
        return below is None or self.live.may_have_held(at, self.keys[below].name)

    def _key(self, key: LostKey) -> DeletedKey:
        view, live = self.view, self.live
        path, parent = self.path(key.at)
        reasons: list[str] = []
        confidence = Confidence.HIGH
        match parent:
            case Parent.LIVE:
                reasons.append("its parent is there")
            case Parent.DELETED:
                reasons.append("its parent is deleted and still readable, and so on up to a key that is there")
            case Parent.REUSED:
                confidence = Confidence.MEDIUM
                reasons.append("the place of its parent, or of one further up, was reused: the path is not known")
        if key.at in self.doubted and parent is not Parent.REUSED:
            confidence = Confidence.MEDIUM
            reasons.append("that key was last written before the one deleted below it: another key may have taken its place")
        if key.headless:
            confidence = Confidence.MEDIUM if confidence is Confidence.HIGH else confidence
            reasons.append("its first four bytes were overwritten by the list of free cells; deleted keys name it as parent")
        if not key.sized:
            confidence = Confidence.LOW
            reasons.append("the size of its cell does not fit")
        if not view.placed and self.records.has_key_name(key.name):
            confidence = Confidence.LOW
            reasons.append("where these bytes of the log belong is not known, and keys of this name are there")
        if self._may_be_present(key.at):
            confidence = Confidence.LOW
            reasons.insert(0, UNREACHABLE)
        still_there = parent is Parent.LIVE and live.child(BINS_START + key.parent, key.name) is not None
        if still_there:
            reasons.append("a key of this path is there: this is an older copy, or the key was made anew")
        sighting = self._sight(key.at)
        ref = KeyRef(view.file, path, key.written, sighting.offset, view.state)
        raw = bytes(view.buffer[key.at + 4 : key.end])
        return DeletedKey(
            ref, key.name, parent, still_there, key.subkeys, key.values, confidence, tuple(reasons), raw, (sighting,)
        )

    def _value(self, value: LostValue, link: "tuple[int, str] | None", data: LostData) -> DeletedValue:
        view, live = self.view, self.live
        owner, why = link if link else (0, "no list that is left names it: its key is not known")
        if not link and self._stands_by_name(value):
            owner, why = live.owner(value.at) or 0, "at its place the key has a value of this name"
        path, parent, written, still_there = UNKNOWN, Parent.REUSED, 0, False
        if owner in self.keys:
            path, parent, written = self.path(owner)[0], Parent.DELETED, self.keys[owner].written
        elif owner and live.is_key(owner):
            path, parent, written = live.path(owner), Parent.LIVE, live.written(owner)
            still_there = live.value(owner, value.name) is not None
        reasons = [why, *data.reasons]
        if still_there:
            reasons.append("the key has a value of this name: this is an older copy of it")
        confidence = data.confidence
        if parent is not Parent.DELETED and confidence is Confidence.HIGH:
            confidence = Confidence.MEDIUM
        sighting = self._sight(value.at)
        if parent is Parent.LIVE and link:
            reasons.append("the cell of that list may have been another key's before")
            if sighting.kind is RegionKind.TRAILING:
                confidence = Confidence.LOW
                reasons.append("it lies behind the end of the bins, where cells are those of an older layout of the hive")
        if not value.sized:
            confidence = Confidence.LOW
            reasons.append("the size of its cell does not fit")
        if not view.placed and self.records.has_value_name(value.name):
            confidence = Confidence.LOW
            reasons.append("where these bytes of the log belong is not known, and values of this name are there")
        if self._may_be_present(value.at):
            confidence = Confidence.LOW
            reasons.insert(0, UNREACHABLE)
        ref = ValueRef(view.file, path, value.name, written, sighting.offset, state=view.state)
        raw = bytes(view.buffer[value.at + 4 : value.end])
        return DeletedValue(
            ref, value.name, value.type, data.data, data.size, data.state, data.lost_head, data.offset,
            parent, still_there, confidence, tuple(reasons), raw, (sighting,), data.pieces,
        )  # fmt: skip

    def _stands_by_name(self, value: LostValue) -> bool:
        """Whether the hive has a value of this name where a log's page has this one."""
        if self.view.reach is not None or not self.view.placed or not self.live.is_value(value.at):
            return False
        return self.live.value_name(value.at) == value.name

    def _may_be_present(self, at: int) -> bool:
        """Whether this node need not have been deleted: in a cell that is not marked as free.

        Windows leaves no such cell behind, so the hive is damaged even where no reference is seen to be.
        """
        region = self.index.region_at(at + 4)
        return region is not None and region.kind in CUT_OFF

    def _sight(self, at: int) -> Sighting:
        region = self.index.region_at(at + 4)  # the size field before a node can lie just outside
        assert region is not None, "nodes are looked for in regions only"
        return self.view.sighting(at, region.kind)


def merge_carved(parts: tuple[Carved, ...]) -> Carved:
    """What several views show, each remnant once, with every place where it was seen; the first view's account stands."""
    keys: dict[object, DeletedKey] = {}
    values: dict[object, DeletedValue] = {}
    for part in parts:
        for key in part.keys:
            same = (key.found[0].place, key.raw)
            keys[same] = changed(keys[same], found=(*keys[same].found, *key.found)) if same in keys else key
        for value in part.values:
            what = (value.found[0].place, value.raw, value.data)
            values[what] = changed(values[what], found=(*values[what].found, *value.found)) if what in values else value
    return Carved(
        tuple(sorted(keys.values(), key=lambda key: (key.path.upper(), key.found[0].offset))),
        tuple(sorted(values.values(), key=lambda value: (value.ref.key.upper(), value.name.upper(), value.found[0].offset))),
        any(part.limited for part in parts),
        sum(part.unread for part in parts),
    )


def _is_before(one: int, other: int) -> bool:
    """Whether a time lies before another; never where one of them is no moment."""
    return is_moment(one) and is_moment(other) and one < other

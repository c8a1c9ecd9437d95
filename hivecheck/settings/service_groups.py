r"""The order of groups, and of tags within a group: `Control\ServiceGroupOrder` and `Control\GroupOrderList`.

The loader, the kernel and the Service Control Manager start drivers and services by it. Source: "CreateService"
(lpLoadOrderGroup, lpdwTagId) of the Windows documentation; ReactOS ntoskrnl/config/cmboot.c (CmpSortDriverList,
CmpFindTagIndex).
"""

from collections.abc import Mapping
from struct import unpack_from

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_BINARY, REG_MULTI_SZ, Key, RawValue, fold_name
from hivecheck.settings.setting import read_strings, wrong_type

LIST = "Control\\ServiceGroupOrder"
TAGS = "Control\\GroupOrderList"
_READER = "loader, kernel, services.exe"
MAXIMUM_TAGS = 65_535  # of one group: a tag index is kept in 16 bits
UNLISTED_TAG = 0xFFFF_FFFE  # a tag that its group's list does not have: behind all that are listed
NO_TAG = 0xFFFF_FFFF  # last of its group


@fact
class GroupOrders:
    """The groups in order, empty strings left out, and for each group (by folded name) its tags in order.

    `list_ref` is None where there is no list that Windows could use. `positions` are the ranks by folded name: of a group
    that is listed twice the first place counts. `cited` are the strings of the list, `tag_refs` the values with the tags.
    """

    names: tuple[str, ...]
    positions: Mapping[str, int]
    cited: tuple[ValueRef, ...]
    tags: Mapping[str, Mapping[int, int]]
    tag_refs: Mapping[str, ValueRef]
    list_ref: ValueRef | None
    problems: tuple[Problem, ...]

    def rank(self, group: str) -> int:
        """The place of a group, from 0. One that is not in the list, and no group (''), come after all: `len(names)`."""
        return self.positions.get(fold_name(group), len(self.names))

    def is_listed(self, group: str) -> bool:
        return fold_name(group) in self.positions

    def tag_rank(self, group: str, tag: int | None) -> int:
        """The place of a tag within its group, from 1; `UNLISTED_TAG` and `NO_TAG` come after all."""
        if tag is None:
            return NO_TAG
        return self.tags.get(fold_name(group), {}).get(tag, UNLISTED_TAG)

    def origins(self, group: str) -> tuple[ValueRef, ...]:
        """What places a group and its tags: its string of the list, and its value of GroupOrderList."""
        place = self.positions.get(fold_name(group))
        tags = self.tag_refs.get(fold_name(group))
        return (*(() if place is None else (self.cited[place],)), *(() if tags is None else (tags,)))


def read_group_orders(control_set: Key | None) -> GroupOrders:
    """The orders of a control set; without any, no group is listed."""
    problems: list[Problem] = []
    raw = _value(control_set, LIST, "List")
    refs: list[ValueRef] = []
    names: list[str] = []
    positions: dict[str, int] = {}
    if raw is not None and raw.type != REG_MULTI_SZ:
        problems.append(wrong_type(raw, "a list of strings", _READER))
        raw = None
    found = read_strings(raw)
    problems.extend(found.problems)
    for string in found.strings:
        if string.text and isinstance(string.origin, ValueRef):
            positions.setdefault(fold_name(string.text), len(names))
            names.append(string.text)
            refs.append(string.origin)
    tags: dict[str, Mapping[int, int]] = {}
    tag_refs: dict[str, ValueRef] = {}
    key = control_set.subkey(TAGS) if control_set is not None else None
    for value in key.values() if key is not None else ():
        folded = fold_name(value.name)
        if folded not in tags:
            tags[folded], told = _read_tags(value)
            tag_refs[folded] = value.ref
            problems.extend(told)
    list_ref = raw.ref if raw is not None else None
    return GroupOrders(tuple(names), positions, tuple(refs), tags, tag_refs, list_ref, tuple(problems))


def _value(control_set: Key | None, path: str, name: str) -> RawValue | None:
    key = control_set.subkey(path) if control_set is not None else None
    return key.value(name) if key is not None else None


def _read_tags(raw: RawValue) -> tuple[dict[int, int], tuple[Problem, ...]]:
    """The place of each tag: a count, then that many tags, all DWORDs. What lies behind them is not read."""
    if raw.damage is not None and not raw.data:
        return {}, (raw.damage,)
    told: list[Problem] = [raw.damage] if raw.damage is not None else []
    if raw.type != REG_BINARY:
        told.append(wrong_type(raw, "REG_BINARY", _READER))
    data = raw.data
    there = len(data) // 4 - 1
    if there < 0:
        text = f"The tag order of the group {raw.name} has {len(data)} bytes: too few for the count of its tags."
        return {}, (*told, Problem("group-tags-cut", text, (raw.ref,)))
    (count,) = unpack_from("<I", data)
    if count > there:
        text = f"The tag order of the group {raw.name} counts {count} tags and has {there}: Windows would read past its end."
        told.append(Problem("group-tags-cut", text, (raw.ref,)))
    read = min(count, there)
    if read > MAXIMUM_TAGS:
        text = f"The tag order of the group {raw.name} has {read} tags; only the first {MAXIMUM_TAGS} are read."
        told.append(Problem("group-tags-many", text, (raw.ref,)))
        read = MAXIMUM_TAGS
    places: dict[int, int] = {}
    for place, tag in enumerate(unpack_from(f"<{read}I", data, 4), start=1):
        places.setdefault(tag, place)
    return places, tuple(told)

"""All that is odd in a hive, by one walk over everything: for whatever looks at a whole hive, and for tests.

The reader tells the damage it meets; here is looked for what a look-up never notices, since it stops at the first key or value
of a name: doubles, links, names that Windows tools can't show, security, bins. Knows no key by its name.
"""

import re
from collections.abc import Iterable
from struct import unpack_from

from hivecheck.facts.fact import fact
from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.hive import fold_name
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.security import reference_count, security_fault

_VOLATILE, _SYMBOLIC_LINK = 0x1, 0x10
_SECURITY = 44  # bytes from the start of a key's contents
_LONE_SURROGATE = "[\ud800-\udfff]"


@fact
class Survey:
    """What there is, counted, and every problem of the hive, those met before included."""

    keys: int
    values: int
    data_bytes: int
    bins: int
    problems: tuple[Problem, ...]


def survey_damage(hive: RegfHive) -> Survey:
    """Everything read once. About 0.5 s for a hive of 15 MB."""
    from hivecheck.registry.bins import check_bins  # the main job looks at one subtree

    bins = check_bins(hive.buffer, hive.bins_end, hive.damage)
    owners = dict[int, int]()
    keys, values, data_bytes = _survey(hive, hive.root, owners)
    _check_counts(hive, owners)
    return Survey(keys, values, data_bytes, bins, hive.problems)


def survey_subtree(hive: RegfHive, key: RegfKey) -> tuple[Problem, ...]:
    """The problems of the hive, now that this key and all below it were looked at."""
    _survey(hive, key, {})
    return hive.problems


def _survey(hive: RegfHive, top: RegfKey, owners: dict[int, int]) -> tuple[int, int, int]:
    """Keys, values and bytes of data. `owners` is filled: for the cell of each security descriptor, how many keys name it."""
    entered = dict.fromkeys(top.offsets_above(), 0)
    pending = [top]
    keys = values = data_bytes = 0
    while pending:
        key = pending.pop()
        keys += 1
        below = key.enter_subkeys(entered)
        _check_key(hive, key, owners)
        _check_subkeys(hive, key, below)
        names: list[tuple[int, str]] = []
        for at, name, _, data, _ in key.stored_values():
            values += 1
            data_bytes += len(data)
            names.append((at, name))
        _check_values(hive, key, names)
        below.reverse()
        pending += below
    return keys, values, data_bytes


def _check_counts(hive: RegfHive, owners: dict[int, int]) -> None:
    """Whether each descriptor serves as many keys as it counts. Real hives are exact in this, dirty ones too.

    Not asked where keys could not be read: their number is unknown. A key cut off from the tree, and so hidden, is still counted.
    """
    if any(problem.loses_data for problem in hive.problems):
        return
    for cell, found in owners.items():
        counted = reference_count(hive.cells, cell)
        if counted is not None and counted != found:
            at = BINS_START + cell
            text = f"the security descriptor at 0x{at:x} counts {counted} keys, and {found} in the tree name it"
            text += ": others may have been cut off from the tree" if counted > found else ""
            hive.damage.tell("security-count", at, text, None)


def _check_key(hive: RegfHive, key: RegfKey, owners: dict[int, int]) -> None:
    """The key alone: class name, flags, security. A security cell named by a key before, as `owners` counts, is not looked at."""
    _ = key.class_name  # read for its damage alone
    flags, at = key.flags, key.offset
    if flags & _SYMBOLIC_LINK:
        text = f"the key at 0x{at:x} is a symbolic link stored in the hive: whoever opens it is led to another key"
        hive.damage.tell("stored-link", at, text, key)
    if flags & _VOLATILE:
        text = f"the key at 0x{at:x} is marked volatile; such keys are never written to a hive file"
        hive.damage.tell("volatile-key-stored", at, text, key)
    cells = hive.cells
    (cell,) = unpack_from("<I", hive.buffer, at + cells.head + _SECURITY)
    owners[cell] = owners.get(cell, 0) + 1
    if owners[cell] == 1:
        fault = security_fault(cells, cell, key)
        if fault:
            place = at if cell == 0xFFFFFFFF else BINS_START + cell
            hive.damage.tell("bad-security", place, f"the security descriptor of the key at 0x{at:x} {fault}", key)


def _check_subkeys(hive: RegfHive, key: RegfKey, below: list[RegfKey]) -> None:
    previous = ""
    seen = set[str]()
    for subkey in below:
        name = subkey.name
        if not name or "\\" in name:
            text = f"the key at 0x{subkey.offset:x} has {'no name' if not name else 'a backslash in its name'}: it can't be opened by path"
            hive.damage.tell("key-name-unusable", subkey.offset, text, subkey)
        _check_name(hive, "key", subkey.offset, name, subkey)
        folded = fold_name(name)
        if folded in seen:
            text = f"the key at 0x{subkey.offset:x} has the name of another key in the same place: opening it by name gives the other"
            hive.damage.tell("duplicate-key", subkey.offset, text, subkey)
        elif folded < previous and folded.isascii() and previous.isascii():
            text = f"the subkeys of the key at 0x{key.offset:x} are not sorted: Windows may not find all of them by name"
            hive.damage.tell("subkeys-unsorted", key.offset, text, key)
        seen.add(folded)
        previous = folded


def _check_values(hive: RegfHive, key: RegfKey, names: Iterable[tuple[int, str]]) -> None:
    seen, places = set[str](), set[int]()
    for at, name in names:
        if at in places:
            hive.damage.tell("value-listed-twice", at, f"the value at 0x{at:x} is listed twice in its key", key)
            continue
        places.add(at)
        _check_name(hive, "value", at, name, key)
        folded = fold_name(name)
        if folded in seen:
            text = f"the value at 0x{at:x} has the name of another value of its key: reading it by name gives the other"
            hive.damage.tell("duplicate-value", at, text, key)
        seen.add(folded)


def _check_name(hive: RegfHive, what: str, at: int, name: str, key: RegfKey) -> None:
    if "\0" in name:
        text = f"the name of the {what} at 0x{at:x} holds a NUL: programs that end names there can't show or open it"
        hive.damage.tell("name-with-nul", at, text, key)
    if not name.isascii() and re.search(_LONE_SURROGATE, name):
        text = f"the name of the {what} at 0x{at:x} is no UTF-16: it holds half of a pair"
        hive.damage.tell("name-invalid-utf16", at, text, key)

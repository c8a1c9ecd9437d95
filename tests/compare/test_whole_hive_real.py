"""Whole-hive comparison held against independent readers, on real hives: the sets are compared, not their sizes alone.

What the other libraries know no answer to (class names; data that they decode before they give them) is left out.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hivecheck.compare.whole_hive import WholeHiveDiff, compare_hives
from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.filetime import iso_utc
from hivecheck.registry.hive import fold_name

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from regipy.registry import RegistryHive
    from Registry.Registry import Registry

# Key by folded path: its last write in microseconds, and type and bytes by folded name of a value.
Value = tuple[int, bytes]
Tree = dict[str, tuple[str, dict[str, Value]]]
Change = tuple[str, str, str | None]


def by_python_registry(data: bytes) -> Tree:
    """All keys and values as python-registry reads them."""
    found: Tree = {}
    pending = [("", Registry(io.BytesIO(data)).root())]
    while pending:
        path, key = pending.pop()
        values = {fold_name(_value_name(value)): (value.value_type(), value.raw_data()) for value in key.values()}
        found[path] = (f"{key.timestamp():%Y-%m-%dT%H:%M:%S.%f}", values)
        pending += [(f"{path}\\{fold_name(below.name())}".lstrip("\\"), below) for below in key.subkeys()]
    return found


def _value_name(value: object) -> str:
    name = value.name()  # type: ignore[attr-defined]
    return "" if name == "(default)" else str(name)


def expected(before: Tree, after: Tree) -> set[Change]:
    """What differs between two trees."""
    return set(_differing(before, after))


def _differing(before: Tree, after: Tree) -> Iterator[Change]:
    for path in before.keys() | after.keys():
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            kind = "added" if old is None else "removed"
            yield kind, path, None
            yield from ((kind, path, name) for name in (old or new or ("", {}))[1])
            continue
        if old[0] != new[0]:
            yield "changed", path, None
        for name in old[1].keys() | new[1].keys():
            one, other = old[1].get(name), new[1].get(name)
            if one != other:
                yield ("added" if one is None else "removed" if other is None else "changed"), path, name


def ours(diff: WholeHiveDiff) -> set[Change]:
    """Our differences in the same form. A class name is no part of it."""
    found: set[Change] = set()
    for one in diff.differences:
        path = fold_name(one.path)
        if one.before is None or one.after is None:
            found.add(("added" if one.before is None else "removed", path, None))
        elif one.before.written // 10 != one.after.written // 10:
            found.add(("changed", path, None))
        for value in one.values:
            kind = "added" if value.before is None else "removed" if value.after is None else "changed"
            found.add((kind, path, fold_name(value.name)))
    return found


def data_of(path: Path, logs: str) -> bytes:
    opened = open_with_logs(path, logs)
    return bytes(opened.hive.buffer)


def diff_of(before: Path, after: Path, logs_before: str = "none", logs_after: str = "none") -> WholeHiveDiff:
    one, other = open_with_logs(before, logs_before), open_with_logs(after, logs_after)
    return compare_hives(one.hive, other.hive)


def test_a_dirty_hive_and_its_logs_differ_as_python_registry_says(real_hive: Callable[[str], Path]) -> None:
    hive = real_hive("win10-1709-dirty")
    diff = diff_of(hive, hive, "none", "auto")
    truth = expected(by_python_registry(data_of(hive, "none")), by_python_registry(data_of(hive, "auto")))
    assert ours(diff) == truth
    inside = {path for kind, path, value in truth if kind != "changed" and value is None}
    kept = [(kind, value is None) for kind, path, value in truth if path not in inside]
    assert len(inside) == diff.counts.keys_added == 2472
    assert diff.counts.keys_removed == diff.counts.values_removed == 0
    assert kept.count(("changed", False)) == diff.counts.values_changed == 96
    assert kept.count(("added", False)) == sum(len(one.pairs) for one in diff.differences) - 96 == 14
    assert kept.count(("changed", True)) == diff.counts.keys_changed == 89


def test_two_windows_of_different_machines_differ_as_python_registry_says(real_hive: Callable[[str], Path]) -> None:
    before, after = real_hive("win7-sp1-x86"), real_hive("win10-1903")
    diff = diff_of(before, after)
    truth = expected(by_python_registry(data_of(before, "none")), by_python_registry(data_of(after, "none")))
    found = ours(diff)
    assert found - truth == set()
    assert truth - found == set()
    assert len(found) > 200_000


def test_two_old_windows_differ_as_regipy_says(real_hive: Callable[[str], Path]) -> None:
    """regipy decodes data before it gives them: keys, last writes and the names of values are compared."""
    before, after = real_hive("nt4-sp3-server"), real_hive("xp-x64")
    one, other = by_regipy(before), by_regipy(after)
    found = ours(diff_of(before, after))
    assert {change for change in found if change[2] is None} == {
        change for change in expected(one, other) if change[2] is None
    }
    assert {change for change in found if change[2] is not None and change[0] != "changed"} == {
        change for change in expected(one, other) if change[2] is not None and change[0] != "changed"
    }


def by_regipy(path: Path) -> Tree:
    """All keys as regipy reads them, values by name and type alone."""
    found: Tree = {}
    pending = [("", RegistryHive(str(path)).root)]  # type: ignore[no-untyped-call]
    while pending:
        place, key = pending.pop()
        values = {fold_name("" if one.name == "(default)" else one.name): (0, b"") for one in key.iter_values(as_json=False)}  # type: ignore[no-untyped-call]
        found[place] = (iso_utc(key.header.last_modified)[:-2], values)
        if key.subkey_count:
            pending += [(f"{place}\\{fold_name(below.name)}".lstrip("\\"), below) for below in key.iter_subkeys()]  # type: ignore[no-untyped-call]
    return found


@pytest.mark.parametrize("name", ["nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1903"])
def test_a_real_hive_has_not_changed_against_itself(name: str, real_hive: Callable[[str], Path]) -> None:
    hive = real_hive(name)
    diff = diff_of(hive, hive)
    assert (diff.differences, diff.noise) == ((), ())

"""Every key and value of two hives: what counts as a change, names that occur twice, damage, and hostile sizes."""

import random
import tracemalloc
from hashlib import sha256
from time import process_time

import pytest

import hivecheck.compare.whole_hive as whole_hive
from hivecheck.compare.change import Change, Verdict
from hivecheck.compare.control_set_alignment import Alignment
from hivecheck.compare.whole_hive import Counts, WholeHiveDiff, compare_hives
from hivecheck.compare.whole_hive_changes import key_changes
from hivecheck.facts.origin import KeyRef, State, ValueRef
from hivecheck.registry.hive import Limits
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.strings import encode_sz
from tests.hive_writer import write_hive


def read(hive: MemoryHive, name: str = "SYSTEM") -> RegfHive:
    return RegfHive.from_buffer(name, write_hive(hive).data, Limits())


def compared(before: str, after: str) -> WholeHiveDiff:
    return compare_hives(read(hive_of(before), "BEFORE"), read(hive_of(after), "AFTER"))


def told(before: str, after: str) -> list[Change]:
    return list(key_changes(compared(before, after)))


def places(before: str, after: str) -> list[tuple[str, str, str | None]]:
    return [(one.change.value, one.what, one.value) for one in told(before, after)]


def state_of(change: Change) -> State:
    [origin] = change.because
    assert isinstance(origin, KeyRef | ValueRef)
    return origin.state


TIME, LATER = "2018-04-06T12:26:31.1234567Z", "2018-04-06T12:26:31.1234568Z"


def test_a_value_of_another_type_is_changed_although_its_bytes_are_the_same() -> None:
    [one] = told(f'[A] {TIME}\nx = sz "one"', f'[A] {TIME}\nx = expand "one"')
    assert (one.what, one.value) == ("A", "x")
    assert one.before == {"type": "REG_SZ", "data": "one"}
    assert one.after == {"type": "REG_EXPAND_SZ", "data": "one"}


def test_a_value_that_came_and_one_that_went() -> None:
    found = told(f'[A] {TIME}\nold = sz "1"', f"[A] {TIME}\nnew = dword 7")
    assert [(one.change, one.value, one.before, one.after) for one in found] == [
        ("removed", "old", {"type": "REG_SZ", "data": "1"}, None),
        ("added", "new", None, {"type": "REG_DWORD", "data": 7}),
    ]


def test_the_default_value_has_an_empty_name_and_the_key_itself_none() -> None:
    assert places("", f'[A] {TIME}\n@ = sz "1"') == [("added", "A", None), ("added", "A", "")]


def test_what_lies_in_an_added_key_is_told_as_well() -> None:
    assert places("", f"[A] {TIME}\nx = dword 1\n[A\\b] {TIME}\ny = dword 2") == [
        ("added", "A", None),
        ("added", "A", "x"),
        ("added", r"A\b", None),
        ("added", r"A\b", "y"),
    ]
    diff = compared("", f"[A] {TIME}\n[A\\b] {TIME}")
    assert [(one.path, one.is_inside) for one in diff.differences] == [("A", False), (r"A\b", True)]


def test_a_last_write_alone_is_a_change_by_a_single_tick() -> None:
    [one] = told(f"[A] {TIME}", f"[A] {LATER}")
    assert (one.change, one.what, one.value, one.why, one.verdict) == (
        "changed",
        "A",
        None,
        "last write",
        Verdict.MACHINE_STATE,
    )
    assert (one.before["written"], one.after["written"]) == (TIME, LATER)


def test_a_class_name_is_compared_and_is_no_matter_of_course() -> None:
    [one] = told(f'[A] {TIME} class "x"', f'[A] {TIME} class "y"')
    assert (one.why, one.verdict) == ("class name", Verdict.UNEXPLAINED)
    assert (one.before["class"], one.after["class"]) == ("x", "y")


def test_names_in_another_case_are_the_same_names() -> None:
    assert told(f"[Services\\Äpp] {TIME}\nStart = dword 1", f"[SERVICES\\äPP] {TIME}\nSTART = dword 1") == []


def test_letters_whose_upper_case_is_longer_stay_apart() -> None:
    assert [one[:2] for one in places(f"[straße] {TIME}", f"[STRASSE] {TIME}")] == [
        ("added", "STRASSE"),
        ("removed", "straße"),
    ]


def test_changes_cite_the_side_on_which_the_thing_is() -> None:
    changes = told(f"[A] {TIME}\nx = dword 1\n[B] {TIME}", f"[A] {TIME}\nx = dword 2")
    assert [[(one.hive, one.offset is not None) for one in change.because] for change in changes] == [  # type: ignore[union-attr]
        [("AFTER", True)],
        [("BEFORE", True)],
    ]


def test_data_behind_the_end_of_a_text_are_shown() -> None:
    plain = MemoryHive("H", PlainKey(subkeys=(PlainKey("A", values=(PlainValue("x", 1, encode_sz("cmd")),)),)))
    hiding = MemoryHive("H", PlainKey(subkeys=(PlainKey("A", values=(PlainValue("x", 1, encode_sz("cmd") + b"e\0v\0"),)),)))
    [one] = key_changes(compare_hives(read(plain), read(hiding)))
    assert one.before == {"type": "REG_SZ", "data": "cmd"}
    assert one.after == {"type": "REG_SZ", "data": "cmd", "hex": (encode_sz("cmd") + b"e\0v\0").hex()}


def test_long_data_are_cut_and_told_by_size_and_hash_and_a_last_byte_counts() -> None:
    data = bytes(100_000)
    before = MemoryHive("H", PlainKey(subkeys=(PlainKey("A", values=(PlainValue("x", 3, data + b"1"),)),)))
    after = MemoryHive("H", PlainKey(subkeys=(PlainKey("A", values=(PlainValue("x", 3, data + b"2"),)),)))
    [one] = key_changes(compare_hives(read(before), read(after)))
    assert one.before == {
        "type": "REG_BINARY",
        "data": "00" * 1024,
        "size": 100_001,
        "sha256": sha256(data + b"1").hexdigest(),
    }
    assert one.after["sha256"] == sha256(data + b"2").hexdigest()


def test_lists_and_numbers_are_told_as_their_type_says() -> None:
    changes = told("", f'[A] {TIME}\nl = multi "a" "" "b"\nq = qword 1')
    assert [one.after for one in changes[1:]] == [
        {"type": "REG_MULTI_SZ", "data": ["a", "", "b"]},
        {"type": "REG_QWORD", "data": 1},
    ]


def twins(*values: PlainValue, names: tuple[str, ...] = ("A",)) -> MemoryHive:
    return MemoryHive("H", PlainKey(subkeys=tuple(PlainKey(name, values=values) for name in names)))


def test_of_two_values_of_one_name_the_first_is_held_against_the_first_and_it_is_told() -> None:
    before = read(twins(PlainValue("x", 4, b"1234"), PlainValue("X", 4, b"5678")))
    after = read(twins(PlainValue("x", 4, b"5678")))
    diff = compare_hives(before, after)
    assert [(one.change, one.value, one.before and one.before["data"]) for one in key_changes(diff)] == [
        ("changed", "x", int.from_bytes(b"1234", "little")),
        ("removed", "X", int.from_bytes(b"5678", "little")),
    ]
    assert [one.code for one in diff.problems_before] == ["duplicate-value-name"]
    assert diff.problems_after == ()


def test_of_two_keys_of_one_name_the_second_is_the_one_that_was_added() -> None:
    diff = compare_hives(read(twins(names=("A",))), read(twins(names=("A", "a"))))
    assert [(one.change, one.what) for one in key_changes(diff)] == [("added", "a")]
    assert [one.code for one in diff.problems_after] == ["duplicate-key-name"]


def test_control_characters_in_names_change_nothing_but_the_names() -> None:
    diff = compare_hives(read(twins()), read(twins(names=("A", "B\x1b[2J\0\n", "\ud800"))))
    assert [one.path for one in diff.differences] == ["B\x1b[2J\0\n", "\ud800"]


def test_what_may_be_missing_for_damage_is_not_called_removed_for_sure() -> None:
    hive = hive_of(f"[A] {TIME}\n[A\\b] {TIME}\n[A\\c] {TIME}")
    written = write_hive(hive)
    hurt = RegfHive.from_buffer("HURT", written.patched(written.keys[r"A\b"] + 4, b"xx"), Limits())
    diff = compare_hives(read(hive), hurt)
    assert [(one.path, one.is_doubtful) for one in diff.differences] == [(r"A\b", True)]
    [one] = key_changes(diff)
    assert "may have been there" in one.why
    assert "bad-signature" in [problem.code for problem in diff.problems_after]


def test_what_is_gone_from_a_sound_hive_is_gone() -> None:
    diff = compared(f"[A\\b] {TIME}\n[A\\c] {TIME}", f"[A\\c] {TIME}")
    assert [(one.path, one.is_doubtful) for one in diff.differences] == [(r"A\b", False)]


def random_tree(seed: int) -> PlainKey:
    rng = random.Random(seed)

    def grown(name: str, depth: int) -> PlainKey:
        values = tuple(
            PlainValue(f"v{number}", rng.randrange(12), rng.randbytes(rng.choice((0, 2, 4, 5, 60, 20_000))))
            for number in range(rng.randrange(6))
        )
        below = tuple(grown(f"Key {number}é", depth + 1) for number in range(rng.randrange(5) if depth < 5 else 0))
        return PlainKey(name, rng.randrange(2**60), rng.choice((None, "class")), values, below)

    return grown("ROOT", 0)


@pytest.mark.parametrize("seed", range(4))
def test_a_hive_against_itself_in_another_layout_has_not_changed(seed: int) -> None:
    """The same tree with cells elsewhere, lists of another kind, names not compressed, subkeys in another order, and another root."""
    tree = random_tree(seed)
    plain = write_hive(MemoryHive("H", tree)).data
    renamed = PlainKey("CMI-CreateHive{1}", tree.written, tree.class_name, tree.values, tree.subkeys[::-1])
    other = write_hive(
        MemoryHive("H", renamed),
        list_kind="lf",
        ri_threshold=2,
        sort_subkeys=False,
        compress_names=False,
        deleted=[("", PlainKey("gone"))],
        freed=[b"x" * 100],
    ).data
    assert plain != other
    diff = compare_hives(RegfHive.from_buffer("a", plain), RegfHive.from_buffer("b", other))
    assert diff.differences == ()
    assert diff.counts == Counts()
    assert diff.problems_before == diff.problems_after == ()


@pytest.mark.parametrize("seed", range(4))
def test_swapped_sides_turn_added_into_removed(seed: int) -> None:
    one, other = read(MemoryHive("H", random_tree(seed))), read(MemoryHive("H", random_tree(seed + 100)))
    there, back = compare_hives(one, other).counts, compare_hives(other, one).counts
    assert there.total > 0
    assert (there.keys_added, there.keys_removed, there.keys_changed) == (
        back.keys_removed,
        back.keys_added,
        back.keys_changed,
    )
    assert (there.values_added, there.values_removed, there.values_changed) == (
        back.values_removed,
        back.values_added,
        back.values_changed,
    )


def many_keys(count: int, prefix: str) -> MemoryHive:
    top = tuple(PlainKey(f"{prefix}{number}", values=(PlainValue("x", 4, b"1234"),)) for number in range(count))
    return MemoryHive("H", PlainKey(subkeys=top))


def test_two_hives_of_many_keys_that_share_none_end_in_bounded_time_and_memory() -> None:
    """A tenth of what was tried by hand, 200,000 keys a side; the bounds are for each key."""
    count = 20_000
    before, after = read(many_keys(count, "a")), read(many_keys(count, "b"))
    tracemalloc.start()
    started = process_time()
    diff = compare_hives(before, after)
    spent, (_, peak) = process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (diff.counts.keys_added, diff.counts.keys_removed) == (count, count)
    assert spent < 20
    assert peak < count * 2 * 2_000


def test_a_key_of_many_values_of_one_name_takes_time_by_their_number_only() -> None:
    values = tuple(PlainValue("x", 4, number.to_bytes(4, "little")) for number in range(100_000))
    before = read(twins(*values[:-1]))
    after = read(twins(*values))
    started = process_time()
    diff = compare_hives(before, after)
    assert process_time() - started < 20
    assert diff.counts == Counts(values_added=1)


def test_paths_of_very_deep_keys_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hivecheck.compare.walked_side._LONG_PATHS_LETTERS", 1_000_000)
    key = PlainKey("leaf", subkeys=tuple(PlainKey(f"{number}") for number in range(2_000)))
    for _ in range(400):
        key = PlainKey("d" * 60, subkeys=(key,))
    before, after = read(many_keys(1, "a")), read(MemoryHive("H", PlainKey(subkeys=(key,))))
    tracemalloc.start()
    diff = compare_hives(before, after)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [problem.code for problem in diff.problems_after] == ["limit-paths"]
    assert diff.problems_after[0].loses_data
    assert peak < 5_000_000


def test_more_differences_than_are_held_are_counted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_hive, "MAXIMUM_DIFFERENCES", 10)
    diff = compare_hives(read(many_keys(1, "a")), read(many_keys(100, "a")))
    assert diff.is_cut
    assert len(diff.differences) == 5
    assert diff.counts == Counts(keys_added=99, values_added=99)


def test_a_deep_key_of_many_values_is_cut_before_its_path_is_told_a_thousand_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_hive, "MAXIMUM_LETTERS", 1_000_000)
    values = tuple(PlainValue(f"{number}", 4, b"1234") for number in range(1_000))
    key, shallow = PlainKey("deep", values=values), PlainKey("shallow", values=values)
    for _ in range(20):
        key = PlainKey("d" * 200, subkeys=(key,))
    empty = MemoryHive("H", PlainKey())
    assert not compare_hives(read(empty), read(MemoryHive("H", PlainKey(subkeys=(shallow,))))).is_cut
    diff = compare_hives(read(empty), read(MemoryHive("H", PlainKey(subkeys=(key,)))))
    assert diff.is_cut
    assert diff.counts == Counts(keys_added=21, values_added=1_000)


def test_a_value_whose_data_can_be_read_on_one_side_only_is_changed_and_says_so() -> None:
    hive = twins(PlainValue("x", 3, b"0123456789"))
    written = write_hive(hive)
    hurt = RegfHive.from_buffer("HURT", written.patched(written.values["A", "x"] + 12, b"\xf0\xff\xff\x0f"), Limits())
    [one] = key_changes(compare_hives(read(hive), hurt))
    assert (one.change, one.value) == ("changed", "x")
    assert "could be read" in one.after["fault"]
    assert "fault" not in one.before
    again = RegfHive.from_buffer("HURT", written.patched(written.values["A", "x"] + 12, b"\xf0\xff\xff\x0f"), Limits())
    assert compare_hives(hurt, again).counts == Counts()


def test_what_a_log_wrote_is_said_to_come_from_it() -> None:
    data = write_hive(hive_of(f"[A] {TIME}\nx = dword 1")).data
    whole = RegfHive.from_buffer("AFTER", data, Limits(), frozenset(range(len(data) >> 9)))
    found = list(key_changes(compare_hives(read(hive_of("")), whole)))
    assert [state_of(one) for one in found] == [State.LOG, State.LOG]
    back = list(key_changes(compare_hives(whole, read(hive_of(f"[A] {TIME}\nx = dword 2")))))
    assert [state_of(one) for one in back] == [State.ALLOCATED]


def test_a_name_that_holds_a_backslash_is_noted() -> None:
    found = compare_hives(read(hive_of("")), read(MemoryHive("H", PlainKey(subkeys=(PlainKey("a\\b"),)))))
    assert [problem.code for problem in found.problems_after] == ["backslash-in-name"]


def test_control_sets_of_one_role_are_held_against_each_other() -> None:
    before, after = f"[ControlSet001\\A] {TIME}\nx = dword 1", f"[ControlSet002\\A] {TIME}\nx = dword 2"
    sets = Alignment(((1, 2),))
    diff = compare_hives(read(hive_of(before)), read(hive_of(after)), sets=sets)
    assert [(one.what, one.value) for one in key_changes(diff)] == [("ControlSet002\\A", "x")]
    assert diff.aligned == ((1, 2),)

"""The parts of a history: whose hives they are, their order and its reasons, what is a date, and lists of before."""

from pathlib import Path

import pytest

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.diff import Diff
from hivecheck.compare.findings import FindingChanges
from hivecheck.compare.history import CHANGES_AT_MOST, state_step
from hivecheck.compare.history_dates import date_changes, is_date
from hivecheck.compare.history_lists import EarlierList, earlier_lists
from hivecheck.compare.history_machines import tell_machines_apart
from hivecheck.compare.history_order import order_states
from hivecheck.compare.history_reading import LOG_STATES_AT_MOST, SETS_AT_MOST, read_states
from hivecheck.compare.states import DateMeaning, Dating, HiveSource, HiveStates, State, StateKind
from hivecheck.evidence.layouts import HiveKind
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import RawValue
from hivecheck.registry.notation import hive_of
from hivecheck.registry.region import RegionKind
from hivecheck.registry.views import Sighting, Stage
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.remnants import LostText, Standing
from hivecheck.settings.rename_history import order_generations
from tests.compare.documents import document
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_sequences

DAYS = [parse_iso_utc(f"2018-04-{day:02}T00:00:00Z") for day in range(1, 10)]


def state(kind: StateKind = StateKind.HIVE, day: int | None = None, **more: object) -> State:
    dates = (Dating(DAYS[day], DateMeaning.NEWEST_KEY, Confidence.MEDIUM),) if day is not None else ()
    return State(kind, Path("SYSTEM"), 1, dates=dates, **more)  # type: ignore[arg-type]


def hive(
    kind: HiveKind, *states: State, mark: str = "m", computer: str = "PC1", group: str = "", volume: str = ""
) -> HiveStates:
    source = HiveSource(Path(kind.name), kind, group=group)
    return HiveStates(source, mark, computer, "", states or (state(),), (), volume)


def order(*hives: HiveStates) -> list[tuple[str, StateKind]]:
    return [(one.hive.source.kind.name, one.state.kind) for one in order_states(hives)]


def machines(*hives: HiveStates) -> list[list[str]]:
    return [[one.source.kind.name for one in machine.hives] for machine in tell_machines_apart(hives)]


def test_states_of_several_hives_stand_by_their_dates() -> None:
    live = hive(HiveKind.LIVE, state(StateKind.CONTROL_SET, 1), state(day=5))
    back, shadow = hive(HiveKind.REGBACK, state(day=3)), hive(HiveKind.SHADOW_COPY, state(day=4))
    told = order(live, shadow, back)
    assert told == [
        ("LIVE", StateKind.CONTROL_SET),
        ("REGBACK", StateKind.HIVE),
        ("SHADOW_COPY", StateKind.HIVE),
        ("LIVE", StateKind.HIVE),
    ]


def test_an_earlier_state_of_a_hive_never_stands_behind_a_later_one_whatever_its_date() -> None:
    live = hive(HiveKind.LIVE, state(StateKind.CONTROL_SET, 8), state(StateKind.FILE, 2), state(day=5))
    assert [kind for _, kind in order(live)] == [StateKind.CONTROL_SET, StateKind.FILE, StateKind.HIVE]


def test_a_date_of_a_set_beyond_that_of_its_hive_does_not_move_the_hive() -> None:
    live = hive(HiveKind.LIVE, state(StateKind.CONTROL_SET, 8), state(day=2))
    assert order(live, hive(HiveKind.LOOSE, state(day=4)))[-1] == ("LOOSE", StateKind.HIVE)


@pytest.mark.parametrize("kind", [HiveKind.REGBACK, HiveKind.SHADOW_COPY, HiveKind.WINDOWS_OLD, HiveKind.REPAIR])
def test_the_hive_in_use_is_never_older_than_a_copy_of_it_whatever_the_dates(kind: HiveKind) -> None:
    live = hive(HiveKind.LIVE, state(StateKind.FILE, 1), state(day=2))
    first, file, last = order_states([live, hive(kind, state(day=4))])
    assert [first.hive.source.kind, file.state.kind, last.state.kind] == [kind, StateKind.FILE, StateKind.HIVE]
    assert last.state.dates[0].confidence is Confidence.LOW
    assert "2018-04-03" in last.caveat
    assert f"its copy {kind.name}, 2018-04-05" in last.caveat
    assert "whatever their dates" in last.because
    assert (first.caveat, file.caveat) == ("", "")


def test_dates_in_order_are_told_without_a_caveat() -> None:
    told = order_states([hive(HiveKind.LIVE, state(day=5)), hive(HiveKind.REGBACK, state(day=4))])
    assert [one.caveat for one in told] == ["", ""]
    assert told[-1].state.dates[0].confidence is Confidence.MEDIUM


def test_a_copy_of_another_collection_of_the_machine_stands_by_its_date() -> None:
    early, late = (hive(HiveKind.LIVE, state(day=day), group=f"case{day}") for day in (2, 7))
    told = order_states([late, early, hive(HiveKind.SHADOW_COPY, state(day=8), group="case7")])
    assert [one.hive.source.group for one in told] == ["case2", "case7", "case7"]
    assert told[-1].hive is late
    assert [bool(one.caveat) for one in told] == [False, False, True]


def test_any_copy_on_the_volume_of_the_hive_in_use_is_older() -> None:
    live, copy = hive(HiveKind.LIVE, state(day=2), group="c"), hive(HiveKind.LOOSE, state(day=4), group="c")
    assert order(live, copy)[-1] == ("LIVE", StateKind.HIVE)


def test_without_dates_the_kind_of_copy_decides() -> None:
    kinds = [HiveKind.LIVE, HiveKind.LOOSE, HiveKind.SHADOW_COPY, HiveKind.REGBACK, HiveKind.WINDOWS_OLD, HiveKind.REPAIR]
    told = order_states([hive(kind) for kind in kinds])
    assert [one.hive.source.kind for one in told] == kinds[::-1]
    assert all("taken to be" in one.because or "nothing says" in one.because for one in told)


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (("LastKnownGood",), "accepted boot"),
        (("Failed",), "given up"),
        (("Current",), "the last boot ran this set"),
        ((), "does not name this set"),
    ],
)
def test_a_control_set_stands_where_its_role_puts_it(roles: tuple[str, ...], reason: str) -> None:
    (first, _) = order_states([hive(HiveKind.LIVE, state(StateKind.CONTROL_SET, 1, roles=roles), state(day=2))])
    assert reason in first.because


def test_hives_of_one_boot_key_are_one_machine_and_others_are_not() -> None:
    told = machines(hive(HiveKind.LIVE), hive(HiveKind.REGBACK), hive(HiveKind.LOOSE, mark="n"))
    assert told == [["LIVE", "REGBACK"], ["LOOSE"]]


def test_two_installations_of_one_name_that_both_stand_are_two_machines() -> None:
    assert machines(hive(HiveKind.LIVE, mark="a"), hive(HiveKind.LIVE, mark="b")) == [["LIVE"], ["LIVE"]]


def test_an_earlier_installation_joins_the_one_machine_of_its_name() -> None:
    old = hive(HiveKind.WINDOWS_OLD, mark="old", computer="pc1")
    assert machines(hive(HiveKind.LIVE), old) == [["LIVE", "WINDOWS_OLD"]]
    assert machines(hive(HiveKind.LIVE), hive(HiveKind.LIVE, mark="b"), old) == [["LIVE"], ["LIVE"], ["WINDOWS_OLD"]]


def test_a_hive_without_a_boot_key_goes_by_its_name_then_by_its_place() -> None:
    live = hive(HiveKind.LIVE, group="case/c")
    assert machines(live, hive(HiveKind.REGBACK, mark="")) == [["LIVE", "REGBACK"]]
    assert machines(live, hive(HiveKind.REGBACK, mark="", computer="PC2")) == [["LIVE"], ["REGBACK"]]
    nameless = hive(HiveKind.REPAIR, mark="", computer="", group="case/c")
    assert machines(live, nameless) == [["LIVE", "REPAIR"]]
    assert machines(live, hive(HiveKind.REPAIR, mark="", computer="", group="case/d")) == [["LIVE"], ["REPAIR"]]


def test_a_hive_without_a_boot_key_joins_none_that_has_another_drive_c() -> None:
    live = hive(HiveKind.LIVE, mark="", volume="v")
    assert machines(live, hive(HiveKind.LOOSE, mark="", volume="v")) == [["LIVE", "LOOSE"]]
    assert machines(live, hive(HiveKind.LOOSE, mark="", volume="w")) == [["LIVE"], ["LOOSE"]]


def test_drive_c_is_told_by_what_mounted_devices_says(tmp_path: Path) -> None:
    marks = []
    for number, value in enumerate(("01 02 03 04", "01 02 03 04", "05 06 07 08")):
        path = tmp_path / f"SYSTEM{number}"
        mounted = f'[MountedDevices]\n"\\DosDevices\\C:" = binary {value}\n'
        path.write_bytes(build_hive(hive_of(f"[Select]\nDefault = dword 1\n[ControlSet001]\n{mounted}")))
        marks.append(read_states(HiveSource(path, HiveKind.LOOSE)).volume)
    assert marks[0] == marks[1] != marks[2]
    assert all(marks)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1601-01-01T00:00:00Z", False),
        ("1601-01-01T00:00:01Z", False),
        ("1989-12-31T23:59:59Z", False),
        ("1990-01-01T00:00:00Z", True),
        ("2099-12-31T23:59:59Z", True),
        ("2100-01-01T00:00:00Z", False),
        ("ticks:-1", False),
        ("ticks:18446744073709551615", False),
    ],
)
def test_what_is_a_date(text: str, is_one: bool) -> None:
    assert is_date(parse_iso_utc(text)) is is_one


def change(written: int, deleted: bool = False) -> LogChange:
    raw = RawValue("V", 4, b"\1\0\0\0", ValueRef("SYSTEM", "K", "V", written, None))
    return LogChange("SYSTEM.LOG1", 4, "K", "V", raw if deleted else None, None if deleted else raw)


def test_a_log_entry_is_dated_by_the_newest_key_that_it_changed() -> None:
    (date,) = date_changes([change(DAYS[1]), change(DAYS[3]), change(0), change(DAYS[5], deleted=True)])
    assert (date.ticks, date.meaning) == (DAYS[3], DateMeaning.CHANGED_KEY)
    assert date_changes([change(0), change(DAYS[1], deleted=True)]) == ()


def lost(
    *paths: str, standing: Standing = Standing.LOST, whole: bool = True, written: int = 0, named: bool = False
) -> LostText:
    strings = tuple(text for path in paths for text in (path, ""))
    ref = ValueRef("SYSTEM", "?", "PendingFileRenameOperations", written, 64)
    seen = Sighting("SYSTEM", Stage.AS_FOUND, RegionKind.FREE, 64 * len(paths), None)
    return LostText(ref, named, strings, whole, "", 10, Confidence.HIGH, (), b"", (seen,), standing)


def lists(*texts: LostText, known: set[tuple[str, ...]] | None = None) -> list[EarlierList]:
    return list(earlier_lists(LostLists(order_generations(texts), ()), known if known is not None else set()))


A, B, C = r"\??\C:\a", r"\??\C:\b", r"\??\C:\c"


def test_each_list_is_told_by_what_it_has_more_than_the_one_before() -> None:
    first, second = lists(lost(A), lost(A, B), lost(A, B, C, standing=Standing.PRESENT))
    assert (first.follows, first.lines) == (False, (rf"delete {A}",))
    assert (second.added, second.gone) == ((rf"delete {B}",), ())
    assert (second.generation, second.generations) == (2, 3)


def test_the_same_operation_twice_counts_twice() -> None:
    _, second = lists(lost(A), lost(A, A), lost(A, A, B, standing=Standing.PRESENT))
    assert second.added == (rf"delete {A}",)


def test_what_a_piece_of_a_list_lacks_is_not_said_to_be_gone() -> None:
    told = lists(lost(A, B), lost(B, C, whole=False), lost(A, B, C, standing=Standing.PRESENT))
    piece = next(one for one in told if not one.whole)
    assert (piece.added, piece.gone) == ((rf"delete {C}",), ())


def test_a_list_younger_than_the_hive_file_says_so() -> None:
    told = lists(
        lost(A), lost(A, B, standing=Standing.UNRECOVERED), lost(A, B, C), lost(A, B, C, A, standing=Standing.PRESENT)
    )
    assert [(len(one.lines), one.after_file) for one in told] == [(1, False), (3, True)]


def test_what_a_log_entry_or_another_hive_told_is_not_told_again() -> None:
    known: set[tuple[str, ...]] = {(A, "")}
    assert lists(lost(A), lost(A, B, standing=Standing.PRESENT), known=known) == []
    assert len(lists(lost(B), lost(B, C, standing=Standing.PRESENT), known=known)) == 1
    assert lists(lost(B), lost(B, C, standing=Standing.PRESENT), known=known) == []


def test_a_list_is_dated_only_where_a_record_leads_to_it() -> None:
    present = lost(A, B, standing=Standing.PRESENT)
    assert lists(lost(A, written=DAYS[1]), present)[0].dates == ()
    assert [one.ticks for one in lists(lost(A, written=DAYS[1], named=True), present)[0].dates] == [DAYS[1]]


def test_only_the_worst_changes_of_a_state_are_held() -> None:
    bad = Change(ChangeKind.ADDED, "bad", None, 1, Verdict.SUSPICIOUS, "")
    many = tuple(Change(ChangeKind.ADDED, str(n), None, 1, Verdict.AS_SHIPPED, "") for n in range(CHANGES_AT_MOST + 9))
    found = FindingChanges((), (), (), ())
    (placed,) = order_states([hive(HiveKind.LIVE)])
    step = state_step(1, placed, document(), Diff(document(), document(), (), (*many, bad), (), found))
    assert step.differs is not None
    assert (step.differs.settings[0], len(step.differs.settings), step.differs.cut) == (bad, CHANGES_AT_MOST, 10)


def test_that_another_set_would_be_written_into_select_is_no_difference() -> None:
    noise = Change(ChangeKind.CHANGED, "registry/Select\\Current", 1, 2, Verdict.MACHINE_STATE, "")
    (placed,) = order_states([hive(HiveKind.LIVE)])
    diff = Diff(document(), document(), (), (), (noise,), FindingChanges((), (), (), ()))
    step = state_step(1, placed, document(), diff)
    assert step.differs is not None
    assert step.differs.is_empty


def test_of_very_many_control_sets_only_some_are_states_and_it_is_told(tmp_path: Path) -> None:
    sets = "".join(f"[ControlSet{number:03}\\Control]\n" for number in range(1, SETS_AT_MOST + 5))
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(hive_of(f"[Select]\nDefault = dword 1\n{sets}")))
    found = read_states(HiveSource(path, HiveKind.LOOSE))
    assert len(found.states) == SETS_AT_MOST + 1
    assert found.left_out == (f"3 control sets of {path}",)


def test_of_very_many_log_entries_the_latest_are_states_and_it_is_told(tmp_path: Path) -> None:
    count = LOG_STATES_AT_MOST + 6
    states = [
        build_hive(hive_of(f'[Select]\nDefault = dword 1\n[ControlSet001\\Control\\Session Manager]\nX = sz "{n:04}"\n'))
        for n in range(count)
    ]
    path = tmp_path / "SYSTEM"
    path.write_bytes(with_sequences(states[0], 5, 4))
    (tmp_path / "SYSTEM.LOG1").write_bytes(hvle_log(states, 4).data)
    found = read_states(HiveSource(path, HiveKind.LOOSE))
    entries = [one.entry for one in found.states if one.kind is StateKind.LOG_ENTRY]
    last = 4 + count - 2  # the entry that leads to the hive as it stands is no state beside it
    assert entries == list(range(last - LOG_STATES_AT_MOST, last))
    assert [one.changes[0].sequence for one in found.states if one.kind is StateKind.HIVE] == [last]
    assert found.left_out == (f"4 log entries of {path}, the oldest that change the Session Manager",)


def test_a_shadow_copy_is_dated_by_its_making_before_any_key(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(hive_of("[Select]\nDefault = dword 1\n[ControlSet001] 2018-04-06T12:00:00.0000000Z\n")))
    (copy,) = read_states(HiveSource(path, HiveKind.SHADOW_COPY, taken=DAYS[8])).states
    assert [(one.ticks, one.meaning) for one in copy.dates[:1]] == [(DAYS[8], DateMeaning.SHADOW_COPY_MADE)]
    assert DateMeaning.NEWEST_KEY in {one.meaning for one in copy.dates}
    (volume,) = read_states(HiveSource(path, HiveKind.LIVE)).states
    assert volume.dates[0].meaning is DateMeaning.NEWEST_KEY

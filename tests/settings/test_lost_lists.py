"""The quick look of the main job: earlier lists in free cells, behind the end and in logs, and never from what is in use."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.boot.plan import Step
from hivecheck.registry import hive_views
from hivecheck.registry.hive import REG_MULTI_SZ
from hivecheck.registry.hive_views import view_hive
from hivecheck.registry.memory import PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.region import RegionKind
from hivecheck.registry.strings import encode_multi_sz, encode_sz
from hivecheck.registry.views import Stage, View
from hivecheck.settings import lost_lists
from hivecheck.settings.lost_lists import LostLists, find_lost_lists
from hivecheck.settings.remnants import Standing
from tests.hive_bins import BLOCK
from tests.hive_writer import write_hive

PRESENT = parse_notation(
    r"""
    [Select]
    Default = dword 1
    [ControlSet001\Control\Session Manager]
    BootExecute = multi "autocheck autochk *"
    """
)
FindHive = Callable[[str], Path]
ONE, TWO, THREE = (rf"\??\C:\Windows\Temp\{name}.tmp" for name in ("one", "two", "three"))


def lost_in(
    pending: Sequence[str] = (), freed: Sequence[bytes] = (), trailing: Sequence[bytes] = (), path_value: str = ""
) -> LostLists:
    renames = "PendingFileRenameOperations = multi " + " ".join(f'"{text}"' for text in pending) if pending else ""
    hive = parse_notation(
        rf"""
        [Select]
        Default = dword 1
        [ControlSet001\Control\Session Manager]
        BootExecute = multi "autocheck autochk *"
        {renames}
        {path_value}
        """
    )
    return find_lost_lists(RegfHive.from_buffer("SYSTEM", write_hive(hive, freed=freed, trailing=trailing).data))


def sizes(lost: LostLists) -> list[list[int]]:
    return [[len(one.text.operations) for one in history.generations] for history in lost.histories]


def test_a_list_in_a_free_cell_is_found_whole() -> None:
    (history,) = lost_in(freed=[encode_multi_sz((ONE, "", TWO, f"!{THREE}"))]).histories
    (generation,) = history.generations
    assert generation.text.strings == (ONE, "", TWO, f"!{THREE}")
    assert generation.text.standing is Standing.LOST
    assert not history.is_pending


def test_a_list_behind_the_end_of_the_bins_is_found() -> None:
    assert sizes(lost_in(trailing=[encode_multi_sz((ONE, "", TWO, ""))])) == [[2]]


def test_an_earlier_state_of_the_pending_list_is_put_before_it() -> None:
    lost = lost_in(pending=(ONE, "", TWO, "", THREE, ""), freed=[encode_multi_sz((ONE, "", TWO, ""))])
    assert sizes(lost) == [[2, 3]]
    assert lost.histories[0].is_pending


def test_what_is_in_use_is_not_told() -> None:
    assert lost_in(pending=(ONE, "", TWO, "")).is_empty
    assert lost_in(path_value=rf'Other = multi "{ONE}" "" "{TWO}" ""').is_empty


def test_the_rest_of_a_longer_list_in_slack_is_found() -> None:
    hive = write_hive(PRESENT, freed=[encode_multi_sz((ONE, "", TWO, "", ONE, "", TWO, "", THREE, ""))])
    data = bytearray(hive.data)
    node = data.find(b"BootExecute") - 24
    size = int.from_bytes(data[node + 8 : node + 12], "little")
    content = bytes(data[(start := BLOCK + int.from_bytes(data[node + 12 : node + 16], "little") + 4) : start + size])
    cell = hive.loose[0]
    length = int.from_bytes(data[cell : cell + 4], "little")
    data[cell : cell + 4] = (-length).to_bytes(
        4, "little", signed=True
    )  # it holds the boot commands now, and the rest of the list
    data[cell + 4 : cell + 4 + size] = content
    data[node + 12 : node + 16] = (cell - BLOCK).to_bytes(4, "little")
    lost = find_lost_lists(RegfHive.from_buffer("SYSTEM", bytes(data)))
    texts = [one.text for history in lost.histories for one in history.generations]
    assert [text.found[0].kind for text in texts] == [RegionKind.SLACK]
    assert texts[0].strings[-2:] == (THREE, "")


def test_a_list_in_use_under_another_name_is_walked_to_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[str] = []

    def walk(hive: RegfHive, stage: Stage) -> View:
        walked.append(hive.name)
        return view_hive(hive, stage)

    monkeypatch.setattr(hive_views, "view_hive", walk)
    assert lost_in(pending=(ONE, "", TWO, "")).is_empty
    assert walked == []  # the pending list itself is no reason to walk all keys
    assert lost_in(path_value=rf'Other = multi "{ONE}" "" "{TWO}" ""').is_empty
    assert walked == ["SYSTEM"]


def test_too_many_cells_in_use_are_not_looked_into_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_lists, "_USED_BYTES_AT_MOST", 16)
    lost = lost_in(path_value=rf'Other = multi "{ONE}" "" "{TWO}" ""')
    assert lost.limits == (
        "Too much of the hive to look for lists in slack and in cells that nothing leads to. See hivecheck recover.",
    )


def test_a_hive_full_of_freed_lists_is_looked_at_in_bounded_time() -> None:
    freed = [
        encode_multi_sz(tuple(text for name in range(3) for text in (rf"\??\C:\x\{number}-{name}.tmp", "")))
        for number in range(4000)
    ]
    data = write_hive(PRESENT, freed=freed).data
    started = time.process_time()
    lost = find_lost_lists(RegfHive.from_buffer("SYSTEM", data))
    assert time.process_time() - started < 1.5
    assert len(lost.histories) == 200
    assert lost.limits
    assert all(limit.endswith("See hivecheck recover.") for limit in lost.limits)


def test_deleted_boot_commands_are_found() -> None:
    (found,) = lost_in(freed=[encode_multi_sz(("autocheck autochk *", "evil /x"))]).commands
    assert found.strings == ("autocheck autochk *", "evil /x")


def test_deleted_boot_commands_that_lost_their_first_letters_are_found() -> None:
    hive = write_hive(PRESENT, freed=[encode_multi_sz(("autocheck evil",))])
    lost = find_lost_lists(RegfHive.from_buffer("SYSTEM", hive.patched(hive.loose[0] + 4, b"\x20\x10\0\0")))
    assert [text.strings for text in lost.commands] == [("autocheck evil",)]


@pytest.mark.parametrize("name", ["BootExecute", "SetupExecute", "Execute"])
def test_a_deleted_value_with_the_boot_commands_that_stand_is_known_by_its_record(name: str) -> None:
    standing = encode_multi_sz(("autocheck autochk *",))
    gone = PlainKey("Session Manager", values=(PlainValue(name, REG_MULTI_SZ, standing),))
    hive = write_hive(PRESENT, deleted=[("ControlSet001", gone)])
    lost = find_lost_lists(RegfHive.from_buffer("SYSTEM", hive.patched(hive.data.rindex(standing), b"\xff" * 4)))
    assert [(text.name, text.named, text.strings) for text in lost.commands] == [(name, True, ("autocheck autochk *",))]


def test_a_guess_is_left_to_the_whole_search() -> None:
    single = encode_multi_sz((r"\??\C:\Windows\Temp\abc.tmp", ""))
    assert lost_in(freed=[single]).is_empty
    assert sizes(lost_in(freed=[encode_multi_sz((r"\??\C:\Windows\Temp\abcd.tmp", ""))])) == [[1]]
    assert sizes(lost_in(pending=(ONE, "", TWO, ""), freed=[encode_multi_sz((ONE, ""))])) == [[1, 2]]


def test_the_paths_of_deleted_services_are_no_lists() -> None:
    paths = [encode_sz(rf"\??\C:\p{number}.sys") for number in range(4)]
    image = tuple(PlainKey(f"p{number}", values=(PlainValue("ImagePath", 2, path),)) for number, path in enumerate(paths))
    hive = write_hive(PRESENT, deleted=[("ControlSet001", PlainKey("Services", subkeys=image))], freed=paths)
    assert find_lost_lists(RegfHive.from_buffer("SYSTEM", hive.data)).is_empty


def test_too_many_paths_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_lists, "_PLACES_AT_MOST", 2)
    assert len(lost_in(freed=[encode_multi_sz((ONE, "", TWO, "", THREE, ""))]).limits) == 1
    assert lost_in(freed=[encode_multi_sz((ONE, "", TWO, ""))]).limits == ()


def test_the_quick_look_finds_the_boot_commands_of_nt_4(real_hive: FindHive) -> None:
    [text] = analyze(real_hive("nt4-sp3-server"), Options(verify="none")).lost.commands
    assert (text.strings, text.ref.offset, text.named) == (("autocheck autochk *",), 0xBEB2C, True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nt4-sp3-server", [[64]]),
        ("xp-x64", []),
        ("win7-sp1-x86", []),
        ("win10-1903", [[17, 51, 52, 90, 91, 92, 101]]),
    ],
)
def test_the_quick_look_finds_the_lists_of_real_hives(real_hive: FindHive, name: str, expected: list[list[int]]) -> None:
    analysis = analyze(real_hive(name), Options(verify="none"))
    assert sizes(analysis.lost) == expected


def test_the_lists_of_the_dirty_hive_alone_are_those_in_its_free_cells(real_hive: FindHive) -> None:
    analysis = analyze(real_hive("win10-1709-dirty"), Options(verify="none", logs="none"))
    assert sizes(analysis.lost) == [[6, 7, 8]]


def test_nothing_recovered_enters_the_replay(real_hive: FindHive) -> None:
    analysis = analyze(real_hive("nt4-sp3-server"), Options(verify="none"))
    assert not [event for event in analysis.replay.events if event.step is Step.FILE_RENAMES]

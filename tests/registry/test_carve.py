"""What was deleted, carved out of hives built here and out of real ones: with path, name and data, and never what is present."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from struct import pack, unpack_from
from typing import Unpack

import pytest

from hivecheck.errors import HivecheckError
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import State
from hivecheck.recovery import recover
from hivecheck.registry.carve import UNREACHABLE, Carved, DeletedKey, DeletedValue, Parent, carve_view, merge_carved
from hivecheck.registry.claims import find_claims
from hivecheck.registry.earlier import find_earlier
from hivecheck.registry.hive import REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_SZ
from hivecheck.registry.hive_views import view_hive
from hivecheck.registry.live_names import LiveNames
from hivecheck.registry.log_entries import read_log
from hivecheck.registry.log_views import view_logs
from hivecheck.registry.lost_data import DataState
from hivecheck.registry.memory import PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.reachability import VALUE, find_reach
from hivecheck.registry.regf import RegfHive, open_hive
from hivecheck.registry.region import RegionKind
from hivecheck.registry.regions import count_bytes, find_regions
from hivecheck.registry.strings import encode_multi_sz, encode_sz
from hivecheck.registry.views import Stage, View
from tests.hive_bins import BLOCK
from tests.hive_writer import Options, WrittenHive, write_hive
from tests.log_writer import hvle_log, with_sequences

RealHive = Callable[[str], Path]

HIVE = parse_notation(
    r"""
[Select]
Current = dword 1
[Software\Kept]
one = sz "the first value of the key"
two = sz "the second value of the key"
three = sz "the third value of the key"
"""
)
GONE = PlainKey(
    "Gone",
    132_000_000_000_000_000,
    values=(PlainValue("old", REG_SZ, encode_sz("secret of long ago")), PlainValue("small", 4, pack("<I", 7))),
    subkeys=(PlainKey("Below", 132_000_000_000_000_000, values=(PlainValue("deep", 3, b"0123456789"),)),),
)


def written(**options: Unpack[Options]) -> WrittenHive:
    return write_hive(HIVE, **options)


def view_of(data: bytes) -> View:
    return view_hive(RegfHive.from_buffer("SYSTEM", data))


def carved(data: bytes) -> Carved:
    view = view_of(data)
    assert view.reach is not None
    return carve_view(view, LiveNames(view.reach))


def keys_of(found: Carved) -> dict[str, DeletedKey]:
    return {key.path: key for key in found.keys}


def values_of(found: Carved) -> dict[tuple[str, str], DeletedValue]:
    return {(value.ref.key, value.name): value for value in found.values}


def word(data: bytes | bytearray, place: int) -> int:
    number: int = unpack_from("<I", data, place)[0]
    return number


def delete_value(hive: WrittenHive, path: str, name: str) -> bytearray:
    """As Windows does: the list of values closes up and is one shorter, node and data are freed."""
    data = bytearray(hive.data)
    key = hive.keys[path]
    count, cell = unpack_from("<II", data, key + 40)
    first = BLOCK + cell + 4
    listed = list(unpack_from(f"<{count}I", data, first))
    gone = hive.values[path, name] - BLOCK
    listed.remove(gone)
    data[first : first + 4 * len(listed)] = pack(f"<{len(listed)}I", *listed)
    data[key + 40 : key + 44] = pack("<I", count - 1)
    for place in (BLOCK + gone, BLOCK + word(data, BLOCK + gone + 12)):
        data[place : place + 4] = pack("<i", abs(unpack_from("<i", data, place)[0]))
    return data


def key_node(hive: WrittenHive, ticks: int | None = None) -> bytes:
    """The node of the key that every hive here has, as it stands or with another last write."""
    at = hive.keys[r"Software\Kept"] + 4
    node = hive.data[at : at + 80]
    return node if ticks is None else node[:4] + pack("<Q", ticks) + node[12:]


def value_node(hive: WrittenHive, name: str) -> bytes:
    at = hive.values[r"Software\Kept", name] + 4
    return hive.data[at : at + 20 + len(name)]


def carved_from_log(data: bytes, log: bytes) -> Carved:
    """What the log shows of the hive, whose last entry applied has the number 8."""
    reach = find_reach(RegfHive.from_buffer("SYSTEM", data))
    views = view_logs(data, [read_log("SYSTEM.LOG1", log)], [("SYSTEM.LOG1", 7), ("SYSTEM.LOG1", 8)])
    return merge_carved(tuple(carve_view(view, LiveNames(reach), (reach,)) for view in views))


def loose_cell(content: bytes) -> bytes:
    return (pack("<i", -(-(4 + len(content)) // 8) * 8) + content).ljust(512, b"\0")


def test_copies_of_present_keys_and_values_are_not_deleted() -> None:
    hive = written()
    copies = [key_node(hive), value_node(hive, "one")]
    assert carved(written(freed=copies).data) == Carved((), ())
    before = with_sequences(hive.data, 8, 7)
    log = hvle_log([before, with_sequences(written(freed=copies).data, 8, 7), before], 7)
    assert carved_from_log(before, log.data) == Carved((), ())
    assert carved_from_log(before, log.data + loose_cell(copies[0]) + loose_cell(copies[1])) == Carved((), ())


def test_a_value_in_a_log_with_todays_data_in_another_cell_is_not_deleted() -> None:
    hive = written()
    same = encode_sz("the first value of the key")
    moved = bytearray(written(freed=[same]).data)
    at = hive.values[r"Software\Kept", "one"]
    moved[at + 12 : at + 16] = pack("<I", written(freed=[same]).loose[0] - BLOCK)
    before = with_sequences(hive.data, 8, 7)
    log = hvle_log([before, with_sequences(bytes(moved), 8, 7), before], 7)
    assert carved_from_log(before, log.data) == Carved((), ())


def test_what_differs_from_the_present_is_told_from_a_log_with_little_confidence_where_its_place_is_not_known() -> None:
    hive = written()
    before = with_sequences(hive.data, 8, 7)
    older = key_node(hive, GONE.written)
    other = older[:-4] + b"Lost"
    log = hvle_log([before, with_sequences(written(freed=[b"x" * 16]).data, 8, 7), before], 7)
    found = carved_from_log(before, log.data + loose_cell(older) + loose_cell(other))
    assert {key.name: key.confidence for key in found.keys} == {"Kept": Confidence.LOW, "Lost": Confidence.MEDIUM}


def test_a_small_value_deleted_from_a_known_key_is_told_though_another_key_has_its_like() -> None:
    other = PlainKey("Other", GONE.written, values=(PlainValue("Current", 4, pack("<I", 1)),))
    value = values_of(carved(written(deleted=[("Software", other)]).data))[r"Software\Other", "Current"]
    assert value.confidence is Confidence.HIGH


def test_every_byte_of_a_whole_hive_is_in_use_or_in_a_region() -> None:
    data = written(deleted=[("Select", GONE)]).data
    hive = RegfHive.from_buffer("SYSTEM", data)
    reach = find_reach(hive)
    sizes = count_bytes(find_regions(reach))
    assert reach.broken == 0
    assert sizes[RegionKind.UNREFERENCED] == sizes[RegionKind.GAP] == sizes[RegionKind.TRAILING] == 0
    used = {at for at in range(BLOCK, len(data), 8) if reach.use_of(at)}
    assert set(reach.keys) <= used
    assert not any(region.start <= at < region.end for region in find_regions(reach) for at in used)


def test_a_deleted_key_is_found_with_its_path_its_time_and_its_place() -> None:
    hive = written(deleted=[("Software", GONE)])
    key = keys_of(carved(hive.data))[r"Software\Gone"]
    assert (key.parent, key.confidence, key.still_there) == (Parent.LIVE, Confidence.HIGH, False)
    assert key.ref.written == GONE.written
    assert key.ref.state is State.DELETED
    assert key.ref.offset is not None
    assert hive.data[key.ref.offset + 4 : key.ref.offset + 6] == b"nk"
    assert hive.data[key.ref.offset + 4 :].startswith(key.raw)
    assert key.found[0].kind is RegionKind.FREE


def test_a_key_below_a_deleted_key_has_its_whole_path() -> None:
    below = keys_of(carved(written(deleted=[("Software", GONE)]).data))[r"Software\Gone\Below"]
    assert (below.parent, below.confidence) == (Parent.DELETED, Confidence.HIGH)


def test_a_key_whose_parent_was_overwritten_says_that_its_path_is_not_known() -> None:
    hive = written(deleted=[("Software", GONE)])
    gone = keys_of(carved(hive.data))[r"Software\Gone"]
    assert gone.ref.offset is not None
    below = keys_of(carved(hive.patched(gone.ref.offset + 4, b"\xee" * 80)))[r"?\Below"]
    assert below.parent is Parent.REUSED
    assert below.confidence is Confidence.MEDIUM


def test_a_parent_that_lost_its_signature_to_the_free_list_is_recognised() -> None:
    hive = written(deleted=[("Software", GONE)])
    gone = keys_of(carved(hive.data))[r"Software\Gone"]
    assert gone.ref.offset is not None
    found = keys_of(carved(hive.patched(gone.ref.offset + 4, b"\x20\x10\0\0")))
    assert found[r"Software\Gone"].confidence is Confidence.MEDIUM
    assert found[r"Software\Gone\Below"].parent is Parent.DELETED


def test_a_present_key_that_never_held_so_long_a_name_is_no_parent() -> None:
    hive = written(deleted=[("Software", GONE)])
    longest = hive.keys["Software"] + 4 + 52
    found = keys_of(carved(hive.patched(longest, pack("<I", 2))))
    assert r"?\Gone" in found
    assert found[r"?\Gone"].parent is Parent.REUSED


def test_a_parent_last_written_before_its_deleted_key_is_doubted() -> None:
    hive = written(deleted=[("Software", GONE)])
    key = keys_of(carved(hive.patched(hive.keys["Software"] + 8, pack("<Q", GONE.written - 1))))[r"Software\Gone"]
    assert key.confidence is Confidence.MEDIUM


def test_the_values_of_a_deleted_key_are_found_with_their_data() -> None:
    found = values_of(carved(written(deleted=[("Software", GONE)]).data))
    old = found[r"Software\Gone", "old"]
    assert (old.data, old.type, old.data_state) == (encode_sz("secret of long ago"), REG_SZ, DataState.WHOLE)
    assert (old.owner, old.confidence) == (Parent.DELETED, Confidence.HIGH)
    assert found[r"Software\Gone", "small"].data == pack("<I", 7)
    assert found[r"Software\Gone\Below", "deep"].data == b"0123456789"


def test_the_last_value_of_a_key_is_linked_by_what_its_list_held() -> None:
    data = delete_value(written(), r"Software\Kept", "three")
    value = values_of(carved(bytes(data)))[r"Software\Kept", "three"]
    assert (value.owner, value.data) == (Parent.LIVE, encode_sz("the third value of the key"))
    assert not value.still_there
    assert value.confidence is Confidence.MEDIUM  # the list's cell may have been another key's


def test_a_value_is_linked_by_an_old_list_that_was_left_behind() -> None:
    hive = written()
    places = [hive.values[r"Software\Kept", name] - BLOCK for name in ("one", "two", "three")]
    hive = written(freed=[pack("<3I", *places)])
    data = delete_value(hive, r"Software\Kept", "two")
    value = values_of(carved(bytes(data)))[r"Software\Kept", "two"]
    assert value.data == encode_sz("the second value of the key")
    assert "an old value list of the key names it" in value.reasons


def test_a_value_that_no_list_names_is_told_without_a_key() -> None:
    data = delete_value(written(), r"Software\Kept", "one")
    value = values_of(carved(bytes(data)))["?", "one"]
    assert (value.owner, value.confidence) == (Parent.REUSED, Confidence.MEDIUM)


def test_reused_data_are_not_given_for_a_deleted_value() -> None:
    hive = written(deleted=[("Software", GONE)])
    old = values_of(carved(hive.data))[r"Software\Gone", "old"]
    assert old.ref.offset is not None
    elsewhere = hive.values[r"Software\Kept", "one"]
    data = hive.patched(old.ref.offset + 12, pack("<I", word(hive.data, elsewhere + 12)))
    lost = values_of(carved(data))[r"Software\Gone", "old"]
    assert (lost.data, lost.data_state) == (b"", DataState.REUSED)


def chained(data: bytes) -> bytes:
    """With the first four bytes of each free cell overwritten by the place of the next one, as NT 4 does."""
    chain = bytearray(data)
    starts = [region.start for region in view_of(data).regions if region.kind is RegionKind.FREE]
    for at, following in pairwise([*starts, None]):
        assert at is not None
        chain[at + 4 : at + 8] = pack("<I", 0xFFFFFFFF if following is None else following - BLOCK)
    return bytes(chain)


LOST = PlainKey(
    "Lost",
    GONE.written,
    values=(
        PlainValue("blob", REG_BINARY, b"0123456789"),
        PlainValue("Optional", REG_MULTI_SZ, encode_multi_sz(("Os",))),
        PlainValue("five", REG_BINARY, b"01234"),
        PlainValue("small", REG_DWORD, pack("<I", 7)),
        PlainValue("path", REG_SZ, encode_sz("some text")),
    ),
)


def lost_head_hive(version: tuple[int, int]) -> bytes:
    """A hive whose free cells are the data of deleted values; the nodes that name them are marked used, so as to stay whole."""
    hive = written(version=version, deleted=[("Software", LOST)])
    data = bytearray(hive.data)
    for value in values_of(carved(hive.data)).values():
        assert value.ref.offset is not None
        data[value.ref.offset : value.ref.offset + 4] = pack("<i", -word(data, value.ref.offset))
    [key] = carved(hive.data).keys
    for at in (key.ref.offset or 0, BLOCK + word(data, (key.ref.offset or 0) + 44)):
        data[at : at + 4] = pack("<i", -word(data, at))
    return chained(bytes(data))


def test_data_that_begin_a_free_cell_of_old_windows_have_lost_their_first_four_bytes() -> None:
    found = {value.name: value for value in carved(lost_head_hive((1, 3))).values}
    told = {name: (value.data, value.data_state, value.lost_head, value.size) for name, value in found.items()}
    assert told == {
        "blob": (b"456789", DataState.PART, 4, 10),
        "Optional": (bytes(4), DataState.PART, 4, 8),
        "five": (b"4", DataState.PART, 4, 5),
        "small": (pack("<I", 7), DataState.WHOLE, 0, 4),
        "path": (encode_sz("me text"), DataState.PART, 4, 20),
    }
    assert found["blob"].confidence is Confidence.LOW  # its node is marked used, and nothing leads to it
    assert "the first 4 bytes of its data were overwritten by the list of free cells" in found["blob"].reasons


def test_newer_windows_chains_no_free_cells_whatever_their_first_bytes_are() -> None:
    found = {value.name: value for value in carved(lost_head_hive((1, 5))).values}
    assert (found["blob"].data_state, found["blob"].lost_head, len(found["blob"].data)) == (DataState.WHOLE, 0, 10)


def test_a_hive_of_an_old_version_whose_free_cells_hold_no_links_keeps_their_first_bytes() -> None:
    found = values_of(carved(written(version=(1, 3), deleted=[("Software", LOST)]).data))
    assert found[r"Software\Lost", "blob"].data == b"0123456789"
    assert found[r"Software\Lost", "Optional"].data_state is DataState.WHOLE


def cut_off(hive: WrittenHive) -> bytes:
    """The list that leads to the key Kept points nowhere."""
    return hive.patched(hive.keys["Software"] + 4 + 28, pack("<I", 0x7FFFFFF8))


def test_what_damage_cut_off_from_the_tree_is_not_surely_deleted() -> None:
    found = carved(cut_off(written()))
    [key] = found.keys
    assert (key.path, key.confidence, key.reasons[0], key.may_be_present) == (
        r"Software\Kept", Confidence.LOW, UNREACHABLE, True,
    )  # fmt: skip
    assert {(value.name, value.confidence, value.may_be_present) for value in found.values} == {
        (name, Confidence.LOW, True) for name in ("one", "two", "three")
    }


def test_what_a_damaged_hive_marks_as_free_was_deleted() -> None:
    key = keys_of(carved(cut_off(written(deleted=[("Select", GONE)]))))[r"Select\Gone"]
    assert (key.confidence, key.may_be_present) == (Confidence.HIGH, False)


def test_a_hive_shorter_than_it_says_is_damaged() -> None:
    hive = written(trailing=[bytes(64)])
    assert find_reach(RegfHive.from_buffer("SYSTEM", hive.data)).is_damaged is False
    longer = bytearray(written().data)
    longer[40:44] = pack("<I", word(longer, 40) + BLOCK)
    assert find_reach(RegfHive.from_buffer("SYSTEM", bytes(longer))).missing == BLOCK


def test_sightings_whose_cells_have_another_size_are_of_one_remnant_that_stands_at_each() -> None:
    before = with_sequences(written(deleted=[("Software", GONE)]).data, 8, 7)
    gone = keys_of(carved(before))[r"Software\Gone"].ref.offset
    assert gone is not None
    grown = bytearray(before)
    grown[gone : gone + 4] = pack("<i", -word(before, gone))
    changed = with_sequences(bytes(grown), 8, 7)
    log = hvle_log([before, changed, before], 7).data
    reach = find_reach(RegfHive.from_buffer("SYSTEM", before))
    views = view_logs(before, [read_log("SYSTEM.LOG1", log)], [("SYSTEM.LOG1", 7), ("SYSTEM.LOG1", 8)])
    merged = merge_carved((carved(before), *(carve_view(view, LiveNames(reach), (reach,)) for view in views)))
    [key] = [key for key in merged.keys if key.name == "Gone"]
    files = {"SYSTEM": before, "SYSTEM.LOG1": log}
    sizes = {files[seen.file][seen.offset : seen.offset + 4] for seen in key.found}
    assert len(sizes) == 2
    assert all(files[seen.file][seen.offset + 4 :].startswith(key.raw) for seen in key.found)


def test_big_data_of_a_deleted_value_are_put_together() -> None:
    blob = bytes(Random(3).randrange(256) for _ in range(40_000))
    gone = PlainKey("Big", values=(PlainValue("blob", 3, blob),))
    value = values_of(carved(written(deleted=[("Software", gone)]).data))[r"Software\Big", "blob"]
    assert (value.data, value.data_state) == (blob, DataState.WHOLE)


def test_an_older_copy_of_a_present_key_says_that_the_key_is_there() -> None:
    copy = PlainKey("kept", 131_000_000_000_000_000)
    key = keys_of(carved(written(deleted=[("Software", copy)]).data))[r"Software\kept"]
    assert key.still_there


def test_nodes_behind_the_end_of_the_bins_are_found() -> None:
    hive = written()
    node = key_node(hive, GONE.written - 1)
    behind = written(trailing=[node])
    [key] = carved(behind.data).keys
    assert (key.path, key.still_there, key.ref.offset) == (r"Software\Kept", True, behind.loose[0])
    assert key.found[0].kind is RegionKind.TRAILING


def test_an_intact_hive_has_nothing_deleted() -> None:
    assert carved(written().data) == Carved((), ())


def test_an_earlier_content_of_a_value_is_known_by_its_beginning() -> None:
    earlier = encode_sz("the first value of the key, as it once was")
    hive = written(freed=[earlier])
    view = view_of(hive.data)
    assert view.reach is not None
    live = LiveNames(view.reach)
    [found] = find_earlier(view, live, find_claims(view, live, None)).contents
    assert (found.value.key, found.value.value, found.data) == (r"Software\Kept", "one", earlier)
    assert found.offset == hive.loose[0]


@pytest.mark.parametrize("signature", [b"10ts", b"00ts"])
def test_a_path_in_the_cache_of_programs_is_no_earlier_content(signature: bytes) -> None:
    text = encode_sz("the first value of the key, as a path of the cache")
    size = pack("<IH", 0x80, 0)  # the bytes before the text, as the reader would take them for the size of a cell
    hive = written(freed=[bytes(2) + signature + bytes(4) + size + text])
    at = hive.data.index(text)
    assert (at % 8, hive.data[at - 14 : at - 10]) == (4, signature)
    hive_data = hive.patched(at - 4, pack("<I", 0x80))
    view = view_of(hive_data)
    assert view.reach is not None
    live = LiveNames(view.reach)
    assert find_earlier(view, live, find_claims(view, live, None)).contents == ()


@pytest.mark.parametrize("hidden", ["\x01", "\x85", "\u202e", "\u200b"])
def test_a_text_with_hidden_characters_is_no_earlier_content(hidden: str) -> None:
    view = view_of(written(freed=[encode_sz(f"the first value of the key, {hidden}as it once was")]).data)
    assert view.reach is not None
    live = LiveNames(view.reach)
    assert find_earlier(view, live, find_claims(view, live, None)).contents == ()


def test_what_a_log_holds_and_the_hive_does_not_is_found_with_its_offset_in_the_log() -> None:
    before = with_sequences(written().data, 8, 7)
    kept = write_hive(HIVE, deleted=[("Software", GONE)])
    between = with_sequences(kept.data, 8, 7)
    log = hvle_log([before, between, before], 7)
    hive = RegfHive.from_buffer("SYSTEM", before)
    reach = find_reach(hive)
    logs = [read_log("SYSTEM.LOG1", log.data)]
    found = [
        value
        for view in view_logs(before, logs, [("SYSTEM.LOG1", 7), ("SYSTEM.LOG1", 8)])
        for value in carve_view(view, LiveNames(reach), (reach,)).values
    ]
    [old] = [value for value in found if value.name == "old"]
    assert old.data == encode_sz("secret of long ago")
    assert old.ref.state is State.LOG
    [seen] = old.found
    assert (seen.stage, seen.kind) == (Stage.IN_LOG, RegionKind.LOG)
    assert log.data[seen.offset + 4 : seen.offset + 6] == b"vk"
    assert seen.place is not None
    assert between[seen.place + 4 : seen.place + 6] == b"vk"


def test_regions_never_lie_across_each_other() -> None:
    hive = written(deleted=[("Software", GONE)])
    data = bytearray(hive.data)
    for place in hive.keys.values():  # each cell claims to reach to the end of the hive
        data[place : place + 4] = pack("<i", place - len(data))
    regions = find_regions(find_reach(RegfHive.from_buffer("SYSTEM", bytes(data))))
    assert regions
    assert all(one.end <= other.start for one, other in pairwise(regions))
    carved(bytes(data))


def test_loops_among_deleted_keys_end() -> None:
    hive = written(deleted=[("Software", GONE)])
    gone = keys_of(carved(hive.data))[r"Software\Gone"]
    below = keys_of(carved(hive.data))[r"Software\Gone\Below"]
    assert gone.ref.offset is not None
    assert below.ref.offset is not None
    looped = hive.patched(gone.ref.offset + 20, pack("<I", below.ref.offset - BLOCK))
    assert {key.name for key in carved(looped).keys} >= {"Gone", "Below"}


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_is_survived(seed: int) -> None:
    random = Random(seed)
    text = encode_multi_sz(("\\??\\C:\\a", "", "\\??\\C:\\b", ""))
    data = bytearray(written(deleted=[("Software", GONE)], freed=[text], trailing=[text]).data)
    for _ in range(60):
        place = random.randrange(BLOCK, len(data) - 4)
        data[place : place + 4] = pack("<I", random.choice((0, 0xFFFFFFFF, 0x20, random.getrandbits(32))))
    try:
        view = view_of(bytes(data))
    except HivecheckError:
        return  # the root is gone: there is nothing to carve from
    assert view.reach is not None
    live = LiveNames(view.reach)
    found = carve_view(view, live)
    find_earlier(view, live, find_claims(view, live, found))
    for value in found.values:
        assert view.reach.use_of(value.ref.offset or 0) != VALUE


REAL = [
    # hive, keys, values, keys below a key that is there, values with a known key
    ("nt4-sp3-server", 693, 1693, 1, 1150),
    ("xp-x64", 0, 2, 0, 0),
    ("win7-sp1-x86", 0, 0, 0, 0),
    ("win10-1709-dirty", 1505, 4506, 15, 4323),
    ("win10-1903", 1768, 3032, 30, 1672),
]


@pytest.mark.parametrize(("name", "keys", "values", "live", "linked"), REAL)
def test_real_hives_give_up_what_was_deleted(
    name: str, keys: int, values: int, live: int, linked: int, real_hive: RealHive
) -> None:
    with open_hive(real_hive(name)) as hive:
        view = view_hive(hive)
        assert view.reach is not None
        assert view.reach.broken == 0
        found = carve_view(view, LiveNames(view.reach))
    assert (len(found.keys), len(found.values)) == (keys, values)
    assert sum(key.parent is Parent.LIVE for key in found.keys) == live
    assert sum(value.owner is not Parent.REUSED for value in found.values) == linked


def test_the_deleted_key_and_values_of_the_conformance_hive(real_hive: RealHive) -> None:
    with open_hive(real_hive("conformance/DeletedDataHive")) as hive:
        view = view_hive(hive)
        assert view.reach is not None
        found = carve_view(view, LiveNames(view.reach))
    assert [(key.path, key.ref.offset, key.confidence) for key in found.keys] == [("456", 4656, Confidence.HIGH)]
    assert {(value.ref.key, value.name): value.data for value in found.values} == {
        ("123", "v2"): "456\0".encode("utf-16-le"),
        ("456", "v"): "123456\0".encode("utf-16-le"),
    }


def test_a_cut_off_conformance_hive_says_that_its_keys_may_be_present(real_hive: RealHive) -> None:
    with open_hive(real_hive("conformance/TruncatedHive")) as hive:
        view = view_hive(hive)
        assert view.reach is not None
        found = carve_view(view, LiveNames(view.reach))
    assert len(found.keys) == 83
    assert {(key.confidence, key.may_be_present) for key in found.keys} == {(Confidence.LOW, True)}


def test_the_free_cells_of_nt_4_have_lost_their_first_bytes(real_hive: RealHive) -> None:
    with open_hive(real_hive("nt4-sp3-server")) as hive:
        view = view_hive(hive)
        assert view.reach is not None
        found = carve_view(view, LiveNames(view.reach))
    [base] = [value for value in found.values if value.name == "Base"]
    assert (base.data[:4], base.size, base.lost_head, base.confidence) == (pack("<I", 14), 60, 4, Confidence.MEDIUM)
    certificates = [value for value in found.values if value.name == "CACert" and value.lost_head]
    assert {value.data[:2] for value in certificates} == {b"\x30\x82"}


def test_a_hostile_chain_of_deleted_keys_stays_small() -> None:
    below = BLOCK * 2
    node = "<i2sHQIIIIIIIIII20xHH"
    chain = [
        pack(node, -328, b"nk", 0x20, GONE.written, 0, below + 328 * (number - 1) - BLOCK, *[0] * 8, 240, 0)
        + b"k" * 240
        + bytes(8)
        for number in range(3_000)
    ]
    found = carved(written().data[:below] + b"".join(chain))
    assert len(found.keys) > 1_000
    assert max(len(key.path) for key in found.keys) < 1_500


def test_values_that_share_one_cell_of_data_are_told_with_as_much_as_the_hive_can_have_held(tmp_path: Path) -> None:
    count = 9_000
    node = pack("<iHHIIIHH", -32, 0x6B76, 2, 300_000, 0, REG_BINARY, 1, 0) + b"ab" + bytes(6)
    hive = written(freed=[bytes(300_000), node * count])
    data = bytearray(hive.data)
    for number in range(count):
        at = hive.loose[1] + 8 + 32 * number  # the cell's own size comes first
        data[at : at + 32] = node
        data[at + 12 : at + 16] = pack("<I", hive.loose[0] - BLOCK)
    found = carved(bytes(data))
    assert len(found.values) == count > found.unread > count - 20
    assert sum(len(value.data) for value in found.values) <= 4 * len(data)
    unread = [value for value in found.values if value.data_state is DataState.UNREAD]
    assert len(unread) == found.unread
    assert {(value.data, value.size, value.confidence) for value in unread} == {(b"", 300_000, Confidence.LOW)}
    path = tmp_path / "SYSTEM"
    path.write_bytes(data)
    problems = [problem for problem in recover(path).problems if problem.code == "limit-data"]
    assert len(problems) == 1
    assert f"{found.unread:,} values" in problems[0].message


def test_many_large_values_never_leave_the_small_ones_without_data() -> None:
    small = PlainKey("Gone", values=(PlainValue("small", REG_SZ, encode_sz("seven letters")),))
    node = pack("<iHHIIIHH", -32, 0x6B76, 2, 3_000_000, 0, REG_BINARY, 1, 0) + b"ab" + bytes(6)
    hive = written(freed=[bytes(3_000_000), node * 50], deleted=[("Software", small)])
    data = bytearray(hive.data)
    for number in range(50):
        at = hive.loose[1] + 8 + 32 * number
        data[at : at + 32] = node
        data[at + 12 : at + 16] = pack("<I", hive.loose[0] - BLOCK)
    found = carved(bytes(data))
    assert found.unread
    assert values_of(found)[r"Software\Gone", "small"].data == encode_sz("seven letters")


def test_big_data_whose_list_names_one_segment_again_and_again_end() -> None:
    node = pack("<HHIIIHH", 0x6B76, 2, 60_000_000, 0, REG_BINARY, 1, 0) + b"ab"
    hive = written(freed=[bytes(20_000), bytes(4 * 4_000), b"db" + pack("<HI", 4_000, 0) + bytes(4), node])
    data = bytearray(hive.data)
    segment, pieces, big, value = hive.loose
    data[pieces + 4 : pieces + 4 + 16_000] = pack("<I", segment - BLOCK) * 4_000
    data[big + 8 : big + 12] = pack("<I", pieces - BLOCK)
    data[value + 12 : value + 16] = pack("<I", big - BLOCK)
    (found,) = carved(bytes(data)).values
    assert (len(found.data), found.data_state) == (16_344, DataState.PART)

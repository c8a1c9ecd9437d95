"""Rename lists and boot commands that no record leads to: found whole, judged, put in order, and never taken from other lists of paths."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.certainty import Confidence
from hivecheck.registry.hive import REG_BINARY, REG_EXPAND_SZ, REG_MULTI_SZ
from hivecheck.registry.hive_views import view_hive
from hivecheck.registry.log_entries import TransactionLog, read_log
from hivecheck.registry.lost_data import DataState
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.region import RegionKind
from hivecheck.registry.strings import encode_multi_sz, encode_sz
from hivecheck.registry.views import Stage
from hivecheck.settings import remnants
from hivecheck.settings.lost_lists import find_lost_lists
from hivecheck.settings.remnants import UNREACHABLE, LostText, Standing, find_remnants_in_log
from hivecheck.settings.rename_belief import judge_run
from hivecheck.settings.rename_history import GONE, GUESSED, RenameHistory
from hivecheck.settings.rename_runs import find_rename_runs
from hivecheck.settings.session_remnants import SessionRemnants, carve_hives, collect_session
from hivecheck.settings.standing import session_stages
from tests.hive_writer import WrittenHive, write_hive
from tests.log_writer import hvle_log, with_sequences

RealHive = Callable[[str], Path]
NOTHING = SessionRemnants((), (), ())

ONE, TWO, THREE, FOUR = (rf"\??\C:\Windows\Temp\{name}.tmp" for name in ("one", "two", "three", "four"))
NEW, OLD = r"\??\C:\Program Files\Vendor\driver.dll.new", r"!\??\C:\Program Files\Vendor\driver.dll"


def listed(*strings: str) -> bytes:
    return encode_multi_sz(strings)


def system(*renames: str) -> MemoryHive:
    pending = "PendingFileRenameOperations = multi " + " ".join(f'"{text}"' for text in renames) if renames else ""
    return parse_notation(
        rf"""
[Select]
Default = dword 1
[ControlSet001\Control\Session Manager]
BootExecute = multi "autocheck autochk *"
{pending}
"""
    )


def hive_with(freed: Sequence[bytes] = (), pending: Sequence[str] = (), trailing: Sequence[bytes] = ()) -> WrittenHive:
    return write_hive(system(*pending), freed=freed, trailing=trailing)


def recover_session(
    hive: RegfHive, unrecovered: RegfHive | None = None, logs: tuple[TransactionLog, ...] = ()
) -> SessionRemnants:
    stages = session_stages(hive, unrecovered)
    views = tuple(view_hive(one, stage) for one, stage in stages)
    return collect_session(stages, views, carve_hives(views), logs)


def session_of(data: bytes) -> SessionRemnants:
    return recover_session(RegfHive.from_buffer("SYSTEM", data))


def only_list(data: bytes) -> LostText:
    [history] = session_of(data).histories
    [text] = [generation.text for generation in history.generations if generation.text.standing is Standing.LOST]
    return text


def test_a_deleted_list_is_found_whole_with_its_offset() -> None:
    hive = hive_with([listed(ONE, "", NEW, OLD)])
    text = only_list(hive.data)
    assert text.strings == (ONE, "", NEW, OLD)
    assert [(one.action, one.replaces) for one in text.operations] == [("delete", False), ("rename", True)]
    assert (text.whole, text.confidence, text.ref.key) == (True, Confidence.HIGH, "?")
    assert text.ref.offset == hive.loose[0] + 4
    assert hive.data[text.ref.offset :].startswith(text.raw)
    assert text.found[0].kind is RegionKind.FREE


def test_a_list_whose_record_is_left_has_its_key_and_name() -> None:
    value = PlainValue("PendingFileRenameOperations2", REG_MULTI_SZ, listed(ONE, ""))
    gone = PlainKey("Session Manager", values=(value,))
    session = session_of(write_hive(system(), deleted=[("ControlSet001", gone)]).data)
    [history] = session.histories
    [generation] = history.generations
    assert (generation.text.ref.key, generation.text.name) == (r"ControlSet001\Session Manager", value.name)
    assert (generation.text.named, generation.text.confidence) == (True, Confidence.HIGH)
    assert [one.name for one in session.values] == [value.name]


def test_a_list_that_lost_its_first_four_bytes_is_restored() -> None:
    hive = hive_with([listed(ONE, "", TWO, "")])
    text = only_list(hive.patched(hive.loose[0] + 4, b"\x20\x10\0\0"))
    assert text.strings == (ONE, "", TWO, "")
    assert text.confidence is Confidence.HIGH
    assert any("grammar" in reason for reason in text.reasons)


def test_a_list_without_its_beginning_says_what_is_left() -> None:
    hive = hive_with([listed(ONE, "", TWO, "", THREE, "", FOUR, "")])
    text = only_list(hive.patched(hive.loose[0] + 4, b"\xff" * 20))
    assert text.strings == (TWO, "", THREE, "", FOUR, "")
    assert text.cut_head.endswith("one.tmp\0")
    assert (text.whole, text.confidence) == (False, Confidence.MEDIUM)


def test_a_list_cut_off_at_its_end_keeps_what_is_whole() -> None:
    hive = hive_with([listed(ONE, "", TWO, "", THREE, "")])
    at = hive.data.index("three".encode("utf-16-le"))
    text = only_list(hive.patched(at, b"\xff\xff" * 10))
    assert text.strings == (ONE, "", TWO, "")
    assert not text.whole


def test_a_destination_that_is_cut_off_is_no_operation() -> None:
    hive = hive_with([listed(ONE, "", FOUR, "", TWO, NEW, THREE, "")])
    cut = hive.data.find(NEW.encode("utf-16-le"), hive.loose[0]) + 20
    text = only_list(hive.patched(cut, b"\xff" * 4))
    assert text.strings == (ONE, "", FOUR, "")


def broken(data: bytes, what: str) -> bytes:
    """A hive of which one reference on the way to its pending list leads nowhere."""
    changed = bytearray(data)
    node = data.find(b"PendingFile") - 20
    key = data.find(b"Session Manager") - 76
    place, new = {
        "signature": (node, b"zz"),
        "data": (node + 8, b"\0\xff\xff\x7f"),
        "value list": (key + 40, b"\0\xff\xff\0"),
        "value count": (key + 36, bytes(4)),
        "key": (key, b"xx"),
    }[what]
    changed[place : place + len(new)] = new
    return bytes(changed)


@pytest.mark.parametrize("what", ["signature", "data", "value list", "value count", "key"])
def test_a_list_that_damage_cut_off_is_not_said_to_be_gone(what: str) -> None:
    data = broken(hive_with(pending=(ONE, "", NEW, OLD)).data, what)
    session = session_of(data)
    [history] = session.histories
    [generation] = history.generations
    assert generation.text.strings == (ONE, "", NEW, OLD)
    assert (generation.relation, generation.text.confidence) == (UNREACHABLE, Confidence.LOW)
    assert generation.text.reasons[0] == UNREACHABLE
    assert history.may_be_pending
    assert all(value.may_be_present for value in session.values)
    assert all(text.may_be_pending and text.confidence is Confidence.LOW for text in session.commands)
    quick = find_lost_lists(RegfHive.from_buffer("SYSTEM", data))
    assert [one.generations[0].relation for one in quick.histories] == [UNREACHABLE]


def test_a_list_freed_in_a_damaged_hive_is_gone_all_the_same() -> None:
    hive = hive_with([listed(THREE, "", FOUR, "")], pending=(ONE, "", NEW, OLD))
    histories = session_of(broken(hive.data, "signature")).histories
    told = {history.generations[0].text.strings[0]: history.generations[0].relation for history in histories}
    assert told == {THREE: GONE, ONE: UNREACHABLE}


LONG = tuple(
    text
    for number in range(400)
    for text in (rf"\??\C:\Windows\Temp\longlongname{number:04}.tmp", OLD if number % 3 else "")
)


def pieces_of(data: bytes) -> list[bytes]:
    return [
        data[at : at + 16_344].ljust(16_348 if at + 16_344 < len(data) else 0, b"\0") for at in range(0, len(data), 16_344)
    ]


def hive_in_pieces(*, listed_pieces: bool, whole: bool = True) -> WrittenHive:
    """A hive with a long list in freed pieces of big data, and the freed list of these, if it is left."""
    freed = pieces_of(listed(*LONG))[: None if whole else 1]
    hive = hive_with([*(part for piece in freed for part in (piece, b"\x77" * 20)), bytes(4 * len(freed))])
    at = hive.loose[-1] + 4
    cells = b"".join((place - 4096).to_bytes(4, "little") for place in hive.loose[:-1:2])
    return replace(hive, data=hive.patched(at, cells)) if listed_pieces else hive


def test_a_list_in_pieces_is_joined_by_the_list_of_its_pieces() -> None:
    hive = hive_in_pieces(listed_pieces=True)
    text = only_list(hive.data)
    assert text.strings == LONG
    assert (text.whole, text.confidence, text.raw) == (True, Confidence.HIGH, listed(*LONG))
    assert text.ref.offset == hive.loose[0] + 4
    assert any("names them" in reason for reason in text.reasons)


def test_a_list_in_pieces_is_joined_by_its_text_where_nothing_else_is_left() -> None:
    text = only_list(hive_in_pieces(listed_pieces=False).data)
    assert text.strings == LONG
    assert (text.whole, text.confidence) == (True, Confidence.MEDIUM)
    assert any("the text runs on" in reason for reason in text.reasons)


def test_the_first_piece_of_a_list_alone_tells_no_cut_operation() -> None:
    text = only_list(hive_in_pieces(listed_pieces=False, whole=False).data)
    assert 100 < len(text.strings) < len(LONG)
    assert text.strings == LONG[: len(text.strings)]
    assert not text.whole
    assert any("its end is missing" in reason for reason in text.reasons)


def test_a_later_piece_of_a_list_alone_tells_no_cut_operation() -> None:
    text = only_list(hive_with([pieces_of(listed(*LONG))[1], b"\x77" * 20]).data)
    assert set(zip(text.strings[::2], text.strings[1::2], strict=True)) <= set(zip(LONG[::2], LONG[1::2], strict=True))
    assert (text.whole, len(text.strings) > 100) == (False, True)


def test_big_data_of_a_deleted_value_are_one_list_with_its_name() -> None:
    gone = PlainKey("Session Manager", values=(PlainValue("PendingFileRenameOperations", REG_MULTI_SZ, listed(*LONG)),))
    session = session_of(write_hive(system(), deleted=[("ControlSet001", gone)]).data)
    [history] = session.histories
    [generation] = history.generations
    assert (generation.text.strings, generation.text.named, generation.text.confidence) == (LONG, True, Confidence.HIGH)


def drivers(folder: str, *, final: bytes = b"") -> bytes:
    return b"".join(f"{folder}\\d{number}.sys\0\0".encode("utf-16-le") for number in range(10)) + final


def test_bare_paths_of_drivers_are_no_sure_list_without_a_record() -> None:
    [history] = session_of(hive_with([drivers(r"\??\C:\Windows\System32\drivers")]).data).histories
    [generation] = history.generations
    assert (generation.text.confidence, generation.relation) == (Confidence.LOW, GUESSED)
    assert find_lost_lists(RegfHive.from_buffer("SYSTEM", hive_with([drivers(r"\??\C:\Windows")]).data)).is_empty


def test_bare_paths_of_programs_elsewhere_are_believed_a_little() -> None:
    assert only_list(hive_with([drivers(r"\??\C:\Vendor", final=bytes(2))]).data).confidence is Confidence.MEDIUM


def test_bare_paths_of_programs_without_their_beginning_are_a_guess() -> None:
    text = only_list(hive_with([b"\x01\x02\x03\x04" * 8 + drivers(r"\??\C:\Vendor")]).data)
    assert text.confidence is Confidence.LOW


def test_lists_with_marks_and_other_roots_are_read() -> None:
    strings = (
        r"\SystemRoot\system32\a.dll",
        "",
        r"*1\??\C:\b",
        r"*1!\??\C:\c",
        r"\??\UNC\host\share\d",
        "",
        r"@\??\D:\e",
        "",
    )
    assert only_list(hive_with([listed(*strings)]).data).strings == strings


def test_a_list_behind_the_end_of_the_bins_is_found() -> None:
    hive = hive_with(trailing=[listed(ONE, "", TWO, "")])
    text = only_list(hive.data)
    assert (text.ref.offset, text.found[0].kind) == (hive.loose[0] + 4, RegionKind.TRAILING)


def test_the_rest_of_a_longer_list_in_slack_is_found() -> None:
    hive = hive_with(pending=(ONE, "", TWO, "", THREE, "", FOUR, ""))
    at = hive.values[r"ControlSet001\Control\Session Manager", "PendingFileRenameOperations"]
    short = listed(ONE, "")[:-2]
    text = only_list(hive.patched(at + 8, struct.pack("<I", len(short))))
    assert text.strings == (TWO, "", THREE, "", FOUR, "")
    assert text.found[0].kind is RegionKind.SLACK


def test_what_is_pending_is_not_told_as_deleted() -> None:
    session = session_of(hive_with(pending=(ONE, "", TWO, "")).data)
    assert session == NOTHING


def test_generations_are_told_from_the_oldest_to_what_is_pending() -> None:
    grown = [listed(ONE, "", TWO, "", THREE, ""), listed(ONE, ""), listed(ONE, "", TWO, "")]
    [history] = session_of(hive_with(grown, pending=(ONE, "", TWO, "", THREE, "", FOUR, "")).data).histories
    assert history.is_pending
    assert [len(generation.text.operations) for generation in history.generations] == [1, 2, 3, 4]
    assert [generation.relation for generation in history.generations] == [
        "then 1 operation added; all of it is still pending",
        "then 1 operation added; all of it is still pending",
        "then 1 operation added; all of it is still pending",
        "pending now",
    ]


def test_a_list_may_name_files_by_the_global_root() -> None:
    shadow = r"\??\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\one.tmp"
    assert only_list(hive_with([listed(shadow, "", ONE, "")]).data).strings == (shadow, "", ONE, "")


def test_a_list_of_another_boot_stands_apart_from_what_is_pending() -> None:
    [history] = session_of(hive_with([listed(THREE, "", FOUR, "")], pending=(ONE, "", TWO, "")).data).histories
    assert not history.is_pending
    assert [generation.relation for generation in history.generations] == [GONE]


def test_the_same_list_in_two_places_is_told_once_with_both() -> None:
    hive = hive_with([listed(ONE, "", TWO, "")], trailing=[listed(ONE, "", TWO, "")])
    assert [one.kind for one in only_list(hive.data).found] == [RegionKind.FREE, RegionKind.TRAILING]


def test_a_single_delete_is_believed_only_with_company() -> None:
    image_path = encode_multi_sz((r"\??\C:\Windows\system32\drivers\vendor.sys",)) + bytes(12)
    assert session_of(hive_with([image_path]).data) == NOTHING
    [history] = session_of(hive_with([listed(ONE, "") + bytes(12), listed(ONE, "", TWO, "")]).data).histories
    assert [len(generation.text.operations) for generation in history.generations] == [1, 2]


@pytest.mark.parametrize(
    ("path", "confidence"),
    [
        (
            r"\??\C:\Windows\Temp\abcd.tmp",
            Confidence.MEDIUM,
        ),  # one more NUL than the cell of the path alone would have room for
        (r"\??\C:\Windows\Temp\abc.tmp", Confidence.LOW),
        (r"\??\C:\x", Confidence.MEDIUM),
        (r"\??\C:\Users\someone\notes", Confidence.LOW),
        (r"\??\C:\Windows\implant12.exe", Confidence.MEDIUM),
        (r"\??\C:\Windows\implant123.exe", Confidence.LOW),  # a REG_SZ of it would need less
    ],
)
def test_a_single_delete_is_told_with_the_confidence_that_its_cell_allows(path: str, confidence: Confidence) -> None:
    text = only_list(hive_with([listed(path, "")]).data)
    assert (text.strings, text.whole, text.confidence) == ((path, ""), True, confidence)


@pytest.mark.parametrize(
    "path",
    [
        r"\??\C:\pagefile.sys",
        r"\??\D:\pagefile.sys",
        r"\??\C:\swapfile.sys",
        r"\??\C:\Windows\system32\Drivers\vmdebug.sys",
        r"\??\C:\drv\abc.exe",
    ],
)
@pytest.mark.parametrize("padding", [2, 4, 6])
def test_the_path_of_a_program_or_a_page_file_alone_is_no_single_delete(path: str, padding: int) -> None:
    assert session_of(hive_with([path.encode("utf-16-le") + bytes(padding)]).data) == NOTHING


def services(*paths: str) -> PlainKey:
    image = [PlainValue("ImagePath", REG_EXPAND_SZ, encode_sz(path)) for path in paths]
    return PlainKey("Services", subkeys=tuple(PlainKey(f"p{number}", values=(value,)) for number, value in enumerate(image)))


@pytest.mark.parametrize("name", ["p", "p1", "p12", "p123"])
@pytest.mark.parametrize("ending", [".sys", ".tmp", ""])
def test_the_paths_of_deleted_services_are_no_rename_lists(name: str, ending: str) -> None:
    gone = services(*(rf"\??\C:\{name}{number}{ending}" for number in range(4)))
    hive = write_hive(system(), deleted=[("ControlSet001", gone)])
    assert session_of(hive.data).histories == ()


HOSTILE_NAMES = [
    "a\x01b",
    "a\tb",
    "a\x85b",
    "a<b",
    'a"b',
    "a*b",
    "a|b",
    "a?b",
    "a\ue000b",
    "a\uffffb",
    "a\ud800b",
    "\U0001f600",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_may_hold_any_letter(name: str) -> None:
    strings = (ONE, "", rf"\??\C:\Temp\{name}.tmp", "", THREE, "", FOUR, "")
    data = "".join(f"{text}\0" for text in (*strings, "")).encode("utf-16-le", "surrogatepass")
    text = only_list(hive_with([data]).data)
    assert (text.strings, text.whole, text.confidence) == (strings, True, Confidence.HIGH)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_boot_commands_may_hold_any_letter(name: str) -> None:
    lines = (f"autocheck {name} /x", f"{name}", "autocheck autochk *")
    data = "".join(f"{text}\0" for text in (*lines, "")).encode("utf-16-le", "surrogatepass")
    [text] = session_of(hive_with([data]).data).commands
    assert (text.strings, text.whole) == (lines, True)


def test_the_size_of_a_used_cell_ends_a_list() -> None:
    hive = hive_with([listed(ONE, "", TWO, "", THREE, "")])
    at = hive.data.index("three".encode("utf-16-le"))
    text = only_list(hive.patched(at, struct.pack("<i", -40) + b"vk\x05\x01" + b"\x41" * 12))
    assert (text.strings, text.whole) == ((ONE, "", TWO, ""), False)


def test_a_cut_list_with_strange_letters_is_less_sure() -> None:
    hive = hive_with([listed(ONE, "", TWO, "", THREE, "", FOUR, "")])
    at = hive.data.index("two".encode("utf-16-le"))
    end = hive.data.index("four".encode("utf-16-le"))
    data = bytearray(hive.patched(at, "\x02".encode("utf-16-le")))
    data[end : end + 4] = struct.pack("<i", -40)
    text = only_list(bytes(data))
    assert (len(text.operations), text.confidence) == (3, Confidence.MEDIUM)
    assert any("seldom" in reason for reason in text.reasons)


def app_compat_xp(paths: Sequence[str]) -> bytes:
    entries = b"".join(path.encode("utf-16-le").ljust(528, b"\0") + struct.pack("<QQQ", 1, 2, 3) for path in paths)
    return struct.pack("<III", 0xDEADBEEF, 96, len(paths)).ljust(400, b"\0") + entries


def app_compat_7(paths: Sequence[str]) -> bytes:
    texts = b"".join((path + "\0").encode("utf-16-le") for path in paths)
    heads = b"".join(struct.pack("<HHIQQQ", 2 * len(path), 2 * len(path) + 2, 0, 1, 2, 0) for path in paths)
    return struct.pack("<II", 0xBADC0FEE, len(paths)).ljust(128, b"\0") + heads + texts + bytes(16)


FOLDERS = (
    r"C:\Windows\System32",
    r"C:\Program Files\Vendor",
    r"C:\Users\someone\Downloads",
    r"D:\tools",
    r"C:\Windows\SysWOW64",
)
PROGRAMS = [rf"\??\{FOLDERS[number % 5]}\program{number}.exe" for number in range(120)]


@pytest.mark.parametrize("layout", [app_compat_xp, app_compat_7])
@pytest.mark.parametrize("cut", [0, 400, 4_010, 4_800, 12_004])
def test_the_paths_of_an_app_compat_cache_are_no_rename_list(layout: Callable[[Sequence[str]], bytes], cut: int) -> None:
    data = layout(PROGRAMS)
    assert session_of(hive_with([data[cut:]]).data) == NOTHING
    assert session_of(hive_with(trailing=[data[cut : cut + 16_344]]).data) == NOTHING


@pytest.mark.parametrize("layout", [app_compat_xp, app_compat_7])
def test_the_slack_of_an_app_compat_cache_is_no_rename_list(layout: Callable[[Sequence[str]], bytes]) -> None:
    data = layout(PROGRAMS[:20])
    cache = PlainKey("AppCompatCache", values=(PlainValue("AppCompatCache", REG_BINARY, data),))
    plain = PlainKey("ROOT", subkeys=(PlainKey("ControlSet001", subkeys=(PlainKey("Control", subkeys=(
        PlainKey("Session Manager", subkeys=(cache,)),)),)),))  # fmt: skip
    hive = write_hive(MemoryHive("SYSTEM", plain))
    at = hive.values[r"ControlSet001\Control\Session Manager\AppCompatCache", "AppCompatCache"]
    assert session_of(hive.patched(at + 8, struct.pack("<I", 600))) == NOTHING


def test_a_list_of_unrelated_paths_with_one_final_gap_is_no_rename_list() -> None:
    data = b"".join((path + "\0").encode("utf-16-le") for path in PROGRAMS[:21]) + bytes(8)
    [run] = [run for run in find_rename_runs(data, 0, len(data)) if run.pairs]
    assert judge_run(run) is None


def test_boot_commands_are_found_without_a_record() -> None:
    hive = hive_with([listed("autocheck autochk *", "autocheck implant /install")])
    [text] = session_of(hive.data).commands
    assert [line.image for line in text.commands] == ["autochk", "implant"]
    assert (text.name, text.named, text.whole, text.confidence) == ("BootExecute", False, True, Confidence.HIGH)
    assert text.ref.offset == hive.loose[0] + 4


def test_boot_commands_before_the_autocheck_line_belong_to_the_list() -> None:
    [text] = session_of(hive_with([listed("implant", "autocheck autochk *")]).data).commands
    assert text.strings == ("implant", "autocheck autochk *")


@pytest.mark.parametrize("first", ["evil /x", "evil /p", "a", "evil", "one\0two /x"])
def test_a_line_whose_last_letter_looks_like_the_size_of_a_cell_belongs_to_the_list(first: str) -> None:
    lines = (*first.split("\0"), "autocheck autochk *")
    hive = hive_with([listed(*lines)])
    [text] = session_of(hive.data).commands
    assert (text.strings, text.whole, text.ref.offset) == (lines, True, hive.loose[0] + 4)


def test_boot_commands_whose_cell_is_not_known_are_not_said_to_begin_with_it() -> None:
    hive = hive_with([listed("evil /x", "autocheck autochk *")])
    [text] = session_of(hive.patched(hive.loose[0], b"\xff" * 4)).commands
    assert (text.strings, text.whole) == (("evil /x", "autocheck autochk *"), False)
    assert not any("begins where a cell begins" in reason for reason in text.reasons)


def test_boot_commands_do_not_take_in_the_text_of_the_cell_before() -> None:
    hive = hive_with([listed("before") + bytes(2), listed("autocheck one", "autocheck two")])
    [text] = session_of(hive.data).commands
    assert (text.strings, text.whole) == (("autocheck one", "autocheck two"), True)


def test_boot_commands_that_lost_their_first_letters_are_restored() -> None:
    hive = hive_with([listed("autocheck autochk /r *")])
    [text] = session_of(hive.patched(hive.loose[0] + 4, b"\x20\x10\0\0")).commands
    assert text.strings == ("autocheck autochk /r *",)


def test_a_copy_of_the_present_boot_commands_is_not_told() -> None:
    assert session_of(hive_with([listed("autocheck autochk *")]).data).commands == ()


def test_deleted_values_of_the_session_manager_are_told() -> None:
    gone = PlainKey("Session Manager", values=(PlainValue("SetupExecute", REG_MULTI_SZ, listed("implant")),))
    session = session_of(write_hive(system(), deleted=[("ControlSet001", gone)]).data)
    [value] = session.values
    assert (value.ref.key, value.name, value.data) == (r"ControlSet001\Session Manager", "SetupExecute", listed("implant"))


@pytest.mark.parametrize("link", [b"\xff" * 4, b"\x20\x02\0\0"])
def test_deleted_boot_commands_beheaded_by_the_free_list_are_restored_and_told_in_part(link: bytes) -> None:
    lines = listed("autocheck autochk *")
    gone = PlainKey("Session Manager", values=(PlainValue("BootExecute", REG_MULTI_SZ, lines),))
    hive = write_hive(system(), deleted=[("ControlSet001", gone)])
    at = hive.data.rindex(lines)
    session = session_of(hive.patched(at, link))
    [value] = session.values
    assert (value.data, value.size, value.data_state) == (lines[4:], len(lines), DataState.PART)
    assert value.confidence is Confidence.MEDIUM
    [text] = session.commands
    assert (text.strings, text.ref.offset, text.ref.key) == (("autocheck autochk *",), at, r"ControlSet001\Session Manager")


LINES = ("implant /install", "second /x")


@pytest.mark.parametrize("name", ["BootExecute", "SetupExecute", "Execute"])
def test_deleted_boot_commands_are_known_by_the_name_of_their_value(name: str) -> None:
    gone = PlainKey("Session Manager", values=(PlainValue(name, REG_MULTI_SZ, listed(*LINES)),))
    hive = write_hive(system(), deleted=[("ControlSet001", gone)])
    [text] = session_of(hive.data).commands
    assert (text.name, text.named, text.strings, text.whole, text.confidence) == (name, True, LINES, True, Confidence.HIGH)
    assert text.ref.offset == hive.data.rindex(listed(*LINES))
    assert hive.data[text.found[0].offset :].startswith(text.raw)


@pytest.mark.parametrize("name", ["BootExecute", "SetupExecute", "Execute"])
def test_deleted_boot_commands_that_lost_their_first_letters_are_told_as_such(name: str) -> None:
    gone = PlainKey("Session Manager", values=(PlainValue(name, REG_MULTI_SZ, listed(*LINES)),))
    hive = write_hive(system(), deleted=[("ControlSet001", gone)])
    at = hive.data.rindex(listed(*LINES))
    [text] = session_of(hive.patched(at, b"\xff" * 4)).commands
    assert (text.name, text.cut_head, text.strings, text.whole) == (name, LINES[0][2:], LINES[1:], False)
    assert (text.confidence, text.ref.offset) == (Confidence.MEDIUM, at + 4)
    assert any("list of free cells" in reason for reason in text.reasons)


def test_a_value_of_another_key_that_is_called_execute_holds_no_boot_commands() -> None:
    gone = PlainKey("Other", values=(PlainValue("Execute", REG_MULTI_SZ, listed(*LINES)),))
    assert session_of(write_hive(system(), deleted=[("ControlSet001", gone)]).data).commands == ()


def test_a_list_that_stands_is_seen_in_what_is_in_use() -> None:
    [history] = session_of(hive_with([listed(ONE, "")], pending=(ONE, "", TWO, "")).data).histories
    assert [one.text.found[0].kind for one in history.generations] == [RegionKind.FREE, RegionKind.USED]


def test_what_is_too_much_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remnants, "REMNANTS_AT_MOST", 2)
    freed = [listed(rf"\??\C:\Temp\{number}", "", rf"\??\C:\Temp\{number}.old", "") for number in range(3)]
    assert session_of(hive_with(freed[:2]).data).limits == ()
    session = session_of(hive_with([*freed, listed("autocheck implant")]).data)
    assert len(session.histories) == 2
    assert len(session.commands) == 1  # too many lists of one kind hide none of the other
    assert len(session.limits) == 1


def test_too_many_operations_are_not_all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remnants, "OPERATIONS_AT_MOST", 3)
    hive = hive_with([listed(ONE, "", TWO, ""), listed(THREE, "", FOUR, "")], pending=(NEW, OLD))
    session = session_of(hive.data)
    told = [one.text.strings for history in session.histories for one in history.generations]
    assert told == [(ONE, "", TWO, "")]
    assert session.limits == ("The rename lists have more than 3 operations: 1 lists are not told.",)


def test_deleted_text_whose_first_letters_could_be_a_link_is_whole() -> None:
    strings = listed("x", "Print")
    gone = PlainKey("Session Manager", values=(PlainValue("SetupExecute", REG_MULTI_SZ, strings),))
    [value] = session_of(write_hive(system(), deleted=[("ControlSet001", gone)]).data).values
    assert (value.data, value.data_state) == (strings, DataState.WHOLE)


def test_a_list_is_found_before_the_logs_overwrite_it_and_in_the_logs() -> None:
    before = with_sequences(write_hive(system(ONE, ""), freed=[listed(THREE, "", FOUR, "")]).data, 8, 7)
    after = with_sequences(write_hive(system(ONE, "", TWO, ""), freed=[bytes(200)]).data, 8, 7)
    between = with_sequences(write_hive(system(ONE, ""), freed=[listed(TWO, "", FOUR, "", ONE, "")]).data, 8, 7)
    log = hvle_log([before, between, after], 7)
    session = recover_session(
        RegfHive.from_buffer("SYSTEM", after), RegfHive.from_buffer("SYSTEM", before), (read_log("SYSTEM.LOG1", log.data),)
    )
    found = {g.text.strings: (g.text.standing, g.text.found[0]) for h in session.histories for g in h.generations}
    assert found[THREE, "", FOUR, ""][1].stage is Stage.AS_FOUND
    standing, seen = found[TWO, "", FOUR, "", ONE, ""]
    assert (standing, seen.stage, seen.file) == (Standing.LOST, Stage.IN_LOG, "SYSTEM.LOG1")
    assert log.data[seen.offset :].startswith(listed(TWO, "", FOUR)[:-2])
    assert seen.place is not None
    assert between[seen.place :].startswith(listed(TWO, "", FOUR)[:-2])
    assert found[ONE, ""][0] is Standing.UNRECOVERED
    assert found[ONE, "", TWO, ""][0] is Standing.PRESENT


def log_of(page: int, size: int, state: bytes, sequence: int) -> TransactionLog:
    """A log with one entry, of one page of the hive as it is in this state."""
    before = bytearray(state)
    before[page : page + size] = bytes(byte ^ 0xFF for byte in state[page : page + size])
    return read_log("SYSTEM.LOG1", hvle_log([bytes(before), state], sequence).data)


@pytest.mark.parametrize("broken_hash", [False, True])
def test_the_part_of_the_pending_list_that_a_page_of_a_log_holds_is_no_earlier_list(broken_hash: bool) -> None:
    hive = hive_with(pending=tuple(text for number in range(40) for text in (rf"\??\C:\Windows\Temp\{number:03}.tmp", "")))
    cell = hive.data.find(r"\??\C:\Windows\Temp\000".encode("utf-16-le"))
    page = (cell + 1024) & ~511  # the page begins within the list, which goes on behind its end
    log = log_of(page, 512, hive.data, 1)
    if broken_hash:
        data = bytearray(log.data)
        data[512 + 32] ^= 1
        log = read_log("SYSTEM.LOG1", bytes(data))
    opened = RegfHive.from_buffer("SYSTEM", hive.data)
    assert recover_session(opened, logs=(log,)) == NOTHING
    assert find_lost_lists(opened, logs=(log,)).is_empty


def test_a_page_of_a_log_with_another_list_in_place_of_the_pending_one_is_told() -> None:
    hive = hive_with(pending=tuple(text for number in range(40) for text in (rf"\??\C:\Windows\Temp\{number:03}.tmp", "")))
    cell = hive.data.find(r"\??\C:\Windows\Temp\000".encode("utf-16-le"))
    page = (cell + 1024) & ~511
    before = hive.data[:page] + hive.data[page : page + 512].replace(b"T\0e\0m\0p", b"T\0e\0s\0t") + hive.data[page + 512 :]
    session = recover_session(RegfHive.from_buffer("SYSTEM", hive.data), logs=(log_of(page, 512, before, 1),))
    lost = [one.text for history in session.histories for one in history.generations if one.text.standing is Standing.LOST]
    told = {text for one in lost for text in one.strings}
    assert told
    assert all(r"\Test\\"[:-1] in text for text in told if text)


def test_pages_of_a_log_that_touch_only_there_are_not_read_as_one() -> None:
    hive = hive_with([listed(*(text for number in range(60) for text in (rf"\??\C:\x\{number:04}.tmp", "")))])
    page = (hive.loose[0] + 1024) & ~511
    state = bytearray(hive.data)
    state[page + 1024 : page + 1536] = state[page : page + 512]
    before = bytearray(state)
    for start in (page, page + 1024):
        before[start : start + 512] = bytes(512)
    log = read_log("SYSTEM.LOG1", hvle_log([bytes(before), bytes(state)], 1).data)
    for text in find_remnants_in_log(log).renames:
        assert len(text.raw) <= 512


def test_a_hive_of_another_kind_is_searched_as_well() -> None:
    software = parse_notation('[Microsoft]\nname = sz "x"\n')
    session = session_of(write_hive(software, freed=[listed(ONE, "", TWO, "")]).data)
    assert [len(history.generations) for history in session.histories] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "\\??\\C:\\" * 20_000,
        "\\??\\C:\\\0" * 20_000,
        "\\??\\C:\\\0\0" * 20_000,
        "?\\C:\\" * 20_000,
        "autocheck \x01" * 20_000,
        "autocheck \0" * 20_000,
        "*1*1*1!" * 20_000,
    ],
)
def test_hostile_texts_are_worked_off(text: str) -> None:
    session_of(hive_with(trailing=[text.encode("utf-16-le")]).data)


def real_session(path: Path, logs: str = "auto") -> SessionRemnants:
    opened = open_with_logs(path, logs)
    try:
        return recover_session(opened.hive, opened.unrecovered, tuple(log.fate.log for log in opened.logs))
    finally:
        opened.close()


def sizes(history: RenameHistory) -> list[tuple[int, str, int]]:
    return [(len(one.text.operations), one.text.standing.value, one.text.found[0].offset) for one in history.generations]


def test_the_older_lists_of_windows_10_1709_before_and_after_its_logs(real_hive: RealHive) -> None:
    path = real_hive("win10-1709-dirty")
    for log in ("LOG1", "LOG2"):
        real_hive(f"win10-1709-dirty.{log}")
    [alone] = real_session(path, "none").histories
    assert sizes(alone) == [(6, "lost", 0xC2A34), (7, "lost", 0x98D024), (8, "present", 0x419FA0)]


def test_the_lists_of_windows_10_1709_with_its_logs(real_hive: RealHive) -> None:
    path = real_hive("win10-1709-dirty")
    if not path.with_name("win10-1709-dirty.LOG1").is_file():
        pytest.skip("the logs do not lie beside the hive")
    [history] = real_session(path).histories
    assert [(count, standing) for count, standing, _ in sizes(history)] == [
        (6, "lost"), (7, "lost"), (8, "unrecovered"), (14, "lost"), (5, "lost"), (16, "present"),
    ]  # fmt: skip
    assert [one.text.found[0].stage for one in history.generations if len(one.text.operations) in (14, 5)] == [
        Stage.IN_LOG
    ] * 2


def test_the_lists_behind_the_end_of_windows_10_1903(real_hive: RealHive) -> None:
    path = real_hive("win10-1903")
    [history] = real_session(path).histories
    assert sizes(history) == [
        (17, "lost", 0xE6E730), (51, "lost", 0xE67024), (52, "lost", 0xE6A024), (90, "lost", 0xE98024),
        (91, "lost", 0xE75024), (92, "lost", 0xE9C024), (101, "present", 0x1A1110),
    ]  # fmt: skip
    data = path.read_bytes()
    for generation in history.generations[:-1]:
        text = generation.text
        assert {one.kind for one in text.found} == {RegionKind.TRAILING}
        assert data[text.found[0].offset :].startswith(text.raw)


def test_the_deleted_list_and_boot_commands_of_nt_4(real_hive: RealHive) -> None:
    session = real_session(real_hive("nt4-sp3-server"))
    [history] = session.histories
    [generation] = history.generations
    text = generation.text
    assert (len(text.operations), text.ref.offset, text.size, text.named) == (64, 0xBF024, 4956, True)
    assert sum(one.action == "delete" for one in text.operations) == 60
    commands = {
        value.name: (len(value.data), value.ref.offset) for value in session.values if value.ref.key.endswith("Manager")
    }
    assert commands["BootExecute"] == (38, 0xBEB00)
    assert commands["PendingFileRenameOperations"] == (4952, 0xBEDA0)
    [boot] = session.commands
    assert (boot.strings, boot.ref.offset, boot.named) == (("autocheck autochk *",), 781100, True)
    assert "ExcludeFromKnownDlls" in commands


@pytest.mark.parametrize("name", ["win7-sp1-x86", "xp-x64"])
def test_hives_without_older_lists_give_none_for_all_the_paths_in_their_caches(name: str, real_hive: RealHive) -> None:
    assert real_session(real_hive(name)) == NOTHING
    path = real_hive(name)
    data = path.read_bytes()
    believed = [
        run
        for run in find_rename_runs(data, 4096, len(data))
        if (judged := judge_run(run)) and judged[0] is not Confidence.LOW
    ]
    assert believed == []

r"""Links that are stored in a hive: found anywhere in it, with where they lead, and only those in use."""

from struct import pack, unpack_from

from hivecheck.registry.key_security import read_descriptor, security_cell
from hivecheck.registry.links import find_links, is_link
from hivecheck.registry.memory import PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.strings import decode_sz
from tests.hive_writer import WrittenHive, write_hive

DEEP = r"ControlSet001\Enum\ROOT\a\b"
LINKED = parse_notation(
    rf"""
    [{DEEP}]
    First = dword 1
    SymbolicLinkValue = link "\Registry\Machine\SOFTWARE\x"
    [ControlSet001\Control]
    """
)


def opened(written: WrittenHive) -> RegfHive:
    return RegfHive.from_buffer("SYSTEM", written.data)


def test_link_deep_in_the_hive_is_found_with_its_target() -> None:
    (link,) = find_links(opened(write_hive(LINKED)))
    assert link.key.path == DEEP
    assert decode_sz(link.value.data).text == r"\Registry\Machine\SOFTWARE\x"


def test_deleted_link_is_none() -> None:
    gone = PlainKey("gone", values=(PlainValue("SymbolicLinkValue", 6, b"x\0"),))
    written = write_hive(parse_notation("[ControlSet001\\Control]"), deleted=(("ControlSet001", gone),))
    assert b"SymbolicLinkValue" in written.data
    assert find_links(opened(written)) == ()


def test_name_in_the_middle_of_data_is_none() -> None:
    written = write_hive(parse_notation('[ControlSet001]\na = binary 53 79\nb = sz "SymbolicLinkValue"'))
    data = written.data.replace("SymbolicLinkValue".encode("utf-16-le"), b"SymbolicLinkValueSymbolicLinkValue")
    assert find_links(RegfHive.from_buffer("SYSTEM", data)) == ()


def test_flag_of_a_key_says_that_it_is_a_link() -> None:
    written = write_hive(LINKED)
    place = written.keys[DEEP] + 6
    flags = unpack_from("<H", written.data, place)[0]
    key = opened(WrittenHive(written.patched(place, pack("<H", flags | 0x10)), {}, {}, {})).root.subkey(DEEP)
    assert key is not None
    assert is_link(key)
    assert not is_link(LINKED.root)


def test_parents_in_a_circle_are_no_path() -> None:
    written = write_hive(LINKED)
    own = written.keys[DEEP]
    looped = written.patched(own + 20, pack("<I", own - 0x1000))
    assert find_links(RegfHive.from_buffer("SYSTEM", looped)) == ()


def test_descriptor_of_a_key_is_that_of_its_cell() -> None:
    hive = opened(write_hive(LINKED))
    key = hive.root.subkey("ControlSet001")
    assert key is not None
    descriptor = read_descriptor(hive, security_cell(hive, key))
    assert descriptor[:4] == b"\1\0\4\x80"


def test_cell_that_is_no_descriptor_gives_nothing() -> None:
    hive = opened(write_hive(LINKED))
    assert read_descriptor(hive, 0xFFFFFFFF) == b""
    assert read_descriptor(hive, 0x20) == b""

"""What a base block says, and what is said of files that have none."""

from struct import pack

import pytest

from hivecheck.errors import NotAHiveError
from hivecheck.registry.base_block import BaseBlock, read_base_block
from hivecheck.registry.notation import hive_of
from tests.hive_bins import with_checksum
from tests.hive_writer import build_hive

SMALL = build_hive(hive_of("[A]\n"), version=(1, 3), sequences=(7, 7), saved=130_000_000_000_000_000, file_name="SYSTEM")


def patched(place: int, new: bytes, checksum: bool = True) -> bytes:
    data = SMALL[:place] + new + SMALL[place + len(new) :]
    return with_checksum(data) if checksum else data


def test_every_field_is_read_as_it_stands() -> None:
    assert read_base_block(SMALL) == BaseBlock(
        primary_sequence=7,
        secondary_sequence=7,
        checksum_ok=True,
        last_written=130_000_000_000_000_000,
        version=(1, 3),
        file_type=0,
        root_offset=32,
        hbins_size=4096,
        embedded_name="SYSTEM",
    )


def test_a_hive_with_equal_sequences_and_a_right_checksum_is_clean() -> None:
    assert not read_base_block(SMALL).dirty


def test_unequal_sequences_mean_dirty() -> None:
    block = read_base_block(patched(4, pack("<I", 8)))
    assert (block.primary_sequence, block.secondary_sequence, block.checksum_ok, block.dirty) == (8, 7, True, True)


def test_a_wrong_checksum_means_dirty() -> None:
    block = read_base_block(patched(200, b"!", checksum=False))
    assert (block.checksum_ok, block.dirty) == (False, True)


def test_the_checksum_is_never_zero() -> None:
    words = SMALL[:508]
    total = int.from_bytes(with_checksum(SMALL)[508:512], "little")
    balanced = patched(504, (int.from_bytes(words[504:508], "little") ^ total).to_bytes(4, "little"))
    assert balanced[508:512] == b"\1\0\0\0"
    assert read_base_block(balanced).checksum_ok


def test_an_embedded_name_ends_at_its_first_nul_and_may_be_no_utf_16() -> None:
    assert read_base_block(patched(48, b"A\0\x00\xd8\0\0junk")).embedded_name == "A\ud800"


def test_an_alternate_hive_of_nt_is_a_hive_though_its_type_is_1() -> None:
    assert read_base_block(patched(28, pack("<I", 1))).file_type == 1


@pytest.mark.parametrize("kind", [1, 2, 6])
def test_a_log_is_named_as_such(kind: int) -> None:
    log = patched(28, pack("<I", kind))[:512] + b"HvLE" + bytes(60_000)
    with pytest.raises(NotAHiveError, match="transaction log") as raised:
        read_base_block(log, "SYSTEM.LOG1")
    assert (raised.value.path, bool(raised.value.hint)) == ("SYSTEM.LOG1", True)


def test_a_log_of_one_sector_is_named_as_a_log_not_as_too_short() -> None:
    with pytest.raises(NotAHiveError, match="transaction log"):
        read_base_block(patched(28, pack("<I", 6))[:512])


@pytest.mark.parametrize("length", [4, 31, 511, 4096, 4127])
def test_a_piece_of_a_hive_is_too_short(length: int) -> None:
    with pytest.raises(NotAHiveError, match=f"too short for a hive: {length} bytes"):
        read_base_block(SMALL[:length])


def test_an_empty_file_is_named_as_such() -> None:
    with pytest.raises(NotAHiveError, match=r"empty \(0 bytes\)"):
        read_base_block(b"")


@pytest.mark.parametrize(
    ("start", "looks_like"),
    [
        (b"\xfd7zXZ\0", "xz-compressed"),
        (b"\x1f\x8b\x08", "gzip-compressed"),
        (b"PK\x03\x04", "zip archive"),
        (b"HvLE", "piece of a registry transaction log"),
        (b"Windows Registry Editor Version 5.00\r\n", r"\.reg text export"),
        ("\ufeffWindows Registry Editor".encode("utf-16-le"), r"\.reg text export"),
        (b"CREG", "Windows 95"),
        (b"[ControlSet001]\r\n" * 40, "a text"),
        (bytes(600), "zeros"),
        (b"\x01\x02\x03", "doesn't start with 'regf'"),
    ],
)
def test_other_files_are_named_for_what_they_look_like(start: bytes, looks_like: str) -> None:
    with pytest.raises(NotAHiveError, match=looks_like) as raised:
        read_base_block(start)
    assert raised.value.hint


def test_a_hive_without_its_base_block_is_told_from_no_hive() -> None:
    with pytest.raises(NotAHiveError, match="base block of this hive is destroyed"):
        read_base_block(bytes(4096) + SMALL[4096:])

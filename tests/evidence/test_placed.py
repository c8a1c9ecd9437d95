"""What stands for a file, a disk or a part of one behaves as files do, and all of it alike."""

from collections.abc import Callable
from io import SEEK_CUR, SEEK_END, BytesIO
from pathlib import Path

import pytest

from hivecheck.evidence.disk_parts import Files, Joined, Sectors
from hivecheck.evidence.placed import Placed
from hivecheck.evidence.volumes import Window

DATA = bytes(range(256)) * 6  # three sectors


def part_file(folder: Path) -> Placed:
    (folder / "part").write_bytes(DATA)
    return Files().add(folder / "part")


FILES: dict[str, Callable[[Path], Placed]] = {
    "a window": lambda _: Window(BytesIO(b"--" + DATA + b"--"), len(DATA), 2),
    "a part": part_file,
    "joined": lambda _: Joined([(BytesIO(DATA[:700]), 700), (BytesIO(b""), 0), (BytesIO(DATA[700:]), len(DATA) - 700)]),
    "sectors": lambda _: Sectors(lambda first, count: DATA[first * 512 : (first + count) * 512], len(DATA)),
}


def read_wholly(file: Placed, count: int) -> bytes:
    found = b""
    while len(found) < count and (more := file.read(count - len(found))):
        found += more
    return found


@pytest.mark.parametrize("name", FILES)
def test_bytes_are_read_from_anywhere(name: str, tmp_path: Path) -> None:
    file = FILES[name](tmp_path)
    for place, count in ((0, 10), (511, 2), (690, 40), (1530, 100), (1536, 1), (9999, 1)):
        assert file.seek(place) == file.tell() == place
        assert read_wholly(file, count) == DATA[place : place + count]
    assert file.seek(-6, SEEK_END) == 1530
    assert file.seek(3, SEEK_CUR) == 1533
    buffer = bytearray(8)
    assert file.readinto(buffer) == 3
    assert bytes(buffer) == DATA[1533:] + bytes(5)


@pytest.mark.parametrize("name", FILES)
def test_a_place_before_the_start_is_refused_as_io_does(name: str, tmp_path: Path) -> None:
    file = FILES[name](tmp_path)
    with pytest.raises(ValueError, match="before the start"):
        file.seek(-1)
    with pytest.raises(ValueError, match="before the start"):
        file.seek(-1537, SEEK_END)
    assert file.tell() == 0

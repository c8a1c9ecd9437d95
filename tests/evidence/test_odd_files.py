"""Pipes, devices and links where a file of the evidence should be: never waited for, never followed, and told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hivecheck.registry.plain_files import NoRegularFileError, open_plain
from tests.image_files import unpack

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
NTFS = b"\xeb\x52\x90NTFS    " + bytes(499) + b"\x55\xaa"
EWF = b"EVF\x09\x0d\x0a\xff\x00\x01\x01\x00\x00\x00"
SECONDS = 60


def analyze(*arguments: Path) -> tuple[int, str]:
    """The exit code and what was said; the test fails where it hangs."""
    call = [sys.executable, "-m", "hivecheck", "analyze", *map(str, arguments)]
    done = subprocess.run(call, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("command", ["analyze", "extract", "history", "recover", "diff"])
def test_a_pipe_that_is_named_is_told(command: str, tmp_path: Path) -> None:
    pipe = tmp_path / "SYSTEM"
    os.mkfifo(pipe)
    call = [sys.executable, "-m", "hivecheck", command, str(pipe), *([str(pipe)] if command == "diff" else [])]
    done = subprocess.run(call, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 4
    assert "a pipe" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_device_that_is_named_is_told() -> None:
    code, said = analyze(Path("/dev/zero"))
    assert (code, "this is a device, not a regular file" in said) == (4, True)


@pytest.mark.parametrize("kind", ["a pipe", "a link", "a device"])
@pytest.mark.parametrize("image", ["raw", "E01", "VMDK", "flat VMDK"])
def test_a_part_that_is_no_file_is_neither_waited_for_nor_followed(image: str, kind: str, tmp_path: Path) -> None:
    descriptor = '# Disk DescriptorFile\nparentCID=ffffffff\nRW 100 {} "d-s001.vmdk" 0\n'
    first, content, part = {
        "raw": ("d.001", NTFS, "d.002"),
        "E01": ("d.E02", EWF, "d.E01"),
        "VMDK": ("d.vmdk", descriptor.format("SPARSE").encode(), "d-s001.vmdk"),
        "flat VMDK": ("d.vmdk", descriptor.format("FLAT").encode(), "d-s001.vmdk"),
    }[image]
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / first).write_bytes(content)
    if kind == "a pipe":
        os.mkfifo(folder / part)
    elif kind == "a link":
        (tmp_path / "elsewhere").write_bytes(bytes(1 << 20))
        (folder / part).symlink_to(tmp_path / "elsewhere")
    else:
        try:
            os.mknod(folder / part, 0o20600, os.makedev(1, 5))  # zeros without an end
        except PermissionError:
            pytest.skip("only root makes devices")
    code, said = analyze(folder / first)
    assert code == 4
    assert f"a part of this image is {kind}, which is not" in said
    assert part in said


def test_an_image_in_parts_is_read_where_its_parts_are_files(tmp_path: Path) -> None:
    pytest.importorskip("dissect.hypervisor", reason="the extra `images` is not installed")
    path = unpack("extents.vmdk", tmp_path)
    assert analyze(path)[0] in (0, 5)


def test_a_folder_with_pipes_among_its_files_is_searched(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "SYSTEM.LOG1")
    os.mkfifo(tmp_path / "disk.001")
    code, said = analyze(tmp_path)
    assert (code, "no SYSTEM hive in this folder" in said) == (4, True)


def test_what_takes_the_place_of_a_file_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, pipe = tmp_path / "plain", tmp_path / "pipe"
    plain.write_bytes(b"x")
    os.mkfifo(pipe)
    state = os.stat(plain)
    monkeypatch.setattr(os, "stat", lambda *_: state)
    with pytest.raises(NoRegularFileError, match="a pipe"):
        open_plain(pipe)

"""Builds `test_hives/images/`: python -m tests.build_test_images. Needs root, Linux, and the Debian packages ntfs-3g, wimtools,
qemu-utils and ewf-tools; what lies there was built with those of Debian 12, and is not built anew by the tests.

One small made-up volume of Windows, with the traps of a real one, on a disk with a GPT, as every kind of image that these tools
write, each packed with xz.
"""

import lzma
import os
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path
from uuid import UUID

HIVES = Path(__file__).parent.parent / "test_hives"
FOLDER = HIVES / "images"
VOLUME_MB = 2
PROGRAM = b"MZ" + b"".join(b"This line %d of a program is made up.\r\n" % number for number in range(900))
_FORMATS = (
    ("sparse.vmdk", "vmdk", "subformat=monolithicSparse"),
    ("stream.vmdk", "vmdk", "subformat=streamOptimized"),
    ("flat.vmdk", "vmdk", "subformat=twoGbMaxExtentFlat"),
    ("extents.vmdk", "vmdk", "subformat=twoGbMaxExtentSparse"),
    ("disk.vhdx", "vhdx", ""),
    ("dynamic.vhd", "vpc", "subformat=dynamic"),
    ("fixed.vhd", "vpc", "subformat=fixed"),
    ("plain.qcow2", "qcow2", ""),
    ("zlib.qcow2", "qcow2", "compression_type=zlib"),
    ("zstd.qcow2", "qcow2", "compression_type=zstd"),
    ("disk.vdi", "vdi", ""),
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.xz"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        volume = _build_volume(work)
        disk = work / "disk.raw"
        disk.write_bytes(gpt_disk(volume))
        (work / "images").mkdir()
        for name, kind, options in _FORMATS:
            packed = ["-c"] if "compression" in options else []
            chosen = ["-o", options] if options else []
            _run("qemu-img", "convert", "-f", "raw", "-O", kind, *packed, *chosen, str(disk), str(work / "images" / name))
        for name, packing, size in (("disk", "best", "4294967296"), ("segments", "none", "1048576")):
            _run(
                "ewfacquire", "-u", "-f", "encase6", "-c", packing, "-S", size, "-t", str(work / "images" / name), str(disk)
            )
        for path in sorted((work / "images").iterdir()):
            (FOLDER / f"{path.name}.xz").write_bytes(lzma.compress(path.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
        (FOLDER / "volume.ntfs.xz").write_bytes(lzma.compress(volume, preset=9 | lzma.PRESET_EXTREME))


def gpt_disk(volume: bytes, sector: int = 512) -> bytes:
    """A disk with a reserved partition and this volume as its second one, by a GUID partition table with its copy at the end."""
    start = 64 + 64
    end = start + len(volume) // sector
    last = end + 40
    entries = b"".join(
        UUID(kind).bytes_le + UUID(int=number).bytes_le + struct.pack("<QQQ", first, final, 0) + bytes(72)
        for number, kind, first, final in (
            (1, "e3c9e316-0b5c-4db8-817d-f92df00215ae", 64, start - 1),
            (2, "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7", start, end - 1),
        )
    ).ljust(128 * 128, b"\0")
    fields = (b"EFI PART", 0x10000, 92, 0, 0, 1, last, 34, last - 34, UUID(int=9).bytes_le, 2, 128, 128, zlib.crc32(entries))
    header = struct.pack("<8sIIIIQQQQ16sQIII", *fields)
    header = header[:16] + struct.pack("<I", zlib.crc32(header)) + header[20:]
    protective = mbr_sector([(0xEE, 1, last)])
    front = (protective.ljust(sector, b"\0") + header.ljust(sector, b"\0") + entries).ljust(start * sector, b"\0")
    return (front + volume).ljust(last * sector, b"\0") + header.ljust(sector, b"\0")


def mbr_sector(parts: list[tuple[int, int, int]]) -> bytes:
    """A boot record with these partitions: type, first sector, count of sectors."""
    sector = bytearray(512)
    for place, (kind, start, count) in enumerate(parts):
        struct.pack_into("<B3xB3xII", sector, 446 + 16 * place, 0, kind, start, count)
    sector[510:] = b"\x55\xaa"
    return bytes(sector)


def mbr_disk(volume: bytes) -> bytes:
    """A disk with this volume as a primary and, once more, as a logical one in an extended partition."""
    count = len(volume) // 512
    first = mbr_sector([(7, 128, count), (5, 128 + count + 64, count + 64)]).ljust(128 * 512, b"\0")
    logical = mbr_sector([(7, 63, count)]).ljust(63 * 512, b"\0")
    return first + volume + bytes(64 * 512) + logical + volume + bytes(10 * 512)


def _build_volume(work: Path) -> bytes:
    source = work / "source"
    files = {
        "Windows/System32/config/SYSTEM": (HIVES / "win10-1903-x64.hive").read_bytes(),
        "Windows/System32/config/RegBack/SYSTEM": (HIVES / "win10-1709-x64.hive").read_bytes(),
        "Windows/System32/autochk.exe": PROGRAM,
        "Program Files/Long Name Company/a long name.txt": b"found by its short name too",
    }
    for name, data in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for path in sorted(source.rglob("*"), reverse=True):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    volume = work / "volume.ntfs"
    with volume.open("wb") as file:
        file.truncate(VOLUME_MB * 1024 * 1024)
    _run("mkntfs", "-F", "-Q", "-T", "-L", "Windows", str(volume))
    _run("wimcapture", str(source), str(work / "source.wim"), "--compress=none")
    _run("wimapply", str(work / "source.wim"), "1", str(volume))
    mounted = work / "mounted"
    mounted.mkdir()
    _run("ntfs-3g", "-o", "streams_interface=windows", str(volume), str(mounted))
    try:
        _plant_traps(mounted, work)
    finally:
        _run("umount", str(mounted))
    return volume.read_bytes()


def _plant_traps(root: Path, work: Path) -> None:
    """Short names, a junction, programs that CompactOS compressed in two ways, and a file whose bytes a server deduplicated."""
    os.setxattr(root / "Program Files", "system.ntfs_dos_name", b"PROGRA~1")
    os.setxattr(root / "Program Files" / "Long Name Company", "system.ntfs_dos_name", b"LONGNA~1")
    os.setxattr(root / "Program Files" / "Long Name Company" / "a long name.txt", "system.ntfs_dos_name", b"ALONGN~1.TXT")
    for name, kind, chunk, method in (("xpress.exe", "XPRESS", 4096, 0), ("lzx.exe", "LZX", 32768, 1)):
        path = root / "Windows" / "System32" / name
        with path.open("wb") as file:
            file.truncate(len(PROGRAM))
        Path(f"{path}:WofCompressedData").write_bytes(_compress(work, kind, chunk))
        _set_reparse(path, 0x80000017, struct.pack("<IIII", 1, 2, 1, method))
    target, shown = (text.encode("utf-16-le") for text in ("\\??\\C:\\Windows", "C:\\Windows"))
    names = struct.pack("<HHHH", 0, len(target), len(target) + 2, len(shown)) + target + bytes(2) + shown + bytes(2)
    (root / "Junction").mkdir()
    _set_reparse(root / "Junction", 0xA0000003, names)
    (root / "deduplicated.bin").write_bytes(b"")
    _set_reparse(root / "deduplicated.bin", 0x80000013, b"made")


def _set_reparse(path: Path, tag: int, data: bytes) -> None:
    os.setxattr(path, "system.ntfs_reparse_data", struct.pack("<IHH", tag, len(data), 0) + data)


def _compress(work: Path, kind: str, chunk: int) -> bytes:
    """The program as Windows would compress it: a compressed file in a WIM has the same chunks behind the same table."""
    folder = work / kind
    folder.mkdir()
    (folder / "program").write_bytes(PROGRAM)
    archive = work / f"{kind}.wim"
    _run("wimcapture", str(folder), str(archive), f"--compress={kind}", f"--chunk-size={chunk}")
    wim = archive.read_bytes()
    size, table = struct.unpack_from("<QQ", wim, 48)  # the resource with the table of all resources, 50 bytes each
    for row in range(table, table + (size & 0xFF_FFFF_FFFF_FFFF), 50):
        flags_and_size, place, unpacked = struct.unpack_from("<QQQ", wim, row)
        if unpacked == len(PROGRAM):
            return wim[place : place + (flags_and_size & 0xFF_FFFF_FFFF_FFFF)]
    raise LookupError("the archive holds no such file")


def _run(*command: str) -> None:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PATH": path}
    )


if __name__ == "__main__":
    main()

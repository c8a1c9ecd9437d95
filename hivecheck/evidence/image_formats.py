"""What kind of disk image a file is, and its disk as bytes: raw, split, E01, VMDK, VHD, VHDX, QCOW2, VDI.

Content decides, never the name. All but raw and split are decoded by dissect.evidence and dissect.hypervisor (extra `images`);
what those would trust blindly is checked before they see it. They never get a path: an image that names its parent or its parts
by a path must not make us open files elsewhere.
"""

import re
import struct
from collections.abc import Callable
from io import SEEK_END
from typing import IO

from hivecheck.errors import EvidenceError
from hivecheck.evidence.disk_parts import Files, Joined, Sectors, siblings, take_part
from hivecheck.evidence.ewf_segments import BoundedZlib, check_segments
from hivecheck.evidence.volumes import BITLOCKER_MARK, NTFS_MARK, Readable, Window
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.plain_files import open_plain

INSTALL_HINT = "Install what reads them: pip install 'hivecheck[images]'"
_VDI_MARK = b"\x7f\x10\xda\xbe"
_MARKS = (
    (b"EVF\x09\x0d\x0a\xff\x00", "E01"),
    (b"KDMV", "VMDK"),
    (b"COWD", "VMDK"),
    (b"# Disk DescriptorFile", "VMDK descriptor"),
    (b"vhdxfile", "VHDX"),
    (b"conectix", "VHD"),
    (b"QFI\xfb", "QCOW2"),
)
_OTHERS = (
    (b"EVF2\x0d\x0a\x81\x00", "an Ex01 image (EWF version 2)"),
    (b"LVF\x09\x0d\x0a\xff\x00", "a logical evidence file (L01)"),
    (b"ADSEGMENTEDFILE", "an AD1 image"),
)
_NO_PARENT = "ffffffff"
_DESCRIPTOR_BYTES_AT_MOST = 1024 * 1024
_BLOCK_BYTES_AT_MOST = 64 * 1024 * 1024
_TABLE_BYTES_AT_MOST = 256 * 1024 * 1024


def image_format(path: EvidencePath, *, any_part: bool = False) -> str:
    """The kind of image by its content: one of E01, VMDK, VMDK descriptor, VHDX, VHD, QCOW2, VDI, raw; '' where it is none.

    A segment of an E01 image other than the first is one only with `any_part`; a later part of a raw one is none by itself. Raises OSError where the file can't be read, EvidenceError
    for a kind of image that is known and not read.
    """
    with open_plain(path) as file:
        head = file.read(0x8100)
        if head[:4] == b"regf":
            return ""
        for mark, kind in _MARKS:
            if head.startswith(mark):
                return kind if any_part or kind != "E01" or head[9:11] == b"\x01\0" else ""
        for mark, words in _OTHERS:
            if head.startswith(mark):
                hint = "Convert it to a raw or E01 image, or export its files to a folder."
                raise EvidenceError(f"this is {words}, which is not read", str(path), hint)
        if head[64:68] == _VDI_MARK:
            return "VDI"
        if head[3:11] in (NTFS_MARK, BITLOCKER_MARK) or head[510:512] == b"\x55\xaa" or head[512:520] == b"EFI PART":
            return "VHD" if _has_vhd_footer(file) else "raw"
        if head[4096:4104] == b"EFI PART":
            return "raw"
    return ""


def open_disk(path: EvidencePath, kind: str, beside: tuple[EvidencePath, ...] = ()) -> Window:
    """The disk in an image of this kind. `beside` are the files of its folder where it is no file on disk.

    Raises EvidenceError where it is damaged, lacks a part, or needs a parent; OSError where a file can't be read.
    """
    try:
        return _WITH_OTHERS[kind](path, beside) if kind in _WITH_OTHERS else _ALONE[kind](path)
    except (EvidenceError, OSError):
        raise
    except ImportError as error:
        raise EvidenceError(f"reading {kind} images needs the extra `images`", str(path), INSTALL_HINT) from error
    except Exception as error:
        words = f"this {kind} image can't be read: {_words(error)}"
        raise EvidenceError(words, str(path), "It is cut, damaged, or not what it claims to be.") from error


def image_warnings(path: EvidencePath, kind: str) -> tuple[str, ...]:
    """What an image holds that reading its disk leaves out, in words. Raises OSError where the file can't be read."""
    with open_plain(path) as file:
        if kind == "QCOW2":
            count = int.from_bytes(file.read(64)[60:64], "big")
            return (f"it holds {count:,} snapshots of its own, which are not read",) if count else ()
        if kind == "VHDX":
            file.seek(0x10000)
            headers = [file.read(0x10000)[:64] for _ in range(2)]
            newest = max(headers, key=lambda header: header[8:16][::-1])
            if newest[:4] == b"head" and any(newest[48:64]):
                return (
                    "it was not closed: the changes in its own log were not applied, and its latest ones may be missing",
                )
    return ()


def _words(error: Exception) -> str:
    return f"{error}" if str(error) else f"its structures end early ({type(error).__name__})"


def _has_vhd_footer(file: IO[bytes]) -> bool:
    size = file.seek(0, SEEK_END)
    file.seek(max(size - 512, 0))
    return file.read(8) == b"conectix"


def _open_raw(path: EvidencePath, beside: tuple[EvidencePath, ...]) -> Window:
    """A raw image, with its parts where its name ends in a number (`.001`, `.002`, ...)."""
    stem, _, digits = path.name.rpartition(".")
    parts = [path]
    if re.fullmatch("0*[01]", digits, re.ASCII) and len(digits) >= 2:
        found = siblings(path, beside)
        numbered = {
            int(name.rpartition(".")[2]): one
            for name, one in found.items()
            if re.fullmatch(re.escape(stem.upper()) + rf"\.[0-9]{{{len(digits)}}}", name)
        }
        first = int(digits)
        last = max(numbered, default=first)
        for number in range(first + 1, last + 1):
            if number not in numbered:
                missing = f"{stem}.{number:0{len(digits)}}"
                raise EvidenceError(
                    f"a part of this split image is missing: {missing}", str(path), "Put all parts into one folder."
                )
            parts.append(take_part(numbered[number], path))
    pool = Files()
    files = [pool.add(one) for one in parts]
    if len(files) == 1:
        return Window(files[0], files[0].size)
    joined = Joined([(file, file.size) for file in files])
    return Window(joined, joined.size)


def _open_ewf(path: EvidencePath, beside: tuple[EvidencePath, ...]) -> Window:
    from dissect.evidence.ewf import ewf

    files = check_segments(path, siblings(path, beside))
    ewf.zlib = BoundedZlib
    image = ewf.EWF(files)
    return Window(image.open(), image.size, exact=True)


def _open_vmdk(path: EvidencePath) -> Window:
    from dissect.hypervisor.disk import vmdk

    vmdk.zlib = BoundedZlib
    file = Files().add(path)
    for place in (0, max(file.size - 1024, 0)):  # a stream-optimized one has its true header at its end
        file.seek(place)
        header = file.read(512)
        if header[:4] == b"KDMV":
            _check_sparse_vmdk(header, path)
    file.seek(0)
    extent = vmdk.SparseDisk(file)
    if extent.descriptor and extent.descriptor.attr.get("parentCID", _NO_PARENT).lower() != _NO_PARENT:
        raise EvidenceError(
            "this VMDK image holds only the changes to another one", str(path), "Convert it with its parent first."
        )
    return Window(Sectors(extent.read_sectors, extent.size), extent.size, exact=True)


def _check_sparse_vmdk(header: bytes, path: EvidencePath) -> None:
    capacity, grain, _, _, entries = struct.unpack_from("<QQQQI", header, 12)
    too_much = grain * 512 > _BLOCK_BYTES_AT_MOST or entries * 4 > _TABLE_BYTES_AT_MOST or not grain or not entries
    if too_much or capacity // (grain * entries) * 4 > _TABLE_BYTES_AT_MOST:
        raise EvidenceError("this VMDK image can't be read: its header claims impossible sizes", str(path))


_EXTENT = re.compile(r'^\s*(?:RW|RDONLY)\s+(\d+)\s+(\w+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?', re.MULTILINE)


def extent_names(path: EvidencePath) -> tuple[str, ...]:
    """The names of the files that a VMDK descriptor calls its extents, none for another file or one that can't be read."""
    try:
        with open_plain(path) as file:
            text = file.read(_DESCRIPTOR_BYTES_AT_MOST).decode("utf-8", "replace")
    except OSError:
        return ()
    if not text.startswith("# Disk DescriptorFile"):
        return ()
    return tuple([name for _, _, name, _ in _EXTENT.findall(text) if name])


def _open_descriptor(path: EvidencePath, beside: tuple[EvidencePath, ...]) -> Window:
    """The extents that a VMDK descriptor names. They must lie beside it: a name with a folder is refused."""
    with open_plain(path) as file:
        text = file.read(_DESCRIPTOR_BYTES_AT_MOST).decode("utf-8", "replace")
    parent = re.search(r"^\s*parentCID\s*=\s*(\w+)", text, re.MULTILINE)
    if parent and parent[1].lower() != _NO_PARENT:
        raise EvidenceError(
            "this VMDK image holds only the changes to another one", str(path), "Convert it with its parent first."
        )
    found = siblings(path, beside)
    parts: list[tuple[Readable | None, int]] = []
    for sectors, kind, name, offset in _EXTENT.findall(text):
        size = int(sectors) * 512
        if kind == "ZERO":
            parts.append((None, size))
            continue
        extent = found.get(name.upper())
        if extent is None:
            raise EvidenceError(f"a part of this VMDK image is missing beside it: {name}", str(path))
        take_part(extent, path)
        if kind in ("FLAT", "VMFS"):
            flat = Files().add(extent)
            start = int(offset or 0) * 512
            parts.append((Window(flat, flat.size).part(start, size), size))
        else:
            parts.append((_open_vmdk(extent), size))
    if not parts:
        raise EvidenceError("this VMDK descriptor names no extent", str(path))
    joined = Joined(parts)
    return Window(joined, joined.size)


def _open_vhd(path: EvidencePath) -> Window:
    from dissect.hypervisor.disk.vhd import VHD

    file = Files().add(path)
    file.seek(max(file.size - 512, 0))
    footer = file.read(512)
    if footer[:8] != b"conectix":
        raise EvidenceError("this VHD image can't be read: its end is missing", str(path), "It is cut or damaged.")
    if struct.unpack_from(">I", footer, 60)[0] == 4:
        raise EvidenceError(
            "this VHD image holds only the changes to another one", str(path), "Convert it with its parent first."
        )
    disk = VHD(file)
    block = getattr(getattr(disk.disk, "header", None), "block_size", 512)
    if not 512 <= block <= _BLOCK_BYTES_AT_MOST:
        raise EvidenceError(f"this VHD image can't be read: it claims blocks of {block:,} bytes", str(path))
    return Window(disk, disk.size, exact=True)


def _open_vhdx(path: EvidencePath) -> Window:
    from dissect.hypervisor.disk.vhdx import VHDX

    file = Files().add(path)
    try:
        disk = VHDX(file)
    except AttributeError as error:  # it asks the path, which it was not given, for the folder of its parent
        raise EvidenceError(
            "this VHDX image holds only the changes to another one", str(path), "Merge it with its parent first."
        ) from error
    return Window(disk, disk.size, exact=True)


def _open_qcow2(path: EvidencePath) -> Window:
    from dissect.hypervisor.disk.qcow2 import QCow2

    file = Files().add(path)
    header = file.read(48)
    file.seek(0)
    backing, backing_size, entries = struct.unpack_from(">QI16xI", header.ljust(48, b"\0"), 8)
    if backing and backing_size:
        raise EvidenceError(
            "this QCOW2 image holds only the changes to another one", str(path), "Convert it with its backing file first."
        )
    if entries * 8 > _TABLE_BYTES_AT_MOST:
        raise EvidenceError(f"this QCOW2 image can't be read: it claims {entries:,} tables", str(path))
    disk = QCow2(file).open()
    return Window(disk, disk.size, exact=True)


def _open_vdi(path: EvidencePath) -> Window:
    from dissect.hypervisor.disk.vdi import VDI

    disk = VDI(Files().add(path))
    if not 512 <= disk.block_size <= _BLOCK_BYTES_AT_MOST or disk.number_of_blocks * 4 > _TABLE_BYTES_AT_MOST:
        raise EvidenceError(f"this VDI image can't be read: it claims blocks of {disk.block_size:,} bytes", str(path))
    if int(disk.type) == 4:
        raise EvidenceError(
            "this VDI image holds only the changes to another one", str(path), "Convert it with its parent first."
        )
    return Window(disk.open(), disk.size, exact=True)


_WITH_OTHERS: dict[str, Callable[[EvidencePath, tuple[EvidencePath, ...]], Window]] = {
    "raw": _open_raw,
    "E01": _open_ewf,
    "VMDK descriptor": _open_descriptor,
}
_ALONE: dict[str, Callable[[EvidencePath], Window]] = {
    "VMDK": _open_vmdk,
    "VHD": _open_vhd,
    "VHDX": _open_vhdx,
    "QCOW2": _open_qcow2,
    "VDI": _open_vdi,
}

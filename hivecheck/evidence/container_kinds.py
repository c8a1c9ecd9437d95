"""What a file is by its first bytes: a hive, an archive, a disk image, or nothing that is looked into. Names decide nothing.

Sources: the signatures are those of each format's own specification; for disk images see `images`.
"""

from enum import Enum

HEAD_BYTES = 1024  # what has to be at hand to tell
_TAR_MARK_AT, _TAR_MARK = 257, b"ustar"


class Kind(Enum):
    """What can be found in evidence."""

    HIVE = "a registry hive"
    ZIP = "a zip archive"
    TAR = "a tar archive"
    GZIP = "a gzip-compressed file"
    BZIP2 = "a bzip2-compressed file"
    XZ = "an xz-compressed file"
    IMAGE = "a disk image"
    RAW_IMAGE = "a disk or volume, byte for byte"
    UNREAD_ARCHIVE = "an archive of a kind that hivecheck does not read"
    OTHER = "no container"


COMPRESSED = (Kind.GZIP, Kind.BZIP2, Kind.XZ)
IMAGES = (Kind.IMAGE, Kind.RAW_IMAGE)
ARCHIVES = (Kind.ZIP, Kind.TAR, *COMPRESSED)

_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"regf", Kind.HIVE),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),  # an empty one
    (b"PK00PK\x03\x04", Kind.ZIP),  # split and made one again
    (b"\x1f\x8b", Kind.GZIP),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"7z\xbc\xaf\x27\x1c", Kind.UNREAD_ARCHIVE),
    (b"Rar!\x1a\x07", Kind.UNREAD_ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Kind.UNREAD_ARCHIVE),  # zstd
    (b"EVF\x09\x0d\x0a\xff\x00", Kind.IMAGE),
    (b"EVF2\x0d\x0a\x81\x00", Kind.IMAGE),
    (b"KDMV", Kind.IMAGE),
    (b"# Disk DescriptorFile", Kind.IMAGE),
    (b"vhdxfile", Kind.IMAGE),
    (b"conectix", Kind.IMAGE),
    (b"QFI\xfb", Kind.IMAGE),
    (b"ADSEGMENTEDFILE", Kind.IMAGE),
)
_VDI_MARK_AT, _VDI_MARK = 0x40, b"\x7f\x10\xda\xbe"
_BOOT_MARK_AT, _BOOT_MARK = 510, b"\x55\xaa"
_VOLUME_MARKS = (b"NTFS    ", b"-FVE-FS-")
_PARTITIONS_AT, _PARTITION_BYTES, _PARTITIONS = 446, 16, 4


def kind_of(head: bytes) -> Kind:
    """What a file is whose first bytes, up to `HEAD_BYTES`, these are."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[_TAR_MARK_AT : _TAR_MARK_AT + len(_TAR_MARK)] == _TAR_MARK:
        return Kind.TAR
    if head[_VDI_MARK_AT : _VDI_MARK_AT + 4] == _VDI_MARK:
        return Kind.IMAGE
    return Kind.RAW_IMAGE if _is_raw_image(head) else Kind.OTHER


def _is_raw_image(head: bytes) -> bool:
    """Whether they are the first sectors of a disk or of a volume: NTFS, BitLocker, or a partition table that can be one."""
    if head[3:11] in _VOLUME_MARKS:
        return True
    if head[_BOOT_MARK_AT : _BOOT_MARK_AT + 2] != _BOOT_MARK:
        return False
    if head[512:520] == b"EFI PART":
        return True
    rows = [
        head[_PARTITIONS_AT + _PARTITION_BYTES * place : _PARTITIONS_AT + _PARTITION_BYTES * (place + 1)]
        for place in range(_PARTITIONS)
    ]
    used = [row for row in rows if row[4] and int.from_bytes(row[12:16], "little")]
    return bool(used) and all(row[0] in (0, 0x80) for row in rows)

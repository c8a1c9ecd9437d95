"""The images of test_hives/images, unpacked, and disks made around their volume."""

import lzma
from pathlib import Path

from tests.build_test_images import FOLDER

WHOLE = (
    "volume.ntfs",
    "disk.E01",
    "segments.E01",
    "sparse.vmdk",
    "stream.vmdk",
    "flat.vmdk",
    "extents.vmdk",
    "disk.vhdx",
    "dynamic.vhd",
    "fixed.vhd",
    "plain.qcow2",
    "zlib.qcow2",
    "zstd.qcow2",
    "disk.vdi",
)
_PARTS = {
    "segments.E01": ("segments.E02", "segments.E03"),
    "flat.vmdk": ("flat-f001.vmdk",),
    "extents.vmdk": ("extents-s001.vmdk",),
}


def image_bytes(name: str) -> bytes:
    return lzma.decompress((FOLDER / f"{name}.xz").read_bytes())


def unpack(name: str, folder: Path) -> Path:
    """The image in this folder, with its further parts beside it."""
    for one in (name, *_PARTS.get(name, ())):
        (folder / one).write_bytes(image_bytes(one))
    return folder / name

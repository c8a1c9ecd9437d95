"""Collections of one machine as triage tools lay them out, each a folder on disk, a zip and a tar, made of the same files.

Layouts: KAPE, Velociraptor (names in percent escapes, accessors, shadow copies), CyLR, acquire, FTK's flat export, `reg save`, a mounted
volume. Tars can be made as by hand, with members that start with `./`.
"""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

Files = dict[str, bytes]

# Where each tool puts the SYSTEM hive of drive C; what lies beside it is put into the same folder.
SYSTEM_PLACES: dict[str, str] = {
    "mounted volume": "Windows/System32/config/SYSTEM",
    "mounted volume, lower case": "windows/system32/config/system",
    "XP volume": "WINDOWS/system32/config/system",
    "Windows folder": "System32/config/SYSTEM",
    "KAPE": "C/Windows/System32/config/SYSTEM",
    "Velociraptor auto": "uploads/auto/C%3A/Windows/System32/config/SYSTEM",
    "Velociraptor ntfs": "uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/config/SYSTEM",
    "CyLR": "C/windows/system32/config/system",
    "acquire": "fs/C:/windows/system32/config/SYSTEM",
    "acquire, older": "sysvol/windows/system32/config/SYSTEM",
    "FTK export": "system",
    "reg save": "HOST1_system.hiv",
}


def collection(layout: str, system: bytes, logs: tuple[bytes, ...] = (), software: bytes | None = None) -> Files:
    """The files of a layout by their paths; the logs are LOG1 and LOG2."""
    place = SYSTEM_PLACES[layout]
    files = {place: system}
    files |= {f"{place}.LOG{number}": log for number, log in enumerate(logs, start=1)}
    if software is not None:
        folder, slash, name = place.rpartition("/")
        files[f"{folder}{slash}{name.replace('system', 'software').replace('SYSTEM', 'SOFTWARE')}"] = software
    if layout.startswith("Velociraptor"):
        files["uploads.json"] = b'{"Path": "C:\\\\Windows\\\\System32\\\\config\\\\SYSTEM"}\n'
    return files


def write_folder(top: Path, files: Files) -> Path:
    for name, data in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return top


def zip_bytes(files: Files, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return buffer.getvalue()


def tar_bytes(
    files: Files, prefix: str = "", form: int = tarfile.PAX_FORMAT, odd: tuple[tarfile.TarInfo, ...] = ()
) -> bytes:
    """A tar of these files; `odd` are members without bytes: links, devices."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for info in odd:
            archive.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(prefix + name)
            info.size, info.mtime = len(data), 1_000_000_000
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def writer(name: str, pack: Callable[[Files], bytes]) -> Callable[[Path, Files], Path]:
    def write(folder: Path, files: Files) -> Path:
        path = folder / name
        path.write_bytes(pack(files))
        return path

    return write

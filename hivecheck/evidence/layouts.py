"""Where tools and Windows itself put hives: from a file's place in a collection to what it is and whose.

Knows names only; that a file is a SYSTEM hive at all is decided by its content. Sources: the layouts of KAPE, Velociraptor, CyLR,
acquire and FTK as their own documentation and test data show them; Windows' own places as of NT 3.51 to 11.
"""

import re
from enum import Enum

from hivecheck.facts.fact import fact


class HiveKind(Enum):
    """What a SYSTEM hive is on its machine. A shadow copy may also be a restore point of XP."""

    LIVE = "live"
    REGBACK = "RegBack"
    WINDOWS_OLD = "Windows.old"
    REPAIR = "repair copy"
    SHADOW_COPY = "shadow copy"
    LOOSE = "loose"


# The hives that the machine boots from as it was collected; all others are its older states.
MAIN_KINDS = (HiveKind.LIVE, HiveKind.LOOSE)

_CONFIG = ("system32", "config")
_WINDOWS_OLD = re.compile(r"windows\.old(\.\d+)?|\$windows\.~.*")
_SHADOW = re.compile(r"vss\d+|.*harddiskvolumeshadowcopy\d*.*|_restore\{.*")
_DRIVE = re.compile(r"(?:\\\\[.?]\\)?([a-z]):?\\?")
_VOLUME_FOLDER = "system volume information"
# between the folder of a collection and the volume: Velociraptor's accessors, acquire's folders
_TOOL_FOLDERS = frozenset({"uploads", "auto", "file", "ntfs", "lazy_ntfs", "mft", "ntfs_vss", "lazy_ntfs_vss", "fs", "$fs$"})
_SYSTEM_VOLUME = "sysvol"  # acquire's word for the drive with Windows
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
WINDOWS_FOLDERS = ("Windows", "WINNT", "WINNT35", "WIN")
_VOLUME_PREFIXES = ("", "Windows.old/", "Windows.old.000/", "Windows.old.001/", "C/", "D/")
_HIVE_PLACES = ("System32/config/SYSTEM", "System32/config/SYSTEM.ALT", "System32/config/RegBack/SYSTEM", "repair/SYSTEM")

# Where Windows keeps them: looked up on a volume of an image, which is too large to look into each of its files.
KNOWN_PLACES = tuple(
    f"{prefix}{windows}/{place}" for prefix in _VOLUME_PREFIXES for windows in WINDOWS_FOLDERS for place in _HIVE_PLACES
)


@fact
class HivePlace:
    """What the place of a hive says. `volume_parts` is how many folders lie above the volume's root, None where that is not known.

    `collection` are the folders of the machine's collection, folded; `drive` is a lower-case letter, '' where none is told.
    """

    kind: HiveKind
    volume_parts: int | None
    collection: tuple[str, ...]
    drive: str
    host_hint: str


def decoded(part: str) -> str:
    """A name with its percent escapes resolved, as Velociraptor writes them: `C%3A` is `C:`."""
    if "%" not in part:
        return part
    raw = part.encode("utf-8", "surrogatepass")
    return _PERCENT.sub(lambda match: bytes((int(match[1], 16),)), raw).decode("utf-8", "replace")


def place_hive(parts: tuple[str, ...]) -> HivePlace:
    """What a hive at this place, its folders and its name, is. The first part is below the folder or archive that was named."""
    folded = tuple(decoded(part).lower() for part in parts)
    above, name = folded[:-1], folded[-1]
    kind, windows = HiveKind.LOOSE, -1
    if above[-2:] == _CONFIG:
        kind, windows = (HiveKind.LIVE if name == "system" else HiveKind.REPAIR), len(above) - 3
    elif above[-1:] == ("regback",):
        kind, windows = HiveKind.REGBACK, len(above) - 4 if above[-3:-1] == _CONFIG else -1
    elif above[-1:] == ("repair",):
        kind, windows = HiveKind.REPAIR, len(above) - 2
    root = above[:windows] if windows >= 0 else above
    old = next((place for place, part in enumerate(above) if _is_older(part)), None)
    if old is not None:
        kind = HiveKind.WINDOWS_OLD if _WINDOWS_OLD.fullmatch(above[old]) else HiveKind.SHADOW_COPY
    collection, drive = _collection(root, old)
    if kind is HiveKind.LOOSE:
        collection = (*collection, name)  # files exported into one folder may be of many machines
    hints = [decoded(part) for part in parts[: len(collection)]]
    return HivePlace(kind, windows if windows >= 0 else None, collection, drive, hints[-1] if hints else "")


def is_boot_place(parts: tuple[str, ...]) -> bool:
    """Whether Windows keeps the SYSTEM hive it boots from at this place, be the Windows the machine's own or an older one."""
    return tuple(decoded(part).lower() for part in parts[-3:]) == (*_CONFIG, "system")


def _is_older(part: str) -> bool:
    return bool(_WINDOWS_OLD.fullmatch(part) or _SHADOW.fullmatch(part))


def _collection(root: tuple[str, ...], old: int | None) -> tuple[tuple[str, ...], str]:
    """The folders above the volume, and the drive; what lies between them and a tool's folders is left out."""
    drive = ""
    kept = list(root)
    while kept:
        part = kept[-1]
        found = _DRIVE.fullmatch(part)
        if found:
            drive = drive or found[1]
        elif part == _SYSTEM_VOLUME:
            drive = drive or "c"
        elif part not in _TOOL_FOLDERS and part != _VOLUME_FOLDER and (old is None or len(kept) <= old):
            break
        kept.pop()
    return tuple(kept), drive


def software_name(system_name: str) -> str:
    """The name of the SOFTWARE hive beside a SYSTEM hive of this name; '' where its name does not tell."""
    return re.sub("system", "SOFTWARE", system_name, count=1, flags=re.IGNORECASE) if "system" in system_name.lower() else ""


def is_later_part(name: str) -> bool:
    """Whether a disk image of this name is a part of another one: a segment, an extent."""
    return bool(_LATER_PART.search(name))


_LATER_PART = re.compile(
    r"\.(?:[els]x?(?:0[2-9]|[1-9]\d|[a-z]{2})|0(?:0[2-9]|[1-9]\d))$|-(?:[sf]\d{3}|flat)\.vmdk$", re.IGNORECASE
)

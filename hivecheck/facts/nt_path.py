r"""Paths as the object manager sees them (`\??\C:\x`, `\SystemRoot\x`, `\Device\...`), compared without case, spelled as found.

Native programs open NT paths: no `..`, no `/`, no current directory. `C:\x` alone is a DOS path, and a native open of it fails.
Source: smss.md B3.4; "Win32 and NT namespaces" of the Windows driver documentation.
"""

from enum import Enum

from hivecheck.facts.fact import fact

DOS_DEVICE_PREFIXES = ("\\??\\", "\\DOSDEVICES\\", "\\GLOBAL??\\")
DEFAULT_STREAM = "::$DATA"  # what may follow a file's name without naming anything but the file


class PathKind(Enum):
    """What a path's spelling says it is."""

    EMPTY = "empty"
    DRIVE = "drive"  # \??\C:\x
    VOLUME = "volume"  # \??\Volume{guid}\x
    NETWORK = "network"  # \??\UNC\server\share\x
    DOS_DEVICE = "DOS device"  # \??\anything else
    SYSTEM_ROOT = "system root"  # \SystemRoot\x
    DEVICE = "device"  # \Device\HarddiskVolume1\x
    OBJECT = "object"  # \anything else
    WIN32 = "Win32"  # C:\x  \\?\C:\x  \\server\share: no NT paths
    RELATIVE = "relative"


@fact
class NtPath:
    """A path, spelled as found."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def tail(self) -> str:
        r"""What follows the DOS device prefix (`C:\x` of `\??\C:\x`), or the whole text where there is none."""
        text = self.text
        if text.startswith("\\??\\"):
            return text[4:]
        upper = text[:12].upper()
        for prefix in DOS_DEVICE_PREFIXES:
            if upper.startswith(prefix):
                return text[len(prefix) :]
        return text

    @property
    def kind(self) -> PathKind:
        text = self.text
        if not text:
            return PathKind.EMPTY
        if not text.startswith("\\"):
            return PathKind.WIN32 if text[1:2] == ":" else PathKind.RELATIVE
        tail = self.tail
        if tail is not text:
            if has_drive(tail):
                return PathKind.DRIVE
            first = tail.split("\\", 1)[0].upper()
            if first == "UNC":
                return PathKind.NETWORK
            return PathKind.VOLUME if first.startswith("VOLUME{") else PathKind.DOS_DEVICE
        if text.startswith("\\\\"):
            return PathKind.WIN32
        first = text[1:].split("\\", 1)[0].upper()
        return {"SYSTEMROOT": PathKind.SYSTEM_ROOT, "DEVICE": PathKind.DEVICE}.get(first, PathKind.OBJECT)

    @property
    def is_native(self) -> bool:
        """Whether a native program can open it at all."""
        return self.kind not in (PathKind.EMPTY, PathKind.WIN32, PathKind.RELATIVE)

    @property
    def drive(self) -> str | None:
        """The drive letter in upper case (`C`), None where the spelling has none."""
        tail = self.tail
        return tail[0].upper() if has_drive(tail) else None

    @property
    def file_name(self) -> str:
        r"""The last part, without a final backslash: `x.dll` of `\??\C:\a\x.dll`."""
        return self.text.rstrip("\\").rsplit("\\", 1)[-1]

    @property
    def folder(self) -> str:
        """Everything before the last part; '' where there is no backslash."""
        return self.text.rstrip("\\").rpartition("\\")[0]


def has_drive(text: str) -> bool:
    r"""Whether a text begins with a drive letter and a colon, and then ends or goes on with a backslash."""
    return len(text) >= 2 and text[1] == ":" and text[0].isascii() and text[0].isalpha() and text[2:3] in ("", "\\")

r"""Paths as rules compare them, and the predicates of the catalogue: user-writable, system folder, security product and so on.

`comparable` turns every spelling of a path (`\??\C:\x`, `%SystemRoot%\x`, `\SystemRoot\x`, `!\??\C:\X`) into one folded
DOS path. Nothing here is shown to the analyst: reports keep the spelling of the hive. Source: detections.md 0, 3.3.
"""

import re
from functools import lru_cache
from typing import Final

from hivecheck.rules.startup_folders import is_run_there

_MARKS = ("*", "!", "@")
# Patterns that most paths never meet are compiled when they are first needed.
_MARKER = r"^(\*\d+)?[!@]?"
_PREFIXES = ("\\??\\", "\\dosdevices\\", "\\global??\\", "\\\\?\\", "\\\\.\\")
_PREFIXES_AT_MOST = 4
_ROUNDABOUT = ("globalroot\\", "global\\")
_VOLUMES = ("\\device\\harddisk", "harddisk", "volume{", "bootpartition\\", "\\arcname\\")
_LED = frozenset("\\hvb")  # what those two begin with
_VOLUME = (
    r"(\\?(?:device\\)?harddisk(?:volume)?\d+(?:\\partition\d+)?|volume\{[^\\]*\}|bootpartition|\\arcname\\[^\\]+)"
    r"(?=\\(?:windows|winnt|program files(?: \(x86\))?|programdata|users|documents and settings|progra~[1-3]|docume~1)(?:\\|$))"
)
_VARIABLE = re.compile(r"%([^%]+)%")
_SHORT_NAME = r"~\d"
_SHORT = "a short (8.3) name"
_SLASHES = r"\\{2,}"

BINARY_ENDINGS = frozenset(
    {
        ".exe", ".dll", ".sys", ".scr", ".cpl", ".ocx", ".drv", ".efi", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".hta",
        ".msi",
    }
)  # fmt: skip
_SYSTEM_FOLDERS = (
    "\\windows\\system32\\", "\\windows\\syswow64\\", "\\windows\\sysnative\\", "\\windows\\system\\", "\\windows\\winsxs\\",
    "\\winnt\\system32\\", "\\winnt\\system\\",
)  # fmt: skip
_WRITABLE_BELOW_WINDOWS = (
    "temp\\", "tasks\\", "debug\\", "tracing\\", "fonts\\", "help\\", "addins\\", "registration\\crmlog\\",
    "system32\\tasks\\", "system32\\spool\\drivers\\color\\", "system32\\microsoft\\crypto\\rsa\\machinekeys\\",
    "system32\\fxstmp\\", "system32\\com\\dmp\\",
)  # fmt: skip
_WRITABLE_TOP = frozenset(
    {"users", "documents and settings", "temp", "tmp", "perflogs", "$recycle.bin", "recycler", "intel", "public"}
)
_PROGRAM_DATA_OF_VENDORS = ("\\programdata\\microsoft\\windows defender\\", "\\programdata\\package cache\\")
_APART = str.maketrans(dict.fromkeys("\"'&|<>()", " "))  # what parts the words of a command line beside blanks
_INSTALLING = ("/i", "/q", "/package", "-i", "-q", "-package")
_SCRIPTING = frozenset(
    {
        "cmd", "powershell", "pwsh", "wscript", "cscript", "mshta", "rundll32", "regsvr32", "certutil", "bitsadmin", "msbuild",
        "installutil", "schtasks", "wmic", "cmstp", "forfiles", "pcalua", "conhost", "bash", "wsl",
    }
)  # fmt: skip

_SHORT_TOOLS = {"powers~1": "powershell", "powers~2": "powershell", "bitsad~1": "bitsadmin", "instal~1": "installutil"}


class Comparable:
    """A path in comparable form, and its parts, which a hundred rules ask for.

    `text` is folded; `drive` a letter or ''. `below_drive` is the path without its drive: `\\windows\\x`. `assumed` are short
    names and what they stand for.
    """

    __slots__ = ("assumed", "below_drive", "drive", "folder", "marker", "name", "text")
    __match_args__ = ("text", "marker", "assumed")

    def __init__(self, text: str, marker: str = "", assumed: tuple[str, ...] = ()) -> None:
        self.text: Final = text
        self.marker: Final = marker
        self.assumed: Final = assumed
        on_drive = text[1:2] == ":"
        self.drive: Final = text[0] if on_drive else ""
        self.below_drive: Final = text[2:] if on_drive else text
        folder, _, name = text.rpartition("\\")
        self.folder: Final = folder
        self.name: Final = name

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Comparable):
            return NotImplemented
        return self.text == other.text and self.marker == other.marker and self.assumed == other.assumed

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Comparable({self.text!r}, {self.marker!r}, {self.assumed!r})"

    @property
    def ending(self) -> str:
        """The extension with its dot, '' where there is none."""
        name = self.name
        dot = name.rfind(".")
        return name[dot:] if dot > 0 else ""

    @property
    def is_binary(self) -> bool:
        return self.ending in BINARY_ENDINGS

    @property
    def in_system_folder(self) -> bool:
        return self.below_drive.startswith(_SYSTEM_FOLDERS)

    @property
    def is_user_writable(self) -> bool:
        """Writable by ordinary users by default, or a classic place to drop files."""
        path = self.below_drive
        if not self.drive or not path.startswith("\\"):
            return False
        if path.startswith(_PROGRAM_DATA_OF_VENDORS):
            return False
        top, _, rest = path[1:].partition("\\")
        if not rest:
            return self.is_binary  # a program in the root of a drive
        if top in ("windows", "winnt"):
            return rest.startswith(_WRITABLE_BELOW_WINDOWS)
        return top in _WRITABLE_TOP or top == "programdata"

    @property
    def oddities(self) -> tuple[str, ...]:
        """What is unusual about the path's syntax, in words."""
        found = _oddities(self.text)
        return (*found, _SHORT) if self.assumed and _SHORT not in found else found

    @property
    def is_odd(self) -> bool:
        return bool(self.oddities)

    @property
    def is_startup_folder(self) -> bool:
        """Whether what lies there is run by itself: startup folders, tasks, scripts of policies."""
        return is_run_there(self.text)

    @property
    def is_hive_file(self) -> bool:
        r"""A registry hive of the machine, its logs and backups, below `System32\config`."""
        folder, _, name = self.below_drive.rpartition("\\")
        if not folder.endswith(("\\config", "\\regback")):
            return False
        return bool(re.fullmatch(_HIVE_FOLDER, folder)) and bool(re.fullmatch(_HIVE_NAME, name))

    @property
    def is_forensic_trace(self) -> bool:
        """Event logs and what else an examiner reads: prefetch, Amcache, SRUM, the change journal."""
        path = self.below_drive
        if any(part in path for part in _TRACES) or path.endswith("\\srudb.dat"):
            return True
        return path.endswith((".evtx", ".evt")) and bool(re.search(_EVENT_LOG, path))


_HIVE_FOLDER = r"\\(windows|winnt)\\system32\\config(\\regback)?"
_HIVE_NAME = r"(sam|security|software|default|system|components)(\.(log\d?|alt|sav))?"
_EVENT_LOG = r"\\system32\\winevt\\logs\\.*\.evtx$|\\system32\\config\\[^\\]*\.evt$"
_TRACES = ("\\windows\\prefetch\\", "amcache.hve", "\\windows\\appcompat\\", "$usnjrnl")


@lru_cache(maxsize=20_000)
def comparable(text: str, system_root: str = "C:\\Windows") -> Comparable:
    r"""The comparable form of a path however it is spelled. `system_root` is a DOS path.

    Variables of the machine are replaced; others stay as they are. `.` and `..` are resolved, `/` is `\`, double backslashes
    are one, blanks and dots at the end of a component go, and so does the name of the default stream. A volume named by its
    device or its GUID counts as that of Windows where what follows is a folder that stands there. The links of Windows to
    ProgramData and the standard short names of folders are followed (`folder_names`).
    """
    marker = re.match(_MARKER, text) if text[:1] in _MARKS else None
    mark = marker.group(0) if marker else ""
    path = text[len(mark) :].replace("/", "\\").casefold()
    root = system_root.casefold()
    if path[:1] in _LED:
        if path.startswith(_PREFIXES):
            path = _without_prefixes(path)
        if path.startswith(_VOLUMES):
            path = _on_windows_volume(path, root[:2])
    path = path.removesuffix("::$data")
    if "%" in path:
        if path.startswith("%systemroot%\\"):
            path = root + path[12:]
        if "%" in path:
            known = _variables(root)
            path = _VARIABLE.sub(lambda found: known.get(found[1], found[0]), path)
    if path.startswith("\\systemroot\\"):
        path = root + path[len("\\systemroot") :]
    elif path.startswith(("system32\\", "syswow64\\")):
        path = f"{root}\\{path}"
    network = path.startswith(("\\\\", "unc\\"))
    if "\\\\" in path:
        path = re.sub(_SLASHES, r"\\", path)
    if " \\" in path or ".\\" in path or path.endswith((" ", ".")):
        path = _tidied(path)
    if network:
        path = "\\\\" + path.removeprefix("unc").lstrip("\\")
    if "~" in path or "\\all users" in path or "\\application data" in path:
        from hivecheck.rules.folder_names import name_folders  # few machines have such a path

        path, assumed = name_folders(path)
        return Comparable(path, mark, assumed)
    return Comparable(path, mark)


def _without_prefixes(path: str) -> str:
    for _ in range(_PREFIXES_AT_MOST):
        if not path.startswith(_PREFIXES):
            break
        path = path[next(len(one) for one in _PREFIXES if path.startswith(one)) :]
        if path.startswith(_ROUNDABOUT):
            path = path[path.index("\\") :] if path.startswith("globalroot") else "\\??\\" + path[len("global\\") :]
    return path


@lru_cache(maxsize=64)
def _variables(root: str) -> dict[str, str]:
    """What variables of the machine stand for, by folded names; `root` is the folded path of Windows."""
    drive = root[:2]
    return {
        "systemroot": root,
        "windir": root,
        "systemdrive": drive,
        "programfiles": drive + "\\program files",
        "programfiles(x86)": drive + "\\program files (x86)",
        "commonprogramfiles": drive + "\\program files\\common files",
        "programdata": drive + "\\programdata",
        "allusersprofile": drive + "\\programdata",
        "public": drive + "\\users\\public",
    }


def _on_windows_volume(path: str, drive: str) -> str:
    """The path with the drive of Windows for a volume named otherwise, where it goes on as paths on that volume do."""
    found = re.match(_VOLUME, path)
    return drive + path[found.end(1) :] if found else path


def _tidied(path: str) -> str:
    """The path without `.` and `..`, and without the blanks and dots at the end of each component."""
    parts: list[str] = []
    for part in path.split("\\"):
        if part == ".":
            continue
        if part == "..":
            if len(parts) > 1:
                parts.pop()
            continue
        parts.append(part.rstrip(" .") or part[:1] if part.strip(" .") else part)
    return "\\".join(parts)


@lru_cache(maxsize=4_000)
def _oddities(path: str) -> tuple[str, ...]:
    found: list[str] = []
    if path.startswith("\\\\"):
        found.append("a network path")
    elif path.startswith(("\\device\\", "globalroot\\", "\\globalroot\\", "volume{", "physicaldrive", "harddiskvolume")):
        found.append("a device path instead of a drive letter")
    elif path[1:2] != ":":
        found.append("no drive and no known folder")
    if ":" in path[2:]:
        found.append("an alternate data stream")
    if "~" in path and re.search(_SHORT_NAME, path):
        found.append(_SHORT)
    if not path.isascii():
        found.append("letters beyond ASCII")
    ends = path.rsplit("\\", 1)[-1].split(".")
    if (
        len(ends) > 2
        and "." + ends[-1] in BINARY_ENDINGS
        and ends[-2] in ("pdf", "doc", "docx", "jpg", "png", "txt", "xls", "zip")
    ):
        found.append("a double extension")
    return tuple(found)


@lru_cache(maxsize=1_000)
def runs_an_interpreter(command: str) -> str:
    """The interpreter or dual-use tool that a command line names as a program anywhere in it; '' where it names none."""
    text = command.casefold()
    if "%comspec%" in text:
        return "%ComSpec%"
    for token in text.translate(_APART).split():
        name = token.rsplit("\\", 1)[-1]
        if "/" in name and "://" not in token:  # a path with slashes as well; `/c` is a switch
            above, _, below = name.rpartition("/")
            name = below if above else name
        tool = scripting_tool(name)
        if tool:
            return tool
        if name in ("msiexec", "msiexec.exe") and _installs(text):
            return "msiexec"
    return ""


def scripting_tool(name: str) -> str:
    """The interpreter or dual-use tool that a folded file name stands for, also as a standard short name; '' where it is none.

    Windows drops dots at the end of a name, and puts no `.exe` behind a name with a dot.
    """
    bare = name.rstrip(".")
    bare = bare.removesuffix(".exe") if bare.endswith(".exe") else name
    return bare if bare in _SCRIPTING else _SHORT_TOOLS.get(bare, "")


def _installs(text: str) -> bool:
    """Whether a folded line of msiexec installs something, unseen or from the network."""
    words = text.split()
    arguments = words if text[:1].isspace() else words[1:]
    return any(word.startswith(_INSTALLING) for word in arguments) or "http:" in text or "https:" in text


def edit_distance(left: str, right: str, limit: int = 3) -> int:
    """The Levenshtein distance of two short names, `limit` where it is that or more."""
    if abs(len(left) - len(right)) >= limit or max(len(left), len(right)) > 64:
        return 0 if left == right else limit
    row = list(range(len(right) + 1))
    for number, letter in enumerate(left, 1):
        above, row[0] = row[0], number
        for place, other in enumerate(right, 1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (letter != other))
    return min(row[-1], limit)

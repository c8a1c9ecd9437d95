r"""Other names of folders that Windows itself gives: the links of Vista and later to ProgramData, and standard short names.

A short (8.3) name is an assumption: which folder got `~1` is decided by which was made first, and short names may be off.
On a clean Windows the names below are those of its own folders; below the folders of programs they are a vendor's first.
`MICROS~1` right below ProgramData or a user's AppData\Roaming, and `STARTM~1` where Windows keeps a start menu or its link to one, are
Windows' own by far the likeliest: Setup and the making of a profile put them there before any program runs.
Source: Windows of 7 and 10 as installed (`dir /al`, `dir /x`); KB 2272016 (how short names are made); baselines.md 3.3.
"""

import re

_ALL_USERS = r"\\(?:users|documents and settings)\\all users(?=\\|$)"  # compiled when first needed: most paths need none
_BELOW_ALL_USERS = r"\\programdata(?:\\application data)+(?=\\|$)"
_PROGRAM_DATA, _PROGRAM_FILES, _PROGRAM_FILES_X86 = "programdata", "program files", "program files (x86)"
_TOP = {
    "progra~1": _PROGRAM_FILES,
    "progra~2": _PROGRAM_FILES_X86,
    "progra~3": _PROGRAM_DATA,
    "docume~1": "documents and settings",
}
_PROFILES = ("users", "documents and settings")
_DATA = (  # ProgramData and its links
    (_PROGRAM_DATA,), ("users", "all users"), ("documents and settings", "all users"),
    ("users", "all users", "application data"), ("documents and settings", "all users", "application data"),
)  # fmt: skip
_ROAMING = ("appdata", "roaming")
_OF_WINDOWS = ("microsoft", "windows")
_DEEPEST = 7  # C:\Users\NAME\AppData\Roaming\Microsoft\Windows\STARTM~1
_BELOW_USERS = {"alluse~1": "all users"}
_BELOW_ALL = {"applic~1": "application data"}
_OF_MICROSOFT = {"window~1": "windows defender", "micros~1": "microsoft antimalware"}
_OF_PROGRAMS = {
    "window~1": "windows defender", "common~1": "common files",
    "crowds~1": "crowdstrike", "sentin~1": "sentinelone", "trendm~1": "trend micro", "kasper~1": "kaspersky lab",
    "bitdef~1": "bitdefender", "avasts~1": "avast software", "malwar~1": "malwarebytes", "paloal~1": "palo alto networks",
    "cybere~1": "cybereason activeprobe", "checkp~1": "checkpoint", "symant~1": "symantec", "veloci~1": "velociraptor",
    "splunk~1": "splunkuniversalforwarder", "ossec-~1": "ossec-agent", "winlog~1": "winlogbeat", "limach~1": "limacharlie",
    "deepin~1": "deep instinct", "morphi~1": "morphisec", "pandas~1": "panda security",
}  # fmt: skip
_OF_DATA = {**_OF_PROGRAMS, "micros~1": "microsoft"}
_ON_32_BIT = r"micros(?:oft|~1)\\(?:window(?:s defender|~1)|windows\\start(?: menu|m~1))(?:\\|$)"  # ProgramData is the second of its kind there


def name_folders(path: str) -> tuple[str, tuple[str, ...]]:
    r"""A folded DOS path by the folders' own names, and the short names that were taken for them: `progra~1 as program files`.

    Only folders in their standard places have their names; any other part of a path stays as it is. A path without a drive
    is given back unchanged.
    """
    if path[1:3] != ":\\":
        return path, ()
    assumed: tuple[str, ...] = ()
    if "~" in path:
        path, assumed = _long_names(path)
    if "\\all users" in path:
        path = _led_on(_ALL_USERS, path)
    if "\\application data" in path:
        path = _led_on(_BELOW_ALL_USERS, path)
    return path, assumed


def _led_on(link: str, path: str) -> str:
    """The path with ProgramData in the place of a link that stands right below the drive."""
    found = re.compile(link).match(path, 2)
    return f"{path[:2]}\\{_PROGRAM_DATA}{path[found.end() :]}" if found else path


def _long_names(path: str) -> tuple[str, tuple[str, ...]]:
    """The path with its first folders' long names, level by level as far as they are standard."""
    parts = path.split("\\", _DEEPEST + 1)
    assumed: list[str] = []
    for level in range(1, min(len(parts), _DEEPEST + 1)):
        short = parts[level]
        if "~" not in short:
            continue
        long = _long_name(tuple(parts[1:level]), short, "\\".join(parts[level + 1 :]))
        if long:
            parts[level] = long
            assumed.append(f"{short} as {long}")
    return "\\".join(parts), tuple(assumed)


def _long_name(above: tuple[str, ...], short: str, below: str) -> str:
    """The name of the folder called `short` that lies below the folders `above`, '' where none is standard."""
    if not above:
        if short == "progra~2" and re.match(_ON_32_BIT, below):
            return _PROGRAM_DATA
        return _TOP.get(short, "")
    if short == "startm~1" and _has_start_menu(above):
        return "start menu"
    if short == "micros~1" and above[0] in _PROFILES and above[2:] == _ROAMING:
        return "microsoft"
    if above in (("documents and settings",), ("users",)):
        return _BELOW_USERS.get(short, "")
    if above in (("documents and settings", "all users"), ("users", "all users")):
        return _BELOW_ALL.get(short, "") or _OF_DATA.get(short, "")
    data = above[0] == _PROGRAM_DATA or above[:2] in (("users", "all users"), ("documents and settings", "all users"))
    if data and above[-1] == "microsoft":
        return _OF_MICROSOFT.get(short, "")
    if data and above[-1] in (_PROGRAM_DATA, "application data"):
        return _OF_DATA.get(short, "")
    if above in ((_PROGRAM_FILES,), (_PROGRAM_FILES_X86,)):
        return _OF_PROGRAMS.get(short, "")
    return ""


def _has_start_menu(above: tuple[str, ...]) -> bool:
    """Whether Windows keeps a start menu, or its link to one, right below these folders."""
    if above in _DATA or (len(above) == 2 and above[0] in _PROFILES):
        return True
    if above[-2:] != _OF_WINDOWS:
        return False
    owner = above[:-2]
    return owner in _DATA or (bool(owner) and owner[0] in _PROFILES and owner[2:] == _ROAMING)

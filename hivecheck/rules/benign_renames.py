r"""Pending renames that installers, updaters and Windows itself are known to leave: patterns over comparable paths.

A pattern describes, it does not forgive: a benign pattern never silences an operation that touches a system file or another
vendor's security product. In the folders of one product (`C:\Program Files\Vendor`) its updater is at work on its own files.
Source: baselines.md 3.2 (seen in real hives [H], on public pages [P], from memory [M]).
"""

import re
from collections.abc import Callable
from functools import lru_cache

from hivecheck.facts.fact import fact
from hivecheck.rules.paths import Comparable
from hivecheck.rules.system_files import is_nobodys_folder

OFFICE = "Office Click-to-Run"
_LONGEST = 520  # characters: no installer writes a longer path, and hostile ones cost nothing
_AMCACHE = r"\windows\appcompat\programs\amcache.hve"


Test = Callable[[str], bool]  # of a path from the drive's backslash on
_HEX = frozenset("0123456789abcdef")
_SERVICING_STARTS = ("set", "_", "old", "del")


@fact
class BenignRename:
    """`destination` is None for a delete. `holds` stands in every such source, so that few tests are ever made.

    A test is a pattern, or a function where many machines have such paths: compiling a pattern costs more than a hundred calls.
    `seen` is H, P or M. `marks` are those of the target, None for any; the file keeps its name where `same_name` says so.
    """

    writer: str
    holds: str
    source: str | Test
    destination: str | Test | None
    seen: str
    marks: str | None = None
    same_name: bool = False


def _delete(writer: str, holds: str, source: str | Test, seen: str = "H") -> BenignRename:
    return BenignRename(writer, holds, source, None, seen)


def _rename(writer: str, holds: str, source: str | Test, destination: str | Test, seen: str = "H") -> BenignRename:
    return BenignRename(writer, holds, source, destination, seen)


def is_numbered(name: str, start: str, fewest: int, most: int) -> bool:
    """Whether a folded name is `start`, so many hexadecimal digits, and `.tmp`."""
    digits = name[len(start) : -len(".tmp")]
    return name.startswith(start) and name.endswith(".tmp") and fewest <= len(digits) <= most and _HEX.issuperset(digits)


def is_servicing(source: Comparable, destination: Comparable | None, hotfixes: bool = False) -> bool:
    """Whether SetupAPI swaps a file: `SETx.tmp`, of one to four digits, and the file in one folder, either way.

    `hotfixes` where the Windows is one up to 2003: the names that its hotfixes give count as well.
    """
    if destination is None:
        return _is_servicing_name(source.name, hotfixes)
    return source.folder == destination.folder and any(
        _is_servicing_name(path.name, hotfixes, other.ending)
        for path, other in ((source, destination), (destination, source))
    )


def _is_servicing_name(name: str, hotfixes: bool, ending: str = "") -> bool:
    """Whether a folded name is one that SetupAPI or, where asked for, a hotfix gives to a file with this ending, '' for any.

    GetTempFileName writes its number in hexadecimal digits without leading zeros: from `SET9.tmp` on.
    """
    return any(is_numbered(name, start, 1, 4) for start in _SERVICING_STARTS) or (hotfixes and _is_hotfix_name(name, ending))


def _is_hotfix_name(name: str, ending: str) -> bool:
    """Whether a folded name is `_000001_.tmp`, with or without the ending of the file behind it, where that is given the same."""
    digits, more = name[1:7], name[12:]
    if not (name.startswith("_") and digits.isascii() and digits.isdigit() and name[7:12] == "_.tmp"):
        return False
    return not more or (more[0] == "." and more[1:].isalnum() and ending in ("", more))


def _in_drivers(name: Test) -> Test:
    """In System32 or its folder of drivers, with a name that passes."""
    folders = frozenset(f"\\{root}\\system32{below}" for root in ("windows", "winnt") for below in ("", "\\drivers"))
    return lambda path: (parts := path.rpartition("\\"))[0] in folders and name(parts[2])


def _in_spooler(*folders: str) -> Test:
    """A file right in one of these folders of the spooler's drivers."""
    below = "\\windows\\system32\\spool\\drivers"
    allowed = frozenset(f"{below}\\{machine}{folder}" for machine in ("x64", "w32x86", "arm64") for folder in folders)
    return lambda path: (parts := path.rpartition("\\"))[0] in allowed and bool(parts[2])


def _in_temporary(below: tuple[str, ...], name: Test) -> Test:
    r"""Right in such a folder of `Temp` or `Tmp`, wherever that is, with a name that passes."""
    folders = tuple(f"\\{top}{folder}" for top in ("temp", "tmp") for folder in below)
    return lambda path: (parts := path.rpartition("\\"))[0].endswith(folders) and name(parts[2])


def _ends(*ends: str) -> Test:
    return lambda path: path.endswith(ends)


def _at_or_below(*folders: str) -> Test:
    """One of these folders, wherever it lies, or what is in it."""
    parts = tuple(f"{folder}\\" for folder in folders)
    return lambda path: any(part in f"{path}\\" for part in parts)


def _is_set_file(name: str) -> bool:
    return is_numbered(name, "set", 1, 4)


def _is_driver_or_dll(name: str) -> bool:
    return len(name) > len(".sys") and name.endswith((".sys", ".dll"))


def _is_vmware_upgrader(path: str) -> bool:
    folder, _, name = path.rpartition("\\")
    return folder.endswith("\\temp\\vmware-system") and name.startswith("vmwaretoolsupgrader.exe") and name.endswith(".tmp")


BENIGN_RENAMES: tuple[BenignRename, ...] = (
    _delete("SetupAPI driver install", r"\set", _in_drivers(_is_set_file)),
    _delete("SetupAPI or Chocolatey", r"\del", _in_temporary(("", "\\chocolatey"), lambda name: is_numbered(name, "del", 0, _LONGEST))),
    _delete("NSIS or Inno Setup", r"mp\is-", r".*\\(temp|tmp)\\is-[0-9a-z]*\.tmp(\\.*)?"),
    _delete("NSIS or Inno Setup", r"mp\ns", r".*\\(temp|tmp)\\ns[0-9a-z]*\.tmp(\\.*)?"),
    _delete("Windows Installer", r"\config.msi", r"\\config\.msi(\\[0-9a-f]+\.rb[fs])?"),
    _delete("SetupAPI", r"\temp\ins_", r"\\(windows|winnt)\\temp\\ins_[^\\]*\.tmp"),
    _delete("SetupAPI", r"\temp\{", r"\\(windows|winnt)\\temp\\\{[^\\]*\.tmp"),
    _rename("SetupAPI driver install", r"\set", _in_drivers(_is_set_file), _in_drivers(_is_driver_or_dll)),
    BenignRename("Print spooler", r"\3\new", _in_spooler("\\3\\new"), _in_spooler("\\3"), "H", "", True),
    BenignRename(OFFICE, r"\updates\apply\filesinuse", r"\\program files(?: \(x86\))?\\microsoft office\\updates\\apply\\filesinuse\\.+", r"\\program files(?: \(x86\))?\\(?:microsoft office\\root|common files\\microsoft shared\\(?:clicktorun|office\d\d|proof|vba|source engine|textconv|vsto))\\.+", "P", "*1!"),
    BenignRename(OFFICE, r"\clicktorun\updates", r"\\program files(?: \(x86\))?\\common files\\microsoft shared\\clicktorun\\updates\\.+", r"\\program files(?: \(x86\))?\\common files\\microsoft shared\\clicktorun\\.+", "P", "*1!"),
    _delete(OFFICE, r"\updates\apply\filesinuse", r"\\program files(?: \(x86\))?\\microsoft office\\updates\\apply\\filesinuse(?:\\.*)?", "P"),
    _delete("Printer driver", r"\spool\drivers", r"\\windows\\system32\\spool\\drivers\\(x64|w32x86|arm64)\\3\\(new|old)\\.*"),
    _delete("Print processor", r"\spool\prtprocs", r"\\windows\\system32\\spool\\prtprocs\\(x64|w32x86)\\[0-9]+_.*\.dll", "P"),
    _rename("Windows", r"\amcache.hve.tmp", rf"{_AMCACHE}.tmp".__eq__, _AMCACHE.__eq__),
    _delete("Google Update", r"\google", _at_or_below("\\google\\update", "\\google\\chrome")),
    _delete("Chrome", r"\scoped_dir", r".*\\temp\\scoped_dir[0-9_]+(\\.*)?"),
    _delete("Edge Update", r"\edgeupdate", r".*\\microsoft\\edgeupdate\\[0-9.]+(\\.*)?"),
    _delete("Dropbox", r"\dropbox", r".*\\dropbox\\(.*\\)?oldbinaries(\\.*)?"),
    _delete("OneDrive", r"\onedrive", r".*\\microsoft\\onedrive\\[0-9.]+(\\.*)?", "M"),
    _delete("VMware Tools", r"\vmware-system", _is_vmware_upgrader),
    _rename("7-Zip", r"\7-zip", _ends(r"\7-zip\7-zip.dll.tmp", r"\7-zip\7-zip32.dll.tmp"), _ends(r"\7-zip\7-zip.dll", r"\7-zip\7-zip32.dll")),
    _delete("NVIDIA", r"\nvidialogging", r".*\\nvidialogging"),
    _delete("NVIDIA", r"\nvidia", r".*\\nvidia\\.*\.tmp"),
    _delete("Microsoft Gaming Services", r"\gamingservicesproxy_", r".*\\gamingservicesproxy_[0-9]+\.dll\.[0-9]"),
    _delete("Windows Resource Protection", r"\wrp", r"\\wrp[0-9a-f]{4}\.tmp"),
    _rename("Font installer", r".ttf.new", r".*\\fonts\\[^\\]+\.ttf\.new", r".*\\fonts\\[^\\]+\.ttf", "P"),
    _delete("Firefox", r"\tobedeleted", r".*\\mozilla firefox\\tobedeleted(\\.*)?", "P"),
    _delete("LibreOffice", r"\libreoffice", r".*\\libreoffice\\.*update_service\.exe", "P"),
    _delete("Notepad++", r"\nppshell", r".*\\nppshell[^\\]*\.(dll|msix)", "P"),
    _delete("hermes-agent", r"\hermes.exe", r".*\\hermes\.exe(\.old\.[^\\]*)?", "P"),
    _delete("Node.js add-on", r".node", r".*\\temp\\\.[0-9a-f]+\.node", "P"),
    _delete("PackageManagement", r"\oneget", r".*\\temp\\oneget\\.*", "P"),
    _delete("Tencent PC Manager", r"\tencent", r".*\\tencent\\qqpcmgr\\.*garbagelist\.drt", "P"),
    _rename("Windows application compatibility", r"\apppatch", r".*\\apppatch\\[^\\]+", r".*\\apppatch\\[^\\]+\.(dll|sdb)", "P"),
)  # fmt: skip


_DELETES = tuple((known.holds, known) for known in BENIGN_RENAMES if known.destination is None)
_RENAMES = tuple((known.holds, known) for known in BENIGN_RENAMES if known.destination is not None)


@lru_cache(maxsize=4_000)
def benign_writer(source: Comparable, destination: Comparable | None) -> str:
    """Who is known to leave such an operation, '' where nobody is. `destination` is None for a delete."""
    text, target = source.below_drive, destination.below_drive if destination is not None else None
    if not source.drive or len(text) > _LONGEST or (target is not None and len(target) > _LONGEST):
        return ""
    for holds, known in _DELETES if target is None else _RENAMES:
        if holds not in text:
            continue
        if destination is not None and not _fits_marks(known, source, destination):
            continue
        if _passes(known.source, text) and (
            known.destination is None or target is None or _passes(known.destination, target)
        ):
            return known.writer
    return ""


def _passes(test: str | Test, path: str) -> bool:
    return bool(re.fullmatch(test, path)) if isinstance(test, str) else test(path)


def _fits_marks(known: BenignRename, source: Comparable, destination: Comparable) -> bool:
    if known.marks is not None and destination.marker != known.marks:
        return False
    return not known.same_name or source.name == destination.name


_PROGRAM_FOLDERS = frozenset({"program files", "program files (x86)", "programdata"})
_WIDE_VENDORS = frozenset({"common files", "microsoft", "google", "adobe", "windows nt"})


def same_product(one: Comparable, other: Comparable) -> bool:
    """Whether two paths lie in one folder, or in that of one product: an updater at work on its own files.

    A folder that all share, as System32 is, belongs to no product.
    """
    if one.folder == other.folder and not is_nobodys_folder(one.folder):
        return True
    root = _product_root(one)
    return bool(root) and root == _product_root(other)


def _product_root(path: Comparable) -> str:
    """`c:\\program files\\vendor`: as many folders as one product has for itself; '' where the path is of no product."""
    parts = path.text.split("\\", 7)
    if len(parts) > 3 and parts[1] in _PROGRAM_FOLDERS:
        levels = 4 if parts[2] in _WIDE_VENDORS else 3
    elif len(parts) > 6 and parts[1] == "users" and parts[3] == "appdata":
        levels = 7 if parts[5] in _WIDE_VENDORS else 6
    else:
        return ""
    return "\\".join(parts[:levels]) if len(parts) > levels else ""

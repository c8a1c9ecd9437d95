r"""Pending renames that installers, updaters and Windows itself are known to leave: patterns over comparable paths.

A pattern describes, it does not forgive: a benign pattern never silences an operation that touches a system file or another
vendor's security product. Source: baselines.md 3.2 (seen in real hives [H], on public pages [P], from memory [M]).
"""

import re

from hivecheck.facts.fact import fact
from hivecheck.rules.paths import Comparable


@fact
class BenignRename:
    """`destination` is None for a delete. `seen` is H, P or M."""

    writer: str
    source: re.Pattern[str]
    destination: re.Pattern[str] | None
    seen: str


def _delete(writer: str, source: str, seen: str = "H") -> BenignRename:
    return BenignRename(writer, re.compile(source), None, seen)


def _rename(writer: str, source: str, destination: str, seen: str = "H") -> BenignRename:
    return BenignRename(writer, re.compile(source), re.compile(destination), seen)


BENIGN_RENAMES: tuple[BenignRename, ...] = (
    _delete("Windows Installer", r"[a-z]:\\config\.msi(\\[0-9a-f]+\.rb[fs])?$"),
    _delete("NSIS or Inno Setup", r".*\\(temp|tmp)\\(is-|ns)[0-9a-z]*\.tmp(\\.*)?$"),
    _delete("SetupAPI", r".*\\windows\\temp\\(ins_|del|\{)[^\\]*\.tmp$"),
    _delete("SetupAPI", r".*\\driverstore\\temp\\del[0-9a-f]*\.tmp"),
    _delete("Chocolatey", r".*\\chocolatey\\del[0-9a-f]*\.tmp"),
    _delete("SetupAPI driver install", r".*\\system32\\(drivers\\)?set[0-9a-f]{3,4}\.tmp$"),
    _rename("SetupAPI driver install", r".*\\system32\\(drivers\\)?set[0-9a-f]{3,4}\.tmp$", r".*\\system32\\(drivers\\)?[^\\]+\.(sys|dll)$"),
    _rename("Print spooler", r".*\\spool\\drivers\\(x64|w32x86|arm64)\\3\\new\\[^\\]+$", r".*\\spool\\drivers\\(x64|w32x86|arm64)\\3\\[^\\]+$"),
    _delete("Printer driver", r".*\\spool\\drivers\\(x64|w32x86|arm64)\\3\\(new|old)\\.*$"),
    _delete("Print processor", r".*\\spool\\prtprocs\\(x64|w32x86)\\[0-9]+_.*\.dll$", "P"),
    _rename("Windows", r".*\\appcompat\\programs\\amcache\.hve\.tmp$", r".*\\appcompat\\programs\\amcache\.hve$"),
    _delete("Google Update", r".*\\google\\(update|chrome)\\.*"),
    _delete("Chrome", r".*\\temp\\scoped_dir[0-9_]+(\\.*)?$"),
    _delete("Edge Update", r".*\\microsoft\\edgeupdate\\[0-9.]+(\\.*)?$"),
    _delete("Dropbox", r".*\\dropbox\\.*\\oldbinaries\\.*"),
    _delete("OneDrive", r".*\\microsoft\\onedrive\\[0-9.]+(\\.*)?$", "M"),
    _delete("VMware Tools", r".*\\temp\\vmware-system\\vmwaretoolsupgrader\.exe[^\\]*\.tmp$"),
    _rename("7-Zip", r".*\\7-zip\\7-zip(32)?\.dll\.tmp$", r".*\\7-zip\\7-zip(32)?\.dll$"),
    _delete("NVIDIA", r".*\\nvidialogging$"),
    _delete("NVIDIA", r".*\\nvidia\\.*\.tmp$"),
    _delete("Microsoft Gaming Services", r".*\\gamingservicesproxy_[0-9]+\.dll\.[0-9]$"),
    _delete("Windows Resource Protection", r"[a-z]:\\wrp[0-9a-f]{4}\.tmp$"),
    _rename("Font installer", r".*\\fonts\\[^\\]+\.ttf\.new$", r".*\\fonts\\[^\\]+\.ttf$", "P"),
    _delete("Firefox", r".*\\mozilla firefox\\tobedeleted(\\.*)?$", "P"),
    _delete("LibreOffice", r".*\\libreoffice\\.*update_service\.exe$", "P"),
    _delete("Notepad++", r".*\\nppshell[^\\]*\.(dll|msix)$", "P"),
    _delete("Node.js add-on", r".*\\temp\\\.[0-9a-f]+\.node$", "P"),
    _delete("PackageManagement", r".*\\temp\\oneget\\.*", "P"),
    _delete("Tencent PC Manager", r".*\\tencent\\qqpcmgr\\.*garbagelist\.drt$", "P"),
    _rename("Windows application compatibility", r".*\\apppatch\\[^\\]+$", r".*\\apppatch\\[^\\]+\.(dll|sdb)$", "P"),
)  # fmt: skip


def benign_writer(source: Comparable, destination: Comparable | None) -> str:
    """Who is known to leave such an operation, '' where nobody is. `destination` is None for a delete."""
    for known in BENIGN_RENAMES:
        if (known.destination is None) != (destination is None) or not known.source.match(source.text):
            continue
        if known.destination is None or destination is None or known.destination.match(destination.text):
            return known.writer
    return ""

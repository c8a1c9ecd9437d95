"""Pending renames as servicing and installers leave them, told from the paths alone.

A name only describes, and whoever plants something may choose it: no operation counts that touches a file which Windows depends
on, one of a security product, a place whose files run by themselves, or a name that a service of Windows is known to look for
in vain. What a rename puts somewhere comes from the same folder, or from the folder beside it that its writer uses.
Source: baselines.md 3.2.
"""

import re
from collections.abc import Mapping
from typing import Any

from hivecheck.compare.difference import Difference
from hivecheck.rules.benign_renames import benign_writer, is_servicing, same_product
from hivecheck.rules.paths import Comparable, comparable
from hivecheck.rules.rename_alarms import is_temporary, is_windows_file
from hivecheck.rules.security_products import vendor_of_path
from hivecheck.rules.system_files import is_shipped

Json = Any
_LONGEST = 520
_STORES = (
    "\\windows\\winsxs\\",
    "\\windows\\system32\\driverstore\\",
    "\\windows\\softwaredistribution\\",
    "\\config.msi\\",
)
_SPOOLER = "Print spooler"
_PRINTER_FILE = re.compile(r"(mxdwdrv|pjlmon|ps5ui|pscript5|unidrv[a-z]*|unires|printconfig|fxs[a-z]*)\.(dll|exe)")
_OLD_VERSION = re.compile(r"\\program files( \(x86\))?\\.*\\updates?\\[0-9]+(\.[0-9]+)*(\\[^\\]+\.(dll|exe))?")
# Libraries that services of Windows look for and Windows does not have.
_PHANTOMS = frozenset(
    {
        "wlbsctrl.dll", "wlanapi.dll", "wptsextensions.dll", "tsmsisrv.dll", "tsvipsrv.dll", "diagtrack_win.dll",
        "windowscoredeviceinfo.dll", "ualapi.dll", "oci.dll", "msfte.dll", "fxsst.dll", "cdpsgshims.dll", "edgegdi.dll", "wow64log.dll",
    }
)  # fmt: skip


def rename_reason(difference: Difference) -> str:
    """Why a pending rename or delete looks like the work of updates and installers, '' where it does not or is no such thing."""
    pair = difference.after if difference.after is not None else difference.before
    if not isinstance(pair, dict) or "source" not in pair:
        return ""
    named = pair.get("destination")
    source = comparable(str(pair["source"])[:_LONGEST])
    destination = comparable(str(named)[:_LONGEST]) if named else None
    if ".." in str(pair["source"]) + str(named) or any(
        _is_precious(one) for one in (source, destination) if one is not None
    ):
        return ""
    return _of_delete(source) if destination is None else _of_move(source, destination, pair)


def paths_of(pair: Mapping[str, Json]) -> tuple[Comparable, ...]:
    """The paths that a pending operation is about, as they compare; none of one component alone."""
    named = [str(pair[side])[:_LONGEST] for side in ("source", "destination") if pair.get(side)]
    return tuple(comparable(text) for text in named if "\\" in text)


def _is_precious(path: Comparable) -> bool:
    return is_shipped(path) or bool(vendor_of_path(path)) or path.is_startup_folder or path.name in _PHANTOMS or path.is_odd


def _of_delete(source: Comparable) -> str:
    writer = benign_writer(source, None)
    if writer:
        return f"{writer} is known to leave such operations"
    if is_servicing(source, None) and is_windows_file(source):
        return "SetupAPI swaps files by such names"
    if source.below_drive.startswith(_STORES):
        return "it is in a store from which Windows serves itself"
    if source.name.endswith((".rbf", ".rbs")):
        return "Windows Installer keeps files that it replaces under such names"
    if source.ending == ".tmp" and source.below_drive.startswith(("\\windows\\temp\\", "\\winnt\\temp\\")):
        return "by its name it is left over from an installation"
    if re.fullmatch(_OLD_VERSION, source.below_drive):
        return "an updater takes away an older version of its own"
    return ""


def _of_move(source: Comparable, destination: Comparable, pair: Mapping[str, Json]) -> str:
    writer = benign_writer(source, destination)
    if writer == _SPOOLER:
        beside = source.folder == destination.folder + "\\new" and source.name == destination.name
        known = beside and not pair.get("replaces") and re.fullmatch(_PRINTER_FILE, source.name)
        return "the print spooler is known to leave such operations" if known else ""
    if writer and source.folder == destination.folder:
        return f"{writer} is known to leave such operations"
    updates = "\\update" in source.folder or is_temporary(source)
    shared = destination.below_drive.startswith(("\\program files\\", "\\program files (x86)\\"))
    if shared and updates and same_product(source, destination):
        return "an updater puts a file of its own product in place"
    return ""

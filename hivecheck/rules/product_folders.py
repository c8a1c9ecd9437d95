r"""Folders of one product, in which its updater is at work on its own files: `C:\Program Files\Vendor` and the like."""

from hivecheck.rules.paths import Comparable
from hivecheck.rules.system_files import is_nobodys_folder

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

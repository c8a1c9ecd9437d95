r"""Files of another Windows installation on the same machine: `C:\WINNT\system32\config\SAM` where this Windows lies in `C:\Windows`.

Told only where the hive itself says for sure where this Windows lies, and where no service or list of it
names a file in the other folder.
Which volume a letter means is asked of the mount manager: two letters of one volume are one drive.
"""

from typing import TYPE_CHECKING

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2000
from hivecheck.rules.paths import Comparable
from hivecheck.settings.catalog import DLL_DIRECTORY, DLL_DIRECTORY_32

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

_FOLDERS = frozenset({"windows", "winnt"})


def other_windows(case: "Case", path: Comparable) -> str:
    r"""The folder of another Windows that a path lies in, folded (`c:\winnt`); '' where it lies in none, or that is not sure."""
    top = path.below_drive[1:].partition("\\")[0]
    if top not in _FOLDERS or not path.drive or path.assumed:
        return ""
    if not _knows_own(case):
        return ""
    own = case.path(case.system_root)
    folder = path.text[: path.text.index("\\") + 1] + top
    if folder == own.text or path.text.startswith(own.text + "\\"):
        return ""
    if folder in case.renames.folders_in_use:
        return ""  # this Windows uses what lies there, whatever the hive says of its own folder
    if path.text[:1] != own.text[:1] and not _are_apart(case, path.text[:1], own.text[:1]):
        return ""
    return folder


def tell_other(case: "Case") -> str:
    """That a file belongs to another installation, as the rest of a sentence."""
    return f"that folder is another installation's, as this Windows lies in {case.system_root}, unless a link leads here"


def folders_in_use(case: "Case") -> frozenset[str]:
    r"""The folders right below a drive (`c:\windows`) from which services, processes of Windows or KnownDLLs of this hive come."""
    mapped = (case.path(case.settings[row].value).text for row in (DLL_DIRECTORY, DLL_DIRECTORY_32))
    return frozenset("\\".join(text.split("\\", 2)[:2]) for text in (*case.programs_by_path, *case.renames.hosted, *mapped))


def _knows_own(case: "Case") -> bool:
    """Whether the hive says for sure where this Windows lies: by two values, or by one that fits what Setup proposes."""
    root = case.facts.system_root
    if root.confidence is Confidence.HIGH:
        return True
    proposed = "\\winnt" if case.generation <= WIN2000 else "\\windows"
    alone = root.confidence is Confidence.MEDIUM and len(root.reasons) == 1  # nothing speaks against it
    return alone and case.path(case.system_root).below_drive == proposed


def _are_apart(case: "Case", one: str, other: str) -> bool:
    """Whether two letters are surely different volumes."""
    first, second = (case.value("\\MountedDevices", f"\\DosDevices\\{letter.upper()}:") for letter in (one, other))
    return first is not None and second is not None and first.data != second.data

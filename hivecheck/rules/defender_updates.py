r"""What Microsoft Defender's own updates delete at boot: platforms older than the one that runs, and sets of definitions.

Each platform lies in a folder of its version, and the service is pointed at the newest; each set of definitions lies in a
folder named by a GUID. Source: detections.md 1.2; real hives of 10 1709 and 1903 (where the services point).
"""

import re
from typing import TYPE_CHECKING

from hivecheck.rules.paths import Comparable

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

_LOOKED_AT = 520  # characters of a path
_VERSION = r"\d{1,5}(?:\.\d{1,5}){1,3}-\d{1,3}"
_PLATFORM = rf"(\\programdata\\microsoft\\windows defender\\platform\\({_VERSION}))(?:\\.*)?"
_RUNS = rf"\\windows defender\\platform\\({_VERSION})\\"
_DEFINITIONS = (  # these three are compiled when first needed: few lists name them
    r"(\\programdata\\microsoft\\windows defender\\definition updates\\\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\})(?:\\.*)?"
)


def told_as_update(case: "Case", source: Comparable) -> str:
    """Why a delete is likely one of Defender's own updates, as the rest of a sentence; '' where it is not."""
    path = source.below_drive[:_LOOKED_AT]
    if "\\windows defender\\" not in path:
        return ""
    found = re.fullmatch(_PLATFORM, path)
    if found is not None:
        program = _program(case)
        if not program or f"{source.drive}:{found[1]}" in case.security.folders:
            return ""
        runs = re.search(_RUNS, program)
        if runs is None and source.below_drive == found[1]:
            return "of a platform that its service does not run in this hive: its updates delete older ones"
        if runs is not None and _numbers(found[2]) < _numbers(runs[1]):
            return f"of a platform older than {runs[1]}, which its service runs: its updates delete those"
        return ""
    found = re.fullmatch(_DEFINITIONS, path)
    if found is not None and f"{source.drive}:{found[1]}" not in case.security.folders:
        return "of one set of definitions, which its updates delete; which set is in use this hive does not say"
    return ""


def _program(case: "Case") -> str:
    """The program of Defender's service, folded; '' where it has none or is not there."""
    service = case.lists.services.named("WinDefend")
    return service.image_path[:_LOOKED_AT].casefold() if service is not None else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.split(r"[.-]", version))

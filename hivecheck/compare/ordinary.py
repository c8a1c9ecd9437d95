r"""What ordinary work of a machine leaves in its settings: servicing and what a machine writes by running, told from the data alone.

Each function gives the reason as a sentence, '' where the thing is not of that kind. A name only describes: what weighs a
change against a finding is in `verdicts`. Source: baselines.md 3.2; smss.md A, B.
"""

import re
from collections.abc import Mapping
from typing import Any

from hivecheck.compare.difference import Difference
from hivecheck.facts.command_line import parse_command_line
from hivecheck.rules.benign_renames import benign_writer
from hivecheck.rules.paths import Comparable, comparable
from hivecheck.rules.rename_alarms import is_servicing

Json = Any
_LONGEST = 520
_POQEXEC = r"\windows\system32\poqexec"
_PENDING_LIST = (r"\windows\winsxs\pending.xml", r"\windows\winsxs\poqexec.log")
_STORES = (
    "\\windows\\winsxs\\",
    "\\windows\\system32\\driverstore\\",
    "\\windows\\softwaredistribution\\",
    "\\config.msi\\",
)
_VERSION = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+){1,4}(?:-[0-9]+)?(?![0-9.])")
_MACHINE = {
    "memory management/existingpagefiles": "smss writes which paging files it made",
    "memory management/pagefileusage": "Windows writes how much of the paging files is in use",
    "memory management/temppagefile": "smss writes that it made a paging file for an emergency",
    "prefetchparameters/bootid": "the prefetcher counts the boots",
    "prefetchparameters/basetime": "the prefetcher writes a time at each boot",
    "environment/number_of_processors": "the kernel finds it out of the hardware at each boot",
    "environment/processor_level": "the kernel finds it out of the hardware at each boot",
    "environment/processor_identifier": "the kernel finds it out of the hardware at each boot",
    "environment/processor_revision": "the kernel finds it out of the hardware at each boot",
    "select/failed": "the loader writes the control set of a boot that failed",
    "select/lastknowngood": "Windows writes the control set of the last boot that went well",
    "select/current": "the loader writes the control set that it takes",
}


def servicing_reason(difference: Difference) -> str:
    """Why a setting's change, or one of its elements, looks like the work of updates and installers."""
    thing = difference.after if difference.after is not None else difference.before
    if isinstance(thing, dict) and "source" in thing:
        return _of_rename(thing)
    if difference.name.startswith("SetupExecute") and isinstance(thing, str):
        return _of_setup_command(thing)
    return ""


def version_reason(before: Json, after: Json) -> str:
    """That two texts, or the texts of two events, differ by a version number in a path and nothing else."""
    if isinstance(before, dict) and isinstance(after, dict):
        differing = [name for name in after if before.get(name) != after[name]]
        reasons = [version_reason(before.get(name), after[name]) for name in differing]
        return reasons[0] if reasons and all(reasons) else ""
    if not (isinstance(before, str) and isinstance(after, str)) or "\\" not in after or before == after:
        return ""
    one, other = before[:_LONGEST].casefold(), after[:_LONGEST].casefold()
    if len(before) > _LONGEST or len(after) > _LONGEST or not _VERSION.search(other):
        return ""
    return "only the version in the path changed" if _VERSION.sub("#", one) == _VERSION.sub("#", other) else ""


def machine_reason(name: str, settings: Mapping[str, Json]) -> str:
    """Why the machine itself writes a setting or a variable by running. `settings` are those of the document."""
    known = _MACHINE.get(name.casefold(), "")
    if known:
        return known
    reader = str(settings.get(name, {}).get("reader", ""))
    return f"it is {reader} at each boot" if reader.startswith("written by") else ""


def _of_rename(pair: Mapping[str, Json]) -> str:
    source = comparable(str(pair["source"])[:_LONGEST])
    named = pair.get("destination")
    destination = comparable(str(named)[:_LONGEST]) if named else None
    writer = benign_writer(source, destination)
    if writer:
        return f"{writer} is known to leave such operations"
    if is_servicing(source, destination) and _is_of_windows(source):
        return "SetupAPI swaps files by such names"
    if destination is None and source.below_drive.startswith(_STORES):
        return "it is in a store from which Windows serves itself"
    if destination is None and source.name.endswith((".rbf", ".rbs")):
        return "Windows Installer keeps files that it replaces under such names"
    return ""


def _of_setup_command(text: str) -> str:
    line = parse_command_line(text[:_LONGEST])
    image = comparable(line.image).below_drive.removesuffix(".exe")
    named = [comparable(word).below_drive for word in line.arguments.split()[-1:]]
    if image == _POQEXEC and named and named[0] in _PENDING_LIST:
        return "component servicing asks for poqexec.exe while updates are pending"
    return ""


def _is_of_windows(path: Comparable) -> bool:
    return path.below_drive.startswith(("\\windows\\", "\\winnt\\"))

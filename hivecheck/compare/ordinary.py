r"""What ordinary work of a machine leaves in its settings: servicing and what a machine writes by running, told from the data alone.

Each function gives the reason as a sentence, '' where the thing is not of that kind. A name only describes: what weighs a
change against a finding is in `verdicts`. Source: baselines.md 3.2; smss.md A, B.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hivecheck.compare.difference import Difference
from hivecheck.facts.command_line import parse_command_line
from hivecheck.rules.paths import comparable

Json = Any
_LONGEST = 520
_POQEXEC = r"\windows\system32\poqexec"
_PENDING_LIST = (r"\windows\winsxs\pending.xml", r"\windows\winsxs\poqexec.log")
_PAGE_FILES = (r"\pagefile.sys", r"\swapfile.sys")
# A folder that is named by a version, with or without the product's name before it; and a package of the driver store.
_VERSION = re.compile(r"([a-z_-]*[ _-]?v?)[0-9]+(?:\.[0-9]+){1,4}(?:-[0-9]+)?")
_PACKAGE = re.compile(r"([a-z0-9._-]+\.inf_(?:amd64|x86|arm64|arm|wow64)_(?:neutral_)?)[0-9a-f]{16}")
_REPOSITORY = "\\driverstore\\filerepository\\"


def _is_number(said: Json) -> bool:
    return isinstance(said, int) or (isinstance(said, str) and said.isdecimal() and len(said) <= 4)


def _is_revision(said: Json) -> bool:
    return isinstance(said, str) and bool(re.fullmatch("[0-9a-fA-F]{1,8}", said))


def _is_identifier(said: Json) -> bool:
    return isinstance(said, str) and bool(re.fullmatch("[A-Za-z0-9 ,()]{1,120}", said))


def _is_page_file(said: Json) -> bool:
    """The path of a paging file under the name that Windows gives it, in the root of a drive."""
    return isinstance(said, str) and comparable(said[:_LONGEST]).below_drive in _PAGE_FILES


def _is_any(_: Json) -> bool:
    return True


# What the machine writes, whether a value is of the form that it writes, and who writes it.
_MACHINE: Mapping[str, tuple[Callable[[Json], bool], str]] = {
    "memory management/existingpagefiles": (_is_page_file, "smss writes which paging files it made"),
    "memory management/pagefileusage": (_is_any, "Windows writes how much of the paging files is in use"),
    "memory management/temppagefile": (_is_number, "smss writes that it made a paging file for an emergency"),
    "prefetchparameters/bootid": (_is_number, "the prefetcher counts the boots"),
    "prefetchparameters/basetime": (_is_number, "the prefetcher writes a time at each boot"),
    "environment/number_of_processors": (_is_number, "the kernel finds it out of the hardware at each boot"),
    "environment/processor_level": (_is_number, "the kernel finds it out of the hardware at each boot"),
    "environment/processor_identifier": (_is_identifier, "the kernel finds it out of the hardware at each boot"),
    "environment/processor_revision": (_is_revision, "the kernel finds it out of the hardware at each boot"),
    "select/failed": (_is_number, "the loader writes the control set of a boot that failed"),
    "select/lastknowngood": (_is_number, "Windows writes the control set of the last boot that went well"),
    "select/current": (_is_number, "the loader writes the control set that it takes"),
}


def command_reason(difference: Difference) -> str:
    """Why a command of SetupExecute looks like the work of component servicing."""
    thing = difference.after if difference.after is not None else difference.before
    if not difference.name.startswith("SetupExecute") or not isinstance(thing, str):
        return ""
    line = parse_command_line(thing[:_LONGEST])
    image = comparable(line.image).below_drive.removesuffix(".exe")
    named = [comparable(word).below_drive for word in line.arguments.split()[-1:]]
    if ".." not in thing and image == _POQEXEC and named and named[0] in _PENDING_LIST:
        return "component servicing asks for poqexec.exe while updates are pending"
    return ""


def version_reason(before: Json, after: Json) -> str:
    """That two texts, or the texts of two events, differ by a version in a path and nothing else.

    A version is a folder's name between two backslashes, so that the file, its arguments and the root are the same. A path
    that leads elsewhere than it reads, by `..`, or to a place that users can write to, is none of an update.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        differing = [name for name in after if before.get(name) != after[name]]
        reasons = [version_reason(before.get(name), after[name]) for name in differing]
        return reasons[0] if reasons and all(reasons) else ""
    if not (isinstance(before, str) and isinstance(after, str)) or len(before) > _LONGEST or len(after) > _LONGEST:
        return ""
    one, other = (text.replace("/", "\\").casefold() for text in (before, after))
    if one == other or "\\..\\" in one + other or "\\.\\" in one + other:
        return ""
    old, new = one.split("\\"), other.split("\\")
    if len(old) != len(new) or len(new) < 3 or (old[0], old[-1]) != (new[0], new[-1]) or not _leads_to_a_safe_place(other):
        return ""
    in_store = _REPOSITORY in other
    same = all(left == right or _is_other_version(left, right, in_store) for left, right in zip(old, new, strict=True))
    return "only the version in the path changed" if same else ""


def _is_other_version(one: str, other: str, in_store: bool) -> bool:
    for form in (_VERSION, *((_PACKAGE,) if in_store else ())):
        was, now = form.fullmatch(one), form.fullmatch(other)
        if was is not None and now is not None and was[1] == now[1]:
            return True
    return False


def _leads_to_a_safe_place(text: str) -> bool:
    path = comparable(text.lstrip('"').partition('"')[0])
    return not path.is_user_writable and not path.is_startup_folder


def machine_reason(difference: Difference, settings: Mapping[str, Json]) -> str:
    """Why the machine itself writes a setting or a variable by running, in this form. `settings` are those of the document."""
    name = difference.what if difference.is_whole else difference.name
    known = _MACHINE.get(name.casefold())
    said = difference.after if difference.after is not None else difference.before
    if isinstance(said, dict) and "value" in said:
        said = said["value"]
    if known is not None:
        counted = isinstance(said, dict) and "length" in said
        return known[1] if counted or known[0](said) else ""
    setting = settings.get(name)
    reader = str(setting.get("reader", "")) if isinstance(setting, dict) else ""
    return f"it is {reader} at each boot" if reader.startswith("written by") else ""

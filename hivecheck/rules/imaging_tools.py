r"""Drivers that the imaging tools of responders unpack for the moment: one list for every rule that meets them. Source: detections.md 5.1.

A name proves nothing by itself, so all of it must fit: the service's name, the file's, the folder, and no start by itself.
"""

import re

from hivecheck.facts.fact import fact
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.settings.services import DEMAND_START, DISABLED


@fact
class _Tool:
    """`driver` begins the names of service and file; `exact`: they are no longer. `temp`: it unpacks into a folder for temporary files."""

    name: str
    driver: str
    exact: bool
    temp: bool


_TOOLS = (
    _Tool("FTK Imager", "ad_driver", exact=True, temp=True),
    _Tool("win32dd, a memory dumper", "win32dd", exact=False, temp=False),
    _Tool("win64dd, a memory dumper", "win64dd", exact=False, temp=False),
)
_TEMPORARY = (  # compiled when needed
    r"\\(users|documents and settings)\\[^\\]+\\(appdata\\local|local settings)\\temp(\\\d{1,5})?|\\(windows|winnt)\\temp|\\temp"
)  # a session of Remote Desktop has a numbered folder of its own


UNPACKED = "where {} unpacks its driver; a responder may have run it"
"""How a rule tells of such a driver."""


def imaging_tool_of(program: ServiceProgram) -> str:
    """The tool whose driver this looks like in every respect, '' where it does not."""
    if not program.service.is_driver or program.service.start not in (DEMAND_START, DISABLED):
        return ""
    return imaging_tool_at(program.name, program.image)


def imaging_tool_at(service: str, image: Comparable) -> str:
    """The tool that unpacks a driver of this service (any case) to this place, '' for none; how it is started is not asked."""
    name, ending = image.name.rpartition(".")[::2]
    if ending != "sys" or ":" in image.text[2:] or not image.is_user_writable:
        return ""
    for tool in _TOOLS:
        names = (service.casefold(), name)
        if all(one == tool.driver or (not tool.exact and one.startswith(tool.driver)) for one in names):
            return tool.name if not tool.temp or _is_temporary(image) else ""
    return ""


def _is_temporary(image: Comparable) -> bool:
    return re.fullmatch(_TEMPORARY, image.folder[2:]) is not None

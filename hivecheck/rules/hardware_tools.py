"""Tools that read a computer's hardware and unpack a driver for it into a folder for temporary files at each run.

Everything must fit: the service's name, the file's, the folder, and no start by itself. Such drivers let a program reach the kernel, so
that attackers bring them along under these very names. Read only where a driver lies in a folder that users can write to. Source: the
names are from memory, and from services that people show in public.
"""

import re

from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.known_boot_programs import is_temporary
from hivecheck.settings.services import DEMAND_START, DISABLED

_TOOLS = (  # tool, service, file without its ending (`NAME`: that of the service), whether it has a folder of that name: patterns
    ("CPU-Z", r"cpuz[0-9]{2,4}", r"(NAME|cpuz)_x(32|64)", True),
    ("Core Temp", r"alsysio", r"alsysio(64)?", False),
    ("GPU-Z", r"gpu-z(-v[0-9]{1,2})?", r"NAME", False),
    ("HWiNFO", r"hwinfo(32|64)?(_[0-9]{1,4})?", r"hwinfo(32|64)?a?(_x(32|64))?(_[0-9]{1,4})?", False),
)
_NAME_AT_MOST = 64


def hardware_tool_of(program: ServiceProgram) -> str:
    """The tool whose driver this looks like in every respect, '' where it does not."""
    service, image = program.service, program.image
    name, ending = image.name.rpartition(".")[::2]
    if not service.is_driver or service.start not in (DEMAND_START, DISABLED) or ending != "sys" or ":" in image.text[2:]:
        return ""
    if not image.is_user_writable or len(name) > _NAME_AT_MOST or len(program.name) > _NAME_AT_MOST:
        return ""
    for tool, services, files, has_folder in _TOOLS:
        if not re.fullmatch(services, program.name) or not re.fullmatch(
            files.replace("NAME", re.escape(program.name)), name
        ):
            continue
        folder = image.folder.removesuffix(f"\\{program.name}") if has_folder else image.folder
        return tool if is_temporary(folder) else ""
    return ""

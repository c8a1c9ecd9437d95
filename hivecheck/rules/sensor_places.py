r"""Where the programs and drivers of security products lie: what a service of a known name may run from.

Drivers lie in System32\drivers or the DriverStore; a few vendors keep theirs beside their programs, which is listed here.
Source: real hives (Defender, McAfee); baselines.md 3.3; other vendors' places from memory of their installations [M].
"""

import re

from hivecheck.rules.paths import Comparable
from hivecheck.rules.security_products import is_product_file, vendor_of_folder

_LOOKED_AT = 520  # characters of a path
_PROTECTED_TOPS = frozenset({"program files", "program files (x86)", "windows", "winnt"})
_PROGRAMS = r"\\program files(?: \(x86\))?\\"
_DRIVERS_ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("SentinelOne", _PROGRAMS + r"sentinelone\\sentinel agent [^\\]+\\sentinel[a-z]*\.sys"),
    (
        "Microsoft Defender",
        r"\\programdata\\microsoft\\windows defender\\platform\\[^\\]+\\drivers\\(?:wd(?:filter|boot|nisdrv|devflt)|mpksldrv)\.sys",
    ),
    ("Trend Micro", _PROGRAMS + r"trend micro\\(?:[^\\]+\\){1,4}(?:tm[a-z0-9]+|vsapint)\.sys"),
    ("Palo Alto Cortex", _PROGRAMS + r"palo alto networks\\traps\\(?:[^\\]+\\)?(?:tedr|cyv|telam)[^\\]*\.sys"),
    ("Symantec / Broadcom", _PROGRAMS + r"common files\\symantec shared\\eengine\\(?:eectrl|eraserutil)[^\\]*\.sys"),
    (
        "Symantec / Broadcom",
        r"\\programdata\\symantec\\symantec endpoint protection\\(?:[^\\]+\\){1,4}definitions\\[^\\]+\\[0-9.]+\\"
        r"(?:bhdrv|ids|ex|eng|nav)[a-z0-9]*\.sys",
    ),
    ("Kaspersky", r"\\programdata\\kaspersky lab\\[^\\]+\\bases\\klids\.sys"),
    ("Bitdefender", _PROGRAMS + r"(?:common files\\)?bitdefender\\(?:[^\\]+\\){1,3}(?:trufos|bd[a-z0-9]+|gzflt|atc)\.sys"),
    ("McAfee / Trellix", _PROGRAMS + r"(?:common files\\)?(?:mcafee|trellix)\\(?:[^\\]+\\){1,4}mfe[a-z0-9]+\.sys"),
    ("Elastic", _PROGRAMS + r"elastic\\endpoint\\(?:[^\\]+\\){0,3}elastic[a-z-]*\.sys"),
    ("Carbon Black", r"\\windows\\carbonblack\\(?:cb[a-z0-9]+|carbonblackk)\.sys"),
)


def driver_vendor(path: Comparable) -> str:
    """The vendor who is known to keep this driver at this place outside the folders of drivers; '' for none."""
    text = path.below_drive
    if not path.drive or path.ending != ".sys" or path.in_system_folder or len(text) > _LOOKED_AT:
        return ""
    return next((vendor for vendor, place in _DRIVERS_ELSEWHERE if re.fullmatch(place, text)), "")


def is_usual_place(path: Comparable, vendor: str, service: str, system_drive: str) -> bool:
    """Whether a service of a vendor's, of a known name, may well run this file.

    That is a file of the vendor's own folders, or one of the system folders that bears a name of the vendor's or the service's.
    """
    if driver_vendor(path) == vendor:
        return True
    named = path.name.rpartition(".")[0] == service.casefold() or is_product_file(path.name)
    if not path.drive:
        return "\\" not in path.text and named  # the kernel takes it from the Windows folder
    if path.is_user_writable:
        return False
    top = path.below_drive[1:].partition("\\")[0]
    if vendor == "Microsoft Defender" and path.ending == ".exe":
        named = is_product_file(path.name)  # what its services run is known by name, whatever lies beside it
        if not named:
            return False
    if vendor_of_folder(path) == vendor:
        elsewhere = path.drive != system_drive  # where an administrator had it installed
        return (
            elsewhere
            or top in _PROTECTED_TOPS
            or path.below_drive.startswith("\\programdata\\microsoft\\windows defender\\")
        )
    return named and top in _PROTECTED_TOPS

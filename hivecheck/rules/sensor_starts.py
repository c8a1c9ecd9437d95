r"""Whether a service that watches the machine starts at all, as the replay sees it, and where its files lie.

Windows knows the start types 0 to 4. A program can't have 0 or 1: services.exe starts those of 2 by itself and no others, and the
kernel loads drivers only. What is marked as deleted loses its key to services.exe. The types of services and the files they
run are looked at elsewhere (`lost_services`, `lost_sensors`). Drivers lie in System32\drivers or the DriverStore; a few vendors keep
theirs beside their programs, which is listed here. Source: detections.md 1.8; baselines.md 3.3; "CreateService" of the Windows
documentation; `boot/services.py`, `boot/drivers.py`, `boot/scm.py`; real hives (Defender, McAfee); other vendors' places from memory of
their installations [M].
"""

import re

from hivecheck.boot.scm import is_marked_for_deletion
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import type_and_size
from hivecheck.rules.paths import Comparable
from hivecheck.rules.security_products import is_product_file, vendor_of_folder
from hivecheck.settings.services import AUTO_START, DISABLED, SYSTEM_START, Service, start_name


@fact
class NoStart:
    """What keeps a service from starting: `text` follows its name, and `because` is what says so.

    `usual` for the start type 4, with which administrators and other products disable a service.
    """

    text: str
    because: tuple[Origin, ...]
    usual: bool = False
    marked: bool = False  # as deleted


def why_not_started(service: Service) -> NoStart | None:
    """What keeps a service or driver from starting, whatever asks for it; None for one that starts, or may on demand."""
    if is_marked_for_deletion(service):
        text = "is marked as deleted (DeleteFlag): services.exe removes its key at the next boot"
        return NoStart(text, service.cite("DeleteFlag"), marked=True)
    start = service.start
    if start is None:
        raw = service.values.get("START")
        if raw is None:
            return NoStart("has no Start, so Windows does not start it", (service.ref,))
        text = f"has a Start that is no REG_DWORD of 4 bytes ({type_and_size(raw)}), so Windows does not start it"
        return NoStart(text, (raw.ref,))
    if start == DISABLED:
        return NoStart("is disabled", service.cite("Start"), usual=True)
    if start > DISABLED:
        text = f"has the start type {start:#x}, which Windows does not know, so it does not start it"
        return NoStart(text, service.cite("Start"))
    if start <= SYSTEM_START and service.is_process and not service.is_driver:
        text = f"has the start type {start_name(start)}, with which Windows starts drivers and no program, so it does not start it"
        return NoStart(text, service.cite("Start"))
    return None


def starts_with_windows(service: Service) -> bool:
    """Whether it is in the plan of a boot: it may start, and nobody has to ask for it."""
    return service.start is not None and service.start <= AUTO_START and why_not_started(service) is None


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

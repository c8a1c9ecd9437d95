r"""The file of a driver, and whether the loader brings it.

Source: ReactOS io/iomgr/driver.c (IopBuildFullDriverPath), ntoskrnl/config/cmboot.c (CmpFindDrivers, BootFileSystem).
"""

import re

from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.hive import fold_name, type_name
from hivecheck.settings.services import BOOT_START, Service

NTFS = "NTFS"
_ROOT = "\\SystemRoot\\"
_VARIABLE = re.compile(r"%[^%\\]+%")


def driver_image(service: Service) -> NtPath:
    r"""The file of a driver as the loader and the kernel understand its ImagePath: relative to `\SystemRoot`, unless it begins
    with a backslash; without one, `\SystemRoot\System32\drivers\NAME.sys`. %variables% are not replaced.
    """
    path = service.image_path
    if not path:
        return NtPath(f"{_ROOT}System32\\drivers\\{service.name}.sys")
    return NtPath(path if path.startswith("\\") else _ROOT + path)


def image_refusal(service: Service) -> str:
    """Why no file can be where the ImagePath of a driver says, '' where one can."""
    raw = service.values.get("IMAGEPATH")
    if raw is not None and raw.type not in (1, 2):
        return f"its ImagePath is {type_name(raw.type)}: the driver is left out"
    if raw is not None and not service.image_path:
        return "its ImagePath is empty: the driver is left out"
    if service.image_path[1:2] == ":":
        return "its ImagePath is a DOS path, which is looked for below \\SystemRoot, where no such file can be"
    variable = _VARIABLE.search(service.image_path)
    if variable is not None:
        return f"the kernel does not replace {variable[0]} in its ImagePath: no such file can be there"
    return ""


def starts_by_loader(service: Service) -> bool:
    """Whether the loader brings a driver: it is boot-start, or that of the boot volume's file system."""
    return service.start == BOOT_START or is_boot_file_system(service)


def is_boot_file_system(service: Service) -> bool:
    """Whether it is the driver of the boot volume's file system, which the loader takes whatever its Start is: NTFS, as is assumed."""
    return fold_name(service.name) == NTFS and service.is_driver

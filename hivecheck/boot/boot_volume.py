r"""What speaks against NTFS on the boot volume, which the replay assumes: a hive does not name the file system.

The loader finds it out on the disk and loads its driver, whatever the Start of that is. So the one sign in a hive is somebody's
change: another file system set to boot-start. FAT is possible up to 2003, ReFS in some builds of 11.
Source: real hives of NT 4, XP x64, 7 and 10, in which Fastfat, exFAT, ReFS and Ntfs have Start 3 or 4.
"""

from hivecheck.facts.problem import Problem
from hivecheck.settings.services import BOOT_START, ServiceDatabase

_OTHERS = ("FASTFAT", "EXFAT", "REFS", "REFSV1", "PINBALL")
_ASSUMED = "The replay assumes NTFS all the same: streams, junctions and the driver Ntfs rest on that."


def doubt_ntfs(services: ServiceDatabase) -> Problem | None:
    """What makes it doubtful that the boot volume is NTFS; None where nothing does."""
    found = [services.by_name[name] for name in _OTHERS if name in services.by_name]
    others = [one for one in found if one.start == BOOT_START and one.is_driver]
    if not others:
        return None
    names = ", ".join(dict.fromkeys(one.name for one in others))
    because = tuple([origin for one in others for origin in one.cite("Start")])
    text = f"{names} is set to boot-start, as no known Windows ships it: the boot volume may be no NTFS volume. {_ASSUMED}"
    return Problem("boot-volume-doubted", text, because)

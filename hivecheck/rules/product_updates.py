r"""What updates of security products do at boot: delete the folder of an older version, put a new driver in an old one's place.

A version lies in a folder of its number, and the services are pointed at the newest; a driver lies in `System32\drivers`, and the
new one waits beside it under a name of the product's own. A name only describes: what softens is that the product is set up.
Source: detections.md 1.2; baselines.md 3.2 (self-updates of Symantec, McAfee, ESET, Trend), 3.3.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hivecheck.rules.defender_updates import told_as_update as told_as_defender_update
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Severity
from hivecheck.rules.security_products import PRODUCTS, vendor_of_folder
from hivecheck.rules.sensor_starts import why_not_started

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

_LOOKED_AT = 520  # characters of a path
_DEEPEST = 12  # folders of a path
_LONGEST_VERSION = 40
_NUMBERS_AT_MOST = 6
_SHORTEST_START = 3  # letters of a name that tell a vendor's drivers from others
WAITING = (".tmp", ".new", ".old")
"""The endings of names under which a new file waits for the boot."""


def told_as_update(case: "Case", source: Comparable, vendor: str) -> str:
    """Why a delete of a file of `vendor` is likely one of its own updates, as the rest of a sentence; '' where it is not."""
    if "\\windows defender\\" in source.below_drive[:_LOOKED_AT]:
        return told_as_defender_update(case, source)
    if not source.drive or len(source.text) > _LOOKED_AT or vendor_of_folder(source) != vendor:
        return ""
    for folder, name in _version_folders(source):
        if f"{folder}\\{name}" in case.security.folders:
            continue
        runs = case.security.newest_versions.get((vendor, folder), "")
        if _numbers(name) < _numbers(runs):
            return f"of a version older than {runs}, which its service runs: its updates delete those"
    return ""


def newest_versions(case: "Case") -> dict[tuple[str, str], str]:
    """By vendor and folder, the newest version below it that a service of the vendor's runs, as its folder is called.

    Only services count that start, and of which more than a name says that they are the vendor's.
    """
    found: dict[tuple[str, str], str] = {}
    for program, vendor in case.security.sensors:
        if why_not_started(program.service) is not None or not case.security.is_proven(program, vendor):
            continue
        for folder, name in _version_folders(program.image):
            if _numbers(name) > _numbers(found.get((vendor, folder), "")):
                found[vendor, folder] = name
    return found


def _version_folders(path: Comparable) -> Iterator[tuple[str, str]]:
    """The folders of a path that are called by a version, each with what lies above it; the path itself may be one."""
    parts = path.text[:_LOOKED_AT].split("\\", _DEEPEST)[:_DEEPEST]
    for level in range(1, len(parts)):
        if _numbers(parts[level]):
            yield "\\".join(parts[:level]), parts[level]


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version as folders are called by (`14.2.1.1`); () for any other name."""
    if len(version) > _LONGEST_VERSION:
        return ()
    numbers = version.replace("-", ".").split(".")
    if not 1 < len(numbers) <= _NUMBERS_AT_MOST or not all(one.isascii() and one.isdigit() for one in numbers):
        return ()
    return tuple(int(one) for one in numbers)


def weigh_own_driver(case: "Case", source: Comparable, destination: Comparable) -> Severity | None:
    """How severe it is that a file takes the place of a product's driver beside it, where that is likely the product's own update.

    None where it is not, or where no service runs the driver: then it is as severe as any. Low where more than that one driver
    tells of the product, else medium. Windows' own product is left out: Windows Update does not replace its drivers so.
    """
    vendor, program = case.security.vendor_of(destination), case.programs_by_path.get(destination.text)
    if program is None or vendor == "Microsoft Defender" or not _is_named_by(source.name, destination.name, vendor):
        return None
    if not case.security.is_in_place(program, vendor):
        return None
    return Severity.LOW if case.security.is_proven(program, vendor) else Severity.MEDIUM


def _is_named_by(name: str, target: str, vendor: str) -> bool:
    """Whether a folded name is that of the target with a waiting file's ending, or begins like the vendor's drivers."""
    if any(name == target + ending for ending in WAITING):
        return True
    files = next((product.files for product in PRODUCTS if product.vendor == vendor), ())
    starts = (file.removesuffix(".sys").partition("*")[0] for file in files if file.endswith(".sys"))
    return name.endswith(WAITING) and any(len(start) >= _SHORTEST_START and name.startswith(start) for start in starts)

r"""The SOFTWARE hive, as far as it decides a boot that is told by SYSTEM: exact version, winlogon, svchost groups, image options.

Optional: without it the replay says what it assumes of it. Source: smss.md B.16; "Image File Execution Options" and
"Service host groups" of Windows Internals 7; detections.md 1.10.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import GENERATIONS, WIN10_1507, WIN81, Generation
from hivecheck.facts.origin import KeyRef, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Hive, Key, fold_name
from hivecheck.settings.catalog import Settings, applies_to, read_rows
from hivecheck.settings.guess import Guess, Reason
from hivecheck.settings.row import Row
from hivecheck.settings.setting import Setting, read_number, read_strings, read_text
from hivecheck.settings.software_rows import (
    CURRENT_BUILD,
    CURRENT_BUILD_NUMBER,
    CURRENT_MAJOR,
    CURRENT_MINOR,
    CURRENT_VERSION,
    DISPLAY_VERSION,
    IMAGE_OPTIONS,
    NOTIFY,
    NT_VERSION,
    PRODUCT_NAME,
    RELEASE_ID,
    SOFTWARE_CATALOG,
    SVCHOST,
    UBR,
    WOW,
)
from hivecheck.settings.vote import generation_of_version

T = TypeVar("T")

_IMAGES_AT_MOST = 20_000
_GROUPS_AT_MOST = 5_000
_PACKAGES_AT_MOST = 1_000
_VERSIONS = frozenset(row.version[:2] for row in GENERATIONS)


@fact
class ImageOptions:
    """One program's key of Image File Execution Options. `debugger` is started in place of it, '' where none is set."""

    image: str
    debugger: Setting[str]
    global_flag: Setting[int | None]


@fact
class NotifyPackage:
    """A DLL that winlogon of 2000 to 2003 tells of logons: the name of its key, and the file that DLLName names."""

    name: str
    dll: Setting[str]


@fact
class Software:
    """What the hive says. Names of `image_options` and `svchost_groups` are folded; a group's services are as spelled.

    `group_origins` are the values that list the groups. `wow_image_options` are those that 32-bit programs of a 64-bit Windows see.
    """

    settings: Settings
    image_options: Mapping[str, ImageOptions]
    svchost_groups: Mapping[str, tuple[str, ...]]
    group_origins: Mapping[str, Origin]
    has_wow: bool
    root: KeyRef
    problems: tuple[Problem, ...]
    wow_image_options: Mapping[str, ImageOptions]
    notify_packages: tuple[NotifyPackage, ...]

    def __getitem__(self, row: Row[T]) -> Setting[T]:
        return self.settings[row]

    def debugger_of(self, image: str) -> Setting[str] | None:
        r"""The debugger set for a program (`winlogon.exe`, by name or whole path), None where there is none."""
        options = self.image_options.get(fold_name(image.replace("/", "\\").rpartition("\\")[2]))
        return options.debugger if options is not None and options.debugger.value.strip() else None

    @property
    def version(self) -> tuple[int, int, int] | None:
        """Major, minor, build; None where the hive does not tell all three of a Windows NT."""
        build = self[CURRENT_BUILD_NUMBER].value or self[CURRENT_BUILD].value
        major, minor = self[CURRENT_MAJOR].value, self[CURRENT_MINOR].value
        if major is None:
            first, _, second = self[CURRENT_VERSION].value.partition(".")
            if not (_is_number(first) and _is_number(second)):
                return None
            major, minor = int(first), int(second)
            if (major, minor) == WIN81.version[:2] and _is_number(build) and int(build) >= WIN10_1507.version[2]:
                major, minor = WIN10_1507.version[:2]  # 10 and 11 still write 6.3 here: the build decides
        known = (major, minor or 0) in _VERSIONS
        return (major, minor or 0, int(build)) if known and _is_number(build) else None

    @property
    def generation(self) -> Guess[Generation] | None:
        """The generation by the build that this hive names; None where it names none."""
        version = self.version
        if version is None:
            return None
        build = CURRENT_BUILD_NUMBER if self[CURRENT_BUILD_NUMBER].value else CURRENT_BUILD
        rows: tuple[Row[Any], ...] = (
            PRODUCT_NAME,
            build,
            UBR,
            DISPLAY_VERSION if self[DISPLAY_VERSION].value else RELEASE_ID,
        )
        told = [(row, self[row]) for row in rows if self[row].is_written]
        text = ", ".join(f"{row.name} {setting.value}" for row, setting in told)
        because = tuple(origin for _, setting in told for origin in setting.origins)
        return Guess(generation_of_version(version), Confidence.HIGH, (Reason(f"SOFTWARE says {text}.", because),))


def is_software_hive(hive: Hive) -> bool:
    """Whether this is a SOFTWARE hive: it tells the version of Windows."""
    return hive.root.subkey(NT_VERSION[1:]) is not None


def read_software(hive: Hive, generation: Generation | None = None) -> Software:
    """All of it. Problems of values that Windows of `generation` does not read are left out."""
    settings = read_rows(SOFTWARE_CATALOG, hive, None)
    problems: list[Problem] = []
    for row, setting in settings:
        if generation is None or applies_to(row, generation):
            problems += setting.problems
    images = dict(_read_image_options(hive.root.subkey(IMAGE_OPTIONS[1:]), problems))
    groups: dict[str, tuple[str, ...]] = {}
    origins: dict[str, Origin] = {}
    key = hive.root.subkey(SVCHOST[1:])
    for place, raw in enumerate(key.values() if key is not None else ()):
        if place >= _GROUPS_AT_MOST:
            text = f"Svchost has more than {_GROUPS_AT_MOST} groups; the rest is not read."
            problems.append(Problem("svchost-groups-not-read", text, (raw.ref,)))
            break
        read = read_strings(raw)
        folded = fold_name(raw.name)
        if folded not in groups and raw.type == 7:
            groups[folded] = tuple(string.text for string in read.strings if string.text)
            origins[folded] = raw.ref
    wow = hive.root.subkey(WOW[1:])
    wow_images = dict(_read_image_options(wow.subkey(IMAGE_OPTIONS[1:]) if wow is not None else None, problems))
    packages = tuple(_read_packages(hive.root.subkey(NOTIFY[1:]), problems))
    return Software(settings, images, groups, origins, wow is not None, hive.root.ref, tuple(problems), wow_images, packages)


def _read_image_options(key: Key | None, problems: list[Problem]) -> Iterator[tuple[str, ImageOptions]]:
    seen: set[str] = set()
    for place, child in enumerate(key.subkeys() if key is not None else ()):
        if place >= _IMAGES_AT_MOST:
            text = f"Image File Execution Options has more than {_IMAGES_AT_MOST} programs; the rest is not read."
            problems.append(Problem("image-options-not-read", text, (child.ref,)))
            return
        debugger, flag = child.value("Debugger"), child.value("GlobalFlag")
        folded = fold_name(child.name)
        if (debugger is None and flag is None) or folded in seen:
            continue
        seen.add(folded)
        read = read_text("Debugger", debugger, "CreateProcess")
        problems += read.problems
        yield folded, ImageOptions(child.name, read, read_number("GlobalFlag", flag, "ntdll of the program"))


def _read_packages(key: Key | None, problems: list[Problem]) -> Iterator[NotifyPackage]:
    for place, child in enumerate(key.subkeys() if key is not None else ()):
        if place >= _PACKAGES_AT_MOST:
            text = f"Winlogon\\Notify has more than {_PACKAGES_AT_MOST} packages; the rest is not read."
            problems.append(Problem("notify-packages-not-read", text, (child.ref,)))
            return
        read = read_text("DLLName", child.value("DLLName"))
        problems += read.problems
        if read.value.strip():
            yield NotifyPackage(child.name, read)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6

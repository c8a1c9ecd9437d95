r"""The values of a SYSTEM hive that name a build or a day, as votes on its Windows generation.

None of them is there to tell the version: the kernel notes which build stopped the clock at shutdown, Setup notes which
core it installed and over what, and drivers that come with Windows carry its version. They are independent of each other.
A value that is there but names no build of Windows gives no vote, and a problem. Nothing here weighs one against another.

Sources: real hives of XP x64 (drivers), 7, 10 1709 and 10 1903 (core, drivers, Setup), 10 1709 (the build lab; its name is
also in the kernel's shutdown code, with `Ex` in newer builds). The days of images: see `version_marks`.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from hivecheck.facts.generation import GENERATIONS, NT351, SERVER2022, XP
from hivecheck.facts.origin import Origin
from hivecheck.settings.machine_keys import Found, MachineKeys
from hivecheck.settings.version_marks import CONTROL_WINDOWS, IMAGE_DATES, PRODUCT_OPTIONS
from hivecheck.settings.vote import (
    ALL,
    Version,
    Vote,
    between,
    fits_version,
    generation_of_version,
    only,
)

CORE_OS = r"\Setup\Service Reporting API\Components\CoreOS"
CLASSES = r"Control\Class"
INBOX_DRIVERS = ("{4d36e966-e325-11ce-bfc1-08002be10318}", "{71a27cdd-812a-11d0-bec7-08002be2092f}")  # computer, volume
_VERSIONS = frozenset(row.version[:2] for row in GENERATIONS)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def votes_of_builds(keys: MachineKeys) -> Iterator[Vote]:
    """The build that last shut down, and that of the core which Setup installed."""
    for name in ("ShutdownStopTimePerfCounterBuildLabEx", "ShutdownStopTimePerfCounterBuildLab"):
        stopped = keys.text(CONTROL_WINDOWS, name)
        if stopped is not None:
            yield from _vote_of_build(keys, CONTROL_WINDOWS, stopped, version_of_build_lab(stopped.value), 8.0)
            break
    core = keys.text(CORE_OS, "Version")
    if core is not None:
        yield from _vote_of_build(keys, CORE_OS, core, version_of(core.value), 8.0)


def votes_of_drivers(keys: MachineKeys) -> Iterator[Vote]:
    r"""The builds of two drivers that come with Windows and that every PC has. Dear to read: `Control\Class` is large."""
    for driver in INBOX_DRIVERS:
        path = f"{CLASSES}\\{driver}\\0000"
        maker, version = keys.text(path, "ProviderName"), keys.text(path, "DriverVersion")
        if maker is not None and version is not None and maker.value.upper() == "MICROSOFT":
            yield from _vote_of_build(keys, path, version, version_of(version.value), 4.0)


def version_of(text: str) -> Version | None:
    """(10, 0, 16299) of `10.0.16299.15`, (5, 0, 2195) of `5.00.2195.1`; None for what is no version of Windows NT."""
    parts = text.split(".", 3)[:3]
    if len(parts) < 3 or not all(_is_number(part) for part in parts):
        return None
    version = (int(parts[0]), int(parts[1]), int(parts[2]))
    return version if version[:2] in _VERSIONS else None


def version_of_build_lab(text: str) -> Version | None:
    """(10, 0, 16299) of `16299.rs3_release.170928-1534`: builds never went back, so the build alone tells the rest."""
    build = text.partition(".")[0]
    rows = [row for row in GENERATIONS if row.version[2] <= int(build)] if _is_number(build) else []
    return (*rows[-1].version[:2], int(build)) if rows else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5


def _vote_of_build(
    keys: MachineKeys, path: str, found: Found[str], version: Version | None, weight: float
) -> Iterator[Vote]:
    name = found.stored.value
    if version is None:
        keys.report("unknown-build", f"{name} names no build of Windows: {found.value}", found.ref)
        return
    text = f"{name} is {found.value}, a build of {generation_of_version(version).name}"
    yield Vote(path, text, fits_version(version), weight, (found.ref,), names_build=True)


def votes_of_setup(keys: MachineKeys) -> Iterator[Vote]:
    """The versions this one was installed over, which it is not older than, and the day its image was sealed."""
    over = keys.text("\\Setup", "UninstallSourceVersion")
    if over is not None:
        yield from _vote_of_lower_bound(keys, "\\Setup", "UninstallSourceVersion", over.value, over.ref, 1.0)
    source = keys.long_number(r"\Setup\BuildUpdate", "SourceOSVersion")
    if source is not None:
        text = ".".join(str(source.value >> shift & 0xFFFF) for shift in (48, 32, 16, 0))
        yield from _vote_of_lower_bound(keys, r"\Setup\BuildUpdate", "SourceOSVersion", text, source.ref, 2.0)
    tag = keys.strings("\\Setup", "CloneTag")
    if tag is not None:
        yield from _vote_of_clone_tag(keys, tag)


def _vote_of_lower_bound(
    keys: MachineKeys, path: str, name: str, text: str, origin: Origin, weight: float
) -> Iterator[Vote]:
    version = version_of(text)
    if version is None:
        keys.report("unknown-build", f"{name} names no build of Windows: {text}", origin)
        return
    yield Vote(path, f"{name} is {text}: no older than that", between(generation_of_version(version)), weight, (origin,))


def _vote_of_clone_tag(keys: MachineKeys, tag: Found[tuple[str, ...]]) -> Iterator[Vote]:
    """Microsoft's own image speaks for its release. Any other day is an owner's image, of a release before that day."""
    text = tag.value[0]
    day = day_of_clone_tag(text)
    if day is None:
        keys.report("implausible-time", f"CloneTag is no day that Windows writes: {text}", tag.ref)
        return
    sealed = next((row for sealed, row in IMAGE_DATES if abs(sealed - day) <= timedelta(days=1)), None)
    if sealed is not None:
        said = f"CloneTag is {text}: the image of {sealed.name} was sealed that day"
        fits = fits_version(sealed.version)
        yield Vote("\\Setup", said, fits, 3.0, (tag.ref,))
        return
    newest = max((row for sealed_day, row in IMAGE_DATES if sealed_day <= day), default=XP)
    yield Vote("\\Setup", f"CloneTag is {text}: no newer than that", between(GENERATIONS[0], newest), 1.0, (tag.ref,))


def day_of_clone_tag(text: str) -> date | None:
    """The day of `Fri Sep 29 06:49:45 2017`; None for anything else and for years outside 1990 to 2099."""
    parts = text.split()
    if len(parts) != 5 or parts[1] not in _MONTHS or not (_is_number(parts[2]) and _is_number(parts[4])):
        return None
    try:
        day = date(int(parts[4]), _MONTHS.index(parts[1]) + 1, int(parts[2]))
    except ValueError:  # no such day
        return None
    return day if 1990 <= day.year < 2100 else None


def votes_of_product(keys: MachineKeys) -> Iterator[Vote]:
    """A server is no row without server editions; a workstation is not the row that is a server only."""
    kind = keys.text(PRODUCT_OPTIONS, "ProductType")
    if kind is None:
        return
    is_server = kind.value.upper() in ("SERVERNT", "LANMANNT")
    unfit = sum(only(row) for row in GENERATIONS if not row.servers) if is_server else only(SERVER2022)
    yield Vote(PRODUCT_OPTIONS, f"ProductType is {kind.value}", ALL - unfit, 2.0, (kind.ref,))


def votes_of_format(keys: MachineKeys, regf_version: tuple[int, int]) -> Iterator[Vote]:
    """1.5 came with XP; only NT 3.x wrote hives older than 1.3. Source: the regf format as libyal documents it."""
    root = keys.key("\\")
    because: tuple[Origin, ...] = (root.ref,) if root else ()
    text = f"the hive file is of version {regf_version[0]}.{regf_version[1]}"
    if regf_version >= (1, 5):
        yield Vote("\\", text, between(XP), 2.0, because)
    elif regf_version < (1, 3):
        yield Vote("\\", text, between(GENERATIONS[0], NT351), 2.0, because)

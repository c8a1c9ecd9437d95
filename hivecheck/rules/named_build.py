"""The build of Windows that the evidence names outright, as far as the generation that was concluded is of it."""

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.settings.software_rows import CURRENT_BUILD, CURRENT_BUILD_NUMBER
from hivecheck.settings.version_builds import CORE_OS, version_of, version_of_build_lab
from hivecheck.settings.version_marks import CONTROL_WINDOWS
from hivecheck.settings.vote import Version, fits_version, only

_STOPPED = ("ShutdownStopTimePerfCounterBuildLabEx", "ShutdownStopTimePerfCounterBuildLab")


@fact
class NamedBuild:
    """Major, minor, build; and the values that say so."""

    version: Version
    because: tuple[Origin, ...]


def named_build(case: Case) -> NamedBuild | None:
    """SOFTWARE's build, else the one that last shut down, else that of the core; None where none names one of this generation."""
    found = (_of_software(case), *(_of_shutdown(case, name) for name in _STOPPED), _of_core(case))
    return next((one for one in found if one is not None and fits_version(one.version) & only(case.generation)), None)


def _of_software(case: Case) -> NamedBuild | None:
    software = case.software
    version = software.version if software is not None else None
    if software is None or version is None:
        return None
    return NamedBuild(version, software[CURRENT_BUILD_NUMBER].origins or software[CURRENT_BUILD].origins)


def _of_shutdown(case: Case, name: str) -> NamedBuild | None:
    raw = case.value(CONTROL_WINDOWS, name)
    version = version_of_build_lab(text_in(raw))
    return NamedBuild(version, (raw.ref.citing(text_in(raw)),)) if raw is not None and version is not None else None


def _of_core(case: Case) -> NamedBuild | None:
    raw = case.value(CORE_OS, "Version")
    version = version_of(text_in(raw))
    return NamedBuild(version, (raw.ref.citing(text_in(raw)),)) if raw is not None and version is not None else None

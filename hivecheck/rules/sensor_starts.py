r"""Whether a service that watches the machine starts at all: what of its own key keeps it from doing so, as the replay sees it.

Windows knows the start types 0 to 4. A program can't have 0 or 1: services.exe starts those of 2 by itself and no others, and the
kernel loads drivers only. What is marked as deleted loses its key to services.exe. The types of services and the files they
run are looked at elsewhere (`lost_services`, `lost_sensors`). Source: detections.md 1.8; "CreateService" of the Windows
documentation; `boot/services.py`, `boot/drivers.py`, `boot/scm.py`.
"""

from hivecheck.boot.scm import is_marked_for_deletion
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import type_name
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
        return NoStart(f"has a Start that is no REG_DWORD ({type_name(raw.type)}), so Windows does not start it", (raw.ref,))
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

r"""The drivers without which no kernel reads its own disk: a hive in which they are missing or not at boot-start does not boot.

Which of them a machine needs beyond those hangs on its disk, its controller and its firmware, and is told as a problem: virtual
machines boot from other controllers, some machines have no PCI bus, and only dynamic disks need dmio or volmgrx. Of some
drivers only one that is there and not at boot-start counts, as a machine may well be without. That NTFS is loaded whatever its Start
is decides `drivers`. The marks are C: no source tells what happens without each of them in each Windows.

Source: "Advanced troubleshooting for Stop error 7B" of the Windows documentation (ACPI, disk, volmgr, partmgr, volsnap and volume,
all with Start 0); the real hives of NT 4, XP x64, 7 and 10; ReactOS ntoskrnl/config/cmboot.c (CmpFindDrivers needs the key Services).
"""

from collections.abc import Collection

from hivecheck.boot.plan import Halt, Plan
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import NT31, VISTA, WIN8, WIN2000, XP, Family, Generation
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Key, fold_name
from hivecheck.settings.services import BOOT_START, DISABLED, Service, ServiceDatabase, start_name

_CONTROLLERS, _OLD_DISKS = "SCSI MINIPORT", "PRIMARY DISK"
_STOP = "stops with 0x7B, INACCESSIBLE_BOOT_DEVICE"
_SHOWN_CONTROLLERS = 5
_FEWEST_SERVICES = 10  # any whole machine has ten times as many


@fact
class _Row:
    """A driver for the generations from `since` on and before `before`, None where there is no such end.

    `needs` says which machine needs it, '' where every one does. `always`: its absence counts as well.
    """

    name: str
    since: Generation
    before: Generation | None
    what: str
    needs: str = ""
    always: bool = True


_ROWS: tuple[_Row, ...] = (
    _Row("Disk", WIN2000, None, "the driver of disks"),
    _Row("PartMgr", WIN2000, None, "the partition manager"),
    _Row("Ftdisk", WIN2000, VISTA, "the volume manager"),
    _Row("volmgr", VISTA, None, "the volume manager"),
    _Row("ACPI", VISTA, None, "the driver of the firmware's devices"),
    _Row("ACPI", WIN2000, VISTA, "the driver of the firmware's devices", "a machine with an ACPI HAL"),
    _Row("pci", XP, WIN8, "the driver of the PCI bus", always=False),
    _Row("pci", WIN2000, XP, "the driver of the PCI bus", "a machine whose boot disk hangs on PCI", False),
    _Row("pci", WIN8, None, "the driver of the PCI bus", "a machine whose boot disk hangs on PCI", False),
    _Row("dmio", WIN2000, VISTA, "the driver of dynamic disks", "a machine whose boot disk is dynamic", False),
    _Row("volmgrx", VISTA, None, "the driver of dynamic disks", "a machine whose boot disk is dynamic", False),
    _Row("volsnap", VISTA, None, "a filter of all volumes", "a machine with the usual filters of volumes", False),
    _Row("volume", WIN8, None, "the driver of volumes", "a machine of a build that has it", False),
)


def plan_boot_disk(services: ServiceDatabase, control_set: Key | None, loaded: Collection[str], smss: Smss) -> Plan:
    """Halts where the loader brings no driver that every machine needs; tells of those that some machines need.

    `loaded` are the folded names of the drivers that the loader brought. Where the services can't be read whole, nothing halts.
    """
    whole = control_set is None or control_set.subkeys_whole
    unsure = _why_unsure(services, whole, smss)
    if not services.services:
        if control_set is not None:
            yield _no_services(smss, services, control_set, unsure)
        return
    lost: list[tuple[_Row, Service | None]] = []
    for row in _ROWS:
        if not (row.since <= smss.generation and (row.before is None or smss.generation < row.before)):
            continue
        service = services.named(row.name)
        if fold_name(row.name) in loaded or (service is None and not row.always):
            continue
        if row.needs and not (fold_name(row.name) == "ACPI" and smss.is_64_bit):
            text = f"{_sentence(_state(row, service))}. Where this is {row.needs}, the boot {_STOP}."
            yield Problem("boot-disk-driver", text, _cited(service, services))
        else:
            lost.append((row, service))
    told = [_state(row, service) for row, service in lost]
    because = tuple([origin for _, service in lost for origin in _cited(service, services)])
    for text, origins in (_lost_file_system(services, loaded, smss), _lost_old_disk(services, loaded, smss.generation)):
        if text:
            told.append(text)
            because += origins
    if told and unsure:
        yield Problem("boot-disk-driver", f"{_sentence('; '.join(told))}. {unsure}", because)
    elif told:
        yield Halt(f"{_sentence('; '.join(told))}: the boot most likely {_STOP}.", Certainty.C, because)
        return
    yield from _controllers(services, loaded)


def _no_services(smss: Smss, services: ServiceDatabase, control_set: Key, unsure: str) -> Halt | Problem:
    loader = "winload.exe" if smss.generation >= VISTA else "ntldr"
    state = f"The key {smss.control_set}\\Services {'is missing' if services.key is None else 'lists no driver'}"
    because = (services.key or control_set.ref,)
    if unsure:
        return Problem("boot-disk-driver", f"{state}. {unsure}", because)
    why = f"{state}: {loader} finds no drivers to load, and ends the boot before the kernel runs."
    sure = smss.family is Family.G2 and services.key is None
    return Halt(why, Certainty.B if sure else Certainty.C, because)


def _why_unsure(services: ServiceDatabase, whole: bool, smss: Smss) -> str:
    """Why nothing is concluded from a driver that is missing; '' where it can be."""
    if not whole or any(problem.loses_data for problem in services.problems):
        return "As the list of services can't be read whole, it may be there all the same."
    if smss.is_win_pe:
        return f"Where this is no Windows PE, which boots from a RAM disk, the boot most likely {_STOP}."
    count = len(services.services)
    if 0 < count < _FEWEST_SERVICES:
        return f"Services lists {count} services and drivers, fewer than any machine has, so that no boot can be foretold from them."
    return ""


def _state(row: _Row, service: Service | None) -> str:
    if service is None:
        return f"the driver {row.name} ({row.what}) is missing"
    if service.start == BOOT_START:
        return f"the driver {service.name} ({row.what}) is not loaded"
    start = "has no Start" if service.start is None else f"is {start_name(service.start)}-start, not boot-start"
    return f"the driver {service.name} ({row.what}) {'is disabled' if service.start == DISABLED else start}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cited(service: Service | None, services: ServiceDatabase) -> tuple[Origin, ...]:
    if service is not None:
        return service.cite("Start", "StartOverride", *(("Type",) if service.type is None else ()))
    return (services.key,) if services.key is not None else ()


def _lost_file_system(services: ServiceDatabase, loaded: Collection[str], smss: Smss) -> tuple[str, tuple[Origin, ...]]:
    """NTFS, which the boot volume is assumed to have: the loader takes its driver, but where there is none it can't."""
    service = services.named("Ntfs")
    if "NTFS" in loaded or smss.ntfs_doubted:
        return "", ()
    state = "is missing" if service is None else "is not loaded"
    return f"the driver Ntfs (the file system that the boot volume is assumed to have) {state}", _cited(service, services)


def _lost_old_disk(
    services: ServiceDatabase, loaded: Collection[str], generation: Generation
) -> tuple[str, tuple[Origin, ...]]:
    """Up to NT 4 a driver of the group Primary Disk can take the place of Disk."""
    if not NT31 <= generation < WIN2000 or "DISK" in loaded:
        return "", ()
    others = [one for one in services.by_name.values() if fold_name(one.group) == _OLD_DISKS]
    if any(fold_name(one.name) in loaded for one in others):
        return "", ()
    service = services.named("Disk")
    text = "neither the driver Disk nor one of the group Primary Disk, which drives disks as well, is loaded"
    return text, _cited(service, services)


def _controllers(services: ServiceDatabase, loaded: Collection[str]) -> Plan:
    """Drivers of storage controllers are there, and none of them at boot-start: no machine is known to boot so from one of these."""
    controllers = [one for one in services.by_name.values() if fold_name(one.group) == _CONTROLLERS]
    if not controllers or any(fold_name(one.name) in loaded for one in controllers):
        return
    names = ", ".join(one.name for one in controllers[:_SHOWN_CONTROLLERS])
    more = len(controllers) - _SHOWN_CONTROLLERS
    named = f"{names} and {more} more" if more > 0 else names
    text = f"No driver of a storage controller (group SCSI Miniport: {named}) is loaded at boot-start. Where the boot disk hangs on one of them, the boot {_STOP}."
    cited = tuple([origin for one in controllers[:_SHOWN_CONTROLLERS] for origin in one.cite("Start")])
    yield Problem("boot-disk-driver", text, cited)

r"""What is told beside a driver: what its failure would mean (ErrorControl, the boot disk), and what its StartOverride does.

`StartOverride\0` takes the place of Start from Windows 8 on: real hives of 10 keep 44 boot-start drivers from loading with
it. That 7 and before pass it over, and that it must be a REG_DWORD, is inferred.

Source: "CreateService" (dwErrorControl) of the Windows documentation; NT 4 Resource Kit, "ErrorControl values"; bug checks
0x5A and 0x7B of the driver documentation.
"""

from hivecheck.boot.last_good import FallBack
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN8, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.hive import fold_name
from hivecheck.registry.raw_values import type_and_size
from hivecheck.settings.services import (
    BOOT_START,
    CRITICAL,
    IGNORE,
    NORMAL,
    SEVERE,
    SYSTEM_START,
    Service,
    start_name,
)

LAST_GOOD = "the boot starts again with the last known good control set"
_BEFORE_8 = {
    IGNORE: "ErrorControl 0: if it fails, the boot goes on and tells nothing.",
    NORMAL: "ErrorControl 1: if it fails, the boot goes on and logs it.",
    SEVERE: f"ErrorControl 2: if it fails, {LAST_GOOD}; if that is the one in use, it goes on.",
    CRITICAL: f"ErrorControl 3: if it fails, {LAST_GOOD}; if that is the one in use, the boot ends.",
}
_FROM_8_ON = {
    **_BEFORE_8,
    SEVERE: "ErrorControl 2: if it fails, the boot goes on and logs it, unless last known good was switched on.",
    CRITICAL: "ErrorControl 3: if it fails, the boot ends, unless last known good was switched on.",
}
_UNREADABLE = "stops with 0x7B, INACCESSIBLE_BOOT_DEVICE"
_BOOT_DISK = frozenset({"DISK", "FTDISK", "NTFS", "PARTMGR", "PCI", "VOLMGR", "VOLUME"})
CONTROLLERS = "SCSI MINIPORT"
_KERNEL_STARTS = (BOOT_START, SYSTEM_START)


def failure_note(service: Service, generation: Generation) -> str:
    """What its failure would mean. No ErrorControl counts as 1; from 8 on last known good is off unless switched on."""
    control = NORMAL if service.error_control is None else service.error_control
    lost = lost_disk(service)
    if lost and control != CRITICAL:
        return f"If it fails, {lost}, whatever its ErrorControl ({control}) says."
    meaning = (_FROM_8_ON if generation >= WIN8 else _BEFORE_8).get(control)
    return meaning or f"ErrorControl {control} means nothing to Windows."


def override_note(service: Service, generation: Generation) -> str:
    """What the StartOverride of a driver means to a Windows, '' where it has none."""
    raw = service.values.get("STARTOVERRIDE")
    if raw is None:
        return ""
    if not service.is_overridden:
        return f"Its StartOverride is {type_and_size(raw)} and not a REG_DWORD of 4 bytes: Windows goes by its Start."
    if generation < WIN8:
        return "It has a StartOverride, which belongs to Windows 8 and later: this one goes by its Start."
    return f"StartOverride makes it {start_name(service.start)}-start." if service.start in _KERNEL_STARTS else ""


def override_certainty(service: Service, generation: Generation) -> Certainty:
    """How certain it is what a Windows makes of a StartOverride that is there."""
    return Certainty.B if service.is_overridden and generation >= WIN8 else Certainty.C


def lost_disk(service: Service) -> str:
    """What becomes of a boot without a driver that the boot disk hangs on, or may; '' for any other driver."""
    if service.start != BOOT_START and fold_name(service.name) != "NTFS":
        return ""
    if fold_name(service.name) in _BOOT_DISK:
        return f"the boot most likely {_UNREADABLE}"
    if fold_name(service.group) == CONTROLLERS:
        return f"and the boot disk is on a controller that it drives, the boot {_UNREADABLE}"
    return ""


def halt_sentence(driver: Service, image: NtPath, loader: str, generation: Generation, back: FallBack | None = None) -> str:
    """How the boot ends without the file of a driver with ErrorControl 3. `loader` is '' where the kernel loads it.

    `back` is what the last known good set makes of that, None where it is not known.
    """
    gone = f"{image}, the file of the driver {driver.name} with ErrorControl 3, is not there"
    if generation >= WIN8:
        return f"{gone}: {loader or 'the kernel'} ends the boot, and the recovery environment follows."
    end = "the loader reports the missing file" if loader else "STOP 0x5A, CRITICAL_SERVICE_FAILED"
    if back is None or back.works is None:
        return f"{gone}: {LAST_GOOD}; if that is the one in use, the boot ends ({end}). {back.text if back else ''}".rstrip()
    if back.works:
        return f"{gone}: this boot ends, and starts again with the last known good set. {back.text}"
    return f"{gone}. {back.text} The boot ends ({end})."

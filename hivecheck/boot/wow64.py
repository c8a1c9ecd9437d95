r"""32-bit services of a 64-bit Windows, and which files they get: WOW64 leads what they name in System32 to SysWOW64.

Told by the value WOW64 of a service's key (1 up to 8.1, from 10 on the machine type of the program: 0x14c x86, 0x1c4 ARM),
which services.exe writes for a 32-bit installer, or by the folder of its program. services.exe itself is not redirected, so an
ImagePath means what it says. The exception is a service with that value: XP x64 ships two whose ImagePath is in System32 and
whose program or DLL is only in SysWOW64, so that the value must redirect their ImagePath too; for later Windows it is inferred.

Source: "File System Redirector" of the Windows documentation; [MS-SCMR] RCreateServiceWOW64W, RCreateWowService; real hives.
"""

from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN7, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.registry.raw_values import number_in
from hivecheck.settings.services import Service

VALUE = "WOW64"
_X86, _ARM = ("x86", "SysWOW64"), ("ARM", "SysArm32")
_MACHINES = {1: _X86, 0x14C: _X86, 0x1C4: _ARM}
_FOLDERS = {"SYSWOW64": _X86, "SYSARM32": _ARM}
_PROGRAMS_X86 = "\\PROGRAM FILES (X86)\\"
_NOT_REDIRECTED = ("CATROOT", "CATROOT2", "DRIVERS\\ETC", "LOGFILES", "SPOOL")
_NOT_REDIRECTED_FROM_7_ON = ("DRIVERSTORE",)


@fact
class Emulation:
    """A program that runs under WOW64. `machine` is x86 or ARM, `folder` what takes the place of System32 for it.

    `by_value` is True where the key says so, False where the folder of the program does. `note` tells it.
    """

    machine: str
    folder: str
    by_value: bool
    note: str
    because: tuple[Origin, ...]


def read_emulation(service: Service, image: NtPath | None, smss: Smss) -> Emulation | None:
    """How a service's program is emulated; None for a native one. `image` is the file that is meant, None where there is none."""
    if not smss.is_64_bit:
        return None
    number = number_in(service.values.get(VALUE))
    if number is not None:
        machine = _MACHINES.get(number)
        return _emulation(machine, f"WOW64 is {number}", True, service.cite(VALUE)) if machine is not None else None
    path = fold_name(image.tail if image is not None else "")
    root = fold_name(smss.system_root) + "\\"
    if path.startswith(root):
        folder = path[len(root) :].partition("\\")[0]
        machine = _FOLDERS.get(folder)
        return _emulation(machine, f"Its program is in {machine[1]}", False, ()) if machine is not None else None
    if path[2:].startswith(_PROGRAMS_X86):
        return _emulation(_X86, "By its folder, Program Files (x86)", False, ())
    return None


def redirected(path: NtPath, emulation: Emulation, smss: Smss) -> NtPath:
    """The file that an emulated program gets by a path: that of System32 lies in `emulation.folder`, that of Sysnative in System32."""
    root = smss.system_root
    start = next((start for start in (f"\\??\\{root}\\", "\\SystemRoot\\") if _begins(path.text, start)), "")
    folder, separator, rest = path.text[len(start) :].partition("\\")
    if not start or not separator:
        return path
    match fold_name(folder):
        case "SYSNATIVE":
            return NtPath(f"{start}System32\\{rest}")
        case "SYSTEM32" if not _is_exempt(rest, smss.generation):
            return NtPath(f"{start}{emulation.folder}\\{rest}")
    return path


def _emulation(machine: tuple[str, str], why: str, by_value: bool, because: tuple[Origin, ...]) -> Emulation:
    name, folder = machine
    note = f"{why}: it runs as a 32-bit program ({name}), and what it opens below System32 is taken from {folder}"
    return Emulation(name, folder, by_value, note, because)


def _begins(text: str, start: str) -> bool:
    return fold_name(text[: len(start)]) == fold_name(start)


def _is_exempt(rest: str, generation: Generation) -> bool:
    """Whether a path below System32 is one of those that WOW64 leaves alone."""
    folders = (*_NOT_REDIRECTED, *(_NOT_REDIRECTED_FROM_7_ON if generation >= WIN7 else ()))
    return any(_begins(rest + "\\", f"{folder}\\") for folder in folders)

r"""What a service runs: the program of its ImagePath, the DLL that svchost loads for it, and whether it shares its process.

services.exe replaces the %variables% of a REG_EXPAND_SZ and hands the rest to CreateProcess as it is; nothing is put before
a relative path. Services of one ImagePath share a process where their type says so. svchost reads `ServiceDll` and takes it
only as REG_EXPAND_SZ: up to 2003 in the key `Parameters` alone, from Vista on in the service's own key where that has no
`Parameters` (EventLog of 7 and DoSvc of 10 ship so). From 10 1703 on, a svchost service gets a process of its own (`-s NAME` is appended) on a machine with
enough memory, unless `SvcHostSplitDisable` forbids it or its failure would restart the machine: of the services known to stay
together, DcomLaunch, Power, BrokerInfrastructure, SystemEventsBroker, RpcSs and CoreMessagingRegistrar have that in common.

Source: ReactOS services/database.c ScmCreateOrReferenceServiceImage and ScmStartUserModeService, svchost/svchost.c, for
2003; "Changes to Service Host grouping in Windows 10" of the Windows documentation; Geoff Chappell, "SVCHOST" (where ServiceMain
is looked for, of 5.x and 6.0); real hives of 7 and 10; detections.md 1.8.
"""

import re
from typing import TYPE_CHECKING

from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.wow64 import Emulation, read_emulation, redirected
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.create_process import CreatedImage, files_tried, find_created_image
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.generation import VISTA, WIN10_1703, Family
from hivecheck.facts.nt_path import NtPath, has_drive
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import RawValue, fold_name
from hivecheck.registry.strings import decode_dword
from hivecheck.settings.services import DllPlace, Service
from hivecheck.settings.successor_rows import SVCHOST_SPLIT_THRESHOLD

if TYPE_CHECKING:
    from hivecheck.settings.software import Software

_SPLIT_FROM_KB = 0x380000  # 3.5 GB
_NO_MACHINE_HAS_KB = 0x1000_0000  # 256 GB: a threshold above it is meant to keep services together
_TOGETHER = frozenset({"RPCEPTMAPPER", "RPCSS"})  # by the documentation, which names BFE and MpsSvc as well
_SVCHOST = "SVCHOST.EXE"
_RUNNING = ("services.exe", "lsass.exe")
_RESTART = (2).to_bytes(4, "little")  # SC_ACTION_REBOOT
_GROUP = re.compile(r'(?:^|[ \t])[-/][kK][ \t]+(?:"([^"]*)"|([^ \t]+))')
_FORBIDDEN = frozenset('"<>|*?')
_FOLDERS = {  # variables that SOFTWARE or the profiles define, not the Session Manager: relative to the system drive
    "PROGRAMFILES": "\\Program Files",
    "PROGRAMW6432": "\\Program Files",
    "PROGRAMFILES(X86)": "\\Program Files (x86)",
    "COMMONPROGRAMFILES": "\\Program Files\\Common Files",
    "COMMONPROGRAMW6432": "\\Program Files\\Common Files",
    "COMMONPROGRAMFILES(X86)": "\\Program Files (x86)\\Common Files",
    "PROGRAMDATA": "\\ProgramData",
    "ALLUSERSPROFILE": "\\ProgramData",
}
_ASSUMED = re.compile("%(" + "|".join(map(re.escape, _FOLDERS)) + ")%", re.IGNORECASE)


@fact
class ServiceProgram:
    """What services.exe starts for one service. `arguments` are those it is given, `group` is svchost's, '' for other programs.

    `assumes` is what must hold for the rest to be true; `refusal` is why the program would not run the service, '' where it would.
    """

    created: CreatedImage
    arguments: str
    group: str
    dll: NtPath | None
    shared: bool
    assumes: tuple[str, ...]
    notes: tuple[str, ...]
    refusal: str
    certainty: Certainty
    because: tuple[Origin, ...]

    @property
    def file_name(self) -> str:
        """The folded name of the program's file."""
        name = fold_name(re.split(r"[\\/]", self.created.image)[-1])
        return name if "." in name else name + ".EXE"


def read_program(service: Service, smss: Smss, folders: tuple[str, ...], software: "Software | None") -> ServiceProgram:
    """What a service runs. `folders` are those in which CreateProcess looks for a name without a drive."""
    program = _read_program(service, smss, folders)
    options = software.image_options.get(program.file_name) if software is not None else None
    if options is None or not options.debugger.value.strip() or resident_process(program, smss.system_root):
        return program
    started = find_created_image(f"{options.debugger.value} {program.created.text}", folders)
    told = f"SOFTWARE sets a debugger for {options.image}: it is started in its place"
    because = (*program.because, *options.debugger.origins)
    return changed(
        program,
        created=started,
        arguments=started.arguments,
        group="",
        refusal="",  # of svchost, which is not what is started
        dll=None,
        shared=False,
        notes=(*program.notes, told),
        because=because,
    )


def resident_process(program: ServiceProgram, system_root: str) -> str:
    """services.exe or lsass.exe, where a service lives in that process, which runs already; '' where one is created for it."""
    if not program.shared or program.arguments:
        return ""
    folder = fold_name(re.split(r"[\\/][^\\/]*$", program.created.image)[0].replace("/", "\\"))
    if folder != fold_name(f"{system_root}\\System32"):
        return ""
    return next((name for name in _RUNNING if fold_name(name) == program.file_name), "")


def _read_program(service: Service, smss: Smss, folders: tuple[str, ...]) -> ServiceProgram:
    assumes: list[str] = []
    notes: list[str] = []
    text = _expanded(service, "ImagePath", service.image_path, smss, assumes)
    if text == service.image_path and "%" in text and not service.expands("ImagePath"):
        notes.append("Its ImagePath is no REG_EXPAND_SZ, so the %variables% in it are not replaced")
    created = find_created_image(text, folders)
    if created.ambiguous:
        notes.append(
            f"Its ImagePath has blanks and no quotes: {_listed(created.ambiguous)} would be started in place of {created.image}"
        )
    certainty = smss.known_of_2003(Certainty.A) & Certainty.B if text.startswith("\\") else Certainty.A
    because = service.cite("ImagePath")
    emulation = read_emulation(service, _file_meant(created), smss)
    if emulation is not None:
        notes.append(emulation.note)
        because += emulation.because
        by_value = _redirected_image(created, emulation, smss) if emulation.by_value else created
        if by_value != created:
            notes.append(f"That its ImagePath means {by_value.image} is inferred from services of XP x64")
            created, certainty = by_value, Certainty.C
    program = ServiceProgram(created, created.arguments, "", None, service.shares_process, (), (), "", certainty, because)
    if program.file_name != _SVCHOST:
        return changed(program, assumes=tuple(dict.fromkeys(assumes)), notes=tuple(notes))
    return _read_svchost(service, program, smss, emulation, assumes, notes)


def _file_meant(created: CreatedImage) -> NtPath | None:
    """The program's file where the image names its folder from the root on; None where it is searched for."""
    whole = has_drive(created.image) or created.image.startswith(("\\", "/"))
    return created.candidates[-1] if whole and created.candidates else None


def _redirected_image(created: CreatedImage, emulation: Emulation, smss: Smss) -> CreatedImage:
    """What is started where the paths of an ImagePath are redirected; the same as given where none lies in System32."""
    candidates = tuple([redirected(path, emulation, smss) for path in created.candidates])
    if candidates == created.candidates:
        return created
    image = created.image.replace("/", "\\")
    meant = _file_meant(created)
    if meant is not None:
        image = candidates[-1].tail
    elif fold_name(image).startswith("SYSTEM32\\"):
        image = emulation.folder + image[len("System32") :]
    return changed(created, image=image, candidates=candidates)


def svchost_group(line: str) -> str:
    """The group that a command line of svchost, or its arguments alone, names behind -k; '' where they name none."""
    found = _GROUP.search(line)
    return (found[1] or found[2] or "") if found else ""


def _read_svchost(
    service: Service,
    program: ServiceProgram,
    smss: Smss,
    emulation: Emulation | None,
    assumes: list[str],
    notes: list[str],
) -> ServiceProgram:
    group = svchost_group(program.arguments)
    because: tuple[Origin, ...] = (*program.because, *(service.cite("ServiceDll") if "SERVICEDLL" in service.values else ()))
    refusal, dll = "", None
    certainty = program.certainty
    if not group:
        refusal = "svchost.exe is given no group (-k)"
    out_of_place, certainty = _judge_place(service, certainty, smss, assumes)
    if out_of_place:
        refusal = refusal or out_of_place
    elif service.dll:
        dll = library_file(_expanded(service, "ServiceDll", service.dll, smss, assumes), smss.system_root)
        if dll is not None and emulation is not None:
            dll = redirected(dll, emulation, smss)
        if not service.expands("ServiceDll"):
            refusal, certainty = _not_expandable(refusal, certainty, smss, assumes)
        elif dll is None:
            assumes.append("svchost can load a DLL by the odd name in ServiceDll")
    elif "SERVICEDLL" in service.values:
        refusal, certainty = _not_expandable(refusal, certainty, smss, assumes)
    elif not refusal:
        assumes.append("svchost finds the DLL of the service although it has no ServiceDll")
    shared, arguments = program.shared, program.arguments
    if shared and smss.generation >= WIN10_1703 and not _stays_grouped(service):
        shared, more = _split(smss)
        certainty = certainty & Certainty.C if not shared else certainty
        assumes.append(more)
        arguments = arguments if shared else f"{arguments} -s {service.name}"
    once = tuple(dict.fromkeys(assumes))
    return ServiceProgram(program.created, arguments, group, dll, shared, once, tuple(notes), refusal, certainty, because)


def _judge_place(service: Service, certainty: Certainty, smss: Smss, assumes: list[str]) -> tuple[str, Certainty]:
    """Why svchost does not see a ServiceDll that stands in the service's own key, '' where it does; and how certain the rest is."""
    if service.dll_place in (DllPlace.NOWHERE, DllPlace.PARAMETERS):
        return "", certainty
    if smss.generation < VISTA:
        return (
            "its ServiceDll stands in its own key, and svchost of this Windows looks in Parameters alone",
            certainty & Certainty.B,
        )
    if service.dll_place is DllPlace.OWN_KEY:
        return "", certainty & Certainty.B
    assumes.append("svchost looks for ServiceDll in the service's own key although there is a key Parameters")
    return "", certainty & Certainty.C


def _not_expandable(refusal: str, certainty: Certainty, smss: Smss, assumes: list[str]) -> tuple[str, Certainty]:
    """svchost of 2003 refuses such a DLL; of the others it is not known."""
    if smss.family is Family.G2:
        return refusal or "its ServiceDll is no REG_EXPAND_SZ, and svchost takes nothing else", certainty
    assumes.append("svchost takes a ServiceDll that is no REG_EXPAND_SZ")
    return refusal, certainty & Certainty.C


def _split(smss: Smss) -> tuple[bool, str]:
    """Whether svchost services share a process on this machine, and what that assumes of it."""
    threshold = smss.settings[SVCHOST_SPLIT_THRESHOLD].value
    kilobytes = _SPLIT_FROM_KB if threshold is None else threshold
    size = f"{kilobytes / 0x100000:g} GB"
    if kilobytes >= _NO_MACHINE_HAS_KB:
        return True, f"the machine has no more than {size} of memory, so that services share their svchost"
    return (
        False,
        f"the machine has more than {size} of memory and no server's Windows, so that each service has its own svchost",
    )


def _stays_grouped(service: Service) -> bool:
    if fold_name(service.name) in _TOGETHER:
        return True
    disable = service.values.get("SVCHOSTSPLITDISABLE")
    if disable is not None and decode_dword(disable.data):
        return True
    return _restarts_machine(service.values.get("FAILUREACTIONS"))


def _restarts_machine(raw: RawValue | None) -> bool:
    """Whether one of the failure actions (a DWORD for the kind, one for the delay, after five others) restarts the machine."""
    data = raw.data if raw is not None else b""
    return any(data[at : at + 4] == _RESTART for at in range(20, min(len(data) - 7, 1_000), 8))


def _expanded(service: Service, value: str, text: str, smss: Smss, assumes: list[str]) -> str:
    """The text of a REG_EXPAND_SZ with its variables replaced, those of SOFTWARE by what they usually are."""
    if not service.expands(value) or "%" not in text:
        return text
    text = smss.expand(text)
    found = dict.fromkeys(match[0] for match in _ASSUMED.finditer(text))
    assumes.extend(f"{name} is {_usual_folder(name, smss)}, as SOFTWARE usually says" for name in found)
    return _ASSUMED.sub(lambda match: _usual_folder(match[0], smss), text)


def _usual_folder(variable: str, smss: Smss) -> str:
    return smss.system_root[:2] + _FOLDERS[variable.strip("%").upper()]


def library_file(text: str, system_root: str) -> NtPath | None:
    """The file LoadLibrary takes first: a name alone lies in System32, the caller's own folder. None for what is no file's name."""
    text = text.strip().replace("/", "\\")
    last = text.rsplit("\\", 1)[-1]
    if not last or _FORBIDDEN & set(text.removeprefix("\\??\\").removeprefix("\\\\?\\")):
        return None
    spelled = text if "." in last else text + ".dll"
    if not has_drive(spelled) and not spelled.startswith("\\"):
        spelled = f"{system_root}\\System32\\{spelled}"
    return next(iter(files_tried(spelled, (system_root,))), None)


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return shown + (f" or one of {len(names) - 3} more" if len(names) > 3 else "")

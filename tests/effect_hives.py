r"""Test hives in which one thing of a boot changes what another finds, or what would not boot: one hive for each.

Each is a clean machine of `hive_machines` with one control set and a few values put in or taken out, told as data. Paths are below ControlSet001,
or from the root where they begin with a backslash. Sources: smss.md A, B.2, C3.c, D.5; detections.md 4.A, 4.C.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hivecheck.facts.generation import Generation
from tests.hive_control import compose_hive
from tests.hive_machines import Machine, machine
from tests.hive_services import AUTO, BOOT, OWN_PROCESS, SYSTEM, Service, write_service
from tests.hive_text import dword, expand, multi, sz

SM = r"Control\Session Manager"
RENAMES = "PendingFileRenameOperations"
SYSTEM32 = r"C:\Windows\System32"
_MADE_UP = "Made up; written by tests/build_test_hives.py."
_SHARED_PROCESS = 0x20


@dataclass(frozen=True, slots=True)
class EffectHive:
    r"""One hive. `put` are (key, value, content) triples; `drop` are keys, or values as `key\@value`; `halts` is told where it would not boot."""

    file: str
    base: str
    shows: str
    put: tuple[tuple[str, str, str], ...] = ()
    drop: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()
    halts: bool = False

    @property
    def machine(self) -> Machine:
        return machine(self.base)

    def render(self) -> str:
        """Its notation."""
        base = self.machine
        hive = compose_hive(base, f"{base.windows}, {base.name}, changed in one thing.\n{self.shows}\n{_MADE_UP}")
        hive.drop("ControlSet002")
        hive.key("Select").put("LastKnownGood", dword(1))
        for key, value, content in self.put:
            hive.key(_full(key)).put(value, content, "this is it")
        for path in self.drop:
            key, at, value = path.partition("\\@")
            if at:
                del hive.key(_full(key)).values[value]
            else:
                hive.drop(_full(key))
        for service in self.services:
            write_service(hive, "ControlSet001", service)
        return hive.render()


def effect_hives() -> Iterator[EffectHive]:
    yield from CROSS_EFFECTS
    yield from HALTS


def _full(key: str) -> str:
    return key[1:] if key.startswith("\\") else f"ControlSet001\\{key}"


def _renames(*pairs: tuple[str, str]) -> tuple[str, str, str]:
    """A rename list of DOS paths; '' deletes, every other target is replaced."""
    strings = (rf"\??\{path}" if mark == 0 else path and rf"!\??\{path}" for pair in pairs for mark, path in enumerate(pair))
    return SM, RENAMES, multi(*strings)


def _service(base: str, name: str, kind: int, start: int, error: int, image: str) -> Service:
    generation: Generation = machine(base).generation
    account = "LocalSystem" if kind in (OWN_PROCESS, _SHARED_PROCESS) else ""
    return Service(name, generation, generation, kind, start, error, "", image, account)


_11, _10, _7, _XP, _NT4 = "win11-22h2-x64", "win10-1903-x64", "win7-x86", "xp-x86", "nt4-x86"
_NEW = r"C:\ProgramData\stage\new.tmp"
_AGENT = (_service(_11, "Agent", OWN_PROCESS, AUTO, 1, r'"C:\Program Files\Agent\agent.exe"'),)

CROSS_EFFECTS = (
    EffectHive(
        "service-replaced",
        _11,
        "The program of an auto-start service is replaced: this boot starts the new one.",
        (_renames((_NEW, r"C:\Program Files\Agent\agent.exe")),),
        services=_AGENT,
    ),
    EffectHive(
        "service-deleted",
        _11,
        "The program of an auto-start service is deleted: this boot does not find it.",
        (_renames((r"C:\Program Files\Agent\agent.exe", "")),),
        services=_AGENT,
    ),
    EffectHive(
        "service-dll-replaced",
        _10,
        "The DLL that svchost loads for a service is replaced: this boot loads the new one.",
        (
            _renames((_NEW, rf"{SYSTEM32}\agentsvc.dll")),
            (r"Services\AgentSvc\Parameters", "ServiceDll", expand(r"%SystemRoot%\System32\agentsvc.dll")),
        ),
        services=(_service(_10, "AgentSvc", _SHARED_PROCESS, AUTO, 1, r"%SystemRoot%\System32\svchost.exe -k agents"),),
    ),
    EffectHive(
        "driver-replaced",
        _11,
        "A boot-start driver is replaced: this boot has the old one loaded, the next one loads the new.",
        (_renames((_NEW, rf"{SYSTEM32}\drivers\disk.sys")),),
    ),
    EffectHive(
        "autochk-replaced",
        _XP,
        "autochk is replaced: BootExecute runs before the renames, so the new one runs in the next boot.",
        (_renames((_NEW, r"C:\WINDOWS\system32\autochk.exe")),),
    ),
    EffectHive(
        "known-dll-replaced",
        _NT4,
        "A KnownDLL is replaced before it is mapped: every program of this boot has the new one.",
        (_renames((_NEW, r"C:\WINNT\system32\advapi32.dll")),),
    ),
    EffectHive(
        "known-dll-replaced-11",
        _11,
        "A KnownDLL is replaced on a Windows for which the order is unproven.",
        (_renames((_NEW, rf"{SYSTEM32}\ws2_32.dll")),),
    ),
    EffectHive(
        "ntdll-replaced",
        _7,
        "ntdll.dll is replaced: the kernel mapped the old one before.",
        (_renames((_NEW, rf"{SYSTEM32}\ntdll.dll")),),
    ),
    EffectHive(
        "software-hive-swapped",
        _7,
        "The SOFTWARE hive is swapped before Windows 7 loads it.",
        (_renames((_NEW, rf"{SYSTEM32}\config\SOFTWARE")),),
    ),
    EffectHive(
        "software-hive-swapped-11",
        _11,
        "The SOFTWARE hive is to be swapped when Windows 11 has it open already.",
        (_renames((_NEW, rf"{SYSTEM32}\config\SOFTWARE")),),
    ),
    EffectHive(
        "drive-redirected",
        _11,
        "DOS Devices links C: to a folder: autochk, csrss and every service come from there.",
        ((SM + r"\DOS Devices", "C:", sz(r"\??\D:\shadow")),),
    ),
    EffectHive(
        "drive-removed",
        _11,
        "DOS Devices removes the drive from which a service starts.",
        ((SM + r"\DOS Devices", "E:", sz("")),),
        services=(_service(_11, "Agent", OWN_PROCESS, AUTO, 1, r"E:\agent\agent.exe"),),
    ),
    EffectHive(
        "path-decides",
        _10,
        "Path names a folder before System32: autochk and wininit are looked for there first.",
        ((SM + r"\Environment", "Path", expand(r"C:\Tools;%SystemRoot%\system32;%SystemRoot%")),),
    ),
    EffectHive(
        "folder-swing",
        _11,
        "A folder is moved, a file in it deleted under the new name, the folder moved back: a service misses its program.",
        (
            _renames(
                (r"C:\Program Files\Sensor", r"C:\Program Files\Sensor_bak"),
                (r"C:\Program Files\Sensor_bak\sensor.exe", ""),
                (r"C:\Program Files\Sensor_bak", r"C:\Program Files\Sensor"),
            ),
        ),
        services=(_service(_11, "Sensor", OWN_PROCESS, AUTO, 1, r'"C:\Program Files\Sensor\sensor.exe"'),),
    ),
)


def _halt(
    file: str,
    base: str,
    shows: str,
    *put: tuple[str, str, str],
    drop: tuple[str, ...] = (),
    services: tuple[Service, ...] = (),
) -> EffectHive:
    return EffectHive(f"halt-{file}", base, shows, put, drop, services, halts=True)


def _driver_deleted(start: int, error: int) -> tuple[tuple[str, str, str], tuple[Service, ...]]:
    driver = _service(_7, "stor", 1, start, error, r"system32\drivers\stor.sys")
    return _renames((rf"{SYSTEM32}\drivers\stor.sys", "")), (driver,)


_BOOT_DRIVER, _SYSTEM_DRIVER = _driver_deleted(BOOT, 3), _driver_deleted(SYSTEM, 3)
_SEVERE_DRIVER = _driver_deleted(BOOT, 2)

HALTS = (
    _halt("no-control-set", _11, "Select names a control set that is not there.", ("\\Select", "Default", dword(7))),
    _halt("csrss-deleted", _11, "csrss.exe is deleted before it starts.", _renames((rf"{SYSTEM32}\csrss.exe", ""))),
    _halt(
        "csrss-deleted-xp", _XP, "csrss.exe is deleted before it starts.", _renames((r"C:\WINDOWS\system32\csrss.exe", ""))
    ),
    _halt(
        "required-without-windows",
        _10,
        "Required does not name the subsystem Windows.",
        (SM + r"\SubSystems", "Required", multi("Debug")),
    ),
    _halt(
        "required-missing-image",
        _XP,
        "Required names a subsystem whose program is deleted.",
        _renames((r"C:\WINDOWS\system32\spare.exe", "")),
        (SM + r"\SubSystems", "Required", multi("Debug", "Windows", "Spare")),
        (SM + r"\SubSystems", "Spare", expand(r"%SystemRoot%\system32\spare.exe")),
    ),
    *(
        _halt(
            f"no-{key.lower().replace(' ', '-')}", _XP, f"The key Session Manager\\{key} is missing.", drop=(f"{SM}\\{key}",)
        )
        for key in ("Memory Management", "DOS Devices", "KnownDLLs", "Environment", "SubSystems")
    ),
    _halt("win32k-deleted", _7, "win32k.sys is deleted before it is loaded.", _renames((rf"{SYSTEM32}\win32k.sys", ""))),
    _halt("no-kmode", _7, "SubSystems names no Kmode.", drop=(SM + r"\SubSystems\@Kmode",)),
    _halt("winlogon-deleted", _XP, "winlogon.exe is deleted.", _renames((r"C:\WINDOWS\system32\winlogon.exe", ""))),
    _halt(
        "winlogon-deleted-11",
        _11,
        "winlogon.exe is deleted: the initial session fails.",
        _renames((rf"{SYSTEM32}\winlogon.exe", "")),
    ),
    _halt("wininit-deleted", _11, "wininit.exe is deleted.", _renames((rf"{SYSTEM32}\wininit.exe", ""))),
    _halt("services-deleted", _7, "services.exe is deleted.", _renames((rf"{SYSTEM32}\services.exe", ""))),
    _halt("lsass-deleted", _11, "lsass.exe is deleted.", _renames((rf"{SYSTEM32}\lsass.exe", ""))),
    _halt("lsass-deleted-xp", _XP, "lsass.exe is deleted.", _renames((r"C:\WINDOWS\system32\lsass.exe", ""))),
    _halt(
        "next-boot-driver",
        _7,
        "A boot-start driver with ErrorControl 3 is deleted.",
        _BOOT_DRIVER[0],
        services=_BOOT_DRIVER[1],
    ),
    _halt(
        "next-system-driver",
        _7,
        "A system-start driver with ErrorControl 3 is deleted.",
        _SYSTEM_DRIVER[0],
        services=_SYSTEM_DRIVER[1],
    ),
    _halt("next-smss", _11, "smss.exe is deleted.", _renames((rf"{SYSTEM32}\smss.exe", ""))),
    _halt("next-ntdll", _10, "ntdll.dll is deleted.", _renames((rf"{SYSTEM32}\ntdll.dll", ""))),
    _halt("next-kernel", _NT4, "ntoskrnl.exe is deleted.", _renames((r"C:\WINNT\system32\ntoskrnl.exe", ""))),
    EffectHive(
        "severe-driver-deleted",
        _7,
        "A boot-start driver with ErrorControl 2 is deleted: Windows boots without it.",
        (_SEVERE_DRIVER[0],),
        services=_SEVERE_DRIVER[1],
    ),
)

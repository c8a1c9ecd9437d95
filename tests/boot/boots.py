r"""Small bootable hives, and boots played from them: what the tests of the boot are written in.

A snippet of hive notation says only what a test is about; the rest of a hive that boots is filled in. Lines before the first
key belong to `Session Manager`, and so do keys, unless they begin with `ControlSet`, `Select` or `Setup`:

    play('BootExecute = multi "autocheck autochk *"\n[DOS Devices]\nZ: = sz "\\??\\C:\\Data"', XP)

A value given overrides the one filled in; `without` takes values or keys out again.
"""

import re
from collections.abc import Iterable
from functools import cache

from hivecheck.boot.actions import Action
from hivecheck.boot.loader import plan_loader
from hivecheck.boot.machine import Exists, File, machine_at_smss
from hivecheck.boot.plan import Done, Plan, Step
from hivecheck.boot.replay import Event, Replay, replay
from hivecheck.boot.smss import plan_smss
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import (
    NT4,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1709,
    WIN10_1903,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, ValueRef
from hivecheck.registry.control_sets import control_set_name, read_control_sets
from hivecheck.registry.hive import fold_name
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.settings.catalog import SM, Settings, read_settings

CLASSIC = (WIN2000, XP, WIN2003)
MODERN = (WIN8, WIN81, WIN10_1709, WIN10_1903, WIN11_24H2)
EVERY_FAMILY = (NT4, XP, WIN7, WIN11_24H2)
SESSION_MANAGER = f"ControlSet001\\{SM}"
ROOT = "C:\\Windows"
_KEY_LINE = re.compile(r"(?m)^\[(?!ControlSet|Select|Setup)")
_SYSTEM_FILES = (
    "autochk.exe", "csrss.exe", "lsm.exe", "ntdll.dll", "smss.exe", "win32k.sys", "wininit.exe", "winlogon.exe",
)  # fmt: skip

_DEFAULTS = r"""
[Select]
Current = dword 1
Default = dword 1
Failed = dword 0
LastKnownGood = dword 1

[ControlSet001\Control\Session Manager]
ProtectionMode = dword 1

[ControlSet001\Control\Session Manager\Memory Management]
PagingFiles = multi "C:\pagefile.sys 768 1536"

[ControlSet001\Control\Session Manager\DOS Devices]

[ControlSet001\Control\Session Manager\KnownDLLs]

[ControlSet001\Control\Session Manager\Environment]
Path = expand "%SystemRoot%\system32;%SystemRoot%"

[ControlSet001\Control\Session Manager\SubSystems]
Debug = expand ""
Required = multi "Debug" "Windows"
Windows = expand "%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows Windows=On"
"""
_SERVICE = r"""
[ControlSet001\Services\Beep]
Type = dword 1
Start = dword 3
"""
_KMODE = r"""
[ControlSet001\Control\Session Manager\SubSystems]
Kmode = expand "%SystemRoot%\system32\win32k.sys"
"""
_DLL_DIRECTORY = r"""
[ControlSet001\Control\Session Manager\KnownDLLs]
DllDirectory = expand "%SystemRoot%\system32"
"""
_SESSIONS = r"""
[ControlSet001\Control\Session Manager]
NumberOfInitialSessions = dword 2
"""
BOOT_DRIVERS = """
[ControlSet001\\Control\\ServiceGroupOrder]
List = multi "Boot Bus Extender"
""" + "".join(
    f"[ControlSet001\\Services\\{name}]\nType = dword {kind}\nStart = dword 0\nErrorControl = dword 1\n"
    for name, kind in (("ACPI", 1), ("Ftdisk", 1), ("volmgr", 1), ("PartMgr", 1), ("Disk", 1), ("Ntfs", 2))
)


def bootable(
    snippet: str, generation: Generation, without: tuple[str, ...] = (), drivers: bool = False, services: bool = True
) -> MemoryHive:
    """A hive that boots, with the snippet laid over it. `without` are paths below Session Manager, of values or keys.

    With `drivers` it has those that a kernel needs to read its disk, for a boot that loads any; without `services` not even the
    one that tells a hive of few services from one of none.
    """
    plain = _filled_in(generation)
    if services:
        plain = _laid_over(plain, parse_notation(_SERVICE).plain)
    if drivers:
        plain = _laid_over(plain, parse_notation(BOOT_DRIVERS).plain)
    plain = _laid_over(plain, parse_notation(full_notation(snippet)).plain)
    for path in without:
        plain = _taken_out(plain, f"{SESSION_MANAGER}\\{path}".split("\\"))
    return MemoryHive("SYSTEM", plain)


def full_notation(snippet: str) -> str:
    """The snippet with its keys spelled from the root."""
    lines = "\n".join(line.strip() for line in snippet.splitlines())
    return f"[{SESSION_MANAGER}]\n" + _KEY_LINE.sub(lambda _: f"[{SESSION_MANAGER}\\", lines)


def settings_of(snippet: str, generation: Generation = XP, without: tuple[str, ...] = ()) -> Settings:
    """The settings of a bootable hive."""
    hive = bootable(snippet, generation, without)
    return read_settings(hive, hive.root.subkey("ControlSet001"))


def play(
    snippet: str,
    generation: Generation = XP,
    *,
    files: Iterable[File] | None = None,
    without: tuple[str, ...] = (),
    architecture: str = "x86",
    safe_mode: str | None = None,
    choice: str = "default",
    root: str = ROOT,
    root_assumed: bool = False,
) -> Replay:
    """The next boot of a bootable hive. Where `files` are given, they and those of `volume()` are all there are."""
    return play_hive(
        bootable(snippet, generation, without),
        generation,
        files=files,
        architecture=architecture,
        safe_mode=safe_mode,
        choice=choice,
        root=root,
        root_assumed=root_assumed,
    )


def play_hive(
    hive: MemoryHive,
    generation: Generation,
    *,
    files: Iterable[File] | None = None,
    architecture: str = "x86",
    safe_mode: str | None = None,
    choice: str = "default",
    root: str = ROOT,
    root_assumed: bool = False,
) -> Replay:
    """The next boot of any hive, put together as the front door does it."""
    sets = read_control_sets(hive, choice)
    control_set = hive.root.subkey(control_set_name(sets.number)) if sets.number is not None else None
    name = control_set.name if control_set else ""
    smss = Smss(read_settings(hive, control_set), generation, root, architecture, name, safe_mode, root_assumed)

    def plan() -> Plan:
        yield from plan_loader(sets, generation)
        yield from plan_smss(smss)

    known = () if files is None else (*volume(root), *files)
    return replay(machine_at_smss(root, known, files is not None), plan())


def volume(root: str = ROOT) -> tuple[File, ...]:
    """The files without which nothing boots."""
    return tuple(present(f"{root}\\system32\\{name}", native=name != "winlogon.exe") for name in _SYSTEM_FILES)


def present(path: str, *, native: bool | None = None, directory: bool = False, read_only: bool = False) -> File:
    r"""A file that is there; `path` is a DOS path (`C:\x`)."""
    return File(f"\\??\\{path}", Exists.YES, f"{path} of before", "", directory, read_only, native)


def folder(path: str) -> File:
    return present(path, directory=True)


def asked(played: Replay, kind: type[Action] | tuple[type[Action], ...], step: Step | None = None) -> list[Event]:
    """The events that ask for one kind of action, in order."""
    return [event for event in played.events if isinstance(event.action, kind) and step in (None, event.step)]


def one(events: list[Event]) -> Event:
    """The only event of a list."""
    (event,) = events
    return event


def state(played: Replay, path: str) -> str:
    """What is known of a file after the boot: yes, no or unknown; for one never spoken of, 'never touched'."""
    key = fold_name(path).rstrip("\\")
    file = played.after.files.get(key)
    return "never touched" if file is None else file.exists.value


def results(events: Iterable[Event]) -> list[Done]:
    return [event.done for event in events]


def cited(event: Event) -> list[tuple[str, tuple[int, int] | None]]:
    """What an event cites, in order."""
    return [citation(origin) for origin in event.because]


def citation(origin: Origin) -> tuple[str, tuple[int, int] | None]:
    """A value's name and the numbers of its cited strings; a key as `[path]`, a default as `built in`."""
    match origin:
        case ValueRef():
            return origin.value, origin.strings
        case KeyRef():
            return f"[{origin.path}]", None
        case BuiltIn():
            return "built in", None


@cache
def _filled_in(generation: Generation) -> PlainKey:
    parts = [_DEFAULTS]
    if generation >= NT4:
        parts.append(_KMODE)
    if generation < WIN10_1709:
        parts.append(_DLL_DIRECTORY)
    if generation >= VISTA:
        parts.append(_SESSIONS)
    return parse_notation("".join(parts)).plain


def _laid_over(under: PlainKey, over: PlainKey) -> PlainKey:
    values = {fold_name(value.name): value for value in under.values}
    repeated: list[PlainValue] = []
    given: set[str] = set()
    for value in over.values:
        folded = fold_name(value.name)
        if folded in given:
            repeated.append(value)
        else:
            values[folded] = value
        given.add(folded)
    subkeys = {fold_name(key.name): key for key in under.subkeys}
    for key in over.subkeys:
        folded = fold_name(key.name)
        subkeys[folded] = _laid_over(subkeys[folded], key) if folded in subkeys else key
    return changed(over, name=under.name, values=(*values.values(), *repeated), subkeys=tuple(subkeys.values()))


def _taken_out(key: PlainKey, path: list[str]) -> PlainKey:
    folded = fold_name(path[0])
    if len(path) > 1:
        subkeys = tuple(_taken_out(one, path[1:]) if fold_name(one.name) == folded else one for one in key.subkeys)
        return changed(key, subkeys=subkeys)
    return changed(
        key,
        values=tuple(value for value in key.values if fold_name(value.name) != folded),
        subkeys=tuple(one for one in key.subkeys if fold_name(one.name) != folded),
    )

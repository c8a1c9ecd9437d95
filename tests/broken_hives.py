"""Hives with one fault each, and files that are no hive at all, for everything that must not crash on them.

Each is a small sound hive, damaged at one place after it was written. `error` and `problems` are what our reader has to say
of it: the name of the exception, or the codes of the problems a walk over the whole hive meets, sorted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack, unpack_from

from hivecheck.registry.notation import hive_of
from tests.hive_bins import BLOCK, with_checksum
from tests.hive_writer import WrittenHive, build_hive, write_hive

SELECT = """
[Select]
Current = dword 1
Default = dword 1
Failed = dword 0
LastKnownGood = dword 1
"""
SETUP = """
[Setup]
CmdLine = sz ""
SetupType = dword 0
SystemSetupInProgress = dword 0
"""
CONTROL_SET = r"""
[ControlSet001\Control] 2022-03-01T06:20:05Z
SystemStartOptions = sz " NOEXECUTE=OPTIN"
[ControlSet001\Control\ComputerName\ComputerName]
ComputerName = sz "WKSTN-40"
[ControlSet001\Services\disk]
Type = dword 1
Start = dword 0
ErrorControl = dword 1
ImagePath = expand "System32\drivers\disk.sys"
"""
SESSION_MANAGER = r"""
[ControlSet001\Control\Session Manager]
BootExecute = multi "autocheck autochk *"
ObjectDirectories = multi "\Windows" "\RPC Control"
ProtectionMode = dword 1
PendingFileRenameOperations = multi [
  "\??\C:\Windows\Temp\a.tmp"  ""
  "\??\C:\Windows\Temp\b.tmp"  "!\??\C:\Windows\b.dll"
]
[ControlSet001\Control\Session Manager\Environment]
ComSpec = expand "%SystemRoot%\system32\cmd.exe"
Path = expand "%SystemRoot%\system32;%SystemRoot%"
[ControlSet001\Control\Session Manager\KnownDLLs]
kernel32 = sz "kernel32.dll"
[ControlSet001\Control\Session Manager\SubSystems]
Required = multi "Debug" "Windows"
Windows = expand "%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows"
"""
HEADER = "hive sequences 12 12 written 2021-12-06T12:40:00Z\n"
MANAGER = r"ControlSet001\Control\Session Manager"


@dataclass(frozen=True, slots=True)
class Broken:
    """One file of `broken/`: its bytes, what is wrong with it, and what our reader says."""

    file: str
    data: bytes
    shows: str
    error: str = ""
    problems: tuple[str, ...] = ()


def broken_hives() -> Iterator[Broken]:
    yield from _no_hives()
    yield from _base_blocks()
    yield from _trees()
    yield from _values()
    yield from _not_a_system()


def _sound() -> WrittenHive:
    return write_hive(hive_of(HEADER + SELECT + SETUP + CONTROL_SET + SESSION_MANAGER))


def _no_hives() -> Iterator[Broken]:
    error = "NotAHiveError"
    yield Broken("empty.hive", b"", "A file of 0 bytes: a copy that failed.", error)
    text = b"SYSTEM hive of WKSTN-40: see the other folder.\r\n"
    yield Broken("not-a-hive.txt", text, "A text.", error)
    yield Broken("zeros.hive", bytes(2 * BLOCK), "Zeros: a sparse copy.", error)
    yield Broken("short.hive", _sound().data[:2048], "The first 2,048 bytes of a hive: half a base block.", error)
    no_base_block = bytes(BLOCK) + _sound().data[BLOCK:]
    yield Broken("no-base-block.hive", no_base_block, "The base block is overwritten with zeros, the bins are there.", error)
    log = with_checksum(_sound().patched(28, pack("<I", 6))[:512]) + b"HvLE".ljust(512, b"\0")
    yield Broken("log-alone.LOG1", log.ljust(2 * BLOCK, b"\0"), "A transaction log given in place of its hive.", error)


def _base_blocks() -> Iterator[Broken]:
    sound = _sound()
    yield Broken("bad-checksum.hive", sound.patched(508, b"\1\2\3\4"), "The checksum of the base block is wrong: dirty.")
    dirty = build_hive(hive_of(HEADER + SELECT + SETUP + CONTROL_SET + SESSION_MANAGER), sequences=(13, 12))
    yield Broken("dirty-without-logs.hive", dirty, "The sequence numbers differ, and there are no logs.")
    away = with_checksum(sound.patched(36, pack("<I", 0x7FFFFFF0)))
    yield Broken("bad-root.hive", away, "The base block names a root beyond the file.", "EvidenceError")
    no_key = sound.patched(sound.keys[""] + 4, b"xx")
    yield Broken("root-is-no-key.hive", no_key, "The cell of the root has another signature.", "EvidenceError")
    cut = sound.data[: sound.keys[MANAGER] + 40]
    yield Broken(
        "truncated.hive",
        cut,
        "The file ends in the middle of the Session Manager's key.",
        "",
        ("cell-out-of-bounds", "count-exceeds-list", "truncated-hive"),
    )
    clean = hive_of(
        '[Select]\nCurrent = dword 1\nDefault = dword 1\n[ControlSet001\\Control\\Session Manager]\nBootExecute = multi "autocheck autochk *"\n'
    ).plain
    evil = hive_of(HEADER + SELECT + SETUP + CONTROL_SET + SESSION_MANAGER.replace("autochk *", 'autochk *" "evil'))
    yield Broken(
        "decoy-root.hive",
        build_hive(evil, decoy=clean),
        "Sound, but a harmless second root lies in the first cell, where regipy looks. The root has one more BootExecute program.",
    )


def _trees() -> Iterator[Broken]:
    sound = _sound()
    manager, control = sound.keys[MANAGER], sound.keys[r"ControlSet001\Control"]
    root_list = pack("<I", sound.lists["ControlSet001"] - BLOCK)
    yield Broken(
        "subkey-loop.hive",
        sound.patched(manager + 4 + 28, root_list),
        "The Session Manager's subkeys are those of ControlSet001: the tree has no end.",
        "",
        ("count-exceeds-list", "key-linked-twice", "subkey-loop", "wrong-parent"),
    )
    bad_list = sound.patched(sound.lists[MANAGER] + 4, b"zz")
    yield Broken(
        "bad-subkey-list.hive",
        bad_list,
        "The Session Manager's subkey list has an unknown signature.",
        "",
        ("bad-signature", "count-exceeds-list"),
    )
    many = sound.patched(manager + 4 + 20, pack("<I", 5000))
    yield Broken(
        "too-many-subkeys.hive",
        many,
        "The Session Manager counts 5,000 subkeys, its list holds three.",
        "",
        ("count-exceeds-list",),
    )
    parent = sound.patched(manager + 4 + 16, pack("<I", sound.keys["Select"] - BLOCK))
    yield Broken("wrong-parent.hive", parent, "The Session Manager names Select as its parent.", "", ("wrong-parent",))
    first = sound.lists[r"ControlSet001\Control"] + 8
    twice = sound.patched(first, sound.data[first + 8 : first + 16])
    yield Broken(
        "listed-twice.hive",
        twice,
        "Control lists the Session Manager twice, ComputerName not at all.",
        "",
        ("subkey-listed-twice",),
    )
    free = sound.patched(control, pack("<i", -unpack_from("<i", sound.data, control)[0]))
    yield Broken("control-is-free.hive", free, "The cell of Control is free.", "", ("free-cell-referenced",))


def _values() -> Iterator[Broken]:
    sound = _sound()
    boot_execute = sound.values[MANAGER, "BootExecute"]
    gone = sound.patched(boot_execute + 4 + 8, pack("<I", 0x00F00000))
    yield Broken(
        "value-data-missing.hive",
        gone,
        "The data of BootExecute lie beyond the file.",
        "",
        ("cell-out-of-bounds", "value-data-unreadable"),
    )
    huge = sound.patched(boot_execute + 4 + 4, pack("<I", 0x7FFFFFF0))
    yield Broken("value-too-large.hive", huge, "BootExecute claims two gigabytes of data.", "", ("value-data-unreadable",))
    no_value = sound.patched(boot_execute + 4, b"xx")
    yield Broken("bad-value.hive", no_value, "The cell of BootExecute is no value.", "", ("bad-signature",))
    odd = hive_of(
        HEADER + SELECT + SETUP + CONTROL_SET
        + SESSION_MANAGER.replace('BootExecute = multi "autocheck autochk *"', 'BootExecute = sz "autocheck autochk *"')
        .replace("ProtectionMode = dword 1", "ProtectionMode = binary 01")
        .replace("ObjectDirectories = multi", "ObjectDirectories = dword 5\nAllowProtectedRenames = sz hex: 41\nExecute = multi hex: 41\nSetupExecute = multi")
    )  # fmt: skip
    yield Broken(
        "wrong-types.hive",
        build_hive(odd),
        "A sound hive whose Session Manager values have types and lengths nobody expects.",
    )


def _not_a_system() -> Iterator[Broken]:
    sets = {
        "missing-select.hive": (SETUP + CONTROL_SET + SESSION_MANAGER, "A SYSTEM hive without Select."),
        "missing-control-set.hive": (
            SELECT.replace("Current = dword 1", "Current = dword 3").replace("Default = dword 1", "Default = dword 3")
            + SETUP
            + CONTROL_SET
            + SESSION_MANAGER,
            "Select names ControlSet003; there is only ControlSet001.",
        ),
        "no-control-set.hive": (SELECT + SETUP, "Select, but no control set at all."),
        "select-is-text.hive": (
            SELECT.replace("dword 1", 'sz "1"') + SETUP + CONTROL_SET + SESSION_MANAGER,
            "Select's numbers are strings.",
        ),
        "missing-session-manager.hive": (SELECT + SETUP + CONTROL_SET, "A control set without a Session Manager."),
        "software-hive.hive": (_SOFTWARE, "A sound SOFTWARE hive, given in place of SYSTEM."),
        "no-keys.hive": ("", "A sound hive whose root is empty."),
    }
    for file, (notation, shows) in sets.items():
        yield Broken(file, build_hive(hive_of(HEADER + notation)), shows)


_SOFTWARE = r"""
[Classes\.txt]
@ = sz "txtfile"
[Microsoft\Windows\CurrentVersion\Run]
SecurityHealth = expand "%windir%\system32\SecurityHealthSystray.exe"
[Microsoft\Windows NT\CurrentVersion]
CurrentBuild = sz "19044"
ProductName = sz "Windows 10 Pro"
[Policies]
"""

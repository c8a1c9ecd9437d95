"""Hives with one fault each, and files that are no hive at all, for everything that must not crash on them.

Each is a small sound hive, damaged at one place after it was written. `error` and `problems` are what our reader has to say
of it: the name of the exception, or the codes of the problems that a survey of the whole hive and a look-up of each key meet,
sorted. Beside some lies a log; `told` are then the codes by which an analysis tells what became of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack, unpack_from

from hivecheck.registry.notation import hive_of
from tests.hive_bins import BLOCK, name_hash, with_checksum
from tests.hive_writer import WrittenHive, build_hive, write_hive
from tests.log_writer import hvle_log, with_owner, with_sequences

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
    told: tuple[str, ...] = ()


def broken_hives() -> Iterator[Broken]:
    yield from _no_hives()
    yield from _base_blocks()
    yield from _trees()
    yield from _values()
    yield from _names()
    yield from _lists()
    yield from _cells()
    yield from _logs()
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
        ("bad-bin-header", "cell-out-of-bounds", "count-exceeds-list", "truncated-hive"),
    )
    clean = hive_of(
        '[Select]\nCurrent = dword 1\nDefault = dword 1\n[ControlSet001\\Control\\Session Manager]\nBootExecute = multi "autocheck autochk *"\n'
    ).plain
    evil = hive_of(HEADER + SELECT + SETUP + CONTROL_SET + SESSION_MANAGER.replace("autochk *", 'autochk *" "evil'))
    yield Broken(
        "decoy-root.hive",
        build_hive(evil, decoy=clean),
        "Sound, but a harmless second root lies in the first cell, where regipy looks. The root has one more BootExecute program.",
        "",
        ("security-count",),
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
        ("security-count", "subkey-listed-twice"),
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


def _names() -> Iterator[Broken]:
    disk = r"ControlSet001\Services\disk"
    sound = _sound()
    for file, name, shows, code in (
        (
            "name-with-nul.hive",
            b"di\0k",
            'The name of a driver\'s key holds a NUL: programs show it as "di".',
            "name-with-nul",
        ),
        ("name-with-backslash.hive", b"di\\k", "The name of a driver's key holds a backslash.", "key-name-unusable"),
    ):
        yield Broken(file, _rename(sound, disk, name), shows, "", (code,))
    long = sound.patched(sound.keys[disk] + 76, pack("<H", 200))
    yield Broken(
        "name-too-long.hive",
        long,
        "A driver's key has a name longer than its cell.",
        "",
        ("name-too-long", "name-with-nul", "wrong-name-hash"),
    )
    wide = _with("[ControlSet001\\Services\\\u0434\u0438\u0441\u043a]\n")
    at = wide.keys["ControlSet001\\Services\\\u0434\u0438\u0441\u043a"]
    half = wide.patched(at + 80 + 6, pack("<H", 0xD800))
    yield Broken(
        "name-half-a-pair.hive", half, "A driver's name ends in half of a surrogate pair.", "", ("name-invalid-utf16",)
    )
    odd = wide.patched(at + 76, pack("<H", 7))
    yield Broken("name-of-odd-length.hive", odd, "A driver's UTF-16 name has seven bytes.", "", ("odd-name-length",))
    twin = _with(f'[{MANAGER}\\KnownDLLx]\nevil = sz "evil.dll"\n')
    key = _rename(twin, f"{MANAGER}\\KnownDLLx", b"KnownDLLs")
    yield Broken("two-keys-of-one-name.hive", key, "There are two keys KnownDLLs.", "", ("duplicate-key",))
    value = _with(f'[{MANAGER}]\nBootExecutX = multi "evil"\n')
    data = value.patched(value.values[MANAGER, "BootExecutX"] + 24, b"BootExecute")
    yield Broken("two-values-of-one-name.hive", data, "There are two values BootExecute.", "", ("duplicate-value",))


def _lists() -> Iterator[Broken]:
    sound = _sound()
    manager, subkeys = sound.keys[MANAGER], sound.lists[MANAGER]
    fewer = sound.patched(manager + 4 + 20, pack("<I", 1))
    yield Broken(
        "too-few-subkeys.hive",
        fewer,
        "The Session Manager counts one subkey, its list holds three.",
        "",
        ("count-below-list",),
    )
    unsorted = _rename(sound, f"{MANAGER}\\Environment", b"Znvironment")
    yield Broken(
        "unsorted-subkeys.hive",
        unsorted,
        "The first subkey of the Session Manager has a name that belongs last.",
        "",
        ("subkeys-unsorted",),
    )
    hash_gone = sound.patched(subkeys + 8 + 8 + 4, pack("<I", 1))
    yield Broken(
        "wrong-name-hash.hive", hash_gone, "KnownDLLs is listed under the hash of another name.", "", ("wrong-name-hash",)
    )
    itself = sound.patched(subkeys + 4, pack("<2sHI", b"ri", 1, subkeys - BLOCK))
    yield Broken(
        "list-in-itself.hive",
        itself,
        "The subkey list of the Session Manager is an index root that names itself.",
        "",
        ("count-exceeds-list", "list-loop"),
    )
    yield Broken(
        "index-root-in-index-root.hive",
        _nested_index_root(),
        "The subkeys of the Session Manager hang from an index root in an index root.",
        "",
        ("nested-index-root",),
    )
    values = BLOCK + int(unpack_from("<I", sound.data, manager + 4 + 40)[0]) + 4
    twice = sound.patched(values + 4, sound.data[values : values + 4])
    yield Broken(
        "value-listed-twice.hive", twice, "The Session Manager lists its first value twice.", "", ("value-listed-twice",)
    )
    for file, flag, shows, code in (
        ("stored-link.hive", 0x10, "KnownDLLs is a symbolic link stored in the hive.", "stored-link"),
        ("volatile-key.hive", 0x1, "KnownDLLs is marked volatile, and stored all the same.", "volatile-key-stored"),
    ):
        place = sound.keys[f"{MANAGER}\\KnownDLLs"] + 6
        flags = int(unpack_from("<H", sound.data, place)[0])
        yield Broken(file, sound.patched(place, pack("<H", flags | flag)), shows, "", (code,))


def _nested_index_root() -> bytes:
    """Written twice: where the inner list lies is known only then."""
    hive = hive_of(HEADER + SELECT + SETUP + CONTROL_SET + SESSION_MANAGER)
    inner = write_hive(hive, ri_threshold=1, freed=[bytes(12)]).lists[MANAGER] - BLOCK
    written = write_hive(hive, ri_threshold=1, freed=[pack("<2sHI4x", b"ri", 1, inner)])
    (outer,) = written.loose
    used = written.patched(outer, pack("<i", -abs(unpack_from("<i", written.data, outer)[0])))
    return _patch(used, written.keys[MANAGER] + 4 + 28, pack("<I", outer - BLOCK))


def _cells() -> Iterator[Broken]:
    sound = _sound()
    yield Broken(
        "bad-bin.hive", sound.patched(BLOCK, b"nibh"), "The first bin has another signature.", "", ("bad-bin-header",)
    )
    odd = with_checksum(sound.patched(40, pack("<I", 4097)))
    yield Broken("bad-bins-size.hive", odd, "The base block claims 4,097 bytes of bins.", "", ("bad-bins-size",))
    chain = sound.patched(_last_cell(sound.data), pack("<i", 12))
    yield Broken("bad-cell-chain.hive", chain, "The last cell has the size 12.", "", ("bad-cell-chain",))
    boot_execute = sound.values[MANAGER, "BootExecute"]
    data_at = BLOCK + int(unpack_from("<I", sound.data, boot_execute + 4 + 8)[0])
    yield Broken(
        "bad-cell-size.hive",
        sound.patched(data_at, bytes(4)),
        "The data of BootExecute lie in a cell of size 0.",
        "",
        ("bad-cell-chain", "bad-cell-size", "value-data-unreadable"),
    )
    security = BLOCK + int(unpack_from("<I", sound.data, sound.keys[MANAGER] + 4 + 44)[0])
    broken = sound.patched(security + 4, b"xx")
    yield Broken(
        "bad-security.hive", broken, "The security descriptor of most keys has another signature.", "", ("bad-security",)
    )
    counted = int(unpack_from("<I", sound.data, security + 4 + 12)[0])
    more = sound.patched(security + 4 + 12, pack("<I", counted + 1))
    yield Broken(
        "security-of-a-hidden-key.hive",
        more,
        "A security descriptor counts one key more than the tree has: one was cut off from it.",
        "",
        ("security-count",),
    )
    large = _with(f'[{MANAGER}\\SubSystems]\nKmode = expand "{"x" * 1500}"\n')
    past = with_checksum(_patch(large.data, 40, pack("<I", 4096)))
    yield Broken(
        "past-the-bins.hive",
        past,
        "The base block claims one bin; there are two, and both are used.",
        "",
        ("cell-past-bins",),
    )


def _logs() -> Iterator[Broken]:
    """Dirty hives, each with its log beside it; the log adds a program to BootExecute."""
    before = with_sequences(_sound().data, 13, 12)
    after = with_sequences(_with_program("evil").data, 13, 13)
    log = hvle_log([before, after], 12)
    spoilt = log.patched(len(log.data) - 100, b"?")
    ours, others = bytes(range(1, 33)), bytes(range(2, 34))
    for stem, hive, data, shows, problems, code in (
        (
            "log-of-another-hive",
            with_owner(before, "SYSTEM", ours),
            with_owner(log.data, "SYSTEM", others),
            "A dirty hive beside the log of another one, whose sequence numbers fit.",
            (),
            ("dirty-hive", "log-of-another-hive"),
        ),
        (
            "log-torn",
            before,
            spoilt,
            "A dirty hive whose log holds one entry with a wrong hash.",
            (),
            ("dirty-hive",),
        ),
        (
            "log-checksum",
            before,
            log.patched(508, b"\1\2\3\4"),
            "A dirty hive whose log has a base block with a wrong checksum.",
            (),
            ("dirty-hive",),
        ),
        (
            "log-lends-base-block",
            _patch(before, 508, b"\1\2\3\4"),
            log.data,
            "A hive whose base block has a wrong checksum, and a log that lends it another.",
            (),
            ("base-block-from-log",),
        ),
    ):
        yield Broken(f"{stem}.hive", hive, shows, "", problems, code)
        yield Broken(f"{stem}.LOG1", data, f"The log of {stem}.hive.", "NotAHiveError")


def _with(more: str) -> WrittenHive:
    """The sound hive with more keys or values; those of a key that is there already are added to it."""
    text = HEADER + SELECT + SETUP + CONTROL_SET + SESSION_MANAGER
    head, _, rest = more.partition("\n")
    if f"\n{head}\n" in text:
        return write_hive(hive_of(text.replace(f"\n{head}\n", f"\n{head}\n{rest}")))
    return write_hive(hive_of(text + more))


def _with_program(command: str) -> WrittenHive:
    text = HEADER + SELECT + SETUP + CONTROL_SET + SESSION_MANAGER
    return write_hive(hive_of(text.replace('"autocheck autochk *"', f'"autocheck autochk *" "{command}"')))


def _rename(written: WrittenHive, path: str, name: bytes) -> bytes:
    """The hive with another name, as long, for this key, and the hash of that name in the list."""
    data = written.patched(written.keys[path] + 80, name)
    entries = written.lists[path.rpartition("\\")[0]] + 8
    while unpack_from("<I", data, entries)[0] != written.keys[path] - BLOCK:
        entries += 8
    return _patch(data, entries + 4, pack("<I", name_hash(name.decode("latin-1"))))


def _patch(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


def _last_cell(data: bytes) -> int:
    """Where the last cell of a hive of one bin stands."""
    at = last = BLOCK + 32
    while at < len(data):
        last, at = at, at + abs(int(unpack_from("<i", data, at)[0]))
    return last


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

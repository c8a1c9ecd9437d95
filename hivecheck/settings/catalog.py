r"""Every setting hivecheck reads for smss, one row each, in the order in which smss of Windows 10 and 11 reads them.

A row is the typed key to its setting: `settings[BOOT_EXECUTE]` is a `Setting[tuple[Command, ...]]`. What the kernel,
autochk or a later program reads from the same keys stands at the end, and says who reads it.

`classic` is the row's number in the query table of 2000, XP and 2003, None where that table has no such row.
Source: smss.md B.0, A.3, A3.e (ReactOS sminit.c; Windows Internals 7; a boot trace of Windows 11).
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar, cast

from hivecheck.facts.fact import changed, fact
from hivecheck.facts.generation import (
    VISTA,
    WIN8,
    WIN10_1507,
    WIN10_1803,
    WIN2000,
    Generation,
)
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Hive, Key, RawValue
from hivecheck.settings.commands import Command, read_commands
from hivecheck.settings.object_names import NamedText, read_named_texts, read_object_directories
from hivecheck.settings.paging_files import PagingFile, read_paging_files
from hivecheck.settings.pending_renames import RenameList, read_rename_list
from hivecheck.settings.setting import (
    CitedString,
    Presence,
    Setting,
    origins_of,
    read_binary,
    read_four_bytes,
    read_number,
    read_strings,
    read_text,
)
from hivecheck.settings.subsystems import read_subsystem_definitions, read_subsystem_list

T = TypeVar("T")

SM = "Control\\Session Manager"
MEMORY = SM + "\\Memory Management"
CRASH = "Control\\CrashControl"
SAFE_BOOT = "Control\\SafeBoot"
DLL_DIRECTORIES = frozenset({"DLLDIRECTORY", "DLLDIRECTORY32"})
CLASSIC_DEFAULTS = "ReactOS sminit.c, for Windows 2003"


@fact
class Row(Generic[T]):
    """One setting: where it is, how it is read, who reads it and since when.

    `value` is None where the whole key is the setting. `key` is relative to the control set, or to the root of the hive
    where it begins with a backslash.
    """

    name: str
    key: str
    value: str | None
    read: Callable[[str, Key | None], Setting[T]]
    about: str
    source: str
    reader: str = "smss"
    since: Generation | None = None
    until: Generation | None = None
    classic: int | None = None


def _of_value(value: str, read: Callable[[str, RawValue | None], Setting[T]]) -> Callable[[str, Key | None], Setting[T]]:
    return lambda name, key: read(name, key.value(value) if key else None)


def _row(
    name: str,
    key: str,
    value: str,
    read: Callable[[str, RawValue | None], Setting[T]],
    about: str,
    source: str,
    **more: Any,
) -> Row[T]:
    return Row(name, key, value, _of_value(value, read), about, source, **more)


def _number(name: str, key: str, about: str, source: str, **more: Any) -> Row[int | None]:
    return _row(name, key, name.rsplit("/", 1)[-1], read_number, about, source, **more)


def _four_bytes(name: str, otherwise: int, about: str, source: str, **more: Any) -> Row[int | None]:
    def read(row_name: str, raw: RawValue | None) -> Setting[int | None]:
        return read_four_bytes(row_name, raw, otherwise, CLASSIC_DEFAULTS)

    return _row(name, SM, name, read, about, source, **more)


def _text(name: str, key: str, about: str, source: str, **more: Any) -> Row[str]:
    return _row(name, key, name.rsplit("/", 1)[-1], read_text, about, source, **more)


def _list(name: str, key: str, about: str, source: str, **more: Any) -> Row[tuple[CitedString, ...]]:
    return _row(name, key, name.rsplit("/", 1)[-1], _read_list, about, source, **more)


def _commands(name: str, about: str, source: str, default: str = "", **more: Any) -> Row[tuple[Command, ...]]:
    def read(row_name: str, raw: RawValue | None) -> Setting[tuple[Command, ...]]:
        return read_commands(row_name, raw, default, CLASSIC_DEFAULTS)

    return _row(name, SM, name, read, about, source, **more)


def _read_list(name: str, raw: RawValue | None) -> Setting[tuple[CitedString, ...]]:
    read = read_strings(raw)
    strings = tuple(string for string in read.strings if string.text)
    return Setting(name, strings, read.presence, origins_of(raw, read.presence), read.problems, raw)


def _read_existence(name: str, key: Key | None) -> Setting[bool]:
    if key is None:
        return Setting(name, False, Presence.ABSENT)
    return Setting(name, True, Presence.WRITTEN, (key.ref,))


def _exists(name: str, key: str, about: str, source: str, **more: Any) -> Row[bool]:
    return Row(name, key, None, _read_existence, about, source, **more)


# --- what smss reads, in its reading order ------------------------------------------------------------------------------

MINI_NT = _exists(
    "MiniNT",
    "Control\\MiniNT",
    "The key's mere existence says 'this is WinPE': pending renames are not run",
    "smss.md E.4",
    since=WIN2000,
)
SAFEBOOT_OPTION = _text(
    "Environment/SAFEBOOT_OPTION",
    SM + "\\Environment",
    "Left behind by a safe-mode session; deleted at start",
    "smss.md B13.6",
)
PROTECTION_MODE = _four_bytes(
    "ProtectionMode", 1, "1 guards the objects smss makes against ordinary users; 0 does not", "smss.md B.14", classic=1
)
OBJECT_DIRECTORIES: Row[tuple[CitedString, ...]] = _row(
    "ObjectDirectories",
    SM,
    "ObjectDirectories",
    lambda name, raw: read_object_directories(name, raw, ("\\Windows", "\\RPC Control"), CLASSIC_DEFAULTS),
    "Object directories created while the registry is still being read",
    "smss.md B.11",
    classic=3,
)
BOOT_EXECUTE = _commands(
    "BootExecute",
    "Native programs run before any file is renamed and any paging file is made",
    "smss.md B.2",
    "autocheck AutoChk.exe *",
    classic=4,
)
BOOT_EXECUTE_NO_PNP_SYNC = _commands(
    "BootExecuteNoPnpSync", "Run together with BootExecute, without waiting for devices", "smss.md B.5", since=VISTA
)
PLATFORM_EXECUTE = _commands("PlatformExecute", "Read by current smss; meaning not documented", "smss.md B.5", since=WIN8)
SETUP_EXECUTE = _commands(
    "SetupExecute", "Native programs of servicing, run before csrss; smss does not clear the list", "smss.md B.6", classic=5
)
SETUP_EXECUTE_NO_PNP_SYNC = _commands(
    "SetupExecuteNoPnpSync", "Run together with SetupExecute, without waiting for devices", "smss.md B.5", since=VISTA
)
S0_INITIAL_COMMAND = _text(
    "S0InitialCommand", SM, "Started in session 0 in place of wininit.exe", "smss.md B.16", since=VISTA
)
NUMBER_OF_INITIAL_SESSIONS = _number(
    "NumberOfInitialSessions", SM, "Sessions made at boot, session 0 included", "smss.md B.16", since=VISTA
)
PENDING_RENAMES: Row[RenameList] = _row(
    "PendingFileRenameOperations",
    SM,
    "PendingFileRenameOperations",
    read_rename_list,
    "Files to delete or rename at the next boot, in pairs; an empty destination deletes",
    "smss.md B.3",
    classic=6,
)
PENDING_RENAMES_2: Row[RenameList] = _row(
    "PendingFileRenameOperations2",
    SM,
    "PendingFileRenameOperations2",
    read_rename_list,
    "Where requests go once it exists; run after the first list, paired on from it",
    "smss.md B.3",
    since=WIN2000,
    classic=7,
)
ALLOW_PROTECTED_RENAMES = _four_bytes(
    "AllowProtectedRenames",
    0,
    "Lets this boot rename files under Windows File Protection; deleted when read",
    "smss.md B.4",
    classic=2,
)
CLEAR_TEMP_FILES = _number("ClearTempFiles", SM, "Read by smss; meaning not documented", "smss.md A3.e, G.2", since=WIN8)
TEMP_FILE_DIRECTORY = _text("TempFileDirectory", SM, "Read by smss; meaning not documented", "smss.md A3.e, G.2", since=WIN8)
EXCLUDE_FROM_KNOWN_DLLS = _list(
    "ExcludeFromKnownDlls", SM, "DLLs (by label or file name) that are not mapped", "smss.md B.9", classic=8
)
BACKGROUND_LOAD_KNOWN_DLLS = _number(
    "BackgroundLoadKnownDlls", SM, "Read by smss; meaning not documented", "smss.md A3.e", since=WIN10_1803
)
DISABLE_WPBT_EXECUTION = _number(
    "DisableWpbtExecution", SM, "1 keeps smss from running the firmware's platform binary", "smss.md B.5", since=WIN8
)
MEMORY_MANAGEMENT = _exists("Memory Management", MEMORY, "The key must exist", "smss.md B.0 row 9", classic=9)
PAGING_FILES: Row[tuple[PagingFile, ...]] = _row(
    "Memory Management/PagingFiles",
    MEMORY,
    "PagingFiles",
    lambda name, raw: read_paging_files(name, raw, "?:\\pagefile.sys", CLASSIC_DEFAULTS),
    "The paging files to make",
    "smss.md B.12",
    classic=10,
)
EXISTING_PAGE_FILES = _list(
    "Memory Management/ExistingPageFiles", MEMORY, "The paging files of the last boot", "smss.md B12.15", since=VISTA
)
PAGEFILE_ON_OS_VOLUME = _number(
    "Memory Management/PagefileOnOsVolume",
    MEMORY,
    "1: paging files on the Windows volume only",
    "smss.md B12.16",
    since=WIN8,
)
WAIT_FOR_PAGING_FILES = _number(
    "Memory Management/WaitForPagingFiles", MEMORY, "Read by smss; meaning not documented", "smss.md B12.16", since=WIN8
)
TEMP_PAGE_FILE = _number(
    "Memory Management/TempPageFile", MEMORY, "Marks a paging file made for want of a fixed one", "smss.md B12.17"
)
SWAPFILE_CONTROL = _number("Memory Management/SwapfileControl", MEMORY, "0: no swapfile.sys", "smss.md B12.17", since=WIN8)
SWAP_FILE = _text("Memory Management/SwapFile", MEMORY, "Where swapfile.sys is made", "smss.md B12.17", since=WIN8)
DISABLE_DEDICATED_MEMORY_CACHING = _number(
    "Memory Management/DisableDedicatedMemoryCaching", MEMORY, "Read by smss", "smss.md B12.17", since=WIN10_1507
)
DEDICATED_MEMORY_PAGEFILE_SIZE_MB = _number(
    "Memory Management/DedicatedMemoryPagefileSizeMB", MEMORY, "Read by smss, in MB", "smss.md B12.17", since=WIN10_1507
)
PAGEFILE_HYBRID_PRIORITY = _number(
    "Memory Management/PagefileHybridPriority", MEMORY, "Read by smss", "smss.md B12.17", since=WIN10_1507
)
FEATURE_SETTINGS = _number("Memory Management/FeatureSettings", MEMORY, "Read by smss", "smss.md B12.17", since=WIN10_1507)
PAGEFILE_USAGE: Row[bytes] = _row(
    "Memory Management/PagefileUsage",
    MEMORY,
    "PagefileUsage",
    read_binary,
    "Commit history, from which the size of a system-managed file follows",
    "smss.md B12.8",
    since=WIN10_1507,
)
DOS_DEVICES: Row[tuple[NamedText, ...]] = Row(
    "DOS Devices",
    SM + "\\DOS Devices",
    None,
    read_named_texts,
    "Names linked in \\GLOBAL??; empty data removes a link",
    "smss.md B.10",
    classic=11,
)
KNOWN_DLLS: Row[tuple[NamedText, ...]] = Row(
    "KnownDLLs",
    SM + "\\KnownDLLs",
    None,
    lambda name, key: read_named_texts(name, key, DLL_DIRECTORIES),
    "DLLs mapped once and shared by every process: label and file name",
    "smss.md B.8",
    classic=12,
)
DLL_DIRECTORY = _text("KnownDLLs/DllDirectory", SM + "\\KnownDLLs", "Where the KnownDLLs are", "smss.md B8.2, B8.3")
DLL_DIRECTORY_32 = _text(
    "KnownDLLs/DllDirectory32", SM + "\\KnownDLLs", "Where the KnownDLLs of 32-bit programs are", "smss.md B8.2"
)
ENVIRONMENT: Row[tuple[NamedText, ...]] = Row(
    "Environment",
    SM + "\\Environment",
    None,
    read_named_texts,
    "The machine's environment, applied in stored order",
    "smss.md B.13",
    classic=13,
)
SUBSYSTEMS: Row[tuple[NamedText, ...]] = Row(
    "SubSystems",
    SM + "\\SubSystems",
    None,
    read_subsystem_definitions,
    "The subsystems' command lines (Windows is csrss), by name",
    "smss.md B.15",
    classic=14,
)
REQUIRED: Row[tuple[CitedString, ...]] = _row(
    "SubSystems/Required",
    SM + "\\SubSystems",
    "Required",
    lambda name, raw: read_subsystem_list(name, raw, ("Debug", "Windows"), CLASSIC_DEFAULTS),
    "The subsystems started at boot",
    "smss.md B.15",
    classic=15,
)
OPTIONAL: Row[tuple[CitedString, ...]] = _row(
    "SubSystems/Optional",
    SM + "\\SubSystems",
    "Optional",
    lambda name, raw: read_subsystem_list(name, raw, (), ""),
    "The subsystems started on demand",
    "smss.md B.15",
    classic=16,
)
KMODE = _text("SubSystems/Kmode", SM + "\\SubSystems", "Its presence has win32k.sys loaded", "smss.md B15.5", classic=17)
POSIX_SINGLE_INSTANCE = _number(
    "SubSystems/PosixSingleInstance", SM + "\\SubSystems", "One POSIX subsystem for all sessions", "smss.md B15.11"
)
EXECUTE = _commands(
    "Execute", "Run after csrss; up to 2003 the last one takes the place of winlogon.exe", "smss.md B.7, A3.f", classic=18
)
FILE_RENAME_OPERATIONS: Row[tuple[NamedText, ...]] = Row(
    "FileRenameOperations",
    SM + "\\FileRenameOperations",
    None,
    read_named_texts,
    "A list documented for Windows 2000 that no later smss reads",
    "smss.md A1.b",
)
CRASH_DUMP_ENABLED = _number("CrashControl/CrashDumpEnabled", CRASH, "Kind of crash dump; 0 is none", "smss.md B12.14")
CRASH_OVERWRITE = _number("CrashControl/Overwrite", CRASH, "Whether an older dump is overwritten", "smss.md B12.14")
MINIDUMP_DIR = _text("CrashControl/MinidumpDir", CRASH, "Where small dumps are saved", "smss.md B12.14")
MINIDUMPS_COUNT = _number("CrashControl/MinidumpsCount", CRASH, "How many small dumps are kept", "smss.md B12.14")
DUMP_FILE = _text("CrashControl/DumpFile", CRASH, "Where the dump is saved", "smss.md B12.14")
DEDICATED_DUMP_FILE = _text(
    "CrashControl/DedicatedDumpFile",
    CRASH,
    "A dump file of its own instead of the paging file",
    "smss.md B12.14",
    since=VISTA,
)
SYSTEM_PARTITION = _text(
    "Setup/SystemPartition", "\\Setup", "From it smss writes BootDir into SOFTWARE", "smss.md A.1 step 17"
)

# --- what others read from the same keys ----------------------------------------------------------------------------------

AUTOCHK_TIMEOUT = _number("AutoChkTimeout", SM, "Seconds autochk waits for a key press", "smss.md B.17", reader="autochk")
AUTOCHK_SKIP_SYSTEM_PARTITION = _number(
    "AutoChkSkipSystemPartition",
    SM,
    "autochk leaves the system partition alone",
    "smss.md B.17",
    reader="autochk",
    since=WIN10_1507,
)
BOOT_SHELL = _text("BootShell", SM, "The boot menu's shell (bootim.exe)", "smss.md B.17", reader="unproven", since=WIN8)
RUN_LEVEL_EXECUTE = _list(
    "RunLevelExecute", SM, "Stages allowed to process boot-time servicing", "smss.md B.17", reader="unproven", since=WIN8
)
RUN_LEVEL_VALIDATE = _list(
    "RunLevelValidate", SM, "Stages allowed to validate boot-time servicing", "smss.md B.17", reader="unproven", since=WIN8
)
GLOBAL_FLAG = _number("GlobalFlag", SM, "Debugging flags of the whole machine", "smss.md B.18", reader="kernel")
APP_CERT_DLLS: Row[tuple[NamedText, ...]] = Row(
    "AppCertDlls",
    SM + "\\AppCertDlls",
    None,
    read_named_texts,
    "DLLs loaded into every process that creates another",
    "detections.md, baselines.md 2.1",
    reader="kernel32 of each process",
)
CLEAR_PAGE_FILE_AT_SHUTDOWN = _number(
    "Memory Management/ClearPageFileAtShutdown",
    MEMORY,
    "1: the kernel zeroes paging files",
    "smss.md B12.18",
    reader="kernel",
)
ENABLE_PREFETCHER = _number(
    "PrefetchParameters/EnablePrefetcher",
    MEMORY + "\\PrefetchParameters",
    "What is prefetched: 0 nothing, 1 programs, 2 boot, 3 both",
    "baselines.md 2.3",
    reader="kernel",
)
BOOT_ID = _number(
    "PrefetchParameters/BootId", MEMORY + "\\PrefetchParameters", "Boots counted", "baselines.md 2.3", reader="kernel"
)
BASE_TIME = _number(
    "PrefetchParameters/BaseTime",
    MEMORY + "\\PrefetchParameters",
    "Time of the last boot in units of 1.024 s since 2001",
    "baselines.md 2.3",
    reader="kernel",
)
ALTERNATE_SHELL = _text(
    "SafeBoot/AlternateShell", SAFE_BOOT, "The shell of safe mode with command prompt", "smss.md E3.3", reader="userinit"
)
SAFE_BOOT_OPTION_VALUE = _number(
    "SafeBoot/OptionValue", SAFE_BOOT + "\\Option", "Volatile: 1 minimal, 2 network, 3 directory repair", "smss.md E3.1"
)
USE_ALTERNATE_SHELL = _number(
    "SafeBoot/UseAlternateShell",
    SAFE_BOOT + "\\Option",
    "Volatile: the alternate shell is used",
    "smss.md E3.1",
    reader="userinit",
)

CATALOG: tuple[Row[Any], ...] = (
    MINI_NT, SAFEBOOT_OPTION,
    PROTECTION_MODE, OBJECT_DIRECTORIES,
    BOOT_EXECUTE, BOOT_EXECUTE_NO_PNP_SYNC, PLATFORM_EXECUTE, SETUP_EXECUTE, SETUP_EXECUTE_NO_PNP_SYNC,
    S0_INITIAL_COMMAND, NUMBER_OF_INITIAL_SESSIONS,
    PENDING_RENAMES, PENDING_RENAMES_2, ALLOW_PROTECTED_RENAMES,
    CLEAR_TEMP_FILES, TEMP_FILE_DIRECTORY,
    EXCLUDE_FROM_KNOWN_DLLS, BACKGROUND_LOAD_KNOWN_DLLS, DISABLE_WPBT_EXECUTION,
    MEMORY_MANAGEMENT, PAGING_FILES, EXISTING_PAGE_FILES, PAGEFILE_ON_OS_VOLUME, WAIT_FOR_PAGING_FILES, TEMP_PAGE_FILE,
    SWAPFILE_CONTROL, SWAP_FILE, DISABLE_DEDICATED_MEMORY_CACHING, DEDICATED_MEMORY_PAGEFILE_SIZE_MB,
    PAGEFILE_HYBRID_PRIORITY, FEATURE_SETTINGS, PAGEFILE_USAGE,
    DOS_DEVICES, KNOWN_DLLS, DLL_DIRECTORY, DLL_DIRECTORY_32, ENVIRONMENT,
    SUBSYSTEMS, REQUIRED, OPTIONAL, KMODE, POSIX_SINGLE_INSTANCE,
    EXECUTE, FILE_RENAME_OPERATIONS,
    CRASH_DUMP_ENABLED, CRASH_OVERWRITE, MINIDUMP_DIR, MINIDUMPS_COUNT, DUMP_FILE, DEDICATED_DUMP_FILE,
    SYSTEM_PARTITION,
    AUTOCHK_TIMEOUT, AUTOCHK_SKIP_SYSTEM_PARTITION, BOOT_SHELL, RUN_LEVEL_EXECUTE, RUN_LEVEL_VALIDATE, GLOBAL_FLAG,
    APP_CERT_DLLS, CLEAR_PAGE_FILE_AT_SHUTDOWN, ENABLE_PREFETCHER, BOOT_ID, BASE_TIME,
    ALTERNATE_SHELL, SAFE_BOOT_OPTION_VALUE, USE_ALTERNATE_SHELL,
)  # fmt: skip


class Settings:
    """All settings of one control set, by catalogue row: `settings[BOOT_EXECUTE].value`."""

    __slots__ = ("_by_name",)

    def __init__(self, by_name: dict[str, Setting[Any]]) -> None:
        self._by_name = by_name

    def __getitem__(self, row: Row[T]) -> Setting[T]:
        return cast("Setting[T]", self._by_name[row.name])

    def __iter__(self) -> Iterator[tuple[Row[Any], Setting[Any]]]:
        """Rows with their settings, in smss's reading order."""
        return ((row, self._by_name[row.name]) for row in CATALOG)


def read_settings(hive: Hive, control_set: Key | None) -> Settings:
    """Every row of the catalogue, read from one control set; all absent where there is no control set."""
    keys: dict[str, Key | None] = {}
    by_name: dict[str, Setting[Any]] = {}
    for row in CATALOG:
        if row.key not in keys:
            if row.key.startswith("\\"):
                keys[row.key] = hive.root.subkey(row.key[1:])
            else:
                keys[row.key] = control_set.subkey(row.key) if control_set else None
        setting = row.read(row.name, keys[row.key])
        by_name[row.name] = _told_unreadable(hive, control_set, row, keys[row.key], setting)
    return Settings(by_name)


def _told_unreadable(
    hive: Hive, control_set: Key | None, row: Row[Any], key: Key | None, setting: Setting[Any]
) -> Setting[Any]:
    """The setting; as unreadable, never as absent or defaulted, where what was not found may lie in a damaged part of the hive."""
    if setting.presence is Presence.UNREADABLE:
        problem = Problem("setting-unreadable", f"{row.name} is there, but its data can't be read.", setting.origins, True)
        return changed(setting, problems=(*setting.problems, problem))
    if setting.presence in (Presence.ABSENT, Presence.DEFAULTED):
        hurt = _hurt_key(hive, control_set, row, key)
    else:
        hurt = key if row.value is None and key is not None and not key.values_whole else None
    if hurt is None:
        return setting
    where = f"the key {hurt.path}" if hurt.path else "the root of the hive"
    text = (
        f"{row.name} can't be told: {where} can't be read whole, so that what is not found there may still have been there."
    )
    problem = Problem("setting-unreadable", text, (hurt.ref,), True)
    if setting.presence is Presence.WRITTEN:
        return changed(setting, problems=(*setting.problems, problem))
    value = () if isinstance(setting.value, tuple) else setting.value
    return changed(
        setting, value=value, presence=Presence.UNREADABLE, origins=(hurt.ref,), problems=(*setting.problems, problem)
    )


def _hurt_key(hive: Hive, control_set: Key | None, row: Row[Any], key: Key | None) -> Key | None:
    """The key in which something is missing that the row's value, or the row's key, may have been in."""
    if key is not None:
        return None if row.value is None or key.values_whole else key
    above = hive.root if row.key.startswith("\\") else control_set
    for name in row.key.strip("\\").split("\\"):
        below = above.subkey(name) if above is not None else None
        if below is None:
            break
        above = below
    return above if above is not None and not above.subkeys_whole else None


def applies_to(row: Row[Any], generation: Generation) -> bool:
    """Whether Windows of this generation reads the row at all."""
    return (row.since is None or row.since <= generation) and (row.until is None or generation <= row.until)

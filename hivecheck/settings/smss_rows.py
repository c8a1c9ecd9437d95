r"""What smss reads, one row each, in the order in which smss of Windows 10 and 11 reads it; then what the kernel, autochk and
others read from the same keys, which says who reads it.

`classic` is the row's number in the query table of 2000, XP and 2003, None where that table has no such row.
Source: smss.md B.0, A.3, A3.e (ReactOS sminit.c; Windows Internals 7; a boot trace of Windows 11).
"""

from functools import partial

from hivecheck.facts.generation import VISTA, WIN8, WIN10_1507, WIN10_1803, WIN2000
from hivecheck.settings.object_names import NamedText, read_named_texts, read_object_directories
from hivecheck.settings.paging_files import PagingFile, read_paging_files
from hivecheck.settings.pending_renames import RenameList, read_rename_list
from hivecheck.settings.row import (
    CLASSIC_DEFAULTS,
    SM,
    Row,
    commands_row,
    existence_row,
    four_bytes_row,
    list_row,
    number_row,
    text_row,
    value_row,
)
from hivecheck.settings.setting import CitedString, read_binary
from hivecheck.settings.subsystems import read_subsystem_definitions, read_subsystem_list

MEMORY = SM + "\\Memory Management"
CRASH = "Control\\CrashControl"
SAFE_BOOT = "Control\\SafeBoot"
_EVERY_PROCESS = "kernel32 of each process"
DLL_DIRECTORIES = frozenset({"DLLDIRECTORY", "DLLDIRECTORY32"})

# --- what smss reads, in its reading order ------------------------------------------------------------------------------

MINI_NT = existence_row(
    "MiniNT",
    "Control\\MiniNT",
    "The key's mere existence says 'this is WinPE': pending renames are not run",
    "smss.md E.4",
    since=WIN2000,
)
SAFEBOOT_OPTION = text_row(
    "Environment/SAFEBOOT_OPTION",
    SM + "\\Environment",
    "Left behind by a safe-mode session; deleted at start",
    "smss.md B13.6",
)
PROTECTION_MODE = four_bytes_row(
    "ProtectionMode", 1, "1 guards the objects smss makes against ordinary users; 0 does not", "smss.md B.14", classic=1
)
OBJECT_DIRECTORIES: Row[tuple[CitedString, ...]] = value_row(
    "ObjectDirectories",
    SM,
    "ObjectDirectories",
    lambda name, raw: read_object_directories(name, raw, ("\\Windows", "\\RPC Control"), CLASSIC_DEFAULTS),
    "Object directories created while the registry is still being read",
    "smss.md B.11",
    classic=3,
)
BOOT_EXECUTE = commands_row(
    "BootExecute",
    "Native programs run before any file is renamed and any paging file is made",
    "smss.md B.2",
    "autocheck AutoChk.exe *",
    classic=4,
)
BOOT_EXECUTE_NO_PNP_SYNC = commands_row(
    "BootExecuteNoPnpSync", "Run together with BootExecute, without waiting for devices", "smss.md B.5", since=VISTA
)
PLATFORM_EXECUTE = commands_row("PlatformExecute", "Read by current smss; meaning not documented", "smss.md B.5", since=WIN8)
SETUP_EXECUTE = commands_row(
    "SetupExecute", "Native programs of servicing, run before csrss; smss does not clear the list", "smss.md B.6", classic=5
)
SETUP_EXECUTE_NO_PNP_SYNC = commands_row(
    "SetupExecuteNoPnpSync", "Run together with SetupExecute, without waiting for devices", "smss.md B.5", since=VISTA
)
S0_INITIAL_COMMAND = text_row(
    "S0InitialCommand", SM, "Started in session 0 in place of wininit.exe", "smss.md B.16", since=VISTA
)
NUMBER_OF_INITIAL_SESSIONS = number_row(
    "NumberOfInitialSessions", SM, "Sessions made at boot, session 0 included", "smss.md B.16", since=VISTA
)
PENDING_RENAMES: Row[RenameList] = value_row(
    "PendingFileRenameOperations",
    SM,
    "PendingFileRenameOperations",
    read_rename_list,
    "Files to delete or rename at the next boot, in pairs; an empty destination deletes",
    "smss.md B.3",
    classic=6,
)
PENDING_RENAMES_2: Row[RenameList] = value_row(
    "PendingFileRenameOperations2",
    SM,
    "PendingFileRenameOperations2",
    read_rename_list,
    "Where requests go once it exists; run after the first list, paired on from it",
    "smss.md B.3",
    since=WIN2000,
    classic=7,
)
ALLOW_PROTECTED_RENAMES = four_bytes_row(
    "AllowProtectedRenames",
    0,
    "Lets this boot rename files under Windows File Protection; deleted when read",
    "smss.md B.4",
    classic=2,
)
CLEAR_TEMP_FILES = number_row("ClearTempFiles", SM, "Read by smss; meaning not documented", "smss.md A3.e, G.2", since=WIN8)
TEMP_FILE_DIRECTORY = text_row(
    "TempFileDirectory", SM, "Read by smss; meaning not documented", "smss.md A3.e, G.2", since=WIN8
)
EXCLUDE_FROM_KNOWN_DLLS = list_row(
    "ExcludeFromKnownDlls", SM, "DLLs (by label or file name) that are not mapped", "smss.md B.9", classic=8
)
BACKGROUND_LOAD_KNOWN_DLLS = number_row(
    "BackgroundLoadKnownDlls", SM, "Read by smss; meaning not documented", "smss.md A3.e", since=WIN10_1803
)
DISABLE_WPBT_EXECUTION = number_row(
    "DisableWpbtExecution", SM, "1 keeps smss from running the firmware's platform binary", "smss.md B.5", since=WIN8
)
MEMORY_MANAGEMENT = existence_row("Memory Management", MEMORY, "The key must exist", "smss.md B.0 row 9", classic=9)
PAGING_FILES: Row[tuple[PagingFile, ...]] = value_row(
    "Memory Management/PagingFiles",
    MEMORY,
    "PagingFiles",
    lambda name, raw: read_paging_files(name, raw, "?:\\pagefile.sys", CLASSIC_DEFAULTS),
    "The paging files to make",
    "smss.md B.12",
    classic=10,
)
EXISTING_PAGE_FILES = list_row(
    "Memory Management/ExistingPageFiles", MEMORY, "The paging files of the last boot", "smss.md B12.15", since=VISTA
)
PAGEFILE_ON_OS_VOLUME = number_row(
    "Memory Management/PagefileOnOsVolume",
    MEMORY,
    "1: paging files on the Windows volume only",
    "smss.md B12.16",
    since=WIN8,
)
WAIT_FOR_PAGING_FILES = number_row(
    "Memory Management/WaitForPagingFiles", MEMORY, "Read by smss; meaning not documented", "smss.md B12.16", since=WIN8
)
TEMP_PAGE_FILE = number_row(
    "Memory Management/TempPageFile", MEMORY, "Marks a paging file made for want of a fixed one", "smss.md B12.17"
)
SWAPFILE_CONTROL = number_row(
    "Memory Management/SwapfileControl", MEMORY, "0: no swapfile.sys", "smss.md B12.17", since=WIN8
)
SWAP_FILE = text_row("Memory Management/SwapFile", MEMORY, "Where swapfile.sys is made", "smss.md B12.17", since=WIN8)
DISABLE_DEDICATED_MEMORY_CACHING = number_row(
    "Memory Management/DisableDedicatedMemoryCaching", MEMORY, "Read by smss", "smss.md B12.17", since=WIN10_1507
)
DEDICATED_MEMORY_PAGEFILE_SIZE_MB = number_row(
    "Memory Management/DedicatedMemoryPagefileSizeMB", MEMORY, "Read by smss, in MB", "smss.md B12.17", since=WIN10_1507
)
PAGEFILE_HYBRID_PRIORITY = number_row(
    "Memory Management/PagefileHybridPriority", MEMORY, "Read by smss", "smss.md B12.17", since=WIN10_1507
)
FEATURE_SETTINGS = number_row(
    "Memory Management/FeatureSettings", MEMORY, "Read by smss", "smss.md B12.17", since=WIN10_1507
)
PAGEFILE_USAGE: Row[bytes] = value_row(
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
DLL_DIRECTORY = text_row("KnownDLLs/DllDirectory", SM + "\\KnownDLLs", "Where the KnownDLLs are", "smss.md B8.2, B8.3")
DLL_DIRECTORY_32 = text_row(
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
REQUIRED: Row[tuple[CitedString, ...]] = value_row(
    "SubSystems/Required",
    SM + "\\SubSystems",
    "Required",
    lambda name, raw: read_subsystem_list(name, raw, ("Debug", "Windows"), CLASSIC_DEFAULTS),
    "The subsystems started at boot",
    "smss.md B.15",
    classic=15,
)
OPTIONAL: Row[tuple[CitedString, ...]] = value_row(
    "SubSystems/Optional",
    SM + "\\SubSystems",
    "Optional",
    lambda name, raw: read_subsystem_list(name, raw, (), ""),
    "The subsystems started on demand",
    "smss.md B.15",
    classic=16,
)
KMODE = text_row("SubSystems/Kmode", SM + "\\SubSystems", "Its presence has win32k.sys loaded", "smss.md B15.5", classic=17)
POSIX_SINGLE_INSTANCE = number_row(
    "SubSystems/PosixSingleInstance", SM + "\\SubSystems", "One POSIX subsystem for all sessions", "smss.md B15.11"
)
EXECUTE = commands_row(
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
CRASH_DUMP_ENABLED = number_row("CrashControl/CrashDumpEnabled", CRASH, "Kind of crash dump; 0 is none", "smss.md B12.14")
CRASH_OVERWRITE = number_row("CrashControl/Overwrite", CRASH, "Whether an older dump is overwritten", "smss.md B12.14")
MINIDUMP_DIR = text_row("CrashControl/MinidumpDir", CRASH, "Where small dumps are saved", "smss.md B12.14")
MINIDUMPS_COUNT = number_row("CrashControl/MinidumpsCount", CRASH, "How many small dumps are kept", "smss.md B12.14")
DUMP_FILE = text_row("CrashControl/DumpFile", CRASH, "Where the dump is saved", "smss.md B12.14")
DEDICATED_DUMP_FILE = text_row(
    "CrashControl/DedicatedDumpFile",
    CRASH,
    "A dump file of its own instead of the paging file",
    "smss.md B12.14",
    since=VISTA,
)
SYSTEM_PARTITION = text_row(
    "Setup/SystemPartition", "\\Setup", "From it smss writes BootDir into SOFTWARE", "smss.md A.1 step 17"
)

# --- what others read from the same keys ----------------------------------------------------------------------------------

AUTOCHK_TIMEOUT = number_row("AutoChkTimeout", SM, "Seconds autochk waits for a key press", "smss.md B.17", reader="autochk")
AUTOCHK_SKIP_SYSTEM_PARTITION = number_row(
    "AutoChkSkipSystemPartition",
    SM,
    "autochk leaves the system partition alone",
    "smss.md B.17",
    reader="autochk",
    since=WIN10_1507,
)
BOOT_SHELL = text_row("BootShell", SM, "The boot menu's shell (bootim.exe)", "smss.md B.17", reader="unproven", since=WIN8)
RUN_LEVEL_EXECUTE = list_row(
    "RunLevelExecute", SM, "Stages allowed to process boot-time servicing", "smss.md B.17", reader="unproven", since=WIN8
)
RUN_LEVEL_VALIDATE = list_row(
    "RunLevelValidate", SM, "Stages allowed to validate boot-time servicing", "smss.md B.17", reader="unproven", since=WIN8
)
GLOBAL_FLAG = number_row("GlobalFlag", SM, "Debugging flags of the whole machine", "smss.md B.18", reader="kernel")
APP_CERT_DLLS: Row[tuple[NamedText, ...]] = Row(
    "AppCertDlls",
    SM + "\\AppCertDlls",
    None,
    partial(read_named_texts, reader=_EVERY_PROCESS),
    "DLLs loaded into every process that creates another",
    "detections.md, baselines.md 2.1",
    reader=_EVERY_PROCESS,
)
CLEAR_PAGE_FILE_AT_SHUTDOWN = number_row(
    "Memory Management/ClearPageFileAtShutdown",
    MEMORY,
    "1: the kernel zeroes paging files",
    "smss.md B12.18",
    reader="kernel",
)
ENABLE_PREFETCHER = number_row(
    "PrefetchParameters/EnablePrefetcher",
    MEMORY + "\\PrefetchParameters",
    "What is prefetched: 0 nothing, 1 programs, 2 boot, 3 both",
    "baselines.md 2.3",
    reader="kernel",
)
BOOT_ID = number_row(
    "PrefetchParameters/BootId", MEMORY + "\\PrefetchParameters", "Boots counted", "baselines.md 2.3", reader="kernel"
)
BASE_TIME = number_row(
    "PrefetchParameters/BaseTime",
    MEMORY + "\\PrefetchParameters",
    "Time of the last boot in units of 1.024 s since 2001",
    "baselines.md 2.3",
    reader="kernel",
)
ALTERNATE_SHELL = text_row(
    "SafeBoot/AlternateShell", SAFE_BOOT, "The shell of safe mode with command prompt", "smss.md E3.3", reader="userinit"
)
SAFE_BOOT_OPTION_VALUE = number_row(
    "SafeBoot/OptionValue", SAFE_BOOT + "\\Option", "Volatile: 1 minimal, 2 network, 3 directory repair", "smss.md E3.1"
)
USE_ALTERNATE_SHELL = number_row(
    "SafeBoot/UseAlternateShell",
    SAFE_BOOT + "\\Option",
    "Volatile: the alternate shell is used",
    "smss.md E3.1",
    reader="userinit",
)

# ruff: noqa: I001 - the rows, packed; each `as` lets it be imported from here
"""Every setting hivecheck reads, in order: what smss reads, what others read from the same keys, what the successors read.

`settings[BOOT_EXECUTE]` is a `Setting[tuple[Command, ...]]`. The rows are in `smss_rows` and `successor_rows`, and can be
imported from here as well.
"""

from collections.abc import Iterator
from typing import Any, TypeVar, cast

from hivecheck.facts.fact import changed
from hivecheck.facts.generation import Generation
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Hive, Key
from hivecheck.settings.setting import Presence, Setting

# fmt: off
from hivecheck.settings.row import SM as SM, Row as Row
from hivecheck.settings.smss_rows import (
    ALLOW_PROTECTED_RENAMES as ALLOW_PROTECTED_RENAMES, ALTERNATE_SHELL as ALTERNATE_SHELL, APP_CERT_DLLS as APP_CERT_DLLS,
    AUTOCHK_SKIP_SYSTEM_PARTITION as AUTOCHK_SKIP_SYSTEM_PARTITION, AUTOCHK_TIMEOUT as AUTOCHK_TIMEOUT,
    BACKGROUND_LOAD_KNOWN_DLLS as BACKGROUND_LOAD_KNOWN_DLLS, BASE_TIME as BASE_TIME, BOOT_EXECUTE as BOOT_EXECUTE,
    BOOT_EXECUTE_NO_PNP_SYNC as BOOT_EXECUTE_NO_PNP_SYNC, BOOT_ID as BOOT_ID, BOOT_SHELL as BOOT_SHELL,
    CLEAR_PAGE_FILE_AT_SHUTDOWN as CLEAR_PAGE_FILE_AT_SHUTDOWN, CLEAR_TEMP_FILES as CLEAR_TEMP_FILES, CRASH as CRASH,
    CRASH_DUMP_ENABLED as CRASH_DUMP_ENABLED, CRASH_OVERWRITE as CRASH_OVERWRITE,
    DEDICATED_DUMP_FILE as DEDICATED_DUMP_FILE, DEDICATED_MEMORY_PAGEFILE_SIZE_MB as DEDICATED_MEMORY_PAGEFILE_SIZE_MB,
    DISABLE_DEDICATED_MEMORY_CACHING as DISABLE_DEDICATED_MEMORY_CACHING, DISABLE_WPBT_EXECUTION as DISABLE_WPBT_EXECUTION,
    DLL_DIRECTORIES as DLL_DIRECTORIES, DLL_DIRECTORY as DLL_DIRECTORY, DLL_DIRECTORY_32 as DLL_DIRECTORY_32,
    DOS_DEVICES as DOS_DEVICES, DUMP_FILE as DUMP_FILE, ENABLE_PREFETCHER as ENABLE_PREFETCHER, ENVIRONMENT as ENVIRONMENT,
    EXCLUDE_FROM_KNOWN_DLLS as EXCLUDE_FROM_KNOWN_DLLS, EXECUTE as EXECUTE, EXISTING_PAGE_FILES as EXISTING_PAGE_FILES,
    FEATURE_SETTINGS as FEATURE_SETTINGS, FILE_RENAME_OPERATIONS as FILE_RENAME_OPERATIONS, GLOBAL_FLAG as GLOBAL_FLAG,
    KMODE as KMODE, KNOWN_DLLS as KNOWN_DLLS, MEMORY as MEMORY, MEMORY_MANAGEMENT as MEMORY_MANAGEMENT,
    MINIDUMPS_COUNT as MINIDUMPS_COUNT, MINIDUMP_DIR as MINIDUMP_DIR, MINI_NT as MINI_NT,
    NUMBER_OF_INITIAL_SESSIONS as NUMBER_OF_INITIAL_SESSIONS, OBJECT_DIRECTORIES as OBJECT_DIRECTORIES,
    OPTIONAL as OPTIONAL, PAGEFILE_HYBRID_PRIORITY as PAGEFILE_HYBRID_PRIORITY,
    PAGEFILE_ON_OS_VOLUME as PAGEFILE_ON_OS_VOLUME, PAGEFILE_USAGE as PAGEFILE_USAGE, PAGING_FILES as PAGING_FILES,
    PENDING_RENAMES as PENDING_RENAMES, PENDING_RENAMES_2 as PENDING_RENAMES_2, PLATFORM_EXECUTE as PLATFORM_EXECUTE,
    POSIX_SINGLE_INSTANCE as POSIX_SINGLE_INSTANCE, PROTECTION_MODE as PROTECTION_MODE, REQUIRED as REQUIRED,
    RUN_LEVEL_EXECUTE as RUN_LEVEL_EXECUTE, RUN_LEVEL_VALIDATE as RUN_LEVEL_VALIDATE,
    S0_INITIAL_COMMAND as S0_INITIAL_COMMAND, SAFEBOOT_OPTION as SAFEBOOT_OPTION, SAFE_BOOT as SAFE_BOOT,
    SAFE_BOOT_OPTION_VALUE as SAFE_BOOT_OPTION_VALUE, SETUP_EXECUTE as SETUP_EXECUTE,
    SETUP_EXECUTE_NO_PNP_SYNC as SETUP_EXECUTE_NO_PNP_SYNC, SUBSYSTEMS as SUBSYSTEMS, SWAPFILE_CONTROL as SWAPFILE_CONTROL,
    SWAP_FILE as SWAP_FILE, SYSTEM_PARTITION as SYSTEM_PARTITION, TEMP_FILE_DIRECTORY as TEMP_FILE_DIRECTORY,
    TEMP_PAGE_FILE as TEMP_PAGE_FILE, USE_ALTERNATE_SHELL as USE_ALTERNATE_SHELL,
    WAIT_FOR_PAGING_FILES as WAIT_FOR_PAGING_FILES,
)
from hivecheck.settings.successor_rows import (
    AUTHENTICATION_PACKAGES as AUTHENTICATION_PACKAGES, AUTO_START_DELAY as AUTO_START_DELAY,
    BOOT_VERIFICATION_PROGRAM as BOOT_VERIFICATION_PROGRAM, DENY_CONNECTIONS as DENY_CONNECTIONS,
    DIRECTORY_SERVICE_EXTENSION as DIRECTORY_SERVICE_EXTENSION,
    EARLY_START_SERVICES as EARLY_START_SERVICES, INHERIT_INITIAL_PROGRAM as INHERIT_INITIAL_PROGRAM,
    INITIAL_PROGRAM as INITIAL_PROGRAM, KERBEROS as KERBEROS, LISTENER_ENABLED as LISTENER_ENABLED,
    LISTENER_INSTANCES as LISTENER_INSTANCES, LISTENER_PORT as LISTENER_PORT, LSA_CFG_FLAGS as LSA_CFG_FLAGS,
    LSA_CFG_FLAGS_DEFAULT as LSA_CFG_FLAGS_DEFAULT, LSA_DB_EXTENSION as LSA_DB_EXTENSION, LSA_EXTENSIONS as LSA_EXTENSIONS,
    LSA_INTERFACES as LSA_INTERFACES, MSV1_0 as MSV1_0, NOTIFICATION_PACKAGES as NOTIFICATION_PACKAGES,
    OOBE_IN_PROGRESS as OOBE_IN_PROGRESS, OS_CONFIG_SECURITY_PACKAGES as OS_CONFIG_SECURITY_PACKAGES,
    PRESHUTDOWN_ORDER as PRESHUTDOWN_ORDER, RESPECIALIZE_CMD_LINE as RESPECIALIZE_CMD_LINE, RESTART_SETUP as RESTART_SETUP,
    RUN_AS_PPL as RUN_AS_PPL, RUN_AS_PPL_BOOT as RUN_AS_PPL_BOOT, SECURITY_PACKAGES as SECURITY_PACKAGES,
    SECURITY_PROVIDERS as SECURITY_PROVIDERS, SERVICES_PIPE_TIMEOUT as SERVICES_PIPE_TIMEOUT,
    SERVICE_CONTROL_MANAGER_EXTENSION as SERVICE_CONTROL_MANAGER_EXTENSION, SETUP_CMD_LINE as SETUP_CMD_LINE,
    SETUP_PHASE as SETUP_PHASE, SETUP_SHUTDOWN_REQUIRED as SETUP_SHUTDOWN_REQUIRED, SETUP_TYPE as SETUP_TYPE,
    SINGLE_SESSION_PER_USER as SINGLE_SESSION_PER_USER, STARTUP_PROGRAMS as STARTUP_PROGRAMS,
    SVCHOST_SPLIT_THRESHOLD as SVCHOST_SPLIT_THRESHOLD, SYSTEM_BOOT_DEVICE as SYSTEM_BOOT_DEVICE,
    SYSTEM_SETUP_IN_PROGRESS as SYSTEM_SETUP_IN_PROGRESS, SYSTEM_START_OPTIONS as SYSTEM_START_OPTIONS,
    TERMINAL_APPLICATIONS as TERMINAL_APPLICATIONS, TERMINAL_SERVICE_ENABLED as TERMINAL_SERVICE_ENABLED,
    USER_AUTHENTICATION as USER_AUTHENTICATION, USE_LOGON_CREDENTIAL as USE_LOGON_CREDENTIAL,
    WAIT_TO_KILL_SERVICE_TIMEOUT as WAIT_TO_KILL_SERVICE_TIMEOUT,
)
# fmt: on

T = TypeVar("T")

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
    SETUP_CMD_LINE, SETUP_TYPE, SYSTEM_SETUP_IN_PROGRESS, SETUP_PHASE, OOBE_IN_PROGRESS, RESTART_SETUP,
    SETUP_SHUTDOWN_REQUIRED, RESPECIALIZE_CMD_LINE, AUTHENTICATION_PACKAGES, SECURITY_PACKAGES,
    OS_CONFIG_SECURITY_PACKAGES, NOTIFICATION_PACKAGES, RUN_AS_PPL, RUN_AS_PPL_BOOT, LSA_CFG_FLAGS,
    LSA_CFG_FLAGS_DEFAULT, MSV1_0, KERBEROS, LSA_EXTENSIONS, LSA_INTERFACES, LSA_DB_EXTENSION,
    DIRECTORY_SERVICE_EXTENSION, SECURITY_PROVIDERS, USE_LOGON_CREDENTIAL, EARLY_START_SERVICES,
    SERVICE_CONTROL_MANAGER_EXTENSION, BOOT_VERIFICATION_PROGRAM, AUTO_START_DELAY, SVCHOST_SPLIT_THRESHOLD,
    SERVICES_PIPE_TIMEOUT, WAIT_TO_KILL_SERVICE_TIMEOUT, PRESHUTDOWN_ORDER, SINGLE_SESSION_PER_USER, DENY_CONNECTIONS,
    TERMINAL_SERVICE_ENABLED, TERMINAL_APPLICATIONS, LISTENER_ENABLED, LISTENER_PORT, LISTENER_INSTANCES,
    USER_AUTHENTICATION, INITIAL_PROGRAM, INHERIT_INITIAL_PROGRAM, STARTUP_PROGRAMS, SYSTEM_START_OPTIONS,
    SYSTEM_BOOT_DEVICE,
)  # fmt: skip


class Settings:
    """The settings of some rows, by row: `settings[BOOT_EXECUTE].value`. `rows` is the whole catalogue unless told otherwise."""

    __slots__ = ("_by_name", "_rows")

    def __init__(self, by_name: dict[str, Setting[Any]], rows: tuple[Row[Any], ...] = CATALOG) -> None:
        self._by_name = by_name
        self._rows = rows

    def __getitem__(self, row: Row[T]) -> Setting[T]:
        return cast("Setting[T]", self._by_name[row.name])

    def __iter__(self) -> Iterator[tuple[Row[Any], Setting[Any]]]:
        """Rows with their settings, in the order of the catalogue."""
        return ((row, self._by_name[row.name]) for row in self._rows)


def read_settings(hive: Hive, control_set: Key | None) -> Settings:
    """Every row of the catalogue, read from one control set; all absent where there is no control set."""
    return read_rows(CATALOG, hive, control_set)


def read_rows(rows: tuple[Row[Any], ...], hive: Hive, control_set: Key | None) -> Settings:
    """The settings of these rows."""
    keys: dict[str, Key | None] = {}
    by_name: dict[str, Setting[Any]] = {}
    for row in rows:
        if row.key not in keys:
            if row.key.startswith("\\"):
                keys[row.key] = hive.root.subkey(row.key[1:])
            else:
                keys[row.key] = control_set.subkey(row.key) if control_set else None
        setting = row.read(row.name, keys[row.key])
        by_name[row.name] = _told_unreadable(hive, control_set, row, keys[row.key], setting)
    return Settings(by_name, rows)


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

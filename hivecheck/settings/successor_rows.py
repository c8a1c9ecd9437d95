r"""What the successors of smss read from the SYSTEM hive, one row each: setup, lsass, the Service Control Manager, sessions.

Services and drivers themselves are read in `services`, their groups and the safe boot lists beside it. Each row says who
reads it. Source: smss.md D, E.5; detections.md 1.7 to 1.9; baselines.md 2.8, 2.9.
"""

import re
from typing import Any

from hivecheck.facts.fact import changed
from hivecheck.facts.generation import VISTA, WIN7, WIN8, WIN10_1507, WIN10_1703, WIN10_1903, WIN81, WIN2000, WIN2003, XP
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Key, fold_name
from hivecheck.settings.object_names import NamedText, read_named_texts
from hivecheck.settings.row import Row, list_row, number_row, text_row
from hivecheck.settings.setting import Presence, Setting, read_text

SETUP = "\\Setup"
LSA = "Control\\Lsa"
TERMINAL_SERVER = "Control\\Terminal Server"
RDP = TERMINAL_SERVER + "\\WinStations\\RDP-Tcp"
_AUTHENTICATION_DLL = re.compile("AUTH[0-9]{1,10}")
_INTERFACES_AT_MOST = 1_000


def _setup(read: Any, name: str, about: str, source: str = "smss.md B.17, E.5", **more: Any) -> Any:
    return read(f"Setup/{name}", SETUP, about, source, **({"reader": "winlogon"} | more))


def _lsa(read: Any, name: str, about: str, source: str, key: str = LSA, **more: Any) -> Any:
    path = key.removeprefix("Control\\").replace("\\", "/")
    return read(f"{path}/{name}", key, about, source, **({"reader": "lsass"} | more))


def _scm(read: Any, name: str, about: str, source: str, **more: Any) -> Any:
    return read(name, "Control", about, source, **({"reader": "services.exe"} | more))


def _terminal(read: Any, name: str, about: str, source: str, key: str = TERMINAL_SERVER, **more: Any) -> Any:
    path = key.removeprefix("Control\\").replace("\\", "/")
    return read(f"{path}/{name}", key, about, source, **({"reader": "terminal service"} | more))


def _read_authentication_dlls(name: str, key: Key | None) -> Setting[tuple[NamedText, ...]]:
    """The values `Auth0` to `AuthN` of a key, each a DLL; its other values are no DLLs."""
    if key is None:
        return Setting(name, (), Presence.ABSENT)
    others = frozenset(folded for raw in key.values() if not _AUTHENTICATION_DLL.fullmatch(folded := fold_name(raw.name)))
    return read_named_texts(name, key, others, reader="lsass")


def _read_interfaces(name: str, key: Key | None) -> Setting[tuple[NamedText, ...]]:
    """The value `Extension` of each subkey, named by the subkey."""
    if key is None:
        return Setting(name, (), Presence.ABSENT)
    found: list[NamedText] = []
    problems: list[Problem] = []
    for _, child in zip(range(_INTERFACES_AT_MOST), key.subkeys(), strict=False):
        text = read_text("Extension", child.value("Extension"), "lsass")
        problems += text.problems
        if text.is_written:
            found.append(NamedText(child.name, text.value, False, text.origins[0]))
    return changed(Setting(name, tuple(found), Presence.WRITTEN, (key.ref,)), problems=tuple(problems))


# --- setup ------------------------------------------------------------------------------------------------------------------

SETUP_CMD_LINE: Row[str] = _setup(text_row, "CmdLine", "Run before logon where SetupType is not 0")
SETUP_TYPE: Row[int | None] = _setup(number_row, "SetupType", "1 runs CmdLine and restarts, 2 runs it and goes on to logon")
SYSTEM_SETUP_IN_PROGRESS: Row[int | None] = _setup(
    number_row, "SystemSetupInProgress", "1: Windows is being set up, and many programs hold back", reader="many"
)
SETUP_PHASE: Row[int | None] = _setup(number_row, "SetupPhase", "Phase of setup", since=VISTA)
OOBE_IN_PROGRESS: Row[int | None] = _setup(
    number_row, "OOBEInProgress", "1: the first run of a new installation", since=VISTA
)
RESTART_SETUP: Row[int | None] = _setup(number_row, "RestartSetup", "1: setup begins anew at the next boot", since=XP)
SETUP_SHUTDOWN_REQUIRED: Row[int | None] = _setup(
    number_row, "SetupShutdownRequired", "How the machine goes down when setup ends"
)
RESPECIALIZE_CMD_LINE: Row[str] = _setup(
    text_row, "RespecializeCmdLine", "Run by setup when an image meets other hardware", since=WIN81, reader="setup"
)

# --- lsass ----------------------------------------------------------------------------------------------------------------

AUTHENTICATION_PACKAGES = _lsa(list_row, "Authentication Packages", "DLLs that check a logon", "detections.md 1.9")
SECURITY_PACKAGES = _lsa(
    list_row, "Security Packages", 'Security support providers, DLLs; "" is none', "detections.md 1.9", since=WIN2000
)
OS_CONFIG_SECURITY_PACKAGES = _lsa(
    list_row,
    "Security Packages",
    "Windows' own security packages",
    "detections.md 1.9",
    key=LSA + "\\OSConfig",
    since=WIN81,
)
NOTIFICATION_PACKAGES = _lsa(
    list_row, "Notification Packages", "DLLs told of each new password, in clear", "detections.md 1.9"
)
RUN_AS_PPL: Row[int | None] = _lsa(
    number_row, "RunAsPPL", "1 or 2: lsass is protected and loads only DLLs signed for it", "detections.md 1.9", since=WIN81
)
RUN_AS_PPL_BOOT: Row[int | None] = _lsa(
    number_row, "RunAsPPLBoot", "The protection of lsass that this boot began with", "detections.md 1.9", since=WIN81
)
LSA_CFG_FLAGS: Row[int | None] = _lsa(
    number_row,
    "LsaCfgFlags",
    "Credential Guard: 1 with a lock in the firmware, 2 without, 0 off",
    "detections.md 1.9",
    since=WIN10_1507,
    reader="wininit, lsass",
)
LSA_CFG_FLAGS_DEFAULT: Row[int | None] = _lsa(
    number_row,
    "LsaCfgFlagsDefault",
    "Credential Guard where LsaCfgFlags says nothing",
    "detections.md 1.9",
    since=WIN10_1903,
)
MSV1_0: Row[tuple[NamedText, ...]] = Row(
    "Lsa/MSV1_0",
    LSA + "\\MSV1_0",
    None,
    _read_authentication_dlls,
    "Auth<N>: DLLs of subauthentication, loaded when a logon asks for number N",
    "detections.md 1.9",
    reader="lsass",
)
KERBEROS: Row[tuple[NamedText, ...]] = Row(
    "Lsa/Kerberos",
    LSA + "\\Kerberos",
    None,
    _read_authentication_dlls,
    "Auth<N>: the same for Kerberos",
    "detections.md 1.9",
    reader="lsass",
    since=WIN2000,
)
LSA_EXTENSIONS = _lsa(
    list_row,
    "Extensions",
    "DLLs that make up lsass",
    "detections.md 1.9",
    key="Control\\LsaExtensionConfig\\LsaSrv",
    since=WIN7,
)
LSA_INTERFACES: Row[tuple[NamedText, ...]] = Row(
    "LsaExtensionConfig/Interfaces",
    "Control\\LsaExtensionConfig\\Interfaces",
    None,
    _read_interfaces,
    "DLLs that serve the interfaces of lsass, by number",
    "detections.md 1.9",
    reader="lsass",
    since=WIN8,
)
LSA_DB_EXTENSION: Row[str] = _lsa(
    text_row, "LsaDbExtPt", "A DLL of the directory, loaded into lsass", "detections.md 1.9", key="Services\\NTDS"
)
DIRECTORY_SERVICE_EXTENSION: Row[str] = _lsa(
    text_row, "DirectoryServiceExtPt", "A DLL of the directory, loaded into lsass", "detections.md 1.9", key="Services\\NTDS"
)
SECURITY_PROVIDERS: Row[str] = _lsa(
    text_row,
    "SecurityProviders",
    "DLLs of SSPI, parted by commas",
    "detections.md 1.9",
    key="Control\\SecurityProviders",
    reader="every program that uses SSPI",
)
USE_LOGON_CREDENTIAL: Row[int | None] = _lsa(
    number_row,
    "UseLogonCredential",
    "1: WDigest keeps passwords in clear",
    "detections.md 1.9",
    key="Control\\SecurityProviders\\WDigest",
    since=XP,
)

# --- services.exe ---------------------------------------------------------------------------------------------------------

EARLY_START_SERVICES = _scm(
    list_row, "EarlyStartServices", "Services started before all others", "detections.md 1.8", since=WIN8
)
SERVICE_CONTROL_MANAGER_EXTENSION: Row[str] = _scm(
    text_row, "ServiceControlManagerExtension", "A DLL loaded into services.exe", "detections.md 1.8", since=VISTA
)
BOOT_VERIFICATION_PROGRAM: Row[str] = text_row(
    "BootVerificationProgram/ImagePath",
    "Control\\BootVerificationProgram",
    "Run to say that the boot was good",
    "smss.md E2.3",
    reader="services.exe",
)
AUTO_START_DELAY: Row[int | None] = _scm(
    number_row,
    "AutoStartDelay",
    "Seconds until the delayed services start; 120 without it",
    "detections.md 1.8",
    since=VISTA,
)
SVCHOST_SPLIT_THRESHOLD: Row[int | None] = _scm(
    number_row,
    "SvcHostSplitThresholdInKB",
    "Memory from which on each service has a svchost of its own",
    "baselines.md 2.9",
    since=WIN10_1703,
)
SERVICES_PIPE_TIMEOUT: Row[int | None] = _scm(
    number_row, "ServicesPipeTimeout", "Milliseconds a new service has to report; 30,000 without it", "detections.md 1.8"
)
WAIT_TO_KILL_SERVICE_TIMEOUT: Row[str] = _scm(
    text_row, "WaitToKillServiceTimeout", "Milliseconds that services have to stop at shutdown", "smss.md D.6"
)
PRESHUTDOWN_ORDER = _scm(
    list_row, "PreshutdownOrder", "Services told of the shutdown first, in order", "smss.md D.6", since=VISTA
)

# --- sessions -------------------------------------------------------------------------------------------------------------

SINGLE_SESSION_PER_USER: Row[int | None] = _terminal(
    number_row, "fSingleSessionPerUser", "1: a user who comes again gets the session there is", "smss.md D.4", since=WIN2003
)
DENY_CONNECTIONS: Row[int | None] = _terminal(
    number_row, "fDenyTSConnections", "1: no logon from elsewhere", "smss.md D.4", since=XP
)
TERMINAL_SERVICE_ENABLED: Row[int | None] = _terminal(
    number_row, "TSEnabled", "Whether the machine serves terminals", "smss.md D.4", since=WIN2000, reader="kernel"
)
TERMINAL_APPLICATIONS: Row[int | None] = _terminal(
    number_row, "TSAppCompat", "1: an application server", "smss.md D.4", since=WIN2000, reader="kernel"
)
LISTENER_ENABLED: Row[int | None] = _terminal(
    number_row, "fEnableWinStation", "0: the listener is off", "baselines.md 2.9", key=RDP, since=WIN2000
)
LISTENER_PORT: Row[int | None] = _terminal(
    number_row, "PortNumber", "The TCP port of the listener", "baselines.md 2.9", key=RDP, since=WIN2000
)
LISTENER_INSTANCES: Row[int | None] = _terminal(
    number_row, "MaxInstanceCount", "Connections at most; 0xffffffff is no limit", "baselines.md 2.9", key=RDP, since=WIN2000
)
USER_AUTHENTICATION: Row[int | None] = _terminal(
    number_row,
    "UserAuthentication",
    "1: a user proves who he is before a session is made",
    "baselines.md 2.9",
    key=RDP,
    since=VISTA,
)
INITIAL_PROGRAM: Row[str] = _terminal(
    text_row, "InitialProgram", "The shell of sessions from elsewhere", "smss.md D.4", key=RDP, since=WIN2000
)
INHERIT_INITIAL_PROGRAM: Row[int | None] = _terminal(
    number_row,
    "fInheritInitialProgram",
    "1: the user's own settings decide on the shell",
    "smss.md D.4",
    key=RDP,
    since=WIN2000,
)
STARTUP_PROGRAMS: Row[str] = _terminal(
    text_row,
    "StartupPrograms",
    "Started in each session from elsewhere, parted by commas",
    "smss.md D.4",
    key=TERMINAL_SERVER + "\\Wds\\rdpwd",
    since=WIN2000,
)

# --- what the boot before left --------------------------------------------------------------------------------------------

SYSTEM_START_OPTIONS: Row[str] = text_row(
    "SystemStartOptions", "Control", "The loader's options of the last boot", "smss.md B.19", reader="written by the kernel"
)
SYSTEM_BOOT_DEVICE: Row[str] = text_row(
    "SystemBootDevice", "Control", "The volume of the last boot", "smss.md B.19", reader="written by the kernel"
)

r"""What the boot reads from the SOFTWARE hive, one row each: the exact Windows, winlogon, DLLs of every process, policies.

Keys are relative to the root of the hive. Source: smss.md B.16, E2.3; detections.md 1.10 (what is not in SYSTEM); the
documentation of Winlogon, AppInit_DLLs and "Configuring additional LSA protection".
"""

from typing import TYPE_CHECKING, Any

from hivecheck.facts.generation import NT35, VISTA, WIN10_1507, WIN11, WIN2003, XP, Generation
from hivecheck.settings.row import Row, number_row, text_row
from hivecheck.settings.setting import Setting

if TYPE_CHECKING:
    from hivecheck.settings.catalog import Settings
    from hivecheck.settings.software import Software

NT_VERSION = "\\Microsoft\\Windows NT\\CurrentVersion"
WINLOGON = NT_VERSION + "\\Winlogon"
WINDOWS = NT_VERSION + "\\Windows"
IMAGE_OPTIONS = NT_VERSION + "\\Image File Execution Options"
SVCHOST = NT_VERSION + "\\Svchost"
NOTIFY = WINLOGON + "\\Notify"
WOW = "\\Wow6432Node"
POLICIES = "\\Policies\\Microsoft"


def _version(read: Any, name: str, about: str, **more: Any) -> Any:
    return read(name, NT_VERSION, about, "baselines.md 2.0", reader="many", **more)


def _winlogon(read: Any, name: str, about: str, source: str = "detections.md 1.10", **more: Any) -> Any:
    return read(f"Winlogon/{name}", WINLOGON, about, source, **({"reader": "winlogon"} | more))


def _app_init(read: Any, name: str, about: str, **more: Any) -> Any:
    return read(f"Windows/{name}", WINDOWS, about, "detections.md 1.10", reader="user32 of each process", **more)


def _wow_app_init(read: Any, name: str, about: str, since: Generation) -> Any:
    reader = "user32 of each 32-bit process"
    return read(f"Wow6432Node/Windows/{name}", WOW + WINDOWS, about, "detections.md 1.10", reader=reader, since=since)


PRODUCT_NAME: Row[str] = _version(text_row, "ProductName", "The name of this Windows; 11 still says 10")
CURRENT_VERSION: Row[str] = _version(text_row, "CurrentVersion", "6.3 from 8.1 on")
CURRENT_MAJOR: Row[int | None] = _version(number_row, "CurrentMajorVersionNumber", "10", since=WIN10_1507)
CURRENT_MINOR: Row[int | None] = _version(number_row, "CurrentMinorVersionNumber", "0", since=WIN10_1507)
CURRENT_BUILD_NUMBER: Row[str] = _version(text_row, "CurrentBuildNumber", "The build")
CURRENT_BUILD: Row[str] = _version(text_row, "CurrentBuild", "The build; no number up to XP")
UBR: Row[int | None] = _version(number_row, "UBR", "The revision of the build", since=WIN10_1507)
DISPLAY_VERSION: Row[str] = _version(text_row, "DisplayVersion", "20H2 and the like", since=WIN10_1507)
RELEASE_ID: Row[str] = _version(text_row, "ReleaseId", "1903 and the like", since=WIN10_1507)
CSD_VERSION: Row[str] = _version(text_row, "CSDVersion", "The service pack in words")
EDITION_ID: Row[str] = _version(text_row, "EditionID", "The edition", since=VISTA)
INSTALLATION_TYPE: Row[str] = _version(text_row, "InstallationType", "Client or Server", since=VISTA)
BUILD_LAB: Row[str] = _version(
    text_row, "BuildLabEx", "Where and when the build was made, and for what processor", since=VISTA
)
SYSTEM_ROOT: Row[str] = _version(text_row, "SystemRoot", "Where Windows is")
OLD_NAME: Row[str] = text_row(
    "SchedulingAgent/OldName",
    "\\Microsoft\\SchedulingAgent",
    "The computer's name as the task scheduler saw it",
    "baselines.md 2.0",
    reader="task scheduler",
    since=XP,
)
USERINIT: Row[str] = _winlogon(text_row, "Userinit", "Programs started when a user logs on, parted by commas")
SHELL: Row[str] = _winlogon(text_row, "Shell", "What userinit starts then", reader="userinit")
GINA_DLL: Row[str] = _winlogon(text_row, "GinaDLL", "The DLL of the logon screen", since=NT35, until=WIN2003)
SYSTEM_PROGRAMS: Row[str] = _winlogon(text_row, "System", "Programs that winlogon starts as the system", until=WIN2003)
REPORT_BOOT_OK: Row[str] = _winlogon(text_row, "ReportBootOk", "0: a logon does not prove the boot good", "smss.md E2.3")
AUTO_ADMIN_LOGON: Row[str] = _winlogon(text_row, "AutoAdminLogon", "1: somebody is logged on by himself")
LOGON_TYPE: Row[int | None] = _winlogon(number_row, "LogonType", "1: the Welcome screen", since=XP, until=XP)
APP_INIT_DLLS: Row[str] = _app_init(text_row, "AppInit_DLLs", "DLLs for every process that loads user32")
LOAD_APP_INIT_DLLS: Row[int | None] = _app_init(number_row, "LoadAppInit_DLLs", "1: they are loaded", since=VISTA)
REQUIRE_SIGNED_APP_INIT: Row[int | None] = _app_init(
    number_row, "RequireSignedAppInit_DLLs", "1: only signed ones are", since=VISTA
)
WOW_APP_INIT_DLLS: Row[str] = _wow_app_init(text_row, "AppInit_DLLs", "DLLs for every 32-bit process that loads user32", XP)
WOW_LOAD_APP_INIT_DLLS: Row[int | None] = _wow_app_init(number_row, "LoadAppInit_DLLs", "1: they are loaded", VISTA)
WOW_REQUIRE_SIGNED_APP_INIT: Row[int | None] = _wow_app_init(
    number_row, "RequireSignedAppInit_DLLs", "1: only signed ones are", VISTA
)
POLICY_SHELL: Row[str] = text_row(
    "Policies/System/Shell",
    "\\Microsoft\\Windows\\CurrentVersion\\Policies\\System",
    "A shell set by policy",
    "detections.md 1.10",
    reader="userinit",
)
POLICY_DENY_CONNECTIONS: Row[int | None] = number_row(
    "Policies/Terminal Services/fDenyTSConnections",
    POLICIES + "\\Windows NT\\Terminal Services",
    "The policy goes before the setting in SYSTEM",
    "smss.md D.4",
    reader="terminal service",
    since=XP,
)
POLICY_SINGLE_SESSION: Row[int | None] = number_row(
    "Policies/Terminal Services/fSingleSessionPerUser",
    POLICIES + "\\Windows NT\\Terminal Services",
    "The policy goes before the setting in SYSTEM",
    "smss.md D.4",
    reader="terminal service",
    since=WIN2003,
)
POLICY_LSA_CFG_FLAGS: Row[int | None] = number_row(
    "Policies/DeviceGuard/LsaCfgFlags",
    POLICIES + "\\Windows\\DeviceGuard",
    "Credential Guard by policy",
    "detections.md 1.9",
    reader="wininit, lsass",
    since=WIN10_1507,
)
POLICY_RUN_AS_PPL: Row[int | None] = number_row(
    "Policies/System/RunAsPPL",
    POLICIES + "\\Windows\\System",
    "Protection of lsass by policy",
    "detections.md 1.9",
    reader="lsass",
    since=WIN11,
)

_TERMINAL = POLICIES + "\\Windows NT\\Terminal Services"
_GUARD = POLICIES + "\\Windows\\DeviceGuard"
_FIREWALL = POLICIES + "\\WindowsFirewall"
_DEFENDER = "\\Microsoft\\Windows Defender"


def _terminal_policy(name: str, about: str) -> Row[int | None]:
    title = f"Policies/Terminal Services/{name}"
    return number_row(title, _TERMINAL, about, "detections.md 1.10", reader="terminal service", since=XP)


def _guard_policy(name: str, about: str) -> Row[int | None]:
    title = f"Policies/DeviceGuard/{name}"
    return number_row(title, _GUARD, about, "detections.md 1.11", reader="kernel", since=WIN10_1507)


def _firewall_policy(profile: str, name: str, about: str) -> Row[int | None]:
    title = f"Policies/WindowsFirewall/{profile}/{name}"
    return number_row(title, f"{_FIREWALL}\\{profile}", about, "detections.md 1.11", reader="firewall", since=XP)


POLICY_NETWORK_LOGON = _terminal_policy("UserAuthentication", "0: no logon before the session")
POLICY_SECURITY_LAYER = _terminal_policy("SecurityLayer", "0: the old encryption of remote desktop")
POLICY_SHADOW = _terminal_policy("Shadow", "2 and 4: sessions may be watched without asking")
POLICY_VBS = _guard_policy("EnableVirtualizationBasedSecurity", "Virtualization-based security by policy")
POLICY_HVCI = _guard_policy("HypervisorEnforcedCodeIntegrity", "Memory integrity by policy: 1 and 2 switch it on")
FIREWALL_POLICIES: tuple[tuple[str, str, Row[int | None]], ...] = tuple(
    (local, name, _firewall_policy(by_policy, name, about))
    for local, by_policy in (
        ("DomainProfile", "DomainProfile"), ("StandardProfile", "PrivateProfile"), ("StandardProfile", "StandardProfile"),
        ("PublicProfile", "PublicProfile"),
    )
    for name, about in (("EnableFirewall", "0: off"), ("DefaultInboundAction", "0: lets in what no rule forbids"))
)  # fmt: skip
"""By the profile and the value in SYSTEM, which the policy goes before. Up to 2003 the private profile is the standard one."""
POLICY_NO_DEFENDER: Row[int | None] = number_row(
    "Policies/Windows Defender/DisableAntiSpyware",
    POLICIES + "\\Windows Defender",
    "1: Defender is off, up to 10 2004",
    "detections.md 1.8",
    reader="Defender",
    since=VISTA,
)
TAMPER_PROTECTION: Row[int | None] = number_row(
    "Windows Defender/Features/TamperProtection",
    _DEFENDER + "\\Features",
    "5 and 1: Defender guards its own settings",
    "detections.md 1.8",
    reader="Defender",
    since=WIN10_1507,
)
REMOTE_LOCAL_ACCOUNTS: Row[int | None] = number_row(
    "Policies/System/LocalAccountTokenFilterPolicy",
    "\\Microsoft\\Windows\\CurrentVersion\\Policies\\System",
    "1: local administrators have all their rights from afar",
    "detections.md 1.9",
    reader="lsass",
    since=VISTA,
)

SOFTWARE_CATALOG: tuple[Row[Any], ...] = (
    PRODUCT_NAME, CURRENT_VERSION, CURRENT_MAJOR, CURRENT_MINOR, CURRENT_BUILD_NUMBER, CURRENT_BUILD, UBR, DISPLAY_VERSION,
    RELEASE_ID, CSD_VERSION, EDITION_ID, INSTALLATION_TYPE, BUILD_LAB, SYSTEM_ROOT, OLD_NAME,
    USERINIT, SHELL, GINA_DLL, SYSTEM_PROGRAMS, REPORT_BOOT_OK, AUTO_ADMIN_LOGON, LOGON_TYPE,
    APP_INIT_DLLS, LOAD_APP_INIT_DLLS, REQUIRE_SIGNED_APP_INIT,
    WOW_APP_INIT_DLLS, WOW_LOAD_APP_INIT_DLLS, WOW_REQUIRE_SIGNED_APP_INIT,
    POLICY_SHELL, POLICY_DENY_CONNECTIONS, POLICY_SINGLE_SESSION, POLICY_LSA_CFG_FLAGS, POLICY_RUN_AS_PPL,
    POLICY_NETWORK_LOGON, POLICY_SECURITY_LAYER, POLICY_SHADOW, POLICY_VBS, POLICY_HVCI, POLICY_NO_DEFENDER,
    TAMPER_PROTECTION, REMOTE_LOCAL_ACCOUNTS, *(row for _, _, row in FIREWALL_POLICIES),
)  # fmt: skip


def in_force(
    settings: "Settings", row: Row[int | None], software: "Software | None", policy: Row[int | None]
) -> Setting[int | None]:
    """The policy, where the SOFTWARE hive is given and says something of it, else the setting in SYSTEM."""
    if software is not None and software[policy].value is not None:
        return software[policy]
    return settings[row]

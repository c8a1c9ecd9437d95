"""The ATT&CK techniques that rules name: ids and names of one pinned version, and the numbers that a later version gave some.

Source: MITRE ATT&CK Enterprise v17; the split of Defense Evasion as used by public rule sets in 2026 (detections.md 0).
"""

from hivecheck.facts.fact import fact

ATTACK_VERSION = "17"


@fact
class Technique:
    """`later` is the id under which newer versions have it, '' where it kept its own."""

    id: str
    name: str
    later: str = ""


_NAMES: dict[str, str] = {
    "T1003.001": "OS Credential Dumping: LSASS Memory",
    "T1003.002": "OS Credential Dumping: Security Account Manager",
    "T1006": "Direct Volume Access",
    "T1014": "Rootkit",
    "T1021.001": "Remote Services: Remote Desktop Protocol",
    "T1021.002": "Remote Services: SMB/Windows Admin Shares",
    "T1036": "Masquerading",
    "T1036.005": "Masquerading: Match Legitimate Resource Name or Location",
    "T1036.008": "Masquerading: Masquerade File Type",
    "T1037": "Boot or Logon Initialization Scripts",
    "T1040": "Network Sniffing",
    "T1053": "Scheduled Task/Job",
    "T1055": "Process Injection",
    "T1056.001": "Input Capture: Keylogging",
    "T1059": "Command and Scripting Interpreter",
    "T1059.003": "Command and Scripting Interpreter: Windows Command Shell",
    "T1068": "Exploitation for Privilege Escalation",
    "T1070": "Indicator Removal",
    "T1070.001": "Indicator Removal: Clear Windows Event Logs",
    "T1070.004": "Indicator Removal: File Deletion",
    "T1070.006": "Indicator Removal: Timestomp",
    "T1078": "Valid Accounts",
    "T1090": "Proxy",
    "T1090.001": "Proxy: Internal Proxy",
    "T1098": "Account Manipulation",
    "T1112": "Modify Registry",
    "T1187": "Forced Authentication",
    "T1211": "Exploitation for Defense Evasion",
    "T1222": "File and Directory Permissions Modification",
    "T1485": "Data Destruction",
    "T1490": "Inhibit System Recovery",
    "T1499": "Endpoint Denial of Service",
    "T1542": "Pre-OS Boot",
    "T1542.001": "Pre-OS Boot: System Firmware",
    "T1543.003": "Create or Modify System Process: Windows Service",
    "T1546": "Event Triggered Execution",
    "T1546.001": "Event Triggered Execution: Change Default File Association",
    "T1546.008": "Event Triggered Execution: Accessibility Features",
    "T1546.009": "Event Triggered Execution: AppCert DLLs",
    "T1546.010": "Event Triggered Execution: AppInit DLLs",
    "T1546.011": "Event Triggered Execution: Application Shimming",
    "T1546.012": "Event Triggered Execution: Image File Execution Options Injection",
    "T1546.013": "Event Triggered Execution: PowerShell Profile",
    "T1547": "Boot or Logon Autostart Execution",
    "T1547.001": "Boot or Logon Autostart Execution: Registry Run Keys / Startup Folder",
    "T1547.002": "Boot or Logon Autostart Execution: Authentication Package",
    "T1547.003": "Boot or Logon Autostart Execution: Time Providers",
    "T1547.004": "Boot or Logon Autostart Execution: Winlogon Helper DLL",
    "T1547.005": "Boot or Logon Autostart Execution: Security Support Provider",
    "T1547.006": "Boot or Logon Autostart Execution: Kernel Modules and Extensions",
    "T1547.008": "Boot or Logon Autostart Execution: LSASS Driver",
    "T1547.010": "Boot or Logon Autostart Execution: Port Monitors",
    "T1547.012": "Boot or Logon Autostart Execution: Print Processors",
    "T1548.002": "Abuse Elevation Control Mechanism: Bypass User Account Control",
    "T1552": "Unsecured Credentials",
    "T1553.005": "Subvert Trust Controls: Mark-of-the-Web Bypass",
    "T1553.006": "Subvert Trust Controls: Code Signing Policy Modification",
    "T1554": "Compromise Host Software Binary",
    "T1556": "Modify Authentication Process",
    "T1556.002": "Modify Authentication Process: Password Filter DLL",
    "T1556.008": "Modify Authentication Process: Network Provider DLL",
    "T1557": "Adversary-in-the-Middle",
    "T1561": "Disk Wipe",
    "T1562": "Impair Defenses",
    "T1562.001": "Impair Defenses: Disable or Modify Tools",
    "T1562.002": "Impair Defenses: Disable Windows Event Logging",
    "T1562.003": "Impair Defenses: Impair Command History Logging",
    "T1562.004": "Impair Defenses: Disable or Modify System Firewall",
    "T1562.006": "Impair Defenses: Indicator Blocking",
    "T1562.009": "Impair Defenses: Safe Mode Boot",
    "T1562.010": "Impair Defenses: Downgrade Attack",
    "T1564": "Hide Artifacts",
    "T1565": "Data Manipulation",
    "T1569.002": "System Services: Service Execution",
    "T1570": "Lateral Tool Transfer",
    "T1574": "Hijack Execution Flow",
    "T1574.001": "Hijack Execution Flow: DLL",
    "T1574.007": "Hijack Execution Flow: Path Interception by PATH Environment Variable",
    "T1574.009": "Hijack Execution Flow: Path Interception by Unquoted Path",
    "T1574.010": "Hijack Execution Flow: Services File Permissions Weakness",
    "T1574.011": "Hijack Execution Flow: Services Registry Permissions Weakness",
    "T1574.012": "Hijack Execution Flow: COR_PROFILER",
}
_LATER: dict[str, str] = {
    "T1562.001": "T1685",
    "T1562.002": "T1685.001",
    "T1070.001": "T1685.005",
    "T1562.004": "T1686",
    "T1562.009": "T1688",
    "T1562.010": "T1689",
    "T1562.003": "T1690",
}


def technique(id: str) -> Technique:
    """The technique of this id. Raises KeyError for one that is not in the pinned version."""
    return Technique(id, _NAMES[id], _LATER.get(id, ""))


def technique_words(id: str) -> str:
    """Id, name, and the id that newer versions of ATT&CK have for it. Raises as `technique` does."""
    known = technique(id)
    return f"{known.id} {known.name}{f' (newer versions: {known.later})' if known.later else ''}"

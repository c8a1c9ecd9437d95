"""Hives on which the rules of `firewall` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "firewall-off",
        fires_on=(
            Example(
                "a persistent filter on Defender's engine",
                r"""
                [ControlSet001\Services\BFE\Parameters\Policy\Persistent\Filter]
                {3f215cb0-0000-0000-0000-000000000000} = binary 011008005c006400650076006900630065005c0068006100720064006400690073006b0076006f006c0075006d00650033005c00700072006f006700720061006d0064006100740061005c006d006900630072006f0073006f00660074005c00770069006e0064006f0077007300200064006500660065006e006400650072005c0070006c006100740066006f0072006d005c0034002e00310038002e0031002d0030005c006d0073006d00700065006e0067002e006500780065000000
                """,
                cites=("{3f215cb0-0000-0000-0000-000000000000}",),
                severity=Severity.HIGH,
            ),
            Example(
                "off for domain networks",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile]
                EnableFirewall = dword 0
                """,
                cites=("0",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "off, and a rule of one's own",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\StandardProfile]
                EnableFirewall = dword 0
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
                evil = sz "v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|App=C:\Users\Public\s.exe|Name=svc|"
                """,
                cites=("0", r"v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|App=C:\Users\Public\s.exe|Name=svc|"),
                severity=Severity.HIGH,
            ),
            Example(
                "a rule written in small letters",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
                evil = sz "v2.30|action=allow|active=true|dir=in|protocol=6|app=%programdata%\s.exe|name=svc|"
                """,
                cites=(r"v2.30|action=allow|active=true|dir=in|protocol=6|app=%programdata%\s.exe|name=svc|",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a rule that cuts Defender's sensor off",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
                a = sz "v2.32|Action=Block|Active=TRUE|Dir=Out|App=%ProgramFiles%\Windows Defender Advanced Threat Protection\MsSense.exe|Name=Edge|"
                """,
                cites=(
                    r"v2.32|Action=Block|Active=TRUE|Dir=Out|App=%ProgramFiles%\Windows Defender Advanced Threat Protection\MsSense.exe|Name=Edge|",
                ),
                severity=Severity.HIGH,
            ),
            Example(
                "a rule of the device management that cuts Defender's service off",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\Mdm\FirewallRules]
                a = sz "v2.30|Action=Block|Active=TRUE|Dir=Out|Svc=WinDefend|Name=E|"
                """,
                cites=("v2.30|Action=Block|Active=TRUE|Dir=Out|Svc=WinDefend|Name=E|",),
                severity=Severity.HIGH,
            ),
            Example(
                "a rule that cuts off a product that is not set up here",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
                a = sz "v2.32|Action=Block|Active=TRUE|Dir=Out|App=C:\Program Files\SentinelOne\Sentinel Agent 23.1\SentinelAgent.exe|Name=x|"
                """,
                cites=(
                    r"v2.32|Action=Block|Active=TRUE|Dir=Out|App=C:\Program Files\SentinelOne\Sentinel Agent 23.1\SentinelAgent.exe|Name=x|",
                ),
                severity=Severity.MEDIUM,
            ),
            Example(
                "remote desktop from anywhere",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
                rdp = sz "v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Name=rdp|"
                """,
                cites=("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Name=rdp|",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a program let in on XP",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\StandardProfile\AuthorizedApplications\List]
                "C:\Documents and Settings\a\x.exe" = sz "C:\Documents and Settings\a\x.exe:*:Enabled:x"
                """,
                cites=(r"C:\Documents and Settings\a\x.exe:*:Enabled:x",),
                generation="xp-x86",
            ),
        ),
        silent_on=(
            Example(
                "what Windows itself keeps Defender's service from",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\RestrictedServices\Static\System]
                WindowsDefender-3 = sz "v2.0|Action=Block|Active=TRUE|Dir=Out|App=%ProgramFiles%\Windows Defender\MsMpEng.exe|Svc=WinDefend|Name=Block All Out traffic from WinDefend|"
                """,
            ),
            Example(
                "rules that block another program, or block a sensor and are not active",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
                a = sz "v2.32|Action=Block|Active=TRUE|Dir=Out|App=C:\Program Files\Adobe\x.exe|Name=x|"
                b = sz "v2.32|Action=Block|Active=FALSE|Dir=Out|App=%ProgramFiles%\Windows Defender\MsMpEng.exe|Name=x|"
                """,
            ),
            Example(
                "a persistent filter on another program",
                r"""
                [ControlSet001\Services\BFE\Parameters\Policy\Persistent\Filter]
                {3f215cb0-0000-0000-0000-000000000000} = binary 011008005c006400650076006900630065005c0068006100720064006400690073006b0076006f006c0075006d00650033005c00700072006f006700720061006d002000660069006c00650073005c006100700070005c006100700070002e006500780065000000
                """,
            ),
            Example(
                "as shipped",
                r"""
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\PublicProfile]
                EnableFirewall = dword 1
                DisableNotifications = dword 0
                [ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
                RemoteDesktop-UserMode-In-TCP = sz "v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\system32\svchost.exe|Svc=termservice|"
                """,
            ),
        ),
    ),
)

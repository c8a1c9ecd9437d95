"""Hives on which the rules of `service_defence` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-disabled-defence",
        fires_on=(
            Example(
                "no event log",
                r"""
                [ControlSet001\Services\EventLog]
                Start = dword 4
                """,
                cites=("4",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a forwarder of logs that is not used any more",
                r"""
                [ControlSet001\Services\SplunkForwarder]
                Type = dword 16
                Start = dword 4
                ImagePath = expand "\u{22}C:\Program Files\SplunkUniversalForwarder\bin\splunkd.exe\u{22} service"
                """,
                cites=("4",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "Defender without protection",
                r"""
                [ControlSet001\Services\WinDefend]
                LaunchProtected = dword 0
                """,
                cites=("LaunchProtected",),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender disabled beside another scanner",
                r"""
                [ControlSet001\Services\WinDefend]
                Start = dword 4
                [ControlSet001\Services\McShield]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\u{22}C:\Program Files\Common Files\McAfee\SystemCore\mcshield.exe\u{22}"
                [ControlSet001\Services\mfehidk]
                Type = dword 1
                Start = dword 0
                ImagePath = expand "system32\drivers\mfehidk.sys"
                """,
                cites=("4",),
                severity=Severity.INFO,
            ),
            Example(
                "Defender disabled beside one service in another vendor's folder, and nothing else of that product",
                r"""
                [ControlSet001\Services\WinDefend]
                Start = dword 4
                [ControlSet001\Services\McShield]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:\Program Files\Common Files\McAfee\x.exe"
                """,
                cites=("4",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a start type that Windows does not know",
                r"""
                [ControlSet001\Services\EventLog]
                Start = dword 5
                """,
                cites=("Start",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a start type that is no number",
                r"""
                [ControlSet001\Services\WinDefend]
                Start = sz "2"
                """,
                cites=("Start",),
                severity=Severity.HIGH,
            ),
            Example(
                "a start type of 8 bytes",
                r"""
                [ControlSet001\Services\EventLog]
                Start = dword hex: 02 00 00 00 00 00 00 00
                """,
                cites=("Start",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a program with the start type of drivers",
                r"""
                [ControlSet001\Services\EventLog]
                Start = dword 1
                """,
                cites=("Start",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "Defender's filter driver is marked as deleted",
                r"""
                [ControlSet001\Services\WdFilter]
                DeleteFlag = dword 1
                """,
                cites=("DeleteFlag",),
                severity=Severity.HIGH,
            ),
            Example(
                "a vendor's sensor on demand that ships as auto",
                r"""
                [ControlSet001\Services\CSFalconService]
                Type = dword 16
                Start = dword 3
                ImagePath = sz "\u{22}C:\Program Files\CrowdStrike\CSFalconService.exe\u{22}"
                """,
                cites=("3",),
                severity=Severity.HIGH,
            ),
            Example(
                "a vendor's sensor runs svchost",
                r"""
                [ControlSet001\Services\ekrn]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k netsvcs"
                """,
                cites=(r"%SystemRoot%\System32\svchost.exe -k netsvcs",),
                severity=Severity.HIGH,
            ),
            Example(
                "a disabled filter against viruses of no known vendor",
                r"""
                [ControlSet001\Services\acmeflt]
                Type = dword 2
                Start = dword 4
                Group = sz "FSFilter Anti-Virus"
                ImagePath = expand "system32\drivers\acmeflt.sys"
                """,
                cites=("Start", "Group"),
                severity=Severity.HIGH,
            ),
            Example(
                "the event log as an account that can't run it",
                r"""
                [ControlSet001\Services\EventLog]
                ObjectName = sz ".\nobody"
                """,
                cites=(r".\nobody",),
                severity=Severity.HIGH,
            ),
            Example(
                "the event log in a group of svchost that it is not of",
                r"""
                [ControlSet001\Services\EventLog]
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k nothing"
                """,
                cites=(r"%SystemRoot%\System32\svchost.exe -k nothing",),
                severity=Severity.HIGH,
            ),
            Example(
                "the event log with another entry point",
                r"""
                [ControlSet001\Services\EventLog\Parameters]
                ServiceMain = sz "Nope"
                """,
                cites=("Nope",),
                severity=Severity.HIGH,
            ),
            Example(
                "WMI is disabled",
                r"""
                [ControlSet001\Services\Winmgmt]
                Type = dword 32
                Start = dword 4
                """,
                cites=("4",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "Defender's driver names no file, and the one of its name is not there",
                "[ControlSet001]",
                cites=(r"ControlSet001\Services\WdFilter",),
                without=("Services\\WdFilter\\\\ImagePath",),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender's filter driver was deleted",
                "[ControlSet001]",
                cites=("ControlSet001\\Services\\WinDefend",),
                without=("Services\\WdFilter",),
                severity=Severity.HIGH,
            ),
            Example(
                "the event log was deleted, and safe mode still lists it",
                "[ControlSet001]",
                cites=("ControlSet001\\Control\\SafeBoot\\Minimal\\EventLog",),
                without=("Services\\EventLog",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the firewall's engine was deleted, and another service waits for it",
                r"""
                [ControlSet001\Services\IKEEXT]
                Type = dword 32
                Start = dword 3
                DependOnService = multi "BFE"
                """,
                cites=("DependOnService",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the event log without the library that svchost loads",
                "[ControlSet001]",
                cites=("ControlSet001\\Services\\EventLog",),
                without=("Services\\EventLog\\Parameters",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the event log as something that is no service",
                r"""
                [ControlSet001\Services\EventLog]
                Type = dword 4
                """,
                cites=("Type",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "Defender disabled beside a service that only has a name",
                r"""
                [ControlSet001\Services\WinDefend]
                Start = dword 4
                [ControlSet001\Services\mbamfake]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\x.exe"
                """,
                cites=("4",),
                severity=Severity.HIGH,
            ),
            Example(
                "another program in Defender's own folder",
                r"""
                [ControlSet001\Services\WinDefend]
                ImagePath = sz "\u{22}C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0\evil.exe\u{22}"
                """,
                cites=(r'"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0\evil.exe"',),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender's driver is another file",
                r"""
                [ControlSet001\Services\WdFilter]
                ImagePath = expand "system32\drivers\null.sys"
                """,
                cites=(r"system32\drivers\null.sys",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("as shipped", ""),
            Example(
                "a program whose name only begins like a vendor's",
                r"""
                [ControlSet001\Services\AswellUpdater]
                Type = dword 16
                Start = dword 4
                ImagePath = sz "\u{22}C:\Program Files\Calc\c.exe\u{22}"
                """,
            ),
            Example(
                "helpers that their vendors start on demand",
                r"""
                [ControlSet001\Services\WdNisDrv]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "system32\drivers\wd\WdNisDrv.sys"
                [ControlSet001\Services\mfefirek]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "system32\drivers\mfefirek.sys"
                [ControlSet001\Services\mfeavfk01]
                Type = dword 1
                Start = dword 3
                DeleteFlag = dword 1
                """,
            ),
            Example(
                "a filter against viruses of no known vendor that starts, and one of Windows on demand",
                r"""
                [ControlSet001\Services\acmeflt]
                Type = dword 2
                Start = dword 0
                Group = sz "FSFilter Anti-Virus"
                ImagePath = expand "system32\drivers\acmeflt.sys"
                [ControlSet001\Services\Filetrace]
                Type = dword 2
                Start = dword 3
                Group = sz "FSFilter Activity Monitor"
                ImagePath = expand "system32\drivers\filetrace.sys"
                """,
            ),
            Example(
                "the event log as it is spelled elsewhere",
                r"""
                [ControlSet001\Services\EventLog]
                ObjectName = sz "nt authority\localservice"
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k LOCALSERVICENETWORKRESTRICTED"
                [ControlSet001\Services\EventLog\Parameters]
                ServiceMain = sz "ServiceMain"
                """,
            ),
            Example(
                "Defender runs from its folder of updates",
                r"""
                [ControlSet001\Services\WinDefend]
                ImagePath = sz "\u{22}C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0\MsMpEng.exe\u{22}"
                """,
            ),
            Example(
                "started later than before, but as shipped",
                r"""
                [ControlSet001\Services\VSS]
                Type = dword 16
                Start = dword 3
                ImagePath = expand "%systemroot%\system32\vssvc.exe"
                [ControlSet001\Services\SharedAccess]
                Type = dword 32
                Start = dword 4
                """,
                generation="win7-x64",
            ),
        ),
    ),
)

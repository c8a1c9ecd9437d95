"""Hives on which the rules of `service_dlls` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-servicedll",
        fires_on=(
            Example(
                "a service of Windows with another DLL",
                r"""
                [ControlSet001\Services\Schedule]
                Type = dword 32
                Start = dword 2
                ImagePath = expand "%systemroot%\system32\svchost.exe -k netsvcs"
                [ControlSet001\Services\Schedule\Parameters]
                ServiceDll = expand "%systemroot%\system32\schedsvcx.dll"
                """,
                cites=(r"%systemroot%\system32\schedsvcx.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a service of Windows with another program",
                r"""
                [ControlSet001\Services\EventLog]
                Type = dword 16
                ImagePath = expand "%SystemRoot%\System32\x.exe"
                """,
                cites=(r"%SystemRoot%\System32\x.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a look-alike of the spooler",
                r"""
                [ControlSet001\Services\Spooler]
                ImagePath = expand "%SystemRoot%\System32\spo0lsv.exe"
                """,
                cites=(r"%SystemRoot%\System32\spo0lsv.exe",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "no DLL by its name",
                r"""
                [ControlSet001\Services\updsvc]
                Type = dword 32
                Start = dword 2
                ImagePath = expand "%systemroot%\system32\svchost.exe -k netsvcs"
                [ControlSet001\Services\updsvc\Parameters]
                ServiceDll = expand "%systemroot%\system32\update.dat"
                """,
                cites=(r"%systemroot%\system32\update.dat",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "svchost without an ending, as XP ships it",
                r"""
                [ControlSet001\Services\RpcSs]
                ImagePath = expand "%SystemRoot%\system32\svchost -k rpcss"
                """,
                generation="xp-x86",
            ),
            Example(
                "programs as 2003 and before ship them",
                r"""
                [ControlSet001\Services\ScardSvr]
                Type = dword 32
                Start = dword 3
                ImagePath = expand "%SystemRoot%\System32\SCardSvr.exe"
                [ControlSet001\Services\PolicyAgent]
                Type = dword 32
                Start = dword 2
                ImagePath = expand "%SystemRoot%\system32\lsass.exe"
                """,
                generation="xp-x86",
            ),
            Example(
                "as shipped, with the one that has no folder",
                r"""
                [ControlSet001\Services\WinHttpAutoProxySvc]
                Type = dword 32
                Start = dword 3
                ImagePath = expand "%SystemRoot%\system32\svchost.exe -k LocalService"
                [ControlSet001\Services\WinHttpAutoProxySvc\Parameters]
                ServiceDll = expand "winhttp.dll"
                [ControlSet001\Services\WinDefend\Parameters]
                ServiceDll = expand "%ProgramFiles%\Windows Defender\mpsvc.dll"
                """,
                generation="win7-x64",
            ),
        ),
    ),
    Examples(
        "svc-svchost-masquerade",
        fires_on=(
            Example(
                "svchost in the Windows folder",
                r"""
                [ControlSet001\Services\netsvc]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\svchost.exe -k netsvcs"
                """,
                cites=(r"%SystemRoot%\svchost.exe -k netsvcs",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a name that looks like svchost",
                r"""
                [ControlSet001\Services\netsvc]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\svch0st.exe"
                """,
                cites=(r"%SystemRoot%\System32\svch0st.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "svchost without a group",
                r"""
                [ControlSet001\Services\netsvc]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\svchost.exe"
                """,
                cites=(r"%SystemRoot%\System32\svchost.exe",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "a program of another vendor in its own folder",
                r"""
                [ControlSet001\Services\Backup]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\u{22}C:\Program Files\Backup\service.exe\u{22}"
                """,
            ),
            Example(
                "a name that only ends so",
                r"""
                [ControlSet001\Services\NetTcpPortSharing]
                Type = dword 32
                Start = dword 4
                ImagePath = expand "%systemroot%\Microsoft.NET\Framework64\v4.0.30319\SMSvcHost.exe"
                """,
            ),
        ),
    ),
)

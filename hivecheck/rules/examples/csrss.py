"""Hives on which the rules of `csrss` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "csrss-serverdll",
        fires_on=(
            Example(
                "an extra library",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4 ServerDll=evilsrv,5"
                """,
                cites=(
                    r"%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows ServerDll=basesrv,1 "
                    r"ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4 ServerDll=evilsrv,5",
                ),
                severity=Severity.CRITICAL,
            ),
            Example(
                "consrv in the place of winsrv",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\system32\csrss.exe ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=consrv:ConServerDllInitialization,2 ServerDll=sxssrv,4"
                """,
                cites=(
                    r"%SystemRoot%\system32\csrss.exe ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 "
                    "ServerDll=consrv:ConServerDllInitialization,2 ServerDll=sxssrv,4",
                ),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "an argument that csrss does not know",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\system32\csrss.exe Debug=On ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4"
                """,
                cites=(
                    r"%SystemRoot%\system32\csrss.exe Debug=On ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 "
                    "ServerDll=sxssrv,4",
                ),
                severity=Severity.HIGH,
            ),
            Example(
                "a desktop heap of 200 MB",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\system32\csrss.exe SharedSection=1024,204800,768 ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4"
                """,
                cites=(
                    r"%SystemRoot%\system32\csrss.exe SharedSection=1024,204800,768 ServerDll=basesrv,1 "
                    "ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4",
                ),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example("as NT 4 ships it", "", generation="nt4-x86"),
            Example("as 7 ships it", "", generation="win7-x86"),
            Example(
                "a tuned desktop heap",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\system32\csrss.exe SharedSection=1024,49152,8192 ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4"
                """,
            ),
        ),
    ),
    Examples(
        "csrss-image",
        fires_on=(
            Example(
                "a look-alike",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\system32\crsss.exe ObjectDirectory=\Windows"
                """,
                cites=(r"%SystemRoot%\system32\crsss.exe ObjectDirectory=\Windows",),
            ),
            Example(
                "another folder",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\csrss.exe ObjectDirectory=\Windows"
                """,
                cites=(r"%SystemRoot%\csrss.exe ObjectDirectory=\Windows",),
                generation="xp-x86",
            ),
            Example(
                "the name without its folder",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "csrss.exe ObjectDirectory=\Windows"
                """,
                cites=(r"csrss.exe ObjectDirectory=\Windows",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "an empty line",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand ""
                """,
                cites=("Windows",),
                severity=Severity.HIGH,
            ),
            Example(
                "a list of required subsystems without it",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Required = multi "Debug"
                """,
                cites=("Required",),
                severity=Severity.HIGH,
            ),
            Example(
                "a second program",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = expand "%SystemRoot%\system32\csrss.exe helper.exe ObjectDirectory=\Windows"
                """,
                cites=(r"%SystemRoot%\system32\csrss.exe helper.exe ObjectDirectory=\Windows",),
            ),
        ),
        silent_on=(
            Example("as shipped", "", generation="win2000-x86"),
            Example(
                "the same program, spelled out",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Windows = sz "C:\Windows\System32\CSRSS.EXE ObjectDirectory=\Windows"
                """,
            ),
        ),
    ),
)

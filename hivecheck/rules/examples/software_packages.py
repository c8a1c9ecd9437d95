"""Hives on which the rules of `software_packages` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "software-gina-dll",
        fires_on=(
            Example(
                "a DLL that nobody knows",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                GinaDLL = sz "fakegina.dll"
                """,
                cites=("fakegina.dll",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "from a folder that users can write to",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                GinaDLL = sz "C:\WINDOWS\Temp\g.dll"
                """,
                cites=(r"C:\WINDOWS\Temp\g.dll",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "the name of the right one, in another folder",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                GinaDLL = sz "C:\Program Files\x\msgina.dll"
                """,
                cites=(r"C:\Program Files\x\msgina.dll",),
                generation="win2000-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "Novell's client",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                GinaDLL = sz "NWGINA.DLL"
                """,
                cites=("NWGINA.DLL",),
                generation="nt4-x86",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example("without a SOFTWARE hive", "", generation="xp-x86"),
            Example(
                "the one of Windows",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                GinaDLL = sz "msgina.dll"
                """,
                generation="xp-x86",
            ),
            Example(
                "Vista and later read no such value",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                GinaDLL = sz "fakegina.dll"
                """,
                generation="win7-x64",
            ),
        ),
    ),
    Examples(
        "software-winlogon-notify",
        fires_on=(
            Example(
                "a package that nobody knows",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\awtqn]
                DLLName = sz "awtqn.dll"
                """,
                cites=("awtqn.dll",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "another DLL in a package of Windows",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\crypt32chain]
                DllName = expand "crypt33.dll"
                """,
                cites=("crypt33.dll",),
                generation="xp-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "from a folder that users can write to",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\x]
                DLLName = sz "C:\WINDOWS\Temp\x.dll"
                """,
                cites=(r"C:\WINDOWS\Temp\x.dll",),
                generation="win2000-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a graphics driver, and what VMware brings",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\igfxcui]
                DLLName = sz "igfxdev.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\TPSvc]
                DLLName = sz "TPSvc.dll"
                """,
                cites=("igfxdev.dll", "TPSvc.dll"),
                generation="xp-x86",
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example("without a SOFTWARE hive", "", generation="xp-x86"),
            Example(
                "what XP ships",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\crypt32chain]
                DLLName = expand "crypt32.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\cryptnet]
                DLLName = expand "cryptnet.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\cscdll]
                DLLName = expand "cscdll.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\dimsntfy]
                DLLName = expand "%SystemRoot%\System32\dimsntfy.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\ScCertProp]
                DLLName = expand "wlnotify.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\Schedule]
                DLLName = expand "wlnotify.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\sclgntfy]
                DLLName = expand "sclgntfy.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\SensLogn]
                DLLName = sz "WlNotify.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\termsrv]
                DLLName = expand "wlnotify.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\wlballoon]
                DLLName = expand "wlnotify.dll"
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\WgaLogon]
                DLLName = expand "WgaLogon.dll"
                """,
                generation="xp-x86",
            ),
            Example(
                "Vista and later read no such key",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\awtqn]
                DLLName = sz "awtqn.dll"
                """,
            ),
        ),
    ),
)

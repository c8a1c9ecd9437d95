"""Hives on which the rules of `search_lists` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
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

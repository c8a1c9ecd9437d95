"""Hives on which the rules of `socket_dlls` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "winsock",
        fires_on=(
            Example(
                "another AutodialDLL",
                r"""
                [ControlSet001\Services\WinSock2\Parameters]
                AutodialDLL = sz "C:\Windows\System32\rasadhlq.dll"
                """,
                cites=(r"C:\Windows\System32\rasadhlq.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a name space of one's own",
                r"""
                [ControlSet001\Services\WinSock2\Parameters\NameSpace_Catalog5\Catalog_Entries\000000000009]
                LibraryPath = sz "%SystemRoot%\System32\nsp.dll"
                """,
                cites=(r"%SystemRoot%\System32\nsp.dll",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Services\WinSock2\Parameters]
                AutodialDLL = sz "rasadhlp.dll"
                NameSpace_Callout = expand "%SystemRoot%\System32\fwpuclnt.dll"
                [ControlSet001\Services\WinSock2\Parameters\NameSpace_Catalog5\Catalog_Entries\000000000001]
                LibraryPath = sz "%SystemRoot%\system32\NLAapi.dll"
                """,
            ),
        ),
    ),
)

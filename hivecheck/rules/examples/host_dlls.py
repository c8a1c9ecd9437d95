"""Hives on which the rules of `host_dlls` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "time-provider",
        fires_on=(
            Example(
                "a provider of one's own",
                r"""
                [ControlSet001\Services\W32Time\TimeProviders\Evil]
                DllName = expand "C:\Windows\System32\w32evil.dll"
                Enabled = dword 1
                """,
                cites=(r"C:\Windows\System32\w32evil.dll",),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Services\W32Time\TimeProviders\NtpClient]
                DllName = expand "%systemroot%\system32\w32time.dll"
                Enabled = dword 1
                """,
            ),
        ),
    ),
    Examples(
        "router-managers",
        fires_on=(
            Example(
                "a plug-in of the DNS server",
                r"""
                [ControlSet001\Services\DNS\Parameters]
                ServerLevelPluginDll = sz "\\192.0.2.1\share\p.dll"
                """,
                cites=(r"\\192.0.2.1\share\p.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "another router manager",
                r"""
                [ControlSet001\Services\RemoteAccess\RouterManagers\Ip]
                DLLPath = expand "%SystemRoot%\System32\iprtrmgx.dll"
                """,
                cites=(r"%SystemRoot%\System32\iprtrmgx.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "another DLL for a logon method of Windows",
                r"""
                [ControlSet001\Services\Rasman\PPP\EAP\13]
                Path = expand "%SystemRoot%\System32\rastlsx.dll"
                """,
                cites=(r"%SystemRoot%\System32\rastlsx.dll",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Services\RemoteAccess\RouterManagers\Ip]
                DLLPath = expand "%SystemRoot%\System32\iprtrmgr.dll"
                [ControlSet001\Services\Rasman\PPP\EAP\13]
                Path = expand "%SystemRoot%\System32\rastls.dll"
                """,
            ),
        ),
    ),
    Examples(
        "perf-library",
        fires_on=(
            Example(
                "counters of the endpoint mapper",
                r"""
                [ControlSet001\Services\RpcEptMapper\Performance]
                Library = sz "C:\Users\Public\perf.dll"
                """,
                cites=(r"C:\Users\Public\perf.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "a DLL below Users",
                r"""
                [ControlSet001\Services\Tcpip\Performance]
                Library = sz "C:\Users\Public\perf.dll"
                """,
                cites=(r"C:\Users\Public\perf.dll",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "as shipped, and Outlook's",
                r"""
                [ControlSet001\Services\Tcpip\Performance]
                Library = sz "Perfctrs.dll"
                [ControlSet001\Services\WmiApRpl\Performance]
                Library = expand "%systemroot%\system32\wbem\wmiaprpl.dll"
                [ControlSet001\Services\Outlook\Performance]
                Library = sz "C:\PROGRA~1\MICROS~2\Office14\OLMAPI32.DLL"
                """,
            ),
        ),
    ),
)

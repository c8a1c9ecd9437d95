"""Hives on which the rules of `network_providers` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "network-provider",
        fires_on=(
            Example(
                "a provider in ProgramData",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "RDPNP,LanmanWorkstation,WebClient,logincontroll"
                [ControlSet001\Services\logincontroll\NetworkProvider]
                ProviderPath = expand "C:\ProgramData\np.dll"
                """,
                cites=("RDPNP,LanmanWorkstation,WebClient,logincontroll", r"C:\ProgramData\np.dll"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "an unknown one in System32",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "RDPNP,LanmanWorkstation,WebClient,xnp"
                [ControlSet001\Services\xnp\NetworkProvider]
                ProviderPath = expand "%SystemRoot%\System32\xnp.dll"
                """,
                cites=(r"%SystemRoot%\System32\xnp.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "a known product in its own folder",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "RDPNP,LanmanWorkstation,WebClient,PnSson"
                [ControlSet001\Services\PnSson\NetworkProvider]
                ProviderPath = expand "C:\Program Files (x86)\Citrix\ICA Client\x64\pnsson.dll"
                """,
                cites=(r"C:\Program Files (x86)\Citrix\ICA Client\x64\pnsson.dll",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "its name in another's folder",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "RDPNP,LanmanWorkstation,WebClient,PnSson"
                [ControlSet001\Services\PnSson\NetworkProvider]
                ProviderPath = expand "C:\Program Files (x86)\Support\pnsson.dll"
                """,
                cites=(r"C:\Program Files (x86)\Support\pnsson.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the DLL of Windows' Client for NFS, which is not here",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "RDPNP,LanmanWorkstation,WebClient,nfsnp"
                [ControlSet001\Services\nfsnp\NetworkProvider]
                ProviderPath = expand "%SystemRoot%\System32\nfsnp.dll"
                """,
                cites=(r"%SystemRoot%\System32\nfsnp.dll",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "Windows' Client for NFS beside its services",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "RDPNP,LanmanWorkstation,WebClient,nfsnp"
                [ControlSet001\Services\nfsnp\NetworkProvider]
                ProviderPath = expand "%SystemRoot%\System32\nfsnp.dll"
                [ControlSet001\Services\NfsClnt]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\system32\nfsclnt.exe"
                """,
            ),
            Example(
                "the client of NetWare that XP has as an option",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "LanmanWorkstation,NWCWorkstation"
                [ControlSet001\Services\NWCWorkstation\NetworkProvider]
                ProviderPath = expand "%SystemRoot%\system32\nwprovau.dll"
                """,
                generation="xp-x86",
            ),
            Example(
                "Windows and WSL",
                r"""
                [ControlSet001\Control\NetworkProvider\Order]
                ProviderOrder = sz "P9NP,RDPNP,LanmanWorkstation,WebClient"
                [ControlSet001\Services\P9NP\NetworkProvider]
                ProviderPath = expand "%SystemRoot%\System32\p9np.dll"
                """,
            ),
        ),
    ),
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

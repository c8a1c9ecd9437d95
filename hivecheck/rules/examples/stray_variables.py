"""Hives on which the rules of `stray_variables` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "env-compat-layer",
        fires_on=(
            Example(
                "a layer",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                __COMPAT_LAYER = sz "RunAsInvoker"
                """,
                cites=("RunAsInvoker",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a layer, on a server",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                __COMPAT_LAYER = sz "RunAsInvoker"
                [ControlSet001\Control\ProductOptions]
                ProductType = sz "ServerNT"
                """,
                cites=("RunAsInvoker",),
                severity=Severity.HIGH,
            ),
            Example(
                "no zone checks",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                SEE_MASK_NOZONECHECKS = sz "1"
                """,
                cites=("1",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "zone checks are on",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                SEE_MASK_NOZONECHECKS = sz "0"
                __COMPAT_LAYER = sz ""
                """,
            ),
        ),
    ),
    Examples(
        "env-devmgr-debug",
        fires_on=(
            Example(
                "hidden devices are shown",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                devmgr_show_nonpresent_devices = sz "1"
                """,
                cites=("1",),
            ),
        ),
        silent_on=(Example("as shipped", ""),),
    ),
    Examples(
        "env-symbol-path",
        fires_on=(
            Example(
                "a share",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                _NT_SYMBOL_PATH = sz "srv*\\192.0.2.7\sym*https://msdl.microsoft.com/download/symbols"
                """,
                cites=(r"srv*\\192.0.2.7\sym*https://msdl.microsoft.com/download/symbols",),
            ),
        ),
        silent_on=(
            Example(
                "Microsoft's own server",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                _NT_SYMBOL_PATH = sz "srv*C:\Symbols*https://msdl.microsoft.com/download/symbols"
                """,
            ),
        ),
    ),
    Examples(
        "env-proxy",
        fires_on=(
            Example(
                "the machine itself",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                HTTPS_PROXY = sz "http://127.0.0.1:8080"
                """,
                cites=("http://127.0.0.1:8080",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a host of the house",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                HTTP_PROXY = sz "http://proxy:3128"
                """,
                cites=("http://proxy:3128",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "exceptions alone",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                NO_PROXY = sz "localhost"
                """,
            ),
        ),
    ),
    Examples(
        "env-safeboot-option",
        fires_on=(
            Example(
                "with networking",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                SAFEBOOT_OPTION = sz "NETWORK"
                """,
                cites=("NETWORK",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the repair of a domain controller",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                SAFEBOOT_OPTION = sz "DSREPAIR"
                [ControlSet001\Control\ProductOptions]
                ProductType = sz "LanmanNT"
                """,
                cites=("DSREPAIR",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(Example("an ordinary boot", ""),),
    ),
)

"""Hives on which the rules of `registry_links` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

_USERS_MAY_WRITE = (
    "01000480" "00000000" "00000000" "00000000" "14000000"
    "02002000" "01000000" "00001800" "1f000200" "010200000000000520000000" "21020000"
)  # fmt: skip
_USERS_MAY_READ = _USERS_MAY_WRITE.replace("1f000200", "19000200")
_USERS_MAY_MAKE_KEYS = _USERS_MAY_WRITE.replace("1f000200", "1d000200")

EXAMPLES = (
    Examples(
        "reg-link",
        fires_on=(
            Example(
                "safe mode led away",
                r"""
                [ControlSet001\Control\SafeBoot\Minimal]
                SymbolicLinkValue = link "\Registry\Machine\SYSTEM\Other"
                """,
                cites=(r"\Registry\Machine\SYSTEM\Other",),
            ),
            Example(
                "a service led away",
                r"""
                [ControlSet001\Services\WinDefend]
                SymbolicLinkValue = link "\Registry\Machine\SOFTWARE\x"
                """,
                cites=(r"\Registry\Machine\SOFTWARE\x",),
            ),
        ),
        silent_on=(
            Example(
                "a text of that name is no link",
                r"""
                [ControlSet001\Services\WinDefend]
                SymbolicLinkValue = sz "\Registry\Machine\SOFTWARE\x"
                """,
            ),
        ),
    ),
    Examples(
        "key-acl-weak",
        fires_on=(
            Example(
                "users may write into Session Manager",
                "[ControlSet001\\Control\\Session Manager]",
                cites=("ControlSet001\\Control\\Session Manager",),
                access=(("ControlSet001\\Control\\Session Manager", _USERS_MAY_WRITE),),
                severity=Severity.HIGH,
            ),
            Example(
                "users may make keys in a service",
                "[ControlSet001\\Services\\Vendor]",
                cites=("ControlSet001\\Services\\Vendor",),
                access=(("ControlSet001\\Services\\Vendor", _USERS_MAY_MAKE_KEYS),),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "users may read",
                "[ControlSet001\\Control\\Session Manager]",
                access=(("ControlSet001\\Control\\Session Manager", _USERS_MAY_READ),),
            ),
        ),
    ),
)

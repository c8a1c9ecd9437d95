"""Hives on which the rules of `service_security` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "scm-security-descriptor",
        fires_on=(
            Example(
                "everyone may create services",
                r"""
                [ControlSet001\Control\ServiceGroupOrder\Security]
                Security = binary [
                  01 00 04 80 00 00 00 00 00 00 00 00 00 00 00 00 14 00 00 00
                  02 00 1c 00 01 00 00 00 00 00 14 00 3f 00 0f 00 01 01 00 00 00 00 00 01 00 00 00 00
                ]
                """,
                cites=("Security",),
                severity=Severity.HIGH,
            ),
            Example(
                "no asking from afar",
                r"""
                [ControlSet001\Control]
                DisableRemoteScmEndpoints = dword 1
                """,
                cites=("1",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example("no value", ""),
            Example(
                "bytes that are no descriptor",
                r"""
                [ControlSet001\Control\ServiceGroupOrder\Security]
                Security = binary 01 00
                """,
            ),
        ),
    ),
    Examples(
        "svc-sd-hidden",
        fires_on=(
            Example(
                "interactive users are denied",
                r"""
                [ControlSet001\Services\Spooler\Security]
                Security = binary [
                  01 00 04 80 00 00 00 00 00 00 00 00 00 00 00 00 14 00 00 00
                  02 00 30 00 02 00 00 00
                  01 00 14 00 66 00 01 00 01 01 00 00 00 00 00 05 04 00 00 00
                  00 00 14 00 ff 01 0f 00 01 01 00 00 00 00 00 05 12 00 00 00
                ]
                """,
                cites=("Security",),
            ),
            Example(
                "nobody is let ask",
                r"""
                [ControlSet001\Services\Spooler\Security]
                Security = binary [
                  01 00 04 80 00 00 00 00 00 00 00 00 00 00 00 00 14 00 00 00
                  02 00 08 00 00 00 00 00
                ]
                """,
                cites=("Security",),
            ),
        ),
        silent_on=(
            Example(
                "five bytes, and SYSTEM allowed",
                r"""
                [ControlSet001\Services\CryptSvc\Security]
                Security = binary 00 00 00 00 00
                [ControlSet001\Services\Spooler\Security]
                Security = binary [
                  01 00 04 80 00 00 00 00 00 00 00 00 00 00 00 00 14 00 00 00
                  02 00 1c 00 01 00 00 00
                  00 00 14 00 ff 01 0f 00 01 01 00 00 00 00 00 05 12 00 00 00
                ]
                """,
            ),
        ),
    ),
)

"""Hives on which the rules of `code_integrity` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "ci-policy",
        fires_on=(
            Example(
                "an upgrade that never was",
                r"""
                [ControlSet001\Control\CI\Policy]
                UpgradedSystem = dword 1
                """,
                cites=("1",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "an upgrade that the hive tells of",
                r"""
                [Setup\Source OS (Updated on 1/2/2019 10:00:00)]
                [ControlSet001\Control\CI\Policy]
                UpgradedSystem = dword 1
                """,
                cites=("1",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\CI\Policy]
                SkuPolicyRequired = dword 0
                """,
            ),
        ),
    ),
    Examples(
        "driver-blocklist",
        fires_on=(
            Example(
                "off",
                r"""
                [ControlSet001\Control\CI\Config]
                VulnerableDriverBlocklistEnable = dword 0
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "on",
                r"""
                [ControlSet001\Control\CI\Config]
                VulnerableDriverBlocklistEnable = dword 1
                """,
            ),
        ),
    ),
    Examples(
        "hvci",
        fires_on=(
            Example(
                "as BlackLotus does",
                r"""
                [ControlSet001\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity]
                Enabled = dword 0
                """,
                cites=("0",),
            ),
            Example(
                "all of it",
                r"""
                [ControlSet001\Control\DeviceGuard]
                EnableVirtualizationBasedSecurity = dword 0
                """,
                cites=("0",),
            ),
        ),
        silent_on=(Example("nobody chose", "[ControlSet001\\Control\\DeviceGuard]"),),
    ),
    Examples(
        "credential-guard",
        fires_on=(
            Example(
                "asked for and switched off",
                r"""
                [ControlSet001\Control\Lsa]
                LsaCfgFlags = dword 1
                [ControlSet001\Control\DeviceGuard\Scenarios\CredentialGuard]
                Enabled = dword 0
                """,
                cites=("0", "1"),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\DeviceGuard\Scenarios\CredentialGuard]
                Enabled = dword 0
                """,
                generation="win10-1903-x64",
            ),
        ),
    ),
    Examples(
        "elam-policy",
        fires_on=(
            Example(
                "everything is let in",
                r"""
                [ControlSet001\Policies\EarlyLaunch]
                DriverLoadPolicy = dword 7
                """,
                cites=("7",),
                severity=Severity.HIGH,
            ),
            Example(
                "restored from elsewhere",
                r"""
                [ControlSet001\Control\EarlyLaunch]
                BackupPath = sz "C:\ProgramData\e"
                """,
                cites=(r"C:\ProgramData\e",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "the usual policy, written",
                r"""
                [ControlSet001\Policies\EarlyLaunch]
                DriverLoadPolicy = dword 3
                """,
            ),
        ),
    ),
)

"""Hives on which the rules of `memory` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "mm-disable-paging-exec",
        fires_on=(
            Example(
                "set",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                DisablePagingExecutive = dword 1
                """,
                cites=("DisablePagingExecutive",),
            ),
        ),
        silent_on=(Example("as shipped", ""),),
    ),
    Examples(
        "mm-large-system-cache",
        fires_on=(
            Example(
                "set on a workstation",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                LargeSystemCache = dword 1
                """,
                cites=("LargeSystemCache",),
            ),
        ),
        silent_on=(
            Example(
                "set on a server",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                LargeSystemCache = dword 1
                [ControlSet001\Control\ProductOptions]
                ProductType = sz "ServerNT"
                """,
                generation="nt4-x86",
            ),
        ),
    ),
    Examples(
        "mm-spectre-override",
        fires_on=(
            Example(
                "off",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                FeatureSettingsOverride = dword 3
                FeatureSettingsOverrideMask = dword 3
                """,
                cites=("FeatureSettingsOverride", "FeatureSettingsOverrideMask"),
                severity=Severity.MEDIUM,
            ),
            Example(
                "forced on",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                FeatureSettingsOverride = dword 0
                FeatureSettingsOverrideMask = dword 3
                """,
                cites=("FeatureSettingsOverride",),
                severity=Severity.INFO,
            ),
            Example(
                "off on XP, which never had them",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                FeatureSettingsOverride = dword 3
                FeatureSettingsOverrideMask = dword 3
                """,
                cites=(
                    "FeatureSettingsOverride",
                    "FeatureSettingsOverrideMask",
                ),
                generation="xp-x86",
                severity=Severity.INFO,
            ),
            Example(
                "off on 7",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                FeatureSettingsOverride = dword 3
                FeatureSettingsOverrideMask = dword 3
                """,
                cites=("FeatureSettingsOverride",),
                generation="win7-x64",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "bits that switch on",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                FeatureSettingsOverride = dword 72
                FeatureSettingsOverrideMask = dword 3
                """,
            ),
            Example("as 10 ships it", "", generation="win10-1903-x64"),
        ),
    ),
    Examples(
        "mm-verifier",
        fires_on=(
            Example(
                "Defender's driver without memory",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                VerifyDrivers = sz "wdfilter.sys"
                VerifyDriverLevel = dword 0x4
                """,
                cites=("wdfilter.sys",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a driver of a network card",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                VerifyDrivers = sz "e1i65x64.sys"
                VerifyDriverLevel = dword 0x209bb
                """,
                cites=("e1i65x64.sys",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "switched off again",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                VerifyDrivers = sz ""
                VerifyDriverLevel = dword 0
                """,
            ),
        ),
    ),
    Examples(
        "mm-moveimages",
        fires_on=(
            Example(
                "off",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                MoveImages = dword 0
                """,
                cites=("MoveImages",),
                severity=Severity.HIGH,
            ),
            Example(
                "forced on",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                MoveImages = dword 0xffffffff
                """,
                cites=("MoveImages",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "on",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                MoveImages = dword 1
                """,
            ),
        ),
    ),
    Examples(
        "mm-prefetch-off",
        fires_on=(
            Example(
                "off",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management\PrefetchParameters]
                EnablePrefetcher = dword 0
                """,
                cites=("EnablePrefetcher",),
                severity=Severity.LOW,
            ),
            Example(
                "off, with the service",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management\PrefetchParameters] 2022-09-26T10:00:00Z
                EnablePrefetcher = dword 0
                [ControlSet001\Services\SysMain]
                Start = dword 4
                """,
                cites=("EnablePrefetcher", "Start"),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(Example("as shipped", "", generation="xp-x86"),),
    ),
)

"""Hives on which the rules of `dll_search` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "safe-dll-search-off",
        fires_on=(
            Example(
                "the safe order is off",
                r"""
                [ControlSet001\Control\Session Manager]
                SafeDllSearchMode = dword 0
                """,
                cites=("SafeDllSearchMode",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the safe order for programs is off",
                r"""
                [ControlSet001\Control\Session Manager]
                SafeProcessSearchMode = dword 0
                """,
                cites=("SafeProcessSearchMode",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "the default, written out",
                r"""
                [ControlSet001\Control\Session Manager]
                SafeDllSearchMode = dword 1
                CWDIllegalInDllSearch = dword 0
                """,
            ),
        ),
    ),
    Examples(
        "appcert-dlls",
        fires_on=(
            Example(
                "a DLL in System32",
                r"""
                [ControlSet001\Control\Session Manager\AppCertDlls] 2022-01-01T00:00:00Z
                AppSecDll = expand "%SystemRoot%\System32\apphlp.dll"
                """,
                cites=(r"%SystemRoot%\System32\apphlp.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "a DLL that users can write",
                r"""
                [ControlSet001\Control\Session Manager\AppCertDlls] 2008-07-01T00:00:00Z
                x = sz "C:\Documents and Settings\All Users\x.dll"
                """,
                cites=(r"C:\Documents and Settings\All Users\x.dll",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a key written on the last day",
                r"""
                [ControlSet001\Control\Session Manager\AppCertDlls] 2022-09-26T09:00:00Z
                x = sz "C:\Windows\System32\x.dll"
                """,
                cites=(r"C:\Windows\System32\x.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the emulator of 16-bit programs",
                r"""
                [ControlSet001\Control\Session Manager\AppCertDlls] 2022-01-01T00:00:00Z
                ntvdm = sz "C:\Windows\System32\ldntvdm.dll"
                """,
                cites=(r"C:\Windows\System32\ldntvdm.dll",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "an empty key",
                r"""
                [ControlSet001\Control\Session Manager\AppCertDlls]
                """,
            ),
        ),
    ),
    Examples(
        "apiset-extension",
        fires_on=(
            Example(
                "a schema of another name",
                r"""
                [ControlSet001\Control\Session Manager\ApiSetSchemaExtensions\{11111111-2222-3333-4444-555555555555}]
                FileName = sz "updater.dll"
                """,
                cites=("updater.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "a schema that is named as Windows names them",
                r"""
                [ControlSet001\Control\Session Manager\ApiSetSchemaExtensions\11111111-2222-3333-4444-555555555555]
                FileName = sz "11111111-2222-3333-4444-555555555555_NewFeature.dll"
                """,
                cites=("11111111-2222-3333-4444-555555555555_NewFeature.dll",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "an extension of Hyper-V",
                r"""
                [ControlSet001\Control\Session Manager\ApiSetSchemaExtensions\c4d66f00-b6f0-4439-ac9b-c5ea13fe54d7]
                FileName = sz "c4d66f00-b6f0-4439-ac9b-c5ea13fe54d7_HyperV-ComputeCore.dll"
                """,
            ),
        ),
    ),
    Examples(
        "apppatches",
        fires_on=(
            Example(
                "a DLL for a setup program",
                r"""
                [ControlSet001\Control\Session Manager\AppPatches\SETUP]
                x = sz "C:\x\patch.dll"
                """,
                cites=(r"C:\x\patch.dll",),
                generation="win7-x86",
            ),
        ),
        silent_on=(
            Example(
                "a patch as Windows has them",
                r"""
                [ControlSet001\Control\Session Manager\AppPatches\VB]
                x = binary ff 06 01 02 ec 35 3f 00 04 07 80 c8 13 00
                """,
                generation="win7-x86",
            ),
        ),
    ),
    Examples(
        "appcompat-cache-wiped",
        fires_on=(
            Example(
                "four bytes are left",
                r"""
                [ControlSet001\Control\Session Manager\AppCompatCache] 2022-09-26T15:58:10Z
                AppCompatCache = binary 34 00 00 00
                """,
                cites=("AppCompatCache",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the value is gone",
                "",
                cites=("ControlSet001\\Control\\Session Manager\\AppCompatibility",),
                generation="xp-x86",
                without=("Control\\Session Manager\\AppCompatibility\\\\AppCompatCache",),
            ),
        ),
        silent_on=(
            Example("a header without a program", ""),
            Example("a Windows that has no such cache", "", generation="nt4-x86"),
        ),
    ),
)

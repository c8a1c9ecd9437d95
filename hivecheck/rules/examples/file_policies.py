"""Hives on which the rules of `file_policies` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "fs-policy",
        fires_on=(
            Example(
                "links from the network",
                r"""
                [ControlSet001\Control\FileSystem]
                SymlinkRemoteToRemoteEvaluation = dword 1
                """,
                cites=("1",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "an encrypted paging file",
                r"""
                [ControlSet001\Control\FileSystem]
                NtfsEncryptPagingFile = dword 1
                """,
                cites=("1",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example("as shipped", "[ControlSet001\\Control]"),
            Example(
                "times of last access as Windows 7 keeps them",
                r"""
                [ControlSet001\Control\FileSystem]
                NtfsDisableLastAccessUpdate = dword 1
                """,
                generation="win7-x64",
            ),
        ),
    ),
    Examples(
        "backup-exclusions",
        fires_on=(
            Example(
                "no profiles in shadow copies",
                r"""
                [ControlSet001\Control\BackupRestore\FilesNotToSnapshot]
                Cache = multi "$UserProfile$\* /s"
                """,
                cites=(r"$UserProfile$\* /s",),
            ),
            Example(
                "no drivers in backups",
                r"""
                [ControlSet001\Control\BackupRestore\FilesNotToBackup]
                WUA = multi "%windir%\System32\drivers\*.sys /s"
                """,
                cites=(r"%windir%\System32\drivers\*.sys /s",),
            ),
            Example(
                "services are not restored",
                r"""
                [ControlSet001\Control\BackupRestore\KeysNotToRestore]
                Helper = multi "CurrentControlSet\Services\helper\"
                """,
                cites=("CurrentControlSet\\Services\\helper\\",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\BackupRestore\FilesNotToSnapshot]
                WUA = multi "%windir%\softwaredistribution\*.* /s"
                FVE = multi "$AllVolumes$\System Volume Information\FVE.{9ef82dfa-1239-4a30-83e6-3b3e9b8fed08}"
                [ControlSet001\Control\BackupRestore\FilesNotToBackup]
                "Temporary Files" = multi "%TEMP%\* /s"
                "Internet Explorer" = multi "%UserProfile%\index.dat /s"
                [ControlSet001\Control\BackupRestore\KeysNotToRestore]
                "Mount Manager" = multi "MountedDevices\"
                """,
            ),
        ),
    ),
)

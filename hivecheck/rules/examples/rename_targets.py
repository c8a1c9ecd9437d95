"""Hives on which the rules of `rename_targets` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "pfro-sec-product",
        fires_on=(
            Example(
                "a filter driver is deleted",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\WdFilter.sys" ""
                """,
                cites=(r"\??\C:\Windows\System32\drivers\WdFilter.sys",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the engine is renamed under a parent folder that was moved away",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Program Files\Windows Defender" "\??\C:\Program Files\wd_bak"
                  "\??\C:\Program Files\wd_bak\MsMpEng.exe" "\??\C:\Program Files\wd_bak\m_bak"
                  "\??\C:\Program Files\wd_bak" "\??\C:\Program Files\Windows Defender"
                ]
                """,
                cites=(r"\??\C:\Program Files\wd_bak\MsMpEng.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the folder above Defender's is moved away",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\ProgramData" "\??\C:\PD"
                """,
                cites=(r"\??\C:\ProgramData",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the folder of Defender's drivers is moved away",
                r"""
                [ControlSet001\Services\WdFilter]
                ImagePath = expand "system32\drivers\wd\WdFilter.sys"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\wd" "\??\C:\Windows\System32\drivers\wd_bak"
                """,
                cites=(r"\??\C:\Windows\System32\drivers\wd",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "an agent of which no service is left",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\CrowdStrike\csagent.sys" ""
                """,
                cites=(r"\??\C:\Windows\System32\drivers\CrowdStrike\csagent.sys",),
                severity=Severity.HIGH,
            ),
            Example(
                "an update deletes an older platform",
                r"""
                [ControlSet001\Services\WinDefend]
                ImagePath = expand "\u{22}%ProgramData%\Microsoft\Windows Defender\Platform\4.18.2001.7-0\MsMpEng.exe\u{22}"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1911.3-0\MsMpEng.exe" ""
                """,
                cites=(r"\??\C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1911.3-0\MsMpEng.exe",),
                severity=Severity.LOW,
            ),
            Example(
                "an update deletes a platform, and the service runs none",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0" ""
                """,
                cites=(r"\??\C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "an installer clears its folder",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\nsx1A04.tmp\System.dll" ""
                """,
            ),
        ),
    ),
    Examples(
        "pfro-hive-or-log-target",
        fires_on=(
            Example(
                "a foreign SAM",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\sam.new" "!\??\C:\Windows\System32\config\SAM"
                """,
                cites=(r"\??\C:\sam.new",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "the security log",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\winevt\Logs\Security.evtx" ""
                """,
                cites=(r"\??\C:\Windows\System32\winevt\Logs\Security.evtx",),
            ),
            Example(
                "the folder of all event logs",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\winevt" "\??\C:\Windows\System32\winevt_bak"
                """,
                cites=(r"\??\C:\Windows\System32\winevt",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the folder of the hives, which fails but was meant",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\config" "\??\C:\Windows\System32\c"
                """,
                cites=(r"\??\C:\Windows\System32\config",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the accounts of a domain",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\x" "!\??\C:\Windows\NTDS\ntds.dit"
                """,
                cites=(r"\??\C:\x",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a user's hive is replaced",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\x" "!\??\C:\Users\user\NTUSER.DAT"
                """,
                cites=(r"\??\C:\x",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a user's hive is deleted",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\user\NTUSER.DAT" ""
                """,
                cites=(r"\??\C:\Users\user\NTUSER.DAT",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the page file of an XP",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\pagefile.sys" ""
                """,
                cites=(r"\??\C:\pagefile.sys",),
                generation="xp-x86",
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "Amcache of Windows itself",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\AppCompat\Programs\Amcache.hve.tmp" "!\??\C:\Windows\AppCompat\Programs\Amcache.hve"
                """,
            ),
        ),
    ),
)

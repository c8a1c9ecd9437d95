r"""Pending renames and deletes against security products, and against what an examiner reads. Source: detections.md 1.2."""

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.alarm import EVIDENCE, SECURITY
from hivecheck.rules.rename_telling import REMEDY, SEVERITIES, SOURCES, check_alarms
from hivecheck.rules.rule import Example, Rule, Severity

SECURITY_PRODUCT = Rule(
    id=SECURITY,
    family="renames",
    title="A security product is deleted or moved away at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1485", "T1070.004"),
    why=(
        "smss deletes and renames before the product's services start and needs no fight for open handles. Boot drivers that "
        "are loaded already stay in memory; services, and drivers of the next boot, are gone. Public tools move a parent "
        "folder away, rename the programs in it and move it back; the rows are judged by the true names."
    ),
    false_positives=(
        "The product's own updater: source and target in its own folders, with a new file in the old one's place (low).",
        "Uninstallers: the product's service is gone from this hive or marked for deletion (high, not critical).",
        "Updates of Microsoft Defender delete older platforms and sets of definitions (low).",
    ),
    remedy=REMEDY,
    sources=(*SOURCES, "baselines.md 3.3"),
    severities=(
        "critical where a driver, program or folder of the product is deleted or leaves its folders and a service of the "
        "vendor is set up; high for its other programs, for a program renamed within its folder, and for a driver, program or "
        "folder where no service is left; medium for its other files, and for libraries where no service is left; low for "
        "leftovers and updates. " + SEVERITIES
    ),
    check=check_alarms(SECURITY),
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
)

HIVE_OR_LOG = Rule(
    id=EVIDENCE,
    family="renames",
    title="Registry hives, event logs or other records are replaced or deleted at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1003.002", "T1070.001", "T1561"),
    why=(
        "Up to Windows 7 the hives SAM, SECURITY and SOFTWARE are loaded only after the list, so that a foreign one takes "
        "effect at once (a SAM with known passwords). From 8 on they are open by then and the row likely fails; the intent "
        "stays. Event logs are not open yet and can be deleted."
    ),
    false_positives=(
        "Windows replaces Amcache.hve from Amcache.hve.tmp (silent).",
        "A delete of pagefile.sys as the only row of a Windows XP (low); other paging files are medium.",
        "A user's profile that could not be deleted at once: a delete of its hive is medium.",
    ),
    remedy=REMEDY,
    sources=(*SOURCES, "detections.md 4.A"),
    severities="critical for hives, logs, their folders and file system files, high for MEMORY.DMP and a user's hive that is "
    "moved away, medium for paging files and a user's hive that is deleted; not lowered where the row would fail.",
    check=check_alarms(EVIDENCE),
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
)

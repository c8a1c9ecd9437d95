r"""Files moved or deleted at boot: what single rows of PendingFileRenameOperations and ...2 do. Source: detections.md 1.2."""

from hivecheck.facts.certainty import Confidence
from hivecheck.rules import mini_nt, rename_lists, rename_switches, rename_syntax
from hivecheck.rules.rename_alarms import AUTOSTART, EVIDENCE, SECURITY, TRUSTED
from hivecheck.rules.rename_telling import (
    REMEDY,
    SEVERITIES,
    SOURCES,
    check_alarms,
)
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

TCB_REPLACE = Rule(
    id=TRUSTED,
    family="renames",
    title="A file that Windows depends on is replaced or taken away at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574", "T1036.005", "T1554", "T1546.008"),
    why=(
        "What smss puts in place no running sensor has seen, and file protection is passed by. Programs of the boot, KnownDLLs, "
        "accessibility programs, drivers and services are run by Windows itself soon after. Servicing of Vista and later "
        "replaces files before smss reads this list and does not use it for system files."
    ),
    false_positives=(
        "Hotfix installers up to 2003 replace system files this way, from SETxxxx.tmp in the same folder (silent) or from "
        "their uninstall folders (low).",
        "Driver packages of other vendors: SETxxxx.tmp to a driver in the same folder (silent).",
    ),
    remedy=REMEDY,
    sources=SOURCES,
    severities=(
        "critical; high for the program of another vendor's service that is taken away, and for a row that does not ask to "
        "replace: it fails if the file is there. " + SEVERITIES
    ),
    check=check_alarms(TRUSTED),
    fires_on=(
        Example(
            "a KnownDLL",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\ProgramData\Comms\w2.tmp" "!\??\C:\Windows\System32\ws2_32.dll"
            """,
            cites=(r"\??\C:\ProgramData\Comms\w2.tmp",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the program behind the key combination of the logon screen",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\u.dat" "!\SystemRoot\System32\Utilman.exe"
            """,
            cites=(r"\??\C:\u.dat",),
            generation="xp-x86",
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "a driver package of another vendor",
            r"""
            [ControlSet001\Services\vmhgfs]
            Type = dword 2
            Start = dword 3
            ImagePath = expand "system32\DRIVERS\vmhgfs.sys"
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\system32\DRIVERS\SET1A01.tmp" "!\??\C:\Windows\system32\DRIVERS\vmhgfs.sys"
            """,
        ),
        Example(
            "a hotfix of XP",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\WINDOWS\system32\SET3F.tmp" "" "\??\C:\WINDOWS\system32\SET1C2.tmp" "!\??\C:\WINDOWS\system32\user32.dll"
            """,
            generation="xp-x86",
        ),
    ),
)

DROP = Rule(
    id=AUTOSTART,
    family="renames",
    title="A program gets its name in a place that is run automatically, only at boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1574.010", "T1574.001", "T1036.008"),
    why=(
        "The file bears a harmless name until smss renames it, when no sensor watches. In a startup folder, at the path of a "
        "service, or among the system's libraries it then runs without any further change."
    ),
    false_positives=(
        "Installers that unpack to a Temp folder and copy to Program Files (low).",
        "Updaters that replace files of their own product (silent).",
    ),
    remedy=REMEDY,
    sources=SOURCES,
    severities=(
        "critical for startup folders and for files that a service, LSA or the spooler loads; high for a program moved from a "
        "folder users can write to into a system folder, or disguised until then; low for installers. " + SEVERITIES
    ),
    check=check_alarms(AUTOSTART),
    fires_on=(
        Example(
            "the startup folder of all users",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\ProgramData\a.tmp" "\??\C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Startup\a.exe"
            """,
            cites=(r"\??\C:\ProgramData\a.tmp",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "a library for System32",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Users\Public\x.dll" "\??\C:\Windows\System32\wlbsctrl.dll"
            """,
            cites=(r"\??\C:\Users\Public\x.dll",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example(
            "an updater in its own folder",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Program Files\7-Zip\7-zip.dll.tmp" "!\??\C:\Program Files\7-Zip\7-zip.dll"
            """,
        ),
        Example(
            "the print spooler",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\system32\spool\DRIVERS\x64\3\New\UNIDRV.DLL" "\??\C:\Windows\system32\spool\DRIVERS\x64\3\UNIDRV.DLL"
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
    ),
    remedy=REMEDY,
    sources=(*SOURCES, "detections.md 4.A"),
    severities="critical for hives, logs and file system files, high for MEMORY.DMP, medium for paging files; not lowered "
    "where the row would fail.",
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

RULES: tuple[Rule, ...] = (
    SECURITY_PRODUCT,
    TCB_REPLACE,
    DROP,
    HIVE_OR_LOG,
    *rename_lists.RULES,
    *rename_syntax.RULES,
    *rename_switches.RULES,
    *mini_nt.RULES,
)

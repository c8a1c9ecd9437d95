"""Hives on which the rules of `renames` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "pfro-tcb-replace",
        fires_on=(
            Example(
                "a program of the boot in the way of a hotfix",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\WINDOWS\system32\SET1A2.tmp" "!\??\C:\WINDOWS\system32\lsass.exe"
                """,
                cites=(r"\??\C:\WINDOWS\system32\SET1A2.tmp",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "the kernel in the way of a hotfix, whose temporary name has two digits",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\c:\windows\system32\SET4E.tmp" "!\??\c:\windows\system32\ntoskrnl.exe"
                """,
                cites=(r"\??\c:\windows\system32\SET4E.tmp",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "a program that anybody can start before logon, under the name of a hotfix",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\c:\windows\system32\SET4E.tmp" "!\??\c:\windows\system32\sethc.exe"
                """,
                cites=(r"\??\c:\windows\system32\SET4E.tmp",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "a DLL by its hotfix name that becomes a program",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\c:\windows\system32\_000003_.tmp.dll" "!\??\c:\windows\system32\winlogon.exe"
                """,
                cites=(r"\??\c:\windows\system32\_000003_.tmp.dll",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "the logon DLL in the way of a hotfix",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\c:\winnt\system32\_000001_.tmp.dll" "!\??\c:\winnt\system32\msgina.dll"
                """,
                cites=(r"\??\c:\winnt\system32\_000001_.tmp.dll",),
                generation="win2000-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "a security product's own update of its driver",
                r"""
                [ControlSet001\Services\mfehidk]
                Type = dword 1
                Start = dword 0
                ImagePath = expand "system32\drivers\mfehidk.sys"
                [ControlSet001\Services\McShield]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:\Program Files\McAfee\VSCore\mcshield.exe\u{22}"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\mfehidk.sys.tmp" "!\??\C:\Windows\System32\drivers\mfehidk.sys"
                """,
                cites=(r"\??\C:\Windows\System32\drivers\mfehidk.sys.tmp",),
                severity=Severity.LOW,
            ),
            Example(
                "a foreign file in the place of a security product's driver",
                r"""
                [ControlSet001\Services\mfehidk]
                Type = dword 1
                Start = dword 0
                ImagePath = expand "system32\drivers\mfehidk.sys"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\asw1234.tmp" "!\??\C:\Windows\System32\drivers\mfehidk.sys"
                """,
                cites=(r"\??\C:\Windows\System32\drivers\asw1234.tmp",),
                severity=Severity.CRITICAL,
            ),
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
            Example(
                "a DLL that checks signatures, from a temporary file beside it",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\a.tmp" "!\??\C:\Windows\System32\wintrust.dll"
                """,
                cites=(r"\??\C:\Windows\System32\a.tmp",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the boot manager",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\bootmgr" ""
                """,
                cites=(r"\??\C:\bootmgr",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the boot manager of the firmware, on a volume without a letter",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\x" "!\Device\HarddiskVolume1\EFI\Microsoft\Boot\bootmgfw.efi"
                """,
                cites=(r"\??\C:\x",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the boot loader of XP",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\x" "!\??\C:\ntldr" "\??\C:\boot.tmp" "!\??\C:\boot.ini"
                """,
                cites=(r"\??\C:\x", r"\??\C:\boot.tmp"),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "the file that names addresses, and the policy of which code may run",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Users\Public\h" "!\??\C:\Windows\System32\drivers\etc\hosts"
                  "\??\C:\Windows\System32\CodeIntegrity\SIPolicy.p7b" ""
                ]
                """,
                cites=(r"\??\C:\Users\Public\h", r"\??\C:\Windows\System32\CodeIntegrity\SIPolicy.p7b"),
                severity=Severity.HIGH,
            ),
            Example(
                "the folder of the file that names addresses, swapped as a whole",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Windows\System32\drivers\etc" "\??\C:\Windows\System32\drivers\e2"
                  "\??\C:\Users\Public\etc" "\??\C:\Windows\System32\drivers\etc"
                ]
                """,
                cites=(r"\??\C:\Users\Public\etc",),
                severity=Severity.HIGH,
            ),
            Example(
                "the folder from which a service runs, swapped as a whole",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Agent\bin\agent.exe"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Program Files\Agent" "\??\C:\a"
                  "\??\C:\Users\Public\Agent" "\??\C:\Program Files\Agent"
                ]
                """,
                cites=(r"\??\C:\Program Files\Agent", r"\??\C:\Users\Public\Agent"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "by the name of a device that this boot links to the Windows folder",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Win = sz "\??\C:\Windows"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\a" "!\??\Win\System32\sethc.exe"
                """,
                cites=(r"\??\C:\Users\Public\a",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "an update of Office",
                r"""
                [ControlSet001\Services\ClickToRunSvc]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeClickToRun.exe\u{22} /service"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "*1\??\C:\Program Files\Microsoft Office\Updates\Apply\FilesInUse\A1B2\OfficeClickToRun.exe"
                  "*1!\??\C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeClickToRun.exe"
                ]
                """,
                cites=(r"*1\??\C:\Program Files\Microsoft Office\Updates\Apply\FilesInUse\A1B2\OfficeClickToRun.exe",),
                severity=Severity.LOW,
            ),
            Example(
                "the same file from a folder of users, with the marks of Office",
                r"""
                [ControlSet001\Services\ClickToRunSvc]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeClickToRun.exe\u{22} /service"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "*1\??\C:\Users\Public\Updates\Apply\FilesInUse\OfficeClickToRun.exe"
                  "*1!\??\C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeClickToRun.exe"
                ]
                """,
                cites=(r"*1\??\C:\Users\Public\Updates\Apply\FilesInUse\OfficeClickToRun.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the recovery environment",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\Recovery\Winre.wim" ""
                """,
                cites=(r"\??\C:\Windows\System32\Recovery\Winre.wim",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a DLL of another Windows",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\WINNT\system32\user32.dll"
                """,
                cites=("\\??\\C:\\Users\\Public\\s",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "this one's DLL is moved to another Windows",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\WINDOWS\system32\user32.dll" "!\??\C:\WINNT\system32\user32.dll"
                """,
                cites=("\\??\\C:\\WINDOWS\\system32\\user32.dll",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a folder that the KnownDLLs come from",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\WINNT\system32\user32.dll"
                [ControlSet001\Control\Session Manager\KnownDLLs]
                DllDirectory = expand "C:\WINNT\system32"
                """,
                cites=("\\??\\C:\\Users\\Public\\s",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "a folder that a service runs from, put in place by an updater of the same product",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Agent\bin\agent.exe"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Program Files\Agent\bin" "\??\C:\Program Files\Agent\bin.old"
                  "\??\C:\Program Files\Agent\bin.new" "\??\C:\Program Files\Agent\bin"
                ]
                """,
            ),
            Example(
                "files of those names in other folders",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\Acrylic\h.tmp" "\??\C:\Program Files\Acrylic\hosts"
                """,
            ),
            Example(
                "a boot loader of XP that an upgrade left behind",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\ntldr" ""
                """,
            ),
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
    ),
    Examples(
        "pfro-drop-executable",
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
                "the startup folder behind another short name",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\a\1.tmp" "\??\C:\ProgramData\Microsoft\Windows\STARTM~2\Programs\Startup\1.lnk"
                """,
                cites=(r"\??\C:\Users\a\1.tmp",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the startup folder of all users, swapped as a whole",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Startup" "\??\C:\ProgramData\s"
                  "\??\C:\Users\Public\s" "\??\C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Startup"
                ]
                """,
                cites=(r"\??\C:\Users\Public\s",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a folder above the tasks that Windows runs, which nothing moves away before",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\t" "\??\C:\Windows\System32\Tasks"
                """,
                cites=(r"\??\C:\Users\Public\t",),
                severity=Severity.HIGH,
            ),
            Example(
                "the startup folder of a German XP",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a.tmp" "\??\C:\Dokumente und Einstellungen\All Users\Startmenü\Programme\Autostart\a.exe"
                """,
                cites=(r"\??\C:\a.tmp",),
                generation="xp-x86",
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
            Example(
                "a library that a service looks for and Windows does not ship, from a folder of programs",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\x\x.dll" "\??\C:\Windows\System32\WptsExtensions.dll"
                """,
                cites=(r"\??\C:\Program Files\x\x.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "a folder that redirects the libraries of svchost",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\x" "\??\C:\Windows\System32\svchost.exe.local"
                """,
                cites=(r"\??\C:\x",),
                severity=Severity.HIGH,
            ),
            Example(
                "a package of LSA, from within System32",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\a.dll" "!\??\C:\Windows\System32\msv1_0.dll"
                """,
                cites=(r"\??\C:\Windows\System32\a.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a library of the spooler that is replaced, which its own rows do not ask for",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\system32\spool\DRIVERS\x64\3\New\PrintConfig.dll" "!\??\C:\Windows\system32\spool\DRIVERS\x64\3\PrintConfig.dll"
                """,
                cites=(r"\??\C:\Windows\system32\spool\DRIVERS\x64\3\New\PrintConfig.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "a file with a temporary name beside it",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\a.tmp" "!\??\C:\Windows\System32\vendor.dll"
                """,
                cites=(r"\??\C:\Windows\System32\a.tmp",),
                severity=Severity.LOW,
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
                "a folder of a user, and a profile that is put aside",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a" "\??\C:\Users\user\Documents" "\??\C:\Users\user" "\??\C:\Users\user.old"
                """,
            ),
            Example(
                "the print spooler",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\system32\spool\DRIVERS\x64\3\New\UNIDRV.DLL" "\??\C:\Windows\system32\spool\DRIVERS\x64\3\UNIDRV.DLL" "\??\C:\Windows\system32\spool\DRIVERS\x64\3\New\PrintConfig.dll" "\??\C:\Windows\system32\spool\DRIVERS\x64\3\PrintConfig.dll"
                """,
            ),
        ),
    ),
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
                "an update of another product deletes an older version",
                r"""
                [ControlSet001\Services\SepMasterService]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:\Program Files (x86)\Symantec\Symantec Endpoint Protection\14.2.1.1\Bin\ccSvcHst.exe\u{22} /s"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files (x86)\Symantec\Symantec Endpoint Protection\14.0.1.1\Bin\ccSvcHst.exe" ""
                """,
                cites=(r"\??\C:\Program Files (x86)\Symantec\Symantec Endpoint Protection\14.0.1.1\Bin\ccSvcHst.exe",),
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
            Example(
                "a SAM in the folder of another Windows",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\Windows\system32\config\SAM"
                """,
                cites=("\\??\\C:\\Users\\Public\\s",),
                generation="nt4-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "the SAM of another Windows in the place of this one's",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\WINNT\system32\config\SAM" "!\??\C:\WINDOWS\system32\config\SAM"
                """,
                cites=("\\??\\C:\\WINNT\\system32\\config\\SAM",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
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
    Examples(
        "pfro-starved",
        fires_on=(
            Example(
                "a list that waits",
                r"""
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
                cites=("PendingFileRenameOperations", r"ControlSet001\Control\MiniNT"),
            ),
        ),
        silent_on=(
            Example(
                "a list that runs",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
            ),
            Example(
                "Windows NT 4 knows no MiniNT",
                r"""
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\TEMP\a.tmp" ""
                """,
                generation="nt4-x86",
            ),
        ),
    ),
    Examples(
        "minint",
        fires_on=(
            Example(
                "an empty key",
                r"""
                [ControlSet001\Control\MiniNT]
                """,
                cites=(r"ControlSet001\Control\MiniNT",),
                severity=Severity.HIGH,
            ),
            Example(
                "the ReFS setting",
                r"""
                [ControlSet001\Control\MiniNT]
                AllowRefsFormatOverNoMirrorVolume = dword 0x12
                """,
                cites=("AllowRefsFormatOverNoMirrorVolume",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "Windows PE",
                r"""
                [Setup]
                SystemSetupInProgress = dword 1
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\EarlyLaunch]
                BackupPath = sz "X:\Windows\ELAMBKUP"
                [ControlSet001\Control\Session Manager\Environment]
                DriverData = sz "X:\Windows\System32\Drivers\DriverData"
                """,
                cites=(r"ControlSet001\Control\MiniNT", " MININT"),
                severity=Severity.INFO,
            ),
            Example(
                "an installed Windows that only says so",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                """,
                cites=(r"ControlSet001\Control\MiniNT",),
                severity=Severity.HIGH,
            ),
            Example(
                "the ReFS setting on 7, which has no ReFS",
                r"""
                [ControlSet001\Control\MiniNT]
                AllowRefsFormatOverNoMirrorVolume = dword 1
                """,
                cites=("AllowRefsFormatOverNoMirrorVolume",),
                generation="win7-x64",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("no such key", ""),
            Example(
                "Windows NT 4 knows no such key",
                r"""
                [ControlSet001\Control\MiniNT]
                """,
                generation="nt4-x86",
            ),
        ),
    ),
)

"""What hivecheck does not know, as told in docs/limits.md: for every Windows by topic, and for each family of the Session Manager.

A test holds the two against each other. `code` stands between backticks.
"""

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Family, Generation


@fact
class Limit:
    """What is not known of one thing: a text, then points. `topic` names it and begins the text in the document."""

    topic: str
    text: str
    points: tuple[str, ...] = ()


EVERY_WINDOWS: tuple[Limit, ...] = (
    Limit(
        "Outside the replay",
        "It begins where the loader chooses a control set and ends with the logon screen. What the replay models, "
        "Windows by Windows tells part by part how sure it is, and what it leaves out. Not replayed:",
        (
            "the boot loader's options (BCD, boot.ini): a safe boot is not stored in the hive, so it is replayed only "
            "when asked for (a stored key `SafeBoot\\Option`, which Windows itself never saves, sets SAFEBOOT_OPTION by "
            "assumption);",
            "what a started program or a loaded driver does. autochk and its kin remove their own line from "
            "BootExecute, a servicing program clears SetupExecute: neither is predicted, and no program's effect on "
            "files is.",
        ),
    ),
    Limit(
        "Outside the hive",
        "What is not read of archives and of disk images. Of a lone hive, the files themselves are not looked at: existence, kind "
        "(native or not), signature, access rights. Of the SOFTWARE hive, where `--software` names one, only what the boot and the "
        "rules ask for is read; without it a debugger for winlogon.exe under Image File Execution Options is told as an assumption.",
    ),
    Limit(
        "Deleted data",
        "`hivecheck recover` tells what it finds and how far to trust it. What it can't know:",
        (
            "A path holds only as far as the parents were not reused. A present key that was last written before the "
            "deleted one, or that never held a name of that length, is doubted or refused; a new key in the same place "
            "that passes both would be taken for the parent.",
            "A list of boot commands without an `autocheck` line, and a rename list of one operation, look like other "
            "texts. They are told only where a record leads to them, another list has the same operation, or the size "
            "of the cell leaves no other reading.",
            "Paths without an NT prefix in a rename list, and text in neither UTF-16 nor a record, are not searched for.",
            "The generations of a list are ordered by what they have in common. Lists that share nothing have no known "
            "order.",
            "The earlier content of a value is known by its first twenty letters only, if no other value begins so: a "
            "guess, and marked as one.",
            "A key that the logs deleted and whose place they overwrote is present in the hive as found; compare the "
            "two states to see it.",
        ),
    ),
    Limit(
        "Transaction logs",
        "Without its logs, or where their entries do not follow on from it, a dirty hive is read as it lies in the "
        "primary file, and its latest changes may be missing (`dirty-hive`); entries that are damaged or out of "
        "sequence are not applied (`log-entries-skipped`). A log whose base block has other identifiers or another "
        "place of the root key is refused unless it is named with `--logs` (`log-of-another-hive`). Another name in it "
        "alone refuses it only where neither identifiers nor the time of the last write agree; else it is applied with "
        "a remark. Hives older than Vista have no identifiers, so there two machines' hives of one name, root and "
        "fitting numbers can't be told apart. Logs that go on after a clean hive are not applied, and told "
        "(`log-newer-than-hive`). The changes that are dated to log entries are those of the Session Manager key and "
        "below it.",
    ),
    Limit(
        "What the findings rest on",
        "Rules see the hive, the boot replayed from it and, where given, the SOFTWARE hive: no file, no signature, no "
        'BCD, no firmware. "No findings" means that no rule found anything in these, not that the machine is clean. '
        "Each rule's page says what else it would take to decide (`hivecheck explain RULE`, `needs`). The known-good "
        "values come from nine real hives and public pages; for Windows 2000, 2003 x86, Vista, 8, 11, ARM64 and most "
        "servers no hive was at hand (baselines says how sure each is). Names of products are no proof of the product. "
        "At most 5,000 findings of one rule are told, 200 of them on the page.",
    ),
    Limit(
        "Paths",
        "are compared as text without case. 8.3 names, hard links, junctions and other reparse points are not known, "
        "nor that `\\??\\Volume{…}` or `\\Device\\HarddiskVolume2` is the same volume as `C:`. Links that smss itself makes"
        " from DOS Devices are followed. Drive letters belong to the mount manager and are taken as they are.",
    ),
    Limit(
        "Object names",
        "The namespace starts with what the kernel makes; names that drivers make are missing, so the target of a link "
        "is never checked. Names are told in the spelling of XP and later (`\\GLOBAL??`), also for NT and 2000. Access "
        "rights (ProtectionMode) are read, not modelled.",
    ),
    Limit(
        "Drivers",
        "That the boot volume is NTFS is assumed, not read: no value names its file system. Streams, reparse points, "
        "and folders that can't be renamed while files in them are open rest on that, and so does the driver `Ntfs`, "
        "whose event says so where its Start alone would not load it (names are compared without case on FAT and ReFS "
        "too). Another file system at boot-start is a problem (`boot-volume-doubted`), and renames that name a stream "
        "then assume NTFS. Which controller the boot disk is on is not known: the loss of a storage driver is told, not"
        " judged. Which devices there are is not known either: a class filter is loaded if there is one. Equal drivers "
        "stand in the order that public lists of loaded modules show for 7 and for 10 2004; other builds may differ.",
    ),
    Limit(
        "Files that a program needs",
        "are known for csrss, wininit, winlogon and lsass only, not all of them, and only one that this boot takes away"
        " is missed; whether what was put in its place works is not known. ntdll.dll counts for the boot after this "
        "one: the kernel has mapped it, and programs of this boot get that copy.",
    ),
    Limit(
        "KnownDLLs",
        "Only what the registry lists, and ntdll.dll. Windows also maps the DLLs that those import, which only the "
        "files can tell. A damaged or non-DLL file in the list stops the machine; that is not predicted.",
    ),
    Limit(
        "Paging files",
        "Volumes, free space and memory are unknown: sizes are told where they are written down, and which volume `?:` "
        "takes is an assumption. `PagefileUsage` (commit history) is not decoded.",
    ),
    Limit(
        "Renames",
        "",
        (
            "`*1`, `*2` and the like before a path (Windows 10 since 2025, Windows 11) and `@` are kept as markers. "
            "Their meaning is not documented; events with `*` have mark C. `@` is taken for `!` on a destination, as "
            "ReactOS does.",
            "A list with an odd number of strings: its last string is dropped and told as a problem. Where a second "
            "list follows, its pairs shift by one and the first source is read from a buffer used twice; those events "
            "have mark C.",
            "A folder is not renamed while files below it are open: applied to the Windows folder, System32 and "
            "System32\\config (C), of no other folder is it known.",
            "Whether rename sources that are reparse points are followed is not known.",
            "Access rights do not stop smss and are not looked at. Whether a file is in use is not known.",
        ),
    ),
    Limit(
        "Absent keys",
        "`Memory Management`, `DOS Devices`, `KnownDLLs`, `Environment` or `SubSystems` missing: the replay halts. "
        "ReactOS does; for Windows itself this is mark C.",
    ),
    Limit(
        "A value of the wrong type",
        "is treated as ReactOS would: one string where a list is expected counts as a list of one (but not in "
        "SubSystems, where only a list counts), and of a list where one string is expected the last string counts. A "
        "number where text is expected is told as `wrong-type` and not replayed. ProtectionMode and "
        "AllowProtectedRenames are taken from any 4 bytes.",
    ),
    Limit(
        "Text with %names%",
        "BootExecute, SetupExecute, PagingFiles, DOS Devices and KnownDLLs are read before the key Environment: where "
        "they are expandable strings, only what the kernel gave (Path, SystemDrive, SystemRoot) is put in.",
    ),
    Limit(
        "BootExecute, present and empty",
        "runs nothing, and a problem `boot-execute-empty` tells it. That is confirmed for ReactOS; for Vista and later "
        "it may restore the default instead.",
    ),
    Limit(
        "Bounds",
        "At most 16 sessions, 1,000 commands of one list, 100 required subsystems and 10 million characters of "
        "environment are replayed; what lies beyond is told as a problem. A search along Path tries its first 256 "
        "folders, and paths of up to 259 characters.",
    ),
    Limit(
        "Files of the volume",
        "Where the hive was found on a volume, paths on the boot drive are looked up there; other drives, devices, "
        "shares and alternate streams stay unknown, and so does a short (8.3) name in a folder or an archive. A "
        "volume counts as whole where the kernel, ntdll.dll, smss.exe, kernel32.dll and the folder of drivers all lie"
        " in its Windows folder, and it is a volume of an image or its System32 holds at least 1,000 names, which no "
        "collection by name does; then a missing file is told as missing, though whoever copied a folder may have left"
        " a file out. A folder of a copy that is not there at all says nothing of what would be in it. Whether a "
        "folder that is to be deleted is empty is assumed unless a file in it is known. Signatures embedded in programs "
        "are verified with the extra `pe` only, and not for revocation (without it their digest is held against the file, and the "
        "signer is a claim); those of catalogs are not: a hash is in a catalog of the volume or not; an attacker who may write to "
        "CatRoot may add a catalog. WOW64 redirection is not followed. At most 20,000 paths are looked up and 4 GB "
        "read (`limit-inventory`). Files of other control sets are not looked up: findings about those keep their "
        "assumptions.",
    ),
)
_NT: tuple[str, ...] = (
    "The order is that of 2000 and later; NT 4's own is not documented whole. Events say C.",
    "Not replayed, since no source says that NT has them: the second rename list, MiniNT, AllowProtectedRenames being "
    "deleted, `\\Sessions`, `\\Device\\VolumesSafeForWriteAccess`.",
    "Which of the later values NT 3.x reads is not known; the settings of smss are read as for NT 4.",
    "The volatile `Clone` control set, from which NT makes the last known good one, is not modelled.",
)
_CLASSIC: tuple[str, ...] = (
    "The source is Server 2003 (5.2). That 2000 and XP behave alike in each detail is supported by *Windows Internals* "
    "4 for the order only.",
    "Windows File Protection: a rename that targets a protected file may be refused unless AllowProtectedRenames is "
    "set. The table of protected files is not in the hive; such events (a DLL, EXE, SYS … in System32) assume that the "
    "file is not protected, mark C.",
    "`FileRenameOperations` is documented for Windows 2000 and read by no later smss. Its contents are extracted, never"
    " replayed.",
    "`\\Sessions` exists in 2000 only with the terminal service: told as an assumption.",
    "The environment is applied in one pass in stored order, as in ReactOS. Hints exist that real 2003 makes two "
    "passes, which would resolve references forward (`A=%B%` before `B`): mark C.",
    "The last entry of Execute runs twice in ReactOS, once as a program and once as initial command. Whether in Windows"
    " too: not known, so the first of the two has mark C.",
    "MiniNT: renames and paging files are skipped, and the rename list is deleted all the same, as ReactOS does; for "
    "2000 that is inferred.",
)
_VISTA: tuple[str, ...] = (
    "When the rename lists are deleted, on reading or when done, is not known (mark C). It matters after a crash in "
    "between.",
    "MiniNT: renames are skipped and the lists deleted as in 2003, paging files are made as in 10. No source tells it "
    "for Vista or 7.",
    "BootExecuteNoPnpSync and SetupExecuteNoPnpSync: their place beside BootExecute and SetupExecute is inferred (C).",
    "Whether Execute is still run is not known: told as `order-unverified`, its programs assumed, mark C.",
    "A search along Path that finds a program before System32 is confirmed up to 2003 only: mark C.",
    "Whether a missing DllDirectory is fatal is not known; `%SystemRoot%\\system32` is taken, mark C.",
    "Whether a DOS device that can't be linked ends the boot is not known: told as `dos-device-not-linked`, the replay "
    "goes on.",
)
_MODERN: tuple[str, ...] = (
    "MiniNT: renames are skipped (B), and the lists stay in the registry. The latter is inferred from one real Windows "
    "10 machine, on which 101 operations had piled up (C).",
    "The platform binary of the firmware (WPBT) is not visible in a hive: the event assumes that there is one. Only the"
    " switch DisableWpbtExecution, safe boots and MiniNT rule it out.",
    "PlatformExecute is taken to run its programs beside the platform binary, going by its name alone (C, assumed).",
    "DllDirectory is absent since 1709; that smss obeys one that is added again is told as an assumption.",
    "PagefileOnOsVolume keeps `?:` on the Windows volume; that a paging file named on another drive is made is told as "
    "an assumption.",
    "ClearTempFiles, TempFileDirectory, BackgroundLoadKnownDlls, WaitForPagingFiles, BootShell, RunLevelExecute, "
    "RunLevelValidate, DisableDedicatedMemoryCaching, DedicatedMemoryPagefileSizeMB, PagefileHybridPriority, "
    "FeatureSettings: extracted, not replayed. What they do is not documented.",
    "swapfile.sys: assumed for client editions with a paging file that the system sizes (C).",
    "The size of a system-managed paging file follows the commit history, which is not decoded.",
    "That NumberOfInitialSessions counts session 0 is read from real hives, against one book (C where it is absent).",
    "In manufacturing mode NumberOfInitialSessions is ignored; that mode can't be told from the hive.",
)
_OF_FAMILY = {Family.G1: _NT, Family.G2: _CLASSIC, Family.G3: _VISTA, Family.G4: (*_VISTA, *_MODERN)}


def limits_of(generation: Generation) -> tuple[str, ...]:
    """What is not known of this Windows in particular. What holds for 7 and is not taken back holds for 8 and later."""
    return _OF_FAMILY[generation.family]

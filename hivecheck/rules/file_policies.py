r"""What the file system follows and what a backup leaves out. Source: detections.md 1.11; exclusions as shipped from real hives."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import VISTA
from hivecheck.registry.hive import REG_MULTI_SZ, REG_SZ
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.paths import BINARY_ENDINGS
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.setting import read_strings

_FILE_SYSTEM = "Control\\FileSystem"
_BACKUP = "Control\\BackupRestore"
_LINKS = (
    ("SymlinkRemoteToLocalEvaluation", "links on a share may lead to files of this machine"),
    ("SymlinkRemoteToRemoteEvaluation", "links on one share may lead to another, where the machine logs on by itself"),
)
_WHOLE_FOLDERS = frozenset(
    {
        "", "windows", "windows\\system32", "windows\\syswow64", "windows\\system32\\drivers", "windows\\system32\\config",
        "windows\\system32\\winevt\\logs", "windows\\system32\\winevt", "windows\\prefetch", "windows\\system32\\tasks",
        "winnt", "winnt\\system32", "winnt\\system32\\config", "winnt\\system32\\drivers", "program files",
        "program files (x86)", "program files\\common files", "programdata", "users", "users\\public",
        "documents and settings", "users\\*", "$userprofile$", "$userprofile$\\desktop", "$userprofile$\\documents",
        "$userprofile$\\downloads", "$userprofile$\\appdata", "$userprofile$\\appdata\\roaming", "$userprofile$\\appdata\\local",
        "%userprofile%", "%appdata%", "%localappdata%",
    }
)  # fmt: skip
_DOCUMENTS = frozenset((".doc", ".docx", ".xls", ".xlsx", ".pdf", ".evtx", ".evt", ".pst", ".vhd", ".vhdx", ".vmdk", ".mdf"))
_KEYS_AS_SHIPPED = frozenset(
    {
        "currentcontrolset\\control\\criticaldevicedatabase", "mounteddevices", "disk",
        "currentcontrolset\\services\\ntds\\restore in progress", "currentcontrolset\\services\\ntds\\parameters\\new database guid",
        "currentcontrolset\\control\\session manager\\pendingfilerenameoperations",
        "currentcontrolset\\control\\session manager\\pendingfilerenameoperations2",
        "currentcontrolset\\control\\session manager\\allowprotectedrenames",
        "currentcontrolset\\services\\dmio\\boot info", "currentcontrolset\\services\\dmboot", "setup\\systempartition",
        "currentcontrolset\\control\\asr", "currentcontrolset\\control\\ntms\\importdatabase",
        "currentcontrolset\\control\\msdtc\\asr",
    }
)  # fmt: skip
_KEYS_OF_THE_BOOT = (
    "currentcontrolset\\services", "currentcontrolset\\control\\session manager", "currentcontrolset\\control\\lsa",
    "currentcontrolset\\control\\safeboot", "currentcontrolset\\control\\print", "setup",
)  # fmt: skip


@fact
class Bit:
    """A number of the file system that says something about the machine's state, no alarm."""

    name: str
    bad: tuple[int, ...]
    told: str


_STATES = (
    Bit("NtfsEncryptPagingFile", (1,), "the paging file is encrypted with a key that is lost at shutdown"),
    Bit("DisableDeleteNotification", (1,), "solid-state disks are not told what was deleted: it can be carved for longer"),
)


def _check_fs_policy(case: Case) -> Iterator[Hit]:
    if case.generation >= VISTA:
        for name, what in _LINKS:
            found = cited_number(case, _FILE_SYSTEM, name)
            if found is not None and found.number == 1:
                yield Hit(f"{name} is 1 (as shipped 0): {what}.", (found.origin,), name, Severity.MEDIUM)
    for bit in _STATES:
        found = cited_number(case, _FILE_SYSTEM, bit.name)
        if found is not None and found.number in bit.bad:
            yield Hit(f"{bit.name} is {found.number}: {bit.told}.", (found.origin,), bit.name, Severity.INFO)
    times = cited_number(case, _FILE_SYSTEM, "NtfsDisableLastAccessUpdate")
    if times is not None and times.number == 1 and case.generation < VISTA:
        text = "NtfsDisableLastAccessUpdate is 1: times of last access are not kept (Windows before Vista keeps them)."
        yield Hit(text, (times.origin,), "NtfsDisableLastAccessUpdate", Severity.INFO)


def _check_backup(case: Case) -> Iterator[Hit]:
    for name, lost in (
        ("FilesNotToSnapshot", "shadow copies would not hold"),
        ("FilesNotToBackup", "backups would not hold"),
    ):
        key = case.key(f"{_BACKUP}\\{name}")
        for raw in key.values() if key is not None else ():
            if raw.type not in (REG_SZ, REG_MULTI_SZ):
                continue
            for string in read_strings(raw).strings:
                if what := _covers(case, string.text):
                    text = f"{name}\\{raw.name} leaves out {string.text}: {lost} {what}."
                    yield Hit(text, (string.origin,), f"{name}\\{string.text}")
    key = case.key(f"{_BACKUP}\\KeysNotToRestore")
    for raw in key.values() if key is not None else ():
        for string in read_strings(raw).strings:
            path = string.text.casefold().strip("\\").removesuffix("\\*").strip("\\")
            if path in _KEYS_AS_SHIPPED or (path == "currentcontrolset\\services" and case.generation < VISTA):
                continue
            if path == "currentcontrolset" or any(path == one or path.startswith(one + "\\") for one in _KEYS_OF_THE_BOOT):
                text = (
                    f"KeysNotToRestore\\{raw.name} names {string.text}: whoever restores the system state would keep what is there "
                    "now, the intruder's values with it."
                )
                yield Hit(text, (string.origin,), f"KeysNotToRestore\\{string.text}")


def _covers(case: Case, pattern: str) -> str:
    """What of the machine an exclusion leaves out, in words; '' where it is a narrow one, as all are that Windows ships."""
    text = pattern.strip().casefold()
    deep = text.endswith("/s")
    text = text.removesuffix("/s").rstrip()
    if not text:
        return ""
    text = text.removeprefix("$allvolumes$")
    if not text.startswith("$"):
        text = case.path(text).below_drive
    folder, _, name = text.strip("\\").rpartition("\\")
    everything = name in ("*", "*.*", "")
    if name.endswith(":") and not folder:
        everything, name = True, ""
    if "system volume information" in folder:
        return ""
    if everything and folder in _WHOLE_FOLDERS:
        return f"anything of {folder}" if folder else "anything of the volume"
    if (
        everything
        and not folder.startswith(("$", "%"))
        and folder.count("\\") == 1
        and folder.startswith(("users\\", "documents and settings\\"))
    ):
        return f"the profile {folder}"
    ending = name[name.rfind(".") :] if "." in name else ""
    if name.startswith("*") and deep and (ending in BINARY_ENDINGS or ending in _DOCUMENTS):
        return f"any {ending} file of {folder or 'the volume'}"
    return ""


FS_POLICY = Rule(
    id="fs-policy",
    family="defence",
    title="The file system follows links that come from the network",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1187", "T1570"),
    why=(
        "A symbolic link on a share is evaluated by the machine that opens it. Windows does not follow those that come from the "
        "network, unless the two Remote values are 1; then a share can lead programs to files, and logons, of its owner's choice."
    ),
    false_positives=("Build machines and storage appliances that need links on shares.",),
    remedy="Set the two values to 0 in every control set (fsutil behavior set SymlinkEvaluation R2L:0 R2R:0).",
    sources=("detections.md 1.11", "baselines.md 2.9"),
    severities="info for what only tells of the state of the machine",
    check=_check_fs_policy,
)
BACKUP_EXCLUSIONS = Rule(
    id="backup-exclusions",
    family="defence",
    title="Backups leave out what an examiner or a restore would need",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1490", "T1564"),
    why=(
        "FilesNotToSnapshot empties files out of shadow copies, FilesNotToBackup out of backups, KeysNotToRestore keeps keys as they "
        "are when the system state is restored. As shipped all name narrow things; a whole folder of programs or a profile is no "
        "such thing."
    ),
    false_positives=("Database and backup products that leave out a drive of data they save themselves.",),
    remedy="Collect what the exclusion covers from the live disk, then delete the value in every control set.",
    sources=("detections.md 1.11",),
    check=_check_backup,
)

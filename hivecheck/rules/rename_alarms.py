r"""What is wrong with one pending rename or delete, by the four harms of the catalogue: security products, files Windows trusts,
new autostarts, and evidence. Each harm is a function from true paths to an `Alarm`, so that a row and the net effect of
several rows are judged by the same words. Source: detections.md 1.2; baselines.md 3.2.
"""

from typing import TYPE_CHECKING

from hivecheck.facts.fact import changed
from hivecheck.facts.generation import Family
from hivecheck.rules.benign_renames import OFFICE, benign_writer, is_servicing, same_product
from hivecheck.rules.case_facts import AUTOSTART, EVIDENCE, SECURITY, TRUSTED, Alarm
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_evidence import configuration_alarm, evidence_alarm
from hivecheck.rules.rename_folders import folder_put_alarm, folder_taken_alarm
from hivecheck.rules.rule import Severity
from hivecheck.rules.security_products import is_product_file, is_product_folder
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.rules.system_files import WINDOWS_DRIVERS, is_loader_file, is_shipped

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

_OLD_HOTFIX = ("\\$ntuninstall", "\\$ntservicepackuninstall", "\\$hf_mig$\\", "\\dllcache\\")
_TEMPORARY = (".tmp", ".temp", ".old", ".bak", ".del", ".delete", ".new", "_bak", "_old", "_del", ".rbf", ".rbs")
_PROGRAMS = (".exe", ".sys")
_DISGUISES = frozenset({".tmp", ".dat", ".txt", ".jpg", ".log"})
_LOGON_DLL = "msgina.dll"
_BEFORE_LOGON = frozenset({"sethc.exe", "utilman.exe", "osk.exe", "magnify.exe", "narrator.exe"})  # anybody can start them
_STORES = ("\\windows\\winsxs\\", "\\windows\\system32\\driverstore\\", "\\windows\\softwaredistribution\\")


def judge_move(
    case: "Case", source: Comparable, destination: Comparable | None, replaced: bool = False
) -> tuple[Alarm, ...]:
    """Every alarm of moving a file (deleting it, where `destination` is None). `replaced`: another row puts a new file there."""
    if not _is_path(source) and (destination is None or not _is_path(destination)):
        return ()
    if destination is not None and destination.text == source.text:
        return ()  # brought back to where it was
    writer = benign_writer(source, destination)
    found = (
        _security_alarm(case, source, destination, replaced, writer),
        _trusted_alarm(case, source, destination, writer),
        _autostart_alarm(case, source, destination, writer),
        evidence_alarm(case, source, destination),
    )
    alarms = [_soften_elsewhere(case, alarm) for alarm in found if alarm is not None]
    more = configuration_alarm(source, destination)
    if more is not None:
        more = _soften_elsewhere(case, more)
        alarms = [one for one in alarms if not _gives_way(case, one, more)]
        if all(alarm.rule != more.rule for alarm in alarms):
            alarms.append(more)
    if destination is None:
        return tuple(alarms)
    return (*alarms, *(_soften_elsewhere(case, one) for one in _folder_alarms(case, source, destination, alarms)))


def _gives_way(case: "Case", alarm: Alarm, other: Alarm) -> bool:
    """Whether an alarm about another Windows stands aside for a graver one of the same rule."""
    return alarm.rule == other.rule and alarm.severity < other.severity and bool(case.renames.other_windows(alarm.about))


def _soften_elsewhere(case: "Case", alarm: Alarm) -> Alarm:
    """The alarm, medium at most where the file is one of another Windows than this and nothing of this machine uses it."""
    if alarm.rule not in (TRUSTED, EVIDENCE):
        return alarm
    if not case.renames.other_windows(alarm.about):
        return alarm
    return changed(
        alarm, severity=min(alarm.severity, Severity.MEDIUM), what=f"{alarm.what}; but {case.renames.tell_other()}"
    )


def _folder_alarms(case: "Case", source: Comparable, destination: Comparable, alarms: list[Alarm]) -> tuple[Alarm, ...]:
    """What follows from the files in a folder that is moved, unless the same is said of the folder itself."""
    put, taken = folder_put_alarm(case, source, destination), folder_taken_alarm(case, source, destination)
    told = {(alarm.rule, alarm.about.text) for alarm in alarms}
    away = any(alarm.about is source for alarm in alarms)
    found: list[Alarm] = []
    if put is not None and (put.rule, put.about.text) not in told:
        found.append(put)
    if taken is not None and not away and (put is None or put.rule != taken.rule):
        found.append(taken)
    return tuple(found)


def worst(alarms: tuple[Alarm, ...]) -> Alarm | None:
    """The most severe alarm, the first of equals."""
    return max(alarms, key=lambda alarm: alarm.severity.rank, default=None)


def is_swapped(case: "Case", source: Comparable, destination: Comparable | None) -> bool:
    """Whether SetupAPI or, on a Windows up to 2003, a hotfix swaps a file, by the names in one folder."""
    return is_servicing(source, destination, is_old(case))


def is_old(case: "Case") -> bool:
    """Whether this is a Windows up to 2003, whose hotfixes replace system files by these lists."""
    return case.family in (Family.G1, Family.G2)


def is_temporary(path: Comparable) -> bool:
    """Whether a name or folder says that the file is left over or waits to be put in place."""
    return path.name.endswith(_TEMPORARY) or "\\temp\\" in path.text or "\\tmp\\" in path.text


def is_trusted(case: "Case", path: Comparable) -> bool:
    """Whether Windows depends on a file, or a service that starts; not in the stores from which Windows serves itself."""
    guarded = is_shipped(path) or is_loader_file(case, path) or case.is_trusted_base(path)
    return guarded and not path.below_drive.startswith(_STORES)


def is_old_hotfix(case: "Case", source: Comparable) -> bool:
    """Whether a file comes from where hotfixes of Windows up to 2003 keep theirs."""
    return is_old(case) and any(part in source.text for part in _OLD_HOTFIX)


def is_windows_file(path: Comparable) -> bool:
    return path.below_drive.startswith(("\\windows\\", "\\winnt\\"))


def _is_path(path: Comparable) -> bool:
    return "\\" in path.text


# --- security products ----------------------------------------------------------------------------------------------------


def _security_alarm(
    case: "Case", source: Comparable, destination: Comparable | None, replaced: bool, writer: str
) -> Alarm | None:
    vendor = case.security.vendor_of(source)
    if not vendor:
        return _other_security_alarm(case, source, destination, writer)
    if writer and (writer == vendor or is_temporary(source)):
        return None
    owner = case.security.vendor_of(destination) if destination is not None else ""
    program = case.programs_by_path.get(source.text)
    runs = program is not None and ((stopped := why_not_started(program.service)) is None or stopped.marked)
    about = f"it is of {vendor}" if vendor != "a security product" else "it is of a security product"
    holds = source.text in case.security.folders or is_product_folder(source)
    set_up = runs or vendor in case.security.vendors
    if destination is not None and owner == vendor:
        if holds and not replaced:
            severity = Severity.CRITICAL if set_up else Severity.HIGH
            return Alarm(SECURITY, severity, f"{about}; under another name nothing in the folder is found", source)
        if replaced or not (runs or source.is_binary) or is_temporary(source):
            return Alarm(SECURITY, Severity.LOW, f"{about}, and stays in the product's own folders", source)
        return Alarm(SECURITY, Severity.HIGH, f"{about}; under another name its program no longer starts", source)
    if is_temporary(source) and not runs:
        return Alarm(SECURITY, Severity.LOW, f"{about}, but by its name a leftover", source)
    if replaced and is_swapped(case, source, destination):
        return Alarm(SECURITY, Severity.LOW, f"{about}, and a new file takes its place", source)
    if destination is None:
        from hivecheck.rules.product_updates import told_as_update  # few lists delete a file of a security product

        update = told_as_update(case, source, vendor)
        if update:
            return Alarm(SECURITY, Severity.LOW, f"{about}, {update}", source)
    core = runs or holds or is_product_file(source.name)
    weight = 2 if core else 1 if source.is_binary or not source.ending else 0
    if set_up:
        severity = (Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)[weight]
        return Alarm(SECURITY, severity, f"{about}, whose services are {_still(case, vendor)} here", source)
    weight = 2 if source.ending in _PROGRAMS or not source.ending else weight
    severity = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)[weight]
    return Alarm(SECURITY, severity, f"{about}; no service of it is left here, so its uninstaller may have asked", source)


def _still(case: "Case", vendor: str) -> str:
    """That the services of a vendor are there; a mark that any attacker can set makes it no less grave, but is told."""
    known = any(who == vendor for _, who in case.security.sensors)
    return "marked as deleted" if known and vendor not in case.security.kept_vendors else "still set up"


def weigh_own_driver(case: "Case", source: Comparable, destination: Comparable) -> Severity | None:
    """How severe it is that a security product's own update replaces a driver of it, from beside it; None where it is no such."""
    beside = source.folder == destination.folder and source.folder.endswith("\\system32\\drivers")
    if not beside or destination.ending != ".sys" or not is_temporary(source) or not case.security.vendor_of(destination):
        return None
    from hivecheck.rules import product_updates  # few lists replace a driver of a security product

    return product_updates.weigh_own_driver(case, source, destination)


def _other_security_alarm(case: "Case", source: Comparable, destination: Comparable | None, writer: str) -> Alarm | None:
    """A foreign file put in the place of a product's, or a folder that holds a product moved away."""
    if destination is not None and not is_trusted(case, destination):
        vendor = case.security.vendor_of(destination)
        if vendor and not same_product(source, destination) and not is_swapped(case, source, destination):
            if is_temporary(source) and not source.is_user_writable:
                severity = weigh_own_driver(case, source, destination) or Severity.MEDIUM
                return Alarm(SECURITY, severity, f"a new file takes the place of one of {vendor}", destination)
            return Alarm(SECURITY, Severity.HIGH, f"a file from elsewhere takes the place of one of {vendor}", destination)
    if source.ending or not source.drive or writer:
        return None
    vendor = case.security.folders.get(source.text, "") or _vendor_below(case, source)
    if not vendor:
        return None
    return Alarm(SECURITY, Severity.CRITICAL, f"the folder holds {vendor}", source)


def _vendor_below(case: "Case", folder: Comparable) -> str:
    r"""The vendor in whose name `C:\ProgramData` is judged: Defender keeps its platforms and definitions below it."""
    return case.security.folders.get(folder.text + "\\microsoft", "") if folder.below_drive == "\\programdata" else ""


# --- what Windows trusts --------------------------------------------------------------------------------------------------


def _trusted_alarm(case: "Case", source: Comparable, destination: Comparable | None, writer: str) -> Alarm | None:
    old = is_old(case)
    loses = is_trusted(case, source) and not case.renames.other_windows(source)  # graver than what another Windows gets
    puts = destination is not None and not (loses and case.renames.other_windows(destination))
    if destination is not None and puts and is_trusted(case, destination) and not _loaded_by(case, destination):
        if is_swapped(case, source, destination) and (old or _is_foreign_driver(case, destination)):
            starts = destination.ending == ".exe" and case.is_program_of_the_boot(destination)
            if not old or not (starts or destination.name == _LOGON_DLL):
                return None
            what = "it puts another file in the place of a program that Windows starts with, as hotfixes of this Windows do"
            severity = Severity.HIGH if destination.name in _BEFORE_LOGON else Severity.MEDIUM
            return Alarm(TRUSTED, severity, what, destination)
        if not _is_of_windows(case, destination) and same_product(source, destination):
            return None
        what = f"it puts another file in the place of one that {_who_needs(case, destination)} depends on"
        if is_old_hotfix(case, source):
            return Alarm(TRUSTED, Severity.LOW, f"{what}, as hotfixes of this Windows do", destination)
        if writer == OFFICE and not _is_of_windows(case, destination):
            return Alarm(TRUSTED, Severity.LOW, f"{what}, as updates of Office do", destination)
        own = weigh_own_driver(case, source, destination)
        if own is not None:
            return Alarm(TRUSTED, own, f"{what}, under a name of the same security product, as its updates do", destination)
        return Alarm(TRUSTED, Severity.CRITICAL, what, destination)
    if is_trusted(case, source) and not case.security.vendor_of(source):
        if destination is not None and is_swapped(case, source, destination) and (old or _is_foreign_driver(case, source)):
            return None
        if not _is_of_windows(case, source) and destination is not None and same_product(source, destination):
            return None
        program = case.programs_by_path.get(source.text)
        if program is not None and "DELETEFLAG" in program.service.values:
            return None
        what = f"it takes away a file that {_who_needs(case, source)} depends on"
        return Alarm(TRUSTED, Severity.CRITICAL if _is_of_windows(case, source) else Severity.HIGH, what, source)
    return None


def _who_needs(case: "Case", path: Comparable) -> str:
    return "Windows" if case.renames.other_windows(path) else "Windows or a service of this machine"


def _is_of_windows(case: "Case", path: Comparable) -> bool:
    return is_windows_file(path) or is_loader_file(case, path)


def _loaded_by(case: "Case", path: Comparable) -> str:
    """Who loads a DLL by order of this hive, in words; '' for nobody, and for files that the programs of the boot need anyway."""
    if not path.is_binary or case.is_trusted_base(path):
        return ""
    return case.renames.hosted.get(path.text, "")


def _is_foreign_driver(case: "Case", path: Comparable) -> bool:
    """Whether a trusted file is the driver of a service, and none of those that only Windows itself brings."""
    return path.ending == ".sys" and path.text in case.programs_by_path and path.name not in WINDOWS_DRIVERS


# --- new autostarts -------------------------------------------------------------------------------------------------------


def _autostart_alarm(case: "Case", source: Comparable, destination: Comparable | None, writer: str) -> Alarm | None:
    if destination is None:
        return None
    if destination.is_startup_folder:
        return Alarm(AUTOSTART, Severity.CRITICAL, "what lies there runs by itself", destination)
    swapped = is_swapped(case, source, destination)
    if writer and not is_shipped(destination):
        return None
    loaded = _loaded_by(case, destination)
    if loaded:
        old = is_old(case)
        if (swapped and (old or not is_shipped(destination))) or same_product(source, destination):
            return None
        severity = Severity.LOW if is_old_hotfix(case, source) else Severity.CRITICAL
        return Alarm(AUTOSTART, severity, loaded, destination)
    if is_trusted(case, destination) or swapped or same_product(source, destination):
        return None
    program = case.programs_by_path.get(destination.text)
    if program is not None:
        if weigh_own_driver(case, source, destination) is not None:
            return None  # told of the security product
        what = f"the service {program.service.name} runs this file"
        return Alarm(AUTOSTART, Severity.CRITICAL, what, destination)
    if not destination.is_binary:
        return None
    if destination.folder == source.folder:
        if not (is_temporary(source) and destination.in_system_folder):
            return None
        what = "a file with the name of a temporary one becomes a program or DLL of a system folder, as installers do"
        return Alarm(AUTOSTART, Severity.LOW, what, destination)
    if destination.in_system_folder and source.is_user_writable:
        what = "a program from a folder that users can write to lands in a system folder"
        return Alarm(AUTOSTART, Severity.HIGH, what, destination)
    if source.ending in _DISGUISES:
        installs = is_temporary(source) and not destination.in_system_folder
        what = f"a file named {source.ending} becomes a program in another folder"
        return Alarm(AUTOSTART, Severity.LOW if installs else Severity.HIGH, what, destination)
    return None

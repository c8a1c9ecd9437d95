r"""What may start in safe mode: names added to the lists below `SafeBoot` and taken out of them, and lists that are gone.

Source: detections.md 1.7; smss.md E.3; baselines.md 2.11.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import is_moment
from hivecheck.facts.generation import WIN2000
from hivecheck.facts.origin import KeyRef, Origin
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.safe_mode import BCD_REPAIR, ESSENTIAL, MODES, SAME_HOUR, SHIPPED, protector, remote_tool
from hivecheck.settings.catalog import SAFE_BOOT, SM
from hivecheck.settings.safe_boot import driver_file_name


@fact
class _Added:
    """A name that no Windows ships, with the keys that list it."""

    name: str
    modes: tuple[str, ...]
    refs: tuple[KeyRef, ...]


def _added_names(case: Case) -> tuple[_Added, ...]:
    found: dict[str, _Added] = {}
    for mode in MODES:
        shipped = case.baseline.keys(f"{SAFE_BOOT}\\{mode}")
        for key in case.subkeys(f"{SAFE_BOOT}\\{mode}"):
            folded = key.name.casefold()
            if folded in SHIPPED or key.name.upper() in shipped or folded in shipped:
                continue
            before = found.get(folded, _Added(key.name, (), ()))
            found[folded] = _Added(before.name, (*before.modes, mode), (*before.refs, key.ref))
    return tuple(found.values())


def _check_added(case: Case) -> Iterator[Hit]:
    added = _added_names(case)
    programs = _programs_by_name(case) if added else {}
    for one in added:
        program = programs.get(one.name.casefold())
        severity, confidence, why = _judge_added(case, one, program)
        because: tuple[Origin, ...] = (*one.refs, *(program.service.cite("ImagePath") if program is not None else ()))
        lists = " and ".join(one.modes)
        folded = program.name if program is not None else one.name.casefold()
        message = f"SafeBoot\\{lists} would have {one.name} start in safe mode, which no Windows lists: {why}."
        yield Hit(message, because, one.name, severity, confidence, story=(f"service {folded}", "safe mode"))


def _programs_by_name(case: Case) -> dict[str, ServiceProgram]:
    """Services and drivers by their folded names and, for drivers, by those of their files."""
    found: dict[str, ServiceProgram] = {}
    for program in case.programs:
        found.setdefault(program.name, program)
    for program in case.programs:
        file = driver_file_name(program.service).casefold()
        if file:
            found.setdefault(file, program)
    return found


def _judge_added(case: Case, one: _Added, program: ServiceProgram | None) -> tuple[Severity, Confidence, str]:
    vendor = protector(one.name)
    if vendor:
        what = "is in the hive" if program is not None else "is not in the hive"
        return Severity.LOW, Confidence.MEDIUM, f"{vendor} is known to list itself, and its service {what}"
    tool = remote_tool(one.name)
    new = any(case.is_new(ref) for ref in one.refs)
    if program is not None:
        where = next(
            (
                path
                for path in (program.image, program.dll)
                if path.text and (path.is_user_writable or _is_odd(path.oddities))
            ),
            None,
        )
        if where is not None:
            why = f"its service runs {_spelled(program, where)}, which users can write or which is spelled oddly"
            return Severity.HIGH, Confidence.HIGH, why
    if tool:
        why = f"{tool} adds itself so that a machine can be helped in safe mode, and attackers use it for the same reason"
        return Severity.MEDIUM, Confidence.MEDIUM, why
    if one.name.startswith("{"):
        return Severity.LOW, Confidence.LOW, "it is a class of devices that this Windows does not list as shipped"
    if program is None:
        severity = Severity.MEDIUM if new else Severity.LOW
        return severity, Confidence.LOW, "no service or driver of this name is in the hive, nor a driver's file"
    if new:
        why = f"its service runs {program.command or program.image.text or 'nothing'}, and the entry was written in the last days of the machine"
        return Severity.HIGH, Confidence.MEDIUM, why
    if _came_with_windows(case, one) and program.image.in_system_folder:
        why = "its service runs a file of the system folders, and the entry is as old as those Windows ships"
        return Severity.LOW, Confidence.LOW, why
    return Severity.MEDIUM, Confidence.MEDIUM, f"its service runs {program.command or program.image.text or 'nothing'}"


def _spelled(program: ServiceProgram, path: Comparable) -> str:
    """A path of a service's as the hive spells it."""
    return program.service.dll if path is program.dll else program.command or path.text


def _is_odd(oddities: tuple[str, ...]) -> bool:
    return any(not text.startswith(("a short", "no drive")) for text in oddities)


def _came_with_windows(case: Case, one: _Added) -> bool:
    base = case.key(f"{SAFE_BOOT}\\{one.modes[0]}\\Base")
    return (
        base is not None and is_moment(base.written) and all(abs(ref.written - base.written) < SAME_HOUR for ref in one.refs)
    )


SAFEBOOT_SERVICE_ADDED = Rule(
    id="safeboot-service-added",
    family="setup",
    title="A service or driver that no Windows lists may start in safe mode",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.009", "T1112"),
    why=(
        "Ransomware lists its own service below SafeBoot and restarts into safe mode, where security products do not run "
        "(Snatch, REvil, AvosLocker and others). Windows starts what is named there, and looks at nothing but the name."
    ),
    false_positives=(
        "Security and backup products that list themselves (McAfee, Sophos, Malwarebytes): low.",
        "Remote control tools (AnyDesk, TeamViewer, ScreenConnect): medium.",
    ),
    remedy=(
        "Leave the service of a product that is wanted alone, and its key where the product lists itself. Else delete the key below "
        "Minimal and Network in every control set, then disable the service" + BCD_REPAIR
    ),
    sources=("detections.md 1.7", "baselines.md 2.11", "smss.md E.3"),
    check=_check_added,
    severities=(
        "high where the service runs from a place users can write, or the entry was written lately; medium for an unknown vendor "
        "and for remote control tools; low for security and backup products and for a name without a service."
    ),
    needs="The BCD store (safeboot); who signed the service's file.",
)


_SHARE = 0.8  # of the shipped names, below which a list counts as thinned out


def _is_whole(case: Case) -> bool:
    return case.key(SM) is not None and case.key("Services") is not None


def _check_removed(case: Case) -> Iterator[Hit]:
    control = case.key("Control")
    if case.generation < WIN2000 or control is None or not control.subkeys_whole or not _is_whole(case):
        return  # a piece of a hive, or a damaged one, does not tell what was taken out
    key = case.key(SAFE_BOOT)
    if key is None:
        message = "The key SafeBoot is missing: safe mode would start nothing, and the machine stop with 0x7B when it is asked for."
        yield Hit(message, (control.ref,), SAFE_BOOT, Severity.HIGH, Confidence.HIGH, story=("safe mode",))
        return
    if not key.subkeys_whole:
        return
    for mode in MODES:
        path = f"{SAFE_BOOT}\\{mode}"
        listed = case.key(path)
        if listed is None:
            message = f"The key SafeBoot\\{mode} is missing: this safe mode would start no driver and no service."
            yield Hit(message, (key.ref,), path, Severity.HIGH, Confidence.HIGH, story=("safe mode",))
            continue
        if not listed.subkeys_whole:
            continue
        names = {child.name.casefold() for child in case.subkeys(path)}
        missing = [name for folded, name in ESSENTIAL.items() if folded not in names]
        if missing:
            message = f"SafeBoot\\{mode} lacks {', '.join(missing)}, which every Windows lists: this safe mode would not come up whole."
            yield Hit(message, (listed.ref,), path, Severity.HIGH, Confidence.HIGH, story=("safe mode",))
            continue
        yield from _check_share(case, mode, listed.ref, names)


def _check_share(case: Case, mode: str, ref: KeyRef, names: set[str]) -> Iterator[Hit]:
    """What is left of the list as shipped, where that is known; and Defender's own entry, where the others are there."""
    shipped = {name.casefold() for name in case.baseline.keys(f"{SAFE_BOOT}\\{mode}")}
    if len(shipped) <= len(ESSENTIAL):
        return
    left = len(shipped & names)
    if left < _SHARE * len(shipped) and _touched(case, mode):
        message = (
            f"SafeBoot\\{mode} holds {left} of the {len(shipped)} names this Windows ships, and the list was changed after Windows "
            "had written it: safe mode would come up, but with less than it should."
        )
        yield Hit(message, (ref,), f"{SAFE_BOOT}\\{mode}", Severity.HIGH, Confidence.MEDIUM, story=("safe mode",))
    elif _lacks_defender(case, mode, names, shipped):
        message = f"SafeBoot\\{mode} lacks WinDefend, whose service is there: Defender would not start in this safe mode."
        yield Hit(
            message, (ref,), f"{SAFE_BOOT}\\{mode}\\WinDefend", Severity.MEDIUM, Confidence.MEDIUM, story=("safe mode",)
        )


def lacks_defender(case: Case, mode: str) -> KeyRef | None:
    """The list of a safe mode that Defender's entry was taken out of; None where it is there, or never was.

    It was there if another control set still lists it, or if Windows ships it and the rest of what Windows ships is there.
    """
    listed = case.key(f"{SAFE_BOOT}\\{mode}")
    names = {child.name.casefold() for child in case.subkeys(f"{SAFE_BOOT}\\{mode}")}
    if listed is None or "windefend" in names or not listed.subkeys_whole:
        return None
    shipped = {name.casefold() for name in case.baseline.keys(f"{SAFE_BOOT}\\{mode}")}
    return listed.ref if _lacks_defender(case, mode, names, shipped) else None


def _lacks_defender(case: Case, mode: str, names: set[str], shipped: set[str]) -> bool:
    if "windefend" in names or not case.has_service("windefend"):
        return False
    whole = len(shipped & names) >= _SHARE * len(shipped)
    if "windefend" in shipped and (whole or _touched(case, mode)):
        return True
    return any(other.key.subkey(f"{SAFE_BOOT}\\{mode}\\WinDefend") is not None for other in case.other_sets)


def _touched(case: Case, mode: str) -> bool:
    """Whether a list was changed after Windows wrote it: a key that is taken out leaves its time on the key above."""
    listed, base = case.key(f"{SAFE_BOOT}\\{mode}"), case.key(f"{SAFE_BOOT}\\{mode}\\Base")
    if listed is None or base is None or not (is_moment(listed.written) and is_moment(base.written)):
        return False
    return listed.written > base.written + SAME_HOUR


SAFEBOOT_REMOVED = Rule(
    id="safeboot-removed",
    family="setup",
    title="Safe mode was taken apart",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1562.009", "T1490"),
    why=(
        "Malware deletes the lists of safe mode so that nobody can start the machine without it (Bagle did). Windows then starts "
        "none of the drivers it needs and stops with 0x7B."
    ),
    false_positives=("NT 4 knows no safe mode and is not looked at.", "Images for appliances, trimmed by their maker."),
    remedy="Restore the keys below SafeBoot from a machine of the same Windows, in every control set.",
    sources=("detections.md 1.7", "baselines.md 2.11"),
    check=_check_removed,
    severities=(
        "high where a list or a name that safe mode cannot do without is missing, or less than four fifths of the shipped names are "
        "left in a list that was changed later; medium where Defender's own entry is missing."
    ),
)

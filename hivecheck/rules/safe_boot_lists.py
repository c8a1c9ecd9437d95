r"""What may start in safe mode: names added to the lists below `SafeBoot`. What is taken out is judged in `safe_boot_losses`.

Source: detections.md 1.7; smss.md E.3; baselines.md 2.11.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import is_moment
from hivecheck.facts.origin import KeyRef, Origin
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.safe_boot_names import MODES, SAME_HOUR, SHIPPED, protector, remote_tool
from hivecheck.rules.safe_mode import BCD_REPAIR
from hivecheck.settings.catalog import SAFE_BOOT
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
    remedy="Delete the key below Minimal and Network in every control set, then disable the service" + BCD_REPAIR,
    sources=("detections.md 1.7", "baselines.md 2.11", "smss.md E.3"),
    check=_check_added,
    severities=(
        "high where the service runs from a place users can write, or the entry was written lately; medium for an unknown vendor "
        "and for remote control tools; low for security and backup products and for a name without a service."
    ),
    needs="The BCD store (safeboot); who signed the service's file.",
)

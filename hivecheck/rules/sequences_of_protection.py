r"""Protection that ends with the next restart: a safe mode without it, sensors disabled in the set that boots next.

Source: detections.md 4.C, numbers 17 and 23.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import OtherSet, ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_telling import (
    starts_by_itself,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.safe_boot_lists import lacks_defender
from hivecheck.rules.safe_mode import SHIPPED, protector
from hivecheck.rules.security_products import vendor_of_service
from hivecheck.rules.sensor_starts import starts_with_windows, why_not_started
from hivecheck.settings.catalog import (
    ALTERNATE_SHELL,
)

_SOURCES = ("detections.md 4.C",)

_SAFE_BOOT = "Control\\SafeBoot"


def _check_safe_boot_trap(case: Case) -> Iterator[Hit]:
    reasons: list[str] = []
    because: list[Origin] = []
    added = _added_to_safe_mode(case)
    if added is not None:
        program, ref = added
        reasons.append(f"{program.service.name} was added to safe mode")
        because.append(ref)
        path = program.dll if program.dll.text else program.image
        if starts_by_itself(program.service.start) and path.is_user_writable:
            reasons.append(f"it starts by itself, from {path.text}, which users can write to")
            because += program.service.cite("ImagePath", "ServiceDll")
    shell = case.settings[ALTERNATE_SHELL]
    option = case.key(f"{_SAFE_BOOT}\\Option")
    if shell.value and case.path(shell.value).name not in ("cmd.exe", "cmd"):
        reasons.append(f"its command shell is {shell.value}")
        because += shell.origins
    elif option is not None:
        reasons.append("the key Option of a safe boot is stored")
        because.append(option.ref)
    gone = _missing_defender(case)
    if gone is not None:
        reasons.append("Defender is not among what it starts")
        because.append(gone)
    if len(reasons) < 2:
        return
    subject = added[0].service.name if added is not None else "SafeBoot"
    text = f"Safe mode is prepared: {'; '.join(reasons)}. The next safe boot would run without protection."
    story = ("safe mode", *((f"service {subject}",) if added is not None else ()))
    strong = len(reasons) > 2 or not (added is not None and gone is not None)
    yield Hit(text, tuple(because), subject, Severity.CRITICAL if strong else Severity.HIGH, story=story)


def _added_to_safe_mode(case: Case) -> tuple[ServiceProgram, Origin] | None:
    """A program of no Windows and no security product that a safe mode starts; one in a writable folder before others."""
    foreign: dict[str, ServiceProgram] = {}
    for program in case.programs:
        if not _is_windows_program(program.dll if program.dll.text else program.image):
            foreign.setdefault(fold_name(program.service.name), program)
    found: tuple[ServiceProgram, Origin] | None = None
    for mode in ("Minimal", "Network") if foreign else ():
        for key in case.subkeys(f"{_SAFE_BOOT}\\{mode}"):
            listed = foreign.get(fold_name(key.name))
            if listed is None or key.name.casefold() in SHIPPED or protector(key.name):
                continue
            if (listed.dll if listed.dll.text else listed.image).is_user_writable:
                return listed, key.ref
            found = found or (listed, key.ref)
    return found


def _is_windows_program(path: Comparable) -> bool:
    return path.in_system_folder or not path.text


def _missing_defender(case: Case) -> Origin | None:
    """The list of a safe mode that Defender's service was taken out of, though the service is set up."""
    return lacks_defender(case, "Minimal") or lacks_defender(case, "Network")


SAFE_BOOT_TRAP = Rule(
    id="seq-safeboot-trap",
    family="sequences",
    title="Safe mode is prepared to run a program without protection",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.009", "T1112"),
    why=(
        "Ransomware adds its service to safe mode, takes security products out and restarts the machine there, where hardly "
        "anything else runs. Each step alone is rare but benign at times."
    ),
    false_positives=("Remote support tools that add themselves, on a machine whose Defender was taken out (high).",),
    severities="critical; high where a program from a protected folder was added and only Defender is missing besides.",
    remedy=(
        "Restore the lists of SafeBoot\\Minimal and Network and the AlternateShell cmd.exe, and look for safeboot in the BCD "
        "store before the machine restarts. Then quarantine the program."
    ),
    sources=(*_SOURCES, "smss.md E.3"),
    needs="The BCD store says whether the next boot is a safe one.",
    check=_check_safe_boot_trap,
)


def _check_window(case: Case) -> Iterator[Hit]:
    if len(case.sets.present) < 2:
        return
    sensors = [
        program
        for program in case.programs
        if why_not_started(program.service) is not None
        and (
            vendor_of_service(program.service.name)
            or case.security.vendor_of(program.image)
            or case.security.vendor_of(program.dll)
        )
    ]
    if not sensors:
        return
    others = _kept_sets(case)
    for program in sensors:
        service = program.service
        for label, other in others:
            before = other.services.named(service.name)
            if before is None or not starts_with_windows(before):
                continue
            vendor = (
                vendor_of_service(service.name)
                or case.security.vendor_of(program.image)
                or case.security.vendor_of(program.dll)
            )
            stopped = why_not_started(service)
            how = "" if stopped is None or stopped.usual else f" (it {stopped.text})"
            text = (
                f"The control set that boots next disables {service.name} ({vendor}){how}, which {label} "
                f"(ControlSet{other.number:03d}) still starts: the protection ends exactly at the next restart."
            )
            because = (*(stopped.because if stopped is not None else ()), *before.cite("Start"))
            yield Hit(text, because, service.name, story=(f"service {service.name}",))
            break


def _kept_sets(case: Case) -> list[tuple[str, OtherSet]]:
    by_number = {other.number: other for other in case.other_sets}
    names = (("Current", "the current control set"), ("LastKnownGood", "the last known good one"))
    return [(label, by_number[number]) for name, label in names if (number := case.sets.select_number(name)) in by_number]


WINDOW = Rule(
    id="seq-minifilter-window",
    family="sequences",
    title="A sensor is disabled in the control set that boots next, and only there",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1562.001",),
    why=(
        "The running machine still has its sensor, and tools that look at the current control set see it enabled. The change "
        "takes effect with the restart."
    ),
    false_positives=("A product that was disabled on purpose since the last good boot, or replaced by another.",),
    remedy="Restore Start in the set that boots next, and compare both sets for what else differs.",
    sources=_SOURCES,
    check=_check_window,
)


RULES: tuple[Rule, ...] = (
    SAFE_BOOT_TRAP,
    WINDOW,
)

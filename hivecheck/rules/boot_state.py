r"""The state of the boot: the loader's options of the last one, its verification, the control sets.

Source: detections.md 1.7; smss.md B.19, E.1, E.2, E2.3.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.control_sets import control_set_name
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.setup_mode import is_windows_pe
from hivecheck.settings.catalog import BOOT_VERIFICATION_PROGRAM, SYSTEM_START_OPTIONS

_SIGNING = "code without a valid signature was let into the kernel"
_OPTIONS: dict[str, tuple[Severity, str]] = {
    "TESTSIGNING": (Severity.HIGH, "drivers with a test signature were let into the kernel"),
    "NOINTEGRITYCHECKS": (Severity.HIGH, _SIGNING),
    "DISABLE_INTEGRITY_CHECKS": (Severity.HIGH, _SIGNING),
    "DDISABLE_INTEGRITY_CHECKS": (Severity.HIGH, _SIGNING),
    "LOADOPTIONS=DISABLE_INTEGRITY_CHECKS": (Severity.HIGH, _SIGNING),
    "LOADOPTIONS=DDISABLE_INTEGRITY_CHECKS": (Severity.HIGH, _SIGNING),
    "DEBUG": (Severity.MEDIUM, "the kernel let a debugger attach"),
    "WINDBG": (Severity.MEDIUM, "the kernel let a debugger attach"),
    "MININT": (Severity.MEDIUM, "Windows ran as a preinstallation environment"),
    "HYPERVISORLAUNCHTYPE=OFF": (Severity.LOW, "the hypervisor, and with it virtualization-based security, was off"),
    "SAFEBOOT": (Severity.LOW, "it was a safe boot"),
    "NOGUIBOOT": (Severity.INFO, "no boot screen was shown"),
    "SOS": (Severity.INFO, "the names of drivers were shown"),
    "FLIGHTSIGNING": (Severity.INFO, "preview builds were trusted"),
}


def _check_options(case: Case) -> Iterator[Hit]:
    setting = case.settings[SYSTEM_START_OPTIONS]
    seen: set[str] = set()
    for word in setting.value.upper().replace("/", " ").split():
        name = word if word in _OPTIONS else word.partition("=" if "=" in word else ":")[0]
        if name in ("DEBUGPORT", "BAUDRATE"):
            name = "DEBUG"
        told = _OPTIONS.get(name)
        if told is None or name in seen:
            continue
        seen.add(name)
        story = ("safe mode",) if name == "SAFEBOOT" else ()
        severity, means = told
        if name == "MININT" and is_windows_pe(case):
            severity, means = Severity.INFO, f"{means}, which it is"
        message = f"The last boot was started with {word}: {means}. The next boot takes its options from the BCD store."
        yield Hit(message, setting.origins, name, severity, Confidence.HIGH, story=story)


START_OPTIONS = Rule(
    id="start-options",
    family="setup",
    title="The last boot was started with options that weaken or change it",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1553.006",),
    why=(
        "The loader notes its options in SystemStartOptions. Test signing and switched-off integrity checks let unsigned drivers "
        "into the kernel; a debugger controls it wholly."
    ),
    false_positives=("Driver developers.", "Insiders have FLIGHTSIGNING: info.", "Windows PE itself has MININT: info."),
    remedy="Mend the options in the BCD store (bcdedit) or boot.ini; the value in the hive is only the record of the last boot.",
    sources=("detections.md 1.7", "smss.md B.19"),
    check=_check_options,
    severities=(
        "high for the signing options, medium for a debugger and MININT, low for a hypervisor that is off and for a safe boot, info "
        "for the rest."
    ),
    needs="The BCD store (boot.ini before Vista) says what the next boot uses.",
)


def _check_verification(case: Case) -> Iterator[Hit]:
    setting = case.settings[BOOT_VERIFICATION_PROGRAM]
    text = setting.value.strip()
    if not text:
        return
    path = case.path(text.strip('"'))
    sample = path.name in ("bootvrfy.exe", "bootok.exe") and (path.in_system_folder or "\\" not in path.text)
    yield Hit(
        f"BootVerificationProgram is {text}: the Service Control Manager would start it as SYSTEM once the services run, to say "
        "that the boot was good, if the file exists." + (" It is Microsoft's own sample." if sample else ""),
        setting.origins,
        text,
        Severity.LOW if sample else Severity.CRITICAL,
        Confidence.MEDIUM if sample else Confidence.HIGH,
        case.events.citing(*setting.origins),
        (case.thread_of(path),),
    )


BOOT_VERIFICATION = Rule(
    id="boot-verification-program",
    family="setup",
    title="A program is started to verify the boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547",),
    why=(
        "The Service Control Manager starts what BootVerificationProgram\\ImagePath names, as SYSTEM, at each boot. Windows ships "
        "the key empty or not at all, and hardly any tool looks there."
    ),
    false_positives=("bootvrfy.exe, a sample that came with NT: low.",),
    remedy="Delete the value ImagePath, then quarantine the program it named.",
    sources=("detections.md 1.7", "smss.md E2.3", "baselines.md 2.9"),
    check=_check_verification,
    severities="critical; low for Microsoft's sample.",
    needs="Whether the file exists, and who signed it.",
)


def _check_select(case: Case) -> Iterator[Hit]:
    sets = case.sets
    values = {value.name: value for value in sets.select}
    said: list[str] = []
    because: list[Origin] = []

    def tell(text: str, *names: str) -> None:
        said.append(text)
        because.extend(ref for name in names if (ref := values[name].ref) is not None)

    current, default, failed = (sets.select_number(name) for name in ("Current", "Default", "Failed"))
    if current is not None and default is not None and current != default:
        text = f"the next boot takes {control_set_name(default)} (Default), the last one ran {control_set_name(current)} (Current)"
        tell(text, "Default", "Current")
    for name in ("Current", "Default", "LastKnownGood"):
        number = sets.select_number(name)
        if number and number not in sets.present and case.hive.root.subkeys_whole:
            tell(f"{name} names {control_set_name(number)}, which does not exist", name)
    if failed:
        tell(f"{control_set_name(failed)} was given up and the last known good set started (Failed)", "Failed")
    if said:
        unique = tuple(dict.fromkeys(because))
        text = "; ".join(said)
        yield Hit(f"Select does not agree with itself: {text}.", unique, "Select", story=("control sets",))


SELECT_MISMATCH = Rule(
    id="select-mismatch",
    family="setup",
    title="The control set that boots is not the one that ran",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    techniques=("T1112",),
    why=(
        "The loader takes the set that Default names. Tools on the running machine look at the current one, so that a second set "
        "can hold what they never see. On every clean machine Default is Current and Failed is 0."
    ),
    false_positives=("A boot with the last known good configuration sets Failed and changes Default.",),
    remedy="Compare the sets, mend what differs, then set Default to the number of the set that is known to be good.",
    sources=("detections.md 1.7, 4.C", "smss.md E.1, E.2"),
    check=_check_select,
)

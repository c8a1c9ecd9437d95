r"""The boot shell and the run levels of boot-time servicing: values of Windows 8 and later whose readers are not proven.

Source: detections.md 1.1; baselines.md 2.1; smss.md B.17.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN8
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import BOOT_SHELL, RUN_LEVEL_EXECUTE, RUN_LEVEL_VALIDATE

_RUN_LEVELS = (
    (RUN_LEVEL_EXECUTE, ("wininit", "servicecontrolmanager")),
    (RUN_LEVEL_VALIDATE, ("servicecontrolmanager",)),
)


def _check_boot_shell(case: Case) -> Iterator[Hit]:
    setting = case.settings[BOOT_SHELL]
    text = setting.value
    if not text.strip() or case.path(text.strip()).text == f"{case.system_root}\\System32\\bootim.exe".casefold():
        return
    bare = text.strip().casefold() in ("bootim.exe", "bootim")
    if case.generation < WIN8:
        severity, does = Severity.MEDIUM, f"{case.generation.name} has no boot shell and does not read it"
    elif bare:
        severity, does = Severity.LOW, "the name is the usual one, but Windows writes the full path"
    else:
        severity, does = Severity.HIGH, "Windows would start it where it shows its boot menu or recovery, if the file exists"
    image = text.split()[0]
    yield Hit(
        f"BootShell is {text}: {does}.",
        setting.origins,
        text,
        severity,
        Confidence.MEDIUM,
        story=(case.thread_of(case.path(image)) if "\\" in image else case.thread_of_image(image),),
    )


BOOT_SHELL_RULE = Rule(
    id="boot-shell",
    family="programs",
    title="The boot shell is not bootim.exe",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.001", "T1574"),
    why=(
        "Windows 8 and later name in BootShell the program that shows the boot menu and recovery. Who starts it is not proven; "
        "an advanced start brings it up at will. Every such Windows ships %SystemRoot%\\system32\\bootim.exe."
    ),
    false_positives=("None known.",),
    remedy="Set BootShell to %SystemRoot%\\system32\\bootim.exe (REG_EXPAND_SZ), then quarantine the program it named.",
    sources=("detections.md 1.1", "baselines.md 2.1", "smss.md B.17"),
    check=_check_boot_shell,
    severities="high; low for a bare bootim.exe; medium on a Windows before 8, which does not read the value.",
    needs="Whether the file exists, and who signed it.",
)


def _check_run_levels(case: Case) -> Iterator[Hit]:
    if case.generation < WIN8:
        return
    for row, shipped in _RUN_LEVELS:
        setting = case.settings[row]
        if not setting.is_written:
            continue
        named = {string.text.casefold() for string in setting.value}
        extra = tuple(string for string in setting.value if string.text.casefold() not in shipped)
        missing = tuple(name for name in shipped if name not in named)
        if not extra and not missing:
            continue
        what = [f"names {', '.join(string.text for string in extra[:8])}"] if extra else []
        what += [f"lacks {', '.join(_SPELLED[name] for name in missing)}"] if missing else []
        yield Hit(
            f"{row.name} {' and '.join(what)}, other than every Windows ships it. It lists the parts of Windows that may work "
            "on updates at boot, so a change could hold the boot up or keep updates from finishing.",
            tuple(string.origin for string in extra[:8]) or setting.origins,
            row.name,
        )


_SPELLED = {"wininit": "WinInit", "servicecontrolmanager": "ServiceControlManager"}

RUN_LEVEL = Rule(
    id="run-level",
    family="programs",
    title="The run levels of boot-time servicing were changed",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    techniques=("T1112",),
    why=(
        "RunLevelExecute and RunLevelValidate name parts of Windows, not files: those that may work on pending updates at boot. "
        "Nothing is known to change them; who reads them is not proven, so the confidence is low."
    ),
    false_positives=("None known; editions that were not seen may ship other names.",),
    remedy="Set RunLevelExecute to WinInit and ServiceControlManager, RunLevelValidate to ServiceControlManager.",
    sources=("detections.md 1.1, 5.4", "baselines.md 2.1", "smss.md B.17"),
    check=_check_run_levels,
)

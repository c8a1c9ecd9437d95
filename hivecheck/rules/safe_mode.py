r"""Safe mode: its shell, and whether the last boot was one. What may start in it is judged in `safe_boot_lists`.

Whether the NEXT boot is a safe one stands in the BCD store (boot.ini before Vista), not in this hive.
Source: detections.md 1.7; smss.md E.3; baselines.md 2.11.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2000
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    ALTERNATE_SHELL,
    SAFE_BOOT,
    SAFE_BOOT_OPTION_VALUE,
    SYSTEM_START_OPTIONS,
    USE_ALTERNATE_SHELL,
)

BCD_REPAIR = "; in the BCD store delete the value safeboot (bcdedit /deletevalue safeboot)."


def _check_shell(case: Case) -> Iterator[Hit]:
    setting = case.settings[ALTERNATE_SHELL]
    text = setting.value.strip()
    path = case.path(text)
    if (
        not text
        or case.generation < WIN2000
        or path.text in ("cmd.exe", "cmd", f"{case.system_root}\\system32\\cmd.exe".casefold())
    ):
        return
    used = case.settings[USE_ALTERNATE_SHELL]
    explorer = path.text in ("explorer.exe", f"{case.system_root}\\explorer.exe".casefold())
    armed = bool(used.value) and case.is_new(setting.origins[0])
    severity = Severity.CRITICAL if armed else Severity.MEDIUM if explorer else Severity.HIGH
    more = " The key was written lately and the last safe mode used this shell." if armed else ""
    image = text.split()[0]
    yield Hit(
        f"AlternateShell is {text}, where every Windows has cmd.exe: in safe mode with command prompt it would be the shell of "
        f"whoever logs on, if the file exists.{more}",
        (*setting.origins, *(used.origins if used.value else ())),
        text,
        severity,
        Confidence.HIGH,
        story=(case.thread_of_image(image), "safe mode"),
    )


SAFEBOOT_ALTERNATE_SHELL = Rule(
    id="safeboot-alternate-shell",
    family="setup",
    title="Safe mode with command prompt has another shell",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547", "T1562.009"),
    why=(
        "In safe mode with command prompt Windows starts AlternateShell for whoever logs on, while most security products do not "
        "run. Every Windows since 2000 ships cmd.exe."
    ),
    false_positives=("Administrators who want explorer.exe there; rare.",),
    remedy="Set AlternateShell to cmd.exe (REG_SZ), then quarantine the program it named.",
    sources=("detections.md 1.7", "smss.md E.3", "baselines.md 2.9"),
    check=_check_shell,
    severities="high; critical where the key was written lately and Option\\UseAlternateShell is set; medium for explorer.exe.",
    needs="The BCD store (safebootalternateshell); whether the file exists and who signed it.",
)


def _check_next(case: Case) -> Iterator[Hit]:
    option = case.key(f"{SAFE_BOOT}\\Option")
    if option is not None:
        value, shell = case.settings[SAFE_BOOT_OPTION_VALUE], case.settings[USE_ALTERNATE_SHELL]
        mode = {1: "minimal", 2: "network", 3: "directory services repair"}.get(value.value or 0, "")
        said = f" It names the mode {mode}." if mode else ""
        yield Hit(
            "SafeBoot\\Option is stored in the hive. Windows makes the key anew, in memory, in each safe mode: the hive was "
            f"copied during one, or somebody planted the key to make programs believe in one.{said}",
            (option.ref, *value.origins, *shell.origins),
            f"{SAFE_BOOT}\\Option",
            story=("safe mode",),
        )
    options = case.settings[SYSTEM_START_OPTIONS]
    mark = next((word for word in options.value.upper().replace("/", " ").split() if word.startswith("SAFEBOOT")), "")
    if mark:
        yield Hit(
            f"The last boot was a safe one: SystemStartOptions holds {mark}. Whether the next one is stands in the BCD store.",
            options.origins,
            "SystemStartOptions SAFEBOOT",
            confidence=Confidence.HIGH,
            story=("safe mode",),
        )


SAFEBOOT_NEXT = Rule(
    id="safeboot-next",
    family="setup",
    title="The machine was last in safe mode, or is made to believe so",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.009",),
    why=(
        "Ransomware restarts into safe mode, where security products do not run. A safe boot leaves its mark in "
        "SystemStartOptions; the key SafeBoot\\Option is volatile and has no business on disk."
    ),
    false_positives=("Somebody mended the machine in safe mode.",),
    remedy="Delete SafeBoot\\Option from the copy" + BCD_REPAIR,
    sources=("detections.md 1.7", "smss.md E.3"),
    check=_check_next,
    needs="The BCD store (boot.ini before Vista) says whether the next boot is a safe one.",
)

r"""The key `Setup`: what runs before logon while Windows believes it is being set up, and whether the hive is one of Windows PE.

The program that `Setup\CmdLine` names counts whatever type the value has. Source: detections.md 1.3 (minint), 1.7; smss.md B.17, E.4, E.5;
baselines.md 2.9 (SYSTEM\Setup).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import TICKS_PER_SECOND
from hivecheck.facts.generation import VISTA
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import type_and_size
from hivecheck.registry.strings import decode_sz
from hivecheck.rules.case import Case
from hivecheck.rules.paths import runs_an_interpreter
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    MINI_NT,
    OOBE_IN_PROGRESS,
    RESPECIALIZE_CMD_LINE,
    SETUP_CMD_LINE,
    SETUP_TYPE,
    SYSTEM_SETUP_IN_PROGRESS,
    SYSTEM_START_OPTIONS,
)
from hivecheck.settings.setting import Presence

_BINARY_AT_MOST = 2_048  # bytes of a value without a type of text
_PE_DRIVE = "X:"


@fact
class SetupCommand:
    """`text` is '' where there is none. `odd_type` is the number of a type that is no text, None where the type is right."""

    text: str
    origins: tuple[Origin, ...]
    odd_type: int | None = None


def read_setup_command(case: Case) -> SetupCommand:
    """What the value holds. Of a type that is no text, the text its data begins with: who reads it may not look at the type."""
    setting = case.settings[SETUP_CMD_LINE]
    raw = setting.raw
    if setting.value.strip() or raw is None or raw.type in (1, 2):
        return SetupCommand(setting.value.strip(), setting.origins)
    text = decode_sz(raw.data[:_BINARY_AT_MOST]).text.strip()
    if not text.isprintable():
        return SetupCommand("", setting.origins)
    return SetupCommand(text, (raw.ref.citing(text),), raw.type)


def is_windows_pe(case: Case) -> bool:
    r"""Whether the hive is that of Windows PE: MiniNT is there, setup is in progress, and it runs from `X:` or was booted as PE.

    An installed Windows whose folder is surely elsewhere is none, whatever its options say.
    """
    if not case.settings[MINI_NT].value or case.settings[SYSTEM_SETUP_IN_PROGRESS].value != 1:
        return False
    if case.system_root.upper().startswith(_PE_DRIVE):
        return True
    told = "MININT" in case.settings[SYSTEM_START_OPTIONS].value.upper().replace("/", " ").split()
    return told and case.facts.system_root.confidence is not Confidence.HIGH


_YOUNG_TICKS = 14 * 24 * 3600 * TICKS_PER_SECOND
_SETUP_PROGRAMS = frozenset(
    {"setup", "setup.exe", "msoobe.exe", "windeploy.exe", "oobeldr.exe", "sysprep.exe", "winsetup.exe"}
)
_OLD_SETUP = frozenset({"setup", "setup.exe"})  # of NT 4 to 2003
_PE_PROGRAMS = frozenset({"winpeshl", "winpeshl.exe"})
_DEPLOYMENT = ("litetouch", "osdsetuphook", "setupcomplete")
_RESPECIALIZE = "sysprep\\sysprep.exe /respecialize /quiet"


def _check_command(case: Case) -> Iterator[Hit]:
    type_, progress = (case.settings[row] for row in (SETUP_TYPE, SYSTEM_SETUP_IN_PROGRESS))
    command = read_setup_command(case)
    text = command.text
    story = ("setup",)
    if text:
        odd = type_.presence is Presence.WRONG_TYPE and type_.raw is not None
        severity, confidence, why = _judge_command(case, text, type_.value or 0) if not odd else _judge_unsure(case, text)
        because: tuple[Origin, ...] = (*command.origins, *type_.origins)
        if command.odd_type is not None:
            severity, confidence = severity.raised(-1), Confidence.LOW
            why += f". The value is of type {command.odd_type}, which is no text: it is not proven that Windows reads it so"
        events = case.events.citing(*command.origins)
        yield Hit(f"Setup\\CmdLine is {text}: {why}.", because, text, severity, confidence, events, story)
    if progress.value == 1 and not type_.value and type_.presence is not Presence.WRONG_TYPE:
        yield Hit(
            "SystemSetupInProgress is 1 while SetupType is 0: Windows would boot as usual but believe it is being set up, so "
            "that programs which hold back during setup, security products among them, may not start.",
            (*progress.origins, *type_.origins),
            "SystemSetupInProgress",
            Severity.MEDIUM,
            Confidence.MEDIUM,
            story=story,
        )
    oobe = case.settings[OOBE_IN_PROGRESS]
    if oobe.value and not _is_young(case):
        yield Hit(
            f"OOBEInProgress is {oobe.value} on a machine that was installed more than two weeks before it last ran: its first "
            "run should long be over.",
            oobe.origins,
            "OOBEInProgress",
            Severity.MEDIUM,
            Confidence.MEDIUM,
            story=story,
        )
    again = case.settings[RESPECIALIZE_CMD_LINE]
    if again.value.strip() and not _is_respecialize(case, again.value):
        yield Hit(
            f"Setup\\RespecializeCmdLine is {again.value}, where Windows 8.1 and later ship Sysprep\\sysprep.exe /respecialize /quiet: it "
            "would run as SYSTEM when the image meets other hardware.",
            again.origins,
            again.value,
            Severity.MEDIUM,
            Confidence.MEDIUM,
            story=story,
        )


def _judge_unsure(case: Case, text: str) -> tuple[Severity, Confidence, str]:
    """The same where SetupType is of a type that is no number of 4 bytes: what Windows makes of it is not known."""
    raw = case.settings[SETUP_TYPE].raw
    kind = type_and_size(raw) if raw is not None else "missing"
    why = f"SetupType is {kind}, no REG_DWORD of 4 bytes, so it is not known whether Windows takes it for 0 and leaves the program"
    if _is_setups(case, text):
        return Severity.INFO, Confidence.LOW, f"{why}; setup left the program there"
    return Severity.HIGH, Confidence.LOW, why


def _judge_command(case: Case, text: str, setup_type: int) -> tuple[Severity, Confidence, str]:
    ours = _is_setups(case, text)
    if not setup_type:
        if ours:
            return Severity.INFO, Confidence.HIGH, "setup left it there, and with SetupType 0 nothing runs it"
        why = "nothing runs it while SetupType is 0, but one number would arm it, and setup did not write it"
        return Severity.MEDIUM, Confidence.HIGH, why
    runs = {
        1: "SetupType 1 has it run as SYSTEM before anybody logs on, and the machine restart after it",
        2: "SetupType 2 has it run as SYSTEM before anybody logs on, and the logon follow",
    }.get(setup_type, f"SetupType {setup_type} has it run as SYSTEM before anybody logs on")
    setting_up = case.settings[SYSTEM_SETUP_IN_PROGRESS].value == 1
    if is_windows_pe(case) and _is_program_of(case, text, _PE_PROGRAMS):
        return Severity.INFO, Confidence.HIGH, runs + "; it is the shell of Windows PE, which this is"
    old = case.path(_image(text)).name in _OLD_SETUP
    if (
        ours
        and (setting_up or (not old and case.settings[OOBE_IN_PROGRESS].value))
        and not (old and case.generation >= VISTA)
    ):
        return Severity.INFO, Confidence.HIGH, runs + "; it is a program of Windows setup, and setup is in progress"
    if ours:
        why = runs + "; it has the name of a program of Windows setup, but no setup is in progress that would run it"
        return Severity.CRITICAL, Confidence.MEDIUM, why
    folded = text.casefold()
    if setting_up and any(word in folded for word in _DEPLOYMENT):
        why = runs + "; deployment tools are said to write such a line while an image is laid down"
        return Severity.MEDIUM, Confidence.LOW, why
    tool = runs_an_interpreter(text)
    strange = tool or not case.path(_image(text)).in_system_folder
    why = runs + (f"; it starts {tool}" if tool else "; it is no program of Windows setup")
    return Severity.CRITICAL, Confidence.HIGH if strange else Confidence.MEDIUM, why


def _image(command: str) -> str:
    """The program a command line names, quoted or up to the first blank."""
    text = command.strip()
    return text[1:].partition('"')[0] if text.startswith('"') else text.split(maxsplit=1)[0] if text else ""


def _is_setups(case: Case, command: str) -> bool:
    """Whether the program is one of Windows setup, by a bare name or in a folder of setup's, and nothing is chained to it."""
    return _is_program_of(case, command, _SETUP_PROGRAMS)


def _is_program_of(case: Case, command: str, names: frozenset[str]) -> bool:
    path = case.path(_image(command))
    if path.name not in names or any(letter in command for letter in "&|<>") or runs_an_interpreter(command):
        return False
    home = f"{case.system_root}\\System32".casefold()
    return "\\" not in path.text or path.folder in (home, home + "\\oobe", home + "\\sysprep", "oobe", "sysprep")


def _is_respecialize(case: Case, command: str) -> bool:
    folded = " ".join(command.casefold().split())
    return (case.path(folded.split(" ", 1)[0]).text.endswith("sysprep\\sysprep.exe") and _is_setups(case, command)) or (
        folded == _RESPECIALIZE
    )


def _is_young(case: Case) -> bool:
    """Whether Windows was installed less than two weeks before the hive was last saved, as far as the hive tells."""
    newest = max(case.evidence.saved, case.facts.last_shutdown.value or 0, case.facts.last_boot.value or 0)
    return not newest or not case.installed or newest - case.installed < _YOUNG_TICKS


SETUP_CMDLINE = Rule(
    id="setup-cmdline",
    family="setup",
    title="Setup names a program to run before anybody logs on",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547", "T1037", "T1112", "T1098"),
    why=(
        "Where SetupType is not 0, winlogon believes Windows is being set up and runs Setup\\CmdLine as "
        "SYSTEM before logon. This is the well-known way to reset a password offline, and it needs no file: cmd.exe will do."
    ),
    false_positives=(
        "`setup -newsetup` (NT 4 to 2003) and msoobe.exe /update (XP) stay behind with SetupType 0: info.",
        "oobe\\windeploy.exe and sysprep.exe while an image is set up, setup.exe of NT 4 to 2003 while it runs: info. Where no "
        "setup is in progress nothing but tampering has them run: critical.",
        "winpeshl.exe of Windows PE: info.",
        "Deployment tools (LiteTouch, osdsetuphook, SetupComplete) while an image is laid down: medium.",
    ),
    remedy=(
        "Empty CmdLine and set SetupType, SystemSetupInProgress and OOBEInProgress, where they are there, to 0. On 8.1 and later set "
        "RespecializeCmdLine to `Sysprep\\sysprep.exe /respecialize /quiet`; older Windows has none. Then collect the program and look for accounts whose password was changed."
    ),
    sources=("detections.md 1.7", "smss.md B.17, E.5", "baselines.md 2.9"),
    check=_check_command,
    severities=(
        "critical where SetupType is not 0 and the program is none of a setup in progress; one step lower for a value that is no "
        "text; medium where SetupType is 0, for deployment "
        "tools, for flags of a setup that is not running and for another RespecializeCmdLine; info for setup's own programs."
    ),
    needs="Who signed the program; whether an image was being laid down.",
)

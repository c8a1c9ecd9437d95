r"""SetupExecute and its twin: native programs of servicing and setup, run before csrss at each boot until the list is emptied.

Servicing, and the finish of a cloned image, use the list for a boot or two. Source: detections.md 1.1; smss.md B.6.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.rules.case import Case
from hivecheck.rules.command_lists import check_list, command_hit, commands_of
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    SETUP_EXECUTE,
    SETUP_EXECUTE_NO_PNP_SYNC,
    SETUP_TYPE,
    SYSTEM_SETUP_IN_PROGRESS,
    applies_to,
)
from hivecheck.settings.commands import Command


def _check_setup_execute(case: Case) -> Iterator[Hit]:
    for row in (SETUP_EXECUTE, SETUP_EXECUTE_NO_PNP_SYNC):
        if not applies_to(row, case.generation):
            yield from check_list(case, row, "", Confidence.MEDIUM)
            continue
        for command in commands_of(case, row):
            severity, confidence, why = _judge_setup_program(case, command)
            message = (
                f"{row.name} runs {command.text}: {why}. Smss would start it as SYSTEM after the renames and before csrss, at "
                "each boot until the list is emptied, if the file exists."
            )
            yield command_hit(case, command, message, severity, confidence)


def _judge_setup_program(case: Case, command: Command) -> tuple[Severity, Confidence, str]:
    image = command.line.image.casefold()
    system = f"{case.system_root}\\System32\\".casefold()
    bare = image.rsplit("\\", 1)[-1].removesuffix(".exe")
    at_home = "\\" not in image or case.path(image).text in (f"{system}{bare}.exe", system + bare)
    if at_home and bare == "poqexec" and case.generation >= VISTA and _is_pending_list(case, command.line.arguments):
        if _lingers(case, command):
            why = (
                "pending updates, but the machine has booted since the key was written and its installer is not set to start"
            )
            return Severity.MEDIUM, Confidence.MEDIUM, why
        return Severity.INFO, Confidence.HIGH, "Windows finishes pending updates this way"
    if at_home and bare == "setupcl":
        if case.settings[SYSTEM_SETUP_IN_PROGRESS].value == 1 or case.settings[SETUP_TYPE].value:
            return Severity.INFO, Confidence.HIGH, "a cloned image gets its own identifiers while setup is in progress"
        why = "it gives a cloned image its own identifiers, but no setup is in progress"
        return Severity.MEDIUM, Confidence.MEDIUM, why
    return Severity.CRITICAL, Confidence.HIGH, "neither servicing nor setup writes this"


def _is_pending_list(case: Case, arguments: str) -> bool:
    """Whether the arguments are switches and then the list that component servicing leaves."""
    *switches, last = arguments.split() or [""]
    known = {"/display_progress", "/noreboot", "/transactional"}
    return all(one.casefold() in known for one in switches) and case.path(last).text == (
        f"{case.system_root}\\winsxs\\pending.xml".casefold()
    )


def _lingers(case: Case, command: Command) -> bool:
    written, boot = getattr(command.origin, "written", 0), case.facts.last_boot.value or 0
    return bool(written and boot > written) and case.number("Services\\TrustedInstaller", "Start") != 2


SETUP_EXECUTE_RULE = Rule(
    id="setup-execute",
    family="programs",
    title="A program is listed in SetupExecute",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1112"),
    why=(
        "smss runs every line of SetupExecute as SYSTEM before csrss and does not clear the list itself, so that a line stays "
        "until somebody empties it. A file that a pending rename put there runs in the same boot."
    ),
    false_positives=(
        "Component servicing writes poqexec.exe with WinSxS\\pending.xml while updates are pending.",
        "setupcl.exe while a cloned image is being set up.",
    ),
    remedy="Image the disk and collect the program, then empty the list (a list with no string is what Windows ships).",
    sources=("detections.md 1.1", "smss.md B.6"),
    check=_check_setup_execute,
    severities=(
        "critical; info for pending updates and for setupcl during setup; medium for setupcl without one, for updates that "
        "outlived a boot while TrustedInstaller is not set to start, and on a Windows that does not read the list."
    ),
    needs="Whether the file exists, is a native program, and who signed it.",
)

r"""What keeps the boot as it is told from being the next one: logs not yet applied, fast startup, lists that outlived a boot.

Source: detections.md 4.C 32 to 34.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import is_moment
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.clocks import TOLERANCE, shown_time
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import PENDING_RENAMES, PENDING_RENAMES_2, SETUP_EXECUTE

_SM = "Control\\Session Manager"
_POWER = _SM + "\\Power"
_LOGGED_CRITICAL = frozenset(
    {
        "BOOTEXECUTE", "BOOTEXECUTENOPNPSYNC", "SETUPEXECUTE", "SETUPEXECUTENOPNPSYNC", "PLATFORMEXECUTE", "EXECUTE",
        "S0INITIALCOMMAND", "BOOTSHELL", "EXCLUDEFROMKNOWNDLLS", "PROTECTIONMODE", "OBJECTDIRECTORIES",
    }
)  # fmt: skip
_LOGGED_KEYS = ("\\KNOWNDLLS", "\\SUBSYSTEMS", "\\DOS DEVICES", "\\APPCERTDLLS")


def _check_logs(case: Case) -> Iterator[Hit]:
    changes = case.evidence.log_changes
    if not changes:
        return
    critical = [
        change
        for change in changes
        if fold_name(change.value) in _LOGGED_CRITICAL or fold_name(change.key).endswith(_LOGGED_KEYS)
    ]
    for change in critical[:20]:
        raw = change.after or change.before
        if raw is None:
            continue
        what = "add" if change.before is None else "delete" if change.after is None else "change"
        text = (
            f"The logs {what} {change.value or '(default)'} of {change.key} (entry {change.sequence} of {change.log}). A tool that "
            "reads the hive without its logs sees another boot."
        )
        yield Hit(text, (raw.ref,), f"{change.key}\\{change.value}", Severity.HIGH, Confidence.HIGH)
    renames = [change for change in changes if fold_name(change.value).startswith("PENDINGFILERENAMEOPERATIONS")]
    if renames and (raw := renames[-1].after or renames[-1].before) is not None:
        times = "once" if len(renames) == 1 else f"{len(renames)} times"
        text = f"The logs change the pending renames {times}; the replay works off the list as they leave it."
        yield Hit(text, (raw.ref,), renames[-1].value, Severity.INFO)


def _check_fast_startup(case: Case) -> Iterator[Hit]:
    raw = case.value(_POWER, "HiberbootEnabled")
    if raw is None or case.number(_POWER, "HiberbootEnabled") != 1:
        return
    waiting = [
        name
        for name, there in (
            (
                "pending renames",
                bool(case.settings[PENDING_RENAMES].value.pairs or case.settings[PENDING_RENAMES_2].value.pairs),
            ),
            ("SetupExecute", any(command.line.image for command in case.settings[SETUP_EXECUTE].value)),
        )
        if there
    ]
    if waiting:
        text = (
            f"Fast startup is on: a shutdown and power-on does not run smss anew. What waits ({', '.join(waiting)}) runs at the "
            "next restart, whenever that is."
        )
        yield Hit(text, (raw.ref,), "HiberbootEnabled")


def _check_drift(case: Case) -> Iterator[Hit]:
    key, boot, count = case.key(_SM), case.facts.last_boot.value, case.facts.boot_count.value
    for row in (PENDING_RENAMES, PENDING_RENAMES_2):
        setting = case.settings[row]
        if key is None or not boot or not setting.value.pairs or setting.raw is None:
            continue
        if is_moment(key.written) and key.written + TOLERANCE < boot:
            boots = f" (boot number {count})" if count else ""
            text = (
                f"{row.name} was there before the last boot{boots}: its key was last written at {shown_time(key.written)}, the machine "
                f"booted at {shown_time(boot)}. That boot did not work it off, or was no restart."
            )
            yield Hit(text, (setting.raw.ref,), row.name)


RULES: tuple[Rule, ...] = (
    Rule(
        id="logs-change-outcome",
        family="times",
        title="The transaction logs change what the next boot does",
        severity=Severity.HIGH,
        severities="info for pending renames; high for programs, KnownDLLs, subsystems and device names",
        confidence=Confidence.HIGH,
        techniques=("T1112",),
        why="The last changes of a hive lie in its logs until it is flushed. Who reads the file alone sees the boot as it was before them.",
        false_positives=("Ordinary changes shortly before the copy was made.",),
        remedy="Always take the logs with the hive; look at what changed in the log entry named here.",
        sources=("detections.md 4.C 32", "libraries.md 4"),
        needs="the transaction logs beside the hive",
        check=_check_logs,
    ),
    Rule(
        id="fast-startup-defers",
        family="times",
        title="What is pending waits for a restart: fast startup is on",
        severity=Severity.INFO,
        confidence=Confidence.HIGH,
        techniques=(),
        why="With fast startup, shutting down writes the kernel to disk and powering on reads it back: smss runs only at a restart.",
        false_positives=("It is the default of clients from 8 on; this says when, not whether.",),
        remedy="Nothing to repair. Restart the machine to have the operations worked off, or do not, to keep them from it.",
        sources=("detections.md 1.6 hiberboot, 4.C 33",),
        check=_check_fast_startup,
    ),
    Rule(
        id="count-drift",
        family="times",
        title="Pending renames have survived a boot",
        severity=Severity.INFO,
        confidence=Confidence.MEDIUM,
        techniques=(),
        why="smss deletes the list when it reads it. One that is older than the last boot was never read: MiniNT, fast startup, or a boot that failed before.",
        false_positives=("A clock that was changed.",),
        remedy="See minint and fast-startup-defers; what the list would have done has not happened.",
        sources=("detections.md 4.C 34",),
        check=_check_drift,
    ),
)

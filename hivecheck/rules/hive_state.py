r"""What the hive tells of its own past: deleted lists of the Session Manager, and changes that are still in its logs.

Source: detections.md 1.12. Deleted data never enter the replay; here they are told as what was once configured.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import BOOT_PROGRAMS, MICROSOFT, matches
from hivecheck.rules.rename_alarms import is_swapped, worst
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.remnants import LostText, Standing

_LISTS_JUDGED = 100
_ROWS_JUDGED = 500  # of one list
_SERVICING = frozenset(("sprestrt", "poqexec", "setupcl", "bootim"))


def _check_lost(case: Case) -> Iterator[Hit]:
    lost = case.evidence.lost
    if lost is None:
        return
    quiet: list[LostText] = []
    for commands in lost.commands[:_LISTS_JUDGED]:
        strange = _strange_commands(commands)
        if strange:
            number, line = strange[0]
            more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
            text = (
                f"A deleted {commands.name} had the line {line!r}{more}: it was configured once, and is not now. A program that "
                "runs at boot and takes itself out of the list looks so."
            )
            yield Hit(
                text, (commands.ref.citing(line, number),), f"{commands.name} {line}", Severity.MEDIUM, _surest(commands)
            )
        else:
            quiet.append(commands)
    renames = [one.text for history in lost.histories for one in history.generations if one.text.standing is Standing.LOST]
    for text_found in renames[:_LISTS_JUDGED]:
        alarm = _alarm(case, text_found)
        if alarm:
            yield Hit(alarm, (text_found.ref,), f"{text_found.name} {alarm}", Severity.MEDIUM, _surest(text_found))
        else:
            quiet.append(text_found)
    quiet += renames[_LISTS_JUDGED:]
    cut_off = [one for one in quiet if one.may_be_pending]
    quiet = [one for one in quiet if not one.may_be_pending]
    if cut_off:
        text = (
            f"{len(cut_off)} {'lists' if len(cut_off) > 1 else 'list'} of renames or boot commands can be found to which nothing in the "
            "damaged hive leads: they may still be pending, and the replay has none of them."
        )
        yield Hit(text, tuple(one.ref for one in cut_off[:10]), "lists cut off", Severity.MEDIUM, Confidence.LOW)
    if quiet:
        text = (
            f"{len(quiet)} earlier {'lists' if len(quiet) > 1 else 'list'} of renames or boot commands can still be found outside "
            "of the present values, as Windows leaves them; nothing in them is an alarm."
        )
        yield Hit(text, tuple(one.ref for one in quiet[:10]), "earlier lists", Severity.INFO)


def _strange_commands(text: LostText) -> list[tuple[int, str]]:
    """The lines of a list of boot commands that neither Windows nor a known product writes."""
    found: list[tuple[int, str]] = []
    for number, (line, string) in enumerate(zip(text.commands, text.strings, strict=True)):
        name = line.image.rsplit("\\", 1)[-1].casefold().removesuffix(".exe")
        known = any(matches(name, image) for program in BOOT_PROGRAMS for image in program.images)
        if name and name not in MICROSOFT and name not in _SERVICING and not known:
            found.append((number, string))
    return found


def _alarm(case: Case, text: LostText) -> str:
    """What is wrong with the worst row of a deleted list, as a sentence; '' where nothing is."""
    found = []
    for row in text.operations[:_ROWS_JUDGED]:
        source = case.path(row.source.text)
        target = case.path(row.destination.text) if row.destination is not None else None
        alarms = case.renames.alarms_of(source, target)
        alarm = worst(alarms) if alarms else None
        if alarm is not None and alarm.severity >= Severity.HIGH and not is_swapped(case, source, target):
            found.append((alarm, row))
    if not found:
        return ""
    alarm, row = max(found, key=lambda one: one[0].severity.rank)
    what = (
        f"moved {row.source.text} to {row.destination.text}" if row.destination is not None else f"deleted {row.source.text}"
    )
    if text.may_be_pending:
        return f"A rename list that nothing in the damaged hive leads to {what}: {alarm.what}. It may still be pending."
    return f"A deleted rename list {what}: {alarm.what}. It is not pending any more; look whether it was carried out."


def _surest(text: LostText) -> Confidence:
    """The confidence in the text, at most medium: what is deleted may be a list of another place."""
    return Confidence.LOW if text.confidence is Confidence.LOW else Confidence.MEDIUM


def _check_dirty(case: Case) -> Iterator[Hit]:
    if not case.evidence.dirty:
        return
    changes = case.evidence.log_changes
    refs = tuple(raw.ref for change in changes[:10] if (raw := change.after or change.before) is not None)
    if changes:
        text = (
            f"The hive is dirty, and its logs change values of the Session Manager ({len(changes)} in all). They are applied here; a tool that "
            "reads the file alone shows another boot."
        )
    else:
        text = (
            "The hive is dirty: the last changes may be in its log files only. Where they are not at hand, or hold nothing of the Session "
            "Manager, what is told here is provisional."
        )
    yield Hit(text, refs or (case.hive.root.ref,), "dirty hive")


REGF_SLACK_AND_DELETED = Rule(
    id="regf-slack-and-deleted",
    family="hive",
    title="Deleted boot commands or renames are still in the hive",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1070",),
    why=(
        "Windows and implants that erase themselves delete these values after use, but the bytes stay in free cells until they are "
        "overwritten. They tell what an earlier boot ran or moved."
    ),
    false_positives=("Installers and updates: nearly every machine holds old rename lists, told as info.",),
    remedy="Nothing to repair. Run `hivecheck recover` for the whole lists, and look for the programs named in them.",
    sources=("detections.md 1.12",),
    severities="medium for a strange boot command or a rename that would be an alarm, else info",
    check=_check_lost,
)  # fmt: skip
DIRTY_HIVE = Rule(
    id="dirty-hive",
    family="hive",
    title="The hive's last changes may be in its log files",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    techniques=(),
    why=(
        "A running Windows writes changes to the logs first. A hive copied from a running machine, or after a crash, is dirty: "
        "without its logs one of the tested machines shows half of its pending renames."
    ),
    false_positives=("Every hive that was copied from a running machine.",),
    remedy="Collect SYSTEM.LOG1 and SYSTEM.LOG2 together with the hive and run hivecheck with them before anything is repaired.",
    sources=("detections.md 1.12",),
    check=_check_dirty,
)

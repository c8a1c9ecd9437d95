r"""Control sets that disagree: what the set that boots next does that another one would not. Source: detections.md 4.C 24 to 27."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN8, WIN81
from hivecheck.registry.control_sets import control_set_name
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role

_TOLD = 20
_SETS_JUDGED = 3  # beside the one that boots; a machine has one or two


def _check_default(case: Case) -> Iterator[Hit]:
    current = case.sets.select_number("Current")
    booting = case.sets.number
    if current is None or booting is None or current == booting or case.sets.select_number("Default") != booting:
        return
    origins = tuple(
        value.ref for value in case.sets.select if value.name in ("Default", "Current") and value.ref is not None
    )
    subject = f"{control_set_name(booting)} instead of {control_set_name(current)}"
    text = (
        f"The next boot uses {control_set_name(booting)}, not {control_set_name(current)}, which the machine last ran with."
    )
    last = case.of_set(current)
    if last is None:
        yield Hit(f"{text} {control_set_name(current)} is not in the hive.", origins, subject)
        return
    from hivecheck.rules.set_comparison import found_only_in  # most machines have one set

    more = found_only_in(case, last)
    if not more:
        yield Hit(f"{text} No rule finds anything there that it does not find in the other set.", origins, subject)
        return
    worst = max((hit.severity or rule.severity for rule, hit in more), key=lambda severity: severity.rank)
    ids = ", ".join(dict.fromkeys(rule.id for rule, _ in more))
    because = (*origins, *(origin for _, hit in more[:_TOLD] for origin in hit.because[:1]))
    story = tuple(dict.fromkeys(thread for _, hit in more for thread in hit.story))
    message = (
        f"{text} Only the set that boots next has what these rules find: {ids}. Tools that look at the current set miss it."
    )
    severity = Severity.CRITICAL if worst is Severity.CRITICAL else Severity.HIGH
    yield Hit(message, because, subject, severity, Confidence.HIGH, story=story)


def _check_difference(case: Case) -> Iterator[Hit]:
    known_good = case.sets.select_number("LastKnownGood")
    origin = next((value.ref for value in case.sets.select if value.name == "LastKnownGood" and value.ref is not None), None)
    if known_good and origin is not None and known_good not in case.sets.present and case.sets.present:
        text = f"Select\\LastKnownGood names {control_set_name(known_good)}, which is not in the hive."
        yield Hit(text, (origin,), control_set_name(known_good), Severity.MEDIUM, Confidence.HIGH)
    if not case.other_sets:
        return
    from hivecheck.rules.set_comparison import compare_sets, judge_other, may_be_judged_otherwise

    for other in case.other_sets:
        yield from compare_sets(case, other)
    if case.control_set is None:
        return
    first = sorted(case.other_sets, key=lambda other: other.number != known_good)
    for other in first[:_SETS_JUDGED]:
        if may_be_judged_otherwise(case, other):
            yield from judge_other(case, other, known_good == other.number)


def _check_extra_set(case: Case) -> Iterator[Hit]:
    server = case.facts.role.value not in (None, Role.WORKSTATION)
    if case.generation < WIN81 or (server and case.generation == WIN81):  # Server 2012 R2 still keeps two sets
        return
    booting = case.sets.number is not None  # else none is known to boot, beside which another would be one too many
    extra = [other for other in case.other_sets if other.number != case.sets.select_number("Current")]
    for other in extra if booting else ():
        text = (
            f"The hive holds {other.key.name} besides the set that boots. Windows of this generation keeps one set only: another "
            "one was imported, or is left of a rollback."
        )
        yield Hit(text, (other.key.ref,), other.key.name, Severity.MEDIUM)
    known_good, current = case.sets.select_number("LastKnownGood"), case.sets.select_number("Current")
    origin = next((value.ref for value in case.sets.select if value.name == "LastKnownGood" and value.ref is not None), None)
    if known_good and current and known_good != current and origin is not None:
        yield Hit("Select\\LastKnownGood is not the current set.", (origin,), "Select\\LastKnownGood", Severity.MEDIUM)


def _check_failed(case: Case) -> Iterator[Hit]:
    failed = next((value for value in case.sets.select if value.name == "Failed"), None)
    if failed is None or not failed.number or failed.ref is None:
        return
    text = (
        f"Select\\Failed names {control_set_name(failed.number)}: a boot with it failed, or somebody chose the last known good "
        "configuration. What that set holds did not run at the last boot."
    )
    severity = Severity.MEDIUM if case.generation >= WIN8 else Severity.INFO
    yield Hit(text, (failed.ref,), control_set_name(failed.number), severity)


RULES: tuple[Rule, ...] = (
    Rule(
        id="seq-default-ne-current",
        family="control-sets",
        title="The next boot uses another control set than the last one",
        severity=Severity.HIGH,
        severities="critical where the next set holds a critical finding that the current one lacks, high where any, else medium",
        confidence=Confidence.HIGH,
        techniques=("T1112",),
        why=(
            "The loader reads Select\\Default; CurrentControlSet shows Select\\Current. What is written into a set that is not "
            "current is seen by nobody until the restart that makes it current."
        ),
        false_positives=("A control set chosen by an administrator after a failed boot.", "Images made during setup."),
        remedy="Compare both sets, set Default to the known good one, and repair the other before it is used.",
        sources=("detections.md 4.C 24", "smss.md E1.2"),
        check=_check_default,
    ),
    Rule(
        id="seq-lkg-diff",
        family="control-sets",
        title="The control sets differ in what smss or LSA reads",
        severity=Severity.HIGH,
        severities=(
            "that of what other rules find in the value, high at most; medium where none speaks of it, low for variables and memory "
            "settings; medium for a last known good set that is not there; high for a set in which rules find what they do not find in "
            "the one that boots"
        ),
        confidence=Confidence.MEDIUM,
        techniques=("T1112",),
        why=(
            "On untouched machines with two sets nothing of the Session Manager differs but boot counters: a difference says "
            "precisely what was changed since the last good boot."
        ),
        false_positives=(
            "Programs installed or settings changed since the last boot, most of all variables.",
            "A check of the disk, a conversion or servicing that waits for the next boot.",
        ),
        remedy="Find out who wrote the value since the last good boot; repair it in all control sets.",
        sources=("detections.md 4.C 25",),
        check=_check_difference,
    ),
    Rule(
        id="seq-extra-set-on-8plus",
        family="control-sets",
        title="A second control set on a Windows that keeps one",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        techniques=("T1112",),
        why="From 8.1 on a machine keeps ControlSet001 alone, so another set was imported or is left of a rollback.",
        false_positives=("A rollback, an old backup loaded into the hive, a server of 2012 R2 (not told).",),
        remedy="Compare the sets; delete the one that nothing uses after it was collected.",
        sources=("detections.md 4.C 26", "baselines.md 2.1"),
        check=_check_extra_set,
    ),
    Rule(
        id="seq-failed-nonzero",
        family="control-sets",
        title="A control set is marked as failed",
        severity=Severity.MEDIUM,
        severities="info up to 7, where last known good is an everyday thing",
        confidence=Confidence.MEDIUM,
        techniques=("T1112",),
        why="Failed is set when the last known good configuration is used: the set named there did not boot, or was passed over.",
        false_positives=("A driver that kept the machine from booting.",),
        remedy="Look at what the failed set holds that the running one does not.",
        sources=("detections.md 4.C 27", "smss.md E2.1"),
        check=_check_failed,
    ),
)

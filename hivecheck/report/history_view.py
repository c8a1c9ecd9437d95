"""The words in which a history is shown, to every renderer of it: strings only, made visible, nothing of a terminal or a page."""

from collections.abc import Mapping

from hivecheck.compare.change import Change
from hivecheck.compare.history import Differences, History, ListStep, MachineHistory, StateStep
from hivecheck.compare.states import DateMeaning, Dating, State, StateKind
from hivecheck.evidence.layouts import HiveKind
from hivecheck.facts.filetime import iso_utc
from hivecheck.facts.visible import visible
from hivecheck.report.diff_view import VERDICT_WORDS, counts_by_verdict

MEANINGS: Mapping[DateMeaning, str] = {
    DateMeaning.SHADOW_COPY_MADE: "the shadow copy was made: the hive is as it was at that moment",
    DateMeaning.FILE_WRITTEN: "Windows last wrote the hive file, by its base block",
    DateMeaning.NEWEST_KEY: "the newest key of the hive was written: the state is no older",
    DateMeaning.NEWEST_KEY_OF_SET: (
        "the newest key of this set was written: its contents may be older, as copying a set writes its keys anew"
    ),
    DateMeaning.CHANGED_KEY: "a key that this entry changed was last written",
    DateMeaning.KEY_OF_LIST: "the key of this list was last written, by the record that still leads to the list",
    DateMeaning.LAST_SHUTDOWN: "Windows last shut down, as this state says: it is no older",
    DateMeaning.LAST_BOOT: "Windows last booted, as this state says: it is no older",
}
PLACES: Mapping[HiveKind, str] = {
    HiveKind.REPAIR: "copy made by setup",
    HiveKind.WINDOWS_OLD: "earlier installation (Windows.old)",
    HiveKind.REGBACK: "RegBack copy",
    HiveKind.SHADOW_COPY: "shadow copy",
    HiveKind.LOOSE: "hive",
    HiveKind.LIVE: "hive in use",
}
_OF_CONTENTS = frozenset({DateMeaning.NEWEST_KEY, DateMeaning.FILE_WRITTEN})
_NAMED_VALUES = 6
_ROLE_WORDS = {
    "LastKnownGood": "last known good set",
    "Failed": "set that failed",
    "Current": "set that ran last",
    "Default": "set that boots next",
}


def machine_title(machine: MachineHistory) -> str:
    """The computer's name, or that it is not known."""
    return visible(machine.computer) if machine.computer else "a machine whose name is not known"


def step_title(step: StateStep | ListStep) -> str:
    """What a step is, in a few words."""
    if isinstance(step, ListStep):
        one = step.list
        noun = "line" if "Execute" in one.name else "operation"
        told = f"{len(one.lines):,} {noun}{'' if len(one.lines) == 1 else 's'}"
        number = f", list {one.generation} of {one.generations}" if one.generations > 1 else ""
        return visible(f"Earlier {one.name}: {told}{number}{'' if one.whole else ', not whole'}")
    return state_title(step.placed.state, step.placed.hive.source.kind, step.boots)


def state_title(state: State, place: HiveKind, boots: str) -> str:
    """What a state is: the kind of copy, and what makes it another state than those beside it."""
    where = PLACES[place]
    match state.kind:
        case StateKind.CONTROL_SET:
            role = next(
                (words for role, words in _ROLE_WORDS.items() if role in state.roles), "set that Select does not name"
            )
            return visible(f"{boots}, the {role}, in the {where}")
        case StateKind.FILE:
            return visible(f"The {where} without its logs")
        case StateKind.LOG_ENTRY:
            return visible(f"The {where} after entry {state.entry} of {state.log}")
        case StateKind.HIVE:
            return visible(f"The {where} as it stands, {boots}")


def date_of(step: StateStep | ListStep) -> Dating | None:
    """The time that dates a step, None where nothing does."""
    dates = step.list.dates if isinstance(step, ListStep) else step.placed.state.dates
    return dates[0] if dates else None


def short_date(dating: Dating | None) -> str:
    """`2018-04-06 07:46:06`, to the second."""
    return iso_utc(dating.ticks)[:19].replace("T", " ") if dating is not None else "no date"


def dating_words(dating: Dating | None, step: StateStep | ListStep) -> str:
    """What a time of this step means, and how far it dates the state."""
    if dating is None:
        return "nothing in it is a date"
    return f"{meaning_words(dating, step)} ({dating.confidence.value} confidence)"


def meaning_words(dating: Dating, step: StateStep | ListStep) -> str:
    """What a time of this step is the time of. A folder with the files of a shadow copy does not tell when that was made."""
    told = MEANINGS[dating.meaning]
    if isinstance(step, ListStep) or dating.meaning not in _OF_CONTENTS:
        return told
    source = step.placed.hive.source
    is_undated = source.kind is HiveKind.SHADOW_COPY and not source.taken
    return f"{told}; the shadow copy was made at that time or later, its files do not tell when" if is_undated else told


def places_words(step: StateStep) -> str:
    """In how many places the state lies, where it is more than one; '' else."""
    count = len(step.places)
    return f"In {count:,} places, told as one step" if count > 1 else ""


def alike_rows(step: StateStep) -> tuple[tuple[str, str], ...]:
    """The other places of the state, each with how alike it is."""
    own = step.placed.hive.source.places
    same = tuple((visible(place), "the same bytes") for place in own[1:])
    others = tuple(
        (visible(place), f"other bytes, nothing of the boot differs; {short_date(next(iter(one.state.dates), None))}")
        for one in step.alike
        for place in one.hive.source.places
        if place not in own
    )
    return tuple(dict.fromkeys((*same, *others)))


def windows_sentences(differs: Differences) -> list[str]:
    """What makes it another Windows or machine than before."""
    return [
        f"The {one.what} is now {visible(str(one.after or 'not known'))}, before: {visible(str(one.before or 'not known'))}."
        for one in differs.windows
    ]


def summary_sentence(step: StateStep) -> str:
    """What changed from the state before, in one sentence."""
    differs = step.differs
    if differs is None:
        return "The first state: there is nothing to compare it with."
    if differs.is_empty:
        return "Nothing differs from the state before: neither in the settings, nor in what the boot does, nor in what is found."
    counts = counts_by_verdict(changes_of(differs))
    told = ", ".join(f"{number:,} {VERDICT_WORDS[verdict]}" for verdict, number in counts.items() if number)
    total = sum(counts.values()) + differs.cut
    changes = "No change of the boot" if not total else "1 change" if total == 1 else f"{total:,} changes"
    return f"{changes}{f': {told}' if told else ''}; findings: {len(differs.new):,} new, {len(differs.gone):,} gone."


def entry_sentence(state: State) -> str:
    """Which values of the Session Manager the log entry changed; '' where there is none."""
    if not state.changes:
        return ""
    kinds = [
        "added" if one.before is None else "deleted" if one.after is None else "changed"
        for one in state.changes[:_NAMED_VALUES]
    ]
    named = [f"{visible(one.value or '(default)')} {kind}" for one, kind in zip(state.changes, kinds, strict=False)]
    more = len(state.changes) - len(named)
    entry = f"{'Entry' if state.kind is StateKind.LOG_ENTRY else 'The last such entry,'} {state.changes[0].sequence}"
    told = f"{', '.join(named)}{f' and {more:,} more values' if more > 0 else ''}"
    return f"{entry}{'' if state.kind is StateKind.LOG_ENTRY else ','} in the Session Manager: {told}."


def changes_of(differs: Differences) -> tuple[Change, ...]:
    """Those of the settings, then those of the effects."""
    return (*differs.settings, *differs.effects)


def verdict_sentence(history: History) -> str:
    """The history in one sentence."""
    steps = [step for machine in history.machines for step in machine.steps]
    states = sum(isinstance(step, StateStep) for step in steps)
    lists = len(steps) - states
    machines = len(history.machines)
    of = "one machine" if machines == 1 else f"{machines:,} machines, each told by itself"
    earlier = f" and {lists:,} earlier list{'' if lists == 1 else 's'}" if lists else ""
    return f"{states:,} state{'' if states == 1 else 's'}{earlier} of {of}."

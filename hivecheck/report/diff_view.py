"""The words in which a comparison is shown, to every renderer of it: strings only, made visible, nothing of a terminal or a page."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.diff import Diff, describe_windows
from hivecheck.compare.doubt import loses_data
from hivecheck.compare.findings import severity_rank, stands
from hivecheck.facts.visible import visible
from hivecheck.report.diff_caveats import damage_rows

if TYPE_CHECKING:
    from hivecheck.compare.whole_hive import WholeHiveDiff

Json = Any
VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.SUSPICIOUS: "suspicious",
    Verdict.UNEXPLAINED: "unexplained",
    Verdict.SERVICING: "servicing",
    Verdict.MACHINE_STATE: "machine state",
    Verdict.AS_SHIPPED: "as shipped",
}
SIGNS: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "+",
    ChangeKind.REMOVED: "-",
    ChangeKind.CHANGED: "~",
    ChangeKind.MOVED: ">",
}
_MOST_ITEMS = 200


def value_lines(value: Json) -> list[tuple[str, str]]:
    """What a side says, in lines of a name ('' for none) and a text; none where the thing is not on that side."""
    match value:
        case None:
            return []
        case bool():
            return [("", "yes" if value else "no")]
        case {"source": source}:
            return [("", visible(_pair_words(str(source), value)))]
        case {"path": str(path), "text": text}:
            return [("", visible(str(text or path)))]
        case {"place": int(place)}:
            return [("place", str(place + 1))]
        case dict():
            items = [(name, one) for name, one in list(value.items())[:_MOST_ITEMS] if one != ""]
            told = [(visible(str(name)), line) for name, one in items for _, line in value_lines(one)]
            return told or [("", "(nothing)")]
        case list():
            return [("", line) for one in value[:_MOST_ITEMS] for _, line in value_lines(one)] or [("", "(empty)")]
        case "":
            return [("", "(empty)")]
        case _:
            return [("", visible(str(value)))]


def value_words(value: Json) -> str:
    """What a side says on one line; `nothing` where the thing is not on that side."""
    return ", ".join(f"{name} {line}".strip() for name, line in value_lines(value)) or "nothing"


def change_words(change: Change) -> str:
    """One change in one sentence, without its verdict."""
    if change.text:
        return visible(change.text)
    match change.change:
        case ChangeKind.ADDED:
            return value_words(change.after)
        case ChangeKind.REMOVED:
            return f"was {value_words(change.before)}"
        case _:
            return f"{value_words(change.before)} -> {value_words(change.after)}"


def counts_by_verdict(changes: Iterable[Change]) -> dict[Verdict, int]:
    """How many there are of each verdict, the one to look at first first; those of which there are none as well."""
    counts = dict.fromkeys(Verdict, 0)
    for change in changes:
        counts[change.verdict] += 1
    return counts


def counts_by_change(changes: Iterable[Change]) -> dict[ChangeKind, int]:
    """How many were added, removed, changed and moved."""
    counts = dict.fromkeys(ChangeKind, 0)
    for change in changes:
        counts[change.change] += 1
    return counts


def told_findings(findings: Iterable[Json], min_severity: str) -> list[Json]:
    """Those that stand and are at least so grave, the gravest first."""
    least = severity_rank(min_severity)
    told = [one for one in findings if stands(one) and severity_rank(one["severity"]) >= least]
    return sorted(told, key=lambda one: -severity_rank(one["severity"]))


def is_same(diff: Diff, keys: "WholeHiveDiff | None" = None) -> bool:
    """Whether nothing differs in anything that was compared, and all of it could be read."""
    hurt = loses_data(diff.before) or loses_data(diff.after)
    return diff.is_empty and not hurt and (keys is None or keys.is_same)


def verdict_sentence(diff: Diff, keys: "WholeHiveDiff | None" = None) -> str:
    """The comparison in one sentence: it claims only what was compared. `keys` for a whole-hive comparison."""
    of_keys = _keys_sentence(keys)
    if is_without_boot(diff.before) and is_without_boot(diff.after):
        return f"These are no SYSTEM hives: only keys and values were compared. {of_keys}".strip()
    if diff.is_empty:
        hurt = loses_data(diff.before) or loses_data(diff.after)
        seen = " of what could be read" if hurt else ""
        if keys is not None and keys.is_same:
            return (
                f"Nothing differs{seen}: neither in any key or value, nor in what the next boot does, nor in what is found."
            )
        told = f"Nothing differs{seen} in the settings, in what the next boot does and in what is found."
        return f"{told} {of_keys}".strip() if keys is not None else told
    counts = counts_by_verdict((*diff.settings, *diff.effects))
    told = ", ".join(f"{number:,} {VERDICT_WORDS[verdict]}" for verdict, number in counts.items() if number)
    total = sum(counts.values())
    changes = f"{total:,} {'change' if total == 1 else 'changes'}" + (f": {told}" if told else "")
    if diff.against_baseline:
        return f"{changes}."
    found = diff.findings
    return f"{changes}; findings: {len(found.new):,} new, {len(found.gone):,} gone, {len(found.still):,} still."


def _keys_sentence(keys: "WholeHiveDiff | None") -> str:
    if keys is None:
        return ""
    counts = keys.counts
    number = counts.keys_added + counts.keys_removed + counts.keys_changed
    values = counts.values_added + counts.values_removed + counts.values_changed
    if not number and not values:
        return "No key and no value differs." if keys.is_same else "No key and no value that could be read differs."
    return f"{number:,} {'key' if number == 1 else 'keys'} and {values:,} {'value' if values == 1 else 'values'} differ."


def windows_sentences(diff: Diff) -> list[str]:
    """What makes the two sides another Windows or another machine, a sentence each; what one side does not tell is told as that."""
    found = []
    for one in diff.windows:
        if one.before and one.after:
            pair = f"{visible(str(one.before))} before, {visible(str(one.after))} after"
            found.append(f"The {one.what} is another one: {pair}.")
        else:
            side, other = ("after", "before") if one.after else ("before", "after")
            found.append(f"The {one.what} is known {side} only: {visible(str(one.after or one.before))}; not {other}.")
    return found


def side_rows(document: Mapping[str, Json], is_baseline: bool = False) -> list[tuple[str, str]]:
    """What a side is: its source, its machine and Windows, its control set, its state and its damage; only what is known."""
    evidence, windows = document["evidence"], describe_windows(document)
    if is_baseline:
        return [("Source", visible(evidence["source"]))]
    parts = [windows["computer"], windows["generation"], windows["build"], windows["edition"], windows["architecture"]]
    number = document["control_set"]["number"]
    is_bare = is_without_boot(document)
    boots = f"ControlSet{number:03} ({document['control_set']['why']})" if number is not None else "no control set"
    rows = [
        ("Source", evidence["source"]),
        ("Machine", ", ".join(str(part) for part in parts if part)),
        ("Boots", "" if is_bare else boots),
        ("Hive", _hive_words(evidence, is_bare)),
        *damage_rows(document),
        ("SHA-256", evidence["sha256"]),
    ]
    return [(label, visible(text)) for label, text in rows if text]


def _hive_words(evidence: Mapping[str, Json], is_bare: bool) -> str:
    """Whether the hive was dirty, what became of its logs, and when it booted last."""
    logs = "logs applied" if evidence.get("recovered") else "without its logs" if evidence.get("dirty") else ""
    state = "dirty" if evidence.get("dirty") else "clean" if evidence.get("dirty") is False or not is_bare else ""
    booted = "" if is_bare else f"last boot {str(evidence.get('last_boot') or 'not known')[:19]}"
    told = ", ".join(part for part in (state, logs) if part)
    return "; ".join(part for part in (told, booted) if part)


def is_without_boot(document: Mapping[str, Json]) -> bool:
    """Whether only keys and values are told of a side: it is no SYSTEM hive."""
    return not document["generation"]["id"] and not document["settings"] and document["control_set"]["number"] is None


def _pair_words(source: str, pair: Mapping[str, Json]) -> str:
    marker = f", marked {pair['marker']}" if pair.get("marker") else ""
    if not pair.get("destination"):
        return f"delete {source or '(an empty path)'}{marker}"
    return f"rename {source} to {pair['destination']}{', replacing it' if pair.get('replaces') else ''}{marker}"

"""The words in which a comparison is shown, to every renderer of it: strings only, made visible, nothing of a terminal or a page."""

from collections.abc import Iterable, Mapping
from typing import Any

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.diff import Diff, describe_windows
from hivecheck.compare.findings import severity_rank, stands
from hivecheck.facts.visible import visible

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


def verdict_sentence(diff: Diff) -> str:
    """The comparison in one sentence."""
    if diff.is_empty:
        return "Nothing differs: neither in the settings, nor in what the next boot does, nor in what is found."
    counts = counts_by_verdict((*diff.settings, *diff.effects))
    told = [f"{number:,} {VERDICT_WORDS[verdict]}" for verdict, number in counts.items() if number]
    total = sum(counts.values())
    changes = f"{total:,} {'change' if total == 1 else 'changes'}" + (f": {', '.join(told)}" if told else "")
    if diff.against_baseline:
        return f"{changes}."
    found = diff.findings
    return f"{changes}; findings: {len(found.new):,} new, {len(found.gone):,} gone, {len(found.still):,} still."


def windows_sentences(diff: Diff) -> list[str]:
    """What makes the two sides another Windows or another machine, a sentence each."""
    return [
        f"The {one.what} is another one: {visible(str(one.before or 'not known'))} before, {visible(str(one.after or 'not known'))} after."
        for one in diff.windows
    ]


def side_rows(document: Mapping[str, Json], is_baseline: bool = False) -> list[tuple[str, str]]:
    """What a side is: its source, its machine and Windows, its control set, its state."""
    evidence, windows = document["evidence"], describe_windows(document)
    if is_baseline:
        return [("Source", visible(evidence["source"]))]
    parts = [windows["computer"], windows["generation"], windows["build"], windows["edition"], windows["architecture"]]
    number = document["control_set"]["number"]
    boots = f"ControlSet{number:03} ({document['control_set']['why']})" if number is not None else "no control set"
    logs = "logs applied" if evidence.get("recovered") else "without its logs" if evidence.get("dirty") else ""
    state = ("dirty" if evidence.get("dirty") else "clean") + (f", {logs}" if logs else "")
    rows = [
        ("Source", evidence["source"]),
        ("Machine", ", ".join(str(part) for part in parts if part)),
        ("Boots", boots),
        ("Hive", f"{state}; last boot {str(evidence.get('last_boot') or 'not known')[:19]}"),
        ("SHA-256", evidence["sha256"]),
    ]
    return [(label, visible(text)) for label, text in rows]


def caveats(diff: Diff) -> list[str]:
    """What makes the two sides less alike in how they were made, a sentence each."""
    if diff.against_baseline:
        return ["A baseline knows settings only: what the boot would do, and what is found, is of the hive alone."]
    told = []
    one, other = diff.before.get("tool") or {}, diff.after.get("tool") or {}
    for field, what in (("version", "versions of hivecheck"), ("rules", "versions of the rules")):
        if one.get(field) != other.get(field):
            pair = f"{visible(str(one.get(field)))} and {visible(str(other.get(field)))}"
            told.append(f"The two analyses were made by different {what}: {pair}.")
    old, new = diff.before.get("options") or {}, diff.after.get("options") or {}
    if old.get("safe_mode") != new.get("safe_mode"):
        told.append("The two sides boot in different modes.")
    if old.get("min_severity") != new.get("min_severity"):
        told.append("The two analyses tell findings from different severities on.")
    return told


def _pair_words(source: str, pair: Mapping[str, Json]) -> str:
    marker = f", marked {pair['marker']}" if pair.get("marker") else ""
    if not pair.get("destination"):
        return f"delete {source or '(an empty path)'}{marker}"
    return f"rename {source} to {pair['destination']}{', replacing it' if pair.get('replaces') else ''}{marker}"

"""Every key and value of two hives, as JSON and on a terminal: the counts by subtree, the noise by class."""

from itertools import islice
from typing import Any

from hivecheck.compare.change import Change, Verdict
from hivecheck.compare.key_verdicts import KeyVerdicts
from hivecheck.compare.subtrees import Subtree, group_by_subtree
from hivecheck.compare.whole_hive import Counts, WholeHiveDiff
from hivecheck.compare.whole_hive_changes import covered_changes, key_changes
from hivecheck.facts.origin import BuiltIn, KeyRef, ValueRef
from hivecheck.facts.visible import visible
from hivecheck.report.diff_view import SIGNS
from hivecheck.report.origins_json import origin_json, problem_json
from hivecheck.report.paper import Paper, clip
from hivecheck.report.view import counted

Json = Any
_SHOWN_SUBTREES = 16
_SHOWN_LETTERS = 200
_MOST_SUSPICIOUS = 200


def keys_fields(diff: WholeHiveDiff, verdicts: KeyVerdicts | None = None) -> dict[str, Json]:
    """The fields of the document: `keys` is made one after another, as it is read."""
    return {
        "keys": map(key_json, key_changes(diff, verdicts=verdicts)),
        "control_sets": [{"before": one, "after": other} for one, other in diff.aligned],
        "key_counts": counts_json(diff.counts),
        "subtrees": [{"path": one.path, "is_rest": one.is_rest, **counts_json(one.counts)} for one in subtrees(diff)],
        "noise": [
            {"id": noise.id, "title": noise.title, "why": noise.why, "verdict": noise.verdict.value, **counts_json(counts)}
            for noise, counts in diff.noise
        ],
        "cut": diff.is_cut,
        "problems": {
            "before": [problem_json(problem) for problem in diff.problems_before],
            "after": [problem_json(problem) for problem in diff.problems_after],
        },
    }


def key_json(change: Change) -> dict[str, Json]:
    """One change of a key or a value; `value` is null where the key itself is meant. Made hundred thousands of times."""
    return {
        "change": change.change,  # a string in JSON
        "what": change.what,
        "value": change.value,
        "before": change.before,
        "after": change.after,
        "verdict": change.verdict,
        "why": change.why,
        "because": [origin_json(one) for one in change.because if isinstance(one, ValueRef | KeyRef | BuiltIn)],
        "text": change.text or None,
        "findings": list(change.findings),
    }


def counts_json(counts: Counts) -> dict[str, Json]:
    return {
        "keys": {"added": counts.keys_added, "removed": counts.keys_removed, "changed": counts.keys_changed},
        "values": {"added": counts.values_added, "removed": counts.values_removed, "changed": counts.values_changed},
    }


def subtrees(diff: WholeHiveDiff) -> tuple[Subtree, ...]:
    """The places that tell nearly all, without noise."""
    return group_by_subtree(diff.differences)


def counts_words(counts: Counts) -> str:
    """The counts that are not 0, in words; `nothing` where all are."""
    told = [
        (counts.keys_added, "key", "added"),
        (counts.keys_removed, "key", "removed"),
        (counts.keys_changed, "key", "rewritten"),
        (counts.values_added, "value", "added"),
        (counts.values_removed, "value", "removed"),
        (counts.values_changed, "value", "changed"),
    ]
    return ", ".join(f"{counted(number, what)} {how}" for number, what, how in told if number) or "nothing"


def subtree_name(subtree: Subtree) -> str:
    """The path, and whether it is only what other groups leave of it."""
    return (visible(subtree.path) or "the whole hive") + (" (the rest)" if subtree.is_rest else "")


def alignment_sentences(diff: WholeHiveDiff) -> list[str]:
    """Which control sets of different numbers were held against each other."""
    return [
        f"ControlSet{one:03} before is held against ControlSet{other:03} after; their paths are told with the number after."
        for one, other in diff.aligned
    ]


def write_keys(diff: WholeHiveDiff, paper: Paper, verdicts: KeyVerdicts | None = None) -> None:
    """The counts of all, what is suspicious, then the counts by subtree and by class of noise."""
    paper.heading(f"Every key and value: {counts_words(diff.counts)}")
    if diff.is_cut:
        paper.put("There are more differences than are held: the rest is only counted, in the JSON too.", styles=("bold",))
    for sentence in alignment_sentences(diff):
        paper.put(sentence)
    if verdicts is not None:
        _write_suspicious(list(islice(covered_changes(diff, verdicts, Verdict.SUSPICIOUS), _MOST_SUSPICIOUS + 1)), paper)
    for subtree in subtrees(diff)[:_SHOWN_SUBTREES]:
        paper.put(f"{clip(subtree_name(subtree), _SHOWN_LETTERS)}: {counts_words(subtree.counts)}", first="  ", indent=4)
    for noise, counts in diff.noise:
        paper.put(f"folded as {noise.title}: {counts_words(counts)}", first="  ", indent=4, styles=("dim",))


def _write_suspicious(changes: list[Change], paper: Paper) -> None:
    """Each key and value that is suspicious by the other heights."""
    for change in changes[:_MOST_SUSPICIOUS]:
        value = f" : {visible(change.value) or '(default)'}" if change.value is not None else ""
        place = clip(f"{visible(change.what) or '(the root)'}{value}", _SHOWN_LETTERS)
        sign = SIGNS[change.change]
        paper.put(
            f"{place}: {clip(visible(change.why), _SHOWN_LETTERS)}",
            first=f"  {sign} suspicious",
            indent=18,
            styles=("red", "bold"),
        )
    if len(changes) > _MOST_SUSPICIOUS:
        paper.put(
            f"more than {_MOST_SUSPICIOUS} are suspicious: --json tells all", first="", indent=18, styles=("red", "bold")
        )

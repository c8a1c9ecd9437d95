"""The third height: which findings are new, which are gone, and which still stand, by fingerprint.

A fingerprint is of a rule and what it is about: the same when the hive is read again, lies elsewhere or is renamed.
"""

from collections.abc import Mapping
from typing import Any

from hivecheck.facts.fact import fact

Json = Any
_RANKS = ("info", "low", "medium", "high", "critical")


@fact
class FindingChanges:
    """The findings as their documents have them, in the order of each report. `still` has those of the after side.

    `severities` are those that still stand, but with another severity: the fingerprint and the severity before.
    """

    new: tuple[Json, ...]
    gone: tuple[Json, ...]
    still: tuple[Json, ...]
    severities: tuple[tuple[str, str], ...]


def compare_findings(before: Mapping[str, Json], after: Mapping[str, Json]) -> FindingChanges:
    """The findings of both sides by fingerprint; several of one fingerprint count as one, the gravest."""
    was, now = _gravest(before["findings"]), _gravest(after["findings"])
    both = [key for key in now if key in was]
    return FindingChanges(
        tuple([one for key, one in now.items() if key not in was]),
        tuple([one for key, one in was.items() if key not in now]),
        tuple([now[key] for key in both]),
        tuple([(key, was[key]["severity"]) for key in both if was[key]["severity"] != now[key]["severity"]]),
    )


def severity_rank(severity: str) -> int:
    """From 0 for info to 4 for critical; -1 for a word that is none."""
    return _RANKS.index(severity) if severity in _RANKS else -1


def stands(finding: Json) -> bool:
    """Whether no profile expects it."""
    return not finding["expected"]


def _gravest(findings: list[Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for one in findings:
        known = found.get(one["fingerprint"])
        if known is None or severity_rank(one["severity"]) > severity_rank(known["severity"]):
            found[one["fingerprint"]] = one
    return found

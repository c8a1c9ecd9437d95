"""The words of a verdict: a reason, and the reasons that come from findings, from a change of a setting, or from the parts of a list."""

from collections.abc import Iterable, Mapping
from typing import Any

from hivecheck.compare.change import Verdict
from hivecheck.compare.difference import Difference
from hivecheck.compare.findings import severity_rank
from hivecheck.facts.fact import fact

Json = Any
_MOST_NAMED = 3


@fact
class Reason:
    """A verdict, why, and the fingerprints of the findings that it cites."""

    verdict: Verdict
    why: str
    findings: tuple[str, ...] = ()


def suspicious(findings: Mapping[str, Json], where: str = "on the after side alone") -> Reason:
    """The reason of the gravest of some findings."""
    worst = _gravest(findings)
    others = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    why = f"{worst['severity']} finding {where}: {worst['title']} ({worst['rule']}){others}"
    return Reason(Verdict.SUSPICIOUS, why, tuple(findings))


def gone(findings: Mapping[str, Json], booted: bool) -> Reason:
    """What the before side's findings cite and is no longer there."""
    told = suspicious(findings, "on the before side alone")
    then = (
        "a boot lies between the two, and may have carried it out" if booted else "nothing tells whether it was carried out"
    )
    return Reason(told.verdict, f"{told.why}; {then}", told.findings)


def unexplained(findings: Mapping[str, Json]) -> Reason:
    """What nothing explains; whatever cites it all the same, be it mild, expected or older, is named and not counted."""
    why = "neither the baseline nor servicing explains it"
    if not findings:
        return Reason(Verdict.UNEXPLAINED, f"{why}, and no rule flags it")
    worst_first = sorted(findings.values(), key=lambda one: -severity_rank(one["severity"]))
    named = [f"{one['severity']} {one['rule']}" + (" (expected)" if one["expected"] else "") for one in worst_first]
    others = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    told = f"no new finding of medium or above cites it, others do: {', '.join(named[:_MOST_NAMED])}{others}"
    return Reason(Verdict.UNEXPLAINED, f"{why}; {told}", tuple(one["fingerprint"] for one in worst_first))


def following(difference: Difference, reason: Reason) -> Reason:
    """The reason of an effect that follows from the change of a setting."""
    return Reason(reason.verdict, f"follows from {difference.what}: {reason.why}", reason.findings)


def of_effect(difference: Difference, reason: Reason) -> Reason:
    """The reason of a setting whose effect is suspicious for reasons of its own."""
    return Reason(reason.verdict, f"its effect {difference.what} is {reason.verdict.value}: {reason.why}", reason.findings)


def of_parts(reasons: Iterable[Reason], own: Reason) -> Reason:
    """The reason of a list, or a key, whose parts differ: that of the part to look at first, or its own where it alone is suspicious."""
    told = tuple(reasons)
    worst = min(told, key=lambda one: one.verdict.rank).verdict
    if own.verdict is Verdict.SUSPICIOUS and worst is not Verdict.SUSPICIOUS:
        return own
    alike = [one for one in told if one.verdict is worst]
    verb = "is" if len(alike) == 1 else "are"
    why = f"{len(alike)} of the {len(told)} changes in it {verb} {worst.value}"
    if len(told) == 1:
        why = f"the one change in it is {worst.value}"
    cited = [*(own.findings if own.verdict is worst else ()), *(one for reason in alike for one in reason.findings)]
    return Reason(worst, why, tuple(dict.fromkeys(cited)))


def is_grave(findings: Mapping[str, Json]) -> bool:
    """Whether one is high or critical, so that no name like that of servicing outweighs it."""
    return any(severity_rank(one["severity"]) >= severity_rank("high") for one in findings.values())


def _gravest(findings: Mapping[str, Json]) -> Json:
    return max(findings.values(), key=lambda one: severity_rank(one["severity"]))

"""The rules where no control set can be chosen: what they find in the set that the boot menu would start instead.

The loader of Windows up to 7 offers the last known good configuration; else the set of the last boot is the next best known.
Source: smss.md E2.1; detections.md 4.C 25.
"""

from collections.abc import Iterator

from hivecheck.facts.fact import changed
from hivecheck.registry.control_sets import ControlSets, control_set_name
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule
from hivecheck.rules.set_comparison import is_compared


def rules_with_fallback(rules: tuple[Rule, ...], case: Case) -> tuple[Rule, ...]:
    """The rules in their order, each with what it finds in the fallback set; unchanged where a set boots, or there is no other."""
    number = _fallback(case.sets)
    fallback = case.of_set(number) if case.control_set is None and number is not None else None
    if fallback is None or number is None:
        return rules
    known_good = case.sets.select_number("LastKnownGood") == number
    role = "the last known good set, which the boot menu starts" if known_good else "the set of the last boot"
    told = f"In {control_set_name(number)}, {role}: "
    return tuple(_with(rule, fallback, told) if is_compared(rule) else rule for rule in rules)


def _fallback(sets: ControlSets) -> int | None:
    for name in ("LastKnownGood", "Current"):
        number = sets.select_number(name)
        if number in sets.present:
            return number
    return None


def _with(rule: Rule, fallback: Case, told: str) -> Rule:
    """The rule with a check that looks at the fallback set, too. Its hits cite no events: the replay is not of that set."""

    def check(case: Case) -> Iterator[Hit]:
        known: set[str] = set()
        for hit in rule.check(case):
            known.add(hit.subject.casefold())
            yield hit
        for hit in rule.check(fallback):
            if hit.subject.casefold() not in known:
                yield changed(hit, message=told + hit.message, events=())

    return changed(rule, check=check)

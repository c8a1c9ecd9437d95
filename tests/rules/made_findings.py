"""Rules, hits and findings made up for tests of what becomes of them: no real rule is needed to tell them."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin, ValueRef
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Finding, Hit, Rule, Severity

KEY = r"ControlSet001\Control\Session Manager"


def made_rule(id: str, *hits: Hit, severity: Severity = Severity.HIGH, family: str = "made up") -> Rule:
    """A rule that finds these hits in every case."""

    def check(case: Case) -> Iterator[Hit]:
        yield from hits

    return Rule(
        id=id,
        family=family,
        title=f"The title of {id}",
        severity=severity,
        confidence=Confidence.MEDIUM,
        techniques=("T1562.001",),
        why="Why it matters.",
        false_positives=("Nothing is harmless.",),
        remedy="Mend the value with `regedit`.",
        sources=("a source",),
        check=check,
    )


def cite(value: str, text: str | None = None, number: int | None = None, key: str = KEY) -> ValueRef:
    """A value of the Session Manager, or one string of it."""
    strings = None if number is None else (number, number)
    return ValueRef("SYSTEM", key, value, 132_000_000_000_000_000, 0x1020, strings, text)


def made_finding(
    id: str,
    severity: Severity = Severity.HIGH,
    subject: str = "subject",
    because: tuple[Origin, ...] = (),
    events: tuple[int, ...] = (),
    threads: tuple[str, ...] = (),
    message: str = "",
    family: str = "made up",
    expected: str = "",
) -> Finding:
    told = message or f"The message of {id}."
    rule = made_rule(id, severity=severity, family=family)
    return Finding(rule, severity, Confidence.MEDIUM, told, subject, because, events, threads, 0, expected)

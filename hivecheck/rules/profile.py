"""The user's own allow-list: findings that are expected here, each with a reason, by rule, value, path or fingerprint.

A TOML file of `[[expect]]` tables:

    [[expect]]
    rule = "bootexec-extra"            # any of these four, all given must fit; rule and value may end in *
    value = "BootExecute"
    path = '*\\\\pdboot*'
    fingerprint = "0123456789abcdef"
    reason = "PerfectDisk is on every server"      # required
    until = 2027-01-01                             # optional: after that day the finding stands again

An expected finding is still counted and listed apart. Nothing is ever left out of the document.
"""

import tomllib
from datetime import date
from fnmatch import fnmatchcase

from hivecheck.errors import UsageError
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import ValueRef
from hivecheck.rules.finding import Finding

_KEYS = {"rule", "value", "path", "fingerprint", "reason", "until"}


@fact
class Expectation:
    """One table of the file. Patterns are folded; '' fits everything."""

    rule: str
    value: str
    path: str
    fingerprint: str
    reason: str
    until: date | None

    def fits(self, finding: Finding) -> bool:
        if self.rule and not fnmatchcase(finding.rule.id, self.rule):
            return False
        if self.fingerprint and finding.fingerprint != self.fingerprint:
            return False
        if self.value and not any(
            isinstance(origin, ValueRef) and fnmatchcase(origin.value.casefold(), self.value) for origin in finding.because
        ):
            return False
        return not self.path or fnmatchcase(finding.subject.casefold(), self.path)


@fact
class Profile:
    """The expectations of one file in order. `lapsed` are those whose day has passed: they count no more."""

    expectations: tuple[Expectation, ...] = ()
    lapsed: tuple[Expectation, ...] = ()

    def judge(self, finding: Finding) -> Finding:
        """The finding, marked with the reason of the first expectation it fits."""
        for one in self.expectations:
            if one.fits(finding):
                return changed(finding, expected=one.reason)
        return finding


def parse_profile(text: str, today: date) -> Profile:
    """The profile in a TOML text. Raises UsageError with the line or the table that is wrong."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the profile is no TOML: {error}") from error
    unknown = set(tables) - {"expect"}
    entries = tables.get("expect", [])
    if unknown or not isinstance(entries, list):
        raise UsageError(
            "a profile holds [[expect]] tables and nothing else", hint=f"Not known: {', '.join(sorted(unknown))}."
        )
    read = [_read(number, entry) for number, entry in enumerate(entries, 1)]
    current = tuple(one for one in read if one.until is None or one.until >= today)
    return Profile(current, tuple(one for one in read if one not in current))


def _read(number: int, entry: object) -> Expectation:
    where = f"[[expect]] table {number} of the profile"
    if not isinstance(entry, dict):
        raise UsageError(f"{where} is no table")
    unknown = set(entry) - _KEYS
    if unknown:
        raise UsageError(
            f"{where} has {', '.join(sorted(unknown))}, which is not known", hint=f"Known: {', '.join(sorted(_KEYS))}."
        )
    texts = {name: entry.get(name, "") for name in _KEYS - {"until"}}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise UsageError(f"{where}: {name} must be a string")
    until = entry.get("until")
    if until is not None and type(until) is not date:
        raise UsageError(f"{where}: until must be a date (2027-01-01)")
    if not texts["reason"].strip():
        raise UsageError(f"{where} gives no reason")
    if not (texts["rule"] or texts["value"] or texts["path"] or texts["fingerprint"]):
        raise UsageError(f"{where} says neither rule, value, path nor fingerprint: it would expect everything")
    value, path = texts["value"].casefold(), texts["path"].casefold()
    return Expectation(texts["rule"], value, path, texts["fingerprint"].lower(), texts["reason"], until)

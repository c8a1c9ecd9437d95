"""The user's own allow-list: findings that are expected here, each with a reason, by rule, value, path or fingerprint.

A TOML file of `[[expect]]` tables:

    [[expect]]
    rule = "bootexec-extra"            # one of these four or several; all that are given must fit; * stands for any letters
    value = "BootExecute"              # the name of a cited value, or its key and name
    path = '*\\pdboot*'                # what the finding is about
    fingerprint = "0123456789abcdef"
    reason = "PerfectDisk is on every server"      # required
    until = 2027-01-01                             # optional: after that day the finding stands again

An expected finding is still counted and listed apart. Nothing is ever left out of the document. A table whose patterns fit
nearly everything (`*i*`, `C:\\Windows\\*`) is refused: one of the four must tell something by itself.
"""

import re
from collections.abc import Collection
from datetime import date
from fnmatch import fnmatchcase

from hivecheck.errors import UsageError
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.rules.rule import Finding

_KEYS = {"rule", "value", "path", "fingerprint", "reason", "until"}
_LETTERS = 4  # that a pattern must have in one piece; one less where it does not begin with *
_ORDINARY = (
    r"program files(?: \(x86\))?|programdata|common files|windows|winnt|system32|syswow64|systemroot|drivers|users"
    r"|documents and settings|temp|harddiskvolume\d*|device|controlset\d*|currentcontrolset|control|services|session manager"
    r"|imagepath|start|\.(?:exe|dll|sys|tmp|dat)\b"
)
"""What paths, keys and values have in common: such words tell no finding from another."""


@fact
class Expectation:
    """One table of the file. Patterns are folded and ready for fnmatch; '' fits everything."""

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
        if self.value and not any(fnmatchcase(name, self.value) for origin in finding.because for name in _names(origin)):
            return False
        return not self.path or any(fnmatchcase(path, self.path) for path in _paths(finding))


def _names(origin: Origin) -> tuple[str, ...]:
    """What an origin may be called by, folded."""
    match origin:
        case ValueRef():
            return origin.value.casefold(), f"{origin.key}\\{origin.value}".casefold()
        case KeyRef():
            return (origin.path.casefold(),)
        case _:
            return ()


def _paths(finding: Finding) -> tuple[str, ...]:
    """The subject, and the files that tie it to others, as `c:\\windows\\x`."""
    files = (thread.removeprefix("file ") for thread in finding.threads if thread.startswith("file "))
    return finding.subject.casefold(), *files


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


def parse_profile(text: str, today: date, rules: Collection[str] = ()) -> Profile:
    """The profile in a TOML text. `rules` are the ids there are; empty: any is taken.

    Raises UsageError with the line or the table that is wrong.
    """
    import tomllib  # few runs have a profile

    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError of its own
        raise UsageError(f"the profile is no TOML: {error}") from error
    unknown = set(tables) - {"expect"}
    entries = tables.get("expect", [])
    if unknown or not isinstance(entries, list):
        hint = f"Not known: {', '.join(sorted(unknown))}." if unknown else "Write [[expect]], in two brackets."
        raise UsageError("a profile holds [[expect]] tables and nothing else", hint=hint)
    read = [_read(number, entry, rules) for number, entry in enumerate(entries, 1)]
    current = tuple(one for one in read if one.until is None or one.until >= today)
    return Profile(current, tuple(one for one in read if one.until is not None and one.until < today))


def _read(number: int, entry: object, rules: Collection[str]) -> Expectation:
    where = f"[[expect]] table {number} of the profile"
    if not isinstance(entry, dict):
        raise UsageError(f"{where} is no table")
    unknown = set(entry) - _KEYS
    if unknown:
        raise UsageError(
            f"{where} has {', '.join(sorted(unknown))}, which is not known", hint=f"Known: {', '.join(sorted(_KEYS))}."
        )
    texts = {name: entry.get(name, "") for name in sorted(_KEYS - {"until"})}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise UsageError(f"{where}: {name} must be a string")
        if name in entry and not text.strip():
            raise UsageError(f"{where}: {name} is empty")
    until = entry.get("until")
    if until is not None and type(until) is not date:
        raise UsageError(f"{where}: until must be a date without quotes and time (2027-01-01)")
    if not texts["reason"]:
        raise UsageError(f"{where} gives no reason")
    given = {name: texts[name] for name in ("rule", "value", "path", "fingerprint") if texts[name].strip("*")}
    if not given:
        raise UsageError(f"{where} says neither rule, value, path nor fingerprint: it would expect everything")
    if not any(map(_tells, given.values())):
        told = " and ".join(f"{name} {text}" for name, text in given.items())
        hint = f"Name the rule or the value as well, or write more of it: {_LETTERS} letters in one piece that are no folder of every Windows."
        raise UsageError(f"{where} would expect nearly everything: {told} fits too much", hint=hint)
    rule = texts["rule"].lower()
    if rules and rule and not any(fnmatchcase(id, _pattern(rule)) for id in rules):
        from difflib import get_close_matches  # for a mistake only

        near = get_close_matches(rule, rules, 1)
        raise UsageError(f"{where}: there is no rule {rule}", hint=f"Is it {near[0]}?" if near else "See `hivecheck rules`.")
    value, path = _pattern(texts["value"].casefold()), _pattern(texts["path"].casefold())
    return Expectation(_pattern(rule), value, path, texts["fingerprint"].lower(), texts["reason"], until)


def _tells(pattern: str) -> bool:
    """Whether a text without `*`, or a pattern, tells some findings from most others."""
    if "*" not in pattern:
        return True
    pieces = re.findall(r"[\w.-]+", re.sub(_ORDINARY, "\\\\", pattern.casefold()))
    return max(map(len, pieces), default=0) >= _LETTERS - (not pattern.startswith("*"))


def _pattern(text: str) -> str:
    """The pattern with `*` alone standing for others: brackets and question marks are letters of paths."""
    return text.replace("[", "[[]").replace("?", "[?]")

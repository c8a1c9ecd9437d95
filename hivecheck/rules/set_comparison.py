r"""What the rules find in one control set and not in another of the same hive. Source: detections.md 4.C 24, 25.

To judge a second set costs as much as the first, so a quick look for a difference that rules would read comes before it.
"""

from collections.abc import Iterator
from itertools import islice

from hivecheck.registry.hive import Key, RawValue, fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import OtherSet
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.services import Service, ServiceDatabase

HITS_AT_MOST = 5_000  # of one rule in one set
_COMPARED_AT_MOST = 5_000  # keys or values of one set
_DEEP = 4  # levels below a key that is compared
_SAME_IN_ALL = frozenset(
    {"seq-default-ne-current", "seq-lkg-diff", "seq-extra-set-on-8plus", "seq-failed-nonzero", "select-mismatch"}
)
_LOOKED_AT = ("Control\\Session Manager", "Control\\Lsa", "Control\\SecurityProviders", "Control\\Print\\Monitors")
_RUNNING_KEYS = frozenset({"APPCOMPATCACHE", "APPCOMPATIBILITY", "POWER", "EXECUTIVE"})
_RUNNING_VALUES = frozenset(
    {
        "VIDEOINITTIME", "BOOTID", "BASETIME", "EXISTINGPAGEFILES", "PENDINGFILERENAMEOPERATIONS",
        "PENDINGFILERENAMEOPERATIONS2", "LSAPID", "PAGEFILEUSAGE", "ALLOWPROTECTEDRENAMES",
    }
)  # fmt: skip


def is_compared(rule: Rule) -> bool:
    """Whether what a rule finds may differ between two sets of one hive: rules of times and of the sets themselves do not count."""
    return rule.id not in _SAME_IN_ALL and rule.family != "times"


def found_only_in(case: Case, other: Case) -> list[tuple[Rule, Hit]]:
    """What the rules find in `case`, worth a word (medium and above), and do not find in `other`, in the order of the rules."""
    from hivecheck.rules.catalog import RULES  # asked only where the sets differ

    compared = [rule for rule in RULES if is_compared(rule)]
    known = {found for rule in compared for found in _worth(rule, other)}
    return [(rule, hit) for rule in compared for found, hit in _worth(rule, case).items() if found not in known]


def _worth(rule: Rule, case: Case) -> dict[tuple[str, str], Hit]:
    """The hits of a rule that are worth a word, by what they are about."""
    found: dict[tuple[str, str], Hit] = {}
    for hit in rule.check(case):
        if (hit.severity or rule.severity) >= Severity.MEDIUM:
            found.setdefault((rule.id, hit.subject.casefold()), hit)
        if len(found) > HITS_AT_MOST:
            break
    return found


def may_be_judged_otherwise(case: Case, other: OtherSet) -> bool:
    """Whether another set differs from the one that boots in what rules read most: a quick look, which ends at the first difference."""
    if _start_otherwise(case.lists.services, other.services):
        return True
    for path in _LOOKED_AT:
        ours, theirs = case.key(path), other.key.subkey(path)
        if ours is not None and theirs is not None and _differ(ours, theirs, _DEEP):
            return True
    return False


def _start_otherwise(ours: ServiceDatabase, theirs: ServiceDatabase) -> bool:
    known = {fold_name(service.name): service for service in ours.services}
    return any(_program(service) != _program(known.get(fold_name(service.name))) for service in theirs.services)


def _program(service: Service | None) -> tuple[object, ...]:
    if service is None:
        return ()
    return service.type, service.start, service.image_path, service.dll, service.account, service.stored_failure_command


def _differ(ours: Key, theirs: Key, deep: int) -> bool:
    """Whether the second key holds a value or key that the first has not, or has otherwise."""
    left = dict(_values(ours))
    if any(left.get(name) != data for name, data in _values(theirs)):
        return True
    if not deep:
        return False
    below = {fold_name(key.name): key for key in islice(ours.subkeys(), _COMPARED_AT_MOST)}
    for key in islice(theirs.subkeys(), _COMPARED_AT_MOST):
        name = fold_name(key.name)
        if name not in _RUNNING_KEYS and (name not in below or _differ(below[name], key, deep - 1)):
            return True
    return False


def _values(key: Key) -> Iterator[tuple[str, tuple[int, bytes]]]:
    for raw in islice(key.values(), _COMPARED_AT_MOST):
        name = fold_name(raw.name)
        if name not in _RUNNING_VALUES:
            yield name, (raw.type, raw.data)


def differences(ours: Key, theirs: Key, path: str, deep: bool) -> Iterator[tuple[str, RawValue | None, RawValue | None]]:
    """Values that differ, by the path of their key; those that every boot changes are left out."""
    left, right = _first_values(ours), _first_values(theirs)
    for name in {**left, **right}:
        one, two = left.get(name), right.get(name)
        if name in _RUNNING_VALUES:
            continue
        if one is None or two is None or (one.type, one.data) != (two.type, two.data):
            yield path, one, two
    if not deep:
        return
    below = {fold_name(key.name): key for key in ours.subkeys()}
    beside = {fold_name(key.name): key for key in theirs.subkeys()}
    for name, key in below.items():
        if name not in _RUNNING_KEYS and name in beside:
            yield from differences(key, beside[name], f"{path}\\{key.name}", deep=path.count("\\") < 4)


def _first_values(key: Key) -> dict[str, RawValue]:
    found: dict[str, RawValue] = {}
    for raw in key.values():
        found.setdefault(fold_name(raw.name), raw)
        if len(found) >= _COMPARED_AT_MOST:
            break
    return found

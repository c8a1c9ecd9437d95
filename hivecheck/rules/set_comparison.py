r"""What the rules find in one control set and not in another of the same hive, and what differs between them.

To judge a second set costs as much as the first, so a quick look for a difference that rules would read comes before it.
Source: detections.md 4.C 24, 25.
"""

from collections.abc import Iterator
from itertools import islice

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.registry.hive import Key, RawValue, fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import OtherSet
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.services import Service, ServiceDatabase

_SM = "Control\\Session Manager"
_ORDINARY_KEYS = frozenset({"ENVIRONMENT", "MEMORY MANAGEMENT", "PREFETCHPARAMETERS"})  # installers and tuning write these
_TOLD = 20
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


def judge_other(case: Case, other: OtherSet, known_good: bool) -> Iterator[Hit]:
    """What the rules find in a set that does not boot next, and not in the one that does."""
    judged = case.of_set(other.number)
    more = [one for one in found_only_in(judged, case) if _rests_on(one[1], other)] if judged is not None else []
    if not more:
        return
    ids = ", ".join(dict.fromkeys(rule.id for rule, _ in more))
    role = "the last known good one" if known_good else "which Select does not name as the next"
    text = (
        f"Only {other.key.name}, {role}, has what these rules find: {ids}. It runs once the loader is told to take that set, and "
        "tools that look at the set of the next boot miss it."
    )
    because = (other.key.ref, *(hit.because[0] for _, hit in more[:_TOLD] if hit.because))
    story = tuple(dict.fromkeys(thread for _, hit in more for thread in hit.story))
    yield Hit(
        text, tuple(dict.fromkeys(because)), f"findings of {other.key.name}", Severity.HIGH, Confidence.MEDIUM, story=story
    )


def _rests_on(hit: Hit, other: OtherSet) -> bool:
    """Whether a hit is about what a set holds, or about its Session Manager: what only lacks there may have come since."""
    within = fold_name(other.key.name) + "\\"
    manager = f"{within}{fold_name(_SM)}"
    return any(
        (isinstance(origin, ValueRef) and fold_name(origin.key).startswith(within))
        or (isinstance(origin, KeyRef) and fold_name(origin.path).startswith(manager))
        for origin in hit.because
    )


def _weights(case: Case) -> dict[tuple[str, str], Severity]:
    """How bad the rules find what stands in each value, by folded key and name: asked only where two sets differ."""
    from hivecheck.rules.catalog import RULES

    found: dict[tuple[str, str], Severity] = {}
    for rule in RULES:
        for hit in rule.check(case) if is_compared(rule) else ():
            severity = hit.severity or rule.severity
            for origin in hit.because:
                if isinstance(origin, ValueRef):
                    place = (fold_name(origin.key), fold_name(origin.value))
                    found[place] = max(found.get(place, severity), severity, key=lambda one: one.rank)
    return found


def _weigh(weights: dict[tuple[str, str], Severity], raw: RawValue | None, ordinary: bool) -> Severity:
    """A difference weighs as much as what is there, high at most; one that no rule speaks of is unexplained: medium."""
    known = weights.get((fold_name(raw.ref.key), fold_name(raw.name))) if raw is not None else None
    if known is not None:
        return min(known, Severity.HIGH, key=lambda one: one.rank)
    return Severity.LOW if ordinary else Severity.MEDIUM


def compare_sets(case: Case, other: OtherSet) -> Iterator[Hit]:
    """What differs between the set that boots next and another, in what smss and lsass read."""
    told = 0
    weights: dict[tuple[str, str], Severity] | None = None
    for path in (_SM, "Control\\Lsa"):
        ours, theirs = case.key(path), other.key.subkey(path)
        if ours is None or theirs is None:
            continue
        for where, one, two in differences(ours, theirs, path, deep=path == _SM):
            told += 1
            if told > _TOLD:
                return
            origins: tuple[Origin, ...] = tuple(raw.ref for raw in (one, two) if raw is not None)
            ordinary = fold_name(where.rpartition("\\")[2]) in _ORDINARY_KEYS
            raw = one or two
            name = (raw.name if raw is not None else "") or "(default)"
            how = (
                "is set otherwise" if one is not None and two is not None else "is set" if one is not None else "is missing"
            )
            text = (
                f"{name} of {where} {how} in the set that boots next than in {other.key.name}. The two sets of a machine that was "
                "left alone differ in nothing that smss or LSA reads."
            )
            weights = _weights(case) if weights is None else weights
            severity = _weigh(weights, one, ordinary)
            yield Hit(text, origins, f"{where}\\{name} against {other.key.name}", severity, Confidence.MEDIUM)

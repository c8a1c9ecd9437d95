"""The differences of two whole hives as changes, one for each key and each value, with the verdict that their place allows.

What a place can't tell is left unexplained, unless the judgement of the other heights covers it.
"""

from collections.abc import Iterator

from hivecheck.compare.change import Change, ChangeKind, Json, Verdict
from hivecheck.compare.key_verdicts import KeyVerdicts
from hivecheck.compare.noise import NoiseClass
from hivecheck.compare.stored_data import value_json
from hivecheck.compare.whole_hive import KeyDifference, KeyState, ValueDifference, WholeHiveDiff
from hivecheck.facts.filetime import iso_or_none
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.keys import state_in

LAST_WRITE = "last write"
_DOUBTFUL = "part of the key can't be read on the side where this is missing, so it may have been there as well"
_NOT_TOLD = "no class of ordinary change covers this place"


def key_changes(diff: WholeHiveDiff, with_noise: bool = True, verdicts: KeyVerdicts | None = None) -> Iterator[Change]:
    """Every change in the order of the differences, a key before its values. Without noise: what no class of noise covers.

    A key or value that a change or a finding of the other heights covers has its verdict, from `verdicts`.
    """
    for one in diff.differences:
        hive = diff.after if one.after is not None else diff.before
        covered = verdicts.of_key(one.path) if verdicts is not None else None
        if _is_told(one) and (with_noise or one.noise is None):
            change = _key_change(one, hive, diff)
            yield change if covered is None else covered.judged_key(change)
        for value in one.values:
            if with_noise or value.noise is None:
                change = _value_change(one, value, diff)
                yield change if covered is None else covered.judged_value(change)


def covered_changes(diff: WholeHiveDiff, verdicts: KeyVerdicts, verdict: Verdict) -> Iterator[Change]:
    """Those of one verdict that the other heights give, without making all the others."""
    for one in diff.differences:
        covered = verdicts.of_key(one.path)
        if covered is None:
            continue
        hive = diff.after if one.after is not None else diff.before
        changes = [covered.judged_key(_key_change(one, hive, diff))] if _is_told(one) else []
        changes += [covered.judged_value(_value_change(one, value, diff)) for value in one.values]
        yield from [change for change in changes if change.verdict is verdict]


def _is_told(one: KeyDifference) -> bool:
    return one.before is None or one.after is None or one.is_rewritten


def _key_change(one: KeyDifference, hive: str, diff: WholeHiveDiff) -> Change:
    standing = one.after or one.before
    assert standing is not None, "a key is on one side at least"
    verdict, why = _verdict(one.noise, one.is_doubtful)
    if one.is_rewritten and one.noise is None:
        verdict, why = _rewritten(one)
    state = state_in(diff.log_sectors[one.after is not None], standing.offset)
    return Change(
        _kind(one.before, one.after),
        one.path,
        _key_json(one.before),
        _key_json(one.after),
        verdict,
        why,
        (KeyRef(hive, one.path, standing.written, standing.offset, state),),
    )


def _rewritten(one: KeyDifference) -> tuple[Verdict, str]:
    """A key's time alone tells no change: any write sets it, and so does a subkey that comes or goes."""
    assert one.before is not None, "a rewritten key is on both sides"
    assert one.after is not None, "a rewritten key is on both sides"
    if one.before.class_name == one.after.class_name:
        return Verdict.MACHINE_STATE, LAST_WRITE
    if one.before.written == one.after.written:
        return Verdict.UNEXPLAINED, "class name"
    return Verdict.UNEXPLAINED, "last write and class name"


def _value_change(one: KeyDifference, value: ValueDifference, diff: WholeHiveDiff) -> Change:
    stored, key, hive = (
        (value.after, one.after, diff.after) if value.after is not None else (value.before, one.before, diff.before)
    )
    assert stored is not None, "a value is on one side at least"
    assert key is not None, "the key of a value is where the value is"
    doubtful = one.values_doubtful and (value.before is None or value.after is None)
    verdict, why = _verdict(value.noise, doubtful)
    state = state_in(diff.log_sectors[value.after is not None], stored[0])
    return Change(
        _kind(value.before, value.after),
        one.path,
        value_json(value.before) if value.before is not None else None,
        value_json(value.after) if value.after is not None else None,
        verdict,
        why,
        (ValueRef(hive, one.path, value.name, key.written, stored[0], state=state),),
        value.name,
    )


def _verdict(noise: NoiseClass | None, is_doubtful: bool) -> tuple[Verdict, str]:
    if is_doubtful:
        return Verdict.UNEXPLAINED, _DOUBTFUL
    if noise is None:
        return Verdict.UNEXPLAINED, _NOT_TOLD
    return noise.verdict, f"{noise.title}: {noise.why}"


def _kind(before: object, after: object) -> ChangeKind:
    return ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED


def _key_json(state: KeyState | None) -> Json:
    return {"written": iso_or_none(state.written), "class": state.class_name} if state is not None else None

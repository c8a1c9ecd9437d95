"""What the reader of a comparison must know first: damage, logs that are missing, sides that are not alike, an order that can't be.

Sentences, visible already, to every renderer of it. Damage comes first.
"""

from collections.abc import Mapping
from typing import Any

from hivecheck.compare.diff import Diff
from hivecheck.compare.doubt import loses_data
from hivecheck.facts.visible import visible

Json = Any
_SHOWN_PROBLEMS = 3


def caveats(diff: Diff) -> list[str]:
    """What makes the two sides less sure, or less alike in how they were made, a sentence each; damage first."""
    if diff.against_baseline:
        told = _damage("The hive", diff.after) + _missing_logs("The hive", diff.after)
        return [*told, "A baseline knows settings only: what the boot would do, and what is found, is of the hive alone."]
    sides = (("The before side", diff.before), ("The after side", diff.after))
    damaged = [one for name, document in sides for one in _damage(name, document)]
    logs = [one for name, document in sides for one in _missing_logs(name, document)]
    return [*damaged, *logs, *_wrong_order(diff), *_made_otherwise(diff)]


def damage_sentences(diff: Diff) -> list[str]:
    """The caveats that tell of damage: what comes before everything else."""
    if diff.against_baseline:
        return _damage("The hive", diff.after)
    return [*_damage("The before side", diff.before), *_damage("The after side", diff.after)]


def damage_rows(document: Mapping[str, Json]) -> list[tuple[str, str]]:
    """What of a side could not be read, as rows of a table: none for a whole one."""
    lost = _lost(document)
    return [("Damage", visible(f"{len(lost):,} problems lose data: {_first(lost)}"))] if lost else []


def _lost(document: Mapping[str, Json]) -> list[Json]:
    if not loses_data(document):
        return []
    return [one for one in document["problems"] if isinstance(one, dict) and one.get("loses_data")]


def _first(lost: list[Json]) -> str:
    rest = len(lost) - _SHOWN_PROBLEMS
    told = "; ".join(str(one.get("message") or one.get("code")) for one in lost[:_SHOWN_PROBLEMS])
    return told + (f"; and {rest:,} more" if rest > 0 else "")


def _damage(name: str, document: Mapping[str, Json]) -> list[str]:
    lost = _lost(document)
    if not lost:
        return []
    return [visible(f"{name} can't be read whole: what is missing there is doubtful ({_first(lost)}).")]


def _missing_logs(name: str, document: Mapping[str, Json]) -> list[str]:
    evidence = document["evidence"]
    if not evidence.get("dirty") or evidence.get("recovered"):
        return []
    return [f"{name} is dirty and stands without its logs: its latest changes may be missing."]


def _wrong_order(diff: Diff) -> list[str]:
    """Whether the after side is the older one, by the last boot and by the number of it. Of one machine only."""
    if any(one.what == "computer" and one.before and one.after for one in diff.windows):
        return []
    one, other = diff.before["evidence"], diff.after["evidence"]
    told: list[str] = []
    for field, what in (("last_boot", "last boot"), ("boot_count", "number of boots")):
        was, now = one.get(field), other.get(field)
        if type(was) is type(now) and isinstance(was, str | int) and was > now:
            told.append(f"{what} {str(was)[:19]} before, {str(now)[:19]} after")
    if not told:
        return []
    return [visible(f"AFTER looks older than BEFORE: {'; '.join(told)}. Were the two sides given the wrong way round?")]


def _made_otherwise(diff: Diff) -> list[str]:
    told = []
    one, other = diff.before.get("tool") or {}, diff.after.get("tool") or {}
    for field, what in (("version", "versions of hivecheck"), ("rules", "versions of the rules")):
        if one.get(field) != other.get(field):
            pair = f"{visible(str(one.get(field)))} and {visible(str(other.get(field)))}"
            told.append(f"The two analyses were made by different {what}: {pair}.")
    old, new = diff.before.get("options") or {}, diff.after.get("options") or {}
    if old.get("safe_mode") != new.get("safe_mode"):
        told.append("The two sides boot in different modes.")
    if old.get("min_severity") != new.get("min_severity"):
        told.append("The two analyses tell findings from different severities on.")
    return told

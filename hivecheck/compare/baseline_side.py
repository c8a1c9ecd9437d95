"""A Windows as shipped as the before side of a comparison: what the baseline of a generation lists, in the form of a document.

The baselines know settings and no boot, so that only settings differ. Where they know nothing of a value, or know several forms
and the hive has one of them, the before side says what the hive says: nothing is told that nobody knows. What Windows ships
without is told wherever the hive has it, also where others are known to write it, as pending renames.
"""

from collections.abc import Mapping
from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.baselines.baseline import Baseline, Data, Standing
from hivecheck.baselines.load import load_baseline
from hivecheck.baselines.standing import missing_values, standing_of_setting
from hivecheck.errors import UsageError
from hivecheck.facts.generation import GENERATIONS, Generation
from hivecheck.settings.row import Row
from hivecheck.settings.setting import Setting

Json = Any
OWN = "own"
_CALM = (Standing.AS_SHIPPED, Standing.KNOWN_VARIANT)


def chosen_generation(choice: str, analysis: Analysis) -> Generation:
    """The generation of this id, that of the hive for `own`. Raises UsageError for an id that is none."""
    if choice == OWN:
        return analysis.generation
    found = next((one for one in GENERATIONS if one.id == choice.casefold()), None)
    if found is None:
        hint = f"Choose {OWN} for that of the hive, or one of {', '.join(one.id for one in GENERATIONS)}."
        raise UsageError(f"no such generation: {choice}", hint=hint)
    return found


def baseline_sides(
    analysis: Analysis, document: Mapping[str, Json], generation: Generation
) -> tuple[dict[str, Json], dict[str, Json]]:
    """The baseline as the before side, and the document with the words of that baseline as the after side."""
    baseline = load_baseline(generation, analysis.facts.architecture.value or "")
    number = document["control_set"]["number"]
    before: dict[str, Json] = {}
    after = {name: dict(setting) for name, setting in document["settings"].items()}
    for row, setting in analysis.settings:
        if row.value is None:
            _put_key(before, after, baseline, row, setting, number)
        else:
            _put_value(before, after, baseline, row, setting, number)
    made = {
        "schema": document["schema"],
        "tool": document["tool"],
        "evidence": {"source": f"baseline of {generation.name}", "hive": f"baseline {generation.id}", "sha256": ""},
        "control_set": document["control_set"],
        "generation": {"name": generation.name, "id": generation.id, "because": []},
        "settings": before,
        "events": [],
        "halted": None,
        "after": {"names": {}, "files": {}, "environment": {}, "registry": []},
        "services": {},
        "findings": [],
    }
    return made, {**document, "settings": after}


def _put_value(
    before: dict[str, Json],
    after: dict[str, Json],
    baseline: Baseline,
    row: Row[Any],
    setting: Setting[Any],
    number: int | None,
) -> None:
    words = standing_of_setting(baseline, row, setting)
    word = words[0] if words else None
    after[row.name]["baseline"] = word.value if word is not None else None
    entry = baseline.entry(row.key, row.value or "")
    if word is None or word is Standing.AS_SHIPPED or (word is Standing.KNOWN_VARIANT and entry is not None):
        before[row.name] = _unsaid(after[row.name])
    elif entry is not None:
        before[row.name] = _made(entry.type, entry.data, after[row.name], (number, row.key, row.value or ""))


def _put_key(
    before: dict[str, Json],
    after: dict[str, Json],
    baseline: Baseline,
    row: Row[Any],
    setting: Setting[Any],
    number: int | None,
) -> None:
    """A key read as a whole: each of its values by itself, and the key where it is there on one side only."""
    words = standing_of_setting(baseline, row, setting)
    if not isinstance(setting.value, tuple):
        if words and words[0] is Standing.MISSING:
            before[row.name] = {**after[row.name], "presence": "written", "value": True}
        elif not words or words[0] in _CALM:
            before[row.name] = _unsaid(after[row.name])
        return
    before[row.name] = _unsaid(after[row.name])
    for place, text in enumerate(setting.value):
        name = f"{row.name}/{text.name}"
        told = after.get(name)
        if told is None:
            continue
        word = words[place] if place < len(words) else None
        told["baseline"] = word.value if word is not None else None
        if word is None or word in _CALM:
            before[name] = _unsaid(told)
            continue
        entry = baseline.entry(row.key, text.name)
        if entry is not None:
            before[name] = _made(entry.type, entry.data, told, (number, row.key, text.name))
    for entry in missing_values(baseline, row, setting):
        before[f"{row.name}/{entry.name}"] = _made(
            entry.type, entry.data, {"reader": row.reader}, (number, row.key, entry.name)
        )


def _unsaid(setting: Mapping[str, Json]) -> dict[str, Json]:
    """The hive's own setting, of which the baseline says nothing else; it cites no place of the baseline."""
    return {**setting, "origins": []}


def _made(type_name: str, data: Data, like: Mapping[str, Json], place: tuple[int | None, str, str]) -> dict[str, Json]:
    """A setting of these data, in the form that the hive's own has; `place` is control set, key below it and name."""
    value: Json = data
    if isinstance(data, bytes):
        value = {"bytes": len(data), "hex": data[:32].hex() + ("…" if len(data) > 32 else "")}
    elif isinstance(data, tuple):
        paging = any(isinstance(one, dict) for one in like.get("value") or ())
        value = [{"text": text, "path": text.split(" ")[0]} for text in data] if paging else list(data)
    number, key, name = place
    path = key.removeprefix("\\") if key.startswith("\\") or number is None else f"ControlSet{number:03}\\{key}"
    origin = {
        "key": path,
        "value": name,
        "strings": None,
        "text": None,
        "written": None,
        "offset": None,
        "state": "allocated",
    }
    return {"presence": "written", "type": type_name, "value": value, "origins": [origin], "reader": like.get("reader", "")}

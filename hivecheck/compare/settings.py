r"""The first height: what the settings of two documents say, each thing held against the one of the same identity.

    KnownDLLs, DOS Devices, Environment, SubSystems    by the name of the value
    BootExecute, SetupExecute, Execute                 by the image of the command
    PendingFileRenameOperations                        by the source path
    PagingFiles                                        by the path
    any other list                                     by the string itself

Names, paths and strings are the same whatever their case. A thing that only stands elsewhere in its list is told as moved.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from hivecheck.compare.alignment import folded, paired
from hivecheck.compare.change import ChangeKind
from hivecheck.compare.difference import Difference, keyed, moved
from hivecheck.facts.command_line import parse_command_line

Json = Any
Setting = Mapping[str, Json]
_COMMANDS = frozenset(
    {"BootExecute", "BootExecuteNoPnpSync", "SetupExecute", "SetupExecuteNoPnpSync", "PlatformExecute", "Execute"}
)
_THERE = ("written", "wrong-type", "unreadable")
_SELECT = ("current", "default", "failed", "last_known_good")
_SELECT_NAMES = {"current": "Current", "default": "Default", "failed": "Failed", "last_known_good": "LastKnownGood"}


def compare_settings(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Difference, ...]:
    """Every difference of the settings, those of `Select` first, then in the order of the after side."""
    return (
        *_compare_select(before["control_set"], after["control_set"]),
        *compare_catalogues(before["settings"], after["settings"]),
        *_compare_software(before.get("software"), after.get("software")),
    )


def compare_catalogues(
    before: Mapping[str, Setting], after: Mapping[str, Setting], prefix: str = ""
) -> Iterator[Difference]:
    """The differences of two sets of settings by catalogue name; `prefix` stands before each name that is told."""
    old = {name.casefold(): (name, setting) for name, setting in before.items()}
    new = {name.casefold(): (name, setting) for name, setting in after.items()}
    for key in (*new, *(key for key in old if key not in new)):
        name = (new.get(key) or old[key])[0]
        yield from _compare_one(prefix + name, old.get(key, (name, {}))[1], new.get(key, (name, {}))[1])


def identity(name: str, element: Json) -> Hashable:
    """What makes an element of a list the same on both sides."""
    if isinstance(element, dict):
        return str(element.get("source", element.get("path", element.get("name", element.get("text", ""))))).casefold()
    text = str(element)
    if name.rpartition("/")[2] in _COMMANDS:
        return parse_command_line(text).image.casefold().removesuffix(".exe")
    return text.casefold()


def is_there(setting: Setting) -> bool:
    """Whether the hive holds it at all, be it in a form that Windows does not read."""
    return setting.get("presence") in _THERE


def _compare_one(name: str, old: Setting, new: Setting) -> Iterator[Difference]:
    was, now = is_there(old), is_there(new)
    if not was and not now:
        return
    one, other = old.get("value") if was else None, new.get("value") if now else None
    if (_is_list(one) and _is_list(other)) or (_is_list(one) and not now) or (_is_list(other) and not was):
        yield from _compare_lists(name, old, new, one, other)
        return
    if was and now and one == other and old.get("type") == new.get("type") and old["presence"] == new["presence"]:
        return
    kind = ChangeKind.CHANGED if was and now else ChangeKind.ADDED if now else ChangeKind.REMOVED
    text = ""
    if was and now and old.get("type") != new.get("type"):
        text = f"{new.get('type')} instead of {old.get('type')}"
        if one == other:
            one, other = {"type": old.get("type"), "value": one}, {"type": new.get("type"), "value": other}
    cited, was_cited = _origins(new if now else old), _origins(old) if was and now else ()
    yield Difference(
        kind, name, one, other, cited, name, _last(name), text, _word(new), was_shipped=_word(old), was_because=was_cited
    )


def _compare_lists(name: str, old: Setting, new: Setting, one: Json, other: Json) -> Iterator[Difference]:
    """The setting itself where only one side has it, then its elements."""
    was, now = is_there(old), is_there(new)
    named = _is_of_names(one) or _is_of_names(other)
    word = _word(new)
    if was != now or old.get("type") != new.get("type") or old.get("presence") != new.get("presence"):
        kind = ChangeKind.CHANGED if was and now else ChangeKind.ADDED if now else ChangeKind.REMOVED
        before, after = _counted(one, old), _counted(other, new)
        yield Difference(
            kind, name, before, after, _origins(new if now else old), name, "", "", word, was_shipped=_word(old)
        )
    before_by = keyed(one or (), lambda element: identity(name, element))
    after_by = keyed(other or (), lambda element: identity(name, element))
    before_by, after_by = paired(before_by, after_by, lambda element: repr(folded(element)))
    old_places = {key: place for place, key in enumerate(before_by)}
    new_places = {key: place for place, key in enumerate(after_by)}
    if not named:  # values of a key are settings of their own
        for key, element in after_by.items():
            if key not in before_by or folded(before_by[key]) != folded(element):
                cited = _cite(new, element, new_places[key])
                if key not in before_by:
                    yield _element(ChangeKind.ADDED, name, None, element, cited, word)
                    continue
                was_cited = _cite(old, before_by[key], old_places[key])
                yield _element(ChangeKind.CHANGED, name, before_by[key], element, cited, word, was_cited)
        for key, element in before_by.items():
            if key not in after_by:
                yield _element(ChangeKind.REMOVED, name, element, None, _cite(old, element, old_places[key]), word)
    for key, was_at, is_at in moved(list(before_by), list(after_by)):
        element = after_by[key]
        text = f"stands at place {is_at + 1} of {len(after_by)}, before: {was_at + 1} of {len(before_by)}"
        what, cited = f"{name}/{label(element)}", _cite(new, element, is_at)
        places = {"place": was_at}, {"place": is_at}
        yield Difference(ChangeKind.MOVED, what, *places, cited, name, label(element), text, word, (), False)


def _element(
    kind: ChangeKind,
    name: str,
    before: Json,
    after: Json,
    because: tuple[Json, ...],
    word: str | None,
    was_because: tuple[Json, ...] = (),
) -> Difference:
    element = after if after is not None else before
    what, named = f"{name}/{label(element)}", label(element)
    return Difference(kind, what, before, after, because, name, named, "", word, (), False, None, was_because)


def label(element: Json) -> str:
    """How an element is named: by its source, its path, its name or its own text."""
    if isinstance(element, dict):
        found = str(element.get("source", element.get("path", element.get("name", element.get("text", "")))))
    else:
        found = str(element)
    return found or "(empty)"


def _cite(setting: Setting, element: Json, place: int) -> tuple[Json, ...]:
    """The origins of a list narrowed to the strings of one element: two for each pair of a rename list, else one."""
    width = 2 if isinstance(element, dict) and "source" in element else 1
    text = f"{element.get('marker') or ''}{element['source']}" if width == 2 else label(element)
    span = [place * width, place * width + width - 1]
    origins = [one for one in setting.get("origins", ()) if isinstance(one, dict)]
    own = [one for one in origins if one.get("strings") == span]
    whole = [{**one, "strings": span, "text": text} for one in origins if "key" in one and one.get("strings") is None]
    return tuple(own or whole or origins[:1])


def _origins(setting: Setting) -> tuple[Json, ...]:
    return tuple(setting.get("origins", ()))


def _word(new: Setting) -> str | None:
    """The baseline's word for the after side, where it has one; `missing` where it misses what went."""
    word = new.get("baseline")
    return word if isinstance(word, str) else None


def _counted(elements: Json, setting: Setting) -> Json:
    """A list as a whole: how long it is, and its type."""
    return {"type": setting.get("type"), "length": len(elements)} if _is_list(elements) else None


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _is_of_names(value: Json) -> bool:
    return _is_list(value) and bool(value) and all(isinstance(one, dict) and "name" in one for one in value)


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _compare_select(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Difference]:
    origins = tuple(after.get("because", ()))
    key = next((one for one in origins if isinstance(one, dict) and one.get("key") == "Select"), {})
    for field in _SELECT:
        name = _SELECT_NAMES[field]
        one, other = before.get(field), after.get(field)
        if one != other:
            kind = (
                ChangeKind.CHANGED if None not in (one, other) else ChangeKind.ADDED if one is None else ChangeKind.REMOVED
            )
            because = ({**key, "key": "Select", "value": name, "strings": None, "text": str(other)},)
            yield Difference(kind, f"Select/{name}", one, other, because, f"Select/{name}", name)
    numbers, others = set(before["present"]), set(after["present"])
    for number in sorted(numbers ^ others):
        kind = ChangeKind.ADDED if number in others else ChangeKind.REMOVED
        name = f"ControlSet{number:03}"
        here, there = (name if number in numbers else None), (name if number in others else None)
        yield Difference(kind, f"control sets/{name}", here, there, (), "control sets", name)


def _compare_software(before: Json, after: Json) -> Iterator[Difference]:
    """The settings of the SOFTWARE hives, where both sides were given one."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return
    settings = before.get("settings"), after.get("settings")
    if isinstance(settings[0], dict) and isinstance(settings[1], dict):
        yield from compare_catalogues(settings[0], settings[1], "SOFTWARE/")

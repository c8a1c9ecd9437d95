r"""The second height: what the next boot would do differently, told by what comes of it.

What the machine ends up with is read from `after` of the two documents (names, files, environment, registry), what runs from
their `events` (programs, services, drivers, libraries, sessions), what waits from `services`. Two events are the same where
they do the same thing to the same thing, whatever their numbers; a control set's own number makes no difference.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from hivecheck.compare.alignment import folded, paired
from hivecheck.compare.change import ChangeKind
from hivecheck.compare.difference import Difference, keyed, moved
from hivecheck.compare.waiting import compare_counts, compare_waiting
from hivecheck.facts.fact import fact

Json = Any
Event = Mapping[str, Json]
_CONTROL_SET = re.compile(r"^ControlSet\d{3}(?=\\|$)", re.IGNORECASE)
_BOOTING = "(the set that boots)"


@fact
class Part:
    """How one kind of event is told: the heading it stands under, what it is the same by, what of it counts, and its verb."""

    heading: str
    identity: tuple[str, ...]
    counts: tuple[str, ...]
    verb: str


# By kind of action. Files and names are told by what the machine ends up with.
_PARTS: Mapping[str, Part] = {
    "run": Part("programs", ("list", "image"), ("command", "waits", "writes_image"), "run"),
    "start-process": Part("processes", ("image", "session"), ("arguments",), "start"),
    "start-subsystem": Part("subsystems", ("name", "session"), ("image", "arguments"), "start the subsystem"),
    "start-service": Part(
        "services", ("name",), ("image", "arguments", "dll", "account", "when", "group"), "start the service"
    ),
    "load-driver": Part("drivers", ("service", "image"), ("image", "start", "group"), "load the driver"),
    "load-library": Part("libraries", ("process", "file"), ("list",), "load the library"),
    "create-session": Part("sessions", ("number",), (), "create the session"),
    "load-hives": Part("hives", (), ("names",), "load the hives"),
    "save-crash-dump": Part(
        "crash dump", (), ("paging_file", "dump_file"), "save a crash dump, if the last session left one"
    ),
}
_OF_NAMES = ("files", "names")  # what is told of them are paths, which have no case
_ORDERED = ("run", "start-service", "load-driver")


def compare_effects(before: Mapping[str, Json], after: Mapping[str, Json], counts: bool = True) -> tuple[Difference, ...]:
    """Every difference of the two boots: whether they halt, what runs, what there is at the end, what waits, and in which order.

    `counts` False leaves out how many services start on demand: each of them is told elsewhere.
    """
    old, new = _Boot(before), _Boot(after)
    return (
        *_compare_halts(before["halted"], after["halted"]),
        *_compare_steps(old, new),
        *_compare_programs(old, new),
        *_compare_state(old, new),
        *compare_waiting(before["services"], after["services"], (_booting_set(before), _booting_set(after))),
        *(compare_counts(before["services"], after["services"]) if counts else ()),
    )


def _booting_set(document: Mapping[str, Json]) -> int | None:
    number = document["control_set"]["number"]
    return number if isinstance(number, int) else None


class _Boot:
    """The events of one document by what they do, made once."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self.after: Mapping[str, Json] = document["after"]
        self.steps = list(dict.fromkeys(event["step"] for event in document["events"]))
        self.programs: dict[str, dict[tuple[Hashable, int], Event]] = {}
        self.makers: dict[tuple[str, str], Event] = {}
        by_kind: dict[str, list[Event]] = {}
        for event in document["events"]:
            by_kind.setdefault(event["action"]["kind"], []).append(event)
            for thing in _things_made(event["action"]):
                self.makers[thing] = event
        for kind in _PARTS:
            self.programs[kind] = keyed(by_kind.get(kind, ()), _identity_of(kind))

    def maker(self, kind: str, name: str) -> Event | None:
        """The last event that made or touched a name, a file, a variable or a value."""
        return self.makers.get((kind, name.casefold()))


def booting_key(key: str) -> str:
    """A key's path without the number of the control set: the two sides are aligned by the role of theirs."""
    return _CONTROL_SET.sub(lambda _: _BOOTING, key)


def _identity_of(kind: str) -> Callable[[Event], Hashable]:
    fields = _PARTS[kind].identity
    if kind == "run":  # smss's own AutoChk.exe is the program that the list calls autochk
        return lambda event: (
            _text(event["action"].get("list")).casefold(),
            _text(event["action"].get("image")).casefold().removesuffix(".exe"),
        )
    if kind == "load-driver":  # a driver of no service is known by its file
        return lambda event: _text(event["action"].get("service") or event["action"].get("image")).casefold()
    return lambda event: tuple([_text(event["action"].get(field)).casefold() for field in fields])


def _things_made(action: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    kind = action["kind"]
    if kind in ("rename", "delete"):
        yield "files", _text(action.get("source")).casefold()
        if action.get("destination"):
            yield "files", _text(action["destination"]).casefold()
    elif kind == "create-paging-file":
        for path in (action.get("path"), *(action.get("candidates") or ())):
            yield "files", _text(path).casefold()
    elif kind == "set-variable":
        yield "environment", _text(action.get("name")).casefold()
    elif kind in ("write-value", "delete-value"):
        yield "registry", f"{booting_key(_text(action.get('key')))}\\{_text(action.get('name'))}".casefold()
    elif "name" in action:
        yield "names", _text(action["name"]).casefold()


def _compare_halts(before: Json, after: Json) -> Iterator[Difference]:
    one = before.get("why") if before is not None else None
    other = after.get("why") if after is not None else None
    if one == other:
        return
    kind = ChangeKind.CHANGED if one and other else ChangeKind.ADDED if other else ChangeKind.REMOVED
    text = f"the boot would halt: {other}" if other else "the boot would no longer halt"
    origins = (after or before).get("because") or ()
    events = (after["event"],) if after is not None and isinstance(after.get("event"), int) else ()
    yield Difference(kind, "halted", one, other, tuple(origins), "halted", "", text, None, events)


def _compare_steps(old: _Boot, new: _Boot) -> Iterator[Difference]:
    for step, was_at, is_at in moved(old.steps, new.steps):
        text = f"the step {step} is number {is_at + 1} of the boot, before: {was_at + 1}"
        yield Difference(ChangeKind.MOVED, f"order/{step}", {"place": was_at}, {"place": is_at}, (), "order", "", text)


def _compare_programs(old: _Boot, new: _Boot) -> Iterator[Difference]:
    for kind, part in _PARTS.items():
        was, now = old.programs[kind], new.programs[kind]
        if kind == "run":
            was, now = paired(was, now, _command_of)
        for key in (*now, *(key for key in was if key not in now)):
            one, other = was.get(key), now.get(key)
            before, after = _shown(one, part), _shown(other, part)
            if folded(before) != folded(after):
                yield _program(part, kind, one, other, before, after)
        if kind in _ORDERED:
            for key, was_at, is_at in moved(list(was), list(now)):
                event = now[key]
                text = f"would {part.verb} {_named(event, kind)} as number {is_at + 1} of {len(now)}, before: {was_at + 1}"
                what, places = f"{part.heading}/{_named(event, kind)}", ({"place": was_at}, {"place": is_at})
                yield Difference(
                    ChangeKind.MOVED, what, *places, tuple(event["because"]), part.heading, _named(event, kind), text
                )


def _program(part: Part, kind: str, one: Event | None, other: Event | None, before: Json, after: Json) -> Difference:
    event = other or one
    assert event is not None, "one of the two sides has it"
    name = _named(event, kind)
    change = ChangeKind.CHANGED if one and other else ChangeKind.ADDED if other else ChangeKind.REMOVED
    told = _told(one, other, part.verb if not part.identity else f"{part.verb} {name}", before, after)
    events = (other["number"],) if other is not None else ()
    what = f"{part.heading}/{name}"
    return Difference(change, what, before, after, tuple(event["because"]), part.heading, name, told, None, events)


def _told(one: Event | None, other: Event | None, does: str, before: Json, after: Json) -> str:
    """What of a program is another thing, in words: whether it would run comes before how. `no` means that it is tried in vain."""
    ran, runs = one is not None and one["done"] != "no", other is not None and other["done"] != "no"
    if other is None:
        return f"would no longer {does}" if ran else f"would no longer try to {does} (in vain before)"
    if not runs:
        then = "would" if ran else "would not" if one is None else "in vain as well"
        return f"would no longer {does}: it tries in vain" if ran else f"would try in vain to {does}, before: {then}"
    if not ran:
        return f"would {does}, before: would not" + ("" if one is None else ", it tried in vain")
    return f"would {does} in another way: {_what_differs(before, after)}"


def _what_differs(before: Mapping[str, Json], after: Mapping[str, Json]) -> str:
    names = {"done": "how sure it is"}
    return ", ".join(names.get(name, name) for name in after if folded(before.get(name)) != folded(after[name]))


def _command_of(event: Event) -> str:
    return _text(event["action"].get("command")).casefold()


def _shown(event: Event | None, part: Part) -> dict[str, Json] | None:
    """What counts of an event; None for none."""
    if event is None:
        return None
    action = event["action"]
    fields = {name: action[name] for name in part.counts if name in action}
    return fields | {"by": event["process"], "step": event["step"], "done": event["done"]}


def _named(event: Event, kind: str) -> str:
    action = event["action"]
    match kind:
        case "run":
            return f"{_text(action.get('list'))}/{_text(action.get('image'))}"
        case "start-subsystem":
            session = action.get("session")
            return _text(action.get("name")) + (f" in session {session}" if session is not None else "")
        case "start-process" if action.get("session") is not None:
            return f"{_text(action.get('image'))} in session {action['session']}"
        case "load-driver":
            return _text(action.get("service") or action.get("image"))
        case "load-library":
            return f"{_text(action.get('process'))}/{_text(action.get('file'))}"
        case "create-session":
            return _text(action.get("number"))
        case "load-hives" | "save-crash-dump":
            return kind.rpartition("-")[2]
        case _:
            return _text(action.get("name", action.get("image")))


def _compare_state(old: _Boot, new: _Boot) -> Iterator[Difference]:
    """What the machine has at the end: files and their fate, names, variables, values that the boot writes."""
    for kind, tell in (("files", _tell_file), ("names", _tell_name), ("environment", _tell_variable)):
        was = {name.casefold(): (name, thing) for name, thing in old.after[kind].items()}
        now = {name.casefold(): (name, thing) for name, thing in new.after[kind].items()}
        yield from _compare_things(kind, was, now, old, new, tell)
    was, now = _written_values(old), _written_values(new)
    yield from _compare_things("registry", was, now, old, new, _tell_value)


def _written_values(boot: _Boot) -> dict[str, tuple[str, Json]]:
    """The values that the boot writes, by key and name; one that it deletes is null."""
    named = [(f"{booting_key(one['key'])}\\{one['name']}", one["value"]) for one in boot.after["registry"]]
    return {name.casefold(): (name, {"value": value}) for name, value in named}


def _compare_things(
    kind: str,
    was: Mapping[str, tuple[str, Json]],
    now: Mapping[str, tuple[str, Json]],
    old: _Boot,
    new: _Boot,
    tell: Callable[[str, Json, Json], str],
) -> Iterator[Difference]:
    for key in (*now, *(key for key in was if key not in now)):
        name = (now.get(key) or was[key])[0]
        one, other = was[key][1] if key in was else None, now[key][1] if key in now else None
        before, after = _thing(one), _thing(other)
        same = folded(before) == folded(after) if kind in _OF_NAMES else before == after
        if same and (key in was) == (key in now):
            continue
        change = ChangeKind.CHANGED if key in was and key in now else ChangeKind.ADDED if key in now else ChangeKind.REMOVED
        maker, tried = (new.maker(kind, key) or old.maker(kind, key)), new.maker(kind, key)
        because = tuple(maker["because"]) if maker is not None else ()
        events = (tried["number"],) if tried is not None else ()  # also where the boot tries in vain
        text = tell(name, before, after)
        yield Difference(change, f"{kind}/{name}", before, after, because, kind, name, text, None, events)


def _thing(value: Json) -> Json:
    """What counts of a thing: whether it is assumed does not."""
    return {name: one for name, one in value.items() if name != "assumed"} if isinstance(value, dict) else value


def _tell_file(path: str, before: Json, after: Json) -> str:
    one, other = _fate(path, before), _fate(path, after)
    return f"{other}, before: {one}" if before is None or after is None else f"{other}; before: {one}"


def _fate(path: str, thing: Json) -> str:
    if thing is None:
        return "would leave it as it is"
    fate = thing["fate"]
    if fate == "deleted":
        return f"would delete {path}"
    return f"would have {path} {fate}" if fate else f"would find {path} {'there' if thing['exists'] == 'yes' else 'gone'}"


def _tell_name(name: str, before: Json, after: Json) -> str:
    if after is None:
        return f"would no longer create {name}"
    leads = f" that leads to {after['target']}" if after["target"] else ""
    told = f"would create {name}, a {after['type']}{leads}"
    return told if before is None else f"{told}, before: {before['target'] or before['type']}"


def _tell_variable(name: str, before: Json, after: Json) -> str:
    if after is None:
        return f"would no longer set {name}"
    return f"would set {name}" + (", before: would not" if before is None else " to another value")


def _tell_value(name: str, _: Json, after: Json) -> str:
    if after is None:
        return f"would leave {name} as it is"
    return f"would delete {name}" if after["value"] is None else f"would write {name}"


def _text(value: Json) -> str:
    return "" if value is None else str(value)

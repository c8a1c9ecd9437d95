"""Services and drivers of two hives by meaning: who starts when, as whom, from which file, and after whom.

Names align without regard to case. Says what the keys under `Services` say; what the next boot makes of them is told with the effects.
"""

from collections.abc import Callable
from typing import NamedTuple

from hivecheck.compare.change import Change, ChangeKind, Json, Verdict
from hivecheck.registry.hive import fold_name
from hivecheck.settings.services import ERROR_CONTROL_NAMES, Service, ServiceDatabase, start_name

_TYPES = {
    0x1: "kernel driver", 0x2: "file system driver", 0x4: "adapter", 0x8: "file system recognizer", 0x10: "own process",
    0x20: "shared process", 0x40: "user service", 0x80: "user service instance", 0x100: "interactive", 0x200: "packaged",
}  # fmt: skip
_PROTECTION = ("none", "Windows", "light Windows", "light antimalware")  # SERVICE_LAUNCH_PROTECTED_*
_NOT_JUDGED = "whose work it is can't be told from the key alone"


class Aspect(NamedTuple):
    """One thing that is told of a service: its name, the values that say it, how it is read, and the sentence it makes."""

    name: str
    values: tuple[str, ...]
    read: Callable[[Service], Json]
    sentence: str


ASPECTS = (
    Aspect("start", ("Start", "StartOverride", "DelayedAutoStart"), lambda one: _start(one), "now starts at: {after} (was: {before})"),
    Aspect("type", ("Type",), lambda one: _type(one), "is now of the type {after} (was: {before})"),
    Aspect("image", ("ImagePath",), lambda one: one.image_path, "now runs {after} (was: {before})"),
    Aspect("dll", ("ServiceDll",), lambda one: one.dll, "now loads {after} (was: {before})"),
    Aspect("account", ("ObjectName",), lambda one: one.account, "now runs as {after} (was: {before})"),
    Aspect("services before it", ("DependOnService",), lambda one: list(one.depends_on_services), "now starts after {after} (was: {before})"),
    Aspect("groups before it", ("DependOnGroup",), lambda one: list(one.depends_on_groups), "now starts after the groups {after} (was: {before})"),
    Aspect("group", ("Group",), lambda one: one.group, "is now in the load order group {after} (was: {before})"),
    Aspect("tag", ("Tag",), lambda one: one.tag, "now has the tag {after} in its group (was: {before})"),
    Aspect("error control", ("ErrorControl",), lambda one: _error_control(one), "now has the error control {after} (was: {before})"),
    Aspect("failure command", ("FailureCommand",), lambda one: one.failure_command, "now runs {after} when it fails (was: {before})"),
    Aspect("protection", ("LaunchProtected",), lambda one: _protection(one), "now has the protection {after} (was: {before})"),
    Aspect("triggers", (), lambda one: one.has_triggers, "now has start triggers: {after} (was: {before})"),
)  # fmt: skip


def compare_services(before: ServiceDatabase, after: ServiceDatabase) -> tuple[Change, ...]:
    """One change for each service that came or went, and for each thing of a service that changed; by folded name."""
    changes: list[Change] = []
    for name in sorted(before.by_name.keys() | after.by_name.keys()):
        old, new = before.by_name.get(name), after.by_name.get(name)
        if old is not None and new is not None:
            changes += _changed(old, new)
        elif new is not None:
            changes.append(_alone(new, ChangeKind.ADDED))
        elif old is not None:
            changes.append(_alone(old, ChangeKind.REMOVED))
    return tuple(changes)


def _changed(old: Service, new: Service) -> list[Change]:
    if old.values == new.values and old.has_triggers == new.has_triggers:
        return []
    found: list[Change] = []
    for aspect in ASPECTS:
        was, now = aspect.read(old), aspect.read(new)
        if _same(aspect, old, was) == _same(aspect, new, now):
            continue
        told = aspect.sentence.format(before=_words(was), after=_words(now))
        text = f"The {_noun(new)} {new.name} {told}."
        what = f"Services/{new.name}/{aspect.name}"
        because = new.cite(*aspect.values)
        found.append(Change(ChangeKind.CHANGED, what, was, now, Verdict.UNEXPLAINED, _NOT_JUDGED, because, None, text))
    return found


def _same(aspect: Aspect, one: Service, said: Json) -> Json:
    r"""What is compared: without case, and a driver's `\SystemRoot\` left out, since its path is taken from there anyway."""
    if isinstance(said, list):
        return [fold_name(text) for text in said]
    if not isinstance(said, str):
        return said
    folded = fold_name(said)
    return folded.removeprefix("\\SYSTEMROOT\\") if aspect.name == "image" and one.is_driver else folded


def _alone(one: Service, kind: ChangeKind) -> Change:
    told: dict[str, Json] = {
        aspect.name: said for aspect in ASPECTS if (said := aspect.read(one)) not in (None, "", [], False)
    }
    parts = [f"starts at: {_words(told.get('start'))}"]
    parts += [f"{name}: {_words(told[name])}" for name in ("image", "dll", "account") if name in told]
    text = f"The {_noun(one)} {one.name} was {kind.value} ({'; '.join(parts)})."
    before, after = (None, told) if kind is ChangeKind.ADDED else (told, None)
    because = one.cite("ImagePath", "Start")
    return Change(kind, f"Services/{one.name}", before, after, Verdict.UNEXPLAINED, _NOT_JUDGED, because, None, text)


def _noun(one: Service) -> str:
    return "driver" if one.is_driver else "service"


def _start(one: Service) -> str:
    return start_name(one.start) + (" (delayed)" if one.delayed and one.start == 2 else "")


def _type(one: Service) -> str:
    """`own process, interactive` for 0x110; what has no name stays a number."""
    if one.type is None:
        return ""
    named = [name for bit, name in _TYPES.items() if one.type & bit]
    rest = one.type & ~sum(_TYPES)
    return ", ".join([*named, f"0x{rest:x}"] if rest or not named else named)


def _error_control(one: Service) -> str:
    return _name_of(one.error_control, ERROR_CONTROL_NAMES)


def _protection(one: Service) -> str:
    return _name_of(one.launch_protected, _PROTECTION)


def _name_of(number: int | None, names: tuple[str, ...]) -> str:
    if number is None:
        return ""
    return names[number] if 0 <= number < len(names) else str(number)


def _words(said: Json) -> str:
    """The value in a sentence; `nothing` where there is none."""
    if isinstance(said, bool):
        return "yes" if said else "no"
    if isinstance(said, list):
        return ", ".join(said) or "nothing"
    return "nothing" if said in (None, "") else str(said)

"""Which of several things of one identity are the same on both sides: those of the same text first, the others in their order.

So a line added before an old one of the same program leaves the old one as it was. Nothing here knows what the things are.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

Json = Any
T = TypeVar("T")
Key = tuple[Hashable, int]


def paired(
    before: Mapping[Key, T], after: Mapping[Key, T], text: Callable[[T], Hashable]
) -> tuple[dict[Key, T], dict[Key, T]]:
    """Both sides as `difference.keyed` gives them, numbered anew: things of one identity and text have one number.

    Each side keeps its order. Takes time in proportion to the things.
    """
    waiting: dict[tuple[Hashable, Hashable], list[Key]] = {}
    for key, thing in before.items():
        waiting.setdefault((key[0], text(thing)), []).append(key)
    found: dict[Key, Key] = {}
    for key, thing in after.items():
        if same := waiting.get((key[0], text(thing))):
            found[key] = same.pop(0)
    used = set(found.values())
    left: dict[Hashable, list[Key]] = {}
    for key in before:
        if key not in used:
            left.setdefault(key[0], []).append(key)
    numbers: dict[Hashable, int] = {}
    for key in before:
        numbers[key[0]] = max(numbers.get(key[0], 0), key[1] + 1)
    for key in after:
        if key in found:
            continue
        if rest := left.get(key[0]):
            found[key] = rest.pop(0)
        else:
            number = numbers.get(key[0], 0)
            numbers[key[0]] = number + 1
            found[key] = key[0], number
    return dict(before), {found[key]: thing for key, thing in after.items()}


def folded(value: Json) -> Json:
    """Plain JSON without regard to the case of its texts, for comparing names, paths and commands."""
    match value:
        case str():
            return value.casefold()
        case dict():
            return {name: folded(one) for name, one in value.items()}
        case list():
            return [folded(one) for one in value]
        case _:
            return value

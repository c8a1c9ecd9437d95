"""Noise: the changes a machine makes by running, told by where they are. The classes are data (`noise.toml`), each with its source.

Folded is not hidden: noise is counted by class and kept, with its verdict. Values that decide what runs (`never`) are no noise in any
key, and none are whose data hold a path, a program or an address (`telling_data`), but in classes that are lists of such.
"""

import re
import tomllib
from collections.abc import Iterable
from pkgutil import get_data
from typing import Any

from hivecheck.compare.change import Verdict
from hivecheck.compare.telling_data import is_telling, is_telling_name
from hivecheck.errors import HivecheckError
from hivecheck.facts.fact import fact
from hivecheck.registry.cells import StoredValue
from hivecheck.registry.hive import fold_name

_TEXTS = ("id", "title", "why", "source")
_LISTS = ("keys", "values")


class NoiseFileError(HivecheckError):
    """A file of noise classes says what has no meaning; the message names the class."""


@fact
class NoiseClass:
    """One class of noise: `why` in one clause for the analyst, `source` who says so, `verdict` whose work it is.

    `lists_programs`: paths are what its data are made of, so they tell nothing.
    """

    id: str
    title: str
    why: str
    source: str
    verdict: Verdict
    lists_programs: bool = False


@fact
class Cover:
    """One class in force: on every value and on the key itself, or (with `names`) on values of some names. `order` is its place in the file."""

    order: int
    noise: NoiseClass
    names: re.Pattern[str] | None


class _Step:
    """A place in the tree of key patterns: what is covered from here on, and the names that lead further."""

    __slots__ = ("covers", "globs", "named")

    def __init__(self) -> None:
        self.covers: list[Cover] = []
        self.named: dict[str, _Step] = {}
        self.globs: dict[str, tuple[re.Pattern[str], _Step]] = {}

    def grown(self, folded: str) -> "_Step":
        """The step that this name of a pattern leads to, made where there is none yet."""
        if "*" not in folded:
            return self.named.setdefault(folded, _Step())
        return self.globs.setdefault(folded, (_any_of([folded]), _Step()))[1]

    def taken(self, folded: str) -> "list[_Step]":
        """The steps that a key of this name leads to."""
        found = [step for pattern, step in self.globs.values() if pattern.fullmatch(folded)]
        if (named := self.named.get(folded)) is not None:
            found.append(named)
        return found


class Standing:
    """What the rules say of one key: `covers` are in force in it and below it, `steps` are the patterns that it has matched so far.

    `of_key` is the class of the key itself, None where it is no noise.
    """

    __slots__ = ("covers", "of_key", "steps")

    def __init__(self, steps: tuple[_Step, ...], covers: tuple[Cover, ...] = ()) -> None:
        self.steps = steps
        self.covers = covers
        self.of_key = next((cover.noise for cover in covers if cover.names is None), None)


class NoiseRules:
    """The classes in the order of their file, and the standing of the root: that of each other key follows from its parent's."""

    __slots__ = ("_never", "classes", "root")

    def __init__(self, classes: tuple[NoiseClass, ...], never: frozenset[str], top: _Step) -> None:
        self.classes = classes
        self._never = never
        self.root = Standing((top,))

    def below(self, standing: Standing, folded: str) -> Standing:
        """The standing of a subkey of this folded name."""
        if not standing.steps:
            return standing
        steps = [further for step in standing.steps for further in step.taken(folded)]
        covers = [cover for step in steps for cover in step.covers]
        if covers:
            covers = sorted((*standing.covers, *covers), key=lambda cover: cover.order)
        return Standing(tuple(steps), tuple(covers) or standing.covers)

    def of_value(self, standing: Standing, name: str, *data: bytes, is_alone: bool = False) -> NoiseClass | None:
        """The class of a value of this name and data (of both sides) in a key of this standing, None where it is no noise.

        `is_alone`: one side alone has it, so that its name counts as its data do.
        """
        if not standing.covers:
            return None
        folded = fold_name(name)
        if folded in self._never:
            return None
        noise = next(
            (cover.noise for cover in standing.covers if cover.names is None or cover.names.fullmatch(folded)), None
        )
        if noise is None or noise.lists_programs:
            return noise
        return None if any(map(is_telling, data)) or (is_alone and is_telling_name(name)) else noise

    def of_values(self, standing: Standing, values: Iterable[StoredValue]) -> tuple[NoiseClass | None, ...]:
        """The classes of several values that one side alone has, in their order."""
        first = standing.covers[0] if standing.covers else None
        if first is None or first.names is not None or first.noise.lists_programs:
            return tuple([self.of_value(standing, one[1], one[3], is_alone=True) for one in values])
        noise, never = first.noise, self._never  # of all values, as in most keys that are noise
        return tuple(
            [
                None
                if (name.upper() if name.isascii() else fold_name(name)) in never
                or is_telling(data)
                or is_telling_name(name)
                else noise
                for _, name, _, data, _ in values
            ]
        )


def load_noise() -> NoiseRules:
    """The classes that come with hivecheck."""
    data = get_data("hivecheck.compare", "noise.toml")
    if data is None:
        raise NoiseFileError("noise.toml is missing from the installation", hint="Install hivecheck again.")
    return parse_noise(data.decode("utf-8"))


def parse_noise(text: str) -> NoiseRules:
    """The classes in this TOML. Raises NoiseFileError for a class with a part that is missing, unknown or of another kind."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoiseFileError(f"the file of noise classes is no TOML: {error}") from error
    top = _Step()
    classes: dict[str, NoiseClass] = {}
    for fields in document.get("class", []):
        noise = _noise_class(fields)
        if noise.id in classes:
            raise NoiseFileError(f"two noise classes are called {noise.id}")
        names = _any_of(fields["values"]) if "values" in fields else None
        for path in fields["keys"]:
            step = top
            for name in path.split("\\"):
                step = step.grown(fold_name(name))
            step.covers.append(Cover(len(classes), noise, names))
        classes[noise.id] = noise
    return NoiseRules(tuple(classes.values()), frozenset(map(fold_name, document.get("never", []))), top)


def _noise_class(fields: dict[str, Any]) -> NoiseClass:
    told = f"noise class {fields.get('id', '?')}"
    if odd := fields.keys() - {*_TEXTS, *_LISTS, "verdict", "lists_programs"}:
        raise NoiseFileError(f"{told}: nothing is called {', '.join(sorted(odd))}")
    for name in _TEXTS:
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise NoiseFileError(f"{told}: {name} must be a text")
    for name in _LISTS:
        texts = fields.get(name, ["*"] if name == "values" else [])
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
            raise NoiseFileError(f"{told}: {name} must be a list of texts")
    try:
        verdict = Verdict(fields.get("verdict", Verdict.MACHINE_STATE))
    except ValueError as error:
        raise NoiseFileError(f"{told}: {error}") from error
    lists_programs = fields.get("lists_programs", False)
    if not isinstance(lists_programs, bool):
        raise NoiseFileError(f"{told}: lists_programs must be true or false")
    return NoiseClass(fields["id"], fields["title"], fields["why"], fields["source"], verdict, lists_programs)


def _any_of(globs: list[str]) -> re.Pattern[str]:
    r"""Matches, in full, a folded name that fits one of these: `*` stands for any letters."""
    return re.compile("|".join(".*".join(map(re.escape, fold_name(glob).split("*"))) for glob in globs), re.DOTALL)

"""Compiles the TOML files of the baselines into the one JSON file that a run reads: `python -m hivecheck.baselines.compile`.

Parsing the TOML takes fifty times as long as reading the JSON. A test fails where the two no longer say the same.
What may stand in a TOML file is told in docs/baselines.md.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hivecheck.baselines.layer import ANY_DATA, OPTIONAL
from hivecheck.baselines.load import COMPILED
from hivecheck.facts.generation import GENERATIONS
from hivecheck.registry.hive import REG_BINARY, REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_QWORD, REG_SZ, fold_name

FOLDER = Path(__file__).parent
_TYPES: dict[str, tuple[int, type]] = {
    "sz": (REG_SZ, str),
    "expand": (REG_EXPAND_SZ, str),
    "multi": (REG_MULTI_SZ, list),
    "dword": (REG_DWORD, int),
    "qword": (REG_QWORD, int),
    "binary": (REG_BINARY, str),
}
_EMPTY: dict[str, str | int | list[str]] = {"sz": "", "expand": "", "multi": [], "dword": 0, "qword": 0, "binary": ""}
_CERTAINTIES = ("high", "medium", "low")
_VARIANTS = ("known variant", "known third-party")
_IDS = tuple(row.id for row in GENERATIONS)
_BLOCK = {"key", "source", "architectures", "optional", "any", *_TYPES}
_FILE = {"extends", "certainty", "bridges", "about", "values", "without", "variants", "keys"}


class BaselineFileError(ValueError):
    """A TOML file of the baselines that can't be compiled."""


def compile_baselines(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The layers of the TOML files in a folder, oldest first. Raises BaselineFileError, naming the file and what is wrong."""
    read = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    known = {row.id: row for row in GENERATIONS}
    for id in read:
        if id not in known:
            raise BaselineFileError(f"{id}.toml: there is no generation {id!r}")
    order = sorted(read, key=lambda id: known[id].version)
    layers: list[dict[str, Any]] = []
    seen: dict[str, dict[str, set[str]]] = {}
    for place, id in enumerate(order):
        older = order[place - 1] if place else ""
        if read[id].get("extends", "") != older:
            raise BaselineFileError(f"{id}.toml: extends must be {older!r}, the generation before it")
        layers.append(_Compiler(id, known[id].name, read[id], seen).layer())
    return layers


def write_baselines(folder: Path = FOLDER) -> None:
    """Compiles the TOML files of a folder into the JSON file beside them."""
    (folder / COMPILED).write_text(as_json(compile_baselines(folder)), encoding="utf-8", newline="\n")


def as_json(layers: list[dict[str, Any]]) -> str:
    """The layers as they are shipped: one line a layer."""
    lines = (json.dumps(layer, ensure_ascii=False, separators=(",", ":")) for layer in layers)
    return "[" + ",\n".join(lines) + "]\n"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BaselineFileError(f"{path.name}: {error}") from error


def _listed(values: dict[str, dict[str, Any]]) -> dict[str, list[list[Any]]]:
    """The rows of each key as a list; flags of 0 are left out, and of a value that is taken away stands the name alone."""
    return {
        key: [[name] if row is None else row if row[4] else row[:4] for name, row in rows.items()]
        for key, rows in values.items()
    }


def _is_of(data: Any, wanted: type, kind: str) -> bool:
    if wanted is list:
        return isinstance(data, list) and all(isinstance(text, str) for text in data)
    if kind == "binary":
        return isinstance(data, str) and re.fullmatch("(?:[0-9a-f]{2})*", data) is not None
    return isinstance(data, wanted) and not isinstance(data, bool)


class _Compiler:
    """Compiles one file. `seen` are the values that it or an older file has, so that only these can be taken away."""

    def __init__(self, id: str, name: str, file: Mapping[str, Any], seen: dict[str, dict[str, set[str]]]) -> None:
        self.id = id
        self.name = name
        self.file = file
        self.seen = seen
        self.sources: dict[str, int] = {}

    def layer(self) -> dict[str, Any]:
        self.check(set(self.file) <= _FILE, "the file", f"unknown {', '.join(sorted(set(self.file) - _FILE))}")
        certainty = self.file.get("certainty")
        self.check(certainty in _CERTAINTIES, "certainty", f"{certainty!r} is none of {', '.join(_CERTAINTIES)}")
        values: dict[str, dict[str, Any]] = {}
        on: dict[str, dict[str, dict[str, Any]]] = {}
        self.take_away(values, on)
        for block in self.blocks("values"):
            self.add_values(block, values, on)
        return {
            "id": self.id,
            "name": self.name,
            "certainty": certainty,
            "bridges": bool(self.file.get("bridges", False)),
            "values": _listed(values),
            "on": {architecture: _listed(values) for architecture, values in on.items()},
            "variants": self.variants(),
            "keys": self.keys(),
            "sources": list(self.sources),
        }

    def blocks(self, name: str) -> Iterator[Mapping[str, Any]]:
        blocks = self.file.get(name, [])
        self.check(isinstance(blocks, list), name, "must be an array of tables")
        for block in blocks:
            self.check(isinstance(block.get("key"), str), f"a block of {name}", "has no key")
            yield block

    def add_values(
        self, block: Mapping[str, Any], values: dict[str, dict[str, Any]], on: dict[str, dict[str, dict[str, Any]]]
    ) -> None:
        key = block["key"]
        self.check(set(block) <= _BLOCK, key, f"unknown {', '.join(sorted(set(block) - _BLOCK))}")
        source = self.source(block, key)
        flags = OPTIONAL if block.get("optional") else 0
        rows: dict[str, Any] = {}
        for kind, (type_number, wanted) in _TYPES.items():
            for name, data in block.get(kind, {}).items():
                self.check(_is_of(data, wanted, kind), f"{key}\\{name}", f"{data!r} is no {kind}")
                self.check(fold_name(name) not in rows, key, f"gives {fold_name(name)} twice")
                rows[fold_name(name)] = [name, type_number, data, source, flags]
        for name, kind in block.get("any", {}).items():
            self.check(kind in _TYPES, f"{key}\\{name}", f"{kind!r} is no type")
            self.check(fold_name(name) not in rows, key, f"gives {fold_name(name)} twice")
            rows[fold_name(name)] = [name, _TYPES[kind][0], _EMPTY[kind], source, flags | ANY_DATA]
        self.check(bool(rows), key, "gives no value")
        folded = fold_name(key)
        architectures = block.get("architectures", [])
        for target in [on.setdefault(one, {}) for one in architectures] or [values]:
            into = target.setdefault(folded, {})
            twice = into.keys() & rows.keys()
            self.check(not any(into[name] for name in twice), key, f"gives {', '.join(sorted(twice))} twice")
            into.update(rows)
        for name in rows:
            self.seen.setdefault(folded, {}).setdefault(name, set()).update(architectures)

    def take_away(self, values: dict[str, dict[str, Any]], on: dict[str, dict[str, dict[str, Any]]]) -> None:
        for block in self.blocks("without"):
            key, folded = block["key"], fold_name(block["key"])
            self.check(set(block) <= {"key", "names"}, key, "without takes only key and names")
            shipped = self.seen.get(folded, {})
            for name in [fold_name(name) for name in block.get("names", [])] or list(shipped):
                self.check(name in shipped, key, f"no older generation ships {name}")
                values.setdefault(folded, {})[name] = None
                for architecture in shipped.pop(name):
                    on.setdefault(architecture, {}).setdefault(folded, {})[name] = None

    def variants(self) -> dict[str, dict[str, list[Any]]]:
        found: dict[str, dict[str, list[Any]]] = {}
        for block in self.blocks("variants"):
            key = block["key"]
            wrong = set(block) - {"key", "name", "names", "data", "standing", "who", "source", "until"}
            self.check(not wrong, key, f"unknown {', '.join(sorted(wrong))}")
            word, who = block.get("standing"), block.get("who")
            self.check(word in _VARIANTS, key, f"{word!r} is none of {', '.join(_VARIANTS)}")
            self.check(isinstance(who, str) and bool(who), key, "a variant says who it is from")
            names = block.get("names", [block["name"]] if "name" in block else [])
            self.check(bool(names), key, "a variant has a name or names")
            until = block.get("until", "")
            self.check(until in ("", *_IDS), key, f"until: there is no generation {until!r}")
            for name in names:
                row = [block.get("data"), word, who, self.source(block, key), until]
                found.setdefault(fold_name(key), {}).setdefault(fold_name(name), []).append(row)
        return found

    def keys(self) -> dict[str, list[list[str]]]:
        found: dict[str, list[list[str]]] = {}
        for block in self.blocks("keys"):
            key = block["key"]
            self.check(set(block) <= {"key", "names", "without", "source"}, key, "keys takes names, without and source")
            self.source(block, key)
            added, removed = ([fold_name(name) for name in block.get(part, [])] for part in ("names", "without"))
            self.check(bool(added or removed), key, "names no key")
            into = found.setdefault(fold_name(key), [[], []])
            into[0] += added
            into[1] += removed
        return found

    def source(self, block: Mapping[str, Any], key: str) -> int:
        source = block.get("source")
        self.check(isinstance(source, str) and bool(source), key, "has no source")
        return self.sources.setdefault(str(source), len(self.sources))

    def check(self, is_right: bool, where: str, what: str) -> None:
        if not is_right:
            raise BaselineFileError(f"{self.id}.toml: {where}: {what}")


if __name__ == "__main__":
    write_baselines()

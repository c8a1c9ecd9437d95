"""Which baseline a hive is held against. The data are in the TOML files beside this one; what is read is their compiled form."""

import json
from functools import cache
from typing import Any, cast

from hivecheck.baselines.baseline import Baseline
from hivecheck.baselines.layer import Layer
from hivecheck.facts.generation import GENERATIONS, WIN8, Generation

COMPILED = "compiled.json"
_THIRTY_TWO_BIT = frozenset({"X86", "ALPHA", "MIPS", "PPC", "ARM"})


@cache
def load_baseline(generation: Generation, architecture: str) -> Baseline:
    """The baseline of a generation on an architecture (`x86`, `AMD64`, `ARM64` ...; '' where it is not known).

    That of the nearest older generation, marked so, where there is none of its own; of the oldest where none is older.
    """
    layers = load_layers()
    older = {row.id for row in GENERATIONS if row <= generation}
    above = max((place for place, layer in enumerate(layers, 1) if layer.id in older), default=1)
    nearest = layers[above - 1].id != generation.id
    return Baseline(generation, architecture, _kind(generation, architecture), nearest, layers, above)


@cache
def load_layers() -> tuple[Layer, ...]:
    """The layers of all generations, oldest first."""
    loader = cast("Any", __spec__).loader  # also reads from a zip file
    data = loader.get_data(__file__.removesuffix("load.py") + COMPILED)
    return tuple(Layer(compiled) for compiled in json.loads(data))


def _kind(generation: Generation, architecture: str) -> str:
    """The architecture of the files that is followed: 64-bit ones are as AMD64, and one that is not known as most machines."""
    if not architecture:
        return "AMD64" if generation >= WIN8 else "x86"
    return "x86" if architecture.upper() in _THIRTY_TWO_BIT else "AMD64"

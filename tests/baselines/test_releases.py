"""Which builds are releases, and what is said where a baseline stands in for another Windows."""

import pytest

from hivecheck.baselines.baseline import Baseline
from hivecheck.baselines.load import load_baseline, load_layers
from hivecheck.baselines.releases import is_released, stand_in_words
from hivecheck.facts.generation import GENERATIONS, WIN10_2004, WIN11, Generation


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda row: row.id)
def test_every_generation_begins_with_a_release_and_has_a_baseline_of_its_own(generation: Generation) -> None:
    assert is_released(generation.version)
    assert stand_in_words(load_baseline(generation, "AMD64"), generation.version) == ""


@pytest.mark.parametrize("build", [19040, 19046, 27000, 0])
def test_another_build_is_told(build: int) -> None:
    text = stand_in_words(load_baseline(WIN10_2004, "AMD64"), (10, 0, build))
    assert text.startswith(f"Build {build} is no release that is known here: the baseline and the boot of {WIN10_2004.name}")


def test_a_build_that_is_not_named_is_none() -> None:
    assert stand_in_words(load_baseline(WIN10_2004, "AMD64"), None) == ""


def test_a_baseline_of_another_generation_is_told_whatever_the_build() -> None:
    layers = load_layers()
    above = next(place for place, layer in enumerate(layers, 1) if layer.id == WIN10_2004.id)
    standing_in = Baseline(WIN11, "AMD64", "AMD64", True, layers, above)
    words = f"There is no baseline of {WIN11.name}: that of {WIN10_2004.name} is used, the nearest that there is."
    assert stand_in_words(standing_in, WIN11.version) == words

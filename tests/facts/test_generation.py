"""The Windows generations: smss.md 0.2."""

import pytest

from hivecheck.facts.generation import (
    GENERATIONS,
    NT4,
    NT31,
    VISTA,
    WIN7,
    WIN10_1709,
    WIN10_1903,
    WIN10_1909,
    WIN10_2004,
    WIN11,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Family,
    Generation,
    generation_by_id,
    generation_of_build,
)


def test_generations_are_listed_from_the_oldest_and_ordered_by_their_version() -> None:
    assert list(GENERATIONS) == sorted(GENERATIONS)
    assert len({row.version for row in GENERATIONS}) == len({row.id for row in GENERATIONS}) == len(GENERATIONS)
    assert NT4 < WIN2000 < XP < WIN2003 < VISTA < WIN7 < WIN81 < WIN10_1709 < WIN11 < WIN11_24H2
    assert max(GENERATIONS) is WIN11_24H2
    assert XP <= XP


@pytest.mark.parametrize(
    ("version", "row"),
    [
        ((4, 0, 1381), NT4),
        ((5, 0, 2195), WIN2000),
        ((5, 1, 2600), XP),
        ((5, 2, 3790), WIN2003),
        ((6, 0, 6002), VISTA),
        ((6, 1, 7601), WIN7),
        ((6, 3, 9600), WIN81),
        ((10, 0, 16299), WIN10_1709),
        ((10, 0, 18362), WIN10_1903),
        ((10, 0, 18363), WIN10_1909),
        ((10, 0, 19045), WIN10_2004),
        ((10, 0, 22631), WIN11),
        ((10, 0, 26200), WIN11_24H2),
        ((11, 0, 1), WIN11_24H2),
        ((3, 1, 1), NT31),
        ((0, 0, 0), NT31),
    ],
)
def test_a_build_belongs_to_the_newest_row_that_is_not_above_it(version: tuple[int, int, int], row: Generation) -> None:
    assert generation_of_build(*version) is row


def test_families_follow_one_another() -> None:
    families = [row.family for row in GENERATIONS]
    assert families == sorted(families, key=lambda family: family.value)
    assert {row.family for row in (NT4, NT31)} == {Family.G1}
    assert {row.family for row in (WIN2000, XP, WIN2003)} == {Family.G2}
    assert {row.family for row in (VISTA, WIN7)} == {Family.G3}
    assert {row.family for row in GENERATIONS if row > WIN7} == {Family.G4}


def test_a_row_is_found_by_its_id() -> None:
    assert [generation_by_id(row.id) for row in GENERATIONS] == list(GENERATIONS)
    with pytest.raises(KeyError):
        generation_by_id("windows-95")

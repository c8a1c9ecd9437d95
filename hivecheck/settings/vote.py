"""A vote: one mark found in a hive, and the Windows generations it fits.

The generations are bits of a number, in the order of GENERATIONS, because most marks speak of a run of them and some of
all but a few. Nothing here knows what the marks are.
"""

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import GENERATIONS, WIN10_1903, WIN10_1909, Generation
from hivecheck.facts.origin import Origin

_PLACES = {generation.id: place for place, generation in enumerate(GENERATIONS)}
ALL = (1 << len(GENERATIONS)) - 1
Version = tuple[int, int, int]


@fact
class Vote:
    """`text` says what was found in `key` (`Kmode is missing`). `names_build`: it names a build outright."""

    key: str
    text: str
    fits: int
    weight: float
    because: tuple[Origin, ...]
    names_build: bool = False

    def supports(self, generation: Generation) -> bool:
        return bool(self.fits & only(generation))


def only(generation: Generation) -> int:
    """The bit of one generation."""
    return 1 << _PLACES[generation.id]


def between(first: Generation, last: Generation = GENERATIONS[-1]) -> int:
    """The bits of a run of generations, both ends included."""
    return (only(last) << 1) - only(first)


def generation_of_version(version: Version) -> Generation:
    """The newest row of the same major and minor version that is not newer; drivers of 2000 and XP carry older builds."""
    rows = [row for row in GENERATIONS if row.version[:2] == version[:2]]
    return next((row for row in reversed(rows) if row.version <= version), rows[0])


def fits_version(version: Version) -> int:
    """1909 is 1903 with a switch thrown: its files keep the build of 1903, so what names that build fits both."""
    generation = generation_of_version(version)
    return only(generation) | (only(WIN10_1909) if generation is WIN10_1903 else 0)


def describe_fits(fits: int) -> str:
    """`up to Windows 7`, `Windows 8 and later`, `Windows Vista to Windows 7`; runs are joined by `or`."""
    runs: list[str] = []
    place = 0
    while fits >> place:
        if not fits >> place & 1:
            place += 1
            continue
        first = place
        while fits >> place & 1:
            place += 1
        runs.append(_describe_run(first, place - 1))
    return " or ".join(runs) or "no generation"


def _describe_run(first: int, last: int) -> str:
    if first == last:
        return GENERATIONS[first].name
    if first == 0:
        return f"up to {GENERATIONS[last].name}"
    if last == len(GENERATIONS) - 1:
        return f"{GENERATIONS[first].name} and later"
    return f"{GENERATIONS[first].name} to {GENERATIONS[last].name}"

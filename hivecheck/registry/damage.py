"""The damage met while a hive is read: each place told once, and no more of them than an analyst can use."""

from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Key


class Damage:
    """A list of problems that only grows. Two problems are the same if code and place are."""

    __slots__ = ("_lost", "_most", "_told", "_untold")

    def __init__(self, most: int) -> None:
        self._most = most
        self._told: dict[tuple[str, int], Problem] = {}
        self._untold = 0
        self._lost = False

    def tell(self, code: str, offset: int, message: str, owner: Key | None, loses_data: bool = False) -> Problem:
        """The problem at this place (bytes from the start of the file), noted if new; `owner` is the key it was met in."""
        place = (code, offset)
        known = self._told.get(place)
        if known is not None:
            return known
        problem = Problem(code, message, (owner.ref,) if owner is not None else (), loses_data)
        if len(self._told) < self._most:
            self._told[place] = problem
        else:
            self._untold += 1
            self._lost |= loses_data
        return problem

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All told so far; the last one counts those beyond the limit, where there are any."""
        told = tuple(self._told.values())
        if not self._untold:
            return told
        rest = f"{self._untold} further problems are not listed (one met twice is counted twice)"
        return (*told, Problem("limit-problems", rest, loses_data=self._lost))

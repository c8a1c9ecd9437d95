"""The answer to a request: whether it succeeds, why, on what assumptions, and what changes."""

from hivecheck.boot.machine import Change
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact


@fact
class Outcome:
    """`changes` are those of a yes where `done` is UNKNOWN. `certainty` is that of the rule which decided."""

    done: Done
    why: str = ""
    changes: tuple[Change, ...] = ()
    assumes: tuple[str, ...] = ()
    certainty: Certainty = Certainty.A


def yes(*changes: Change, why: str = "") -> Outcome:
    return Outcome(Done.YES, why, changes)


def no(why: str, certainty: Certainty = Certainty.A) -> Outcome:
    return Outcome(Done.NO, why, certainty=certainty)

"""A guess: what the hive lets us conclude about the machine, with the reasons and how far to trust them.

A SYSTEM hive names neither its Windows version nor its system root. What is concluded carries the values it was concluded
from, so that an examiner can conclude otherwise. Nothing here knows what is guessed or where the reasons lie.
"""

from typing import Generic, TypeVar

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@fact
class Reason:
    """One sentence for the analyst, with the values or keys it speaks of. A contradiction is a reason too."""

    text: str
    because: tuple[Origin, ...] = ()


@fact
class Guess(Generic[T_co]):
    """`value` is None where nothing in the hive allows a guess; the reasons then say what is missing."""

    value: T_co | None
    confidence: Confidence
    reasons: tuple[Reason, ...]

    @property
    def because(self) -> tuple[Origin, ...]:
        """Every origin of every reason, in their order, each once."""
        return tuple(dict.fromkeys(origin for reason in self.reasons for origin in reason.because))


def no_guess(text: str, *because: Origin) -> Guess[T]:
    """Nothing can be guessed, and why."""
    return Guess(None, Confidence.LOW, (Reason(text, because),))

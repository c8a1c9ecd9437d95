"""How sure we are that Windows behaves as said: the marks A, B and C of the behaviour specification."""

from enum import Enum


class Certainty(Enum):
    """A: confirmed in a primary source for this generation. B: a secondary source (book, blog). C: inferred."""

    A = "A"
    B = "B"
    C = "C"

    def __and__(self, other: "Certainty") -> "Certainty":
        """The weaker of the two: a statement is as certain as its least certain part."""
        return self if self.value >= other.value else other


class Confidence(Enum):
    """Chance of truth of a guess or a finding."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

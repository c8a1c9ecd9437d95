"""A claim: bytes outside of what is in use that are known to have belonged to a value. `claims` finds them."""

from bisect import bisect_right

from hivecheck.facts.fact import fact


@fact
class Claim:
    """A run of a view's bytes that belonged to a value. `key` is `?` where it is not known; `written` is that of the key."""

    start: int
    end: int
    key: str
    value: str
    written: int
    offset: int  # of the value's node
    deleted: bool  # False for the slack of a value that is present
    cut_off: bool = False  # whether that value need not have been deleted


@fact
class Claims:
    """The claims of one view, by place."""

    claims: tuple[Claim, ...]
    starts: tuple[int, ...]

    def at(self, place: int) -> Claim | None:
        """The claim in which this place lies, the one that begins last where several do."""
        number = bisect_right(self.starts, place) - 1
        for claim in reversed(self.claims[max(0, number - 7) : number + 1]):
            if claim.start <= place < claim.end:
                return claim
        return None

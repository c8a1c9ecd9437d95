"""DER as far as a signature needs it: elements of definite length with their places, one after the other, never more than was asked for.

Nothing is copied and nothing calls itself: who reads goes down step by step. Source: ITU-T X.690, 8.1 and 10.1.
"""

from collections.abc import Iterator
from itertools import islice

from hivecheck.facts.fact import fact

INTEGER, OCTET_STRING, OBJECT_ID, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
_LENGTH_BYTES = 4


@fact
class DerElement:
    """`first` is where its tag stands, `start` where its contents begin, `end` behind its last byte."""

    tag: int
    first: int
    start: int
    end: int


def read_element(data: bytes, at: int, end: int) -> DerElement | None:
    """The element at this place; None where there is none that ends at `end` or before."""
    if at + 2 > end or end > len(data) or data[at] & 0x1F == 0x1F:
        return None
    length, start = data[at + 1], at + 2
    if length & 0x80:
        many = length & 0x7F
        if not 1 <= many <= _LENGTH_BYTES or start + many > end:
            return None
        length = int.from_bytes(data[start : start + many], "big")
        start += many
    return DerElement(data[at], at, start, start + length) if start + length <= end else None


def parts(data: bytes, above: DerElement | None, most: int) -> tuple[DerElement, ...]:
    """The elements in another one, `most` at most, up to the first that can't be read; none in None."""
    return tuple(islice(_parts(data, above), most)) if above is not None else ()


def contents(data: bytes, element: DerElement) -> bytes:
    """The bytes in an element."""
    return data[element.start : element.end]


def _parts(data: bytes, above: DerElement) -> Iterator[DerElement]:
    at = above.start
    while (found := read_element(data, at, above.end)) is not None:
        yield found
        at = found.end

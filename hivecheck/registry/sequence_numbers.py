"""The numbers of a hive's writes, which its base block and the entries of its logs carry: 32 bits, begun anew after the last one."""

from collections.abc import Iterable

SEQUENCE_NUMBERS = 2**32


def first_and_last(numbers: Iterable[int]) -> tuple[int, int]:
    """The oldest and the newest of these numbers, one at least, which may have run over."""
    given = tuple(numbers)
    ages = [ahead_of(number, given[0]) for number in given]
    return given[ages.index(min(ages))], given[ages.index(max(ages))]


def ahead_of(number: int, other: int) -> int:
    """By how much a sequence number is newer than another; negative where it is older. They run over, so half of all are older."""
    return (number - other + SEQUENCE_NUMBERS // 2) % SEQUENCE_NUMBERS - SEQUENCE_NUMBERS // 2

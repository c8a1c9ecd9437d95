"""Noise that is lifted from differences of two whole hives, because something says that they are none; and the counts without it."""

from collections.abc import Callable, Iterable

from hivecheck.compare.noise import NoiseClass
from hivecheck.compare.whole_hive import Counts, KeyDifference


def without_noise(one: KeyDifference, is_quiet: Callable[[str], bool]) -> KeyDifference:
    """The difference with the values of these names no noise, nor the key then; the same object where none of them was."""
    pairs = tuple([pair._replace(noise=None) if pair.noise and is_quiet(pair.name) else pair for pair in one.pairs])
    alone = tuple(
        [None if noise and is_quiet(value[1]) else noise for value, noise in zip(one.alone, one.alone_noise, strict=True)]
    )
    if pairs == one.pairs and alone == one.alone_noise:
        return one
    return one._replace(pairs=pairs, alone_noise=alone, noise=None)


def recounted(
    noise: tuple[tuple[NoiseClass, Counts], ...], lifted: Iterable[tuple[KeyDifference, KeyDifference]]
) -> tuple[tuple[NoiseClass, Counts], ...]:
    """The counts of the classes less what was lifted; a class of which nothing is left is left out."""
    counts = {one.id: _columns(told) for one, told in noise}
    for old, new in lifted:
        for column, one in _noise_of(old):
            counts[one.id][column] -= 1
        for column, one in _noise_of(new):
            counts[one.id][column] += 1
    return tuple([(one, Counts(*counts[one.id])) for one, _ in noise if any(counts[one.id])])


def _noise_of(one: KeyDifference) -> list[tuple[int, NoiseClass]]:
    found: list[tuple[int, NoiseClass]] = []
    if one.noise is not None and (one.before is None or one.after is None or one.is_rewritten):
        found.append((0 if one.before is None else 1 if one.after is None else 2, one.noise))
    found += [
        (3 if value.before is None else 4 if value.after is None else 5, value.noise)
        for value in one.values
        if value.noise is not None
    ]
    return found


def _columns(told: Counts) -> list[int]:
    keys = [told.keys_added, told.keys_removed, told.keys_changed]
    return [*keys, told.values_added, told.values_removed, told.values_changed]

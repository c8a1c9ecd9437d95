"""Where a run of like events is stored: what their origins share is said once, and each row says what is its own."""

from collections.abc import Sequence

from hivecheck.boot.replay import Event
from hivecheck.facts.fact import changed
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.report.html_cells import Bit, Bits, bits_of, code, count, fold, lines, origins_of, say, text, words
from hivecheck.report.view import describe_origin, state_words, written_words


def split_origins(events: Sequence[Event]) -> tuple[Bits, list[Bits]]:
    """What the origins of all the events share, and what each has of its own."""
    if len({len(event.because) for event in events}) > 1:
        return (), [_join([bits_of(describe_origin(origin)) for origin in event.because]) for event in events]
    shared: list[Origin] = []
    own: list[list[Bits]] = [[] for _ in events]
    for origins in zip(*[event.because for event in events], strict=True):
        common = _common(origins)
        if common is not None:
            shared.append(common)
        if common is None or any(origin != common for origin in origins):
            for rest, origin in zip(own, origins, strict=True):
                rest.append(_rest(origin, common))
    return origins_of(shared, "Origin of all"), [_join(rest) for rest in own]


def _join(all: list[Bits]) -> Bits:
    bits: list[Bit] = []
    for one in all:
        bits += (text("; "), *one) if bits else one
    return tuple(bits)


def _common(origins: tuple[Origin, ...]) -> Origin | None:
    """The one origin of all, or the value that all cite strings of, or the key that all are values of; None where they differ more."""
    first = origins[0]
    if all(origin == first for origin in origins):
        return first
    values = [origin for origin in origins if isinstance(origin, ValueRef)]
    if not isinstance(first, ValueRef) or len(values) < len(origins):
        return None
    if any(
        (one.hive, one.key, one.written, one.state) != (first.hive, first.key, first.written, first.state) for one in values
    ):
        return None
    if all(one.value == first.value and one.offset == first.offset for one in values):
        return changed(first, strings=None, text=None)
    return KeyRef(first.hive, first.key, first.written, None)


def _rest(origin: Origin, common: Origin | None) -> Bits:
    """What an origin says beyond what is common."""
    if not isinstance(origin, ValueRef) or common is None:
        return bits_of(describe_origin(origin))
    strings = ""
    if origin.strings is not None:
        first, last = origin.strings
        strings = f"string {first}" if first == last else f"strings {first} and {last}"
    if isinstance(common, ValueRef):
        return say(strings)
    cell = "" if origin.offset is None else f", cell at 0x{origin.offset:x}"
    return say(code(origin.value or "(default)"), (f", {strings}" if strings else "") + cell + state_words(origin.state))


def own_reason(event: Event, told_above: bool) -> Bits:
    """Why and from where, of one event of a run whose events each have a reason of their own."""
    why: Bits = (text(words(event.why)),) if event.why and not told_above else ()
    if not event.because:
        return why
    keys: dict[object, list[Origin]] = {}
    for origin in event.because:
        keys.setdefault(_key_of(origin), []).append(origin)
    told = lines([_values_of_key(origins) for origins in keys.values()], "")
    return *why, fold(count(len(event.because), "origin"), told, "origins")


def _key_of(origin: Origin) -> object:
    """What origins share that are told on one line."""
    return (origin.hive, origin.key, origin.written, origin.state) if isinstance(origin, ValueRef) else origin


def _values_of_key(origins: list[Origin]) -> Bits:
    """Values of one key: the key and its time once, each value with its cell; any other origin as it is."""
    first = origins[0]
    if len(origins) == 1 or not isinstance(first, ValueRef):
        return bits_of(describe_origin(first))
    key = KeyRef(first.hive, first.key, first.written, None)
    bits: list[Bit] = [code(first.key), text(": ")]
    for place, origin in enumerate(origins):
        bits += (text("; "), *_rest(origin, key)) if place else _rest(origin, key)
    return *bits, text(f"; {written_words(first)}")

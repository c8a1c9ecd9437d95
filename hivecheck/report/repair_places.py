"""What to change where, for the order of repair: each place a finding cites, what Windows ships there, and what other control sets hold.

A value of a control set that does not boot is told for comparison, never as something to undo: it may be the good copy. What a value
should be is known where a baseline tells of it. Source: docs/baselines.md.
"""

from collections.abc import Iterator

from hivecheck.analysis import Analysis
from hivecheck.baselines.baseline import Data, Entry, Standing
from hivecheck.baselines.standing import standing_of_raw
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, State, ValueRef
from hivecheck.registry.control_sets import control_set_name, control_set_number
from hivecheck.registry.hive import REG_MULTI_SZ, Hive, RawValue, fold_name
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.report.html_cells import Bit, Bits, code, fold, lines, say, text
from hivecheck.report.html_control_sets import same_in
from hivecheck.report.repair_select import AS_SHIPPED, what_to_do
from hivecheck.rules.rule import Finding

SESSION_MANAGER = "CONTROL\\SESSION MANAGER"
RENAMES = ("PENDINGFILERENAMEOPERATIONS", "PENDINGFILERENAMEOPERATIONS2")
_GOOD = AS_SHIPPED
_WORDS = {Standing.AS_SHIPPED: "what Windows ships", Standing.KNOWN_VARIANT: "a known variant of what Windows ships"}
_SHOWN_PLACES = 8  # of one finding
_SHOWN_STRINGS = 4  # of one place
_SHOWN_VALUES = 80  # of a key as shipped
_SHOWN_SETS = 8


@fact
class _Place:
    """A value or a key (`value` None) that a finding cites. `number` is its control set, None outside of them; `below` is the path there.

    `strings` are the first and last ones cited of a list, None for the whole value; `cited` is the text of the citation.
    """

    key: str
    value: str | None
    number: int | None
    below: str
    strings: tuple[int, int] | None
    cited: str


def tell_places(finding: Finding, analysis: Analysis, hive: Hive | None, seen: set[tuple[str, str]]) -> Bits:
    """A list of the places, those to change first; nothing where the finding cites none.

    `seen` are the places, folded, of which the page has said what belongs there: it is said once, and those told here are added.
    """
    places = list(dict.fromkeys(_places(finding)))
    own = analysis.control_sets.number
    ours = [one for one in places if one.number in (own, None)]
    named = {(fold_name(one.below), fold_name(one.value or "")) for one in ours}
    others = [one for one in places if one not in ours and (fold_name(one.below), fold_name(one.value or "")) not in named]
    told = [_to_change(one, analysis, hive, seen) for one in ours[:_SHOWN_PLACES]]
    told += [_to_compare(one, analysis, hive) for one in others[: _SHOWN_PLACES - len(told)]]
    if (left := len(ours) + len(others) - len(told)) > 0:
        told.append((text(f"and {left:,} more, see the finding"),))
    return (lines(told, "places"),) if told else ()


def _places(finding: Finding) -> Iterator[_Place]:
    for origin in finding.because:
        if isinstance(origin, ValueRef | KeyRef) and origin.state is not State.DELETED:
            path = origin.key if isinstance(origin, ValueRef) else origin.path
            first, _, rest = path.partition("\\")
            number = control_set_number(first)
            below = rest if number is not None else f"\\{path}"
            if isinstance(origin, ValueRef):
                yield _Place(
                    path, origin.value, number, below, origin.strings, (origin.text or "") if origin.strings else ""
                )
            else:
                yield _Place(path, None, number, below, None, "")


def _to_change(place: _Place, analysis: Analysis, hive: Hive | None, seen: set[tuple[str, str]]) -> Bits:
    said = (fold_name(place.key), fold_name(place.value or "") if place.value is not None else "\0")
    before = said in seen
    seen.add(said)
    if place.value is None:
        return say("key ", code(place.key or "(root)")) + (() if before else _key_as_shipped(place, analysis))
    raw = _stored(hive, place.key, place.value)
    named = (code(place.value or "(default)"), text(" in "), code(place.key), *_strings(place, raw))
    more = (*_as_shipped(place, place.value, raw, analysis, hive), *_elsewhere(place, place.value, analysis, hive))
    return (*named, *(say("; as told above") if before and more else more))


def _strings(place: _Place, raw: RawValue | None) -> Bits:
    """The strings that are cited, with their numbers: of a list of renames what is moved where."""
    if place.strings is None:
        return ()
    first, last = place.strings
    number = f", string {first}: " if first == last else f", strings {first} to {last}: "
    if last == first + 1:
        number = f", strings {first} and {last}: "
    known = decode_multi_sz(raw.data).strings if raw is not None and raw.type == REG_MULTI_SZ else ()
    cited = known[first : last + 1] or (place.cited,)
    if fold_name(place.value or "") in RENAMES and len(cited) == 2:
        source, target = cited
        return (text(number), code(source), *(say(" to ", code(target)) if target else say(" is deleted")))
    bits: list[Bit] = [text(number)]
    for one in cited[:_SHOWN_STRINGS]:
        bits += [code(one), text(" ")]
    left = len(cited) - _SHOWN_STRINGS
    return (*bits, text(f"and {left:,} more")) if left > 0 else tuple(bits[:-1])


def _as_shipped(place: _Place, value: str, raw: RawValue | None, analysis: Analysis, hive: Hive | None) -> Bits:
    """What to put there: the data as shipped, or that it is that already; nothing where no baseline tells of it."""
    baseline = analysis.baseline
    entry = baseline.entry(place.below, value)
    if entry is not None and entry.any_data:
        return say(what_to_do(place.below, value, analysis, hive))
    if entry is None:
        key = fold_name(place.below)
        whole = key == SESSION_MANAGER or key.startswith(SESSION_MANAGER + "\\")
        if told := what_to_do(place.below, value, analysis, hive):
            return say(told)
        unknown = whole and baseline.describes(place.below) and not baseline.variants(place.below, value)
        return say("; Windows ships no value of this name") if unknown and fold_name(value) not in RENAMES else ()
    if raw is not None and (word := standing_of_raw(baseline, place.below, raw)) in _GOOD:
        return say(f"; it is {_WORDS[word]}: leave it")
    return say("; Windows ships ", *_data(entry))


def _data(entry: Entry) -> Bits:
    if entry.any_data:
        return (text("data that differ from machine to machine"),)
    return (*_shown(entry.data), text(f" ({entry.type})"))


def _shown(data: Data) -> Bits:
    match data:
        case str():
            return (code(data),)
        case int():
            return (code(f"{data} (0x{data:x})"),)
        case bytes():
            return (code(data.hex(" ")),)
        case tuple():
            bits: list[Bit] = []
            for one in data:
                bits += [text(", "), code(one)] if bits else [code(one)]
            return tuple(bits) or (text("an empty list"),)


def _key_as_shipped(place: _Place, analysis: Analysis) -> Bits:
    """The values that Windows ships in a key, folded."""
    shipped = list(analysis.baseline.entries(place.below).values()) if place.below else []
    if not shipped:
        return ()
    told = [(code(one.name or "(default)"), text(" = "), *_data(one)) for one in shipped[:_SHOWN_VALUES]]
    title = (
        "the value that Windows ships there"
        if len(shipped) == 1
        else f"the {len(shipped):,} values that Windows ships there"
    )
    return (fold(title, lines(told, "", len(shipped))),)


def _to_compare(place: _Place, analysis: Analysis, hive: Hive | None) -> Bits:
    """A place in a control set other than the one that boots here."""
    own = analysis.control_sets.number
    name = control_set_name(place.number or 0)
    shown = (
        say("key ", code(place.key))
        if place.value is None
        else say(code(place.value or "(default)"), " in ", code(place.key))
    )
    if own is None:
        return shown
    mine = f"{control_set_name(own)}\\{place.below}"
    gone = hive is not None and hive.root.subkey(mine) is None
    raw = _stored(hive, place.key, place.value) if place.value is not None else None
    if raw is not None and standing_of_raw(analysis.baseline, place.below, raw) in _GOOD:
        word = _WORDS[standing_of_raw(analysis.baseline, place.below, raw)]
        return (
            *shown,
            text(f": {word}. Leave it{f'; {control_set_name(own)} lacks it: copy it from here' if gone else ''}"),
        )
    if gone or (hive is not None and place.value is not None and _stored(hive, mine, place.value) is None):
        return (
            *shown,
            text(f": {name} still has it, and {control_set_name(own)} does not. Leave it, to compare and to copy from"),
        )
    return (*shown, text(f": for comparison. {name} is not what boots here; leave it unless it is found to be wrong itself"))


def _elsewhere(place: _Place, value: str, analysis: Analysis, hive: Hive | None) -> Bits:
    """What the other control sets store in the same place: to be changed as well, good, or to be looked at."""
    others = [one for one in analysis.control_sets.present if one != place.number][:_SHOWN_SETS]
    if hive is None or place.number is None or not others:
        return ()
    same, other = same_in(hive, place.number, others, place.below, value)
    said = [f"the same in {', '.join(map(control_set_name, same))}"] if same else []
    for number in other:
        raw = _stored(hive, f"{control_set_name(number)}\\{place.below}", value)
        word = standing_of_raw(analysis.baseline, place.below, raw) if raw is not None else Standing.NOT_SEEN
        name = control_set_name(number)
        told = (
            f"{name} holds {_WORDS[word]}: leave it" if word in _GOOD else f"{name} holds other data: look at it by itself"
        )
        said.append(told)
    return say(f" ({'; '.join(said)})") if said else say(" (in no other control set)")


def _stored(hive: Hive | None, key: str, value: str) -> RawValue | None:
    found = (hive.root.subkey(key) if key else hive.root) if hive is not None else None
    return found.value(value) if found is not None else None

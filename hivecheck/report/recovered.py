"""What was recovered, on a terminal: rename lists and boot commands with their history first, then deleted keys and values.

Everything is text from the hive and passes `visible`; long data are clipped here and whole in the JSON document.
"""

from collections.abc import Mapping
from itertools import groupby

from hivecheck import __version__
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.recovery import Recovery
from hivecheck.registry.carve import UNKNOWN, DeletedKey, DeletedValue, Parent
from hivecheck.registry.earlier import EarlierContent
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ, type_name
from hivecheck.registry.lost_data import DataState
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz
from hivecheck.registry.views import Sighting
from hivecheck.report.paper import Paper, clip
from hivecheck.report.places import place_of, places_of
from hivecheck.report.view import shown_text, written_words
from hivecheck.settings.pending_renames import PendingRename
from hivecheck.settings.remnants import UNKNOWN_KEY, LostText, Standing
from hivecheck.settings.rename_history import Generation, RenameHistory
from hivecheck.settings.session_remnants import SessionRemnants

_STYLES = {Confidence.HIGH: "green", Confidence.MEDIUM: "yellow", Confidence.LOW: "dim"}
_VALUE_TITLES = {
    Parent.LIVE: "Deleted values of keys that are there",
    Parent.DELETED: "Deleted values of other deleted keys",
    Parent.REUSED: "Deleted values of keys not known",
}
_UNREACHABLE_TITLES = {
    Parent.LIVE: "Unreachable values of keys that are there",
    Parent.DELETED: "Unreachable values of other unreachable keys",
    Parent.REUSED: "Unreachable values of keys not known",
}
_NO_DATA = {DataState.REUSED: "(its data were overwritten)", DataState.UNREAD: "(its data were too much to read)"}
_SHOWN_DATA = 200  # letters


def write_recovery(recovery: Recovery, paper: Paper) -> None:
    """The whole listing of one hive. What makes it doubtful comes before what it tells."""
    _write_heading(recovery, paper)
    write_session(recovery.session, paper)
    surely = tuple(key for key in recovery.keys if not key.may_be_present)
    _write_keys(surely, tuple(value for value in recovery.values if not value.may_be_present), paper)
    _write_unreachable(recovery, paper)
    _write_earlier(recovery.earlier, paper)


def _write_heading(recovery: Recovery, paper: Paper) -> None:
    paper.put(f"hivecheck {__version__}  {shown_text(recovery.source)}", styles=("bold",))
    paper.blank()
    rows = [("Hive", f"{recovery.size:,} bytes, SHA-256 {recovery.digests.sha256}")]
    for one in recovery.searched:
        sizes = [f"{size:,} {kind.value}" for kind, size in one.bytes_by_kind if size]
        rows.append(("Searched", f"{one.stage.value}: bytes {', '.join(sizes) or 'none'}"))
    rows += [
        ("Log", f"{shown_text(log.path.name)}: {len(log.fate.log.data):,} bytes; {shown_text(log.fate.why)}")
        for log in recovery.logs
    ]
    rows.append(("Found", _totals(recovery)))
    paper.columns(rows, indent=10)
    if recovery.problems:
        paper.heading("What to know first")
    for problem in recovery.problems:
        text = problem.message[:1].upper() + problem.message[1:]
        paper.put(shown_text(text), first="  !", indent=4, styles=("yellow",))
    paper.blank()
    paper.put(
        "Nothing below can be reached from the root of the hive, but for a list said to be pending, and nothing of it enters a "
        "replay."
        if _has_unreachable(recovery)
        else "Nothing below is present in the hive, but for a list said to be pending, and nothing of it enters a replay.",
        styles=("dim",),
    )


def _has_unreachable(recovery: Recovery) -> bool:
    """Whether anything told need not have been deleted."""
    lists = (
        *(one.text for history in recovery.session.histories for one in history.generations),
        *recovery.session.commands,
    )
    keys, values = (any(one.may_be_present for one in some) for some in (recovery.keys, recovery.values))
    return keys or values or any(text.may_be_pending for text in lists)


def _totals(recovery: Recovery) -> str:
    lost = [g for history in recovery.session.histories for g in history.generations if g.text.standing is Standing.LOST]
    return ", ".join(
        (
            _count(len(lost), "rename list"),
            _count(len(recovery.session.commands), "list of boot commands", "lists of boot commands"),
            _count(len(recovery.keys), "key") + _perhaps(sum(key.may_be_present for key in recovery.keys)),
            _count(len(recovery.values), "value") + _perhaps(sum(value.may_be_present for value in recovery.values)),
            _count(len(recovery.earlier), "earlier content"),
        )
    )


def _perhaps(number: int) -> str:
    return f" ({number:,} of them perhaps only cut off)" if number else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def write_session(session: SessionRemnants, paper: Paper) -> None:
    """Rename lists and boot commands; for `analyze` as well, which shows nothing else that was recovered."""
    for history in session.histories:
        _write_history(history, paper)
    if session.commands:
        paper.heading("Earlier boot commands")
        for text in session.commands:
            _write_commands(text, paper)


def _write_history(history: RenameHistory, paper: Paper) -> None:
    pending = "up to what is pending now" if history.is_pending else "none of them pending"
    if history.may_be_pending:
        pending = "not all of them surely gone"
    paper.heading(f"Pending renames, {_count(len(history.generations), 'generation')}, oldest first, {pending}")
    told: set[tuple[str, str]] = set()
    for number, generation in enumerate(history.generations, start=1):
        _write_generation(number, generation, told, paper)


def _write_generation(number: int, generation: Generation, told: set[tuple[str, str]], paper: Paper) -> None:
    """One generation; operations that an earlier one had are only counted."""
    text = generation.text
    operations = text.operations
    paper.blank()
    size = _count(len(operations), "operation")
    paper.put(f"{size}: {generation.relation}", first=f"  {number}.", indent=6, styles=("bold",))
    if text.standing is Standing.LOST:
        _write_belief(text.confidence, (*text.reasons, *_cuts(text)), paper, 6)
    place = "" if text.ref.key == UNKNOWN_KEY else f"{text.ref.key} : {text.name}, "
    paper.put(shown_text(f"{place}{places_of(text.found, text.standing)}"), first="", indent=6, styles=("dim",))
    known = 0
    for operation, pair in zip(operations, zip(text.strings[::2], text.strings[1::2], strict=False), strict=False):
        if pair in told:
            known += 1
            continue
        told.add(pair)
        paper.put(shown_text(_operation(operation)), first="", indent=8)
    if known:
        paper.put(f"{'and ' if known < len(operations) else ''}{_count(known, 'operation')} told above", first="", indent=8)


def _cuts(text: LostText) -> tuple[str, ...]:
    return (f"it goes on from a string that ends in {text.cut_head.rstrip(chr(0))}",) if text.cut_head else ()


def _operation(operation: PendingRename) -> str:
    mark = f"  [{operation.marker}]" if operation.marker else ""
    if operation.destination is None:
        return f"delete  {operation.source}{mark}"
    return f"rename  {operation.source}  ->  {operation.destination}{'  (replacing)' if operation.replaces else ''}{mark}"


def _write_commands(text: LostText, paper: Paper) -> None:
    paper.blank()
    name = text.name if text.named else f"probably {text.name}"
    paper.put(shown_text(f"{text.ref.key} : {name}" if text.ref.key != UNKNOWN_KEY else name), indent=2, first="")
    if text.cut_head:
        paper.put(f"...{shown_text(text.cut_head)}   (the beginning of this line is gone)", first="", indent=8)
    for line in text.strings:
        paper.put(shown_text(line) or "(empty string)", first="", indent=8)
    _write_belief(text.confidence, text.reasons, paper, 6)
    paper.put(shown_text(places_of(text.found, text.standing)), first="", indent=6, styles=("dim",))


def _write_belief(confidence: Confidence, reasons: tuple[str, ...], paper: Paper, indent: int) -> None:
    start = len(paper.lines)
    paper.put(f"{confidence.value} confidence: {shown_text('; '.join(reasons))}", first="", indent=indent)
    paper.lines[start] = paper.lines[start].replace(confidence.value, paper.style(confidence.value, _STYLES[confidence]), 1)


def _write_unreachable(recovery: Recovery, paper: Paper) -> None:
    """What a damaged tree may have lost hold of: apart from what was deleted."""
    if not _has_unreachable(recovery):
        return
    keys = tuple(key for key in recovery.keys if key.may_be_present)
    values = tuple(value for value in recovery.values if value.may_be_present)
    _write_keys(keys, values, paper, "Unreachable keys: deleted or cut off from the tree by the damage", _UNREACHABLE_TITLES)


def _write_keys(
    keys: tuple[DeletedKey, ...],
    values: tuple[DeletedValue, ...],
    paper: Paper,
    title: str = "Deleted keys",
    titles: Mapping[Parent, str] = _VALUE_TITLES,
) -> None:
    """Keys with their values, in the order of their paths; then the values of keys that are there, and those of no known key."""
    by_path: dict[str, list[DeletedValue]] = {}
    for value in values:
        by_path.setdefault(value.ref.key if value.owner is Parent.DELETED else "", []).append(value)
    if keys:
        unknown = any(key.path[:1] == UNKNOWN for key in keys)
        paper.heading(title + ("   (? stands for what is not known)" if unknown else ""))
        for path, same in groupby(keys, key=lambda key: key.path):
            for key in same:
                note = ", an older copy of one that is there" if key.still_there else ""
                words = f"{key.path}   {written_words(key.ref).removeprefix('key last ')}, {key.confidence.value}{note}, {_first_place(key.found)}"
                paper.put(shown_text(words), first="", indent=2)
            for value in by_path.pop(path, ()):
                _write_value(value, paper, "")
    rest = [value for some in by_path.values() for value in some]
    for owner, heading in titles.items():
        some = [value for value in rest if value.owner is owner]
        if some:
            paper.heading(heading)
        for value in some:
            _write_value(value, paper, "" if owner is Parent.REUSED else f"{value.ref.key} : ")


def _write_value(value: DeletedValue, paper: Paper, before: str) -> None:
    shown = _NO_DATA.get(value.data_state) or _data(value.type, value.data)
    if value.lost_head and value.type in (REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ):
        shown = f"...{shown}"
    part = f" ({_what_is_left(value)})" if value.data_state is DataState.PART else ""
    note = ", an older copy" if value.still_there else ""
    words = f"{before}{value.name or '(default)'} = {type_name(value.type)} {shown}{part}"
    paper.put(
        f"{shown_text(words)}   {value.confidence.value}{note}, {shown_text(_first_place(value.found))}", first="", indent=4
    )


def _what_is_left(value: DeletedValue) -> str:
    if value.lost_head + len(value.data) == value.size:
        return f"first {value.lost_head} of {value.size} bytes overwritten"
    return f"{len(value.data)} of {value.size} bytes left" + (", the first ones overwritten" if value.lost_head else "")


def _first_place(found: tuple[Sighting, ...]) -> str:
    """Where a key or value was seen first: there are thousands of them, and the document has all places."""
    return place_of(changed(found[0], place=None)) + (
        f", and in {_count(len(found) - 1, 'other place')}" if len(found) > 1 else ""
    )


def _data(type: int, data: bytes) -> str:
    match type:
        case _ if type in (REG_SZ, REG_EXPAND_SZ):
            return clip(decode_sz(data).text, _SHOWN_DATA) or "(empty)"
        case _ if type == REG_MULTI_SZ:
            return clip(" | ".join(decode_multi_sz(data[: 2 * _SHOWN_DATA + 2]).strings), _SHOWN_DATA) or "(empty)"
        case _ if type == REG_DWORD and len(data) == 4:
            return str(decode_dword(data))
        case _ if not data:
            return "(empty)"
        case _:
            return f"{len(data)} bytes: {data[:24].hex(' ')}{' ...' if len(data) > 24 else ''}"


def _write_earlier(earlier: tuple[EarlierContent, ...], paper: Paper) -> None:
    if earlier:
        paper.heading("Earlier contents of values that are there, by their beginnings")
    for one in earlier:
        words = f"{one.value.key} : {one.value.value or '(default)'} was perhaps {type_name(one.type)} {_data(one.type, one.data)}"
        paper.put(f"{shown_text(words)}   {one.confidence.value}, {shown_text(places_of(one.found))}", first="", indent=2)

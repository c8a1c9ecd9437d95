"""What was deleted of the Session Manager: older rename lists with their history, older boot commands, deleted values of its key.

Found by carving the whole hive, for `hivecheck recover`. The main job takes the quick look of `lost_lists`.
"""

from collections.abc import Iterable

from hivecheck.facts.fact import changed, fact
from hivecheck.registry.carve import Carved, DeletedValue, Parent, carve_view, merge_carved
from hivecheck.registry.claim import Claims
from hivecheck.registry.claims import find_claims
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ
from hivecheck.registry.live_names import LiveNames, LiveRecords
from hivecheck.registry.log_entries import TransactionLog
from hivecheck.registry.lost_data import DataState
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.regions import index_regions
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.registry.views import Stage, View
from hivecheck.settings.remnants import (
    COMMAND_NAMES,
    RENAME_NAMES,
    UNREACHABLE,
    LostText,
    Remnants,
    Standing,
    find_remnants,
    find_remnants_in_log,
    limits_of,
    merge_texts,
    within_bounds,
)
from hivecheck.settings.rename_history import RenameHistory, order_generations
from hivecheck.settings.standing import standing_texts

SESSION_MANAGER = "Control\\Session Manager"
_OTHER_NAMES = frozenset({"EXCLUDEFROMKNOWNDLLS", "ALLOWPROTECTEDRENAMES", "S0INITIALCOMMAND", "PLATFORMEXECUTE"})
_COMMAND_TYPES = frozenset({REG_MULTI_SZ, REG_SZ, REG_EXPAND_SZ})
_DATA_WORD = 12  # where small data stand in a value's cell
_TELLING_NAMES = COMMAND_NAMES | RENAME_NAMES | _OTHER_NAMES


@fact
class SessionRemnants:
    """`histories`: rename lists in order. `commands`: lists of boot commands that are no more. `values`: deleted values of the
    Session Manager's keys, or of its names where the key is not known. `limits`: in words, what there was too much of.
    """

    histories: tuple[RenameHistory, ...]
    commands: tuple[LostText, ...]
    values: tuple[DeletedValue, ...]
    limits: tuple[str, ...] = ()


def carve_hives(views: tuple[View, ...], records: LiveRecords | None = None) -> tuple[Carved, ...]:
    """The deleted keys and values of each state of a hive; what is in use in a later state was not deleted in an earlier one.

    `records` are those of all these states, for whoever needs them again.
    """
    reaches = tuple(view.reach for view in views if view.reach is not None)
    records = records or LiveRecords.of(reaches)
    return tuple(
        carve_view(view, LiveNames(reach), reaches[number + 1 :], records.since(number))
        for number, (view, reach) in enumerate(zip(views, reaches, strict=True))
    )


def claim_hives(views: tuple[View, ...], carved: tuple[Carved, ...]) -> tuple[Claims, ...]:
    """Whose data the bytes of each state were, by the records that are left."""
    found = []
    for view, records in zip(views, carved, strict=True):
        assert view.reach is not None, "these are views of hives"
        found.append(find_claims(view, LiveNames(view.reach), records))
    return tuple(found)


def collect_session(
    stages: tuple[tuple[RegfHive, Stage], ...],
    views: tuple[View, ...],
    carved: tuple[Carved, ...],
    logs: tuple[TransactionLog, ...],
    claims: tuple[Claims, ...] = (),
) -> SessionRemnants:
    """The Session Manager's part of what was found, with the texts that no record leads to. `claims` are those of the views."""
    remnants: list[Remnants] = []
    claims = claims or claim_hives(views, carved)
    remnants += [find_remnants(view, one) for view, one in zip(views, claims, strict=True)]
    remnants += [find_remnants_in_log(log, views) for log in logs]
    told = [
        _commands_of_values(view, filter(_is_of_session_manager, one.values), found.commands)
        for view, one, found in zip(views, carved, remnants, strict=False)
    ]
    all_renames = merge_texts([one.renames for one in remnants], standing_texts(stages, RENAME_NAMES))
    renames = within_bounds(all_renames)
    commands = merge_texts([*(one.commands for one in remnants), *told], standing_texts(stages, COMMAND_NAMES))
    values = merge_carved(carved).values
    return SessionRemnants(
        order_generations(renames),
        tuple(text for text in commands if text.standing is Standing.LOST),
        tuple(value for value in values if _is_of_session_manager(value)),
        tuple(limits_of(remnants, len(renames), len(all_renames) - len(renames))),
    )


def _commands_of_values(view: View, values: Iterable[DeletedValue], found: tuple[LostText, ...]) -> tuple[LostText, ...]:
    """The boot commands that the records of deleted values lead to, but for those `found` in this view by what they say."""
    index = index_regions(view.regions)
    known = [(text.ref.offset or 0, (text.ref.offset or 0) + text.size) for text in found]
    texts: list[LostText] = []
    for value in values:
        if value.name.upper() not in COMMAND_NAMES or value.type not in _COMMAND_TYPES or not value.data:
            continue
        node = value.found[0].offset
        start = node + _DATA_WORD if value.data_offset is None else value.data_offset + 4 + value.lost_head
        if any(first <= start < end for first, end in known):
            continue
        strings, cut_head = decode_multi_sz(value.data).strings, ""
        if value.lost_head and strings:
            cut_head, strings = strings[0], strings[1:]
        while strings and not strings[-1]:
            strings = strings[:-1]
        if not strings and not cut_head:
            continue
        region = index.region_at(start)
        seen = view.sighting(start, region.kind if region else value.found[0].kind)
        what = "an unreachable" if value.may_be_present else "a deleted"
        reasons = (f"the record of {what} value of this name, at 0x{node:x}, leads to it", *value.reasons)
        reasons = (UNREACHABLE, *reasons) if value.may_be_present else reasons
        texts.append(
            LostText(
                changed(value.ref, offset=start),
                True,
                strings,
                value.data_state is DataState.WHOLE,
                cut_head,
                len(value.data),
                value.confidence,
                reasons,
                value.data,
                (seen,),
            )
        )
    return tuple(texts)


def _is_of_session_manager(value: DeletedValue) -> bool:
    if "\\SESSION MANAGER\\" in f"\\{value.ref.key.upper()}\\":
        return True
    return value.owner is Parent.REUSED and value.name.upper() in _TELLING_NAMES

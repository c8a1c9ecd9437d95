r"""Earlier rename lists and boot commands of the Session Manager, by a quick look: what the main job tells of deleted data.

It looks for the two texts that matter (`\??\X:\`, `autocheck`) and then only at the cells around them, behind the last bin and into
logs. All keys are walked only where a cell marked used holds a list that is none of those that stand: to tell slack, and cells that
nothing leads to, from what is in use. Deleted keys and values are the business of `hivecheck recover`. Nothing found here ever
enters a replay.
"""

import re
from bisect import bisect_left
from itertools import islice
from struct import Struct
from typing import TYPE_CHECKING

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.claim import Claim, Claims
from hivecheck.registry.free_cells import cells_around
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.region import CUT_OFF, Region, RegionKind
from hivecheck.registry.views import Stage, View
from hivecheck.settings.command_runs import find_command_runs
from hivecheck.settings.remnants import (
    COMMAND_NAMES,
    RENAME_NAMES,
    UNKNOWN_KEY,
    LostText,
    Remnants,
    Standing,
    find_remnants,
    find_remnants_in_log,
    limits_of,
    merge_texts,
    within_bounds,
)
from hivecheck.settings.rename_belief import SINGLE, judge_run
from hivecheck.settings.rename_history import RenameHistory, order_generations
from hivecheck.settings.rename_runs import find_rename_runs
from hivecheck.settings.standing import session_stages, standing_texts

if TYPE_CHECKING:
    from hivecheck.registry.log_entries import TransactionLog

_PATH = "\\??\\".encode("utf-16-le")
_COMMAND = "tocheck".encode("utf-16-le")[
    :-1
]  # without the letters that a list of free cells overwrites; it ends in a rare byte
_NAME_END = b"xecute"  # of the values that hold boot commands
_NAME_STARTS = (b"E", b"BootE", b"SetupE")
_PLACES_AT_MOST = 20_000
_LARGEST_LIST = 1024 * 1024
_TOLD_AT_MOST = 200  # histories, and lists of commands
_USED_BYTES_AT_MOST = 4 * 1024 * 1024  # of cells marked used that hold a path
_WALKED_AT_MOST = 64 * 1024 * 1024  # bytes of a hive whose keys are all walked
_IN_USED_CELLS = frozenset({RegionKind.SLACK, *CUT_OFF})
_NODE = Struct("<4x2xHII")  # of a value: bytes of the name, size of the data, their cell
_NODE_BYTES = 24  # of a value before its name, with the size field
_NO_CLAIMS = Claims((), ())


@fact
class LostLists:
    """`histories`: rename lists in order, those that stand among them. `commands`: lists of boot commands that are no more.

    What may well be something else is left out. `limits`: in words, what there was too much of.
    """

    histories: tuple[RenameHistory, ...]
    commands: tuple[LostText, ...]
    limits: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.histories or self.commands)


@fact
class _Look:
    """One state of a hive, as far as it is looked at, and in words what of it is not."""

    view: View
    limits: tuple[str, ...]


def find_lost_lists(
    hive: RegfHive, unrecovered: RegfHive | None = None, logs: "tuple[TransactionLog, ...]" = ()
) -> LostLists:
    """What a quick look finds in a hive, in the hive as it was before its logs, and in the logs. About 0.02 s for 15 MB. Never raises."""
    stages = session_stages(hive, unrecovered)
    standing = standing_texts(stages, RENAME_NAMES), standing_texts(stages, COMMAND_NAMES)
    known = frozenset(text.strings for texts in standing for text in texts)
    looks = [_look(one, stage, known) for one, stage in stages]
    remnants = [_find_in(look.view, one) for look, (one, _) in zip(looks, stages, strict=True)]
    remnants += [find_remnants_in_log(log, tuple(look.view for look in looks)) for log in logs]
    merged = merge_texts([one.renames for one in remnants], standing[0])
    renames = within_bounds(merged)
    commands = merge_texts([one.commands for one in remnants], standing[1])
    lost = tuple(text for text in commands if text.standing is Standing.LOST)
    limits = [
        *limits_of(remnants, len(renames), len(merged) - len(renames)),
        *(limit for look in looks for limit in look.limits),
    ]
    histories = () if all(text.standing is Standing.PRESENT for text in renames) else order_generations(renames)
    believed = tuple(filter(_is_believed, histories))
    if len(believed) > _TOLD_AT_MOST or len(lost) > _TOLD_AT_MOST:
        limits.append(f"More than {_TOLD_AT_MOST} earlier lists that have nothing in common: the rest is not told.")
    told = tuple(dict.fromkeys(f"{limit} See hivecheck recover." for limit in limits))
    return LostLists(believed[-_TOLD_AT_MOST:], lost[:_TOLD_AT_MOST], told)  # those that lead to what is pending come last


def _is_believed(history: RenameHistory) -> bool:
    """Whether any list of it is more than a guess, or is or may be pending: the guesses are told by `hivecheck recover`."""
    lost = [one.text for one in history.generations if one.text.standing is Standing.LOST]
    return history.is_pending or history.may_be_pending or any(text.confidence is not Confidence.LOW for text in lost)


def _find_in(view: View, hive: RegfHive) -> Remnants:
    """The lists of one state; where there are boot commands, with the deleted values that lead to them."""
    found = find_remnants(view, _NO_CLAIMS)
    return find_remnants(view, _claims(hive)) if found.commands else found


def _claims(hive: RegfHive) -> Claims:
    """The data of deleted values in free cells that are named as boot commands are."""
    buffer = hive.buffer
    found: dict[int, Claim] = {}
    for at in _places(buffer, _NAME_END)[0]:
        for name in _NAME_STARTS:
            node = at - len(name) - _NODE_BYTES
            if node & 7 or bytes(buffer[node + 4 : node + 6]) != b"vk" or node in found:
                continue
            length, size, cell = _NODE.unpack_from(buffer, node)
            value = bytes(buffer[node + _NODE_BYTES : node + _NODE_BYTES + length]).decode("latin-1")
            is_free = any(
                one.kind is not RegionKind.USED for one in cells_around(buffer, hive.base_block.hbins_size, (node,))
            )
            if value.upper() in COMMAND_NAMES and 4 < size < _LARGEST_LIST and is_free:
                start = BINS_START + cell
                found[node] = Claim(start, start + 4 + size, UNKNOWN_KEY, value, 0, node, True)
    claims = tuple(sorted(found.values(), key=lambda claim: claim.start))
    return Claims(claims, tuple(claim.start for claim in claims))


def _look(hive: RegfHive, stage: Stage, known: frozenset[tuple[str, ...]]) -> _Look:
    """The free cells and the trailing bytes that hold one of the texts; and the slack, and the cells that nothing leads to, if a cell
    marked used holds a list that is none of those `known` to stand.
    """
    buffer = hive.buffer
    paths, many = _places(buffer, _PATH)
    commands, more = _rare_places(buffer, _COMMAND)
    # a hive names hundreds of devices and volumes
    drives = (at for at in paths if bytes(buffer[at + 10 : at + 14]) == b":\0\\\0")
    cells = cells_around(buffer, hive.base_block.hbins_size, (*drives, *commands))
    limits = (
        [f"More than {_PLACES_AT_MOST:,} paths in the hive: those behind them are not looked at."] if many or more else []
    )
    found = [cell for cell in cells if cell.kind in (RegionKind.FREE, RegionKind.TRAILING)]
    used, enough = _with_lists(buffer, [cell for cell in cells if cell.kind in (RegionKind.USED, RegionKind.GAP)], known)
    if not enough or (used and len(buffer) > _WALKED_AT_MOST):
        limits.append("Too much of the hive to look for lists in slack and in cells that nothing leads to.")
        used = []
    if not used:
        return _Look(View(hive.name, stage, buffer, tuple(found), None), tuple(limits))
    from hivecheck.registry.hive_views import view_hive  # few hives need the walk

    whole = view_hive(hive, stage)
    found += (region for region in whole.regions if region.kind in _IN_USED_CELLS and _touches(region, used))
    regions = tuple(sorted(found, key=lambda region: region.start))
    return _Look(View(hive.name, stage, buffer, regions, whole.reach), tuple(limits))


def _with_lists(buffer: Buffer, cells: list[Region], known: frozenset[tuple[str, ...]]) -> tuple[list[Region], bool]:
    """Those of these cells that hold a list which is none of the known ones, and whether there are few enough to look at."""
    if sum(cell.size for cell in cells) > _USED_BYTES_AT_MOST:
        return [], False
    return [cell for cell in cells if _has_list(buffer, cell, known)], True


def _has_list(buffer: Buffer, cell: Region, known: frozenset[tuple[str, ...]]) -> bool:
    for run in find_rename_runs(buffer, cell.start, cell.end):
        judged = judge_run(run) if run.strings not in known else None
        if judged is not None and SINGLE not in judged[1]:
            return True
    return any(run.strings not in known for run in find_command_runs(buffer, cell.start, cell.end))


def _touches(region: Region, cells: list[Region]) -> bool:
    """Whether a region has bytes in one of these cells, which are in order."""
    number = bisect_left(cells, region.start, key=lambda cell: cell.end - 1)
    return number < len(cells) and cells[number].start < region.end


def _places(buffer: Buffer, needle: bytes) -> tuple[list[int], bool]:
    matches = re.finditer(re.escape(needle), buffer)  # goes through a mapped file in half the time that its own `find` takes
    found = [match.start() for match in islice(matches, _PLACES_AT_MOST + 1)]
    return found[:_PLACES_AT_MOST], len(found) > _PLACES_AT_MOST


def _rare_places(buffer: Buffer, needle: bytes) -> tuple[list[int], bool]:
    """The same for what hardly any hive holds: from its end, where Python skips as many bytes as the needle has."""
    whole = bytes(buffer) if isinstance(buffer, memoryview) else buffer
    found: list[int] = []
    at = whole.rfind(needle)
    while at >= 0 and len(found) <= _PLACES_AT_MOST:
        found.append(at)
        at = whole.rfind(needle, 0, at + len(needle) - 1)
    return found[:_PLACES_AT_MOST], len(found) > _PLACES_AT_MOST

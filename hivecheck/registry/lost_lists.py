"""Which key a deleted value belonged to: told by the lists of values that still name it.

Three kinds of list are asked, the surest first: that of a deleted key; the slack of a present key's list, which Windows shortens
in place; a list left behind in free space when it was moved, which also names values that are present.
"""

from collections.abc import Iterator
from struct import unpack_from

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.live_names import LiveNames
from hivecheck.registry.lost_nodes import LostKey, LostValue
from hivecheck.registry.reachability import LIST
from hivecheck.registry.region import RegionKind
from hivecheck.registry.views import View

Link = tuple[int, str]  # the place of the key, and how it is known
_RUNS_AT_MOST = 20_000
_WORDS_AT_MOST = 2_000_000  # of the lists of all deleted keys: each may claim a million
_NEIGHBOURS = 64  # entries of a list looked at on either side


def link_values(
    view: View, live: LiveNames, keys: dict[int, LostKey], values: dict[int, LostValue]
) -> tuple[dict[int, Link], bool]:
    """For each lost value that a list still names, by place: the key; and whether there were more lists than are looked at."""
    links: dict[int, Link] = {}
    if not view.placed:
        return links, False
    left = _WORDS_AT_MOST
    for key in keys.values():
        if key.values and left > 0:
            listed = _listed(view, key, left)
            left -= len(listed)
            for at in listed:
                if at in values:
                    links.setdefault(at, (key.at, "the value list of its deleted key names it"))
    limited = left <= 0
    if view.reach is None:
        return links, limited
    for slack in view.reach.slacks:
        if slack.use == LIST and live.is_key(slack.owner):
            for at in _words(view, slack.start, slack.end):
                if at in values:
                    links.setdefault(at, (slack.owner, "the key's value list named it, behind its present end"))
    if len(links) < len(values):
        limited |= _link_by_old_lists(view, live, values, links)
    return links, limited


def _listed(view: View, key: LostKey, most: int) -> tuple[int, ...]:
    """The places of the values that a lost key's list names, as far as the list is there and in no use."""
    start = BINS_START + key.value_list + 4
    end = min(start + min(key.values, most) * 4, len(view.buffer))
    if not key.values or start >= end or (view.reach is not None and view.reach.use_of(start - 4)):
        return ()
    return tuple(_words(view, start, end))


def _words(view: View, start: int, end: int) -> list[int]:
    count = (end - start) // 4
    return [BINS_START + word for word in unpack_from(f"<{count}I", view.buffer, start)] if count > 0 else []


def _link_by_old_lists(view: View, live: LiveNames, values: dict[int, LostValue], links: dict[int, Link]) -> bool:
    """Looks for runs of value references outside of what is in use; the present values in one say whose list it was.

    Gives whether there were too many.
    """
    wanted = {at - BINS_START for at in values if at not in links}
    runs: list[tuple[int, set[int]]] = []
    looked = 0
    for region in view.regions:
        if region.kind is RegionKind.SLACK or region.size < 12:
            continue
        start = (region.start + 3) & ~3
        words = unpack_from(f"<{(region.end - start) // 4}I", view.buffer, start)
        for place in _hits(words, wanted):
            looked += 1
            if looked > _RUNS_AT_MOST:
                break
            beside = {BINS_START + word for word in _run(words, place, live, values) if live.is_value(BINS_START + word)}
            if beside:
                runs.append((BINS_START + words[place], beside))
    live.find_owners({value for _, beside in runs for value in beside})
    for at, beside in runs:
        owners = {live.owner(value) for value in beside}
        owner = owners.pop()
        if not owners and owner is not None:
            links.setdefault(at, (owner, "an old value list of the key names it"))
    return looked > _RUNS_AT_MOST


def _hits(words: tuple[int, ...], wanted: set[int]) -> Iterator[int]:
    if wanted.isdisjoint(words):
        return
    for place, word in enumerate(words):
        if word in wanted:
            yield place


def _run(words: tuple[int, ...], place: int, live: LiveNames, values: dict[int, LostValue]) -> Iterator[int]:
    """The references around one, as far as each leads to a value, present or lost."""
    for step in (-1, 1):
        for number in range(1, _NEIGHBOURS):
            at = place + step * number
            if not 0 <= at < len(words):
                break
            target = BINS_START + words[at]
            if not live.is_value(target) and target not in values:
                break
            yield words[at]

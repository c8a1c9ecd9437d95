r"""smss works off the pending renames: PendingFileRenameOperations, then ...2, as one list.

Pairing runs on from the first list into the second. Where the first has an odd number of strings, its last source is paired
with the first string of the second list, and smss by then reads that source from a buffer that has been used again.
Source: smss.md A.1 step 12, A.3 step 17, B.3, B.4, E.4 (ReactOS sminit.c).
"""

from collections.abc import Iterator

from hivecheck.boot.actions import Action, DeleteFile, RenameFile
from hivecheck.boot.plan import Plan, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN2000, Family
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import ALLOW_PROTECTED_RENAMES, MINI_NT, PENDING_RENAMES, PENDING_RENAMES_2
from hivecheck.settings.pending_renames import PendingRename, make_pair, pair_strings

_PROTECTED_ENDINGS = (".DLL", ".EXE", ".SYS", ".OCX", ".DRV", ".TLB")
_SYSTEM_ROOT = "\\SYSTEMROOT"
_FOLDER_LEVELS = 64


def rename_files(smss: Smss, certainty: Certainty) -> Plan:
    """Each pair in order; whatever fails is only logged, and nothing is put back."""
    first = smss.settings[PENDING_RENAMES].value
    second = smss.settings[PENDING_RENAMES_2].value
    asked = [_Asked(pair, certainty) for pair in first.pairs]
    if smss.family is Family.G1:
        pass  # NT 4 has no second list
    elif first.leftover is None or not second.strings:
        asked += [_Asked(pair, certainty) for pair in second.pairs]
    else:
        text = (
            "PendingFileRenameOperations holds an odd number of strings, so every pair of PendingFileRenameOperations2 is "
            "shifted by one string; the source of the first such pair is read from a buffer that has been used again."
        )
        yield Problem("rename-lists-shifted", text, (first.leftover.origin,))
        across = make_pair(PENDING_RENAMES.name, len(first.pairs), first.leftover, second.strings[0])
        doubt = "the buffer still holds this source"
        asked.append(_Asked(across, certainty & Certainty.C, (first.leftover.origin,), doubt))
        shifted, _ = pair_strings(PENDING_RENAMES_2.name, second.strings[1:])
        asked += [_Asked(pair, certainty & Certainty.C) for pair in shifted]
    later = _named_later(smss, [one.pair for one in asked])
    for place, one in enumerate(asked):
        yield from _ask_for(smss, one, later.get(place))


@fact
class _Asked:
    """One pair as smss comes to it."""

    pair: PendingRename
    certainty: Certainty
    also: tuple[Origin, ...] = ()
    doubt: str = ""


def _named_later(smss: Smss, pairs: list[PendingRename]) -> dict[int, NtPath]:
    """For each delete (by its place) the next source that lies below it and is named for the first time only then.

    Whoever wrote the list says by it that such a file is there. One that a rename in between may have brought does not count.
    """
    sources = [_spelled(smss, pair.source) for pair in pairs]
    first = {name: place for place, name in reversed(list(enumerate(sources)))}
    folders = {name for name, pair in zip(sources, pairs, strict=True) if pair.destination is None}
    named: dict[str, int] = {}
    brought: dict[str, int] = {}
    found: dict[int, NtPath] = {}
    for place in range(len(pairs) - 1, -1, -1):
        pair, name = pairs[place], sources[place]
        below = named.get(name)
        if pair.destination is not None:
            brought[_spelled(smss, pair.destination)] = place
        elif below is not None and all(brought.get(up, below) >= below for up in (sources[below], *_above(sources[below]))):
            found[place] = pairs[below].source
        if first[name] == place:
            named.update((folder, place) for folder in _above(name) if folder in folders)
    return found


def _spelled(smss: Smss, path: NtPath) -> str:
    """A path in one spelling, whichever of the usual ones it has."""
    name = fold_name(path.tail).rstrip("\\")
    return fold_name(smss.system_root) + name[len(_SYSTEM_ROOT) :] if name.startswith(_SYSTEM_ROOT + "\\") else name


def _above(name: str) -> Iterator[str]:
    for _ in range(_FOLDER_LEVELS):
        name = name.rpartition("\\")[0]
        if not name:
            return
        yield name


def _ask_for(smss: Smss, asked: _Asked, named_later: NtPath | None) -> Plan:
    pair, certainty, doubt = asked.pair, asked.certainty, asked.doubt
    action: Action
    if pair.destination is None:
        action = DeleteFile(pair.source, pair.marker, pair.list, pair.pair)
    else:
        action = RenameFile(pair.source, pair.destination, pair.replaces, pair.marker, pair.list, pair.pair)
    because: tuple[Origin, ...] = (pair.origin, *asked.also)
    if smss.is_win_pe:
        mini_nt = smss.settings[MINI_NT].origins
        reason = "the key MiniNT exists, so smss takes this boot for Windows PE and works off no pending rename"
        untold = smss.family is Family.G3 or smss.generation == WIN2000  # no source tells it of 2000, Vista and 7
        mark = certainty & Certainty.C if untold else certainty
        yield smss.ask(Step.FILE_RENAMES, action, mark, because + mini_nt, withheld=reason)
        return
    mark = certainty & Certainty.C if pair.marker and "*" in pair.marker else certainty
    if not doubt and smss.ntfs_doubted and _names_stream(pair):
        doubt = "its volume is NTFS, which holds streams"
    if not doubt and _may_be_protected(smss, pair):
        doubt, mark = (
            "Windows File Protection does not guard the file (AllowProtectedRenames is not set)",
            mark & Certainty.C,
        )
    yield smss.ask(Step.FILE_RENAMES, action, mark, because, doubt=doubt, named_later=named_later)


def _names_stream(pair: PendingRename) -> bool:
    paths = (pair.source,) if pair.destination is None else (pair.source, pair.destination)
    return any(":" in path.file_name for path in paths)


def _may_be_protected(smss: Smss, pair: PendingRename) -> bool:
    """2000 to 2003 look up each target in the table of protected files, unless AllowProtectedRenames is set."""
    if smss.family is not Family.G2 or smss.settings[ALLOW_PROTECTED_RENAMES].value:
        return False
    target = (pair.destination or pair.source).text.upper()
    inside = f"{smss.system_root}\\SYSTEM32\\".upper() in target or target.startswith("\\SYSTEMROOT\\SYSTEM32\\")
    return inside and target.endswith(_PROTECTED_ENDINGS)

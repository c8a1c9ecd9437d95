"""From an argument of the command line to the hives that a command reads: one function for all commands.

A hive file is taken as it is, and what searches folders, archives and images is not even loaded for it.
"""

import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from hivecheck.facts.fact import fact

if TYPE_CHECKING:
    from hivecheck.cli.progress import ProgressLine
    from hivecheck.evidence.file_tree import FileTree
    from hivecheck.evidence.found import Found, FoundHive
    from hivecheck.evidence.layouts import HiveKind
    from hivecheck.facts.evidence_path import EvidencePath

_SHOWN_PLACES = 12


@fact
class ChosenHive:
    """A hive to be read. `logs` and `software_logs` are None where they are still to be looked for beside it.

    `places` are all where the same bytes lie, empty where there is one. `volume` are the files of its volume, where they are known.
    `instead_of` says of an older state what is wrong with the hive that its machine boots from; `kind` what it is on it, where a search
    found it.
    """

    path: "EvidencePath"
    logs: "tuple[EvidencePath, ...] | None" = None
    software: "EvidencePath | None" = None
    software_logs: "tuple[EvidencePath, ...] | None" = None
    places: tuple[str, ...] = ()
    volume: "FileTree | None" = None
    instead_of: str = ""
    kind: "HiveKind | None" = None


@fact
class ChosenHives:
    """`missed` says what of the argument was not searched, `damaged` which of it are SYSTEM hives that can't be read."""

    hives: tuple[ChosenHive, ...]
    missed: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


def hives_in(
    named: Path, everything: bool = False, quiet: bool = False, keys: tuple[str, ...] = (), is_hive: bool = False
) -> ChosenHives:
    """The hives of an argument: the file itself, or those found in a folder, an archive or an image.

    Those that machines boot from, or `everything`, their older states as well; what is left out is told on standard error unless
    `quiet`. `keys` open encrypted volumes. `is_hive`: its head was read already, and is one of a hive. Raises EvidenceError where there is none. A single file is not looked into here: opening it tells what is wrong.
    """
    from hivecheck.evidence.digest import begins_as_hive

    if is_hive or begins_as_hive(named):
        return ChosenHives((ChosenHive(named),))
    from hivecheck.evidence.discovery import find_evidence, is_container

    if not named.is_dir() and not is_container(named):
        from hivecheck.evidence.unknown_files import refuse_unknown

        refuse_unknown(named)
        return ChosenHives((ChosenHive(named),))
    from time import monotonic

    from hivecheck.cli.progress import ProgressLine

    with ProgressLine(quiet) as progress:
        found = find_evidence(named, progress=progress, clock=monotonic, keys=keys)
    wanted = found.hives if everything else found.main
    if not quiet:
        _tell_left_out(named, found, wanted)
    return ChosenHives(tuple(map(_chosen, wanted)), found.missed, found.damaged)


def once_each(searches: "Sequence[ChosenHives | None]") -> "list[ChosenHives | None]":
    """What several arguments hold, a hive of which there are copies once: where most of its volume is at hand, with all its places."""
    hives = [(place, hive) for place, search in enumerate(searches) if search is not None for hive in search.hives]
    if len(hives) < 2:
        return list(searches)
    from hivecheck.evidence.copies import Copy, copies_of
    from hivecheck.evidence.locate import find_logs
    from hivecheck.facts.fact import changed

    def logs_of(hive: ChosenHive) -> "tuple[EvidencePath, ...]":
        return hive.logs if hive.logs is not None else find_logs(hive.path) if isinstance(hive.path, Path) else ()

    copies = [
        Copy(number, hive.path, hive.kind, logs_of(hive), hive.software, hive.volume)
        for number, (_, hive) in enumerate(hives)
    ]
    kept: dict[int, list[tuple[int, ChosenHive]]] = {}
    for alike in copies_of(copies):
        same = [hives[one.number][1] for one in alike]
        place, first = hives[alike[0].number]
        places = tuple(dict.fromkeys(where for hive in same for where in hive.places or (str(hive.path),)))
        hive = changed(first, places=places if len(places) > 1 else ())
        kept.setdefault(place, []).append((alike[0].number, hive))
    return [
        changed(search, hives=tuple(hive for _, hive in sorted(kept.get(place, ()), key=lambda one: one[0])))
        if search is not None
        else None
        for place, search in enumerate(searches)
    ]


class Steps:
    """Work on one thing after another, and how far it has come: by the sizes of the things, told in the terminal where there are several."""

    def __init__(self, sizes: Sequence[int], quiet: bool) -> None:
        self._sizes = sizes
        self._quiet = quiet
        self._line: ProgressLine | None = None
        self._place = -1

    def next(self) -> None:
        """The next thing is worked on."""
        self._place += 1

    def doing(self, what: str, part: int, parts: int) -> "AbstractContextManager[object]":
        """A `with` to do a part of it in, the `part`-th (from 0) of `parts`. `what` says in words what is done."""
        if len(self._sizes) * parts == 1:
            return nullcontext()
        from hivecheck.cli.progress import ProgressLine

        self._line = self._line or ProgressLine(self._quiet)
        before, size = sum(self._sizes[: self._place]), self._sizes[self._place]
        self._line.step(what, before + size * part // parts, sum(self._sizes))
        return self._line


def sizes_of(paths: "Iterable[EvidencePath]") -> list[int]:
    """In bytes; 1 for what is no file or can't be asked: opening it tells what is wrong."""
    return [_size_of(path) for path in paths]


def _size_of(path: "EvidencePath") -> int:
    try:
        return max(path.stat().st_size, 1)
    except (OSError, ValueError):
        return 1


def _chosen(one: "FoundHive") -> ChosenHive:
    places = one.places if len(one.places) > 1 else ()
    return ChosenHive(one.path, one.logs, one.software, one.software_logs, places, one.volume, one.instead_of, one.kind)


def _tell_left_out(named: Path, found: "Found", wanted: "tuple[FoundHive, ...]") -> None:
    """Names the older states that are not read, on standard error."""
    from hivecheck.facts.visible import visible

    left_out = [one for one in found.hives if one not in wanted]
    if not left_out:
        return
    states = "older state is" if len(left_out) == 1 else "older states are"
    print(f"hivecheck: {visible(str(named))}: {len(left_out)} {states} not read (--all-hives reads them):", file=sys.stderr)
    for one in left_out[:_SHOWN_PLACES]:
        print(f"  {one.kind.value}: {visible(str(one.path))}", file=sys.stderr)
    if len(left_out) > _SHOWN_PLACES:
        print(f"  and {len(left_out) - _SHOWN_PLACES} more", file=sys.stderr)

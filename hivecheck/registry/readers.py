"""A second opinion on a hive from python-registry and a third from regipy, to the last byte where they give bytes.

What our reader has read without finding damage is handed to the library in this process, which is fast; anything else to a child
process with limits on time and memory. What is known to be wrong with the libraries is in `known_defects`, for both ways; a
difference that nothing there explains is a `Disagreement`, and so is a library that crashes, hangs or reads less than there is.
"""

from pathlib import Path
from typing import Literal

from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import is_log
from hivecheck.registry.opinions import (
    Disagreement,
    Progress,
    ReaderOpinion,
    cells_are_unknown,
    damage_codes,
    failure_words,
    form_opinion,
    refusal,
)
from hivecheck.registry.plain_files import open_plain
from hivecheck.registry.readers_libraries import (
    PYTHON_REGISTRY,
    REGIPY,
    PythonRegistry,
    import_library,
    open_library,
    silent_log,
)
from hivecheck.registry.regf import RegfHive

__all__ = [
    "DEFAULT_GUARD",
    "Disagreement",
    "Guard",
    "PythonRegistry",
    "ReaderOpinion",
    "Sight",
    "ask_library",
    "compare_readers",
    "witness_unreadable",
]

_FIRST_CELL = 0x20  # what regipy takes for the root, whatever the base block says
_SHOWN = 120  # letters of a failure in a sentence


@fact
class Guard:
    """What a library may use in a child. Memory is counted beyond four times the size of the hive: they hold copies of it."""

    python_registry_seconds: float = 10.0
    regipy_seconds: float = 30.0
    memory_bytes: int = 512 * 1024 * 1024

    def seconds(self, library: str) -> float:
        return self.regipy_seconds if library == "regipy" else self.python_registry_seconds


DEFAULT_GUARD = Guard()


@fact
class Sight:
    """What a library sees at the root of a hive. `failure` says in one line why it sees nothing, '' where it opened it.

    `marks` are the names of subkeys by which a SYSTEM hive is known: Select and the control sets.
    """

    name: str
    subkeys: int = 0
    marks: tuple[str, ...] = ()
    failure: str = ""

    @property
    def sentence(self) -> str:
        if self.failure:
            return f"{self.name} can't open it either ({self.failure[:_SHOWN].rstrip('.')})."
        among = f", among them {' and '.join(self.marks)}" if self.marks else ", neither Select nor a control set among them"
        return f"{self.name} opens it and sees {self.subkeys} subkeys of the root{among if self.subkeys else ''}."


def compare_readers(
    hive: RegfHive, keys: tuple[str, ...], which: Literal["second", "all"] = "second", guard: Guard = DEFAULT_GUARD
) -> tuple[ReaderOpinion, ...]:
    r"""The opinion of python-registry, and with "all" that of regipy too, on the subtrees at these paths below the root.

    A path is e.g. `ControlSet001\Control\Session Manager`. `guard` limits the child that reads a damaged hive.
    """
    names = (PYTHON_REGISTRY, REGIPY) if which == "all" else (PYTHON_REGISTRY,)
    if cells_are_unknown(hive):
        note = "the library doesn't know the cells of Windows NT 3.1"
        return tuple(ReaderOpinion(name, None, note=note) for name in names)
    damage = damage_codes(hive, keys)
    return tuple(_ask(name, hive, keys, damage, guard) for name in names)


def _ask(name: str, hive: RegfHive, keys: tuple[str, ...], damage: str, guard: Guard) -> ReaderOpinion:
    if name == REGIPY and hive.base_block.root_offset != _FIRST_CELL:
        note = "it would take another cell for the root key"
        return ReaderOpinion(name, None, ("regipy-root-is-first-cell",), note=note)
    if damage:
        from hivecheck.registry.readers_guard import compare_guarded  # few hives are

        return compare_guarded(name, hive, keys, guard, f"asked in a process of its own: the hive is damaged ({damage})")
    return ask_library(name, hive, keys)


def ask_library(name: str, hive: RegfHive, keys: tuple[str, ...], progress: Progress | None = None) -> ReaderOpinion:
    """What the library makes of these subtrees, read in this process. `progress` is told the path of each key before it is read."""
    versioned = import_library(name)
    with silent_log(name):
        try:
            library = open_library(name, hive.path, hive.buffer)
        except Exception as error:  # noqa: BLE001 - they leak struct.error, StringError, ConstError and others
            return refusal(versioned, failure_words(error))
        return form_opinion(versioned, library, hive, keys, progress)


def witness_unreadable(path: Path, guard: Guard = DEFAULT_GUARD) -> tuple[Sight, ...]:
    """What each library sees in a file that our reader can't open and that begins as a hive, or as one whose base block is
    destroyed: its bins follow. Nothing for any other file."""
    try:
        with open_plain(path) as file:
            head = file.read(0x1004)
    except OSError:
        return ()
    if is_log(head) if head[:4] == b"regf" else head[0x1000:] != b"hbin":
        return ()
    from hivecheck.registry.readers_guard import look_guarded

    return tuple(look_guarded(name, path, guard) for name in (PYTHON_REGISTRY, REGIPY))

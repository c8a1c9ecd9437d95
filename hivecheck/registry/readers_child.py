"""What runs in the child process of `readers_guard`: limits itself, reads the hive, lets one library read it, answers in JSON.

The request is the first line of standard input; the bytes of the hive follow where it has no file. Each answer is a line: the path
of a key before it is read, so that the parent knows where a library hung, and at last the opinion.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from hivecheck.registry.control_sets import control_set_number
from hivecheck.registry.hive import Limits
from hivecheck.registry.opinions import ReaderOpinion, failure_words
from hivecheck.registry.readers import ask_library
from hivecheck.registry.readers_libraries import import_library, open_library, silent_log
from hivecheck.registry.regf import RegfHive, open_hive

_MARKS_AT_MOST = 16


def main() -> None:
    """Answers the one request on standard input. What a library itself prints is thrown away."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.readline())
    limit_memory(request["memory_bytes"])
    try:
        if request["task"] == "look":
            _say(answers, _look(request["library"], Path(request["path"])))
        else:
            _say(answers, _compare(request, answers))
    except Exception as error:  # noqa: BLE001 - whatever happened here is told by the parent, in one line
        _say(answers, {"failure": failure_words(error), "library": request["library"]})


def limit_memory(size_bytes: int) -> bool:
    """Whether the address space of this process could be limited; no core file is written either. Not possible on Windows."""
    try:
        import resource
    except ImportError:
        return False
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (size_bytes, size_bytes))
    except (ValueError, OSError):  # a lower limit is set already
        return False
    return True


def _compare(request: dict[str, Any], answers: BinaryIO) -> dict[str, object]:
    hive = _open(request["path"], Limits(*request["limits"]))
    opinion = ask_library(request["library"], hive, tuple(request["keys"]), lambda path: _say(answers, path))
    return _plain(opinion)


def _open(path: str | None, limits: Limits) -> RegfHive:
    if path is None:
        return RegfHive.from_buffer("recovered", sys.stdin.buffer.read(), limits)
    return open_hive(Path(path), limits)


def _plain(opinion: ReaderOpinion) -> dict[str, object]:
    return {
        "name": opinion.name,
        "agrees": opinion.agrees,
        "known_defects": opinion.known_defects,
        "disagreements": [(one.key, one.value, one.what, one.ours, one.theirs) for one in opinion.disagreements],
        "keys": opinion.keys_compared,
        "values": opinion.values_compared,
        "note": opinion.note,
    }


def _look(name: str, path: Path) -> dict[str, object]:
    versioned = import_library(name)
    with silent_log(name):
        library = open_library(name, path, path.read_bytes())
        names = [library.key_name(key) for key in library.subkeys(library.root())]
    marks = [found for found in names if found.upper() == "SELECT" or control_set_number(found) is not None]
    return {"name": versioned, "subkeys": len(names), "marks": sorted(marks)[:_MARKS_AT_MOST]}


def _say(answers: BinaryIO, answer: object) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")

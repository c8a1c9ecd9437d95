"""A library asked in a child process: it may take so long and so much, and whatever becomes of it is told in one line.

The child (`readers_child`) reads the same file, or is given the same bytes through a pipe; nothing is written beside the evidence.
It answers in JSON, which can't run code. On systems without the module `resource` (Windows) its memory has no limit of its own;
the limit on time holds everywhere. Nothing of the evidence stands in the command line, where other users could read it.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from hivecheck.facts.fact import changed
from hivecheck.registry.opinions import Disagreement, ReaderOpinion, refusal
from hivecheck.registry.readers import Guard, Sight
from hivecheck.registry.regf import RegfHive

# The child finds its modules where this process does, and not in the current folder, which may be that of the evidence.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from hivecheck.registry.readers_child import main; main()"


def compare_guarded(library: str, hive: RegfHive, keys: tuple[str, ...], guard: Guard, note: str) -> ReaderOpinion:
    """The library's opinion on these subtrees. `note` is put before what it says itself."""
    request: dict[str, object] = {
        "task": "compare",
        "library": library,
        "keys": keys,
        "limits": [getattr(hive.limits, name) for name in type(hive.limits).__match_args__],
    }
    try:
        answers, failure = _run(request, hive.path, b"" if hive.path else bytes(hive.buffer), len(hive.buffer), guard)
    except OSError as error:
        return ReaderOpinion(library, None, note=_not_started(error))
    opinion = None if failure else _read_opinion(answers)
    if opinion is None:
        last = next((answer for answer in reversed(answers) if isinstance(answer, str)), "")
        opinion = refusal(library, failure or "its process gave no answer", last)
    return changed(opinion, note="; ".join(filter(None, (note, opinion.note))))


def look_guarded(library: str, path: Path, guard: Guard) -> Sight:
    """What the library sees in a hive that our reader can't open."""
    try:
        answers, failure = _run({"task": "look", "library": library}, path, b"", path.stat().st_size, guard)
    except OSError as error:
        return Sight(library, failure=_not_started(error))
    match answers[-1:]:
        case [{"name": str(name), "subkeys": int(subkeys), "marks": [*marks]}] if not failure:
            return Sight(name, subkeys, tuple(str(mark) for mark in marks))
        case [{"failure": str(words)}] if not failure:
            return Sight(library, failure=words)
    return Sight(library, failure=failure or "its process gave no answer")


def _run(request: dict[str, object], path: Path | None, data: bytes, size: int, guard: Guard) -> tuple[list[object], str]:
    """What the child answered, and in one line why it didn't answer to its end, '' where it did. Raises OSError where it can't start."""
    import json
    import subprocess

    request |= {"path": os.path.abspath(path) if path else None, "memory_bytes": guard.memory_bytes + 4 * size}
    seconds = guard.seconds(str(request["library"]))
    command = [sys.executable, "-P", "-c", _PROGRAM, *(os.path.abspath(place) for place in sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 - this very interpreter, with a program of ours
            command,
            input=json.dumps(request).encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        return _answers((expired.stdout or b"").splitlines()), f"no answer within {seconds:g} seconds"
    answers = _answers(done.stdout.splitlines())
    if done.returncode:
        how = f"by signal {-done.returncode}" if done.returncode < 0 else f"with code {done.returncode}"
        return answers, f"its process was ended {how}"
    return answers, ""


def _not_started(error: OSError) -> str:
    return f"no process could be started for it: {error.strerror or error}"


def _answers(lines: Iterable[bytes]) -> list[object]:
    """The lines that are JSON; the last one may be torn."""
    import json

    found: list[object] = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def _read_opinion(answers: list[object]) -> ReaderOpinion | None:
    match answers[-1:]:
        case [
            {
                "name": str(name),
                "agrees": bool(agrees),
                "known_defects": [*defects],
                "disagreements": [*found],
                "keys": int(keys),
                "values": int(values),
                "note": str(note),
            }
        ]:
            disagreements = tuple(Disagreement(*map(str, one)) for one in found if isinstance(one, list) and len(one) == 5)
            return ReaderOpinion(name, agrees, tuple(map(str, defects)), disagreements, keys, values, note)
        case [{"failure": str(words), "library": str(library)}]:
            return refusal(library, words)
    return None

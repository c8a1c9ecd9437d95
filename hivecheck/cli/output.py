"""Where results go: standard output, or a named file. The only place of the program with a clock."""

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TextIO

from hivecheck.errors import UsageError

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis
    from hivecheck.facts.evidence_path import EvidencePath
    from hivecheck.report.paper import Paper

STANDARD_OUTPUT = Path("-")
_REGBACK = "regback"
_HIVE_FOLDERS = frozenset({"config", _REGBACK})
_PIPE_WIDTH = 120
_WIDEST = 160


def generated_utc() -> str:
    """Now, or the instant that SOURCE_DATE_EPOCH pins, as ISO 8601 UTC to the second."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is no time: {epoch[:40]}") from error
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def terminal_paper(no_color: bool) -> "Paper":
    """Paper of the terminal's width; plain where output is piped, or colours are unwanted; boxes only on a UTF-8 terminal."""
    from hivecheck.report.paper import Paper

    is_terminal = sys.stdout.isatty()
    styled = is_terminal and not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = min(get_terminal_size((_PIPE_WIDTH, 50)).columns, _WIDEST)
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return Paper(width, styled, is_terminal and encoding == "utf8")


def evidence_files(
    named: Iterable[Path],
    analyses: "Iterable[Analysis]" = (),
    options: Iterable[str | Path | None] = (),
) -> tuple[Path, ...]:
    """Every file and folder that is evidence here: what was named, the hives found in it, their neighbours, and the files of `options`.

    `options` are values of --software, --logs, --key and --profile, of which those that are files count. None is ever written to.
    """
    from hivecheck.evidence.locate import find_logs

    found = [evidence for one in analyses for evidence in (one.evidence, one.software_evidence) if evidence is not None]
    read = [path for evidence in found for path in (evidence.path, *(log.path for log in evidence.logs))]
    given = [Path(one) for one in options if one is not None and os.path.isfile(one)]
    files = [*named, *(file_on_disk(path) for path in read), *given]
    beside = (one for file in files if os.path.isfile(file) for one in (*find_logs(file), *_neighbours(file)))
    return (*files, *beside)


def _neighbours(hive: Path) -> Iterator[Path]:
    """What is of the machine of a hive file: its folder where that is one that Windows keeps hives in, RegBack and SOFTWARE beside it."""
    from hivecheck.evidence.digest import begins_as_hive

    if not begins_as_hive(hive):
        return
    for file in dict.fromkeys((Path(os.path.abspath(hive)), Path(os.path.realpath(hive)))):
        yield from (above for above in file.parents[:2] if above.name.lower() in _HIVE_FOLDERS)
        wanted = (_REGBACK, file.name.lower().replace("system", "software", 1))
        yield from (file.parent / name for name in _names_in(file.parent) if name.lower() in wanted)


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []  # what can't be listed can't be written to by its name either


def file_on_disk(path: "EvidencePath") -> Path:
    """The file itself, or the archive or image that it lies in."""
    if isinstance(path, Path):
        return path
    from hivecheck.evidence.member import Member

    return path.container if isinstance(path, Member) else Path(str(path))


def refuse_evidence(target: Path, evidence: Iterable[Path]) -> None:
    """Raises UsageError where what is to be written is a piece of evidence, or lies in a folder of it, by whatever path or link.

    The segments, parts and extents of an image are pieces of it, though only one of them was named.
    """
    if target == STANDARD_OUTPUT:
        return
    is_there = os.path.exists(target)
    for file in evidence:
        if is_there and (_is_same(target, file) or _is_part(target, file)):
            break
        if os.path.isdir(file) and _lies_in(target, file):
            if is_there:
                break
            raise UsageError("this would lie in a folder of evidence", str(target), "Name one outside of it.")
    else:
        if is_there and _is_hive(target):
            raise UsageError("this file is a registry hive", str(target), "Hives are never written over. Name another file.")
        return
    raise UsageError("this file is evidence", str(target), "Evidence is never written to. Name another file.")


def _is_hive(target: Path) -> bool:
    from hivecheck.evidence.digest import begins_as_hive

    return begins_as_hive(target)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def _lies_in(target: Path, folder: Path) -> bool:
    """Whether it is the folder or lies in it at any depth, also where neither it nor its own folder is there yet."""
    whole = Path(os.path.realpath(target))
    if any(_is_same(one, folder) for one in (whole, *whole.parents)):
        return True
    if not os.path.isfile(whole) or whole.stat().st_nlink == 1:
        return False
    walked = os.walk(folder)  # a file of several names: one of them may be in there
    return any(_is_same(whole, Path(below, name)) for below, _, names in walked for name in names)


def _is_part(target: Path, image: Path) -> bool:
    """Whether an existing file is a piece of an image that was named."""
    if not os.path.isfile(image) or not os.path.isfile(target):
        return False
    from hivecheck.evidence.digest import begins_as_hive

    if begins_as_hive(image):
        return False  # a hive or a log, not an image: what looks into images need not be loaded
    from hivecheck.evidence.image_parts import parts_beside

    return any(_is_same(target, part) for part in parts_beside(image))


def write_text(target: Path, pieces: Iterable[str], evidence: Iterable[Path]) -> None:
    """Writes text to a file, or to standard output for `-`. Raises UsageError where that can't be, or would overwrite evidence.

    Where who read standard output has gone, the rest is dropped: other files may still have to be written.
    """
    refuse_evidence(target, evidence)
    if target == STANDARD_OUTPUT:
        print_pieces(pieces)
        return
    try:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            _write_whole(file, pieces, target)
    except OSError as error:
        raise UsageError(f"the file can't be written: {error.strerror or error}", str(target)) from error


def print_pieces(pieces: Iterable[str]) -> None:
    """Prints text at once; once the reader of a pipe has gone, nothing more is said, and the work goes on."""
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_standard_output()


def drop_standard_output() -> None:
    """What is printed from here on goes nowhere, and so does what could not be."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_whole(file: TextIO, pieces: Iterable[str], target: Path) -> None:
    """Writes all pieces; a regular file that an interrupt leaves unfinished is removed: what is there is whole."""
    try:
        file.writelines(pieces)
    except KeyboardInterrupt:
        if target.is_file() and not target.is_symlink():
            file.close()
            target.unlink()
        raise

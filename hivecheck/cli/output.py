"""Where results go: standard output, or a named file. The only place of the program with a clock."""

import os
import sys
from collections.abc import Iterable
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


def evidence_files(named: Iterable[Path], analyses: "Iterable[Analysis]" = ()) -> tuple[Path, ...]:
    """Every file that is evidence here: what was named, the hives found in it, and their logs. None of them is ever written to."""
    from hivecheck.evidence.locate import find_logs

    found = [evidence for one in analyses for evidence in (one.evidence, one.software_evidence) if evidence is not None]
    read = [path for evidence in found for path in (evidence.path, *(log.path for log in evidence.logs))]
    files = [*named, *(file_on_disk(path) for path in read)]
    return (*files, *(log for file in files if file.is_file() for log in find_logs(file)))


def file_on_disk(path: "EvidencePath") -> Path:
    """The file itself, or the archive or image that it lies in."""
    if isinstance(path, Path):
        return path
    from hivecheck.evidence.member import Member

    return path.container if isinstance(path, Member) else Path(str(path))


def refuse_evidence(target: Path, evidence: Iterable[Path]) -> None:
    """Raises UsageError where a file to be written is a piece of evidence, by whatever path, link or spelling."""
    if target == STANDARD_OUTPUT or not target.exists():
        return
    for file in evidence:
        if file.exists() and target.samefile(file):
            hint = "Evidence is never written to. Name another file."
            raise UsageError("this file is evidence", str(target), hint)


def write_text(target: Path, pieces: Iterable[str], evidence: Iterable[Path]) -> None:
    """Writes text to a file, or to standard output for `-`. Raises UsageError where that can't be, or would overwrite evidence."""
    refuse_evidence(target, evidence)
    if target == STANDARD_OUTPUT:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
        return
    try:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            _write_whole(file, pieces, target)
    except OSError as error:
        raise UsageError(f"the file can't be written: {error.strerror or error}", str(target)) from error


def _write_whole(file: TextIO, pieces: Iterable[str], target: Path) -> None:
    """Writes all pieces; a regular file that an interrupt leaves unfinished is removed: what is there is whole."""
    try:
        file.writelines(pieces)
    except KeyboardInterrupt:
        if target.is_file() and not target.is_symlink():
            file.close()
            target.unlink()
        raise

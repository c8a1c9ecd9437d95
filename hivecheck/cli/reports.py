"""The folder of `--output`: a page and a document for each hive, and a page that lists them where several were asked for.

Names are made of the computer's name and the time of the report. What a hive says about its name can't leave the folder, name
a device, or take the place of another file.
"""

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hivecheck.cli.output import refuse_evidence, write_text
from hivecheck.errors import HivecheckError, UsageError
from hivecheck.facts.visible import visible

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis
    from hivecheck.facts.case_notes import CaseNotes

INDEX = "index.html"
_LONGEST_HOST = 48
_LONGEST_BYTES = 120  # of the host in UTF-8: file systems hold 255, and time and ending stand behind it
_KEPT = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl"})  # letters, their marks, and digits of every script
_RESERVED = re.compile(r"^(con|prn|aux|nul|clock|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def check_folder(folder: Path, several: bool, force: bool) -> None:
    """Raises UsageError where it is known before any hive is read that the reports can't be written."""
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is no folder", str(folder))
    if several:
        refuse_overwriting(folder / INDEX, force)


def write_reports(
    folder: Path,
    analyses: "list[Analysis]",
    unread: Sequence[HivecheckError],
    several: bool,
    generated_utc: str,
    notes: "CaseNotes",
    protected: tuple[Path, ...],
    force: bool,
) -> list[Path]:
    """Writes the reports and gives their paths, that of the index first. Hives of one content are told once; older reports in
    the folder are named on the list and on standard error.

    Raises UsageError where a file is there already and `force` is False or one is evidence, before any is written, or can't be written.
    """
    from hivecheck.cli.older_reports import older_reports, warn_of_older
    from hivecheck.report.document import write_documents
    from hivecheck.report.html import render_html
    from hivecheck.report.index import IndexedReport, render_index

    taken: set[str] = {Path(INDEX).stem}
    reports = [
        IndexedReport(alike[0], _places(alike), report_name(alike[0], generated_utc, taken))
        for alike in same_contents(analyses)
    ]
    targets = [folder / INDEX] * several + [folder / name for one in reports for name in (one.page, one.document)]
    for target in targets:
        refuse_overwriting(target, force)
        refuse_evidence(target, protected)
    _make_folder(folder)
    for one in reports:
        write_text(folder / one.page, (render_html(one.analysis, generated_utc),), protected)
        write_text(folder / one.document, write_documents([one.analysis], generated_utc), protected)
    older = older_reports(folder, [target.name for target in targets])
    if several:
        write_text(folder / INDEX, (render_index(reports, unread, generated_utc, notes, older),), protected)
    warn_of_older(folder, older)
    return targets


def same_contents(analyses: "list[Analysis]") -> "list[list[Analysis]]":
    """The analyses by what was read, hive and logs byte for byte, in the order of the first of each."""
    alike: dict[tuple[object, ...], list[Analysis]] = {}
    for one in analyses:
        logs = tuple([(log.sha256, log.fate.why) for log in one.evidence.logs])
        alike.setdefault((one.evidence.digests.sha256, logs), []).append(one)
    return list(alike.values())


def _places(alike: "list[Analysis]") -> tuple[str, ...]:
    """All where the bytes of these analyses lie."""
    return tuple([place for one in alike for place in one.evidence.places or (one.evidence.source,)])


def report_name(analysis: "Analysis", generated_utc: str, taken: set[str]) -> str:
    """A file name without ending: host and UTC time, of letters and digits of any script, `.`, `_` and `-`; added to `taken`.

    It is good on every file system: in composed form (NFC), no device, no blank or dot at its ends, nothing that can't be seen,
    and it differs from others by more than case.
    """
    host = safe_host(analysis.facts.computer_name.value or analysis.evidence.name)
    stem = f"{host}-{generated_utc.replace('-', '').replace(':', '')}"
    name, number = stem, 2
    while folded(name) in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(folded(name))
    return name


def safe_host(named: str) -> str:
    """The name of a computer as part of a file name; `hive` where nothing of it is left."""
    host = ""
    for letter in unicodedata.normalize("NFC", named[:1_000]):
        host += letter if _is_kept(letter, host[-1:]) else "_"
    host = re.sub("__+", "_", host).strip("._-")[:_LONGEST_HOST]
    while host and (len(host.encode()) > _LONGEST_BYTES or unicodedata.category(host[0]) in ("Mn", "Mc")):
        host = host[1:] if unicodedata.category(host[0]) in ("Mn", "Mc") else host[:-1]  # a mark stands on no letter there
    host = host.strip("._-") or "hive"
    try:
        os.fsencode(host)
    except UnicodeEncodeError:  # a system whose file names are Latin-1, say
        host = f"xn--{host.encode('punycode').decode()}"
    return f"_{host}" if _RESERVED.match(unicodedata.normalize("NFKC", host)) else host


def _is_kept(letter: str, before: str) -> bool:
    """Whether the letter can stand in a file name; a combining mark can where it stands on a letter."""
    if letter.isascii():
        return letter.isalnum() or letter in "._-"
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Mc") and (not before or unicodedata.category(before)[0] not in "LNM"):
        return False
    return kind in _KEPT and visible(f"a{letter}") == f"a{letter}"


def folded(name: str) -> str:
    """What two names share that some file system takes for one: letter case, and how letters are composed."""
    return unicodedata.normalize("NFKC", name).casefold()


def refuse_overwriting(target: Path, force: bool) -> None:
    """Raises UsageError where something is there already, be it a link that leads nowhere, and --force is not given."""
    if (target.exists() or target.is_symlink()) and not force:
        raise UsageError("the file is there already", str(target), "Give --force to overwrite it.")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder can't be made: {error.strerror or error}", str(folder)) from error

"""The two sides of a comparison as the user named them: a hive, a folder that holds one, or a saved analysis. Content decides which."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hivecheck.cli.exits import Outcome
from hivecheck.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis, Options
    from hivecheck.cli.found_hives import ChosenHive
    from hivecheck.facts.evidence_path import EvidencePath

_FIRST_BYTES = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Side(NamedTuple):
    """One side: where it lies, its document, and its analysis, None where the document was saved."""

    path: "EvidencePath"
    document: dict[str, Any]
    analysis: "Analysis | None"
    is_complete: bool


def load_side(named: Path, options: "Options", generated_utc: str, quiet: bool, outcome: Outcome) -> Side:
    """The side that an argument names. A SOFTWARE hive that was only found is left out: the other side may have none.

    Raises EvidenceError where it can't be read, UsageError where a folder holds several hives, or an option can't be had of a
    saved analysis.
    """
    from hivecheck.compare.documents import checked_document, read_document

    if is_saved_document(named):
        _refuse_options(named, options)
        document = read_document(_read(named), str(named))
        return Side(named, document, None, not any(_loses_data(one) for one in document.get("problems") or ()))
    from hivecheck.cli.analyze import analyze_found
    from hivecheck.facts.fact import changed
    from hivecheck.report.document import analysis_document

    hive = one_hive(named, quiet, outcome)
    path = hive.path
    analysis = analyze_found(changed(hive, software=None), options)
    plain = json.loads(json.dumps(analysis_document(analysis, generated_utc)))  # as it would be after it was saved
    return Side(path, checked_document(plain, str(path)), analysis, analysis.is_complete)


def is_saved_document(named: Path) -> bool:
    """Whether a file begins as JSON does; False for what can't be opened: reading it as a hive tells what is wrong."""
    from hivecheck.registry.plain_files import open_plain

    try:
        with open_plain(named) as file:
            first = file.read(_FIRST_BYTES)
    except OSError:
        return False
    return first.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith((b"{", b"["))


def one_hive(named: Path, quiet: bool = False, outcome: Outcome | None = None) -> "ChosenHive":
    """The file itself, or the one SYSTEM hive of a folder, archive or image that a machine boots from.

    What was not searched is told where `outcome` takes it. Raises UsageError where there are several.
    """
    from hivecheck.cli.found_hives import hives_in

    search = hives_in(named, quiet=quiet or outcome is None)
    if outcome is not None:
        outcome.tell_missed(named, search.missed, search.damaged)
    if len(search.hives) > 1:
        found = ", ".join(str(hive.path) for hive in search.hives[:4])
        where = "folder" if named.is_dir() else "file"
        raise UsageError(f"there are {len(search.hives)} SYSTEM hives in this {where}", str(named), f"Name one: {found}.")
    return search.hives[0]


def _read(named: Path) -> bytes:
    from hivecheck.compare.documents import LARGEST_BYTES
    from hivecheck.registry.plain_files import open_plain

    try:
        with open_plain(named) as file:
            return file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise EvidenceError(f"the file can't be read: {error.strerror or error}", str(named)) from error


def _refuse_options(named: Path, options: "Options") -> None:
    asked = [
        name
        for name, given in (
            ("a control set", options.control_set != "default"),
            ("--safe-mode", options.safe_mode is not None),
            ("logs", options.logs != "auto"),
            ("--software", options.software is not None),
        )
        if given
    ]
    if asked:
        hint = "A saved analysis is what it was when it was saved; name the hive instead."
        raise UsageError(f"{asked[0]} can't be chosen for a saved analysis", str(named), hint)


def _loses_data(problem: Any) -> bool:
    return isinstance(problem, dict) and bool(problem.get("loses_data"))

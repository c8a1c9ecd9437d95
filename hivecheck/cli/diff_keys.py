"""The two hives of `diff --whole-hive`, open for as long as their keys and values are told. Any registry hive will do."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hivecheck.cli.options import chosen_logs
from hivecheck.errors import UsageError

if TYPE_CHECKING:
    from hivecheck.compare.diff import Diff
    from hivecheck.compare.whole_hive import WholeHiveDiff
    from hivecheck.facts.evidence_path import EvidencePath


class OpenedKeys(NamedTuple):
    """The comparison of all keys and values of two open hives, and what the hives are."""

    compared: "WholeHiveDiff"
    paths: "tuple[EvidencePath, EvidencePath]"
    are_system_hives: bool
    is_complete: bool

    def bare_diff(self) -> "Diff":
        """The comparison of hives that are no SYSTEM hives: there is nothing of a boot in it."""
        from hivecheck.compare.diff import compare_documents
        from hivecheck.compare.documents import bare_document
        from hivecheck.evidence.digest import PendingDigests

        before, after = (bare_document(str(path), path.name, PendingDigests(path).result().sha256) for path in self.paths)
        return compare_documents(before, after)


@contextmanager
def open_keys(named: tuple[Path, Path], logs: tuple[list[str] | None, list[str] | None]) -> Iterator[OpenedKeys]:
    """Opens both hives with their logs and compares every key and value.

    Raises EvidenceError where one can't be read, UsageError for a saved analysis.
    """
    from hivecheck.cli.diff_sides import is_saved_document, one_hive
    from hivecheck.compare.whole_hive import compare_hives
    from hivecheck.evidence.opening import open_with_logs
    from hivecheck.registry.control_sets import is_system_hive

    for path in named:
        if is_saved_document(path):
            raise UsageError("--whole-hive takes hives: a saved analysis holds only the keys of the boot", str(path))
    hives = (one_hive(named[0]), one_hive(named[1]))
    with ExitStack() as opened:
        sides = [
            open_with_logs(hive.path, chosen_logs(asked), beside=hive.logs) for hive, asked in zip(hives, logs, strict=True)
        ]
        for side in sides:
            opened.callback(side.close)
        before, after = sides[0].hive, sides[1].hive
        opened.callback(gc.enable)
        gc.disable()  # hundreds of thousands of facts and not one circle among them: to look for some takes a tenth of the time
        compared = compare_hives(before, after)
        are_system_hives = is_system_hive(before) and is_system_hive(after)
        problems = (*compared.problems_before, *compared.problems_after)
        is_complete = not compared.is_cut and not any(problem.loses_data for problem in problems)
        yield OpenedKeys(compared, (hives[0].path, hives[1].path), are_system_hives, is_complete)

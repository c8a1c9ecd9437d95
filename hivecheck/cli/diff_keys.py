"""The two hives of `diff --whole-hive`, open for as long as their keys and values are told. Any registry hive will do."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hivecheck.cli.options import chosen_logs
from hivecheck.errors import UsageError

if TYPE_CHECKING:
    from hivecheck.compare.control_set_alignment import Alignment
    from hivecheck.compare.diff import Diff
    from hivecheck.compare.key_verdicts import KeyVerdicts
    from hivecheck.compare.whole_hive import WholeHiveDiff
    from hivecheck.evidence.opening import OpenedHive
    from hivecheck.facts.evidence_path import EvidencePath
    from hivecheck.registry.regf import RegfHive


class OpenedKeys(NamedTuple):
    """The comparison of all keys and values of two open hives, and what the hives are.

    `verdicts` are those of the other heights, None before these are known.
    """

    compared: "WholeHiveDiff"
    paths: "tuple[EvidencePath, EvidencePath]"
    states: "tuple[OpenedHive, OpenedHive]"
    are_system_hives: bool
    is_complete: bool
    verdicts: "KeyVerdicts | None" = None

    def judged(self, diff: "Diff") -> "OpenedKeys":
        """The same, with what the other heights say of keys and values."""
        from hivecheck.compare.key_verdicts import KeyVerdicts, unfolded

        verdicts = KeyVerdicts(diff)
        return self._replace(verdicts=verdicts, compared=unfolded(self.compared, verdicts))

    def bare_diff(self) -> "Diff":
        """The comparison of hives that are no SYSTEM hives: there is nothing of a boot in it."""
        from hivecheck.compare.diff import compare_documents
        from hivecheck.compare.documents import bare_document
        from hivecheck.evidence.digest import PendingDigests
        from hivecheck.report.origins_json import problem_json

        problems = (self.compared.problems_before, self.compared.problems_after)
        documents = []
        for path, state, told in zip(self.paths, self.states, problems, strict=True):
            document = bare_document(str(path), path.name, PendingDigests(path).result().sha256)
            document["evidence"] |= {
                "dirty": state.primary is None or state.primary.dirty,
                "recovered": state.recovered,
                "logs": [str(log.path) for log in state.logs if log.fate.applied],
            }
            document["problems"] = [problem_json(one) for one in (*state.problems, *told)]
            documents.append(document)
        return compare_documents(documents[0], documents[1])


@contextmanager
def open_keys(
    named: tuple[Path, Path], logs: tuple[list[str] | None, list[str] | None], control_sets: tuple[str, str]
) -> Iterator[OpenedKeys]:
    """Opens both hives with their logs and compares every key and value, the chosen control sets with each other.

    Raises EvidenceError where one can't be read, UsageError for a saved analysis.
    """
    from hivecheck.cli.diff_sides import is_saved_document, one_hive
    from hivecheck.compare.control_set_alignment import AS_NUMBERED
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
        if gc.isenabled():
            opened.callback(_look_for_circles_again)
            gc.disable()  # hundreds of thousands of facts and not one circle among them: to look for some takes a tenth of the time
        are_system_hives = is_system_hive(before) and is_system_hive(after)
        sets = _aligned(before, after, control_sets, hives[0].path == hives[1].path) if are_system_hives else AS_NUMBERED
        compared = compare_hives(before, after, sets=sets)
        problems = (*compared.problems_before, *compared.problems_after)
        is_complete = not compared.is_cut and not any(problem.loses_data for problem in problems)
        yield OpenedKeys(compared, (hives[0].path, hives[1].path), (sides[0], sides[1]), are_system_hives, is_complete)


def _look_for_circles_again() -> None:
    """Among what is made from now on only."""
    gc.freeze()
    gc.enable()


def _aligned(before: "RegfHive", after: "RegfHive", choices: tuple[str, str], one_hive: bool) -> "Alignment":
    """Which control set is held against which, by the choice of each side."""
    from hivecheck.compare.control_set_alignment import align_control_sets
    from hivecheck.registry.control_sets import read_control_sets

    old, new = read_control_sets(before, choices[0]), read_control_sets(after, choices[1])
    return align_control_sets(old.number, new.number, old.present, new.present, one_hive)

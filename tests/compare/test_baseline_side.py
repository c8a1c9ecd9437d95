"""A hive against the Windows that it runs, as shipped: what is told, and whether it is judged as against the clean machine."""

from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.compare.baseline_side import OWN, baseline_sides, chosen_generation
from hivecheck.compare.change import Change, Verdict
from hivecheck.compare.diff import compare_documents
from tests.compare.twins import clean_twin, compare_files, document_of, write
from tests.infected_hives import Infected, infected_hives

_MODERN = [one for one in infected_hives() if "win10" in one.machine.file]
_LISTS = ("BootExecute/", "PendingFileRenameOperations", "ExcludeFromKnownDlls/", "MiniNT")


def against_baseline(path: Path) -> tuple[Change, ...]:
    analysis = analyze(path, Options(verify="none"))
    sides = baseline_sides(analysis, document_of(analysis), chosen_generation(OWN, analysis))
    return compare_documents(*sides, against_baseline=True).settings


def judged(changes: tuple[Change, ...]) -> dict[str, Verdict]:
    return {change.what: change.verdict for change in changes if change.what.startswith(_LISTS)}


@pytest.mark.parametrize("infected", _MODERN, ids=lambda one: one.machine.file)
def test_the_baseline_and_the_clean_machine_lead_to_the_same_verdicts(infected: Infected, tmp_path: Path) -> None:
    before, after = write(tmp_path, "before", clean_twin(infected)), write(tmp_path, "after", infected.hive)
    told = judged(against_baseline(after))
    assert told == judged(compare_files(before, after).settings)
    assert any(what.startswith("PendingFileRenameOperations/") for what in told)


def test_of_a_clean_machine_nothing_is_suspicious(tmp_path: Path) -> None:
    [infected] = [one for one in _MODERN if "minint" in one.machine.file]
    changes = against_baseline(write(tmp_path, "clean", clean_twin(infected)))
    assert changes
    assert not [change.what for change in changes if change.verdict is Verdict.SUSPICIOUS]


@pytest.mark.parametrize("infected", _MODERN, ids=lambda one: one.machine.file)
def test_each_new_grave_finding_is_cited_by_a_change(infected: Infected, tmp_path: Path) -> None:
    path = write(tmp_path, "after", infected.hive)
    grave = {
        one["fingerprint"]
        for one in document_of(analyze(path, Options(verify="none")))["findings"]
        if one["severity"] in ("medium", "high", "critical") and not one["expected"] and not one["rule"].startswith("time-")
    }
    assert grave <= {one for change in against_baseline(path) for one in change.findings}

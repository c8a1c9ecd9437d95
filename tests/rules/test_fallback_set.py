"""A hive whose Select names no set that is there: what the boot menu would start is judged in its place."""

from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.facts.generation import Family
from hivecheck.rules.examples.example import Example
from tests.hive_writer import write_hive
from tests.rules.cases import hive_of

EVIL = '[ControlSet002\\Control\\Session Manager]\nBootExecute = multi "autocheck autochk *" "evil"\n'


def found(tmp_path: Path, notation: str) -> dict[str, str]:
    file = tmp_path / "SYSTEM"
    file.write_bytes(write_hive(hive_of(Example("it", notation, generation="xp-x86"))).data)
    analysis = analyze(file, Options(verify="none"))
    assert analysis.generation.family is Family.G2
    return {finding.rule.id: finding.message for finding in analysis.told_findings}


@pytest.mark.parametrize("default", ["dword 3", 'sz "1"'])
def test_the_last_known_good_set_is_judged(tmp_path: Path, default: str) -> None:
    told = found(tmp_path, f"[Select]\nDefault = {default}\n{EVIL}")
    assert told["bootexec-extra"].startswith(
        "In ControlSet002, the last known good set, which the boot menu starts: BootExecute"
    )
    assert "seq-extra-set-on-8plus" not in told


def test_without_one_that_of_the_last_boot_is(tmp_path: Path) -> None:
    changed = EVIL.replace("ControlSet002", "ControlSet001")
    told = found(tmp_path, f"[Select]\nDefault = dword 3\nLastKnownGood = dword 9\n{changed}")
    assert told["bootexec-extra"].startswith("In ControlSet001, the set of the last boot: BootExecute")


def test_a_set_that_boots_needs_none(tmp_path: Path) -> None:
    assert "bootexec-extra" not in found(tmp_path, f"[Select]\nDefault = dword 1\n{EVIL}")

"""Subjects of findings in the hive's own spelling, with the fingerprints that they had."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.analysis import Options, analyze
from hivecheck.rules.examples.catalog import EXAMPLES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.judge import stored_spelling
from hivecheck.rules.lost_services import SVC_MISSING_SENSOR_BINARY
from tests.rules.cases import HIVES, case_of
from tests.rules.made_findings import made_finding


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        (r"c:\programdata\anaconda3", r"Path has C:\ProgramData\Anaconda3 (and 4 more).", r"C:\ProgramData\Anaconda3"),
        (r"c:\a\b.tmp to c:\c.dll", r"rename \??\C:\A\b.TMP to \??\C:\C.dll", r"C:\A\b.TMP to C:\C.dll"),
        (r"c:\windows\system32\pin.dll", "lists Pin: lsass", r"c:\windows\system32\Pin.dll"),
        (r"c:\windows\system32\drivers\x.sys", r"system32\Drivers\X.sys", r"c:\windows\system32\Drivers\X.sys"),
        ("tpwinprn tpwinprn.dll", "load TPWinPrn.dll", "tpwinprn TPWinPrn.dll"),
        (r"c:\a.dll", r"C:\a.dllx and xc:\A.dll and C:\A.DLL", r"C:\A.DLL"),
        (r"c:\x\a.dll", "nothing of it", r"c:\x\a.dll"),
        ("remote desktop", "Remote desktop takes connections", "remote desktop"),
        (r"C:\A.dll", r"c:\a.DLL", r"C:\A.dll"),
        ("", "X", ""),
    ],
)
def test_a_folded_path_takes_the_spelling_of_the_texts(subject: str, text: str, said: str) -> None:
    assert stored_spelling(subject, ["", text]) == said


@given(st.text(), st.lists(st.text(), max_size=4))
def test_only_the_case_of_letters_ever_changes(subject: str, texts: list[str]) -> None:
    for one in (subject, subject.casefold(), f"{subject.casefold()}.dll"):
        said = stored_spelling(one, [*texts, one.upper(), one.title()])
        assert said.casefold() == one.casefold()


def test_a_fingerprint_does_not_know_the_spelling() -> None:
    assert made_finding("r", subject=r"C:\A.dll").fingerprint == made_finding("r", subject=r"c:\a.dll").fingerprint


def test_findings_of_a_hive_are_about_paths_as_they_are_stored() -> None:
    hive: Path = HIVES / "infected-bootkit-win10-21h2-x64.hive"
    subjects = {(one.rule.id, one.subject) for one in analyze(hive, Options(verify="none")).findings}
    assert ("pfro-sec-product", r"C:\Windows\System32\drivers\WdFilter.sys") in subjects
    assert ("pfro-tcb-replace", r"C:\ProgramData\Comms\w2.tmp to C:\Windows\System32\ws2_32.dll") in subjects


def test_a_sensor_whose_file_goes_is_named_with_its_vendor_and_its_file_as_stored() -> None:
    rule = SVC_MISSING_SENSOR_BINARY
    first, second = [hit.message for example in EXAMPLES[rule.id].fires_on for hit in rule.check(case_of(example))]
    assert first.startswith("WdFilter (Microsoft Defender) starts at boot")
    assert r"its file C:\Windows\System32\drivers\WdFilter.sys away" in first
    assert r"its file C:\Program Files\Velociraptor\velociraptor.exe away" in second
    elsewhere = Example(
        "a sensor of Windows without a vendor",
        "[ControlSet001\\Control\\Session Manager]\n"
        'PendingFileRenameOperations = multi "\\??\\C:\\Windows\\System32\\drivers\\bam.sys" ""\n',
    )
    assert [hit.message.partition(" starts")[0] for hit in rule.check(case_of(elsewhere))] == ["bam (Windows)"]

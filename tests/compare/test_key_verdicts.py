"""What the other heights say of keys and values, and which noise is none for it."""

from hivecheck.compare.change import Change, Verdict
from hivecheck.compare.diff import compare_documents
from hivecheck.compare.key_verdicts import KeyVerdicts, unfolded
from hivecheck.compare.whole_hive import compare_hives
from hivecheck.compare.whole_hive_changes import covered_changes, key_changes
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive
from tests.compare.documents import document, finding, origin
from tests.hive_writer import write_hive

TIME, LATER = "2018-04-06T12:26:31.1234567Z", "2018-04-06T12:26:32Z"
KEY = r"ControlSet001\Enum\PCI\1"


def read(text: str) -> RegfHive:
    return RegfHive.from_buffer("H", write_hive(hive_of(text)).data)


def verdicts_of(key: str, value: str) -> KeyVerdicts:
    grave = finding("r", "high", "s", because=[origin(value, key)])
    return KeyVerdicts(compare_documents(document(), document(findings=[grave])))


def judged(before: str, after: str, verdicts: KeyVerdicts) -> list[Change]:
    return list(key_changes(compare_hives(read(before), read(after)), verdicts=verdicts))


def test_a_value_that_a_new_finding_cites_is_suspicious_among_the_keys() -> None:
    before, after = f"[{KEY}] {TIME}\nx = dword 1\ny = dword 1", f"[{KEY}] {TIME}\nx = dword 2\ny = dword 2"
    found = judged(before, after, verdicts_of(KEY.upper(), "X"))
    told = [(one.value, one.verdict, one.findings) for one in found]
    assert told == [("x", Verdict.SUSPICIOUS, ("r s",)), ("y", Verdict.MACHINE_STATE, ())]
    assert found[0].why.startswith("high finding on the after side alone")


def test_a_key_that_came_is_as_suspicious_as_its_values() -> None:
    found = judged("", f'[A\\B] {TIME}\nx = sz "1"', verdicts_of(r"A\B", "x"))
    assert [(one.what, one.value, one.verdict) for one in found] == [
        ("A", None, Verdict.UNEXPLAINED),
        (r"A\B", None, Verdict.SUSPICIOUS),
        (r"A\B", "x", Verdict.SUSPICIOUS),
    ]


def test_what_is_suspicious_is_counted_as_no_noise() -> None:
    compared = compare_hives(read(f"[{KEY}] {TIME}\nx = dword 1"), read(f"[{KEY}] {LATER}\nx = dword 2"))
    verdicts = verdicts_of(KEY, "x")
    assert [counts.total for _, counts in compared.noise] == [2]
    lifted = unfolded(compared, verdicts)
    assert lifted.noise == ()
    assert [one.value for one in key_changes(lifted, with_noise=False)] == [None, "x"]
    assert [one.value for one in covered_changes(lifted, verdicts, Verdict.SUSPICIOUS)] == ["x"]
    assert unfolded(compared, verdicts_of("Other", "x")) is compared

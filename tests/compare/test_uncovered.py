"""New findings that cite what no setting tells: each is a change of its own."""

from typing import Any

from hivecheck.compare.change import ChangeKind, Verdict
from hivecheck.compare.diff import compare_documents
from tests.compare.documents import document, finding, origin, written

PRINT = r"ControlSet001\Control\Print\Monitors\Mon"


def grave(key: str = PRINT, value: str | None = "Driver", text: str | None = "mon.dll", **more: Any) -> dict[str, Any]:
    found = {"rule": "print-monitor", "severity": "high", "subject": "Mon"} | more
    return finding(
        found["rule"], found["severity"], found["subject"], because=[origin("", key) | {"value": value, "text": text}]
    )


def test_a_finding_outside_the_settings_is_a_change_of_its_own() -> None:
    [change] = compare_documents(document(), document(findings=[grave()])).settings
    assert (change.what, change.before, change.after) == (r"Control\Print\Monitors\Mon\Driver", None, "mon.dll")
    assert change.verdict is Verdict.SUSPICIOUS
    assert change.findings == ("print-monitor Mon",)
    assert "does not tell" in change.text


def test_what_the_before_side_says_of_the_same_value_is_told() -> None:
    mild = grave(text="localspl.dll", rule="print-note", severity="info")
    [change] = compare_documents(document(findings=[mild]), document(findings=[grave()])).settings
    assert (change.change, change.before, change.after) == (ChangeKind.CHANGED, "localspl.dll", "mon.dll")


def test_several_findings_about_one_value_are_one_change() -> None:
    [change] = compare_documents(document(), document(findings=[grave(), grave(rule="other-rule")])).settings
    assert change.findings == ("print-monitor Mon", "other-rule Mon")


def test_mild_expected_and_old_findings_make_no_change() -> None:
    mild, expected, old = grave(severity="low"), grave(rule="a") | {"expected": "ours"}, grave(rule="b")
    assert not compare_documents(document(findings=[old]), document(findings=[mild, expected, old])).settings


def test_a_time_of_a_key_is_covered_by_whatever_changed_in_it() -> None:
    key = r"ControlSet001\Control\Session Manager"
    clock = grave(key, None, None, rule="time-round", severity="medium", subject=key)
    flag = {"GlobalFlag": written(1, "REG_DWORD", origins=[origin("GlobalFlag", key)])}
    assert [one.what for one in compare_documents(document(), document(flag, findings=[clock])).settings] == ["GlobalFlag"]
    [change] = compare_documents(document(flag), document(flag, findings=[clock])).settings
    assert (change.what, change.verdict) == (r"Control\Session Manager", Verdict.SUSPICIOUS)


def test_another_control_set_is_told_by_its_number_and_not_said_of_the_one_that_boots() -> None:
    booting: dict[str, Any] = {"number": 1, "why": "", "present": [1, 2]}
    key, name = r"\Control\Session Manager", "BootExecute"
    there = grave("ControlSet002" + key, name, "evil", rule="seq-lkg-diff")
    settings = [{name: written(lines, origins=[origin(name, "ControlSet001" + key)])} for lines in (["a"], ["a", "b"])]
    old, new = document(settings[0], control_set=booting), document(settings[1], control_set=booting, findings=[there])
    verdicts = {change.what: change.verdict.value for change in compare_documents(old, new).settings}
    assert verdicts == {"BootExecute/b": "unexplained", r"ControlSet002\Control\Session Manager\BootExecute": "suspicious"}


def test_a_finding_that_cites_nothing_of_the_hive_is_told_by_its_subject() -> None:
    [change] = compare_documents(document(), document(findings=[finding("a-rule", "high", "the thing")])).settings
    assert (change.what, change.verdict) == ("the thing", Verdict.SUSPICIOUS)


def test_a_finding_about_a_whole_list_is_said_of_it_also_where_it_cites_one_string() -> None:
    whole = grave(r"ControlSet001\Control\Session Manager", "Execute", None, rule="seq-lkg-diff")
    listed = written(["evil.exe"], origins=[origin("Execute", strings=[0, 0])])
    diff = compare_documents(document(), document({"Execute": listed}, findings=[whole]))
    assert [change.what for change in diff.settings] == ["Execute", "Execute/evil.exe"]
    assert diff.settings[0].findings == ("seq-lkg-diff Mon",)

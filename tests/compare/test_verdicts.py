"""Whose work a change looks like: what weighs more than what."""

import time
from typing import Any

import pytest

from hivecheck.compare.change import Change, Verdict
from hivecheck.compare.diff import Diff, compare_documents
from tests.compare.documents import document, event, finding, origin, written

RENAMES = "PendingFileRenameOperations"
SETUP_API = {
    "action": "rename",
    "source": r"\??\C:\Windows\System32\drivers\SET5C40.tmp",
    "destination": r"\??\C:\Windows\System32\drivers\a.sys",
    "replaces": True,
    "marker": None,
}


def only(changes: tuple[Change, ...]) -> Change:
    [change] = changes
    return change


def rename(severity: str) -> Diff:
    """A list with one more row, of a form that servicing leaves, and a finding of some severity on it."""
    found = finding("pfro-tcb-replace", severity, "a", because=[origin(RENAMES, strings=[0, 1])])
    before = document({RENAMES: written([])})
    return compare_documents(before, document({RENAMES: written([SETUP_API], origins=[origin(RENAMES)])}, findings=[found]))


@pytest.mark.parametrize(
    ("severity", "verdict"),
    [
        ("low", Verdict.SERVICING),
        ("medium", Verdict.SERVICING),
        ("high", Verdict.SUSPICIOUS),
        ("critical", Verdict.SUSPICIOUS),
    ],
)
def test_a_name_like_that_of_servicing_outweighs_no_grave_finding(severity: str, verdict: Verdict) -> None:
    assert only(rename(severity).settings).verdict is verdict


def flagged(after: dict[str, Any], **more: Any) -> Change:
    found = finding("bootexec-extra", "high", "b", because=[origin("BootExecute", strings=[1, 1])], **more)
    old = document({"BootExecute": written(["autocheck autochk *"], origins=[origin("BootExecute")])})
    new = document({"BootExecute": written(["autocheck autochk *", "b"], origins=[origin("BootExecute")], **after)})
    return only(compare_documents(old, {**new, "findings": [found]}).settings)


def test_a_finding_that_cites_the_string_makes_it_suspicious() -> None:
    change = flagged({})
    assert change.verdict is Verdict.SUSPICIOUS
    assert change.findings == ("bootexec-extra b",)
    assert "bootexec-extra" in change.why


def test_the_baseline_outweighs_a_finding() -> None:
    assert flagged({"baseline": "as shipped"}).verdict is Verdict.AS_SHIPPED


def test_a_finding_that_a_profile_expects_says_nothing() -> None:
    assert flagged({}, expected="ours").verdict is Verdict.UNEXPLAINED


def test_a_finding_on_both_sides_says_nothing_of_the_change() -> None:
    found = [finding("bootexec-extra", "high", "b", because=[origin("BootExecute")])]
    old = document({"GlobalFlag": written(1, "REG_DWORD")}, findings=found)
    new = document({"GlobalFlag": written(2, "REG_DWORD", origins=[origin("BootExecute")])}, findings=found)
    assert only(compare_documents(old, new).settings).verdict is Verdict.UNEXPLAINED


def test_a_finding_that_became_grave_counts_as_one_of_the_after_side() -> None:
    mild, grave = (finding("a", severity, "b", because=[origin("GlobalFlag")]) for severity in ("low", "medium"))
    old = document({"GlobalFlag": written(1, "REG_DWORD")}, findings=[mild])
    new = document({"GlobalFlag": written(2, "REG_DWORD", origins=[origin("GlobalFlag")])}, findings=[grave])
    assert only(compare_documents(old, new).settings).verdict is Verdict.SUSPICIOUS


def test_a_finding_on_another_string_says_nothing_of_this_one() -> None:
    found = finding("bootexec-extra", "high", "b", because=[origin("BootExecute", strings=[1, 1])])
    old = document({"BootExecute": written(["b"], origins=[origin("BootExecute")])})
    new = document({"BootExecute": written(["a", "b"], origins=[origin("BootExecute")])}, findings=[found])
    change = compare_documents(old, new).settings[0]
    assert (change.what, change.verdict) == ("BootExecute/a", Verdict.UNEXPLAINED)


def test_an_effect_takes_the_verdict_of_what_it_follows_from() -> None:
    because = [origin("a", r"ControlSet002\Control\Session Manager\KnownDLLs")]
    name = {r"\KnownDlls\a.dll": {"type": "section", "target": "a"}}
    after = {"names": name, "files": {}, "environment": {}, "registry": []}
    mapped = event(1, "map-section", name=r"\KnownDlls\a.dll", because=because)
    shipped = written("a.dll", "REG_SZ", origins=[origin("a", r"ControlSet001\Control\Session Manager\KnownDLLs")])
    new = document({"KnownDLLs/a": {**shipped, "baseline": "as shipped"}}, events=[mapped], after=after)
    change = only(compare_documents(document(), new).effects)
    assert change.verdict is Verdict.AS_SHIPPED
    assert change.why.startswith("follows from KnownDLLs/a: ")


def services(second: str) -> dict[str, Any]:
    cited = origin("BootExecute", written="2022-10-17T16:52:10.4417720Z")
    return document(
        {"BootExecute": written(["b"], origins=[cited])},
        events=[
            event(
                1,
                "start-service",
                name="agent",
                image="a",
                because=[origin("Start", r"ControlSet001\Services\agent", written=second)],
            )
        ],
        findings=[finding("bootexec-extra", "high", "b", because=[origin("BootExecute", strings=[0, 0])])],
    )


def test_a_program_that_came_within_a_minute_of_a_suspicious_change_is_suspicious() -> None:
    diff = compare_documents(document({"BootExecute": written([])}), services("2022-10-17T16:52:08.0000000Z"))
    change = only(diff.effects)
    assert change.verdict is Verdict.SUSPICIOUS
    assert "2 s before or after" in change.why


def test_a_program_that_came_at_another_time_is_unexplained() -> None:
    diff = compare_documents(document({"BootExecute": written([])}), services("2022-10-17T16:54:00Z"))
    assert only(diff.effects).verdict is Verdict.UNEXPLAINED


def test_operations_that_a_boot_carried_out_are_the_machines_own() -> None:
    old = document({RENAMES: written([{**SETUP_API, "source": "a"}])})
    new = document({RENAMES: written([])})
    assert only(compare_documents(old, new).settings).verdict is Verdict.UNEXPLAINED
    booted = {**new, "evidence": {**new["evidence"], "last_boot": "2020-01-01T00:00:00Z"}}
    assert only(compare_documents(old, booted).settings).verdict is Verdict.MACHINE_STATE


def test_what_the_newer_windows_no_longer_lists_is_as_shipped() -> None:
    old = document({"KnownDLLs/a": written("a.dll", "REG_SZ", baseline="as shipped")})
    newer = {"name": "Windows 11", "id": "win11", "because": []}
    assert only(compare_documents(old, document(generation=newer)).settings).verdict is Verdict.AS_SHIPPED
    missed = document({"KnownDLLs": written([], None, missing=["a"])}, generation=newer)
    [change] = [one for one in compare_documents(old, missed).settings if one.what == "KnownDLLs/a"]
    assert change.verdict is Verdict.UNEXPLAINED


KEY = r"ControlSet001\Control\Session Manager"
SYSTEM = r"\??\C:\Windows\System32"
TEN = {"name": "Windows 10 1903", "id": "win10-1903", "architecture": "AMD64", "because": []}


def operation(source: str, destination: str | None = None, replaces: bool = True) -> dict[str, Any]:
    kind = "rename" if destination else "delete"
    return {"action": kind, "source": source, "destination": destination, "replaces": replaces, "marker": None}


def test_an_operation_on_the_folder_of_a_suspicious_one_is_suspicious() -> None:
    listed = [operation(r"\??\C:\ProgramData\C\w.tmp", SYSTEM + r"\ws2_32.dll"), operation(r"\??\C:\ProgramData\C")]
    other = operation(r"\??\C:\ProgramData\D")
    found = finding("pfro-tcb-replace", "critical", "w", because=[origin(RENAMES, strings=[0, 1])])
    new = document({RENAMES: written([*listed, other], origins=[origin(RENAMES)])}, findings=[found])
    verdicts = [change.verdict.value for change in compare_documents(document({RENAMES: written([])}), new).settings]
    assert verdicts == ["suspicious", "suspicious", "unexplained"]


def test_what_an_attack_left_when_it_ran_is_suspicious() -> None:
    evil = operation(r"\??\C:\x\evil.dll", SYSTEM + r"\lsass.exe")
    found = [
        finding("pfro-tcb-replace", "critical", "evil", because=[origin(RENAMES, strings=[0, 1])]),
        finding("bootexec-extra", "high", "evil", because=[origin("BootExecute", strings=[1, 1])]),
    ]
    old = document(
        {
            RENAMES: written([evil], origins=[origin(RENAMES)]),
            "BootExecute": written(["autocheck autochk *", "evil"], origins=[origin("BootExecute")]),
        },
        findings=found,
        generation=TEN,
    )
    clean = written(["autocheck autochk *"], origins=[origin("BootExecute")], baseline="as shipped")
    new = document({RENAMES: written([]), "BootExecute": clean}, generation=TEN)
    booted = {**new, "evidence": {**new["evidence"], "last_boot": "2020-01-01T00:00:00Z"}}
    for change in compare_documents(old, booted).settings:
        assert change.verdict is Verdict.SUSPICIOUS, change.what
        assert "a boot lies between the two, and may have carried it out" in change.why
    assert {change.verdict for change in compare_documents(old, new).settings} == {Verdict.SUSPICIOUS}


def test_a_command_that_was_changed_back_is_no_matter_of_course() -> None:
    found = finding("subsystem-windows", "critical", "w", because=[origin("Windows", KEY + r"\SubSystems")])
    cited = [origin("Windows", KEY + r"\SubSystems")]
    old = document({"SubSystems/Windows": written("csrss consrv", "REG_EXPAND_SZ", origins=cited)}, findings=[found])
    new = document({"SubSystems/Windows": written("csrss winsrv", "REG_EXPAND_SZ", origins=cited, baseline="as shipped")})
    assert only(compare_documents(old, new).settings).verdict is Verdict.SUSPICIOUS


def test_a_finding_about_a_value_that_went_is_said_of_it() -> None:
    found = finding("bootexec-emptied", "medium", "BootExecute", because=[origin("", KEY) | {"value": None}])
    old = document({"BootExecute": written(["autocheck autochk *"], origins=[origin("BootExecute")])})
    diff = compare_documents(old, document(findings=[found]))
    assert [change.what for change in diff.settings] == ["BootExecute", "BootExecute/autocheck autochk *"]
    assert {change.verdict for change in diff.settings} == {Verdict.SUSPICIOUS}


@pytest.mark.parametrize(("severity", "still"), [("low", False), ("info", False), ("high", True)])
def test_whatever_cites_an_unexplained_change_is_named(severity: str, still: bool) -> None:
    found = [finding("some-rule", severity, "b", because=[origin("GlobalFlag")])]
    old = document({"GlobalFlag": written(1, "REG_DWORD")}, findings=found if still else [])
    new = document({"GlobalFlag": written(2, "REG_DWORD", origins=[origin("GlobalFlag")])}, findings=found)
    change = only(compare_documents(old, new).settings)
    assert change.verdict is Verdict.UNEXPLAINED
    assert f"{severity} some-rule" in change.why
    assert "no rule flags it" not in change.why


def test_a_key_is_what_the_worst_of_its_values_is() -> None:
    key = KEY + r"\AppCertDlls"
    listed = written([{"name": "x", "value": "e.dll"}], None, origins=[origin("", key) | {"value": None}])
    found = finding("appcert-dlls", "critical", "e.dll", because=[origin("x", key)])
    value = written("e.dll", "REG_SZ", origins=[origin("x", key)])
    new = document({"AppCertDlls": listed, "AppCertDlls/x": value}, findings=[found])
    verdicts = {change.what: change.verdict.value for change in compare_documents(document(), new).settings}
    assert verdicts == {"AppCertDlls": "suspicious", "AppCertDlls/x": "suspicious"}


def test_a_setting_is_suspicious_where_its_effect_is() -> None:
    cited = [origin("ImagePath", r"ControlSet001\Services\a")]
    ran = event(1, "start-process", image="C:\\evil.exe", because=cited)
    found = finding("some-rule", "high", "evil", events=[1])
    new = document({"a/ImagePath": written("evil", "REG_SZ", origins=cited)}, events=[ran], findings=[found])
    diff = compare_documents(document({"a/ImagePath": written("good", "REG_SZ")}), new)
    assert only(diff.effects).verdict is Verdict.SUSPICIOUS
    assert only(diff.settings).verdict is Verdict.SUSPICIOUS


def test_a_driver_that_moved_is_suspicious_where_the_order_of_groups_is() -> None:
    def boot(*names: str) -> list[dict[str, Any]]:
        return [event(number, "load-driver", service=name, image=name) for number, name in enumerate(names)]

    order = origin("List", r"ControlSet001\Control\ServiceGroupOrder")
    found = finding("scm-group-order", "medium", "FSFilter Anti-Virus", because=[order])
    old, new = document(events=boot("a", "b", "c")), document(events=boot("c", "a", "b"))
    assert only(compare_documents(old, new).effects).verdict is Verdict.UNEXPLAINED
    diff = compare_documents(old, {**new, "findings": [found]})
    assert only(diff.effects).verdict is Verdict.SUSPICIOUS
    assert only(diff.settings).what == r"Control\ServiceGroupOrder\List"


def test_a_change_of_the_build_is_told() -> None:
    one, other = (
        document(
            generation={"name": "Windows 10", "id": "win10", "because": [f"BuildLab is {build}.rs3_release, a build of"]}
        )
        for build in (16299, 17763)
    )
    [windows] = compare_documents(one, other).windows
    assert (windows.what, windows.before, windows.after) == ("build", "16299.rs3_release", "17763.rs3_release")


def test_many_thousand_operations_are_judged_at_once() -> None:
    rows = [operation(rf"\??\C:\a{number}\b") for number in range(20_000)]
    found = [
        finding("a-rule", "high", str(number), because=[origin(RENAMES, strings=[2 * number, 2 * number + 1])])
        for number in range(0, len(rows), 2)
    ]
    new = document({RENAMES: written(rows, origins=[origin(RENAMES)])}, findings=found)
    start = time.process_time()
    changes = compare_documents(document(), new).settings
    assert time.process_time() - start < 5  # 1 s; a search of all for each takes a minute
    assert sum(change.verdict is Verdict.SUSPICIOUS for change in changes) == len(found) + 1

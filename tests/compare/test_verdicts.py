"""Whose work a change looks like: what weighs more than what."""

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
    change = only(compare_documents(old, new).settings)
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


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (r"C:\P\Update\1.3.101.1\u.exe", r"C:\P\Update\1.3.105.2\u.exe", Verdict.SERVICING),
        (r"C:\P\Update\1.3.101.1\u.exe", r"C:\P\Update\1.3.105.2\v.exe", Verdict.UNEXPLAINED),
        (r"C:\P\u1.exe", r"C:\P\u2.exe", Verdict.UNEXPLAINED),
    ],
)
def test_another_version_in_a_path_is_an_update(before: str, after: str, verdict: Verdict) -> None:
    one, other = (document({"BootShell": written(text, "REG_SZ")}) for text in (before, after))
    assert only(compare_documents(one, other).settings).verdict is verdict


def test_a_change_of_the_build_is_told() -> None:
    one, other = (
        document(
            generation={"name": "Windows 10", "id": "win10", "because": [f"BuildLab is {build}.rs3_release, a build of"]}
        )
        for build in (16299, 17763)
    )
    [windows] = compare_documents(one, other).windows
    assert (windows.what, windows.before, windows.after) == ("build", "16299.rs3_release", "17763.rs3_release")

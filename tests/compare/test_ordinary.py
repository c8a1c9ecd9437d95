"""What ordinary work leaves, and what only looks like it: the baseline's own values, the machine's, servicing and its names."""

from typing import Any

import pytest

from hivecheck.compare.change import Change, Verdict
from hivecheck.compare.diff import compare_documents
from tests.compare.documents import document, finding, origin, written

RENAMES = "PendingFileRenameOperations"


def only(changes: tuple[Change, ...]) -> Change:
    [change] = changes
    return change


KEY = r"ControlSet001\Control\Session Manager"
XP = {"name": "Windows XP", "id": "xp", "architecture": "x86", "because": []}
TEN = {"name": "Windows 10 1903", "id": "win10-1903", "architecture": "AMD64", "because": []}


def test_where_the_baseline_takes_any_value_none_is_as_shipped() -> None:
    one, other = (
        document({"SystemStartOptions": written(text, "REG_SZ", baseline="as shipped")}, generation=TEN)
        for text in (" NOEXECUTE=OPTIN", " TESTSIGNING")
    )
    assert only(compare_documents(one, other).settings).verdict is Verdict.UNEXPLAINED
    found = finding("start-options", "high", "TESTSIGNING", because=[origin("SystemStartOptions", KEY)])
    other["settings"]["SystemStartOptions"]["origins"] = [origin("SystemStartOptions", KEY)]
    change = only(compare_documents(one, {**other, "findings": [found]}).settings)
    assert (change.verdict, change.findings) == (Verdict.SUSPICIOUS, ("start-options TESTSIGNING",))


def test_paging_files_of_an_old_windows_are_not_as_shipped() -> None:
    def paging(path: str) -> dict[str, Any]:
        listed = {"text": f"{path} 100 100", "path": path}
        return document({"Memory Management/PagingFiles": written([listed], baseline="as shipped")}, generation=XP)

    diff = compare_documents(paging(r"C:\pagefile.sys"), paging(r"C:\Windows\System32\ntoskrnl.exe"))
    assert {change.verdict for change in diff.settings} == {Verdict.UNEXPLAINED}


@pytest.mark.parametrize(
    ("kept", "verdict"), [(r"\??\D:\pagefile.sys", "machine-state"), (r"\??\C:\Windows\a.sys", "unexplained")]
)
def test_only_a_paging_file_of_the_usual_name_is_the_machines_own(kept: str, verdict: str) -> None:
    name = "Memory Management/ExistingPageFiles"
    one, other = (
        document({name: written([path], baseline="as shipped")}, generation=TEN) for path in (r"\??\C:\pagefile.sys", kept)
    )
    assert compare_documents(one, other).settings[0].verdict.value == verdict


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("PROCESSOR_IDENTIFIER", "Intel64 Family 6 Model 142 Stepping 10, GenuineIntel", "machine-state"),
        ("PROCESSOR_IDENTIFIER", r"%PATH%;C:\evil", "unexplained"),
        ("NUMBER_OF_PROCESSORS", "16", "machine-state"),
        ("NUMBER_OF_PROCESSORS", "calc", "unexplained"),
        ("PROCESSOR_ARCHITECTURE", "AMD64X", "unexplained"),
    ],
)
def test_a_variable_of_the_hardware_is_the_machines_own_in_its_form(name: str, value: str, verdict: str) -> None:
    one, other = (
        document({f"Environment/{name}": written(text, "REG_SZ", baseline="as shipped")}, generation=TEN)
        for text in ("4", value)
    )
    assert only(compare_documents(one, other).settings).verdict.value == verdict


def test_what_the_baseline_names_is_as_shipped_and_a_word_alone_is_not() -> None:
    old = document({"ProtectionMode": written(0, "REG_DWORD")}, generation=TEN)
    shipped, claimed = (
        document({"ProtectionMode": written(number, "REG_DWORD", baseline="as shipped")}, generation=TEN)
        for number in (1, 7)
    )
    assert only(compare_documents(old, shipped).settings).verdict is Verdict.AS_SHIPPED
    assert only(compare_documents(old, claimed).settings).verdict is Verdict.UNEXPLAINED


def operation(source: str, destination: str | None = None, replaces: bool = True) -> dict[str, Any]:
    kind = "rename" if destination else "delete"
    return {"action": kind, "source": source, "destination": destination, "replaces": replaces, "marker": None}


SYSTEM = r"\??\C:\Windows\System32"
PRINTERS = SYSTEM + r"\spool\drivers\x64\3"


@pytest.mark.parametrize(
    ("source", "destination", "verdict"),
    [
        (SYSTEM + r"\drivers\SET5C40.tmp", SYSTEM + r"\drivers\vmfilter.sys", "servicing"),
        (SYSTEM + r"\drivers\SET5C42.tmp", SYSTEM + r"\amsi.dll", "unexplained"),
        (SYSTEM + r"\drivers\SET5C42.tmp", SYSTEM + r"\other.dll", "unexplained"),
        (SYSTEM + r"\SET5C40.tmp", SYSTEM + r"\wlbsctrl.dll", "unexplained"),
        (SYSTEM + r"\SET5C40.tmp", SYSTEM + r"\lsasrv.dll", "unexplained"),
        (SYSTEM + r"\drivers\SET5C41.tmp", SYSTEM + r"\drivers\WdFilter.sys", "unexplained"),
        (SYSTEM + r"\Tasks\SET5C41.tmp", SYSTEM + r"\Tasks\evil", "unexplained"),
        (PRINTERS + r"\New\evil.dll", PRINTERS + r"\evil.dll", "unexplained"),
        (r"\??\C:\Windows\WinSxS\Temp\PendingDeletes\..\..\..\System32\drivers\x.sys", None, "unexplained"),
        (r"\??\C:\Windows\WinSxS\Temp\PendingDeletes\x", None, "servicing"),
        (r"\??\C:\Config.Msi\1a2b3c.rbf", SYSTEM + r"\wbem\evil.dll", "unexplained"),
        (r"\??\C:\Program Files\V\update\11\v.new", r"\??\C:\Program Files\V\v.exe", "servicing"),
        (r"\??\C:\ProgramData\x\SET1A2B.tmp", r"\??\C:\ProgramData\x\v.exe", "unexplained"),
    ],
)
def test_a_name_of_servicing_counts_only_for_what_servicing_does(source: str, destination: str | None, verdict: str) -> None:
    new = document({RENAMES: written([operation(source, destination)])})
    assert only(compare_documents(document({RENAMES: written([])}), new).settings).verdict.value == verdict


def test_a_printer_driver_in_its_own_place_is_servicing() -> None:
    moved = operation(PRINTERS + r"\New\UNIDRV.DLL", PRINTERS + r"\UNIDRV.DLL", replaces=False)
    new = document({RENAMES: written([moved])})
    assert only(compare_documents(document({RENAMES: written([])}), new).settings).verdict is Verdict.SERVICING


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


PACKAGE = r"\SystemRoot\System32\DriverStore\FileRepository\nv.inf_amd64_"


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (PACKAGE + r"0123456789abcdef\nv.sys", PACKAGE + r"ffffffffffffffff\nv.sys", "servicing"),
        (PACKAGE + r"0123456789abcdef\nv.sys", PACKAGE + r"ffffffffffffffff\evil.sys", "unexplained"),
        (r"C:\ProgramData\App\1.0\..\..\x\s.exe", r"C:\ProgramData\App\2.0\..\..\x\s.exe", "unexplained"),
        (r"C:\Program Files\App\1.0\..\s.exe", r"C:\Program Files\App\2.0/../s.exe", "unexplained"),
        (r"C:\Users\Public\1.0\s.exe", r"C:\Users\Public\2.0\s.exe", "unexplained"),
        (r"C:\Program Files\App\1.0\s1.0.exe", r"C:\Program Files\App\2.0\s2.0.exe", "unexplained"),
        (r"C:\Program Files\App\s.exe -v 1.0 C:\x", r"C:\Program Files\App\s.exe -v 2.0 C:\x", "unexplained"),
        (r"C:\Windows\1\cmd.exe", r"C:\Windows\2\cmd.exe", "unexplained"),
    ],
)
def test_a_version_is_a_folder_on_the_way_to_the_same_file(before: str, after: str, verdict: str) -> None:
    one, other = (document({"BootShell": written(text, "REG_SZ")}) for text in (before, after))
    assert only(compare_documents(one, other).settings).verdict.value == verdict

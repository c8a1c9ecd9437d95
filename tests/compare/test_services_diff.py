"""Services by meaning: who starts when, as whom, from which file."""

import pytest

from hivecheck.compare.change import Change
from hivecheck.compare.services_diff import compare_services
from hivecheck.registry.notation import hive_of
from hivecheck.settings.services import ServiceDatabase, read_services

SERVICE = "[ControlSet001\\Services\\Thing]\nType = dword {kind}\nStart = dword {start}\n{more}\n"


def hive(start: int = 3, more: str = "", kind: int = 1) -> str:
    return SERVICE.format(start=start, more=more, kind=kind)


def services(notation: str) -> ServiceDatabase:
    control_set = hive_of(notation).root.subkey("ControlSet001")
    assert control_set is not None
    return read_services(control_set)


def changes(before: str, after: str) -> tuple[Change, ...]:
    return compare_services(services(before), services(after))


def texts(before: str, after: str) -> list[str]:
    return [one.text for one in changes(before, after)]


def test_another_start_is_told_by_its_name_with_the_value_that_says_so() -> None:
    [one] = changes(hive(3), hive(0))
    assert (one.what, one.before, one.after) == ("Services/Thing/start", "demand", "boot")
    assert one.text == "The driver Thing now starts at: boot (was: demand)."
    assert [origin.value for origin in one.because] == ["Start"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('ImagePath = sz "a.exe"', 'ImagePath = sz "b.exe"', "now runs b.exe (was: a.exe)"),
        ("", 'ObjectName = sz "LocalSystem"', "now runs as LocalSystem (was: nothing)"),
        ('DependOnService = multi "A"', 'DependOnService = multi "A" "B"', "now starts after A, B (was: A)"),
        ('Group = sz "Base"', "", "is now in the load order group nothing (was: Base)"),
        ("ErrorControl = dword 0", "ErrorControl = dword 3", "now has the error control critical (was: ignore)"),
        ("DelayedAutoStart = dword 1", "DelayedAutoStart = dword 0", "now starts at: auto (was: auto (delayed))"),
        ("", "LaunchProtected = dword 9", "now has the protection 9 (was: nothing)"),
    ],
)
def test_each_thing_that_changes_is_told(before: str, after: str, told: str) -> None:
    assert texts(hive(2, before, 16), hive(2, after, 16)) == [f"The service Thing {told}."]


def test_a_library_in_the_parameters_is_told() -> None:
    more = '[ControlSet001\\Services\\Thing\\Parameters]\nServiceDll = expand "{}"'
    assert texts(hive(2, more.format("a.dll"), 32), hive(2, more.format("b.dll"), 32)) == [
        "The service Thing now loads b.dll (was: a.dll)."
    ]


def test_services_that_came_and_went_are_told_with_what_they_run() -> None:
    other = hive().replace("Thing", "Other") + 'ImagePath = sz "\\??\\C:\\x.sys"'
    assert [(one.change, one.what) for one in changes(hive(), other)] == [
        ("added", "Services/Other"),
        ("removed", "Services/Thing"),
    ]
    assert texts(hive(), other)[0] == "The driver Other was added (starts at: demand; image: \\??\\C:\\x.sys)."


def test_another_spelling_of_the_same_file_is_no_change() -> None:
    before, after = r'ImagePath = expand "\SystemRoot\system32\x.sys"', r'ImagePath = expand "System32\X.SYS"'
    assert changes(hive(3, before), hive(3, after)) == ()
    assert texts(hive(3, before, 16), hive(3, after, 16)) != []

"""The settings of two documents: what is the same thing, what came, went, changed, or only stands elsewhere."""

from typing import Any

from hivecheck.compare.difference import Difference
from hivecheck.compare.settings import compare_settings
from tests.compare.documents import document, origin, written


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.change.value, one.what) for one in differences(before, after)]


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[Difference, ...]:
    return compare_settings(document(before), document(after))


def pair(source: str, destination: str | None = None) -> dict[str, Any]:
    action = "delete" if destination is None else "rename"
    return {"action": action, "source": source, "destination": destination, "replaces": False, "marker": None}


def test_a_command_is_the_same_by_its_image() -> None:
    before = {"BootExecute": written(["autocheck autochk *"])}
    after = {"BootExecute": written(["autocheck AUTOCHK.EXE /k:C *"])}
    [one] = differences(before, after)
    assert one.change.value == "changed"
    assert (one.before, one.after) == ("autocheck autochk *", "autocheck AUTOCHK.EXE /k:C *")


def test_a_command_put_before_another_of_its_image_leaves_that_as_it_was() -> None:
    before = {"BootExecute": written(["autocheck autochk *"])}
    after = {"BootExecute": written([r"autocheck autochk /p \??\C:", "autocheck autochk *"])}
    assert told(before, after) == [("added", r"BootExecute/autocheck autochk /p \??\C:")]


def test_case_alone_is_no_change() -> None:
    name = "PendingFileRenameOperations"
    assert told({name: written([pair(r"\??\C:\a.tmp")])}, {name: written([pair(r"\??\C:\A.TMP")])}) == []
    assert told({"BootExecute": written(["autocheck AUTOCHK *"])}, {"BootExecute": written(["autocheck autochk *"])}) == []


def test_another_image_is_another_command() -> None:
    before, after = ({"BootExecute": written([f"autocheck {image} *"])} for image in ("autochk", "autoche"))
    assert told(before, after) == [
        ("added", "BootExecute/autocheck autoche *"),
        ("removed", "BootExecute/autocheck autochk *"),
    ]


def test_a_rename_is_the_same_by_its_source_in_any_case() -> None:
    name = "PendingFileRenameOperations"
    [one] = differences(
        {name: written([pair(r"\??\C:\A.tmp", r"\??\C:\a.dll")])}, {name: written([pair(r"\??\c:\a.TMP", r"\??\C:\b.dll")])}
    )
    assert one.change.value == "changed"
    assert one.after["destination"] == r"\??\C:\b.dll"


def test_of_two_equal_renames_one_more_is_told_once() -> None:
    name = "PendingFileRenameOperations"
    one, two = [pair("a")], [pair("a"), pair("a")]
    assert told({name: written(one)}, {name: written(two)}) == [("added", f"{name}/a")]


def test_a_rename_cites_its_own_two_strings() -> None:
    name = "PendingFileRenameOperations"
    after = written([pair("a"), pair("b")], origins=[origin(name)])
    [one] = differences({name: written([pair("a")])}, {name: after})
    assert [(cited["strings"], cited["text"]) for cited in one.because] == [([2, 3], "b")]


def test_only_what_stands_elsewhere_is_moved() -> None:
    before, after = ({"ObjectDirectories": written(list(order))} for order in ("ABCDE", "ACDBE"))
    [one] = differences(before, after)
    assert (one.change.value, one.what) == ("moved", "ObjectDirectories/B")
    assert (one.before, one.after) == ({"place": 1}, {"place": 3})


def test_a_string_before_the_others_moves_none_of_them() -> None:
    before, after = ({"ObjectDirectories": written(order)} for order in (["a", "b"], ["x", "a", "b"]))
    assert told(before, after) == [("added", "ObjectDirectories/x")]


def test_a_list_that_comes_is_told_with_all_in_it() -> None:
    absent: dict[str, Any] = {"presence": "absent", "type": None, "value": None, "origins": [], "reader": "smss"}
    assert told({"Execute": absent}, {"Execute": written(["a.exe"])}) == [("added", "Execute"), ("added", "Execute/a.exe")]


def test_a_value_that_smss_gives_itself_is_not_there() -> None:
    default: dict[str, Any] = {"presence": "defaulted", "type": None, "value": 0, "origins": [], "reader": "smss"}
    assert told({"ProtectionMode": default}, {"ProtectionMode": written(1, "REG_DWORD")}) == [("added", "ProtectionMode")]


def test_another_type_is_a_change_though_the_data_are_the_same() -> None:
    [one] = differences({"GlobalFlag": written("0", "REG_SZ")}, {"GlobalFlag": written("0", "REG_EXPAND_SZ")})
    assert one.text == "REG_EXPAND_SZ instead of REG_SZ"


def test_values_of_a_key_are_told_one_by_one_and_their_order_with_the_key() -> None:
    names = [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    parts = {"KnownDLLs/a": written("1", "REG_SZ"), "KnownDLLs/b": written("2", "REG_SZ")}
    before = {"KnownDLLs": written(names, None), **parts}
    after = {"KnownDLLs": written(names[::-1], None), **parts, "KnownDLLs/B": written("3", "REG_SZ")}
    after.pop("KnownDLLs/b")
    assert sorted(told(before, after)) == [("changed", "KnownDLLs/B"), ("moved", "KnownDLLs/b")]


def test_paging_files_are_the_same_by_their_path() -> None:
    before, after = (
        {"PagingFiles": written([{"text": rf"C:\p.sys {size}", "path": r"C:\p.sys", "minimum_mb": size}])} for size in (1, 2)
    )
    [one] = differences(before, after)
    assert (one.change.value, one.what) == ("changed", r"PagingFiles/C:\p.sys")


def test_the_control_set_that_boots_is_told_with_the_sets_that_are_there() -> None:
    sides = ({"number": number, "why": "", "default": number, "present": list(range(1, number + 1))} for number in (1, 2))
    one, other = (document(control_set=side) for side in sides)
    found = [(each.what, each.before, each.after) for each in compare_settings(one, other)]
    assert found == [("Select/Default", 1, 2), ("control sets/ControlSet002", None, "ControlSet002")]


def test_many_thousand_operations_are_compared_at_once() -> None:
    name = "PendingFileRenameOperations"
    many = [pair(rf"\??\C:\{number}.tmp") for number in range(30_000)]
    found = told({name: written(many)}, {name: written([*many[15_000:], *many[:15_000]])})
    assert len(found) == 15_000
    assert {change for change, _ in found} == {"moved"}

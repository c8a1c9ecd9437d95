"""The hive of plain data behaves as every hive does."""

from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.hive import REG_DWORD, REG_SZ, Hive, Key
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue, plain_of

SESSION_MANAGER = PlainKey(
    "Session Manager",
    written=7,
    class_name="x",
    values=(PlainValue("b", REG_SZ, b"1\0\0\0"), PlainValue("A", REG_DWORD, b"\1\0\0\0"), PlainValue("", REG_SZ, b"")),
)
HIVE = MemoryHive(
    "SYSTEM",
    PlainKey(
        subkeys=(PlainKey("Zed"), PlainKey("ControlSet001", subkeys=(PlainKey("Control", subkeys=(SESSION_MANAGER,)),)))
    ),
)


def test_a_memory_hive_is_a_hive() -> None:
    hive: Hive = HIVE
    root: Key = hive.root
    assert (hive.name, root.path, root.name, hive.problems) == ("SYSTEM", "", "ROOT", ())


def test_a_key_is_found_by_its_path_without_case() -> None:
    key = HIVE.root.subkey("CONTROLSET001\\control\\session manager")
    assert key is not None
    assert key.path == "ControlSet001\\Control\\Session Manager"
    assert (key.written, key.class_name) == (7, "x")
    assert key.ref == KeyRef("SYSTEM", "ControlSet001\\Control\\Session Manager", 7, None)


def test_the_empty_path_is_the_key_itself() -> None:
    assert HIVE.root.subkey("") == HIVE.root


def test_a_key_that_is_not_there_is_none() -> None:
    assert HIVE.root.subkey("ControlSet001\\Nothing\\Session Manager") is None


def test_values_keep_their_order_and_are_found_without_case() -> None:
    key = HIVE.root.subkey("ControlSet001\\Control\\Session Manager")
    assert key is not None
    assert [value.name for value in key.values()] == ["b", "A", ""]
    found = key.value("a")
    assert found is not None
    assert (found.name, found.type, found.data) == ("A", REG_DWORD, b"\1\0\0\0")
    assert found.ref == ValueRef("SYSTEM", "ControlSet001\\Control\\Session Manager", "A", 7, None)
    assert key.value("") is not None
    assert key.value("c") is None


def test_subkeys_keep_their_order() -> None:
    assert [key.name for key in HIVE.root.subkeys()] == ["Zed", "ControlSet001"]


def test_plain_of_gives_the_tree_back() -> None:
    assert plain_of(HIVE.root) == HIVE.plain


def test_plain_of_goes_as_deep_as_windows_allows() -> None:
    plain = PlainKey("deepest")
    for depth in range(512):
        plain = PlainKey(f"level {depth}", subkeys=(plain,))
    found = plain_of(MemoryHive("deep", plain).root)
    for _ in range(512):
        (found,) = found.subkeys
    assert found.name == "deepest"

"""Citing strings of a value."""

from hivecheck.facts.origin import State, ValueRef

REF = ValueRef("SYSTEM", "ControlSet001\\Control\\Session Manager", "BootExecute", 7, 4096)


def test_citing_keeps_the_value_and_names_the_strings() -> None:
    assert REF.citing("x", 1) == ValueRef(REF.hive, REF.key, REF.value, 7, 4096, (1, 1), "x", State.ALLOCATED)
    assert REF.citing("x", 2, 3).strings == (2, 3)
    assert REF.citing("x").strings is None
    assert (REF.strings, REF.text) == (None, None)

r"""Which control set boots: smss.md E.1, E.2."""

import pytest

from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.control_sets import (
    ControlSets,
    control_set_name,
    control_set_number,
    is_system_hive,
    read_control_sets,
)
from hivecheck.registry.notation import parse_notation

TWO = "[ControlSet001]\n[ControlSet002]\n"


def sets_of(select: str | None, present: str = TWO, choice: str = "default") -> ControlSets:
    text = present if select is None else present + "[Select]\n" + select
    return read_control_sets(parse_notation(text), choice)


def all_numbers(current: int, default: int, failed: int, last_known_good: int) -> str:
    return f"Current = dword {current}\nDefault = dword {default}\nFailed = dword {failed}\nLastKnownGood = dword {last_known_good}"


def codes(sets: ControlSets) -> list[str]:
    return [problem.code for problem in sets.problems]


def cited(sets: ControlSets) -> list[tuple[str, str | None]]:
    return [(origin.value, origin.text) if isinstance(origin, ValueRef) else ("key", None) for origin in sets.because]


def test_the_next_boot_uses_default() -> None:
    """smss.md E1.2."""
    sets = sets_of(all_numbers(1, 2, 0, 1))
    assert (sets.number, sets.why, sets.fault, sets.present) == (2, "Select\\Default", "", (1, 2))
    assert cited(sets) == [("Default", "2")]
    assert codes(sets) == ["control-set-switch"]


def test_a_clean_hive_has_no_problems() -> None:
    sets = sets_of(all_numbers(1, 1, 0, 2))
    assert (sets.number, sets.problems) == (1, ())
    assert [sets.select_number(name) for name in ("Current", "Default", "Failed", "LastKnownGood")] == [1, 1, 0, 2]
    assert sets.select_number("Other") is None


def test_text_mode_setup_leaves_current_0_which_is_no_switch() -> None:
    """smss.md E1.2."""
    sets = sets_of(all_numbers(0, 1, 0, 1))
    assert (sets.number, codes(sets)) == (1, [])


@pytest.mark.parametrize(
    ("choice", "number", "why"), [("current", 1, "Select\\Current"), ("last-known-good", 2, "Select\\LastKnownGood")]
)
def test_another_set_may_be_chosen(choice: str, number: int, why: str) -> None:
    sets = sets_of(all_numbers(1, 1, 0, 2), choice=choice)
    assert (sets.number, sets.why) == (number, why)


def test_a_set_may_be_chosen_by_its_number() -> None:
    assert sets_of(all_numbers(1, 1, 0, 1), choice="2").number == 2
    missing = sets_of(all_numbers(1, 1, 0, 1), choice="7")
    assert (missing.number, missing.fault) == (None, "--control-set names ControlSet007, which does not exist")


@pytest.mark.parametrize("choice", ["", "first", "-1", "1.0", "\u0661", "Default "])
def test_any_other_choice_is_refused(choice: str) -> None:
    with pytest.raises(ValueError):
        sets_of(all_numbers(1, 1, 0, 1), choice=choice)


@pytest.mark.parametrize(
    ("select", "fault"),
    [
        (None, "the key Select is missing: the loader finds no control set"),
        ("Current = dword 1", "Select\\Default is missing: the loader finds no control set"),
        (
            'Default = sz "1"',
            "Select\\Default is REG_SZ of 4 bytes, not a REG_DWORD of 4 bytes: the loader finds no control set",
        ),
        (
            "Default = dword hex: 01",
            "Select\\Default is REG_DWORD of 1 bytes, not a REG_DWORD of 4 bytes: the loader finds no control set",
        ),
        (
            "Default = qword 1",
            "Select\\Default is REG_QWORD of 8 bytes, not a REG_DWORD of 4 bytes: the loader finds no control set",
        ),
        ("Default = dword 3", "Select\\Default names ControlSet003, which does not exist"),
        ("Default = dword 0", "Select\\Default names ControlSet000, which does not exist"),
        ("Default = dword 0xffffffff", "Select\\Default names ControlSet4294967295, which does not exist"),
    ],
)
def test_what_names_no_set_is_an_answer(select: str | None, fault: str) -> None:
    """smss.md E1.3."""
    sets = sets_of(select)
    assert (sets.number, sets.fault) == (None, fault)
    assert sets.because
    (problem,) = [problem for problem in sets.problems if problem.code == "no-control-set"]
    assert fault in problem.message


def test_names_are_matched_without_case() -> None:
    """smss.md E1.5."""
    sets = read_control_sets(parse_notation("[controlset001]\n[SELECT]\ndefault = dword 1\nCURRENT = dword 1"))
    assert (sets.number, sets.present) == (1, (1,))


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("ControlSet001", 1),
        ("CONTROLSET010", 10),
        ("ControlSet000", 0),
        ("ControlSet1000", 1000),
        ("ControlSet0001", None),
        ("ControlSet1", None),
        ("ControlSet01", None),
        ("ControlSet", None),
        ("ControlSet00x", None),
        ("ControlSet\u0660\u0660\u0661", None),
        ("ControlSet" + "9" * 30, None),
        ("CurrentControlSet", None),
        ("Clone", None),
        ("", None),
    ],
)
def test_the_number_in_a_name(name: str, number: int | None) -> None:
    """smss.md E1.3: at least three decimal digits."""
    assert control_set_number(name) == number
    if number is not None:
        assert control_set_name(number).upper() == name.upper()


def test_every_value_of_select_that_names_no_set_is_told() -> None:
    sets = sets_of(all_numbers(1, 1, 0, 9) + '\nFailed = sz "x" again')
    assert codes(sets) == ["control-set-missing"]
    unusable = sets_of("Default = dword 1\nCurrent = dword 1\nFailed = dword 0")
    assert codes(unusable) == ["select-value-unusable"]
    assert unusable.select_number("LastKnownGood") is None


def test_a_failed_set_is_told_with_its_value() -> None:
    """smss.md E1.1."""
    sets = sets_of(all_numbers(2, 2, 1, 2))
    (problem,) = sets.problems
    assert problem.code == "control-set-failed"
    assert [origin.value for origin in problem.because if isinstance(origin, ValueRef)] == ["Failed"]


def test_a_stored_current_control_set_is_told() -> None:
    """smss.md E1.6."""
    sets = sets_of(all_numbers(1, 1, 0, 1), TWO + "[CurrentControlSet\\Control]\n")
    (problem,) = sets.problems
    assert problem.code == "current-control-set-stored"
    assert [origin.path for origin in problem.because if isinstance(origin, KeyRef)] == ["CurrentControlSet"]
    assert sets.present == (1, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("[Select]", True), ("[ControlSet001]", True), ("[Microsoft]", False), ("", False), ("[ControlSetX]", False)],
)
def test_what_a_system_hive_is_known_by(text: str, expected: bool) -> None:
    assert is_system_hive(parse_notation(text)) is expected

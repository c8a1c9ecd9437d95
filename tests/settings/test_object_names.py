r"""ObjectDirectories, and keys read as a whole: DOS Devices, KnownDLLs, Environment. smss.md B.10, B.11, B1.3, B1.13."""

import pytest

from hivecheck.facts.fact import changed
from hivecheck.facts.origin import BuiltIn, ValueRef
from hivecheck.registry.hive import Key, RawValue
from hivecheck.settings.object_names import NamedText, read_named_texts, read_object_directories
from hivecheck.settings.setting import Presence, Setting
from tests.settings.decoding import DAMAGE, key_of, raw, strings_of, unreadable

DEFAULTS = ("\\Windows", "\\RPC Control")


def texts(lines: str, *leave_out: str) -> Setting[tuple[NamedText, ...]]:
    return read_named_texts("DOS Devices", key_of(lines), frozenset(leave_out))


def pairs(setting: Setting[tuple[NamedText, ...]]) -> list[tuple[str, str]]:
    return [(text.name, text.text) for text in setting.value]


def test_values_are_given_in_stored_order_as_spelled() -> None:
    setting = texts('NUL = sz "\\Device\\Null"\nAux = expand "%x%"\n@ = sz ""')
    assert pairs(setting) == [("NUL", "\\Device\\Null"), ("Aux", "%x%"), ("", "")]
    assert [text.expands for text in setting.value] == [False, True, False]
    assert (setting.presence, setting.origins) == (Presence.WRITTEN, (key_of("").ref,))


def test_each_text_cites_its_value() -> None:
    (text,) = texts('NUL = sz "\\Device\\Null"').value
    assert isinstance(text.origin, ValueRef)
    assert (text.origin.value, text.origin.strings, text.origin.text) == ("NUL", None, "\\Device\\Null")


def test_an_absent_key_is_told_apart_from_an_empty_one() -> None:
    assert read_named_texts("n", None).presence is Presence.ABSENT
    empty = read_named_texts("n", key_of(""))
    assert (empty.value, empty.presence) == ((), Presence.WRITTEN)


def test_values_that_are_no_names_are_left_out() -> None:
    assert pairs(texts('dlldirectory = sz "x"\nkernel32 = sz "y"', "DLLDIRECTORY")) == [("kernel32", "y")]


def test_a_second_value_of_a_name_takes_the_place_of_the_first() -> None:
    """smss.md B1.13: it keeps the position."""
    setting = texts('a = sz "1"\nb = sz "2"\nA = sz "3" again')
    assert pairs(setting) == [("A", "3"), ("b", "2")]


@pytest.mark.parametrize("content", ["dword 1", "binary 41 00", "qword 1", "none", 'link "x"'])
def test_a_value_of_another_type_is_told_and_left_out(content: str) -> None:
    setting = texts(f'a = {content}\nb = sz "x"')
    assert pairs(setting) == [("b", "x")]
    (problem,) = setting.problems
    assert problem.code == "wrong-type"
    assert [origin.value for origin in problem.because if isinstance(origin, ValueRef)] == ["a"]


def test_numbers_that_belong_there_are_left_out_without_a_word() -> None:
    key = key_of("PosixSingleInstance = dword 1\nother = dword 1")
    setting = read_named_texts("SubSystems", key, numbers=frozenset({"POSIXSINGLEINSTANCE"}))
    assert [problem.because for problem in setting.problems] == [(key.value("other").ref,)]  # type: ignore[union-attr]
    text = read_named_texts("SubSystems", key_of('PosixSingleInstance = sz "x"'), numbers=frozenset({"POSIXSINGLEINSTANCE"}))
    assert pairs(text) == [("PosixSingleInstance", "x")]


@pytest.mark.parametrize(
    ("content", "text", "string"), [('multi "a" "b"', "b", (1, 1)), ('multi "a"', "a", (0, 0)), ('multi "a" ""', "", (1, 1))]
)
def test_of_a_list_the_last_string_counts_and_that_is_told(content: str, text: str, string: tuple[int, int]) -> None:
    """smss.md B1.3, B1.13."""
    setting = texts(f"x = {content}")
    assert pairs(setting) == [("x", text)]
    assert strings_of(setting.value[0].origin) == string
    assert [problem.code for problem in setting.problems] == ["wrong-type"]
    assert texts("x = multi").value == ()


class DamagedKey:
    """A key whose values are given."""

    def __init__(self, *values: RawValue) -> None:
        self._values = values
        self.ref = key_of("").ref

    def values(self) -> tuple[RawValue, ...]:
        return self._values


def damaged(*values: RawValue) -> Key:
    return DamagedKey(*values)  # type: ignore[return-value]


def test_a_value_that_cant_be_read_is_not_an_empty_one() -> None:
    """smss.md B.10: empty data removes a link; unread data must not."""
    setting = read_named_texts("DOS Devices", damaged(unreadable("sz hex:", "NUL"), unreadable('sz "x"', "AUX")))
    assert pairs(setting) == [("AUX", "x")]
    assert setting.problems == (DAMAGE, DAMAGE)


def test_a_truncated_text_is_given_and_told() -> None:
    setting = texts('a = sz "xy" cut 3')
    assert pairs(setting) == [("a", "x")]
    assert [problem.code for problem in setting.problems] == ["text-odd-length", "text-unterminated"]


def directories(content: str | None) -> list[str]:
    setting = read_object_directories("ObjectDirectories", raw(content), DEFAULTS, "source")
    return [string.text for string in setting.value]


def test_object_directories_are_the_strings_that_name_something() -> None:
    assert directories('multi "\\Windows" "" "\\RPC Control"') == ["\\Windows", "\\RPC Control"]
    assert directories('sz "\\One"') == ["\\One"]
    assert directories("multi") == []
    assert directories("dword 1") == []


def test_absent_object_directories_have_a_default() -> None:
    """smss.md B.0 row 3."""
    setting = read_object_directories("ObjectDirectories", None, DEFAULTS, "source")
    built_in = BuiltIn("ObjectDirectories = \\Windows, \\RPC Control", "source")
    assert (setting.presence, setting.origins) == (Presence.DEFAULTED, (built_in,))
    assert [string.text for string in setting.value] == list(DEFAULTS)
    assert {string.origin for string in setting.value} == {built_in}


def test_object_directories_that_cant_be_read_are_not_the_default() -> None:
    setting = read_object_directories("ObjectDirectories", changed(unreadable()), DEFAULTS, "source")
    assert (setting.value, setting.presence) == ((), Presence.UNREADABLE)

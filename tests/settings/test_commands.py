"""Lists of native programs: smss.md B.2, B1.5, B1.7 to B1.9, B1.13."""

import pytest

from hivecheck.facts.origin import BuiltIn
from hivecheck.settings.commands import read_commands
from hivecheck.settings.setting import Presence
from tests.settings.decoding import DAMAGE, raw, strings_of, unreadable, written

DEFAULT = "autocheck AutoChk.exe *"


def test_each_line_is_a_command_that_cites_its_string() -> None:
    setting = read_commands("BootExecute", raw('multi "autocheck autochk *" "sdnclean64.exe"'))
    assert [(command.line.image, command.line.arguments, command.line.keywords) for command in setting.value] == [
        ("autochk", "*", ("autocheck",)),
        ("sdnclean64.exe", "", ()),
    ]
    assert [strings_of(command.origin) for command in setting.value] == [(0, 0), (1, 1)]
    assert setting.origins == tuple(command.origin for command in setting.value)
    assert setting.presence is Presence.WRITTEN


def test_an_absent_list_has_its_default_or_nothing() -> None:
    setting = read_commands("BootExecute", None, DEFAULT, "source")
    built_in = BuiltIn(f"BootExecute = {DEFAULT}", "source")
    assert (setting.presence, setting.origins) == (Presence.DEFAULTED, (built_in,))
    (command,) = setting.value
    assert (command.text, command.origin) == (DEFAULT, built_in)
    assert (read_commands("Execute", None).value, read_commands("Execute", None).presence) == ((), Presence.ABSENT)


def test_an_empty_list_is_no_absence() -> None:
    """smss.md B1.5."""
    setting = read_commands("BootExecute", raw("multi hex:"), DEFAULT, "source")
    assert (setting.value, setting.presence) == ((), Presence.WRITTEN)
    assert setting.origins == (written("multi hex:").ref,)


def test_no_type_is_an_absence() -> None:
    """smss.md B1.7."""
    assert read_commands("BootExecute", raw("none 61 00"), DEFAULT, "source").presence is Presence.DEFAULTED
    assert read_commands("Execute", raw("none")).origins == ()


def test_a_copy_in_any_case_is_marked() -> None:
    """smss.md B1.13: the first stands."""
    setting = read_commands("BootExecute", raw('multi "a x" "A X" "a  x" "a x"'))
    assert [command.repeats for command in setting.value] == [False, True, False, True]


def test_blank_lines_are_kept_as_data_without_an_image() -> None:
    setting = read_commands("BootExecute", raw('multi "" " " "a"'))
    assert [command.line.image for command in setting.value] == ["", "", "a"]


@pytest.mark.parametrize("content", ["dword 1", "binary 61 00 00 00", 'link "a"'])
def test_a_wrong_type_is_told_and_gives_nothing(content: str) -> None:
    """smss.md B1.9."""
    setting = read_commands("BootExecute", raw(content), DEFAULT, "source")
    assert (setting.value, setting.presence) == ((), Presence.WRONG_TYPE)
    assert setting.origins == (written(content).ref,)
    assert [problem.code for problem in setting.problems] == ["wrong-type"]


def test_a_single_string_is_one_command() -> None:
    """smss.md B1.8."""
    (command,) = read_commands("BootExecute", raw('sz "autocheck autochk *"')).value
    assert (command.line.image, strings_of(command.origin)) == ("autochk", None)


def test_what_cant_be_read_is_neither_empty_nor_the_default() -> None:
    setting = read_commands("BootExecute", unreadable(), DEFAULT, "source")
    assert (setting.value, setting.presence, setting.problems) == ((), Presence.UNREADABLE, (DAMAGE,))


def test_a_truncated_list_gives_what_is_whole() -> None:
    setting = read_commands("BootExecute", raw('multi "autocheck autochk *" "second" cut 3'))
    assert [command.text for command in setting.value] == ["autocheck autochk *", "second"]
    assert [problem.code for problem in setting.problems] == ["text-odd-length", "text-unterminated"]

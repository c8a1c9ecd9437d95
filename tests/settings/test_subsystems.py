"""SubSystems and the csrss line: smss.md B.15."""

import pytest

from hivecheck.facts.origin import BuiltIn
from hivecheck.settings.setting import Presence
from hivecheck.settings.subsystems import Csrss, ServerDll, parse_csrss, read_subsystem_definitions, read_subsystem_list
from tests.settings.decoding import DAMAGE, key_of, raw, strings_of, unreadable, written

DEFAULT = ("Debug", "Windows")


def names(content: str | None) -> list[str]:
    return [string.text for string in read_subsystem_list("Required", raw(content), DEFAULT, "source").value]


def test_names_are_given_in_order_with_their_numbers() -> None:
    setting = read_subsystem_list("Required", raw('multi "Debug" "" "Windows"'), DEFAULT, "source")
    assert [(string.text, strings_of(string.origin)) for string in setting.value] == [("Debug", (0, 0)), ("Windows", (2, 2))]
    assert setting.presence is Presence.WRITTEN


@pytest.mark.parametrize("content", ['sz "Windows"', 'expand "Windows"', "dword 1", "binary 57 00 00 00"])
def test_only_a_list_counts(content: str) -> None:
    """smss.md B15.1."""
    setting = read_subsystem_list("Required", raw(content), DEFAULT, "source")
    assert (setting.value, setting.presence) == ((), Presence.WRONG_TYPE)
    assert setting.origins == (written(content).ref,)
    assert [problem.code for problem in setting.problems] == ["wrong-type"]


@pytest.mark.parametrize("content", [None, "none"])
def test_an_absent_list_has_the_default(content: str | None) -> None:
    """smss.md B15.13, B1.7."""
    setting = read_subsystem_list("Required", raw(content), DEFAULT, "source")
    assert (names(content), setting.presence) == (["Debug", "Windows"], Presence.DEFAULTED)
    assert setting.origins == (BuiltIn("Required = Debug, Windows", "source"),)
    assert read_subsystem_list("Optional", None, (), "").presence is Presence.ABSENT


@pytest.mark.parametrize("content", ["multi hex:", "multi"])
def test_an_empty_list_names_nothing(content: str) -> None:
    assert names(content) == []


def test_what_cant_be_read_is_not_the_default() -> None:
    setting = read_subsystem_list("Required", unreadable(), DEFAULT, "source")
    assert (setting.value, setting.presence, setting.problems) == ((), Presence.UNREADABLE, (DAMAGE,))


def test_a_damaged_string_is_no_list_either() -> None:
    assert read_subsystem_list("Required", unreadable('sz "Windows"'), DEFAULT, "source").value == ()


def test_definitions_are_all_but_the_lists() -> None:
    setting = read_subsystem_definitions(
        "SubSystems",
        key_of(
            '@ = sz "mnmsrvc"\nRequired = multi "Windows"\nOPTIONAL = multi\nWindows = expand "csrss"\nPosixSingleInstance = dword 1'
        ),
    )
    assert [(text.name, text.text) for text in setting.value] == [("", "mnmsrvc"), ("Windows", "csrss")]
    assert setting.problems == ()


LINE = (
    "%SystemRoot%\\system32\\csrss.exe ObjectDirectory=\\Windows SharedSection=1024,20480,768 Windows=On SubSystemType=Windows "
    "ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 serverdll=sxssrv,4 ProfileControl=Off MaxRequestThreads=16"
)


def csrss(text: str) -> Csrss:
    return parse_csrss(text, None)


def test_the_csrss_line_in_its_parts() -> None:
    """smss.md B15.7, B15.8."""
    parsed = csrss(LINE)
    assert parsed.line.image == "%SystemRoot%\\system32\\csrss.exe"
    assert parsed.arguments[:2] == (("ObjectDirectory", "\\Windows"), ("SharedSection", "1024,20480,768"))
    assert parsed.server_dlls == (
        ServerDll("basesrv,1", "basesrv", "", 1),
        ServerDll("winsrv:UserServerDllInitialization,3", "winsrv", "UserServerDllInitialization", 3),
        ServerDll("sxssrv,4", "sxssrv", "", 4),
    )


def test_arguments_are_found_in_any_case_the_first_of_a_name() -> None:
    parsed = csrss("c A=1 a=2 flag")
    assert (parsed.argument("a"), parsed.argument("FLAG"), parsed.argument("none")) == ("1", "", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("evil", ServerDll("evil", "evil", "", None)),
        ("evil:Init", ServerDll("evil:Init", "evil", "Init", None)),
        ("evil,", ServerDll("evil,", "evil", "", None)),
        ("evil,x", ServerDll("evil,x", "evil", "", None)),
        ("evil,-1", ServerDll("evil,-1", "evil", "", None)),
        ("evil,\u0661", ServerDll("evil,\u0661", "evil", "", None)),
        ("evil,99999999999999999999", ServerDll("evil,99999999999999999999", "evil", "", None)),
        ("a:b:c,1,2", ServerDll("a:b:c,1,2", "a", "b:c", None)),
        ("", ServerDll("", "", "", None)),
    ],
)
def test_odd_server_dlls(text: str, expected: ServerDll) -> None:
    assert csrss(f"c ServerDll={text}").server_dlls == (expected,)


def test_only_characters_up_to_the_blank_part_arguments() -> None:
    """smss.md B2.2, B15.7."""
    assert csrss("c a=1\u00a0x\tb=2\u2003y").arguments == (("a", "1\u00a0x"), ("b", "2\u2003y"))


@pytest.mark.parametrize("text", ["", "   ", "csrss", "=", "csrss = =="])
def test_poor_lines_are_parsed_all_the_same(text: str) -> None:
    parsed = csrss(text)
    assert parsed.server_dlls == ()
    assert parsed.text == text

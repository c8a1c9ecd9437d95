"""How a case finds the keys that rules ask for."""

import pytest

from hivecheck.rules.case import Case
from hivecheck.rules.examples.example import Example
from tests.rules.cases import case_of

NOTATION = r"""
[ControlSet001\Control\Print\Providers]
Order = multi "a"
[ControlSet001\Services\a\Parameters\b\c\Security]
Security = binary 00
[ControlSet001\Services\a\Security]
Security = binary 00
[Setup\Upgrade]
x = dword 1
"""


@pytest.fixture
def case() -> Case:
    return case_of(Example("", NOTATION, generation="win10-21h2-x64"))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (r"Control\print\PROVIDERS", r"ControlSet001\Control\Print\Providers"),
        (r"Services\A\Parameters\b\c", r"ControlSet001\Services\a\Parameters\b\c"),
        (r"Services\a", r"ControlSet001\Services\a"),
        (r"\Setup\Upgrade", r"Setup\Upgrade"),
        (r"Services\a\nothing\c", None),
        (r"Services\b\Parameters", None),
    ],
)
def test_keys_are_found_by_their_paths(case: Case, path: str, found: str | None) -> None:
    key = case.key(path)
    assert (key.path if key is not None else None) == found


def test_endless_path_of_a_hostile_value_finds_nothing(case: Case) -> None:
    assert case.key("Services\\" + "a\\" * 50_000 + "NetworkProvider") is None
    assert case.key("Control\\SafeBoot\\" + "x\\" * 50_000) is None


def test_keys_of_services_are_those_right_below_them(case: Case) -> None:
    assert [(one.name, child.path) for one, child in case.keys_of_services("SECURITY")] == [
        ("a", r"ControlSet001\Services\a\Security")
    ]
    assert case.keys_of_services("INSTANCES") == ()

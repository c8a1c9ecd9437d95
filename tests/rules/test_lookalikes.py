"""Names that look like those of programs of Windows."""

import pytest

from hivecheck.rules.service_dlls import imitated_program


@pytest.mark.parametrize(
    ("name", "looks_like"),
    [
        ("svch0st", "svchost"), ("scvhost", "svchost"), ("svchosts", "svchost"), ("svchst", "svchost"), ("1sass", "lsass"),
        ("service", "services"), ("expl0rer", "explorer"), ("spoolsvv", "spoolsv"), ("vvininit", "wininit"),
    ],
)  # fmt: skip
def test_a_name_looks_like_one_of_windows(name: str, looks_like: str) -> None:
    assert imitated_program(name) == looks_like


@pytest.mark.parametrize(
    "name", ["svchost", "lsass", "lsm", "lsaiso", "dllhost", "vssvc", "snmp", "", "x", "smsvchost", "alg", "s" * 50_000]
)
def test_other_names_do_not(name: str) -> None:
    assert imitated_program(name) == ""

"""The names a program gets from `import hivecheck`."""

import subprocess
import sys

import pytest

import hivecheck


@pytest.mark.parametrize("name", hivecheck.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(hivecheck, name).__name__ == name


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="hivecheck has no nonsense"):
        hivecheck.nonsense  # noqa: B018


def test_importing_the_package_loads_nothing_of_it() -> None:
    command = "import sys, hivecheck; print([name for name in sys.modules if name.startswith('hivecheck.')])"
    ended = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"

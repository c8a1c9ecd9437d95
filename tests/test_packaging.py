"""What is declared, locked and shipped fits together: pyproject.toml, requirements.lock, the licence, the version."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import hivecheck

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = {
    name.lower().replace("_", "-"): Version(version) for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.M)
}
DECLARED = [
    Requirement(line)
    for line in (
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["test"],
        *PROJECT["optional-dependencies"]["dev"],
    )
    if not line.startswith("hivecheck")
]


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_the_lock_pins_a_version_that_is_asked_for(requirement: Requirement) -> None:
    assert requirement.specifier.contains(PINNED[requirement.name.lower()])


def test_every_pin_of_the_lock_has_a_hash() -> None:
    pins = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(pins) == len(PINNED)
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_the_lock_names_no_registry() -> None:
    assert re.findall(r"https?:|file:|--(?:extra-)?index|--find-links", LOCK) == []


def test_typer_stays_below_the_version_that_imports_pydantic() -> None:
    """0.29 doubles the start-up time of every command; drop this when it no longer imports pydantic."""
    [typer] = [requirement for requirement in DECLARED if requirement.name == "typer"]
    assert not typer.specifier.contains("0.29.0")


def test_the_licence_that_is_declared_is_shipped() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    text = (ROOT / PROJECT["license-files"][0]).read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## [{hivecheck.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_package_is_marked_as_typed() -> None:
    assert (ROOT / "hivecheck" / "py.typed").is_file()

"""The KAPE module and the artifact for Velociraptor: their syntax, the fields they need, and that what they call is there."""

import re
import shlex
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.rules.rule import Severity
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE
from tests.report.export.exports import TAMPERED

Yaml = Any
DOCS = Path(__file__).resolve().parents[3] / "docs"
MODULES = sorted((DOCS / "kape").glob("*.mkape"))
_FIELDS = ("Description", "Category", "Author", "Version", "Id", "BinaryUrl", "ExportFormat", "Processors")
_PROCESSOR = {"Executable", "CommandLine", "ExportFormat"}
_VARIABLE = re.compile(r"%(\w+)%")


def load(path: Path) -> Yaml:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def artifact() -> Yaml:
    text = (DOCS / "velociraptor.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return yaml.safe_load(block)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A folder as a triage tool leaves it."""
    path = tmp_path / "collection" / "C" / "Windows" / "System32" / "config" / "SYSTEM"
    path.parent.mkdir(parents=True)
    path.write_bytes(build_hive(parse(TAMPERED)))
    return tmp_path / "collection"


def parse(text: str) -> Any:
    from hivecheck.registry.notation import parse_notation

    return parse_notation(BOOTABLE + text)


def call(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["hivecheck", *arguments])
    return run()


def test_there_is_a_module() -> None:
    assert [path.name for path in MODULES] == ["hivecheck.mkape"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_has_the_fields_that_kape_needs(path: Path) -> None:
    module = load(path)
    assert tuple(module) == _FIELDS
    assert str(UUID(module["Id"])) == module["Id"]
    assert UUID(module["Id"]).version == 4
    assert module["BinaryUrl"].startswith("https://")
    assert isinstance(module["Version"], float)
    formats = [processor["ExportFormat"] for processor in module["Processors"]]
    assert len(set(formats)) == len(formats)
    assert module["ExportFormat"] in formats
    for processor in module["Processors"]:
        assert set(processor) == _PROCESSOR
        assert processor["Executable"].endswith("\\hivecheck.exe")
        assert set(_VARIABLE.findall(processor["CommandLine"])) == {"sourceDirectory", "destinationDirectory"}


@pytest.mark.parametrize("number", range(3))
def test_what_a_module_calls_runs(number: int, collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [module] = MODULES
    line: str = load(module)["Processors"][number]["CommandLine"]
    target = tmp_path / "out"
    target.mkdir()
    given = {"sourceDirectory": collection, "destinationDirectory": target}
    arguments = [
        _VARIABLE.sub(lambda match: str(given[match[1]]), part.replace("\\", "/")) for part in shlex.split(line, posix=False)
    ]
    assert call(arguments, monkeypatch) == Exit.OK
    assert list(target.iterdir())


def test_the_artifact_has_the_fields_that_velociraptor_needs() -> None:
    found = artifact()
    assert re.fullmatch(r"Custom(\.\w+)+", found["name"])
    assert found["type"] == "CLIENT"
    assert found["required_permissions"] == ["EXECVE"]
    names = [parameter["name"] for parameter in found["parameters"]]
    assert len(set(names)) == len(names)
    [severity] = [parameter for parameter in found["parameters"] if parameter["name"] == "MinSeverity"]
    assert severity["choices"] == [one.value for one in Severity]
    [source] = found["sources"]
    for name in names:
        assert re.search(rf"\b{name}\b", source["query"])
    for opening, closing in ("()", "[]", "{}"):
        assert source["query"].count(opening) == source["query"].count(closing)


def test_what_the_artifact_calls_runs(
    collection: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [source] = artifact()["sources"]
    listed = re.search(r"argv=\[Hivecheck, (.*?)\]", source["query"], re.DOTALL)
    assert listed
    given = {"Collection": str(collection), "MinSeverity": "medium"}
    words = [word.strip() for word in listed[1].split(",")]
    arguments = [word.strip('"') if word.startswith('"') else given[word] for word in words]
    assert call(arguments, monkeypatch) == Exit.OK
    assert '"rule": "seq-knowndll-replaced-file"' in capsys.readouterr().out

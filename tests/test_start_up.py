"""What a command loads before it can answer. Imports are most of a short command's time, so each loads only what it needs.

Every test starts a Python of its own and reads from `-X importtime` which modules it imported.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive

ROOT = Path(__file__).resolve().parents[1]
_LINE = re.compile(r"^import time:\s*\d+ \|\s*\d+ \|\s*(\S+)$", re.MULTILINE)

# The heavy ones: 37 ms construct, 61 ms regipy, 48 ms jinja2, 44 ms rich, more for pydantic; a bare Python starts in 12 ms.
HEAVY = frozenset({"construct", "jinja2", "markupsafe", "pydantic", "pygments", "regipy", "rich"})
READERS = frozenset({"Registry", "unicodecsv", "enum_compat"})  # python-registry and what it brings
ODD = frozenset({"asyncio", "email", "http", "logging", "multiprocessing", "sqlite3", "ssl", "urllib.request", "xml"})

HIVE = r"""
[Select]
Current = dword 1
Default = dword 1
Failed = dword 0
LastKnownGood = dword 1

[ControlSet001\Control\Session Manager]
BootExecute = multi "autocheck autochk *"
"""


@pytest.fixture(scope="module")
def hive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("start-up") / "SYSTEM"
    path.write_bytes(build_hive(parse_notation(HIVE)))
    return path


def imported_by(*arguments: str) -> frozenset[str]:
    """The modules that a Python with these arguments imports. It must end with 0."""
    command = [sys.executable, "-X", "importtime", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace", check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return frozenset(_LINE.findall(ended.stderr))


def unwanted(imported: frozenset[str], *families: frozenset[str]) -> list[str]:
    """The imported modules that belong to a family, or to a package of it."""
    names = frozenset().union(*families)
    return sorted(module for module in imported if any(module == name or module.startswith(name + ".") for name in names))


def test_help_loads_the_command_line_alone() -> None:
    imported = imported_by("-m", "hivecheck", "--help")
    assert "hivecheck.cli" in imported
    assert unwanted(imported, HEAVY, READERS, ODD) == []
    ours = {module for module in imported if module.startswith("hivecheck.")}
    assert {module for module in ours if module not in ("hivecheck.errors", "hivecheck.__main__")} == {
        module for module in ours if module.startswith("hivecheck.cli")
    }


def test_version_loads_the_command_line_alone() -> None:
    assert unwanted(imported_by("-m", "hivecheck", "--version"), HEAVY, READERS, ODD) == []


def test_the_analysis_loads_no_library_before_it_is_asked() -> None:
    imported = imported_by("-c", "import hivecheck.analysis")
    assert "hivecheck.registry.regf" in imported
    assert unwanted(imported, HEAVY, READERS, ODD, frozenset({"typer", "hivecheck.cli", "hivecheck.report", "json"})) == []


def test_analyze_json_loads_no_html_and_no_third_reader(hive: Path) -> None:
    imported = imported_by("-m", "hivecheck", "analyze", "--json", "-", str(hive))
    assert "hivecheck.report.document" in imported
    assert unwanted(imported, HEAVY, ODD, frozenset({"hivecheck.report.html", "hivecheck.report.terminal"})) == []


def test_analyze_without_verification_loads_no_other_reader(hive: Path) -> None:
    imported = imported_by("-m", "hivecheck", "analyze", "--verify", "none", "--json", "-", str(hive))
    assert unwanted(imported, HEAVY, READERS, ODD) == []


@pytest.mark.parametrize("command", [("replay",), ("extract",), ("extract", "--notation"), ("analyze", "--verify", "none")])
def test_text_on_the_terminal_loads_no_library(hive: Path, command: tuple[str, ...]) -> None:
    imported = imported_by("-m", "hivecheck", *command, str(hive))
    assert unwanted(imported, HEAVY, READERS, ODD) == []


@pytest.mark.parametrize("command", [("replay",), ("extract",), ("extract", "--notation")])
def test_what_does_not_judge_loads_no_rule(hive: Path, command: tuple[str, ...]) -> None:
    imported = imported_by("-m", "hivecheck", *command, str(hive))
    assert unwanted(imported, frozenset({"hivecheck.rules.system_rules", "hivecheck.rules.case", "tomllib"})) == []


@pytest.mark.parametrize("command", [("replay",), ("extract", "--notation")])
def test_what_shows_no_setting_loads_no_baseline(hive: Path, command: tuple[str, ...]) -> None:
    imported = imported_by("-m", "hivecheck", *command, str(hive))
    assert unwanted(imported, frozenset({"json", "hivecheck.baselines.load"})) == []


def test_judging_loads_no_toml_and_no_library(hive: Path) -> None:
    imported = imported_by("-m", "hivecheck", "analyze", "--verify", "none", str(hive))
    assert "hivecheck.rules.system_rules" in imported
    assert unwanted(imported, HEAVY, READERS, ODD, frozenset({"tomllib", "hivecheck.rules.catalog"})) == []


def test_judging_loads_no_text_of_sources(hive: Path) -> None:
    """They are for the page of a rule alone."""
    assert "hivecheck.rules.sources" not in imported_by("-m", "hivecheck", "analyze", "--json", "-", str(hive))


def test_the_list_of_rules_loads_no_reader_and_no_page(hive: Path) -> None:
    imported = imported_by("-m", "hivecheck", "rules")
    assert unwanted(imported, HEAVY, READERS, ODD, frozenset({"hivecheck.report.html"})) == []


def test_analyze_html_loads_no_engine_and_no_third_reader(hive: Path, tmp_path: Path) -> None:
    imported = imported_by("-m", "hivecheck", "analyze", "--html", str(tmp_path / "report.html"), str(hive))
    assert "hivecheck.report.html" in imported
    assert unwanted(imported, HEAVY - {"markupsafe"}) == []

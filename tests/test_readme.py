"""The README is true: every console example runs as it stands there and prints what is shown, and the set-up commands agree.

An example is a block marked `console`. A line that begins with `$ ` is a command, with `# exit code N` at its end where it does
not end with 0. The lines below it are what it prints, blank lines aside; a line `...` stands for any number of lines left out.
Examples run in a folder that holds nothing but the test hives, on a terminal of 100 columns.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from hivecheck.cli.app import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT_CODE = re.compile(r"\s+# exit code (\d+)$")


@dataclass(frozen=True, slots=True)
class Example:
    """A command with its arguments, the exit code it is said to end with, and the lines it is said to print."""

    page: str
    command: str
    exit_code: int
    lines: tuple[str, ...]


def blocks(page: Path, language: str) -> list[str]:
    return [text for found, text in _BLOCK.findall(page.read_text(encoding="utf-8")) if found == language]


def examples() -> list[Example]:
    found: list[Example] = []
    for page in PAGES:
        for block in blocks(page, "console"):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *lines = part.rstrip("\n").split("\n")
                code = _EXIT_CODE.search(command)
                number = int(code[1]) if code else 0
                found.append(Example(page.name, _EXIT_CODE.sub("", command), number, tuple(line for line in lines if line)))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the test hives, in which an example may write."""
    shutil.copytree(ROOT / "test_hives", tmp_path / "test_hives")
    return tmp_path


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.page}: {example.command}")
def test_an_example_prints_what_is_shown(example: Example, folder: Path) -> None:
    program, *arguments = shlex.split(example.command)
    assert program == "hivecheck"
    ended = subprocess.run(
        [sys.executable, "-m", "hivecheck", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == example.exit_code, ended.stdout
    printed = "".join(f"{line.rstrip()}\n" for line in ended.stdout.splitlines() if line.strip())
    shown = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in example.lines)
    is_true = re.fullmatch(shown, printed) is not None
    assert is_true, "\n".join(("shown:", *example.lines, "", "printed:", ended.stdout))
    for name in re.findall(r"--(?:html|json) ([^-\s]\S*)", example.command):
        assert (folder / name).stat().st_size > 0


def test_every_command_has_an_example() -> None:
    shown = {shlex.split(example.command)[1] for example in examples() if example.page == "README.md"}
    assert set(COMMANDS) <= shown


def test_there_are_two_set_up_commands_of_one_line_each() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    job, tests = re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)
    hive = re.search(r" analyze (\S+) --html report\.html$", job)
    assert hive
    assert (ROOT / hive[1]).is_file()
    assert tests.endswith(" -m pytest")


def test_the_windows_spelling_says_the_same() -> None:
    [unix_job], [unix_tests] = (block.splitlines() for block in blocks(ROOT / "README.md", "sh"))
    [windows] = blocks(ROOT / "README.md", "bat")
    assert windows.splitlines() == [_for_windows(unix_job), _for_windows(unix_tests)]


def _for_windows(command: str) -> str:
    return command.replace("python3 ", "py -3 ").replace(".venv/bin/", ".venv/Scripts/").replace("/", "\\")

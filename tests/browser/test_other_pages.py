"""The pages beside the report, in a real browser: the index of several hives, and the comparison of two."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.chromium import Tab
from tests.browser.conftest import ROOT
from tests.browser.test_browser import grave

CLEAN, INFECTED = "test_hives/win10-21h2-x64.hive", "test_hives/infected-bootkit-win10-21h2-x64.hive"
NO_HIVE = "test_hives/broken/short.hive"


def run_hivecheck(*arguments: str | Path, status: int = 0) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hivecheck", *arguments, "--quiet"], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == status, ended.stderr


@pytest.fixture(scope="session")
def other_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from `index` or `diff` to the file of that page, made once by the command that makes it."""
    folder = tmp_path_factory.mktemp("others")

    def make(name: str) -> Path:
        file = folder / name / ("index.html" if name == "index" else "diff.html")
        if not file.exists() and name == "index":
            run_hivecheck("analyze", CLEAN, INFECTED, NO_HIVE, "--output", file.parent, status=4)
        elif not file.exists():
            file.parent.mkdir()
            run_hivecheck("diff", CLEAN, INFECTED, "--html", file)
        return file

    return make


every_page = pytest.mark.parametrize("name", ["index", "diff"])


@every_page
def test_it_breaks_nothing_asks_for_nothing_and_fits(
    name: str, open_tab: Callable[..., Tab], other_page: Callable[[str], Path]
) -> None:
    tab = open_tab(400)
    tab.open(other_page(name))
    assert tab.errors == []
    assert tab.requests == [other_page(name).as_uri()]
    tab.run("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert tab.run("document.documentElement.scrollWidth") <= 400


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    name: str, scheme: str, open_tab: Callable[..., Tab], other_page: Callable[[str], Path], axe: str
) -> None:
    tab = open_tab()
    tab.emulate(scheme)
    tab.open(other_page(name))
    assert grave(tab, axe) == []

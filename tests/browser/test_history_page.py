"""The page of a history in a real browser: a machine whose BootExecute changed between RegBack and now."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest

from tests.browser.chromium import Tab
from tests.browser.conftest import ROOT
from tests.browser.test_browser import grave

CLEAN, INFECTED = "test_hives/win10-21h2-x64.hive", "test_hives/infected-bootkit-win10-21h2-x64.hive"


@pytest.fixture(scope="session")
def history_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, made once by the command that makes it."""
    folder = tmp_path_factory.mktemp("history")
    config = folder / "Windows" / "System32" / "config"
    (config / "RegBack").mkdir(parents=True)
    copyfile(ROOT / CLEAN, config / "RegBack" / "SYSTEM")
    copyfile(ROOT / INFECTED, config / "SYSTEM")
    page = tmp_path_factory.mktemp("page") / "history.html"  # never into a folder of evidence
    asked = [sys.executable, "-m", "hivecheck", "history", str(folder), "--html", str(page), "--quiet"]
    ended = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return page


def test_it_breaks_nothing_asks_for_nothing_and_fits(open_tab: Callable[..., Tab], history_page: Path) -> None:
    tab = open_tab(400)
    tab.open(history_page)
    assert tab.errors == []
    assert tab.requests == [history_page.as_uri()]
    assert tab.run("document.querySelectorAll('article').length") >= 2
    tab.run("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert tab.run("document.documentElement.scrollWidth") <= 400


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme: str, open_tab: Callable[..., Tab], history_page: Path, axe: str) -> None:
    tab = open_tab()
    tab.emulate(scheme)
    tab.open(history_page)
    assert grave(tab, axe) == []

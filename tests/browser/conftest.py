"""The browser of the page's tests, and pages for it. Without a Chromium, or without axe-core, tests are skipped with a word.

Where HIVECHECK_BROWSER_TESTS is `required`, as in CI, they fail instead: a green run then means that they ran.
"""

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from hivecheck.analysis import analyze
from hivecheck.report.html import render_html
from tests.browser.chromium import BROWSER, Browser, Tab, find_browser

ROOT = Path(__file__).resolve().parents[2]
GENERATED = "2026-01-15T10:00:00Z"
REQUIRED = "HIVECHECK_BROWSER_TESTS"
AXE = "HIVECHECK_AXE"  # names an axe.min.js; else that of the package axe-playwright-python is used

OpenPage = Callable[..., Tab]


def _lack(what: str) -> None:
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{what}, and {REQUIRED} says that it is required")
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        _lack(f"no Chromium is installed (or {BROWSER} names none): the page is not tried in a browser")
    assert program is not None
    running = Browser(program, tmp_path_factory.mktemp("profile"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, an MPL checker of accessibility; it is only ever a tool of these tests."""
    named = os.environ.get(AXE)
    spec = None if named else find_spec("axe_playwright_python")
    path = Path(named) if named else Path(spec.origin).with_name("axe.min.js") if spec and spec.origin else None
    if path is None or not path.is_file():
        _lack("axe-core is not installed (pip install --no-deps -r .ci/browser.txt): accessibility is not tried")
    assert path is not None
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from the name of a test hive to the file of its page."""
    folder = tmp_path_factory.mktemp("pages")

    def make(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            [hive] = (ROOT / "test_hives").rglob(f"{name}.hive")
            file.write_text(render_html(analyze(hive), GENERATED), encoding="utf-8")
        return file

    return make


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """A function that opens an empty tab, closed when the test is over."""
    opened: list[Tab] = []

    def make(width: int = 1280, height: int = 900) -> Tab:
        opened.append(Tab(browser, width, height))
        return opened[-1]

    yield make
    for tab in opened:
        tab.close()


@pytest.fixture
def shown(open_tab: Callable[..., Tab], page_file: Callable[[str], Path]) -> OpenPage:
    """A function that opens the page of a test hive in a tab: its name, width, colour scheme, whether scripts run, fragment."""

    def make(name: str, width: int = 1280, scheme: str = "light", scripting: bool = True, fragment: str = "") -> Tab:
        tab = open_tab(width)
        tab.emulate(scheme)
        if not scripting:
            tab.turn_scripting_off()
        tab.open(page_file(name), fragment)
        return tab

    return make

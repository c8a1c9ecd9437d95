"""The page in a real browser, at rest: it breaks nothing, asks for nothing, runs nothing of the hive's, and can be read."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, analyze
from hivecheck.registry.notation import parse_notation
from hivecheck.report import html
from hivecheck.report.html import render_html
from tests.browser.chromium import Tab
from tests.browser.conftest import GENERATED, OpenPage
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE, session_manager

INFECTED = "infected-bootkit-win10-21h2-x64"
PAGES = (INFECTED, "infected-consrv-win7-x64", "nt4-x86", "win11-22h2-x64", "missing-control-set", "dirty-without-logs")
GRAVE = ("serious", "critical")
PLANT = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\"><b onclick=\"document.title='ran'\" id=plant>b</b>"

every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_the_page_breaks_nothing_and_asks_for_nothing(name: str, shown: OpenPage, page_file: Callable[[str], Path]) -> None:
    tab = shown(name)
    assert tab.errors == []
    assert tab.requests == [page_file(name).as_uri()]
    assert tab.run("performance.getEntriesByType('resource').length") == 0
    assert tab.run("!document.getElementById('controls').hidden")


def planted(folder: Path) -> Analysis:
    path = folder / "SYSTEM"
    plant = PLANT.replace('"', '""')
    path.write_bytes(build_hive(parse_notation(BOOTABLE + session_manager(f'SetupExecute = multi "{plant}"'))))
    return analyze(path)


@pytest.fixture
def unescaped(tmp_path: Path) -> str:
    """A page of a hive with a script in a value, with all escaping undone, as if nothing had ever escaped it."""
    page = unescape(render_html(planted(tmp_path), GENERATED))
    assert PLANT in page, "the escaping is not undone: the test would prove nothing"
    return page


def test_a_script_in_a_value_does_not_run_even_when_nothing_escapes_it(
    unescaped: str, open_tab: Callable[..., Tab], tmp_path: Path
) -> None:
    file = tmp_path / "unescaped.html"
    file.write_text(unescaped, encoding="utf-8")
    tab = open_tab()
    tab.open(file)
    tab.run("document.getElementById('plant').click()")
    assert tab.run("document.title") != "ran"
    refused = " ".join(tab.errors)
    assert "Content Security Policy" in refused
    assert tab.requests == [file.as_uri()]


def test_without_the_policy_that_script_would_run(unescaped: str, open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """So the test above proves the policy, not a plant that is dead."""
    file = tmp_path / "unguarded.html"
    file.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", unescaped, count=1), encoding="utf-8")
    tab = open_tab()
    tab.open(file)
    assert tab.run("document.title") == "ran"


def test_a_script_in_a_value_is_shown_as_text(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    file = tmp_path / "escaped.html"
    file.write_text(render_html(planted(tmp_path), GENERATED), encoding="utf-8")
    tab = open_tab()
    tab.open(file)
    assert tab.errors == []
    assert tab.run("document.title") != "ran"
    assert tab.run(f"[...document.querySelectorAll('code')].some((one) => one.firstChild.data === {json.dumps(PLANT)})")


TEXTS = "[...document.querySelectorAll('h1, h2, h3, p, li, dt, dd, th, td, caption, summary')].map((one) => one.textContent)"


@every_page
def test_everything_is_there_to_read_with_scripting_off(name: str, shown: OpenPage) -> None:
    plain, scripted = shown(name, scripting=False), shown(name)
    assert plain.run("document.getElementById('controls').checkVisibility()") is False
    assert plain.run("document.getElementById('controls').childElementCount") == 0
    assert plain.run("document.querySelectorAll('button, input').length") == 0
    scripted.run("document.getElementById('controls').remove()")
    assert plain.run(TEXTS) == scripted.run(TEXTS)
    assert plain.errors == []


def test_what_is_folded_opens_with_scripting_off(shown: OpenPage) -> None:
    tab = shown(INFECTED, scripting=False)
    tab.run("window.fold = document.querySelector('#findings details:not([open])')")
    inside = "fold.querySelector(':scope > :not(summary)').checkVisibility()"
    assert tab.run(inside) is False
    tab.run("fold.querySelector('summary').click()")
    tab.run_until(inside)


# --- for everybody ------------------------------------------------------------------------------------------------------------


def grave(tab: Tab, axe: str) -> list[str]:
    """What axe-core finds that is serious or worse: rule, what it is about, and where."""
    tab.run(axe + ";0")
    found = tab.run(
        "axe.run(document, {resultTypes: ['violations']}).then((told) => told.violations.map((one) =>"
        " [one.impact, one.id, one.help, one.nodes.slice(0, 3).map((node) => node.target.join(' ') + ': ' + node.failureSummary)]))"
    )
    return [f"{id}: {help} {nodes}" for impact, id, help, nodes in found if impact in GRAVE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [INFECTED, "missing-control-set", "xp-x64"])
def test_axe_finds_nothing_serious(name: str, scheme: str, shown: OpenPage, axe: str) -> None:
    assert grave(shown(name, scheme=scheme), axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_with_all_opened_on_a_narrow_screen(scheme: str, shown: OpenPage, axe: str) -> None:
    tab = shown("infected-consrv-win7-x64", width=400, scheme=scheme)
    tab.run("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert grave(tab, axe) == []


def test_dark_is_dark(shown: OpenPage) -> None:
    paper = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    assert max(shown(INFECTED, scheme="dark").run(paper)) < 64
    assert min(shown(INFECTED).run(paper)) > 240


@every_page
@pytest.mark.parametrize("scripting", [True, False])
def test_400_pixels_are_wide_enough(name: str, scripting: bool, shown: OpenPage) -> None:
    tab = shown(name, width=400, scripting=scripting)
    too_wide = (
        "[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && (one.getBoundingClientRect().right > 401 ||"
        " (one.getBoundingClientRect().left + one.scrollWidth > 401 && getComputedStyle(one).overflowX === 'visible')))"
        ".map((one) => `${one.closest('section')?.id}: ${one.tagName}.${one.className}`).slice(0, 5)"
    )
    for opened in (False, True):
        tab.run(f"document.querySelectorAll('details').forEach((one) => (one.open ||= {str(opened).lower()}))")
        assert tab.run("document.documentElement.scrollWidth") <= 400, tab.run(too_wide)


# --- paper --------------------------------------------------------------------------------------------------------------------


def test_paper_shows_findings_and_what_they_are_about_whatever_was_filtered_away(shown: OpenPage) -> None:
    """The rest is counted, drawn, or folded: paper says so."""
    tab = shown(INFECTED)
    tab.run("document.querySelector('#controls input[type=search]').focus()")
    tab.type("no such words anywhere")
    tab.run_until("document.querySelectorAll('.off').length > 0")
    tab.emulate(media="print")
    units = "[...document.querySelectorAll('.story.critical .finding, .story.high .finding, .event:has(.flag), .step > h3, .step .counts')]"
    assert tab.run(f"{units}.length") > 20
    assert tab.run(f"{units}.filter((one) => one.getClientRects().length === 0).map((one) => one.id)") == []
    folded = "[...document.querySelectorAll('#report details:not([open]) > :not(summary)')]"
    assert tab.run(f"{folded}.filter((one) => one.checkVisibility() && !one.closest('.event, #settings')).length") == 0
    assert "Not printed: " in tab.run("getComputedStyle(document.querySelector('.page'), '::after').content")
    assert tab.run("document.getElementById('controls').checkVisibility()") is False
    assert tab.run("[...document.querySelectorAll('.copy')].some((one) => one.checkVisibility())") is False


PRINTED = "(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())"


def printed(tab: Tab, selector: str) -> int:
    number: int = tab.run(f"({PRINTED})({selector!r}).length")
    return number


def test_paper_holds_each_finding_the_reasons_the_limits_and_what_differs(shown: OpenPage) -> None:
    tab = shown("infected-minint-win10-1903-x64")
    findings = tab.run("document.querySelectorAll('.finding').length")
    assert printed(tab, ".on-paper") == 0
    tab.emulate(media="print")
    assert printed(tab, ".finding") + printed(tab, ".on-paper tbody tr") == findings
    assert printed(tab, ".on-paper tbody tr") > 0
    assert tab.run(
        "[...document.querySelectorAll('.on-paper tbody tr')].every((row) => [...row.cells].every((one) => one.textContent))"
    )
    for section in ("reasons", "limits", "problems", "machine", "ends", "shutdown", "run-time"):
        assert printed(tab, f"#{section} :is(p, li, td)") > 0, section
    assert 0 < printed(tab, "#settings tbody tr") < 20
    assert printed(tab, "#settings .tag.calm") == 0
    assert printed(tab, "#settings .tag.strong") > 0
    assert printed(tab, "#checks") == printed(tab, ".mild") == 0


def test_what_a_reader_opens_is_printed(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    tab.run("document.querySelector('#checks .check').open = true")
    tab.run("document.querySelector('.event:not(:has(.flag)) > .origins').open = true")
    tab.emulate(media="print")
    assert printed(tab, "#checks .check") == 1
    assert printed(tab, "#checks .check dd") > 3
    assert printed(tab, ".event:not(:has(.flag)) > .origins[open] li") == 1
    assert "Not printed: " in tab.run("getComputedStyle(document.querySelector('.page'), '::after').content")


def test_all_is_printed_once_all_is_opened(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    tab.run("[...document.querySelectorAll('#controls button')].find((one) => one.textContent === 'Open all').click()")
    tab.emulate(media="print")
    missed = "[...document.querySelectorAll('main :is(p, li, tr, pre, summary, dd, h2, h3)')].filter((one) => !one.getClientRects().length && !one.closest('.on-paper, svg'))"
    assert tab.run(f"{missed}.map((one) => one.outerHTML.slice(0, 80))") == []
    assert printed(tab, "#checks .check pre") > 0
    assert printed(tab, ".on-paper") == 0
    assert tab.run("getComputedStyle(document.querySelector('.page'), '::after').content") == "none"


def test_the_page_prints_in_short_form_however_it_is_shown(shown: OpenPage, page_file: Callable[[str], Path]) -> None:
    tab = shown(INFECTED)
    short = _pages_printed(tab)
    assert 5 < short <= 32
    tab.emulate("dark")
    assert _pages_printed(tab) == short
    tab.turn_scripting_off()
    tab.open(page_file(INFECTED))
    assert _pages_printed(tab) == short
    tab.run("document.querySelectorAll('#report details').forEach((one) => (one.open = true))")
    assert _pages_printed(tab) > short, "what a reader opens is printed"


def _pages_printed(tab: Tab) -> int:
    pdf = tab.print_pdf()
    assert pdf.startswith(b"%PDF-")
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_styles_are_one_sheet_that_the_policy_allows(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    assert tab.run("document.styleSheets.length") == 1
    assert tab.run("document.styleSheets[0].cssRules.length") > 100
    assert "controls.css" in html.STYLES

"""The controls that the script makes: search, filters, folds, sorting, copying; by mouse and by keyboard alike."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from hivecheck.analysis import analyze
from hivecheck.registry.notation import parse_notation
from hivecheck.report.html import render_html
from hivecheck.report.html_script import read_script
from hivecheck.report.view import DONE_WORDS
from hivecheck.rules.rule import Severity
from tests.browser.chromium import Tab
from tests.browser.conftest import GENERATED, ROOT, OpenPage
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE, session_manager

INFECTED = "infected-bootkit-win10-21h2-x64"
STATUS = "document.querySelector('#controls [role=status]').textContent"
BOX = "document.querySelector('#controls input[type=search]')"
VISIBLE = "(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())"


def count_visible(tab: Tab, selector: str) -> int:
    number: int = tab.run(f"({VISIBLE})({selector!r}).length")
    return number


def search(tab: Tab, words: str) -> None:
    tab.run(f"{BOX}.focus()")
    tab.type(words)
    tab.run_until(f"/^Shown|^Nothing/.test({STATUS})")


def press(tab: Tab, name: str) -> None:
    tab.run(f"[...document.querySelectorAll('#controls button')].find((one) => one.textContent === {name!r}).click()")


def choose(tab: Tab, mark: str) -> None:
    tab.run(f"document.querySelector('#controls input[value={mark}]').click()")


# --- search -------------------------------------------------------------------------------------------------------------------


def test_search_leaves_what_has_the_words_and_says_how_much(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    findings, events = (tab.run(f"document.querySelectorAll('{one}').length") for one in (".finding", "[id^=e]"))
    search(tab, "AUTOCHE session")
    left = tab.run(f"({VISIBLE})('.finding').map((one) => one.closest('.story').textContent.toLowerCase())")
    assert 0 < len(left) < findings
    assert all("autoche" in text and "session" in text for text in left)
    assert 0 < count_visible(tab, "li.event") < events
    assert f"{len(left)} of {findings} findings" in tab.run(STATUS)
    assert "other rows" not in tab.run(STATUS), "what has no hit is not counted"


def test_search_opens_what_it_finds_folded_and_folds_it_again(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    folded = "document.querySelectorAll('#report details:not([open])').length"
    before = tab.run(folded)
    search(tab, "rpcrt4.dll")
    assert tab.run(f"({VISIBLE})('tr[id^=e]').some((one) => one.textContent.toLowerCase().includes('rpcrt4'))")
    assert tab.run(f"({VISIBLE})('tr[id^=e]').every((one) => one.textContent.toLowerCase().includes('rpcrt4'))")
    tab.press("Escape")
    tab.run_until(f"{STATUS} === 'All is shown.'")
    assert tab.run(folded) == before


SECTIONS = f"({VISIBLE})('main > section').map((one) => one.id)"


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("reg load", "checks"),
        ("hex editor", "checks"),
        ("announces a shutdown", "ends"),
        ("in boot order", ""),
        ("lastknowngood", "reasons"),
    ],
)
def test_what_is_said_to_be_found_is_what_is_shown(words: str, section: str, shown: OpenPage) -> None:
    """Prose and the section on checks are searched like all else: never is nothing said to be found where something is shown."""
    tab = shown(INFECTED)
    search(tab, words)
    status: str = tab.run(STATUS)
    left: list[str] = tab.run(SECTIONS)
    assert (status == "Nothing has these words and marks.") == (left == [])
    if section:
        assert section in left
        assert status.startswith("Shown: ")


def test_of_the_checks_those_are_shown_that_match(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    checks = count_visible(tab, "#checks > .check")
    search(tab, "bootexecute 0x")
    assert 0 < count_visible(tab, "#checks > .check") < checks
    assert f"{count_visible(tab, '#checks > .check')} of {checks} values to check" in tab.run(STATUS)
    assert tab.run(f"({VISIBLE})('#checks > .check').every((one) => one.open && /bootexecute/i.test(one.textContent))")


def test_what_is_found_in_a_fold_is_seen_and_marked_and_folded_again(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    words = "cell at 0x"
    hidden = "[...document.querySelectorAll('#boot .origins li')].find((one) => one.textContent.includes('cell at 0x'))"
    assert tab.run(f"{hidden}.checkVisibility()") is False
    folded = tab.run("document.querySelectorAll('#report details:not([open])').length")
    search(tab, words)
    assert tab.run(f"{hidden}.checkVisibility()")
    marked = "[...CSS.highlights.get('hit')].map((one) => one.startContainer.data.slice(one.startOffset, one.endOffset).toLowerCase())"
    assert set(tab.run(marked)) == {"cell", "at", "0x"}
    tab.press("Escape")
    assert tab.run("document.querySelectorAll('#report details:not([open])').length") == folded
    assert tab.run("CSS.highlights.get('hit').size") == 0
    assert tab.run("document.querySelectorAll('mark').length") == 0


def test_no_heading_stands_above_nothing(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    search(tab, "pagefile")
    below = "(one) => { while ((one = one.nextElementSibling) && one.tagName !== 'H3') if (one.getClientRects().length && one.getBoundingClientRect().height) return true; }"
    heads = f"({VISIBLE})('main > section > h3')"
    assert 0 < tab.run(f"{heads}.length") < tab.run("document.querySelectorAll('main > section > h3').length")
    assert tab.run(f"{heads}.filter((head) => !({below})(head)).map((one) => one.textContent)") == []


def test_a_branch_of_the_processes_is_found_with_what_starts_it(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    all = count_visible(tab, "#processes .tree li")
    search(tab, "lsass.exe")
    left: list[str] = tab.run(f"({VISIBLE})('#processes .tree li').map((one) => one.querySelector('code').textContent)")
    assert "lsass.exe" in left
    assert left[0] in ("System", "smss.exe")
    assert len(left) < all


def test_a_search_without_a_hit_says_so_and_escape_clears_it(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    before = count_visible(tab, ".finding, .event, tbody tr, section")
    search(tab, "no such words")
    assert count_visible(tab, ".finding, .event, main > section") == 0
    assert tab.run(STATUS) == "Nothing has these words and marks."
    tab.press("Escape")
    assert tab.run(f"{BOX}.value") == ""
    assert tab.run(STATUS) == "All is shown."
    assert count_visible(tab, ".finding, .event, tbody tr, section") == before


def test_what_is_searched_stays_out_of_the_address_and_of_the_store(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    address = tab.run("location.href")
    search(tab, "autoche")
    assert tab.run("location.href") == address
    assert tab.run("history.length + localStorage.length + sessionStorage.length") == tab.run("history.length")
    assert tab.errors == []


def test_a_searched_markup_stays_text(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    search(tab, "<img src=x onerror=alert(1)>")
    assert tab.run("document.querySelectorAll('img').length") == 0
    assert tab.errors == []


def test_ten_thousand_renames_stay_quick_to_search(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    pairs = " ".join(rf'"\??\C:\a{number}.tmp" ""' for number in range(10_000))
    hive, file = tmp_path / "SYSTEM", tmp_path / "page.html"
    hive.write_bytes(build_hive(parse_notation(BOOTABLE + session_manager(f"PendingFileRenameOperations = multi {pairs}"))))
    file.write_text(render_html(analyze(hive), GENERATED), encoding="utf-8")
    tab = open_tab()
    began = monotonic()
    tab.open(file)
    search(tab, "a77.tmp")
    assert monotonic() - began < 10, "seconds for loading and searching; about one on a quiet machine"
    assert " 1 of 1,0" in tab.run(STATUS)
    assert tab.run(STATUS).endswith("events are not listed on this page: search the JSON for them.")


# --- filters ------------------------------------------------------------------------------------------------------------------


def test_a_severity_can_be_left_out(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    tab.run("document.querySelectorAll('#findings details').forEach((one) => (one.open = true))")
    before, grave = count_visible(tab, ".finding"), tab.run("document.querySelectorAll('.story.critical').length")
    assert grave
    choose(tab, "critical")
    assert count_visible(tab, ".story.critical h3 .severity.critical") < grave
    assert 0 < count_visible(tab, ".finding") < before
    choose(tab, "critical")
    assert count_visible(tab, ".finding") == before


@pytest.mark.parametrize("outcome", ["yes", "unknown", "no"])
def test_an_outcome_can_be_left_out(outcome: str, shown: OpenPage) -> None:
    tab = shown(INFECTED)
    others = count_visible(tab, f".event:not(.{outcome})")
    assert count_visible(tab, f".event.{outcome}") > 0
    choose(tab, outcome)
    assert count_visible(tab, f".event.{outcome}") == 0
    assert count_visible(tab, f".event:not(.{outcome})") == others > 0
    assert "events" in tab.run(STATUS)


def test_what_is_shown_is_told_to_those_who_listen(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    assert tab.run("document.querySelector('#controls [role=status]').role") == "status"
    assert tab.run("document.getElementById('controls').role") == "search"
    assert tab.run("[...document.querySelectorAll('#controls input')].every((one) => one.labels.length === 1)")


def test_the_script_names_outcomes_and_severities_as_the_page_does() -> None:
    script = read_script(ROOT / "templates")
    assert all(f'{done.value}: "{told}"' in script for done, told in DONE_WORDS.items())
    assert str([severity.value for severity in reversed(Severity)]).replace("'", '"') in script


def test_all_can_be_opened_and_closed(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    folded, open = "#report details:not([open])", "#report details[open]"
    assert tab.run(f"document.querySelectorAll({folded!r}).length") > 0
    press(tab, "Open all")
    assert tab.run(f"document.querySelectorAll({folded!r}).length") == 0
    press(tab, "Close all")
    assert tab.run(f"document.querySelectorAll({open!r}).length") == 0


def test_a_link_to_what_is_left_out_shows_it(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    search(tab, "no such words")
    tab.run("location.hash = '#' + document.querySelector('tr[id^=e]').id")
    tab.run_until("document.querySelector('tr[id^=e]').checkVisibility()")
    assert tab.run("document.querySelector('tr[id^=e]').getBoundingClientRect().top < innerHeight")


# --- sorting ------------------------------------------------------------------------------------------------------------------

FIRST = "[...tried.tBodies[0].rows].map((row) => row.cells[0].textContent.trim())"
HEAD = "tried.tHead.rows[0].cells[0]"


def test_a_column_is_sorted_up_then_down_then_as_it_was(shown: OpenPage) -> None:
    tab = shown("win11-22h2-x64")
    tab.run("window.tried = document.querySelector('#settings table:has(thead)')")
    before: list[str] = tab.run(FIRST)
    folded = sorted(before, key=str.casefold)
    assert len(before) > 5
    tab.run(f"{HEAD}.querySelector('button').focus()")
    tab.press("Enter")
    up = tab.run(FIRST)
    assert up != before or before == folded
    assert sorted(up) == sorted(before)
    assert tab.run(f"{HEAD}.ariaSort") == "ascending"
    tab.press(" ")
    assert tab.run(f"{HEAD}.ariaSort") == "descending"
    assert tab.run(FIRST) != up
    tab.press("Enter")
    assert tab.run(FIRST) == before
    assert tab.run(f"{HEAD}.hasAttribute('aria-sort')") is False


def sorted_cells(tab: Tab, cells: list[str], presses: int = 1) -> Any:
    """The cells as a press on the head of their column leaves them: the script is run on a page of this table."""
    tab.run(
        "document.body.replaceChildren(...['controls', 'report'].map((id) => Object.assign(document.createElement('div'), {id})));"
        "const table = document.createElement('table'); document.getElementById('report').append(table);"
        "table.createTHead().insertRow().append(Object.assign(document.createElement('th'), {textContent: 'Value'}));"
        f"for (const cell of {cells!r}) table.appendChild(table.tBodies[0] ?? table.createTBody()).insertRow().insertCell().textContent = cell;"
    )
    tab.run(read_script(ROOT / "templates"))
    for _ in range(presses):
        tab.run("document.querySelector('th button').click()")
    return tab.run("[...document.querySelectorAll('td')].map((one) => one.textContent)")


@pytest.mark.parametrize(
    "cells",
    [
        ["9", "10", "1,200", "20000"],
        ["512 bytes", "2 KB", "1.5 MB", "1 GB"],
        ["0x9", "0x10", "0xfff"],
        ["1601-01-01 00:00:00Z", "2018-04-06 12:26:31.1234567Z", "2018-04-06 12:26:31.1234568Z", "2022-01-01 00:00:00Z"],
        ["a2.dll", "a10.dll", "B1.dll"],
        ["3", "ware", ""],
    ],
    ids=["numbers", "sizes", "offsets", "times", "names", "mixed"],
)
def test_cells_are_sorted_by_value(cells: list[str], shown: OpenPage) -> None:
    assert sorted_cells(shown("nt4-x86"), cells[::-1]) == cells


def test_an_empty_cell_stays_last(shown: OpenPage) -> None:
    assert sorted_cells(shown("nt4-x86"), ["", "1", "2"], presses=2) == ["2", "1", ""]


# --- copying ------------------------------------------------------------------------------------------------------------------


def test_what_is_cited_is_copied_as_it_is_shown(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    tab.run("window.told = []; navigator.clipboard.writeText = async (text) => { told.push(text); }")
    cited = tab.run("document.querySelector('.cited code').textContent")
    tab.run("document.querySelector('.cited code .copy').focus()")
    tab.press("Enter")
    tab.run_until("told.length === 1")
    assert tab.run("told[0]") == cited != ""
    tab.run_until(f"{STATUS} === 'Copied.'")


def test_an_origin_gets_its_button_when_it_is_opened(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    origins = "document.querySelector('#boot .origins')"
    assert tab.run(f"{origins}.querySelectorAll('.copy').length") == 0
    tab.run(f"{origins}.open = true")
    tab.run_until(f"{origins}.querySelectorAll('.copy').length > 0")
    assert tab.run(f"{origins}.querySelector('.copy').ariaLabel").startswith("Copy ")


def test_copying_works_without_the_clipboard_api(shown: OpenPage) -> None:
    tab = shown(INFECTED)
    tab.run(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));"
        "window.told = ''; addEventListener('copy', () => (told = getSelection().toString()))"
    )
    tab.run("document.querySelector('.cited code .copy').click()")
    tab.run_until("told !== ''")
    assert tab.run("told.trim()") == tab.run("document.querySelector('.cited code').textContent.trim()")


def test_buttons_add_no_words_to_the_page(shown: OpenPage) -> None:
    assert shown(INFECTED).run("[...document.querySelectorAll('.copy')].every((one) => one.textContent === '')")

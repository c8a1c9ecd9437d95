"""What each setting is against the Windows as shipped: the same word in the list, in the document and on the page."""

import json
from functools import cache
from pathlib import Path

from hivecheck.analysis import Analysis, analyze
from hivecheck.baselines.baseline import Standing
from hivecheck.report.document import write_settings_documents
from hivecheck.report.html import render_html
from hivecheck.report.listing import write_settings
from hivecheck.report.paper import Paper
from tests.report.analyses import Analyzed, session_manager
from tests.report.html_tree import parse_html

HIVES = Path(__file__).resolve().parents[2] / "test_hives"
XP, BOOTKIT = "infected-second-set-xp-x86", "infected-bootkit-win10-21h2-x64"


@cache
def analysis_of(name: str) -> Analysis:
    return analyze(HIVES / f"{name}.hive")


@cache
def listed(name: str) -> str:
    paper = Paper(200, False)
    write_settings(analysis_of(name), paper)
    return paper.text()


def document(analysis: Analysis) -> dict[str, dict[str, object]]:
    text = "".join(write_settings_documents([analysis], "2026-01-15T10:00:00Z"))
    read: dict[str, dict[str, object]] = json.loads(text)
    return read


def test_the_list_says_what_was_not_seen_and_which_text_of_a_key_it_is() -> None:
    text = listed(XP)
    assert "BootExecute  (written, REG_MULTI_SZ, not seen in clean hives, key last written" in text
    assert "UNC = \\Device\\MupMon  [not seen in clean hives]" in text
    assert "ProtectionMode  (written, REG_DWORD, as shipped, key" in text
    assert "The settings are held against Windows XP as shipped" in text


def test_the_document_has_the_word_of_each_setting_and_of_each_text_of_a_key() -> None:
    told = document(analysis_of(XP))
    settings = told["settings"]
    words = {name: one.get("baseline") for name, one in settings.items() if isinstance(one, dict)}
    assert words["BootExecute"] == Standing.NOT_SEEN.value
    assert words["ProtectionMode"] == Standing.AS_SHIPPED.value
    assert words["DOS Devices/UNC"] == Standing.NOT_SEEN.value
    assert words["DOS Devices/NUL"] == Standing.AS_SHIPPED.value
    assert told["baseline"] == {"generation": "xp", "nearest": False, "certainty": told["baseline"]["certainty"]}


def test_the_page_marks_the_same() -> None:
    page = parse_html(render_html(analysis_of(BOOTKIT), "2026-01-15T10:00:00Z"))
    rows = {row.find("code")[0].text: row for row in page.with_id("settings").find("tr") if row.find("code")}
    tags = {one.text for one in rows["BootExecute"].find("span") if "tag" in one.classes}
    assert Standing.NOT_SEEN.value in tags
    assert Standing.AS_SHIPPED.value in {one.text for one in rows["SetupExecute"].find("span") if "tag" in one.classes}


def test_what_a_key_lacks_is_named(analyzed: Analyzed) -> None:
    analysis = analyzed(session_manager('kernel32 = sz "kernel32.dll"', "\\KnownDLLs"))
    known = document(analysis)["settings"]["KnownDLLs"]
    assert isinstance(known, dict)
    assert known["baseline"] == Standing.MISSING.value
    assert "user32" in {name.lower() for name in known["missing"]}
    paper = Paper(200, False)
    write_settings(analysis, paper)
    assert "missing: " in paper.text()
    page = parse_html(render_html(analysis, "2026-01-15T10:00:00Z"))
    assert any(one.text.startswith("missing: ") for one in page.find("span") if "problem" in one.classes)


def test_hidden_letters_of_a_text_stay_inert_beside_its_word(analyzed: Analyzed) -> None:
    analysis = analyzed(session_manager('"a\\u{1b}" = sz "b\\u{202e}"', "\\KnownDLLs"))
    paper = Paper(200, False)
    write_settings(analysis, paper)
    assert "a⟨U+001B⟩ = b⟨U+202E⟩  [not seen in clean hives]" in paper.text()

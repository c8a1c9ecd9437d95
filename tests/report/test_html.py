"""The HTML page: safe to open, whole, and honest about what is certain. Read with a parser, never by the looks of its text."""

import itertools
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, analyze
from hivecheck.boot.actions import DeleteFile, Link, RunProgram, SetVariable
from hivecheck.boot.plan import Done
from hivecheck.errors import HivecheckError
from hivecheck.facts.origin import ValueRef
from hivecheck.facts.visible import visible
from hivecheck.report.html import render_html
from hivecheck.report.html_cells import MISSING, MOST_LETTERS
from hivecheck.report.view import CERTAINTY_WORDS, DONE_WORDS
from hivecheck.rules.rule import Severity
from tests.report.analyses import BOOTABLE, Analyzed, session_manager
from tests.report.html_tree import Element, hides_nothing, parse_html

ROOT = Path(__file__).resolve().parents[2]
HIVES = sorted((ROOT / "test_hives").glob("*.hive"))
BROKEN = sorted((ROOT / "test_hives" / "broken").glob("*.hive"))
GENERATED = "2026-01-15T10:00:00Z"


def page_of(analysis: Analysis) -> Element:
    return parse_html(render_html(analysis, GENERATED))


@cache
def analysis_of(path: Path) -> Analysis:
    return analyze(path)


@cache
def shown(path: Path) -> Element:
    return page_of(analysis_of(path))


def readable(path: Path) -> bool:
    try:
        analysis_of(path)
    except HivecheckError:
        return False
    return True


ALL = [*HIVES, *filter(readable, BROKEN)]
every_hive = pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)


def section(page: Element, id: str) -> Element:
    return page.with_id(id)


def place_of(page: Element, number: int) -> Element:
    """The list item that tells an event: its own, or that of its run."""
    found = page.with_id(f"e{number}")
    return found if found.tag == "li" else next(above for above in found.above() if above.tag == "li")


# --- safe to open -----------------------------------------------------------------------------------------------------------

ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "script",
        "body",
        "header",
        "nav",
        "main",
        "section",
        "footer",
        "div",
        "h1",
        "h2",
        "h3",
        "p",
        "ol",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "b",
        "code",
        "span",
        "time",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "pre",
        "svg",
        "path",
        "text",
        "figure",
        "figcaption",
    ]
)
ATTRIBUTES = frozenset(
    [
        "class",
        "title",
        "id",
        "href",
        "lang",
        "charset",
        "content",
        "name",
        "http-equiv",
        "scope",
        "open",
        "hidden",
        "data-label",
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "focusable",
        "width",
        "height",
        "d",
        "x",
        "y",
        "transform",
        "role",
        "aria-describedby",
    ]
) | {"viewbox", "preserveaspectratio"}


@every_hive
def test_the_page_holds_nothing_that_runs_or_is_fetched(path: Path) -> None:
    for element in shown(path).all():
        assert element.tag in ELEMENTS | {""}
        assert set(element.attributes) <= ATTRIBUTES, element.attributes
        assert (element.attributes.get("href") or "#").startswith("#")


@every_hive
def test_no_text_of_the_page_is_an_address(path: Path) -> None:
    page = render_html(analysis_of(path), GENERATED)
    assert not re.search(r"https?://|url\(|@import|//[a-z]", page)


@every_hive
def test_the_policy_allows_the_one_style_and_the_one_script_by_hash_and_nothing_else(path: Path) -> None:
    page = shown(path)
    [style], [script] = page.find("style"), page.find("script")
    [policy] = [one for one in page.find("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"]
    hashes = [
        f"'sha256-{b64encode(sha256(''.join(map(str, one.children)).encode()).digest()).decode()}'"
        for one in (style, script)
    ]
    wanted = f"default-src 'none'; style-src {hashes[0]}; script-src {hashes[1]}; img-src data:; base-uri 'none'; form-action 'none'"
    assert policy.attributes["content"] == wanted
    before = page.find("head")[0].find("meta")
    assert before.index(policy) == 1, "the policy must stand before all that it forbids"


@every_hive
def test_the_page_is_utf_8(path: Path) -> None:
    page = render_html(analysis_of(path), GENERATED)
    assert page.encode().decode() == page
    told = set(re.findall(r"[^\x20-\x7e]", page)) - set("\n…–“”⟨⟩")
    assert "".join(told).isprintable()
    assert not told or path.stem == "name-half-a-pair"  # whose names are Cyrillic


def test_the_same_analysis_gives_the_same_bytes_but_for_the_time_it_is_told() -> None:
    analysis = analysis_of(HIVES[0])
    one, other = render_html(analysis, GENERATED), render_html(analysis, "2027-02-03T04:05:06Z")
    assert one == render_html(analysis, GENERATED)
    assert one.replace(GENERATED, "") == other.replace("2027-02-03T04:05:06Z", "")


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></code><h1>x",
    "{{ 7*7 }}{% raw %}",
    "\u202eexe.lmth",
    "a\x00b\x1b[31m",
    "\ud800 alone",
    "&lt;b&gt;&#x3c;",
    "\u200b\u2066",
    "<!-- x -->",
)


def spelled(text: str) -> str:
    """The text as a string of the notation."""
    letters = (f"\\u{{{ord(letter):x}}}" if not letter.isascii() or not letter.isprintable() else letter for letter in text)
    return '"' + "".join(letters).replace('"', '""') + '"'


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(text: str, analyzed: Analyzed) -> None:
    word = text.replace("\x00", "")  # a NUL ends a string
    drive = "\\??\\C:\\"
    more = session_manager(
        f"SetupExecute = multi {spelled(word)}\n"
        f"ObjectDirectories = multi {spelled(chr(92) + word)}\n"
        f"PendingFileRenameOperations = multi {spelled(drive + word)} {spelled('!' + drive + word + '.new')}"
    )
    more += session_manager(f"{spelled(text)} = sz {spelled(word)}", "\\DOS Devices")
    more += session_manager(f"{spelled(text)} = sz {spelled(word + '.dll')}", "\\KnownDLLs")
    more += session_manager(f"{spelled(text)} = expand {spelled(word)}", "\\Environment")
    more += session_manager(f"{spelled(text)} = dword 1", "\\SubSystems")
    more += f"\n[ControlSet001\\Control\\ComputerName\\ComputerName]\nComputerName = sz {spelled(word)}\n"
    more += f"\n[ControlSet001\\Control\\TimeZoneInformation]\nBias = dword 0\nStandardName = sz {spelled(word)}\n"
    analysis = analyzed(more)
    html = render_html(analysis, GENERATED)
    page = parse_html(html)
    html.encode()
    for element in page.all():
        assert element.tag in ELEMENTS | {""}
        assert set(element.attributes) <= ATTRIBUTES
    codes = {code.text for code in page.find("code")}
    assert visible(word) in codes
    assert visible(drive + word) in codes
    if text != word:
        assert any(visible(text) in code for code in codes)
    assert visible(word) in page.find("h1")[0].text
    assert "49" not in page.find("h1")[0].text
    for run in page.texts():
        assert hides_nothing(run.replace("\n", ""))


def test_a_text_of_a_million_letters_is_cut_and_the_cut_is_told(analyzed: Analyzed) -> None:
    analysis = analyzed(session_manager(f'Big = sz "{"x" * 1_000_000}"', "\\Environment"))
    html = render_html(analysis, GENERATED)
    assert len(html) < 300_000
    assert f"… ({1_000_000 - MOST_LETTERS:,} more characters)" in html


# --- whole ------------------------------------------------------------------------------------------------------------------


@every_hive
def test_every_event_is_told_once(path: Path) -> None:
    ids = [id for element in shown(path).all() if (id := element.attributes.get("id"))]
    assert len(ids) == len(set(ids))
    numbers = [f"e{event.number}" for event in analysis_of(path).replay.events]
    assert [id for id in ids if re.fullmatch(r"e\d+", id)] == numbers


@every_hive
def test_every_link_leads_somewhere(path: Path) -> None:
    ids = {element.attributes.get("id") for element in shown(path).all()}
    for link in shown(path).find("a"):
        assert (link.attributes["href"] or "")[1:] in ids, link.attributes


@every_hive
def test_each_origin_of_an_event_stands_with_it(path: Path) -> None:
    page = shown(path)
    for event in analysis_of(path).replay.events:
        told = place_of(page, event.number).text
        for origin in event.because:
            if isinstance(origin, ValueRef):
                assert visible(origin.key) in told
                assert visible(origin.value or "(default)") in told
                assert origin.offset is None or f"cell at 0x{origin.offset:x}" in told
                if origin.strings is not None:
                    first, last = origin.strings
                    assert (f"string {first}" if first == last else f"strings {first} and {last}") in told


@every_hive
def test_each_event_says_why_and_how_certain_it_is(path: Path) -> None:
    page = shown(path)
    for event in analysis_of(path).replay.events:
        told = place_of(page, event.number)
        assert event.why == "" or visible(event.why) in told.text
        assert visible(event.process) in told.text
        assert any(one.text == event.certainty.value and one.classes == {event.certainty.value} for one in told.find("b"))
        if told.attributes.get("id"):
            assert all(f"assumes {visible(assumed)}" in told.text for assumed in event.assumes)
        else:
            assert (told.text.count("assumes ") > 0) == bool(event.assumes)


@every_hive
def test_nothing_missing_is_called_none(path: Path) -> None:
    prose = {text for page in shown(path).find("dl") if "page-of-rule" in page.classes for text in page.texts()}
    for text in shown(path).texts():
        assert text in prose or not re.search(r"\bNone\b(?! of the)|\bUndefined\b|<[a-z_]+\.|\{'|\('", text), text


@every_hive
def test_every_problem_is_told(path: Path) -> None:
    told = section(shown(path), "problems").text
    for problem in analysis_of(path).problems:
        assert visible(problem.message) in told


@every_hive
def test_every_hash_and_every_known_defect_is_told(path: Path) -> None:
    evidence, told = analysis_of(path).evidence, section(shown(path), "evidence").text
    digests = evidence.digests
    defects = [name for reader in evidence.readers for name in reader.known_defects]
    assert all(word in told for word in (digests.md5, digests.sha1, digests.sha256, *defects))


@every_hive
def test_the_resulting_machine_is_told_in_full(path: Path) -> None:
    after, told = analysis_of(path).replay.after, section(shown(path), "machine").text
    assert all(visible(one.name.rpartition("\\")[2]) in told for one in after.names.values())
    assert all(visible(one.path) in told for one in after.files.values())
    assert all(visible(one.name) in told for one in after.environment.values())
    assert all(visible(one.name) in section(shown(path), "processes").text for one in after.processes)
    assert all(visible(one.name) in told for one in after.registry)


# --- honest -----------------------------------------------------------------------------------------------------------------


@every_hive
def test_outcomes_differ_in_word_and_shape(path: Path) -> None:
    page = shown(path)
    for event in analysis_of(path).replay.events:
        told = place_of(page, event.number)
        assert told.classes & {"yes", "unknown", "no"} == {event.done.value}
        [badge] = [one for one in told.find("span") if "badge" in one.classes]
        assert badge.classes == {"badge", event.done.value}
        assert badge.text == DONE_WORDS[event.done]


@every_hive
def test_what_is_not_done_is_never_folded(path: Path) -> None:
    page = shown(path)
    for event in analysis_of(path).replay.events:
        if event.done is Done.NO:
            above = [one for one in page.with_id(f"e{event.number}").above() if one.tag == "details"]
            assert all("open" in one.attributes for one in above)


@every_hive
def test_what_rests_on_an_assumption_is_not_called_certain(path: Path) -> None:
    page, events = shown(path), {f"#e{event.number}": event for event in analysis_of(path).replay.events}
    for row in section(page, "machine").find("tr"):
        for link in row.find("a"):
            event = events[link.attributes["href"] or ""]
            badges = [one.text for one in row.find("span") if "badge" in one.classes]
            assert badges in (["certain"] if event.done is Done.YES else [DONE_WORDS[event.done]],)


@every_hive
def test_the_page_explains_its_words(path: Path) -> None:
    told = section(shown(path), "reading").text
    severities = (severity.value for severity in Severity)
    assert all(word in told for word in (*DONE_WORDS.values(), *CERTAINTY_WORDS.values(), *severities))


def test_a_run_of_like_events_is_folded_and_still_names_them(analyzed: Analyzed) -> None:
    names = [f"lib{number:02}.dll" for number in range(30)]
    page = page_of(
        analyzed(session_manager("\n".join(f'{name} = sz "{name}"' for name in names), "\\KnownDLLs"), judges=False)
    )
    [run] = [one for one in page.find("li") if "run" in one.classes and "30 files mapped" in one.text]
    [rows] = [one for one in run.find("details") if "rows" in one.classes]
    assert "open" not in rows.attributes
    [digest] = [one for one in run.find("p") if "digest" in one.classes]
    assert [one.text for one in digest.find("code")] == names
    assert "assumes each file exists" in run.text


def test_an_event_that_differs_stands_apart_from_its_run(analyzed: Analyzed) -> None:
    lines = "\n".join(f'lib{number:02} = sz "lib{number:02}.dll"' for number in range(20))
    more = session_manager(lines, "\\KnownDLLs") + session_manager('ExcludeFromKnownDlls = multi "lib07.dll"')
    analysis = analyzed(more)
    page = page_of(analysis)
    [refused] = [event for event in analysis.replay.events if "ExcludeFromKnownDlls" in event.why]
    told = page.with_id(f"e{refused.number}")
    assert told.tag == "li"
    assert "no" in told.classes


def test_renames_say_what_each_of_them_assumes(analyzed: Analyzed) -> None:
    pairs = " ".join(
        rf'"\??\C:\a{number}.tmp" "{target}"' for number, target in enumerate(["", r"\??\C:\b", "", r"!\??\C:\c\d"])
    )
    analysis = analyzed(session_manager(f"PendingFileRenameOperations = multi {pairs}"))
    page = page_of(analysis)
    first, second, _, last = [event for event in analysis.replay.events if event.step.value == "file-renames"]
    assert isinstance(first.action, DeleteFile)
    row = page.with_id(f"e{second.number}")
    assert row.tag == "tr"
    assert "assumes the file exists" in row.text
    assert "assumes the new name does not exist" in row.text
    assert "strings 2 and 3" in row.text
    assert "rename, replacing" in page.with_id(f"e{last.number}").text


def test_a_boot_that_halts_says_where_and_why(analyzed: Analyzed) -> None:
    without = BOOTABLE.replace("[ControlSet001\\Control\\Session Manager\\DOS Devices]", "")
    analysis = analyzed("", base=without)
    assert analysis.replay.halted is not None
    page = page_of(analysis)
    [halt] = [one for one in page.find("div") if "halt" in one.classes]
    assert analysis.replay.halted.why in halt.text
    assert f"It would halt after event {analysis.replay.halted.event}" in section(page, "boot").text
    assert "The machine would not get through this boot" in section(page, "problems").text


def test_without_select_nothing_is_told_of_a_boot() -> None:
    page = shown(ROOT / "test_hives" / "broken" / "missing-select.hive")
    summary = section(page, "boot").text
    assert "This machine would not boot, because the key Select is missing" in summary
    assert "boot programs" not in summary
    assert "There is no control set to read settings from." in section(page, "settings").text


def test_the_summary_says_why_pending_operations_are_withheld() -> None:
    summary = section(shown(ROOT / "test_hives" / "infected-minint-win10-1903-x64.hive"), "boot").text
    assert re.search(r"None of the \d+ pending file operations \(.*\) would be carried out, because the key MiniNT", summary)


def test_a_variable_that_changes_shows_what_it_was(analyzed: Analyzed) -> None:
    analysis = analyzed("")
    [_, last] = [one for one in analysis.replay.events if isinstance(one.action, SetVariable) and one.action.name == "Path"]
    rows = section(page_of(analysis), "machine").find("tr")
    [row] = [one for one in rows if one.find("th") and one.find("th")[0].text == "Path changed"]
    cells = {one.attributes.get("data-label"): one.text for one in row.find("td")}
    assert cells["In the end"] == "C:\\Windows\\system32;C:\\Windows"
    assert cells["Earlier in this boot"] == "C:\\Windows\\System32"
    assert cells["Event"] == str(last.number)


def test_facts_that_the_hive_does_not_hold_are_said_to_be_missing(analyzed: Analyzed) -> None:
    page = page_of(analyzed(""))
    assert page.find("h1")[0].text == "The next boot of this machine"
    [glance] = [one for one in page.find("dl") if "glance" in one.classes]
    told = dict(zip((one.text for one in glance.find("dt")), (one.text for one in glance.find("dd")), strict=True))
    assert told["Last boot"] == told["Time zone of the machine"] == MISSING


def test_a_link_and_a_program_are_told_with_their_names(analyzed: Analyzed) -> None:
    analysis = analyzed(session_manager(r'Z: = sz "\??\C:\evil"', "\\DOS Devices"))
    page = page_of(analysis)
    [link] = [
        event for event in analysis.replay.events if isinstance(event.action, Link) and event.step.value == "dos-devices"
    ]
    assert [one.text for one in page.with_id(f"e{link.number}").find("p")[0].find("code")] == [
        "\\GLOBAL??\\Z:",
        "\\??\\C:\\evil",
    ]
    [program] = [
        event
        for event in analysis.replay.events
        if isinstance(event.action, RunProgram) and event.action.list == "BootExecute"
    ]
    assert "autocheck autochk *" in page.with_id(f"e{program.number}").text


# --- readable by all ----------------------------------------------------------------------------------------------------------


@every_hive
def test_headings_stand_in_order(path: Path) -> None:
    levels = [int(element.tag[1]) for element in shown(path).all() if re.fullmatch(r"h\d", element.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


@every_hive
def test_every_table_has_a_caption_and_headings_with_their_scope(path: Path) -> None:
    for table in shown(path).find("table"):
        assert table.find("caption")[0].text.strip()
        assert all(one.attributes.get("scope") in ("col", "row") for one in table.find("th"))
        widths = {len(row.find("th")) + len(row.find("td")) for row in table.find("tr")}
        assert len(widths) <= 1


@every_hive
def test_the_page_has_its_landmarks_and_a_way_past_the_contents(path: Path) -> None:
    page = shown(path)
    assert [len(page.find(tag)) for tag in ("main", "nav", "footer", "html")] == [1] * 4
    assert [one.tag for one in page.find("head")[0].all()].count("title") == 1
    assert page.find("html")[0].attributes["lang"] == "en"
    first = page.find("a")[0]
    assert first.attributes["href"] == "#report"
    assert page.with_id("report").tag == "main"
    for one in page.find("svg"):
        assert one.attributes.get("aria-hidden") == "true" or one.attributes["role"] == "group"

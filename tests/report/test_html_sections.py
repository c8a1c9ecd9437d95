"""The sections of the page beside the boot: verdict, case, control sets, checks, repair, limits, problems; and long lists."""

import re
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.generation import GENERATIONS, Family
from hivecheck.facts.origin import ValueRef
from hivecheck.report.html import render_html
from hivecheck.report.html_case import library_version
from hivecheck.report.html_cells import MOST_LINES, MOST_ROWS
from hivecheck.report.html_dumps import MOST_BYTES, dump_lines
from hivecheck.report.html_timeline import MOST_EVENTS
from hivecheck.report.limits import EVERY_WINDOWS, limits_of
from tests.report.analyses import BOOTABLE, Analyzed, session_manager
from tests.report.html_tree import Element, parse_html

ROOT = Path(__file__).resolve().parents[2]
HIVES = ROOT / "test_hives"
GENERATED = "2026-01-15T10:00:00Z"
SECOND_SET = HIVES / "infected-second-set-xp-x86.hive"


def page(analysis: Analysis) -> Element:
    return parse_html(render_html(analysis, GENERATED))


def row(table: Element, first: str) -> list[str]:
    """The cells of the row that begins with this heading."""
    [found] = [one for one in table.find("tr") if one.find("th") and one.find("th")[0].text == first]
    return [one.text for one in found.find("td")]


def check_of(html: Element, value: str) -> Element:
    """The first fold that tells how to check this value."""
    return next(
        one for one in html.with_id("checks").find("details") if "check" in one.classes and one.find("code")[0].text == value
    )


# --- the verdict ------------------------------------------------------------------------------------------------------------


def test_a_clean_machine_is_not_said_to_be_arranged() -> None:
    told = page(analyze(HIVES / "win7-x64.hive")).with_id("verdict").text
    assert "Nothing was found that somebody must have arranged." in told
    assert "Somebody" not in told


def test_an_infected_machine_is_said_to_be_arranged_and_the_verdict_leads_to_the_worst_story() -> None:
    verdict = page(analyze(HIVES / "infected-bootkit-win10-21h2-x64.hive")).with_id("verdict")
    assert "start a program from BootExecute" in verdict.text
    assert "Somebody has almost certainly arranged what weighs most" in verdict.text
    assert "high confidence in that" in verdict.text
    assert verdict.find("a")[0].attributes["href"] == "#story-1"


def test_a_boot_that_halts_is_the_first_thing_told(analyzed: Analyzed) -> None:
    without = BOOTABLE.replace("[ControlSet001\\Control\\Session Manager\\DOS Devices]", "")
    told = page(analyzed("", base=without)).with_id("verdict").text
    assert "This machine would not start: it stops at event " in told


def test_a_hive_without_a_control_set_says_that_the_machine_would_not_start() -> None:
    told = page(analyze(HIVES / "broken" / "missing-select.hive")).with_id("verdict").text
    assert "would not start: it finds no settings to start from" in told


# --- what was found ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["infected-bootkit-win10-21h2-x64", "infected-second-set-xp-x86"])
def test_each_finding_bears_the_number_by_which_it_is_cited(name: str) -> None:
    html = page(analyze(HIVES / f"{name}.hive"))
    told = [one for one in html.find("div") if "finding" in one.classes]
    assert [one.find("b")[0].text for one in told] == [f"Finding {number}" for number in range(1, len(told) + 1)]
    cited = [one for one in html.with_id("checks").find("a") if one.text.startswith("finding ")]
    assert cited
    for one in cited:
        number = one.text.removeprefix("finding ")
        assert html.with_id((one.attributes["href"] or "")[1:]).text.startswith(f"Finding {number} ")


# --- the case ---------------------------------------------------------------------------------------------------------------


def test_the_notes_of_the_case_and_the_command_are_told_and_are_inert(analyzed: Analyzed) -> None:
    notes = CaseNotes("<b>7</b>", "E. Xaminer", "HD-\u202e1", "seen\nfirst", "hivecheck analyze SYSTEM")
    tables = page(analyzed("", case_notes=notes)).with_id("case").find("table")
    assert row(tables[0], "Case") == ["<b>7</b>"]
    assert row(tables[0], "Examiner") == ["E. Xaminer"]
    assert row(tables[0], "Evidence") == ["HD-⟨U+202E⟩1"]
    assert row(tables[0], "Notes") == ["seen⟨U+000A⟩first"]
    assert row(tables[1], "Command line") == ["hivecheck analyze SYSTEM"]
    assert row(tables[1], "Made at") == [GENERATED]


def test_the_versions_of_the_libraries_are_those_installed() -> None:
    from importlib.metadata import version

    assert library_version("jinja2", "jinja2") == version("jinja2")
    assert library_version("python-registry", "Registry") == version("python-registry")
    assert library_version("no-such-library", "no_such_library") == ""


def test_the_page_says_which_libraries_read_the_hive_and_what_it_ran_on() -> None:
    import platform

    def tools(verify: str) -> Element:
        return page(analyze(SECOND_SET, Options(verify=verify))).with_id("case").find("table")[1]

    [none], [second], [both] = (row(tools(verify), "Read by") for verify in ("none", "second", "all"))
    assert "python-registry was not asked; regipy was not asked" in none
    assert "(compared); regipy was not asked" in second
    assert f"regipy {library_version('regipy', 'regipy')} (compared)" in both
    [ran] = row(tools("none"), "Run with")
    assert ran.startswith(f"Python {platform.python_version()} ")
    assert platform.system() in ran


# --- the control sets -------------------------------------------------------------------------------------------------------


def test_two_control_sets_stand_side_by_side_where_a_boot_reads_something_else() -> None:
    told = page(analyze(SECOND_SET)).with_id("control-sets")
    settings, services = told.find("table")
    assert [one.text for one in settings.find("thead")[0].find("th")] == [
        "Value",
        "ControlSet002 (told here, boots next)",
        "ControlSet001 (ran last, last known good)",
    ]
    assert row(settings, "Control\\Session Manager\\DOS Devices\\UNC") == ["\\Device\\MupMon", "\\Device\\Mup"]
    assert row(services, "mupmon\\Start") == ["1", "not there"]


def test_one_control_set_has_nothing_to_be_compared_with(analyzed: Analyzed) -> None:
    assert "there is nothing to compare" in page(analyzed("")).with_id("control-sets").text


def test_a_hive_that_is_another_one_by_now_is_not_shown(analyzed: Analyzed, tmp_path: Path) -> None:
    analysis = analyzed(session_manager('SetupExecute = multi "evil"'))
    (tmp_path / "SYSTEM").write_bytes(SECOND_SET.read_bytes())
    html = page(analysis)
    assert not html.find("pre")
    assert "The hive could not be opened again" in html.with_id("checks").text


# --- how to check it --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["infected-second-set-xp-x86", "infected-bootkit-win10-21h2-x64", "nt351-x86"])
def test_the_dumped_bytes_are_those_of_the_file_at_that_offset(name: str) -> None:
    path = HIVES / f"{name}.hive"
    data, html = path.read_bytes(), page(analyze(path))
    dumps = html.find("pre")
    assert dumps or name == "nt351-x86"
    for dump in dumps:
        for line in dump.text.split("\n"):
            at, digits = int(line[:8], 16), bytes.fromhex(line[10:57])
            assert data[at : at + len(digits)] == digits


def test_each_cited_value_says_where_it_lies_and_how_other_tools_show_it() -> None:
    analysis = analyze(SECOND_SET)
    html = page(analysis)
    cited = {one for finding in analysis.told_findings for one in finding.because if isinstance(one, ValueRef)}
    assert cited
    told = html.with_id("checks").text
    for ref in cited:
        assert f"0x{ref.offset:x}" in told
    check = check_of(html, "DllDirectory").text
    assert 'reg query "HKLM\\Evidence\\ControlSet002\\Control\\Session Manager\\KnownDLLs" /v "DllDirectory"' in check
    assert '.value("DllDirectory").raw_data()' in check


@pytest.mark.parametrize("name", ["x & calc", "%COMSPEC%", "a`b", "$(id)", "a\u202eb", 'a"b', "a^b|c"])
def test_no_command_is_made_of_a_name_that_a_shell_would_act_on(name: str, analyzed: Analyzed) -> None:
    spelled = "".join(f"\\u{{{ord(one):x}}}" if not one.isascii() else one for one in name).replace('"', '""')
    analysis = analyzed(session_manager(f'"{spelled}" = sz "\\??\\C:\\evil.dll"', "\\AppCertDlls"))
    html = page(analysis)
    assert any(ref.value == name for one in analysis.told_findings for ref in one.because if isinstance(ref, ValueRef))
    commands = [one.text for one in html.with_id("checks").find("code") if one.text.startswith(("reg ", "Registry."))]
    assert not [one for one in commands if "AppCertDlls" in one and one.count('"') and name[:1] + name[1:2] in one]


def test_of_a_long_list_the_part_with_the_string_that_weighs_most_is_dumped(analyzed: Analyzed) -> None:
    many = " ".join(f'"\\??\\C:\\Windows\\Temp\\tmp{number:04}.tmp" ""' for number in range(100))
    evil = r'"\??\C:\Users\Public\u.dat" "!\??\C:\Windows\System32\utilman.exe"'
    html = page(analyzed(session_manager(f"PendingFileRenameOperations = multi {many} {evil}")))
    check = check_of(html, "PendingFileRenameOperations")
    [dump] = check.find("pre")
    assert len(dump.text.split("\n")) <= MOST_BYTES // 16
    assert "u...d.a.t." in "".join(line[59:] for line in dump.text.split("\n"))
    assert any(re.fullmatch(r"Bytes [\d,]+ to [\d,]+ of [\d,]+\.", one.text) for one in check.find("p"))


def test_a_dump_has_offset_digits_and_letters() -> None:
    assert list(dump_lines(b"a\x00b<\xff" + b"x" * 12, 0x1000)) == [
        "00001000  61 00 62 3c ff 78 78 78 78 78 78 78 78 78 78 78  a.b<.xxxxxxxxxxx",
        "00001010  78                                               x",
    ]
    assert len(list(dump_lines(bytes(MOST_BYTES), 0))) == 128


# --- the order of repair ----------------------------------------------------------------------------------------------------


def test_repair_begins_with_the_evidence_puts_values_before_files_and_ends_with_another_look() -> None:
    steps = [one for one in page(analyze(SECOND_SET)).with_id("repair").find("ol")[0].children if isinstance(one, Element)]
    titles = [step.find("b")[0].text for step in steps]
    assert titles[0] == "Keep the evidence"
    assert titles[-1] == "The files, then look again"
    assert titles.index("Values that name a file") < titles.index("The other settings of the Session Manager")


def test_repair_names_the_other_control_sets_that_hold_the_same() -> None:
    told = page(analyze(SECOND_SET)).with_id("repair").text
    shipped = "; Windows ships %SystemRoot%\\system32 (REG_EXPAND_SZ) (ControlSet001 holds what Windows ships: leave it)"
    assert f"DllDirectory in ControlSet002\\Control\\Session Manager\\KnownDLLs{shipped}" in told


def test_what_is_not_grave_calls_for_no_repair(analyzed: Analyzed) -> None:
    assert "Nothing was found that calls for a repair" in page(analyzed("", judges=False)).with_id("repair").text


# --- what is not known ------------------------------------------------------------------------------------------------------


def plain(section: str) -> list[str]:
    """The paragraphs and points of a section of docs/limits.md, each on one line, without links and stars."""
    body = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    blocks = re.split(r"\n\n|\n(?=- )", body.strip())
    joined = [" ".join(line.strip() for line in block.removeprefix("- ").splitlines()) for block in blocks]
    return [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", one).replace("**", "") for one in joined]


FAMILIES = {
    Family.G1: "NT 3.1 to 4.0",
    Family.G2: "2000, XP, Server 2003",
    Family.G3: "Vista, 7",
    Family.G4: "8, 8.1, 10, 11",
}


@pytest.mark.parametrize("family", Family, ids=lambda family: family.value)
def test_the_limits_of_a_family_are_those_of_the_document(family: Family) -> None:
    [row, *_] = [one for one in GENERATIONS if one.family is family]
    wanted = plain(FAMILIES[family])
    if family is Family.G4:
        wanted = [*plain(FAMILIES[Family.G3]), *wanted[1:]]
    assert list(limits_of(row)) == wanted


def test_the_limits_of_every_windows_are_those_of_the_document() -> None:
    told = []
    for limit in EVERY_WINDOWS:
        told += [f"{limit.topic} {limit.text}", *limit.points]
    strip = str.maketrans("", "", ".,: ")
    assert [one.translate(strip) for one in told] == [one.translate(strip) for one in plain("Every Windows")]


def test_the_page_tells_what_is_not_known_of_its_windows() -> None:
    told = page(analyze(SECOND_SET)).with_id("limits").text
    assert "Of Windows XP in particular" in told
    assert "Windows File Protection" in told
    assert "PlatformExecute" not in told


# --- long lists -------------------------------------------------------------------------------------------------------------


def test_ten_thousand_renames_make_a_page_of_a_few_megabytes_that_says_what_it_leaves_out(analyzed: Analyzed) -> None:
    pairs = " ".join(f'"\\??\\C:\\Program Files\\Vendor\\folder{n % 31}\\file{n}.dll" ""' for n in range(10_000))
    analysis = analyzed(session_manager(f"PendingFileRenameOperations = multi {pairs}"), judges=False)
    html = render_html(analysis, GENERATED)
    assert len(html) < 6_000_000
    tree = parse_html(html)
    of_step = [event for event in analysis.replay.events if event.step.value == "file-renames"]
    assert len(of_step) == 10_000
    assert (
        f"{10_000 - MOST_EVENTS:,} events more, {of_step[MOST_EVENTS].number} to {of_step[-1].number}"
        in tree.with_id("boot").text
    )
    made = len([one for one in analysis.replay.after.files.values() if one.fate])
    assert f"{made - MOST_ROWS:,} rows more not shown here" in tree.with_id("machine").text
    assert f"{20_000 - MOST_LINES:,} lines more not shown here" in tree.with_id("settings").text
    assert tree.with_id(f"e{of_step[-1].number}").tag == "span"


def test_events_that_differ_each_from_the_next_are_bounded_too(analyzed: Analyzed) -> None:
    pairs = " ".join(
        f'"\\??\\C:\\a{n}" "{"!" if n % 2 else ""}{"no path" if n % 3 else chr(92) + "??" + chr(92) + "C:" + chr(92) + "b"}"'
        for n in range(3_000)
    )
    analysis = analyzed(session_manager(f"PendingFileRenameOperations = multi {pairs}"), judges=False)
    tree = parse_html(render_html(analysis, GENERATED))
    numbers = [one.attributes["id"] for one in tree.all() if re.fullmatch(r"e\d+", one.attributes.get("id") or "")]
    assert numbers == [f"e{event.number}" for event in analysis.replay.events]
    assert len([one for one in tree.find("li") if "event" in one.classes]) < 3_000

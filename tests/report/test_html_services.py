"""Drivers, services and what touches them, on the page and in the summary: folded where they are many, told apart where it matters."""

from pathlib import Path

import pytest

from hivecheck.analysis import Analysis
from hivecheck.boot.actions import Action, LoadDriver, StartService
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.replay import Effect, Event, Replay, replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import KeyRef
from hivecheck.facts.visible import visible
from hivecheck.registry.notation import parse_notation
from hivecheck.report.boot_json import event_json
from hivecheck.report.document import analysis_document
from hivecheck.report.html import render_html
from hivecheck.report.listing import write_settings
from hivecheck.report.paper import Paper
from hivecheck.report.terminal import write_summary
from tests.boot.test_process_tree import service, started
from tests.hive_writer import build_hive
from tests.report.analyses import Analyzed
from tests.report.html_tree import Element, hides_nothing, parse_html

NUMBERS = range(60)


def driver(name: str) -> LoadDriver:
    return LoadDriver(NtPath(f"\\SystemRoot\\System32\\drivers\\{name}.sys"), None, name, "Base", "system")


def touched(analysis: Analysis, *asked: tuple[Action, str], effect: Effect | None = None) -> Analysis:
    """The analysis with a boot that asks for these, each with a note, after its own; the last has the effect."""

    def plan() -> Plan:
        yield Request(Step.INITIAL_COMMAND, "wininit.exe", started("services.exe", 0), Certainty.B, ())
        for action, note in asked:
            step = Step.BOOT_DRIVERS if isinstance(action, LoadDriver) else Step.SERVICES
            named = action.service if isinstance(action, LoadDriver) else getattr(action, "name", "")
            because = (KeyRef("SYSTEM", f"ControlSet001\\Services\\{named}", 0, 0x20),)
            yield Request(step, "services.exe", action, Certainty.B, because, note=note)

    mine = replay(analysis.replay.after, plan(), len(analysis.replay.events) + 1)
    events = (*analysis.replay.events, *mine.events)
    if effect is not None:
        events = (*events[:-1], changed(events[-1], effects=(effect,)))
    whole = Replay(events, analysis.replay.before, mine.after, None, ())
    return changed(analysis, replay=whole)


def page_of(analysis: Analysis) -> Element:
    return parse_html(render_html(analysis, "2026-01-15T10:00:00Z"))


def summary_of(analysis: Analysis) -> list[str]:
    paper = Paper(120, styled=False)
    write_summary(analysis, paper)
    return paper.lines


def many(analysis: Analysis) -> Analysis:
    drivers = [(driver(f"drv{number}"), f"tag {number}") for number in NUMBERS]
    services: list[tuple[Action, str]] = [(service(f"svc{number}", f"-k g{number % 30}"), "") for number in NUMBERS]
    return touched(analysis, *drivers, *services)


def last(analysis: Analysis) -> Event:
    return analysis.replay.events[-1]


def test_many_drivers_are_one_folded_run_that_names_them(analyzed: Analyzed) -> None:
    page = page_of(many(analyzed("")))
    [run] = [one for one in page.find("li") if "run" in one.classes and "60 drivers loaded" in one.text]
    [digest] = [one for one in run.find("p") if "digest" in one.classes]
    assert [one.text for one in digest.find("code")] == [f"drv{number}" for number in NUMBERS]
    assert all(f"tag {number}" in run.text for number in NUMBERS)
    assert "key ControlSet001\\Services\\drv7" in run.text


def test_every_service_stands_with_its_program(analyzed: Analyzed) -> None:
    analysis = many(analyzed(""))
    page = page_of(analysis)
    for event in analysis.replay.events:
        if isinstance(event.action, StartService):
            row = page.with_id(f"e{event.number}")
            assert event.action.name in row.text
            assert event.action.arguments in row.text


def test_the_summary_of_many_is_a_few_lines(analyzed: Analyzed) -> None:
    lines = summary_of(many(analyzed("", judges=False)))
    assert len(lines) <= 45
    assert any("60 system drivers" in line for line in lines)
    assert any("60 auto-start services" in line for line in lines)
    assert any("svchost.exe x 30: 60 services" in line for line in lines)


@pytest.mark.parametrize(("boot", "said"), [("this", "this boot"), ("next", "the next boot")])
def test_an_effect_says_which_boot_sees_it_and_leads_to_its_cause(boot: str, said: str, analyzed: Analyzed) -> None:
    analysis = touched(analyzed(""), (driver("a"), ""), effect=Effect(boot, 1, "the file is another by then"))
    event = last(analysis)
    [told] = [one for one in page_of(analysis).with_id(f"e{event.number}").find("p") if "effect" in one.classes]
    assert told.text == f"{said} the file is another by then (event 1)"
    assert [one.attributes["href"] for one in told.find("a")] == ["#e1"]
    assert event_json(event)["effects"] == [{"boot": boot, "event": 1, "text": "the file is another by then"}]
    assert f"event {event.number}, {said}, by event 1: the file is another by then" in " ".join(
        " ".join(summary_of(analysis)).split()
    )


def test_an_event_that_is_touched_stands_apart_from_its_run(analyzed: Analyzed) -> None:
    drivers = [(driver(f"drv{number}"), "") for number in NUMBERS]
    analysis = touched(analyzed(""), *drivers, effect=Effect("this", 1, "x"))
    assert page_of(analysis).with_id(f"e{last(analysis).number}").tag == "li"


def test_hostile_names_of_services_are_inert(analyzed: Analyzed) -> None:
    name = "<script>\x1b[31m\u202e\"'&"
    asked: list[tuple[Action, str]] = [(service(name, name), name) for _ in range(5)]
    analysis = touched(analyzed(""), *asked, (driver(name), name), effect=Effect("this", 1, name))
    page = page_of(analysis)
    assert len(page.find("script")) == 1, "that of the page itself"
    assert any(code.text == visible(name) for code in page.find("code"))
    for text in page.texts():
        assert hides_nothing(text.replace("\n", ""))
    assert all(line.isprintable() for line in summary_of(analysis))


def test_a_safe_mode_says_how_much_it_holds_back(analyzed: Analyzed) -> None:
    more = (
        "\n[ControlSet001\\Control\\SafeBoot\\Minimal\\kept]\n"
        "[ControlSet001\\Services\\kept]\nType = dword 0x10\nStart = dword 2\n"
        "[ControlSet001\\Services\\other]\nType = dword 0x10\nStart = dword 2\n"
        "[ControlSet001\\Services\\drv]\nType = dword 1\nStart = dword 1\n"
    )
    analysis = analyzed(more, safe_mode="minimal")
    told = " ".join(" ".join(summary_of(analysis)).split())
    assert "safe mode (minimal): 1 driver and 1 service held back" in told
    section = page_of(analysis).with_id("services").text
    assert "2 drivers and services kept from starting by this safe mode" in section
    assert "other" in section


SOFTWARE = r"""
[Microsoft\Windows NT\CurrentVersion]
CurrentVersion = sz "6.3"
CurrentBuildNumber = sz "9600"
ProductName = sz "<b>Windows 8.1</b>"
[Microsoft\Windows NT\CurrentVersion\Winlogon]
Shell = sz "explorer.exe,evil\u{202e}.exe"
[Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe]
Debugger = sz "cmd.exe"
"""


def test_a_software_hive_is_told_with_its_hashes_and_what_it_sets(analyzed: Analyzed, tmp_path: Path) -> None:
    path = tmp_path / "SOFTWARE"
    path.write_bytes(build_hive(parse_notation(SOFTWARE)))
    analysis = analyzed("", software=path)
    evidence = analysis.software_evidence
    assert evidence is not None
    page = page_of(analysis)
    assert evidence.digests.sha256 in page.with_id("evidence").text
    assert any(evidence.digests.sha256 in line for line in summary_of(analysis))
    told = page.with_id("settings")
    assert not told.find("b") or all(one.text != "Windows 8.1" for one in told.find("b"))
    codes = {code.text for code in told.find("code")}
    assert {"<b>Windows 8.1</b>", "explorer.exe,evil⟨U+202E⟩.exe", "sethc.exe", "cmd.exe"} <= codes
    paper = Paper(120, styled=False)
    write_settings(analysis, paper)
    assert "    explorer.exe,evil⟨U+202E⟩.exe" in paper.lines
    assert any(line.startswith("Debugger of sethc.exe") for line in paper.lines)
    document = analysis_document(analysis, "x")["software"]
    assert document["evidence"]["sha256"] == evidence.digests.sha256
    assert document["settings"]["Winlogon/Shell"]["value"] == "explorer.exe,evil\u202e.exe"
    assert [one["image"] for one in document["image_options"]] == ["sethc.exe"]


def test_without_a_software_hive_the_document_has_none(analyzed: Analyzed) -> None:
    assert analysis_document(analyzed(""), "x")["software"] is None


def test_what_holds_beside_the_replay_is_told_with_its_source(analyzed: Analyzed) -> None:
    analysis = analyzed("")
    page, document = page_of(analysis), analysis_document(analysis, "x")
    for id, name, text in (
        ("run-time", "run_time", "text"),
        ("ends", "critical_processes", "consequence"),
        ("shutdown", "shutdown", "text"),
    ):
        assert document[name]
        for one in document[name]:
            assert one[text] in page.with_id(id).text
            assert one["source"] in page.with_id(id).text
            assert one["certainty"] in "ABC"


def test_thousands_of_services_make_a_page_in_reasonable_time_and_size(analyzed: Analyzed) -> None:
    keys = "".join(
        f"\n[ControlSet001\\Services\\s{number}]\nType = dword 0x20\nStart = dword 2\nErrorControl = dword 1\n"
        f'ImagePath = expand "%SystemRoot%\\system32\\svchost.exe -k g{number % 40}"\n'
        for number in range(2_000)
    )
    analysis = analyzed(keys)
    assert len(summary_of(analysis)) < 60
    assert len(render_html(analysis, "x")) < 8_000_000


def test_the_driver_that_the_loader_takes_whatever_its_start_is_is_labelled_wherever_it_is_counted(
    analyzed: Analyzed,
) -> None:
    boot = "".join(f"[ControlSet001\\Services\\d{number}]\nType = dword 1\nStart = dword 0\n" for number in NUMBERS)
    analysis = analyzed(f"[ControlSet001\\Services\\Ntfs]\nType = dword 2\nStart = dword 3\n{boot}")
    page = page_of(analysis)
    assert "demand, by the loader whatever its Start is" in page.text
    assert "Ntfs (of Start 3), the driver of the boot volume's file system, is loaded by the loader" in page.text
    told = " ".join(" ".join(summary_of(analysis)).split())
    assert "60 boot drivers" in told
    assert "1 driver by the loader, whatever its Start is" in told
    ntfs = next(event_json(one)["action"] for one in analysis.replay.events if getattr(one.action, "service", "") == "Ntfs")
    assert (ntfs["start"], ntfs["by"]) == ("demand", "loader")

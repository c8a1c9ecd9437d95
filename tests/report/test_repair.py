"""The order of repair: what is good stays, what to put back is printed, each row is named, and nothing is said twice."""

from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.report.html import render_html
from hivecheck.rules.rule import Severity
from tests.report.analyses import BOOTABLE, Analyzed, session_manager
from tests.report.html_tree import Element, parse_html

HIVES = Path(__file__).resolve().parents[2] / "test_hives"
GENERATED = "2026-01-15T10:00:00Z"
CSRSS = HIVES / "infected-consrv-win7-x64.hive"
BOOTKIT = HIVES / "infected-bootkit-win10-21h2-x64.hive"
SECOND_SET = HIVES / "infected-second-set-xp-x86.hive"


def repair(path: Path) -> Element:
    return parse_html(render_html(analyze(path, Options(verify="none")), GENERATED)).with_id("repair")


def places(section: Element) -> list[str]:
    return [item.text for one in section.find("ul") if "places" in one.classes for item in one.find("li")]


def place(section: Element, start: str) -> str:
    return next(told for told in places(section) if told.startswith(start))


def test_the_good_copy_in_another_control_set_is_to_be_left_and_copied_from() -> None:
    section = repair(CSRSS)
    start = place(section, "Start in ControlSet002\\Services\\WinDefend")
    assert "what Windows ships. Leave it; ControlSet001 lacks it: copy it from here" in start
    image = place(section, "ImagePath in ControlSet002\\Services\\WinDefend")
    assert "ControlSet002 still has it, and ControlSet001 does not. Leave it" in image


def test_of_two_sets_that_differ_the_one_as_windows_ships_it_is_named_as_good() -> None:
    line = place(repair(CSRSS), "Windows in ControlSet001\\Control\\Session Manager\\SubSystems")
    assert line.endswith("(ControlSet002 holds what Windows ships: leave it)")
    boot = place(repair(SECOND_SET), "BootExecute in ControlSet002\\Control\\Session Manager")
    assert boot.endswith("(ControlSet001 holds what Windows ships: leave it)")


def test_the_value_to_put_back_is_printed() -> None:
    line = place(repair(CSRSS), "Windows in ControlSet001\\Control\\Session Manager\\SubSystems")
    assert "Windows ships %SystemRoot%\\system32\\csrss.exe ObjectDirectory=\\Windows SharedSection=" in line
    assert "ServerDll=winsrv:ConServerDllInitialization,2 ServerDll=sxssrv,4" in line
    boot = place(repair(BOOTKIT), "BootExecute in ControlSet001")
    assert "Windows ships autocheck autochk * (REG_MULTI_SZ)" in boot


def test_numbers_that_each_machine_has_its_own_way_are_not_called_as_shipped() -> None:
    for told in (one for one in places(repair(SECOND_SET)) if " in Select" in one):
        assert "ships" not in told


def test_each_row_of_renames_is_named_with_its_numbers_and_its_paths() -> None:
    told = "\n".join(places(repair(BOOTKIT)))
    assert "strings 0 and 1: \\??\\C:\\Windows\\System32\\drivers\\WdFilter.sys is deleted" in told
    assert "strings 6 and 7: \\??\\C:\\ProgramData\\Comms\\w2.tmp to !\\??\\C:\\Windows\\System32\\ws2_32.dll" in told
    rows = [one for one in places(repair(BOOTKIT)) if one.startswith("PendingFileRenameOperations")]
    assert all("string" in one for one in rows)


@pytest.mark.parametrize("path", [CSRSS, BOOTKIT, SECOND_SET], ids=lambda path: str(path.stem))
def test_each_remedy_is_told_once(path: Path) -> None:
    analysis = analyze(path, Options(verify="none"))
    told = parse_html(render_html(analysis, GENERATED)).with_id("repair").text
    here = "printed in the report's order of repair", "told beside each place that follows"
    remedies = {
        one.rule.remedy.replace("`", "").replace(*here) for one in analysis.told_findings if one.severity > Severity.LOW
    }
    assert remedies
    assert {remedy: told.count(remedy) for remedy in remedies} == dict.fromkeys(remedies, 1)


def test_files_of_windows_are_to_be_checked_and_the_planted_one_is_not_among_them() -> None:
    told = repair(CSRSS).text
    assert "Never remove a file of Windows itself" in told
    [own] = [one.text for one in repair(CSRSS).find("p") if one.text.startswith("Windows has files of its own")]
    assert own.partition("as well: ")[2] == "basesrv.dll, csrss.exe, svchost.exe, sxssrv.dll, winsrv.dll."


def test_what_is_hidden_by_a_least_severity_is_not_told_as_nothing(analyzed: Analyzed) -> None:
    evil = session_manager('SetupExecute = multi "planted.exe"')
    told = parse_html(render_html(analyzed(evil, min_severity="critical"), GENERATED)).with_id("repair").text
    assert "Nothing was found" not in told
    assert "not told here, as only graver ones were asked for" in told


def test_the_control_set_to_name_in_select_is_told_where_it_is_known() -> None:
    section = repair(SECOND_SET)
    default = place(section, "Default in Select")
    assert default.endswith("set it to 1: ControlSet001 is as shipped in every known value that a finding here names")
    assert "leave it: it tells which set ran last" in place(section, "Current in Select")


def test_where_no_set_or_both_are_as_shipped_none_is_named(analyzed: Analyzed) -> None:
    base = BOOTABLE.replace('"autocheck autochk *"', '"evil"').replace("Default = dword 1", "Default = dword 2")
    sets = base.partition("[ControlSet001")
    both = analyzed("", base=base + (sets[1] + sets[2]).replace("Set001", "Set002"))
    section = parse_html(render_html(both, GENERATED)).with_id("repair")
    assert "which set is good can't be told" in place(section, "Default in Select")


def test_what_an_error_control_is_for_is_told_beside_it() -> None:
    assert place(repair(BOOTKIT), "ErrorControl in ControlSet001\\Services\\CSAgent").endswith("if this fails to start")


@pytest.mark.parametrize("path", [CSRSS, BOOTKIT, SECOND_SET])
def test_the_order_of_repair_does_not_send_its_reader_to_itself(path: Path) -> None:
    text = repair(path).text
    assert "printed in the report" not in text
    assert "and DllDirectory32 to" not in text

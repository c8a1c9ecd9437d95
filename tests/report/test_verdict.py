"""The verdict in words: what would happen, what only stands in the registry, whether somebody arranged it, and when that can't be told."""

import re
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.registry.notation import parse_notation
from hivecheck.report.export_markdown import write_markdown
from hivecheck.report.export_stix import stix_bundle
from hivecheck.report.html import render_html
from hivecheck.report.html_verdict import plain_verdict
from hivecheck.report.summary import summarise_boot
from hivecheck.report.verdict import set_aside_words, standing_findings, verdict_words
from hivecheck.report.verdict_phrases import DOES, HOLDS
from hivecheck.rules.catalog import RULES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import tell_stories
from tests.hive_writer import build_hive, write_hive
from tests.report.analyses import Analyzed, session_manager
from tests.report.html_tree import parse_html
from tests.rules.cases import hive_of
from tests.rules.made_findings import cite, made_finding

HIVES = Path(__file__).resolve().parents[2] / "test_hives"
GENERATED = "2026-01-15T10:00:00Z"
FAST = Options(verify="none")
RENAMES = 'PendingFileRenameOperations = multi "\\??\\C:\\Windows\\System32\\\u202egnp.exe" ""'


def verdict(name: str) -> str:
    return plain_verdict(analyze(HIVES / name, FAST))


def withheld(analysis: Analysis, least: str) -> Analysis:
    return changed(analysis, options=changed(analysis.options, min_severity=least))


def markdown(analysis: Analysis) -> str:
    return "".join(write_markdown([analysis], GENERATED))


def test_every_rule_has_a_phrase_for_a_reader_who_never_heard_of_smss() -> None:
    assert {rule.id for rule in RULES} <= set(DOES) | set(HOLDS)


# --- what is withheld -------------------------------------------------------------------------------------------------------


def test_the_least_severity_changes_neither_the_verdict_nor_the_ticket(analyzed: Analyzed) -> None:
    whole = analyzed(session_manager(RENAMES))
    grave = withheld(whole, "critical")
    assert whole.told_findings
    assert not grave.told_findings
    assert plain_verdict(grave) == plain_verdict(whole)
    assert verdict_words(grave) == verdict_words(whole)
    assert markdown(grave) == markdown(whole)
    assert "Somebody probably arranged" in plain_verdict(grave)


def test_what_is_withheld_is_counted(analyzed: Analyzed) -> None:
    findings = tell_stories((*(made_finding(f"r{n}", Severity.INFO, str(n)) for n in range(5)), made_finding("one")))
    analysis = changed(withheld(analyzed(""), "critical"), findings=findings)
    assert set_aside_words(analysis) == ("1 high and 5 info are withheld by --min-severity critical.",)
    page = parse_html(render_html(analysis, GENERATED)).with_id("verdict")
    assert "1 high and 5 info are withheld" in page.text
    hrefs = {one.attributes["href"] for one in page.find("a")}
    assert not any(href and href.startswith("#story") for href in hrefs), "a withheld story is not on the page"


# --- deeds and states -------------------------------------------------------------------------------------------------------


def test_operations_that_would_not_run_are_told_as_what_stands_in_the_registry() -> None:
    told = verdict("infected-minint-win10-1903-x64.hive")
    assert told.startswith("The registry of WKSTN-24 holds a pending operation that would ")
    assert "At its next start" not in told
    assert (
        "it writes no security events, and leaves 42 pending file operations undone until a start without the key." in told
    )
    assert "Microsoft Defender" in told


def test_products_that_are_deleted_are_named_and_control_sets_that_take_over_too() -> None:
    assert "delete files of security products (Microsoft Defender, CrowdStrike, Sysmon)" in verdict(
        "infected-bootkit-win10-21h2-x64.hive"
    )
    told = verdict("infected-consrv-win7-x64.hive")
    assert "does not look like" not in told
    assert "(Microsoft Defender, WinDefend)" in told
    assert "At its next start WKSTN-22 would put other code into csrss" in told


def test_a_service_that_only_starts_when_asked_for_is_no_deed_of_the_next_start(analyzed: Analyzed) -> None:
    service = '[ControlSet001\\Services\\PSEXESVC]\nType = dword 0x10\nStart = dword 3\nImagePath = expand "%SystemRoot%\\PSEXESVC.exe"'
    analysis = analyzed(service)
    alone = tuple(one for one in analysis.findings if one.subject == "PSEXESVC")
    told = plain_verdict(changed(analysis, findings=alone))
    assert told.startswith("The registry of this machine holds ")
    assert "a service that runs on demand and is named like" in told
    assert "(PSEXESVC)" in told


def test_a_finding_is_a_deed_where_the_replay_may_do_it(analyzed: Analyzed) -> None:
    analysis = analyzed(session_manager('Execute = multi "evil.exe"'))
    alone = tuple(one for one in analysis.findings if one.rule.id == "sm-execute")
    told = plain_verdict(changed(analysis, findings=tuple(changed(one, confidence=Confidence.HIGH) for one in alone)))
    assert "At its next start this machine would start a program from Execute before anybody can log on (evil.exe)." in told
    assert "almost certainly arranged what weighs most: no harmless reason is known for it." in told


# --- how sure ---------------------------------------------------------------------------------------------------------------


def test_no_harmless_reason_is_claimed_only_where_the_rules_know_none() -> None:
    for hive in HIVES.glob("infected-*.hive"):
        assert "no harmless reason" not in plain_verdict(analyze(hive, FAST)), hive.name


def test_findings_and_stories_are_counted_as_in_the_header() -> None:
    analysis = analyze(HIVES / "infected-bootkit-win10-21h2-x64.hive", FAST)
    critical = [one for one in standing_findings(analysis) if one.severity is Severity.CRITICAL]
    assert f"What weighs most: {len(critical)} critical findings in {len({one.story for one in critical})} stories" in (
        plain_verdict(analysis)
    )
    assert verdict_words(analysis).startswith(f"{len(critical)} critical,")


# --- halts ------------------------------------------------------------------------------------------------------------------


def test_a_halt_of_the_boot_after_next_is_told_as_such() -> None:
    analysis = analyze(HIVES / "effects" / "halt-next-smss.hive", FAST)
    told = plain_verdict(analysis)
    assert (
        "WKSTN-14 would get through its next restart (after “Shut down” it resumes a saved kernel instead), but the start after that "
        "would stop at event 192 (step Settings): " in told
    )
    assert "would not start" not in told
    sentences = ["".join(span.text for span in sentence) for sentence in summarise_boot(analysis)]
    assert any(one.startswith("It would get through, but the boot after it would stop (event 192): ") for one in sentences)
    assert any(one.startswith("Windows would then go on with ") for one in sentences)


def test_where_it_stops_is_said_with_the_step() -> None:
    assert "it stops at event 82 (step Subsystems), because " in verdict("effects/halt-csrss-deleted-xp.hive")


# --- damage and absence -----------------------------------------------------------------------------------------------------

DAMAGED = (
    ("bad-bin", "The registry file is damaged, so part of the registry could not be read", "lost by the damage"),
    ("value-too-large", "Part of the registry could not be read.", "may be in that part"),
    (
        "dirty-without-logs",
        "The last changes of this registry may be in its log files, and none of use",
        "among those changes",
    ),
)


@pytest.mark.parametrize(("name", "begins", "loss"), DAMAGED, ids=[one[0] for one in DAMAGED])
def test_damage_is_told_first_and_blamed_on_nobody(name: str, begins: str, loss: str) -> None:
    told = verdict(f"broken/{name}.hive")
    assert told.startswith(begins)
    assert loss in told
    assert "Somebody" not in told


@pytest.mark.parametrize("name", ["broken/missing-session-manager.hive", "effects/halt-no-knowndlls.hive"])
def test_a_machine_that_stops_for_a_missing_key_is_blamed_on_nobody(name: str) -> None:
    told = verdict(name)
    assert "can't be told: what is missing may have been taken away, or lost." in told
    assert "Somebody" not in told
    assert "What weighs most: " not in told


def test_what_is_written_is_still_blamed_in_a_damaged_hive() -> None:
    told = verdict("broken/decoy-root.hive")
    assert "Somebody probably arranged what weighs most" in told
    assert "What weighs most of what was found besides: BootExecute lists" in told


# --- the ticket and the bundle ----------------------------------------------------------------------------------------------


def test_the_ticket_leads_with_the_verdict_and_stays_short(analyzed: Analyzed) -> None:
    for hive in (*HIVES.glob("infected-*.hive"), *HIVES.glob("win1*.hive")):
        analysis = analyze(hive, FAST)
        lines = markdown(analysis).splitlines()
        assert lines[2].replace("`", "") == plain_verdict(analysis)
        assert len("\n".join(lines)) < 8_000
    many = "\n".join(f'  "\\??\\C:\\Windows\\System32\\drivers\\d{n}.sys" ""' for n in range(3_000))
    text = markdown(analyzed(session_manager(f"PendingFileRenameOperations = multi [\n{many}\n]")))
    assert len(text) < 8_000
    assert "told by the page and the JSON document." in text


def test_the_ticket_gives_no_orders_for_what_is_no_more_than_a_state() -> None:
    analysis = analyze(HIVES / "win10-1903-x64.hive", FAST)
    assert {one.severity for one in analysis.told_findings} <= {Severity.INFO, Severity.LOW}
    assert "What to do" not in markdown(analysis)


def test_the_bundle_describes_what_the_verdict_says(analyzed: Analyzed) -> None:
    analysis = withheld(analyzed(session_manager('Execute = multi "evil.exe"')), "critical")
    [report] = [one for one in stix_bundle([analysis], GENERATED)["objects"] if one["type"] == "report"]
    assert report["description"].startswith(plain_verdict(analysis))
    assert "withheld by --min-severity critical" in report["description"]


# --- hostile text -----------------------------------------------------------------------------------------------------------


def test_hidden_letters_are_shown_once_and_do_not_crowd_out_the_verdict(analyzed: Analyzed) -> None:
    text = "\u202e" * 50
    finding = made_finding("r", Severity.CRITICAL, text, (cite("X", text),), (1,))
    analysis = changed(analyzed(""), findings=tell_stories((finding,)))
    told = plain_verdict(analysis)
    assert "\u202e" not in told
    assert told.index("omebody") < 400
    assert told.isprintable()


def test_a_list_that_waits_for_the_end_of_minint_is_not_said_to_run_at_the_next_boot() -> None:
    analysis = analyze(HIVES / "infected-minint-win10-1903-x64.hive", FAST)
    said = [one.message for one in analysis.findings if one.rule.id == "pfro-present"]
    assert said
    assert all("leaves alone while the key MiniNT exists" in one and "next boot" not in one for one in said)


# --- the driver of an imaging tool ------------------------------------------------------------------------------------------

AD_DRIVER = (
    "\n[ControlSet001\\Services\\ad_driver]\nType = dword 1\nStart = dword {}\n"
    'ImagePath = expand "\\??\\C:\\Users\\a\\AppData\\Local\\Temp\\ad_driver.sys"\n'
)
IMAGED = "(ad_driver) looks like that of an imaging tool (FTK Imager), which a responder may have run."


def test_the_driver_of_an_imaging_tool_is_told_as_such_and_not_as_a_rootkit(analyzed: Analyzed) -> None:
    said = plain_verdict(analyzed(AD_DRIVER.format(3)))
    assert IMAGED in said
    assert "that no driver of Windows does" not in said


@pytest.mark.parametrize("start", [0, 1, 2])
def test_one_that_starts_by_itself_is_excused_by_nothing(analyzed: Analyzed, start: int) -> None:
    assert "imaging tool" not in plain_verdict(analyzed(AD_DRIVER.format(start)))


# --- fast startup, and logs that are not at hand ----------------------------------------------------------------------------

POWER = "\nHiberbootEnabled = dword {}"


@pytest.mark.parametrize(
    ("machine", "fast", "begins"),
    [
        ("win10-21h2-x64", 1, "At its next restart (after “Shut down” it resumes a saved kernel instead) "),
        ("win10-21h2-x64", 0, "At its next start "),
        ("win7-x86", 1, "At its next start "),
    ],
)
def test_with_fast_startup_only_a_restart_does_it(tmp_path: Path, machine: str, fast: int, begins: str) -> None:
    text = (HIVES / f"{machine}.hive.txt").read_text(encoding="utf-8")
    key = "[ControlSet001\\Control\\Session Manager\\Power]"
    text = re.sub(r"(?m)^HiberbootEnabled = .*$", "", text) + f"\n{key}{POWER.format(fast)}\n"
    (tmp_path / "SYSTEM").write_bytes(build_hive(parse_notation(text)))
    told = plain_verdict(analyze(tmp_path / "SYSTEM", FAST))
    assert told.startswith(begins)
    assert told.count("saved kernel") == (1 if "restart" in begins else 0)


def test_a_dirty_hive_without_logs_is_everywhere_told_in_the_same_words() -> None:
    analysis = analyze(HIVES / "broken/dirty-without-logs.hive", FAST)
    said = "last changes may be in its log files"
    [problem] = [one for one in analysis.problems if one.code == "dirty-hive"]
    assert said in problem.message
    [finding] = [one for one in analysis.findings if one.rule.id == "dirty-hive"]
    assert said in finding.rule.title
    page = parse_html(render_html(analysis, GENERATED))
    assert said in page.with_id("evidence").text
    assert "last changes of this registry may be in its log files" in page.with_id("verdict").text
    assert "are in its log" not in page.text


# --- words for a client -----------------------------------------------------------------------------------------------------


def test_control_sets_and_services_are_told_in_words_that_a_client_understands() -> None:
    sets, service = verdict("infected-second-set-xp-x86.hive"), verdict("infected-consrv-win7-x64.hive")
    assert "an entry that has the next start use another set of settings (control set) than the last one did" in sets
    assert "settings with which a service that protects or watches the machine does not start" in service
    assert "(SubSystems\\Windows against ControlSet002)" in service
    for unclear in ("no order to start", "(Windows against", "a choice of another control set"):
        assert unclear not in sets + service


# --- sensors that do not start ------------------------------------------------------------------------------------------------

CLEAR = "Nothing was found that somebody must have arranged"
SENSORS = {
    "EventLog": r"%SystemRoot%\System32\svchost.exe -k LocalServiceNetworkRestricted -p",
    "BFE": r"%SystemRoot%\System32\svchost.exe -k LocalServiceNoNetworkFirewall -p",
    "MpsSvc": r"%SystemRoot%\System32\svchost.exe -k LocalServiceNoNetworkFirewall -p",
    "WinDefend": r"%ProgramFiles%\Windows Defender\MsMpEng.exe",
    "CSFalconService": r"%ProgramFiles%\CrowdStrike\CSFalconService.exe",
}
STOPPED = (
    "Start = dword 5",
    "Start = dword 4294967295",
    'Start = sz "2"',
    "Start = dword 1",
    "Start = dword 2\nDeleteFlag = dword 1",
)


def verdict_with(tmp_path: Path, name: str, values: str) -> str:
    """The verdict on a clean 10 that has the service as well."""
    kind = 32 if "svchost" in SENSORS[name] else 16
    key = f'[ControlSet001\\Services\\{name}]\nType = dword {kind}\nImagePath = expand "{SENSORS[name]}"\n{values}\n'
    hive = tmp_path / "SYSTEM"
    hive.write_bytes(write_hive(hive_of(Example("", key))).data)
    return plain_verdict(analyze(hive, FAST))


@pytest.mark.parametrize("values", STOPPED)
@pytest.mark.parametrize("name", list(SENSORS))
def test_a_sensor_that_does_not_start_is_never_nothing(tmp_path: Path, name: str, values: str) -> None:
    assert CLEAR not in verdict_with(tmp_path, name, values)


@pytest.mark.parametrize("name", ["EventLog", "WinDefend"])
def test_a_sensor_that_starts_is_nothing(tmp_path: Path, name: str) -> None:
    assert CLEAR in verdict_with(tmp_path, name, "Start = dword 2")

"""Findings on the command line: the profile, the least severity, the exit code, and the commands that tell of rules."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.facts.generation import WIN10_2004, XP
from hivecheck.rules.catalog import RULES, rule_named
from hivecheck.rules.examples.catalog import EXAMPLES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.modifiers import MODIFIERS, Modifier
from hivecheck.rules.rule import Rule, Severity
from hivecheck.rules.sources import sources_in_words
from tests.boot.boots import bootable
from tests.hive_writer import build_hive

Run = Callable[..., int]


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A hive with one finding that is critical: sm-execute."""
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(bootable('BootExecute = multi "autocheck autochk *"\nExecute = multi "evil"', XP)))
    return path


def profile(folder: Path, *lines: str) -> Path:
    path = folder / "profile.toml"
    path.write_text("\n".join(("[[expect]]", *lines)), "utf-8")
    return path


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    document = json.loads(capsys.readouterr().out)
    return {one["rule"]: one for one in document["findings"]}


def test_a_finding_is_told_and_does_not_change_the_exit_code(
    hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("analyze", system, "--json", "-") == Exit.OK
    assert found(capsys)["sm-execute"]["severity"] == "critical"


@pytest.mark.parametrize("severity", [severity.value for severity in Severity])
def test_fail_on_ends_with_code_3_from_that_severity_on(hivecheck: Run, system: Path, severity: str) -> None:
    assert hivecheck("analyze", system, "-q", "--fail-on", severity) == Exit.FINDINGS


def test_fail_on_lets_pass_what_is_milder_or_expected(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("analyze", system, "--json", "-") == Exit.OK
    known = tmp_path / "profile.toml"
    known.write_text("".join(f'[[expect]]\nrule = "{id}"\nreason = "a test"\n' for id in found(capsys)), "utf-8")
    assert hivecheck("analyze", system, "--fail-on", "info", "--profile", known, "--json", "-") == Exit.OK
    one = found(capsys)["sm-execute"]
    assert (one["severity"], one["expected"]) == ("critical", "a test")


@pytest.mark.parametrize("output", ["terminal", "json", "html"])
def test_a_profile_that_silences_what_is_critical_is_told_in_every_output(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    known = profile(tmp_path, 'rule = "sm-execute"', 'reason = "a test"')
    options = () if output == "terminal" else (f"--{output}", "-")
    assert hivecheck("analyze", system, "--profile", known, *options) == Exit.OK
    out = capsys.readouterr().out
    told = "The profile lets 1 critical finding pass as expected: sm-execute. See that this is meant."
    assert told in " ".join(out.split())
    if output == "json":
        [problem] = [one for one in json.loads(out)["problems"] if one["code"] == "profile-silences-critical"]
        assert [origin["text"] for origin in problem["because"] if "text" in origin] == ["evil"]
        assert not problem["loses_data"]


def test_a_profile_that_silences_nothing_critical_is_not_warned_of(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = profile(tmp_path, 'rule = "bootexec-extra"', 'reason = "a test"')
    assert hivecheck("analyze", system, "--profile", known, "--json", "-") == Exit.OK
    codes = {one["code"] for one in json.loads(capsys.readouterr().out)["problems"]}
    assert "profile-silences-critical" not in codes


@pytest.mark.parametrize("output", ["terminal", "json", "html"])
def test_a_build_without_a_baseline_of_its_own_is_told_in_every_output(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    path = tmp_path / "SYSTEM"
    options = () if output == "terminal" else (f"--{output}", "-")
    words = "Build 19046 is no release that is known here: the baseline and the boot of Windows 10 2004 to 22H2 are used"
    for build, told in (("19046", True), ("19045", False)):
        core = f'[Setup\\Service Reporting API\\Components\\CoreOS]\nVersion = sz "10.0.{build}.1"\n'
        path.write_bytes(build_hive(bootable(core, WIN10_2004)))
        assert hivecheck("analyze", path, *options) == Exit.OK
        out = capsys.readouterr().out
        assert (words in " ".join(out.split())) is told, build
        if output == "json":
            document = json.loads(out)
            those = [one for one in document["problems"] if one["code"] == "baseline-nearest"]
            assert [one["because"][0]["text"] for one in those] == ["10.0.19046.1"] * told
            assert document["generation"]["id"] == "win10-2004"


def test_what_is_not_told_counts_for_fail_on(hivecheck: Run, tmp_path: Path) -> None:
    """--min-severity is about what is shown: a script that asks for low must not be told that all is well."""
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(bootable('Execute = multi "evil"', XP)))
    assert hivecheck("analyze", path, "-q", "--min-severity", "critical", "--fail-on", "low") == Exit.FINDINGS


def test_an_unreadable_input_weighs_more_than_findings(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"nothing")
    assert hivecheck("analyze", system, other, "-q", "--fail-on", "high") == Exit.UNREADABLE


def test_a_lapsed_expectation_is_told_and_the_finding_stands(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = profile(tmp_path, 'rule = "sm-execute"', 'reason = "till \\u001b[31m new year"', "until = 2025-12-31")
    assert hivecheck("analyze", system, "--profile", known, "--fail-on", "critical") == Exit.FINDINGS
    out = " ".join(capsys.readouterr().out.split())
    assert "lapsed on 2025-12-31, what it fits stands again: till ⟨U+001B⟩[31m new year" in out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe[[expect]]", "no text in UTF-8"),
        (b"[[expect]]\nrule = 'sm-execut'\nreason = 'x'", "there is no rule sm-execut"),
        (b"[[expect]", "no TOML"),
        (b"[[expect]]\npath = '*i*'\nreason = 'x'", "would expect nearly everything: path *i* fits too much"),
    ],
)
def test_a_wrong_profile_is_wrong_usage_in_one_sentence(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(content)
    assert hivecheck("analyze", system, "--profile", path) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_a_profile_that_is_not_there_is_wrong_usage(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    assert hivecheck("analyze", system, "--profile", tmp_path / "none.toml") == Exit.USAGE
    assert hivecheck("analyze", system, "--profile", tmp_path) == Exit.USAGE


def test_an_unknown_severity_is_wrong_usage(hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("analyze", system, "--fail-on", "grave") == Exit.USAGE
    assert "grave" in capsys.readouterr().err


# --- rules and explain ------------------------------------------------------------------------------------------------------


def test_every_rule_is_listed(hivecheck: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("rules", "--json", "-") == Exit.OK
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "hivecheck.rules/1"
    assert [one["id"] for one in document["rules"]] == [rule.id for rule in RULES]
    for one in document["rules"]:
        assert one["fires_on"]
        assert one["silent_on"]
        assert one["why"]
        assert all(technique["name"] for technique in one["techniques"])


@pytest.mark.parametrize("columns", [120, 60])
def test_the_table_of_rules_has_a_row_for_each(
    hivecheck: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert hivecheck("rules") == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    start = 1 if columns == 120 else 0  # a narrow list has no head
    rows = [line.split()[0] for line in lines[start : lines.index("")] if not line.startswith(" ")]
    assert rows == [rule.id for rule in RULES]
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize(
    ("option", "value"),
    [("--family", "programs"), ("--severity", "critical"), ("--technique", "T1547"), ("--technique", "t1112")],
)
def test_rules_can_be_chosen(hivecheck: Run, capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    assert hivecheck("rules", option, value, "--json", "-") == Exit.OK
    chosen = {one["id"] for one in json.loads(capsys.readouterr().out)["rules"]}
    assert "sm-execute" in chosen or value == "t1112"
    assert 0 < len(chosen) < len(RULES)


def test_a_technique_is_found_by_its_newer_id(hivecheck: Run, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = {rule.id for rule in RULES if "T1562.001" in rule.techniques}
    assert hivecheck("rules", "--technique", "T1685", "--json", "-") == Exit.OK
    assert wanted <= {one["id"] for one in json.loads(capsys.readouterr().out)["rules"]}


def test_an_unknown_family_is_wrong_usage_and_the_known_ones_are_named(
    hivecheck: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("rules", "--family", "nothing") == Exit.USAGE
    assert "programs" in capsys.readouterr().err


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_can_be_explained(hivecheck: Run, capsys: pytest.CaptureFixture[str], rule: Rule) -> None:
    assert hivecheck("explain", rule.id) == Exit.OK
    text = " ".join(capsys.readouterr().out.split())
    for part in (
        rule.title,
        rule.why,
        *rule.false_positives,
        rule.remedy,
        *sources_in_words(rule.id, rule.sources),
        *rule.techniques,
    ):
        assert " ".join(part.split()) in text
    for example in (*EXAMPLES[rule.id].fires_on, *EXAMPLES[rule.id].silent_on):
        assert " ".join(example.title.split()) in text


def _examples() -> list[tuple[Rule, Example]]:
    return [(rule, example) for rule in RULES for example in (*EXAMPLES[rule.id].fires_on, *EXAMPLES[rule.id].silent_on)]


def test_the_list_has_all_that_an_example_is_made_of(hivecheck: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever follows an example by hand needs what notation has no words for as well."""
    assert hivecheck("rules", "--json", "-") == Exit.OK
    told = [one for rule in json.loads(capsys.readouterr().out)["rules"] for one in (*rule["fires_on"], *rule["silent_on"])]
    for (_, example), one in zip(_examples(), told, strict=True):
        assert one["lost"] == list(example.lost)
        assert [(part["key"], part["descriptor"]) for part in one["access"]] == list(example.access)
        assert (one["logged"] or "").split() == example.logged.split()
        assert (one["software"] or "").split() == example.software.split()
        assert one["severity"] == (example.severity.value if example.severity else None)
        assert set(one) == {"machine"} | {field for field in vars(Example)["__slots__"] if field != "generation"}


@pytest.mark.parametrize(
    ("field", "introduced"),
    [
        ("logged", "over which a transaction log lays:"),
        ("lost", "with a deleted BootExecute"),
        ("access", "security descriptor"),
        ("software", "with this SOFTWARE hive beside it:"),
    ],
)
def test_a_page_tells_all_that_an_example_is_made_of(
    hivecheck: Run, capsys: pytest.CaptureFixture[str], field: str, introduced: str
) -> None:
    those = [(rule, example) for rule, example in _examples() if getattr(example, field)]
    assert those, "no example has it any more"
    for rule, example in those:
        assert hivecheck("explain", rule.id) == Exit.OK
        out = capsys.readouterr().out
        assert introduced in " ".join(out.split())
        letters = "".join(out.split())
        parts = {
            "logged": [example.logged],
            "software": [example.software],
            "lost": example.lost,
            "access": [word for pair in example.access for word in pair],
        }
        for part in parts[field]:
            assert "".join(part.split()) in letters


def test_a_rule_explained_as_json_is_that_of_the_list(hivecheck: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("explain", "SM-Execute", "--json", "-") == Exit.OK
    one = json.loads(capsys.readouterr().out)
    assert hivecheck("rules", "--json", "-") == Exit.OK
    assert one in json.loads(capsys.readouterr().out)["rules"]


@pytest.mark.parametrize("one", MODIFIERS, ids=lambda one: one.id)
def test_what_only_modifies_rules_is_explained_and_not_listed(
    hivecheck: Run, capsys: pytest.CaptureFixture[str], one: Modifier
) -> None:
    assert hivecheck("explain", one.id.upper()) == Exit.OK
    page = capsys.readouterr().out
    assert page.startswith(f"{one.id}: ")
    assert all(f"- {rule}" in page for rule in one.rules)
    assert all(rule_named(rule).id == rule for rule in one.rules)
    assert hivecheck("explain", one.id, "--json", "-") == Exit.OK
    assert json.loads(capsys.readouterr().out)["rules"] == list(one.rules)
    assert all(one.id != rule.id for rule in RULES)


def test_an_unknown_rule_is_wrong_usage_and_the_nearest_is_named(hivecheck: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("explain", "sm-excute") == Exit.USAGE
    assert "Did you mean sm-execute" in capsys.readouterr().err
    assert hivecheck("explain", "\x1b[31m") == Exit.USAGE
    assert "\x1b" not in capsys.readouterr().err

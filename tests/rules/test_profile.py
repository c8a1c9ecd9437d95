"""The user's profile: what it lets pass, until when, and what is wrong with a file that is wrong."""

from datetime import date

import pytest

from hivecheck.errors import UsageError
from hivecheck.rules.profile import Profile, parse_profile
from tests.rules.made_findings import cite, made_finding

TODAY = date(2026, 5, 1)
FINDING = made_finding(
    "bootexec-extra",
    subject="autocheck pdboot.exe",
    because=(cite("BootExecute", "autocheck pdboot.exe", 1),),
    threads=(r"file c:\windows\system32\pdboot.exe",),
)


def profile(text: str, **more: object) -> Profile:
    return parse_profile(text, TODAY, **more)  # type: ignore[arg-type]


def expect(*lines: str) -> str:
    return "\n".join(("[[expect]]", *lines, 'reason = "it is ours"'))


FITTING = (
    'rule = "bootexec-extra"',
    'rule = "bootexec-*"',
    'rule = "BootExec-Extra"',
    'value = "bootexecute"',
    "value = '*\\Session Manager\\BootExecute'",
    "path = '*pdboot*'",
    "path = 'C:\\Windows\\System32\\pdboot.exe'",
    f'fingerprint = "{FINDING.fingerprint.upper()}"',
    'rule = "bootexec-extra"\nvalue = "BootExecute"\npath = "*pdboot.exe"',
    'rule = "bootexec-extra"\nuntil = 2026-05-01',
)
NOT_FITTING = (
    'rule = "bootexec"',
    'rule = "bootexec-extr?"',
    'value = "SetupExecute"',
    "path = 'pdboot.exe'",
    'fingerprint = "0000000000000000"',
    'rule = "bootexec-extra"\npath = "*other.exe"',
    'rule = "bootexec-extra"\nuntil = 2026-04-30',
)


@pytest.mark.parametrize("lines", FITTING)
def test_a_finding_that_fits_is_marked_with_the_reason(lines: str) -> None:
    assert profile(expect(lines)).judge(FINDING).expected == "it is ours"


@pytest.mark.parametrize("lines", NOT_FITTING)
def test_a_finding_that_does_not_fit_stands(lines: str) -> None:
    assert profile(expect(lines)).judge(FINDING).expected == ""


def test_the_first_expectation_that_fits_gives_the_reason() -> None:
    text = '[[expect]]\nrule = "xyz*"\nreason = "no"\n[[expect]]\nrule = "boot*"\nreason = "one"\n[[expect]]\nvalue = "*Boot*"\nreason = "two"'
    assert profile(text).judge(FINDING).expected == "one"


def test_brackets_and_question_marks_of_a_path_are_letters() -> None:
    odd = made_finding("r", subject=r"\??\C:\Users\setup[1].exe")
    assert profile(expect(r"path = '\??\C:\Users\setup[1].exe'")).judge(odd).expected
    assert not profile(expect("path = '*setup[0-9].exe'")).judge(odd).expected


def test_a_lapsed_expectation_is_kept_apart() -> None:
    read = profile(expect('rule = "pfro*"', "until = 2025-12-31") + "\n" + expect('rule = "svc-*"', "until = 2026-12-31"))
    assert [one.rule for one in read.lapsed] == ["pfro*"]
    assert [one.rule for one in read.expectations] == ["svc-*"]


def test_an_empty_file_expects_nothing() -> None:
    assert profile("") == Profile()


WRONG = {
    "no TOML": ("expect = [", "no TOML"),
    "a bare word": ("hello", "no TOML"),
    "a number beyond all": ("x = " + "9" * 10_000, "no TOML"),
    "brackets without end": ("x = " + "[" * 100_000, "no TOML"),
    "a NUL": ("\0", "no TOML"),
    "another table": ("[expected]\nrule = 'x'", "nothing else"),
    "one bracket": ("[expect]\nrule = 'x'\nreason = 'y'", "nothing else"),
    "a list of texts": ("expect = ['x']", "table 1 of the profile is no table"),
    "an unknown name": (expect("rul = 'x'"), "rul"),
    "no reason": ("[[expect]]\nrule = 'x'", "no reason"),
    "an empty reason": ("[[expect]]\nrule = 'x'\nreason = ' '", "reason is empty"),
    "a reason that is a number": ("[[expect]]\nrule = 'x'\nreason = 1", "reason must be a string"),
    "an empty rule": (expect("rule = ''", "value = 'x'"), "rule is empty"),
    "nothing to fit": (expect(), "expect everything"),
    "stars alone": (expect("path = '**'", "rule = '*'"), "expect everything"),
    "a list of rules": (expect("rule = ['x', 'y']"), "rule must be a string"),
    "a day as a text": (expect("rule = 'x'", "until = '2027-01-01'"), "until must be a date"),
    "a day with a time": (expect("rule = 'x'", "until = 2027-01-01T00:00:00Z"), "until must be a date"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_profile_is_refused_and_says_where(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        profile(text)
    assert told in caught.value.message


def test_a_rule_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        profile(expect("rule = 'bootexec-extr'"), rules=["bootexec-extra", "minint"])
    assert caught.value.hint == "Is it bootexec-extra?"
    assert profile(expect("rule = 'bootexec*'"), rules=["bootexec-extra"]).expectations


TOO_WIDE = (
    "path = '*i*'",
    "path = '*.exe'",
    "path = '*.dll*'",
    "path = 'C:\\*'",
    "path = 'C:\\Windows\\*'",
    "path = '*\\System32\\drivers\\*'",
    "path = 'C:\\Program Files (x86)\\*'",
    "path = '*a*b*c*d*e*'",
    "value = '*a*'",
    "value = 'ControlSet001\\Services\\*'",
    "rule = '*-*'",
    "rule = '*e*'\npath = '*i*'",
    "rule = '*'\nvalue = '*'\npath = '*i*'",
)
NARROW = (
    "path = '*pdboot*'",
    "path = 'C:\\Foo\\*'",
    "path = 'C:\\a'",
    "path = '*\\Raxco\\*'",
    "value = '*\\ComSpec'",
    "rule = 'lsa*'",
    "rule = 'bootexec-extra'\npath = '*'",
    "value = 'BootExecute'\npath = '*i*'",
    "path = '*'\nfingerprint = '0123456789abcdef'",
)


@pytest.mark.parametrize("lines", TOO_WIDE)
def test_a_table_that_fits_nearly_everything_is_refused(lines: str) -> None:
    with pytest.raises(UsageError, match="would expect nearly everything") as caught:
        profile(expect(lines))
    assert "4 letters in one piece" in (caught.value.hint or "")


@pytest.mark.parametrize("lines", NARROW)
def test_a_table_that_tells_something_by_itself_is_taken(lines: str) -> None:
    assert len(profile(expect(lines)).expectations) == 1

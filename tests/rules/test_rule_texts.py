"""The texts of the rules: what they send a reader to is something that the reader has, and what they tell to do harms no machine."""

import re
from pathlib import Path

import pytest

from hivecheck.rules.catalog import RULES
from hivecheck.rules.examples.catalog import EXAMPLES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Rule
from tests.rules.cases import case_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
_DOCUMENT = re.compile(r"[\w-]+\.md\b(?: [A-Z]?\d*(?:\.\d+)+)?")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.id))
def test_a_rule_sends_its_reader_to_no_document_that_is_not_shipped(rule: Rule) -> None:
    texts = (rule.title, rule.why, rule.remedy, rule.needs, rule.severities, *rule.false_positives)
    named = [found for text in texts for found in _DOCUMENT.findall(text)]
    assert [one for one in named if " " in one or not (DOCS / one).is_file()] == []


RULE = {rule.id: rule for rule in RULES}


def said(id: str, example: Example) -> str:
    """What a rule says on an example, one hit after another."""
    return "\n".join(hit.message for hit in RULE[id].check(case_of(example)))


@pytest.mark.parametrize(
    "id",
    [
        "svc-driver-odd-location", "svc-callback-drivers", "svc-path-user-writable", "svc-imagepath-lolbin",
        "svc-svchost-masquerade", "svc-type-oddities", "svc-relative", "svc-psexec-artefacts", "svc-servicedll",
    ],
)  # fmt: skip
def test_a_service_of_windows_is_set_as_shipped_before_another_is_disabled(id: str) -> None:
    remedy = RULE[id].remedy
    wanted, shipped, disabled = (remedy.find(words) for words in ("a product that is wanted", "as shipped", "is disabled"))
    assert 0 <= wanted < shipped < disabled
    assert "only another" in remedy.casefold()
    assert "Disable the" not in remedy


def test_rules_of_one_remedy_have_it_word_for_word() -> None:
    shared = [RULE[id].remedy for id in ("svc-path-user-writable", "svc-imagepath-lolbin", "svc-relative")]
    assert len(set(shared)) == 1, "the order of repair tells a remedy once for all that have it"


def test_the_dll_of_services_is_let_pass_where_the_remedy_sets_it() -> None:
    value = '[ControlSet001\\Control]\nServiceControlManagerExtension = expand "%systemroot%\\system32\\scext.dll"'
    silent = [
        one
        for one in ("vista-x86", "win7-x64", "win8-x64", "win81-x64")
        if not said("scm-extension", Example("", value, generation=one))
    ]
    assert silent == ["vista-x86", "win7-x64", "win8-x64", "win81-x64"]
    assert "on Vista to 8.1 and their servers" in RULE["scm-extension"].remedy
    assert "the DLL of Vista to 8.1" in said("scm-extension", Example("", value))


def test_a_swapped_hive_is_told_as_what_would_be_where_it_likely_fails() -> None:
    old, new, *_ = EXAMPLES["seq-hive-swap"].fires_on
    assert "the swap works in this boot" in said("seq-hive-swap", old)
    assert "likely fails; if it worked, its accounts" in said("seq-hive-swap", new)


def test_the_condition_of_a_logon_follows_the_program_it_is_about() -> None:
    shell = next(one for one in EXAMPLES["software-winlogon-shell"].fires_on if one.title == "a program beside explorer")
    assert "starts evil.exe, if the file exists, beside" in said("software-winlogon-shell", shell)
    old = next(one for one in EXAMPLES["software-winlogon-userinit"].fires_on if one.generation == "nt4-x86")
    told = said("software-winlogon-userinit", old)
    assert "starts evil.exe at each logon, if the file exists, beside" in told
    assert told.endswith("Windows ships userinit and nddeagnt.exe alone.")


def test_two_sets_that_differ_below_lsa_are_told_of_who_reads_that() -> None:
    notation = '[ControlSet001\\Control\\Lsa]\nNotification Packages = multi "scecli" "filter"'
    assert "in nothing that smss or LSA reads" in said("seq-lkg-diff", Example("", notation, generation="win7-x86"))


def test_a_program_in_the_place_of_services_is_undone_where_its_order_stands() -> None:
    remedy = RULE["seq-initial-command-displaces-scm"].remedy
    assert all(name in remedy for name in ("S0InitialCommand", "Execute", "empty Setup\\CmdLine", "SetupType to 0"))


def test_no_value_is_set_that_the_windows_does_not_have() -> None:
    assert "On 8.1 and later set RespecializeCmdLine" in RULE["setup-cmdline"].remedy
    assert "ObCaseInsensitive, which is 1 on XP and later" in RULE["kernel-mitigations"].remedy
    assert "the folder of this Windows" in RULE["software-winlogon-userinit"].remedy
    assert "Leave the service of a product that is wanted alone" in RULE["safeboot-service-added"].remedy

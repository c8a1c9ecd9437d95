"""Which findings are told together, in which order, and under which headline."""

import time

from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.story import stories_of, tell_stories
from tests.rules.made_findings import cite, made_finding


def told(*findings: Finding) -> list[list[str]]:
    """The ids of each story, in the order of the report."""
    return [[finding.rule.id for finding in story.findings] for story in stories_of(tell_stories(findings))]


def test_findings_without_anything_in_common_are_stories_of_their_own() -> None:
    assert told(made_finding("a", because=(cite("A"),)), made_finding("b", because=(cite("B"),))) == [["a"], ["b"]]


def test_the_worst_story_comes_first_and_the_boot_orders_the_rest() -> None:
    findings = (
        made_finding("late", events=(90,)),
        made_finding("early", events=(7,)),
        made_finding("worst", Severity.CRITICAL, events=(99,)),
        made_finding("without event"),
    )
    assert told(*findings) == [["worst"], ["early"], ["late"], ["without event"]]


def test_a_common_thread_makes_one_story_the_worst_first() -> None:
    mild = made_finding("mild", Severity.LOW, threads=(r"file c:\x.dll",))
    grave = made_finding("grave", Severity.CRITICAL, threads=(r"file c:\x.dll", "service X"))
    third = made_finding("third", Severity.MEDIUM, threads=("service X",))
    assert told(mild, grave, third) == [["grave", "third", "mild"]]


def test_an_event_that_both_are_about_makes_one_story() -> None:
    assert told(made_finding("a", events=(5,)), made_finding("b", events=(4, 5))) == [["b", "a"]]


def test_a_finding_about_a_whole_list_ties_nothing_by_its_events() -> None:
    state = made_finding("whole-list", Severity.MEDIUM, events=tuple(range(60, 90)))
    one, other = made_finding("one", events=(61,)), made_finding("other", events=(75,))
    assert told(state, one, other) == [["one"], ["other"], ["whole-list"]]


def test_info_joins_the_worst_story_it_touches_and_never_two() -> None:
    info = made_finding("state", Severity.INFO, threads=("file a", "file b"))
    high, critical = (
        made_finding("high", threads=("file a",)),
        made_finding("critical", Severity.CRITICAL, threads=("file b",)),
    )
    assert told(info, high, critical) == [["critical", "state"], ["high"]]


def test_infos_that_touch_nothing_graver_may_be_one_story() -> None:
    infos = [made_finding(id, Severity.INFO, threads=("key minint",)) for id in "ab"]
    assert told(*infos) == [["a", "b"]]


def test_two_that_cite_the_same_string_are_one_story_and_two_strings_of_a_list_are_not() -> None:
    first, second = cite("BootExecute", "evil", 1), cite("BootExecute", "worse", 2)
    assert told(made_finding("a", because=(first,)), made_finding("b", because=(first,))) == [["a", "b"]]
    assert told(made_finding("a", because=(first,)), made_finding("b", because=(second,))) == [["a"], ["b"]]


def test_what_cites_a_whole_value_is_told_with_the_worst_that_cites_a_string_of_it() -> None:
    findings = (
        made_finding("differs", Severity.MEDIUM, because=(cite("BootExecute"), cite("BootExecute", key="ControlSet002"))),
        made_finding("one", Severity.CRITICAL, because=(cite("BootExecute", "evil", 1),)),
        made_finding("other", because=(cite("BootExecute", "odd", 2),)),
    )
    assert told(*findings) == [["one", "differs"], ["other"]]


def test_what_is_expected_tells_no_story_with_what_stands_and_comes_last() -> None:
    expected = made_finding("expected", Severity.CRITICAL, threads=("file a",), expected="known")
    assert told(expected, made_finding("stands", Severity.LOW, threads=("file a",))) == [["stands"], ["expected"]]


def test_a_sequence_gives_the_headline_among_equals() -> None:
    single = made_finding("single", Severity.CRITICAL, "msctf.dll", threads=("file a",))
    chain = made_finding("seq-chain", Severity.CRITICAL, "the chain", threads=("file a",), family="sequences")
    [story] = stories_of(tell_stories((single, chain)))
    assert story.headline == "the chain: The title of seq-chain"
    assert story.lead is story.findings[0]
    assert story.severity is Severity.CRITICAL


def test_the_order_of_the_rules_does_not_change_the_stories() -> None:
    findings = [made_finding(str(number), subject=str(number), threads=(f"file {number // 3}",)) for number in range(9)]
    assert tell_stories(tuple(findings)) == tell_stories(tuple(reversed(findings)))


def test_many_findings_cost_linear_time() -> None:
    findings = tuple(
        made_finding(f"r{number % 7}", subject=str(number), because=(cite("List", "x", number),), events=(number,))
        for number in range(20_000)
    )
    started = time.perf_counter()
    assert len(tell_stories(findings)) == 20_000
    assert time.perf_counter() - started < 5

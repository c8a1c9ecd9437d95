"""What a reader must know first of a comparison, and what its sentence claims."""

from typing import Any

from hivecheck.compare.diff import compare_documents
from hivecheck.compare.documents import bare_document
from hivecheck.compare.whole_hive import WholeHiveDiff, compare_hives
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive
from hivecheck.report.diff_caveats import caveats, damage_rows
from hivecheck.report.diff_html import render_diff
from hivecheck.report.diff_view import is_same, side_rows, verdict_sentence, windows_sentences
from tests.compare.documents import document, written
from tests.hive_writer import write_hive

HURT = [{"code": "truncated-hive", "message": "the file ends\x1b early", "because": [], "loses_data": True}]


def side(**evidence: Any) -> dict[str, Any]:
    found = document()
    found["evidence"] |= evidence
    return found


def keys(before: str, after: str) -> WholeHiveDiff:
    one, other = (RegfHive.from_buffer("H", write_hive(hive_of(text)).data) for text in (before, after))
    return compare_hives(one, other)


def test_damage_is_the_first_caveat_and_has_no_live_control_character() -> None:
    before = side(dirty=True)
    found = caveats(compare_documents(before, {**side(), "problems": HURT}))
    assert found[0].startswith("The after side can't be read whole")
    assert "ends⟨U+001B⟩ early" in found[0]
    assert found[1].startswith("The before side is dirty and stands without its logs")
    assert damage_rows(before) == []


def test_an_after_side_that_booted_earlier_is_warned_of() -> None:
    old, new = side(last_boot="2020-01-01T00:00:00Z", boot_count=7), side(last_boot="2021-01-01T00:00:00Z", boot_count=9)
    assert any("AFTER looks older than BEFORE" in one for one in caveats(compare_documents(new, old)))
    assert caveats(compare_documents(old, new)) == []


def test_two_machines_have_no_order() -> None:
    one = side(last_boot="2021-01-01T00:00:00Z", computer_name="A")
    other = side(last_boot="2020-01-01T00:00:00Z", computer_name="B")
    diff = compare_documents(one, other)
    assert caveats(diff) == []
    assert "<title>A against B" in render_diff(diff, "2023-01-01T00:00:00Z", CaseNotes(), "info")


def test_what_one_side_does_not_tell_is_not_another_one() -> None:
    assert windows_sentences(compare_documents(side(), side(computer_name="B"))) == [
        "The computer is known after only: B; not before."
    ]


def test_nothing_differs_is_said_of_what_was_compared_only() -> None:
    diff = compare_documents(document({"A": written(1)}), document({"A": written(1)}))
    other = keys("", "[A] 2018-04-06T12:26:31Z")
    same = keys("", "")
    assert "Nothing differs in the settings" in verdict_sentence(diff)
    assert "1 key and 0 values differ." in verdict_sentence(diff, other)
    assert "neither in any key or value" in verdict_sentence(diff, same)
    assert (is_same(diff), is_same(diff, other), is_same(diff, same)) == (True, False, True)


def test_hives_that_are_no_system_hives_are_told_by_keys_alone() -> None:
    one = bare_document("SOFTWARE", "SOFTWARE", "00")
    one["evidence"] |= {"dirty": True, "recovered": False}
    diff = compare_documents(one, bare_document("SOFTWARE", "SOFTWARE", "00"))
    told = verdict_sentence(diff, keys("", "[A] 2018-04-06T12:26:31Z"))
    assert told == "These are no SYSTEM hives: only keys and values were compared. 1 key and 0 values differ."
    assert dict(side_rows(one)) == {"Source": "SOFTWARE", "Hive": "dirty, without its logs", "SHA-256": "00"}


def test_a_side_that_could_not_be_read_whole_is_never_the_same() -> None:
    diff = compare_documents(document(), document(problems=HURT))
    assert not is_same(diff)


def test_damage_stands_before_everything_else_on_the_page() -> None:
    diff = compare_documents(side(computer_name="A"), {**side(computer_name="B"), "problems": HURT})
    page = render_diff(diff, "2023-01-01T00:00:00Z", CaseNotes(), "info")
    assert page.index("read whole") < page.index("The computer is another one") < page.index('class="tally"')

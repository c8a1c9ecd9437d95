"""What a side that can't be read whole makes doubtful."""

import pytest

from hivecheck.compare.change import ChangeKind, Verdict
from hivecheck.compare.diff import compare_documents
from hivecheck.compare.doubt import with_doubt
from tests.compare.documents import document, event, finding, written

HURT = [{"code": "truncated-hive", "message": "the file ends early", "because": [], "loses_data": True}]
SET = {"GlobalFlag": written(1, "REG_DWORD")}


def test_what_is_missing_on_a_cut_side_is_doubtful() -> None:
    [one] = with_doubt(compare_documents(document(SET), document(problems=HURT))).settings
    assert (one.change, one.verdict) == (ChangeKind.REMOVED, Verdict.UNEXPLAINED)
    assert one.why == "doubtful: not found after: what can't be read of the after side may hold it"


def test_what_is_there_on_a_cut_side_alone_is_a_fact() -> None:
    diff = compare_documents(document(), document(SET, problems=HURT))
    assert with_doubt(diff).settings == diff.settings


def test_a_boot_of_a_cut_side_is_doubtful_in_all_it_does() -> None:
    started = [event(1, "start-service", name="a", image="a.exe", account="LocalSystem")]
    [one] = with_doubt(compare_documents(document(problems=HURT), document(events=started))).effects
    assert one.text == (
        "would start the service a, before: would not (doubtful: not found before: "
        "what can't be read of the before side may have held it)"
    )


@pytest.mark.parametrize(("hurt", "new"), [(0, "it may have stood there as well"), (1, "it may come of what is lost")])
def test_a_new_finding_of_a_comparison_with_a_cut_side_says_so(hurt: int, new: str) -> None:
    sides = [document(), document(findings=[finding("r", "high", "s")])]
    sides[hurt]["problems"] = HURT
    [one] = with_doubt(compare_documents(sides[0], sides[1])).findings.new
    assert new in one["doubtful"]


def test_two_whole_sides_leave_all_as_it_is() -> None:
    diff = compare_documents(document(SET), document())
    assert with_doubt(diff) is diff

"""Records that change: what they take, what they refuse, and that none shares its lists with another."""

import pytest

from hivecheck.facts.state import fresh, state


@state
class Counter:
    name: str
    seen: list[int] = fresh(list)
    limit: int = 3


def test_fields_are_taken_by_place_and_by_name() -> None:
    counter = Counter("one", limit=5)
    assert (counter.name, counter.seen, counter.limit) == ("one", [], 5)


def test_a_record_changes_and_shares_nothing() -> None:
    one, other = Counter("one"), Counter("other")
    one.seen.append(1)
    one.limit = 4
    assert (one.seen, one.limit) == ([1], 4)
    assert (other.seen, other.limit) == ([], 3)


def test_it_has_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        Counter("one").more = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), (("a", [], 1, 2), {}), (("a",), {"name": "b"}), (("a",), {"more": 1})]
)
def test_wrong_fields_are_refused(given: tuple[object, ...], named: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        Counter(*given, **named)  # type: ignore[arg-type]

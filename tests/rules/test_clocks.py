"""The rules on times: what is no time is not told, what is no moment is told as odd and set against no clock."""

import pytest

from hivecheck.facts.fact import changed
from hivecheck.registry.memory import MemoryHive, PlainKey
from hivecheck.rules.clocks import RULES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit
from tests.rules.cases import case_of, case_of_hive, clean

SM = "[ControlSet001\\Control\\Session Manager"
PREFETCH = f"{SM}\\Memory Management\\PrefetchParameters]"
NO_MOMENTS = ("1601-06-01T00:00:00.5Z", "1601-12-31T23:59:59Z", "ticks:18446744073709551615")


def hits(notation: str) -> dict[str, list[Hit]]:
    """What the rules of the times find, by rule."""
    case = case_of(Example("", notation))
    return {rule.id: found for rule in RULES if rule.family == "times" and (found := list(rule.check(case)))}


@pytest.mark.parametrize("time", NO_MOMENTS)
@pytest.mark.parametrize("key", [PREFETCH, f"{SM}]", f"{SM}\\KnownDLLs]", "[ControlSet001\\Control\\Lsa]"])
def test_a_time_that_is_no_moment_is_odd_and_compared_with_nothing(key: str, time: str) -> None:
    found = hits(f"{key} {time}\n")
    assert list(found) == ["time-round"]
    [hit] = found["time-round"]
    assert "No Windows ran then" in hit.message
    assert hit.subject == key.strip("[]")


def test_services_with_such_times_are_told_once_with_their_number() -> None:
    found = hits("".join(f"[ControlSet001\\Services\\{name}] {NO_MOMENTS[0]}\nStart = dword 4\n" for name in ("one", "two")))
    assert list(found) == ["time-round"]
    [hit] = found["time-round"]
    assert hit.subject == "ControlSet001\\Services\\one"
    assert hit.message.endswith("So has the key of 1 more service.")
    assert len(hit.because) == 2


def test_times_of_zero_are_none_and_nothing_is_told_of_them() -> None:
    case = case_of_hive(MemoryHive("SYSTEM", without_times(clean("win10-21h2-x64"))))
    assert not any(key.written for key in case.subkeys("Control\\Session Manager"))
    assert [hit for rule in RULES if rule.family == "times" for hit in rule.check(case)] == []


def without_times(key: PlainKey) -> PlainKey:
    return changed(key, written=0, subkeys=tuple(map(without_times, key.subkeys)))


def test_a_select_of_1601_dates_no_installation() -> None:
    assert case_of(Example("", "[Select] 1601-06-01T00:00:00.5Z\n")).installed is None

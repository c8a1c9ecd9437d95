"""Defender's entry in the lists of safe mode counts as taken out only where something says that it was there."""

from hivecheck.baselines.load import load_baseline
from hivecheck.facts.generation import WIN10_2004
from hivecheck.facts.origin import KeyRef
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.safe_boot_lists import SAFEBOOT_REMOVED
from hivecheck.rules.sequences_of_protection import SAFE_BOOT_TRAP
from tests.rules.cases import case_of

MINIMAL = r"ControlSet001\Control\SafeBoot\Minimal"
ADDED = r"""
[ControlSet001\Services\Agent]
Type = dword 16
Start = dword 2
ImagePath = sz "C:\Program Files\Agent\a.exe"
[ControlSet001\Control\SafeBoot\Minimal\Agent]
@ = sz "Service"
"""


def trap(notation: str, generation: str = "win10-21h2-x64") -> list[Hit]:
    return list(SAFE_BOOT_TRAP.check(case_of(Example("", notation, generation=generation))))


def shipped_list(*left_out: str) -> str:
    """The list of Minimal as Windows 10 2004 ships it, without some names."""
    names = load_baseline(WIN10_2004, "AMD64").keys(r"Control\SafeBoot\Minimal")
    return "\n".join(f'[{MINIMAL}\\{name}]\n@ = sz ""' for name in sorted(names) if name not in left_out)


def test_an_entry_that_was_never_there_does_not_count() -> None:
    assert trap(ADDED) == []
    assert trap(ADDED, "win7-x64") == []


def test_an_entry_missing_from_a_list_that_is_whole_otherwise_counts() -> None:
    hits = trap(ADDED + shipped_list("WINDEFEND"))
    assert [hit.severity for hit in hits] == [Severity.HIGH]
    assert MINIMAL in [origin.path for origin in hits[0].because if isinstance(origin, KeyRef)]


def test_a_whole_list_counts_for_nothing() -> None:
    assert trap(ADDED + shipped_list()) == []


def test_an_entry_that_another_control_set_holds_counts() -> None:
    other = '[ControlSet002\\Control\\SafeBoot\\Minimal\\WinDefend]\n@ = sz "Service"\n'
    hits = trap(ADDED + other, "win7-x64")
    assert [hit.severity for hit in hits] == [Severity.HIGH]
    removed = list(SAFEBOOT_REMOVED.check(case_of(Example("", other, generation="win7-x64"))))
    assert [hit.subject for hit in removed] == [r"Control\SafeBoot\Minimal\WinDefend"]
    assert removed[0].severity is Severity.MEDIUM


def test_an_entry_taken_from_a_list_that_was_changed_later_counts() -> None:
    hits = trap(f"{ADDED}[{MINIMAL}] 2022-09-20T10:00:00Z\n[{MINIMAL}\\Base] 2021-01-01T10:00:00Z\n")
    assert [hit.severity for hit in hits] == [Severity.HIGH]

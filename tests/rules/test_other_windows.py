"""Whether a file belongs to another Windows than the one whose hive it is."""

import pytest

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.examples.example import Example
from hivecheck.rules.other_windows import other_windows
from hivecheck.rules.paths import comparable
from tests.rules.cases import case_of

SAM = r"\system32\config\SAM"
APART = r"""
[MountedDevices]
\DosDevices\C: = binary 01 00 00 00 00 7e 00 00 00 00 00 00
\DosDevices\D: = binary 02 00 00 00 00 7e 00 00 00 00 00 00
"""
ONE_VOLUME = APART.replace("02 00", "01 00")
RUNS_THERE = r"""
[ControlSet001\Services\x]
Type = dword 16
Start = dword 2
ImagePath = expand "C:\WINNT\x.exe"
"""


def folder(path: str, notation: str = "", generation: str = "xp-x86", without: tuple[str, ...] = ()) -> str:
    case = case_of(Example("", notation, generation=generation, without=without))
    return other_windows(case, comparable(path, case.system_root))


@pytest.mark.parametrize(
    ("path", "notation", "expected"),
    [
        (rf"\??\C:\WINNT{SAM}", "", "c:\\winnt"),
        (r"\??\C:\WINNT", "", "c:\\winnt"),
        (rf"\??\C:\WINDOWS{SAM}", "", ""),
        (rf"\SystemRoot{SAM}", "", ""),
        (rf"\??\C:\Backup\WINNT{SAM}", "", ""),
        (rf"\??\C:\WINNT{SAM}", RUNS_THERE, ""),
        (rf"\??\D:\WINDOWS{SAM}", APART, "d:\\windows"),
        (rf"\??\D:\WINDOWS{SAM}", ONE_VOLUME, ""),
        (rf"\??\E:\WINDOWS{SAM}", APART, ""),
    ],
)
def test_another_windows_is_told_where_nothing_of_this_one_lies_there(path: str, notation: str, expected: str) -> None:
    assert folder(path, notation) == expected


def test_one_value_is_enough_where_it_says_what_setup_proposes() -> None:
    case = case_of(Example("", "", generation="nt4-x86"))
    assert case.facts.system_root.confidence is Confidence.MEDIUM
    assert folder(rf"\??\C:\WINDOWS{SAM}", generation="nt4-x86") == "c:\\windows"


def test_nothing_is_told_where_the_hive_does_not_say_where_this_windows_lies() -> None:
    without = (r"Control\Print\Printers", "Services")
    case = case_of(Example("", "", generation="xp-x86", without=without))
    assert case.facts.system_root.confidence is Confidence.LOW
    assert folder(rf"\??\C:\WINNT{SAM}", without=without) == ""

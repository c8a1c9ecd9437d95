r"""Other names of the same folder: links to ProgramData, standard short names, volumes by device or GUID."""

import pytest

from hivecheck.rules import renames
from hivecheck.rules.examples.example import Example
from hivecheck.rules.folder_names import name_folders
from hivecheck.rules.judge import judge
from hivecheck.rules.paths import comparable
from hivecheck.rules.rule import Severity
from hivecheck.rules.system_rules import SEQUENCES
from tests.rules.cases import case_of

GUID = "Volume{01234567-89ab-cdef-0123-456789abcdef}"
SAME = (
    (r"C:\Users\All Users\Microsoft", r"c:\programdata\microsoft"),
    (r"C:\Users\All Users", r"c:\programdata"),
    (r"C:\Documents and Settings\All Users\Application Data\x", r"c:\programdata\x"),
    (r"C:\ProgramData\Application Data\Application Data\x", r"c:\programdata\x"),
    (r"C:\PROGRA~1\a", r"c:\program files\a"),
    (r"C:\PROGRA~2\a", r"c:\program files (x86)\a"),
    (r"C:\PROGRA~3\MICROS~1\WINDOW~1", r"c:\programdata\microsoft\windows defender"),
    (r"C:\DOCUME~1\ALLUSE~1\APPLIC~1\MICROS~1\a", r"c:\programdata\microsoft\a"),
    (r"C:\PROGRA~1\CROWDS~1\a.exe", r"c:\program files\crowdstrike\a.exe"),
    (
        r"C:\Users\a\AppData\Roaming\Microsoft\Windows\STARTM~1\b",
        r"c:\users\a\appdata\roaming\microsoft\windows\start menu\b",
    ),
    (
        r"C:\Users\A~1\AppData\Roaming\MICROS~1\Windows\STARTM~1",
        r"c:\users\a~1\appdata\roaming\microsoft\windows\start menu",
    ),
    (r"C:\PROGRA~3\MICROS~1\Windows\STARTM~1\b", r"c:\programdata\microsoft\windows\start menu\b"),
    (r"C:\Users\ALLUSE~1\MICROS~1\Windows\STARTM~1\b", r"c:\programdata\microsoft\windows\start menu\b"),
    (r"C:\PROGRA~2\MICROS~1\Windows\STARTM~1\b", r"c:\programdata\microsoft\windows\start menu\b"),  # of 32 bits
    (r"C:\PROGRA~2\Microsoft\Windows\Start Menu\b", r"c:\programdata\microsoft\windows\start menu\b"),
    (r"C:\ProgramData\STARTM~1\b", r"c:\programdata\start menu\b"),
    (r"C:\DOCUME~1\a\STARTM~1\b", r"c:\documents and settings\a\start menu\b"),
    (r"\Device\HarddiskVolume3\ProgramData", r"c:\programdata"),
    (r"\Device\HarddiskVolume3\PROGRA~1\a", r"c:\program files\a"),
    (rf"\??\{GUID}\ProgramData\Microsoft", r"c:\programdata\microsoft"),
    (rf"\??\{GUID}\Program Files (x86)\a", r"c:\program files (x86)\a"),
)
OTHER = (
    r"c:\users\all usersx\a", r"c:\foo\progra~1\a", r"c:\foo\users\all users\a", r"c:\users\someone~1\a",
    r"c:\startm~1\a", r"c:\users\startm~1\a", r"c:\users\a\b\startm~1", r"c:\program files\microsoft\windows\startm~1\a",
    r"c:\microsoft\windows\startm~1\a", r"c:\users\a\appdata\local\microsoft\windows\startm~1", r"c:\programdata\startm~2\a",
    r"c:\users\a\appdata\local\micros~1\a", r"c:\users\a\appdata\roaming\x\micros~1\a", r"c:\users\appdata\roaming\micros~1",
    r"c:\program files\micros~1\office14\a.exe", r"c:\users\x\application data\a", r"\device\harddiskvolume3\windowsx\a",
)  # fmt: skip


@pytest.mark.parametrize(("spelled", "same"), SAME)
def test_other_names_of_a_folder_are_the_same_path(spelled: str, same: str) -> None:
    assert comparable(spelled).text == same


@pytest.mark.parametrize("path", OTHER)
def test_other_folders_keep_their_names(path: str) -> None:
    assert comparable(path).text == path


def test_second_program_folder_of_a_32_bit_windows_is_program_data_where_defender_lies_in_it() -> None:
    assert comparable(r"C:\PROGRA~2\Microsoft\Windows Defender\a").text == r"c:\programdata\microsoft\windows defender\a"
    assert comparable(r"C:\PROGRA~2\Microsoft\EdgeUpdate\a").text == r"c:\program files (x86)\microsoft\edgeupdate\a"


def test_a_short_name_is_told_as_assumed_and_stays_odd() -> None:
    path = comparable(r"C:\PROGRA~1\a.dll")
    assert path.assumed == ("progra~1 as program files",)
    assert "a short (8.3) name" in path.oddities
    assert comparable(r"C:\Program Files\a.dll").assumed == ()


def test_a_long_hostile_path_is_read_once() -> None:
    path = "c:" + "\\progra~1" * 50_000 + "\\application data" * 5_000
    text, assumed = name_folders(path)
    assert assumed == ("progra~1 as program files",)
    assert len(text) == len(path) + len("program files") - len("progra~1")


ABOVE = (
    r"\Device\HarddiskVolume3\ProgramData", r"\??\GLOBALROOT\Device\HarddiskVolume2\PROGRA~3", rf"\??\{GUID}\ProgramData",
    r"\??\C:\Users\All Users", r"\??\C:\Documents and Settings\All Users\Application Data", r"\??\C:\PROGRA~3", r"\??\C:\PROGRA~2",
)  # fmt: skip


@pytest.mark.parametrize("folder", ["Microsoft", "MICROS~1"])
@pytest.mark.parametrize("above", ABOVE)
def test_a_swing_of_defenders_folder_is_found_however_it_is_spelled(above: str, folder: str) -> None:
    inner = "Windows Defender" if folder == "Microsoft" else "WINDOW~1"
    rows = (
        rf'"{above}\{folder}" "{above}\mb" "{above}\mb\{inner}\Platform\4.18\MsMpEng.exe" "{above}\mb\{inner}\x_bak" '
        rf'"{above}\mb" "{above}\{folder}"'
    )
    case = case_of(Example("", f"[ControlSet001\\Control\\Session Manager]\nPendingFileRenameOperations = multi {rows}"))
    found = [finding for finding in judge(case, SEQUENCES).findings if finding.rule.id == "seq-parent-dir-swing"]
    assert [finding.severity for finding in found] == [Severity.CRITICAL]
    assert ("short names are assumed" in found[0].message) == ("~" in rows)
    assert any(getattr(origin, "text", "") == rf"{above}\{folder}" for origin in found[0].because)


STARTUPS = (
    r"C:\Users\a\AppData\Roaming\Microsoft\Windows\STARTM~1\Programs\Startup\x.lnk",
    r"C:\Users\a\AppData\Roaming\MICROS~1\Windows\STARTM~1\Programs\Startup\x.lnk",
    r"C:\PROGRA~3\MICROS~1\Windows\STARTM~1\Programs\Startup\x.lnk",
    r"C:\ProgramData\MICROS~1\Windows\Start Menu\Programs\Startup\x.lnk",
)


@pytest.mark.parametrize("path", STARTUPS)
def test_plant_in_a_startup_folder_is_found_under_a_short_name(path: str) -> None:
    row = rf'"\??\C:\Users\Public\x.tmp" "\??\{path}"'
    case = case_of(Example("", f"[ControlSet001\\Control\\Session Manager]\nPendingFileRenameOperations = multi {row}"))
    found = [one for one in judge(case, renames.RULES).findings if one.rule.id == "pfro-drop-executable"]
    assert [finding.severity for finding in found] == [Severity.CRITICAL]
    assert "short names are assumed: " in found[0].message

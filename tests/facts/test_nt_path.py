r"""Paths as the object manager sees them: smss.md B3.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.facts.nt_path import NtPath, PathKind, has_drive


@pytest.mark.parametrize(
    ("text", "kind", "native"),
    [
        ("\\??\\C:\\x", PathKind.DRIVE, True),
        ("\\??\\c:", PathKind.DRIVE, True),
        ("\\DosDevices\\C:\\x", PathKind.DRIVE, True),
        ("\\global??\\C:\\x", PathKind.DRIVE, True),
        ("\\??\\Volume{6f1b}\\x", PathKind.VOLUME, True),
        ("\\??\\UNC\\server\\share\\x", PathKind.NETWORK, True),
        ("\\??\\unc", PathKind.NETWORK, True),
        ("\\??\\PhysicalDrive0", PathKind.DOS_DEVICE, True),
        ("\\??\\1:\\x", PathKind.DOS_DEVICE, True),
        ("\\??\\CC:\\x", PathKind.DOS_DEVICE, True),
        ("\\??\\C:x", PathKind.DOS_DEVICE, True),
        ("\\??\\", PathKind.DOS_DEVICE, True),
        ("\\SystemRoot\\x", PathKind.SYSTEM_ROOT, True),
        ("\\SYSTEMROOT", PathKind.SYSTEM_ROOT, True),
        ("\\SystemRootX\\x", PathKind.OBJECT, True),
        ("\\Device\\HarddiskVolume1\\x", PathKind.DEVICE, True),
        ("\\ArcName\\multi(0)\\x", PathKind.OBJECT, True),
        ("\\??", PathKind.OBJECT, True),
        ("\\", PathKind.OBJECT, True),
        ("\\\\?\\C:\\x", PathKind.WIN32, False),
        ("\\\\server\\share", PathKind.WIN32, False),
        ("C:\\x", PathKind.WIN32, False),
        ("C:x", PathKind.WIN32, False),
        ("x.tmp", PathKind.RELATIVE, False),
        ("/??/C:/x", PathKind.RELATIVE, False),
        ("", PathKind.EMPTY, False),
    ],
)
def test_what_the_spelling_of_a_path_says(text: str, kind: PathKind, native: bool) -> None:
    assert (NtPath(text).kind, NtPath(text).is_native) == (kind, native)


@pytest.mark.parametrize(
    ("text", "tail", "drive"),
    [
        ("\\??\\C:\\x", "C:\\x", "C"),
        ("\\??\\c:", "c:", "C"),
        ("\\dosdevices\\d:\\x", "d:\\x", "D"),
        ("C:\\x", "C:\\x", "C"),
        ("\\SystemRoot\\x", "\\SystemRoot\\x", None),
        ("\\??\\UNC\\s", "UNC\\s", None),
        ("", "", None),
    ],
)
def test_the_tail_behind_the_prefix_and_the_drive(text: str, tail: str, drive: str | None) -> None:
    assert (NtPath(text).tail, NtPath(text).drive) == (tail, drive)


@pytest.mark.parametrize(
    ("text", "folder", "file_name"),
    [
        ("\\??\\C:\\a\\x.dll", "\\??\\C:\\a", "x.dll"),
        ("\\??\\C:\\a\\", "\\??\\C:", "a"),
        ("\\??\\C:\\", "\\??", "C:"),
        ("x.dll", "", "x.dll"),
        ("", "", ""),
        ("\\", "", ""),
    ],
)
def test_folder_and_file_name(text: str, folder: str, file_name: str) -> None:
    assert (NtPath(text).folder, NtPath(text).file_name) == (folder, file_name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C:", True),
        ("z:\\x", True),
        ("C:x", False),
        ("1:", False),
        ("é:", False),
        ("C", False),
        ("", False),
        (":\\", False),
        ("C:/x", False),
    ],
)
def test_a_drive_is_a_letter_and_a_colon_at_the_end_or_before_a_backslash(text: str, expected: bool) -> None:
    assert has_drive(text) is expected


@given(st.text(max_size=30))
def test_any_text_has_a_kind_and_is_spelled_as_found(text: str) -> None:
    path = NtPath(text)
    assert str(path) == path.text == text
    assert path.kind in PathKind
    assert text.endswith(path.tail)

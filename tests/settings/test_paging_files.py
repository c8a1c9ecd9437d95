"""One specifier of PagingFiles and the list of them: smss.md B.12."""

import pytest

from hivecheck.facts.origin import BuiltIn
from hivecheck.settings.paging_files import PagingFile, read_paging_files
from hivecheck.settings.setting import Presence, Setting
from tests.settings.decoding import DAMAGE, raw, strings_of, unreadable, written

DEFAULT = "?:\\pagefile.sys"


def read(content: str | None) -> Setting[tuple[PagingFile, ...]]:
    return read_paging_files("PagingFiles", raw(content, "PagingFiles"), DEFAULT, "source")


def file_of(text: str) -> PagingFile:
    (file,) = read(f'multi "{text}"').value
    return file


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("C:\\pagefile.sys", (None, None)),
        ("C:\\pagefile.sys 0 0", (None, None)),
        ("C:\\pagefile.sys   00  0 ", (None, None)),
        ("C:\\pagefile.sys 768 1536", (768, 1536)),
        ("  C:\\pagefile.sys\t768  1536  ", (768, 1536)),
        ("C:\\pagefile.sys 512", (512, 512)),
        ("C:\\pagefile.sys 1024 512", (1024, 1024)),
        ("C:\\pagefile.sys 512 0", (512, 512)),
        ("C:\\pagefile.sys 0 4096", (0, 4096)),
        ("C:\\pagefile.sys 512\t1024", (512, 512)),
        ("C:\\pagefile.sys 512\t99 1024", (512, 1024)),
        ("C:\\pagefile.sys 0x100 0b1000000000", (256, 512)),
        ("C:\\pagefile.sys 0o400 0XFFFF", (256, 65535)),
        ("C:\\pagefile.sys 512MB 1024MB", (512, 1024)),
        ("C:\\pagefile.sys 4294967296 1", (0, 1)),
    ],
)
def test_sizes(text: str, sizes: tuple[int | None, int | None]) -> None:
    """smss.md B12.1 to B12.4."""
    file = file_of(text)
    assert (file.path, file.rejected) == ("C:\\pagefile.sys", "")
    assert (file.minimum_mb, file.maximum_mb) == sizes
    assert file.system_managed is (sizes == (None, None))


@pytest.mark.parametrize(
    "text", ["C:\\p.sys x", "C:\\p.sys 1 x", "C:\\p.sys 0x", "C:\\p.sys -1", "C:\\p.sys " + "9" * 100, "C:\\p.sys \u0661"]
)
def test_sizes_that_are_no_numbers_drop_the_specifier(text: str) -> None:
    """smss.md B12.3."""
    assert file_of(text).rejected == "its sizes are no numbers"


@pytest.mark.parametrize(
    "text",
    [
        "pagefile.sys",
        "\\??\\C:\\pagefile.sys",
        "\\pagefile.sys",
        "C:pagefile.sys",
        "1:\\p",
        "\\\\s\\s\\p",
        "CD:\\p",
        "\u0421:\\p",
    ],
)
def test_a_path_without_a_drive_letter_in_its_place_is_dropped(text: str) -> None:
    """smss.md B12.12."""
    assert file_of(text).rejected == "no drive letter where smss looks for one"


def test_any_file_name_is_taken_and_keywords_are_none() -> None:
    """smss.md B12.1, B12.12."""
    assert (file_of("d:\\evil.dll").path, file_of("d:\\evil.dll").rejected) == ("d:\\evil.dll", "")
    assert file_of("autocheck C:\\p.sys").path == "autocheck"


def test_any_drive_is_marked_and_a_second_one_dropped() -> None:
    """smss.md B12.5."""
    first, fixed, second = read('multi "?:\\a.sys" "C:\\b.sys" "?:\\c.sys 1 2"').value
    assert [file.any_drive for file in (first, fixed, second)] == [True, False, True]
    assert [bool(file.rejected) for file in (first, fixed, second)] == [False, False, True]


def test_a_dropped_file_on_any_drive_takes_no_ones_place() -> None:
    dropped, kept = read('multi "?:\\a.sys x" "?:\\b.sys"').value
    assert (bool(dropped.rejected), kept.rejected) == (True, "")


def test_copies_in_any_case_are_dropped() -> None:
    """smss.md B1.13."""
    files = read('multi "C:\\p.sys 1" "c:\\P.SYS 1" "C:\\p.sys 2"').value
    assert [bool(file.rejected) for file in files] == [False, True, False]


def test_16_files_are_kept_not_counting_those_dropped() -> None:
    """smss.md B12.6."""
    strings = " ".join(f'"C:\\p{number}.sys"' for number in range(17))
    assert [bool(file.rejected) for file in read(f'multi "x" {strings}').value] == [True] + [False] * 16 + [True]


def test_each_specifier_cites_its_string() -> None:
    files = read('multi "" "C:\\a" "C:\\b"').value
    assert [(file.text, strings_of(file.origin)) for file in files] == [("C:\\a", (1, 1)), ("C:\\b", (2, 2))]


@pytest.mark.parametrize("content", [None, "none"])
def test_an_absent_list_is_one_file_on_any_drive_sized_by_the_system(content: str | None) -> None:
    """smss.md B12.5."""
    setting = read(content)
    built_in = BuiltIn(f"PagingFiles = {DEFAULT}", "source")
    assert (setting.presence, setting.origins) == (Presence.DEFAULTED, (built_in,))
    (file,) = setting.value
    assert (file.path, file.any_drive, file.system_managed, file.origin) == (DEFAULT, True, True, built_in)


@pytest.mark.parametrize("content", ["multi hex:", "multi", 'multi ""'])
def test_an_empty_list_is_no_file(content: str) -> None:
    """smss.md B12.10."""
    setting = read(content)
    assert (setting.value, setting.presence) == ((), Presence.WRITTEN)


def test_a_wrong_type_is_told_and_no_file() -> None:
    setting = read("dword 1")
    assert (setting.value, setting.presence) == ((), Presence.WRONG_TYPE)
    assert setting.origins == (written("dword 1", "PagingFiles").ref,)


def test_what_cant_be_read_is_not_the_default() -> None:
    setting = read_paging_files("PagingFiles", unreadable(), DEFAULT, "source")
    assert (setting.value, setting.presence, setting.problems) == ((), Presence.UNREADABLE, (DAMAGE,))

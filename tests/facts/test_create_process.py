"""How CreateProcess reads a command line: documentation of CreateProcess and SearchPath."""

import pytest

from hivecheck.facts.create_process import LONGEST_PATH, CreatedImage, find_created_image, image_meant, search_folders

FOLDERS = search_folders("C:\\Windows", "C:\\Tools")


def found(text: str) -> CreatedImage:
    return find_created_image(text, FOLDERS)


def tried(text: str) -> list[str]:
    return [path.tail for path in found(text).candidates]


@pytest.mark.parametrize(
    ("text", "image", "arguments", "candidates"),
    [
        ("C:\\Windows\\System32\\svchost.exe -k netsvcs", "C:\\Windows\\System32\\svchost.exe", "-k netsvcs", None),
        ('"C:\\Program Files\\a\\b.exe" /x "y z"', "C:\\Program Files\\a\\b.exe", '/x "y z"', None),
        ('"C:\\a\\b.exe"/x', "C:\\a\\b.exe", "/x", None),
        ('"C:\\a\\b.exe', "C:\\a\\b.exe", "", None),
        ("C:\\a\\b", "C:\\a\\b", "", ["C:\\a\\b.exe"]),
        ("C:\\a\\b -k c", "C:\\a\\b", "-k c", ["C:\\a\\b.exe"]),
        ("C:\\a.b\\c", "C:\\a.b\\c", "", ["C:\\a.b\\c.exe"]),
        ("C:/a/b.exe", "C:/a/b.exe", "", ["C:\\a\\b.exe"]),
        ("C:\\a\\\\b.exe", "C:\\a\\\\b.exe", "", ["C:\\a\\b.exe"]),
        ("C:\\a\\..\\b\\.\\c.exe", "C:\\a\\..\\b\\.\\c.exe", "", ["C:\\b\\c.exe"]),
        ("C:\\..\\..\\c.exe", "C:\\..\\..\\c.exe", "", ["C:\\c.exe"]),
        ("\\??\\C:\\a\\b.exe -x", "\\??\\C:\\a\\b.exe", "-x", ["C:\\a\\b.exe"]),
        ("\\\\?\\C:\\a\\b.exe", "\\\\?\\C:\\a\\b.exe", "", ["C:\\a\\b.exe"]),
        ("\\\\server\\share\\b.exe", "\\\\server\\share\\b.exe", "", ["UNC\\server\\share\\b.exe"]),
        ("\\SystemRoot\\b.exe", "\\SystemRoot\\b.exe", "", ["C:\\SystemRoot\\b.exe"]),
        ("  C:\\a\\b.exe\t-x ", "C:\\a\\b.exe", "-x", ["C:\\a\\b.exe"]),
    ],
)
def test_the_image_and_its_arguments(text: str, image: str, arguments: str, candidates: list[str] | None) -> None:
    created = found(text)
    assert (created.text, created.image, created.arguments) == (text, image, arguments)
    assert image_meant(text) == image
    assert [path.tail for path in created.candidates] == (candidates or [image])
    assert created.ambiguous == ()


@pytest.mark.parametrize(
    "text", ["", " ", '"', "C:\\Program Files\\a b\\c -k d", "C:\\a b.exe.old c", "run -x", '\t"a b" c']
)
def test_the_image_alone_is_that_of_the_whole_reading(text: str) -> None:
    assert image_meant(text) == found(text).image


def test_blanks_without_quotes_are_tried_from_the_left() -> None:
    created = found("C:\\Program Files\\My Vendor\\svc.exe -run as service.exe")
    assert created.image == "C:\\Program Files\\My Vendor\\svc.exe"
    assert created.arguments == "-run as service.exe"
    assert created.ambiguous == ("C:\\Program.exe", "C:\\Program Files\\My.exe")
    assert [path.text for path in created.candidates] == [
        "\\??\\C:\\Program.exe",
        "\\??\\C:\\Program Files\\My.exe",
        "\\??\\C:\\Program Files\\My Vendor\\svc.exe",
    ]


def test_a_dot_before_a_blank_keeps_the_exe_away() -> None:
    assert found("C:\\My Suite v1.2 beta\\svc.exe").ambiguous == ("C:\\My.exe", "C:\\My Suite.exe", "C:\\My Suite v1.2")


def test_without_an_extension_the_path_goes_on_to_its_last_backslash() -> None:
    created = found("C:\\Program Files\\My Vendor\\svc -f C:\\data\\x")
    assert (created.image, created.arguments) == ("C:\\Program Files\\My Vendor\\svc", "-f C:\\data\\x")
    assert tried("C:\\Program Files\\svc run C:\\x")[-1] == "C:\\Program Files\\svc.exe"


def test_a_bare_name_is_searched_in_system32_first() -> None:
    assert tried("svc") == [
        "C:\\Windows\\System32\\svc.exe",
        "C:\\Windows\\System\\svc.exe",
        "C:\\Windows\\svc.exe",
        "C:\\Tools\\svc.exe",
    ]


def test_a_relative_path_is_searched_in_the_same_folders() -> None:
    created = found("system32\\svc.exe -a")
    assert [path.tail for path in created.candidates][:3] == [
        "C:\\Windows\\System32\\system32\\svc.exe",
        "C:\\Windows\\System\\system32\\svc.exe",
        "C:\\Windows\\system32\\svc.exe",
    ]
    assert created.ambiguous == ()


def test_folders_of_path_are_taken_once_and_only_with_a_drive() -> None:
    folders = search_folders("D:\\WINNT", 'd:\\winnt\\SYSTEM32\\;;relative;"E:\\a b";E:/x/;%None%\\y')
    assert folders == ("D:\\WINNT\\System32", "D:\\WINNT\\System", "D:\\WINNT", "E:\\a b", "E:\\x")


@pytest.mark.parametrize(
    "text", ["", "   ", '""', "C:\\a<b.exe", "C:\\a\x01b.exe", "C:\\" + "a" * LONGEST_PATH, "C:x.exe", "a:b:c"]
)
def test_what_no_file_can_be_named_has_no_candidates(text: str) -> None:
    assert found(text).candidates == ()


def test_hostile_lines_are_cut_short() -> None:
    assert len(found("a " * 200_000 + "C:\\b.exe").candidates) <= 256
    assert (
        len(
            find_created_image(
                "a b c d e.exe", search_folders("C:\\W", ";".join(f"C:\\{n}" for n in range(9_000)))
            ).candidates
        )
        <= 256
    )
    assert found("x" * 5_000_000).candidates == ()


def test_a_rooted_path_needs_a_current_drive() -> None:
    assert find_created_image("\\a\\b.exe", ()).candidates == ()

"""Links where a hive should be are not followed, and never passed over without a word."""

import gzip
import os
import tarfile
from pathlib import Path

import pytest

from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.hive_links import is_hive_name
from tests.evidence.layouts import tar_bytes, write_folder

OLDER = (Path(__file__).parents[2] / "test_hives" / "win10-21h2-x64.hive").read_bytes()


def test_links_of_a_folder_at_places_of_hives_are_told_with_their_number(tmp_path: Path) -> None:
    top = write_folder(tmp_path / "case", {"HOST2/SYSTEM": OLDER, "HOST1/config/a.txt": b"x"})
    (top / "HOST1" / "config" / "SYSTEM").symlink_to(top / "HOST2" / "SYSTEM")
    (top / "HOST1" / "photo.jpg").symlink_to(top / "HOST2" / "SYSTEM")
    words = f"{top}/HOST1/config/SYSTEM, where a hive may lie: it is a link or no regular file, which is not followed"
    assert find_evidence(top).missed == (words,)
    (top / "Windows").symlink_to(top / "HOST2")
    os.mkfifo(top / "HOST2" / "SYSTEM.LOG1")
    [words] = find_evidence(top).missed
    assert words.startswith(
        "3 links and files that are not regular where hives may lie, which are not followed: the first is "
    )


@pytest.mark.parametrize("packed", [False, True])
def test_links_and_pipes_of_a_tar_are_told(packed: bool, tmp_path: Path) -> None:
    odd = []
    for name, kind in (("a/SYSTEM", tarfile.SYMTYPE), ("b/SYSTEM", tarfile.FIFOTYPE), ("notes.txt", tarfile.SYMTYPE)):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        odd.append(info)
    data = tar_bytes({"C/Windows/System32/config/SYSTEM": OLDER}, odd=tuple(odd))
    path = tmp_path / "case.bin"
    path.write_bytes(gzip.compress(data) if packed else data)
    [words] = find_evidence(path).missed
    assert words == (
        "2 links and files that are not regular where hives may lie, which are not followed: the first is "
        f"a/SYSTEM in {path}"
    )


@pytest.mark.parametrize(
    ("name", "may_be"),
    [("SYSTEM", True), ("host1_system.hiv", True), ("SOFTWARE.LOG2", True), ("RegBack", True), ("system.ini", False)],
)
def test_names_that_hives_have(name: str, may_be: bool) -> None:
    assert is_hive_name(name) is may_be

"""Links where a hive should be are not followed, and never passed over without a word."""

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.evidence.archives import open_archive
from hivecheck.evidence.container_kinds import kind_of
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.hive_links import is_hive_name
from hivecheck.evidence.limits import Budget
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


def zip_with_links(files: dict[str, bytes], links: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, target in links.items():
            link = zipfile.ZipInfo(name)
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, target)
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tar_with_links(files: dict[str, bytes], links: dict[str, str]) -> bytes:
    odd = []
    for name, target in links.items():
        info = tarfile.TarInfo(name)
        info.type, info.linkname = tarfile.SYMTYPE, target
        odd.append(info)
    return tar_bytes(files, odd=tuple(odd))


@pytest.mark.parametrize("make", [zip_with_links, tar_with_links])
def test_links_of_an_archive_lead_nowhere_and_are_told(
    make: Callable[[dict[str, bytes], dict[str, str]], bytes], tmp_path: Path
) -> None:
    outside = tmp_path / "outside" / "SYSTEM"
    outside.parent.mkdir()
    outside.write_bytes(OLDER)
    long = "/" + "x" * 300
    links = {
        "B/SYSTEM": str(outside),
        "C/Windows/System32/x.exe": "../../../D/y.exe",
        "C/Windows/deep": str(outside.parent),
        "z": long,
    }
    path = tmp_path / "case.bin"
    path.write_bytes(make({"C/Windows/System32/config/SYSTEM": OLDER, "D/y.exe": b"MZ"}, links))
    found = find_evidence(path)
    assert [str(one.path) for one in found.hives] == [f"{path}!C/Windows/System32/config/SYSTEM"]
    words = f"B/SYSTEM in {path}, where a hive may lie: it is a link or no regular file, which is not followed"
    assert found.missed == (words,)
    contents = open_archive(path, kind_of(path.read_bytes()[:1024]), Budget())
    assert {one.stored: one.target for one in contents.links} == links
    tree = found.hives[0].volume
    assert tree is not None
    link, behind = tree.find("windows/SYSTEM32/X.exe"), tree.find("Windows/deep/SYSTEM")
    assert link is not None
    assert (link.reparse, link.unread) == ("link to ../../../D/y.exe", "it is a link, which is not followed")
    with pytest.raises(OSError, match="it is a link"):
        link.path.open("rb")
    assert behind is not None
    assert behind.unread == "its folder deep is a link, which is not followed"
    assert tree.find("Windows/none") is None

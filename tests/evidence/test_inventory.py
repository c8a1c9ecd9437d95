"""The inventory of built volumes: what exists, what it is, what a catalog says of it, and what may not be concluded."""

from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from hivecheck.evidence.archives import ArchiveTree, open_archive
from hivecheck.evidence.container_kinds import Kind
from hivecheck.evidence.file_tree import FolderTree
from hivecheck.evidence.inventory import FileFacts, Inventory, InventoryLimits, Stocktaking
from hivecheck.evidence.limits import Budget
from hivecheck.evidence.pe_facts import read_pe
from hivecheck.evidence.tree_below import TreeBelow
from tests.evidence.pe_writer import CONSOLE, pe_image

SYSTEM32 = "Windows/System32"
CATALOGS = f"{SYSTEM32}/CatRoot/{{F750E6C3-38EE-11D1-85E5-00C04FC295EE}}"


def put(root: Path, path: str, data: bytes = b"x") -> Path:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return place


def whole_volume(root: Path) -> Path:
    """A folder with the files that tell a whole volume of Windows, and as many others in System32."""
    some_of_windows(root)
    for number in range(1_000):
        (root / SYSTEM32 / f"{number}.dll").touch()
    return root


def some_of_windows(root: Path) -> Path:
    """The files of Windows that the best collections take as well."""
    for name in ("ntoskrnl.exe", "ntdll.dll", "smss.exe", "kernel32.dll", "drivers/null.sys"):
        put(root, f"{SYSTEM32}/{name}", pe_image())
    return root


def take(root: Path, *paths: str, limits: InventoryLimits = InventoryLimits()) -> Inventory:
    taking = Stocktaking(FolderTree(root), "Windows", limits)
    taking.add(paths)
    return taking.finish()


def fact(inventory: Inventory, path: str) -> FileFacts:
    found = inventory.of(path)
    assert found is not None
    return found


def catalog(*hashes: str) -> bytes:
    """Bytes that hold hashes as DER does, between others that look like the head of one."""
    digests = (b"\x04" + bytes([len(one) // 2]) + bytes.fromhex(one) for one in hashes)
    return b"\x30\x82\x04\x20" + b"\x04\x14".join(digests) + b"\x04\x20"


def test_a_file_is_found_in_any_case_with_its_hash_and_as_a_program(tmp_path: Path) -> None:
    data = pe_image(CONSOLE)
    put(whole_volume(tmp_path), f"{SYSTEM32}/Evil.EXE", data)
    inventory = take(tmp_path, "WINDOWS\\system32\\evil.exe")
    found = fact(inventory, f"{SYSTEM32}/EVIL.exe")
    assert (found.exists, found.size, found.is_folder) == (True, len(data), False)
    assert found.sha256 == sha256(data).hexdigest()
    assert found.is_native is False
    assert found.modified > 0
    assert (inventory.whole, inventory.limits) == (True, ())


def test_a_text_is_no_program_and_so_not_native(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), f"{SYSTEM32}/a.exe", b"just text")
    found = fact(take(tmp_path, f"{SYSTEM32}/a.exe"), f"{SYSTEM32}/a.exe")
    assert (found.program, found.is_native) == (None, False)


def test_what_is_missing_does_not_exist_on_a_whole_volume_only(tmp_path: Path) -> None:
    assert fact(take(whole_volume(tmp_path / "whole"), f"{SYSTEM32}/no.exe"), f"{SYSTEM32}/no.exe").exists is False
    put(tmp_path / "triage", f"{SYSTEM32}/config/SYSTEM")
    inventory = take(tmp_path / "triage", f"{SYSTEM32}/no.exe")
    assert (inventory.whole, fact(inventory, f"{SYSTEM32}/no.exe").exists) == (False, None)


def test_a_collection_with_the_system_files_is_no_whole_volume(tmp_path: Path) -> None:
    path = f"{SYSTEM32}/no.exe"
    root = some_of_windows(tmp_path / "triage")
    archive = tmp_path / "triage.zip"
    with ZipFile(archive, "w") as writer:
        for file in sorted(root.rglob("*.*")):
            writer.write(file, f"C/{file.relative_to(root).as_posix()}")
    members = TreeBelow(ArchiveTree("triage", open_archive(archive, Kind.ZIP, Budget()).members), ("C",))
    for tree in (FolderTree(root), members):
        taking = Stocktaking(tree, "Windows")
        taking.add([path])
        assert tree.count_names("windows/SYSTEM32") == 5
        assert (taking.whole, fact(taking.inventory(), path).exists) == (False, None)


def test_an_archive_with_a_full_system32_is_one(tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    root = whole_volume(tmp_path / "all")
    with ZipFile(archive, "w") as writer:
        for file in sorted(root.rglob("*.*")):
            writer.write(file, f"C/{file.relative_to(root).as_posix()}")
    tree = TreeBelow(ArchiveTree("all", open_archive(archive, Kind.ZIP, Budget()).members), ("C",))
    taking = Stocktaking(tree, "Windows")
    taking.add([f"{SYSTEM32}/no.exe"])
    assert [file.exists for file in taking.inventory().files.values()] == [False]


def test_a_top_folder_that_was_not_copied_says_nothing_of_what_is_in_it(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), "Temp/a")
    inventory = take(tmp_path, "Users", "Users/x.exe", "Temp/x.exe", "x.exe")
    assert [file.exists for file in inventory.files.values()] == [None, None, False, False]


def test_a_short_name_that_is_not_found_says_nothing(tmp_path: Path) -> None:
    found = fact(take(whole_volume(tmp_path), "PROGRA~1/x.exe"), "PROGRA~1/x.exe")
    assert found.exists is None
    assert "8.3" in found.unread


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.exe", pe_image())
    root = whole_volume(tmp_path / "volume")
    (root / "Windows/link.exe").symlink_to(outside)
    (root / "Windows/folder").symlink_to(outside.parent)
    inventory = take(root, "Windows/link.exe", "Windows/folder/secret.exe", "Windows/../../outside/secret.exe")
    link, below, climbing = inventory.files.values()
    assert (link.exists, link.sha256) == (True, "")
    assert "not followed" in link.unread
    assert (below.exists, below.sha256) == (None, "")
    assert climbing.exists is False


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_a_catalog_lists_a_program_without_a_signature(tmp_path: Path, digest: str) -> None:
    listed, unlisted, signed = pe_image(body=b"a"), pe_image(body=b"b"), pe_image(signature=b"8 bytes.")
    program = read_pe(listed)
    assert program is not None
    root = whole_volume(tmp_path)
    put(root, f"{CATALOGS}/other.cat", b"\x04\x20" * 500)
    put(root, f"{CATALOGS}/good.CAT", catalog("00" * 20, getattr(program, f"authentihash_{digest}")))
    for name, data in (("listed", listed), ("unlisted", unlisted), ("signed", signed)):
        put(root, f"{SYSTEM32}/{name}.exe", data)
    inventory = take(root, *(f"{SYSTEM32}/{name}.exe" for name in ("listed", "unlisted", "signed")))
    assert inventory.catalogs_read == 2
    assert [file.catalog for file in inventory.files.values()] == ["good.CAT", "", ""]


def test_limits_are_told(tmp_path: Path) -> None:
    root = whole_volume(tmp_path)
    for name in ("a", "b", "c"):
        put(root, f"{name}.exe", pe_image(body=bytes(4096)))
    few = take(root, "a.exe", "b.exe", "c.exe", limits=InventoryLimits(lookups=2))
    assert len(few.files) == 2
    assert few.limits == ("only the first 2 paths were looked up on the volume",)
    large = fact(take(root, "a.exe", limits=InventoryLimits(file_bytes=100)), "a.exe")
    assert (large.exists, large.sha256, large.is_native) == (True, "", None)
    assert "larger than 100 bytes" in large.unread
    much = take(root, "a.exe", "b.exe", limits=InventoryLimits(all_bytes=6000))
    assert [file.is_read for file in much.files.values()] == [True, False]
    assert len(much.limits) == 1

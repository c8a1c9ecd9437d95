"""Every layout of a collection, in every container, gives the analysis that the lone hive gives; older states and companions are found."""

import bz2
import gzip
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.errors import EvidenceError
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.found import Found
from hivecheck.evidence.layouts import HiveKind, decoded, place_hive
from hivecheck.evidence.limits import EvidenceLimits
from hivecheck.registry.notation import parse_notation
from hivecheck.report.document import analysis_document
from tests.evidence.layouts import SYSTEM_PLACES, Files, collection, tar_bytes, write_folder, writer, zip_bytes
from tests.hive_writer import build_hive
from tests.image_files import image_bytes

HIVES = Path(__file__).parents[2] / "test_hives"
INFECTED = HIVES / "infected-bootkit-win10-21h2-x64.hive"
OLDER = (HIVES / "win10-21h2-x64.hive").read_bytes()
NO_HIVE = b"hello\n" * 2000
SOFTWARE = build_hive(
    parse_notation('[Microsoft\\Windows NT\\CurrentVersion]\nCurrentBuildNumber = sz "19044"\n[Classes]\n')
)
WHEN = "2026-01-01T00:00:00Z"

CONTAINERS: dict[str, Callable[[Path, Files], Path]] = {
    "folder": lambda folder, files: write_folder(folder / "case", files),
    "zip": writer("case.zip", zip_bytes),
    "stored zip": writer("case.bin", partial(zip_bytes, compression=zipfile.ZIP_STORED)),
    "bzip2 zip": writer("case.zip", partial(zip_bytes, compression=zipfile.ZIP_BZIP2)),
    "tar": writer("case.tar", tar_bytes),
    "ustar with ./": writer("case.tar", partial(tar_bytes, prefix="./", form=tarfile.USTAR_FORMAT)),
    "gnu tar": writer("case", partial(tar_bytes, form=tarfile.GNU_FORMAT)),
    "tar.gz": writer("case.tgz", lambda files: gzip.compress(tar_bytes(files), 1)),
    "tar.bz2": writer("case.tar.bz2", lambda files: bz2.compress(tar_bytes(files), 1)),
    "tar.xz": writer("case.tar.xz", lambda files: lzma.compress(tar_bytes(files), preset=0)),
    "zip in zip": writer("case.zip", lambda files: zip_bytes({"HOST1/triage.zip": zip_bytes(files)})),
    "zip in tar.gz": writer("case.tgz", lambda files: gzip.compress(tar_bytes({"triage": zip_bytes(files)}), 1)),
}


def comparable(document: Any) -> Any:
    """The document without where the hive and its logs lay, and under what name."""
    for name in ("source", "hive", "places"):
        document["evidence"].pop(name, None)
    for log in document["evidence"]["logs"]:
        log.pop("source")
    return document


def document_of(found: Found) -> Any:
    [one] = found.main
    return comparable(analysis_document(analyze(one.path, Options(verify="none"), logs=one.logs), WHEN))


@pytest.fixture(scope="module")
def alone() -> Any:
    return comparable(analysis_document(analyze(INFECTED, Options(verify="none")), WHEN))


@pytest.mark.parametrize("container", CONTAINERS)
def test_each_container_gives_the_document_of_the_lone_file(container: str, tmp_path: Path, alone: Any) -> None:
    files = {"a long folder/" * 12 + "notes.txt": NO_HIVE} | collection("KAPE", INFECTED.read_bytes())
    found = find_evidence(CONTAINERS[container](tmp_path, files))
    assert found.missed == ()
    assert document_of(found) == alone


@pytest.mark.parametrize("layout", SYSTEM_PLACES)
@pytest.mark.parametrize("container", ["folder", "zip", "ustar with ./", "tar.gz"])
def test_each_layout_gives_the_hive_with_its_kind(layout: str, container: str, tmp_path: Path, alone: Any) -> None:
    files = collection(layout, INFECTED.read_bytes(), (b"", b""), SOFTWARE)
    found = find_evidence(CONTAINERS[container](tmp_path, files))
    [one] = found.hives
    assert one.kind is (HiveKind.LOOSE if layout in ("FTK export", "reg save") else HiveKind.LIVE)
    assert [log.name.upper()[-5:] for log in one.logs] == [".LOG1", ".LOG2"]
    assert one.software is not None
    assert one.software.read_bytes() == SOFTWARE
    assert (one.volume is None) is (layout in ("FTK export", "reg save", "Windows folder"))
    if one.volume is not None:
        inside = one.volume.find("windows/SYSTEM32/config/system")
        assert inside is not None
        assert inside.path.read_bytes() == INFECTED.read_bytes()
    if container == "zip":
        document = document_of(found)
        assert document["evidence"]["sha256"] == alone["evidence"]["sha256"]
        assert document["findings"] == alone["findings"]


def test_logs_that_were_collected_with_a_hive_are_applied(real_hive: Callable[[str], Path], tmp_path: Path) -> None:
    hive = real_hive("win10-1709-dirty")
    logs = tuple(real_hive(f"win10-1709-dirty.LOG{number}") for number in (1, 2))
    outside = comparable(analysis_document(analyze(hive, Options(verify="none"), logs=logs), WHEN))
    files = collection("Velociraptor ntfs", hive.read_bytes(), tuple(log.read_bytes() for log in logs))
    for name in ("zip", "tar.gz"):
        inside = document_of(find_evidence(CONTAINERS[name](tmp_path, files)))
        assert inside["evidence"]["recovered"] is True
        assert inside["findings"] == outside["findings"]
        assert inside["evidence"]["sha256"] == outside["evidence"]["sha256"]
        assert [log["sha256"] for log in inside["evidence"]["logs"]] == [
            log["sha256"] for log in outside["evidence"]["logs"]
        ]


def states() -> Files:
    """One machine with every older state that is known, and each of other bytes."""
    places = (
        "HOST1/C/Windows/System32/config/SYSTEM",
        "HOST1/C/Windows/System32/config/RegBack/SYSTEM",
        "HOST1/C/Windows/System32/config/SYSTEM.bak",
        "HOST1/C/Windows/repair/system",
        "HOST1/C/Windows.old/WINDOWS/System32/config/SYSTEM",
        "HOST1/VSS1/C/Windows/System32/config/SYSTEM",
        "HOST1/uploads/ntfs_vss/%5C%5C.%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy2/Windows/System32/config/SYSTEM",
        "HOST1/C/System Volume Information/_restore{1}/RP7/snapshot/_REGISTRY_MACHINE_SYSTEM",
    )
    return {place: OLDER + bytes(4096 * number) for number, place in enumerate(places)}


def test_older_states_belong_to_the_machine_and_are_read_when_asked_for(tmp_path: Path) -> None:
    for container in ("folder", "zip", "tar"):
        found = find_evidence(CONTAINERS[container](tmp_path, states()))
        kinds = sorted(one.kind.name for one in found.hives)
        assert kinds == ["LIVE", "REGBACK", "REPAIR", "REPAIR", "SHADOW_COPY", "SHADOW_COPY", "SHADOW_COPY", "WINDOWS_OLD"]
        assert [one.kind for one in found.main] == [HiveKind.LIVE]
        assert len({one.group for one in found.hives}) == 1
        assert {one.host_hint for one in found.hives} == {"HOST1"}


def test_a_state_without_the_hive_that_boots_is_read(tmp_path: Path) -> None:
    regback = {"C/Windows/System32/config/RegBack/SYSTEM": OLDER}
    [one] = find_evidence(CONTAINERS["zip"](tmp_path, regback)).main
    assert one.kind is HiveKind.REGBACK


def test_several_machines_and_installations_are_told_apart(tmp_path: Path) -> None:
    files = {
        f"{host}/{drive}/Windows/System32/config/SYSTEM": OLDER + bytes(4096 * number)
        for number, (host, drive) in enumerate((("HOST1", "C"), ("HOST1", "D"), ("HOST2", "C")))
    }
    found = find_evidence(CONTAINERS["zip"](tmp_path, files))
    assert [one.host_hint for one in found.main] == ["HOST1", "HOST1", "HOST2"]
    assert len({one.group for one in found.main}) == 3


def test_copies_are_told_once_with_all_their_places(tmp_path: Path) -> None:
    files = collection("Velociraptor auto", OLDER) | collection("Velociraptor ntfs", OLDER) | {"x/RegBack/SYSTEM": OLDER}
    [one] = find_evidence(CONTAINERS["zip"](tmp_path, files)).hives
    archive = tmp_path / "case.zip"
    assert one.kind is HiveKind.LIVE
    assert one.places == (
        f"{archive}!uploads/auto/C%3A/Windows/System32/config/SYSTEM",
        f"{archive}!uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/config/SYSTEM",
        f"{archive}!x/RegBack/SYSTEM",
    )


@pytest.mark.parametrize(("image", "collection_at"), [("a.ntfs", "z"), ("z.ntfs", "a")])
def test_of_a_copy_on_an_image_the_image_is_read_and_its_machine_kept(
    image: str, collection_at: str, tmp_path: Path
) -> None:
    pytest.importorskip("pyfsntfs", reason="the extra `images` is not installed")
    (tmp_path / image).write_bytes(image_bytes("volume.ntfs"))
    [alone] = find_evidence(tmp_path / image).main
    write_folder(
        tmp_path / collection_at,
        {
            "C/Windows/System32/config/SYSTEM": alone.path.read_bytes(),
            "C/Windows/System32/config/RegBack/SYSTEM": OLDER + bytes(4096 * 9),
            "D/copy/SYSTEM": alone.path.read_bytes(),
        },
    )
    found = find_evidence(tmp_path)
    [main] = found.main
    assert main.volume is not None
    assert main.volume.is_volume
    assert main.places[0] == str(main.path) == str(alone.path)
    assert len(main.places) == 3
    [regback] = [one for one in found.hives if str(tmp_path / collection_at) in str(one.path)]
    assert (regback.kind, regback.group, regback.instead_of) == (HiveKind.REGBACK, main.group, "")


def test_of_copies_the_one_with_most_files_of_its_volume_is_read(tmp_path: Path) -> None:
    files = {f"{host}/C/Windows/System32/config/SYSTEM": OLDER for host in ("A", "B", "C")}
    files |= {f"B/C/Windows/System32/{number}.dll": b"" for number in range(5)}
    for container in ("folder", "zip", "tar"):
        [one] = find_evidence(CONTAINERS[container](tmp_path, files)).hives
        assert [place[-len("A/C/Windows/System32/config/SYSTEM") :][0] for place in one.places] == ["B", "A", "C"]


def test_a_copy_without_its_software_is_a_copy_and_one_with_another_is_none(tmp_path: Path) -> None:
    files = {f"{host}/C/Windows/System32/config/SYSTEM": OLDER for host in ("A", "B")}
    files["B/C/Windows/System32/config/SOFTWARE"] = SOFTWARE
    [one] = find_evidence(CONTAINERS["zip"](tmp_path, files)).hives
    assert one.software is not None
    assert len(one.places) == 2
    files["A/C/Windows/System32/config/SOFTWARE"] = SOFTWARE + bytes(4096)
    assert len(find_evidence(CONTAINERS["zip"](tmp_path, files)).hives) == 2


def test_copies_with_other_logs_are_no_copies(tmp_path: Path) -> None:
    files = collection("Velociraptor auto", OLDER, (b"one",)) | collection("Velociraptor ntfs", OLDER, (b"two",))
    assert len(find_evidence(CONTAINERS["zip"](tmp_path, files)).hives) == 2


def test_a_folder_of_collections_is_searched_but_not_what_lies_on_a_volume(tmp_path: Path) -> None:
    inner = zip_bytes(collection("KAPE", OLDER))
    files = {"HOST1/triage.zip": inner, "HOST2/Windows/System32/config/SYSTEM": INFECTED.read_bytes()}
    files["HOST2/Users/somebody/backup.zip"] = zip_bytes(collection("CyLR", OLDER + bytes(4096)))
    found = find_evidence(write_folder(tmp_path / "cases", files))
    assert [str(one.path).partition("cases")[2] for one in found.hives] == [
        "/HOST1/triage.zip!C/Windows/System32/config/SYSTEM",
        "/HOST2/Windows/System32/config/SYSTEM",
    ]


def test_a_hive_that_was_compressed_alone_is_read(tmp_path: Path, alone: Any) -> None:
    for name, pack in (("SYSTEM.gz", gzip.compress), ("SYSTEM.bz2", bz2.compress), ("SYSTEM.xz", lzma.compress)):
        path = tmp_path / name
        path.write_bytes(pack(INFECTED.read_bytes()))
        found = find_evidence(path)
        assert str(found.hives[0].path) == f"{path}!SYSTEM"
        assert document_of(found) == alone


def test_a_damaged_hive_of_that_name_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    files = collection("KAPE", OLDER[:4096] + bytes(8192))
    [one] = find_evidence(CONTAINERS["zip"](tmp_path, files)).hives
    with pytest.raises(EvidenceError, match="root"):
        analyze(one.path)


def test_nothing_found_says_what_was_not_searched(tmp_path: Path) -> None:
    path = CONTAINERS["zip"](tmp_path, {"a.7z": b"7z\xbc\xaf\x27\x1c" + bytes(100), "SOFTWARE": SOFTWARE})
    with pytest.raises(EvidenceError, match="no SYSTEM hive in this file") as caught:
        find_evidence(path)
    assert "a.7z, an archive of a kind that hivecheck does not read" in caught.value.hint


def test_files_of_a_folder_beyond_the_limit_are_told(tmp_path: Path) -> None:
    top = write_folder(tmp_path / "case", {"a/SYSTEM": OLDER, "b/SYSTEM": OLDER + bytes(4096)})
    found = find_evidence(top, EvidenceLimits(files=1))
    assert [one.path for one in found.hives] == [top / "a" / "SYSTEM"]
    assert found.missed == (f"all behind the first 1 files, from {top / 'b'} on",)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("C%3A", "C:"), ("%5C%5C.%5CC%3A", "\\\\.\\C:"), ("100%", "100%"), ("%D1%8E", "ю"), ("%ff", "\ufffd")],
)
def test_percent_escapes_of_names(written: str, meant: str) -> None:
    assert decoded(written) == meant


def test_a_drive_and_a_collection_are_known_by_their_place() -> None:
    place = place_hive(("case 7", "uploads", "lazy_ntfs", "%5C%5C.%5CD%3A", "Windows", "System32", "config", "SYSTEM"))
    assert (place.kind, place.drive, place.collection, place.host_hint) == (HiveKind.LIVE, "d", ("case 7",), "case 7")
    assert place.volume_parts == 4


@pytest.mark.parametrize("packed", ["disk.vhdx", "volume.ntfs", "zlib.qcow2"])
def test_an_image_gives_the_same_hive_alone_in_a_folder_and_in_an_archive_of_an_archive(packed: str, tmp_path: Path) -> None:
    pytest.importorskip("dissect.hypervisor")
    pytest.importorskip("pyfsntfs")
    image = lzma.decompress((HIVES / "images" / f"{packed}.xz").read_bytes())
    folder = write_folder(tmp_path / "cases", {f"HOST1/{packed}": image})
    archive = CONTAINERS["zip in zip"](tmp_path, {packed: image})
    documents = []
    for named in (folder / "HOST1" / packed, folder, archive):
        found = find_evidence(named)
        assert found.missed == ()
        assert sorted(one.kind.name for one in found.hives) == ["LIVE", "REGBACK"]
        assert len({one.group for one in found.hives}) == 1
        documents.append(document_of(found))
    assert documents[0] == documents[1] == documents[2]


def test_what_begins_as_a_hive_and_is_too_small_for_one_is_passed_over(tmp_path: Path) -> None:
    [one] = find_evidence(
        CONTAINERS["zip"](tmp_path, collection("KAPE", OLDER) | {"stub/SYSTEM": b"regf" + bytes(100)})
    ).hives
    assert one.kind is HiveKind.LIVE


class Listener:
    """A `Progress` that remembers."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []
        self.stages: list[str] = []

    def stage(self, what: str) -> None:
        self.stages.append(what)

    def done(self, done_bytes: int, all_bytes: int) -> None:
        self.told.append((done_bytes, all_bytes))


def test_a_search_tells_how_far_it_has_come(tmp_path: Path) -> None:
    heard = Listener()
    path = CONTAINERS["zip"](tmp_path, collection("KAPE", OLDER) | {"a": NO_HIVE})
    find_evidence(path, progress=heard)
    assert heard.stages == [f"reading {path}"]
    whole = path.stat().st_size
    assert heard.told[-1] == (whole, whole)
    assert {one for _, one in heard.told} == {whole}


@pytest.mark.parametrize("name", ["SYSTEM.gz", "case.zip", "case.tar.gz"])
def test_progress_counts_the_bytes_of_the_file_while_it_is_unpacked(name: str, tmp_path: Path) -> None:
    heard = Listener()
    data = OLDER + os.urandom(24 * 1024 * 1024)
    path = tmp_path / name
    files = {"C/Windows/System32/config/SYSTEM": data}
    if name == "SYSTEM.gz":
        path.write_bytes(gzip.compress(data, 1))
    else:
        path.write_bytes(zip_bytes(files) if name.endswith(".zip") else gzip.compress(tar_bytes(files), 1))
    find_evidence(path, progress=heard)
    whole = path.stat().st_size
    assert {one for _, one in heard.told} == {whole}
    if not name.endswith(".tar.gz"):
        assert len({done for done, _ in heard.told if 0 < done < whole}) > 10
    assert max(done for done, _ in heard.told) == whole

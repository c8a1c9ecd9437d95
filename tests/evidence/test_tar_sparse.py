"""Sparse members of tar archives in all four forms are whole files again, and a damaged list of parts is told."""

import bz2
import gzip
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.limits import EvidenceLimits
from tests.evidence.layouts import tar_bytes

HIVE = (Path(__file__).parents[2] / "test_hives" / "win7-x86.hive").read_bytes()
SYSTEM = "C/Windows/System32/config/SYSTEM"
WHOLE = HIVE + bytes(5_000_000) + b"behind the hole" + bytes(3000)
TAIL = len(HIVE) + 5_000_000
PARTS = [*((place, 4096) for place in range(0, len(HIVE), 4096)), (TAIL, 15)]
HELD = b"".join(WHOLE[offset : offset + length] for offset, length in PARTS)
Parts = list[tuple[int, int]]


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def member(kind: bytes, name: str, size: int, fields: dict[int, bytes] | None = None) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    for place, data in (fields or {}).items():
        header[place : place + len(data)] = data
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def rows(parts: Parts) -> bytes:
    return b"".join(b"%011o\0%011o\0" % part for part in parts)


def old_gnu(parts: Parts, size: int, held: bytes) -> bytes:
    first, rest = parts[:4], parts[4:]
    blocks = [rest[place : place + 21] for place in range(0, len(rest), 21)]
    fields = {386: rows(first).ljust(96, b"\0"), 482: bytes((bool(blocks),)), 483: b"%011o\0" % size}
    more = b"".join(
        rows(one).ljust(504, b"\0") + bytes((place < len(blocks) - 1,)) + bytes(7) for place, one in enumerate(blocks)
    )
    return member(b"S", SYSTEM, len(held), fields) + more + padded(held)


def pax(keywords: list[tuple[str, str]], body: bytes, name: str = SYSTEM) -> bytes:
    lines = b""
    for key, value in keywords:
        rest = f" {key}={value}\n".encode()
        length = len(rest) + 1
        while len(str(length)) + len(rest) != length:
            length = len(str(length)) + len(rest)
        lines += str(length).encode() + rest
    return member(b"x", "PaxHeaders/x", len(lines)) + padded(lines) + member(b"0", name, len(body)) + padded(body)


def pax_00(parts: Parts, size: int, held: bytes) -> bytes:
    listed = [
        pair
        for offset, length in parts
        for pair in (("GNU.sparse.offset", str(offset)), ("GNU.sparse.numbytes", str(length)))
    ]
    return pax([("GNU.sparse.size", str(size)), ("GNU.sparse.numblocks", str(len(parts))), *listed], held)  # fmt: skip


def pax_01(parts: Parts, size: int, held: bytes) -> bytes:
    listed = ",".join(f"{offset},{length}" for offset, length in parts)
    keywords = [("GNU.sparse.size", str(size)), ("GNU.sparse.name", SYSTEM), ("GNU.sparse.map", listed)]
    return pax(keywords, held, "GNUSparseFile.1/SYSTEM")


def pax_10(parts: Parts, size: int, held: bytes) -> bytes:
    listed = padded("".join(f"{one}\n" for one in (len(parts), *(number for part in parts for number in part))).encode())
    keywords = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.name", SYSTEM),
        ("GNU.sparse.realsize", str(size)),
    ]
    return pax(keywords, listed + held, "GNUSparseFile.1/SYSTEM")  # fmt: skip


FORMS: dict[str, Callable[[Parts, int, bytes], bytes]] = {"old": old_gnu, "0.0": pax_00, "0.1": pax_01, "1.0": pax_10}
PACKED: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gz": gzip.compress, "bz2": bz2.compress}


def save(folder: Path, data: bytes) -> Path:
    path = folder / "case"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("form", FORMS)
def test_a_sparse_hive_and_what_lies_behind_it_are_read(form: str, packed: str, tmp_path: Path) -> None:
    archive = FORMS[form](PARTS, len(WHOLE), HELD) + tar_bytes({"D/Windows/System32/config/SYSTEM": HIVE})
    found = find_evidence(save(tmp_path, PACKED[packed](archive)))
    read = {str(one.path).partition("!")[2]: one.path.open("rb").read() for one in found.hives}
    assert read == {SYSTEM: WHOLE, "D/Windows/System32/config/SYSTEM": HIVE}
    assert found.missed == ()


@pytest.mark.parametrize("packed", ["plain", "gz"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("parts", "size", "words"),
    [
        ([(0, 4096), (1000, 4096)], 9000, "its parts overlap"),
        ([(0, 4096), (9000, 4096)], 9000, "it claims more than there is"),
        ([(0, 4096), (8192, 1 << 30)], 1 << 31, "it claims more than there is"),
    ],
)
def test_a_list_of_parts_that_is_untrue_is_told(
    form: str, packed: str, parts: Parts, size: int, words: str, tmp_path: Path
) -> None:
    archive = member(b"0", "D/SYSTEM", len(HIVE)) + padded(HIVE) + FORMS[form](parts, size, HELD[:8192]) + bytes(1024)
    found = find_evidence(save(tmp_path, PACKED[packed](archive)))
    assert len(found.hives) == 1
    [told] = found.missed
    assert (
        f"what lies behind the first 1 files in {tmp_path / 'case'}: the list of a sparse file is damaged: {words}" == told
    )


def test_holes_count_as_what_they_unpack_to(tmp_path: Path) -> None:
    data = old_gnu([(0, 4096)], 900 * 1024 * 1024, HIVE[:4096])
    with pytest.raises(EvidenceError) as caught:
        find_evidence(save(tmp_path, data + bytes(1024)), EvidenceLimits(whole_from=1024 * 1024))
    assert "as zip bombs do" in caught.value.hint


@pytest.mark.parametrize("form", FORMS)
def test_flipped_and_missing_bytes_never_harm(form: str, tmp_path: Path) -> None:
    archive = FORMS[form](PARTS[:30], 300_000, HELD[: 30 * 4096])
    limits = EvidenceLimits(whole_from=4 * 1024 * 1024)
    for place in [*range(0, 600, 7), *range(600, 6000, 61)]:
        for damaged in (archive[:place], archive[:place] + bytes((archive[place] ^ 0x11,)) + archive[place + 1 :]):
            try:
                find_evidence(save(tmp_path, damaged), limits)
            except EvidenceError as error:
                assert error.message  # noqa: PT017 - most of them hold no hive

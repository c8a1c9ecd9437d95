"""Facts of program files: read right from built ones, and nothing but facts or a plain no from hostile ones."""

from hashlib import sha1, sha256
from random import Random
from struct import pack, pack_into
from time import perf_counter

import pytest

from hivecheck.evidence.pe_facts import PeFacts, read_pe
from tests.evidence.pe_writer import CONSOLE, NATIVE, pe_image

SIGNATURE = pack("<IHH", 24, 0x200, 2) + b"PKCS #7 or not.."


def facts(data: bytes) -> PeFacts:
    found = read_pe(data)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("machine", "name"), [(0x8664, "AMD64"), (0x14C, "x86"), (0xAA64, "ARM64"), (0x1234, "machine 0x1234")]
)
def test_headers(machine: int, name: str) -> None:
    found = facts(pe_image(NATIVE, machine=machine, stamp=1_234_567_890))
    assert (found.machine, found.is_native, found.is_dll, found.stamp) == (name, True, False, 1_234_567_890)
    assert (found.imports, found.signature_bytes, found.faults) == (("ntdll.dll",), 0, ())


def test_a_program_of_windows_is_not_native() -> None:
    found = facts(pe_image(CONSOLE, imports=("KERNEL32.dll", "ADVAPI32.dll")))
    assert (found.is_native, found.subsystem_words) == (False, "Windows console")
    assert found.imports == ("KERNEL32.dll", "ADVAPI32.dll")
    assert facts(pe_image(77)).subsystem_words == "subsystem 77"
    assert facts(pe_image(dll=True)).is_dll


def test_version_strings() -> None:
    found = facts(pe_image(version={"CompanyName": "Nobody & Söhne", "OriginalFilename": "x.exe"}))
    assert found.version == (("CompanyName", "Nobody & Söhne"), ("OriginalFilename", "x.exe"))
    assert found.version_string("companyname") == "Nobody & Söhne"
    assert found.version_string("FileVersion") == ""


def test_the_authentihash_leaves_out_checksum_and_signature() -> None:
    """Signing changes the checksum, the entry of the signature, and adds the signature: the hash that is signed stays."""
    plain, signed = pe_image(), pe_image(signature=SIGNATURE)
    assert facts(signed).signature_bytes == len(SIGNATURE)
    assert facts(plain).authentihash_sha256 == facts(signed).authentihash_sha256
    checksum = 0x80 + 24 + 64
    covered = plain[:checksum] + plain[checksum + 4 : 0x80 + 24 + 112 + 32] + plain[0x80 + 24 + 112 + 40 :]
    assert facts(plain).authentihash_sha1 == sha1(covered, usedforsecurity=False).hexdigest()
    assert facts(plain).authentihash_sha256 == sha256(covered).hexdigest()
    assert facts(pe_image(body=b"other")).authentihash_sha256 != facts(plain).authentihash_sha256


@pytest.mark.parametrize(
    "data", [b"", b"MZ", b"MZ" + bytes(62), b"#!/bin/sh\n" * 100, b"MZ" + b"\xff" * 200, pe_image()[:0x90]]
)
def test_what_is_no_program(data: bytes) -> None:
    assert read_pe(data) is None


def test_a_signature_beyond_the_end_is_a_fault_and_no_signature() -> None:
    found = facts(pe_image(signature=SIGNATURE)[:-1])
    assert found.signature_bytes == 0
    assert found.faults == ("its embedded signature lies beyond the end of the file",)


def test_a_resource_table_that_leads_to_itself_ends() -> None:
    data = bytearray(pe_image(version={"CompanyName": "x"}))
    at = data.index(pack("<I", 0x80000000 | 24))
    pack_into("<I", data, at, 0x80000000)
    assert facts(bytes(data)).version == ()


def test_every_cut_and_many_damaged_ones_give_facts_or_nothing() -> None:
    whole = pe_image(version={"CompanyName": "x" * 40, "FileVersion": "1"}, signature=SIGNATURE)
    for end in range(0, len(whole), 7):
        read_pe(whole[:end])
    chance = Random(8)
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(0x3C, len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        found = read_pe(bytes(data))
        assert found is None or len(found.imports) <= 512


def test_a_hostile_one_costs_no_more_than_its_size() -> None:
    """Section and import tables as long as the format allows, all over 8 MB."""
    data = bytearray(pe_image() + bytes(range(256)) * 32768)
    pack_into("<H", data, 0x80 + 6, 0xFFFF)
    pack_into("<I", data, 0x80 + 24 + 108, 0xFFFFFFFF)
    started = perf_counter()
    found = facts(bytes(data))
    assert perf_counter() - started < 1
    assert any("65535 sections" in fault for fault in found.faults)

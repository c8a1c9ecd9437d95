"""The other readers on damaged hives: asked in a child with limits, so that what becomes of them there is told and not suffered."""

import json
import subprocess
import sys
import time
from pathlib import Path
from struct import pack, unpack_from

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.errors import EvidenceError
from hivecheck.registry import readers_guard
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import hive_of
from hivecheck.registry.opinions import Disagreement, ReaderOpinion
from hivecheck.registry.readers import Guard, Sight, ask_library, compare_readers, witness_unreadable
from hivecheck.registry.readers_child import limit_memory
from hivecheck.registry.regf import RegfHive, open_hive
from tests.hive_bins import with_checksum
from tests.hive_writer import write_hive

EVEN = 130_000_000_000_000_000
MANAGER = r"ControlSet001\Control\Session Manager"
SOUND = write_hive(
    hive_of(rf"""
    [Select] ticks:{EVEN}
    [ControlSet001] ticks:{EVEN}
    [ControlSet001\Control] ticks:{EVEN}
    [ControlSet001\Control\Session Manager] ticks:{EVEN}
    BootExecute = multi "autocheck autochk *"
    GlobalFlag = dword 0
    Path = expand "%SystemRoot%\x"
    [ControlSet001\Control\Session Manager\Environment] ticks:{EVEN}
    Path = sz "C:\x"
    [ControlSet001\Control\Session Manager\KnownDLLs] ticks:{EVEN}
    """)
)
QUICK = Guard(python_registry_seconds=5, regipy_seconds=5)


def ask(data: bytes, guard: Guard = QUICK) -> tuple[ReaderOpinion, ReaderOpinion]:
    second, third = compare_readers(RegfHive.from_buffer("test", data), (MANAGER,), "all", guard)
    return second, third


# A damage that both libraries overlook: the parent that the key names is another one.
HARMLESS = SOUND.patched(SOUND.keys[MANAGER] + 4 + 16, pack("<I", SOUND.keys["Select"] - 4096))
BAD_VALUE = SOUND.patched(SOUND.values[MANAGER, "GlobalFlag"] + 4, b"xx")


def test_both_libraries_are_asked_about_a_damaged_hive() -> None:
    for opinion in ask(HARMLESS):
        assert (opinion.agrees, opinion.keys_compared, opinion.values_compared, opinion.disagreements) == (True, 3, 4, ())
        assert opinion.note == "asked in a process of its own: the hive is damaged (wrong-parent)"


def test_the_opinion_is_the_one_the_library_has_in_this_process() -> None:
    hive = RegfHive.from_buffer("test", BAD_VALUE)
    guarded = ask(BAD_VALUE)
    for opinion, library in zip(guarded, ("python-registry", "regipy"), strict=True):
        here = ask_library(library, hive, (MANAGER,))
        assert here.disagreements == opinion.disagreements
        assert (here.name, here.known_defects, here.keys_compared) == (
            opinion.name,
            opinion.known_defects,
            opinion.keys_compared,
        )


def test_a_sound_hive_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    assert [opinion.agrees for opinion in ask(SOUND.data)] == [True, True]


def test_a_file_and_its_bytes_are_read_alike_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(BAD_VALUE)
    with open_hive(path) as hive:
        assert compare_readers(hive, (MANAGER,), "all", QUICK) == ask(BAD_VALUE)
    assert [found.name for found in tmp_path.iterdir()] == ["SYSTEM"]


def test_values_that_a_library_leaves_out_without_a_word_are_a_disagreement() -> None:
    """regipy ends a key's values at the first bad one; ours reads those behind it."""
    _, third = ask(BAD_VALUE)
    assert Disagreement(MANAGER, "", "values", "2 values", "1 values") in third.disagreements
    assert third.agrees is False


def test_what_both_can_read_is_still_compared_where_one_of_them_reads_less() -> None:
    _, third = ask(BAD_VALUE)
    assert (third.keys_compared, third.values_compared) == (3, 2)


def test_a_crash_of_a_library_is_one_line() -> None:
    second, _ = ask(SOUND.patched(SOUND.lists[MANAGER] + 8, pack("<I", 0x7FFFFFF0)))
    (found,) = second.disagreements
    assert (found.key, found.what) == (MANAGER, "subkeys")
    assert found.theirs.startswith("error: unpack_from requires")
    assert "\n" not in found.theirs


def doubling_lists() -> bytes:
    """A list that names another one twice, which names the next one twice, and so on: two to the power of forty entries."""
    levels = 40
    plain = PlainKey(written=EVEN, subkeys=(PlainKey("A", EVEN),), values=(PlainValue("lists", 3, bytes(16 * levels + 16)),))
    written = write_hive(MemoryHive(plain=plain))
    place = unpack_from("<I", written.data, written.values["", "lists"] + 12)[0] + 4
    lists = b"".join(pack("<i2sHII", -16, b"ri", 2, *[place + 16 * (level + 1)] * 2) for level in range(levels - 1))
    lists += pack("<i2sHII", -16, b"lh", 1, written.keys["A"] - 4096, 0)
    data = written.patched(4096 + place, lists)
    root = written.keys[""]
    return data[: root + 32] + pack("<I", place) + data[root + 36 :]


def test_a_library_that_hangs_is_ended_and_told_in_one_line() -> None:
    started = time.monotonic()
    opinions = compare_readers(RegfHive.from_buffer("test", doubling_lists()), ("",), "all", Guard(1.5, 1.5))
    assert time.monotonic() - started < 5
    assert opinions[0].disagreements == (Disagreement("", "", "presence", "a hive", "no answer within 1.5 seconds"),)
    assert opinions[1].agrees is False


@pytest.mark.skipif(sys.platform != "linux", reason="the address space can't be limited everywhere")
def test_a_library_that_takes_too_much_memory_is_told_in_one_line() -> None:
    """A value that claims two gigabytes, whose list of segments lies in zeros: the first segment is read again and again."""
    values = (PlainValue("v", 3, b"x" * 40000), PlainValue("zeros", 3, bytes(8_000_000)))
    written = write_hive(MemoryHive(plain=PlainKey(written=EVEN, values=values)), version=(1, 5))
    data = bytearray(written.patched(written.values["", "v"] + 8, pack("<I", 0x7FFFFFF0)))

    def pointed_at(place: int) -> int:
        return 4096 + int(unpack_from("<I", data, place)[0])

    record = pointed_at(written.values["", "v"] + 12)
    zeros = pointed_at(pointed_at(pointed_at(written.values["", "zeros"] + 12) + 8) + 4)
    data[record + 6 : record + 12] = pack("<HI", 0xFFFF, zeros - 4096)
    hive = RegfHive.from_buffer("test", bytes(data))
    (second,) = compare_readers(hive, ("",), guard=Guard(python_registry_seconds=20, memory_bytes=2**26))
    assert [(found.value, found.what, found.theirs) for found in second.disagreements] == [("v", "data", "MemoryError")]


@pytest.mark.skipif(sys.platform == "win32", reason="no module resource")
def test_the_memory_of_the_child_is_limited() -> None:
    program = (
        "from hivecheck.registry.readers_child import limit_memory\n"
        "assert limit_memory(300_000_000)\n"
        "try: bytearray(400_000_000)\n"
        "except MemoryError: print('limited')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "limited\n"


def test_without_the_module_resource_the_child_goes_on_without_that_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert limit_memory(1) is False


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import os; os.kill(os.getpid(), 9)", "its process was ended by signal 9"),
        ("raise SystemExit(3)", "its process was ended with code 3"),
        ("pass", "its process gave no answer"),
        ("print('no JSON')", "its process gave no answer"),
        ("print('[1, 2')", "its process gave no answer"),
        ("print('{\"name\": 1}')", "its process gave no answer"),
        (f"print({json.dumps(json.dumps({'failure': 'MemoryError', 'library': 'x'}))})", "MemoryError"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_whatever_becomes_of_the_child_is_told_in_one_line(program: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_guard, "_PROGRAM", program)
    for opinion in ask(BAD_VALUE):
        assert opinion.agrees is False
        assert opinion.disagreements == (Disagreement("", "", "presence", "a hive", told),)


def test_a_child_that_dies_late_names_the_key_it_was_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_guard, "_PROGRAM", r"""print('"A"\n"A\\\\B"'); raise SystemExit(1)""")
    second, _ = ask(BAD_VALUE)
    assert second.disagreements[0].key == r"A\B"


def test_where_no_process_can_be_started_the_library_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    for opinion in ask(BAD_VALUE):
        assert (opinion.agrees, opinion.disagreements) == (None, ())
        assert opinion.note.startswith("no process could be started for it: ")


def test_modules_in_the_folder_of_the_evidence_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "regipy", "Registry", "hivecheck", "resource"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert [opinion.agrees for opinion in ask(HARMLESS)] == [True, True]


# A hive that our reader can't open.


def unreadable(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "SYSTEM"
    path.write_bytes(data)
    return path


def test_a_library_that_opens_what_we_cannot_says_what_it_sees(tmp_path: Path) -> None:
    """The base block names no root; regipy takes the first cell for it anyway."""
    path = unreadable(tmp_path, with_checksum(SOUND.patched(36, pack("<I", 0x7FFFFFF0))))
    second, third = witness_unreadable(path, QUICK)
    assert second.failure
    assert "\n" not in second.sentence
    assert (third.subkeys, third.marks, third.failure) == (2, ("ControlSet001", "Select"), "")
    assert third.sentence.endswith("opens it and sees 2 subkeys of the root, among them ControlSet001 and Select.")


def test_the_analysis_of_an_unreadable_hive_ends_with_what_the_others_see(tmp_path: Path) -> None:
    path = unreadable(tmp_path, with_checksum(SOUND.patched(36, pack("<I", 0x7FFFFFF0))))
    with pytest.raises(EvidenceError, match="root key can't be read") as raised:
        analyze(path)
    assert raised.value.path == str(path)
    assert "sees 2 subkeys of the root, among them ControlSet001 and Select." in raised.value.hint
    with pytest.raises(EvidenceError) as raised:
        analyze(path, Options(verify="none"))
    assert "subkeys" not in raised.value.hint


def test_what_is_no_hive_is_given_to_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    assert witness_unreadable(unreadable(tmp_path, b"a text"), QUICK) == ()
    assert witness_unreadable(tmp_path / "none", QUICK) == ()
    log = SOUND.patched(28, pack("<I", 6))[:512] + b"HvLE".ljust(4096, b"\0")
    assert witness_unreadable(unreadable(tmp_path, log), QUICK) == ()


def test_the_sentence_of_a_witness_is_one_sentence() -> None:
    assert Sight("regipy 6").sentence == "regipy 6 opens it and sees 0 subkeys of the root."
    assert Sight("regipy 6", 3).sentence.endswith("3 subkeys of the root, neither Select nor a control set among them.")
    assert Sight("regipy", failure="error: x").sentence == "regipy can't open it either (error: x)."

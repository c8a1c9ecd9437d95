"""The second and the third opinion: what they agree on, what is known to be wrong with them, and what nothing explains."""

import logging
import subprocess
import sys
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
from Registry.Registry import Registry

from hivecheck.registry import opinions
from hivecheck.registry.known_defects import KNOWN_DEFECTS
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import hive_of
from hivecheck.registry.opinions import form_opinion
from hivecheck.registry.readers import Disagreement, PythonRegistry, ReaderOpinion, compare_readers
from hivecheck.registry.regf import RegfHive, open_hive
from tests.hive_writer import write_hive

EVEN = 130_000_000_000_000_000  # ticks whose microseconds are whole and even: no library gets them wrong
SESSION_MANAGER = r"ControlSet001\Control\Session Manager"
SOUND = write_hive(
    hive_of(rf"""
    [ControlSet001] ticks:{EVEN}
    [ControlSet001\Control] ticks:{EVEN}
    [ControlSet001\Control\Session Manager] ticks:{EVEN}
    BootExecute = multi "autocheck autochk *"
    GlobalFlag = dword 0
    Path = expand "%SystemRoot%\x"
    Blob = binary 01 02 03 04 05 06
    [ControlSet001\Control\Session Manager\Environment] ticks:{EVEN}
    Path = sz "C:\x"
    [ControlSet001\Control\Session Manager\KnownDLLs] ticks:{EVEN}
    """)
)


def ask(data: bytes, *keys: str) -> tuple[ReaderOpinion, ReaderOpinion]:
    second, third = compare_readers(RegfHive.from_buffer("test", data), keys or ("",), "all")
    return second, third


def test_both_libraries_agree_on_a_sound_hive() -> None:
    second, third = ask(SOUND.data, SESSION_MANAGER)
    assert second == ReaderOpinion(f"python-registry {version('python-registry')}", True, keys_compared=3, values_compared=5)
    assert third == ReaderOpinion(f"regipy {version('regipy')}", True, keys_compared=3, values_compared=5)


def test_only_python_registry_is_asked_for_a_second_opinion() -> None:
    opinions = compare_readers(RegfHive.from_buffer("test", SOUND.data), (SESSION_MANAGER,))
    assert [(opinion.name.split()[0], opinion.agrees) for opinion in opinions] == [("python-registry", True)]


def test_a_file_is_compared_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(SOUND.data)
    with open_hive(path) as hive:
        assert compare_readers(hive, (SESSION_MANAGER,), "all") == ask(SOUND.data, SESSION_MANAGER)


def test_a_key_that_no_reader_finds_is_agreed_on() -> None:
    assert [(opinion.agrees, opinion.keys_compared) for opinion in ask(SOUND.data, r"ControlSet009\Control")] == [
        (True, 0)
    ] * 2


def test_several_subtrees_are_compared() -> None:
    second, _ = ask(SOUND.data, rf"{SESSION_MANAGER}\Environment", rf"{SESSION_MANAGER}\KnownDLLs")
    assert (second.keys_compared, second.values_compared) == (2, 1)


# Disagreements: the library is given other bytes than our reader.


def held_against(ours: bytes, theirs: bytes, path: str = SESSION_MANAGER) -> tuple[Disagreement, ...]:
    library = PythonRegistry(Registry(BytesIO(theirs)))
    opinion = form_opinion("other", library, RegfHive.from_buffer("test", ours), (path,))
    assert opinion.agrees is (not opinion.disagreements)
    return opinion.disagreements


def place(value: str) -> int:
    return SOUND.values[SESSION_MANAGER, value]


def test_other_data_are_a_disagreement_with_both_readings() -> None:
    theirs = SOUND.patched(place("GlobalFlag") + 12, b"\7")
    expected = Disagreement(SESSION_MANAGER, "GlobalFlag", "data", "4 bytes: 00 00 00 00", "4 bytes: 07 00 00 00")
    assert held_against(SOUND.data, theirs) == (expected,)


def test_another_type_is_a_disagreement() -> None:
    theirs = SOUND.patched(place("Blob") + 16, pack("<I", 0))
    expected = Disagreement(SESSION_MANAGER, "Blob", "type", "REG_BINARY", "REG_NONE")
    assert held_against(SOUND.data, theirs) == (expected,)


def test_another_name_is_a_disagreement() -> None:
    theirs = SOUND.patched(place("Blob") + 24, b"Blub")
    assert held_against(SOUND.data, theirs) == (Disagreement(SESSION_MANAGER, "Blob", "name", "Blob", "Blub"),)


def test_another_key_name_is_a_disagreement_and_the_key_is_not_entered() -> None:
    theirs = SOUND.patched(SOUND.keys[rf"{SESSION_MANAGER}\Environment"] + 80, b"X")
    expected = Disagreement(rf"{SESSION_MANAGER}\Environment", "", "name", "Environment", "Xnvironment")
    assert held_against(SOUND.data, theirs) == (expected,)


def test_a_time_a_microsecond_off_is_a_disagreement_if_rounding_does_not_explain_it() -> None:
    theirs = SOUND.patched(SOUND.keys[SESSION_MANAGER] + 8, pack("<Q", EVEN + 10))
    (found,) = held_against(SOUND.data, theirs)
    assert (found.what, found.ours, found.theirs) == ("time", "2012-12-14T23:06:40.0000000Z", "2012-12-14 23:06:40.000001")


@pytest.mark.parametrize(("field", "what"), [(36, "values"), (20, "subkeys")])
def test_a_missing_value_or_subkey_is_a_disagreement(field: int, what: str) -> None:
    theirs = SOUND.patched(SOUND.keys[SESSION_MANAGER] + 4 + field, pack("<I", 0))
    (found,) = held_against(SOUND.data, theirs)
    assert (found.what, found.theirs) == (what, f"0 {what}")


def test_a_key_only_one_reader_finds_is_a_disagreement() -> None:
    theirs = SOUND.patched(SOUND.keys[SESSION_MANAGER] + 80, b"X")
    assert held_against(SOUND.data, theirs) == (Disagreement(SESSION_MANAGER, "", "presence", "present", "absent"),)
    assert held_against(theirs, SOUND.data) == (Disagreement(SESSION_MANAGER, "", "presence", "absent", "present"),)


@pytest.mark.parametrize("field", [40, 28])
def test_an_exception_of_a_library_is_a_disagreement_in_one_line(field: int) -> None:
    theirs = SOUND.patched(SOUND.keys[SESSION_MANAGER] + 4 + field, pack("<I", 0x7FFFFFF0))
    (found,) = held_against(SOUND.data, theirs)
    assert found.theirs.startswith("error: unpack_from requires")
    assert "\n" not in found.theirs


def test_what_a_library_cannot_read_at_all_is_a_disagreement_in_one_line() -> None:
    _, third = ask(write_hive(MemoryHive(plain=PlainKey(values=(PlainValue("v", 11, b"12345"),)))).data)
    (found,) = third.disagreements
    assert (found.what, found.ours) == ("values", "1 values")
    assert found.theirs.startswith("StreamError: ")
    assert "\n" not in found.theirs


def test_disagreements_beyond_a_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinions, "MOST_DISAGREEMENTS", 1)
    theirs = SOUND.patched(place("GlobalFlag") + 12, b"\7")
    theirs = theirs[: place("Blob") + 24] + b"X" + theirs[place("Blob") + 25 :]
    opinion = form_opinion(
        "other", PythonRegistry(Registry(BytesIO(theirs))), RegfHive.from_buffer("test", SOUND.data), (SESSION_MANAGER,)
    )
    assert (len(opinion.disagreements), opinion.note) == (1, "1 further disagreements are not listed")


def test_the_comparison_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinions, "MOST_KEYS", 2)
    second, third = ask(SOUND.data)
    assert [(opinion.keys_compared, opinion.note) for opinion in (second, third)] == [
        (2, "stopped after 2 keys and 0 values"),
        (2, "stopped after 2 keys and 0 values"),
    ]


# Hives a library must not be given. Damaged ones: test_readers_guard.py.


def test_regipy_is_not_asked_where_it_would_take_another_cell_for_the_root() -> None:
    second, third = ask(SOUND.patched(36, pack("<I", SOUND.keys["ControlSet001"] - 4096)), r"Control\Session Manager")
    assert (second.agrees, second.keys_compared) == (True, 3)
    assert (third.agrees, third.known_defects, bool(third.note)) == (None, ("regipy-root-is-first-cell",), True)


# Known defects: each is shown by a hive, and is no disagreement.


def value(type: int, data: bytes, name: str = "v") -> PlainKey:
    return PlainKey(written=EVEN, values=(PlainValue(name, type, data),))


def key(name: str) -> PlainKey:
    return PlainKey(written=EVEN, subkeys=(PlainKey(name, EVEN),))


def text(content: str) -> bytes:
    return content.encode("utf-16-le")


EXAMPLES: list[tuple[str, PlainKey]] = [
    ("python-registry-time-rounding", PlainKey(written=EVEN + 5)),
    ("python-registry-time-rounding", PlainKey(written=EVEN + 15)),
    ("python-registry-time-rounding", PlainKey(written=EVEN + 4)),
    ("python-registry-type-mask", value(0xFFFF0003, b"12345")),
    ("python-registry-resident-raw-data", value(7, b"\0\0")),
    ("python-registry-resident-raw-data", value(1, b"\0\0")),
    ("python-registry-resident-raw-data", value(4, b"\1")),
    ("python-registry-resident-raw-data", value(11, b"\1\2\3\4")),
    ("python-registry-resident-raw-data", value(5, b"\1\2\3\4")),
    ("python-registry-resident-raw-data", value(0x20, b"\1")),
    ("python-registry-fixed-size-raw-data", value(4, b"12345678")),
    ("python-registry-fixed-size-raw-data", value(11, b"123456789")),
    ("python-registry-windows-1252-names", key("caf\x9f")),
    ("python-registry-windows-1252-names", value(3, b"12345", "caf\x80")),
    ("python-registry-strict-names", key("\x81")),
    ("python-registry-strict-names", key("\ud800")),
    ("python-registry-strict-names", value(3, b"12345", "\x9d")),
    ("regipy-float-time", PlainKey(written=EVEN + 11)),
    ("regipy-default-value-name", value(3, b"12345", "")),
    ("regipy-ascii-names", key("caf\xe9")),
    ("regipy-ascii-names", value(3, b"12345", "caf\xe9")),
    ("regipy-surrogates-replaced", key("\ud800")),
    ("regipy-surrogates-replaced", value(3, b"12345", "\udfffx")),
    ("regipy-devprop-type", value(0xFFFF0003, b"12345")),
    ("regipy-skips-type-200000", value(0x200000, b"12345")),
    ("regipy-drops-empty-strings", value(7, text("a\0\0b\0\0"))),
    ("regipy-drops-empty-strings", value(7, text("\0\0"))),
    ("regipy-drops-unterminated-string", value(7, text("a\0bc"))),
    ("regipy-drops-unterminated-string", value(7, text("a\0") + b"\0\xd8\0\0" + text("c\0\0"))),
    ("regipy-broken-text", value(1, b"a\0b\0c")),
    ("regipy-broken-text", value(2, b"\0\xd8\xff\xff\0\0")),
    ("regipy-numbers-by-type", value(4, b"12345678")),
    ("regipy-numbers-by-type", value(4, b"\1\2")),
    ("regipy-binary-as-text", value(5, text("abc"))),
    ("regipy-binary-as-text", value(0xFFFF0012, text("guid"))),
    ("regipy-resident-reads-on", value(0xFFFF0011, b"\xff")),
    ("regipy-resident-reads-on", value(8, b"\1")),
    ("regipy-big-data-record", value(9, bytes(40000))),
]


@pytest.mark.parametrize(("defect", "plain"), EXAMPLES)
def test_a_known_defect_is_named_and_is_no_disagreement(defect: str, plain: PlainKey) -> None:
    opinions = ask(write_hive(MemoryHive(plain=plain)).data)
    assert [opinion.disagreements for opinion in opinions] == [(), ()]
    assert defect in {found for opinion in opinions for found in opinion.known_defects}


def test_every_known_defect_has_an_example() -> None:
    assert {defect for defect, _ in EXAMPLES} | {"regipy-root-is-first-cell"} == set(KNOWN_DEFECTS)


@pytest.mark.parametrize(
    "plain",
    [
        PlainKey(written=EVEN),
        value(3, b""),
        value(3, b"\1\2"),
        value(3, bytes(40000)),
        value(1, text("C:\\x\0")),
        value(1, text("no final NUL")),
        value(1, text("a\0garbage behind")),
        value(7, text("a\0b\0\0")),
        value(7, text("a\0b\0")),
        value(11, b"12345678"),
        value(0x10, pack("<Q", EVEN)),
        key("\u0416\u4e2d"),
    ],
)
def test_what_is_read_rightly_names_no_defect(plain: PlainKey) -> None:
    for opinion in ask(write_hive(MemoryHive(plain=plain)).data):
        assert (opinion.agrees, opinion.known_defects) == (True, ())


# Good manners.


def test_regipy_keeps_its_log_to_itself(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("regipy")
    before = logger.level
    ask(write_hive(MemoryHive(plain=value(1, b"\0\xd8\xff\xff\0\0"))).data)
    assert (caplog.records, logger.level) == ([], before)


def test_the_libraries_are_imported_only_when_asked() -> None:
    program = (
        "import sys, hivecheck.registry.readers; print({'Registry', 'regipy', 'construct', 'logging'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

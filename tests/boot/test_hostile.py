"""Hives made to hurt: whatever the Session Manager holds, the replay ends soon and says something."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hivecheck.facts.generation import NT4, WIN7, WIN11_24H2, WIN2003, XP, Generation
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.strings import encode_multi_sz, encode_sz
from hivecheck.report.boot_json import action_json
from hivecheck.report.origins_json import origins_json
from hivecheck.report.settings_json import value_json
from hivecheck.report.view import describe_action, outcome_words
from hivecheck.settings.catalog import CATALOG, SM, read_settings
from tests.boot.boots import play_hive

GENERATIONS = (NT4, XP, WIN2003, WIN7, WIN11_24H2)
NAMES = sorted(
    {row.value for row in CATALOG if row.value} | {"Windows", "Posix", "Debug", "Path", "SystemRoot", "C:", "kernel32", ""}
)
WORDS = (
    "", "!", "*1!", "@", "\\??\\C:\\a", "\\??\\C:\\a\\b", "\\??\\C:", "\\??\\Z:\\x", "\\SystemRoot\\x", "\\", "\\\\", "\\??\\", "C:\\a",
    "autocheck", "async", "debug", "%Path%", "%", "%%", "?:\\p", "C:\\p 1 2", "0x", "Windows", "Debug", "\\??\\UNC\\s", ":", "a:b:c",
    "\u212a", "\ud800", "ß", "İ", "\U0001f600", "\u202e", "=", ",", "ServerDll=a:b,1",
)  # fmt: skip

texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=4).map("".join) | st.lists(
    st.sampled_from(WORDS), max_size=4
).map(" ".join)
data = (
    st.binary(max_size=40)
    | texts.map(lambda text: encode_sz(text.replace("\0", "")))
    | st.lists(texts, max_size=8).map(lambda strings: encode_multi_sz(tuple(text.replace("\0", "") for text in strings)))
)
types = st.sampled_from((REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ, REG_DWORD)) | st.integers(0, 12) | st.just(0xFFFF0011)
values = st.builds(PlainValue, st.sampled_from(NAMES) | texts, types, data)
value_lists = st.lists(values, max_size=10).map(tuple)
SUBKEYS = ("Memory Management", "DOS Devices", "KnownDLLs", "Environment", "SubSystems")


@st.composite
def hives(draw: st.DrawFn) -> MemoryHive:
    """A hive with one control set, whose Session Manager has mostly its keys and any values."""
    subkeys = tuple(PlainKey(name, values=draw(value_lists)) for name in SUBKEYS if draw(st.integers(0, 19)))
    manager = PlainKey("Session Manager", values=draw(value_lists), subkeys=subkeys)
    others = [manager]
    if draw(st.booleans()):
        others.append(PlainKey("MiniNT"))
    if draw(st.booleans()):
        others.append(PlainKey("CrashControl", values=draw(value_lists)))
    control = PlainKey("Control", subkeys=tuple(others))
    one = (1).to_bytes(4, "little")
    select = PlainKey("Select", values=(PlainValue("Default", REG_DWORD, one), PlainValue("Current", REG_DWORD, one)))
    setup = PlainKey("Setup", values=draw(value_lists))
    return MemoryHive("SYSTEM", PlainKey(subkeys=(select, PlainKey("ControlSet001", subkeys=(control,)), setup)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hives(), st.sampled_from(GENERATIONS), st.booleans(), st.sampled_from([None, "minimal"]))
def test_any_values_of_any_types_are_replayed(
    hive: MemoryHive, generation: Generation, inventory: bool, mode: str | None
) -> None:
    played = play_hive(hive, generation, files=() if inventory else None, architecture="AMD64", safe_mode=mode)
    assert played.events
    for event in played.events:
        assert event.because
        assert describe_action(event.action)
        assert action_json(event.action)["kind"]
        list(outcome_words(event))
        origins_json(event.because)
    for row, setting in read_settings(hive, hive.root.subkey("ControlSet001")):
        value_json(setting.value)
        assert setting.name == row.name


def session_manager(*manager: PlainValue, **below: tuple[PlainValue, ...]) -> MemoryHive:
    """A hive with these values; `below` are the subkeys, `_` for a blank in their names."""
    given = {name.replace("_", " "): held for name, held in below.items()}
    subkeys = tuple(PlainKey(name, values=given.get(name, ())) for name in SUBKEYS)
    tree = PlainKey("Session Manager", values=manager, subkeys=subkeys)
    for name in reversed(["ControlSet001", *SM.split("\\")[:-1]]):
        tree = PlainKey(name, subkeys=(tree,))
    one = (1).to_bytes(4, "little")
    select = PlainKey("Select", values=(PlainValue("Default", REG_DWORD, one),))
    return MemoryHive("SYSTEM", PlainKey(subkeys=(select, tree)))


def listed(name: str, *strings: str) -> PlainValue:
    return PlainValue(name, REG_MULTI_SZ, encode_multi_sz(strings))


def renames_of_folders() -> MemoryHive:
    """12,000 files renamed into one folder, which is then renamed 12,000 times."""
    strings = [text for number in range(12_000) for text in (f"\\??\\C:\\{number}", f"!\\??\\C:\\a\\{number}")]
    strings += [
        text for number in range(12_000) for text in ("\\??\\C:\\" + "ab"[number % 2], "!\\??\\C:\\" + "ba"[number % 2])
    ]
    return session_manager(listed("PendingFileRenameOperations", *strings))


def deep_paths() -> MemoryHive:
    return session_manager(listed("PendingFileRenameOperations", *(["\\??\\C:" + "\\a" * 8_000, ""] * 400)))


def links_in_a_circle() -> MemoryHive:
    devices = tuple(
        PlainValue(f"{name}:", REG_SZ, encode_sz(f"\\??\\{other}:\\{'x' * 2_000}"))
        for name, other in zip("XYZ", "YZX", strict=True)
    )
    renames = listed("PendingFileRenameOperations", *(["\\??\\X:\\f", ""] * 5_000))
    return session_manager(renames, DOS_Devices=devices)


def long_path_and_many_commands() -> MemoryHive:
    path = PlainValue("Path", REG_SZ, encode_sz(";".join(f"C:\\{number}" for number in range(50_000))))
    return session_manager(listed("BootExecute", *(f"p{number}" for number in range(50_000))), Environment=(path,))


def one_line_of_keywords() -> MemoryHive:
    return session_manager(
        listed("BootExecute", "debug " * 500_000), PlainValue("S0InitialCommand", REG_SZ, encode_sz("async " * 500_000))
    )


def percent_signs() -> MemoryHive:
    return session_manager(Environment=tuple(PlainValue(f"V{n}", REG_EXPAND_SZ, encode_sz("%" * 30_000)) for n in range(50)))


def many_subsystems() -> MemoryHive:
    names = tuple(f"s{number}" for number in range(20_000))
    definitions = tuple(PlainValue(name, REG_EXPAND_SZ, encode_sz("%SystemRoot%\\x")) for name in names)
    kmode = PlainValue("Kmode", REG_SZ, encode_sz("k"))
    sessions = PlainValue("NumberOfInitialSessions", REG_DWORD, b"\xff\xff\xff\xff")
    return session_manager(sessions, SubSystems=(kmode, listed("Required", *names), *definitions))


def many_paging_files() -> MemoryHive:
    return session_manager(
        Memory_Management=(listed("PagingFiles", *(["?:\\p"] * 20_000 + ["C:\\p " + "9" * 5_000] * 100)),)
    )


def nothing_but_terminators() -> MemoryHive:
    zeros = b"\0" * 4_000_000
    names = ("PendingFileRenameOperations", "BootExecute", "ObjectDirectories", "ExcludeFromKnownDlls")
    return session_manager(*(PlainValue(name, REG_MULTI_SZ, zeros) for name in names))


HOSTILE: tuple[Callable[[], MemoryHive], ...] = (
    renames_of_folders, deep_paths, links_in_a_circle, long_path_and_many_commands, one_line_of_keywords, percent_signs,
    many_subsystems, many_paging_files, nothing_but_terminators,
)  # fmt: skip


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_hive_costs_seconds(make: Callable[[], MemoryHive]) -> None:
    hive = make()
    started = time.process_time()
    played = play_hive(hive, WIN11_24H2)
    assert time.process_time() - started < 10
    assert played.events


@pytest.mark.parametrize("generation", [WIN2003, WIN11_24H2])
def test_50_000_strings_of_renames_are_replayed_in_about_a_second(generation: Generation) -> None:
    strings = [
        text
        for number in range(12_500)
        for text in (f"\\??\\C:\\x\\{number}", "", f"\\??\\C:\\n\\{number}", f"!\\??\\C:\\y\\{number}")
    ]
    hive = session_manager(listed("PendingFileRenameOperations", *strings))
    started = time.process_time()
    played = play_hive(hive, generation)
    assert time.process_time() - started < 5  # about one on a quiet machine
    renames = [event for event in played.events if event.step.value == "file-renames"]
    assert len(renames) == 25_000
    assert played.after.files["C:\\Y\\12499"].content == "what was at \\??\\C:\\n\\12499 before this boot"

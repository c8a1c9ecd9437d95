"""How to check a finding by hand where the hive is recovered from logs: which file holds the bytes, and at which offset."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.notation import parse_notation
from hivecheck.report.hive_again import hive_again
from hivecheck.report.html import render_html
from hivecheck.report.html_checks import stored_value
from hivecheck.report.log_places import LogPlaces
from hivecheck.report.stored_data import runs_of_data
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_sequences
from tests.report.analyses import BOOTABLE, session_manager
from tests.report.html_tree import Element, parse_html

RealHive = Callable[[str], Path]

GENERATED = "2026-01-15T10:00:00Z"
FIRST = 40
KEPT = session_manager(r'"Kept.dll" = sz "\??\C:\Users\Public\kept.dll"', r"\AppCertDlls")
LONG = " ".join(rf'"\??\C:\ProgramData\{number:04}.tmp" ""' for number in range(500))  # more than one segment holds


def state(text: str) -> bytes:
    return build_hive(parse_notation(BOOTABLE + text))


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """A hive whose logs, two of them, add a boot command: it stands in no file but the second log."""
    states = [state(KEPT), state(KEPT + session_manager("Later = dword 1"))]
    states.append(state(KEPT + session_manager('SetupExecute = multi "planted.exe"')))
    path = tmp_path / "SYSTEM"
    path.write_bytes(with_sequences(states[0], FIRST + 1, FIRST))
    (tmp_path / "SYSTEM.LOG1").write_bytes(hvle_log(states[:2], FIRST).data)
    (tmp_path / "SYSTEM.LOG2").write_bytes(hvle_log(states[1:], FIRST + 1).data)
    return path


def checks(analysis: Analysis) -> Element:
    return parse_html(render_html(analysis, GENERATED)).with_id("checks")


def check_of(html: Element, value: str) -> Element:
    [found] = [one for one in html.find("details") if "check" in one.classes and one.find("code")[0].text == value]
    return found


def dumped(check: Element, file: Path) -> bytes:
    """The bytes of the dumps, each line held against the file at the offset that it names."""
    data, found = file.read_bytes(), b""
    for dump in check.find("pre"):
        for line in dump.text.split("\n"):
            at, digits = int(line[:8], 16), bytes.fromhex(line[10:57])
            assert data[at : at + len(digits)] == digits
            found += digits
    return found


def test_what_stands_in_a_log_alone_is_told_with_the_log_its_entry_and_the_offset_there(dirty: Path) -> None:
    check = check_of(checks(analyze(dirty, Options(verify="none"))), "SetupExecute")
    assert dumped(check, dirty.with_name("SYSTEM.LOG2")) == "planted.exe\0\0".encode("utf-16-le")
    assert f"SYSTEM.LOG2, entry with sequence number {FIRST + 1}, at 0x" in check.text
    assert "the hive file does not hold them" in check.text
    [at] = re.findall(r"go to 0x([0-9a-f]+) of SYSTEM\.LOG2", check.text)
    assert dirty.with_name("SYSTEM.LOG2").read_bytes()[int(at, 16) + 4 :][:2] == b"vk"


def test_a_key_that_a_log_made_is_told_with_the_place_in_the_log(tmp_path: Path) -> None:
    before, after = state(""), state("\n[ControlSet001\\Control\\MiniNT]\n")
    path = tmp_path / "SYSTEM"
    path.write_bytes(with_sequences(before, FIRST + 1, FIRST))
    log = hvle_log([before, after], FIRST).data
    path.with_name("SYSTEM.LOG1").write_bytes(log)
    html = checks(analyze(path, Options(verify="none")))
    [keys] = [one for one in html.find("details") if one.text.startswith("Keys that findings cite")]
    told = next(one.text for one in keys.find("li") if "MiniNT" in one.text)
    assert "The offset is that of the recovered hive" in told
    [at] = re.findall(rf"86 bytes: SYSTEM\.LOG1, entry with sequence number {FIRST}, at 0x([0-9a-f]+)", told)
    assert log[int(at, 16) + 4 :][:2] == b"nk"


def test_a_finding_tells_the_place_in_the_log_in_the_words_of_how_to_check(dirty: Path) -> None:
    html = parse_html(render_html(analyze(dirty, Options(verify="none")), GENERATED))
    [cited] = [one for one in html.with_id("findings").find("li") if one.text.startswith("planted.exe")]
    [place] = [one for one in cited.find("div") if "about" in one.classes]
    assert place.text.strip().startswith("The offset is that of the recovered hive:")
    [piece] = place.find("li")
    assert piece.text in check_of(html.with_id("checks"), "SetupExecute").text
    [at] = re.findall(rf"SYSTEM\.LOG2, entry with sequence number {FIRST + 1}, at 0x([0-9a-f]+)", piece.text)
    assert dirty.with_name("SYSTEM.LOG2").read_bytes()[int(at, 16) + 4 :][:2] == b"vk"
    alone = parse_html(render_html(analyze(dirty, Options(verify="none", logs="none")), GENERATED))
    assert "of the recovered hive" not in alone.with_id("findings").text


def test_a_value_of_the_software_hive_is_not_looked_for_in_this_one(tmp_path: Path) -> None:
    options = r"[Microsoft\Windows NT\CurrentVersion\Image File Execution Options\lsass.exe]"
    software = tmp_path / "SOFTWARE"
    build = '[Microsoft\\Windows NT\\CurrentVersion]\nCurrentBuildNumber = sz "19041"\n'
    software.write_bytes(build_hive(parse_notation(f'{build}{options}\nDebugger = sz "C:\\Users\\Public\\evil.exe"')))
    path = tmp_path / "SYSTEM"
    path.write_bytes(state(""))
    check = check_of(checks(analyze(path, Options(verify="none", software=software))), "Debugger")
    assert "SOFTWARE, the SOFTWARE hive: the offset is that of this file" in check.text
    assert 'Registry.Registry("SOFTWARE")' in check.text
    assert "not found" not in check.text
    [at] = re.findall(r"go to 0x([0-9a-f]+);", check.text)
    assert software.read_bytes()[int(at, 16) + 4 :][:2] == b"vk"


def test_another_tool_is_sent_to_the_hive_only_for_what_the_hive_holds(dirty: Path) -> None:
    html = checks(analyze(dirty, Options(verify="none")))
    assert 'Registry.Registry("SYSTEM.recovered")' in check_of(html, "SetupExecute").text
    kept = check_of(html, "Kept.dll").text
    assert 'Registry.Registry("SYSTEM")' in kept
    assert "SYSTEM.recovered" not in kept


def test_of_a_recovered_hive_the_logs_are_to_be_copied_along(dirty: Path) -> None:
    told = checks(analyze(dirty, Options(verify="none"))).text
    assert "copy the logs (SYSTEM.LOG1, SYSTEM.LOG2) beside the copy" in told
    assert "hivecheck recover SYSTEM --write-recovered SYSTEM.recovered" in told
    alone = checks(analyze(dirty, Options(verify="none", logs="none"))).text
    assert "recovered" not in alone


def test_the_pieces_are_the_bytes_of_the_hive_with_its_logs(dirty: Path) -> None:
    opened = open_with_logs(dirty)
    files = {"": dirty.read_bytes()} | {str(log.path): log.path.read_bytes() for log in opened.logs}
    whole = bytes(opened.hive.buffer)
    pieces = LogPlaces(opened.logs, len(whole)).pieces(BINS_START, len(whole) - BINS_START)
    assert {"", str(dirty.with_name("SYSTEM.LOG2"))} <= {piece.log for piece in pieces} <= set(files)
    assert b"".join(files[one.log][one.at : one.at + one.size] for one in pieces) == whole[BINS_START:]
    assert [one.start for one in pieces[1:]] == [one.start + one.size for one in pieces[:-1]]


@pytest.mark.parametrize("ruined", [False, True], ids=["", "its base block is bad"])
def test_the_hive_opened_again_is_the_one_that_was_analyzed(dirty: Path, ruined: bool) -> None:
    """Recovered once more from what the analysis holds; a bad base block takes the long way, as a log lends its own."""
    if ruined:
        data = bytearray(dirty.read_bytes())
        data[508] ^= 1
        dirty.write_bytes(data)
    _same_again(dirty)


def test_of_a_real_dirty_hive_the_hive_opened_again_is_the_one_that_was_analyzed(real_hive: RealHive) -> None:
    _same_again(real_hive("win10-1709-dirty"))


def _same_again(path: Path) -> None:
    opened = open_with_logs(path)
    with hive_again(analyze(path, Options(verify="none"))) as again:
        assert again is not None
        assert opened.unrecovered is not None
        assert again.as_found is not None
        assert again.places is not None
        assert bytes(again.hive.buffer) == bytes(opened.hive.buffer) != bytes(again.as_found.buffer)
        assert bytes(again.as_found.buffer) == bytes(opened.unrecovered.buffer)
        assert again.hive.base_block == opened.hive.base_block
        for mine, other in zip(again.hive.root.subkeys(), opened.hive.root.subkeys(), strict=True):
            assert mine.ref == other.ref
    opened.close()


def test_what_a_log_held_is_told_though_the_log_is_gone_and_nothing_of_a_hive_that_changed(dirty: Path) -> None:
    analysis = analyze(dirty, Options(verify="none"))
    whole = checks(analysis).text
    for log in analysis.evidence.logs:
        assert isinstance(log.path, Path)
        log.path.unlink()
    assert checks(analysis).text == whole
    data = bytearray(dirty.read_bytes())
    data[8] ^= 1  # when it was last written
    dirty.write_bytes(data)
    assert "The hive could not be opened again" in checks(analysis).text


def test_big_data_are_dumped_with_the_offsets_of_their_segments(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    evil = r'"\??\C:\Users\Public\u.dat" "!\??\C:\Windows\System32\utilman.exe"'
    path.write_bytes(state(session_manager(f"PendingFileRenameOperations = multi {LONG} {evil}")))
    check = check_of(checks(analyze(path, Options(verify="none"))), "PendingFileRenameOperations")
    assert "utilman.exe".encode("utf-16-le") in dumped(check, path)
    assert re.search(r"in \d+ segments, the first at 0x", check.text)


@pytest.mark.parametrize("name", ["win10-1709-dirty", "win10-1903"])
def test_of_real_hives_each_cited_byte_stands_where_it_is_said_to(real_hive: RealHive, name: str) -> None:
    path = real_hive(name)
    analysis = analyze(path, Options(verify="none"))
    opened = open_with_logs(path)
    files = {"": path.read_bytes()} | {str(log.path): log.path.read_bytes() for log in opened.logs}
    places = LogPlaces(opened.logs, len(opened.hive.buffer))
    seen = 0
    for ref in [one for finding in analysis.told_findings for one in finding.because if isinstance(one, ValueRef)]:
        raw = stored_value(opened.hive, ref)
        if raw is None or not raw.data:
            continue
        pieces = [piece for run in runs_of_data(opened.hive.buffer, ref.offset or 0, raw) for piece in places.pieces(*run)]
        assert b"".join(files[one.log][one.at : one.at + one.size] for one in pieces) == raw.data
        seen += 1
    assert seen


@pytest.mark.parametrize("name", ["win10-1709-dirty", "win10-1903", "win7-sp1-x86"])
def test_no_cell_of_a_real_hive_is_listed_twice(real_hive: RealHive, name: str) -> None:
    html = checks(analyze(real_hive(name), Options(verify="none")))
    cells = [
        one.find("dl")[0].text.partition("Value cell")[2].partition(" ")[0] for one in html.find("details") if one.find("dl")
    ]
    places = [cell for cell in cells if cell]
    assert places
    assert len(places) == len(set(places))

"""The command line as its user meets it: what goes where, and with which exit code the program ends."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.facts.generation import WIN10_1903
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from tests.boot.boots import bootable
from tests.hive_writer import build_hive
from tests.hive_writer import write_hive as write_hive_cells

Run = Callable[..., int]


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


def write_hive(path: Path, hive: MemoryHive) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build_hive(hive))
    return path


@pytest.fixture
def system(tmp_path: Path) -> Path:
    return write_hive(tmp_path / "SYSTEM", bootable(r'BootExecute = multi "autocheck autochk *" "evil"', WIN10_1903))


def test_a_hive_is_summed_up_on_standard_output(hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("analyze", system) == Exit.OK
    out, err = capsys.readouterr()
    assert "run autocheck autochk *" in out
    assert "run evil" in out
    assert err == ""


def test_json_on_standard_output_is_alone_there(hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("analyze", system, "--json", "-") == Exit.OK
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "hivecheck.analysis/1"
    assert document["settings"]["BootExecute"]["value"] == ["autocheck autochk *", "evil"]


def test_several_hives_make_an_array(hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = write_hive(system.with_name("other"), bootable("", WIN10_1903))
    assert hivecheck("analyze", system, other, "--json", "-") == Exit.OK
    assert [one["evidence"]["source"] for one in json.loads(capsys.readouterr().out)] == [str(system), str(other)]


def test_the_same_input_gives_the_same_bytes(
    hivecheck: Run, system: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    json_file, html_file = tmp_path / "a.json", tmp_path / "a.html"
    texts: set[tuple[bytes, bytes]] = set()
    for _ in range(2):
        assert hivecheck("analyze", system, "-q", "--json", json_file, "--html", html_file) == 0
        texts.add((json_file.read_bytes(), html_file.read_bytes()))
    assert len(texts) == 1
    assert json.loads(json_file.read_text())["generated_utc"] == "2023-11-14T22:13:20Z"


def test_evidence_is_never_changed(hivecheck: Run, system: Path) -> None:
    before, stamp = system.read_bytes(), system.stat().st_mtime_ns
    system.chmod(0o444)
    assert hivecheck("analyze", system, "-q") == Exit.OK
    assert (system.read_bytes(), system.stat().st_mtime_ns) == (before, stamp)


def test_a_folder_is_searched_by_content(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_hive(tmp_path / "C/Windows/System32/config/system", bootable("", WIN10_1903))
    write_hive(tmp_path / "C/Windows/System32/config/SOFTWARE", parse_notation("[Microsoft]\n[Classes]\n"))
    (tmp_path / "C/Windows/System32/config/SYSTEM.LOG1").write_bytes(b"")
    assert hivecheck("analyze", tmp_path, "--json", "-") == Exit.OK
    assert json.loads(capsys.readouterr().out)["evidence"]["source"].endswith("config/system")


def no_hive(tmp_path: Path) -> dict[str, Path]:
    files = {name: tmp_path / name for name in ("empty", "text", "missing", "folder", "software", "cut-root", "archive")}
    files["empty"].write_bytes(b"")
    files["text"].write_text("hello\n" * 3000)
    files["folder"].mkdir()
    write_hive(files["software"], parse_notation("[Microsoft\\Windows]\n[Classes]\n"))
    files["cut-root"].write_bytes(build_hive(bootable("", WIN10_1903))[:4200])
    files["archive"].write_bytes(b"PK\x03\x04" + bytes(9000))
    return files


@pytest.mark.parametrize("name", ["empty", "text", "missing", "folder", "software", "cut-root", "archive"])
@pytest.mark.parametrize("command", ["analyze", "extract", "replay"])
def test_what_is_no_system_hive_gives_one_sentence_and_code_4(
    hivecheck: Run, tmp_path: Path, name: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = no_hive(tmp_path)[name]
    assert hivecheck(command, path) == Exit.UNREADABLE
    out, err = capsys.readouterr()
    assert out == ""
    first, *hints = err.splitlines()
    assert first.startswith(f"hivecheck: {path}: ")
    assert first.endswith(".")
    assert len(hints) <= 1


def test_one_bad_input_does_not_lose_the_good_one(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello\n" * 3000)
    assert hivecheck("analyze", text, system) == Exit.UNREADABLE
    out, err = capsys.readouterr()
    assert "run evil" in out
    assert "this is a text" in err


def test_a_truncated_hive_gives_what_is_left_and_code_5(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = build_hive(bootable("", WIN10_1903))
    path = tmp_path / "SYSTEM"
    path.write_bytes(whole[:-64])
    assert hivecheck("analyze", path, "--json", "-") == Exit.PARTIAL
    document = json.loads(capsys.readouterr().out)
    assert "truncated-hive" in {problem["code"] for problem in document["problems"]}
    assert document["events"]


def test_a_missing_select_halts_the_boot_and_is_no_error(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_hive(
        tmp_path / "SYSTEM", parse_notation('[ControlSet001\\Control\\Session Manager]\nBootExecute = multi "x"\n')
    )
    assert hivecheck("analyze", path, "--json", "-") == Exit.OK
    document = json.loads(capsys.readouterr().out)
    assert document["halted"]["event"] == 1
    assert "This machine would not boot, because the key Select is missing" in document["halted"]["why"]
    assert {"select-missing", "no-control-set"} <= {problem["code"] for problem in document["problems"]}
    assert document["control_set"]["number"] is None


def test_a_missing_control_set_halts_the_boot(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "[Select]\nDefault = dword 3\nCurrent = dword 1\nFailed = dword 0\nLastKnownGood = dword 1\n[ControlSet001]\n"
    path = write_hive(tmp_path / "SYSTEM", parse_notation(text))
    assert hivecheck("analyze", path) == Exit.OK
    out = capsys.readouterr().out
    assert "HALTED after event 1" in out
    assert "ControlSet003" in out


def test_another_control_set_can_be_asked_for_by_number(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '[Select]\nDefault = dword 1\n[ControlSet001]\n[ControlSet002\\Control\\Session Manager]\nBootExecute = multi "other"\n'
    path = write_hive(tmp_path / "SYSTEM", parse_notation(text))
    assert hivecheck("extract", path, "--control-set", "2", "--json", "-") == Exit.OK
    document = json.loads(capsys.readouterr().out)
    assert document["control_set"]["number"] == 2
    assert document["settings"]["BootExecute"]["value"] == ["other"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze",),
        ("analyze", "SYSTEM", "--bogus"),
        ("analyze", "SYSTEM", "--safe-mode", "loud"),
        ("extract", "SYSTEM", "--notation", "--json", "-"),
        ("analyze", "SYSTEM", "--json", "-", "--html", "-"),
        ("nonsense",),
    ],
)
def test_wrong_usage_ends_with_code_2(
    hivecheck: Run, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck(*arguments) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err


def test_an_unknown_control_set_is_wrong_usage(hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("analyze", system, "--control-set", "next") == Exit.USAGE
    assert "no such control set" in capsys.readouterr().err


def test_the_notation_reads_back_to_the_same_settings(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("extract", system, "--notation") == Exit.OK
    again = write_hive(tmp_path / "again", parse_notation(capsys.readouterr().out))
    documents = []
    for path in (system, again):
        assert hivecheck("extract", path, "--json", "-") == Exit.OK
        settings = json.loads(capsys.readouterr().out)["settings"]
        documents.append({name: (one["presence"], one["type"], one["value"]) for name, one in settings.items()})
    assert documents[0] == documents[1]


def test_replay_tells_every_event(hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hivecheck("replay", system, "--json", "-") == Exit.OK
    events = json.loads(capsys.readouterr().out)["events"]
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    assert hivecheck("replay", system) == Exit.OK
    out = capsys.readouterr().out
    for event in events:
        assert f"\n{event['number']:>6} " in out


def test_hostile_text_reaches_the_terminal_visible(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hive = bootable('BootExecute = multi "\\u{1b}[31mred\\u{7}" "x\\u{202e}gpj.exe" "[bold]y[/bold]"', WIN10_1903)
    path = write_hive(tmp_path / "SYSTEM", hive)
    for command in ("analyze", "replay", "extract"):
        assert hivecheck(command, path) == Exit.OK
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "\x07" not in out
        assert "\u202e" not in out
        assert "⟨U+202E⟩gpj.exe" in out
        assert "[bold]y[/bold]" in out


def test_a_reader_who_has_gone_is_no_fault(system: Path) -> None:
    command = f"{sys.executable} -m hivecheck replay '{system}' | head -1"
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr
    assert ended.stderr == ""


def test_an_ascii_console_gets_escapes_and_no_traceback(tmp_path: Path) -> None:
    path = write_hive(tmp_path / "SYSTEM", bootable('BootExecute = multi "\u044e\u043d\u0438"', WIN10_1903))
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "hivecheck", "analyze", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "run <U+044E><U+043D><U+0438>" in ended.stdout


def _spellings(system: Path) -> list[Path]:
    link, hard = system.parent / "link", system.parent / "hard"
    link.symlink_to(system)
    hard.hardlink_to(system)
    return [system, link, hard, system.parent / ".." / system.parent.name / system.name]


@pytest.mark.parametrize(
    "command",
    [("analyze", "--json"), ("analyze", "--html"), ("replay", "--json"), ("extract", "--json"), ("recover", "--json")],
)
def test_evidence_is_never_written_to_by_whatever_name(
    hivecheck: Run, system: Path, command: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = system.read_bytes()
    for target in _spellings(system):
        assert hivecheck(command[0], system, command[1], target) == Exit.USAGE
        assert "this file is evidence" in capsys.readouterr().err
        assert system.read_bytes() == before


def test_logs_and_hives_of_a_folder_are_evidence_too(
    hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = system.with_name("SYSTEM.LOG1")
    log.write_bytes(b"log")
    for target in (log, system):
        assert hivecheck("analyze", system.parent, "-q", "--json", target) == Exit.USAGE
        assert "this file is evidence" in capsys.readouterr().err
    assert log.read_bytes() == b"log"


def test_one_file_can_not_take_both_reports(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    assert hivecheck("analyze", system, "--html", tmp_path / "out", "--json", tmp_path / "out") == Exit.USAGE
    assert not (tmp_path / "out").exists()


def test_the_shape_of_the_document_follows_the_inputs_not_their_failures(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello\n" * 3000)
    assert hivecheck("analyze", text, system, "--json", "-") == Exit.UNREADABLE
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_a_control_set_that_is_not_there_is_wrong_usage(
    hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("analyze", system, "--control-set", "9") == Exit.USAGE
    assert "this hive has no ControlSet009" in capsys.readouterr().err


def test_a_clock_that_is_no_time_is_wrong_usage(hivecheck: Run, system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "99999999999999")
    assert hivecheck("analyze", system, "-q") == Exit.USAGE


def _without_values_of(name: str, hive: MemoryHive) -> bytes:
    """The hive with the value list of one key pointing past the end of the file."""
    written = write_hive_cells(hive)
    place = written.keys[name]
    return written.patched(place + 4 + 0x28, (0x7FFFFFF0).to_bytes(4, "little"))


def test_what_can_not_be_read_is_never_told_as_absent(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hive = bootable(r'BootExecute = multi "autocheck autoche *"', WIN10_1903)
    path = tmp_path / "SYSTEM"
    path.write_bytes(_without_values_of(r"ControlSet001\Control\Session Manager", hive))
    assert hivecheck("analyze", path, "--json", "-") == Exit.PARTIAL
    document = json.loads(capsys.readouterr().out)
    for name in ("BootExecute", "PendingFileRenameOperations", "NumberOfInitialSessions"):
        assert document["settings"][name]["presence"] == "unreadable"
    assert not [event for event in document["events"] if event["action"].get("list") == "BootExecute"]
    for command in ("analyze", "replay", "extract"):
        assert hivecheck(command, path) == Exit.PARTIAL
        assert "BootExecute can't be told" in capsys.readouterr().out


def test_a_select_that_can_not_be_read_is_no_verdict_on_the_machine(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(_without_values_of("Select", bootable("", WIN10_1903)))
    assert hivecheck("replay", path) == Exit.PARTIAL
    out = capsys.readouterr().out
    assert "Which control set boots can't be told" in out
    assert "would not boot" not in out
    assert hivecheck("replay", path, "--control-set", "1") == Exit.PARTIAL
    assert "HALTED after event 1," not in capsys.readouterr().out


def test_a_machine_without_a_set_to_boot_is_described_by_one_that_is_there(
    hivecheck: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(__file__).parents[2] / "test_hives" / "broken" / "missing-select.hive"
    assert hivecheck("analyze", path, "--json", "-") == Exit.OK
    document = json.loads(capsys.readouterr().out)
    assert "described-by-another-set" in {problem["code"] for problem in document["problems"]}
    assert "generation-unknown" not in {problem["code"] for problem in document["problems"]}


def test_a_long_list_of_programs_does_not_fill_the_summary(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = " ".join(f'"program{number}"' for number in range(200))
    path = write_hive(tmp_path / "SYSTEM", bootable(f"BootExecute = multi {lines}", WIN10_1903))
    assert hivecheck("analyze", path) == Exit.OK
    out = capsys.readouterr().out
    assert "and 192 more: see hivecheck replay" in out
    assert len(out.splitlines()) < 95

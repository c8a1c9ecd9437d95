"""`hivecheck export`: formats, names of files, what it never overwrites, options, exit codes, the same bytes every time."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.cli.export import ExportFormat
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.registry.hive import REG_MULTI_SZ
from hivecheck.registry.memory import PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE
from tests.report.export.exports import HOSTILE, TAMPERED, csv_rows

Run = Callable[..., int]
ROOT = Path(__file__).resolve().parents[2]
ENDINGS = {ExportFormat.TIMESKETCH: "jsonl", ExportFormat.TIMESKETCH_CSV: "csv"}
FORMATS = sorted(ExportFormat)
REAL = ("nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1709-dirty", "win10-1903")


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


def make_hive(path: Path, text: str = TAMPERED) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(build_hive(parse_notation(BOOTABLE + text)))
    return path


@pytest.fixture
def system(tmp_path: Path) -> Path:
    return make_hive(tmp_path / "SYSTEM")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_to_a_file(form: ExportFormat, hivecheck: Run, system: Path, tmp_path: Path) -> None:
    before = system.read_bytes()
    target = tmp_path / f"out.{ENDINGS.get(form, 'txt')}"
    assert hivecheck("export", system, "--format", form, "-o", target) == Exit.OK
    assert "WKSTN-1" in target.read_text("utf-8")
    assert system.read_bytes() == before


@pytest.mark.parametrize("form", FORMATS)
def test_standard_output_holds_the_export_alone(
    form: ExportFormat, hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / f"out.{ENDINGS.get(form, 'txt')}"
    assert hivecheck("export", system, "--format", form, "-o", target, "--quiet") == Exit.OK
    assert capsys.readouterr().out == ""
    assert hivecheck("export", system, "--format", form, "-o", "-", "--quiet") == Exit.OK
    if form not in (ExportFormat.MARKDOWN, ExportFormat.SARIF):  # these tell the command line
        assert capsys.readouterr().out == target.read_text("utf-8")


@pytest.mark.parametrize(
    ("form", "name"), [("timesketch", "out.json"), ("timesketch-csv", "out.txt"), ("timesketch", "jsonl")]
)
def test_a_name_that_timesketch_would_refuse_is_refused(
    form: str, name: str, hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("export", system, "--format", form, "-o", tmp_path / name) == Exit.USAGE
    assert "ends in ." in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_a_file_that_is_named_is_overwritten_and_evidence_never(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old", "utf-8")
    assert hivecheck("export", system, "--format", "csv", "-o", target) == Exit.OK
    assert target.read_text("utf-8").startswith("kind,")
    before = system.read_bytes()
    for evidence in (system, tmp_path / "SYSTEM.LOG1"):
        evidence.touch()
        assert hivecheck("export", system, "--format", "csv", "-o", evidence) == Exit.USAGE
    assert system.read_bytes() == before
    assert (tmp_path / "SYSTEM.LOG1").read_bytes() == b""


def test_several_hives_go_into_one_export(hivecheck: Run, tmp_path: Path) -> None:
    for number in (1, 2):
        make_hive(tmp_path / str(number) / "SYSTEM", TAMPERED.replace("WKSTN-1", f"WKSTN-{number}"))
    target = tmp_path / "all.jsonl"
    assert hivecheck("export", tmp_path / "1", tmp_path / "2", "--format", "timesketch", "-o", target) == Exit.OK
    hosts = {json.loads(line)["hostname"] for line in target.read_text("utf-8").splitlines()}
    assert hosts == {"WKSTN-1", "WKSTN-2"}
    sarif = tmp_path / "all.sarif"
    assert hivecheck("export", tmp_path / "1", tmp_path / "2", "--format", "sarif", "-o", sarif) == Exit.OK
    assert [one["properties"]["computerName"] for one in json.loads(sarif.read_text("utf-8"))["runs"]] == [
        "WKSTN-1",
        "WKSTN-2",
    ]


def test_what_can_be_read_is_exported_though_something_cannot(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"no hive")
    target = tmp_path / "out.md"
    assert hivecheck("export", system, other, "--format", "markdown", "-o", target) == Exit.UNREADABLE
    assert "WKSTN-1" in target.read_text("utf-8")
    assert hivecheck("export", other, "--format", "markdown", "-o", tmp_path / "none.md") == Exit.UNREADABLE
    assert not (tmp_path / "none.md").exists()


def test_the_least_severity_and_the_case_are_told(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.sarif"
    options = ("--min-severity", "critical", "--case-id", "C-1", "--examiner", "A", "--evidence-id", "E-7", "--notes", "N")
    assert hivecheck("export", system, "--format", "sarif", "-o", target, *options) == Exit.OK
    [sarif] = json.loads(target.read_text("utf-8"))["runs"]
    assert {one["properties"]["severity"] for one in sarif["results"]} == {"critical"}
    told = {name: sarif["properties"][name] for name in ("caseId", "examiner", "evidenceId", "notes")}
    assert told == {"caseId": "C-1", "examiner": "A", "evidenceId": "E-7", "notes": "N"}
    assert sarif["invocations"][0]["commandLine"].startswith("hivecheck export ")


def test_fail_on_counts_as_in_analyze(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.sarif"
    assert hivecheck("export", system, "--format", "sarif", "-o", target, "--fail-on", "critical") == Exit.FINDINGS
    assert target.exists()


def test_a_deleted_key_is_an_event_unless_recovery_is_off(hivecheck: Run, tmp_path: Path) -> None:
    gone = PlainKey("Gone", parse_iso_utc("2019-04-17T18:40:00Z"))
    path = tmp_path / "SYSTEM"
    hive = parse_notation(BOOTABLE + TAMPERED)
    path.write_bytes(build_hive(hive, deleted=[("ControlSet001\\Control", gone)]))
    for option, expected in (("--recover", 1), ("--no-recover", 0)):
        target = tmp_path / "out.csv"
        assert hivecheck("export", path, "--format", "csv", "-o", target, option) == Exit.OK
        rows = [row for row in csv_rows(target.read_text("utf-8")) if row["kind"] == "deleted-key"]
        assert len(rows) == expected
        for row in rows:
            assert row["key_path"].endswith("\\Control\\Gone")
            assert row["time_utc"] == "2019-04-17T18:40:00.0000000Z"
            assert row["state"] == "deleted"
            assert "key last written" in row["message"]


def test_an_earlier_list_is_an_event_where_its_key_is_known(hivecheck: Run, tmp_path: Path) -> None:
    data = "\\??\\C:\\Windows\\Temp\\gone.dll\0\0\\??\\C:\\Windows\\Temp\\gone2.dll\0\0\0".encode("utf-16-le")
    value = PlainValue("PendingFileRenameOperations", REG_MULTI_SZ, data)
    older = PlainKey("Session Manager", parse_iso_utc("2019-04-17T18:40:00Z"), values=(value,))
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(parse_notation(BOOTABLE), deleted=[("ControlSet001\\Control", older)]))
    target = tmp_path / "out.csv"
    assert hivecheck("export", path, "--format", "csv", "-o", target) == Exit.OK
    [row] = [row for row in csv_rows(target.read_text("utf-8")) if row["kind"] == "earlier-list"]
    assert (row["time_utc"], row["value_name"]) == ("2019-04-17T18:40:00.0000000Z", "PendingFileRenameOperations")
    assert "2 operations" in row["message"]
    assert "key last written then; the value may be older" in row["message"]


def test_what_a_log_changed_is_told_before_and_after(hivecheck: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    hive = ROOT / "test_hives" / "broken" / "log-lends-base-block.hive"
    assert hivecheck("export", hive, "--format", "csv", "-o", target) == Exit.OK
    rows = [row for row in csv_rows(target.read_text("utf-8")) if row["kind"] == "log-change"]
    assert len(rows) == 2
    assert "as it was before entry" in rows[0]["message"]
    assert re.search(r"as entry \d+ of the log .* left it", rows[1]["message"])
    assert {row["state"] for row in rows} == {"log"}


def test_keys_of_the_software_hive_are_told_below_software(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    current = "Microsoft\\Windows NT\\CurrentVersion"
    software = tmp_path / "SOFTWARE"
    lines = (
        f"[{current}] 2018-01-01T00:00:00Z",
        'ProductName = sz "Windows 7 Ultimate"',
        'CurrentVersion = sz "6.1"',
        'CurrentBuildNumber = sz "7601"',
        f"[{current}\\Winlogon] 2018-02-03T04:05:06Z",
        'Userinit = sz "C:\\Windows\\system32\\userinit.exe,C:\\evil.exe,"',
    )
    software.write_bytes(build_hive(parse_notation("\n".join(lines))))
    target = tmp_path / "out.csv"
    assert hivecheck("export", system, "--software", software, "--format", "csv", "-o", target) == Exit.OK
    told = {row["key_path"]: row["time_utc"] for row in csv_rows(target.read_text("utf-8")) if row["kind"] == "key"}
    assert told[f"HKEY_LOCAL_MACHINE\\SOFTWARE\\{current}\\Winlogon"] == "2018-02-03T04:05:06.0000000Z"


def test_sarif_tells_the_size_of_a_cell_as_it_stands_in_the_file(hivecheck: Run, system: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.sarif"
    assert hivecheck("export", system, "--format", "sarif", "-o", target) == Exit.OK
    data = system.read_bytes()
    regions = [
        place["physicalLocation"]["region"]
        for result in json.loads(target.read_text("utf-8"))["runs"][0]["results"]
        for place in result["locations"]
        if "region" in place["physicalLocation"]
    ]
    assert regions
    for region in regions:
        start, size = region["byteOffset"], region["byteLength"]
        assert int.from_bytes(data[start : start + 4], "little", signed=True) == -size
        assert data[start + 4 : start + 6] in (b"vk", b"nk")


def test_times_that_are_left_out_are_told_on_standard_error(
    hivecheck: Run, system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("export", system, "--format", "tln", "-o", "-") == Exit.OK
    assert "left out (0, before 1970, or after 2261)" in capsys.readouterr().err


@pytest.mark.parametrize("form", FORMATS)
def test_a_hostile_hive_is_exported_the_same_under_every_hash_seed(form: ExportFormat, tmp_path: Path) -> None:
    path = make_hive(tmp_path / "SYSTEM", HOSTILE)
    told = []
    for seed in ("1", "2"):
        ended = subprocess.run(
            [sys.executable, "-m", "hivecheck", "export", str(path), "--format", form, "-o", "-"],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1767225600", "PYTHONUTF8": "1"},
            capture_output=True,
            check=False,
        )
        assert ended.returncode == Exit.OK, ended.stderr
        told.append(ended.stdout)
    assert told[0] == told[1]


def test_the_main_job_loads_no_export(tmp_path: Path) -> None:
    path = make_hive(tmp_path / "SYSTEM")
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "hivecheck", "analyze", "--json", "-", str(path)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=True,
    )
    assert "hivecheck.report.document" in ended.stderr
    assert "export" not in ended.stderr


@pytest.mark.parametrize("name", REAL)
def test_a_real_hive_is_exported_in_every_format(
    name: str, real_hive: Callable[[str], Path], hivecheck: Run, tmp_path: Path
) -> None:
    path = real_hive(name)
    for form in FORMATS:
        target = tmp_path / f"out.{ENDINGS.get(form, 'txt')}"
        deep = "--recover" if form is ExportFormat.TIMESKETCH else "--no-recover"  # one search of each hive is enough
        assert hivecheck("export", path, "--format", form, "-o", target, "-q", deep) in (Exit.OK, Exit.PARTIAL)
        assert target.stat().st_size > 500

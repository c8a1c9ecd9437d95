"""No command writes over a piece of evidence or into a folder of it, and a pipe that closes early loses no file."""

import gzip
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.cli.output import evidence_files, refuse_evidence
from hivecheck.errors import UsageError
from hivecheck.evidence.image_parts import parts_beside
from hivecheck.facts.generation import XP
from tests.boot.boots import bootable
from tests.hive_writer import build_hive

Run = Callable[..., int]
HIVE = build_hive(bootable("", XP))
EWF = b"EVF\x09\x0d\x0a\xff\x00\x01\x01\x00\x00\x00"
RAW = bytes(3) + b"NTFS    " + bytes(0x8000)
WRITING = {
    "analyze --html": ("analyze", "--html"),
    "analyze --json": ("analyze", "--json"),
    "analyze --output": ("analyze", "--output"),
    "extract": ("extract", "--json"),
    "replay": ("replay", "--json"),
    "recover --json": ("recover", "--json"),
    "recover --write-recovered": ("recover", "--write-recovered"),
    "diff --html": ("diff", "--control-set-after", "1", "--html"),
    "diff --json": ("diff", "--control-set-after", "1", "--json"),
    "history --html": ("history", "--html"),
    "history --json": ("history", "--json"),
    "history --timesketch": ("history", "--timesketch"),
    "history --csv": ("history", "--csv"),
    "export": ("export", "--format", "csv", "-o"),
}


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Evidence: a volume with a SYSTEM hive, another hive, a shadow copy's, and a note."""
    config = tmp_path / "kd" / "C" / "Windows" / "System32" / "config"
    shadow = tmp_path / "kd" / "VSS1" / "Windows" / "System32" / "config"
    for place in (config, shadow):
        place.mkdir(parents=True)
        (place / "SYSTEM").write_bytes(HIVE)
    (config / "SOFTWARE").write_bytes(b"what else was taken")
    (tmp_path / "kd" / "notes.txt").write_bytes(b"who took it")
    return tmp_path / "kd"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_nothing_is_written_into_a_folder_of_evidence(
    command: tuple[str, ...], hivecheck: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    (folder.parent / "way").symlink_to(folder)
    (folder.parent / "linked").hardlink_to(folder / "notes.txt")
    config = folder / "C" / "Windows" / "System32" / "config"
    there = [config / "SOFTWARE", folder / "notes.txt", folder / "VSS1/Windows/System32/config/SYSTEM"]
    for target in (
        *there,
        folder / "new.json",
        folder / "deep" / "new",
        folder.parent / "way" / "new",
        folder.parent / "linked",
    ):
        assert hivecheck(command[0], folder, *command[1:], target) == Exit.USAGE
        assert "evidence" in capsys.readouterr().err
        assert contents(folder) == before


def test_beside_a_lone_hive_and_a_folder_new_files_are_written(hivecheck: Run, folder: Path) -> None:
    system = folder.with_name("SYSTEM")
    system.write_bytes(HIVE)
    for _ in range(2):
        assert hivecheck("analyze", system, "-q", "--json", system.with_name("SYSTEM.json")) == Exit.OK
        assert hivecheck("export", system, "-q", "-f", "csv", "-o", system.with_name("SYSTEM.csv")) == Exit.OK
        assert hivecheck("analyze", folder, "-q", "--json", folder.with_name("kd.json")) == Exit.OK


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize("place", ["config", "Config/RegBack", "export"])
def test_what_lies_around_a_lone_hive_is_not_written_over(
    command: tuple[str, ...], place: str, hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / place
    (folder / "RegBack").mkdir(parents=True)
    (folder / "RegBack" / "SYSTEM").write_bytes(bytes(9000))
    (folder / "SYSTEM").write_bytes(HIVE)
    (folder / "Software").write_bytes(b"a damaged one")
    (tmp_path / "another").write_bytes(HIVE)
    (tmp_path / "way").symlink_to(folder / "SYSTEM")
    before = contents(tmp_path)
    targets = [folder / "Software", folder / "RegBack" / "SYSTEM", folder / "RegBack" / "new", tmp_path / "another"]
    if place != "export":
        targets += [folder / "SAM", folder / "deep" / "new.json"]
    for target in targets:
        for hive in (folder / "SYSTEM", tmp_path / "way"):
            assert hivecheck(command[0], hive, *command[1:], target) == Exit.USAGE
            said = capsys.readouterr().err
            assert "evidence" in said or "this file is a registry hive" in said
            assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("image", "head", "parts", "others"),
    [
        ("disk.E01", EWF, ("disk.E02", "disk.EAA", "DISK.e03", "disk.E01.txt"), ("disk.html", "disk2.E02", "report.E02")),
        ("disk.E02", EWF, ("disk.E01",), ("disk.json",)),
        ("raw.001", RAW, ("raw.002", "raw.001.txt"), ("raw2.001", "raw.jsonl")),
        ("a.b.001", RAW, ("a.b.002",), ("a.c.002",)),
        ("flat-f001.vmdk", RAW, ("flat.vmdk", "flat-f002.vmdk"), ("flatter.vmdk",)),
        ("vm.vmdk", b"KDMV" + bytes(600), ("vm-s001.vmdk", "vm-flat.vmdk", "vm-000001.vmdk"), ("vm-note.csv", "vm.sarif")),
        (
            "vm.vmdk",
            b'# Disk DescriptorFile\nRW 20 FLAT "other.json" 0\nRW 9 SPARSE "More.bin"\n',
            ("other.json", "more.bin"),
            ("another.json",),
        ),
        ("case.zip", b"PK\x03\x04" + bytes(60), ("case.z01", "case.zip.002"), ("case.json", "cases.z01")),
        ("SYSTEM", HIVE, (), ("SYSTEM.csv", "SYSTEM.E02")),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_parts_of_an_image_are_evidence(
    image: str, head: bytes, parts: tuple[str, ...], others: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / image).write_bytes(head)
    for name in (*parts, *others):
        (tmp_path / name).write_bytes(b"bytes of it")
    assert {path.name for path in parts_beside(tmp_path / image)} == set(parts)
    protected = evidence_files([tmp_path / image])
    (tmp_path / "out").mkdir()
    for name in parts:
        (tmp_path / "out" / f"hard-{name}").hardlink_to(tmp_path / name)
        (tmp_path / "out" / f"soft-{name}").symlink_to(tmp_path / name)
        for target in (tmp_path / name, tmp_path / "out" / f"hard-{name}", tmp_path / "out" / f"soft-{name}"):
            with pytest.raises(UsageError, match="this file is evidence"):
                refuse_evidence(target, protected)
    for name in (*others, "new", "disk.E09", "raw.009"):
        refuse_evidence(tmp_path / name, protected)


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_a_part_of_a_named_image_is_not_written_over(
    command: tuple[str, ...], hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "disk.E01").write_bytes(EWF)
    (tmp_path / "disk.E02").write_bytes(b"the second part")
    assert hivecheck(command[0], tmp_path / "disk.E01", *command[1:], tmp_path / "disk.E02") == Exit.USAGE
    assert "this file is evidence" in capsys.readouterr().err
    assert (tmp_path / "disk.E02").read_bytes() == b"the second part"


FILE_OPTIONS = {
    "--key": ("analyze", "extract", "replay", "recover", "export", "history"),
    "--profile": ("analyze", "diff", "export", "history"),
    "--software": ("analyze", "extract", "replay", "diff", "export"),
    "--logs": ("analyze", "extract", "replay", "recover", "diff", "export"),
    "--logs-before": ("diff",),
}


@pytest.mark.parametrize(("option", "name"), [(option, name) for option, names in FILE_OPTIONS.items() for name in names])
def test_files_of_options_are_not_written_over(
    option: str, name: str, hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    system, given = tmp_path / "in" / "hive", tmp_path / "given.csv"
    system.write_bytes(HIVE)
    given.write_bytes(b"needed again")
    command = {"diff": WRITING["diff --json"], "export": WRITING["export"]}.get(name, (name, "--json"))
    assert hivecheck(name, system, option, given, *command[1:], given) == Exit.USAGE
    assert "this file is evidence" in capsys.readouterr().err
    assert given.read_bytes() == b"needed again"


def test_a_key_that_is_the_name_of_a_folder_bars_nothing(
    hivecheck: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "SYSTEM").write_bytes(HIVE)
    (tmp_path / "secret").mkdir()
    assert hivecheck("analyze", "SYSTEM", "-q", "--key", "secret", "--key", "k" * 5000, "--json", "secret/a.json") == Exit.OK


# --- a pipe that closes early -------------------------------------------------------------------------------------------------


def piped(tmp_path: Path, *arguments: object) -> tuple[int, str]:
    """The exit code and standard error of a run whose output nobody reads: its end of the pipe is closed before it starts."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    line = f'sleep 0.1; "{sys.executable}" -m hivecheck "$@"; echo $? > "{tmp_path}/code"'
    ended = subprocess.run(
        [bash, "-c", f"({line}) | true", "bash", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return int((tmp_path / "code").read_text()), ended.stderr


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--output", "od"), 2),
        (("--html", "a.html", "--json", "a.json"), 2),
        (("--html", "-", "--json", "a.json"), 1),
        (("--json", "-", "--output", "od"), 2),
    ],
    ids=str,
)
def test_a_closed_pipe_loses_no_file(options: tuple[str, ...], wanted: int, tmp_path: Path) -> None:
    (tmp_path / "hive").write_bytes(HIVE)
    (tmp_path / "out").mkdir()
    placed = [one if one.startswith("-") else tmp_path / "out" / one for one in options]
    assert piped(tmp_path, "analyze", tmp_path / "hive", *placed) == (Exit.OK, "")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(files) == wanted
    for path in files:
        assert path.read_text("utf-8").rstrip().endswith(("</html>", "}"))


@pytest.mark.parametrize("command", ["diff --html", "history --html"])
def test_a_closed_pipe_loses_no_file_of_a_comparison(command: str, tmp_path: Path) -> None:
    (tmp_path / "hive").write_bytes(HIVE)
    name, *options = WRITING[command]
    assert piped(tmp_path, name, tmp_path / "hive", *options, "-", "--json", tmp_path / "a.json") == (Exit.OK, "")
    assert (tmp_path / "a.json").read_text("utf-8").rstrip().endswith("}")


@pytest.mark.parametrize("name", ["analyze", "replay", "extract"])
def test_a_reader_who_leaves_early_is_no_error(name: str, tmp_path: Path) -> None:
    commands = " ".join([f'"program{number:050}"' for number in range(600)])
    hive = build_hive(bootable(f"BootExecute = multi {commands}", XP))
    (tmp_path / "hive").write_bytes(hive)
    assert piped(tmp_path, name, tmp_path / "hive") == (Exit.OK, "")


@pytest.mark.parametrize("target", ["SYSTEM.gz", "SYSTEM.LOG1.gz"])
def test_logs_that_were_packed_alone_are_evidence(target: str, hivecheck: Run, tmp_path: Path) -> None:
    for name, data in {"SYSTEM": HIVE, "SYSTEM.LOG1": b""}.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(data))
    before = (tmp_path / target).read_bytes()
    assert hivecheck("analyze", tmp_path / "SYSTEM.gz", "--json", tmp_path / target, "--force", "--quiet") == Exit.USAGE
    assert (tmp_path / target).read_bytes() == before

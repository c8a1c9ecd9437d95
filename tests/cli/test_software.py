"""`--software`: the second hive as its user meets it. It decides the Windows, is told as evidence and is never written to."""

import json
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.facts.generation import WIN7
from hivecheck.registry.notation import parse_notation
from tests.boot.boots import bootable
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_sequences

Run = Callable[..., int]
NT = "Microsoft\\Windows NT\\CurrentVersion"
SEVEN = f'[{NT}]\nProductName = sz "Windows 7 Ultimate"\nCurrentVersion = sz "6.1"\nCurrentBuildNumber = sz "7601"\n'


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


@pytest.fixture
def system(tmp_path: Path) -> Path:
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(bootable("", WIN7)))
    return path


@pytest.fixture
def software(tmp_path: Path) -> Path:
    winlogon = f'[{NT}\\Winlogon]\nUserinit = sz "C:\\Windows\\system32\\userinit.exe,C:\\evil.exe,"\n'
    path = tmp_path / "SOFTWARE"
    path.write_bytes(build_hive(parse_notation(SEVEN + winlogon)))
    return path


def document(hivecheck: Run, capsys: pytest.CaptureFixture[str], *arguments: object, code: Exit = Exit.OK) -> dict[str, Any]:
    assert hivecheck(*arguments, "--json", "-") == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_decides_the_windows_and_says_so(
    hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = document(hivecheck, capsys, "analyze", system)
    both = document(hivecheck, capsys, "analyze", system, "--software", software)
    assert (both["generation"]["id"], both["generation"]["confidence"]) == ("win7", "high")
    assert both["generation"]["because"][0] == "SOFTWARE says ProductName Windows 7 Ultimate, CurrentBuildNumber 7601."
    assert alone["generation"]["confidence"] != "high"


def test_it_is_told_as_evidence(hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(hivecheck, capsys, "analyze", system, "--software", software)["software"]
    assert found["evidence"]["source"] == str(software)
    assert found["evidence"]["sha256"] == sha256(software.read_bytes()).hexdigest()
    assert found["settings"]["ProductName"]["value"] == "Windows 7 Ultimate"
    assert found["settings"]["ProductName"]["origins"][0]["key"] == NT
    assert document(hivecheck, capsys, "analyze", system)["software"] is None


@pytest.mark.parametrize("command", ["analyze", "replay"])
def test_the_boot_goes_on_with_what_it_says(
    hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    events = document(hivecheck, capsys, command, system, "--software", software)["events"]
    images = [event["action"]["image"] for event in events if event["action"]["kind"] == "start-process"]
    assert "C:\\evil.exe" in images


def test_extract_takes_it_too(hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(hivecheck, capsys, "extract", system, "--software", software)
    assert found["generation"]["id"] == "win7"
    assert hivecheck("extract", system, "--software", software, "--notation") == Exit.USAGE


def test_its_own_logs_are_applied(hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = build_hive(parse_notation(SEVEN + f'[{NT}\\Winlogon]\nShell = sz "explorer.exe"'))
    after = build_hive(parse_notation(SEVEN + f'[{NT}\\Winlogon]\nShell = sz "changed1.exe"'))
    dirty = with_sequences(before, 5, 4)
    path = tmp_path / "SOFTWARE"
    path.write_bytes(dirty)
    (tmp_path / "SOFTWARE.LOG1").write_bytes(hvle_log([dirty, after], 4).data)
    found = document(hivecheck, capsys, "analyze", system, "--software", path)
    assert found["software"]["settings"]["Winlogon/Shell"]["value"] == "changed1.exe"
    assert (found["software"]["evidence"]["dirty"], found["software"]["evidence"]["recovered"]) == (True, True)
    unused = document(hivecheck, capsys, "analyze", system, "--software", path, "--logs", "none")
    assert unused["software"]["settings"]["Winlogon/Shell"]["value"] == "explorer.exe"
    told = [problem for problem in unused["problems"] if problem["code"] == "dirty-hive"]
    assert [problem["message"].startswith("SOFTWARE: The hive is dirty") for problem in told] == [True]


@pytest.mark.parametrize("command", ["analyze", "extract", "replay"])
def test_it_is_never_written_to(
    hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    before = software.read_bytes()
    log = software.with_name("SOFTWARE.LOG1")
    log.write_bytes(b"log")
    for target in (software, log):
        assert hivecheck(command, system, "--software", software, "--json", target) == Exit.USAGE
        assert "this file is evidence" in capsys.readouterr().err
    assert (software.read_bytes(), log.read_bytes()) == (before, b"log")


def test_what_is_no_software_hive_is_refused_in_one_sentence(
    hivecheck: Run, system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "SAM"
    other.write_bytes(build_hive(parse_notation("[SAM]\nx = dword 1")))
    text = tmp_path / "text"
    text.write_bytes(b"no hive at all" * 1_000)
    for wrong, words in (
        (system, "this is a SYSTEM hive, but not a SOFTWARE hive"),
        (other, "this is a registry hive, but not a SOFTWARE hive"),
        (text, ""),
        (tmp_path / "nothing", ""),
        (tmp_path, ""),
    ):
        assert hivecheck("analyze", system, "--software", wrong) == Exit.UNREADABLE, wrong
        out, err = capsys.readouterr()
        assert (out, words in err, "Traceback" in err) == ("", True, False)


def test_that_of_another_machine_is_told_and_does_not_decide(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    core = '[Setup\\Service Reporting API\\Components\\CoreOS]\nVersion = sz "6.1.7601.17514"\n'
    system = tmp_path / "SYSTEM"
    system.write_bytes(build_hive(bootable(core, WIN7)))
    other = tmp_path / "SOFTWARE"
    other.write_bytes(build_hive(parse_notation(SEVEN.replace("6.1", "5.1").replace("7601", "2600"))))
    found = document(hivecheck, capsys, "analyze", system, "--software", other)
    assert found["generation"]["id"] == "win7"
    (problem,) = [one for one in found["problems"] if one["code"] == "software-of-another-machine"]
    assert "Windows XP" in problem["message"]
    assert {origin["key"] for origin in problem["because"]} >= {NT, "Setup\\Service Reporting API\\Components\\CoreOS"}


def test_it_is_the_hive_of_one_machine(
    hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hivecheck("analyze", system, system, "--software", software) == Exit.USAGE
    assert "several SYSTEM hives" in capsys.readouterr().err


def test_a_damaged_one_is_no_crash(hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = software.read_bytes()
    for cut in (4096 + 32, 5000, len(whole) - 100):
        software.write_bytes(whole[:cut])
        assert hivecheck("analyze", system, "--software", software) in (Exit.OK, Exit.PARTIAL, Exit.UNREADABLE)
        assert "Traceback" not in capsys.readouterr().err
    for place in range(4096, len(whole), 97):
        software.write_bytes(whole[:place] + b"\xff\xff\xff\xff" + whole[place + 4 :])
        assert hivecheck("analyze", system, "--software", software) in (Exit.OK, Exit.PARTIAL, Exit.UNREADABLE), place
        assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("output", ["json", "html"])
def test_it_decides_findings_and_their_needs(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    profile = "Services\\SharedAccess\\Parameters\\FirewallPolicy\\DomainProfile"
    system = tmp_path / "SYSTEM"
    system.write_bytes(build_hive(bootable(f"[ControlSet001\\{profile}]\nEnableFirewall = dword 0\n", WIN7)))
    policy = tmp_path / "SOFTWARE"
    key = "Policies\\Microsoft\\WindowsFirewall\\DomainProfile"
    policy.write_bytes(build_hive(parse_notation(f"{SEVEN}[{key}]\nEnableFirewall = dword 1\n")))
    words = "A policy in SOFTWARE goes before it: EnableFirewall 1 undoes that."
    for options, told in (((), False), (("--software", policy), True)):
        assert hivecheck("analyze", system, *options, f"--{output}", "-") == Exit.OK
        out = capsys.readouterr().out
        assert (words in " ".join(out.split())) is told
        if output == "json":
            [finding] = [one for one in json.loads(out)["findings"] if one["rule"] == "firewall-off"]
            assert (finding["severity"], finding["needs"]) == (
                ("info", None) if told else ("medium", "the SOFTWARE hive for the firewall's group policies")
            )
            assert (key in {origin["key"] for origin in finding["because"]}) is told


STARTS = rf"""
[{NT}]
CurrentVersion = sz "6.3"
CurrentBuildNumber = sz "19044"
CurrentMajorVersionNumber = dword 10
CurrentMinorVersionNumber = dword 0
[{NT}\Winlogon]
Shell = sz "explorer.exe, evil.exe"
Userinit = sz "C:\Windows\system32\userinit.exe,C:\Users\e.exe"
[{NT}\Windows]
AppInit_DLLs = sz "C:\e.dll"
LoadAppInit_DLLs = dword 1
[{NT}\Image File Execution Options\winlogon.exe]
Debugger = sz "C:\dbg.exe"
[{NT}\Image File Execution Options\MsMpEng.exe]
Debugger = sz "systray.exe"
"""


def test_what_it_has_windows_start_is_found(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    software = tmp_path / "SOFTWARE"
    software.write_bytes(build_hive(parse_notation(STARTS)))
    system = Path(__file__).resolve().parents[2] / "test_hives" / "win10-21h2-x64.hive"
    alone = document(hivecheck, capsys, "analyze", system)
    both = document(hivecheck, capsys, "analyze", system, "--software", software)
    found = [(one["rule"], one["severity"]) for one in both["findings"] if one["rule"].startswith("software-")]
    assert sorted(found) == [
        ("software-appinit-dlls", "critical"),
        ("software-ifeo-debugger", "critical"),
        ("software-ifeo-debugger", "critical"),
        ("software-winlogon-shell", "critical"),
        ("software-winlogon-userinit", "critical"),
    ]
    assert all(
        one["events"] for one in both["findings"] if one["rule"] in ("software-winlogon-shell", "software-appinit-dlls")
    )
    assert not any(one["rule"].startswith("software-") for one in alone["findings"])


def test_that_it_is_missing_is_said_once(
    hivecheck: Run, system: Path, software: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "Run keys and the like are not evaluated"
    assert hivecheck("analyze", system) == Exit.OK
    assert " ".join(capsys.readouterr().out.split()).count(said) == 1
    assert hivecheck("analyze", system, "--software", software) == Exit.OK
    assert said not in " ".join(capsys.readouterr().out.split())

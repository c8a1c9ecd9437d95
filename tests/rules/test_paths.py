r"""Paths and command lines as rules compare them: one form for every spelling, and what a path or a line says of itself."""

import pytest

from hivecheck.rules.paths import comparable, runs_an_interpreter

SPELLINGS = (
    r"C:\Windows\System32\x.exe", r"\??\C:\Windows\System32\x.exe", r"\\?\C:/Windows/System32/x.exe", r"\SystemRoot\System32\X.EXE",
    r"%SystemRoot%\System32\x.exe", r"%windir%\system32\.\x.exe", r"system32\x.exe", r"\GLOBAL??\C:\Windows\\System32\x.exe",
    r"\DosDevices\Global\C:\Windows\Temp\..\System32\x.exe. ", r"%SystemDrive%\Windows\System32\x.exe::$DATA",
    r"\??\GLOBALROOT\SystemRoot\System32\x.exe",
)  # fmt: skip
TRACES = (
    (r"C:\Windows\System32\winevt\Logs\Security.evtx", True), (r"C:\Windows\System32\config\SecEvent.Evt", True),
    (r"C:\Windows\System32\config\deep\SecEvent.Evt", False), (r"C:\Users\a\Security.evtx", False),
    (r"C:\Windows\Prefetch\A.pf", True), (r"C:\Windows\System32\sru\SRUDB.dat", True), (r"C:\x\SRUDB.dat.tmp", False),
    (r"C:\$Extend\$UsnJrnl:$J", True), (r"C:\Windows\AppCompat\Programs\Amcache.hve", True),
)  # fmt: skip
LINES = (
    ("C:\\Windows\\System32\\msiexec.exe /V", ""), ("msiexec /i x.msi", "msiexec"), ("msiexec.exe\t-Quiet x", "msiexec"),
    ("msiexec x https://a/b", "msiexec"), ("msiexec x/i", ""), ("/i msiexec", ""), (" /i msiexec", "msiexec"),
    ('x "(powershell)"', "powershell"), ("x&cmd.exe", "cmd"), ("C:\\a\\powershellx.exe", ""), ("%ComSpec% /c x", "%ComSpec%"),
)  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_a_path_is_one(text: str) -> None:
    assert comparable(text).text == r"c:\windows\system32\x.exe"


@pytest.mark.parametrize(("text", "is_trace"), TRACES)
def test_what_an_examiner_reads_is_told_by_its_place(text: str, is_trace: bool) -> None:
    assert comparable(text).is_forensic_trace is is_trace


@pytest.mark.parametrize(("line", "tool"), LINES)
def test_an_interpreter_is_found_anywhere_in_a_line(line: str, tool: str) -> None:
    assert runs_an_interpreter(line) == tool

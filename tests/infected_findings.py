"""Exactly what the rules must find on each infected test hive, with what each finding cites: part of test_hives/MANIFEST.toml.

Written by hand from what is planted and from what such a machine has anyway; `python -m tests.infected_findings` prints what is
found now, to be read, not to be believed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin
from hivecheck.rules.rule import Finding


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding: its rule, its severity, and what it cites: strings of the hive, or the names of values and keys."""

    rule: str
    severity: str
    cites: tuple[str, ...]


def cited(origin: Origin) -> str:
    """The cited string, or the name of the value, or the path of the key."""
    match origin:
        case KeyRef():
            return origin.path
        case BuiltIn():
            return origin.what
        case _:
            return origin.text if origin.text is not None else origin.value


def told(finding: Finding) -> Expected:
    return Expected(finding.rule.id, finding.severity.value, tuple(dict.fromkeys(map(cited, finding.because))))


def findings_of(analysis: Analysis) -> tuple[Expected, ...]:
    return tuple(map(told, analysis.findings))


_CSRSS = (
    r"%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows SharedSection=1024,20480,768 Windows=On SubSystemType=Windows "
    "ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=consrv:ConServerDllInitialization,2 "
    "ServerDll=sxssrv,4 ProfileControl=Off MaxRequestThreads=16"
)
FINDINGS: dict[str, tuple[Expected, ...]] = {
    "infected-bootkit-win10-21h2-x64": (
        Expected("bootexec-extra", "critical", ("autocheck autoche *",)),
        Expected("pfro-sec-product", "critical", ("\\??\\C:\\Windows\\System32\\drivers\\WdFilter.sys",)),
        Expected(
            "seq-edr-driver-gone-start-stays",
            "critical",
            ("\\??\\C:\\Windows\\System32\\drivers\\WdFilter.sys", "Start", "ErrorControl"),
        ),
        Expected("svc-missing-sensor-binary", "critical", ("ImagePath", "Start")),
        Expected("pfro-sec-product", "critical", ("\\??\\C:\\Windows\\System32\\drivers\\CrowdStrike\\csagent.sys",)),
        Expected(
            "seq-edr-driver-gone-start-stays",
            "critical",
            ("\\??\\C:\\Windows\\System32\\drivers\\CrowdStrike\\csagent.sys", "Start", "ErrorControl"),
        ),
        Expected("svc-missing-sensor-binary", "critical", ("ImagePath", "Start")),
        Expected("pfro-sec-product", "critical", ("\\??\\C:\\Windows\\SysmonDrv.sys",)),
        Expected(
            "seq-edr-driver-gone-start-stays", "critical", ("\\??\\C:\\Windows\\SysmonDrv.sys", "Start", "ErrorControl")
        ),
        Expected("svc-disabled-defence", "high", ("ControlSet001\\Services\\CSAgent",)),  # made without CSFalconService
        Expected("svc-driver-odd-location", "low", ("SysmonDrv.sys",)),
        Expected("pfro-tcb-replace", "critical", ("\\??\\C:\\ProgramData\\Comms\\w2.tmp",)),
        Expected("seq-knowndll-replaced-file", "critical", ("\\??\\C:\\ProgramData\\Comms\\w2.tmp",)),
        Expected("exclude-knowndll", "high", ("msctf.dll",)),
        Expected("fast-startup-defers", "info", ("HiberbootEnabled",)),
        Expected("hiberboot", "info", ("1",)),
        Expected("pfro-present", "info", ("PendingFileRenameOperations",)),
        Expected(
            "wpbt",
            "info",
            ("ControlSet001\\Control\\Session Manager", "the platform binary runs unless DisableWpbtExecution is set"),
        ),
    ),
    "infected-consrv-win7-x64": (
        Expected("csrss-serverdll", "critical", (_CSRSS,)),
        Expected("seq-lkg-diff", "high", ("Windows",)),
        Expected("svc-disabled-defence", "high", ("Start", "ImagePath")),  # WinDefend, which only the other set has
        Expected("csrss-serverdll", "medium", (_CSRSS,)),
    ),
    "infected-minint-win10-1903-x64": (
        Expected("pfro-tcb-replace", "critical", ("*0\\??\\C:\\Users\\Public\\Libraries\\u.dat",)),
        Expected(
            "pfro-sec-product",
            "high",
            ("\\??\\C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.2001.7-0\\MsMpEng.exe",),
        ),
        Expected("pfro-redirect-flag", "high", ("*0\\??\\C:\\Users\\Public\\Libraries\\u.dat",)),
        Expected("minint", "high", ("ControlSet001\\Control\\MiniNT",)),
        Expected(
            "seq-minint-starves",
            "medium",
            (
                "ControlSet001\\Control\\MiniNT",
                "PendingFileRenameOperations",
                "\\??\\C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.2001.7-0\\MsMpEng.exe",
                "*0\\??\\C:\\Users\\Public\\Libraries\\u.dat",
            ),
        ),
        Expected("pfro-odd-path", "medium", ("\\??\\C:\\Users\\Public\\Libraries\\u.dat:s",)),
        Expected("pfro-malformed", "medium", ("PendingFileRenameOperations",)),
        Expected("pfro-present", "info", ("PendingFileRenameOperations",)),
        Expected("pfro-redirect-flag", "info", ("PendingFileRenameOperations",)),
        Expected(
            "pfro-starved",
            "info",
            ("PendingFileRenameOperations", "PendingFileRenameOperations2", "ControlSet001\\Control\\MiniNT"),
        ),
        Expected("pfro-drop-executable", "medium", ("\\??\\C:\\Windows\\Temp\\upd1F.tmp",)),
        Expected("pfro-malformed", "medium", ("PendingFileRenameOperations2",)),
        Expected("pfro-present", "info", ("PendingFileRenameOperations2",)),
        Expected("fast-startup-defers", "info", ("HiberbootEnabled",)),
        Expected("hiberboot", "info", ("1",)),
    ),
    "infected-second-set-xp-x86": (
        Expected("knowndll-dir", "critical", ("%SystemRoot%\\system32\\kd",)),
        Expected(
            "seq-default-ne-current", "critical", ("1", "2", "ntsvcfg /s", "%SystemRoot%\\system32\\kd", "\\Device\\MupMon")
        ),
        Expected("dosdev-device-override", "high", ("\\Device\\MupMon",)),
        Expected("bootexec-extra", "high", ("ntsvcfg /s",)),
        Expected("seq-lkg-diff", "high", ("BootExecute",)),
        Expected("seq-lkg-diff", "high", ("UNC",)),
        Expected("seq-lkg-diff", "high", ("DllDirectory",)),
        Expected("select-mismatch", "medium", ("2", "1")),
        Expected("setup-cmdline", "info", ("setup -newsetup", "0")),
    ),
}


def _printed() -> Iterator[str]:
    from tests.build_test_hives import FOLDER

    yield "FINDINGS: dict[str, tuple[Expected, ...]] = {"
    for path in sorted(FOLDER.glob("infected-*.hive")):
        yield f'    "{path.stem}": ('
        for one in findings_of(analyze(path, Options(verify="none"))):
            yield f"        Expected({one.rule!r}, {one.severity!r}, {one.cites!r}),"
        yield "    ),"
    yield "}"


if __name__ == "__main__":
    print("\n".join(_printed()))

r"""The rules on rename lists and sequences together: the second list, what is benign, what must be severe, hostile lists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.fact import changed
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import Hive
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import parse_notation
from hivecheck.rules import renames
from hivecheck.rules.benign_renames import benign_writer
from hivecheck.rules.case import Case
from hivecheck.rules.examples.example import Example
from hivecheck.rules.judge import judge
from hivecheck.rules.paths import comparable
from hivecheck.rules.rename_alarms import judge_move
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.system_rules import SEQUENCES
from tests.rules.cases import case_of, case_of_hive, clean

RULES = (*renames.RULES, *SEQUENCES)
FIRST, SECOND = "PendingFileRenameOperations", "PendingFileRenameOperations2"


def of(strings: str, value: str = FIRST, generation: str = "win10-21h2-x64", more: str = "") -> Case:
    notation = f"[ControlSet001\\Control\\Session Manager]\n{value} = multi {strings}\n{more}"
    return case_of(Example("", notation, generation=generation))


def worst_of(case: Case) -> dict[str, Severity]:
    """The severest finding of each rule."""
    found: dict[str, Severity] = {}
    for finding in judge(case, RULES).findings:
        found[finding.rule.id] = max(found.get(finding.rule.id, Severity.INFO), finding.severity)
    return found


ROWS = (
    ("pfro-sec-product", r'"\??\C:\Windows\SysmonDrv.sys" ""'),
    ("pfro-drop-executable", r'"\??\C:\Users\Public\x.dll" "\??\C:\Windows\System32\wlbsctrl.dll"'),
    ("pfro-odd-path", r'"\??\C:\Users\Public\u.dat:s" ""'),
    ("pfro-hive-or-log-target", r'"\??\C:\Windows\MEMORY.DMP" ""'),
)


@pytest.mark.parametrize(("rule", "strings"), ROWS)
def test_second_list_is_one_step_more_severe(rule: str, strings: str) -> None:
    first, second = worst_of(of(strings))[rule], worst_of(of(strings, SECOND))[rule]
    assert second is first.raised()


def test_second_list_never_leaves_the_scale() -> None:
    row = r'"\??\C:\Windows\System32\drivers\WdFilter.sys" ""'
    assert worst_of(of(row, SECOND))["pfro-sec-product"] is Severity.CRITICAL


def test_row_without_effect_is_one_step_less_severe() -> None:
    row = r'"\??\C:\Windows\SysmonDrv.sys" ""'
    severities = [hit.severity for hit in _hits(of(f"{row} {row}"), "pfro-sec-product")]
    assert severities == [Severity.HIGH, Severity.MEDIUM]


def _hits(case: Case, id: str) -> list[Hit]:
    rule = next(rule for rule in RULES if rule.id == id)
    return list(rule.check(case))


def test_two_step_move_into_system32_is_critical() -> None:
    rows = r'"\??\C:\Users\x\a.tmp" "\??\C:\ProgramData\b" "\??\C:\ProgramData\b" "\??\C:\Windows\System32\c.dll"'
    found = worst_of(of(rows))
    assert found["seq-rename-chain"] is Severity.CRITICAL
    assert found["pfro-drop-executable"] >= Severity.HIGH


@pytest.mark.parametrize("machine", ["nt4-x86", "xp-x86", "win7-x64", "win10-21h2-x64", "win11-22h2-x64"])
def test_replaced_known_dll_is_critical(machine: str) -> None:
    root = "WINNT" if machine == "nt4-x86" else "Windows"
    found = worst_of(of(rf'"\??\C:\x.tmp" "!\??\C:\{root}\System32\advapi32.dll"', generation=machine))
    assert found["pfro-tcb-replace"] is Severity.CRITICAL
    assert found["seq-knowndll-replaced-file"] is Severity.CRITICAL


@pytest.mark.parametrize(
    "volume",
    [
        r"\??\Volume{11111111-2222-3333-4444-555555555555}",
        r"\Device\HarddiskVolume2",
        r"\??\GLOBALROOT\Device\HarddiskVolume2",
        r"\??\GLOBALROOT\??\C:",
        r"\??\Global\C:",
        r"\ArcName\multi(0)disk(0)rdisk(0)partition(1)",
        r"\??\BootPartition",
    ],
)
def test_replaced_known_dll_is_critical_by_any_name_of_the_volume(volume: str) -> None:
    case = of(rf'"\??\C:\Windows\Temp\k.dll" "!{volume}\Windows\System32\advapi32.dll"')
    assert worst_of(case)["seq-knowndll-replaced-file"] is Severity.CRITICAL


def test_default_stream_is_the_file() -> None:
    case = of(r'"\??\C:\Windows\Temp\k.dll" "!\??\C:\Windows\System32\advapi32.dll::$DATA"')
    assert worst_of(case)["pfro-tcb-replace"] is Severity.CRITICAL


def test_drive_that_the_boot_links_leads_to_the_file() -> None:
    more = '[ControlSet001\\Control\\Session Manager\\DOS Devices]\nZ: = sz "\\??\\C:\\Windows"'
    case = of(r'"\??\C:\Windows\Temp\k.dll" "!\??\Z:\System32\advapi32.dll"', more=more)
    assert worst_of(case)["pfro-tcb-replace"] is Severity.CRITICAL


def test_swing_over_two_lists_is_critical() -> None:
    swing = r'"\??\C:\Program Files\Windows Defender" "\??\C:\Program Files\w"'
    more = rf'{SECOND} = multi "\??\C:\Program Files\w\MsMpEng.exe" "" "\??\C:\Program Files\w" "\??\C:\Program Files\Windows Defender"'
    found = worst_of(of(swing, more=more))
    assert found["seq-parent-dir-swing"] is Severity.CRITICAL
    assert found["pfro-sec-product"] is Severity.CRITICAL


def test_folder_moved_within_a_moved_folder_keeps_true_names() -> None:
    rows = r'"\??\C:\a" "\??\C:\b" "\??\C:\b\c" "\??\C:\b\d" "\??\C:\b\d\x.sys" "\??\C:\b\e.sys"'
    row = of(rows).renames.moved.rows[2]
    assert row.source.text == "c:\\a\\c\\x.sys"
    assert row.destination is not None
    assert row.destination.text == "c:\\a\\e.sys"


def test_what_is_left_after_the_list() -> None:
    moved = of(r'"\??\C:\a" "\??\C:\b" "\??\C:\c" "\??\C:\d" "\??\C:\new" "\??\C:\c"').renames.moved
    assert moved.gone_by(comparable("C:\\a\\y.exe")) == 0
    assert moved.gone_by(comparable("C:\\c\\x.exe")) is None
    assert moved.gone_by(comparable("C:\\b\\y.exe")) is None


BENIGN = (
    (r"C:\Config.Msi\a014fa5.rbf", ""),
    (r"C:\Windows\Temp\nsx1A04.tmp\System.dll", ""),
    (r"C:\Users\x\AppData\Local\Temp\nsp9C0.tmp" + "\\", ""),
    (r"C:\Users\x\AppData\Local\Temp\DEL86D1.tmp", ""),
    (r"C:\Windows\system32\DRIVERS\SETEAC4.tmp", ""),
    (r"C:\Windows\system32\DRIVERS\SET1A01.tmp", r"!C:\Windows\system32\DRIVERS\vmhgfs.sys"),
    (r"C:\Windows\system32\DRIVERS\SET12.tmp", ""),
    (r"C:\Windows\system32\DRIVERS\SET9.tmp", r"!C:\Windows\system32\DRIVERS\vmhgfs.sys"),
    (r"C:\Windows\system32\spool\DRIVERS\x64\3\New\FXSUI.DLL", r"C:\Windows\system32\spool\DRIVERS\x64\3\FXSUI.DLL"),
    (r"C:\Windows\AppCompat\Programs\Amcache.hve.tmp", r"!C:\Windows\AppCompat\Programs\Amcache.hve"),
    (r"C:\Program Files (x86)\Google\Update\1.3.34.11", ""),
    (r"C:\Program Files (x86)\Dropbox\OldBinaries", ""),
    (r"C:\Program Files\7-Zip\7-zip.dll.tmp", r"!C:\Program Files\7-Zip\7-zip.dll"),
    (r"C:\Windows\TEMP\NvidiaLogging", ""),
)


@pytest.mark.parametrize(("source", "destination"), BENIGN)
def test_rows_of_installers_are_known_and_raise_no_alarm(source: str, destination: str) -> None:
    case = of('"" ""')
    one, other = comparable(source.rstrip("\\")), comparable(destination) if destination else None
    assert benign_writer(one, other)
    assert judge_move(case, one, other) == ()


STRANGERS = (
    (r"C:\Windows\system32\DRIVERS\SETX.tmp", ""),
    (r"C:\Windows\system32\DRIVERS\SET.tmp", ""),
    (r"C:\Windows\system32\DRIVERS\SET12345.tmp", ""),
    (r"C:\Windows\system32\SET1A0G.tmp", ""),
    (r"C:\Windows\system32\config\SET1A01.tmp", ""),
    (r"C:\Windows\system32\DRIVERS\SET1A01.tmp", r"C:\Windows\system32\DRIVERS\vmhgfs.exe"),
    (r"C:\Windows\system32\DRIVERS\SET1A01.tmp", r"C:\Windows\system32\DRIVERS\.sys"),
    (r"C:\Windows\system32\DRIVERS\SET1A01.tmp", r"C:\Users\x\vmhgfs.sys"),
    (r"C:\Users\x\AppData\Local\Temp\DELETE.tmp", ""),
    (r"C:\Users\x\Documents\DEL86D1.tmp", ""),
    (r"C:\Windows\system32\spool\DRIVERS\x64\3\New\FXSUI.DLL", r"C:\Windows\system32\spool\DRIVERS\x64\3\other.DLL"),
    (r"C:\Windows\system32\spool\DRIVERS\mips\3\New\FXSUI.DLL", r"C:\Windows\system32\spool\DRIVERS\x64\3\FXSUI.DLL"),
    (r"C:\Windows\AppCompat\Programs\Amcache.hve.tmp", r"!C:\Windows\AppCompat\Programs\x.hve"),
    (r"C:\Program Files (x86)\Google\Updates\1.3.34.11", ""),
    (r"C:\Program Files\7-Zip\7-zip.dll.tmp", r"!C:\Program Files\x\7-zip.dll"),
    (r"C:\Windows\Temp\vmware-system\x.tmp", ""),
)


@pytest.mark.parametrize(("source", "destination"), STRANGERS)
def test_rows_that_only_look_like_those_of_installers_are_not_known(source: str, destination: str) -> None:
    assert benign_writer(comparable(source), comparable(destination) if destination else None) == ""


def test_benign_pattern_does_not_cover_a_trusted_file() -> None:
    found = worst_of(of(r'"\??\C:\Windows\System32\SET1A01.tmp" "!\??\C:\Windows\System32\kernel32.dll"'))
    assert found["pfro-tcb-replace"] is Severity.CRITICAL


def test_order_of_findings_does_not_matter_for_fingerprints() -> None:
    rows = r'"\??\C:\Windows\System32\sethc.exe" "" "\??\C:\Users\Public\s.dat" "\??\C:\Windows\System32\sethc.exe"'
    prints = [finding.fingerprint for finding in judge(of(rows), RULES).findings]
    assert len(set(prints)) == len(prints)


HOSTILE: tuple[list[str], ...] = (
    ["\\??\\", "", "\\", "\\??\\C:", "\\??\\C:\\", "!"],
    ["\\??\\C:\\a", "\\??\\C:\\a\\b\\c", "\\??\\C:\\a\\b", "\\??\\C:\\a"],
    ["\udc00\\??\\C:\\\udfff.exe", "!\\??\\C:\\Windows\\System32\\\ud800.dll"],
    ["*", "*!", "@", "@", "*0", "!*0"],
    ["\\??\\C:" + "\\x" * 8_000, "\\??\\C:" + "\\y" * 8_000],
    ["\\??\\C:\\..\\..\\Windows", "\\??\\C:\\.\\."],
    ["a"],
    [],
)


@pytest.mark.parametrize("strings", HOSTILE)
def test_hostile_lists_are_judged_without_a_break(strings: list[str]) -> None:
    assert judge(case_of_hive(_hive(strings)), RULES).findings is not None


def test_long_lists_take_linear_time() -> None:
    folders = [text for n in range(10_000) for text in (f"\\??\\C:\\d{n % 100}", f"\\??\\C:\\d{(n + 1) % 100}")]
    files = [
        text
        for n in range(10_000)
        for text in (f"\\??\\C:\\d{n % 100}\\f{n}.tmp", f"!\\??\\C:\\Windows\\System32\\f{n}.dll")
    ]
    case = case_of_hive(_hive(folders + files))
    assert len(case.renames.moved.rows) == 20_000
    assert judge(case, RULES).findings


def _hive(strings: list[str]) -> Hive:
    data = b"".join(text.encode("utf-16-le", "surrogatepass") + b"\0\0" for text in strings) + b"\0\0"
    plain = clean("win10-21h2-x64")
    return MemoryHive("SYSTEM", _with_value(plain, ["ControlSet001", "Control", "Session Manager"], data))


def _with_value(key: PlainKey, path: list[str], data: bytes) -> PlainKey:
    if not path:
        return changed(key, values=(*key.values, PlainValue(FIRST, 7, data)))
    below = tuple(_with_value(one, path[1:], data) if one.name == path[0] else one for one in key.subkeys)
    return changed(key, subkeys=below)


def test_no_control_set_gives_no_finding() -> None:
    assert (
        judge(case_of_hive(MemoryHive("SYSTEM", parse_notation("[Select]\nDefault = dword 7\n").plain)), RULES).findings
        == ()
    )


REAL: dict[str, dict[str, Severity]] = {
    "nt4-sp3-server": {},
    "xp-x64": {},
    "win7-sp1-x86": {},
    "win10-1709-dirty": {"pfro-present": Severity.INFO, "seq-order-failure": Severity.INFO},
    "win10-1903": {
        "pfro-present": Severity.INFO,
        "pfro-starved": Severity.INFO,
        "minint": Severity.MEDIUM,
        "seq-minint-starves": Severity.INFO,
    },
}


@pytest.mark.parametrize("name", REAL)
def test_real_hives_have_what_was_measured(name: str, real_hive: Callable[[str], Path]) -> None:
    opened = open_with_logs(real_hive(name), _logs(real_hive, name))
    with opened.hive:
        case = case_of_hive(opened.hive)
        assert worst_of(case) == REAL[name]
        assert all(benign_writer(row.source, row.destination) for row in case.renames.moved.rows)
        assert all(isinstance(row.operation.event.because[0], ValueRef) for row in case.renames.moved.rows)


def _logs(real_hive: Callable[[str], Path], name: str) -> tuple[Path, ...]:
    return tuple(real_hive(f"{name}{ending}") for ending in (".LOG1", ".LOG2")) if name.endswith("dirty") else ()


def test_rename_that_does_not_ask_to_replace_is_less_severe() -> None:
    found = worst_of(of(r'"\??\C:\x.tmp" "\??\C:\Windows\System32\advapi32.dll"'))
    assert found["pfro-tcb-replace"] is Severity.HIGH
    assert found["seq-knowndll-replaced-file"] is Severity.HIGH


def test_hotfix_of_xp_is_no_more_than_low_but_for_known_dlls() -> None:
    rows = (
        r'"\??\C:\WINDOWS\system32\drivers\SET3F0.tmp" "!\??\C:\WINDOWS\system32\drivers\tcpip.sys" '
        r'"\??\C:\WINDOWS\$NtUninstallKB1$\winlogon.exe" "!\??\C:\WINDOWS\system32\winlogon.exe"'
    )
    assert max(worst_of(of(rows, generation="xp-x86")).values()) is Severity.LOW


HOTFIXES = (
    (r"C:\WINDOWS\system32\SET1C2.tmp", Severity.MEDIUM),
    (r"C:\WINDOWS\$NtUninstallKB1$\user32.dll", Severity.MEDIUM),
    (r"C:\WINDOWS\system32\SET1C.tmp", Severity.MEDIUM),
    (r"C:\WINDOWS\system32\SET.tmp", Severity.CRITICAL),
    (r"C:\WINDOWS\system32\SET1C1C1.tmp", Severity.CRITICAL),
    (r"C:\WINDOWS\system32\SET1G.tmp", Severity.CRITICAL),
    (r"C:\WINDOWS\SET1C.tmp", Severity.CRITICAL),
    (r"C:\WINDOWS\system32\_000001_.tmp", Severity.MEDIUM),
    (r"C:\WINDOWS\system32\_000001_.tmp.dll", Severity.MEDIUM),
    (r"C:\WINDOWS\system32\_00001_.tmp.dll", Severity.CRITICAL),
    (r"C:\WINDOWS\system32\_000001_.tmp.", Severity.MEDIUM),  # Windows drops the dot
    (r"C:\WINDOWS\system32\_000001_.tmpx.dll", Severity.CRITICAL),
    (r"C:\WINDOWS\system32\_000001_.tmp.a.dll", Severity.CRITICAL),
    (r"C:\WINDOWS\_000001_.tmp.dll", Severity.CRITICAL),
)


@pytest.mark.parametrize(("source", "severity"), HOTFIXES)
def test_known_dll_replaced_under_the_name_of_a_hotfix_is_never_silent(source: str, severity: Severity) -> None:
    case = of(rf'"\??\{source}" "!\??\C:\WINDOWS\system32\user32.dll"', generation="xp-x86")
    assert worst_of(case)["seq-knowndll-replaced-file"] is severity


SWAPS = (
    ("xp-x86", r"C:\WINDOWS\system32\drivers", "SET12.tmp", "tcpip.sys", ""),
    ("xp-x86", r"C:\WINDOWS\system32\drivers", "_000001_.tmp.sys", "tcpip.sys", ""),
    ("nt4-x86", r"C:\WINNT\system32", "_000001_.tmp.dll", "lsasrv.dll", ""),
    ("win7-x64", r"C:\Windows\System32\drivers", "SET9A.tmp", "acme.sys", "acme"),
)


@pytest.mark.parametrize(("machine", "folder", "source", "target", "service"), SWAPS)
def test_swap_by_a_temporary_name_of_few_digits_is_silent(
    machine: str, folder: str, source: str, target: str, service: str
) -> None:
    more = f"[ControlSet001\\Services\\{service}]\nType = dword 1\nStart = dword 0\n" if service else ""
    more += rf'ImagePath = expand "System32\drivers\{target}"' if service else ""
    found = worst_of(of(rf'"\??\{folder}\{source}" "!\??\{folder}\{target}"', generation=machine, more=more))
    assert max(found.values()) is Severity.INFO
    elsewhere = of(rf'"\??\C:\x\{source}" "!\??\{folder}\{target}"', generation=machine, more=more)
    assert max(worst_of(elsewhere).values()) is Severity.CRITICAL


def test_swap_under_a_hotfix_name_is_no_swap_from_vista_on() -> None:
    driver = (
        '[ControlSet001\\Services\\acme]\nType = dword 1\nStart = dword 0\nImagePath = expand "System32\\drivers\\acme.sys"'
    )
    row = r'"\??\C:\Windows\System32\drivers\_000001_.tmp" "!\??\C:\Windows\System32\drivers\acme.sys"'
    assert max(worst_of(of(row, generation="win7-x64", more=driver)).values()) is Severity.CRITICAL


SYSTEM_DLLS = (
    "msv1_0.dll", "wintrust.dll", "poqexec.exe", "cmd.exe", "localspl.dll", "tcpmon.dll", "ntlanman.dll", "w32time.dll",
    "credssp.dll", "lsasrv.dll", "amsi.dll", "bcrypt.dll", "cryptbase.dll",
)  # fmt: skip


@pytest.mark.parametrize("name", SYSTEM_DLLS)
@pytest.mark.parametrize("source", ["a.dll", "a.tmp", "SET1A01.tmp"])
def test_file_of_windows_is_not_replaced_in_silence_from_its_own_folder(name: str, source: str) -> None:
    found = worst_of(of(rf'"\??\C:\Windows\System32\{source}" "!\??\C:\Windows\System32\{name}"'))
    assert max(found.values()) is Severity.CRITICAL


HOSTED = (
    ('[ControlSet001\\Control\\Print\\Monitors\\E]\nDriver = sz "own.dll"', "own.dll"),
    ('[ControlSet001\\Control\\Print\\Providers\\E]\nName = sz "own.dll"', "own.dll"),
    ('[ControlSet001\\Services\\W32Time\\TimeProviders\\E]\nDllName = sz "own.dll"', "own.dll"),
    ('[ControlSet001\\Control\\Lsa]\nNotification Packages = multi "scecli" "own"', "own.dll"),
    (
        '[ControlSet001\\Control\\NetworkProvider\\Order]\nProviderOrder = sz "own"\n'
        '[ControlSet001\\Services\\own\\NetworkProvider]\nProviderPath = expand "%SystemRoot%\\System32\\own.dll"',
        "own.dll",
    ),
    (
        '[ControlSet001\\Control\\Print\\Environments\\Windows x64\\Print Processors\\E]\nDriver = sz "own.dll"',
        "spool\\prtprocs\\x64\\own.dll",
    ),
)


@pytest.mark.parametrize(("hosts", "file"), HOSTED)
def test_dll_that_the_hive_has_a_system_process_load_is_guarded(hosts: str, file: str) -> None:
    row = rf'"\??\C:\Windows\System32\a.dll" "!\??\C:\Windows\System32\{file}"'
    assert worst_of(of(row, more=hosts))["pfro-drop-executable"] is Severity.CRITICAL
    assert "pfro-drop-executable" not in worst_of(of(row))
    if "\\" not in file:  # its own installer swaps it by such a name
        swap = rf'"\??\C:\Windows\System32\SET1A01.tmp" "!\??\C:\Windows\System32\{file}"'
        assert "pfro-drop-executable" not in worst_of(of(swap, more=hosts))


RECORDS = (
    r"C:\Windows\System32\winevt", r"C:\Windows\System32\winevt\Logs", r"C:\Windows\System32\config", r"C:\Windows\Prefetch",
    r"C:\Windows\NTDS", r"C:\Windows\AppCompat",
)  # fmt: skip


@pytest.mark.parametrize("folder", RECORDS)
def test_folder_of_records_that_is_moved_away_is_critical(folder: str) -> None:
    assert worst_of(of(rf'"\??\{folder}" "\??\{folder}_x"'))["pfro-hive-or-log-target"] is Severity.CRITICAL


LOADERS = (
    ("win10-21h2-x64", r"C:\bootmgr"), ("win10-21h2-x64", r"C:\Boot\BCD"), ("win10-21h2-x64", r"S:\EFI\Microsoft\Boot\bootmgfw.efi"),
    ("win10-21h2-x64", r"C:\Windows\Boot\EFI\bootmgfw.efi"), ("xp-x86", r"C:\ntldr"), ("xp-x86", r"C:\ntdetect.com"),
    ("xp-x86", r"C:\boot.ini"), ("nt4-x86", r"C:\ntldr"),
)  # fmt: skip


@pytest.mark.parametrize(("machine", "file"), LOADERS)
def test_file_of_the_boot_loader_is_guarded(machine: str, file: str) -> None:
    for row in (rf'"\??\{file}" ""', rf'"\??\{file[0]}:\x" "!\??\{file}"'):
        assert worst_of(of(row, generation=machine))["pfro-tcb-replace"] is Severity.CRITICAL


def test_folder_brought_back_is_one_deed() -> None:
    swing = r'"\??\C:\ProgramData\Microsoft" "\??\C:\m" "\??\C:\m\x.tmp" "" "\??\C:\m" "\??\C:\ProgramData\Microsoft"'
    found = worst_of(of(swing))
    assert "seq-delete-then-replace" not in found
    assert found["seq-parent-dir-swing"] is Severity.CRITICAL


def test_driver_without_a_folder_lies_in_that_of_windows() -> None:
    service = '[ControlSet001\\Services\\SysmonDrv]\nType = dword 1\nStart = dword 0\nImagePath = sz "SysmonDrv.sys"'
    found = worst_of(of(r'"\??\C:\Windows\SysmonDrv.sys" ""', more=service))
    assert found["pfro-sec-product"] is Severity.CRITICAL
    assert found["seq-edr-driver-gone-start-stays"] is Severity.CRITICAL

r"""What the rules on KnownDLLs, object names, subsystems, environment and memory leave alone, and what they survive."""

import pytest

from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.rules import environment, known_dlls, memory, objects, subsystems
from hivecheck.rules.code_integrity import HVCI
from hivecheck.rules.environment_block import is_product, judge_folder
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.search_path import ENV_PATH_HIJACK
from tests.rules.cases import case_of, case_of_hive, hive_of

RULES: tuple[Rule, ...] = (
    *known_dlls.RULES,
    *objects.RULES,
    *subsystems.RULES,
    *environment.RULES,
    *memory.RULES,
)
_WRITABLE_BEHIND = r"""
    [ControlSet001\Control\Session Manager\Environment]
    Path = expand "%SystemRoot%\system32;%SystemRoot%;C:\Temp"
    [ControlSet001\Services\IKEEXT]
    Type = dword 0x20
    Start = dword {start}
    ImagePath = expand "%systemroot%\system32\svchost.exe -k netsvcs"
    [ControlSet001\Services\Schedule]
    Start = dword 4
    [ControlSet001\Services\SessionEnv]
    Start = dword 4
    [ControlSet001\Services\Netman]
    Start = dword 4
    [ControlSet001\Services\DiagTrack]
    Start = dword 4
    """
CLEAN = (
    "nt351-x86", "nt4-x86", "win2000-x86", "xp-x86", "xp-x64", "vista-x86", "win7-x86", "win7-x64", "win8-x64", "win81-x64",
    "win10-1709-x64", "win10-1903-x64", "win10-21h2-x64", "win11-22h2-x64",
)  # fmt: skip


def _hits(example: Example, rules: tuple[Rule, ...] = RULES) -> list[tuple[str, Hit]]:
    case = case_of(example)
    return [(rule.id, hit) for rule in rules for hit in rule.check(case)]


@pytest.mark.parametrize("machine", CLEAN)
def test_clean_machine_gives_nothing_above_info(machine: str) -> None:
    rules = {rule.id: rule for rule in RULES}
    found = [(id, hit.message) for id, hit in _hits(Example("clean", "", generation=machine))
             if (hit.severity or rules[id].severity) > Severity.INFO]  # fmt: skip
    assert found == []


def test_unnamed_mnmsrvc_in_subsystems_is_left_alone() -> None:
    notation = r"""
        [ControlSet001\Control\Session Manager\SubSystems]
        @ = sz "mnmsrvc"
        """
    assert [id for id, _ in _hits(Example("note", notation, generation="win7-x64"), subsystems.RULES)] == []


def test_variables_of_known_products_are_left_alone() -> None:
    notation = r"""
        [ControlSet001\Control\Session Manager\Environment]
        DEFLOGDIR = sz "C:\ProgramData\McAfee\DesktopProtection"
        VSEDEFLOGDIR = sz "C:\ProgramData\McAfee\DesktopProtection"
        VS140COMNTOOLS = sz "C:\Program Files (x86)\Microsoft Visual Studio 14.0\Common7\Tools\"
        ChocolateyInstall = sz "C:\ProgramData\chocolatey"
        FP_NO_HOST_CHECK = sz "NO"
        Os2LibPath = expand "%SystemRoot%\system32\os2\dll;"
        """
    for machine in CLEAN:
        assert _hits(Example("products", notation, generation=machine), environment.RULES) == []


@pytest.mark.parametrize("start", [2, 3, 4])
def test_service_that_looks_for_a_missing_library_is_named_and_makes_nothing_high(start: int) -> None:
    example = Example("phantom", _WRITABLE_BEHIND.format(start=start))
    (hit,) = ENV_PATH_HIJACK.check(case_of(example))
    assert hit.severity is Severity.MEDIUM
    assert ("wlbsctrl.dll" in hit.message) == (start != 4)


def test_known_product_is_not_raised_by_such_a_service() -> None:
    notation = _WRITABLE_BEHIND.format(start=2).replace(r"C:\Temp", r"C:\ProgramData\chocolatey\bin")
    (hit,) = ENV_PATH_HIJACK.check(case_of(Example("product", notation)))
    assert hit.severity is Severity.LOW


PRODUCTS = (
    (r"C:\ProgramData\Anaconda3\x", True), (r"C:\ProgramData\Oracle\Java\javapath", True), (r"C:\ProgramData\Oracle\x", False),
    (r"C:\ProgramData\python", False), (r"D:\Python39\Scripts", True), (r"C:\tools\python3", True), (r"C:\python3x", False),
    (r"C:\x\python3", False), (r"C:\app\user\product\bin", True), (r"C:\app\binaries", False), (r"C:\Git\cmd", True),
    (r"C:\Git2", False), (r"\\server\git", False), ("git", False),
)  # fmt: skip


@pytest.mark.parametrize(("text", "known"), PRODUCTS)
def test_products_are_known_by_their_own_folders(text: str, known: bool) -> None:
    case = case_of(Example("path", ""))
    assert is_product(judge_folder(case, text, True)) is known


def test_memory_integrity_that_is_off_is_not_laid_to_anybody() -> None:
    key = r"[ControlSet001\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity]"
    hits = _hits(Example("off", f"{key}\nEnabled = dword 0"), (HVCI,))
    assert [hit.message for _, hit in hits] == [
        "Memory integrity (HVCI) is off, its value is 0: unsigned code can run in the kernel once somebody is in it. "
        "Windows 10 ships no such value: the switch in Windows Security writes this 0, or somebody did."
    ]
    assert hits[0][1].severity is None, "the rule's own, high"


def test_tied_findings_of_a_debug_flag_share_a_story() -> None:
    notation = r"""
        [ControlSet001\Control\Session Manager]
        GlobalFlag = dword 4
        """
    (hit,) = (hit for id, hit in _hits(Example("flag", notation, generation="xp-x86")) if id == "globalflag-bits")
    assert hit.story == (r"file c:\windows\system32\ntsd.exe",)


_KEYS = (
    "", "KnownDLLs", "DOS Devices", "SubSystems", "Environment", "Memory Management", "kernel", "AppCertDlls", "Power",
    r"Memory Management\PrefetchParameters", r"ApiSetSchemaExtensions\x", r"AppPatches\x", "AppCompatCache", "I/O System",
    "Configuration Manager",
)  # fmt: skip
_NAMES = (
    "ExcludeFromKnownDlls", "ObjectDirectories", "ProtectionMode", "GlobalFlag", "SafeDllSearchMode", "NumberOfInitialSessions",
    "DllDirectory", "user32", "NUL", "C:", "X", "Windows", "Required", "Optional", "Kmode", "Debug", "Path", "PATHEXT", "ComSpec",
    "windir", "SystemRoot", "COR_PROFILER", "COR_PROFILER_PATH", "JAVA_TOOL_OPTIONS", "NODE_OPTIONS", "PYTHONPATH", "HTTP_PROXY",
    "TEMP", "OS", "PSModulePath", "GIT_SSH", "PagingFiles", "ExistingPageFiles", "VerifyDrivers", "VerifyDriverLevel",
    "MitigationOptions", "ObUnsecureGlobalNames", "FileName", "AppCompatCache", "EnablePrefetcher", "HiberbootEnabled",
)  # fmt: skip
_CONTENTS = (
    "sz hex: 00 d8 41",
    "sz hex:",
    'sz ""',
    'multi "" "x" ""',
    "multi hex: 41",
    "dword hex: 01 02",
    "dword 0xffffffff",
    "qword 0x2222222222222222",
    "binary 22",
    "none",
    'expand "%%;;;\\u{0}=,:%x%\\..\\..\\;\\??\\"',
    'expand "csrss.exe ServerDll= ServerDll=,: = ==,9999999999 a.exe SharedSection=,,,, \\u{d800}"',
    'link "x"',
    "type 0xffff0011: 01",
)


@pytest.mark.parametrize("content", _CONTENTS)
def test_absurd_data_are_survived(content: str) -> None:
    lines = [
        f"[ControlSet001\\Control\\Session Manager\\{key}]\n" + "\n".join(f'"{name}" = {content}' for name in _NAMES)
        for key in _KEYS
    ]
    for machine in ("nt4-x86", "xp-x86", "win10-21h2-x64"):
        for id, hit in _hits(Example("absurd", "\n".join(lines).replace("Manager\\]", "Manager]"), generation=machine)):
            assert hit.message, id
            assert hit.because, id


def test_hive_without_a_control_set_is_survived() -> None:
    case = case_of_hive(MemoryHive("SYSTEM", parse_notation("[Select]\nCurrent = dword 1\n").plain))
    assert [hit for rule in RULES for hit in rule.check(case)] == []


def test_empty_session_manager_is_survived() -> None:
    text = "[Select]\nCurrent = dword 1\nDefault = dword 1\n[ControlSet001\\Control\\Session Manager]\n"
    case = case_of_hive(MemoryHive("SYSTEM", parse_notation(text).plain))
    assert {rule.id for rule in RULES for _ in rule.check(case)} <= {"knowndll-removed", "appcompat-cache-wiped"}


def test_long_lists_are_judged_in_linear_time() -> None:
    names = 20_000
    text = r"[ControlSet001\Control\Session Manager\Environment]" + "\n"
    text += "\n".join(f'v{n} = sz "C:\\Users\\x;"' for n in range(names))
    text += '\nPath = sz "' + ";".join(f"C:\\Temp\\{n}" for n in range(names)) + '"\n'
    text += r"[ControlSet001\Control\Session Manager\DOS Devices]" + "\n"
    text += "\n".join(f'd{n} = sz "\\Device\\d{n}"' for n in range(names))
    hive = hive_of(Example("long", text))
    case = case_of_hive(hive)
    assert sum(1 for rule in RULES for _ in rule.check(case)) >= names

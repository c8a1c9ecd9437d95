r"""The words of settings: clean machines are as shipped, but for what is listed here with its reason; real ones are as odd as they are."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hivecheck.baselines.baseline import Standing
from hivecheck.baselines.load import load_baseline
from hivecheck.baselines.standing import missing_values, standing_of_setting, word_of_setting
from hivecheck.facts.generation import (
    NT351,
    VISTA,
    WIN7,
    WIN10_1903,
    WIN10_2004,
    WIN81,
    WIN2003,
    XP,
    Generation,
    generation_by_id,
)
from hivecheck.registry.control_sets import control_set_name, read_control_sets
from hivecheck.registry.hive import Hive
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.regf import open_hive
from hivecheck.settings.catalog import (
    APP_CERT_DLLS,
    BOOT_EXECUTE,
    DOS_DEVICES,
    ENVIRONMENT,
    KNOWN_DLLS,
    LISTENER_PORT,
    LSA_INTERFACES,
    MEMORY_MANAGEMENT,
    MINI_NT,
    PAGING_FILES,
    PROTECTION_MODE,
    SUBSYSTEMS,
    Settings,
    read_settings,
)
from hivecheck.settings.machine_facts import read_machine_facts
from hivecheck.settings.row import Row

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = tomllib.loads((ROOT / "test_hives" / "MANIFEST.toml").read_text("utf-8"))
CLEAN = [id for id, machine in MANIFEST.items() if machine.get("state") == "clean" and machine.get("generation")]
QUIET = (Standing.AS_SHIPPED, Standing.KNOWN_VARIANT)

# The made-up machines of test_hives/ are not whole: these rows, and all below RDP-Tcp and rdpwd, are in every real hive.
LACKING = {
    "Lsa/LsaCfgFlagsDefault",
    "Lsa/MSV1_0",
    "Lsa/OSConfig/Security Packages",
    "LsaExtensionConfig/LsaSrv/Extensions",
    "SvcHostSplitThresholdInKB",
    "Terminal Server/TSAppCompat",
    "Terminal Server/TSEnabled",
    "Terminal Server/fSingleSessionPerUser",
}
# What is not as Windows ships it on the real machines, and how it came there.
REAL: dict[str, dict[str, Standing]] = {
    "nt4-sp3-server": {},
    "xp-x64": {},
    "win7-sp1-x86": {
        "Environment/DEFLOGDIR": Standing.KNOWN_THIRD_PARTY,  # McAfee
        "Environment/VSEDEFLOGDIR": Standing.KNOWN_THIRD_PARTY,
        "Terminal Server/fDenyTSConnections": Standing.KNOWN_VARIANT,  # Remote Desktop is on
    },
    "win10-1709-dirty": {"PendingFileRenameOperations": Standing.KNOWN_VARIANT},  # installers
    "win10-1903": {
        "MiniNT": Standing.NOT_SEEN,  # a tweak that lets ReFS format any volume
        "PendingFileRenameOperations": Standing.KNOWN_VARIANT,  # never run, because of MiniNT
        "DOS Devices/vmsmb": Standing.KNOWN_VARIANT,  # Hyper-V
        "Environment/Path": Standing.NOT_SEEN,  # Anaconda before System32, and much more behind it
        "Environment/PSModulePath": Standing.NOT_SEEN,  # Microsoft Message Analyzer
        "Environment/VS140COMNTOOLS": Standing.KNOWN_THIRD_PARTY,
        "Environment/ChocolateyInstall": Standing.KNOWN_THIRD_PARTY,
        "Lsa/Authentication Packages": Standing.KNOWN_VARIANT,  # the SSH server of Developer Mode
    },
}


def told(hive: Hive) -> Iterator[tuple[str, Standing]]:
    """Each row, or each value of a whole key (`Environment/Path`), with its word."""
    control_set = hive.root.subkey(control_set_name(read_control_sets(hive, "default").number or 1))
    facts = read_machine_facts(hive, control_set)
    assert facts.generation.value is not None
    baseline = load_baseline(facts.generation.value, facts.architecture.value or "")
    for row, setting in read_settings(hive, control_set):
        words = standing_of_setting(baseline, row, setting)
        is_whole_key = row.value is None and isinstance(setting.value, tuple) and len(words) == len(setting.value)
        for place, word in enumerate(words):
            yield (f"{row.name}/{setting.value[place].name}" if is_whole_key else row.name), word
        if missing_values(baseline, row, setting):
            yield row.name, Standing.MISSING


@pytest.mark.parametrize("id", CLEAN)
def test_clean_machine_is_as_shipped(id: str) -> None:
    hive = open_hive(ROOT / "test_hives" / MANIFEST[id]["file"])
    words = list(told(hive))
    odd = [
        (name, word)
        for name, word in words
        if word not in QUIET
        and not (word is Standing.MISSING and (name in LACKING or "RDP-Tcp/" in name or "rdpwd/" in name))
    ]
    assert odd == []
    assert sum(word is Standing.AS_SHIPPED for _, word in words) > 30
    assert id.startswith("nt3") or sum(word is Standing.KNOWN_VARIANT for _, word in words) < 12


@pytest.mark.parametrize("name", REAL)
def test_real_machine_differs_in_what_is_known(real_hive: Callable[[str], Path], name: str) -> None:
    words = list(told(open_hive(real_hive(name))))
    assert {row: word for row, word in words if word is not Standing.AS_SHIPPED} == REAL[name]
    assert len(words) > 60


# --- one row at a time ---------------------------------------------------------------------------------------------------


def settings_of(notation: str) -> Settings:
    hive = MemoryHive("SYSTEM", parse_notation(notation).plain)
    return read_settings(hive, hive.root.subkey("ControlSet001"))


def words(notation: str, row: Row[Any], generation: Generation, architecture: str = "AMD64") -> list[str]:
    baseline = load_baseline(generation, architecture)
    return [word.value for word in standing_of_setting(baseline, row, settings_of(notation)[row])]


def sm(line: str, key: str = "") -> str:
    return f"[ControlSet001\\Control\\Session Manager{key}]\n{line}\n"


@pytest.mark.parametrize(
    ("line", "generation", "wanted"),
    [
        ('BootExecute = multi "autocheck autochk *"', WIN10_1903, ["as shipped"]),
        ('BootExecute = multi "AutoCheck autochk *"', WIN10_1903, ["as shipped"]),
        ('BootExecute = multi "autocheck autochk /q /v *"', WIN10_1903, ["known variant"]),
        ('BootExecute = multi "autocheck autochk *" "sprestrt"', WIN2003, ["known variant"]),
        ('BootExecute = multi "autocheck autoche *"', WIN10_1903, ["not seen in clean hives"]),
        ('BootExecute = sz "autocheck autochk *"', WIN10_1903, ["not seen in clean hives"]),
        ("BootExecute = dword 1", WIN10_1903, ["not seen in clean hives"]),
        ("Other = dword 1", WIN10_1903, ["missing"]),
    ],
)
def test_word_of_a_value(line: str, generation: Generation, wanted: list[str]) -> None:
    assert words(sm(line), BOOT_EXECUTE, generation) == wanted


def test_value_of_another_generation_is_told_so() -> None:
    assert words(sm("ProtectionMode = dword 0"), PROTECTION_MODE, WIN10_2004) == ["belongs to another generation"]
    assert words(sm("ProtectionMode = dword 7"), PROTECTION_MODE, WIN10_2004) == ["not seen in clean hives"]


def test_each_dll_of_known_dlls_has_its_word_and_missing_ones_are_named() -> None:
    notation = sm(
        'kernel32 = sz "KERNEL32.dll"\nlpk = sz "LPK.dll"\nevil = sz "evil.dll"\nuser32 = sz "user23.dll"', "\\KnownDLLs"
    )
    assert words(notation, KNOWN_DLLS, WIN10_2004) == [
        "as shipped",
        "belongs to another generation",
        "not seen in clean hives",
        "not seen in clean hives",
    ]
    baseline = load_baseline(WIN10_2004, "AMD64")
    missing = [entry.name for entry in missing_values(baseline, KNOWN_DLLS, settings_of(notation)[KNOWN_DLLS])]
    assert "advapi32" in missing
    assert not {"user32", "DllDirectory"} & set(missing)
    assert len(missing) == 30
    assert word_of_setting(baseline, KNOWN_DLLS, settings_of(notation)[KNOWN_DLLS]) is Standing.NOT_SEEN


def test_directories_of_known_dlls_are_not_missed_as_dlls() -> None:
    dlls = load_baseline(WIN7, "AMD64").known_dlls
    lines = "\n".join(f'{name} = sz "{file}"' for name, file in dlls.items())
    settings = settings_of(sm(lines, "\\KnownDLLs"))
    assert word_of_setting(load_baseline(WIN7, "AMD64"), KNOWN_DLLS, settings[KNOWN_DLLS]) is Standing.AS_SHIPPED


def test_missing_key_is_missing_as_a_whole() -> None:
    assert words(sm("A = dword 1"), KNOWN_DLLS, WIN10_1903) == ["missing"]
    assert words(sm("A = dword 1"), MEMORY_MANAGEMENT, WIN10_1903) == ["missing"]
    assert words(sm("A = dword 1"), MEMORY_MANAGEMENT, NT351) == []


def test_keys_that_no_windows_ships_are_not_seen() -> None:
    assert words("[ControlSet001\\Control\\MiniNT]\n", MINI_NT, WIN10_1903) == ["not seen in clean hives"]
    assert words("[ControlSet001\\Control]\n", MINI_NT, WIN10_1903) == []
    assert words(sm('x = sz "x.dll"', "\\AppCertDlls"), APP_CERT_DLLS, WIN10_1903) == ["not seen in clean hives"]


def test_tuned_desktop_heap_is_a_known_variant_and_an_extra_dll_is_not() -> None:
    line = load_baseline(WIN10_2004, "AMD64").text("Control\\Session Manager\\SubSystems", "Windows")
    tuned = line.replace("1024,20480,768", "1024,20480,2048")
    foreign = line.replace("basesrv,1", "basesrv,1 ServerDll=consrv:ConServerDllInitialization,2")
    for text, wanted in ((line, "as shipped"), (tuned, "known variant"), (foreign, "not seen in clean hives")):
        assert words(sm(f'Windows = expand "{text}"', "\\SubSystems"), SUBSYSTEMS, WIN10_2004) == [wanted]


def test_size_and_drive_of_the_paging_file_are_the_owners() -> None:
    for text in ("C:\\pagefile.sys 0 0", "D:\\pagefile.sys 4096 8192"):
        notation = sm(f'PagingFiles = multi "{text}"', "\\Memory Management")
        assert words(notation, PAGING_FILES, WIN81) == ["known variant"]
    notation = sm('PagingFiles = multi "C:\\Users\\Public\\x.sys 0 0"', "\\Memory Management")
    assert words(notation, PAGING_FILES, WIN81) == ["not seen in clean hives"]


def test_words_of_the_environment() -> None:
    lines = """
        Path = expand "%SystemRoot%\\system32;%SystemRoot%;%SystemRoot%\\System32\\Wbem"
        ComSpec = expand "C:\\WINDOWS\\system32\\cmd.exe"
        VSEDEFLOGDIR = expand "C:\\ProgramData\\McAfee\\DesktopProtection"
        PROCESSOR_LEVEL = sz "6"
        COR_PROFILER = sz "{1}"
    """
    notation = sm("\n".join(line.strip() for line in lines.splitlines()), "\\Environment")
    wanted = ["as shipped", "known variant", "known third-party", "as shipped", "not seen in clean hives"]
    assert words(notation, ENVIRONMENT, XP, "x86") == wanted


def test_generation_known_from_its_neighbours_may_have_what_the_newer_ships() -> None:
    device = sm('CON = sz "\\Device\\ConDrv\\Console"', "\\DOS Devices")
    assert words(device, DOS_DEVICES, VISTA) == ["belongs to another generation"]
    notation = sm("ExistingPageFiles = dword 1\n") + sm('PagingFiles = multi "?:\\pagefile.sys"', "\\Memory Management")
    assert words(notation, PAGING_FILES, VISTA) == ["as shipped"]


def test_interfaces_of_lsa_are_judged_by_their_own_keys() -> None:
    where = '[ControlSet001\\Control\\LsaExtensionConfig\\Interfaces\\{}]\nExtension = sz "{}"\n'
    notation = where.format("1001", "lsasrv.dll") + where.format("1002", "evil.dll")
    assert words(notation, LSA_INTERFACES, WIN10_1903) == ["as shipped", "not seen in clean hives"]


def test_nothing_is_said_of_a_key_that_no_baseline_tells_of() -> None:
    assert words("[ControlSet001\\Control]\n", LISTENER_PORT, NT351) == []


@pytest.mark.parametrize("id", CLEAN)
def test_generation_of_the_manifest_is_the_one_judged_against(id: str) -> None:
    assert (
        load_baseline(generation_by_id(MANIFEST[id]["generation"]), MANIFEST[id]["architecture"]).id
        == MANIFEST[id]["generation"]
    )

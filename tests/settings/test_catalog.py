"""The catalogue and the code held together: every value of the Session Manager has a row, every row is read, told and used."""

import ast
from pathlib import Path
from typing import Any

import pytest

from hivecheck.boot import smss
from hivecheck.facts.generation import GENERATIONS, NT4, VISTA, WIN8, WIN11_24H2, XP
from hivecheck.facts.origin import KeyRef
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.report.settings_json import value_json
from hivecheck.settings import catalog
from hivecheck.settings.catalog import CATALOG, Row, Settings, applies_to, read_settings
from hivecheck.settings.setting import Presence

BOOT = Path(smss.__file__).parent
ROWS = {name: value for name, value in vars(catalog).items() if isinstance(value, Row)}

# What anyone who reads a hive for its next boot looks for.
EXPECTED = {
    "BootExecute", "BootExecuteNoPnpSync", "PlatformExecute", "SetupExecute", "SetupExecuteNoPnpSync", "Execute",
    "S0InitialCommand", "PendingFileRenameOperations", "PendingFileRenameOperations2", "AllowProtectedRenames",
    "ClearTempFiles", "TempFileDirectory", "FileRenameOperations", "ExcludeFromKnownDlls", "KnownDLLs",
    "KnownDLLs/DllDirectory", "KnownDLLs/DllDirectory32", "DOS Devices", "ObjectDirectories", "ProtectionMode",
    "Memory Management/PagingFiles", "Memory Management/ExistingPageFiles", "Memory Management/PagefileOnOsVolume",
    "Memory Management/WaitForPagingFiles", "Memory Management/TempPageFile", "Memory Management/SwapfileControl",
    "Memory Management/ClearPageFileAtShutdown", "PrefetchParameters/EnablePrefetcher", "PrefetchParameters/BootId",
    "PrefetchParameters/BaseTime", "Environment", "Environment/SAFEBOOT_OPTION", "SubSystems", "SubSystems/Required",
    "SubSystems/Optional", "SubSystems/Kmode", "SubSystems/PosixSingleInstance", "NumberOfInitialSessions", "BootShell",
    "RunLevelExecute", "RunLevelValidate", "AutoChkTimeout", "AutoChkSkipSystemPartition", "DisableWpbtExecution",
    "GlobalFlag", "AppCertDlls", "MiniNT", "SafeBoot/AlternateShell", "SafeBoot/OptionValue", "SafeBoot/UseAlternateShell",
    "CrashControl/CrashDumpEnabled", "CrashControl/DumpFile", "CrashControl/MinidumpDir", "CrashControl/DedicatedDumpFile",
    "CrashControl/Overwrite", "CrashControl/MinidumpsCount", "Setup/SystemPartition",
}  # fmt: skip

NOT_READ_BY_SMSS = r"""
[ControlSet001\Control\SafeBoot]
AlternateShell = dword 1
[Setup]
CmdLine = multi "a"
SetupType = sz "2"
[ControlSet001\Control\Lsa]
Security Packages = dword 1
Notification Packages = dword 1
RunAsPPL = sz "1"
[ControlSet001\Control\Lsa\OSConfig]
Security Packages = dword 1
[ControlSet001\Control\Lsa\MSV1_0]
Auth0 = dword 1
[ControlSet001\Control\Session Manager\AppCertDlls]
x = dword 1
[ControlSet001\Control]
SystemStartOptions = dword 1
[ControlSet001\Control\Session Manager]
BootExecute = dword 1
"""


def test_a_value_of_the_wrong_type_is_told_with_the_program_that_reads_it() -> None:
    hive = MemoryHive("SYSTEM", parse_notation(NOT_READ_BY_SMSS).plain)
    settings = read_settings(hive, hive.root.subkey("ControlSet001"))
    told = {row.name: problem.message for row, one in settings for problem in one.problems if problem.code == "wrong-type"}
    ends = {name: text[text.index("; ") + 2 :] for name, text in told.items()}
    begins = {name: text.partition(" is REG")[0] for name, text in told.items()}
    by = "it can't be used as meant ({})."
    assert ends == {
        "SafeBoot/AlternateShell": by.format("read by userinit"),
        "Setup/CmdLine": by.format("read by winlogon"),
        "Setup/SetupType": by.format("read by winlogon"),
        "Lsa/Security Packages": by.format("read by lsass"),
        "Lsa/OSConfig/Security Packages": by.format("read by lsass"),
        "Lsa/Notification Packages": by.format("read by lsass"),
        "Lsa/RunAsPPL": by.format("read by lsass"),
        "Lsa/MSV1_0": by.format("read by lsass"),
        "AppCertDlls": by.format("read by kernel32 of each process"),
        "SystemStartOptions": by.format("written by the kernel"),
        "BootExecute": "smss can't use it as meant.",
    }
    assert begins["Lsa/Security Packages"] == "Lsa/Security Packages"
    assert begins["Lsa/OSConfig/Security Packages"] == "Lsa/OSConfig/Security Packages"
    assert begins["BootExecute"] == "BootExecute"


# The query table of 2000 to 2003, smss.md B.0.
CLASSIC = {
    1: "ProtectionMode", 2: "AllowProtectedRenames", 3: "ObjectDirectories", 4: "BootExecute", 5: "SetupExecute",
    6: "PendingFileRenameOperations", 7: "PendingFileRenameOperations2", 8: "ExcludeFromKnownDlls", 9: "Memory Management",
    10: "Memory Management/PagingFiles", 11: "DOS Devices", 12: "KnownDLLs", 13: "Environment", 14: "SubSystems",
    15: "SubSystems/Required", 16: "SubSystems/Optional", 17: "SubSystems/Kmode", 18: "Execute",
}  # fmt: skip

# Rows of smss that the replay does not act on, each with the reason.
EXTRACTED_ONLY = {
    "PROTECTION_MODE": "access rights are not modelled",
    "CLEAR_TEMP_FILES": "meaning not documented (smss.md A3.e, G.2)",
    "TEMP_FILE_DIRECTORY": "meaning not documented (smss.md A3.e, G.2)",
    "BACKGROUND_LOAD_KNOWN_DLLS": "meaning not documented (smss.md A3.e)",
    "WAIT_FOR_PAGING_FILES": "meaning not documented (smss.md B12.16)",
    "TEMP_PAGE_FILE": "written by Windows itself as a mark (smss.md B12.17)",
    "DISABLE_DEDICATED_MEMORY_CACHING": "meaning not documented (smss.md B12.17)",
    "DEDICATED_MEMORY_PAGEFILE_SIZE_MB": "meaning not documented (smss.md B12.17)",
    "PAGEFILE_HYBRID_PRIORITY": "meaning not documented (smss.md B12.17)",
    "FEATURE_SETTINGS": "meaning not documented (smss.md B12.17)",
    "PAGEFILE_USAGE": "the commit history is not decoded (smss.md B12.8)",
    "OPTIONAL": "started on demand, not at boot (smss.md B15.1)",
    "POSIX_SINGLE_INSTANCE": "concerns subsystems started on demand (smss.md B15.11)",
    "FILE_RENAME_OPERATIONS": "read by no later smss (smss.md A1.b)",
    "CRASH_OVERWRITE": "decides what becomes of an older dump (smss.md B12.14)",
    "MINIDUMPS_COUNT": "decides how many older dumps stay (smss.md B12.14)",
    "DEDICATED_DUMP_FILE": "prepared for the next crash (smss.md B12.14)",
}


def test_every_value_that_is_expected_has_a_row() -> None:
    assert EXPECTED - {row.name for row in CATALOG} == set()


def test_every_row_of_the_module_is_in_the_catalogue_and_the_other_way_round() -> None:
    assert sorted(row.name for row in ROWS.values()) == sorted(row.name for row in CATALOG)
    assert {id(row) for row in ROWS.values()} == {id(row) for row in CATALOG}


def test_names_are_unique_and_no_two_rows_read_the_same_value() -> None:
    names = [row.name.upper() for row in CATALOG]
    assert len(set(names)) == len(names)
    places = [(row.key.upper(), (row.value or "").upper(), row.value is None) for row in CATALOG]
    assert len(set(places)) == len(places)


def test_a_row_is_named_after_its_value_or_key() -> None:
    for row in CATALOG:
        assert row.name.rsplit("/", 1)[-1] in (row.value, row.key.rsplit("\\", 1)[-1]), row.name


def test_every_row_says_what_it_is_about_and_where_that_is_told() -> None:
    for row in CATALOG:
        assert row.about
        assert row.source.startswith(("smss.md ", "baselines.md ", "detections.md")), row.name
        assert row.reader


def test_classic_rows_have_the_numbers_of_the_query_table() -> None:
    assert {row.classic: row.name for row in CATALOG if row.classic} == CLASSIC


def test_rows_of_later_windows_are_no_rows_of_the_query_table() -> None:
    assert [row.name for row in CATALOG if row.classic and row.since and row.since >= VISTA] == []


def test_what_smss_reads_stands_before_what_others_read() -> None:
    readers = [row.reader == "smss" for row in CATALOG[: CATALOG.index(catalog.AUTOCHK_TIMEOUT)]]
    assert all(readers)


def used_rows() -> set[str]:
    """The catalogue's names that the modules of the replayed smss import and use."""
    found: set[str] = set()
    for path in sorted(BOOT.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "hivecheck.settings.catalog"
            for alias in node.names
        }
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert imported <= used | {"Settings"}
        found |= imported & used
    return found & set(ROWS)


def test_every_row_of_smss_is_acted_on_or_listed_with_a_reason() -> None:
    of_smss = {name for name, row in ROWS.items() if row.reader == "smss"}
    used = used_rows()
    assert of_smss - used == set(EXTRACTED_ONLY)
    assert all(EXTRACTED_ONLY.values())


EVERY_TYPE = (
    'sz "1"',
    'expand "%x%"',
    'multi "a" "b"',
    "dword 1",
    "qword 1",
    "binary 01 02",
    "none",
    "multi hex:",
    "type 0x77: 01",
)


def hive_with(row: Row[Any], content: str) -> MemoryHive:
    key = row.key[1:] if row.key.startswith("\\") else f"ControlSet001\\{row.key}"
    return parse_notation(f"[Select]\n[ControlSet001]\n[{key}]\n{row.value or 'Any'} = {content}")


def settings_with(row: Row[Any], content: str) -> Settings:
    hive = hive_with(row, content)
    return read_settings(hive, hive.root.subkey("ControlSet001"))


@pytest.mark.parametrize("row", CATALOG, ids=lambda row: row.name)
def test_every_row_reads_any_type_and_says_how_it_came_by_its_value(row: Row[Any]) -> None:
    for content in EVERY_TYPE:
        setting = settings_with(row, content)[row]
        assert setting.name == row.name
        assert (setting.presence is Presence.ABSENT) <= (not setting.origins), content
        assert bool(setting.origins) or setting.presence is Presence.ABSENT, content
        value_json(setting.value)
    assert any(settings_with(row, content)[row].presence is Presence.WRITTEN for content in EVERY_TYPE)


@pytest.mark.parametrize("row", CATALOG, ids=lambda row: row.name)
def test_every_row_is_absent_or_defaulted_in_an_empty_control_set(row: Row[Any]) -> None:
    hive = parse_notation("[Select]\n[ControlSet001]")
    setting = read_settings(hive, hive.root.subkey("ControlSet001"))[row]
    assert setting.presence in (Presence.ABSENT, Presence.DEFAULTED)
    assert setting.raw is None
    assert setting.problems == ()
    assert read_settings(hive, None)[row].presence is setting.presence


@pytest.mark.parametrize("row", [row for row in CATALOG if row.value], ids=lambda row: row.name)
def test_a_row_reads_its_own_value_whatever_its_case(row: Row[Any]) -> None:
    for spelled in (str(row.value).upper(), str(row.value).lower()):
        hive = hive_with(row, "sz hex:")
        key = row.key[1:] if row.key.startswith("\\") else f"controlset001\\{row.key}"
        hive = parse_notation(f'[ControlSet001]\n[{key.lower()}]\n{spelled} = sz "1"')
        setting = read_settings(hive, hive.root.subkey("ControlSet001"))[row]
        assert setting.raw is not None
        assert setting.raw.name == spelled


def test_settings_come_in_the_order_of_the_catalogue() -> None:
    hive = parse_notation("[ControlSet001]")
    assert [row for row, _ in read_settings(hive, None)] == list(CATALOG)


def test_an_existing_key_is_told_by_the_key() -> None:
    """smss.md E4.1: any content, or none."""
    hive = parse_notation("[ControlSet001\\Control\\MiniNT]")
    setting = read_settings(hive, hive.root.subkey("ControlSet001"))[catalog.MINI_NT]
    assert (setting.value, setting.presence) == (True, Presence.WRITTEN)
    assert setting.origins == (KeyRef("notation", "ControlSet001\\Control\\MiniNT", 0, None),)


def test_rows_apply_to_the_windows_that_read_them() -> None:
    assert applies_to(catalog.BOOT_EXECUTE, NT4)
    assert not applies_to(catalog.MINI_NT, NT4)
    assert applies_to(catalog.MINI_NT, XP)
    assert not applies_to(catalog.S0_INITIAL_COMMAND, XP)
    assert applies_to(catalog.S0_INITIAL_COMMAND, VISTA)
    assert [applies_to(catalog.DISABLE_WPBT_EXECUTION, one) for one in (VISTA, WIN8, WIN11_24H2)] == [False, True, True]
    for row in CATALOG:
        assert [one for one in GENERATIONS if applies_to(row, one)], row.name

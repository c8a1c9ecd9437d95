r"""The order of a boot, by generation: each row of the normative table smss.md A.4, the whole sequence of steps, and what is consumed (B.19)."""

import pytest

from hivecheck.boot.actions import (
    CreateDirectory,
    CreatePagingFile,
    DeleteFile,
    DeleteValue,
    LoadHives,
    MapSection,
    RunProgram,
    SetVariable,
    StartProcess,
    StartSubsystem,
    WriteValue,
)
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.boot.smss import ORDERS, order_of
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    GENERATIONS,
    NT4,
    NT31,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1709,
    WIN11,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Family,
    Generation,
)
from tests.boot.boots import SESSION_MANAGER, asked, cited, play

ALL = (NT4, WIN2000, XP, WIN2003, VISTA, WIN7, WIN81, WIN10_1709, WIN11, WIN11_24H2)
UP_TO_2003 = tuple(generation for generation in ALL if generation < VISTA)
UP_TO_7 = tuple(generation for generation in ALL if generation < WIN8)
FROM_VISTA = tuple(generation for generation in ALL if generation >= VISTA)
FROM_8 = tuple(generation for generation in ALL if generation >= WIN8)

EVERYTHING = r"""
    AllowProtectedRenames = dword 1
    BootExecute = multi "autocheck autochk *"
    SetupExecute = multi "setupcl"
    PendingFileRenameOperations = multi "\??\C:\a" ""
    PendingFileRenameOperations2 = multi "\??\C:\b" ""
    ObjectDirectories = multi "\Windows" "\RPC Control"
    [DOS Devices]
    NUL = sz "\Device\Null"
    [KnownDLLs]
    kernel32 = sz "kernel32.dll"
    [Environment]
    SAFEBOOT_OPTION = sz "MINIMAL"
    OS = sz "planted"
    Mine = sz "x"
    [Setup]
    SystemPartition = sz "\Device\HarddiskVolume1"
"""


def whole_boot(generation: Generation) -> Replay:
    return play(EVERYTHING, generation)


def numbers(events: list[Event]) -> list[int]:
    assert events, "the boot has no such event"
    return [event.number for event in events]


def boot_execute(played: Replay) -> list[int]:
    return numbers(asked(played, RunProgram, Step.BOOT_EXECUTE))


def renames(played: Replay) -> list[int]:
    return numbers(asked(played, DeleteFile, Step.FILE_RENAMES))


def mappings(played: Replay) -> list[int]:
    return numbers(asked(played, MapSection, Step.KNOWN_DLLS))


def paging_files(played: Replay) -> list[int]:
    return numbers(asked(played, CreatePagingFile, Step.PAGING_FILES))


def environment(played: Replay) -> list[int]:
    return numbers([event for event in asked(played, SetVariable, Step.READ_SETTINGS) if cited(event) == [("Mine", None)]])


def csrss(played: Replay) -> list[int]:
    return numbers(asked(played, StartSubsystem))


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_renames_come_after_boot_execute(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(boot_execute(played)) < min(renames(played))


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_renames_come_before_the_paging_files(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(renames(played)) < min(paging_files(played))


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_renames_come_before_the_known_dlls_are_mapped(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(renames(played)) < min(mappings(played))


@pytest.mark.parametrize("generation", UP_TO_7, ids=lambda one: one.id)
def test_up_to_7_renames_come_before_the_other_hives(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(renames(played)) < min(numbers(asked(played, LoadHives)))


@pytest.mark.parametrize("generation", FROM_8, ids=lambda one: one.id)
def test_from_8_on_renames_come_after_the_other_hives(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(boot_execute(played)) < min(numbers(asked(played, LoadHives))) < min(renames(played))


@pytest.mark.parametrize("generation", UP_TO_2003, ids=lambda one: one.id)
def test_up_to_2003_known_dlls_are_mapped_before_the_paging_files(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(mappings(played)) < min(paging_files(played))


@pytest.mark.parametrize("generation", FROM_VISTA, ids=lambda one: one.id)
def test_from_vista_on_known_dlls_are_mapped_after_setup_execute(generation: Generation) -> None:
    played = whole_boot(generation)
    setup = numbers(asked(played, RunProgram, Step.SETUP_EXECUTE))
    assert max(paging_files(played)) < min(setup) <= max(setup) < min(mappings(played)) < min(csrss(played))


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_the_environment_is_applied_before_boot_execute_and_the_subsystems(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(environment(played)) < min(boot_execute(played)) < min(csrss(played))


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_setup_execute_comes_before_csrss(generation: Generation) -> None:
    played = whole_boot(generation)
    assert max(numbers(asked(played, RunProgram, Step.SETUP_EXECUTE))) < min(csrss(played))


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_the_process_that_services_descend_from_starts_last(generation: Generation) -> None:
    played = whole_boot(generation)
    last = numbers(asked(played, StartProcess, Step.INITIAL_COMMAND))
    assert max(boot_execute(played)) < min(last)
    assert max(last) == played.events[-1].number


CLASSIC_STEPS = (
    Step.LOAD_CONTROL_SET, Step.READ_SETTINGS, Step.OBJECT_DIRECTORIES, Step.READ_SETTINGS, Step.DOS_DEVICES,
    Step.BOOT_EXECUTE, Step.FILE_RENAMES, Step.KNOWN_DLLS, Step.PAGING_FILES, Step.LOAD_REGISTRY, Step.ENVIRONMENT,
    Step.SETUP_EXECUTE, Step.SUBSYSTEMS, Step.INITIAL_COMMAND,
)  # fmt: skip
TWO_SESSIONS = (Step.SESSIONS, Step.SUBSYSTEMS, Step.INITIAL_COMMAND) * 2
VISTA_STEPS = (
    Step.LOAD_CONTROL_SET, Step.READ_SETTINGS, Step.OBJECT_DIRECTORIES, Step.READ_SETTINGS, Step.DOS_DEVICES,
    Step.BOOT_EXECUTE, Step.FILE_RENAMES, Step.PAGING_FILES, Step.LOAD_REGISTRY, Step.ENVIRONMENT, Step.SETUP_EXECUTE,
    Step.KNOWN_DLLS, Step.ENVIRONMENT, *TWO_SESSIONS,
)  # fmt: skip
LATE_STEPS = (
    Step.LOAD_CONTROL_SET, Step.READ_SETTINGS, Step.OBJECT_DIRECTORIES, Step.READ_SETTINGS, Step.OBJECT_DIRECTORIES,
    Step.DOS_DEVICES, Step.BOOT_EXECUTE, Step.LOAD_REGISTRY, Step.PLATFORM_BINARY, Step.FILE_RENAMES, Step.PAGING_FILES,
    Step.ENVIRONMENT, Step.SETUP_EXECUTE, Step.KNOWN_DLLS, Step.ENVIRONMENT, *TWO_SESSIONS,
)  # fmt: skip


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_the_steps_follow_the_list_of_the_generation(generation: Generation) -> None:
    """smss.md A.1 (up to 2003), A.2 (Vista, 7), A.3 (8 and later)."""
    expected = {Family.G1: CLASSIC_STEPS, Family.G2: CLASSIC_STEPS, Family.G3: VISTA_STEPS, Family.G4: LATE_STEPS}
    steps: list[Step] = []
    for event in whole_boot(generation).events:
        if not steps or steps[-1] is not event.step:
            steps.append(event.step)
    assert tuple(steps) == expected[generation.family]


@pytest.mark.parametrize("generation", FROM_8, ids=lambda one: one.id)
def test_from_8_on_the_known_dll_directories_are_there_before_the_dos_devices(generation: Generation) -> None:
    """smss.md A.3 steps 11, 12."""
    played = play(EVERYTHING, generation, architecture="AMD64")
    made = [event.action for event in asked(played, CreateDirectory, Step.OBJECT_DIRECTORIES)][-2:]
    assert made == [CreateDirectory("\\KnownDlls"), CreateDirectory("\\KnownDlls32")]


def registry_effects(played: Replay) -> set[tuple[str, bool]]:
    """The values this boot writes (True) or deletes (False), by their paths below the Session Manager where they are there."""
    return {
        (f"{write.key}\\{write.name}".removeprefix(f"{SESSION_MANAGER}\\"), write.value is not None)
        for write in played.after.registry
    }


DYNAMIC = {
    (f"Environment\\{name}", True)
    for name in (
        "OS", "PROCESSOR_ARCHITECTURE", "PROCESSOR_LEVEL", "PROCESSOR_IDENTIFIER", "PROCESSOR_REVISION", "NUMBER_OF_PROCESSORS",
    )
}  # fmt: skip
ALWAYS = DYNAMIC | {
    ("Select\\Current", True),
    ("ControlSet001\\Control\\SystemStartOptions", True),
    ("ControlSet001\\Control\\SystemBootDevice", True),
    ("SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\BootDir", True),
    ("Environment\\SAFEBOOT_OPTION", False),
    ("PendingFileRenameOperations", False),
}
SINCE_2000 = {("PendingFileRenameOperations2", False), ("AllowProtectedRenames", False)}


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_a_boot_deletes_and_writes_these_values_and_no_others(generation: Generation) -> None:
    """smss.md B.19; A1.a: NT 4 knows neither the second list nor AllowProtectedRenames."""
    expected = ALWAYS if generation is NT4 else ALWAYS | SINCE_2000
    if generation >= VISTA:
        expected = expected | {("Memory Management\\ExistingPageFiles", True)}
    assert registry_effects(whole_boot(generation)) == expected


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_what_is_consumed_is_deleted_before_any_program_runs_or_file_is_touched(generation: Generation) -> None:
    """smss.md B1.12, B3.8: confirmed for 2000 to 2003, inferred for the others."""
    played = whole_boot(generation)
    deletions = asked(played, DeleteValue)
    assert max(numbers(deletions)) < min(boot_execute(played))
    assert {event.done for event in deletions} == {Done.YES}
    assert {event.certainty for event in deletions} == {Certainty.A if generation.family is Family.G2 else Certainty.C}
    assert [
        cited(event) for event in deletions if event.action == DeleteValue(SESSION_MANAGER, "PendingFileRenameOperations")
    ] == [[("PendingFileRenameOperations", None)]]


@pytest.mark.parametrize("generation", ALL, ids=lambda one: one.id)
def test_what_is_absent_is_not_deleted(generation: Generation) -> None:
    assert asked(play("", generation), DeleteValue) == []


@pytest.mark.parametrize("generation", UP_TO_2003, ids=lambda one: one.id)
def test_up_to_2003_programs_see_the_dynamic_variables_of_the_last_boot(generation: Generation) -> None:
    """smss.md B13.5: what was planted in OS does not survive the boot, but every program of it sees it."""
    played = whole_boot(generation)
    assert played.after.environment["OS"].value == "planted"
    assert [
        event.action
        for event in asked(played, WriteValue)
        if event.action == WriteValue(f"{SESSION_MANAGER}\\Environment", "OS", "Windows_NT")
    ]


@pytest.mark.parametrize("generation", FROM_VISTA, ids=lambda one: one.id)
def test_from_vista_on_the_dynamic_variables_are_set_before_setup_execute(generation: Generation) -> None:
    """smss.md A2.a."""
    played = whole_boot(generation)
    assert played.after.environment["OS"].value == "Windows_NT"
    (fixed,) = [event for event in asked(played, SetVariable) if event.action == SetVariable("OS", "Windows_NT")]
    assert fixed.number < min(numbers(asked(played, RunProgram, Step.SETUP_EXECUTE)))


def test_every_generation_has_an_order_and_its_source() -> None:
    for generation in GENERATIONS:
        order, source = order_of(generation)
        assert order
        assert source.startswith("smss.md A.")
    assert [since for since, _, _ in ORDERS] == sorted(since for since, _, _ in ORDERS)
    assert ORDERS[0][0] is NT31

"""The hives of test_hives/effects/, analysed: each effect between events of a boot, and each reason for which one would not come up."""

import re
from functools import cache
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import generation_by_id
from hivecheck.facts.origin import BuiltIn, Origin, ValueRef
from tests.effect_hives import CROSS_EFFECTS, HALTS, RENAMES, EffectHive, effect_hives

FOLDER = Path(__file__).parents[1] / "test_hives" / "effects"
Halt = tuple[str, Certainty, set[str]]  # a pattern of the reason, how sure it is, the values among its origins

EFFECTS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    # the kind of the event, a pattern of its image, the boot that sees it, the kind of the event that causes it
    "service-replaced": (("start-service", "agent.exe$", "this", "rename"),),
    "service-deleted": (("start-service", "agent.exe$", "this", "delete"),),
    "service-dll-replaced": (("start-service", "svchost.exe$", "this", "rename"),),
    "driver-replaced": (("load-driver", "disk.sys$", "next", "rename"),),
    "autochk-replaced": (("run", "autochk$", "next", "rename"),),
    "known-dll-replaced": (("map-section", "advapi32.dll$", "this", "rename"),),
    "known-dll-replaced-11": (("map-section", "ws2_32.dll$", "this", "rename"),),
    "ntdll-replaced": (("map-section", "ntdll.dll$", "next", "rename"),),
    "software-hive-swapped": (("load-hives", "SOFTWARE", "this", "rename"),),
    "software-hive-swapped-11": (("load-hives", "SOFTWARE", "next", "rename"),),
    "drive-redirected": (
        ("run", "autochk$", "this", "link"),
        ("start-subsystem", "csrss.exe$", "this", "link"),
        ("start-process", "wininit.exe$", "this", "link"),
        ("create-paging-file", "pagefile.sys$", "this", "link"),
    ),
    "drive-removed": (("start-service", "agent.exe$", "this", "unlink"),),
    "path-decides": (
        ("run", "autochk$", "this", "set-variable"),
        ("start-process", "wininit.exe$", "this", "set-variable"),
        ("start-process", "winlogon.exe$", "this", "set-variable"),
    ),
    "folder-swing": (("start-service", "sensor.exe$", "this", "delete"),),
}
_CSRSS = "required subsystem Windows can't be started"
_KEY = "is missing: reading the settings fails"
HALTED: dict[str, Halt] = {
    "halt-no-control-set": ("Select.Default names ControlSet007, which does not exist", Certainty.C, {"Default"}),
    "halt-csrss-deleted": (_CSRSS, Certainty.C, {"Required", "Windows"}),
    "halt-csrss-deleted-xp": (_CSRSS, Certainty.A, {"Required", "Windows"}),
    "halt-required-without-windows": ("csrss.exe is not among the subsystems started", Certainty.C, {"Required"}),
    "halt-required-missing-image": ("required subsystem Spare can't be started", Certainty.A, {"Required", "Spare"}),
    "halt-no-memory-management": (f"Memory Management {_KEY}", Certainty.C, set()),
    "halt-no-dos-devices": (f"DOS Devices {_KEY}", Certainty.C, set()),
    "halt-no-knowndlls": (f"KnownDLLs {_KEY}", Certainty.C, set()),
    "halt-no-environment": (f"Environment {_KEY}", Certainty.C, set()),
    "halt-no-subsystems": (f"SubSystems {_KEY}", Certainty.C, set()),
    "halt-win32k-deleted": ("win32k.sys can't be loaded", Certainty.C, {"Kmode"}),
    "halt-no-kmode": ("Kmode names nothing", Certainty.C, set()),
    "halt-winlogon-deleted": ("initial command 'winlogon.exe' can't be started", Certainty.A, set()),
    "halt-winlogon-deleted-11": ("initial command 'winlogon.exe' can't be started", Certainty.C, set()),
    "halt-wininit-deleted": ("initial command 'wininit.exe' can't be started", Certainty.C, set()),
    "halt-services-deleted": ("services.exe can't be started", Certainty.C, set()),
    "halt-lsass-deleted": ("lsass.exe can't be started", Certainty.C, set()),
    "halt-lsass-deleted-xp": ("lsass.exe can't be started", Certainty.C, set()),
    "halt-next-boot-driver": (
        r"still runs with the driver already loaded; the boot after it can't load .*stor.sys \(ErrorControl 3, critical\)",
        Certainty.B,
        {"ErrorControl", "ImagePath", "Start", RENAMES},
    ),
    "halt-next-system-driver": (
        r"the boot after it can't load .*stor.sys \(ErrorControl 3, critical\)",
        Certainty.B,
        {"ErrorControl", "ImagePath", "Start", RENAMES},
    ),
    "halt-next-smss": ("boot after it the kernel can't start .*SESSION3_INITIALIZATION_FAILED", Certainty.A, {RENAMES}),
    "halt-next-ntdll": ("can't map ntdll.dll .PROCESS1_INITIALIZATION_FAILED", Certainty.B, {RENAMES}),
    "halt-next-kernel": ("ntldr finds no ntoskrnl.exe", Certainty.B, {RENAMES}),
}


@cache
def analysed(file: str) -> Analysis:
    return analyze(FOLDER / f"{file}.hive", Options(verify="none"))


def values(origins: tuple[Origin, ...]) -> set[str]:
    return {origin.value for origin in origins if isinstance(origin, ValueRef)}


def named(event: Event) -> str:
    """What an event loads or makes, as text."""
    action = event.action
    for field in ("image", "file", "names", "path"):
        if hasattr(action, field):
            return str(getattr(action, field))
    return ""


@pytest.mark.parametrize("hive", [*effect_hives()], ids=lambda hive: hive.file)
def test_a_hive_is_known_for_its_windows(hive: EffectHive) -> None:
    assert analysed(hive.file).facts.generation.value is generation_by_id(hive.machine.generation.id)


def test_every_hive_is_asked_what_it_shows() -> None:
    assert set(EFFECTS) == {hive.file for hive in CROSS_EFFECTS}
    assert set(HALTED) == {hive.file for hive in HALTS if hive.halts}


@pytest.mark.parametrize("file", EFFECTS)
def test_an_event_says_what_another_does_to_it(file: str) -> None:
    events = analysed(file).replay.events
    by_number = {event.number: event for event in events}
    for kind, image, boot, cause in EFFECTS[file]:
        found = [
            (effect.boot, by_number[effect.event])
            for event in events
            if event.action.kind == kind and re.search(image, named(event).strip('"'), re.IGNORECASE)
            for effect in event.effects
        ]
        assert (boot, cause) in {(seen, by.action.kind) for seen, by in found}, (kind, image)
        assert {type(origin) for _, by in found for origin in by.because} <= {ValueRef, BuiltIn}
        assert all(values(by.because) for seen, by in found if by.action.kind == cause)


def test_what_was_not_touched_has_no_effect() -> None:
    """Only the one service of the hive that a rename replaces, and nothing else."""
    told = [event for event in analysed("service-replaced").replay.events if event.effects]
    assert [named(event) for event in told] == [named(told[0])]


def test_a_deleted_service_does_not_start_and_one_of_a_swung_folder_neither() -> None:
    for file in ("service-deleted", "folder-swing"):
        (event,) = [event for event in analysed(file).replay.events if event.effects]
        assert event.done is Done.NO


def test_the_order_of_known_dlls_is_called_unproven_for_11_only() -> None:
    for file, unproven in (("known-dll-replaced", False), ("known-dll-replaced-11", True)):
        (text,) = [effect.text for event in analysed(file).replay.events for effect in event.effects]
        assert ("unproven" in text) == unproven


@pytest.mark.parametrize("file", HALTED)
def test_a_boot_that_would_not_come_up_says_why(file: str) -> None:
    why, certainty, cited = HALTED[file]
    played = analysed(file).replay
    assert played.halted is not None
    assert re.search(why, played.halted.why), played.halted.why
    assert played.halted.certainty is certainty
    assert cited <= values(played.halted.because)
    assert played.halted.because
    assert played.halted.event == played.events[-1].number


def test_a_severe_driver_lost_is_told_but_halts_nothing() -> None:
    analysis = analysed("severe-driver-deleted")
    assert analysis.replay.halted is None
    (problem,) = [problem for problem in analysis.problems if problem.code == "severe-driver-lost"]
    assert {"ErrorControl", RENAMES} <= values(problem.because)


@pytest.mark.parametrize("file", [file for file in HALTED if "next" in file])
def test_what_only_the_next_boot_misses_comes_after_a_whole_boot(file: str) -> None:
    played = analysed(file).replay
    last = played.events[-1]
    assert last.why.startswith("in the boot after this one:")
    assert last.done is Done.NO
    assert any("winlogon.exe" in named(event) and event.done is not Done.NO for event in played.events)
    ((boot, cause),) = {(effect.boot, effect.event) for effect in last.effects}
    assert boot == "next"
    assert played.events[cause - 1].action.kind == "delete"


@pytest.mark.parametrize("file", [file for file in HALTED if "-deleted" in file or "missing-image" in file])
def test_what_this_boot_misses_is_laid_to_the_rename_that_deleted_it(file: str) -> None:
    played = analysed(file).replay
    last = played.events[-1]
    assert (last.done, last.assumes != ()) == (Done.NO, True)
    ((boot, cause),) = {(effect.boot, effect.event) for effect in last.effects}
    assert boot == "this"
    assert values(played.events[cause - 1].because) == {RENAMES}

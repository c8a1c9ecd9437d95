"""The main job on real machines' hives: what an analyst would testify on. Facts of Windows only, nothing of the people."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.boot.actions import (
    DeleteFile,
    DeleteValue,
    LoadDriver,
    RenameFile,
    RunProgram,
    StartProcess,
    StartService,
    StartSubsystem,
)
from hivecheck.boot.plan import Done, Step
from hivecheck.facts.filetime import iso_utc
from hivecheck.facts.generation import NT4, WIN7, WIN10_1709, WIN10_1903, WIN2003, Generation
from hivecheck.facts.origin import State, ValueRef
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.settings.catalog import BOOT_EXECUTE, DLL_DIRECTORY_32, MINI_NT, OPTIONAL, PENDING_RENAMES, PROTECTION_MODE
from hivecheck.settings.setting import Presence

FindHive = Callable[[str], Path]
MACHINES: dict[str, tuple[Generation, str]] = {
    "nt4-sp3-server": (NT4, "x86"),
    "xp-x64": (WIN2003, "AMD64"),
    "win7-sp1-x86": (WIN7, "x86"),
    "win10-1709-dirty": (WIN10_1709, "AMD64"),
    "win10-1903": (WIN10_1903, "AMD64"),
}


@pytest.fixture(scope="module")
def analyzed(real_hive: FindHive) -> Callable[[str], Analysis]:
    known: dict[str, Analysis] = {}

    def find(name: str) -> Analysis:
        if name not in known:
            known[name] = analyze(real_hive(name))
        return known[name]

    return find


@pytest.mark.parametrize("name", MACHINES)
def test_every_machine_is_recognised_and_boots_its_default_set(analyzed: Callable[[str], Analysis], name: str) -> None:
    analysis = analyzed(name)
    generation, architecture = MACHINES[name]
    assert analysis.generation is generation
    assert analysis.facts.architecture.value == architecture
    assert (analysis.control_sets.number, analysis.control_sets.why) == (1, "Select\\Default")
    assert analysis.replay.halted is None


@pytest.mark.parametrize("name", MACHINES)
def test_no_problem_is_ours(analyzed: Callable[[str], Analysis], name: str) -> None:
    codes = {problem.code for problem in analyzed(name).problems}
    assert codes <= {"dirty-hive"}
    assert analyzed(name).is_complete


@pytest.mark.parametrize("name", MACHINES)
def test_python_registry_agrees(analyzed: Callable[[str], Analysis], name: str) -> None:
    (reader,) = analyzed(name).evidence.readers
    assert reader.agrees is True
    assert reader.disagreements == ()
    assert reader.keys_compared > 10


@pytest.mark.parametrize("name", MACHINES)
def test_vector_27_a_default_machine_runs_autochk_and_starts_csrss_alone(
    analyzed: Callable[[str], Analysis], name: str
) -> None:
    events = analyzed(name).replay.events
    commands = [
        event.action.command
        for event in events
        if isinstance(event.action, RunProgram) and event.action.list == "BootExecute"
    ]
    assert commands == ["autocheck autochk *"]
    assert {event.action.name for event in events if isinstance(event.action, StartSubsystem)} == {"Windows"}
    assert not [event for event in events if event.step is Step.EXECUTE]
    initial = [event for event in events if event.step is Step.INITIAL_COMMAND]
    last = [event.action.image for event in initial if isinstance(event.action, StartProcess)]
    assert last in (["winlogon.exe"], ["wininit.exe", "winlogon.exe"])


def test_the_win10_with_mini_nt_keeps_its_101_operations_for_later(analyzed: Callable[[str], Analysis]) -> None:
    analysis = analyzed("win10-1903")
    pairs = analysis.settings[PENDING_RENAMES].value.pairs
    assert Counter(pair.action for pair in pairs) == {"delete": 65, "rename": 36}
    assert sum(pair.replaces for pair in pairs) == 4
    events = [event for event in analysis.replay.events if isinstance(event.action, DeleteFile | RenameFile)]
    assert len(events) == 101
    mini_nt = analysis.settings[MINI_NT].origins[0]
    for event, pair in zip(events, pairs, strict=True):
        assert event.done is Done.NO
        assert "MiniNT" in event.why
        assert mini_nt in event.because
        assert pair.origin in event.because
    (kept,) = [event for event in analysis.replay.events if isinstance(event.action, DeleteValue)]
    assert (kept.action.name, kept.done) == ("PendingFileRenameOperations", Done.NO)  # type: ignore[union-attr]


def test_each_operation_cites_its_two_strings(analyzed: Callable[[str], Analysis]) -> None:
    for number, pair in enumerate(analyzed("win10-1903").settings[PENDING_RENAMES].value.pairs):
        origin = pair.origin
        assert isinstance(origin, ValueRef)
        assert origin.strings == (2 * number, 2 * number + 1)
        assert origin.key == "ControlSet001\\Control\\Session Manager"
        assert origin.value == "PendingFileRenameOperations"


def test_the_dirty_win10_without_its_logs_has_8_deletes_that_run(real_hive: FindHive) -> None:
    analysis = analyze(real_hive("win10-1709-dirty"), Options(logs="none"))
    assert [problem.code for problem in analysis.problems] == ["dirty-hive"]
    events = [event for event in analysis.replay.events if event.step is Step.FILE_RENAMES]
    assert len(events) == 8
    assert all(isinstance(event.action, DeleteFile) and event.done is Done.UNKNOWN for event in events)
    assert all(event.assumes for event in events)


@pytest.fixture(scope="module")
def with_logs(real_hive: FindHive) -> Analysis:
    path = real_hive("win10-1709-dirty")
    return analyze(path, Options(logs=(real_hive("win10-1709-dirty.LOG1"), real_hive("win10-1709-dirty.LOG2"))))


def test_the_logs_of_the_dirty_win10_make_16_operations_of_8(with_logs: Analysis) -> None:
    assert with_logs.evidence.dirty
    assert with_logs.evidence.recovered
    assert [log.fate.applied for log in with_logs.evidence.logs] == [4, 20]
    setting = with_logs.settings[PENDING_RENAMES]
    assert len(setting.value.pairs) == 16
    (origin,) = setting.origins
    assert isinstance(origin, ValueRef)
    assert iso_utc(origin.written).startswith("2018-04-06T12:26:31")
    assert origin.state is State.LOG
    assert with_logs.problems == ()


def test_the_change_of_the_list_is_dated_to_its_log_entry(with_logs: Analysis) -> None:
    (change,) = [one for one in with_logs.evidence.log_changes if one.value == "PendingFileRenameOperations"]
    assert change.sequence == 2118
    assert change.before is not None
    assert change.after is not None
    assert len(decode_multi_sz(change.before.data).strings) == 16
    assert len(decode_multi_sz(change.after.data).strings) == 32
    assert iso_utc(change.before.ref.written).startswith("2018-04-04T05:49:13")


def test_the_second_opinion_reads_the_recovered_bytes(with_logs: Analysis) -> None:
    (reader,) = with_logs.evidence.readers
    assert reader.agrees is True
    assert reader.values_compared > 100


def test_nt4_has_os2_and_posix_as_optional_subsystems(analyzed: Callable[[str], Analysis]) -> None:
    settings = analyzed("nt4-sp3-server").settings
    assert [string.text for string in settings[OPTIONAL].value] == ["Os2", "Posix"]
    assert settings[PROTECTION_MODE].value == 0


def test_xp_x64_maps_its_dlls_for_both_widths(analyzed: Callable[[str], Analysis]) -> None:
    analysis = analyzed("xp-x64")
    assert analysis.settings[DLL_DIRECTORY_32].value.lower() == "%systemroot%\\syswow64"
    names = analysis.replay.after.names
    assert "\\KNOWNDLLS32\\KERNEL32.DLL" in names
    assert "\\KNOWNDLLS\\KERNEL32.DLL" in names


def test_boot_execute_with_a_single_final_nul_is_read(analyzed: Callable[[str], Analysis]) -> None:
    setting = analyzed("win10-1903").settings[BOOT_EXECUTE]
    assert setting.presence is Presence.WRITTEN
    assert setting.raw is not None
    assert len(setting.raw.data) == 40
    assert setting.problems == ()


def _first_places(analysis: Analysis) -> dict[Step, int]:
    places: dict[Step, int] = {}
    for event in analysis.replay.events:
        places.setdefault(event.step, event.number)
    return places


def test_the_order_of_steps_differs_by_generation(analyzed: Callable[[str], Analysis]) -> None:
    for name in ("nt4-sp3-server", "xp-x64"):
        steps = _first_places(analyzed(name))
        assert steps[Step.BOOT_EXECUTE] < steps[Step.KNOWN_DLLS] < steps[Step.PAGING_FILES] < steps[Step.LOAD_REGISTRY]
        assert steps[Step.ENVIRONMENT] < steps[Step.SUBSYSTEMS] < steps[Step.INITIAL_COMMAND]
        assert Step.SESSIONS not in steps
    steps = _first_places(analyzed("win7-sp1-x86"))
    assert steps[Step.BOOT_EXECUTE] < steps[Step.PAGING_FILES] < steps[Step.LOAD_REGISTRY] < steps[Step.ENVIRONMENT]
    assert steps[Step.ENVIRONMENT] < steps[Step.KNOWN_DLLS] < steps[Step.SESSIONS]
    for name in ("win10-1709-dirty", "win10-1903"):
        steps = _first_places(analyzed(name))
        assert steps[Step.BOOT_EXECUTE] < steps[Step.LOAD_REGISTRY] < steps[Step.PLATFORM_BINARY] < steps[Step.FILE_RENAMES]
        assert steps[Step.FILE_RENAMES] < steps[Step.PAGING_FILES] < steps[Step.ENVIRONMENT] < steps[Step.KNOWN_DLLS]
        assert steps[Step.KNOWN_DLLS] < steps[Step.SESSIONS]


def test_the_other_control_set_can_be_chosen(real_hive: FindHive) -> None:
    analysis = analyze(real_hive("win7-sp1-x86"), Options(control_set="last-known-good", verify="none"))
    assert (analysis.control_sets.number, analysis.control_sets.why) == (2, "Select\\LastKnownGood")
    (ref,) = analysis.settings[BOOT_EXECUTE].origins
    assert isinstance(ref, ValueRef)
    assert ref.key.startswith("ControlSet002\\")


def test_safe_mode_changes_the_variable_the_platform_binary_and_the_shell_and_starts_less(real_hive: FindHive) -> None:
    path = real_hive("win10-1709-dirty")
    normal = analyze(path, Options(verify="none")).replay
    safe = analyze(path, Options(safe_mode="network", verify="none")).replay
    before = {event.action for event in normal.events}
    added = [event for event in safe.events if event.action not in before]
    of_smss = [event.action.kind for event in added if event.process == "smss.exe"]
    assert set(of_smss) == {"set-variable", "write-value"}
    shells = [event.action.image for event in added if isinstance(event.action, StartProcess)]
    assert shells == ["userinit.exe", "cmd.exe"]
    for kind in (LoadDriver, StartService):
        drivers, fewer = (
            {event.action for event in played.events if isinstance(event.action, kind) and event.done is not Done.NO}
            for played in (normal, safe)
        )
        assert fewer < drivers
    assert safe.after.environment["SAFEBOOT_OPTION"].value == "NETWORK"
    (binary,) = [event for event in safe.events if event.step is Step.PLATFORM_BINARY]
    assert (binary.done, binary.why) == (Done.NO, "it is not run in safe mode")

"""How the machine answers single requests, whoever makes them. What chains of them do is in test_smss_renames.py."""

import pytest

from hivecheck.boot.actions import (
    CreateDirectory,
    CreateObject,
    CreatePagingFile,
    CreateSession,
    DeleteFile,
    DeleteValue,
    Link,
    LoadDriver,
    LoadHives,
    MapSection,
    RenameFile,
    RunProgram,
    SaveCrashDump,
    SetVariable,
    StartProcess,
    StartSubsystem,
    Unlink,
    WriteValue,
)
from hivecheck.boot.answers import answer
from hivecheck.boot.machine import (
    LONGEST_NAME,
    Exists,
    File,
    Machine,
    NamedObject,
    Process,
    RegistryWrite,
    Variable,
    machine_at_smss,
)
from hivecheck.boot.outcome import Outcome
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.nt_path import NtPath

X = NtPath("\\??\\C:\\x.exe")


def machine(*files: File) -> Machine:
    return machine_at_smss("C:\\Windows", files)


def x(exists: Exists = Exists.YES, *, native: bool | None = None, assumed: bool = False) -> File:
    return File(X.text, exists, "the program", "", native=native, assumed=assumed)


def ask(action: object, *files: File) -> Outcome:
    return answer(machine(*files), action, "smss.exe")  # type: ignore[arg-type]


def runs(keywords: tuple[str, ...] = (), command: str = "x one two") -> RunProgram:
    return RunProgram("x", "one two", keywords, True, command, "BootExecute", (X,))


@pytest.mark.parametrize(
    ("name", "done"),
    [
        ("\\New", Done.YES),
        ("\\Device\\New", Done.YES),
        ("\\Device", Done.YES),
        ("\\No\\New", Done.NO),
        ("New", Done.NO),
        ("\\SystemRoot\\x", Done.NO),
    ],
)
def test_a_directory_needs_a_directory_to_be_in(name: str, done: Done) -> None:
    assert ask(CreateDirectory(name)).done is done


def test_an_object_of_another_type_is_in_the_way() -> None:
    assert ask(CreateObject("\\Device", "mutex")).done is Done.NO
    assert ask(CreateObject("\\SystemRoot", "mutex")).done is Done.NO
    assert ask(CreateDirectory("\\DosDevices")).done is Done.YES
    occupied = machine()
    occupied.apply((NamedObject("\\x", "mutex"),))
    assert answer(occupied, CreateDirectory("\\X"), "smss.exe").done is Done.NO


def test_a_directory_made_below_an_alias_is_found_by_every_name() -> None:
    outcome = ask(CreateDirectory("\\??\\mine"))
    assert outcome.changes == (NamedObject("\\GLOBAL??\\mine", "directory"),)


def test_a_name_longer_than_windows_can_hold_is_refused() -> None:
    assert ask(CreateDirectory("\\" + "x" * 33_000)).done is Done.NO
    assert [ask(Link("\\GLOBAL??\\X:", "x" * length)).done for length in (LONGEST_NAME, LONGEST_NAME + 1)] == [
        Done.YES,
        Done.NO,
    ]


def test_a_refusal_is_certain_unless_its_rule_is_not() -> None:
    assert ask(CreateDirectory("New")).certainty is Certainty.A
    assert ask(MapSection("\\Device\\x", NtPath("x"))).certainty is Certainty.C


def test_a_link_does_not_replace_a_directory() -> None:
    assert ask(Link("\\Device", "\\x")).done is Done.NO
    assert ask(Link("\\??\\Z:", "\\x")).changes == (NamedObject("\\GLOBAL??\\Z:", "link", "\\x"),)


def test_a_link_that_nobody_made_is_removed_if_a_driver_did() -> None:
    unknown = ask(Unlink("\\GLOBAL??\\NUL"))
    assert (unknown.done, unknown.assumes) == (Done.UNKNOWN, ("a driver made the link earlier",))
    assert ask(Unlink("\\GLOBAL??\\Global")).done is Done.YES


def test_a_program_that_is_there_and_native_runs() -> None:
    outcome = ask(runs(), x(native=True))
    assert (outcome.done, outcome.assumes) == (Done.YES, ())
    assert outcome.changes == (Process("x.exe", X.text, "x one two", "smss.exe", None, True, False),)


@pytest.mark.parametrize(
    ("folders", "guessed"),
    [
        (("C:\\Windows\\System32", "C:\\Tools"), False),
        (("C:\\Tools",), False),
        (("C:\\Tools", "C:\\Windows\\System32"), True),
    ],
)
def test_which_file_of_path_is_taken_is_a_guess_where_system32_is_not_the_first(
    folders: tuple[str, ...], guessed: bool
) -> None:
    candidates = tuple(NtPath(f"\\??\\{folder}\\autochk.exe") for folder in folders)
    outcome = ask(RunProgram("autochk", "*", ("autocheck",), True, "autocheck autochk *", "BootExecute", candidates))
    (process,) = [change for change in outcome.changes if isinstance(change, Process)]
    command = "autochk *" if guessed else f"{candidates[0]} *"
    assert (process.name, process.command, process.image_guessed) == ("autochk.exe", command, guessed)


def test_a_program_of_which_nothing_is_known_runs_by_assumption() -> None:
    outcome = ask(runs())
    assert outcome.done is Done.UNKNOWN
    assert [change.assumed for change in outcome.changes if isinstance(change, Process)] == [True]


def test_autocheck_puts_the_found_image_into_the_command_line() -> None:
    """smss.md B2.5."""
    (process,) = ask(runs(("autocheck",), "autocheck x one two"), x(native=True)).changes
    assert isinstance(process, Process)
    assert process.command == "\\??\\C:\\x.exe one two"


def test_a_program_that_is_not_native_does_not_run() -> None:
    assert ask(runs(), x(native=False)).done is Done.NO


def test_a_program_that_is_gone_by_assumption_does_not_run_by_assumption() -> None:
    outcome = ask(runs(), x(Exists.NO, assumed=True))
    assert (outcome.done, outcome.assumes) == (Done.NO, ("the file operations before it succeeded (\\??\\C:\\x.exe)",))


def test_the_second_candidate_is_taken_where_the_first_is_absent() -> None:
    other = NtPath("\\??\\C:\\y.exe")
    action = RunProgram("x", "", (), True, "x", "Execute", (X, other))
    outcome = ask(action, x(Exists.NO), File(other.text, Exists.YES, "", native=True))
    assert [change.image for change in outcome.changes if isinstance(change, Process)] == [other.text]


def test_a_program_that_the_caller_writes_need_not_be_there() -> None:
    action = RunProgram("x", "", (), True, "x", "WPBT", (X,), writes_image=True)
    written, started = ask(action, x(Exists.NO)).changes
    assert isinstance(written, File)
    assert (written.exists, written.native) == (Exists.YES, True)
    assert isinstance(started, Process)


@pytest.mark.parametrize(("native", "done"), [(True, Done.YES), (None, Done.YES), (False, Done.NO)])
def test_a_subsystem_must_be_native(native: bool | None, done: Done) -> None:
    assert ask(StartSubsystem("Windows", "x", "", 0, (X,)), x(native=native)).done is done


@pytest.mark.parametrize("native", [True, None, False])
def test_a_plain_process_need_not_be_native(native: bool | None) -> None:
    assert ask(StartProcess("x", "", 0, (X,)), x(native=native)).done is Done.YES


@pytest.mark.parametrize("action", [StartSubsystem("W", "x", "", 0, ()), StartProcess("x", "", 0, ()), runs()])
def test_what_has_no_file_does_not_start(action: object) -> None:
    assert ask(action, x(Exists.NO)).done is Done.NO


def test_a_driver_is_loaded_if_its_file_is_there() -> None:
    assert [ask(LoadDriver(X, 0), *files).done for files in ((x(),), (), (x(Exists.NO),))] == [
        Done.YES,
        Done.UNKNOWN,
        Done.NO,
    ]


def test_a_section_needs_its_directory_and_its_file() -> None:
    assert ask(MapSection("\\KnownDlls\\x.dll", X), x()).done is Done.NO
    assert ask(MapSection("\\Device\\x", X), x()).changes == (NamedObject("\\Device\\x", "section", X.text),)
    assert ask(MapSection("\\Device\\x", X), x(Exists.NO)).done is Done.NO


def test_a_paging_file_without_a_place_is_not_made() -> None:
    assert ask(CreatePagingFile("p", None, None, False, ())).done is Done.NO


def test_a_crash_dump_is_saved_if_there_is_one() -> None:
    outcome = ask(SaveCrashDump(X, "d"))
    assert (outcome.done, outcome.changes) == (Done.UNKNOWN, ())


def test_what_always_succeeds_changes_what_it_names() -> None:
    assert ask(SetVariable("A", "b")).changes == (Variable("A", "b"),)
    assert ask(WriteValue("k", "n", "v")).changes == (RegistryWrite("k", "n", "v"),)
    assert ask(DeleteValue("k", "n")).changes == (RegistryWrite("k", "n", None),)
    assert ask(LoadHives(("SAM",))).changes == ()
    (process,) = ask(CreateSession(1)).changes
    assert isinstance(process, Process)
    assert (process.name, process.session, process.ends) == ("smss.exe", 1, True)


@pytest.mark.parametrize(
    ("source", "destination"),
    [("\\??\\C:\\a", "\\??\\C:\\a"), ("\\??\\C:\\a", "\\??\\c:\\A"), ("\\SystemRoot\\a", "\\??\\C:\\windows\\A")],
)
def test_a_file_may_be_renamed_to_another_spelling_of_itself(source: str, destination: str) -> None:
    action = RenameFile(NtPath(source), NtPath(destination), False, None, "list", 0)
    here = machine(File(source, Exists.YES, ""))
    outcome = answer(here, action, "smss.exe")
    assert (outcome.done, outcome.assumes) == (Done.YES, ())
    assert [change.path for change in outcome.changes if isinstance(change, File)] == [destination]


def test_a_directory_is_no_target_to_replace() -> None:
    action = RenameFile(X, NtPath("\\??\\C:\\dir"), True, None, "list", 0)
    assert ask(action, x(), File("\\??\\C:\\dir", Exists.YES, "", directory=True)).done is Done.NO


def test_an_unknown_directory_is_assumed_to_be_empty() -> None:
    known = File("\\??\\C:\\dir", Exists.YES, "", directory=True)
    outcome = ask(DeleteFile(NtPath("\\??\\C:\\dir"), None, "list", 0), known)
    assert outcome.assumes == ("the directory is empty by then",)

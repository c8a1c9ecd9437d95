"""The environment smss builds and writes, safe mode included: smss.md B.13, E.3, B1.10."""

import pytest

from hivecheck.boot.actions import DeleteValue, SetVariable, StartSubsystem, WriteValue
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, WIN7, WIN11_24H2, WIN2003, XP, Generation
from tests.boot.boots import EVERY_FAMILY, SESSION_MANAGER, asked, citation, cited, one, play

KEY = f"{SESSION_MANAGER}\\Environment"
RECENT = (WIN7, WIN11_24H2)


def boot(snippet: str, generation: Generation = XP, **more: object) -> Replay:
    return play(f"[Environment]\n{snippet}", generation, **more)  # type: ignore[arg-type]


def variables(played: Replay) -> dict[str, str]:
    return {variable.name: variable.value for variable in played.after.environment.values()}


def written(played: Replay, name: str) -> Event:
    return one(
        [event for event in asked(played, WriteValue) if isinstance(event.action, WriteValue) and event.action.name == name]
    )


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_the_kernel_gives_three_variables(generation: Generation) -> None:
    """smss.md B13.3."""
    played = boot("", generation, without=("Environment\\Path",), root="D:\\WINNT")
    given = asked(played, SetVariable)[:3]
    assert [event.action for event in given] == [
        SetVariable("Path", "D:\\WINNT\\System32"),
        SetVariable("SystemDrive", "D:"),
        SetVariable("SystemRoot", "D:\\WINNT"),
    ]
    assert {event.process for event in given} == {"System"}


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_what_the_kernel_gives_rests_on_the_guess_of_the_windows_folder(generation: Generation) -> None:
    given = asked(boot("", generation, root="D:\\WINNT", root_assumed=True), SetVariable)[:3]
    assert {(event.done, event.assumes) for event in given} == {(Done.UNKNOWN, ("Windows is installed in D:\\WINNT",))}


def test_variables_are_applied_in_stored_order_and_see_what_is_set_before_them() -> None:
    """smss.md B13.1."""
    played = boot('C = sz "1"\nB = expand "%C%2"\nA = expand "%B%3%SystemRoot%"')
    assert {name: variables(played)[name] for name in "ABC"} == {"C": "1", "B": "12", "A": "123C:\\Windows"}
    assert [cited(event)[0][0] for event in asked(played, SetVariable, Step.READ_SETTINGS)[4:]] == ["C", "B", "A"]


def test_registry_values_override_what_the_kernel_gave() -> None:
    """smss.md B13.3: and what is read after the environment sees it."""
    played = boot('SystemRoot = sz "D:\\Other"')
    assert variables(played)["SystemRoot"] == "D:\\Other"
    csrss = one(asked(played, StartSubsystem))
    assert isinstance(csrss.action, StartSubsystem)
    assert csrss.action.image == "D:\\Other\\system32\\csrss.exe"


def test_a_variable_is_set_once_whatever_the_case_of_its_name() -> None:
    played = boot('path = sz "C:\\Mine"')
    assert played.after.environment["PATH"].value == "C:\\Mine"
    assert "Path" not in variables(played)


def test_only_expandable_strings_are_expanded() -> None:
    assert variables(boot('A = sz "%SystemRoot%"'))["A"] == "%SystemRoot%"


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%SystemRoot%%SystemDrive%", "C:\\WindowsC:"),
        ("100% of %systemROOT%", "100% of C:\\Windows"),
        ("%None%SystemRoot%", "%NoneC:\\Windows"),
        ("%None%%SystemDrive%", "%None%C:"),
        ("%%SystemDrive%", "%C:"),
        ("%SystemDrive", "%SystemDrive"),
        ("%%", "%%"),
        ("%", "%"),
        ("", ""),
    ],
)
def test_unknown_names_stay_and_their_last_percent_sign_may_begin_the_next(text: str, expanded: str) -> None:
    """smss.md B1.10."""
    assert variables(boot(f'X = expand "{text}"'))["X"] == expanded


def test_an_unknown_name_makes_the_variable_uncertain() -> None:
    """smss.md B13.2, B13.4."""
    event = next(
        event for event in asked(boot('M = expand "%ProgramFiles%\\x"'), SetVariable) if cited(event)[0] == ("M", None)
    )
    assert (event.action, event.certainty) == (SetVariable("M", "%ProgramFiles%\\x"), Certainty.C)
    assert "stays as it is" in event.why
    literal = next(event for event in asked(boot('M = sz "100%"'), SetVariable) if cited(event)[0] == ("M", None))
    assert (literal.certainty, literal.why) == (Certainty.A, "")


def test_an_expansion_longer_than_windows_can_hold_is_not_made() -> None:
    played = boot(f'A = sz "{"x" * 20_000}"\nB = expand "%A%%A%"')
    assert variables(played)["B"] == "%A%%A%"


def test_an_environment_that_grows_without_end_is_followed_so_far_and_that_is_told() -> None:
    bombs = "\n".join(f'V{number} = expand "-%A%"' for number in range(800))
    played = boot(f'A = sz "{"x" * 20_000}"\n{bombs}')
    assert sum(len(value) for value in variables(played).values()) < 11_000_000
    (problem,) = played.problems
    assert problem.code == "environment-too-large"
    assert [citation(origin) for origin in problem.because] == [("V499", None)]
    assert played.halted is None


def test_a_variable_of_another_type_is_not_set() -> None:
    """smss.md B1.9."""
    assert "X" not in variables(boot("X = dword 1"))


def test_a_variable_stored_as_a_list_takes_its_last_string() -> None:
    """smss.md B1.3."""
    assert variables(boot('X = multi "a" "b"'))["X"] == "b"


@pytest.mark.parametrize(("architecture", "value"), [("AMD64", "AMD64"), ("x86", "x86"), ("", "as the processor says")])
def test_the_architecture_written_is_that_of_the_machine(architecture: str, value: str) -> None:
    """smss.md B13.5: what is planted there does not survive the boot."""
    played = boot('PROCESSOR_ARCHITECTURE = sz "planted"', architecture=architecture)
    event = written(played, "PROCESSOR_ARCHITECTURE")
    assert event.action == WriteValue(KEY, "PROCESSOR_ARCHITECTURE", value)
    assert cited(event) == [("built in", None), ("PROCESSOR_ARCHITECTURE", None)]
    assert event.assumes == ("the machine boots on the same processors as before",)


@pytest.mark.parametrize(
    ("name", "planted", "plausible"),
    [
        ("NUMBER_OF_PROCESSORS", "4 & calc", "16"),
        ("PROCESSOR_ARCHITECTURE", "C:\\x", "ARM64"),
        ("PROCESSOR_LEVEL", "x", "6"),
        ("PROCESSOR_REVISION", "evil", "9e0a"),
    ],
)
def test_what_no_processor_says_is_not_predicted(name: str, planted: str, plausible: str) -> None:
    """smss.md B13.5."""
    event = written(boot(f'{name} = sz "{planted}"', architecture=""), name)
    assert event.action == WriteValue(KEY, name, "as the processor says")
    kept = written(boot(f'{name} = sz "{plausible}"', architecture=""), name)
    assert (kept.action, kept.done) == (WriteValue(KEY, name, plausible), Done.UNKNOWN)


def test_what_only_the_processor_knows_is_taken_from_the_last_boot() -> None:
    event = written(boot('NUMBER_OF_PROCESSORS = sz "4"'), "NUMBER_OF_PROCESSORS")
    assert (event.action, event.done) == (WriteValue(KEY, "NUMBER_OF_PROCESSORS", "4"), Done.UNKNOWN)
    assert written(boot(""), "PROCESSOR_LEVEL").action == WriteValue(KEY, "PROCESSOR_LEVEL", "as the processor says")


@pytest.mark.parametrize("generation", RECENT)
def test_a_prediction_in_words_never_becomes_a_variable(generation: Generation) -> None:
    assert "as the processor says" not in variables(boot("", generation)).values()


@pytest.mark.parametrize("generation", EVERY_FAMILY)
@pytest.mark.parametrize("value", ['sz "MINIMAL"', "dword 1", "none"])
def test_the_safe_mode_variable_of_the_last_boot_is_deleted_and_not_set(generation: Generation, value: str) -> None:
    """smss.md B13.6."""
    played = boot(f"SAFEBOOT_OPTION = {value}", generation)
    deletion = one(asked(played, DeleteValue))
    assert (deletion.action, deletion.done) == (DeleteValue(KEY, "SAFEBOOT_OPTION"), Done.YES)
    assert cited(deletion) == [("SAFEBOOT_OPTION", None)]
    assert "SAFEBOOT_OPTION" not in variables(played)


@pytest.mark.parametrize(("mode", "value"), [("minimal", "MINIMAL"), ("network", "NETWORK"), ("dsrepair", "DSREPAIR")])
@pytest.mark.parametrize("generation", [WIN2003, *RECENT])
def test_a_safe_boot_writes_its_variable(generation: Generation, mode: str, value: str) -> None:
    """smss.md B13.6."""
    event = written(boot("", generation, safe_mode=mode), "SAFEBOOT_OPTION")
    assert (event.action, event.step) == (WriteValue(KEY, "SAFEBOOT_OPTION", value), Step.ENVIRONMENT)
    assert event.done is Done.YES


def test_from_vista_on_boot_programs_see_the_safe_mode_variable() -> None:
    """smss.md G.1."""
    assert "SAFEBOOT_OPTION" not in variables(boot("", XP, safe_mode="minimal"))
    for generation in RECENT:
        played = boot("", generation, safe_mode="minimal")
        (event,) = [
            event for event in asked(played, SetVariable) if event.action == SetVariable("SAFEBOOT_OPTION", "MINIMAL")
        ]
        assert event.step is Step.READ_SETTINGS


@pytest.mark.parametrize("generation", [XP, WIN7])
def test_a_safe_boot_option_stored_in_the_hive_is_taken_for_one_with_doubt(generation: Generation) -> None:
    """smss.md B13.6, E3.1: the key is volatile, so one in a hive was put there."""
    played = play("[ControlSet001\\Control\\SafeBoot\\Option]\nOptionValue = dword 2", generation)
    event = written(played, "SAFEBOOT_OPTION")
    assert event.action == WriteValue(KEY, "SAFEBOOT_OPTION", "NETWORK")
    assert (event.done, event.certainty, cited(event)) == (Done.UNKNOWN, Certainty.C, [("OptionValue", None)])
    assert ("SAFEBOOT_OPTION" in variables(played)) is (generation is WIN7)


@pytest.mark.parametrize("value", ["dword 0", "dword 9", 'sz "1"'])
def test_another_stored_safe_boot_option_is_no_safe_mode(value: str) -> None:
    played = play(f"[ControlSet001\\Control\\SafeBoot\\Option]\nOptionValue = {value}", XP)
    assert [
        event for event in asked(played, WriteValue) if event.action == WriteValue(KEY, "SAFEBOOT_OPTION", "MINIMAL")
    ] == []
    assert len([event for event in asked(played, WriteValue) if event.step is Step.ENVIRONMENT]) == 6


def test_boot_dir_is_written_only_where_there_is_a_system_partition() -> None:
    """smss.md A.1 step 17."""
    played = play('[Setup]\nSystemPartition = sz "\\Device\\HarddiskVolume1"', NT4)
    event = written(played, "BootDir")
    assert (cited(event), event.certainty) == ([("SystemPartition", None)], Certainty.C)
    assert [write.name for write in boot("").after.registry if write.name == "BootDir"] == []

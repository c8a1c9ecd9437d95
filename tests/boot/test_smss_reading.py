"""smss reads its settings, played: what must be there, and who asks for what. smss.md A.1 step 8, B.0, B1.2."""

import pytest

from hivecheck.boot.actions import CreateDirectory, DeleteValue, Link, RunProgram, StartProcess
from hivecheck.boot.plan import Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import GENERATIONS, NT4, WIN11_24H2, XP, Generation
from hivecheck.facts.origin import BuiltIn
from hivecheck.registry.notation import parse_notation
from tests.boot.boots import EVERY_FAMILY, asked, play, play_hive

NEEDED = ("Memory Management", "DOS Devices", "KnownDLLs", "Environment", "SubSystems")


@pytest.mark.parametrize("key", NEEDED)
@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_a_missing_subkey_stops_the_boot_while_reading(generation: Generation, key: str) -> None:
    """smss.md B1.2: confirmed for ReactOS, inferred for Windows."""
    played = play("", generation, without=(key,))
    assert played.halted is not None
    assert f"Session Manager\\{key} " in played.halted.why
    assert played.halted.certainty is Certainty.C
    assert asked(played, (RunProgram, Link)) == []


def test_what_is_read_before_the_missing_key_has_been_done() -> None:
    """smss.md B.0: the rename lists (rows 6, 7) are deleted and directories (row 3) made before row 13 fails."""
    played = play('PendingFileRenameOperations = multi "\\??\\C:\\a" ""', XP, without=("Environment",))
    assert [event.action for event in asked(played, DeleteValue)] == [
        DeleteValue("ControlSet001\\Control\\Session Manager", "PendingFileRenameOperations")
    ]
    assert len(asked(played, CreateDirectory)) == 2


def test_of_several_missing_keys_the_first_in_reading_order_is_told() -> None:
    played = play("", XP, without=NEEDED)
    assert played.halted is not None
    assert "Session Manager\\Memory Management " in played.halted.why


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_a_control_set_without_a_session_manager_does_not_boot(generation: Generation) -> None:
    hive = parse_notation("[Select]\nDefault = dword 1\n[ControlSet001]")
    played = play_hive(hive, generation)
    assert played.halted is not None
    assert asked(played, StartProcess)[0].step is Step.READ_SETTINGS


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda one: one.id)
def test_a_plain_hive_of_every_generation_boots(generation: Generation) -> None:
    played = play("", generation, architecture="AMD64" if generation >= WIN11_24H2 else "x86")
    assert played.halted is None
    assert played.problems == ()
    assert [event.number for event in played.events] == list(range(1, len(played.events) + 1))


@pytest.mark.parametrize("generation", [NT4, XP, WIN11_24H2])
def test_every_event_has_an_origin_and_every_built_in_one_its_source(generation: Generation) -> None:
    for event in play("", generation).events:
        assert event.because, event
        assert [one for one in event.because if isinstance(one, BuiltIn) and not one.source] == []

r"""Which services start while Windows is being set up: those of Setup\AllowStart, and what they need."""

import pytest

from hivecheck.boot.actions import LoadDriver, StartService
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import play_boot, read_start_lists
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, WIN7, WIN10_1903, WIN11_24H2, WIN2000, XP, Generation
from hivecheck.registry.control_sets import read_control_sets
from hivecheck.settings.catalog import read_settings
from hivecheck.settings.setup_services import read_setup_services
from tests.boot.boots import ROOT, asked, bootable, cited
from tests.boot.service_boots import name_of
from tests.boot.whole_boots import play_whole

ALLOWED = "[Setup\\AllowStart\\Listed]\n[Setup\\AllowStart\\NEEDY]\n[Setup\\AllowStart\\gone]\n"


def key(name: str, start: int = 2, more: str = "") -> str:
    image = f'ImagePath = sz "C:\\\\{name}.exe"'
    return f"[ControlSet001\\Services\\{name}]\nType = dword 0x10\nStart = dword {start}\nErrorControl = dword 1\n{image}\n{more}\n"


SERVICES = (
    key("Other") + key("Listed") + key("Needy", more='DependOnService = multi "Helper" "OnDemand"') + key("Helper")
    + key("OnDemand", 3) + "[ControlSet001\\Services\\filter]\nType = dword 1\nStart = dword 2\n"
)  # fmt: skip


def setup(in_progress: int = 1, kind: int = 2) -> str:
    return f'[Setup]\nSystemSetupInProgress = dword {in_progress}\nSetupType = dword {kind}\nCmdLine = sz "cmd.exe"\n'


def starts(played: Replay) -> dict[str, Event]:
    return {name_of(one): one for one in asked(played, (StartService, LoadDriver), Step.SERVICES) if name_of(one)}


def results(played: Replay) -> dict[str, Done]:
    return {name: one.done for name, one in starts(played).items()}


@pytest.mark.parametrize("generation", [XP, WIN7, WIN10_1903, WIN11_24H2])
def test_while_windows_is_set_up_only_listed_services_and_what_they_need_start(generation: Generation) -> None:
    played = play_whole(setup() + ALLOWED + SERVICES, generation)
    assert results(played) == {
        "Listed": Done.UNKNOWN,
        "Helper": Done.UNKNOWN,
        "OnDemand": Done.UNKNOWN,
        "Needy": Done.UNKNOWN,
        "Other": Done.NO,
        "filter": Done.NO,
    }
    found = starts(played)
    assert {name: one.certainty for name, one in found.items()} == {
        "Listed": Certainty.B,
        "Helper": Certainty.C,
        "OnDemand": Certainty.C,
        "Needy": Certainty.B,
        "Other": Certainty.B,
        "filter": Certainty.B,
    }
    assert found["Other"].why.startswith(
        "Windows is being set up (SystemSetupInProgress), and Setup\\AllowStart does not list it"
    )
    assert ("SystemSetupInProgress", None) in cited(found["Other"])
    assert [origin.path for origin in found["Listed"].because if hasattr(origin, "path")] == ["Setup\\AllowStart\\Listed"]


def test_a_normal_boot_asks_no_list() -> None:
    for text in (setup(0, 0), setup(0, 2), ""):
        assert Done.NO not in results(play_whole(text + ALLOWED + SERVICES, WIN7)).values()


@pytest.mark.parametrize("generation", [NT4, WIN2000])
def test_before_xp_nothing_is_held_back(generation: Generation) -> None:
    assert Done.NO not in results(play_whole(setup() + ALLOWED + SERVICES, generation)).values()


def test_that_setup_in_progress_alone_holds_services_back_is_inferred() -> None:
    found = starts(play_whole(setup(1, 0) + ALLOWED + SERVICES, WIN7))
    assert (found["Other"].done, found["Other"].certainty) == (Done.NO, Certainty.C)


def test_without_a_list_nothing_starts_by_itself() -> None:
    found = starts(play_whole(setup() + SERVICES, WIN7))
    assert {one.done for one in found.values()} == {Done.NO}
    assert {one.certainty for one in found.values()} == {Certainty.C}


def test_where_the_list_was_not_read_each_start_assumes_it() -> None:
    hive = bootable(setup() + ALLOWED + SERVICES, WIN7, drivers=True)
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), WIN7, ROOT, "x86", "ControlSet001", None)
    found = starts(
        play_boot(read_control_sets(hive, "default"), smss, read_start_lists(control_set, generation=smss.generation))
    )
    assert found["Other"].done is Done.UNKNOWN
    assert "Setup\\AllowStart lists it, as Windows is being set up" in found["Other"].assumes
    assert not any("AllowStart" in text for text in found["OnDemand"].assumes)


def test_the_list_is_read_by_the_names_of_its_keys() -> None:
    read = read_setup_services(bootable(ALLOWED, WIN7).root)
    assert sorted(read.names) == ["GONE", "LISTED", "NEEDY"]
    assert read.is_whole
    assert read.key is not None
    assert read_setup_services(bootable("", WIN7).root).key is None

r"""The drivers of a boot: their order in each family, their files, what their failure means, safe mode, and what halts.

A hive is written as the services it has, a line each: `name start [group [tag]]`. The groups in order are A, B, C; the tags
of A are 3, 1, 2.
"""

from itertools import permutations

import pytest

from hivecheck.boot.actions import LoadDriver
from hivecheck.boot.driver_order import order_drivers
from hivecheck.boot.drivers import drivers_held_back, plan_drivers
from hivecheck.boot.machine import Exists, File, machine_at_smss
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay, replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1507,
    WIN10_1903,
    WIN11_24H2,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from hivecheck.facts.origin import KeyRef
from hivecheck.registry.notation import hive_of
from hivecheck.settings.catalog import read_settings
from hivecheck.settings.class_filters import read_class_filters
from hivecheck.settings.safe_boot import read_safe_boot
from hivecheck.settings.service_groups import read_group_orders
from hivecheck.settings.services import START_NAMES, SYSTEM_START, read_services
from tests.boot.boots import ROOT, asked, citation, present
from tests.boot.whole_boots import play_whole

ORDERS = r"""
[ControlSet001\Control\ServiceGroupOrder]
List = multi "A" "B" "C"
[ControlSet001\Control\GroupOrderList]
A = binary 03 00 00 00 03 00 00 00 01 00 00 00 02 00 00 00
"""
GUID = "{4D36E965-E325-11CE-BFC1-08002BE10318}"
FAMILIES = (NT4, XP, WIN7, WIN11_24H2)


def services(*lines: str) -> str:
    """The keys of drivers, from `name start [group [tag]]`; a group of `-` is none."""
    keys: list[str] = []
    for line in lines:
        name, start, group, tag = (*line.split(), "-", "")[:4] if len(line.split()) > 2 else (*line.split(), "-", "")
        given = f'Group = sz "{group}"\n' * (group != "-") + f"Tag = dword {tag}\n" * (tag not in ("", "-"))
        keys.append(f"[ControlSet001\\Services\\{name}]\nType = dword 1\nStart = dword {start}\n{given}")
    return "\n".join(keys)


def play(
    text: str,
    generation: Generation = XP,
    *,
    safe_mode: str | None = None,
    files: tuple[File, ...] | None = None,
    orders: str = ORDERS,
) -> Replay:
    hive = hive_of(orders + text)
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), generation, ROOT, "x86", "ControlSet001", safe_mode)
    plan = plan_drivers(
        read_services(control_set),
        read_group_orders(control_set),
        read_safe_boot(control_set),
        read_class_filters(control_set).as_read_by(generation),
        smss,
    )
    return replay(machine_at_smss(ROOT, files or (), files is not None), plan)


def held_back(text: str, safe_mode: str | None, generation: Generation = XP) -> list[str]:
    hive = hive_of(ORDERS + text)
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), generation, ROOT, "x86", "ControlSet001", safe_mode)
    read = read_services(control_set), read_safe_boot(control_set), read_class_filters(control_set)
    return [service.name for service in drivers_held_back(*read, smss)]


def loaded(played: Replay) -> list[str]:
    return [action(event).service for event in played.events]


def action(event: Event) -> LoadDriver:
    assert isinstance(event.action, LoadDriver)
    return event.action


def only(played: Replay) -> Event:
    (event,) = played.events
    return event


def driver_event(text: str, generation: Generation) -> Event:
    """The event of the driver `one` in a whole boot."""
    (event,) = [event for event in asked(play_whole(text, generation), LoadDriver) if action(event).service == "one"]
    return event


def codes(played: Replay) -> list[str]:
    return [problem.code for problem in played.problems]


@pytest.mark.parametrize("generation", FAMILIES)
def test_groups_come_in_listed_order_and_tags_within_them(generation: Generation) -> None:
    text = services("one 1 B", "two 1 A 2", "three 1 a 1", "four 1 A 3", "five 1 A", "six 1 A 9", "seven 1 -")
    assert loaded(play(text, generation)) == ["four", "three", "two", "six", "five", "one", "seven"]


@pytest.mark.parametrize("generation", FAMILIES)
def test_boot_start_drivers_come_before_system_start_ones(generation: Generation) -> None:
    played = play(services("late 1 A 3", "early 0 -"), generation)
    loader = "winload.exe" if generation >= VISTA else "ntldr"
    assert [(event.process, action(event).service, action(event).start) for event in played.events] == [
        (loader, "early", "boot"),
        ("System", "late", "system"),
    ]
    assert {event.step for event in played.events} == {Step.BOOT_DRIVERS}


@pytest.mark.parametrize("generation", FAMILIES)
def test_equal_drivers_of_a_listed_group_stand_in_stored_order_to_7_and_reversed_from_8_on(generation: Generation) -> None:
    text = services("z 1 B", "m 1 B", "a 1 B")
    order = ["z", "m", "a"]
    assert loaded(play(text, generation)) == (order[::-1] if generation >= WIN8 else order)


@pytest.mark.parametrize("generation", FAMILIES)
def test_drivers_of_no_group_stay_reversed(generation: Generation) -> None:
    assert loaded(play(services("a 1 -", "b 1 X", "c 1 -"), generation)) == ["c", "b", "a"]


def test_to_7_tags_sort_unlisted_groups_only_side_by_side() -> None:
    text = services("a 1 X 5", "b 1 X", "c 1 -", "d 1 X 5", "e 1 X")
    at_boot = text.replace("Start = dword 1", "Start = dword 0")
    for generation in (NT4, WIN2003, VISTA, WIN7):
        assert loaded(play(text, generation)) == ["d", "e", "c", "a", "b"]
    assert loaded(play(at_boot, WIN2003)) == ["d", "a", "e", "c", "b"]
    for generation in (NT4, VISTA, WIN7):
        assert loaded(play(at_boot, generation)) == ["d", "e", "c", "a", "b"]


def test_from_8_on_tags_sort_unlisted_groups_as_a_whole() -> None:
    text = services("a 1 X 5", "b 1 X", "c 1 -", "d 1 X 5", "e 1 X")
    assert loaded(play(text, WIN8)) == ["d", "a", "e", "c", "b"]


def test_from_8_on_drivers_of_one_tag_are_reversed() -> None:
    text = services("a 1 A 1", "b 1 B", "c 1 A 1", "d 1 A 1", "e 1 A 3")
    assert loaded(play(text, WIN8)) == ["e", "d", "c", "a", "b"]
    assert loaded(play(text, WIN7)) == ["e", "a", "c", "d", "b"]


def test_from_8_on_core_and_early_launch_drivers_come_first() -> None:
    text = services("a 0 A 3", "b 0 early-launch", "c 0 Core", "d 0 A 1", "e 1 Early-Launch", "f 1 A 3")
    assert loaded(play(text, WIN8)) == ["c", "b", "a", "d", "f", "e"]
    assert "b" not in loaded(play(text, WIN7))[:2]
    early = next(event for event in play(text, WIN8).events if action(event).service == "b")
    assert "ELAM" in early.why
    assert not any("ELAM" in event.why for event in play(text, WIN7).events)


def test_core_extensions_come_between_early_launch_and_all_others_from_10_on() -> None:
    text = services("a 0 A 3", "b 0 Core_Security_Extensions", "c 0 Core_Platform_Extensions", "d 0 Early-Launch")
    text = text.replace("_", " ")
    assert loaded(play(text, WIN10_1507)) == ["d", "c", "b", "a"]
    assert loaded(play(text, WIN8)) == ["d", "a", "c", "b"]


def test_the_order_is_as_certain_as_its_source() -> None:
    marks = [only(play(services("a 1 A"), generation)).certainty for generation in FAMILIES]
    assert marks == [Certainty.B, Certainty.A, Certainty.B, Certainty.B]
    assert only(play(services("a 1 A"), WIN8)).certainty is Certainty.C  # no list of modules of 8 and 8.1 was read


@pytest.mark.parametrize(
    ("image_path", "image"),
    [
        (None, r"\SystemRoot\System32\drivers\drv.sys"),
        (r'expand "system32\DRIVERS\x.sys"', r"\SystemRoot\system32\DRIVERS\x.sys"),
        (r'sz "\SystemRoot\x.sys"', r"\SystemRoot\x.sys"),
        (r'expand "\??\C:\x\y.sys"', r"\??\C:\x\y.sys"),
    ],
)
def test_an_image_path_is_relative_to_the_system_root(image_path: str | None, image: str) -> None:
    text = services("drv 1 A") + (f"\nImagePath = {image_path}" if image_path else "")
    event = only(play(text))
    assert (action(event).image.text, event.done) == (image, Done.UNKNOWN)
    assert event.assumes == (f"{image} exists",)


@pytest.mark.parametrize("image_path", ["dword 1", 'sz ""', r'sz "C:\Windows\x.sys"', r'expand "%SystemRoot%\x.sys"'])
def test_a_driver_whose_image_path_names_no_file_is_left_out(image_path: str) -> None:
    played = play(services("drv 0 A") + f"\nErrorControl = dword 3\nImagePath = {image_path}", files=())
    assert only(played).done is Done.NO
    assert "ImagePath" in only(played).why
    assert played.halted is None


def test_a_driver_without_a_type_is_left_out() -> None:
    played = play("[ControlSet001\\Services\\WS2IFSL]\nStart = dword 1")
    assert (only(played).done, codes(played)) == (Done.NO, [])
    assert "no Type" in only(played).why


def test_the_loader_may_not_know_a_drive_letter() -> None:
    event = only(play(services("drv 0 A") + '\nImagePath = sz "\\??\\C:\\x.sys"', files=(present("C:\\x.sys"),)))
    assert event.done is Done.UNKNOWN
    assert "no drive letters" in event.assumes[0]


def test_a_driver_cites_what_makes_it_load_there() -> None:
    text = services("drv 0 A 3") + '\nErrorControl = dword 1\nImagePath = sz "x.sys"'
    event = only(play(text, WIN11_24H2))
    assert [citation(origin)[0] for origin in event.because] == ["Start", "ImagePath", "Group", "Tag", "ErrorControl"]


def test_start_override_goes_before_start_and_is_cited() -> None:
    override = r"""
[ControlSet001\Services\one\StartOverride]
0 = dword 0
[ControlSet001\Services\two\StartOverride]
0 = dword 3
"""
    event = only(play(services("one 0 A", "two 0 A") + override, WIN11_24H2))
    assert action(event).service == "one"
    assert "StartOverride" in event.why
    assert [citation(origin)[0] for origin in event.because] == ["Start", "Group", "0"]


OVERRIDDEN = ORDERS + services("one 0 A") + "\n[ControlSet001\\Services\\one\\StartOverride]\n"


@pytest.mark.parametrize(("generation", "mark"), [(WIN8, Certainty.C), (WIN10_1903, Certainty.B), (WIN11_24H2, Certainty.B)])
def test_from_8_on_a_start_override_keeps_a_boot_driver_from_loading(generation: Generation, mark: Certainty) -> None:
    asked_for = asked(play_whole(OVERRIDDEN + "0 = dword 3", generation), LoadDriver)
    assert [event for event in asked_for if action(event).service == "one"] == []
    event = driver_event(OVERRIDDEN + "0 = dword 1", generation)
    assert (event.process, event.certainty) == ("System", mark)
    assert event.why.startswith("StartOverride makes it system-start.")


@pytest.mark.parametrize("generation", [NT4, XP, WIN7])
@pytest.mark.parametrize("start", [0, 1, 3, 4])
def test_before_8_a_start_override_is_nothing_to_windows(generation: Generation, start: int) -> None:
    event = driver_event(OVERRIDDEN + f"0 = dword {start}", generation)
    assert (action(event).start, event.certainty) == ("boot", Certainty.C)
    assert event.why.startswith("It has a StartOverride, which belongs to Windows 8 and later: this one goes by its Start.")
    assert ("0", None) in [citation(origin) for origin in event.because]


@pytest.mark.parametrize("value", ['0 = sz "3"', "0 = binary 03", "0 = dword-be 3", "1 = dword 3", "00 = dword 3", ""])
@pytest.mark.parametrize("generation", [XP, WIN11_24H2])
def test_a_start_override_that_is_no_number_named_0_changes_nothing(generation: Generation, value: str) -> None:
    event = driver_event(OVERRIDDEN + value, generation)
    assert action(event).start == "boot"
    assert "StartOverride makes it" not in event.why
    told = value.startswith("0 ")
    assert ("goes by its Start" in event.why) is told
    assert (event.certainty is Certainty.C) is told


@pytest.mark.parametrize(
    ("control", "before_8", "from_8_on"),
    [
        ("0", "goes on and tells nothing", "goes on and tells nothing"),
        ("1", "goes on and logs it", "goes on and logs it"),
        (
            "2",
            "last known good control set; if that is the one in use, it goes on",
            "unless last known good was switched on",
        ),
        ("3", "last known good control set; if that is the one in use, the boot ends", "the boot ends, unless"),
        ("7", "means nothing", "means nothing"),
        ("", "ErrorControl 1", "ErrorControl 1"),
    ],
)
def test_the_note_says_what_a_failure_would_mean(control: str, before_8: str, from_8_on: str) -> None:
    text = services("drv 1 A") + (f"\nErrorControl = dword {control}" if control else "")
    assert before_8 in only(play(text, WIN7)).why
    assert from_8_on in only(play(text, WIN8)).why


@pytest.mark.parametrize("generation", FAMILIES)
def test_a_vital_boot_driver_that_is_not_there_halts_the_boot(generation: Generation) -> None:
    text = services("first 0 A 3", "second 0 A 1", "third 1 A")
    text = text.replace("dword 3\n", "dword 3\nErrorControl = dword 3\n", 1)
    played = play(text, generation, files=(present("C:\\Windows\\System32\\drivers\\second.sys"),))
    assert loaded(played) == ["first"]
    assert played.halted is not None
    assert played.halted.event == 1
    assert "first.sys" in played.halted.why
    assert played.halted.certainty is Certainty.B
    assert played.halted.because == played.events[0].because


@pytest.mark.parametrize("control", ["0", "1", "2"])
def test_a_boot_goes_on_without_any_other_driver(control: str) -> None:
    text = services("drv 0 A") + f"\nErrorControl = dword {control}"
    played = play(text, files=(File("\\??\\C:\\x", Exists.YES, ""),))
    assert only(played).done is Done.NO
    assert played.halted is None


def test_a_vital_driver_that_may_be_there_does_not_halt_the_boot() -> None:
    played = play(services("drv 0 A") + "\nErrorControl = dword 3")
    assert (only(played).done, played.halted) == (Done.UNKNOWN, None)


def test_a_service_that_starts_as_a_driver_and_is_none_is_a_problem() -> None:
    played = play("[ControlSet001\\Services\\odd]\nType = dword 0x10\nStart = dword 0")
    assert (played.events, codes(played)) == ((), ["start-of-no-driver"])
    assert [citation(origin)[0] for origin in played.problems[0].because] == ["Start", "Type"]


def test_a_class_filter_says_so() -> None:
    text = (
        services("PartMgr 0 A")
        + f'\n[ControlSet001\\Control\\Class\\{GUID}]\nClass = sz "CDROM"\nUpperFilters = multi "partmgr" "gone"'
    )
    played = play(text)
    assert "filter of the device class CDROM (upper)" in only(played).why
    assert codes(played) == ["filter-without-service"]


def test_without_an_order_of_groups_all_drivers_are_of_none_and_a_problem_tells() -> None:
    played = play(services("b 1 -", "a 1 A"), WIN7, orders="")
    assert loaded(played) == ["a", "b"]
    assert codes(played) == ["no-group-order"]
    assert "What the kernel does without one is not documented" in played.problems[0].message
    assert isinstance(played.problems[0].because[0], KeyRef)
    for generation in FAMILIES:
        assert {event.certainty for event in play(services("b 0 -", "a 1 A"), generation, orders="").events} == {Certainty.C}


SAFE = rf"""
[ControlSet001\Control\SafeBoot\Minimal\A]
[ControlSet001\Control\SafeBoot\Minimal\{GUID}]
[ControlSet001\Control\SafeBoot\Network\A]
[ControlSet001\Control\SafeBoot\Network\net]
[ControlSet001\Control\Class\{GUID}]
Class = sz "CDROM"
UpperFilters = multi "filter"
[ControlSet001\Enum\IDE\CdRom\1]
Service = sz "cdrom"
ClassGUID = sz "{GUID}"
"""
SAFE_HIVE = services("base 1 A", "boot 0 B", "cdrom 1 B", "filter 1 B", "net 1 B", "other 1 B") + SAFE


@pytest.mark.parametrize(
    ("mode", "held"),
    [("minimal", ["net", "other"]), ("network", ["cdrom", "filter", "other"]), ("dsrepair", []), (None, [])],
)
def test_safe_mode_holds_back_what_it_does_not_list(mode: str | None, held: list[str]) -> None:
    everything = {"base", "boot", "cdrom", "filter", "net", "other"}
    assert set(loaded(play(SAFE_HIVE, safe_mode=mode))) == everything - set(held)
    assert held_back(SAFE_HIVE, mode) == held


def test_safe_mode_cites_the_key_that_lets_a_driver_load() -> None:
    events = {action(event).service: event for event in play(SAFE_HIVE, safe_mode="minimal").events}
    assert citation(events["base"].because[-1])[0] == r"[ControlSet001\Control\SafeBoot\Minimal\A]"
    for name in ("cdrom", "filter"):
        assert citation(events[name].because[-1])[0] == rf"[ControlSet001\Control\SafeBoot\Minimal\{GUID}]"
        assert "there is a device of that class" in events[name].assumes
        assert events[name].certainty is Certainty.C


def test_what_the_loader_brings_is_there_in_safe_mode_all_the_same() -> None:
    boot = next(event for event in play(SAFE_HIVE, safe_mode="minimal").events if action(event).service == "boot")
    assert "Minimal does not list it" in boot.why
    assert boot.certainty is Certainty.C


def test_nt_4_boots_as_always_when_asked_for_safe_mode() -> None:
    played = play(SAFE_HIVE, NT4, safe_mode="minimal")
    assert loaded(played) == loaded(play(SAFE_HIVE, NT4))
    assert [problem.message for problem in played.problems if problem.code == "no-safe-mode"] == [
        "Windows NT 4.0 has no safe mode: the replay is that of a normal boot."
    ]
    assert held_back(SAFE_HIVE, "minimal", NT4) == []


def test_a_safe_mode_without_a_list_lets_nothing_load_and_tells_so() -> None:
    played = play(services("base 1 A"), safe_mode="minimal")
    assert (played.events, codes(played)) == ((), ["no-safe-boot-list"])


@pytest.mark.parametrize("generation", FAMILIES)
def test_thousands_of_drivers_are_ordered_in_no_time(generation: Generation) -> None:
    lines = [f"d{number} 1 {'AXB'[number % 3]} {number * 7919 % 10_007}" for number in range(20_000)]
    hive = hive_of(ORDERS + services(*lines))
    control_set = hive.root.subkey("ControlSet001")
    drivers = read_services(control_set).services
    ordered = order_drivers(drivers, read_group_orders(control_set), generation, SYSTEM_START)
    assert sorted(one.name for one in ordered) == sorted(one.name for one in drivers)


def test_from_8_on_the_order_is_that_of_the_insertion_sort() -> None:
    """Every list of six drivers of one group with tags 1, 1, 2, 2, none, none, each put in before the first that it may precede."""
    tagged = ["a 1 A 1", "b 1 A 1", "c 1 A 3", "d 1 A 3", "e 1 A", "f 1 A"]
    places = {"1": 2, "3": 1, "": 99}
    for lines in permutations(tagged):
        expected: list[tuple[str, int]] = []
        for line in lines:
            name, _, _, tag = (*line.split(), "")[:4]
            key = places[tag]
            at = next((place for place, (_, other) in enumerate(expected) if other >= key), len(expected))
            expected.insert(at, (name, key))
        assert loaded(play(services(*lines), WIN8)) == [name for name, _ in expected]


NTFS = services("first 0 A", "Ntfs 4 B", "last 0 C", "late 1 A")


@pytest.mark.parametrize("generation", FAMILIES)
@pytest.mark.parametrize("start", [0, 1, 3, 4])
def test_the_loader_takes_the_driver_of_the_boot_volume_whatever_its_start_is(generation: Generation, start: int) -> None:
    played = play(NTFS.replace("dword 4", f"dword {start}"), generation)
    assert loaded(played) == ["first", "Ntfs", "last", "late"]
    event = played.events[1]
    assert (event.process, action(event).by) == (played.events[0].process, "loader")
    assert action(event).start == START_NAMES[start], "its Start is told as it is"
    assert [action(one).by for one in played.events] == ["loader", "loader", "loader", "kernel"]
    assert action(event).image.text == r"\SystemRoot\System32\drivers\Ntfs.sys"
    assert ("the boot volume is NTFS" in event.assumes) is (start != 0)
    assert event.certainty is (Certainty.A if start == 0 and generation == XP else Certainty.B)
    assert held_back(NTFS, "minimal", generation) == ([] if generation == NT4 else ["late"])


def test_a_boot_volume_whose_driver_is_not_there_halts_the_boot() -> None:
    here = tuple(present(f"C:\\Windows\\System32\\drivers\\{name}.sys") for name in ("first", "last", "late"))
    played = play(NTFS, WIN7, files=here)
    assert played.halted is not None
    assert (played.halted.event, played.halted.certainty) == (2, Certainty.C)
    assert played.halted.why.startswith(r"\SystemRoot\System32\drivers\Ntfs.sys is not there. If the boot volume is NTFS")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("disk 0 -", "the boot most likely stops with 0x7B, INACCESSIBLE_BOOT_DEVICE, whatever its ErrorControl (1) says"),
        ("storahci 0 SCSI_Miniport", "the boot disk is on a controller that it drives, the boot stops with 0x7B"),
        ("disk 1 -", "the boot goes on and logs it"),
        ("other 0 -", "the boot goes on and logs it"),
    ],
)
def test_without_what_reads_the_boot_disk_no_boot_goes_on(line: str, told: str) -> None:
    assert told in only(play(services(line).replace("_", " "), WIN7)).why


KEYLOGGER = (
    services("EvilFlt 3 -", "kbdclass 3 A", "late 1 A", "off 4 -")
    + f'\n[ControlSet001\\Control\\Class\\{GUID}]\nClass = sz "Keyboard"\nUpperFilters = multi "EvilFlt" "KbdClass"'
)


@pytest.mark.parametrize("generation", [WIN2000, *FAMILIES[1:]])
def test_a_class_filter_of_demand_start_loads_with_a_device_of_its_class(generation: Generation) -> None:
    played = play(KEYLOGGER, generation)
    assert loaded(played) == ["late", "EvilFlt", "kbdclass"]
    event = played.events[1]
    assert (event.process, action(event).start, event.done, event.certainty) == (
        "System",
        "demand",
        Done.UNKNOWN,
        Certainty.C,
    )
    assert event.assumes[-1] == "there is a device of the class Keyboard"
    assert event.why == "It is an upper filter of the device class Keyboard, and loaded with the first such device."
    assert [citation(origin)[0] for origin in event.because] == ["UpperFilters", "Start"]


@pytest.mark.parametrize("generation", [NT351, NT4])
def test_before_2000_nothing_loads_class_filters(generation: Generation) -> None:
    played = play(KEYLOGGER.replace('"KbdClass"', '"gone"'), generation)
    assert (loaded(played), codes(played)) == (["late"], [])
    assert "filter" not in only(played).why
    events = play_whole(KEYLOGGER, generation).events
    assert "EvilFlt" not in [one.action.service for one in events if isinstance(one.action, LoadDriver)]


def test_a_safe_mode_loads_a_class_filter_where_it_lists_the_class_or_the_filter() -> None:
    lists = "\n[ControlSet001\\Control\\SafeBoot\\{0}\\{1}]"
    text = KEYLOGGER + lists.format("Minimal", "kbdclass") + lists.format("Network", GUID)
    assert loaded(play(text, safe_mode="minimal")) == ["kbdclass"]
    assert loaded(play(text, safe_mode="network")) == ["EvilFlt", "kbdclass"]


def test_a_thousand_class_filters_are_bounded() -> None:
    names = [f"f{number}" for number in range(1000)]
    text = services(*(f"{name} 3 -" for name in names))
    text += f"\n[ControlSet001\\Control\\Class\\{GUID}]\nUpperFilters = multi " + " ".join(f'"{one}"' for one in names * 2)
    played = play(text)
    assert len(played.events) == 500
    assert codes(played) == ["filters-not-shown"]

"""The filter drivers of device classes: order, origins, and filters that can't be loaded."""

from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import Key
from hivecheck.registry.notation import hive_of
from hivecheck.settings.class_filters import ClassFilters, read_class_filters
from hivecheck.settings.services import ServiceDatabase, read_services

DISK = r"[ControlSet001\Control\Class\{4d36e967-e325-11ce-bfc1-08002be10318}]"
CDROM = r"[ControlSet001\Control\Class\{4D36E965-E325-11CE-BFC1-08002BE10318}]"
INFRARED = r"[ControlSet001\Control\Class\{6bdd1fc5-810f-11d0-bec7-08002be2092f}]"


def control_set(*lines: str) -> Key | None:
    return hive_of("\n".join(lines)).root.subkey("ControlSet001")


def read(*lines: str) -> tuple[ClassFilters, ServiceDatabase]:
    found = control_set(*lines)
    return read_class_filters(found), read_services(found)


def service(name: str, start: int) -> str:
    return f"[ControlSet001\\Services\\{name}]\nType = dword 1\nStart = dword {start}"


def test_filters_keep_their_class_position_and_place() -> None:
    filters, _ = read(DISK, 'Class = sz "DiskDrive"', 'UpperFilters = multi "PartMgr" "x"', 'LowerFilters = multi "EhStor"')
    told = [(one.service, one.device_class, one.position, one.place) for one in filters.filters]
    assert told == [
        ("EhStor", "DiskDrive", "lower", 0),
        ("PartMgr", "DiskDrive", "upper", 0),
        ("x", "DiskDrive", "upper", 1),
    ]
    origin = filters.of("X")[0].origin
    assert isinstance(origin, ValueRef)
    assert (origin.key, origin.value, origin.strings) == (DISK[1:-1], "UpperFilters", (1, 1))
    assert filters.problems == ()


def test_empty_strings_name_no_filter_and_a_class_without_name_is_told_by_its_guid() -> None:
    filters, _ = read(CDROM, 'UpperFilters = multi "" "redbook" ""')
    assert [(one.service, one.place, one.device_class) for one in filters.filters] == [
        ("redbook", 0, "{4D36E965-E325-11CE-BFC1-08002BE10318}")
    ]


def test_a_filter_that_is_no_service_keeps_its_class_from_starting() -> None:
    filters, services = read(DISK, 'Class = sz "DiskDrive"', 'UpperFilters = multi "gone"')
    (problem,) = filters.unusable(services)
    assert problem.code == "filter-without-service"
    assert problem.because == (filters.filters[0].origin,)
    assert problem.message == (
        "gone, an upper filter of the device class DiskDrive, is no service: the devices of the class do not start. "
        "Without disks the boot volume can't be read: this Windows most likely stops with 0x7B."
    )


def test_a_windows_without_a_keyboard_starts_and_names_keep_their_spelling() -> None:
    keyboard = DISK.replace("967", "96b")
    filters, services = read(keyboard, 'Class = sz "Keyboard"', 'LowerFilters = multi "EvilFlt"')
    (problem,) = filters.unusable(services)
    assert problem.message.startswith("EvilFlt, a lower filter of the device class Keyboard, is no service")
    assert problem.message.endswith("Windows starts, but nobody can type at the logon screen.")


def test_a_disabled_filter_is_told_with_the_start_that_disables_it() -> None:
    filters, services = read(CDROM, 'Class = sz "CDROM"', 'UpperFilters = multi "cdfilter"', service("CdFilter", 4))
    (problem,) = filters.unusable(services)
    assert problem.code == "filter-disabled"
    assert [origin.value for origin in problem.because if isinstance(origin, ValueRef)] == ["UpperFilters", "Start"]
    assert "Without" not in problem.message


def test_the_list_that_windows_10_ships_without_its_service_is_not_told() -> None:
    filters, services = read(INFRARED, 'UpperFilters = multi "IRENUM"')
    assert filters.unusable(services) == ()


def test_filters_that_no_start_loads_wait_for_their_devices() -> None:
    starts = [service(name, start) for name, start in (("a", 0), ("b", 1), ("c", 3), ("d", 4))]
    filters, services = read(DISK, 'UpperFilters = multi "a" "b" "c" "d" "e"', *starts)
    assert [one.service for one, _ in filters.loaded_on_demand(services)] == ["c"]


def test_a_list_of_the_wrong_type_is_a_problem_and_names_nothing() -> None:
    filters, _ = read(DISK, "UpperFilters = dword 1")
    assert filters.filters == ()
    assert [problem.code for problem in filters.problems] == ["wrong-type"]


def test_a_single_string_names_one_filter() -> None:
    filters, _ = read(DISK, 'UpperFilters = sz "PartMgr"')
    assert [one.service for one in filters.filters] == ["PartMgr"]


def test_more_filters_than_any_machine_has_are_not_read() -> None:
    names = " ".join(f'"f{number}"' for number in range(10_001))
    filters, services = read(DISK, f"UpperFilters = multi {names}")
    assert len(filters.filters) == 10_000
    assert [problem.code for problem in filters.problems] == ["class-filters-many"]
    assert len(filters.unusable(services)) == 10_000


def test_no_control_set_has_no_filters() -> None:
    assert read_class_filters(None).filters == ()

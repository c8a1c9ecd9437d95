"""What safe mode lets start: by group, name, file or device class, and what is cited for it."""

import pytest

from hivecheck.facts.generation import NT4, WIN11_24H2, WIN2000
from hivecheck.facts.origin import KeyRef, Origin
from hivecheck.registry.notation import hive_of
from hivecheck.settings.safe_boot import EVERYTHING, SafeBootLists, read_safe_boot, safe_mode_known_to
from hivecheck.settings.services import Service, read_services

GUID = "{4D36E965-E325-11CE-BFC1-08002BE10318}"
HIVE = rf"""
[ControlSet001\Control\SafeBoot\Minimal\Base]
@ = sz "Driver Group"
[ControlSet001\Control\SafeBoot\Minimal\EventLog]
@ = sz "Service"
[ControlSet001\Control\SafeBoot\Minimal\vga.sys]
@ = sz "Driver"
[ControlSet001\Control\SafeBoot\Minimal\{GUID}]
@ = sz "CD-ROM Drive"
[ControlSet001\Control\SafeBoot\Network\Tcpip]
[ControlSet001\Services\Beep]
Type = dword 1
Start = dword 1
Group = sz "base"
[ControlSet001\Services\eventlog]
Type = dword 0x20
Start = dword 2
[ControlSet001\Services\VgaSave]
Type = dword 1
Start = dword 1
ImagePath = expand "\SystemRoot\System32\drivers\VGA.SYS"
[ControlSet001\Services\vga]
Type = dword 1
Start = dword 1
[ControlSet001\Services\Tcpip]
Type = dword 1
Start = dword 1
Group = sz "PNP_TDI"
[ControlSet001\Services\cdrom]
Type = dword 1
Start = dword 1
[ControlSet001\Services\Imitator]
Type = dword 0x10
Start = dword 2
ImagePath = expand "C:\x\vga.sys"
[ControlSet001\Enum\IDE\CdRom\1]
Service = sz "CDROM"
ClassGUID = sz "{GUID.lower()}"
[ControlSet001\Enum\IDE\CdRom\2]
Service = dword 1
ClassGUID = sz "{GUID}"
"""


def read(text: str = HIVE) -> tuple[SafeBootLists, dict[str, Service]]:
    control_set = hive_of(text).root.subkey("ControlSet001")
    return read_safe_boot(control_set), {one.name: one for one in read_services(control_set).services}


def key(origins: tuple[Origin, ...]) -> list[str]:
    return [origin.path.rpartition("\\")[2] for origin in origins if isinstance(origin, KeyRef)]


@pytest.mark.parametrize(
    ("service", "by"),
    [
        ("Beep", ["Base"]),
        ("eventlog", ["EventLog"]),
        ("VgaSave", ["vga.sys"]),
        ("vga", ["vga.sys"]),
        ("Tcpip", []),
        ("cdrom", []),
    ],
)
def test_a_service_is_let_start_by_its_group_its_name_or_its_drivers_file(service: str, by: list[str]) -> None:
    lists, services = read()
    assert key(lists.allowing("minimal", services[service])) == by
    assert lists.allows("minimal", services[service]) is bool(by)


def test_a_program_is_not_let_start_by_the_name_of_its_file() -> None:
    lists, services = read()
    assert not lists.allows("minimal", services["Imitator"])


def test_each_mode_has_its_own_list() -> None:
    lists, services = read()
    assert key(lists.allowing("network", services["Tcpip"])) == ["Tcpip"]
    assert not lists.allows("network", services["Beep"])


def test_directory_services_restore_mode_lets_everything_start() -> None:
    lists, services = read()
    assert lists.allowing("dsrepair", services["Imitator"]) == (EVERYTHING,)
    assert lists.allowing_guid("dsrepair", GUID) == (EVERYTHING,)


def test_a_device_class_lets_the_drivers_of_its_devices_start() -> None:
    lists, services = read()
    assert key(lists.allowing_class("minimal", services["cdrom"])) == [GUID]
    assert lists.allowing_class("minimal", services["Tcpip"]) == ()
    assert lists.allowing_class("network", services["cdrom"]) == ()


def test_the_names_are_told_with_what_they_say_they_are() -> None:
    lists, _ = read()
    assert [(one.name, one.kind) for one in lists.names("minimal")] == [
        ("Base", "Driver Group"),
        ("EventLog", "Service"),
        ("vga.sys", "Driver"),
        (GUID, "CD-ROM Drive"),
    ]
    assert [(one.name, one.kind) for one in lists.names("network")] == [("Tcpip", "")]


def test_without_a_list_nothing_is_let_start() -> None:
    lists, services = read(HIVE.replace("SafeBoot", "Elsewhere"))
    assert (lists.is_present("minimal"), lists.is_present("dsrepair")) == (False, True)
    assert not any(lists.allows("minimal", service) for service in services.values())
    assert read_safe_boot(None).names("minimal") == ()


def test_nt_4_knows_no_safe_mode() -> None:
    assert safe_mode_known_to(NT4, "minimal") is None
    assert [safe_mode_known_to(one, "minimal") for one in (WIN2000, WIN11_24H2)] == ["minimal", "minimal"]
    assert safe_mode_known_to(WIN2000, None) is None

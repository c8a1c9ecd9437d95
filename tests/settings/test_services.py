"""The keys under `Services`: types, starts in force, DLLs, failure commands, and what a hostile hive holds there."""

import pytest

from hivecheck.facts.origin import ValueRef
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.settings.services import ServiceDatabase, read_services

_ACTION = "00000000 00000000 00000000 01000000 14000000"


def services(notation: str) -> ServiceDatabase:
    lines = "\n".join(line.strip() for line in notation.splitlines())
    hive = MemoryHive("SYSTEM", parse_notation(lines).plain)
    return read_services(hive.root.subkey("ControlSet001"))


def test_a_service_gives_what_its_values_say() -> None:
    read = services(r"""
        [ControlSet001\Services\Dhcp]
        Type = dword 32
        Start = dword 2
        ErrorControl = dword 1
        Group = sz "TDI"
        ImagePath = expand "%SystemRoot%\system32\svchost.exe -k x"
        DependOnService = multi "Tcpip" "" "Afd"
        DelayedAutoStart = dword 1
        ObjectName = sz "NT AUTHORITY\LocalService"
        [ControlSet001\Services\Dhcp\Parameters]
        ServiceDll = expand "%SystemRoot%\System32\dhcpcore.dll"
        [ControlSet001\Services\Dhcp\TriggerInfo]
    """)
    (dhcp,) = read.services
    assert (dhcp.name, dhcp.type, dhcp.start, dhcp.error_control, dhcp.group) == ("Dhcp", 32, 2, 1, "TDI")
    assert dhcp.depends_on_services == ("Tcpip", "Afd")
    assert dhcp.dll == r"%SystemRoot%\System32\dhcpcore.dll"
    assert dhcp.expands("imagepath")
    assert dhcp.delayed
    assert dhcp.has_triggers
    assert dhcp.shares_process
    assert not dhcp.is_driver
    assert [origin.value if isinstance(origin, ValueRef) else "" for origin in dhcp.cite("Start", "ServiceDll")] == [
        "Start",
        "ServiceDll",
    ]
    assert read.named("DHCP") is dhcp


def test_a_start_override_goes_before_start() -> None:
    read = services(r"""
        [ControlSet001\Services\storahci]
        Type = dword 1
        Start = dword 0
        [ControlSet001\Services\storahci\StartOverride]
        0 = dword 3
    """)
    (driver,) = read.services
    assert (driver.start, driver.stored_start) == (3, 0)
    assert [origin.value if isinstance(origin, ValueRef) else "" for origin in driver.cite("StartOverride")] == ["0"]


def test_a_key_without_type_and_start_is_no_service() -> None:
    assert services("[ControlSet001\\Services\\Settings]\nFoo = dword 1").services == ()


@pytest.mark.parametrize(
    ("actions", "command"), [("01000000 60ea0000", ""), ("03000000 00000000", "evil.exe"), ("030000", ""), ("", "")]
)
def test_a_failure_command_counts_only_where_an_action_runs_it(actions: str, command: str) -> None:
    stored = " ".join(f"{_ACTION} {actions}".replace(" ", "")[at : at + 2] for at in range(0, len(_ACTION + actions), 2))
    read = services(f"""
        [ControlSet001\\Services\\x]
        Type = dword 16
        FailureCommand = sz "evil.exe"
        FailureActions = binary {stored}
    """)
    assert read.services[0].failure_command == command


def test_values_of_other_types_count_as_missing() -> None:
    read = services(r"""
        [ControlSet001\Services\x]
        Type = sz "16"
        Start = binary 02
        ImagePath = dword 1
        DependOnService = sz "one"
    """)
    (x,) = read.services
    assert (x.type, x.start, x.image_path, x.depends_on_services) == (None, None, "", ("one",))


def test_of_two_keys_of_one_name_the_first_counts() -> None:
    read = services(r"""
        [ControlSet001\Services\x]
        Start = dword 2
        [ControlSet001\Services\X] again
        Start = dword 4
    """)
    found = read.named("x")
    assert found is not None
    assert found.start == 2


def test_a_hive_without_the_key_has_no_services() -> None:
    assert services("[ControlSet001\\Control]").services == ()
    assert read_services(None).key is None

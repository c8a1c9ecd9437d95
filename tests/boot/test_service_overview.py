"""What there is besides the events of the boot: triggers, logons, devices, safe mode, and what is passed over."""

import pytest

from hivecheck.boot.service_overview import START_KINDS, ServiceOverview, overview_services
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.generation import NT4, VISTA, WIN7, WIN10_1507, WIN10_1903, WIN81, WIN2000, XP, Generation
from hivecheck.report.services_json import services_json
from hivecheck.settings.catalog import read_settings
from hivecheck.settings.class_filters import read_class_filters
from hivecheck.settings.safe_boot import read_safe_boot
from hivecheck.settings.services import read_services
from tests.boot.boots import ROOT, bootable

SERVICES = r"""
[ControlSet001\Services\disk]
Type = dword 1
Start = dword 0
[ControlSet001\Services\Late]
Type = dword 0x20
Start = dword 2
DelayedAutostart = dword 1
[ControlSet001\Services\Waits]
Type = dword 0x20
Start = dword 3
[ControlSet001\Services\Waits\TriggerInfo\0]
Type = dword 1
[ControlSet001\Services\Mine]
Type = dword 0x60
Start = dword 2
[ControlSet001\Services\Off]
Type = dword 0x10
Start = dword 4
[ControlSet001\Services\Strange]
Type = dword 0x4000
Start = dword 2
[ControlSet001\Services\Huge]
Type = dword 0x10
Start = dword 0x70000000
[ControlSet001\Services\guard]
Type = dword 1
Start = dword 3
[ControlSet001\Control\Class\{4d36e967-e325-11ce-bfc1-08002be10318}]
Class = sz "DiskDrive"
UpperFilters = multi "guard"
"""
MINIMAL = "[ControlSet001\\Control\\SafeBoot\\Minimal\\disk]\n"


def overview(text: str = SERVICES, safe_mode: str | None = None, generation: Generation = WIN10_1903) -> ServiceOverview:
    hive = bootable(text + MINIMAL, generation, services=False)
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), generation, ROOT, "AMD64", "ControlSet001", safe_mode, False)
    return overview_services(smss, read_services(control_set), read_safe_boot(control_set), read_class_filters(control_set))


def names(services: object) -> list[str]:
    assert isinstance(services, tuple)
    return [one.name for one in services]


def test_services_and_drivers_are_counted_by_their_start() -> None:
    told = overview()
    assert dict(zip(START_KINDS, told.drivers, strict=True)) == {
        "boot": 1,
        "system": 0,
        "auto": 0,
        "demand": 1,
        "disabled": 0,
        "other": 0,
    }
    assert dict(zip(START_KINDS, told.services, strict=True))["other"] == 1
    assert dict(zip(START_KINDS, told.services, strict=True))["disabled"] == 1


OVERRIDES = "".join(
    f"[ControlSet001\\Services\\d{override}]\nType = dword 1\nStart = dword 0\n"
    f"[ControlSet001\\Services\\d{override}\\StartOverride]\n0 = dword {override}\n"
    for override in range(6)
)


def test_drivers_that_start_override_switches_off_are_told() -> None:
    told = overview(OVERRIDES).switched_off
    assert [(one.name, why) for one, why in told] == [
        ("d3", "its Start is 0, but StartOverride makes it demand (3)"),
        ("d4", "its Start is 0, but StartOverride makes it disabled (4)"),
        ("d5", "its Start is 0, but StartOverride makes it 5"),
    ]
    in_json = services_json(overview(OVERRIDES))["switched_off"]
    assert [(one["name"], one["origins"][0]["value"]) for one in in_json] == [("d3", "0"), ("d4", "0"), ("d5", "0")]


def test_whether_start_override_holds_in_safe_mode_is_not_known() -> None:
    told = overview(OVERRIDES, "minimal").switched_off
    assert all(why.endswith("whether that holds in safe mode too is not known") for _, why in told)


def test_what_waits_is_told_apart() -> None:
    told = overview()
    assert names(told.delayed) == ["Late"]
    assert names(told.trigger_started) == ["Waits"]
    assert names(told.per_user) == ["Mine"]
    assert [(one.service, one.device_class) for one, _ in told.filters] == [("guard", "DiskDrive")]


@pytest.mark.parametrize(
    ("generation", "delayed", "triggered", "per_user", "filters"),
    [
        (NT4, [], [], [], []),
        (WIN2000, [], [], [], ["guard"]),
        (XP, [], [], [], ["guard"]),
        (VISTA, ["Late"], [], [], ["guard"]),
        (WIN7, ["Late"], ["Waits"], [], ["guard"]),
        (WIN81, ["Late"], ["Waits"], [], ["guard"]),
        (WIN10_1507, ["Late"], ["Waits"], ["Mine"], ["guard"]),
    ],
)
def test_what_a_windows_does_not_know_yet_is_not_told(
    generation: Generation, delayed: list[str], triggered: list[str], per_user: list[str], filters: list[str]
) -> None:
    """Windows documentation: delayed starts since Vista, triggers since 7, services of a user since 10; Plug and Play since 2000."""
    told = overview(generation=generation)
    assert (names(told.delayed), names(told.trigger_started), names(told.per_user)) == (delayed, triggered, per_user)
    assert [one.service for one, _ in told.filters] == filters


def test_before_10_the_type_of_a_service_of_a_user_is_one_that_nothing_starts() -> None:
    reasons = {one.name: why for one, why in overview(generation=WIN81).passed_over}
    assert reasons["Mine"] == "it has the Type 0x60, and services.exe starts no such thing"
    assert "per-user" in {one.name: why for one, why in overview(generation=WIN10_1507).passed_over}["Mine"]


def test_what_start_2_does_not_start_has_its_reason() -> None:
    assert [(one.name, why.split(" ")[0]) for one, why in overview().passed_over] == [("Mine", "it"), ("Strange", "it")]


def test_safe_mode_holds_back_what_it_does_not_list() -> None:
    assert names(overview(safe_mode="minimal").held_back) == ["Late"]
    assert overview().held_back == ()


def test_the_document_has_the_same_names() -> None:
    told = services_json(overview())
    assert told["trigger_started"] == ["Waits"]
    assert told["drivers"]["boot"] == 1
    assert told["class_filters"][0]["service"] == "guard"


def test_a_control_set_without_services_is_empty() -> None:
    assert overview("").is_empty


def test_before_8_start_override_switches_nothing_off() -> None:
    told = overview(OVERRIDES, generation=WIN7)
    assert told.switched_off == ()
    assert dict(zip(START_KINDS, told.drivers, strict=True))["boot"] == 6


def test_what_the_loader_takes_and_what_has_no_type_are_told_beside_the_counts() -> None:
    text = (
        SERVICES
        + "[ControlSet001\\Services\\Ntfs]\nType = dword 2\nStart = dword 3\n[ControlSet001\\Services\\bare]\nStart = dword 1\n"
    )
    before, after = services_json(overview()), services_json(overview(text))
    assert (before["by_loader"], before["without_type"]) == ([], [])
    assert after["by_loader"] == [{"name": "Ntfs", "start": "demand"}]
    assert after["without_type"] == ["bare"]
    assert after["drivers"] == before["drivers"] | {"demand": before["drivers"]["demand"] + 1}
    assert after["services"] == before["services"] | {"system": before["services"]["system"] + 1}
    assert (
        services_json(overview(text.replace("Type = dword 2\nStart = dword 3", "Type = dword 2\nStart = dword 0")))[
            "by_loader"
        ]
        == []
    )

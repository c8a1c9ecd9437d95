"""Services of Windows that watch the machine, deleted or made useless, and what must not be taken for that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.regf import open_hive
from hivecheck.rules.examples.example import Example
from hivecheck.rules.lost_services import check_lost_services
from hivecheck.rules.rule import Hit, Severity
from tests.rules.cases import HIVES, case_of, case_of_hive

WIN10 = "win10-21h2-x64"
EVENT_LOG = "Services\\EventLog"
WATCHED = (
    "BFE", "MpsSvc", "VSS", "swprv", "SecurityHealthService", "wscsvc", "SDRSVC", "wbengine", "wuauserv", "UsoSvc",
    "WaaSMedicSvc", "bam", "SysMain", "Schedule", "DPS", "PcaSvc",
)  # fmt: skip

SEVERITIES = (("BFE", Severity.CRITICAL), ("MpsSvc", Severity.HIGH), ("VSS", Severity.HIGH), ("Schedule", Severity.MEDIUM))


def lost(notation: str = "", generation: str = WIN10, without: tuple[str, ...] = ()) -> dict[str, Hit]:
    case = case_of(Example("", notation or "[ControlSet001]", generation=generation, without=without))
    return {hit.subject: hit for hit in check_lost_services(case)}


def cited(hit: Hit) -> list[str]:
    return [origin.path if isinstance(origin, KeyRef) else f"{origin.key}\\{origin.value}" for origin in hit.because
            if isinstance(origin, KeyRef | ValueRef)]  # fmt: skip


def service(name: str) -> str:
    kind = 1 if name == "bam" else 16
    return f'[ControlSet001\\Services\\{name}]\nType = dword {kind}\nStart = dword 3\nImagePath = expand "system32\\{name}.exe"\n'


def whole(*left_out: str) -> str:
    """More than two hundred services, with those that Windows ships to watch the machine but for some."""
    others = "".join(service(f"s{number}") for number in range(200))
    return others + "".join(service(name) for name in WATCHED if name not in left_out)


@pytest.mark.parametrize(
    "generation", ["nt4-x86", "xp-x86", "win7-x64", "win8-x64", "win10-1709-x64", WIN10, "win11-22h2-x64"]
)
def test_a_deleted_event_log_is_critical_on_every_windows(generation: str) -> None:
    found = lost(generation=generation, without=(EVENT_LOG,))
    assert found["EventLog"].severity is Severity.CRITICAL
    assert any("EventLog" in path for path in cited(found["EventLog"])), "cites what still tells of it"


def test_setup_and_other_services_tell_of_a_deleted_one() -> None:
    traces = "[Setup\\AllowStart\\BFE]\n" + service("IKEEXT") + 'DependOnService = multi "bfe"\n'
    hit = lost(traces)["BFE"]
    assert (hit.severity, hit.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert cited(hit) == ["Setup\\AllowStart\\BFE", "ControlSet001\\Services\\IKEEXT\\DependOnService"]


@pytest.mark.parametrize(("name", "severity"), SEVERITIES)
def test_no_whole_windows_comes_without_them(name: str, severity: Severity) -> None:
    assert {subject: hit.severity for subject, hit in lost(whole(name)).items()} == {name: severity}
    assert lost(whole()) == {}


def test_a_piece_of_a_hive_and_a_windows_from_an_image_lack_nothing() -> None:
    assert lost() == {}, "thirty services say nothing of the others"
    assert lost(whole("VSS") + "[ControlSet001\\Control\\MiniNT]\n") == {}


def test_a_server_comes_without_what_only_clients_have() -> None:
    server = '[ControlSet001\\Control\\ProductOptions]\nProductType = sz "ServerNT"\n'
    assert lost(whole("wscsvc", "SysMain") + server) == {}
    assert set(lost(whole("wscsvc", "BFE") + server)) == {"BFE"}


def test_a_key_without_type_and_start_is_no_service() -> None:
    values = tuple(f"{EVENT_LOG}\\\\{name}" for name in ("Type", "Start"))
    found = lost(without=values)
    assert found["EventLog"].severity is Severity.CRITICAL
    assert cited(found["EventLog"]) == ["ControlSet001\\Services\\EventLog"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Type = dword 4", "the Type 0x4"),
        ('Type = sz "32"', "a Type that is REG_SZ"),
        ('ImagePath = multi "C:\\Windows\\System32\\svchost.exe -k a"', "an ImagePath that is no text"),
    ],
)
def test_a_service_that_can_not_be_started_as_it_is_counts_as_lost(value: str, told: str) -> None:
    hit = lost(f"[ControlSet001\\{EVENT_LOG}]\n{value}\n")["EventLog"]
    assert hit.severity is Severity.CRITICAL
    assert told in hit.message


def test_a_torn_hive_is_never_said_to_lack_a_service(tmp_path: Path) -> None:
    data = (HIVES / "win7-x64.hive").read_bytes()
    torn = tmp_path / "SYSTEM"
    read = 0
    for length in range(8_192, len(data), 4_096):
        torn.write_bytes(data[:length])
        with open_hive(torn) as hive:
            read += 1
            assert [hit.message for hit in check_lost_services(case_of_hive(hive))] == []
    assert read > 5


def test_a_service_that_was_overwritten_is_never_said_to_be_gone(tmp_path: Path) -> None:
    data = (HIVES / "win7-x64.hive").read_bytes()
    torn = tmp_path / "SYSTEM"
    for start in range(8_192, len(data), 4_096):
        torn.write_bytes(data[:start] + bytes(4_096) + data[start + 4_096 :])
        with open_hive(torn) as hive:
            told = [hit.message for hit in check_lost_services(case_of_hive(hive))]
        assert told == []


@pytest.mark.parametrize("name", ["nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1709-dirty", "win10-1903"])
def test_real_machines_have_all_of_them(name: str, real_hive: Callable[[str], Path]) -> None:
    with open_hive(real_hive(name)) as hive:
        assert [hit.message for hit in check_lost_services(case_of_hive(hive))] == []

"""The accounts of services: those of services.exe and lsass.exe, those that must be logged on, and since when there are which.

"Service User Accounts" of the Windows documentation; ReactOS services/database.c.
"""

import pytest

from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, VISTA, WIN7, WIN10_1607, WIN2000, WIN2003, XP, Generation
from tests.boot.boots import cited
from tests.boot.service_boots import SHARED, event_of, group_order, only, service, software_of, start, svchost

SYSTEM32 = "%SystemRoot%\\system32\\"
SECRET = "the account .\\joe exists, and LSA has its password stored as the secret _SC_{}"


@pytest.mark.parametrize("generation", [NT4, XP, WIN7])
@pytest.mark.parametrize("host", ["services.exe", "LSASS.EXE"])
def test_a_foreign_service_can_t_join_a_process_of_local_system(host: str, generation: Generation) -> None:
    hive = group_order("Base", "Event log")
    hive += service("ze", type=SHARED, image=SYSTEM32 + host, Group="Base", ObjectName=".\\joe")
    hive += service("Eventlog", type=SHARED, image=SYSTEM32 + host, Group="Event log", ObjectName="LocalSystem")
    hive += service("plain", type=SHARED, image=SYSTEM32 + host) + service(
        "dotted", type=SHARED, image=SYSTEM32 + host, ObjectName=".\\LocalSystem"
    )
    played = start(hive, generation)
    assert [event.done for event in played.events] == [Done.NO, Done.UNKNOWN, Done.UNKNOWN, Done.UNKNOWN]
    told = f"it shares the process of {host.lower()}, which runs as LocalSystem (ERROR_DIFFERENT_SERVICE_ACCOUNT)"
    assert event_of(played, "ze").why == told
    assert ("ObjectName", None) in cited(event_of(played, "ze"))
    assert event_of(played, "ze").certainty is (Certainty.A if generation is XP else Certainty.B)


def test_a_program_of_that_name_elsewhere_has_a_process_of_its_own() -> None:
    hive = service("ze", type=SHARED, image="C:\\evil\\services.exe", ObjectName=".\\joe")
    debugger = "Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\services.exe"
    software = software_of(f'[{debugger}]\nDebugger = sz "C:\\dbg.exe"')
    assert only(start(hive)).done is Done.UNKNOWN
    assert "it is started in its place" in only(start(hive, software=software)).why
    shipped = service("Eventlog", type=SHARED, image=SYSTEM32 + "services.exe")
    assert "in its place" not in only(start(shipped, software=software)).why


@pytest.mark.parametrize(
    ("account", "logs_on"),
    [
        ("", False),
        (".\\LocalSystem", False),
        ("NT AUTHORITY\\LocalService", False),
        ("nt authority\\network service", False),
        ("NT SERVICE\\ze", False),
        (".\\joe", True),
        ("joe@dom.example", True),
        ("DOM\\LocalService", True),
    ],
)
def test_a_logon_with_a_password_is_an_assumption(account: str, logs_on: bool) -> None:
    event = only(start(service("ze", ObjectName=account), WIN7))
    assert any("the secret _SC_ze" in one for one in event.assumes) is logs_on
    assert (("ObjectName", None) in cited(event)) is logs_on


def test_a_start_that_needs_a_logon_is_no_more_than_b() -> None:
    assert only(start(service("ze"), WIN2003)).certainty is Certainty.A
    event = only(start(service("ze", ObjectName=".\\joe"), WIN2003))
    assert (event.done, event.certainty) == (Done.UNKNOWN, Certainty.B)
    assert SECRET.format("ze") in event.assumes


def test_what_a_service_with_a_doubtful_logon_keeps_out_is_no_more_certain() -> None:
    played = start(svchost("ze", ObjectName=".\\joe") + svchost("b"), WIN2003)
    kept_out = event_of(played, "b")
    assert (kept_out.done, kept_out.certainty) == (Done.NO, Certainty.B)
    assert "the process of ze, if that is logged on, but runs as another account" in kept_out.why


@pytest.mark.parametrize(
    ("account", "generation", "why"),
    [
        ("NT AUTHORITY\\LocalService", NT4, "exists in XP and later only"),
        ("NT AUTHORITY\\NetworkService", WIN2000, "exists in XP and later only"),
        ("nt authority\\local service", WIN2000, "exists in XP and later only"),
        ("NT AUTHORITY\\LocalService", XP, ""),
        ("LocalSystem", NT4, ""),
        ("NT SERVICE\\ze", VISTA, "is a virtual one, of 7 and later only"),
        ("NT SERVICE\\ze", WIN10_1607, ""),
    ],
)
def test_a_windows_without_the_account_does_not_start_the_service(account: str, generation: Generation, why: str) -> None:
    event = only(start(service("ze", ObjectName=account), generation))
    if why:
        assert (event.done, event.why) == (Done.NO, f"its account {account} {why}, and so it can't be logged on")
        assert event.certainty is Certainty.B
        assert ("ObjectName", None) in cited(event)
    else:
        assert event.done is Done.UNKNOWN

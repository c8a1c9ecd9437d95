r"""What runs on after the boot, what ends it, how it goes down: smss.md D.2 to D.6, each generation, with what a hive sets."""

import pytest

from hivecheck.boot.critical_processes import ROWS, critical_processes
from hivecheck.boot.run_time import PORTS, PROTECTION, SESSIONS, run_time_facts
from hivecheck.boot.shutdown import AFTER_SERVICES, BEFORE_SERVICES, shutdown_order
from hivecheck.boot.statement import Statement
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import GENERATIONS, NT4, VISTA, WIN7, WIN10_1903, WIN11_24H2, WIN81, WIN2000, XP, Generation
from hivecheck.facts.origin import KeyRef, ValueRef
from tests.boot.boots import settings_of
from tests.boot.service_boots import software_of

CONTROL = "ControlSet001\\Control"
every_generation = pytest.mark.parametrize("generation", GENERATIONS, ids=lambda one: one.id)


def run_time(snippet: str = "", generation: Generation = WIN11_24H2) -> tuple[Statement, ...]:
    return run_time_facts(generation, settings_of(snippet, generation))


def shutdown(snippet: str = "", generation: Generation = WIN11_24H2) -> tuple[Statement, ...]:
    return shutdown_order(generation, settings_of(snippet, generation))


def told(statements: tuple[Statement, ...], beginning: str) -> Statement:
    """The only statement that begins so."""
    (found,) = [one for one in statements if one.text.startswith(beginning)]
    return found


def cited(statement: Statement) -> list[str]:
    return [
        one.value if isinstance(one, ValueRef) else one.path
        for one in statement.because
        if isinstance(one, ValueRef | KeyRef)
    ]


def consequence(name: str, generation: Generation) -> list[tuple[str, str]]:
    return [(one.session, one.consequence) for one in critical_processes(generation) if one.name == name]


@every_generation
def test_every_generation_says_who_listens_who_is_protected_and_what_ends_it(generation: Generation) -> None:
    facts = run_time("", generation)
    for rows in (PORTS, SESSIONS, PROTECTION):
        assert any(row.text == fact.text for row in rows for fact in facts)
    names = {one.name for one in critical_processes(generation)}
    assert {"smss.exe", "csrss.exe", "winlogon.exe", "services.exe", "lsass.exe"} <= names
    assert ("wininit.exe" in names) == (generation >= VISTA)
    assert any("smss takes no part" in one.text for one in shutdown("", generation))


@every_generation
def test_no_process_is_told_twice_for_one_generation(generation: Generation) -> None:
    told_of = [(one.name, one.session) for one in critical_processes(generation)]
    assert len(told_of) == len(set(told_of))


def test_every_row_has_a_source_and_holds_for_some_generation() -> None:
    for row in (*PORTS, *SESSIONS, *PROTECTION, *BEFORE_SERVICES, *AFTER_SERVICES):
        assert row.source
        assert any(row.holds_for(generation) for generation in GENERATIONS)
    assert all(any(one in critical_processes(generation) for generation in GENERATIONS) for _, _, one in ROWS)


def test_the_death_of_winlogon_stops_2003_and_only_logs_off_a_session_of_7() -> None:
    assert consequence("winlogon.exe", XP)[0] == (
        "session 0",
        "smss stops the machine: STOP 0xC000021A, Windows Logon Process",
    )
    assert consequence("winlogon.exe", WIN7) == [("any session", "That session is logged off; the machine goes on")]


def test_the_death_of_csrss_is_told_by_smss_up_to_2003_and_by_the_kernel_since() -> None:
    assert "0xC000021A, Windows SubSystem" in consequence("csrss.exe", XP)[0][1]
    assert "0xF4" in consequence("csrss.exe", VISTA)[0][1]
    assert "CRITICAL_PROCESS_DIED" in consequence("csrss.exe", WIN11_24H2)[0][1]


def test_smss_is_protected_from_81_on() -> None:
    assert any("WinTcb" in one.text for one in run_time("", WIN81))
    assert not any("WinTcb" in one.text for one in run_time("", WIN7))


def test_session_0_is_set_apart_from_vista_on() -> None:
    alone = "Session 0 is that of the services alone"
    assert told(run_time("", VISTA), alone)
    assert not [one for one in run_time("", XP) if one.text.startswith(alone)]


def test_what_the_terminal_server_key_sets_is_cited() -> None:
    facts = run_time(f"[{CONTROL}\\Terminal Server]\nfSingleSessionPerUser = dword 0\nfDenyTSConnections = dword 0")
    single, deny = told(facts, "fSingleSessionPerUser"), told(facts, "fDenyTSConnections")
    assert (single.text, cited(single)) == (
        "fSingleSessionPerUser is 0: a user may have several sessions.",
        ["fSingleSessionPerUser"],
    )
    assert (deny.text, cited(deny)) == (
        "fDenyTSConnections is 0: sessions from elsewhere are taken.",
        ["fDenyTSConnections"],
    )
    assert single.certainty is Certainty.B


def test_what_is_not_set_is_told_with_its_default() -> None:
    single = told(run_time(), "fSingleSessionPerUser")
    assert (single.text, single.because) == ("fSingleSessionPerUser is not set: a user has one session.", ())


def test_a_number_without_meaning_is_inferred() -> None:
    facts = run_time(f"[{CONTROL}\\Lsa]\nRunAsPPL = dword 77\n[{CONTROL}\\Terminal Server]\nfSingleSessionPerUser = dword 9")
    assert told(facts, "RunAsPPL is 77: that has no meaning here").certainty is Certainty.C
    assert told(facts, "fSingleSessionPerUser is 9").certainty is Certainty.C


def test_a_value_of_another_type_is_not_taken_for_missing() -> None:
    facts = run_time(f'[{CONTROL}\\Terminal Server]\nfDenyTSConnections = sz "0"')
    assert told(facts, "fDenyTSConnections can't be used as stored")


def test_lsass_protected_by_run_as_ppl() -> None:
    assert cited(told(run_time(f"[{CONTROL}\\Lsa]\nRunAsPPL = dword 1"), "RunAsPPL is 1: lsass is a protected")) == [
        "RunAsPPL"
    ]
    assert not [one for one in run_time(f"[{CONTROL}\\Lsa]\nRunAsPPL = dword 1", WIN7) if "RunAsPPL" in one.text]
    later = told(run_time(f"[{CONTROL}\\Lsa]\nRunAsPPL = dword 2", WIN10_1903), "RunAsPPL is 2")
    assert (later.certainty, "likely not protected here" in later.text) == (Certainty.C, True)


def test_the_number_of_initial_sessions_is_told_from_vista_on() -> None:
    assert told(run_time("NumberOfInitialSessions = dword 3"), "NumberOfInitialSessions is 3").certainty is Certainty.C
    one = told(run_time("NumberOfInitialSessions = dword 1"), "NumberOfInitialSessions is 1")
    assert one.text.endswith(": smss makes session 0 alone at boot; the service LSM asks it for the console's.")
    assert one.certainty is Certainty.C
    assert not [one for one in run_time("", XP) if "NumberOfInitialSessions" in one.text]


def test_optional_subsystems_start_on_demand_and_those_not_defined_never() -> None:
    facts = run_time(
        '[SubSystems]\nOptional = multi "Posix" "Os2"\nPosix = expand "%SystemRoot%\\system32\\psxss.exe"', WIN2000
    )
    posix = told(facts, "The subsystem Posix is started when")
    assert (posix.certainty, cited(posix)) == (Certainty.A, ["Optional", "Posix"])
    assert told(facts, "Optional names Os2, which SubSystems does not define")
    assert told(run_time(), "Optional names no subsystem")


def test_the_time_services_have_to_stop() -> None:
    wait = told(shutdown(f'[{CONTROL}]\nWaitToKillServiceTimeout = sz "12000"'), "WaitToKillServiceTimeout gives")
    assert "12000 ms" in wait.text
    assert cited(wait) == ["WaitToKillServiceTimeout"]
    assert "5000 ms" in told(shutdown(), "services.exe stops").text
    assert "20000 ms" in told(shutdown("", NT4), "services.exe stops").text
    odd = told(shutdown(f'[{CONTROL}]\nWaitToKillServiceTimeout = sz "soon"'), "services.exe stops")
    assert "is not a number" in odd.text


def test_the_page_file_is_zeroed_where_the_hive_says_so() -> None:
    last = shutdown("[Memory Management]\nClearPageFileAtShutdown = dword 1")[-1]
    assert last.text.startswith("ClearPageFileAtShutdown is 1: the kernel fills the paging files with zeros")
    assert cited(last) == ["ClearPageFileAtShutdown"]
    assert shutdown()[-1].text == "ClearPageFileAtShutdown is not set: the paging files keep what they hold."


def test_preshutdown_order_names_its_services_but_not_thousands() -> None:
    names = " ".join(f'"s{n}"' for n in range(3_000))
    order = told(shutdown(f"[{CONTROL}]\nPreshutdownOrder = multi {names}"), "PreshutdownOrder names")
    assert order.text.endswith("s18, s19 and 2980 more.")
    assert not [one for one in shutdown("", XP) if "Preshutdown" in one.text]


def test_policies_of_the_software_hive_go_before_what_this_one_sets() -> None:
    settings = settings_of(
        f"[{CONTROL}\\Lsa]\nRunAsPPL = dword 0\n[{CONTROL}\\Terminal Server]\nfDenyTSConnections = dword 1\nfSingleSessionPerUser = dword 1",
        WIN11_24H2,
    )
    terminal = (
        "[Policies\\Microsoft\\Windows NT\\Terminal Services]\nfDenyTSConnections = dword 0\nfSingleSessionPerUser = dword 0"
    )
    policies = software_of(f"[Policies\\Microsoft\\Windows\\System]\nRunAsPPL = dword 1\n{terminal}")
    statements = run_time_facts(WIN11_24H2, settings, policies)
    assert told(statements, "By policy in SOFTWARE, RunAsPPL is 1").text.endswith("the firmware keeps that.")
    assert "sessions from elsewhere are taken" in told(statements, "By policy in SOFTWARE, fDenyTSConnections is 0").text
    several = told(statements, "By policy in SOFTWARE, fSingleSessionPerUser is 0")
    assert "several sessions" in several.text
    assert cited(several) == ["fSingleSessionPerUser"]
    assert not any(one.text.startswith(("RunAsPPL", "fDeny", "fSingle")) for one in statements)

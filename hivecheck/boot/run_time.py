r"""What smss and its ports do once the machine runs: who calls whom for a new session, and what this hive allows.

Source: smss.md C.2, C.4, D.2 to D.4, B.15, B.16 (Windows Internals 4, 6, 7; System Informer ntsmss.h); detections.md 1.9;
"Protected processes" and "Terminal services" of the Windows documentation. Statements of this hive cite its values.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hivecheck.boot.console_session import session_manager_of
from hivecheck.boot.statement import Statement, StaticRow, statements_of, told_number
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, NT31, VISTA, WIN8, WIN11, WIN81, WIN2000, WIN2003, XP, Generation
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import (
    DENY_CONNECTIONS,
    LISTENER_ENABLED,
    LISTENER_INSTANCES,
    NUMBER_OF_INITIAL_SESSIONS,
    OPTIONAL,
    POSIX_SINGLE_INSTANCE,
    RUN_AS_PPL,
    SINGLE_SESSION_PER_USER,
    SUBSYSTEMS,
    TERMINAL_APPLICATIONS,
    TERMINAL_SERVICE_ENABLED,
    Settings,
    applies_to,
)
from hivecheck.settings.row import Row
from hivecheck.settings.setting import Setting
from hivecheck.settings.software_rows import POLICY_DENY_CONNECTIONS, POLICY_RUN_AS_PPL, POLICY_SINGLE_SESSION, in_force

if TYPE_CHECKING:
    from hivecheck.settings.software import Software

NumberRow = Row[int | None]
NumberSetting = Setting[int | None]

A, B, C = Certainty.A, Certainty.B, Certainty.C
_NO_LIMIT = 0xFFFF_FFFF
_SHOWN_SUBSYSTEMS = 20

PORTS: tuple[StaticRow, ...] = (
    StaticRow(NT31, WIN2000, "smss listens on its port \\SmApiPort; csrss and winlogon connect to it.", B, "smss.md C.2"),
    StaticRow(WIN2000, VISTA, "smss listens on its LPC port \\SmApiPort with two threads.", A, "smss.md A.1 step 3, C.2"),
    StaticRow(VISTA, None, "smss listens on its ALPC port \\SmApiPort.", B, "smss.md A.2, A.3 step 1, C.2"),
    StaticRow(
        WIN2000,
        VISTA,
        "Where terminal services run, termsrv asks smss for a session on \\SmApiPort, and csrss of the session reports on "
        "\\SmSsWinStationApiPort, which is termsrv's.",
        C,
        "smss.md C.4, D.4",
    ),
    StaticRow(
        VISTA,
        WIN8,
        "lsm.exe, the local session manager, asks smss for a session on \\SmApiPort; \\SmSsWinStationApiPort is lsm's.",
        C,
        "smss.md C.4, D.4",
    ),
    StaticRow(
        WIN8,
        None,
        "The service LSM, a DLL in svchost, asks smss for a session on \\SmApiPort; \\SmSsWinStationApiPort is LSM's.",
        C,
        "smss.md C.4, D.3, D.4",
    ),
)
SESSIONS: tuple[StaticRow, ...] = (
    StaticRow(NT31, NT4, "There is one session, in which services and the user share csrss and winlogon.", C, "smss.md D.1"),
    StaticRow(
        NT4,
        WIN2000,
        "There is one session (the Terminal Server Edition has more), with one csrss and winlogon.",
        C,
        "smss.md D.1",
    ),
    StaticRow(
        WIN2000,
        VISTA,
        "Services and whoever logs on at the console share session 0; a later session gets a csrss and a winlogon from smss.",
        B,
        "smss.md D.1",
    ),
    StaticRow(
        VISTA,
        None,
        "Session 0 is that of the services alone: nobody logs on there. The console is session 1.",
        B,
        "smss.md D.2",
    ),
    StaticRow(
        VISTA,
        None,
        "A later logon (another user, or one from elsewhere) adds a session: smss starts a child smss, that starts csrss and "
        "winlogon and ends, so both live on without a parent.",
        B,
        "smss.md D.2, D.4",
    ),
    StaticRow(VISTA, None, "smss makes at least four sessions at a time, more with more processors.", B, "smss.md A.2, D.3"),
)
PROTECTION: tuple[StaticRow, ...] = (
    StaticRow(NT31, XP, "smss is a program like others of the system: whoever may debug it can.", C, "smss.md A.1 step 1"),
    StaticRow(
        XP, WIN81, "smss is marked critical, but is not protected: whoever may debug it can.", C, "smss.md A.1 step 1, D.5"
    ),
    StaticRow(
        WIN81,
        None,
        "smss, csrss, wininit and services are protected processes (light) at the level WinTcb: no program that is not "
        "protected as highly can open them to read or write their memory.",
        B,
        "smss.md A.3 step 1; Windows Internals 7, part 1, chapter 3, Protected Process Light",
    ),
)


def run_time_facts(generation: Generation, settings: Settings, software: "Software | None" = None) -> tuple[Statement, ...]:
    """The ports, the sessions, the protection and the subsystems on demand, in this order, with what this hive sets.

    A policy of the SOFTWARE hive, where it is given, goes before the setting in this one.
    """
    return (
        *statements_of(PORTS, generation),
        *statements_of(SESSIONS, generation),
        *_initial_sessions(generation, settings),
        *_session_limits(generation, settings, software),
        *statements_of(PROTECTION, generation),
        *_lsass(generation, settings, software),
        *_optional_subsystems(generation, settings),
    )


def _initial_sessions(generation: Generation, settings: Settings) -> Iterator[Statement]:
    number = settings[NUMBER_OF_INITIAL_SESSIONS]
    if generation >= VISTA:
        absent = "smss makes two, session 0 and the console's."
        count = f"smss makes {number.value} sessions at boot, session 0 included."
        alone = f"smss makes session 0 alone at boot; {session_manager_of(generation)} asks it for the console's."
        meanings = {0: alone, 1: alone, 2: "smss makes session 0 and the console's at boot."}
        told = told_number(number, meanings, count, absent)
        yield Statement(told, B if number.value == 2 else C, "smss.md B.16", number.origins)


def _by_policy(settings: Settings, setting: NumberSetting, row: NumberRow) -> str:
    """Words that tell of a policy, where it is that which is in force."""
    return "" if setting is settings[row] else "By policy in SOFTWARE, "


def _session_limits(generation: Generation, settings: Settings, software: "Software | None") -> Iterator[Statement]:
    source = "smss.md D.4"
    single = in_force(settings, SINGLE_SESSION_PER_USER, software, POLICY_SINGLE_SESSION)
    deny = in_force(settings, DENY_CONNECTIONS, software, POLICY_DENY_CONNECTIONS)
    if applies_to(SINGLE_SESSION_PER_USER, generation):
        meanings = {0: "a user may have several sessions.", 1: "a user has one session, and comes back to it."}
        default = "a user has one session." if generation >= VISTA else "a user may have several sessions."
        told = told_number(single, meanings, "a user has one session.", default)
        yield Statement(
            _by_policy(settings, single, SINGLE_SESSION_PER_USER) + told,
            B if single.value in (0, 1) else C,
            source,
            single.origins,
        )
    if applies_to(DENY_CONNECTIONS, generation):
        meanings = {0: "sessions from elsewhere are taken.", 1: "no session from elsewhere is taken."}
        told = told_number(deny, meanings, "no session from elsewhere is taken.", "no session from elsewhere is taken.")
        yield Statement(
            _by_policy(settings, deny, DENY_CONNECTIONS) + told, B if deny.value in (0, 1) else C, source, deny.origins
        )
    if generation >= WIN2000:
        yield _machine_limit(generation, settings)
    enabled, instances = settings[LISTENER_ENABLED], settings[LISTENER_INSTANCES]
    if enabled.value == 0:
        yield Statement("fEnableWinStation is 0: the listener RDP-Tcp is off.", B, "baselines.md 2.9", enabled.origins)
    if instances.value is not None and generation >= WIN2000:
        limit = "without limit" if instances.value == _NO_LIMIT else f"{instances.value} at most"
        text = f"MaxInstanceCount is {instances.value}: connections {limit}, as far as the edition and its licences go."
        yield Statement(text, B, "baselines.md 2.9", instances.origins)


def _machine_limit(generation: Generation, settings: Settings) -> Statement:
    """How many sessions may be used at a time."""
    server, applications = settings[TERMINAL_SERVICE_ENABLED], settings[TERMINAL_APPLICATIONS]
    because = (*server.origins, *applications.origins)
    if applications.value == 1:
        return Statement(
            "TSAppCompat is 1: an application server, with as many sessions as licences.", B, "smss.md D.4", because
        )
    if generation < WIN2003:
        own = "2000 Server has two sessions for administrators" if generation < XP else "XP has one session in use at a time"
        return Statement(f"{own}; others wait, disconnected.", C, "smss.md D.4", because)
    text = "A client has one session in use at a time, a server two for administrators; others wait, disconnected."
    return Statement(text, C, "smss.md D.4", because)


def _lsass(generation: Generation, settings: Settings, software: "Software | None") -> Iterator[Statement]:
    if generation < WIN81:
        return
    ppl = in_force(settings, RUN_AS_PPL, software if generation >= WIN11 else None, POLICY_RUN_AS_PPL)
    meanings = {
        0: "lsass is not protected, unless a variable of the firmware says otherwise.",
        1: "lsass is a protected process (light) at the level Lsa; where Secure Boot is on, the firmware keeps that.",
        2: "lsass is a protected process (light) at the level Lsa, without a lock in the firmware.",
    }
    if generation < WIN11:
        del meanings[2]
    default = "lsass is not protected" + (
        ", unless this Windows was installed new from 11 22H2 on." if generation >= WIN11 else "."
    )
    older = "Windows takes this number from 11 22H2 on: lsass is likely not protected here."
    otherwise = older if ppl.value == 2 else "that has no meaning here."
    told = told_number(ppl, meanings, otherwise, default)
    yield Statement(
        _by_policy(settings, ppl, RUN_AS_PPL) + told, B if ppl.value in meanings else C, "detections.md 1.9", ppl.origins
    )


def _optional_subsystems(generation: Generation, settings: Settings) -> Iterator[Statement]:
    optional, definitions = settings[OPTIONAL], settings[SUBSYSTEMS]
    known = {fold_name(text.name): text for text in definitions.value}
    if not optional.value:
        yield Statement(
            "Optional names no subsystem: smss starts none on demand.", B, "smss.md B15.1, B15.9", optional.origins
        )
        return
    for name in optional.value[:_SHOWN_SUBSYSTEMS]:
        definition = known.get(fold_name(name.text))
        mark = A if WIN2000 <= generation < VISTA else C
        if definition is None:
            text = f"Optional names {name.text}, which SubSystems does not define: it is never started."
            yield Statement(text, mark, "smss.md B15.2", (name.origin,))
            continue
        text = f"The subsystem {name.text} is started when one of its programs first runs, by csrss on behalf of smss: {definition.text}"
        yield Statement(text, mark, "smss.md B15.10", (name.origin, definition.origin))
    more = len(optional.value) - _SHOWN_SUBSYSTEMS
    if more > 0:
        yield Statement(f"Optional names {more} more subsystems.", C, "smss.md B15.1", optional.origins)
    single = settings[POSIX_SINGLE_INSTANCE]
    if single.value is not None:
        text = "PosixSingleInstance is there: one POSIX subsystem serves all sessions."
        yield Statement(text, A if WIN2000 <= generation < VISTA else C, "smss.md B15.11", single.origins)

r"""What follows smss: wininit or winlogon start services.exe and lsass, services start, and the logon screen appears.

All of it hangs on the initial command of smss. Where another program was put in the place of wininit or winlogon, every
request says that it comes only if that program starts the right one. Source: smss.md D.1 to D.4, B.16; detections.md 4.B 18.
"""

from typing import TYPE_CHECKING

from hivecheck.boot.console_session import SessionManager
from hivecheck.boot.created_program import assuming, debugged, system_program
from hivecheck.boot.logon import plan_logon
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.services import plan_services
from hivecheck.boot.setup_command import plan_setup, restarts_after_setup
from hivecheck.boot.smss.commands import candidate_files
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.wininit import parent_of_system, plan_system_processes
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.command_line import parse_command_line
from hivecheck.facts.generation import VISTA, WIN10_1507
from hivecheck.facts.origin import BuiltIn
from hivecheck.settings.catalog import EXECUTE, S0_INITIAL_COMMAND
from hivecheck.settings.safe_boot import SafeBootLists
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import ServiceDatabase
from hivecheck.settings.setup_services import NOT_READ, SetupServices

if TYPE_CHECKING:
    from hivecheck.settings.software import Software


def plan_successors(
    smss: Smss,
    services: ServiceDatabase,
    groups: GroupOrders,
    safe_boot: SafeBootLists,
    software: "Software | None" = None,
    not_loaded: frozenset[str] = frozenset(),
    listed: SetupServices = NOT_READ,
) -> Plan:
    """Everything from the initial command to the logon screen.

    `not_loaded` names drivers that failed before, `listed` are the services allowed while Windows is being set up.
    """
    assumption = replaced_by(smss)
    plan = _plan(smss, services, groups, safe_boot, software, not_loaded, listed)
    yield from assuming(plan, assumption)


def replaced_by(smss: Smss) -> str:
    """What must hold for anything to follow, where another program takes the place of wininit or winlogon; '' where none does."""
    wanted = parent_of_system(smss)
    if smss.generation >= VISTA:
        text = smss.handed(S0_INITIAL_COMMAND, smss.settings[S0_INITIAL_COMMAND].value).strip()
    else:
        commands = [one for one in smss.settings[EXECUTE].value if one.line.image and not one.repeats]
        text = smss.handed(EXECUTE, commands[-1].text).strip() if commands else ""
    if text:
        image = parse_command_line(text).image
        if candidate_files(smss, image)[:1] == candidate_files(smss, wanted)[:1]:
            return ""
        return f"{image or text} starts {wanted}"
    debugger = smss.software.debugger_of("winlogon.exe") if smss.software is not None else None
    if debugger is not None and wanted == "winlogon.exe":
        return f"{parse_command_line(debugger.value).image} starts winlogon.exe"
    return ""


def _plan(
    smss: Smss,
    services: ServiceDatabase,
    groups: GroupOrders,
    safe_boot: SafeBootLists,
    software: "Software | None",
    not_loaded: frozenset[str],
    listed: SetupServices,
) -> Plan:
    sessions = SessionManager(smss)
    yield from sessions.watching(plan_system_processes(smss))
    if not smss.services_lost:
        started = sessions.watching(plan_services(smss, services, groups, safe_boot, software, not_loaded, listed))
        yield from assuming(started, debugged(smss, "services.exe"))
    if smss.generation >= WIN10_1507:
        program = system_program(smss, "fontdrvhost.exe", 0)
        because = (BuiltIn("wininit starts fontdrvhost.exe", "smss.md D.3"), *program.because)
        yield Request(Step.LOGON, "wininit.exe", program.action, Certainty.C, because, note=program.note)
    yield from assuming(_plan_winlogon(smss, sessions), debugged(smss, "winlogon.exe") if smss.generation >= VISTA else "")


def _plan_winlogon(smss: Smss, sessions: SessionManager) -> Plan:
    yield from plan_setup(smss)
    restart = restarts_after_setup(smss)
    why = "SetupType is 1: the machine restarts when setup has run, and nobody logs on in this boot" if restart else ""
    yield from sessions.resting(plan_logon(smss, (why, restart) if why else sessions.why_no_logon))

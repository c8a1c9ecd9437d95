r"""Setup before the logon: `Setup\CmdLine`, which runs where SetupType is not 0.

winlogon runs it, in the session of the console: for NT 3.1 to 2003 that is told (B). For Vista and later the sources differ: a
forum, and with it smss.md E5.3, has wininit run it; two descriptions of how Windows PE starts have winlogon do it, and what it
shows stands on the screen, where wininit in session 0 could show nothing. So winlogon is inferred there (C).
Source: smss.md B.17, D1.a, E.5; detections.md 1.7 (setup-cmdline); "Windows PE startup, revisited" (Niehaus, 2020); "WinPE
Startup Flow" (OSDeploy).
"""

from hivecheck.boot.created_program import created_program
from hivecheck.boot.logon import PROCESS, console_session
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.settings.catalog import SETUP_CMD_LINE, SETUP_TYPE, SYSTEM_SETUP_IN_PROGRESS

RUN_AND_RESTART, RUN_AND_GO_ON = 1, 2
_BY_WINLOGON = BuiltIn(
    "winlogon runs Setup\\CmdLine in the session of the console, by how Windows PE starts; smss.md E5.3 has wininit run it",
    '"Windows PE startup, revisited" (Niehaus, 2020); "WinPE Startup Flow" (OSDeploy)',
)


def plan_setup(smss: Smss) -> Plan:
    """`Setup\\CmdLine`, where SetupType has it run before the logon."""
    line, kind = smss.settings[SETUP_CMD_LINE], smss.settings[SETUP_TYPE]
    if not line.value.strip() or not kind.value:
        return
    in_progress, since_vista = smss.settings[SYSTEM_SETUP_IN_PROGRESS], smss.generation >= VISTA
    program = created_program(smss, line.value.strip(), console_session(smss))
    after = {
        RUN_AND_RESTART: "When it ends, the machine restarts.",
        RUN_AND_GO_ON: "When it ends, the logon follows.",
    }.get(kind.value, "")
    doubt = "" if after else f"setup runs CmdLine for SetupType {kind.value} too"
    mark = Certainty.B if after and in_progress.value == 1 and not since_vista else Certainty.C
    because = (*line.origins, *kind.origins, *in_progress.origins, *program.because)
    note = f"It runs as the system, before anybody logs on. {after} {program.note}".strip()
    if since_vista:
        because = (*because, _BY_WINLOGON)
        note = f"{note} That winlogon runs it, and not wininit, is inferred from how Windows PE starts."
    yield Request(Step.LOGON, PROCESS, program.action, mark, because, note=note, doubt=doubt)


def restarts_after_setup(smss: Smss) -> tuple[Origin, ...]:
    """What makes the machine restart when setup has run, so that no logon follows; nothing where it goes on."""
    line, kind = smss.settings[SETUP_CMD_LINE], smss.settings[SETUP_TYPE]
    return (*kind.origins, *line.origins) if line.value.strip() and kind.value == RUN_AND_RESTART else ()

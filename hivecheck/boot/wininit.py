r"""The processes that the system itself hangs on: services.exe and lsass.exe with their kin, and setup before the logon.

Up to 2003 winlogon starts them, from Vista on wininit in session 0. `Setup\CmdLine` runs where SetupType is not 0.
Source: smss.md D.1 to D.3, B.17, E.5 (Windows Internals 6 and 7); detections.md 1.7 (setup-cmdline).
"""

from hivecheck.boot.created_program import assuming, created_program, debugged, system_program
from hivecheck.boot.lsa import plan_lsa, protection_of_lsass
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import VISTA, WIN7, WIN10_1507, WIN10_1903
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.settings.catalog import (
    LSA_CFG_FLAGS,
    LSA_CFG_FLAGS_DEFAULT,
    SETUP_CMD_LINE,
    SETUP_TYPE,
    SYSTEM_SETUP_IN_PROGRESS,
)
from hivecheck.settings.software_rows import POLICY_LSA_CFG_FLAGS, SYSTEM_PROGRAMS

RUN_AND_RESTART, RUN_AND_GO_ON = 1, 2
_MODELLED_PROGRAMS = 50
_TREE = "smss.md D.1 to D.3"


def parent_of_system(smss: Smss) -> str:
    """Who starts services.exe and lsass.exe in this Windows."""
    return "wininit.exe" if smss.generation >= VISTA else "winlogon.exe"


def plan_system_processes(smss: Smss) -> Plan:
    """services.exe, lsass.exe with what it loads, then lsm.exe (Vista, 7) or lsaiso.exe (10 and later, where asked for)."""
    parent = parent_of_system(smss)
    yield from _start_vital(smss, "services.exe", Step.SERVICES, parent)
    if smss.generation < VISTA:
        yield from _start_system_programs(smss, parent)
    else:
        yield from _start_vital(smss, "lsass.exe", Step.LSA, parent)
    yield from assuming(plan_lsa(smss), debugged(smss, "lsass.exe"))
    if VISTA <= smss.generation <= WIN7:
        program = system_program(smss, "lsm.exe", 0)
        because = (BuiltIn(f"{parent} starts lsm.exe", _TREE), *program.because)
        yield Request(Step.SERVICES, parent, program.action, Certainty.B, because, note=program.note)
    if smss.generation >= WIN10_1507:
        yield from _start_lsaiso(smss, parent)


def _start_vital(smss: Smss, name: str, step: Step, parent: str) -> Plan:
    """A program without which the machine does not go on."""
    program = system_program(smss, name, 0)
    because: tuple[Origin, ...] = (BuiltIn(f"{parent} starts {name}", _TREE), *program.because)
    note = program.note
    if name == "lsass.exe":
        protection, origins = protection_of_lsass(smss)
        note, because = f"{note} {protection}".strip(), because + origins
    action = program.action
    if name == "lsass.exe":
        action = changed(
            action, needs=tuple(NtPath(f"\\SystemRoot\\System32\\{name}") for name in ("lsasrv.dll", "samsrv.dll"))
        )
    done = yield Request(step, parent, action, Certainty.B, because, note=note)
    if done is Done.NO:
        yield Halt(f"{name} can't be started: the machine stops or restarts.", Certainty.C, because)


def _start_system_programs(smss: Smss, parent: str) -> Plan:
    r"""lsass.exe, which `Winlogon\System` names up to 2003, and whatever else it names."""
    stored = smss.software[SYSTEM_PROGRAMS] if smss.software is not None else None
    if stored is None or not stored.value.strip():
        yield from _start_vital(smss, "lsass.exe", Step.LSA, parent)
        return
    for line in stored.value.split(",", _MODELLED_PROGRAMS)[:_MODELLED_PROGRAMS]:
        if line.strip():
            program = created_program(smss, line.strip(), 0)
            because = (*stored.origins, *program.because)
            yield Request(Step.LSA, parent, program.action, Certainty.B, because, note=program.note)


def _start_lsaiso(smss: Smss, parent: str) -> Plan:
    """The isolated half of lsass, where Credential Guard is asked for."""
    settings = [smss.settings[LSA_CFG_FLAGS]]
    if smss.software is not None:
        settings.insert(0, smss.software[POLICY_LSA_CFG_FLAGS])
    if smss.generation >= WIN10_1903:
        settings.append(smss.settings[LSA_CFG_FLAGS_DEFAULT])
    decides = next((setting for setting in settings if setting.value is not None), None)
    if decides is None or decides.value not in (1, 2):
        return
    program = system_program(smss, "lsaiso.exe", 0)
    doubt = "the processor and the firmware carry virtualization-based security"
    because = (*decides.origins, *program.because)
    yield Request(Step.LSA, parent, program.action, Certainty.B, because, note=program.note, doubt=doubt)


def plan_setup(smss: Smss) -> Plan:
    """`Setup\\CmdLine`, where SetupType has it run before the logon."""
    line, kind = smss.settings[SETUP_CMD_LINE], smss.settings[SETUP_TYPE]
    if not line.value.strip() or not kind.value:
        return
    parent, in_progress = parent_of_system(smss), smss.settings[SYSTEM_SETUP_IN_PROGRESS]
    program = created_program(smss, line.value.strip(), 0)
    after = {
        RUN_AND_RESTART: "When it ends, the machine restarts.",
        RUN_AND_GO_ON: "When it ends, the logon follows.",
    }.get(kind.value, "")
    doubt = "" if after else f"setup runs CmdLine for SetupType {kind.value} too"
    mark = Certainty.B if after and in_progress.value == 1 else Certainty.C
    because = (*line.origins, *kind.origins, *in_progress.origins, *program.because)
    note = f"It runs as the system, before anybody logs on. {after} {program.note}".strip()
    yield Request(Step.LOGON, parent, program.action, mark, because, note=note, doubt=doubt)


def restarts_after_setup(smss: Smss) -> tuple[Origin, ...]:
    """What makes the machine restart when setup has run, so that no logon follows; nothing where it goes on."""
    line, kind = smss.settings[SETUP_CMD_LINE], smss.settings[SETUP_TYPE]
    return (*kind.origins, *line.origins) if line.value.strip() and kind.value == RUN_AND_RESTART else ()

r"""The processes that the system itself hangs on: services.exe and lsass.exe with their kin.

Up to 2003 winlogon starts them, from Vista on wininit in session 0. Up to NT 4 winlogon knows lsass.exe only by
`Winlogon\System`, whose default names it; from 2000 to 2003 it starts lsass.exe by itself, and System, empty as shipped, names
further programs. Source: smss.md D.1 to D.3 (Windows Internals 6 and 7); "System" of the Windows NT and Windows 2000 Resource
Kits (Winlogon).
"""

from hivecheck.boot.created_program import assuming, created_program, debugged, system_program
from hivecheck.boot.lsa import plan_lsa, protection_of_lsass
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.create_process import find_created_image, search_folders
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import VISTA, WIN7, WIN10_1507, WIN10_1903, WIN2000
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import (
    LSA_CFG_FLAGS,
    LSA_CFG_FLAGS_DEFAULT,
)
from hivecheck.settings.software_rows import POLICY_LSA_CFG_FLAGS, SYSTEM_PROGRAMS

_LSASS = "lsass.exe"
_NEEDED_BY_LSASS = ("lsasrv.dll", "samsrv.dll")
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
        yield from _start_vital(smss, _LSASS, Step.LSA, parent)
    yield from assuming(plan_lsa(smss), debugged(smss, _LSASS))
    if VISTA <= smss.generation <= WIN7:
        program = system_program(smss, "lsm.exe", 0)
        because = (BuiltIn(f"{parent} starts lsm.exe", _TREE), *program.because)
        yield Request(Step.SERVICES, parent, program.action, Certainty.B, because, note=program.note)
    if smss.generation >= WIN10_1507:
        yield from _start_lsaiso(smss, parent)


def _start_vital(smss: Smss, name: str, step: Step, parent: str, named_by: tuple[Origin, ...] = ()) -> Plan:
    """A program that the machine hangs on. `named_by` is the value that names it, nothing where its parent knows it."""
    program = system_program(smss, name, 0)
    because: tuple[Origin, ...] = (*(named_by or (BuiltIn(f"{parent} starts {name}", _TREE),)), *program.because)
    note = program.note
    if name == _LSASS:
        protection, origins = protection_of_lsass(smss)
        note, because = f"{note} {protection}".strip(), because + origins
    itself = program.meant or program.action
    if name == _LSASS:
        itself = changed(itself, needs=tuple(NtPath(f"\\SystemRoot\\System32\\{one}") for one in _NEEDED_BY_LSASS))
    done = yield Request(step, parent, itself if program.meant is None else program.action, Certainty.B, because, note=note)
    if done is not Done.NO and program.meant is not None:
        debugger = program.action.candidates[0].file_name
        doubt = f"{program.action.image} starts {name}"
        done = yield Request(step, debugger, itself, Certainty.C, because, doubt=doubt)
    if done is Done.NO:
        yield _go_without(smss, name, because)


def _go_without(smss: Smss, name: str, because: tuple[Origin, ...]) -> Halt | Problem:
    """What follows where a program can't be started: up to NT 4 what its death brings about (`critical_processes`), else the end."""
    if smss.generation >= WIN2000:
        return Halt(f"{name} can't be started: the machine stops or restarts.", Certainty.C, because)
    if name == _LSASS:
        return Halt(f"{name} can't be started: services.exe waits for it, and nobody can log on.", Certainty.C, because)
    smss.services_lost = True
    text = (
        f"{name} can't be started: winlogon can start no service. That the machine goes on without is inferred; the replay shows the "
        "logon, and no service."
    )
    return Problem("services-lost", text, because)


def _start_system_programs(smss: Smss, parent: str) -> Plan:
    r"""lsass.exe, and whatever else `Winlogon\System` names up to 2003. Where nothing starts lsass.exe, the boot gets no further."""
    stored = smss.software[SYSTEM_PROGRAMS] if smss.software is not None else None
    named = stored.value.split(",", _MODELLED_PROGRAMS)[:_MODELLED_PROGRAMS] if stored is not None else []
    lines = [line.strip() for line in named if line.strip()]
    by_itself = smss.generation >= WIN2000 or not lines
    if by_itself:
        yield from _start_vital(smss, _LSASS, Step.LSA, parent)
    origins = stored.origins if stored is not None else ()
    started = by_itself
    for line in lines:
        if _means_lsass(smss, line):
            if not started:
                yield from _start_vital(smss, _LSASS, Step.LSA, parent, origins)
            started = True
            continue
        program = created_program(smss, line, 0)
        yield Request(Step.LSA, parent, program.action, Certainty.B, (*origins, *program.because), note=program.note)
    if not started:
        why = (
            "Winlogon\\System does not name lsass.exe: nothing starts it, services.exe waits for it, and nobody can log on."
        )
        yield Halt(why, Certainty.C, origins)


def _means_lsass(smss: Smss, line: str) -> bool:
    folders = search_folders(smss.system_root, smss.variable("Path") or "")
    candidates = find_created_image(line, folders).candidates
    wanted = NtPath(f"\\??\\{smss.system_root}\\System32\\{_LSASS}")
    return bool(candidates) and fold_name(candidates[0].text) == fold_name(wanted.text)


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

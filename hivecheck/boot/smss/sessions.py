r"""smss starts what follows it: win32k, the Required subsystems, and the initial command of each session.

Up to 2003 the one smss does it all and starts winlogon; from Vista on a child smss does it in each session, wininit being the
initial command of session 0. Source: smss.md A.1 steps 19 to 24, A.2, A.3 step 23, B.15, B.16 (ReactOS smsubsys.c).
"""

from hivecheck.boot.actions import CreateSession, LoadDriver, StartProcess, StartSubsystem
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.boot.smss.commands import candidate_files, path_first
from hivecheck.boot.smss.needed_files import files_of_csrss, files_of_initial_command
from hivecheck.boot.smss.smss import PROCESS, Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.command_line import parse_command_line
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import NT4, Family
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import (
    EXECUTE,
    GLOBAL_FLAG,
    KMODE,
    NUMBER_OF_INITIAL_SESSIONS,
    REQUIRED,
    S0_INITIAL_COMMAND,
    SUBSYSTEMS,
)
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.subsystems import parse_csrss

WIN32K = NtPath("\\SystemRoot\\System32\\win32k.sys")
_CSRSS_ARGUMENTS = frozenset(
    {
        "MAXREQUESTTHREADS",
        "OBJECTDIRECTORY",
        "PROFILECONTROL",
        "REQUESTTHREADS",
        "SERVERDLL",
        "SHAREDSECTION",
        "SUBSYSTEMTYPE",
        "WINDOWS",
    }
)
_SHOWN_ARGUMENTS = 5
_USUAL_SESSIONS = 2
_MODELLED_SESSIONS = 16
_MODELLED_SUBSYSTEMS = 100
_DEBUG_INITIAL_COMMAND = 0x4 | 0x0400_0000


def start_subsystems(smss: Smss, certainty: Certainty) -> Plan:
    """The Required subsystems of the one session that NT 3.x to 2003 start with."""
    yield from _start_subsystems(smss, 0, PROCESS, certainty)


def _start_subsystems(smss: Smss, session: int, process: str, certainty: Certainty) -> Plan:
    kmode = smss.settings[KMODE]
    if kmode.value:
        load = LoadDriver(WIN32K, session)
        done = yield smss.ask(Step.SUBSYSTEMS, load, certainty, kmode.origins, process=process)
        if done is Done.NO:
            yield Halt("win32k.sys can't be loaded, so csrss can't start.", _fatal(smss, certainty), kmode.origins)
            return
    elif smss.generation >= NT4:
        why = "SubSystems\\Kmode names nothing: win32k.sys is not loaded, csrss fails, and the machine does not boot."
        yield Halt(why, certainty & Certainty.C, (BuiltIn("Kmode loads win32k.sys", "smss.md B15.5"),))
        return
    definitions = {fold_name(text.name): text for text in smss.settings[SUBSYSTEMS].value}
    required = smss.settings[REQUIRED]
    csrss_started = False
    if len(required.value) > _MODELLED_SUBSYSTEMS:
        text = f"Required holds {len(required.value)} names; the replay starts the first {_MODELLED_SUBSYSTEMS}."
        yield Problem("subsystems-not-shown", text, required.origins)
    for name in required.value[:_MODELLED_SUBSYSTEMS]:
        if fold_name(name.text) == "DEBUG":
            continue  # starts nothing, by design
        definition = definitions.pop(fold_name(name.text), None)
        if session == 0 and definition is not None and fold_name(name.text) == "WINDOWS":
            yield from _check_arguments(smss, definition)
        request = _start_subsystem(smss, name.text, definition, session, process, certainty, name.origin)
        done = yield request
        if fold_name(name.text) == "WINDOWS" and definition is not None:
            csrss_started = done is not Done.NO
        if done is Done.NO and definition is not None:
            why = f"The required subsystem {name.text} can't be started (STOP 0xC000021A)."
            yield Halt(why, _fatal(smss, certainty), (name.origin, definition.origin))
            return
    if not csrss_started:
        because: tuple[Origin, ...] = required.origins or (BuiltIn("Required = Debug, Windows", "smss.md B.15"),)
        why = "csrss.exe is not among the subsystems started, so nothing after it can run: the machine does not boot."
        yield Halt(why, certainty & Certainty.C, because)


def _check_arguments(smss: Smss, definition: NamedText) -> Plan:
    text = smss.expand(definition.text) if definition.expands else definition.text
    names = dict.fromkeys(name for name, _ in parse_csrss(text, definition.origin).arguments)
    unknown = [name for name in names if fold_name(name) not in _CSRSS_ARGUMENTS]
    if unknown:
        told = ", ".join(unknown[:_SHOWN_ARGUMENTS]) + (", ..." if len(unknown) > _SHOWN_ARGUMENTS else "")
        message = f"The Windows line gives csrss arguments that it does not know ({told}); csrss then fails to start."
        yield Problem("csrss-argument-unknown", message, (definition.origin,))


def _start_subsystem(
    smss: Smss,
    name: str,
    definition: NamedText | None,
    session: int,
    process: str,
    certainty: Certainty,
    origin: Origin,
) -> Request:
    if definition is None:
        action = StartSubsystem(name, "", "", session, ())
        reason = "SubSystems has no definition of this name (left): it is skipped with a message"
        return smss.ask(Step.SUBSYSTEMS, action, smss.known_of_2003(certainty), (origin,), process=process, withheld=reason)
    text = smss.expand(definition.text) if definition.expands else definition.text
    line = parse_command_line(text)
    candidates = candidate_files(smss, line.image)
    needs = files_of_csrss(text, smss.generation) if fold_name(name) == "WINDOWS" else ()
    action = StartSubsystem(name, line.image, line.arguments, session, candidates, needs)
    certainty = path_first(smss, line.image, candidates, certainty)
    return smss.ask(Step.SUBSYSTEMS, action, certainty, (definition.origin, origin), process=process)


def start_initial_command(smss: Smss, certainty: Certainty) -> Plan:
    """winlogon.exe, or in its place the last entry of Execute, of which every boot hangs from then on."""
    commands = [command for command in smss.settings[EXECUTE].value if command.line.image and not command.repeats]
    if commands:
        last = commands[-1]
        note = (
            "It takes the place of winlogon.exe, after 5 seconds; when it ends, the machine stops "
            "(0xC000021A, Windows Logon Process)."
        )
        mark = certainty & (Certainty.A if smss.family is Family.G2 else Certainty.C)
        yield from _start_last(smss, smss.handed(EXECUTE, last.text), 0, PROCESS, mark, (last.origin,), note)
    else:
        because: tuple[Origin, ...] = (BuiltIn("initial command = winlogon.exe", "smss.md B.16"),)
        note, flags = "", smss.settings[GLOBAL_FLAG]
        if (flags.value or 0) & _DEBUG_INITIAL_COMMAND:
            note, because = "GlobalFlag asks smss to start it under the debugger ntsd.", because + flags.origins
            certainty = certainty & Certainty.C
        yield from _start_last(smss, "winlogon.exe", 0, PROCESS, certainty, because, note, debugger="winlogon.exe")


def start_sessions(smss: Smss, certainty: Certainty) -> Plan:
    """Session 0 and the console session (more where NumberOfInitialSessions says so), each by a child smss that then ends."""
    setting = smss.settings[NUMBER_OF_INITIAL_SESSIONS]
    count, mark = setting.value, certainty
    origins: tuple[Origin, ...] = setting.origins
    if count != _USUAL_SESSIONS:
        mark = certainty & Certainty.C  # whether session 0 counts is read from real hives, which all hold 2
    if count is None:
        count = _USUAL_SESSIONS
        origins = (BuiltIn("2 sessions: session 0 and the console's", "smss.md B.16"),)
    if count > _MODELLED_SESSIONS:
        shown = f"NumberOfInitialSessions asks for {count} sessions; the replay shows the first {_MODELLED_SESSIONS}."
        yield Problem("sessions-not-shown", shown, origins)
        count = _MODELLED_SESSIONS
    for session in range(max(count, 1)):
        yield from _start_session(smss, session, mark, origins)


def makes_console_session(smss: Smss) -> bool:
    """Whether smss makes the session of the console by itself: where NumberOfInitialSessions is 0 or 1, it makes session 0 alone."""
    count = smss.settings[NUMBER_OF_INITIAL_SESSIONS].value
    return count is None or count >= _USUAL_SESSIONS


def start_asked_session(smss: Smss, session: int, note: str, doubt: str) -> Plan:
    """A session that another program asks smss for, after the boot's own. Where it does not come up, nobody can log on."""
    origins = smss.settings[NUMBER_OF_INITIAL_SESSIONS].origins
    plan = _start_session(smss, session, Certainty.C, origins, note, doubt)
    try:
        asked = next(plan)
        while True:
            if isinstance(asked, Halt):
                why = f"{asked.why.rstrip('.')}: session {session} ends, and nobody can log on."
                asked = Halt(why, Certainty.C, asked.because)
            elif isinstance(asked, Request):
                asked = changed(asked, step=Step.LOGON)
            done = yield asked
            asked = plan.send(done)
    except StopIteration:
        return


def _start_session(
    smss: Smss, session: int, mark: Certainty, origins: tuple[Origin, ...], note: str = "", doubt: str = ""
) -> Plan:
    """A child smss, csrss, and the initial command: wininit in session 0, winlogon in every other."""
    yield smss.ask(Step.SESSIONS, CreateSession(session), mark, origins, note=note, doubt=doubt)
    child = f"smss.exe (session {session})"
    yield from _start_subsystems(smss, session, child, mark)
    command = smss.settings[S0_INITIAL_COMMAND]
    text = smss.handed(S0_INITIAL_COMMAND, command.value)
    if session == 0 and text.strip():
        note = "It takes the place of wininit.exe: no services and no logon unless it starts them."
        yield from _start_last(smss, text, 0, child, mark & Certainty.C, command.origins, note)
    else:
        image = "winlogon.exe" if session else "wininit.exe"
        because = (BuiltIn(f"initial command of session {session} = {image}", "smss.md B.16"),)
        yield from _start_last(smss, image, session, child, mark, because, debugger=image)


def _start_last(
    smss: Smss,
    text: str,
    session: int,
    process: str,
    certainty: Certainty,
    because: tuple[Origin, ...],
    note: str = "",
    debugger: str = "",
) -> Plan:
    doubt = ""
    needs = files_of_initial_command(smss.generation) if debugger else ()
    if debugger == "winlogon.exe":
        if smss.software is None:
            doubt = f"SOFTWARE sets no debugger for {debugger}"
        elif (prefix := smss.software.debugger_of(debugger)) is not None:
            text, because = f"{prefix.value} {text}", because + prefix.origins
            note = f"{note} SOFTWARE sets a debugger for {debugger}: it is started in its place.".lstrip()
            certainty = smss.known_of_2003(certainty)
            needs = ()
    line = parse_command_line(text)
    action = StartProcess(line.image, line.arguments, session, candidate_files(smss, line.image), needs)
    certainty = path_first(smss, line.image, action.candidates, certainty)
    done = yield smss.ask(Step.INITIAL_COMMAND, action, certainty, because, process=process, note=note, doubt=doubt)
    if done is Done.NO:
        why = f"The initial command '{line.image or text}' can't be started (STOP 0xC000021A)."
        yield Halt(why, _fatal(smss, certainty), because)


def _fatal(smss: Smss, certainty: Certainty) -> Certainty:
    """How certain it is that a failure stops the machine: confirmed for 2000 to 2003 (smss.md D.5)."""
    return smss.known_of_2003(certainty)

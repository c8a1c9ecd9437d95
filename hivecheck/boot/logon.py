r"""winlogon: the logon screen of each Windows, and what a logon starts as far as the hives tell it.

The boot ends at the logon screen. What comes after it is told only where a hive has a say in it: userinit and the shell with
SOFTWARE, AlternateShell in safe mode, programs of sessions from elsewhere; and each time as what a logon would start. Of
`StartupPrograms` its usual content, rdpclip, is passed over.
Source: smss.md D.1 to D.4, E.2, E.3; detections.md 1.10; documentation of Winlogon and of AppInit_DLLs.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import LoadLibrary, WriteValue
from hivecheck.boot.created_program import assuming, created_program, debugged, system_program
from hivecheck.boot.lsa import library_file
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT31, VISTA, WIN8, WIN10_1507, WIN2000, XP
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import (
    ALTERNATE_SHELL,
    DENY_CONNECTIONS,
    INITIAL_PROGRAM,
    STARTUP_PROGRAMS,
    USE_ALTERNATE_SHELL,
)
from hivecheck.settings.setting import Setting
from hivecheck.settings.software_rows import (
    APP_INIT_DLLS,
    AUTO_ADMIN_LOGON,
    GINA_DLL,
    LOAD_APP_INIT_DLLS,
    LOGON_TYPE,
    POLICY_DENY_CONNECTIONS,
    POLICY_SHELL,
    REPORT_BOOT_OK,
    REQUIRE_SIGNED_APP_INIT,
    SHELL,
    USERINIT,
    in_force,
)

PROCESS = "winlogon.exe"
LAST_GOOD_VALUE = "LastKnownGood"  # of Select, written when a boot is accepted
USERINIT_PROCESS = "userinit.exe"
_MODELLED_PROGRAMS = 100  # of one list
_SOURCE = "smss.md D.1 to D.3"
_SAFE_MODE_KEEPS_LAST_GOOD = BuiltIn(
    "a logon in safe mode does not update the last known good set",
    "Windows XP Resource Kit and Windows 7 Resource Kit, troubleshooting startup",
)


def plan_logon(smss: Smss, withheld: tuple[str, tuple[Origin, ...]] = ("", ())) -> Plan:
    """The logon screen and what a logon starts. `withheld` is why there is no logon in this boot, and what says so."""
    yield from _load_app_init(smss)
    yield from _show_logon(smss, *withheld)
    if not withheld[0]:
        yield from _log_on(smss)
        yield from _accept_boot(smss)


def console_session(smss: Smss) -> int:
    """The session of whoever sits at the machine."""
    return 1 if smss.generation >= VISTA else 0


def _show_logon(smss: Smss, withheld: str, origins: tuple[Origin, ...]) -> Plan:
    session = console_session(smss)
    if smss.generation >= VISTA:
        if smss.generation >= WIN10_1507:
            yield from _start_own(smss, "fontdrvhost.exe", session, withheld, origins, Certainty.C)
        if smss.generation >= WIN8:
            yield from _start_own(smss, "dwm.exe", session, withheld, origins, Certainty.C)
        yield from _start_own(smss, "LogonUI.exe", session, withheld, origins, Certainty.B)
        return
    if smss.generation > NT31:
        yield from _load_gina(smss, withheld, origins)
    software = smss.software
    if smss.generation == XP and software is not None and software[LOGON_TYPE].value == 1:
        origins = (*origins, *software[LOGON_TYPE].origins)
        yield from _start_own(smss, "logonui.exe", session, withheld, origins, Certainty.B)


def _start_own(
    smss: Smss, name: str, session: int, withheld: str, origins: tuple[Origin, ...], certainty: Certainty
) -> Plan:
    program = system_program(smss, name, session)
    because = (BuiltIn(f"winlogon starts {name}", _SOURCE), *origins, *program.because)
    yield Request(Step.LOGON, PROCESS, program.action, certainty, because, withheld, program.note)


def _load_gina(smss: Smss, withheld: str, origins: tuple[Origin, ...]) -> Plan:
    """The DLL that asks for name and password up to 2003: msgina.dll, or what GinaDLL names in its place."""
    stored = smss.software[GINA_DLL] if smss.software is not None else None
    chosen = library_file(stored.value.strip()) if stored is not None else None
    because: tuple[Origin, ...] = (BuiltIn("the logon screen is msgina.dll", _SOURCE),)
    if chosen is not None and stored is not None:
        because = stored.origins
    file = chosen or library_file("msgina.dll")
    if file is None:
        return
    doubt = "GinaDLL in SOFTWARE names no other" if stored is None else ""
    note = "" if chosen is None else "It takes the place of msgina.dll and sees each password."
    action = LoadLibrary(PROCESS, file, "GinaDLL")
    yield Request(Step.LOGON, PROCESS, action, Certainty.B, (*because, *origins), withheld, note, doubt)


def _load_app_init(smss: Smss) -> Plan:
    """AppInit_DLLs: winlogon is among the first programs that load them."""
    if smss.software is None or not smss.software[APP_INIT_DLLS].value.strip():
        return
    stored, switch = smss.software[APP_INIT_DLLS], smss.software[LOAD_APP_INIT_DLLS]
    because, withheld, doubt = stored.origins, "", ""
    if smss.generation >= VISTA:
        because = because + switch.origins
        if switch.value != 1:
            withheld = "LoadAppInit_DLLs is not 1: no program loads them"
        doubts = ["Secure Boot is off"] if smss.generation >= WIN8 else []
        signed = smss.software[REQUIRE_SIGNED_APP_INIT]
        if signed.value:
            because = because + signed.origins
            doubts.append("the DLL is signed")
        doubt = " and ".join(doubts)
    for name in stored.value.replace(",", " ").split()[:_MODELLED_PROGRAMS]:
        file = library_file(name)
        if file is not None:
            action = LoadLibrary(PROCESS, file, "AppInit_DLLs")
            note = "So does every later program that loads user32.dll."
            yield Request(Step.LOGON, PROCESS, action, Certainty.B, because, withheld, note, doubt)


def _log_on(smss: Smss) -> Plan:
    """userinit, and what it starts; nothing where no hive has a say in it."""
    remote = list(_programs_from_elsewhere(smss))
    if smss.software is None and smss.safe_mode_variable is None and not remote:
        return
    somebody, origins = _who_logs_on(smss)
    yield from _start_userinit(smss, somebody, origins)
    yield from assuming(_run_userinit(smss, somebody, remote), debugged(smss, USERINIT_PROCESS))


def _run_userinit(smss: Smss, somebody: str, remote: list[tuple[Setting[str], str]]) -> Plan:
    """What userinit starts."""
    if smss.safe_mode_variable is not None:
        yield from _start_alternate_shell(smss, somebody)
    if smss.software is not None:
        yield from _start_shell(smss, somebody)
    for setting, line in remote:
        yield from _start_from_elsewhere(smss, setting, line)


def _who_logs_on(smss: Smss) -> tuple[str, tuple[Origin, ...]]:
    auto = smss.software[AUTO_ADMIN_LOGON] if smss.software is not None else None
    if auto is not None and auto.value.strip() == "1":
        return "the logon that AutoAdminLogon asks for succeeds", auto.origins
    return "somebody logs on", ()


def _start_userinit(smss: Smss, somebody: str, origins: tuple[Origin, ...]) -> Plan:
    stored = smss.software[USERINIT] if smss.software is not None else None
    if stored is None or not stored.value.strip():
        program = system_program(smss, USERINIT_PROCESS, console_session(smss))
        because = (BuiltIn("a logon starts userinit.exe", _SOURCE), *origins, *program.because)
        doubt = somebody if stored is not None else f"{somebody}, and Userinit in SOFTWARE names userinit.exe alone"
        yield Request(Step.LOGON, PROCESS, program.action, Certainty.B, because, note=program.note, doubt=doubt)
        return
    for line in _parted(stored.value):
        program = created_program(smss, line, console_session(smss))
        because = (*stored.origins, *origins, *program.because)
        yield Request(Step.LOGON, PROCESS, program.action, Certainty.B, because, note=program.note, doubt=somebody)


def _start_alternate_shell(smss: Smss, somebody: str) -> Plan:
    """The shell of safe mode with command prompt. Whether the loader was told so, no offline hive knows."""
    shell, asked = smss.settings[ALTERNATE_SHELL], smss.settings[USE_ALTERNATE_SHELL]
    if not shell.value.strip() or smss.generation < WIN2000:
        return
    program = created_program(smss, shell.value.strip(), console_session(smss))
    because = (*shell.origins, *program.because)
    if asked.value:
        because, doubt = (*because, *asked.origins), f"{somebody}, and userinit takes the stored UseAlternateShell as given"
    else:
        doubt = f"the loader option safebootalternateshell was given, and {somebody}"
    note = f"It takes the place of the shell. {program.note}".rstrip()
    yield Request(Step.LOGON, USERINIT_PROCESS, program.action, Certainty.B, because, note=note, doubt=doubt)


def _start_shell(smss: Smss, somebody: str) -> Plan:
    if smss.software is None:
        return
    stored, policy = smss.software[SHELL], smss.software[POLICY_SHELL]
    chosen = policy if policy.value.strip() else stored
    lines = list(_parted(chosen.value)) or ["explorer.exe"]
    because = chosen.origins or (BuiltIn("the shell is explorer.exe", _SOURCE),)
    doubt = f"{somebody}, and the user's own hive sets no other shell"
    if smss.safe_mode_variable is not None:
        doubt = f"{doubt}, and the loader option safebootalternateshell was not given"
    for line in lines:
        program = created_program(smss, line, console_session(smss))
        origins = (*because, *program.because)
        yield Request(Step.LOGON, USERINIT_PROCESS, program.action, Certainty.B, origins, note=program.note, doubt=doubt)


def _programs_from_elsewhere(smss: Smss) -> Iterator[tuple[Setting[str], str]]:
    """What sessions from elsewhere start by order of the machine, rdpclip aside; nothing where nobody may come."""
    if smss.generation < WIN2000 or _denies_connections(smss):
        return
    initial, startup = smss.settings[INITIAL_PROGRAM], smss.settings[STARTUP_PROGRAMS]
    if initial.value.strip():
        yield initial, initial.value.strip()
    for line in _parted(startup.value):
        if fold_name(line).removesuffix(".EXE") != "RDPCLIP":
            yield startup, line


def _denies_connections(smss: Smss) -> bool:
    return bool(in_force(smss.settings, DENY_CONNECTIONS, smss.software, POLICY_DENY_CONNECTIONS).value)


def _start_from_elsewhere(smss: Smss, setting: Setting[str], line: str) -> Plan:
    program = created_program(smss, line, None)
    doubt = "somebody logs on from elsewhere"
    because = (*setting.origins, *smss.settings[DENY_CONNECTIONS].origins, *program.because)
    request = Request(Step.LOGON, USERINIT_PROCESS, program.action, Certainty.C, because, note=program.note, doubt=doubt)
    yield request


def _accept_boot(smss: Smss) -> Plan:
    """The first logon proves the boot good: its control set becomes the last known good one. 8 has retired that."""
    if smss.generation >= WIN8 or not smss.control_set:
        return
    stored = smss.software[REPORT_BOOT_OK] if smss.software is not None else None
    because: tuple[Origin, ...] = (BuiltIn("the first logon accepts the boot", "smss.md E2.3"),)
    withheld, doubts, mark, safe = "", ["somebody logs on"], Certainty.B, smss.safe_mode_variable
    if safe is not None and smss.safe_mode is not None:
        withheld = "a boot in safe mode is not accepted, so the last known good set stays as it is"
        because = (*because, _SAFE_MODE_KEEPS_LAST_GOOD, *safe[2])
    elif smss.services_lost:
        withheld = "services.exe, which has the boot accepted, does not run"
    elif stored is not None and stored.value.strip() == "0":
        withheld, because = "ReportBootOk is 0: the verification program decides", (*because, *stored.origins)
    elif stored is None:
        doubts.append("ReportBootOk in SOFTWARE is not 0")
    if safe is not None and not withheld:
        doubts.append("the stored key SafeBoot\\Option does not pass for that of a safe boot")
        because, mark = (*because, *safe[2]), Certainty.C
    action = WriteValue("Select", LAST_GOOD_VALUE, f"the set that {smss.control_set} is kept in")
    yield Request(Step.LOGON, "services.exe", action, mark, because, withheld, doubt=", and ".join(doubts))


def _parted(text: str) -> Iterator[str]:
    """The lines of a text parted by commas, blank ones left out."""
    for line in text.split(",", _MODELLED_PROGRAMS)[:_MODELLED_PROGRAMS]:
        if line.strip():
            yield line.strip()

r"""Terminal services: what a session starts and loads in the place of what Windows ships, and how remote desktop listens.

Of the latter: whether it is on, and what about it was made weaker. Source: detections.md 1.10; baselines.md 2.9.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN81, WIN2003, XP
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import number_in, text_in
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, cite_value, dll_path, fault_of, has_folder
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.service_images import lowered_if_disabled

TERMINAL_SERVER = "Control\\Terminal Server"
LISTENER = TERMINAL_SERVER + "\\WinStations\\RDP-Tcp"


def _weaker(case: Case) -> Iterator[tuple[str, Origin]]:
    for key, name, bad, told, since in (
        (LISTENER, "UserAuthentication", (0,), "no logon before the session", WIN81),  # 0 as shipped before
        (LISTENER, "SecurityLayer", (0,), "the old encryption of remote desktop", WIN2003),
        (LISTENER, "Shadow", (2, 4), "sessions may be watched without asking the user", XP),
        (TERMINAL_SERVER, "fSingleSessionPerUser", (0,), "several sessions of one user", WIN2003),
        (TERMINAL_SERVER + "\\Licensing Core", "EnableConcurrentSessions", (1,), "several sessions at a time", XP),
        (TERMINAL_SERVER + "\\RCM\\Licensing Core", "EnableConcurrentSessions", (1,), "several sessions at a time", XP),
    ):
        raw = case.value(key, name)
        number = number_in(raw)
        if raw is None or number not in bad or case.generation < since:
            continue
        yield f"{name} {number} ({told})", raw.ref.citing(str(number))
    port = case.value(LISTENER, "PortNumber")
    number = number_in(port)
    if port is not None and number is not None and number != 3389:
        yield f"PortNumber {number} (as shipped 3389)", port.ref.citing(str(number))


def _check(case: Case) -> Iterator[Hit]:
    if case.generation < XP:
        return  # reads no fDenyTSConnections
    deny = case.value(TERMINAL_SERVER, "fDenyTSConnections")
    on = number_in(deny) == 0
    weaker = list(_weaker(case))
    if deny is None or (not on and len(weaker) < 2):
        return
    told = "Remote desktop takes connections (fDenyTSConnections is 0)" if on else "Remote desktop is off"
    if weaker:
        told += f", and was made weaker: {'; '.join(words for words, _ in weaker)}"
    severity = (Severity.INFO, Severity.MEDIUM, Severity.HIGH)[min(len(weaker), 2)] if on else Severity.LOW
    because = (deny.ref.citing(str(number_in(deny))), *(origin for _, origin in weaker))
    yield Hit(told + ".", because, "remote desktop", severity, story=("remote desktop",))


RDP_ENABLED = Rule(
    id="rdp-enabled",
    family="terminal services",
    title="Remote desktop takes connections",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1021.001", "T1112"),
    why=(
        "Windows ships remote desktop switched off. Intruders switch it on and make it weaker: no logon before the session, "
        "another port, sessions of several users, shadowing without asking."
    ),
    false_positives=("Servers and administered machines have it on. Another port alone is a common habit.",),
    remedy="Set fDenyTSConnections to 1, or the other values as shipped, in every control set; look at who logged on.",
    sources=("detections.md 1.10", "baselines.md 2.9"),
    severities=(
        "info where it is on, medium with one weakness, high with two; low for two weaknesses while it is off; a value that this "
        "Windows does not read is no weakness"
    ),
    needs="policies in the SOFTWARE hive go before these values",
    check=_check,
)


_REPAIR = f"{BACK_UP}Restore the value as shipped in every control set, then collect and delete what it names."
_RDPWD = TERMINAL_SERVER + "\\Wds\\rdpwd"
_PROTOCOLS = frozenset(("{18b726bb-6fe6-4fb9-9276-ed57ce7c7cb2}", "{5828227c-20cf-4408-b73f-73ab70b8849f}"))
_DLLS = (("WdDLL", "rdpwd"), ("CfgDll", "rdpcfgex"), ("WsxDLL", "rdpwsx"))
_UTILITIES = frozenset(("chglogon", "chgport", "chgusr", "qappsrv", "qprocess", "qwinsta", "quser", "rwinsta"))
_ADD_INS = frozenset(("rdpclip", "rdpdnd", "rdpsound", "\\device\\rdpdr"))
_SHIPPED_STATIONS = frozenset((("eh-tcp", "cmd.exe"),))  # Media Center Extender of 7


def _check_service(case: Case) -> Iterator[Hit]:
    service = case.lists.services.named("TermService")
    if service is None or not service.dll:
        return
    path = dll_path(case, service.dll)
    if path.name == "termsrv.dll" and path.folder.endswith("\\system32") and path.in_system_folder:
        return
    program = next(one for one in case.programs if one.service is service)
    wrapper = path.name == "rdpwrap.dll"
    fault = fault_of(path)
    told = f"TermService would load {service.dll}{f' ({fault})' if fault else ''} in the place of termsrv.dll"
    told += ": RDP Wrapper, which lets several users in at a time." if wrapper else ", as soon as remote desktop starts."
    yield Hit(
        told,
        cite_value(service, "ServiceDll", service.dll),
        path.text,
        lowered_if_disabled(program, Severity.HIGH if wrapper else Severity.CRITICAL),
        story=(case.thread_of_service(service.name), case.thread_of(path), "remote desktop"),
    )


def _check_initial_program(case: Case) -> Iterator[Hit]:
    for key in case.subkeys(TERMINAL_SERVER + "\\WinStations"):
        raw = key.value("InitialProgram")
        text = text_in(raw).strip()
        if raw is None or not text or (key.name.casefold(), text.casefold()) in _SHIPPED_STATIONS:
            continue
        inherit = key.value("fInheritInitialProgram")
        users = inherit is not None and inherit.type == 4 and any(inherit.data)
        so = ", unless the user's own account names another" if users else ", in the place of the desktop"
        yield Hit(
            f"Each session of {key.name} would start {text}{so}. Windows ships no program there.",
            (raw.ref.citing(text),),
            f"{key.name} {text}",
            story=("remote desktop",),
        )


def _check_startup(case: Case) -> Iterator[Hit]:
    for string in case.strings(_RDPWD, "StartupPrograms"):
        for part in string.text.split(",")[:1_000]:
            name = part.strip()
            if name and name.casefold().removesuffix(".exe") != "rdpclip":
                yield Hit(
                    f"Each remote desktop session would also start {name}. Windows ships rdpclip alone.",
                    (string.origin,),
                    name,
                    story=("remote desktop", case.thread_of_image(name)),
                )


def _check_drivers(case: Case) -> Iterator[Hit]:
    for where in (_RDPWD, LISTENER):
        for value, shipped in _DLLS:
            for string in case.strings(where, value):
                if string.text.casefold().removesuffix(".dll") != shipped:
                    told = f"{value} of {where.rsplit(chr(92), 1)[-1]} names {string.text} in the place of {shipped}"
                    yield Hit(
                        f"{told}: remote desktop would load it.",
                        (string.origin,),
                        f"{where} {value}",
                        story=("remote desktop", case.thread_of(dll_path(case, string.text))),
                    )
        for string in case.strings(where, "LoadableProtocol_Object"):
            if string.text.strip().casefold() not in _PROTOCOLS:
                yield Hit(
                    f"LoadableProtocol_Object of {where.rsplit(chr(92), 1)[-1]} is {string.text}: the class of another protocol "
                    "than Microsoft's would serve remote desktop.",
                    (string.origin,),
                    f"{where} LoadableProtocol_Object",
                    story=("remote desktop",),
                )


def _check_utilities(case: Case) -> Iterator[Hit]:
    for key in case.subkeys(TERMINAL_SERVER + "\\Utilities"):
        for raw in key.values():
            strings = [text for text in decode_multi_sz(raw.data).strings if text] if raw.type == 7 else [text_in(raw)]
            program = strings[-1] if strings else ""
            known = program.casefold().removesuffix(".exe") in _UTILITIES
            if not program or (known and not any(has_folder(text) for text in strings)):
                continue
            yield Hit(
                f"The command `{key.name} {raw.name}` would run {program}, which Windows does not ship for it.",
                (raw.ref.citing(program),),
                f"{key.name} {raw.name}",
                story=(case.thread_of_image(program),),
            )


def _check_add_ins(case: Case) -> Iterator[Hit]:
    for key in case.subkeys(TERMINAL_SERVER + "\\AddIns"):
        raw = key.value("Name")
        text = text_in(raw)
        if raw is not None and text and text.casefold() not in _ADD_INS:
            yield Hit(
                f"The add-in {key.name} of remote desktop is {text}, which Windows does not ship: sessions would load or start it.",
                (raw.ref.citing(text),),
                key.name,
                story=("remote desktop",),
            )


TS_SERVICEDLL = Rule(
    id="ts-servicedll",
    family="terminal services",
    title="Remote desktop's service loads another DLL",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1543.003",),
    why="TermService loads termsrv.dll. Another DLL there runs as a service of Windows, and can let anybody in.",
    false_positives=("RDP Wrapper, installed to share a client machine (high).",),
    remedy=_REPAIR,
    sources=("detections.md 1.8", "detections.md 1.10"),
    severities="critical; high for RDP Wrapper; one step less where the service is disabled",
    check=_check_service,
)
TS_INITIAL_PROGRAM = Rule(
    id="ts-initial-program",
    family="terminal services",
    title="Remote desktop sessions start a program",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547", "T1021.001"),
    why="InitialProgram is started for every session of the listener. Windows ships it empty (with cmd.exe for Media Center).",
    false_positives=("Servers that publish one program only.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10", "baselines.md 2.9"),
    check=_check_initial_program,
)
TS_STARTUP_PROGRAMS = Rule(
    id="ts-startup-programs",
    family="terminal services",
    title="Remote desktop sessions start another program than rdpclip",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001",),
    why="Every program of StartupPrograms starts with each remote desktop session, as its user. Windows ships rdpclip alone.",
    false_positives=("None known.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10", "baselines.md 2.9"),
    check=_check_startup,
)
TS_WD_DLL = Rule(
    id="ts-wd-dll",
    family="terminal services",
    title="Remote desktop loads another driver, extension or protocol",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547",),
    why="WdDLL, CfgDll, WsxDLL and LoadableProtocol_Object say what serves a session. Windows ships one of each.",
    false_positives=("Citrix and other remote desktop products register a protocol of their own.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10", "baselines.md 2.9"),
    check=_check_drivers,
)
TS_UTILITIES = Rule(
    id="ts-utilities",
    family="terminal services",
    title="A command of terminal services runs another program",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1546",),
    why="change, query and reset look up under Utilities which program to run: another one there runs in their place.",
    false_positives=("None known.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    check=_check_utilities,
)
TS_ADDINS = Rule(
    id="ts-addins",
    family="terminal services",
    title="Remote desktop has an add-in that Windows does not ship",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547",),
    why="The add-ins are brought up with each remote desktop session. Windows ships those for clipboard, drag, sound and devices.",
    false_positives=("Products that add a virtual channel.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    check=_check_add_ins,
)
RULES: tuple[Rule, ...] = (
    TS_SERVICEDLL,
    TS_INITIAL_PROGRAM,
    TS_STARTUP_PROGRAMS,
    TS_WD_DLL,
    TS_UTILITIES,
    TS_ADDINS,
    RDP_ENABLED,
)

r"""The system environment: what smss hands to every service, task and logon. Source: detections.md 1.5; baselines.md 2.7.

The search path and lists like it are judged in `search_path`, variables that load code into runtimes in `runtime_variables`.
Variables that products set and that nothing follows from (DEFLOGDIR, VS140COMNTOOLS, ChocolateyInstall, FP_NO_HOST_CHECK,
Os2LibPath) are looked at by no rule.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN10_1803
from hivecheck.rules import runtime_variables, search_path
from hivecheck.rules.case import Case
from hivecheck.rules.environment_block import KEY, resolve
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role
from hivecheck.settings.object_names import NamedText

_REPAIR = "Restore the value of baselines.md 2.7, or delete the extra variable, in every control set."
_SERVERS = (Role.SERVER, Role.DOMAIN_CONTROLLER)


def _hit(
    case: Case, variable: NamedText, message: str, severity: Severity, confidence: Confidence | None = None, story: str = ""
) -> Hit:
    events = case.events_citing(variable.origin)
    return Hit(message, (variable.origin,), variable.name, severity, confidence, events, (story,) if story else ())


def _root(case: Case) -> str:
    return case.path(case.system_root).text


def _check_comspec(case: Case) -> Iterator[Hit]:
    variable = case.environment.get("COMSPEC")
    if variable is None:
        return
    path = resolve(case, variable.text)
    if path.text in (f"{_root(case)}\\system32\\cmd.exe", "%systemroot%\\system32\\cmd.exe"):
        return
    severity, reason = Severity.CRITICAL, ""
    if re.fullmatch(r"[a-z]:\\program files( \(x86\))?\\jpsoft\\.*", path.text):
        severity, reason = Severity.MEDIUM, " Its path is that of Take Command (JP Software)."
    elif path.name == "cmd.exe" and path.in_system_folder:
        severity, reason = Severity.MEDIUM, " It is a cmd.exe of another system folder."
    yield _hit(
        case,
        variable,
        f"ComSpec is {variable.text or 'empty'}: it would run in the place of cmd.exe for every batch file and every command that "
        f"services give to the shell, if the file exists.{reason}",
        severity,
        story=case.thread_of(path),
    )


ENV_COMSPEC = Rule(
    id="env-comspec",
    family="environment",
    title="Another command interpreter than cmd.exe",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities="medium for Take Command and for a cmd.exe in another system folder.",
    techniques=("T1574.007", "T1059.003"),
    why="Programs that call the shell, services among them, start what ComSpec names.",
    false_positives=("Users of 4NT or Take Command.",),
    remedy=_REPAIR,
    sources=("detections.md 1.5",),
    needs="Whether the file exists, and who signed it.",
    check=_check_comspec,
    fires_on=(
        Example(
            "a program of somebody's own",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            ComSpec = expand "%SystemRoot%\system32\cmd32.exe"
            """,
            cites=(r"%SystemRoot%\system32\cmd32.exe",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "Take Command",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            ComSpec = sz "C:\Program Files\JPSoft\TCMD28\tcc.exe"
            """,
            cites=(r"C:\Program Files\JPSoft\TCMD28\tcc.exe",),
            severity=Severity.MEDIUM,
        ),
    ),
    silent_on=(
        Example(
            "spelled out",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            ComSpec = sz "C:\WINDOWS\SYSTEM32\CMD.EXE"
            """,
        ),
    ),
)


def _check_windir(case: Case) -> Iterator[Hit]:
    block, root = case.environment, _root(case)
    windir, system_root = block.get("WINDIR"), block.get("SYSTEMROOT")
    if windir is not None:
        path = resolve(case, windir.text)
        if not windir.expands and "%" in windir.text and path.text == root:
            yield _hit(
                case,
                windir,
                f"windir is {windir.text} as a REG_SZ, so that nothing would expand it: paths with %windir% would not be found.",
                Severity.LOW,
            )
        elif path.text.rstrip("\\") != root:
            yield _hit(
                case,
                windir,
                f"windir is {windir.text or 'empty'}: every service and task that is named with %windir% would be run from there.",
                Severity.CRITICAL,
                story=case.thread_of(path),
            )
    if system_root is not None:
        path = case.path(system_root.text)
        same = path.text.rstrip("\\") == root
        yield _hit(
            case,
            system_root,
            f"SystemRoot stands in the environment as {system_root.text or 'empty'}; Windows leaves it to the kernel. "
            + ("It says the same." if same else "Every path with %SystemRoot% that is expanded after it would lead there."),
            Severity.LOW if same else Severity.CRITICAL,
            Confidence.MEDIUM,
            case.thread_of(path),
        )


ENV_WINDIR = Rule(
    id="env-windir",
    family="environment",
    title="windir or SystemRoot leads to another folder",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities="low where windir is right but not expanded, and where SystemRoot says what the kernel says.",
    techniques=("T1574.007",),
    why="Services, drivers and tasks are named with these variables: one change leads them all to another folder.",
    false_positives=("None known.",),
    remedy="Set windir to %SystemRoot% (REG_EXPAND_SZ) and delete SystemRoot from the key, in every control set.",
    sources=("detections.md 1.5",),
    check=_check_windir,
    fires_on=(
        Example(
            "another folder",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            windir = sz "C:\ProgramData\w"
            """,
            cites=(r"C:\ProgramData\w",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "SystemRoot does not belong there",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            SystemRoot = sz "C:\Win"
            """,
            cites=(r"C:\Win",),
            generation="xp-x86",
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "spelled out",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            windir = sz "C:\Windows"
            """,
        ),
    ),
)


def _check_compat_layer(case: Case) -> Iterator[Hit]:
    block = case.environment
    layer = block.get("__COMPAT_LAYER")
    if layer is not None and layer.text.strip():
        server = case.facts.role.value in _SERVERS
        runs_as_invoker = "runasinvoker" in layer.text.casefold()
        yield _hit(
            case,
            layer,
            f"__COMPAT_LAYER is {layer.text}: Windows would run every program with that compatibility layer"
            + (", so that programs which ask for elevation start without it." if runs_as_invoker else "."),
            Severity.HIGH if runs_as_invoker and server else Severity.MEDIUM,
        )
    zones = block.get("SEE_MASK_NOZONECHECKS")
    if zones is not None and zones.text.strip() == "1":
        yield _hit(
            case,
            zones,
            "SEE_MASK_NOZONECHECKS is 1: files from the Internet would be opened without a question.",
            Severity.HIGH,
        )


ENV_COMPAT_LAYER = Rule(
    id="env-compat-layer",
    family="environment",
    title="A compatibility layer, or no zone checks, for every program",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities="medium for a layer; high for RunAsInvoker on a server and for zone checks switched off.",
    techniques=("T1546.011", "T1548.002", "T1553.005"),
    why="A variable of the machine reaches every program: a shim of all of them, or no warning before downloads are opened.",
    false_positives=("Installers and logon scripts set both, but seldom for the whole machine.",),
    remedy=_REPAIR,
    sources=("detections.md 1.5",),
    check=_check_compat_layer,
    fires_on=(
        Example(
            "a layer",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            __COMPAT_LAYER = sz "RunAsInvoker"
            """,
            cites=("RunAsInvoker",),
            severity=Severity.MEDIUM,
        ),
        Example(
            "a layer, on a server",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            __COMPAT_LAYER = sz "RunAsInvoker"
            [ControlSet001\Control\ProductOptions]
            ProductType = sz "ServerNT"
            """,
            cites=("RunAsInvoker",),
            severity=Severity.HIGH,
        ),
        Example(
            "no zone checks",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            SEE_MASK_NOZONECHECKS = sz "1"
            """,
            cites=("1",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example(
            "zone checks are on",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            SEE_MASK_NOZONECHECKS = sz "0"
            __COMPAT_LAYER = sz ""
            """,
        ),
    ),
)


def _check_temporary(case: Case) -> Iterator[Hit]:
    block, root = case.environment, _root(case)
    for name in ("TEMP", "TMP"):
        variable = block.get(name)
        path = resolve(case, variable.text) if variable is not None else None
        if variable is None or path is None or path.text.rstrip("\\") == f"{root}\\temp":
            continue
        inside = case.path(path.text.rstrip("\\") + "\\x")
        open_to = inside.is_user_writable or inside.text.startswith("\\\\") or bool(path.drive and path.drive != root[:1])
        reason = " Ordinary users can write there, or it is on another drive or machine." if open_to else ""
        yield _hit(
            case,
            variable,
            f"{name} of the system is {variable.text or 'empty'} in place of %SystemRoot%\\TEMP: services would make their temporary "
            f"files there.{reason}",
            Severity.MEDIUM if open_to else Severity.LOW,
        )
    expected = [("OS", "Windows_NT")]
    if case.generation >= VISTA:
        expected.append(("USERNAME", "SYSTEM"))
    if case.generation >= WIN10_1803:
        expected.append(("DRIVERDATA", f"{case.system_root}\\System32\\Drivers\\DriverData"))
    for folded, text in expected:
        variable = block.get(folded)
        if variable is not None and case.path(variable.text).text != case.path(text).text:
            yield _hit(
                case,
                variable,
                f"{variable.name} of the system is {variable.text or 'empty'} in place of {text}; scripts that test it would go wrong.",
                Severity.LOW,
            )
    key = case.key(KEY)
    if "OS" not in block and block and key is not None and key.values_whole and case.baseline.entry(KEY, "OS") is not None:
        yield Hit(
            "The environment of the system lacks OS, which is Windows_NT everywhere; scripts that test it would go wrong.",
            (key.ref,),
            "OS",
            severity=Severity.LOW,
        )


ENV_TEMPDIR = Rule(
    id="env-tempdir",
    family="environment",
    title="The system's temporary folder, or another fixed variable, was changed",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities="medium for a temporary folder that users can write or on another drive; low for the rest.",
    techniques=("T1574",),
    why=(
        "Services that run as SYSTEM put files into TEMP and load some of them. In a folder that others can write they can be "
        "exchanged in between."
    ),
    false_positives=("Machines with a RAM disk or a drive for temporary files.",),
    remedy=_REPAIR,
    sources=("detections.md 1.5",),
    check=_check_temporary,
    fires_on=(
        Example(
            "a folder of all users",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            TEMP = sz "C:\Users\Public\t"
            """,
            cites=(r"C:\Users\Public\t",),
            severity=Severity.MEDIUM,
        ),
        Example(
            "another name of the system",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            OS = sz "Linux"
            """,
            cites=("Linux",),
            severity=Severity.LOW,
        ),
    ),
    silent_on=(
        Example(
            "spelled out",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            TEMP = sz "C:\WINDOWS\TEMP"
            """,
        ),
        Example(
            "variables of products",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            DEFLOGDIR = sz "C:\ProgramData\McAfee\DesktopProtection"
            VSEDEFLOGDIR = sz "C:\ProgramData\McAfee\DesktopProtection"
            VS140COMNTOOLS = sz "C:\Program Files (x86)\Microsoft Visual Studio 14.0\Common7\Tools\"
            ChocolateyInstall = sz "C:\ProgramData\chocolatey"
            """,
        ),
    ),
)


def _check_device_manager(case: Case) -> Iterator[Hit]:
    for name, variable in case.environment.items():
        if name.startswith(("DEVMGR_SHOW_", "_NT_DEBUG_")) or name == "NTSD":
            yield _hit(
                case,
                variable,
                f"{variable.name} is {variable.text}: a variable of Device Manager or of debuggers is set for all.",
                Severity.INFO,
            )


ENV_DEVMGR_DEBUG = Rule(
    id="env-devmgr-debug",
    family="environment",
    title="Variables of Device Manager or of debuggers",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    techniques=("T1112",),
    why="They show that somebody looked at hidden devices or debugs on this machine.",
    false_positives=("Administrators and developers of drivers.",),
    remedy="None needed.",
    sources=("detections.md 1.5",),
    check=_check_device_manager,
    fires_on=(
        Example(
            "hidden devices are shown",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            devmgr_show_nonpresent_devices = sz "1"
            """,
            cites=("1",),
        ),
    ),
    silent_on=(Example("as shipped", ""),),
)


def _check_symbols(case: Case) -> Iterator[Hit]:
    block = case.environment
    for name in ("_NT_SYMBOL_PATH", "_NT_ALT_SYMBOL_PATH", "_NT_ALTERNATE_SYMBOL_PATH", "_NT_SOURCE_PATH"):
        variable = block.get(name)
        if variable is not None and any(part.startswith("\\\\") for part in re.split(r"[;*]", variable.text)):
            yield _hit(
                case,
                variable,
                f"{variable.name} is {variable.text}: any debugger, also that of crash reports, would log on to that machine.",
                Severity.LOW,
            )


ENV_SYMBOL_PATH = Rule(
    id="env-symbol-path",
    family="environment",
    title="Debuggers fetch symbols from another machine",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    techniques=("T1187",),
    why="To open a share Windows proves who it is: the other side gets a hash of the account that debugs.",
    false_positives=("A symbol store on a server of the house.",),
    remedy=_REPAIR,
    sources=("detections.md 1.5",),
    check=_check_symbols,
    fires_on=(
        Example(
            "a share",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            _NT_SYMBOL_PATH = sz "srv*\\192.0.2.7\sym*https://msdl.microsoft.com/download/symbols"
            """,
            cites=(r"srv*\\192.0.2.7\sym*https://msdl.microsoft.com/download/symbols",),
        ),
    ),
    silent_on=(
        Example(
            "Microsoft's own server",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            _NT_SYMBOL_PATH = sz "srv*C:\Symbols*https://msdl.microsoft.com/download/symbols"
            """,
        ),
    ),
)

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "GRPC_PROXY", "FTP_PROXY")
_HOST = r"(?:[a-z0-9+.-]+://)?(?:[^@/\\]*@)?(\[[0-9a-f:.]+\]|[^:/\\\s]+)"


def _check_proxy(case: Case) -> Iterator[Hit]:
    block = case.environment
    for name in _PROXIES:
        variable = block.get(name)
        found = re.match(_HOST, variable.text.casefold()) if variable is not None else None
        if variable is None or found is None:
            continue
        host = found[1]
        own = "." not in host and host != "localhost" and not host.startswith("[")
        domain = case.text("Services\\Tcpip\\Parameters", "Domain") or case.text("Services\\Tcpip\\Parameters", "NV Domain")
        own = own or (bool(domain.strip(".")) and host.endswith("." + domain.casefold().strip(".")))
        yield _hit(
            case,
            variable,
            f"{variable.name} of the system is {variable.text}: programs that follow it would send their traffic, that of services "
            f"included, by way of {host}" + (", a host of this machine's own network." if own else "."),
            Severity.LOW if own else Severity.MEDIUM,
        )


ENV_PROXY = Rule(
    id="env-proxy",
    family="environment",
    title="A proxy is set for every program",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities="low where the host has no domain, or that of the machine.",
    techniques=("T1557", "T1090"),
    why="Many tools, not Windows itself, take these variables: who owns the proxy sees and changes what they fetch.",
    false_positives=("Machines of developers.", "Company networks with a proxy."),
    remedy=_REPAIR,
    sources=("detections.md 1.5",),
    check=_check_proxy,
    fires_on=(
        Example(
            "the machine itself",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            HTTPS_PROXY = sz "http://127.0.0.1:8080"
            """,
            cites=("http://127.0.0.1:8080",),
            severity=Severity.MEDIUM,
        ),
        Example(
            "a host of the house",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            HTTP_PROXY = sz "http://proxy:3128"
            """,
            cites=("http://proxy:3128",),
            severity=Severity.LOW,
        ),
    ),
    silent_on=(
        Example(
            "exceptions alone",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            NO_PROXY = sz "localhost"
            """,
        ),
    ),
)


def _check_safe_boot(case: Case) -> Iterator[Hit]:
    variable = case.environment.get("SAFEBOOT_OPTION")
    if variable is None:
        return
    repair = variable.text.strip().upper() == "DSREPAIR"
    controller = case.facts.role.value is Role.DOMAIN_CONTROLLER
    yield _hit(
        case,
        variable,
        f"SAFEBOOT_OPTION is {variable.text}: smss writes it in safe mode only and removes it at the next start, so that this machine "
        "last ran in safe mode" + (", as one does to repair the directory." if repair and controller else "."),
        Severity.INFO if repair and controller else Severity.MEDIUM,
    )


ENV_SAFEBOOT_OPTION = Rule(
    id="env-safeboot-option",
    family="environment",
    title="The machine last ran in safe mode",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    severities="info for the repair of the directory on a domain controller.",
    techniques=("T1562.009",),
    why="In safe mode most security software does not run; ransomware restarts machines into it.",
    false_positives=("Somebody repaired the machine.",),
    remedy="Nothing to repair: the next start removes it. Read it together with SystemStartOptions and the SafeBoot key.",
    sources=("detections.md 1.5", "smss.md B13.6"),
    check=_check_safe_boot,
    fires_on=(
        Example(
            "with networking",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            SAFEBOOT_OPTION = sz "NETWORK"
            """,
            cites=("NETWORK",),
            severity=Severity.MEDIUM,
        ),
        Example(
            "the repair of a domain controller",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            SAFEBOOT_OPTION = sz "DSREPAIR"
            [ControlSet001\Control\ProductOptions]
            ProductType = sz "LanmanNT"
            """,
            cites=("DSREPAIR",),
            severity=Severity.INFO,
        ),
    ),
    silent_on=(Example("an ordinary boot", ""),),
)

RULES: tuple[Rule, ...] = (
    *search_path.RULES,
    ENV_COMSPEC,
    ENV_WINDIR,
    *runtime_variables.RULES,
    ENV_COMPAT_LAYER,
    ENV_TEMPDIR,
    ENV_DEVMGR_DEBUG,
    ENV_SYMBOL_PATH,
    ENV_PROXY,
    ENV_SAFEBOOT_OPTION,
)

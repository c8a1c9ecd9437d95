r"""Variables that Windows does not set for the whole machine: compatibility layers, debuggers, proxies, safe mode.

Source: detections.md 1.5.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.environment_block import REPAIR, hit_of
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role

_SERVERS = (Role.SERVER, Role.DOMAIN_CONTROLLER)


def _check_compat_layer(case: Case) -> Iterator[Hit]:
    block = case.environment
    layer = block.get("__COMPAT_LAYER")
    if layer is not None and layer.text.strip():
        server = case.facts.role.value in _SERVERS
        runs_as_invoker = "runasinvoker" in layer.text.casefold()
        yield hit_of(
            case,
            layer,
            f"__COMPAT_LAYER is {layer.text}: Windows would run every program with that compatibility layer"
            + (", so that programs which ask for elevation start without it." if runs_as_invoker else "."),
            Severity.HIGH if runs_as_invoker and server else Severity.MEDIUM,
        )
    zones = block.get("SEE_MASK_NOZONECHECKS")
    if zones is not None and zones.text.strip() == "1":
        yield hit_of(
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
    remedy=REPAIR,
    sources=("detections.md 1.5",),
    check=_check_compat_layer,
)


def _check_device_manager(case: Case) -> Iterator[Hit]:
    for name, variable in case.environment.items():
        if name.startswith(("DEVMGR_SHOW_", "_NT_DEBUG_")) or name == "NTSD":
            yield hit_of(
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
)


def _check_symbols(case: Case) -> Iterator[Hit]:
    block = case.environment
    for name in ("_NT_SYMBOL_PATH", "_NT_ALT_SYMBOL_PATH", "_NT_ALTERNATE_SYMBOL_PATH", "_NT_SOURCE_PATH"):
        variable = block.get(name)
        if variable is not None and any(part.startswith("\\\\") for part in re.split(r"[;*]", variable.text)):
            yield hit_of(
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
    remedy=REPAIR,
    sources=("detections.md 1.5",),
    check=_check_symbols,
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
        yield hit_of(
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
    remedy=REPAIR,
    sources=("detections.md 1.5",),
    check=_check_proxy,
)


def _check_safe_boot(case: Case) -> Iterator[Hit]:
    variable = case.environment.get("SAFEBOOT_OPTION")
    if variable is None:
        return
    repair = variable.text.strip().upper() == "DSREPAIR"
    controller = case.facts.role.value is Role.DOMAIN_CONTROLLER
    yield hit_of(
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
)

RULES: tuple[Rule, ...] = (ENV_COMPAT_LAYER, ENV_DEVMGR_DEBUG, ENV_SYMBOL_PATH, ENV_PROXY, ENV_SAFEBOOT_OPTION)

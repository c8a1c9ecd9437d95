r"""What else a service's key can hold: a command for when it fails, variables of its own, odd types.

Source: detections.md 1.8, 5.1.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.create_process import image_meant
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import WIN8
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_NONE, REG_SZ, type_name
from hivecheck.registry.raw_values import number_in, type_and_size
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, cite_value
from hivecheck.rules.paths import runs_an_interpreter
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.service_images import hit_on, lowered_if_disabled

_SHIPPED_COMMANDS = (
    ("msiscsi", "customscript.cmd"), ("wpcsvc", "customscript.cmd"), ("wephostsvc", "not used"),
    ("spectrum", '"c:\\windows\\system32\\spectrum.exe" -safemode'), ("windefend", "c:\\windows\\system32\\mrt.exe /ehb"),
    ("nv", "cmd.exe /c %windir%\\nvcontainerrecovery.bat nv"),
)  # fmt: skip
_HOOKS = (
    "cor_", "coreclr_", "complus_", "dotnet_startup_hooks", "dotnet_additional_deps", "path", "pathext", "psmodulepath",
    "java_tool_options", "_java_options", "node_options", "pythonpath", "pythonstartup", "comspec", "__compat_layer",
)  # fmt: skip
_CRITICAL_DRIVERS = frozenset(
    (
        "acpi", "acpiex", "aliide", "amdide", "atapi", "clfs", "cmdide", "cng", "compbatt", "disk", "filecrypt", "fltmgr",
        "fsdepends", "fvevol", "gpioclx0101", "intelide", "iorate", "isapnp", "ksecdd", "ksecpkg", "mountmgr", "msahci",
        "msisadrv", "mup", "ndis", "ntfs", "nvstor", "partmgr", "pci", "pciide", "pdc", "rdyboost", "spaceport", "spldr",
        "storahci", "stornvme", "vdrvroot", "viaide", "vmbus", "volmgr", "volmgrx", "volsnap", "volume", "wdf01000",
        "windowstrustedrt", "windowstrustedrtproxy", "ftdisk", "dmio", "dmload", "ecache", "lbrtfdc", "tcpip", "werkernel",
    )
)  # fmt: skip


def _check_failure_command(case: Case) -> Iterator[Hit]:
    for program in case.programs:
        command = program.service.failure_command if "FAILURECOMMAND" in program.service.values else ""
        if not command or _is_shipped(program.name, command.casefold()):
            continue
        tool = runs_an_interpreter(command)
        image = case.path(image_meant(command))
        bad = bool(tool) or image.is_user_writable
        yield hit_on(
            case,
            program,
            f"When {program.service.name} fails, the Service Control Manager runs: {command}",
            cite_value(program.service, "FailureCommand", command),
            lowered_if_disabled(program, Severity.HIGH if bad else Severity.MEDIUM),
            None,
            image,
        )


def _is_shipped(service: str, command: str) -> bool:
    """Whether Windows or a known vendor gives a service of this folded name such a folded command."""
    return any(service.startswith(who) and command.startswith(what) for who, what in _SHIPPED_COMMANDS)


def _check_types(case: Case) -> Iterator[Hit]:
    speaks = case.generation >= WIN8 and case.number("Control\\Windows", "NoInteractiveServices") == 0
    for program in case.programs:
        service = program.service
        usual = (service.start or 0) > 1 and service.type is not None and service.error_control != 3 and not speaks
        named = bool(service.image_path) or "IMAGEPATH" not in service.values
        if usual and named and "DELETEFLAG" not in service.values:
            continue
        told: list[tuple[str, str]] = []
        if service.is_process and service.start in (0, 1):
            told.append(("Start", f"starts as a driver of the boot would (Start {service.start}), and is a program"))
        for value in ("Start", "Type"):
            raw = service.values.get(value.upper())
            if raw is not None and raw.damage is None and number_in(raw) is None:
                told.append((value, f"has {value} as {type_and_size(raw)}, which Windows does not take for a number"))
            elif raw is None and service.image_path and value == "Start":
                told.append(("ImagePath", "has a program and no Start: it can't be started, and listings may leave it out"))
        raw = None if named else service.values["IMAGEPATH"]
        if raw is not None and raw.type not in (REG_NONE, REG_SZ, REG_EXPAND_SZ):
            kind = type_name(raw.type)
            told.append(
                ("ImagePath", f"has ImagePath as {kind}, which is no path: what it names is seen by no list of services")
            )
        foreign = program.name not in _CRITICAL_DRIVERS and not program.image.in_system_folder
        if service.error_control == 3 and service.is_driver and service.start in (0, 1) and foreign:
            told.append(("ErrorControl", "is no driver of Windows and keeps the machine from starting where it fails"))
        if service.values.get("DELETEFLAG") is not None:
            told.append(("DeleteFlag", "is marked as deleted: it goes at the next boot"))
        if speaks and service.is_process and (service.type or 0) & 0x100:
            told.append(("Type", "may show windows to the user, as NoInteractiveServices is 0 (Windows ships 1)"))
        for value, why in told:
            kind = "driver" if service.is_driver else "service"
            severity = Severity.INFO if value == "DeleteFlag" else Severity.LOW
            message = f"The {kind} {service.name} {why}."
            hit = hit_on(case, program, message, service.cite(value), severity)
            yield changed(hit, subject=f"{service.name} {value}")


def _check_environment(case: Case) -> Iterator[Hit]:
    for service in case.lists.services.by_name.values():
        raw = service.values.get("ENVIRONMENT") if service.is_process else None
        if raw is None or raw.type != 7:
            continue
        for place, line in enumerate(decode_multi_sz(raw.data).strings):
            name, _, data = line.partition("=")
            if not name.casefold().startswith(_HOOKS):
                continue
            folder = case.path(data).below_drive
            profiled = name.casefold().startswith(("cor_", "coreclr_")) and not folder.startswith("\\program files")
            high = profiled or case.path(data).is_user_writable or name.casefold() not in ("path", "psmodulepath")
            if folder.startswith("\\program files") or data.strip() in ("0", "1"):
                high = False
            yield Hit(
                f"The service {service.name} gets the variable {line}: it decides what the service loads or runs, for this "
                "service alone.",
                (raw.ref.citing(line, place),),
                f"{service.name} {name}",
                Severity.HIGH if high else Severity.MEDIUM,
                story=(case.thread_of_service(service.name),),
            )


SVC_FAILURE_COMMAND = Rule(
    id="svc-failure-command",
    family="services",
    title="A command runs when a service fails",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1543.003",),
    why=(
        "FailureCommand runs as SYSTEM where FailureActions holds the action 3 (run a command). Whoever can make the service "
        "end by accident starts it at will, and no list of autostarts shows it."
    ),
    false_positives=(
        "customScript.cmd (MSiSCSI, WPCSvc), `not used` (WEPHOSTSVC), Spectrum, WinDefend's mrt.exe and NVIDIA's recovery "
        "script are let pass exactly.",
    ),
    remedy="Set FailureActions and FailureCommand as shipped in every control set, and collect what the command names.",
    sources=("detections.md 1.8", "detections.md 5.1"),
    severities="high for an interpreter or a program in a user-writable folder, else medium; one step less where disabled",
    check=_check_failure_command,
)
SVC_TYPE_ODDITIES = Rule(
    id="svc-type-oddities",
    family="services",
    title="A service's numbers make no sense",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    techniques=("T1543.003",),
    why=(
        "Windows' own tools write these numbers right. A program with a driver's Start, a Start that is no number, a foreign "
        "driver that may stop the boot or a key marked as deleted were written by something else, or left behind."
    ),
    false_positives=("Installers that fail half way.", "Security products that mark an old driver as deleted."),
    remedy=(
        BACK_UP
        + "Where the service or driver is one of Windows, or of a product that is wanted, set Start, Type, ErrorControl and "
        "ImagePath as shipped in every control set, and delete a DeleteFlag. Only another one is disabled (Start = 4) in every control "
        "set; then collect what it runs, and delete its key and its file."
    ),
    sources=("detections.md 1.8",),
    severities="low; info for DeleteFlag",
    check=_check_types,
)
SVC_ENVIRONMENT = Rule(
    id="svc-environment",
    family="services",
    title="A service has variables of its own that load code",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1574.012", "T1562.001"),
    why=(
        "The strings of a service's Environment value are added to its environment alone: COR_PROFILER there loads a DLL into "
        "every .NET program it is, Path decides where its DLLs are searched."
    ),
    false_positives=("Monitoring agents set COR_PROFILER for web servers: their DLLs lie in Program Files.",),
    remedy="Delete the value in every control set, and collect the DLL or folder that it names.",
    sources=("detections.md 1.8",),
    severities="high; medium where it names a folder in Program Files, or only Path or PSModulePath",
    check=_check_environment,
)
RULES: tuple[Rule, ...] = (SVC_FAILURE_COMMAND, SVC_TYPE_ODDITIES, SVC_ENVIRONMENT)

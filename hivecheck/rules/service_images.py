r"""What a service runs: interpreters, folders that users can write to, and another file than the one Windows gave it.

Only the image counts, never its arguments: log files in ProgramData are common there. A service of Windows that keeps its name and runs
another program is known by its ImagePath here, as `service_dlls` knows it by the DLL that svchost loads. Source: detections.md 1.8, 5.1.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.create_process import image_meant
from hivecheck.facts.generation import VISTA, WIN8, WIN11, WIN81, XP
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.known_boot_programs import imaging_tool_of
from hivecheck.rules.named_dlls import BACK_UP, cite_value, is_dropped
from hivecheck.rules.odd_images import odd_image, wrapped_programs
from hivecheck.rules.paths import Comparable, runs_an_interpreter, scripting_tool
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_path
from hivecheck.rules.windows_services import windows_drivers, windows_service_images
from hivecheck.settings.services import DISABLED

REPAIR_SERVICE = (
    BACK_UP
    + "Collect what the service or driver runs. Where it is one of Windows, or of a product that is wanted, set ImagePath (and "
    "ServiceDll) as shipped in every control set, and do not disable it. Only another one is disabled (Start = 4) in every control set; then "
    "delete its key, and the file unless that is one of Windows."
)

_CRITICAL_TOOLS = frozenset(
    ("cmd", "%comspec%", "powershell", "pwsh", "mshta", "regsvr32", "rundll32", "wscript", "cscript", "conhost")
)
_TOOLS = frozenset(
    (
        "net", "net1", "netsh", "reg", "regedit", "regini", "sc", "vssadmin", "wbadmin", "diskshadow", "diskpart", "bcdedit",
        "wevtutil", "fltmc", "auditpol", "takeown", "icacls", "taskkill", "curl", "ftp", "ssh", "odbcconf", "hh", "scriptrunner",
        "ieexec", "regasm", "regsvcs", "presentationhost", "mavinject", "xwizard", "certreq", "esentutl", "at", "powershell_ise",
        "syncappvpublishingserver", "explorer",
    )
)  # fmt: skip
_WINDOWS = ("\\windows\\", "\\winnt\\")
_KERNEL_DRIVER = 1
_NAMES = 100  # of one list
_OF_ONE_VARIABLE = 2  # per cent signs: most lines have %SystemRoot% alone
_DEFENDER_FOLDERS = (
    "\\programdata\\microsoft\\windows defender\\", "\\programdata\\microsoft\\microsoft antimalware\\",
)  # fmt: skip


def hit_on(
    case: Case,
    program: ServiceProgram,
    message: str,
    because: tuple[Origin, ...],
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    *paths: Comparable,
) -> Hit:
    """A hit on a service: told with its other findings and with those of its files."""
    service = program.service
    threads = (case.thread_of_service(service.name), *(case.thread_of(path) for path in paths if path.text))
    return Hit(message, because, service.name, severity, confidence, case.events.citing(*service.cite("ImagePath")), threads)


def lowered_if_disabled(program: ServiceProgram, severity: Severity) -> Severity:
    """One step less for what is disabled: it runs only once somebody enables it."""
    return severity.raised(-1) if program.service.start == DISABLED else severity


def vendor_beside(case: Case, program: ServiceProgram, vendor: str) -> str:
    """The vendor, if another part of its product runs from where only administrators write: a name alone proves nothing."""
    for other, who in case.security.sensors if vendor else ():
        if who == vendor and other.service.name != program.service.name and case.security.is_in_place(other, vendor):
            return vendor
    return ""


def unpacked_by_hardware_tool(case: Case, program: ServiceProgram) -> str:
    """Which tool for hardware unpacks such a driver to such a place, in words that follow a comma; '' for none.

    One in a group, or that another service needs, is started by Windows and not by the tool.
    """
    service = program.service
    if service.type != _KERNEL_DRIVER or service.group or not program.image.is_user_writable:
        return ""
    services = case.lists.services.services
    if any(program.name == name.casefold() for other in services for name in other.depends_on_services[:_NAMES]):
        return ""
    from hivecheck.rules.hardware_tools import hardware_tool_of  # few machines have such a driver

    tool = hardware_tool_of(program)
    return f"where {tool} unpacks its driver at each run; attackers bring such drivers along (BYOVD)" if tool else ""


def when_it_runs(program: ServiceProgram) -> str:
    start = program.service.start
    if start in (0, 1, 2):
        return "at each boot"
    return "once it is enabled again" if start == DISABLED else "when it is asked for"


def _check_interpreter(case: Case) -> Iterator[Hit]:
    for program in case.programs:
        if not program.command or program.service.is_driver:
            continue
        command = program.command
        defined: tuple[Origin, ...] = ()
        tool = runs_an_interpreter(command) or _own_tool(program)
        image = program.image if program.service.is_process and tool else None
        if not tool and ("%" in program.image.text or command.count("%") > _OF_ONE_VARIABLE):
            from hivecheck.rules.service_variables import expand_command  # few machines have such a line

            line = expand_command(case, program.service, command)
            tool, defined = runs_an_interpreter(line.text), line.because
            command = f"{command}, which stands for {line.text}" if tool else command
            image = case.path(image_meant(line.text))
        if not tool:
            continue
        worst = Severity.CRITICAL if tool.casefold() in _CRITICAL_TOOLS else Severity.HIGH
        image = image if image is not None else case.path(image_meant(program.command))
        itself = tool == "%ComSpec%" or tool in (scripting_tool(image.name), image.name.removesuffix(".exe"))
        if not itself:
            worst = worst.raised(-1)
        name = "The service" if itself else "The service (by an argument)"
        yield hit_on(
            case,
            program,
            f"{name} {program.service.name} would run {tool} as {program.service.account or 'LocalSystem'} "
            f"{when_it_runs(program)}: {command}",
            (*cite_value(program.service, "ImagePath", program.service.image_path), *defined),
            lowered_if_disabled(program, worst),
            Confidence.HIGH if itself else Confidence.MEDIUM,
        )
    yield from _check_wrapped_interpreter(case)


def _check_wrapped_interpreter(case: Case) -> Iterator[Hit]:
    for one in wrapped_programs(case):
        tool = runs_an_interpreter(one.command)
        if tool:
            name = one.program.service.name
            text = f"The service {name} only starts another program, and that runs {tool} {when_it_runs(one.program)}: {one.command}"
            yield hit_on(
                case, one.program, text, (one.origin,), lowered_if_disabled(one.program, Severity.MEDIUM), Confidence.MEDIUM
            )


def _own_tool(program: ServiceProgram) -> str:
    """A tool of Windows that changes the machine and is no service, where the image itself is it; '' where it is none."""
    if not program.service.is_process:
        return ""
    name = program.image.name.removesuffix(".exe")
    return name if name in _TOOLS and program.image.below_drive.startswith(_WINDOWS) else ""


def _check_user_writable(case: Case) -> Iterator[Hit]:
    plain = f"{case.system_root.casefold()}\\system32"
    usual = frozenset(("", plain, f"{plain}\\drivers"))
    for program in case.programs:
        if program.image.folder in usual and program.dll.folder in usual:
            continue
        for value, path in (("ImagePath", program.image), ("ServiceDll", program.dll)):
            if not path.is_user_writable or path.below_drive.startswith(_DEFENDER_FOLDERS):
                continue
            imager = imaging_tool_of(program) if value == "ImagePath" else ""
            hardware = unpacked_by_hardware_tool(case, program) if value == "ImagePath" and not imager else ""
            vendor = vendor_beside(case, program, vendor_of_path(path))
            kind = "driver" if program.service.is_driver else "service"
            so = f"; folder or name are those of {vendor}, other parts of which are here" if vendor else ""
            so = f"; {imager} unpacks a driver of this name there, and a responder may have run it" if imager else so
            so = f", {hardware}" if hardware else so
            text = program.service.dll if value == "ServiceDll" else program.service.image_path
            yield hit_on(
                case,
                program,
                f"The {kind} {program.service.name} would run {text} {when_it_runs(program)}, which lies in a folder that "
                f"ordinary users can write to by default{so}.",
                cite_value(program.service, value, text),
                Severity.LOW
                if imager
                else lowered_if_disabled(program, Severity.MEDIUM if vendor or hardware else Severity.HIGH),
                None,
                path,
            )
    judged: set[str] = set()  # command lines: many services have that of another
    for program in case.processes:
        if program.command in judged:
            continue
        odd = odd_image(case, program)
        if odd is None and "%" not in program.image.text:
            judged.add(program.command)
        if odd is not None:
            yield hit_on(
                case,
                program,
                f"The service {program.service.name} would run {program.service.image_path} {when_it_runs(program)}, which "
                f"{odd.what}.",
                odd.because,
                lowered_if_disabled(program, odd.severity),
                None,
                odd.path,
            )
    for one in wrapped_programs(case):
        if is_dropped(one.image) and not (one.image.is_odd and one.image.assumed):
            where = "lies in a folder that ordinary users can write to" if one.image.is_user_writable else ""
            yield hit_on(
                case,
                one.program,
                f"The service {one.program.service.name} only starts another program, {one.command}, {when_it_runs(one.program)}, "
                f"which {where or f'is named by {one.image.oddities[0]}'}.",
                (one.origin,),
                lowered_if_disabled(one.program, Severity.HIGH),
                None,
                one.image,
            )


SVC_IMAGEPATH_LOLBIN = Rule(
    id="svc-imagepath-lolbin",
    family="services",
    title="A service runs a command interpreter or a tool of Windows",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1543.003", "T1059"),
    why=(
        "Remote execution tools make services whose ImagePath is a command line for cmd or PowerShell. No Windows service "
        "runs an interpreter; of eight clean hives only msiserver names such a tool, and without the arguments that matter."
    ),
    false_positives=("Home-made services that run a script.", "msiexec /V of the Windows Installer, which is let pass."),
    remedy=REPAIR_SERVICE,
    sources=("detections.md 1.8", "detections.md 5.1"),
    severities=(
        "critical for cmd, %ComSpec%, powershell, mshta, regsvr32, rundll32 and script hosts, high for other tools; one step "
        "less where the tool is an argument only, and where the service is disabled; medium behind a wrapper (srvany, NSSM)"
    ),
    check=_check_interpreter,
)

SVC_PATH_USER_WRITABLE = Rule(
    id="svc-path-user-writable",
    family="services",
    title="A service or driver runs from a folder that users can write to, or from an odd place",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1543.003",),
    why=(
        "Programs of services belong into System32 or Program Files, where only administrators can write. Droppers put them "
        "into Users, ProgramData, Temp and their like; whoever can write there becomes SYSTEM at the next start. So does whoever owns "
        "the other machine that a path leads to. Streams, devices and folders that only look like Windows hide a program from lists."
    ),
    false_positives=(
        "Defender's platform folder and its MpKsl drivers (let pass).",
        "Drivers that imaging tools of responders unpack (win32dd, FTK Imager's ad_driver: low).",
        "Drivers that CPU-Z, Core Temp, GPU-Z and HWiNFO unpack into Temp at each run (medium; names from memory).",
        "Security products and updaters that run from ProgramData.",
        "Home-made services that are a batch file: services.exe ends them after half a minute.",
    ),
    remedy=REPAIR_SERVICE,
    sources=("detections.md 1.8", "detections.md 5.1"),
    severities=(
        "high; medium for a security product other parts of which are installed, a tool for hardware, an unusual ending and a path without a drive; low "
        "for imaging tools; one step less where disabled"
    ),
    needs="the folder's own permissions take the file system",
    check=_check_user_writable,
)
RULES: tuple[Rule, ...] = (SVC_IMAGEPATH_LOLBIN, SVC_PATH_USER_WRITABLE)


_OLD_HOSTS = ("services.exe", "lsass.exe")


def check_replaced_programs(case: Case) -> Iterator[Hit]:
    """Services of Windows whose ImagePath names another program than the shipped one, or one elsewhere."""
    shipped = windows_service_images()
    folder = f"{case.system_root.casefold()}\\system32\\"
    for program in case.processes:
        service, path = program.service, program.image
        names = shipped.get(program.name)
        if names is None or service.is_driver or not path.text:
            continue
        known = (*names, *_OLD_HOSTS) if case.generation < VISTA else names
        if path.text.startswith(folder) and path.text[len(folder) :] in known:
            continue
        if path.name == "securityhealthservice.exe" and path.text.startswith(folder + "securityhealth\\"):
            continue  # its folder of updates
        unsure = path.in_system_folder and not _is_measured(case)
        text = (
            f"The service {service.name} of Windows would run {service.image_path} in the place of {names[0]}, "
            f"{when_it_runs(program)}."
        )
        yield _hit(case, program, text, Severity.MEDIUM if unsure else Severity.CRITICAL, unsure)


def check_replaced_drivers(case: Case) -> Iterator[Hit]:
    """Drivers of Windows whose ImagePath names another file."""
    known = windows_drivers()
    for program in case.drivers:
        service, path, name = program.service, program.image, program.name
        if name not in known or not service.image_path or path.name == f"{name}.sys":
            continue
        unsure = path.in_system_folder and not _is_measured(case)
        worst = Severity.CRITICAL if service.start in (0, 1) else Severity.HIGH
        text = (
            f"The driver {service.name} of Windows would be {service.image_path} in the place of {name}.sys, "
            f"{when_it_runs(program)}."
        )
        yield _hit(case, program, text, Severity.MEDIUM if unsure else worst, unsure)


def _is_measured(case: Case) -> bool:
    """Whether what services run was read in hives of this Windows or of close ones."""
    generation = case.generation
    return XP <= generation < WIN8 or WIN81 < generation < WIN11


def _hit(case: Case, program: ServiceProgram, text: str, severity: Severity, unsure: bool) -> Hit:
    cited = cite_value(program.service, "ImagePath", program.service.image_path)
    confidence = Confidence.LOW if unsure else Confidence.HIGH
    return hit_on(case, program, text, cited, lowered_if_disabled(program, severity), confidence, program.image)

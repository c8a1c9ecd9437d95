r"""What svchost is told to load, what calls itself svchost, and names written to be taken for those of programs of Windows.

Such names have a digit for a letter, two letters swapped, one more or one less. Source: detections.md 1.8, 5.1; names of DLLs from real
hives.
"""

from collections.abc import Iterator
from functools import lru_cache

from hivecheck.boot.service_images import svchost_group
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN8, WIN11, WIN81, WIN2000
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.named_dlls import cite_value, has_folder
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.service_images import REPAIR_SERVICE, check_replaced_programs, hit_on, lowered_if_disabled, when_it_runs
from hivecheck.rules.windows_services import windows_service_dlls

_DIGITS = str.maketrans({"0": "o", "1": "l", "5": "s", "3": "e"})
_IMITATED = ("svchost", "services", "csrss", "winlogon", "spoolsv", "wininit", "explorer", "lsass", "smss")
_SHUFFLED = {"".join(sorted(name)): name for name in _IMITATED}
_SHORTENED = {name[:place] + name[place + 1 :]: name for name in _IMITATED for place in range(1, len(name))}


def imitated_program(name: str) -> str:
    """The program of Windows that a folded name without ending looks like; '' for its own name, and where it looks like none."""
    if name in _IMITATED or not 3 < len(name) < 12:
        return ""
    spelled = name.translate(_DIGITS).replace("vv", "w").replace("rn", "m")
    if spelled in _IMITATED:
        return spelled
    found = _SHUFFLED.get("".join(sorted(name))) or _SHORTENED.get(name)
    if found:
        return found
    return next((one for one in _IMITATED if len(one) == len(name) - 1 and _is_one_more(name, one)), "")


def _is_one_more(name: str, one: str) -> bool:
    """Whether a name is another one with one letter more."""
    return any(name[:place] + name[place + 1 :] == one for place in range(len(name)))


_SHIPPED_ELSEWHERE = frozenset(
    (("helpsvc", "pchsvc.dll"), ("windefend", "mpsvc.dll"), ("winhttpautoproxysvc", "winhttp.dll"))
)
_MASKED = frozenset(
    (
        "svchost",
        "lsass",
        "services",
        "spoolsv",
        "smss",
        "csrss",
        "wininit",
        "winlogon",
        "lsm",
        "dllhost",
        "taskhost",
        "taskhostw",
    )
)
_MASKED_NAMES = tuple(_MASKED)
_OWN_FOLDERS = ("\\system32", "\\syswow64", "\\sysnative")


def _check_dll(case: Case) -> Iterator[Hit]:
    shipped = windows_service_dlls()
    plain = f"{case.system_root.casefold()}\\system32"
    for program in case.programs:
        path, service = program.dll, program.service
        if not path.text or program.name == "termservice":
            continue
        names = shipped.get(program.name, ())
        if path.name in names and path.folder == plain:
            continue  # as nearly all
        fault = fault_of_service_dll(path, service.dll)
        known_exception = (program.name, path.name) in _SHIPPED_ELSEWHERE and not path.is_user_writable
        if names and path.name not in names:
            unsure = not fault and not _is_measured(case)
            yield hit_on(
                case,
                program,
                f"The service {service.name} of Windows would load {service.dll} in the place of {names[0]}, "
                f"{when_it_runs(program)}.",
                cite_value(service, "ServiceDll", service.dll),
                lowered_if_disabled(program, Severity.MEDIUM if unsure else Severity.CRITICAL),
                Confidence.LOW if unsure else Confidence.HIGH,
                path,
            )
        elif fault and not known_exception:
            in_programs = (
                path.below_drive.startswith(("\\program files\\", "\\program files (x86)\\")) and path.ending == ".dll"
            )
            yield hit_on(
                case,
                program,
                f"The service {service.name} would have svchost load {service.dll} {when_it_runs(program)}: {fault}.",
                cite_value(service, "ServiceDll", service.dll),
                lowered_if_disabled(program, Severity.MEDIUM if in_programs else Severity.HIGH),
                None,
                path,
            )
    yield from check_replaced_programs(case)


def fault_of_service_dll(path: Comparable, text: str) -> str:
    """What is odd about the DLL of a service, in words; '' where nothing is."""
    if not has_folder(text):
        return "it is named without a folder, so that it is searched for"
    if path.ending != ".dll":
        return "it is not named like a DLL"
    if not path.in_system_folder:
        return "it lies outside System32"
    return f"it has {path.oddities[0]}" if path.is_odd else ""


def _is_measured(case: Case) -> bool:
    """Whether the names of the DLLs were read in hives of this Windows or of close ones."""
    generation = case.generation
    return WIN2000 < generation < VISTA or VISTA < generation < WIN8 or WIN81 < generation < WIN11


@lru_cache(maxsize=1_000)  # services that share a group share their command line
def _group(command: str) -> str:
    """The folded name behind -k, '' where there is none."""
    return svchost_group(command).casefold()


def _tell_lookalike(case: Case, program: ServiceProgram, likeness: str) -> Hit:
    service = program.service
    return hit_on(
        case,
        program,
        f"The service {service.name} would run {service.image_path} {when_it_runs(program)}: the name is made to look like "
        f"{likeness}.exe, and the file lies among those of Windows.",
        cite_value(service, "ImagePath", service.image_path),
        lowered_if_disabled(program, Severity.HIGH),
        Confidence.MEDIUM,
        program.image,
    )


def _check_masquerade(case: Case) -> Iterator[Hit]:
    groups: dict[str, list[ServiceProgram]] = {}
    root = f"{case.system_root.casefold()}\\"
    for program in case.programs:
        if program.service.is_driver and not program.service.is_process:
            continue
        masked = program.image.name.startswith(_MASKED_NAMES)
        if not masked and not program.image.text.startswith(root):
            continue
        name = program.image.name.partition(" ")[0].removesuffix(".exe")
        if not masked or name not in _MASKED or program.service.is_driver or not program.image.drive:
            likeness = imitated_program(name)
            if likeness and program.service.is_process and program.image.text.startswith(root):
                yield _tell_lookalike(case, program, likeness)
            continue
        service, path = program.service, program.image
        if not path.folder.endswith(_OWN_FOLDERS) or not path.in_system_folder:
            yield hit_on(
                case,
                program,
                f"The service {service.name} would run {service.image_path} {when_it_runs(program)}: the name is that of a "
                "program of Windows, the folder is not.",
                cite_value(service, "ImagePath", service.image_path),
                lowered_if_disabled(program, Severity.CRITICAL),
                Confidence.HIGH,
                path,
            )
        elif name == "svchost":
            group = _group(program.command)
            if not group:
                yield hit_on(
                    case,
                    program,
                    f"The service {service.name} runs svchost without -k and a group: it would end at once, unless the program "
                    "is not what its name says.",
                    cite_value(service, "ImagePath", service.image_path),
                    Severity.MEDIUM,
                )
            else:
                groups.setdefault(group, []).append(program)
    for group, members in groups.items():
        service = members[0].service
        if len(members) == 1 and members[0].name not in windows_service_dlls() and case.is_new(service.ref):
            yield hit_on(
                case,
                members[0],
                f"The service {service.name} is new and the only one in svchost's group {group}: Windows puts its own services "
                "into groups of several, or known ones.",
                cite_value(service, "ImagePath", service.image_path),
                Severity.MEDIUM,
                Confidence.LOW,
            )


SVC_SERVICEDLL = Rule(
    id="svc-servicedll",
    family="services",
    title="A service of Windows runs another file, or svchost is told to load an odd DLL",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1543.003",),
    why=(
        "ServiceDll names what svchost loads for a service, in a process that looks like Windows. Implants add a service of "
        "their own (TinyTurla's W64Time), or point one of Windows to their DLL. DLLs of Windows lie in System32. Nor does Windows ever "
        "change what its own services run: a known name with another program in ImagePath is a service taken over."
    ),
    false_positives=(
        "helpsvc (PCHealth), WinHttpAutoProxySvc (a bare winhttp.dll) and WinDefend of 7, which are let pass.",
        "Printer software with DLLs in Program Files.",
        "Developers who give a service of theirs a renamed svchost to debug it.",
    ),
    remedy=(
        "Image the disk and collect the DLL or program. For a service of Windows, or of a product that is wanted, set ImagePath and "
        "ServiceDll as shipped before deleting the file that they named; only another service is disabled and then deleted; in every "
        "control set."
    ),
    sources=("detections.md 1.8", "detections.md 5.1"),
    severities=(
        "critical for another DLL or program of a Windows service (medium in System32 of a Windows whose names were not measured), high for "
        "an odd place or ending, medium in Program Files; one step less where disabled"
    ),
    needs="whether svchost's group holds the service stands in the SOFTWARE hive; what the DLL is takes the file",
    check=_check_dll,
)
SVC_SVCHOST_MASQUERADE = Rule(
    id="svc-svchost-masquerade",
    family="services",
    title="A service's program takes the name of one of Windows",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1036.005",),
    why=(
        "svchost, lsass, services and their like run from System32 only. A service that runs one from elsewhere hides behind the "
        "name; svchost without a group has nothing to do."
    ),
    false_positives=("None known for another folder. A new group of one's own: some products host a service in svchost.",),
    remedy=REPAIR_SERVICE,
    sources=("detections.md 1.8",),
    severities="critical for another folder, high for a name that only looks like one of theirs, medium for svchost without -k or alone in a group and new; one step less where disabled",
    check=_check_masquerade,
)
RULES: tuple[Rule, ...] = (SVC_SERVICEDLL, SVC_SVCHOST_MASQUERADE)

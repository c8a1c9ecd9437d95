r"""Services whose program is searched for, and those that tools of remote execution and kernel access leave behind, known by name.

Searched for are paths with blanks and no quotes, and names without a folder. Source: detections.md 1.8, 5.1.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.create_process import find_created_image, image_meant
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.service_images import REPAIR_SERVICE, hit_on, lowered_if_disabled, when_it_runs
from hivecheck.settings.services import Service


def _check_unquoted(case: Case) -> Iterator[Hit]:
    placed = {path.text for move in case.renames.operations if (path := move.destination) is not None and not move.fails}
    for program in case.processes:
        service = program.service
        if " " not in program.image.text or program.command.lstrip(" \t").startswith('"'):
            continue
        earlier = find_created_image(program.command, ()).ambiguous
        if not earlier and "%" in program.command:
            earlier = find_created_image(program.image.text, ()).ambiguous
        if not earlier:
            continue
        lands = next((name for name in earlier if case.path(name).text in placed), "")
        told = f" A pending rename would put {lands} there." if lands else ""
        yield hit_on(
            case,
            program,
            f"The path of the service {service.name} has blanks and no quotes: Windows would start {earlier[0]} in its place, "
            f"if that file exists.{told}",
            cite_value(service, "ImagePath", service.image_path),
            Severity.MEDIUM if lands else Severity.LOW,
            None,
            *((case.path(lands),) if lands else ()),
        )


def _check_relative(case: Case) -> Iterator[Hit]:
    for program in case.processes:
        service = program.service
        if not program.image.text or program.image.drive:
            continue
        from hivecheck.rules.service_variables import expand_command  # few machines have such a service

        line = expand_command(case, service, program.command)
        image = image_meant(line.text) if "%" in program.command else program.image.text
        bare = "\\" not in image and ":" not in image
        unknown = next((name for name in line.undefined if image.startswith(name)), "")
        if not bare and not unknown:
            continue
        told = _named_so(service, program.image.name if image == program.image.text else image, unknown)
        yield hit_on(
            case,
            program,
            f"The service {service.name} {told}: Windows would search System32, the Windows folder and then Path for "
            f"{'a file of that very name' if unknown else 'it'}, {when_it_runs(program)}.",
            (*cite_value(service, "ImagePath", service.image_path), *line.because),
            lowered_if_disabled(program, Severity.MEDIUM),
        )


def _named_so(service: Service, image: str, unknown: str) -> str:
    """How a service names its program, where that is no path: `unknown` is the variable that stays in it, '' for none."""
    if not unknown:
        expanded = f", from {service.image_path}," if "%" in service.image_path else ""
        return f"names {image}{expanded} without a folder"
    if not service.expands("ImagePath"):
        return f"names {image}, and as its ImagePath is no REG_EXPAND_SZ the variable {unknown} is not replaced"
    return (
        f"names {image}, and nothing in the machine's environment defines the variable {unknown}, so that it stays as it is"
    )


SVC_UNQUOTED = Rule(
    id="svc-unquoted",
    family="services",
    title="A service's path has blanks and no quotes",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1574.009",),
    why=(
        "CreateProcess takes every blank of a path without quotes for a possible end of the program's name: for "
        "`C:\\Program Files\\x.exe` it tries C:\\Program.exe first, as the service's account."
    ),
    false_positives=(
        "A common slip of installers; since Vista ordinary users can't create files in the root of the drive.",
    ),
    remedy="Put quotes around the program in every control set; collect the earlier file, if it exists.",
    sources=("detections.md 1.8", "documentation of CreateProcess (lpApplicationName)"),
    severities="low; medium where a pending rename puts one of the earlier files there",
    needs="whether the earlier file exists takes the file system",
    check=_check_unquoted,
)

SVC_RELATIVE = Rule(
    id="svc-relative",
    family="services",
    title="A service names its program without a folder",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    techniques=("T1543.003", "T1574.007"),
    why=(
        "A bare name is searched in System32, the Windows folder and then along Path: whoever can write into an earlier "
        "folder decides what runs. No service of Windows is named so. Variables are replaced as services.exe does it; one that "
        "nothing defines stays in the name and makes it such a name."
    ),
    false_positives=("Some tools of responders (F-Response) install themselves so.",),
    remedy=REPAIR_SERVICE,
    sources=("detections.md 1.8",),
    severities="medium; low where disabled",
    check=_check_relative,
)


_REMOTE, _RESPONDER, _DRIVER = "runs programs from afar", "is a tool of responders", "can be abused from user mode"
_TOOLS: dict[str, tuple[str, str]] = {
    "psexesvc": ("PsExec", _REMOTE), "btobto": ("Impacket's smbexec", _REMOTE), "winexesvc": ("winexe", _REMOTE),
    "remcomsvc": ("RemCom", _REMOTE), "csexecsvc": ("CSExec", _REMOTE), "fresponse service": ("F-Response", _RESPONDER),
    "mnemosyne": ("F-Response's memory driver", _RESPONDER), "mimidrv": ("Mimikatz's driver", _DRIVER),
    "gdrv": ("a GIGABYTE driver", _DRIVER), "rtcore64": ("MSI Afterburner's driver", _DRIVER),
    "dbutil_2_3": ("a Dell driver", _DRIVER), "procexp152": ("Process Explorer's driver", _DRIVER),
    "aswarpot": ("Avast's rootkit scanner", _DRIVER), "zam64": ("Zemana's driver", _DRIVER),
    "truesight": ("RogueKiller's driver", _DRIVER), "capcom": ("Capcom's driver", _DRIVER),
    "iqvw64e": ("Intel's network diagnostics", _DRIVER), "mhyprot2": ("miHoYo's game guard", _DRIVER),
    "dbutildrv2": ("a Dell driver", _DRIVER), "zamguard64": ("Zemana's driver", _DRIVER),
    "viragt64": ("TG Soft's driver", _DRIVER), "wsftprm": ("Topaz's driver", _DRIVER),
    "rentdrv2": ("Shunwang's driver", _DRIVER), "bdapiutil64": ("Baidu's driver", _DRIVER),
    "nseckrnl": ("NSEC's driver", _DRIVER), "k7rkscan": ("K7's rootkit scanner", _DRIVER),
}  # fmt: skip
_BEGINNINGS = (
    ("paexec-", "PAExec", _REMOTE), ("kprocesshacker", "Process Hacker's driver", _DRIVER), ("winring0", "WinRing0", _DRIVER),
    ("zemana", "Zemana", _DRIVER),
)  # fmt: skip
_FIRST = tuple(start for start, _, _ in _BEGINNINGS)


def _check(case: Case) -> Iterator[Hit]:
    for program in case.programs:
        name, named = program.name, "name"
        known = _TOOLS.get(name)
        if known is None and name.startswith(_FIRST):
            known = _begins(name)
        if known is None and program.service.is_driver:
            name, named = program.image.name.removesuffix(".sys"), "file"
            known = _TOOLS.get(name) or (_begins(name) if name.startswith(_FIRST) else None)
        if known is None:
            continue
        who, what = known
        harmless = what is _RESPONDER or (name == "aswarpot" and case.has_service("avast*"))
        yield hit_on(
            case,
            program,
            f"The {named} of the {'driver' if program.service.is_driver else 'service'} {program.service.name} is that of {who}, "
            f"which {what}. It would run {when_it_runs(program)}.",
            program.service.cite("ImagePath"),
            Severity.INFO if harmless else Severity.MEDIUM,
            None,
            program.image,
        )


def _begins(name: str) -> tuple[str, str]:
    """The tool whose name another begins with."""
    return next((who, what) for start, who, what in _BEGINNINGS if name.startswith(start))


SVC_PSEXEC_ARTEFACTS = Rule(
    id="svc-psexec-artefacts",
    family="services",
    title="A service has the name of a remote execution tool or of a driver known for its holes",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1569.002", "T1068"),
    why=(
        "PsExec and its like leave a service behind when they are broken off. Drivers that let any program read kernel memory "
        "are brought along to end security products."
    ),
    false_positives=(
        "Administrators use PsExec; responders use F-Response.", "The drivers belong to tuning, hardware and scanner tools.",
    ),
    remedy=REPAIR_SERVICE,
    sources=("detections.md 1.8",),
    severities="medium; info for tools of responders and for a scanner's driver whose product is installed",
    needs="who installed it, and when, stands in the System event log",
    check=_check,
)  # fmt: skip

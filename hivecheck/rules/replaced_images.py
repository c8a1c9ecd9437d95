r"""Services and drivers of Windows that run another file than the one Windows gave them: the name is kept, the program is not.

A service is checked by its ImagePath, as `service_dlls` checks the DLL that svchost loads. Source: detections.md 1.8.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN8, WIN11, WIN81, XP
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.service_images import hit_on, lowered_if_disabled, when_it_runs
from hivecheck.rules.windows_services import windows_drivers, windows_service_images

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

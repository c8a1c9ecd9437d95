"""svchost's groups, which stand in SOFTWARE: whether svchost would run a service that SYSTEM has it load a DLL for.

Source: "Service host groups" of Windows Internals 7; detections.md 1.8.
"""

import re
from collections.abc import Iterable, Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Severity
from hivecheck.settings.software import Software

_GROUP = re.compile(r'(?:^|[ \t])[-/]k[ \t]+(?:"([^"]*)"|([^ \t]+))', re.IGNORECASE)


def refine_service_dlls(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """A step milder where no group of svchost holds the service, surer where one does: only then its DLL is loaded."""
    programs = {program.service.name: program for program in case.programs}
    for hit in hits:
        program = programs.get(hit.subject)
        found = _GROUP.search(program.command) if program is not None and program.image.name == "svchost.exe" else None
        if found is None or not software.svchost_groups:
            yield hit
            continue
        group = found[1] or found[2] or ""
        members = {fold_name(name) for name in software.svchost_groups.get(fold_name(group), ())}
        because = (*hit.because, software.group_origins.get(fold_name(group), software.root))
        if fold_name(hit.subject) in members:
            told = f" SOFTWARE lists it in svchost's group {group}."
            yield changed(hit, message=hit.message + told, because=because, confidence=Confidence.HIGH)
        else:
            told = f" SOFTWARE does not list it in svchost's group {group}: svchost would not run it as things are."
            severity = (hit.severity or Severity.CRITICAL).raised(-1)
            yield changed(hit, message=hit.message + told, because=because, severity=severity)

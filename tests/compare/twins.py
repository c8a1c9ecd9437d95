"""Pairs of made-up machines for the tests of comparison: each infected test hive with its clean twin, and one after an ordinary update."""

import json
from pathlib import Path
from typing import Any

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.compare.diff import Diff, compare_documents
from hivecheck.compare.documents import checked_document
from hivecheck.compare.services_diff import compare_services
from hivecheck.facts.fact import changed
from hivecheck.registry.notation import parse_notation
from hivecheck.report.diff_document import change_origins
from hivecheck.report.document import analysis_document
from tests.hive_control import compose_hive
from tests.hive_machines import Machine, machine
from tests.hive_services import AUTO, FILE_SYSTEM, OWN_PROCESS, SYSTEM, Service, write_service
from tests.hive_text import HiveText, dword, expand, multi, sz
from tests.hive_writer import build_hive
from tests.infected_hives import SESSION_MANAGER, Infected

GENERATED = "2026-01-01T00:00:00Z"
SM = rf"ControlSet001\{SESSION_MANAGER}"
UPDATED = "2020-05-12T03:10:00Z"


def write(folder: Path, name: str, hive: HiveText) -> Path:
    """The hive as a file in a folder of its own."""
    path = folder / name / "SYSTEM"
    path.parent.mkdir(parents=True)
    path.write_bytes(build_hive(parse_notation(hive.render(), name)))
    return path


def document_of(analysis: Analysis) -> dict[str, Any]:
    """The analysis as it is after it was saved and read."""
    return checked_document(json.loads(json.dumps(analysis_document(analysis, GENERATED))), "test")


def compare_files(before: Path, after: Path, **options: Any) -> Diff:
    """Both hives analyzed and compared at all heights."""
    one, other = (analyze(path, Options(**{"verify": "none", **options})) for path in (before, after))
    told = compare_services(one.services, other.services)
    services = tuple(changed(change, because=change_origins(change)) for change in told)
    return compare_documents(document_of(one), document_of(other), services=services)


def clean_twin(infected: Infected) -> HiveText:
    """The same machine before anyone tampered with it. The sensors that the bootkit is after are its own."""
    hive = compose_hive(infected.machine, "The machine before.")
    if "bootkit" in infected.machine.file:
        put_sensors(hive, infected.machine)
    return hive


def put_sensors(hive: HiveText, base: Machine) -> None:
    sensor = r"\??\C:\Windows\system32\drivers\CrowdStrike\csagent.sys"
    generation = base.generation
    for service in (
        Service("CSAgent", generation, generation, FILE_SYSTEM, SYSTEM, 1, "FSFilter Activity Monitor", sensor),
        Service("SysmonDrv", generation, generation, 1, 0, 1, "", "SysmonDrv.sys"),
    ):
        write_service(hive, "ControlSet001", service, base.installed)


def before_update() -> HiveText:
    """A machine of Windows 10 1903 with an updater's service, two variables of its hardware and one KnownDLL less than it ships with."""
    base = machine("win10-1903-x64")
    hive = compose_hive(base, "Before an ordinary update.")
    _put_updater(hive, base, "1.3.101.1")
    hive.key(SM + r"\Environment").put("NUMBER_OF_PROCESSORS", sz("2"))
    return hive


def after_update() -> HiveText:
    """The same machine when the update waits for its boot: renames, poqexec, a newer updater, more processors, counters."""
    base = machine("win10-1903-x64")
    hive = compose_hive(base, "After an ordinary update.")
    _put_updater(hive, base, "1.3.105.2")
    hive.key(SM + r"\Environment").put("NUMBER_OF_PROCESSORS", sz("4"))
    key = hive.key(SM, UPDATED)
    system = r"\??\C:\Windows\System32"
    pairs = (
        (rf"{system}\drivers\SET5C40.tmp", rf"!{system}\drivers\vmfilter.sys"),
        (rf"{system}\SET1F2A.tmp", ""),
        (r"\??\C:\Config.Msi\a014fa5.rbf", ""),
        (r"\??\C:\Windows\WinSxS\Temp\PendingDeletes\$$DeleteMe.mscms.dll.01d0", ""),
        (r"\??\C:\Windows\Temp\nsx1A04.tmp", ""),
    )
    key.put("PendingFileRenameOperations", multi(*(string for pair in pairs for string in pair)))
    poqexec = r"C:\Windows\System32\poqexec.exe /display_progress \SystemRoot\WinSxS\pending.xml"
    key.put("SETUPEXECUTE", multi(poqexec))
    hive.key(SM + r"\Memory Management\PrefetchParameters").put("BootId", dword(140))
    return hive


def _put_updater(hive: HiveText, base: Machine, version: str) -> None:
    image = rf'"C:\Program Files (x86)\Viewer\Update\{version}\update.exe" /svc'
    generation = base.generation
    updater = Service("viewerupdate", generation, generation, OWN_PROCESS, AUTO, 1, "", image, "LocalSystem")
    write_service(hive, "ControlSet001", updater, UPDATED)


__all__ = ("SM", "after_update", "before_update", "clean_twin", "compare_files", "document_of", "expand", "write")

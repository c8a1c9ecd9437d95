r"""smss makes names: the links of `DOS Devices`, `\Sessions`, and the KnownDlls directories with their sections.

Source: smss.md A.1 steps 9, 10, 13, A.3 steps 11 to 13 and 22, B.8, B.9, B.10, C.2, C.3 (ReactOS sminit.c).
"""

from collections.abc import Iterator

from hivecheck.boot.actions import CreateDirectory, Link, MapSection, Unlink
from hivecheck.boot.plan import Done, Halt, Plan, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN10_1709, WIN2000, Family
from hivecheck.facts.nt_path import NtPath, has_drive
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import (
    DLL_DIRECTORY,
    DLL_DIRECTORY_32,
    DOS_DEVICES,
    EXCLUDE_FROM_KNOWN_DLLS,
    KNOWN_DLLS,
    Row,
)

NTDLL = "ntdll.dll"


def link_dos_devices(smss: Smss, certainty: Certainty) -> Plan:
    r"""A link in `\GLOBAL??` for each value; empty data removes one. Up to 2003 the first failure ends the boot."""
    for device in smss.settings[DOS_DEVICES].value:
        name = f"\\GLOBAL??\\{device.name}"
        target = smss.expand_early(device.text) if device.expands else device.text
        action = Link(name, target) if target else Unlink(name)
        done = yield smss.ask(Step.DOS_DEVICES, action, certainty, (device.origin,))
        if done is Done.NO:
            mark = Certainty.A if smss.family is Family.G2 else Certainty.C
            why = f"The DOS device '{device.name}' can't be linked, and smss gives up at the first such failure."
            if smss.family in (Family.G1, Family.G2):
                yield Halt(why, certainty & mark, (device.origin,))
                return
            yield Problem(
                "dos-device-not-linked", why + " Whether Windows of this generation does is not known.", (device.origin,)
            )


def make_sessions_directory(smss: Smss, certainty: Certainty) -> Plan:
    r"""`\Sessions`: from XP on always, in 2000 only with the terminal service."""
    if smss.generation < WIN2000:
        return
    doubt = "the terminal service is installed" if smss.generation == WIN2000 else ""
    because = (BuiltIn("\\Sessions", "smss.md C.2, A.1 step 10"),)
    yield smss.ask(Step.DOS_DEVICES, CreateDirectory("\\Sessions"), certainty, because, doubt=doubt)


def make_known_dll_directories(smss: Smss, certainty: Certainty) -> Plan:
    """8 and later make the directories empty, long before the DLLs are mapped."""
    for directory, _, _ in _widths(smss):
        because = (BuiltIn(directory, "smss.md A.3 step 11, C.2"),)
        yield smss.ask(Step.OBJECT_DIRECTORIES, CreateDirectory(directory), certainty, because)


def map_known_dlls(smss: Smss, certainty: Certainty) -> Plan:
    """Each entry becomes a section named after its file, unless its label or its file name is excluded."""
    for directory, row, default in _widths(smss):
        setting = smss.settings[row]
        because: tuple[Origin, ...] = setting.origins or (BuiltIn(f"{row.name} = {default}", "smss.md B8.2"),)
        mark, doubt = certainty, ""
        folder = smss.handed(row, setting.value) if setting.value else smss.expand_early(default)
        if row is DLL_DIRECTORY and smss.family in (Family.G1, Family.G2) and not (setting.value and has_drive(folder)):
            what = "names no folder that can be opened" if setting.value else "is missing"
            why = f"DllDirectory {what}: the KnownDLLs can't be mapped, and smss gives up (STOP 0xC000021A)."
            yield Halt(why, certainty, because)
            return
        if not setting.value and smss.family is Family.G3:
            mark = certainty & Certainty.C
        if smss.family is Family.G4 and fold_name(folder) != fold_name(smss.expand_early(default)):
            mark = certainty & Certainty.C  # 8 and 8.1 still write DllDirectory; 1709 and later have it built in
            doubt = f"smss still obeys {row.name}" if smss.generation >= WIN10_1709 else ""
        path = f"\\??\\{folder}" if has_drive(folder) else folder
        yield smss.ask(Step.KNOWN_DLLS, CreateDirectory(directory), mark, because)
        yield smss.ask(Step.KNOWN_DLLS, Link(f"{directory}\\KnownDllPath", folder), mark, because, doubt=doubt)
        yield from _map_entries(smss, directory, path.rstrip("\\"), mark, because, doubt)


def _map_entries(
    smss: Smss, directory: str, path: str, certainty: Certainty, folder_origins: tuple[Origin, ...], doubt: str
) -> Plan:
    always = (BuiltIn("ntdll.dll is always mapped", "smss.md B8.9"),)
    mark = smss.known_of_2003(certainty)
    section = MapSection(f"{directory}\\{NTDLL}", NtPath(f"{path}\\{NTDLL}"))
    yield smss.ask(Step.KNOWN_DLLS, section, mark, always, doubt=doubt)
    row = EXCLUDE_FROM_KNOWN_DLLS
    mapped: set[str] = set()
    excluded = {fold_name(smss.handed(row, string.text)): string.origin for string in smss.settings[row].value}
    for dll in smss.settings[KNOWN_DLLS].value:
        file_name = smss.expand_early(dll.text) if dll.expands else dll.text
        if not file_name:
            continue
        because: tuple[Origin, ...] = (dll.origin,)
        withheld, sure = "", certainty
        hit = excluded.get(fold_name(dll.name), excluded.get(fold_name(file_name)))
        if fold_name(file_name) == fold_name(NTDLL):
            withheld = "ntdll.dll is mapped always and never taken from the list"
        elif hit is not None:
            withheld = "ExcludeFromKnownDlls names it: each process looks for the file along its own search path"
            because, sure = (dll.origin, hit), smss.known_of_2003(certainty)
        elif fold_name(file_name) in mapped:
            sure = smss.known_of_2003(certainty)  # two sections of one name
        else:
            mapped.add(fold_name(file_name))
        action = MapSection(f"{directory}\\{file_name}", NtPath(f"{path}\\{file_name}"))
        yield smss.ask(Step.KNOWN_DLLS, action, sure, because + folder_origins, withheld=withheld, doubt=doubt)


def _widths(smss: Smss) -> Iterator[tuple[str, Row[str], str]]:
    yield "\\KnownDlls", DLL_DIRECTORY, "%SystemRoot%\\system32"
    if smss.is_64_bit:
        yield "\\KnownDlls32", DLL_DIRECTORY_32, "%SystemRoot%\\syswow64"

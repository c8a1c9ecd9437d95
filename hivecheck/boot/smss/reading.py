r"""smss reads: its own start, what it deletes from the registry while reading, and the environment it builds meanwhile.

Values with the DELETE flag are removed when they are read, before any of their operations is done.
Source: smss.md A.1 steps 1 to 8, A.3 steps 1 to 10, B1.2, B1.12, B3.8, B.13 (ReactOS sminit.c SmpLoadDataFromRegistry).
"""

from collections.abc import Callable
from typing import Any

from hivecheck.boot.actions import CreateDirectory, CreateObject, DeleteValue, SetVariable
from hivecheck.boot.plan import Halt, Plan, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN2000, Family
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import (
    ALLOW_PROTECTED_RENAMES,
    DOS_DEVICES,
    ENVIRONMENT,
    KNOWN_DLLS,
    MEMORY_MANAGEMENT,
    MINI_NT,
    OBJECT_DIRECTORIES,
    PENDING_RENAMES,
    PENDING_RENAMES_2,
    SAFEBOOT_OPTION,
    SUBSYSTEMS,
    Row,
)
from hivecheck.settings.setting import Presence

_ENVIRONMENT = 10_000_000  # characters that the replay follows: variables that quote each other grow without end


def make_own_objects(smss: Smss, certainty: Certainty) -> Plan:
    """The port, the event and, from 8 on, the mutex that smss makes for itself."""
    port = "ALPC port" if smss.family in (Family.G3, Family.G4) else "LPC port"
    made = [("\\SmApiPort", port, certainty, "smss.md C.2, A.1 step 3")]
    if smss.generation >= WIN2000:
        mark = certainty if smss.family is Family.G2 else certainty & Certainty.C
        made.append(("\\Device\\VolumesSafeForWriteAccess", "event", mark, "smss.md C.2, A.1 step 4"))
    if smss.family is Family.G4:
        made.append(("\\PendingRenameMutex", "mutex", certainty, "smss.md C.2, A.3 step 1"))
    for name, kind, mark, source in made:
        because = (BuiltIn(f"{name}", source),)
        yield smss.ask(Step.READ_SETTINGS, CreateObject(name, kind), mark, because)


def start_environment(smss: Smss, certainty: Certainty) -> Plan:
    """The environment inherited from the kernel, and the safe-mode variable of the last boot removed."""
    root = smss.system_root
    inherited = BuiltIn("environment given by the kernel", "smss.md B13.3 (ReactOS ntoskrnl/ex/init.c)")
    doubt = f"Windows is installed in {root}" if smss.system_root_assumed else ""
    for name, value in (("Path", f"{root}\\System32"), ("SystemDrive", root[:2]), ("SystemRoot", root)):
        smss.set_variable(name, value)
        variable = SetVariable(name, value)
        yield smss.ask(Step.READ_SETTINGS, variable, certainty, (inherited,), process="System", doubt=doubt)
    left_behind = smss.settings[SAFEBOOT_OPTION]
    if left_behind.raw is not None:
        delete = DeleteValue(smss.session_manager_key + "\\Environment", "SAFEBOOT_OPTION")
        mark = Certainty.A if smss.family is Family.G2 else Certainty.C
        yield smss.ask(Step.READ_SETTINGS, delete, certainty & mark, (left_behind.raw.ref,))
    safe_mode = smss.safe_mode_variable
    if safe_mode is not None and smss.family in (Family.G3, Family.G4):  # before that, only later programs see it
        value, mark, because, doubt = safe_mode
        smss.set_variable("SAFEBOOT_OPTION", value)
        variable = SetVariable("SAFEBOOT_OPTION", value)
        yield smss.ask(Step.READ_SETTINGS, variable, certainty & mark, because, doubt=doubt)
    smss.inherited = dict(smss.environment)


def make_object_directories(smss: Smss, certainty: Certainty) -> Plan:
    """`ObjectDirectories`, made while the registry is still being read; a failure is only logged."""
    setting, found = smss.settings[OBJECT_DIRECTORIES], False
    for string in setting.value:
        directory = CreateDirectory(smss.handed(OBJECT_DIRECTORIES, string.text))
        found = found or fold_name(directory.name) == "\\WINDOWS"
        yield smss.ask(Step.OBJECT_DIRECTORIES, directory, certainty, (string.origin,))
    if not found and setting.presence is not Presence.UNREADABLE:
        text = "ObjectDirectories does not name \\Windows, so csrss can't create its port there (inferred)."
        yield Problem("windows-directory-missing", text, setting.origins)


def consume_allow_protected_renames(smss: Smss, certainty: Certainty) -> Plan:
    yield from _delete_when_read(smss, ALLOW_PROTECTED_RENAMES, certainty)


def consume_rename_lists(smss: Smss, certainty: Certainty) -> Plan:
    """Both lists are deleted when read; in Windows PE mode 8 and later leave them in place."""
    for row in (PENDING_RENAMES, PENDING_RENAMES_2):
        if row is PENDING_RENAMES_2 and smss.family is Family.G1:
            continue  # NT 4 has no second list
        if smss.is_win_pe and smss.family is Family.G4:
            because = smss.settings[MINI_NT].origins
            reason = "the key MiniNT makes smss take this boot for Windows PE: the list is left in place for later boots"
            yield from _delete_when_read(smss, row, certainty & Certainty.C, because, withheld=reason)
        else:
            yield from _delete_when_read(smss, row, certainty)


def _delete_when_read(
    smss: Smss, row: Row[Any], certainty: Certainty, because: tuple[Origin, ...] = (), withheld: str = ""
) -> Plan:
    setting = smss.settings[row]
    if setting.raw is None:
        return
    delete = DeleteValue(smss.session_manager_key, row.name)
    note = "It is deleted when read, before any of its operations is done." if not withheld else ""
    origins = (setting.raw.ref, *because)
    yield smss.ask(Step.READ_SETTINGS, delete, certainty, origins, withheld=withheld, note=note)


def need_key(row: Row[Any]) -> Callable[[Smss, Certainty], Plan]:
    """A step that ends the boot where the row's key is missing: the whole query of the registry then fails."""

    def check(smss: Smss, certainty: Certainty) -> Plan:
        if smss.settings[row].presence is Presence.ABSENT:
            name = row.key.rsplit("\\", 1)[-1]
            why = (
                f"The key Session Manager\\{name} is missing: reading the settings fails, and with it smss "
                f"(STOP 0xC000021A, Session Manager Initialization)."
            )
            source = BuiltIn("a missing subkey fails the query", "smss.md B1.2 (ReactOS sminit.c, rtl/registry.c)")
            yield Halt(why, certainty & Certainty.C, (source,))

    return check


need_memory_management = need_key(MEMORY_MANAGEMENT)
need_dos_devices = need_key(DOS_DEVICES)
need_known_dlls = need_key(KNOWN_DLLS)
need_environment = need_key(ENVIRONMENT)
need_subsystems = need_key(SUBSYSTEMS)


def apply_environment(smss: Smss, certainty: Certainty) -> Plan:
    """The machine's variables in stored order, each expanded with what is set so far; nothing is sorted."""
    room = _ENVIRONMENT
    for variable in smss.settings[ENVIRONMENT].value:
        if variable.name.upper() == "SAFEBOOT_OPTION":
            continue  # deleted at start
        if room < 0:
            text = f"The environment is longer than {_ENVIRONMENT} characters; the replay sets no variable from {variable.name} on."
            yield Problem("environment-too-large", text, (variable.origin,))
            return
        value = smss.expand(variable.text) if variable.expands else variable.text
        note, mark = "", certainty
        if variable.expands and "%" in value:
            note = "A %name% in it is not set at this point and stays as it is (one pass in stored order)."
            mark = certainty & Certainty.C
        room -= len(value)
        smss.set_variable(variable.name, value)
        yield smss.ask(Step.READ_SETTINGS, SetVariable(variable.name, value), mark, (variable.origin,), note=note)

r"""smss runs native programs: BootExecute, SetupExecute, Execute and their kin, and the firmware's platform binary.

The image is looked for along Path as just read from the registry, then in System32: a folder before System32 in Path wins.
Source: smss.md B.2, B.5 to B.7, A.3 steps 14, 16, 20 (ReactOS smutil.c, smss.c).
"""

from hivecheck.boot.actions import RunProgram
from hivecheck.boot.plan import Plan, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.command_line import parse_command_line
from hivecheck.facts.generation import Family
from hivecheck.facts.nt_path import NtPath, has_drive
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_MULTI_SZ, fold_name
from hivecheck.settings.catalog import (
    BOOT_EXECUTE,
    BOOT_EXECUTE_NO_PNP_SYNC,
    DISABLE_WPBT_EXECUTION,
    EXECUTE,
    MINI_NT,
    PLATFORM_EXECUTE,
    SETUP_EXECUTE,
    SETUP_EXECUTE_NO_PNP_SYNC,
    Row,
)
from hivecheck.settings.commands import Command

_FORBIDDEN = frozenset('"<>|*?%')
_SEARCHED_FOLDERS = 256
_LONGEST_PATH = 259  # characters: MAX_PATH, the room smss has for the path it finds (ReactOS smutil.c)
_MODELLED_COMMANDS = 1_000  # of one list


def candidate_files(smss: Smss, image: str) -> tuple[NtPath, ...]:
    """The files smss tries for an image name, in order; none where no file can have that name.

    The folders of Path, which the kernel always sets, then System32. A DOS path is taken as it is, `/` for `\\` in it.
    """
    image = image.replace("/", "\\")
    if not image or len(image) > _LONGEST_PATH or any(letter in _FORBIDDEN for letter in NtPath(image).tail):
        return ()
    file_name = image.rsplit("\\", 1)[-1]
    spelled = image if "." in file_name else image + ".exe"
    if has_drive(image):
        return (NtPath(f"\\??\\{spelled}"),)
    if image.startswith("\\"):
        return (NtPath(spelled),)
    folders = (smss.variable("Path") or "").split(";", _SEARCHED_FOLDERS)[:_SEARCHED_FOLDERS]
    folders.append(f"{smss.system_root}\\system32")
    found: dict[str, NtPath] = {}
    for folder in folders:
        folder = folder.strip().replace("/", "\\").rstrip("\\")
        if has_drive(folder) and len(folder) + len(spelled) < _LONGEST_PATH:
            path = f"\\??\\{folder}\\{spelled}"
            found.setdefault(fold_name(path), NtPath(path))
    return tuple(found.values())


def run_boot_execute(smss: Smss, certainty: Certainty) -> Plan:
    """`BootExecute` and its kin. A list without a line switches the check of the disks off."""
    setting = smss.settings[BOOT_EXECUTE]
    if setting.is_written and not any(command.text.strip() for command in setting.value):
        known = smss.family in (Family.G1, Family.G2)
        text = "BootExecute is empty: " + (
            "no autochk is run at boot."
            if known
            else "up to Windows 2003 that switches autochk off; whether smss of this generation takes its default instead is not known."
        )
        yield Problem("boot-execute-empty", text, setting.origins or ((setting.raw.ref,) if setting.raw else ()))
    yield from _run_list(smss, Step.BOOT_EXECUTE, BOOT_EXECUTE, certainty)
    if smss.family is Family.G4:
        yield from _run_list(smss, Step.BOOT_EXECUTE, BOOT_EXECUTE_NO_PNP_SYNC, certainty)
    elif smss.family is Family.G3:
        yield from _run_list(smss, Step.BOOT_EXECUTE, BOOT_EXECUTE_NO_PNP_SYNC, certainty & Certainty.C)


def run_setup_execute(smss: Smss, certainty: Certainty) -> Plan:
    yield from _run_list(smss, Step.SETUP_EXECUTE, SETUP_EXECUTE, certainty)
    if smss.family in (Family.G3, Family.G4):
        yield from _run_list(smss, Step.SETUP_EXECUTE, SETUP_EXECUTE_NO_PNP_SYNC, certainty & Certainty.C)


def run_execute(smss: Smss, certainty: Certainty) -> Plan:
    """`Execute`. From Vista on it is not known whether smss still runs it."""
    commands = smss.settings[EXECUTE].value
    if commands and smss.family in (Family.G3, Family.G4):
        text = "Execute is not empty. Whether smss of this generation still runs it, and when, is not known."
        yield Problem("order-unverified", text, smss.settings[EXECUTE].origins)
        doubt = "smss of this generation still honours Execute"
        yield from _run_list(smss, Step.EXECUTE, EXECUTE, certainty & Certainty.C, doubt)
    else:
        yield from _run_list(smss, Step.EXECUTE, EXECUTE, certainty)


def run_platform_binary(smss: Smss, certainty: Certainty) -> Plan:
    """The native program that firmware may bring along (WPBT), and PlatformExecute, thought to be its kin."""
    disabled = smss.settings[DISABLE_WPBT_EXECUTION]
    because: tuple[Origin, ...] = (BuiltIn("platform binary of the firmware (WPBT)", "smss.md B.5, A.3 step 16"),)
    withheld = ""
    if disabled.value:
        withheld, because = "DisableWpbtExecution is set", because + disabled.origins
    elif smss.is_win_pe:
        withheld, because = (
            "the key MiniNT makes smss take this boot for Windows PE",
            because + smss.settings[MINI_NT].origins,
        )
    elif smss.safe_mode is not None:
        withheld = "it is not run in safe mode"
    path = NtPath("\\SystemRoot\\System32\\wpbbin.exe")
    action = RunProgram("wpbbin.exe", "", (), True, "wpbbin.exe", "WPBT", (path,), writes_image=True)
    doubt = "" if withheld else "the firmware carries a platform binary, which smss writes to this file"
    yield smss.ask(Step.PLATFORM_BINARY, action, certainty, because, withheld=withheld, doubt=doubt)
    doubt = "smss runs PlatformExecute as its name says"
    yield from _run_list(smss, Step.PLATFORM_BINARY, PLATFORM_EXECUTE, certainty & Certainty.C, doubt)


def _run_list(smss: Smss, step: Step, row: Row[tuple[Command, ...]], certainty: Certainty, doubt: str = "") -> Plan:
    name = row.name.rsplit("/", 1)[-1]
    commands, raw = smss.settings[row].value, smss.settings[row].raw
    if raw is not None and raw.type != REG_MULTI_SZ:
        certainty = certainty & Certainty.C  # that real Windows takes a single string too is inferred
    if len(commands) > _MODELLED_COMMANDS:
        text = f"{name} holds {len(commands)} lines; the replay runs the first {_MODELLED_COMMANDS}."
        yield Problem("commands-not-shown", text, (commands[_MODELLED_COMMANDS].origin,))
    last = next((command for command in reversed(commands) if command.line.image and not command.repeats), None)
    for command in commands[:_MODELLED_COMMANDS]:
        if not command.text.strip():
            continue  # blank strings are left over from list terminators
        line = parse_command_line(smss.handed(row, command.text))
        candidates = candidate_files(smss, line.image)
        withheld, mark, why = "", certainty, doubt
        if command.repeats:
            withheld, mark = "the same line stands earlier in the list: smss keeps one", smss.known_of_2003(certainty)
        elif line.image.startswith("\\"):
            why = why or "an NT path is accepted as the name of a program"
            mark = certainty & Certainty.C
        else:
            mark = path_first(smss, line.image, candidates, certainty)
        if row is EXECUTE and command is last:
            mark = mark & Certainty.C  # that it is started here too, and not only in place of winlogon, is ReactOS's doing
        action = RunProgram(line.image, line.arguments, line.keywords, line.waits, line.text, name, candidates)
        yield smss.ask(step, action, mark, (command.origin,), withheld=withheld, doubt=why)


def path_first(smss: Smss, image: str, candidates: tuple[NtPath, ...], certainty: Certainty) -> Certainty:
    """The mark of a program searched along Path where a folder comes before System32: that is confirmed for 2003 only."""
    system32 = fold_name(f"\\??\\{smss.system_root}\\system32\\")
    in_system32 = bool(candidates) and fold_name(candidates[0].text).startswith(system32)
    return certainty if in_system32 or has_drive(image) else smss.known_of_2003(certainty)

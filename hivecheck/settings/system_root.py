r"""Where Windows is installed (`C:\Windows`), guessed from paths that Windows itself wrote out in full.

The hive says %SystemRoot% wherever it can; what it is, the loader knows. A few values can't use a variable, and two of them
that agree are enough. Without any, the default of the generation is assumed. Nothing here expands or compares file names.
Sources: real hives of NT 4, XP x64, 7, 10 1709 and 10 1903.
"""

from collections.abc import Iterator
from itertools import islice

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2000, Generation
from hivecheck.facts.origin import BuiltIn, ValueRef
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_SZ, fold_name
from hivecheck.registry.strings import decode_sz
from hivecheck.settings.guess import Guess, Reason
from hivecheck.settings.machine_keys import Found, MachineKeys
from hivecheck.settings.version_marks import ENVIRONMENT, MEMORY, SESSION_MANAGER

SERVICES = "Services"
WITNESSES = (
    (ENVIRONMENT, "DriverData", r"\System32\Drivers\DriverData"),
    (r"Control\EarlyLaunch", "BackupPath", r"\ELAMBKUP"),
    (r"Control\CMF\BaseFolder", "SYSTEM", r"\rescache"),
    (r"\Setup", "WorkingDirectory", r"\Panther"),
    (r"Control\Print\Printers", "DefaultSpoolDirectory", r"\System32\spool\PRINTERS"),
)
"""Key, value, and what follows the system root there."""

FULL_PATH_SERVICES = ("COMSysApp", "EventSystem", "ImapiService", "mnmsrvc")  # XP and 2003 write these out
SERVICES_LOOKED_AT = 64
PATH_LETTERS = 1_000  # more is no path
UNFIT_LETTERS = frozenset('/:*?"<>|$~')  # in no directory; `$` and `~` only in that of Setup's own temporary Windows


def guess_system_root(keys: MachineKeys, generation: Generation | None) -> Guess[str]:
    """The directory, as the first value that names it spells it. Two values that agree end the search."""
    found: list[Found[str]] = []
    for witness in _roots(keys):
        found.append(witness)
        if sum(fold_name(other.value) == fold_name(witness.value) for other in found) == 2:
            break
    if not found:
        return _assume(keys, generation)
    by_root: dict[str, list[Found[str]]] = {}
    for witness in found:
        by_root.setdefault(fold_name(witness.value), []).append(witness)
    agreeing = max(by_root.values(), key=len)
    against = [witness for witness in found if witness not in agreeing]
    reasons = [Reason(f"{_place(witness)} is {witness.text}.", (witness.ref,)) for witness in agreeing]
    reasons += [Reason(f"Speaks against it: {_place(other)} is {other.text}.", (other.ref,)) for other in against]
    if len(agreeing) > 1:
        confidence = Confidence.MEDIUM if against else Confidence.HIGH
    else:
        confidence = Confidence.LOW if against else Confidence.MEDIUM
    return Guess(agreeing[0].value, confidence, tuple(reasons))


def _place(found: Found[str]) -> str:
    r"""`COMSysApp\ImagePath`: the last key of the path and the value."""
    return found.stored.key.rpartition("\\")[2] + "\\" + found.stored.value


def _roots(keys: MachineKeys) -> Iterator[Found[str]]:
    """The system roots that values name, the best witnesses first; other services only where nothing else names one."""
    is_told = False
    for path, name, rest in WITNESSES:
        text = keys.text(path, name)
        if text is not None and text.value.upper().endswith(rest.upper()):
            root = text.value[: -len(rest)]
            if is_directory(root):
                is_told = True
                yield Found(root, text.stored, text.value)
    for service in FULL_PATH_SERVICES:
        text = keys.text(f"{SERVICES}\\{service}", "ImagePath")
        for found in _root_of_service(text.value, text.stored) if text else ():
            is_told = True
            yield found
    services = None if is_told else keys.key(SERVICES)
    for key in islice(services.subkeys(), SERVICES_LOOKED_AT) if services else ():
        raw = key.value("ImagePath")
        if raw is not None and raw.type in (REG_SZ, REG_EXPAND_SZ):
            image = decode_sz(raw.data).text
            yield from _root_of_service(image, raw.ref)


def _root_of_service(image: str, stored: ValueRef) -> Iterator[Found[str]]:
    r"""`C:\Windows` of `C:\Windows\system32\x.exe -k y`, quoted or after `\??\`."""
    path = image[:PATH_LETTERS].removeprefix('"').removeprefix("\\??\\")
    end = path.upper().find("\\SYSTEM32\\")
    if end > 0 and is_directory(path[:end]):
        yield Found(path[:end], stored, image)


def is_directory(text: str) -> bool:
    r"""Whether this is a directory on a drive, `C:\Windows`, written out and not the root."""
    return (
        len(text) <= PATH_LETTERS
        and drive_of(text) is not None
        and all(part and UNFIT_LETTERS.isdisjoint(part) for part in text[3:].split("\\"))
    )


def drive_of(path: str) -> str | None:
    r"""`C:` of `C:\x`, None for any other path."""
    return path[:2] if path[:1].isascii() and path[:1].isalpha() and path[1:3] == ":\\" else None


def _assume(keys: MachineKeys, generation: Generation | None) -> Guess[str]:
    """The default of Setup, on the drive that other values name: an assumption. Unverified for NT 3.x."""
    directory = "WINNT" if generation is not None and generation <= WIN2000 else "Windows"
    default = BuiltIn(f"Setup installs into {directory}", "Windows Setup: WINNT up to 2000, Windows from XP on")
    reasons = [Reason(f"No value names the directory; {directory} is what Setup proposes. An assumption.", (default,))]
    drive = next(_drives(keys), None)
    if drive is not None:
        reasons.append(Reason(f"The drive is that of {drive.stored.value}: {drive.text}.", (drive.ref,)))
    return Guess(f"{drive.value if drive else 'C:'}\\{directory}", Confidence.LOW, tuple(reasons))


def _drives(keys: MachineKeys) -> Iterator[Found[str]]:
    programs = keys.text(SESSION_MANAGER + r"\SFC", "ProgramFilesDir")
    drive = drive_of(programs.value) if programs else None
    if programs is not None and drive is not None:
        yield Found(drive, programs.stored, programs.text)
    for name in ("ExistingPageFiles", "PagingFiles"):
        files = keys.strings(MEMORY, name)
        for text in files.value if files else ():
            drive = drive_of(text.removeprefix("\\??\\"))
            if files and drive is not None:
                yield Found(drive, files.stored, text)

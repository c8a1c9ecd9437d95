r"""What is odd about the program of a service: about its place, or that it only starts another one.

Odd places are another machine, a device, a stream, a folder that only looks like Windows. Judged is the file that CreateProcess would be
given, its variables replaced by those of the machine. Programs that start another, named below `Parameters`, are srvany of the resource
kits, NSSM, and copies of them. Source: detections.md 0 (odd), 1.8; documentation of CreateProcess and of file names (a blank at the end
of a folder's name is part of it), of srvany (Microsoft KB137890) and of NSSM (nssm.cc).
"""

import re
from collections.abc import Iterator

from hivecheck.facts.create_process import find_created_image, image_meant
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin, ValueRef
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Severity

_REMOTE = ("\\\\", "\\device\\mup\\", "\\device\\lanmanredirector", "\\device\\webdav")
_DEVICES = ("\\device\\", "globalroot\\", "\\globalroot\\", "volume{", "physicaldrive", "harddiskvolume")
_BLANK_END = re.compile(r"[^\\.:][ .]+[\\/]")
_PROGRAMS = frozenset((".exe", ".com", ""))
_NO_PROGRAMS = frozenset(
    (
        ".bat", ".cmd", ".ps1", ".vbs", ".js", ".hta", ".txt", ".log", ".dat", ".tmp", ".dll", ".jpg", ".png", ".gif", ".ico",
        ".ini", ".xml", ".htm", ".html", ".pdf", ".doc", ".scr", ".cpl", ".bin",
    )
)  # fmt: skip
_LETTERS = 1_024  # of a command line: no path is longer


@fact
class OddImage:
    """A program in an odd place: `what` says so in words that follow "which", `because` cites the value and its variables."""

    what: str
    severity: Severity
    path: Comparable
    because: tuple[Origin, ...]


def odd_image(case: Case, program: ServiceProgram) -> OddImage | None:
    """What is odd about the place of a program that runs in a process; None where nothing is."""
    service, command = program.service, program.command[:_LETTERS]
    if not command:
        return None
    path = program.image
    plain = path.drive and path.ending == ".exe" and ":" not in path.text[2:]
    if plain and "%" not in path.text and not _BLANK_END.search(command):
        return None  # as nearly all are
    because = cite_value(service, "ImagePath", service.image_path)
    image = image_meant(command)
    if "%" in path.text:
        from hivecheck.rules.service_variables import expand_command  # few machines have such a path

        line = expand_command(case, service, command)
        image = image_meant(line.text)
        path, because = case.path(image), (*because, *line.because)
    for what, severity in _faults(path, image, is_led="%" in program.image.text):
        return OddImage(what, severity, path, because)
    return None


def _faults(path: Comparable, image: str, is_led: bool) -> Iterator[tuple[str, Severity]]:
    text = path.text
    if text.startswith(_REMOTE):
        yield "lies on another machine: who owns that, decides what runs", Severity.HIGH
    if text.startswith(_DEVICES):
        yield "is named by its device, where no list of files shows it", Severity.HIGH
    if path.drive and ":" in text[2:]:
        yield "is an alternate data stream, which no list of files shows", Severity.HIGH
    if _BLANK_END.search(image):
        yield "lies in a folder whose name ends in a blank or a dot: it only looks like the one without", Severity.HIGH
    if is_led and path.is_user_writable:
        yield "a variable of the machine leads into a folder that ordinary users can write to", Severity.HIGH
    if path.ending not in _PROGRAMS:
        bad = path.ending in _NO_PROGRAMS
        yield "is not named like a program", Severity.HIGH if bad else Severity.MEDIUM
    if not path.drive and "\\" in text and "%" not in text:
        yield "is named without a drive, so that it depends on the folder in which it is looked for", Severity.MEDIUM


_COPIED = ("srvany", "nssm")  # into System32, by custom


@fact
class Wrapped:
    """The service, the command line that its program would start, the program in it, and the value that names it."""

    program: ServiceProgram
    command: str
    image: Comparable
    origin: ValueRef


def wrapped_programs(case: Case) -> Iterator[Wrapped]:
    """What services start through a wrapper, in the order of the services. A copy of one may bear any name."""
    plain = f"{case.system_root.casefold()}\\system32\\"
    for program in case.processes:
        text = program.image.text
        if not text or (text.startswith(plain) and not text.startswith(_COPIED, len(plain))):
            continue  # nearly all, and services of Windows have other values of that name
        key = case.key(f"Services\\{program.service.name}\\Parameters")
        raw = key.value("Application") if key is not None else None
        text = text_in(raw)[:_LETTERS].strip()
        if key is None or raw is None or not text:
            continue
        path = case.path(
            text.strip('"') if "\\" in text and not text.startswith('"') else find_created_image(text, ()).image
        )
        arguments = text_in(key.value("AppParameters"))[:_LETTERS]
        yield Wrapped(program, f"{text} {arguments}".strip(), path, raw.ref.citing(text))

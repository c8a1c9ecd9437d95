r"""How CreateProcess finds the program in a command line: which file it would take, and which files it would try before that.

    line := '"' image '"' [ arguments ]   quotes: the image is what stands between them
          | image [ blank arguments ]     no quotes: every blank may be the end of the image, the first that fits wins

So `C:\Program Files\x.exe -a` is tried as `C:\Program.exe`, then as `C:\Program Files\x.exe`: whoever can write the first file
is started in place of the second. `.exe` is appended to a last part without a dot. A name without a drive is searched in the
folders given, also one that has a folder in it (`system32\x.exe` is found in the Windows folder). A path that begins with one
backslash lies on the current drive; `\??\C:\x` and `\\?\C:\x` are taken as they are.

Source: documentation of CreateProcess (lpApplicationName) and SearchPath; ReactOS kernel32/client/proc.c, ntdll path.c.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hivecheck.facts.fact import fact
from hivecheck.facts.nt_path import NtPath, has_drive

LONGEST_PATH = 259  # characters: MAX_PATH without its end
SEARCHED_FOLDERS = 256
_CANDIDATES = 256  # of one line: a hostile Path has many folders, and a hostile line many blanks
_BLANKS = re.compile(r"[ \t]+")
_PROGRAM = re.compile(r"\.(?:exe|com|bat|cmd|scr|pif)$", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f"<>|*?]')
_VERBATIM = ("\\??\\", "\\\\?\\", "\\\\.\\")


@fact
class CreatedImage:
    r"""The program of a command line.

    `image` is spelled as in the line, without quotes; of several readings of a line without quotes it is the one that was meant.
    `candidates` are the files tried up to that one, in order; none where no file can have such a name. `ambiguous` are those of
    them, as DOS paths, that stand before it only because the line has blanks and no quotes.
    """

    text: str
    image: str
    arguments: str
    candidates: tuple[NtPath, ...]
    ambiguous: tuple[str, ...]


def find_created_image(text: str, folders: Sequence[str]) -> CreatedImage:
    """What CreateProcess starts for a command line. `folders` are those searched for a name without a drive, the nearest first."""
    line = text.lstrip(" \t")
    if line.startswith('"'):
        image, _, rest = line[1:].partition('"')
        return CreatedImage(text, image, rest.strip(" \t"), tuple(_unique(files_tried(image, folders))), ())
    ends = _ends_of_parts(line)
    meant = _end_meant(line, ends)
    earlier: list[NtPath] = []
    for end in ends:
        if end >= meant or end > LONGEST_PATH or len(earlier) > _CANDIDATES:
            break
        earlier += files_tried(line[:end], folders)
    earlier = [*_unique(iter(earlier))]
    image = line[:meant].rstrip(" \t")
    candidates = tuple(_unique(iter((*earlier, *files_tried(image, folders)))))
    ambiguous = tuple(path.tail for path in earlier)
    return CreatedImage(text, image, line[meant:].strip(" \t"), candidates, ambiguous)


@lru_cache(maxsize=1_000)  # many services have one command line
def image_meant(text: str) -> str:
    """The `image` that `find_created_image` gives for a command line, without the files that are tried."""
    line = text.lstrip(" \t")
    if line.startswith('"'):
        return line[1:].partition('"')[0]
    return line[: _end_meant(line, _ends_of_parts(line))].rstrip(" \t")


def search_folders(system_root: str, path: str) -> tuple[str, ...]:
    """Where services.exe's CreateProcess looks for a name without a drive: System32 (its own and current folder), then the rest."""
    own = (f"{system_root}\\System32", f"{system_root}\\System", system_root)
    found: dict[str, str] = {}
    for folder in (*own, *path.split(";", SEARCHED_FOLDERS)[:SEARCHED_FOLDERS]):
        folder = folder.strip(' "').replace("/", "\\").rstrip("\\")
        if has_drive(folder):
            found.setdefault(folder.upper(), folder)
    return tuple(found.values())


def files_tried(image: str, folders: Sequence[str]) -> Iterator[NtPath]:
    """The files tried for one reading of an image, in order; none where no file can have that name."""
    if not image:
        return
    if image.startswith(_VERBATIM):
        path = "\\??\\" + image[4:]
        if not _FORBIDDEN.search(path[4:]):
            yield NtPath(_with_extension(path))
        return
    if _FORBIDDEN.search(image) or len(image) > LONGEST_PATH:
        return
    path = _with_extension(image.replace("/", "\\"))
    if path.startswith("\\\\"):
        yield NtPath("\\??\\UNC\\" + _plain(path[2:]))
    elif has_drive(path):
        yield NtPath("\\??\\" + path[:2] + "\\" + _plain(path[2:]))
    elif path.startswith("\\"):
        if folders:
            yield NtPath("\\??\\" + folders[0][:2] + "\\" + _plain(path))
    elif ":" not in path:
        for folder in folders:
            if len(folder) + len(path) < LONGEST_PATH:
                yield NtPath("\\??\\" + folder[:2] + "\\" + _plain(f"{folder[2:]}\\{path}"))


def _ends_of_parts(line: str) -> list[int]:
    """Where each part of a line ends but the last one: where blanks begin."""
    return [match.start() for match in _BLANKS.finditer(line.rstrip(" \t"))]


def _end_meant(line: str, ends: list[int]) -> int:
    r"""Where the image ends that was meant: after the first part that is named like a program, else after the last that
    goes on with a path (`Files\x` of `C:\Program Files\x -a`), before anything that looks like an argument.
    """
    length = len(line.rstrip(" \t"))
    start, found = 0, ends[0] if ends else length
    for end in (*ends, length):
        if _PROGRAM.search(line, max(start, end - 8), end):
            return end
        part = line[start:end].lstrip(" \t")
        if start and (part[:1] in ('"', "-", "/", "\\") or part[1:2] == ":"):
            break
        if start and "\\" in part:
            found = end
        start = end
    return found


def _with_extension(path: str) -> str:
    return path if "." in path.rsplit("\\", 1)[-1] else path + ".exe"


def _plain(path: str) -> str:
    r"""A path as Win32 opens it: no doubled backslash, no `.` or `..`, no dot or blank at its end."""
    parts: list[str] = []
    for part in path.split("\\"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "\\".join(parts).rstrip(". ")


def _unique(paths: Iterator[NtPath]) -> Iterator[NtPath]:
    seen: set[str] = set()
    for path in paths:
        if path.text.upper() not in seen and len(seen) < _CANDIDATES:
            seen.add(path.text.upper())
            yield path

r"""PagingFiles: `path [minimum [maximum]]`, sizes in MB, parsed as smss parses them.

No sizes, or only blanks and zeros, mean "system managed". Numbers are decimal or 0x/0o/0b; the second one starts at the first
SPACE (not TAB) after the first. A maximum below the minimum is raised to it. At most one `?:` (any drive) and 16 files.
Source: smss.md B.12 (ReactOS pagefile.c SmpCreatePagingFileDescriptor).
"""

from hivecheck.facts.command_line import next_token
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.registry.hive import RawValue, fold_name
from hivecheck.settings.setting import CitedString, Presence, Setting, origins_of, read_strings

MAXIMUM_FILES = 16
_BASES = {"0x": 16, "0o": 8, "0b": 2}


@fact
class PagingFile:
    """One specifier. Sizes are None where the system manages them. `rejected` says why smss drops it, '' where it does not."""

    text: str
    path: str
    minimum_mb: int | None
    maximum_mb: int | None
    rejected: str
    origin: Origin

    @property
    def system_managed(self) -> bool:
        return self.minimum_mb is None

    @property
    def any_drive(self) -> bool:
        """`?:\\pagefile.sys`: smss tries the volumes from C: on."""
        return self.path.startswith("?:")


def read_paging_files(name: str, raw: RawValue | None, default: str, source: str) -> Setting[tuple[PagingFile, ...]]:
    """The specifiers in order, those that smss drops included. Absent gives the built-in `default`; present but empty gives none."""
    read = read_strings(raw)
    if read.presence is Presence.ABSENT:
        built_in = BuiltIn(f"{name} = {default}", source)
        return Setting(name, parse_paging_files((CitedString(default, built_in),)), Presence.DEFAULTED, (built_in,), raw=raw)
    strings = tuple(string for string in read.strings if string.text)
    return Setting(name, parse_paging_files(strings), read.presence, origins_of(raw, read.presence), read.problems, raw)


def parse_paging_files(strings: tuple[CitedString, ...]) -> tuple[PagingFile, ...]:
    """What each specifier asks for, and which of them smss drops."""
    files: list[PagingFile] = []
    seen: set[str] = set()
    kept = 0
    any_drive = False
    for string in strings:
        path, minimum, maximum, rejected = _parse(string.text)
        if fold_name(string.text) in seen:
            rejected = rejected or "the same specifier stands earlier in the list"
        elif path.startswith("?:") and any_drive:
            rejected = rejected or "only one specifier may leave the drive to smss (?:)"
        elif kept == MAXIMUM_FILES:
            rejected = rejected or f"smss keeps at most {MAXIMUM_FILES} paging files"
        seen.add(fold_name(string.text))
        if not rejected:
            kept += 1
            any_drive = any_drive or path.startswith("?:")
        files.append(PagingFile(string.text, path, minimum, maximum, rejected, string.origin))
    return tuple(files)


def _parse(text: str) -> tuple[str, int | None, int | None, str]:
    path, rest = next_token(text)
    sizes = text[rest:]
    if not path:
        return "", None, None, "no file name"
    if path[1:3] != ":\\" or not ((path[0].isascii() and path[0].isalpha()) or path[0] == "?"):
        return path, None, None, "no drive letter where smss looks for one"
    if not sizes.strip(" \t0"):
        return path, None, None, ""
    minimum = _number(sizes)
    space = sizes.find(" ")
    maximum = _number(sizes[space + 1 :]) if space >= 0 and sizes[space:].strip(" \t") else minimum
    if minimum is None or maximum is None:
        return path, None, None, "its sizes are no numbers"
    return path, minimum, max(minimum, maximum), ""


def _number(text: str) -> int | None:
    text = text.lstrip(" \t")
    base = _BASES.get(text[:2].lower(), 10)
    digits = text[2:] if base != 10 else text
    allowed = "0123456789abcdef"[:base]
    end = 0
    while end < len(digits) and digits[end].lower() in allowed:
        end += 1
    # The number wraps at 32 bits, as RtlUnicodeStringToInteger's does.
    return int(digits[:end], base) & 0xFFFFFFFF if end and end < 64 else None

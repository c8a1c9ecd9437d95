"""Data that may decide what runs, or where a machine asks: paths, names of programs and libraries, addresses. They are no noise.

Looks at bytes only, without their NULs: so text in UTF-16 reads as text of one byte a letter, in values of any type.
"""

import re

_MOST_BYTES = 65_536
_ENDINGS = "dll|exe|sys|ocx|cpl|scr|com|bat|cmd|ps1|vbs|js|hta|msi|lnk|inf|ax|drv"
_TELLING = re.compile(
    rf"\.(?:{_ENDINGS})(?![A-Za-z0-9])"
    r"|(?<![A-Za-z])[A-Za-z]:[\\/]|%[A-Za-z]+%\\|\\\\[A-Za-z0-9]|\\\?\?\\|\\(?:device|systemroot)\\|https?:"
    r"|(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])".encode(),
    re.IGNORECASE,
)


def is_telling(data: bytes) -> bool:
    """Whether the data hold a path, the name of a program or library, or an IPv4 address in words; longer ones than 64 KiB do."""
    if b"." not in data and b"\\" not in data and b":" not in data:
        return False
    if len(data) > _MOST_BYTES:
        return True
    return _TELLING.search(data.replace(b"\0", b"")) is not None


def is_telling_name(name: str) -> bool:
    """Whether the name of a value is a path or the name of a program, as where each program has a value of its own."""
    if "." not in name and "\\" not in name and ":" not in name:
        return False
    return _TELLING.search(name.encode("utf-8", "surrogatepass")) is not None

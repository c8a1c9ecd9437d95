r"""The files that csrss, wininit and winlogon can't do without: what they load before they do anything, all of System32.

Only files that every build of a Windows loads are named; what those load in turn is told where it is itself a part of them
(win32u.dll and gdi32full.dll of user32 and gdi32). ntdll.dll is not among them: the kernel maps it before smss renames
(`next_boot`). Source: smss.md B.15 (csrss, its server DLLs; ReactOS subsystems/csr); that winsrv.dll imports user32 and gdi32,
and winlogon and wininit user32, advapi32 and rpcrt4, is inferred from public lists of loaded modules.
"""

from collections.abc import Iterable
from itertools import islice

from hivecheck.facts.generation import WIN7, WIN10_1607, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.hive import fold_name
from hivecheck.settings.subsystems import parse_csrss

_SYSTEM32 = "\\SystemRoot\\System32\\"
_PATH_CHARACTERS = frozenset('\\/:"<>|*?%')
_MODELLED_FILES = 50  # of the csrss line; Windows has three or four


def files_of_csrss(line: str, generation: Generation) -> tuple[NtPath, ...]:
    """What csrss needs: its own DLL, the server DLLs of its line, and what those need in turn."""
    servers = (one.dll for one in parse_csrss(line, None).server_dlls)
    named = [name if "." in name else f"{name}.dll" for name in servers if name]
    return _in_system32(("csrsrv.dll", *named[:_MODELLED_FILES], *_base(generation), *_windows(generation)))


def files_of_initial_command(generation: Generation) -> tuple[NtPath, ...]:
    """What wininit and winlogon need, of whichever the Windows starts."""
    return _in_system32((*_base(generation), *_windows(generation), "advapi32.dll", "rpcrt4.dll"))


def _base(generation: Generation) -> tuple[str, ...]:
    return ("kernel32.dll", "kernelbase.dll") if generation >= WIN7 else ("kernel32.dll",)


def _windows(generation: Generation) -> tuple[str, ...]:
    return ("user32.dll", "gdi32.dll", *(("win32u.dll", "gdi32full.dll") if generation >= WIN10_1607 else ()))


def _in_system32(names: Iterable[str]) -> tuple[NtPath, ...]:
    """Each file once; a name that is no plain file's name names none."""
    plain = {fold_name(name): name for name in names if not _PATH_CHARACTERS & set(name)}
    return tuple([NtPath(f"{_SYSTEM32}{name}") for name in islice(plain.values(), 2 * _MODELLED_FILES)])

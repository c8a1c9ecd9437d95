r"""smss makes the paging files, and first rescues the crash dump that the old one on the boot volume may hold.

Source: smss.md B.12 (ReactOS pagefile.c, crashdmp.c; Windows Internals 6 and 7).
"""

from collections.abc import Iterator
from string import ascii_uppercase

from hivecheck.boot.actions import CreatePagingFile, SaveCrashDump, WriteValue
from hivecheck.boot.plan import Done, Plan, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN2000, Family
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.settings.catalog import (
    CRASH_DUMP_ENABLED,
    DUMP_FILE,
    EXISTING_PAGE_FILES,
    MINI_NT,
    MINIDUMP_DIR,
    PAGEFILE_ON_OS_VOLUME,
    PAGING_FILES,
    SWAP_FILE,
    SWAPFILE_CONTROL,
)
from hivecheck.settings.paging_files import PagingFile, parse_paging_files
from hivecheck.settings.setting import CitedString

_LETTERS = ascii_uppercase[2:]  # C to Z
_SMALLEST_FIXED_MB = 16
_SMALLEST_MB = 2
_DUMPS = {3: (MINIDUMP_DIR, "%SystemRoot%\\Minidump")}  # by CrashDumpEnabled: small dumps go to a folder of their own


def make_paging_files(smss: Smss, certainty: Certainty) -> Plan:
    """Each specifier in order; an emergency file where none worked; nothing at all where the list is present but empty."""
    files = _specifiers(smss)
    withheld, also = "", ()  # type: str, tuple[Origin, ...]
    if smss.is_win_pe:
        also = smss.settings[MINI_NT].origins
        if smss.family is Family.G2:
            withheld = "the key MiniNT makes smss take this boot for Windows PE: no paging files"
            certainty = certainty & Certainty.C if smss.generation == WIN2000 else certainty
        else:
            certainty = certainty & Certainty.C  # inferred from one real Windows 10
    rescued: set[str] = set()
    made = managed = 0
    for file in files:
        if not withheld and not file.rejected:
            yield from _rescue_crash_dump(smss, file, certainty, rescued)
        too_small = _too_small(file)
        refusal = withheld or (f"smss drops the specifier: {file.rejected}" if file.rejected else too_small)
        places = () if refusal else _places(smss, file.path)
        action = CreatePagingFile(file.path, file.minimum_mb, file.maximum_mb, False, places)
        doubt = _doubt_of_volume(smss, file) or _doubt_of_size(file)
        mark = certainty & Certainty.C if doubt or too_small else certainty
        mark = smss.known_of_2003(mark) if file.rejected else mark
        origins = (file.origin, *also)
        done = yield smss.ask(Step.PAGING_FILES, action, mark, origins, withheld=refusal, doubt=doubt)
        made += done is not Done.NO
        managed += done is not Done.NO and file.system_managed
    if files and not made and not withheld:
        because = (BuiltIn("emergency paging file", "smss.md B12.10 (ReactOS pagefile.c)"),)
        action = CreatePagingFile("?:\\pagefile.sys", None, None, True, _places(smss, "?:\\pagefile.sys"))
        mark = smss.known_of_2003(certainty)
        yield smss.ask(Step.PAGING_FILES, action, mark, because, note="No specifier gave a paging file: 16 MB upward.")
    if smss.family is Family.G4:
        yield from _make_swap_file(smss, certainty & Certainty.C, managed > 0)
    if smss.family in (Family.G3, Family.G4):
        key = smss.session_manager_key + "\\Memory Management"
        written = WriteValue(key, "ExistingPageFiles", "the paging files of this boot")
        because_list = smss.settings[EXISTING_PAGE_FILES].origins
        yield smss.ask(Step.PAGING_FILES, written, certainty & Certainty.C, because_list)


def _specifiers(smss: Smss) -> tuple[PagingFile, ...]:
    """The setting's; read again where the value is a REG_EXPAND_SZ, which smss is handed expanded."""
    files = smss.settings[PAGING_FILES].value
    handed = tuple(CitedString(smss.handed(PAGING_FILES, file.text), file.origin) for file in files)
    return (
        files if all(new.text == file.text for new, file in zip(handed, files, strict=True)) else parse_paging_files(handed)
    )


def _doubt_of_volume(smss: Smss, file: PagingFile) -> str:
    """`PagefileOnOsVolume` says by its name that no other volume is used."""
    only_there = smss.family is Family.G4 and smss.settings[PAGEFILE_ON_OS_VOLUME].value
    if not only_there or file.any_drive or file.path[:1].upper() == smss.system_root[:1].upper():
        return ""
    return f"PagefileOnOsVolume does not keep smss from {file.path[:2]}"


def _too_small(file: PagingFile) -> str:
    """ReactOS never attempts a file of under 16 MB on a given drive; Windows itself is said to take 2 MB."""
    if file.minimum_mb is not None and file.minimum_mb < _SMALLEST_MB and not file.any_drive:
        return f"its minimum of {file.minimum_mb} MB is below {_SMALLEST_FIXED_MB} MB: it is never attempted"
    return ""


def _doubt_of_size(file: PagingFile) -> str:
    if file.minimum_mb is None or file.any_drive or not _SMALLEST_MB <= file.minimum_mb < _SMALLEST_FIXED_MB:
        return ""
    return f"smss takes a minimum of less than {_SMALLEST_FIXED_MB} MB"


def _places(smss: Smss, path: str) -> tuple[NtPath, ...]:
    """Where the file may be made: one place, or for `?:` each volume from C: on."""
    if not path.startswith("?:"):
        return (NtPath(f"\\??\\{path}"),)
    if smss.family is Family.G4 and smss.settings[PAGEFILE_ON_OS_VOLUME].value:
        return (NtPath(f"\\??\\{smss.system_root[:2]}{path[2:]}"),)
    return tuple(NtPath(f"\\??\\{letter}{path[1:]}") for letter in _LETTERS)


def _rescue_crash_dump(smss: Smss, file: PagingFile, certainty: Certainty, rescued: set[str]) -> Plan:
    """Once for each old paging file on the boot volume, unless crash dumps are off."""
    enabled = smss.settings[CRASH_DUMP_ENABLED]
    if enabled.value == 0:
        return
    mark = certainty if smss.family is Family.G2 else certainty & Certainty.B
    for path, origin in _old_paging_files(smss, file):
        if path.text.upper() in rescued:
            continue
        rescued.add(path.text.upper())
        row, default = _DUMPS.get(enabled.value or 0, (DUMP_FILE, "%SystemRoot%\\MEMORY.DMP"))
        dump = smss.expand(smss.settings[row].value or default)
        because = (origin, *enabled.origins, *smss.settings[row].origins)
        note = "Only after a crash; otherwise nothing happens."
        yield smss.ask(Step.PAGING_FILES, SaveCrashDump(path, dump), mark, because, note=note)


def _old_paging_files(smss: Smss, file: PagingFile) -> Iterator[tuple[NtPath, Origin]]:
    drive = smss.system_root[:1].upper()
    if smss.family in (Family.G3, Family.G4):
        for existing in smss.settings[EXISTING_PAGE_FILES].value:
            path = NtPath(existing.text)
            if path.drive == drive:
                yield path, existing.origin
    if file.any_drive or file.path[:1].upper() == drive:
        yield NtPath(f"\\??\\{drive}{file.path[1:]}"), file.origin


def _make_swap_file(smss: Smss, certainty: Certainty, beside: bool) -> Plan:
    """swapfile.sys, which client editions have since 8 `beside` a paging file that the system manages."""
    control = smss.settings[SWAPFILE_CONTROL]
    withheld = "" if beside else "no paging file whose size the system manages is made"
    withheld = "SwapfileControl is 0" if control.value == 0 else withheld
    path = smss.expand(smss.settings[SWAP_FILE].value) or f"{smss.system_root[:2]}\\swapfile.sys"
    because = (BuiltIn("swapfile.sys", "smss.md B12.17"), *control.origins, *smss.settings[SWAP_FILE].origins)
    action = CreatePagingFile(path, None, None, False, _places(smss, path))
    doubt = "" if withheld else "it is a client edition"
    yield smss.ask(Step.PAGING_FILES, action, certainty, because, withheld=withheld, doubt=doubt)

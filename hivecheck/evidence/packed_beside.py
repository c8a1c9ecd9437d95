"""What was compressed alone, as its hive was, and lies beside it: `SYSTEM.LOG1.xz` and `SOFTWARE.xz` beside `SYSTEM.xz`."""

from pathlib import Path

from hivecheck.evidence.archives import ArchiveMember, Contents, first_bytes, open_archive
from hivecheck.evidence.container_kinds import COMPRESSED, HEAD_BYTES, kind_of
from hivecheck.evidence.layouts import software_name
from hivecheck.evidence.limits import Budget
from hivecheck.evidence.locate import log_names
from hivecheck.facts.evidence_path import EvidencePath


def packed_beside(packed: EvidencePath, hive: ArchiveMember, near: tuple[EvidencePath, ...], budget: Budget) -> Contents:
    """The logs of a hive and the SOFTWARE hive of its machine, each compressed into a file of its own as the hive was.

    `near` are files that lie in the folder of `packed`; for a file on disk they are looked for. What is wrong with one is told.
    """
    ending = packed.name[len(packed.stem) :].upper()
    names = (*log_names(hive), software_name(hive.name).upper())
    wanted = {name + ending for name in names if name} if ending else set()
    found: list[ArchiveMember] = []
    missed: list[str] = []
    for path in near or _listed_beside(packed):
        if path.name.upper() not in wanted:
            continue
        try:
            kind = kind_of(first_bytes(path, HEAD_BYTES))
            contents = open_archive(path, kind, budget) if kind in COMPRESSED else Contents(())
        except OSError as error:
            missed.append(f"{path}: {error}")
            continue
        found += (one for one in contents.members if is_file_alone(path, one))
    return Contents(tuple(found), tuple(missed))


def is_file_alone(packed: EvidencePath, member: ArchiveMember) -> bool:
    """Whether a member is the one file that was compressed, and no member of a compressed archive of many."""
    return member.stored == (packed.stem or packed.name)


def _listed_beside(packed: EvidencePath) -> tuple[EvidencePath, ...]:
    if not isinstance(packed, Path):
        return ()
    try:
        return tuple(sorted(packed.parent.iterdir()))
    except OSError:
        return ()  # a folder that can't be listed holds no logs that could be used

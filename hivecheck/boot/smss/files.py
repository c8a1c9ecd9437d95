r"""smss works off the pending renames: PendingFileRenameOperations, then ...2, as one list.

Pairing runs on from the first list into the second. Where the first has an odd number of strings, its last source is paired
with the first string of the second list, and smss by then reads that source from a buffer that has been used again.
Source: smss.md A.1 step 12, A.3 step 17, B.3, B.4, E.4 (ReactOS sminit.c).
"""

from hivecheck.boot.actions import Action, DeleteFile, RenameFile
from hivecheck.boot.plan import Plan, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import Family
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.settings.catalog import ALLOW_PROTECTED_RENAMES, MINI_NT, PENDING_RENAMES, PENDING_RENAMES_2
from hivecheck.settings.pending_renames import PendingRename, make_pair, pair_strings

_PROTECTED_ENDINGS = (".DLL", ".EXE", ".SYS", ".OCX", ".DRV", ".TLB")


def rename_files(smss: Smss, certainty: Certainty) -> Plan:
    """Each pair in order; whatever fails is only logged, and nothing is put back."""
    first = smss.settings[PENDING_RENAMES].value
    second = smss.settings[PENDING_RENAMES_2].value
    for pair in first.pairs:
        yield from _ask_for(smss, pair, certainty)
    if smss.family is Family.G1:
        return  # NT 4 has no second list
    if first.leftover is None or not second.strings:
        for pair in second.pairs:
            yield from _ask_for(smss, pair, certainty)
        return
    text = (
        "PendingFileRenameOperations holds an odd number of strings, so every pair of PendingFileRenameOperations2 is shifted "
        "by one string; the source of the first such pair is read from a buffer that has been used again."
    )
    yield Problem("rename-lists-shifted", text, (first.leftover.origin,))
    across = make_pair(PENDING_RENAMES.name, len(first.pairs), first.leftover, second.strings[0])
    doubt = "the buffer still holds this source"
    yield from _ask_for(smss, across, certainty & Certainty.C, (first.leftover.origin,), doubt)
    shifted, _ = pair_strings(PENDING_RENAMES_2.name, second.strings[1:])
    for pair in shifted:
        yield from _ask_for(smss, pair, certainty & Certainty.C)


def _ask_for(smss: Smss, pair: PendingRename, certainty: Certainty, also: tuple[Origin, ...] = (), doubt: str = "") -> Plan:
    action: Action
    if pair.destination is None:
        action = DeleteFile(pair.source, pair.marker, pair.list, pair.pair)
    else:
        action = RenameFile(pair.source, pair.destination, pair.replaces, pair.marker, pair.list, pair.pair)
    because: tuple[Origin, ...] = (pair.origin, *also)
    if smss.is_win_pe:
        mini_nt = smss.settings[MINI_NT].origins
        reason = "the key MiniNT exists, so smss takes this boot for Windows PE and works off no pending rename"
        mark = certainty & Certainty.C if smss.family is Family.G3 else certainty  # no source tells it of Vista and 7
        yield smss.ask(Step.FILE_RENAMES, action, mark, because + mini_nt, withheld=reason)
        return
    mark = certainty & Certainty.C if pair.marker and "*" in pair.marker else certainty
    if not doubt and _may_be_protected(smss, pair):
        doubt, mark = (
            "Windows File Protection does not guard the file (AllowProtectedRenames is not set)",
            mark & Certainty.C,
        )
    yield smss.ask(Step.FILE_RENAMES, action, mark, because, doubt=doubt)


def _may_be_protected(smss: Smss, pair: PendingRename) -> bool:
    """2000 to 2003 look up each target in the table of protected files, unless AllowProtectedRenames is set."""
    if smss.family is not Family.G2 or smss.settings[ALLOW_PROTECTED_RENAMES].value:
        return False
    target = (pair.destination or pair.source).text.upper()
    inside = f"{smss.system_root}\\SYSTEM32\\".upper() in target or target.startswith("\\SYSTEMROOT\\SYSTEM32\\")
    return inside and target.endswith(_PROTECTED_ENDINGS)

"""How sure it is that a run of paths was a rename list, and why: its deletes and marks, where it begins and ends, whose paths they are."""

import re

from hivecheck.facts.certainty import Confidence
from hivecheck.settings.rename_runs import SEGMENT_CONTENT, RenameRun

SINGLE = "one operation alone, which the padding behind a path could feign"
_PROGRAMS = (".sys", ".exe", ".dll", ".com", ".drv")  # paths that stand in many a value: ImagePath, and the page file's
_PAGE_FILES = ("PAGEFILE.SYS", "SWAPFILE.SYS", "HIBERFIL.SYS")
_OF_WINDOWS = re.compile(r"\\\?\?\\[A-Z]:\\WIN(?:DOWS|NT)\\|\\SYSTEMROOT\\", re.IGNORECASE)
_SELDOM = "[\x01-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufff0-\uffff]"  # compiled when first needed: few lists are


def judge_run(run: RenameRun) -> tuple[Confidence, tuple[str, ...]] | None:
    """How sure it is that these strings were a rename list, and why; None where they need not have been one.

    A single delete is never sure: a path and the padding of its cell look the same, unless the cell is too large for a path alone.
    """
    pairs = run.pairs
    marked = [not target or _is_marked(target) or source[:1] in ("*", "@") for source, target in pairs]
    inner = sum(marked[:-1]) + any(_is_marked(target) for _, target in pairs[-1:])
    strange = sum(
        1 for (source, target), mark in zip(pairs, marked, strict=True) if not mark and not _are_kin(source, target)
    )
    if not pairs or strange > 3 * max(inner, 1):
        return None  # AppCompatCache and other lists of paths: neighbours have nothing to do with each other
    if len(pairs) == 1:
        return _judge_single(run, bool(inner))
    if not any(marked):
        if not run.whole or run.cell_end - run.start == SEGMENT_CONTENT:
            return None
        return Confidence.LOW, (
            "pairs of paths that share a folder or a file name, in a cell of their own; no delete among them",
        )
    reasons = [f"{sum(marked)} of {len(pairs)} pairs are deletes or replacements, as only a rename list has them"]
    if run.restored:
        reasons.append(
            "its first two characters were overwritten by the list of free cells; the grammar says what they were"
        )
    if run.pieces:
        return _judge_joined(run, reasons)
    if run.filled:
        reasons.append("it fills the first piece of big data; the other pieces were not found, and its end is missing")
    if _are_programs(run):
        if not run.cell_end or all(_OF_WINDOWS.match(source) for source, _ in pairs):
            why = "they are bare paths of programs, as drivers, services and caches hold them: no record says that it was a rename list"
            return Confidence.LOW, (*reasons, why)
        return Confidence.MEDIUM, (*reasons, "it begins where a cell begins; but they are bare paths of programs")
    if run.whole:
        return Confidence.HIGH, (*reasons, "it begins where a cell begins and ends with the final NUL")
    strange = any(re.search(_SELDOM, text) for text in run.strings)
    if strange:
        reasons.append("a name holds characters that names seldom have: other bytes may stand in its place")
    if run.cell_end:
        confidence = Confidence.MEDIUM if strange else Confidence.HIGH
        return confidence, (*reasons, "it begins where a cell begins, and is cut off")
    if not inner:
        return None  # the padding behind the last path looks like a delete
    sure = len(pairs) > 2 and not strange
    return Confidence.MEDIUM if sure else Confidence.LOW, (*reasons, "its beginning is gone")


def _judge_joined(run: RenameRun, reasons: list[str]) -> tuple[Confidence, tuple[str, ...]]:
    """A list in several cells: sure where the list of its pieces is left."""
    places = ", ".join(f"0x{place:x}" for place in run.pieces[:8]) + (", and more" if len(run.pieces) > 8 else "")
    how = "the list of these pieces names them" if run.named else "the text runs on from one to the next"
    reasons.append(f"joined from {len(run.pieces)} pieces of big data, at {places}: {how}")
    reasons.append("its end is missing" if run.cut_tail else "it ends with the final NUL")
    return Confidence.HIGH if run.named and not run.cut_tail else Confidence.MEDIUM, tuple(reasons)


def _are_programs(run: RenameRun) -> bool:
    """Whether nothing but the double NULs distinguishes this run from a list of programs."""
    return all(not target and source.lower().endswith(_PROGRAMS) for source, target in run.pairs)


def _judge_single(run: RenameRun, marked: bool) -> tuple[Confidence, tuple[str, ...]] | None:
    source, target = run.pairs[0]
    if not run.whole or not source.startswith("\\??\\") or (target and not (marked or _are_kin(source, target))):
        return None
    if marked:
        return Confidence.HIGH, ("one replacement, from the start of a cell to a final NUL",)
    return (Confidence.LOW, (SINGLE,)) if target else _judge_delete(run, source)


def _judge_delete(run: RenameRun, source: str) -> tuple[Confidence, tuple[str, ...]]:
    """What speaks for a single delete: the size of its cell against that of a path as REG_SZ or REG_MULTI_SZ, and whose path it is."""
    text_bytes = len(source.encode("utf-16-le", "surrogatepass"))
    as_text, as_strings, as_list = (-(-(4 + text_bytes + more) // 8) * 8 for more in (2, 4, 6))
    name = source.rpartition("\\")[2]
    if run.cell_end - run.start + 4 != as_list or name.upper() in _PAGE_FILES:
        return Confidence.LOW, (SINGLE,)
    if as_list != as_strings:
        return Confidence.MEDIUM, ("one delete, in a cell of just the size that its list needs and a path alone does not",)
    if not name.lower().endswith(_PROGRAMS):
        return Confidence.LOW, (
            "one delete, from the start of a cell to its end; the cell would fit the path alone as well, but it is that of no program, "
            "and other values seldom hold such a path",
        )
    if as_list != as_text:
        return Confidence.LOW, ("one delete, in a cell of just the size that its list needs; a path as REG_SZ needs less",)
    return Confidence.LOW, (SINGLE,)


def _is_marked(text: str) -> bool:
    return text[:1] in ("!", "@", "*")


def _are_kin(source: str, target: str) -> bool:
    """Whether two paths look like the old and the new name of one file."""
    one, other = source.upper().rpartition("\\"), target.upper().rpartition("\\")
    return one[0] == other[0] or one[2] == other[2]

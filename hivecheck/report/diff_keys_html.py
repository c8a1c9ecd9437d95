"""Every key and value of two hives on the page: counts by subtree, the changes without noise, the noise by class."""

from collections.abc import Callable, Sequence
from itertools import islice

from hivecheck.compare.change import Change, Verdict
from hivecheck.compare.key_verdicts import KeyVerdicts
from hivecheck.compare.whole_hive import WholeHiveDiff
from hivecheck.compare.whole_hive_changes import covered_changes, key_changes
from hivecheck.report.diff_keys import alignment_sentences, counts_words, subtree_name, subtrees
from hivecheck.report.html_cells import Block, code, make_table, paragraph, say, words

Section = tuple[str, str, tuple[Block, ...]]
_SHOWN_KEYS = 1_000
_TableMaker = Callable[[str, Sequence[Change]], tuple[Block, ...]]


def tell_keys(diff: WholeHiveDiff, make_changes: _TableMaker, verdicts: KeyVerdicts | None = None) -> Section:
    """The section. `make_changes` sets a table of changes side by side."""
    blocks: list[Block] = [paragraph(f"In all: {counts_words(diff.counts)}.")]
    if diff.is_cut:
        blocks.append(paragraph("There are more differences than are held: the rest is only counted."))
    blocks += [paragraph(words(sentence)) for sentence in alignment_sentences(diff)]
    groups = [("", ((code(subtree_name(one)),), say(counts_words(one.counts)))) for one in subtrees(diff)]
    if groups:
        blocks.append(("table", make_table("subtrees", "By subtree, without noise", ("Subtree", "What differs"), groups)))
    if diff.noise:
        rows = [("", (say(words(one.title)), say(counts_words(counts)), say(words(one.why)))) for one, counts in diff.noise]
        blocks.append(("table", make_table("noise", "Folded as noise", ("Class", "What differs", "Why"), rows)))
    grave = list(islice(covered_changes(diff, verdicts, Verdict.SUSPICIOUS), _SHOWN_KEYS)) if verdicts is not None else []
    if grave:
        blocks += make_changes("What is suspicious by the settings, the boot or the findings", grave)
    shown = list(islice(key_changes(diff, False, verdicts), _SHOWN_KEYS))
    if shown:
        cut = len(shown) == _SHOWN_KEYS
        caption = f"The first {_SHOWN_KEYS:,} keys and values, without noise: --json tells all" if cut else "Without noise"
        blocks += make_changes(caption, shown)
    return ("keys", "Every key and value", tuple(blocks))

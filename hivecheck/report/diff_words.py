"""Two texts side by side with what differs marked, word by word: the parts of a path, of a command line, of a list between semicolons.

Gives bits of a page. The texts are visible already; the template escapes them.
"""

import re
from difflib import SequenceMatcher

from hivecheck.report.html_cells import Bit, clip

_WORD = re.compile(r"[^\s\\/;,=:]+|[\s\\/;,=:]")
_MOST_WORDS = 600  # in each text; comparing takes their product


def marked(before: str, after: str) -> tuple[Bit, Bit]:
    """Both texts as code, with `del` and `ins` around what only one of them has; marked as a whole where they are very long."""
    before, after = clip(before), clip(after)
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        return _code([("del", before)]), _code([("ins", after)])
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for kind, one, two, three, four in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = kind == "equal"
        left.append(("" if same else "del", "".join(old[one:two])))
        right.append(("" if same else "ins", "".join(new[three:four])))
    return _code(left), _code(right)


def _code(parts: list[tuple[str, str]]) -> Bit:
    return "code", "", tuple([(element, "", text) for element, text in parts if text])

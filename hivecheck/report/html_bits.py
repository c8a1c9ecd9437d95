"""Bits set as HTML. What the macros of the templates would do, in Python: a page has tens of thousands of bits.

Every text and every attribute is escaped here; elements are names of ours.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache

from markupsafe import Markup, escape

from hivecheck.facts.visible import CLOSES, OPENS
from hivecheck.report.html_cells import Bits, Row

SPECIAL = re.compile(f"[&<>\"'{OPENS}]")  # of the five that are escaped, and marks: most texts have none
_MARK = f"{OPENS}U\\+([0-9A-F]{{4,6}}){CLOSES}"


def set_bits(bits: Bits) -> Markup:
    """The bits as markup, fit for a template."""
    parts: list[str] = []
    _put(bits, parts.append)
    return Markup("".join(parts))  # noqa: S704  every text in it is escaped


def set_rows(rows: Iterable[Row]) -> Markup:
    """The rows of a table as markup, fit for a template."""
    parts: list[str] = []
    put = parts.append
    for id, head, cells in rows:
        put(f'<tr id="{escape(id)}"><th scope="row">' if id else '<tr><th scope="row">')
        _put(head, put)
        put("</th>")
        for label, bits in cells:
            put(_cell(label))
            _put(bits, put)
            put("</td>")
        put("</tr>\n")
    return Markup("".join(parts))  # noqa: S704  every text in it is escaped


def _put(bits: Bits, put: Callable[[str], None]) -> None:
    search = SPECIAL.search
    for element, kind, inside in bits:
        if not element:
            put(_escaped(inside) if search(inside) else inside)
            continue
        opening = f'<a href="{escape(kind)}">' if element == "a" else _opening(element, kind)
        if isinstance(inside, str):
            put(f"{opening}{_escaped(inside) if search(inside) else inside}</{element}>")
        else:
            put(opening)
            _put(inside, put)
            put(f"</{element}>")


@cache
def _cell(label: str) -> str:
    """The start of a cell with the name of its column: words of ours, and few."""
    return f'<td data-label="{escape(label)}">'


@cache
def _opening(element: str, kind: str) -> str:
    """The start of an element, with its class if it has one: both are names of ours, and few."""
    return f'<{element} class="{escape(kind)}">' if kind else f"<{element}>"


def _escaped(text: str) -> str:
    """The text escaped; what stands for a hidden character is set apart and says so."""
    safe = str(escape(text))
    return re.sub(_MARK, _set_mark, safe) if OPENS in text else safe


def _set_mark(match: re.Match[str]) -> str:
    return f'<span class="unseen" title="Stands for the character U+{match[1]}, stored here">{match.group()}</span>'

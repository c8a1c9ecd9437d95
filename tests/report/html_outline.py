"""A page as plain lines, to be compared and read: a line for each heading, paragraph, item and row, in the page's order."""

import re
from collections.abc import Iterator
from hashlib import sha256

from tests.report.html_tree import UNREAD, Element

_MARKS = {
    "h1": "# ",
    "h2": "## ",
    "h3": "### ",
    "h4": "#### ",
    "li": "- ",
    "summary": "> ",
    "dt": "",
    "dd": "  ",
    "caption": "table: ",
}
_BLOCKS = frozenset(
    [
        "html",
        "head",
        "body",
        "header",
        "nav",
        "main",
        "section",
        "footer",
        "div",
        "p",
        "ol",
        "ul",
        "dl",
        "table",
        "thead",
        "tbody",
        "details",
        "figure",
        "figcaption",
        "pre",
        "title",
        "desc",
        "text",
        "svg",
        "tr",
    ]
) | frozenset(_MARKS)
_CELLS = ("th", "td")
DIGITS = 12


def outline(page: Element) -> str:
    """The lines. Each section begins with its id and a digest of its markup, which tells changes that the words do not show."""
    return "\n".join(_squeeze(line) for line in _lines(page) if line.strip(" -")) + "\n"


def _lines(element: Element) -> Iterator[str]:
    mark = _MARKS.get(element.tag, "")
    match element.tag:
        case "section" | "header" if id := element.attributes.get("id") or element.tag:
            yield f"== {id} {digest(element)}"
        case "tr":
            yield " | ".join(_spaced(one) for one in element.all() if one.tag in _CELLS and _row_of(one) is element)
            return
        case "svg":
            yield f"[picture {digest(element)}] {_spaced(element)}"
            return
        case tag if tag in UNREAD:
            return
        case _:
            pass
    inline = ""
    for child in element.children:
        if isinstance(child, Element) and _has_blocks(child):
            if inline.strip():
                yield mark + inline.strip()
            inline = ""
            yield from _lines(child)
        else:
            inline += child if isinstance(child, str) else child.text
    if inline.strip():
        yield mark + inline.strip()


def _row_of(cell: Element) -> Element:
    return next(above for above in cell.above() if above.tag == "tr")


def _has_blocks(element: Element) -> bool:
    return any(one.tag in _BLOCKS for one in element.all())


def _spaced(element: Element) -> str:
    """All its text, the pieces held apart where a block lies between them."""
    parts = (
        child if isinstance(child, str) else f" {_spaced(child)} " if _has_blocks(child) else child.text
        for child in element.children
    )
    return " ".join("".join(parts).split())


def _squeeze(line: str) -> str:
    return re.sub(r"(?<=\S)\s+", " ", line.replace("\n", " ")).rstrip()


def digest(element: Element) -> str:
    """Of elements, attributes and texts in order, but for style and script: what a reader of the source would see change."""
    found = sha256()
    for one in element.all():
        if one.tag not in UNREAD:
            words = " ".join(child.strip() for child in one.children if isinstance(child, str))
            found.update(f"{one.tag} {sorted(one.attributes.items(), key=str)} {words}\n".encode())
    return found.hexdigest()[:DIGITS]

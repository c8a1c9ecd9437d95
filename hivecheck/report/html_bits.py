"""Bits set as HTML. What the macros of the templates would do, in Python: a page has tens of thousands of bits.

Every text and every attribute is escaped here; elements are names of ours.
"""

from collections.abc import Callable

from markupsafe import Markup, escape

from hivecheck.report.html_cells import Bits


def set_bits(bits: Bits) -> Markup:
    """The bits as markup, fit for a template."""
    parts: list[str] = []
    _put(bits, parts.append)
    return Markup("".join(parts))  # noqa: S704  every text in it is escaped


def _put(bits: Bits, put: Callable[[str], None]) -> None:
    for element, kind, inside in bits:
        if element == "":
            put(escape(inside))
            continue
        if kind:
            put(f'<a href="{escape(kind)}">' if element == "a" else f'<{element} class="{escape(kind)}">')
        else:
            put(f"<{element}>")
        if isinstance(inside, str):
            put(escape(inside))
        else:
            _put(inside, put)
        put(f"</{element}>")

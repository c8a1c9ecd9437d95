"""A number or a text of a key together with the origin that cites it, as rules that look at single values want it."""

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_SZ
from hivecheck.registry.raw_values import number_in
from hivecheck.registry.strings import text_of
from hivecheck.rules.case import Case


@fact
class CitedNumber:
    """A REG_DWORD of 4 bytes. `origin` cites it in decimal."""

    number: int
    origin: ValueRef


@fact
class CitedText:
    """A REG_SZ or REG_EXPAND_SZ, not expanded."""

    text: str
    origin: ValueRef


def cited_number(case: Case, key: str, name: str) -> CitedNumber | None:
    """The number of a value, None where there is none or it is of another type."""
    raw = case.value(key, name)
    number = number_in(raw)
    return CitedNumber(number, raw.ref.citing(str(number))) if raw is not None and number is not None else None


def cited_text(case: Case, key: str, name: str) -> CitedText | None:
    """The text of a value, None where there is none or it is of another type."""
    raw = case.value(key, name)
    if raw is None or raw.type not in (REG_SZ, REG_EXPAND_SZ):
        return None
    text = text_of(raw.data)
    return CitedText(text, raw.ref.citing(text))

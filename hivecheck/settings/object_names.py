r"""Names that smss puts into the object manager's namespace: `ObjectDirectories` and `DOS Devices`.

Source: smss.md B.10, B.11, B1.3, B1.13 (ReactOS sminit.c SmpInitializeDosDevices).
"""

from collections.abc import Iterable

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ, Key, RawValue, fold_name
from hivecheck.registry.strings import decode_sz
from hivecheck.settings.setting import (
    SMSS,
    CitedString,
    Presence,
    Setting,
    oddity_problems,
    origins_of,
    read_strings,
    wrong_type,
)


@fact
class NamedText:
    """One value of a key read as a whole: its name and its text, as spelled. `expands` is True for REG_EXPAND_SZ."""

    name: str
    text: str
    expands: bool
    origin: Origin


def read_named_texts(
    name: str,
    key: Key | None,
    leave_out: frozenset[str] = frozenset(),
    numbers: frozenset[str] = frozenset(),
    reader: str = SMSS,
) -> Setting[tuple[NamedText, ...]]:
    """Every string value of a key in stored order, but for those named in `leave_out` (folded names). `reader` is who reads it.

    smss is handed the strings of a list one after the other, so that the last one counts. Values of other types are told as
    problems and left out, those of `numbers` (folded names) without a word if they are REG_DWORD. A later value with the name
    of an earlier one takes its place.
    """
    if key is None:
        return Setting(name, (), Presence.ABSENT)
    texts: dict[str, NamedText] = {}
    problems: list[Problem] = []
    for raw in key.values():
        folded = fold_name(raw.name)
        if folded in leave_out or (raw.type == REG_DWORD and folded in numbers):
            continue
        if raw.damage is not None:
            problems.append(raw.damage)
            if not raw.data:
                continue  # unread, which is not the same as empty
        text, more = _read_named_text(raw, reader)
        problems.extend(more)
        if text is not None:
            texts[folded] = text
    return Setting(name, tuple(texts.values()), Presence.WRITTEN, (key.ref,), tuple(problems))


def _read_named_text(raw: RawValue, reader: str) -> tuple[NamedText | None, Iterable[Problem]]:
    if raw.type in (REG_SZ, REG_EXPAND_SZ):
        decoded = decode_sz(raw.data)
        text = NamedText(raw.name, decoded.text, raw.type == REG_EXPAND_SZ, raw.ref.citing(decoded.text))
        return text, oddity_problems(raw.ref, decoded.oddities)
    problem = wrong_type(raw, "a string", reader)
    if raw.type == REG_MULTI_SZ:
        strings = read_strings(raw).strings
        return (NamedText(raw.name, strings[-1].text, False, strings[-1].origin) if strings else None), (problem,)
    return None, (problem,)


def read_object_directories(
    name: str, raw: RawValue | None, defaults: tuple[str, ...], source: str
) -> Setting[tuple[CitedString, ...]]:
    """The directories smss creates, in order. Empty strings name nothing and are left out."""
    read = read_strings(raw)
    if read.presence is Presence.ABSENT and defaults:
        built_in = BuiltIn(f"{name} = {', '.join(defaults)}", source)
        return Setting(
            name, tuple(CitedString(text, built_in) for text in defaults), Presence.DEFAULTED, (built_in,), raw=raw
        )
    strings = tuple(string for string in read.strings if string.text)
    return Setting(name, strings, read.presence, origins_of(raw, read.presence), read.problems, raw)

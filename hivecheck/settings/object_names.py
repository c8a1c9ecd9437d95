r"""Names that smss puts into the object manager's namespace: `ObjectDirectories` and `DOS Devices`.

Source: smss.md B.10, B.11 (ReactOS sminit.c SmpInitializeDosDevices).
"""

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_SZ, Key, RawValue, fold_name
from hivecheck.registry.strings import decode_sz
from hivecheck.settings.setting import CitedString, Presence, Setting, oddity_problems, read_strings, wrong_type


@fact
class NamedText:
    """One value of a key read as a whole: its name and its text, as spelled. `expands` is True for REG_EXPAND_SZ."""

    name: str
    text: str
    expands: bool
    origin: Origin


def read_named_texts(name: str, key: Key | None, leave_out: frozenset[str] = frozenset()) -> Setting[tuple[NamedText, ...]]:
    """Every string value of a key in stored order, but for those named in `leave_out` (folded names).

    Values of other types are told as problems and left out. A later value with the name of an earlier one takes its place.
    """
    if key is None:
        return Setting(name, (), Presence.ABSENT)
    texts: dict[str, NamedText] = {}
    problems: list[Problem] = []
    for raw in key.values():
        if fold_name(raw.name) in leave_out:
            continue
        if raw.damage is not None:
            problems.append(raw.damage)
        if raw.type not in (REG_SZ, REG_EXPAND_SZ):
            problems.append(wrong_type(raw, "a string"))
            continue
        decoded = decode_sz(raw.data)
        problems.extend(oddity_problems(raw.ref, decoded.oddities))
        origin = raw.ref.citing(decoded.text)
        texts[fold_name(raw.name)] = NamedText(raw.name, decoded.text, raw.type == REG_EXPAND_SZ, origin)
    return Setting(name, tuple(texts.values()), Presence.WRITTEN, (key.ref,), tuple(problems))


def read_object_directories(
    name: str, raw: RawValue | None, defaults: tuple[str, ...], source: str
) -> Setting[tuple[CitedString, ...]]:
    """The directories smss creates, in order. Empty strings name nothing and are left out."""
    read = read_strings(raw)
    if read.presence is Presence.ABSENT and defaults:
        built_in = BuiltIn(f"{name} = {', '.join(defaults)}", source)
        return Setting(name, tuple(CitedString(text, built_in) for text in defaults), Presence.DEFAULTED, (built_in,))
    strings = tuple(string for string in read.strings if string.text)
    origins: tuple[Origin, ...] = (raw.ref,) if raw else ()
    return Setting(name, strings, read.presence, origins, read.problems, raw)

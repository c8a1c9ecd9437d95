r"""Values that tools read otherwise than Windows does: strings behind an empty string, and types that are not as shipped.

Source: detections.md 1.12; smss.md B.1.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_MULTI_SZ, REG_NONE, REG_SZ, RawValue, fold_name, type_name
from hivecheck.registry.strings import decode_multi_sz, decode_sz
from hivecheck.rules.case import Case
from hivecheck.rules.lost_values import check_lost_values, is_told_as_lost
from hivecheck.rules.rule import Hit, Rule, Severity

_SM = "Control\\Session Manager"
_LSA = "Control\\Lsa"
_LISTS = (_SM, _SM + "\\SubSystems", _LSA, _LSA + "\\OSConfig", "Control", "Control\\ServiceGroupOrder")
_RENAMES = "PENDINGFILERENAMEOPERATIONS"
_PROGRAMS = frozenset(
    {
        "BOOTEXECUTE", "BOOTEXECUTENOPNPSYNC", "SETUPEXECUTE", "SETUPEXECUTENOPNPSYNC", "PLATFORMEXECUTE", "EXECUTE",
    }
)  # fmt: skip
_TYPED = (
    _SM, _SM + "\\Environment", _SM + "\\KnownDLLs", _SM + "\\DOS Devices", _SM + "\\SubSystems", _SM + "\\Memory Management",
    _SM + "\\kernel", _LSA, "Control\\SafeBoot", "Control\\CrashControl", "Control\\Windows",
)  # fmt: skip
_TEXTS = frozenset((REG_SZ, REG_EXPAND_SZ))
_TOLD_TEXTS = frozenset((_SM, _SM + "\\SubSystems"))
_STRINGS_LOOKED_AT = 10_000


def _check_tail(case: Case) -> Iterator[Hit]:
    for path in _LISTS:
        key = case.key(path)
        for raw in key.values() if key is not None else ():
            if raw.type in _TEXTS and path in _TOLD_TEXTS:
                yield from _check_text(path, raw)
            if raw.type != REG_MULTI_SZ or fold_name(raw.name).startswith(_RENAMES):
                continue
            hidden = _hidden(raw)
            if not hidden:
                continue
            shown = ", ".join(repr(origin.text) for origin in hidden[:3])
            of_smss = path.startswith(_SM)
            reads = (
                "smss reads the list by its length and is handed them all the same"
                if of_smss
                else "Windows may still read them, by the length of the data"
            )
            text = (
                f"{raw.name} holds {len(hidden)} string{'s' if len(hidden) > 1 else ''} behind an empty one ({shown}). Many tools end "
                f"the list there and do not show them; {reads}."
            )
            yield Hit(text, tuple(hidden[:10]), f"{path}\\{raw.name}", confidence=None if of_smss else Confidence.LOW)


def _check_text(path: str, raw: RawValue) -> Iterator[Hit]:
    """Text behind the NUL that ends a single string."""
    if b"\0\0" not in raw.data[:-2]:
        return
    hidden = decode_multi_sz(raw.data).strings[1:_STRINGS_LOOKED_AT]
    shown = [text for text in hidden if len(text.strip()) > 1 and text.isprintable()]
    if not shown:
        return
    text = (
        f"{raw.name} holds text behind the NUL that ends its string ({', '.join(map(repr, shown[:3]))}). What reads a single string "
        "does not show it; who reads by the length of the data does."
    )
    origin = raw.ref.citing(shown[0])
    yield Hit(text, (origin,), f"{path}\\{raw.name}", Severity.MEDIUM, Confidence.LOW)


def _hidden(raw: RawValue) -> list[ValueRef]:
    """The strings that are no blanks and stand behind an empty one."""
    if b"\0\0\0\0" not in raw.data[:-2]:
        return []
    strings = decode_multi_sz(raw.data).strings[:_STRINGS_LOOKED_AT]
    if "" not in strings:
        return []
    first = strings.index("")
    return [raw.ref.citing(text, number) for number, text in enumerate(strings) if number > first and text.strip()]


def _check_type(case: Case) -> Iterator[Hit]:
    for path in _TYPED:
        key = case.key(path)
        shipped = case.baseline.entries(path)
        if key is None or not (shipped or path == _SM):
            continue
        wanted = frozenset((*shipped, *_PROGRAMS)) if path == _SM else frozenset(shipped)
        values = key.values_named(wanted)
        for name in values:
            usual = shipped[name].type if name in shipped else "REG_MULTI_SZ"
            if type_name(values.type(name)) == usual:
                continue
            raw = values[name]
            if is_told_as_lost(path, raw) or raw.type == REG_NONE or (raw.type in _TEXTS and _is_as_good(raw, usual)):
                continue
            runs = path == _SM and name in _PROGRAMS
            told = (
                " smss still runs the one command in it." if runs and raw.type in _TEXTS else " It may not be read as meant."
            )
            text = f"{raw.name} is {type_name(raw.type)}, as shipped {usual}: what looks for the usual type passes over it.{told}"
            yield Hit(text, (raw.ref,), f"{path}\\{raw.name}", Severity.MEDIUM if runs else Severity.LOW)
    yield from check_lost_values(case)


def _is_as_good(raw: RawValue, usual: str) -> bool:
    """Whether a text works as well under the other type of texts: it has no variables to be replaced."""
    return usual in ("REG_SZ", "REG_EXPAND_SZ") and (usual == "REG_SZ" or "%" not in decode_sz(raw.data).text)


MULTISZ_HIDDEN_TAIL = Rule(
    id="multisz-hidden-tail",
    family="hive",
    title="A list or text hides strings behind its end",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1564", "T1112"),
    why=(
        "A list ends, for most tools, at the first empty string. smss and others walk it by its length, so that a command behind an "
        "empty string still runs and nobody sees it. In the lists of pending renames empty strings are usual and mean a delete."
    ),
    false_positives=("More NULs than needed at the end of a list hold no text: not told.",),
    remedy="Write the value anew without the tail, in every control set, and collect the programs that the tail names.",
    sources=("detections.md 1.12", "smss.md B1.3 to B1.5"),
    severities="high; medium for text behind the NUL of a single string; the confidence is low there and outside of the Session Manager",
    check=_check_tail,
)
VALUE_TYPE_CONFUSION = Rule(
    id="value-type-confusion",
    family="hive",
    title="A value has another type than Windows ships, or is gone",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1112",),
    why=(
        "Windows often reads a value whatever its type; what watches the registry often looks for one type only. Lists of commands as a "
        "plain text still run their one command. A value that Windows can't do without is as good as deleted where its type is one that "
        "Windows does not read."
    ),
    false_positives=("Tuning scripts and old installers that write numbers as texts or Path as a plain text.",),
    remedy="Write the value anew with the type and data as shipped, in every control set.",
    sources=("detections.md 1.12", "smss.md B1.8"),
    severities=(
        "high for Select\\Default, S0InitialCommand, the names of drives and standard devices, and for another text than the shipped one; "
        "medium for lists of programs that smss runs, Path and the like; else low"
    ),
    check=_check_type,
)

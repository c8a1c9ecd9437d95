r"""Values whose loss, or whose wrong type, halts the boot or weakens the machine: what Windows makes of them is nothing.

Nothing is told of keys that were not read whole, nor of a piece of a hive. Source: detections.md 1.12; smss.md B1.8, B15.1.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import (
    REG_DWORD,
    REG_EXPAND_SZ,
    REG_MULTI_SZ,
    REG_NONE,
    REG_SZ,
    Key,
    RawValue,
    fold_name,
    type_name,
)
from hivecheck.registry.strings import decode_multi_sz, decode_sz
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Severity

_SM = "Control\\Session Manager"
SUBSYSTEMS_KEY = _SM + "\\SubSystems"
_TEXTS = frozenset((REG_SZ, REG_EXPAND_SZ))
_SOME = 20  # services of what is more than a piece of a hive
_SHOWN = 200  # characters of a text in a value of another type


@fact
class _Read:
    """A value that Windows reads, with the types it may have and what is lost where it has another one, or is gone."""

    key: str
    name: str
    types: frozenset[int]
    severity: Severity
    loss: str
    needed: bool = False  # every Windows has it


_READ: tuple[_Read, ...] = (
    _Read(
        "\\Select",
        "Default",
        frozenset((REG_DWORD,)),
        Severity.HIGH,
        "the boot loader can't tell which control set it should load",
        True,
    ),
    _Read(
        _SM + "\\Environment",
        "Path",
        _TEXTS | {REG_MULTI_SZ},
        Severity.MEDIUM,
        "programs and DLLs without a folder are no longer found",
        True,
    ),
    _Read(
        _SM + "\\Environment",
        "ComSpec",
        _TEXTS,
        Severity.LOW,
        "programs that ask for the command interpreter look for cmd.exe by themselves, some along Path",
        True,
    ),
    _Read(
        _SM + "\\KnownDLLs",
        "DllDirectory",
        _TEXTS,
        Severity.MEDIUM,
        "smss can't tell where the DLLs lie that it maps for all programs",
    ),
    _Read(
        _SM,
        "S0InitialCommand",
        _TEXTS | {REG_MULTI_SZ},
        Severity.HIGH,
        "no Windows ships the value, and it is not sure what smss makes of it",
    ),
    _Read(_SM, "BootShell", _TEXTS, Severity.MEDIUM, "what looks for the usual type does not see what it names"),
    _Read(
        "Control\\SafeBoot",
        "AlternateShell",
        _TEXTS,
        Severity.MEDIUM,
        "what looks for the usual type does not see what it names",
    ),
)
_TYPES = {(one.key, fold_name(one.name)): one.types for one in _READ}


def is_told_as_lost(path: str, raw: RawValue) -> bool:
    """Whether `check_lost_values` tells of the type of this value."""
    types = _TYPES.get((path, fold_name(raw.name)))
    return types is not None and raw.type not in types


def check_lost_values(case: Case) -> Iterator[Hit]:
    """Values that are gone though every Windows has them, and values of a type that Windows does not read."""
    for one in _READ:
        key = case.key(one.key)
        if key is None:
            continue
        raw = key.value(one.name)
        if raw is None:
            if one.needed and key.values_whole and case.baseline.entry(one.key, one.name) is not None:
                text = f"{one.name}, which every Windows has, is gone: {one.loss}."
                yield _hit(one.key, one.name, text, (key.ref,), one.severity)
        elif raw.type not in one.types and raw.damage is None and raw.type != REG_NONE:
            yield _mistyped(case, one, raw)
    yield from _check_devices(case)


def _mistyped(case: Case, one: _Read, raw: RawValue) -> Hit:
    inner = _text_of(raw)
    shipped = case.baseline.text(one.key, one.name)
    foreign = bool(inner) and inner.casefold() != shipped.casefold() and case.path(inner) != case.path(shipped)
    says = f", with the text {inner}" if inner else ""
    text = f"{raw.name} is {type_name(raw.type)}{says}: {one.loss}."
    severity = max(one.severity, Severity.HIGH, key=lambda found: found.rank) if foreign else one.severity
    return _hit(one.key, one.name, text, (raw.ref.citing(inner) if inner else raw.ref,), severity)


def _check_devices(case: Case) -> Iterator[Hit]:
    """Names of devices whose targets are no text: smss may take the bytes for one."""
    path = _SM + "\\DOS Devices"
    key = case.key(path)
    for raw in key.values() if key is not None else ():
        if raw.type in _TEXTS or raw.type in (REG_MULTI_SZ, REG_NONE) or raw.damage is not None:
            continue
        drive = len(raw.name) == 2 and raw.name.endswith(":")
        known = case.baseline.entry(path, raw.name) is not None
        inner = _text_of(raw)
        says = f", with the text {inner}" if inner else ""
        text = (
            f"The device name {raw.name} is {type_name(raw.type)}{says}: smss may take it for a target, and what looks for a text "
            "passes over it."
        )
        severity = Severity.HIGH if drive or known else Severity.MEDIUM
        yield _hit(path, raw.name, text, (raw.ref.citing(inner) if inner else raw.ref,), severity)


def _text_of(raw: RawValue) -> str:
    """The text that the bytes of a value would make, '' where they make none."""
    if raw.type == REG_MULTI_SZ:
        return next((text for text in decode_multi_sz(raw.data).strings if text), "")[:_SHOWN]
    if raw.type == REG_DWORD or len(raw.data) < 4 or len(raw.data) % 2:
        return ""
    text = decode_sz(raw.data).text[:_SHOWN]
    return text if text.isascii() and text.isprintable() else ""


def _hit(key: str, name: str, text: str, because: tuple[Origin, ...], severity: Severity) -> Hit:
    return Hit(text, because, f"{key}\\{name}", severity, Confidence.MEDIUM)


def missing_key(case: Case, path: str) -> Key | None:
    """The key above one that every Windows has and that is gone; None where it is there, or where that can't be said."""
    above = case.key(path.rpartition("\\")[0])
    known = bool(case.baseline.entries(path)) and len(case.lists.services.services) >= _SOME
    return above if case.key(path) is None and above is not None and above.subkeys_whole and known else None


def check_no_csrss(case: Case) -> Iterator[Hit]:
    """What keeps smss from starting csrss at all: no line for it, or a list of required subsystems without it."""
    above = missing_key(case, SUBSYSTEMS_KEY)
    if above is not None:
        yield _no_csrss("The key SubSystems is gone", (above.ref,))
    key = case.key(SUBSYSTEMS_KEY)
    if key is None or not key.values_whole or case.baseline.entry(SUBSYSTEMS_KEY, "Windows") is None:
        return
    line, required = key.value("Windows"), key.value("Required")
    if line is None:
        yield _no_csrss("The line of the subsystem Windows is gone", (key.ref,))
    elif line.damage is None and (line.type not in (*_TEXTS, REG_MULTI_SZ) or not _line_of(line).strip()):
        has = "empty" if line.type in (*_TEXTS, REG_MULTI_SZ) else type_name(line.type)
        yield _no_csrss(f"The line of the subsystem Windows is {has}", (line.ref,))
    if required is None or required.damage is not None or required.type == REG_NONE:
        return
    if required.type != REG_MULTI_SZ:
        yield _no_csrss(f"Required is {type_name(required.type)}, of which smss takes nothing", (required.ref,))
    elif "WINDOWS" not in {fold_name(text) for text in decode_multi_sz(required.data).strings[:1_000]}:
        yield _no_csrss("Required does not name the subsystem Windows", (required.ref,))


def _line_of(raw: RawValue) -> str:
    return "".join(decode_multi_sz(raw.data).strings[-1:]) if raw.type == REG_MULTI_SZ else decode_sz(raw.data).text


def _no_csrss(what: str, because: tuple[Origin, ...]) -> Hit:
    text = f"{what}: smss would start no csrss, and Windows does not start without it."
    return Hit(text, because, "no csrss", Severity.HIGH, Confidence.HIGH)

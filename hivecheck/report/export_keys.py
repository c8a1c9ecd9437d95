r"""Every key that an analysis read or cites, each state of it once, with the values concerned: what has a time in a hive.

A key's last write is the time of the key. The values are named so that a reader knows why the key is listed, not to date them.
"""

from collections.abc import Iterable, Iterator

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, State, ValueRef
from hivecheck.registry.carve import UNKNOWN
from hivecheck.registry.hive import RawValue, fold_name

_SOFTWARE_KEYS = frozenset({"MICROSOFT", "POLICIES", "WOW6432NODE", "CLASSES"})


@fact
class ReadKey:
    """One state of a key. `hive` is SYSTEM or SOFTWARE; `offset` is that of the key's cell, None where only its values were cited."""

    hive: str
    path: str
    written: int
    offset: int | None
    state: State
    values: tuple[str, ...]


def hive_of(origin: KeyRef | ValueRef, analysis: Analysis) -> str:
    """SYSTEM or SOFTWARE: under which name of HKEY_LOCAL_MACHINE the key of an origin is seen in Windows."""
    software = analysis.software_evidence
    if software is None or origin.hive != software.name:
        return "SYSTEM"
    path = origin.key if isinstance(origin, ValueRef) else origin.path
    own = software.name != analysis.evidence.name or path.partition("\\")[0].upper() in _SOFTWARE_KEYS
    return "SOFTWARE" if own else "SYSTEM"


def key_path(origin: KeyRef | ValueRef, analysis: Analysis) -> str:
    r"""`HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control`: the key as an analyst would look for it, not yet made visible."""
    path = origin.key if isinstance(origin, ValueRef) else origin.path
    return full_path(hive_of(origin, analysis), path, origin.state)


def full_path(hive: str, path: str, state: State = State.ALLOCATED) -> str:
    """The path of a key below HKEY_LOCAL_MACHINE, that of the hive itself for ''; of what was found elsewhere perhaps not whole."""
    if _is_adrift(path, state):
        return f"(unknown parent){path.removeprefix(UNKNOWN)}"
    return f"HKEY_LOCAL_MACHINE\\{hive}\\{path}" if path else f"HKEY_LOCAL_MACHINE\\{hive}"


def is_adrift(origin: KeyRef | ValueRef) -> bool:
    """Whether the key of an origin is not known up to its root: it was found in free space, slack or a log."""
    return _is_adrift(origin.key if isinstance(origin, ValueRef) else origin.path, origin.state)


def _is_adrift(path: str, state: State) -> bool:
    return state is not State.ALLOCATED and (path == UNKNOWN or path.startswith(f"{UNKNOWN}\\"))


def read_keys(analysis: Analysis) -> tuple[ReadKey, ...]:
    """All keys that were read or cited, in the order in which they are met; two states of one key (a log's, the file's) count apart."""
    found: dict[tuple[str, str, int, State], tuple[str, int | None, dict[str, None]]] = {}
    for origin in origins_of_analysis(analysis):
        if isinstance(origin, BuiltIn):
            continue
        path = origin.key if isinstance(origin, ValueRef) else origin.path
        place = (hive_of(origin, analysis), fold_name(path), origin.written, origin.state)
        spelled, offset, values = found.setdefault(place, (path, None, {}))
        if isinstance(origin, ValueRef):
            values[origin.value] = None
        elif offset is None and origin.offset is not None:
            found[place] = (spelled, origin.offset, values)
    return tuple(
        ReadKey(hive, spelled, written, offset, state, tuple(values))
        for (hive, _, written, state), (spelled, offset, values) in found.items()
    )


def origins_of_analysis(analysis: Analysis) -> Iterator[Origin]:
    """The origins of everything that an analysis tells, many of them more than once."""
    facts = analysis.facts
    for guess in (
        facts.generation, facts.role, facts.edition, facts.service_pack, facts.architecture, facts.computer_name,
        facts.time_zone, facts.last_shutdown, facts.last_boot, facts.boot_count, facts.system_root,
    ):  # fmt: skip
        yield from guess.because
    yield from analysis.control_sets.because
    for _, setting in (*analysis.settings, *(analysis.software.settings if analysis.software is not None else ())):
        yield from setting.origins
        if setting.raw is not None:
            yield setting.raw.ref
        yield from _origins_within(setting.value)
    for service in analysis.services.services:
        yield service.ref
        yield from (raw.ref for raw in service.values.values())
    for event in analysis.replay.events:
        yield from event.because
    for finding in analysis.findings:
        yield from finding.because
    for problem in analysis.problems:
        yield from problem.because


def _origins_within(value: object) -> Iterator[Origin]:
    """The origins that a setting's lines carry themselves."""
    if isinstance(value, tuple):
        for one in value:
            origin = getattr(one, "origin", None)
            if origin is not None:
                yield origin


def raw_values(analysis: Analysis) -> dict[tuple[str, str], RawValue]:
    """The values that the analysis holds undecoded, by folded path of their key and folded name."""
    found: dict[tuple[str, str], RawValue] = {}
    held: Iterable[RawValue] = (
        *(setting.raw for _, setting in analysis.settings if setting.raw is not None),
        *(raw for service in analysis.services.services for raw in service.values.values()),
    )
    for raw in held:
        found.setdefault((fold_name(raw.ref.key), fold_name(raw.ref.value)), raw)
    return found

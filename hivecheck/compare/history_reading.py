r"""One hive taken apart into its states: its control sets, the file without its logs, each log entry that matters, and the hive as it stands.

Which installation a hive is of is told by the four class names below `Control\Lsa` that hold its boot key: made when Windows is set up,
kept when the computer is renamed. Only a digest of them is told. Source: class names of JD, Skew1, GBG and Data ("syskey").
"""

from hashlib import sha256

from hivecheck.compare.history_dates import NewestKeys, date_changes, date_hive, date_set, find_newest_keys
from hivecheck.compare.states import Dating, HiveSource, HiveStates, State, StateKind
from hivecheck.errors import EvidenceError
from hivecheck.evidence.log_states import LogStates, log_name
from hivecheck.evidence.member import Member
from hivecheck.evidence.opening import LogChange, OpenedHive, open_with_logs
from hivecheck.facts.fact import changed
from hivecheck.registry.control_sets import SELECT_NAMES, ControlSets, control_set_name, is_system_hive, read_control_sets
from hivecheck.registry.hive import Hive, Key
from hivecheck.registry.plain_files import read_plain
from hivecheck.registry.regf import RegfHive
from hivecheck.settings.catalog import SM
from hivecheck.settings.machine_facts import read_machine_facts

LOG_STATES_AT_MOST = 24  # of one hive, those of the latest entries: each is analyzed
SETS_AT_MOST = 16  # of one hive
_BOOT_KEYS = ("JD", "Skew1", "GBG", "Data")
_ROLE_RANKS = {"Failed": 1, "LastKnownGood": 2, "Current": 3}


def read_states(source: HiveSource, uses_logs: bool = True) -> HiveStates:
    """The states of a hive. Raises EvidenceError where it can't be read, or is no SYSTEM hive."""
    opened = open_with_logs(source.path, "auto" if uses_logs else "none", _booting_session_manager, source.logs)
    try:
        if not is_system_hive(opened.hive):
            raise EvidenceError("this is no SYSTEM hive", str(source.path))
        return _states(source, opened)
    finally:
        opened.close()


def _booting_session_manager(hive: Hive) -> Key | None:
    number = read_control_sets(hive).number
    return hive.root.subkey(f"{control_set_name(number)}\\{SM}") if number is not None else None


def _states(source: HiveSource, opened: OpenedHive) -> HiveStates:
    hive = opened.hive
    sets = read_control_sets(hive)
    newest = find_newest_keys(hive)
    booting = _set_of(hive, sets.number)
    facts = read_machine_facts(hive, booting, hive.base_block.version)
    others = [number for number in sets.present if number != sets.number]
    states = [_set_state(source, hive, sets, number, newest) for number in others[:SETS_AT_MOST]]
    states.sort(key=lambda one: (_rank(one.roles), one.ticks, one.control_set or 0))
    left_out = [f"{len(others) - SETS_AT_MOST} control sets of {source.path}"] if len(others) > SETS_AT_MOST else []
    last: tuple[LogChange, ...] = ()
    if opened.recovered:
        before, last, missed = _log_states(source, opened)
        states += before
        left_out += missed
    block = opened.primary if not opened.recovered else None
    dates = date_hive(newest, block, facts, source.taken)
    states.append(changed(_state(StateKind.HIVE, source, sets, dates), changes=last))
    generation = facts.generation.value
    return HiveStates(
        source,
        _installation_mark(booting or _first_set(hive, sets)),
        facts.computer_name.value or "",
        generation.name if generation is not None else "",
        tuple(states),
        tuple(left_out),
        _volume_mark(hive),
    )


def _state(kind: StateKind, source: HiveSource, sets: ControlSets, dates: tuple[Dating, ...]) -> State:
    return State(kind, source.path, sets.number, _roles(sets, sets.number), kind is StateKind.HIVE, dates=dates)


def _set_state(source: HiveSource, hive: RegfHive, sets: ControlSets, number: int, newest: NewestKeys) -> State:
    facts = read_machine_facts(hive, _set_of(hive, number), hive.base_block.version)
    dates = date_set(newest, control_set_name(number), facts)
    return State(StateKind.CONTROL_SET, source.path, number, _roles(sets, number), uses_logs=True, dates=dates)


def _roles(sets: ControlSets, number: int | None) -> tuple[str, ...]:
    return tuple(name for name in SELECT_NAMES if number is not None and sets.select_number(name) == number)


def _rank(roles: tuple[str, ...]) -> int:
    """A set that `Select` does not name is older than any that it names."""
    return max((_ROLE_RANKS.get(role, 0) for role in roles), default=0)


def _log_states(source: HiveSource, opened: OpenedHive) -> tuple[list[State], tuple[LogChange, ...], list[str]]:
    """The file without its logs, the hive after each entry that changes the Session Manager but the last, and the last one's changes."""
    before = opened.unrecovered
    if before is None:
        return [], opened.changes, [f"{source.path} as it is without its logs: nothing of it can be read"]
    states = [_file_state(source, before, opened)]
    by_entry: dict[tuple[str, int], list[LogChange]] = {}
    for change in opened.changes:
        by_entry.setdefault((change.log, change.sequence), []).append(change)
    entries = list(by_entry.items())
    if not entries:
        return states, (), []
    *earlier, (_, last) = entries
    missed = len(earlier) - LOG_STATES_AT_MOST
    left_out = [f"{missed} log entries of {source.path}, the oldest that change the Session Manager"] if missed > 0 else []
    between = LogStates(source.path, opened)
    for (log, entry), changes in earlier[-LOG_STATES_AT_MOST:]:
        path = between.after(log, entry)
        if path is not None:
            states.append(_entry_state(path, log, entry, tuple(changes)))
    return states, tuple(last), left_out


def _file_state(source: HiveSource, before: RegfHive, opened: OpenedHive) -> State:
    sets = read_control_sets(before)
    facts = read_machine_facts(before, _set_of(before, sets.number), before.base_block.version)
    dates = date_hive(find_newest_keys(before), opened.primary, facts, 0)
    return _state(StateKind.FILE, source, sets, dates)


def _entry_state(path: Member, log: str, entry: int, changes: tuple[LogChange, ...]) -> State:
    sets = read_control_sets(RegfHive.from_buffer(path.name, read_plain(path)))
    dates = date_changes(changes)
    return State(
        StateKind.LOG_ENTRY,
        path,
        sets.number,
        _roles(sets, sets.number),
        log=log_name(log),
        entry=entry,
        dates=dates,
        changes=changes,
    )


def _set_of(hive: RegfHive, number: int | None) -> Key | None:
    return hive.root.subkey(control_set_name(number)) if number is not None else None


def _first_set(hive: RegfHive, sets: ControlSets) -> Key | None:
    return next((key for number in sets.present if (key := _set_of(hive, number)) is not None), None)


def _installation_mark(control_set: Key | None) -> str:
    """A digest of the boot key, the same in every copy of one installation's hive; '' where a part of it is missing."""
    lsa = control_set.subkey(r"Control\Lsa") if control_set is not None else None
    if lsa is None:
        return ""
    parts = [(key.class_name or "") if (key := lsa.subkey(name)) is not None else "" for name in _BOOT_KEYS]
    if not all(parts):
        return ""
    return sha256("\n".join(parts).casefold().encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _volume_mark(hive: Hive) -> str:
    """A digest of what MountedDevices says of drive C: disk signature and place, or the GUID of a partition; '' where it says nothing."""
    key = hive.root.subkey("MountedDevices")
    raw = key.value("\\DosDevices\\C:") if key is not None else None
    return sha256(raw.data).hexdigest()[:16] if raw is not None and raw.data else ""

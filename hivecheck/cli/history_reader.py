"""Evidence read into the history of its machines: every state analyzed and held against the one before, one after another.

Progress is told on standard error. Errors of one hive are told, and the rest is read.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hivecheck.cli.exits import Outcome

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis, Options
    from hivecheck.compare.diff import Diff
    from hivecheck.compare.history import History, ListStep, MachineHistory, StateStep
    from hivecheck.compare.history_lists import Known
    from hivecheck.compare.history_machines import MachineHives
    from hivecheck.compare.history_order import PlacedState
    from hivecheck.compare.states import HiveSource, HiveStates
    from hivecheck.errors import EvidenceError, HivecheckError

# how a hive was taken is no change of the machine, and its control sets are states of their own, held against each other here
_OF_NO_STATE = frozenset({"dirty-hive", "seq-lkg-diff"})
_STATES_AT_MOST = 200  # of one machine: each is analyzed


class HistoryReader:
    """Reads the evidence into a history, and remembers what was not read."""

    def __init__(self, options: "Options", keys: tuple[str, ...], generated_utc: str, quiet: bool) -> None:
        from hivecheck.cli.progress import ProgressLine

        self._options = options
        self._keys = keys
        self._progress = ProgressLine(quiet)
        self._generated = generated_utc
        self._unread: list[str] = []
        self._missed: list[str] = []
        self.files: list[Path] = []
        self.is_complete = True
        self.outcome = Outcome()

    def read(self, named: Iterable[Path]) -> "History":
        """The history. Raises the first error where nothing could be read."""
        from hivecheck.cli.found_hives import sizes_of
        from hivecheck.compare.history import History
        from hivecheck.compare.history_machines import tell_machines_apart
        from hivecheck.compare.history_reading import read_states
        from hivecheck.errors import EvidenceError

        hives: list[HiveStates] = []
        errors: list[EvidenceError] = []
        with self._progress:
            sources = self._sources(named, errors)
            sizes = sizes_of(source.path for source in sources)
            self._progress.stage("looking for states")
            for place, source in enumerate(sources):
                self._progress.step(f"looking for states in {source.path}", sum(sizes[:place]), sum(sizes))
                try:
                    hives.append(read_states(source, self._options.logs != "none"))
                except EvidenceError as error:
                    errors.append(error)
            if not hives and errors:
                raise errors[0]
            for fault in errors:
                self._tell(fault)
            machines = tuple([self._machine(machine) for machine in tell_machines_apart(hives)])
        return History(machines, tuple(self._unread), tuple(self._missed))

    def _sources(self, named: Iterable[Path], errors: "list[EvidenceError]") -> "list[HiveSource]":
        """Every hive that the arguments hold, each once by where it lies."""
        from hivecheck.errors import EvidenceError

        found: dict[str, HiveSource] = {}
        for argument in named:
            try:
                for source in self._sources_of(argument):
                    found.setdefault(str(source.path), source)
            except EvidenceError as error:
                errors.append(error)
        return list(found.values())

    def _sources_of(self, named: Path) -> "list[HiveSource]":
        from hivecheck.compare.states import HiveSource
        from hivecheck.evidence.digest import begins_as_hive
        from hivecheck.evidence.file_tree import parts_of
        from hivecheck.evidence.layouts import place_hive

        lone = [HiveSource(named, place_hive(parts_of(str(named.absolute()))).kind, None, (str(named),))]
        self.files.append(named)
        if begins_as_hive(named):
            return lone
        from time import monotonic

        from hivecheck.evidence.discovery import find_evidence, is_container

        if not named.is_dir() and not is_container(named):
            from hivecheck.evidence.unknown_files import refuse_unknown

            refuse_unknown(named)
            return lone  # reading it tells what is wrong
        found = find_evidence(named, progress=self._progress, clock=monotonic, keys=self._keys)
        self._progress.wipe()
        self.outcome.tell_missed(named, found.missed, found.damaged)
        self._missed += found.missed
        self.files += [one.path for one in found.hives if isinstance(one.path, Path)]
        return [
            HiveSource(
                one.path,
                one.kind,
                one.logs,
                one.places,
                one.volume.taken if one.volume is not None else 0,
                one.group,
                one.software,
                one.software_logs,
            )
            for one in found.hives
        ]

    def _machine(self, machine: "MachineHives") -> "MachineHistory":
        from hivecheck.compare.history import MachineHistory
        from hivecheck.compare.history_order import order_states

        ordered = order_states(machine.hives)
        left_out = [text for hive in machine.hives for text in hive.left_out]
        if len(ordered) > _STATES_AT_MOST:
            left_out.append(f"{len(ordered) - _STATES_AT_MOST:,} states, the oldest")
        with_software = [hive for hive in machine.hives if hive.source.software is not None]
        if 0 < len(with_software) < len(machine.hives):
            left_out.append(
                "what the SOFTWARE hives say, as only some of the hives have one and states must be compared alike"
            )
        steps = self._steps(ordered[-_STATES_AT_MOST:], len(with_software) == len(machine.hives))
        return MachineHistory(machine.computer, machine.marks, machine.because, steps, tuple(left_out))

    def _steps(self, ordered: "tuple[PlacedState, ...]", uses_software: bool) -> "tuple[StateStep | ListStep, ...]":
        """The steps in order. `uses_software`: the SOFTWARE hives are read with the states."""
        from hivecheck.cli.found_hives import sizes_of
        from hivecheck.compare.history import alike_key, number_steps, state_step
        from hivecheck.compare.history_lists import EarlierList, earlier_lists, known_lists
        from hivecheck.compare.states import StateKind
        from hivecheck.errors import HivecheckError
        from hivecheck.facts.fact import changed

        known: Known = known_lists(change for placed in ordered for change in placed.state.changes)
        states: list[StateStep] = []
        lists: dict[int, tuple[EarlierList, ...]] = {}
        before: _Analyzed | None = None
        latest: dict[tuple[object, ...], tuple[int, _Analyzed]] = {}  # of each kind of copy its last state
        sizes = sizes_of(placed.hive.source.path for placed in ordered)
        self._progress.stage("comparing states")
        for number, placed in enumerate(ordered, start=1):
            words = f"state {number} of {len(ordered)}: {placed.state.path}"
            self._progress.step(words, sum(sizes[: number - 1]), sum(sizes))
            try:
                now = self._analyze(placed, uses_software)
            except HivecheckError as error:
                self._tell(error)
                continue
            if placed.state.kind is StateKind.HIVE:
                lists[id(placed.hive)] = tuple(earlier_lists(now[0].lost, known))
            key = alike_key(placed)
            if key is not None:
                place, same = latest.get(key, (-1, None))
                if not lists.get(id(placed.hive)) and _is_alike(placed, same, now):
                    states[place] = changed(states[place], alike=(*states[place].alike, placed))
                    continue
                latest[key] = len(states), now
            states.append(state_step(len(states), placed, now[1], _compare(before, now)))
            before = now
        return number_steps(states, lists)

    def _analyze(self, placed: "PlacedState", uses_software: bool) -> "_Analyzed":
        from hivecheck.cli.analyze import analyze_found
        from hivecheck.cli.found_hives import ChosenHive
        from hivecheck.compare.documents import checked_document
        from hivecheck.compare.states import StateKind
        from hivecheck.facts.fact import changed
        from hivecheck.report.document import analysis_document

        state = placed.state
        # the set that boots is left to Select, so that a set that can't be loaded is told as such
        choice = str(state.control_set) if state.kind is StateKind.CONTROL_SET else "default"
        source = placed.hive.source
        logs = source.logs if state.uses_logs else ()
        software = (source.software, source.software_logs) if uses_software else (None, None)
        found = ChosenHive(state.path, logs, *software)
        analysis = analyze_found(found, changed(self._options, control_set=choice))
        self.is_complete &= analysis.is_complete
        plain = json.loads(json.dumps(analysis_document(analysis, self._generated)))  # as a saved one would be
        plain["findings"] = [one for one in plain["findings"] if one["rule"] not in _OF_NO_STATE]
        return analysis, checked_document(plain, str(state.path))

    def _tell(self, error: "HivecheckError") -> None:
        self._progress.wipe()
        self.outcome.tell_unread(error)
        self._unread.append(f"{error.path}: {error.message}" if error.path else error.message)


_Analyzed = tuple["Analysis", dict[str, Any]]


def _is_alike(placed: "PlacedState", before: _Analyzed | None, now: _Analyzed) -> bool:
    """Whether this state is the one that is held against it, in all that the boot reads and does and that is found in it."""
    from hivecheck.compare.history import state_step

    if before is None:
        return False
    differs = state_step(0, placed, now[1], _compare(before, now)).differs
    return differs is not None and differs.is_empty and not differs.cut


def _compare(before: _Analyzed | None, after: _Analyzed) -> "Diff | None":
    from hivecheck.compare.diff import compare_documents
    from hivecheck.compare.services_diff import compare_services
    from hivecheck.facts.fact import changed
    from hivecheck.report.diff_document import change_origins

    if before is None:
        return None
    services = tuple(
        changed(change, because=change_origins(change)) for change in compare_services(before[0].services, after[0].services)
    )
    return compare_documents(before[1], after[1], services=services)

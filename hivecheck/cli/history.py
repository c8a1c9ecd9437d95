"""`hivecheck history`: one machine over time, from every hive and every state of it that the evidence holds."""

import json as json_text
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hivecheck.cli.exits import exit_code, tell_error, tell_missed
from hivecheck.cli.options import (
    CaseId,
    EvidenceId,
    EvidenceList,
    Examiner,
    Json,
    Logs,
    NoColor,
    Notes,
    ProfileFile,
    Quiet,
    case_notes,
    chosen_logs,
)

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis, Options
    from hivecheck.compare.diff import Diff
    from hivecheck.compare.history import History, ListStep, MachineHistory, StateStep
    from hivecheck.compare.history_lists import Known
    from hivecheck.compare.history_machines import MachineHives
    from hivecheck.compare.history_order import PlacedState
    from hivecheck.compare.states import HiveSource, HiveStates
    from hivecheck.errors import EvidenceError, HivecheckError

_OF_THE_TAKING = frozenset({"dirty-hive"})  # how the hive was taken is no change of the machine
_STATES_AT_MOST = 200  # of one machine: each is analyzed


def history_command(
    evidence: EvidenceList,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE|-", help="Write the history as one HTML page.")
    ] = None,
    json: Json = None,
    timesketch: Annotated[
        Path | None,
        typer.Option("--timesketch", metavar="FILE|-", help="Write the dated steps for Timesketch, as JSON lines."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE|-", help="The same as CSV.")] = None,
    logs: Logs = None,
    profile: ProfileFile = None,
    case_id: CaseId = "",
    examiner: Examiner = "",
    evidence_id: EvidenceId = "",
    notes: Notes = "",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> int:
    """Tell a machine's history: control sets, log states, copies of the hive, and lists that are no more.

    Each state is dated as well as it can be, and told by what the boot would do differently.
    """
    from hivecheck.analysis import Options
    from hivecheck.cli.output import STANDARD_OUTPUT, evidence_files, generated_utc
    from hivecheck.cli.profiles import read_profile
    from hivecheck.errors import UsageError

    asked = chosen_logs(logs)
    if not isinstance(asked, str):
        raise UsageError("history takes the logs beside each hive", hint="Give --logs auto or --logs none.")
    targets = [one for one in (html, json, timesketch, csv) if one is not None]
    if len({one.absolute() for one in targets}) < len(targets):
        raise UsageError("two of --html, --json, --timesketch and --csv name the same file")
    generated = generated_utc()
    options = Options(verify="none", logs=asked, profile=read_profile(profile, generated))
    reader = _Reader(options, generated)
    history = reader.read(evidence)
    case = case_notes(case_id, examiner, evidence_id, notes)
    written = _write_files(history, evidence_files([*evidence, *reader.files]), html, json, timesketch, csv, generated, case)
    if STANDARD_OUTPUT not in targets and not quiet:
        from hivecheck.cli.output import terminal_paper
        from hivecheck.facts.visible import visible
        from hivecheck.report.history_terminal import write_history_summary

        paper = terminal_paper(no_color)
        write_history_summary(history, case, paper)
        if written:
            paper.blank()
            paper.put(", ".join(visible(str(path)) for path in written), first="Written", indent=9)
        print(paper.text(), end="")
    return exit_code(bool(history.unread), reader.is_complete)


class _Reader:
    """Reads the evidence into a history, and remembers what was not read."""

    def __init__(self, options: "Options", generated_utc: str) -> None:
        self._options = options
        self._generated = generated_utc
        self._unread: list[str] = []
        self._missed: list[str] = []
        self.files: list[Path] = []
        self.is_complete = True

    def read(self, named: Iterable[Path]) -> "History":
        """The history. Raises the first error where nothing could be read."""
        from hivecheck.compare.history import History
        from hivecheck.compare.history_machines import tell_machines_apart
        from hivecheck.compare.history_reading import read_states
        from hivecheck.errors import EvidenceError

        hives: list[HiveStates] = []
        errors: list[EvidenceError] = []
        for source in self._sources(named, errors):
            try:
                hives.append(read_states(source, self._options.logs != "none"))
            except EvidenceError as error:
                errors.append(error)
        if not hives and errors:
            raise errors[0]
        for fault in errors:
            self._tell(fault)
        machines = tuple([self._machine(machine) for machine in tell_machines_apart(hives)])
        self.is_complete &= not self._missed
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
        from hivecheck.evidence.file_tree import parts_of
        from hivecheck.evidence.layouts import place_hive

        lone = [HiveSource(named, place_hive(parts_of(str(named.absolute()))).kind, None, (str(named),))]
        self.files.append(named)
        if _is_hive(named):
            return lone
        from hivecheck.evidence.discovery import find_evidence, is_container, words_of

        if not named.is_dir() and not is_container(named):
            return lone  # reading it tells what is wrong
        found = find_evidence(named)
        tell_missed(named, words_of(found.missed))
        self._missed += found.missed
        self.files += [one.path for one in found.hives if isinstance(one.path, Path)]
        return [
            HiveSource(one.path, one.kind, one.logs, one.places, one.volume.taken if one.volume else 0, one.group)
            for one in found.hives
        ]

    def _machine(self, machine: "MachineHives") -> "MachineHistory":
        from hivecheck.compare.history import MachineHistory
        from hivecheck.compare.history_order import order_states

        ordered = order_states(machine.hives)
        left_out = [text for hive in machine.hives for text in hive.left_out]
        if len(ordered) > _STATES_AT_MOST:
            left_out.append(f"{len(ordered) - _STATES_AT_MOST:,} states, the oldest")
        steps = self._steps(ordered[-_STATES_AT_MOST:])
        return MachineHistory(machine.computer, machine.marks, machine.because, steps, tuple(left_out))

    def _steps(self, ordered: "tuple[PlacedState, ...]") -> "tuple[StateStep | ListStep, ...]":
        """The steps in order. Lists of before stand in front of the first state of the set that the hive boots."""
        from hivecheck.compare.history import number_steps, state_step
        from hivecheck.compare.history_lists import EarlierList, earlier_lists, known_lists
        from hivecheck.compare.states import StateKind
        from hivecheck.errors import HivecheckError

        known: Known = known_lists(change for placed in ordered for change in placed.state.changes)
        states: list[StateStep] = []
        lists: dict[int, tuple[EarlierList, ...]] = {}
        before: _Analyzed | None = None
        for placed in ordered:
            try:
                now = self._analyze(placed)
            except HivecheckError as error:
                self._tell(error)
                continue
            states.append(state_step(len(states), placed, now[1], _compare(before, now)))
            if placed.state.kind is StateKind.HIVE:
                lists[id(placed.hive)] = tuple(earlier_lists(now[0].lost, known))
            before = now
        return number_steps(states, lists)

    def _analyze(self, placed: "PlacedState") -> "_Analyzed":
        from hivecheck.analysis import analyze
        from hivecheck.compare.documents import checked_document
        from hivecheck.compare.states import StateKind
        from hivecheck.facts.fact import changed
        from hivecheck.report.document import analysis_document

        state = placed.state
        # the set that boots is left to Select, so that a set that can't be loaded is told as such
        choice = str(state.control_set) if state.kind is StateKind.CONTROL_SET else "default"
        options = changed(self._options, control_set=choice, logs=self._options.logs if state.uses_logs else "none")
        analysis = analyze(state.path, options, logs=placed.hive.source.logs if state.uses_logs else None)
        self.is_complete &= analysis.is_complete
        plain = json_text.loads(json_text.dumps(analysis_document(analysis, self._generated)))  # as a saved one would be
        plain["findings"] = [one for one in plain["findings"] if one["rule"] not in _OF_THE_TAKING]
        return analysis, checked_document(plain, str(state.path))

    def _tell(self, error: "HivecheckError") -> None:
        tell_error(error)
        self._unread.append(f"{error.path}: {error.message}" if error.path else error.message)


def _is_hive(named: Path) -> bool:
    try:
        with named.open("rb") as file:
            return file.read(4) == b"regf"
    except OSError:
        return False


_Analyzed = tuple["Analysis", dict[str, Any]]


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


def _write_files(
    history: "History",
    protected: tuple[Path, ...],
    html: Path | None,
    json: Path | None,
    timesketch: Path | None,
    csv: Path | None,
    generated: str,
    case: Any,
) -> list[Path]:
    """Writes what was asked for; gives the paths."""
    from hivecheck.cli.output import write_text

    def pieces(target: Path) -> Iterator[str]:
        if target is html:
            from hivecheck.report.history_html import render_history

            yield render_history(history, generated, case)
        elif target is json:
            from hivecheck.report.history_document import write_history

            yield from write_history(history, generated, case)
        else:
            from hivecheck.report.history_export import write_history_csv, write_history_timesketch

            yield from write_history_timesketch(history) if target is timesketch else write_history_csv(history)

    targets = [one for one in (html, json, timesketch, csv) if one is not None]
    for target in targets:
        write_text(target, pieces(target), protected)
    return targets

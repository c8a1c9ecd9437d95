"""The front door: one hive in, one `Analysis` out. The only place where the floors are put in order.

Reads, decides which control set boots, knows the Windows, extracts the settings, replays the boot. Renders nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hivecheck.baselines.baseline import Baseline
from hivecheck.boot.replay import Replay
from hivecheck.boot.smss.smss import SAFE_MODES, Smss
from hivecheck.boot.whole_boot import play_boot, read_start_lists
from hivecheck.errors import EvidenceError, NotAHiveError, UsageError, out_of_memory
from hivecheck.evidence.digest import PendingDigests
from hivecheck.evidence.hive_evidence import BOOT_HIVE_UNREAD, hive_evidence, state_problems
from hivecheck.evidence.hive_evidence import Evidence as Evidence
from hivecheck.evidence.opening import OpenedHive, open_with_logs
from hivecheck.facts.case_notes import NO_NOTES, CaseNotes
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN10_2004, Generation
from hivecheck.facts.origin import KeyRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.control_sets import CHOICES, ControlSets, control_set_name, is_system_hive, read_control_sets
from hivecheck.registry.hive import Hive, Key
from hivecheck.registry.readers import ReaderOpinion, compare_readers, witness_unreadable
from hivecheck.registry.regf import RegfHive, is_too_large
from hivecheck.registry.survey import survey_damage, survey_subtree
from hivecheck.rules.rule import Severity
from hivecheck.settings.catalog import SM, Settings, applies_to, read_settings
from hivecheck.settings.class_filters import ClassFilters
from hivecheck.settings.lost_lists import LostLists, find_lost_lists
from hivecheck.settings.machine_facts import MachineFacts, read_machine_facts
from hivecheck.settings.safe_boot import SafeBootLists, safe_mode_known_to
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import ServiceDatabase

if TYPE_CHECKING:
    from hivecheck.evidence.file_tree import FileTree
    from hivecheck.evidence.inventory import Inventory
    from hivecheck.evidence.older_state import OlderState
    from hivecheck.rules.profile import Profile
    from hivecheck.rules.rule import Finding
    from hivecheck.settings.software import Software
    from hivecheck.software import OpenedSoftware

NOT_SYSTEM_HINT = "Name the hive SYSTEM of the same machine; hivecheck reads the boot from it."
VERIFICATIONS = ("none", "second", "all")
SEVERITIES = tuple(severity.value for severity in Severity)


@fact
class Options:
    """What the user may choose. `control_set`: default, current, last-known-good or a number; `safe_mode`: None for a normal boot.

    `logs`: auto (those beside the hive), none, or the files to use. `software` is a SOFTWARE hive of the same machine.
    `judges` False leaves the rules out; `profile` marks findings as expected; reports tell findings from `min_severity` on, and
    repeat the `case_notes`.
    """

    control_set: str = "default"
    safe_mode: str | None = None
    verify: str = "second"
    logs: str | tuple[Path, ...] = "auto"
    software: EvidencePath | None = None
    judges: bool = True
    profile: "Profile | None" = None
    min_severity: str = "info"
    case_notes: CaseNotes = NO_NOTES


@fact
class Analysis:
    """All that is known of one hive. `generation` is the row the replay followed; `facts.generation` says how sure that is.

    `lost` are lists of the Session Manager that the hive no longer holds; nothing of them is in the settings or in the replay.
    `safe_boot` can be asked for the safe mode of the replay alone: the hive is closed. `software` and its evidence are None
    where no SOFTWARE hive was given. `findings` are all that the rules found, in the order of the report, those that the
    user's profile expects among them. `inventory` is what lies on the volume, None where the volume was not at hand. `older_state`
    says that the hive stands in for the one that its machine boots from.
    """

    evidence: Evidence
    options: Options
    control_sets: ControlSets
    facts: MachineFacts
    generation: Generation
    settings: Settings
    replay: Replay
    lost: LostLists
    problems: tuple[Problem, ...]
    services: ServiceDatabase
    groups: GroupOrders
    safe_boot: SafeBootLists
    filters: ClassFilters
    software: "Software | None" = None
    software_evidence: Evidence | None = None
    findings: "tuple[Finding, ...]" = ()
    inventory: "Inventory | None" = None
    older_state: "OlderState | None" = None

    @property
    def safe_mode(self) -> str | None:
        """The safe mode that was replayed; None for a normal boot, which an older Windows without such modes makes of any."""
        return safe_mode_known_to(self.generation, self.options.safe_mode)

    @property
    def told_findings(self) -> "tuple[Finding, ...]":
        """The findings that stand, from the least severity that was asked for on, in the order of the report."""
        return tuple(one for one in self.findings if not one.expected and self._is_asked_for(one))

    @property
    def expected_findings(self) -> "tuple[Finding, ...]":
        """Those that the user's profile expects, whatever their severity; each says why."""
        return tuple(one for one in self.findings if one.expected)

    @property
    def milder_findings(self) -> "tuple[Finding, ...]":
        """Those that stand, but below the least severity that was asked for: they are only counted."""
        return tuple(one for one in self.findings if not one.expected and not self._is_asked_for(one))

    def _is_asked_for(self, finding: "Finding") -> bool:
        return finding.severity >= Severity(self.options.min_severity)

    @property
    def baseline(self) -> Baseline:
        """The Windows as shipped that this hive is held against."""
        from hivecheck.baselines.load import load_baseline  # not all commands hold a hive against it

        return load_baseline(self.generation, self.facts.architecture.value or "")

    @property
    def is_whole(self) -> bool:
        """Whether all of the hive that was read could be; that another one, which boots, could not does not count."""
        return not any(problem.loses_data and problem.code != BOOT_HIVE_UNREAD for problem in self.problems)

    @property
    def is_complete(self) -> bool:
        """False where part of the evidence could not be read."""
        return not any(problem.loses_data for problem in self.problems)


def analyze(
    path: EvidencePath,
    options: Options | None = None,
    digests: PendingDigests | None = None,
    logs: tuple[EvidencePath, ...] | None = None,
    software_logs: tuple[EvidencePath, ...] | None = None,
    volume: "FileTree | None" = None,
) -> Analysis:
    """Everything about the SYSTEM hive in this file. `digests` are its hashes, where they are being computed already; `logs`
    and `software_logs` are those beside it and beside its SOFTWARE hive, where they were found already, as in an archive.
    `volume` are the files of the volume it boots from: the paths of the boot are then looked up there.

    Raises EvidenceError where the file can't be read, NotAHiveError where it is no SYSTEM hive, UsageError for unusable options.
    """
    options = options or Options()
    _check(options)
    try:
        opened = open_with_logs(path, options.logs, _session_manager(options.control_set), logs)
    except EvidenceError as error:
        raise _with_witnesses(error, path, options) from error
    except MemoryError as error:
        raise out_of_memory(str(path)) from error
    try:
        if options.software is None:
            return _analyze(path, opened, options, digests or PendingDigests(path), None, volume)
        from hivecheck.software import open_software  # few analyses are given one

        with open_software(options.software, options.logs, software_logs) as software:
            return _analyze(path, opened, options, digests or PendingDigests(path), software, volume)
    except MemoryError as error:
        raise out_of_memory(str(path)) from error
    finally:
        opened.close()


def _with_witnesses(error: EvidenceError, path: EvidencePath, options: Options) -> EvidenceError:
    """The same error; its hint says also what other readers make of a hive that ours can't open."""
    if options.verify == "none" or not isinstance(path, Path) or is_too_large(path):
        return error  # other readers are asked in a process of their own, which opens the file by its path
    seen = [sight.sentence for sight in witness_unreadable(path)]
    return type(error)(error.message, error.path, " ".join(filter(None, (error.hint, *seen))))


def _blaming_logs(error: EvidenceError, opened: OpenedHive) -> EvidenceError:
    """The same error; where logs of another hive were applied, its hint says that they may be the reason."""
    doubted = [log for log in opened.logs if log.fate.doubt and log.fate.applied]
    if not doubted:
        return error
    told = "; ".join(f"{log.path.name}: {log.fate.doubt}" for log in doubted)
    return type(error)(
        error.message, error.path, f"Logs that may be those of another hive were applied ({told}): leave them out."
    )


def _session_manager(choice: str) -> Callable[[Hive], Key | None]:
    """What finds the Session Manager key of the chosen control set in any state of a hive."""

    def find(hive: Hive) -> Key | None:
        number = read_control_sets(hive, choice).number
        return hive.root.subkey(f"{control_set_name(number)}\\{SM}") if number is not None else None

    return find


def _check(options: Options) -> None:
    if options.safe_mode is not None and options.safe_mode not in SAFE_MODES:
        raise UsageError(f"no such safe mode: {options.safe_mode}", hint=f"Choose one of {', '.join(SAFE_MODES)}.")
    if options.verify not in VERIFICATIONS:
        raise UsageError(f"no such verification: {options.verify}", hint=f"Choose one of {', '.join(VERIFICATIONS)}.")
    if options.min_severity not in SEVERITIES:
        raise UsageError(f"no such severity: {options.min_severity}", hint=f"Choose one of {', '.join(SEVERITIES)}.")


def _analyze(
    path: EvidencePath,
    opened: OpenedHive,
    options: Options,
    digests: PendingDigests,
    given: "OpenedSoftware | None" = None,
    volume: "FileTree | None" = None,
) -> Analysis:
    hive = opened.hive
    try:
        refuse_other_hives(hive, path)
    except EvidenceError as error:
        raise _blaming_logs(error, opened) from error
    sets = chosen_control_sets(hive, options.control_set)
    control_set = hive.root.subkey(control_set_name(sets.number)) if sets.number is not None else None
    described = control_set or _first_control_set(hive, sets)
    facts = read_machine_facts(hive, described, hive.base_block.version)
    software = given.read(facts) if given is not None else None
    if software is not None:
        facts = software.decide(facts)
    generation = facts.generation.value or WIN10_2004
    settings = read_settings(hive, control_set)
    lists = read_start_lists(control_set, hive.root, generation)
    system_root = facts.system_root.value or "C:\\Windows"
    name = control_set.name if control_set is not None else ""
    assumed = facts.system_root.confidence is not Confidence.HIGH
    smss = Smss(settings, generation, system_root, facts.architecture.value or "", name, options.safe_mode, assumed)
    smss.software = software.software if software is not None else None
    played = play_boot(sets, smss, lists)
    inventory = None
    if volume is not None:
        from hivecheck.boot_on_volume import play_on_volume  # a lone hive has none

        played, inventory = play_on_volume(sets, smss, lists, played, volume)
    if (mode := safe_mode_known_to(generation, options.safe_mode)) is not None:
        lists.safe_boot.read(mode)  # what is held back is told when the hive is closed
    keys = (f"{control_set.path}\\{SM}",) if control_set is not None else ()
    readers = _opinions(hive, keys, options.verify)
    if options.verify == "all":
        survey_damage(hive)
    else:
        for key in filter(None, map(hive.root.subkey, keys)):
            survey_subtree(hive, key)  # what it finds stands among the hive's problems
    lost = find_lost_lists(hive, opened.unrecovered, tuple(log.fate.log for log in opened.logs if not log.fate.foreign))
    evidence = hive_evidence(path, opened, digests, readers)
    verdict = None
    if options.judges:
        from hivecheck.rules.verdict import judge_hive  # and with it all rules: commands that do not judge go without

        known = (facts, generation, settings, lists, smss.software, played)
        verdict = judge_hive(
            hive, sets, control_set, known, (evidence.dirty, evidence.log_changes, lost), options.profile, inventory
        )
    problems = (
        *state_problems(evidence, options.logs, hive.root.ref),
        *opened.problems,
        *hive.problems,
        *sets.problems,
        *(problem for row, setting in settings if applies_to(row, generation) for problem in setting.problems),
        *facts.problems,
        *_description_problems(control_set, described),
        *_generation_problems(facts, hive.root.ref),
        *lists.services.problems,
        *played.problems,
        *(software.problems if software is not None else ()),
        *(Problem("limit-lists", text, (hive.root.ref,)) for text in lost.limits),
        *(
            Problem("limit-inventory", text, (hive.root.ref,))
            for text in (inventory.limits if inventory is not None else ())
        ),
        *(verdict.problems if verdict is not None else ()),
    )
    return Analysis(
        evidence,
        options,
        sets,
        facts,
        generation,
        settings,
        played,
        lost,
        tuple(dict.fromkeys(problems)),
        lists.services,
        lists.groups,
        lists.safe_boot,
        lists.filters,
        smss.software,
        software.evidence if software is not None else None,
        verdict.findings if verdict is not None else (),
        inventory,
    )


def _opinions(hive: RegfHive, keys: tuple[str, ...], verify: str) -> tuple[ReaderOpinion, ...]:
    if verify == "none" or not keys:
        return ()
    return compare_readers(hive, keys, "all" if verify == "all" else "second")


def refuse_other_hives(hive: RegfHive, path: EvidencePath) -> None:
    """Raises NotAHiveError for a registry hive that is no SYSTEM hive, EvidenceError for one too damaged to tell."""
    if not is_system_hive(hive):
        lost = next((problem for problem in hive.problems if problem.loses_data), None)
        if lost is not None:
            hint = "The copy is incomplete or damaged; take it again from the evidence."
            raise EvidenceError(f"the hive is too damaged to find a control set in it: {lost.message}", str(path), hint)
        raise NotAHiveError(f"this is a registry hive, but not a SYSTEM hive{_looks_like(hive)}", str(path), NOT_SYSTEM_HINT)


def chosen_control_sets(hive: RegfHive, choice: str) -> ControlSets:
    """The control sets, with the one chosen. Raises UsageError for a choice that is none, or a number that is not there."""
    try:
        sets = read_control_sets(hive, choice)
    except ValueError as error:
        raise UsageError(str(error), hint="Choose default, current, last-known-good or a number.") from error
    if choice not in CHOICES and sets.number is None and not sets.unreadable:
        present = ", ".join(str(number) for number in sets.present) or "none"
        raise UsageError(f"this hive has no {control_set_name(int(choice))}", hint=f"Present: {present}.")
    return sets


def _looks_like(hive: RegfHive) -> str:
    names = {key.name.upper() for _, key in zip(range(64), hive.root.subkeys(), strict=False)}
    kinds = (
        ("SOFTWARE", {"MICROSOFT", "CLASSES"}),
        ("SAM", {"SAM"}),
        ("SECURITY", {"POLICY"}),
        ("a user's NTUSER.DAT", {"CONTROL PANEL", "SOFTWARE"}),
        ("BCD", {"OBJECTS", "DESCRIPTION"}),
        ("Amcache", {"ROOT"}),
    )
    return next((f": it looks like {kind}" for kind, marks in kinds if marks <= names), "")


def _first_control_set(hive: RegfHive, sets: ControlSets) -> Key | None:
    """A set that tells what machine this is, where none can be chosen to boot: the first that is there."""
    return next((key for number in sets.present if (key := hive.root.subkey(control_set_name(number)))), None)


def _description_problems(control_set: Key | None, described: Key | None) -> list[Problem]:
    if control_set is not None or described is None:
        return []
    text = f"What is told of the machine is read from {described.name}, which is not the set that boots."
    return [Problem("described-by-another-set", text, (described.ref,))]


def _generation_problems(facts: MachineFacts, root: KeyRef) -> list[Problem]:
    if facts.generation.value is not None:
        return []
    text = f"The Windows version can't be told from this hive; the replay follows {WIN10_2004.name}."
    return [Problem("generation-unknown", text, (root,))]

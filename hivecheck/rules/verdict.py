"""The verdict on one open hive: what was read of it becomes a case, all rules of the catalogue look at it, and what to know of it is told.

Importing this loads every rule that the SYSTEM hive alone decides.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hivecheck.baselines.load import load_baseline
from hivecheck.baselines.releases import stand_in_words
from hivecheck.boot.replay import Replay
from hivecheck.boot.whole_boot import StartLists
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Generation
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.control_sets import ControlSets
from hivecheck.registry.hive import Key
from hivecheck.registry.raw_values import text_in
from hivecheck.registry.regf import RegfHive
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import CaseEvidence
from hivecheck.rules.judge import judge
from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.system_rules import SYSTEM_RULES
from hivecheck.settings.catalog import Settings
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.machine_facts import MachineFacts
from hivecheck.settings.software_rows import CURRENT_BUILD, CURRENT_BUILD_NUMBER
from hivecheck.settings.version_builds import CORE_OS, version_of, version_of_build_lab
from hivecheck.settings.version_marks import CONTROL_WINDOWS
from hivecheck.settings.vote import Version, fits_version, only

if TYPE_CHECKING:
    from hivecheck.evidence.inventory import Inventory
    from hivecheck.rules.profile import Profile
    from hivecheck.settings.software import Software

_STOPPED = ("ShutdownStopTimePerfCounterBuildLabEx", "ShutdownStopTimePerfCounterBuildLab")


@fact
class NamedBuild:
    """Major, minor, build; and the values that say so."""

    version: Version
    because: tuple[Origin, ...]


def named_build(case: Case) -> NamedBuild | None:
    """SOFTWARE's build, else the one that last shut down, else that of the core; None where none names one of this generation."""
    found = (_of_software(case), *(_of_shutdown(case, name) for name in _STOPPED), _of_core(case))
    return next((one for one in found if one is not None and fits_version(one.version) & only(case.generation)), None)


def _of_software(case: Case) -> NamedBuild | None:
    software = case.software
    version = software.version if software is not None else None
    if software is None or version is None:
        return None
    return NamedBuild(version, software[CURRENT_BUILD_NUMBER].origins or software[CURRENT_BUILD].origins)


def _of_shutdown(case: Case, name: str) -> NamedBuild | None:
    raw = case.value(CONTROL_WINDOWS, name)
    version = version_of_build_lab(text_in(raw))
    return NamedBuild(version, (raw.ref.citing(text_in(raw)),)) if raw is not None and version is not None else None


def _of_core(case: Case) -> NamedBuild | None:
    raw = case.value(CORE_OS, "Version")
    version = version_of(text_in(raw))
    return NamedBuild(version, (raw.ref.citing(text_in(raw)),)) if raw is not None and version is not None else None


Known = tuple[MachineFacts, Generation, Settings, StartLists, "Software | None", Replay]


_CITED = 20  # of silenced findings, whose origins a problem cites
_NAMED = 8


@fact
class Judgement:
    """The findings in the order of the report, and what a reader must know of how they were made."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def judge_hive(
    hive: RegfHive,
    sets: ControlSets,
    control_set: Key | None,
    known: Known,
    seen: tuple[bool, tuple[LogChange, ...], LostLists],
    profile: "Profile | None",
    inventory: "Inventory | None" = None,
) -> Judgement:
    """What the rules find. `seen` are, of the evidence, whether it is dirty, what its logs changed, and the lists it lost.

    `inventory` are the files that the replay was played with, where the volume was at hand.
    """
    facts, generation = known[:2]
    baseline = load_baseline(generation, facts.architecture.value or "")
    case = Case(hive, sets, control_set, *known, baseline, CaseEvidence(hive.base_block.last_written, *seen))
    rules = SYSTEM_RULES
    if case.software is not None:
        from hivecheck.rules.catalog import RULES
        from hivecheck.rules.software_refinement import refined_rules  # few analyses are given one

        rules = refined_rules(RULES, case)
    if inventory is not None:
        from hivecheck.rules.file_refinement import rules_with_files  # the same

        rules = rules_with_files(rules, inventory)
    if control_set is None:
        from hivecheck.rules.fallback_set import rules_with_fallback  # nearly every machine has one that boots

        rules = rules_with_fallback(rules, case)
    verdict = judge(case, rules, profile)
    problems = (*verdict.problems, *_baseline_problems(case), *_profile_problems(verdict.findings))
    return Judgement(verdict.findings, problems)


def _baseline_problems(case: Case) -> Iterator[Problem]:
    """That the Windows is one for which no baseline was made."""
    build = named_build(case)
    text = stand_in_words(case.baseline, build.version if build is not None else None)
    if text:
        because = (*(build.because if build is not None else ()), *case.facts.generation.because[:1])
        yield Problem("baseline-nearest", text, tuple(dict.fromkeys(because)) or (case.hive.root.ref,))


def _profile_problems(findings: tuple[Finding, ...]) -> Iterator[Problem]:
    """That the user's profile lets pass what is critical: told in every report, so that nobody reads over it."""
    silenced = [one for one in findings if one.expected and one.severity is Severity.CRITICAL]
    if not silenced:
        return
    because = tuple(dict.fromkeys(origin for one in silenced[:_CITED] for origin in one.because))
    names = list(dict.fromkeys(one.rule.id for one in silenced))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    many = f"{len(silenced):,} critical finding{'s' if len(silenced) > 1 else ''}"
    text = f"The profile lets {many} pass as expected: {', '.join(names[:_NAMED])}{more}. See that this is meant."
    yield Problem("profile-silences-critical", text, because)

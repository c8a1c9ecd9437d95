"""The verdict on one open hive: what was read of it becomes a case, and all rules of the catalogue look at it.

Importing this loads every rule.
"""

from hivecheck.baselines.load import load_baseline
from hivecheck.boot.replay import Replay
from hivecheck.boot.whole_boot import StartLists
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.generation import Generation
from hivecheck.registry.control_sets import ControlSets
from hivecheck.registry.hive import Key
from hivecheck.registry.regf import RegfHive
from hivecheck.rules.case import Case, CaseEvidence
from hivecheck.rules.catalog import RULES
from hivecheck.rules.judge import Verdict, judge
from hivecheck.rules.profile import Profile
from hivecheck.settings.catalog import Settings
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.machine_facts import MachineFacts
from hivecheck.settings.software import Software

Known = tuple[MachineFacts, Generation, Settings, StartLists, Software | None, Replay]


def judge_hive(
    hive: RegfHive,
    sets: ControlSets,
    control_set: Key | None,
    known: Known,
    seen: tuple[bool, tuple[LogChange, ...], LostLists],
    profile: Profile | None,
) -> Verdict:
    """What the rules find. `seen` are, of the evidence, whether it is dirty, what its logs changed, and the lists it lost."""
    facts, generation = known[:2]
    baseline = load_baseline(generation, facts.architecture.value or "")
    case = Case(hive, sets, control_set, *known, baseline, CaseEvidence(hive.base_block.last_written, *seen))
    return judge(case, RULES, profile or Profile())

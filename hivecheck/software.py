"""The SOFTWARE hive given beside a SYSTEM hive: opened with its own logs, refused where it is none, its evidence kept.

Where it names its build, that decides which Windows the replay follows, unless SYSTEM surely is of another.
"""

from pathlib import Path
from types import TracebackType

from hivecheck.errors import EvidenceError, NotAHiveError
from hivecheck.evidence.digest import PendingDigests
from hivecheck.evidence.hive_evidence import Evidence, hive_evidence, state_problems
from hivecheck.evidence.opening import OpenedHive, open_with_logs
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.problem import Problem
from hivecheck.registry.control_sets import is_system_hive
from hivecheck.settings.guess import Guess, Reason
from hivecheck.settings.machine_facts import MachineFacts
from hivecheck.settings.software import Software, is_software_hive, read_software
from hivecheck.settings.software_match import compare_machines, is_other_windows
from hivecheck.settings.software_rows import SYSTEM_ROOT
from hivecheck.settings.system_root import is_directory

HINT = "Name the hive SOFTWARE of the same machine, which lies beside SYSTEM."


@fact
class SoftwareFacts:
    """What was read, the hive as evidence, and all that is wrong with either; `problems` begin with the name of the hive."""

    software: Software
    evidence: Evidence
    problems: tuple[Problem, ...]

    def decide(self, facts: MachineFacts) -> MachineFacts:
        """The facts of the machine with the generation, and where Windows is, as SOFTWARE names them."""
        named, root = self.software.generation, self.software[SYSTEM_ROOT]
        if is_other_windows(self.software, facts):
            return facts
        if facts.system_root.confidence is not Confidence.HIGH and is_directory(root.value):
            told = Reason(f"SOFTWARE says SystemRoot {root.value}.", root.origins)
            facts = changed(facts, system_root=Guess(root.value, Confidence.HIGH, (told, *facts.system_root.reasons)))
        if named is None:
            return facts
        guessed = facts.generation
        before = guessed.value.name if guessed.value is not None else "nothing"
        reason = Reason(f"SYSTEM alone lets guess {before} ({guessed.confidence.value} confidence).", guessed.because[:1])
        return changed(facts, generation=Guess(named.value, named.confidence, (*named.reasons, reason, *guessed.reasons)))


class OpenedSoftware:
    """The open hive; closed at the end of a `with`."""

    def __init__(self, path: EvidencePath, opened: OpenedHive, logs: str) -> None:
        self._path, self._opened, self._logs = path, opened, logs
        self._digests = PendingDigests(path)

    def __enter__(self) -> "OpenedSoftware":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._opened.close()

    def read(self, facts: MachineFacts) -> SoftwareFacts:
        """Everything of it, compared with what SYSTEM tells of the machine. Raises EvidenceError where the file can't be read."""
        hive = self._opened.hive
        software = read_software(hive, facts.generation.value)
        evidence = hive_evidence(self._path, self._opened, self._digests)
        own = (
            *state_problems(evidence, self._logs, hive.root.ref),
            *self._opened.problems,
            *hive.problems,
            *software.problems,
        )
        told = tuple(changed(problem, message=f"SOFTWARE: {problem.message}") for problem in own)
        return SoftwareFacts(software, evidence, (*compare_machines(software, facts), *told))


def open_software(
    path: EvidencePath, logs: str | tuple[Path, ...] = "auto", beside: tuple[EvidencePath, ...] | None = None
) -> OpenedSoftware:
    """The hive with the logs beside it applied, or with none where `logs` is none: files that are named are those of SYSTEM.

    `beside` are those logs, where they were found already.

    Raises EvidenceError where the file can't be read, NotAHiveError where it is no SOFTWARE hive.
    """
    wanted = "none" if logs == "none" else "auto"
    opened = open_with_logs(path, wanted, beside=beside)
    if is_software_hive(opened.hive):
        return OpenedSoftware(path, opened, wanted)
    is_system = is_system_hive(opened.hive)
    lost = next((problem for problem in opened.hive.problems if problem.loses_data), None)
    opened.close()
    if lost is not None and not is_system:
        raise EvidenceError(f"the hive is too damaged to find the version of Windows in it: {lost.message}", str(path), HINT)
    kind = "a SYSTEM hive" if is_system else "a registry hive"
    raise NotAHiveError(f"this is {kind}, but not a SOFTWARE hive", str(path), HINT)

r"""What a rule is: one declaration whose fields are its manual page, and its check; and a finding, which is one hit of one rule.

A check is a pure function from a `Case` to hits. Severity is the harm if the hit is true, confidence the chance that it is; a hit may
change both where the catalogue's logic says so. The examples on a rule's page, which are its test, stand in the module of the same name
in `examples`: judging a hive must not cost their loading. Source: architecture.md 3; detections.md.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin

if TYPE_CHECKING:
    from hivecheck.rules.case import Case


class Severity(Enum):
    """Harm if true. critical: no benign reading; high: rarely benign; medium: dual use; low: posture; info: never an alert."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info to 4 for critical."""
        return _RANKS[self.value]

    def __lt__(self, other: "Severity") -> bool:
        return self.rank < other.rank

    def __le__(self, other: "Severity") -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: "Severity") -> bool:
        return self.rank > other.rank

    def __ge__(self, other: "Severity") -> bool:
        return self.rank >= other.rank

    def raised(self, steps: int = 1) -> "Severity":
        """So many steps worse (better, where negative), within the scale."""
        return _SCALE[max(0, min(len(_SCALE) - 1, self.rank + steps))]


_SCALE = tuple(Severity)
_RANKS = {severity.value: rank for rank, severity in enumerate(_SCALE)}


@fact
class Hit:
    """One thing a check found. None for severity or confidence: those of the rule.

    `subject` is what it is about, in words that stay the same when the hive is read again (a path, a name): with the rule's
    id it makes the fingerprint. `events` are numbers of the replay. `story` names what other hits tell of the same thing,
    usually a folded path or name; hits of one story are told together.
    """

    message: str
    because: tuple[Origin, ...]
    subject: str
    severity: Severity | None = None
    confidence: Confidence | None = None
    events: tuple[int, ...] = ()
    story: tuple[str, ...] = ()


Check = Callable[["Case"], Iterator[Hit]]


@fact
class Rule:
    """One entry of the catalogue. Texts are plain sentences, printed as they stand in the report and by `explain`."""

    id: str
    family: str
    title: str
    severity: Severity
    confidence: Confidence
    techniques: tuple[str, ...]  # ATT&CK ids; their names are in `attack`
    why: str
    false_positives: tuple[str, ...]
    remedy: str
    sources: tuple[str, ...]
    check: Check
    severities: str = ""  # in words, where it depends
    needs: str = ""  # what else than a SYSTEM hive it takes to decide, '' where the hive suffices


@fact
class Finding:
    """`expected` is the reason for which the user's profile lets it pass, '' for a finding that stands.

    `story` is the number of the story it belongs to, counted from 1 in the order of the report.
    """

    rule: Rule
    severity: Severity
    confidence: Confidence
    message: str
    subject: str
    because: tuple[Origin, ...]
    events: tuple[int, ...]
    threads: tuple[str, ...] = ()
    story: int = 0
    expected: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same finding of the same machine, whatever the order of the report: 16 hex digits."""
        return sha256(f"{self.rule.id}\0{self.subject.casefold()}".encode(errors="surrogatepass")).hexdigest()[:16]

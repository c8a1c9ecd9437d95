"""A finding: one hit of one rule, with everything a report says of it."""

from hashlib import sha256

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.rules.rule import Rule, Severity


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

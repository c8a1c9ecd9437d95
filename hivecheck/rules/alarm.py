"""What is wrong with one pending rename or delete: the four kinds of harm, and how one is told. Source: detections.md 1.2."""

from hivecheck.facts.fact import fact
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Severity

SECURITY, TRUSTED, AUTOSTART, EVIDENCE = (
    "pfro-sec-product",
    "pfro-tcb-replace",
    "pfro-drop-executable",
    "pfro-hive-or-log-target",
)


@fact
class Alarm:
    """`rule` is the id of the rule that tells it, `what` the reason as the rest of a sentence on the row.

    `holds` says that `about` is a folder, judged by the worst of its files.
    """

    rule: str
    severity: Severity
    what: str
    about: Comparable
    holds: bool = False

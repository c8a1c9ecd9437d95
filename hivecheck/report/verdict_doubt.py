"""What a verdict must not blame on a person: damage of the evidence, and what is missing from it. Also which halts are the next boot's.

A key that was lost with a broken bin looks like one that was taken away.
"""

from hivecheck.analysis import Analysis
from hivecheck.boot.replay import Halted
from hivecheck.evidence.hive_evidence import BOOT_HIVE_UNREAD
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import ValueRef
from hivecheck.rules.rule import Finding

_BROKEN = {
    "bad-bin-header", "bad-bins-size", "bad-cell-chain", "cell-past-bins", "count-below-list", "free-cell-referenced",
    "base-block-from-log", "subkeys-unsorted", "wrong-name-hash", "truncated-hive", "unread-bins",
}  # fmt: skip
_ABSENCES = {
    "knowndll-removed", "dosdev-device-override", "subsystem-kmode", "csrss-image", "csrss-serverdll", "object-directories",
    "safeboot-removed", "bootexec-emptied", "value-type-confusion", "svc-disabled-defence", "eventlog-tamper", "class-filters",
    "minifilter-altitude", "appcompat-cache-wiped", "select-mismatch", "seq-extra-set-on-8plus", "env-windir",
    "seq-default-ne-current",
}  # fmt: skip
_MISSING = (" is missing", " names nothing", " are missing", " can't be found")
_LATER = "This boot still "
_IT = "the boot after it "


@fact
class Damage:
    """A sentence on it, and where what is missing may be instead of in somebody's hands."""

    words: str
    loss: str


def damage_of(analysis: Analysis) -> Damage | None:
    """What keeps this registry from being told whole, or from being the one that boots; None where nothing does."""
    older = analysis.older_state
    if older is None:
        return _damage_of_hive(analysis)
    said = f"What is judged here is a copy of before, {older.copy_words}: the hive that the machine boots from could not be read."
    own = _damage_of_hive(analysis)
    return (
        Damage(f"{said} {own.words}", own.loss) if own is not None else Damage(said, "the hive that boots may still hold it")
    )


def _damage_of_hive(analysis: Analysis) -> Damage | None:
    if any(problem.loses_data and problem.code != BOOT_HIVE_UNREAD for problem in analysis.problems):
        return Damage("Part of the registry could not be read.", "what is missing may be in that part")
    if any(problem.code in _BROKEN for problem in analysis.problems):
        said = "The registry file is damaged, so part of the registry could not be read as it was."
        return Damage(said, "what is missing may be lost by the damage")
    if analysis.evidence.dirty and not analysis.evidence.recovered:
        said = "The last changes of this registry may be in its log files, and none of use was given."
        return Damage(said, "what is missing may be among those changes")
    return None


def is_absence(finding: Finding) -> bool:
    """Whether a finding may be about something that is not there: damage makes such findings as well as people do."""
    return finding.rule.id in _ABSENCES and not any(isinstance(one, ValueRef) and one.text for one in finding.because)


def halts_later(halted: Halted) -> bool:
    """Whether this boot works, and the one after it is the one that stops."""
    return halted.why.startswith(_LATER)


def halt_reason(halted: Halted) -> str:
    """Why it stops, as the end of a sentence without its full stop: of the boot after next only what stops that one."""
    why = halted.why.rstrip(".")
    if halts_later(halted):
        _, _, why = why.partition("; ")
        why = why.removeprefix("in the boot after it ")
        return f"it {why.removeprefix(_IT)}" if why.startswith(_IT) else why or halted.why.rstrip(".")
    return why


def lacks_something(halted: Halted) -> bool:
    """Whether it stops for want of a key or value."""
    return any(words in halted.why for words in _MISSING)

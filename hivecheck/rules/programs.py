r"""Programs that smss runs itself: BootExecute and its kin, the initial command, the boot shell. Source: detections.md 1.1."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import Family
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.settings.catalog import EXECUTE


def _check_execute(case: Case) -> Iterator[Hit]:
    for command in case.settings[EXECUTE].value:
        if not command.line.image:
            continue
        surely = case.family in (Family.G1, Family.G2)
        does = "smss starts it" if surely else "smss starts it, if it still reads this list (inferred)"
        yield Hit(
            f"Execute runs {command.text}: {does}.",
            (command.origin,),
            command.text,
            confidence=Confidence.HIGH if surely else Confidence.MEDIUM,
            events=case.events_citing(command.origin),
            story=(case.thread_of_image(command.line.image),),
        )


SM_EXECUTE = Rule(
    id="sm-execute",
    family="programs",
    title="A program is listed in Execute",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1547"),
    why=(
        "smss starts every entry of Execute after the subsystems, as SYSTEM. Up to 2003 the last one takes the place of "
        "winlogon. No Windows ships the value, and no product is known to set it."
    ),
    false_positives=("None known.",),
    remedy="Collect the program from System32, then delete the value.",
    sources=("detections.md 1.1", "smss.md B.7"),
    check=_check_execute,
    fires_on=(
        Example(
            "a native program after csrss",
            r"""
            [ControlSet001\Control\Session Manager]
            Execute = multi "evil"
            """,
            cites=("evil",),
        ),
    ),
    silent_on=(
        Example(
            "an empty list",
            r"""
            [ControlSet001\Control\Session Manager]
            Execute = multi
            """,
        ),
    ),
)

RULES: tuple[Rule, ...] = (SM_EXECUTE,)

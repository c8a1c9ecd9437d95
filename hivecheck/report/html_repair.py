"""In what order to undo what was found, for the HTML page: which values first, in which control sets, then the files.

The order keeps the machine able to start: a value that names a missing file stops it, so values go before files.
Source: detections.md 5.2.
"""

from collections.abc import Callable, Sequence

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.registry.control_sets import control_set_name, control_set_number
from hivecheck.registry.hive import Hive, fold_name
from hivecheck.report.html_cells import Bit, Bits, Block, code, left_out, lines, paragraph, prose, say, text
from hivecheck.report.html_control_sets import same_in
from hivecheck.report.html_findings import severity_bit
from hivecheck.rules.finding import Finding
from hivecheck.rules.rule import Severity

MOST_FINDINGS = 150
_SHOWN_PLACES = 6  # of one finding
_SM = "CONTROL\\SESSION MANAGER"
_ONE_SHOT = {
    "PENDINGFILERENAMEOPERATIONS", "PENDINGFILERENAMEOPERATIONS2", "SETUPEXECUTE", "SETUPEXECUTENOPNPSYNC", "CLEARTEMPFILES",
    "ALLOWPROTECTEDRENAMES",
}  # fmt: skip
_NAMES_A_FILE = {
    "S0INITIALCOMMAND", "AUTHENTICATION PACKAGES", "SECURITY PACKAGES", "NOTIFICATION PACKAGES", "UPPERFILTERS", "LOWERFILTERS",
    "PROVIDERORDER", "DLLDIRECTORY", "DLLDIRECTORY32",
}  # fmt: skip


@fact
class _Stage:
    """One step of the order. `holds` says of a folded key (below its control set) and a folded value whether they belong to it."""

    title: str
    why: str
    holds: Callable[[str, str], bool]


def _starts(*keys: str) -> Callable[[str, str], bool]:
    return lambda key, _: any(key == one or key.startswith(one + "\\") for one in keys)


def _names_a_file(key: str, value: str) -> bool:
    return key == f"{_SM}\\SUBSYSTEMS" or value in _NAMES_A_FILE or key.startswith("CONTROL\\NETWORKPROVIDER")


def _one_shot(key: str, value: str) -> bool:
    return (key == _SM and value in _ONE_SHOT) or key.startswith((f"{_SM}\\FILERENAMEOPERATIONS", "SETUP"))


_STAGES = (
    _Stage(
        "Values that name a file",
        "Put the value right before the file goes: Windows stops where such a file is missing (0xC000021A, 0x7B).",
        _names_a_file,
    ),
    _Stage("What is done once", "Take it out before the machine is started again: it runs at the next boot.", _one_shot),
    _Stage(
        "Which control set boots",
        "Let `Select` name a set that is known to be good, once the sets are right.",
        _starts("SELECT"),
    ),
    _Stage("The other settings of the Session Manager", "Put them back as Windows ships them.", _starts(_SM)),
    _Stage(
        "Safe mode",
        "Before somebody starts the machine in safe mode to repair it.",
        _starts("CONTROL\\SAFEBOOT"),
    ),
    _Stage(
        "Services, drivers and filters",
        "The value first, then the file. A boot-start driver last of all.",
        _starts("SERVICES"),
    ),
    _Stage(
        "The security authority and its providers",
        "Then change the passwords of all who logged on: packages and filters saw them.",
        _starts("CONTROL\\LSA", "CONTROL\\SECURITYPROVIDERS", "CONTROL\\PRINT"),
    ),
    _Stage(
        "Protection and records, and all else", "Switch them on again, and see that they stay so.", lambda _key, _value: True
    ),
)
_FIRST = (
    "Keep the evidence: image the disk, or copy SYSTEM with SYSTEM.LOG1 and LOG2, RegBack\\SYSTEM, PFRO.log, the setupapi logs and "
    "each file that is named here, before anything is changed."
)
_LAST = (
    "Collect and remove the files that the values named. Then run hivecheck on the changed copy, and start the machine only when "
    "nothing of this is found any more."
)


def tell_repair(analysis: Analysis, hive: Hive | None) -> tuple[Block, ...]:
    """The blocks of the section: an ordered list for the findings above low."""
    findings = [
        (place, one) for place, one in enumerate(analysis.told_findings, 1) if one.severity > Severity.LOW and one.because
    ]
    if not findings:
        return (
            paragraph("Nothing was found that calls for a repair. Each rule's page says what to do about milder findings."),
        )
    staged: dict[int, list[tuple[int, Finding]]] = {}
    for place, finding in findings[:MOST_FINDINGS]:
        staged.setdefault(_stage_of(finding), []).append((place, finding))
    steps: list[Bit] = [("li", "", _step("Keep the evidence", _FIRST.partition(": ")[2]))]
    for number in sorted(staged):
        stage = _STAGES[number]
        told = [_told(place, finding, analysis, hive) for place, finding in staged[number]]
        steps.append(("li", "", (*_step(stage.title, stage.why), lines(told, "points"))))
    steps.append(("li", "", _step("The files, then look again", _LAST)))
    sets = [control_set_name(number) for number in analysis.control_sets.present]
    where = f" Do so in every control set: {', '.join(sets)}." if len(sets) > 1 else ""
    about = f"What to undo, in an order that keeps the machine able to start.{where} Offline, on a copy first."
    return (
        paragraph(about),
        ("bits", (("ol", "order", tuple(steps)),)),
        *left_out(len(findings) - MOST_FINDINGS, "finding"),
    )


def _step(title: str, why: str) -> Bits:
    return ("b", "", title), ("p", "neutral", prose(f"{why[:1].upper()}{why[1:]}"))


def _stage_of(finding: Finding) -> int:
    """The stage of the first place that a finding cites."""
    place = next((place for origin in finding.because if (place := _place(origin)) is not None), ("", ""))
    key, value = place
    _, _, below = key.partition("\\") if control_set_number(key.partition("\\")[0]) is not None else ("", "", key)
    folded, name = fold_name(below), fold_name(value or "")
    return next(number for number, stage in enumerate(_STAGES) if stage.holds(folded, name))


def _place(origin: Origin) -> tuple[str, str | None] | None:
    """Key and value that an origin names; of a key None for the value."""
    match origin:
        case ValueRef():
            return origin.key, origin.value
        case KeyRef():
            return origin.path, None
        case _:
            return None


def _told(place: int, finding: Finding, analysis: Analysis, hive: Hive | None) -> Bits:
    """The finding, what the rule says to do, and the values to change with the sets they are in."""
    places = list(dict.fromkeys(found for origin in finding.because if (found := _place(origin)) is not None))
    shown = [_where(key, value, analysis, hive) for key, value in places[:_SHOWN_PLACES]]
    if len(places) > _SHOWN_PLACES:
        shown.append((text(f"and {len(places) - _SHOWN_PLACES:,} more, see the finding"),))
    head: Bits = (
        severity_bit(finding.severity),
        text(" "),
        ("a", f"#f{place}", finding.rule.title),
        text(": "),
        *prose(finding.rule.remedy),
    )
    return (*head, lines(shown, "places")) if shown else head


def _where(key: str, value: str | None, analysis: Analysis, hive: Hive | None) -> Bits:
    """A place to change, with the other control sets that store the same or something else there. `value` is None for a key."""
    if value is None:
        return text("key "), code(key or "(root)")
    return code(value or "(default)"), text(" in "), code(key), *_elsewhere(key, value, analysis, hive)


def _elsewhere(key: str, value: str, analysis: Analysis, hive: Hive | None) -> Bits:
    own, _, below = key.partition("\\")
    number = control_set_number(own)
    others = [one for one in analysis.control_sets.present if one != number]
    if hive is None or number is None or not others:
        return ()
    same, other = same_in(hive, number, others[:8], below, value)
    said = [f"the same in {_named(same)}"] if same else []
    if other:
        said.append(f"other data in {_named(other)}")
    return say(f" ({'; '.join(said)})") if said else say(" (in no other control set)")


def _named(numbers: Sequence[int]) -> str:
    return ", ".join(map(control_set_name, numbers))

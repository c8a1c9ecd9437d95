"""In what order to undo what was found, for the HTML page: which values first, in which control sets, then the files.

The order keeps the machine able to start: a value that names a missing file stops it, so values go before files.
Each remedy is told once, then the findings it
is for. Source: the order of dependence of what a boot loads (docs/smss.md).
"""

from collections.abc import Callable, Mapping, Sequence

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.registry.control_sets import control_set_name, control_set_number
from hivecheck.registry.hive import Hive, fold_name
from hivecheck.report.html_cells import Bit, Bits, Block, code, count, left_out, lines, paragraph, prose, say, text
from hivecheck.report.html_findings import severity_bit
from hivecheck.report.own_files import own_files
from hivecheck.report.repair_places import SESSION_MANAGER, tell_places
from hivecheck.report.shipped import baseline_words
from hivecheck.rules.rule import Finding, Severity

MOST_FINDINGS = 150
_SHOWN_FILES = 24
_SHOWN_WORDS = 5  # of a remedy that was told before
_SM = SESSION_MANAGER
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


@fact
class _Told:
    """What the page has said and need not say again: each remedy with the step it stands in, and the places told of, folded."""

    remedies: dict[str, str]
    places: set[tuple[str, str]]


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
    _Stage(
        "What is done once", "Take it out before the machine is started again: a boot that comes to it does it.", _one_shot
    ),
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
_FILES = (
    "Collect the files that the values named, and remove what was planted. Never remove a file of Windows itself, whatever value names "
    "it (`csrss.exe`, `svchost.exe`, `basesrv.dll`, `winsrv.dll` and the like): hold its hash and signature against a clean machine of "
    "the same build, and replace it from there where they differ."
)
_HERE = (
    "printed in the report's order of repair",
    "told beside each place that follows",
)  # of remedies, which are read elsewhere too
_LAST = "Then run hivecheck on the changed copy, and start the machine only when nothing of this is found any more."


def tell_repair(analysis: Analysis, hive: Hive | None) -> tuple[Block, ...]:
    """The blocks of the section: an ordered list for the findings above low."""
    findings = [
        (place, one) for place, one in enumerate(analysis.told_findings, 1) if one.severity > Severity.LOW and one.because
    ]
    untold = sum(one.severity > Severity.LOW for one in analysis.milder_findings)
    hidden: tuple[Block, ...] = ()
    if untold:
        told = f"{count(untold, 'finding')} above low {'is' if untold == 1 else 'are'} not told here, as only graver ones were asked for."
        hidden = (paragraph(told, kind="neutral"),)
    if not findings:
        none = "Nothing was found that calls for a repair. Each rule's page says what to do about milder findings."
        return hidden or (paragraph(none),)
    staged: dict[int, list[tuple[int, Finding]]] = {}
    for place, finding in findings[:MOST_FINDINGS]:
        staged.setdefault(_stage_of(finding), []).append((place, finding))
    steps: list[Bit] = [("li", "", _step("Keep the evidence", _FIRST.partition(": ")[2]))]
    told_before = _Told({}, set())
    for number in sorted(staged):
        stage = _STAGES[number]
        groups = _by_remedy(staged[number])
        points = [_told(remedy, group, stage.title, told_before, analysis, hive) for remedy, group in groups.items()]
        steps.append(("li", "", (*_step(stage.title, stage.why), lines(points, "points"))))
    own = own_files([finding for _, finding in findings], hive, analysis.baseline)
    steps.append(("li", "", (*_step("The files, then look again", _FILES), *_own(own), ("p", "neutral", _LAST))))
    sets = [control_set_name(number) for number in analysis.control_sets.present]
    where = f" The hive holds {', '.join(sets)}: each place says what to do in the others." if len(sets) > 1 else ""
    about = f"What to undo, in an order that keeps the machine able to start. Offline, on a copy first.{where}"
    return (
        paragraph(about),
        paragraph(baseline_words(analysis), kind="neutral"),
        ("bits", (("ol", "order", tuple(steps)),)),
        *left_out(len(findings) - MOST_FINDINGS, "finding"),
        *hidden,
    )


def _step(title: str, why: str) -> Bits:
    return ("b", "", title), ("p", "neutral", prose(f"{why[:1].upper()}{why[1:]}"))


def _own(names: Sequence[str]) -> Bits:
    """The files of Windows itself that the cited values name."""
    if not names:
        return ()
    told: list[Bit] = [text("Windows has files of its own under these names, which the values above name as well: ")]
    for name in names[:_SHOWN_FILES]:
        told += [code(name), text(", ")]
    left = len(names) - _SHOWN_FILES
    told[-1] = text(f" and {left:,} more." if left > 0 else ".")
    return (("p", "neutral", tuple(told)),)


def _stage_of(finding: Finding) -> int:
    """The stage of the first place that a finding cites."""
    key, value = next((place for origin in finding.because if (place := _place(origin)) is not None), ("", ""))
    below = key.partition("\\")[2] if control_set_number(key.partition("\\")[0]) is not None else key
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


def _by_remedy(findings: Sequence[tuple[int, Finding]]) -> dict[str, list[tuple[int, Finding]]]:
    """The findings of a stage, those with one remedy together, in the order of the report."""
    groups: dict[str, list[tuple[int, Finding]]] = {}
    for place, finding in findings:
        groups.setdefault(finding.rule.remedy, []).append((place, finding))
    return groups


def _told(
    remedy: str, group: Sequence[tuple[int, Finding]], stage: str, before: _Told, analysis: Analysis, hive: Hive | None
) -> Bits:
    """What the rule says to do, then the findings with their places."""
    head = _unsaid(remedy.replace(*_HERE), stage, before.remedies)
    before.remedies.setdefault(remedy.replace(*_HERE), stage)
    told: list[Bits] = []
    for place, finding in group:
        title = ("a", f"#f{place}", finding.rule.title)
        told.append((severity_bit(finding.severity), text(" "), title, *tell_places(finding, analysis, hive, before.places)))
    return (*head, lines(told, "points"))


def _unsaid(remedy: str, stage: str, remedies: Mapping[str, str]) -> Bits:
    """The remedy, or what of it was not said before: some rules give another one's remedy with a sentence before it."""
    for said, where in remedies.items():
        at = f"under “{where}”" if where != stage else "above"
        if said == remedy:
            return say(f"As told {at}:")
        if said.endswith(f" {remedy}"):
            return say(f"As told {at}, from “{' '.join(remedy.split()[:_SHOWN_WORDS])} …” on:")
        if remedy.endswith(f" {said}"):
            return (
                *prose(remedy.removesuffix(said)),
                text(f"Then as told {at}: “{' '.join(said.split()[:_SHOWN_WORDS])} …”."),
            )
    return prose(remedy)

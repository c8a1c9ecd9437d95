r"""What to do with the values of `Select` and with the ErrorControl of a service, for the order of repair: no baseline tells of them.

Source: control_sets.py (the loader takes Default, then writes its number into Current).
"""

from collections.abc import Iterator

from hivecheck.analysis import Analysis
from hivecheck.baselines.baseline import Baseline, Standing
from hivecheck.baselines.standing import standing_of_raw
from hivecheck.facts.origin import State, ValueRef
from hivecheck.registry.control_sets import control_set_name, control_set_number
from hivecheck.registry.hive import Hive, fold_name
from hivecheck.rules.rule import Severity

AS_SHIPPED = (Standing.AS_SHIPPED, Standing.KNOWN_VARIANT)
_FINDINGS, _CITED = 150, 20  # the worst that are looked at, and citations of each
_ERROR_CONTROL = "; leave it: it only says what the boot does if this fails to start"


def known_good_set(analysis: Analysis, hive: Hive | None) -> int | None:
    """The one control set that is as shipped wherever a finding above low cites a value that a baseline knows; else None."""
    places = dict.fromkeys(_judged_places(analysis))
    if hive is None or not places:
        return None
    good = [
        number
        for number in analysis.control_sets.present
        if all(_is_as_shipped(hive, number, *place, analysis.baseline) for place in places)
    ]
    return good[0] if len(good) == 1 else None


def _judged_places(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """Key below its control set and value of each citation of which a baseline tells what should be there."""
    for finding in analysis.told_findings[:_FINDINGS]:
        if finding.severity <= Severity.LOW:
            continue
        for origin in finding.because[:_CITED]:
            if not isinstance(origin, ValueRef) or origin.state is State.DELETED:
                continue
            first, _, below = origin.key.partition("\\")
            entry = analysis.baseline.entry(below, origin.value) if control_set_number(first) is not None else None
            if entry is not None and not entry.any_data:
                yield below, origin.value


def _is_as_shipped(hive: Hive, number: int, below: str, value: str, baseline: Baseline) -> bool:
    key = hive.root.subkey(f"{control_set_name(number)}\\{below}")
    raw = key.value(value) if key is not None else None
    return raw is not None and standing_of_raw(baseline, below, raw) in AS_SHIPPED


def what_to_do(below: str, value: str, analysis: Analysis, hive: Hive | None) -> str:
    r"""A continuation for a value that no baseline tells of, '' for any other. `below` is as in places: `\Select` outside of sets."""
    folded = fold_name(value)
    if folded == "ERRORCONTROL" and fold_name(below).startswith("SERVICES\\"):
        return _ERROR_CONTROL
    if fold_name(below) != "\\SELECT":
        return ""
    good = known_good_set(analysis, hive)
    name = control_set_name(good) if good is not None else ""
    match folded:
        case "DEFAULT" if good is None:
            return "; which set is good can't be told from what Windows ships: compare the sets before one is named here"
        case "DEFAULT" if good == analysis.control_sets.select_number("Default"):
            return f"; leave it: {name}, which it names, is as shipped in every known value that a finding here cites"
        case "DEFAULT":
            return f"; set it to {good}: {name} is as shipped in every known value that a finding here names"
        case "CURRENT":
            return "; leave it: it tells which set ran last, and the loader writes the number of Default there"
        case "LASTKNOWNGOOD":
            return f"; it must name a set that is known to be good{f': {good} ({name})' if good is not None else ''}"
        case "FAILED":
            return "; 0 once no set counts as failed"
        case _:
            return ""

"""The front door of comparison: two analysis documents in, everything that differs at the three heights out.

Takes documents as they are saved (`hivecheck.analysis/1`), so that a hive and a saved analysis are compared alike. Who makes
the document of a hive is above; nothing here reads files.
"""

import re
from collections.abc import Mapping
from typing import Any

from hivecheck.compare.change import Change
from hivecheck.compare.difference import Difference
from hivecheck.compare.effects import compare_effects
from hivecheck.compare.findings import FindingChanges, compare_findings
from hivecheck.compare.settings import compare_settings
from hivecheck.compare.verdicts import judge_differences
from hivecheck.facts.fact import fact

Json = Any
_BUILD = re.compile(r"BuildLab(?:Ex)? is ([0-9][^,\s]{0,80}?)[,.]?(?:\s|$)")
_MACHINE = (
    ("computer", "computer_name"),
    ("generation", "name"),
    ("build", ""),
    ("edition", "edition"),
    ("service pack", "service_pack"),
    ("architecture", "architecture"),
)


@fact
class WindowsChange:
    """One thing that makes the two sides another Windows, or another machine: its name, before and after."""

    what: str
    before: Json
    after: Json


@fact
class Diff:
    """Everything that differs. `before` and `after` are the documents; `windows` is what is told first.

    `against_baseline`: the before side is a Windows as shipped, which has settings and no boot, so that only these differ.
    """

    before: Mapping[str, Json]
    after: Mapping[str, Json]
    windows: tuple[WindowsChange, ...]
    settings: tuple[Change, ...]
    effects: tuple[Change, ...]
    findings: FindingChanges
    against_baseline: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs at any height."""
        found = self.findings
        return not (self.windows or self.settings or self.effects or found.new or found.gone or found.severities)


def compare_documents(
    before: Mapping[str, Json],
    after: Mapping[str, Json],
    against_baseline: bool = False,
    services: tuple[Change, ...] | None = None,
) -> Diff:
    """The two documents held against each other. They must be checked (`documents.checked_document`).

    `services` are the services that differ by what their keys say (`services_diff`), with origins in the form of documents; they
    are told and judged with the settings. None where they are not known: documents hold only those that the boot starts.
    """
    findings = compare_findings(before, after)
    told = (*compare_settings(before, after), *map(_of_service, services or ()))
    effects = compare_effects(before, after, counts=services is None) if not against_baseline else ()
    settings, results = judge_differences(told, effects, findings, before, after)
    windows = compare_windows(before, after) if not against_baseline else ()
    return Diff(before, after, windows, settings, results, findings, against_baseline)


def _of_service(change: Change) -> Difference:
    """`Services/name/aspect`, as a difference that is still to be judged."""
    name = change.what.split("/")[1]
    return Difference(change.change, change.what, change.before, change.after, change.because, "services", name, change.text)


def compare_windows(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[WindowsChange, ...]:
    """What of the Windows itself, or the machine, is another one."""
    one, other = describe_windows(before), describe_windows(after)
    return tuple([WindowsChange(name, one[name], other[name]) for name, _ in _MACHINE if one[name] != other[name]])


def describe_windows(document: Mapping[str, Json]) -> dict[str, Json]:
    """The machine's name and its Windows, with the build where the hive tells it; None for what is not known."""
    generation = document["generation"]
    found = {name: generation.get(field) for name, field in _MACHINE if field}
    found["computer"] = document["evidence"].get("computer_name")
    found["build"] = next((match[1] for reason in generation["because"] if (match := _BUILD.search(reason[:2000]))), None)
    return found

"""The services told apart, in JSON. Contract: docs/output.md."""

from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.boot.service_overview import START_KINDS, ServiceOverview, overview_services
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Confidence
from hivecheck.report.origins_json import origins_json
from hivecheck.settings.services import start_name

Json = Any


def overview_of(analysis: Analysis) -> ServiceOverview:
    """What there is besides the events, for the way to boot that was replayed."""
    facts, name = analysis.facts, ""
    root, assumed = facts.system_root.value or "", facts.system_root.confidence is not Confidence.HIGH
    architecture, mode = facts.architecture.value or "", analysis.options.safe_mode
    smss = Smss(analysis.settings, analysis.generation, root, architecture, name, mode, assumed)
    return overview_services(smss, analysis.services, analysis.safe_boot, analysis.filters)


def services_json(overview: ServiceOverview) -> dict[str, Json]:
    """Counts by Start, then the names of those that no event of the boot starts, by what would."""
    return {
        "drivers": dict(zip(START_KINDS, overview.drivers, strict=True)),
        "services": dict(zip(START_KINDS, overview.services, strict=True)),
        "delayed": [one.name for one in overview.delayed],
        "trigger_started": [one.name for one in overview.trigger_started],
        "per_user": [one.name for one in overview.per_user],
        "held_back": [one.name for one in overview.held_back],
        "by_loader": [{"name": one.name, "start": start_name(one.start)} for one in overview.by_loader],
        "without_type": [one.name for one in overview.without_type],
        "passed_over": [{"name": one.name, "why": why} for one, why in overview.passed_over],
        "switched_off": [
            {"name": one.name, "why": why, "origins": origins_json(one.cite("StartOverride"))}
            for one, why in overview.switched_off
        ],
        "class_filters": [
            {"service": one.service, "class": one.class_name, "guid": one.guid, "position": one.position, "place": one.place}
            for one, _ in overview.filters
        ],
    }

"""The services told apart, in JSON. Contract: docs/output.md."""

from typing import Any

from hivecheck.boot.service_overview import START_KINDS, ServiceOverview

Json = Any


def services_json(overview: ServiceOverview) -> dict[str, Json]:
    """Counts by Start, then the names of those that no event of the boot starts, by what would."""
    return {
        "drivers": dict(zip(START_KINDS, overview.drivers, strict=True)),
        "services": dict(zip(START_KINDS, overview.services, strict=True)),
        "delayed": [one.name for one in overview.delayed],
        "trigger_started": [one.name for one in overview.trigger_started],
        "per_user": [one.name for one in overview.per_user],
        "held_back": [one.name for one in overview.held_back],
        "passed_over": [{"name": one.name, "why": why} for one, why in overview.passed_over],
        "class_filters": [
            {"service": one.service, "class": one.class_name, "guid": one.guid, "position": one.position, "place": one.place}
            for one, _ in overview.filters
        ],
    }

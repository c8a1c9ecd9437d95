"""What holds beside the replay, in JSON: at run time, what ends the machine, how it goes down. Contract: docs/output.md."""

from typing import TYPE_CHECKING, Any

from hivecheck.boot.critical_processes import critical_processes
from hivecheck.boot.run_time import run_time_facts
from hivecheck.boot.shutdown import shutdown_order
from hivecheck.boot.statement import Statement
from hivecheck.facts.generation import Generation
from hivecheck.report.origins_json import origins_json
from hivecheck.settings.catalog import Settings

if TYPE_CHECKING:
    from hivecheck.settings.software import Software

Json = Any


def run_time_json(generation: Generation, settings: Settings, software: "Software | None") -> list[Json]:
    return [_statement(one) for one in run_time_facts(generation, settings, software)]


def shutdown_json(generation: Generation, settings: Settings) -> list[Json]:
    return [_statement(one) for one in shutdown_order(generation, settings)]


def critical_processes_json(generation: Generation) -> list[Json]:
    return [
        {
            "name": one.name,
            "session": one.session,
            "consequence": one.consequence,
            "certainty": one.certainty.value,
            "source": one.source,
        }
        for one in critical_processes(generation)
    ]


def _statement(one: Statement) -> dict[str, Json]:
    return {
        "text": one.text,
        "certainty": one.certainty.value,
        "source": one.source,
        "because": origins_json(one.because),
    }

"""Origins and problems in JSON, the same in every document. Contract: docs/output.md."""

from functools import lru_cache
from typing import Any

from hivecheck.facts.filetime import iso_or_none
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.facts.problem import Problem

Json = Any
_written = lru_cache(4096)(iso_or_none)  # the values of one key share its time


def origins_json(origins: tuple[Origin, ...]) -> list[Json]:
    return [origin_json(origin) for origin in origins]


def origin_json(origin: Origin) -> dict[str, Json]:
    match origin:
        case ValueRef():
            return {
                "key": origin.key,
                "value": origin.value,
                "strings": list(origin.strings) if origin.strings else None,
                "text": origin.text,
                "written": _written(origin.written),
                "offset": origin.offset,
                "state": origin.state.value,
            }
        case KeyRef():
            return {
                "key": origin.path,
                "value": None,
                "strings": None,
                "text": None,
                "written": _written(origin.written),
                "offset": origin.offset,
                "state": origin.state.value,
            }
        case _:
            return {"builtin": origin.what, "source": origin.source}


def problem_json(problem: Problem) -> dict[str, Json]:
    return {
        "code": problem.code,
        "message": problem.message,
        "because": origins_json(problem.because),
        "loses_data": problem.loses_data,
    }

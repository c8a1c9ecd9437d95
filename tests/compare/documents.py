"""Documents of next to nothing, for the tests of comparison: only what a test is about is in them."""

from typing import Any

from hivecheck.compare.documents import bare_document

Json = Any


def origin(value: str, key: str = r"ControlSet001\Control\Session Manager", **more: Json) -> dict[str, Json]:
    return {
        "key": key,
        "value": value,
        "strings": None,
        "text": None,
        "written": None,
        "offset": 32,
        "state": "allocated",
    } | more


def written(value: Json, type: str | None = "REG_MULTI_SZ", **more: Json) -> dict[str, Json]:
    return {"presence": "written", "type": type, "value": value, "origins": [], "reader": "smss"} | more


def document(settings: dict[str, Json] | None = None, **more: Json) -> dict[str, Json]:
    return {**bare_document("SYSTEM", "SYSTEM", "00"), "settings": settings or {}, **more}


def event(number: int, kind: str, step: str = "services", **action: Json) -> dict[str, Json]:
    because = action.pop("because", [])
    return {
        "number": number,
        "step": step,
        "process": "services.exe",
        "action": {"kind": kind, **action},
        "done": "unknown",
        "because": because,
    }


def finding(rule: str, severity: str, subject: str, **more: Json) -> dict[str, Json]:
    return {
        "rule": rule,
        "title": f"The title of {rule}",
        "severity": severity,
        "message": "",
        "subject": subject,
        "expected": None,
        "events": [],
        "because": [],
        "fingerprint": f"{rule} {subject}",
    } | more

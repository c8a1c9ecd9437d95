r"""DLLs that Windows loads by a name or a path in the hive: where a name leads, and what is wrong with a place. Source: detections.md 0."""

from collections.abc import Iterator

from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import RawValue, fold_name
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.paths import Comparable
from hivecheck.settings.services import Service

BACK_UP = "Image the disk first and copy SYSTEM with its logs and every file named. "
ROTATE = "Then change the credentials that the machine has seen: such a DLL is handed passwords."
FIX_VALUE_FIRST = "Restore the value as shipped BEFORE deleting the DLL, in every control set"


def dll_path(case: Case, text: str, ending: str = ".dll") -> Comparable:
    r"""Where a DLL is looked for: a bare name in System32, with `.dll` added where it has no ending."""
    name = text.strip().strip('"')
    if has_folder(name):
        return case.path(name)
    return case.path(f"{case.system_root}\\System32\\{name if '.' in name else name + ending}")


def has_folder(text: str) -> bool:
    return "\\" in text or "/" in text or ":" in text


def fault_of(path: Comparable) -> str:
    """What is wrong with the place of a DLL that belongs into System32, in words that follow its name; '' where nothing is."""
    if path.is_user_writable:
        return "in a folder that ordinary users can write to"
    if path.is_odd:
        return f"with {path.oddities[0]}"
    return "" if path.in_system_folder else "outside System32"


def is_dropped(path: Comparable) -> bool:
    """Whether a place alone speaks for a dropped file: user-writable, or oddly spelled."""
    return path.is_user_writable or path.is_odd


def cited_text(raw: RawValue, text: str | None = None) -> tuple[Origin, ...]:
    """A value, citing its text."""
    return (raw.ref.citing(text_in(raw) if text is None else text),)


def cite_value(service: Service, value: str, text: str) -> tuple[Origin, ...]:
    """A value of a service, citing a text; the key of the service where there is no such value."""
    raw = service.values.get(fold_name(value))
    return (raw.ref.citing(text),) if raw is not None else (service.ref,)


def listed(case: Case, key: str, name: str, separators: str = "") -> Iterator[tuple[str, Origin]]:
    """The strings of a list with their origins, without `""`; split once more where they are lists in one string."""
    for string in case.strings(key, name):
        parts = string.text.replace(",", " ").split() if separators else [string.text]
        for part in parts:
            if part.strip('" '):
                yield part.strip(), string.origin

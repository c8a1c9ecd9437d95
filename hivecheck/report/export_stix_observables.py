r"""What was seen, as observables of STIX 2.1: registry keys with their values, files of renames with their folders, the hive's file.

Keys are `HKEY_LOCAL_MACHINE\SYSTEM\...`; `modified_time` is the key's last write. A text is made visible, so that an observable is
inert wherever it is shown; whoever needs the bytes finds them by the cell's offset in the other exports.
"""

from collections.abc import Iterable
from typing import Any

from hivecheck.analysis import Analysis, Evidence
from hivecheck.boot.actions import DeleteFile, RenameFile, RunProgram
from hivecheck.boot.replay import Event
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, ValueRef
from hivecheck.registry.hive import RawValue, fold_name, type_name
from hivecheck.report.export_cells import LONGEST_TEXT, is_told, iso_microseconds, shown
from hivecheck.report.export_keys import is_adrift, key_path
from hivecheck.report.export_stix_ids import object_id, observable_id
from hivecheck.report.settings_json import plain_data
from hivecheck.rules.rule import Finding

Json = Any
_DATA_TYPES = frozenset(
    {
        "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_LINK", "REG_MULTI_SZ",
        "REG_RESOURCE_LIST", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD",
    }
)  # fmt: skip
_TYPE_WORDS = {"REG_FULL_RESOURCE_DESCRIPTOR": "REG_FULL_RESOURCE_DESCRIPTION"}  # as the vocabulary spells it
_FILES = 200  # of one finding
_VALUES = 200  # of one key


class Observables:
    """The observables of a bundle, each once, in the order in which they are met."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Json]] = {}

    def add(self, kind: str, contributing: dict[str, Json], more: dict[str, Json], seed: str) -> str:
        """Adds an observable and gives its identifier. One that differs from a namesake in `more` gets an identifier made with `seed`."""
        id = observable_id(kind, contributing)
        made = {"type": kind, "spec_version": "2.1", "id": id, **contributing, **more}
        known = self.objects.setdefault(id, made)
        if known == made:
            return id
        own = object_id(kind, seed, id, *(f"{name}={value}" for name, value in sorted(more.items())))
        self.objects.setdefault(own, made | {"id": own})
        return own


def add_hive(found: Observables, evidence: Evidence) -> str:
    """The hive's file, as an observable."""
    digests = evidence.digests
    hashes = {"MD5": digests.md5, "SHA-1": digests.sha1, "SHA-256": digests.sha256}
    name = shown(evidence.name, 1_000) or "unnamed"
    # of several hashes only the first of the standard's list contributes to the identifier, by its own rule
    id = observable_id("file", {"hashes": {"MD5": digests.md5}, "name": name})
    made = {"type": "file", "spec_version": "2.1", "id": id, "hashes": hashes, "size": evidence.size, "name": name}
    found.objects.setdefault(id, made)
    return id


def add_finding(
    found: Observables, finding: Finding, analysis: Analysis, raws: dict[tuple[str, str], RawValue]
) -> list[str]:
    """What a finding cites: its keys with the values cited, and the files that its events rename, delete or run."""
    keys: dict[tuple[str, int], list[KeyRef | ValueRef]] = {}
    for origin in finding.because:
        if not isinstance(origin, BuiltIn) and not is_adrift(origin):  # STIX has no name for a key that is not known whole
            keys.setdefault((key_path(origin, analysis), origin.written), []).append(origin)
    seed = analysis.evidence.digests.sha256
    ids = [_add_key(found, path, written, cited, raws, seed) for (path, written), cited in keys.items()]
    for path in _files(finding, analysis)[:_FILES]:
        ids += _add_file(found, path, seed)
    return list(dict.fromkeys(ids))


def _add_key(
    found: Observables,
    path: str,
    written: int,
    cited: list[KeyRef | ValueRef],
    raws: dict[tuple[str, str], RawValue],
    seed: str,
) -> str:
    values: dict[str, dict[str, Json]] = {}
    for origin in cited:
        if isinstance(origin, ValueRef) and len(values) < _VALUES:
            values.setdefault(fold_name(origin.value), _value(origin, raws))
    contributing: dict[str, Json] = {"key": shown(path)}
    if values:
        contributing["values"] = list(values.values())
    more = {"modified_time": f"{iso_microseconds(written)}Z"} if is_told(written) else {}
    return found.add("windows-registry-key", contributing, more, seed)


def _value(origin: ValueRef, raws: dict[tuple[str, str], RawValue]) -> dict[str, Json]:
    """A value with its data: the whole of it where the analysis holds it, else the string that was cited."""
    value: dict[str, Json] = {"name": shown(origin.value)}
    raw = raws.get((fold_name(origin.key), fold_name(origin.value)))
    if raw is not None and raw.ref.written == origin.written:
        value["data"] = data_words(raw)
        kind = type_name(raw.type)
        value["data_type"] = _TYPE_WORDS.get(kind, kind if kind in _DATA_TYPES else "REG_INVALID_TYPE")
    elif origin.text is not None:
        value["data"] = shown(origin.text)
    return value


def data_words(raw: RawValue) -> str:
    """The data of a value as text, bounded: the strings of a list on a line each, bytes in hexadecimal."""
    data = plain_data(raw)
    match data:
        case list():
            lines = "\n".join(shown(str(line)) for line in data[:LONGEST_TEXT])
            return lines if len(lines) <= LONGEST_TEXT else f"{lines[:LONGEST_TEXT]}... ({len(data):,} strings)"
        case dict():
            return str(data.get("hex", ""))
        case _:
            return shown(str(data))


def _files(finding: Finding, analysis: Analysis) -> list[NtPath]:
    """The files that the events of a finding rename, delete or run."""
    wanted = frozenset(finding.events)
    events: Iterable[Event] = (event for event in analysis.replay.events if event.number in wanted)
    paths: list[NtPath] = []
    for event in events:
        match event.action:
            case RenameFile():
                paths += [event.action.source, event.action.destination]
            case DeleteFile():
                paths.append(event.action.source)
            case RunProgram():
                paths += event.action.candidates[:1]
            case _:
                continue
    return list(dict.fromkeys(path for path in paths if path.file_name and path.is_native))


def _add_file(found: Observables, path: NtPath, seed: str) -> list[str]:
    """A file and the folder it is in."""
    folder = NtPath(path.folder).tail
    ids: list[str] = []
    contributing: dict[str, Json] = {"name": shown(path.file_name, 1_000)}
    if folder:
        ids.append(found.add("directory", {"path": shown(folder)}, {}, seed))
        contributing["parent_directory_ref"] = ids[0]
    return [found.add("file", contributing, {}, seed), *ids]


def citable(origin: Origin) -> bool:
    """Whether an origin cites a text that can be looked for elsewhere exactly as it is told: none with hidden characters, none cut."""
    if not isinstance(origin, ValueRef) or not origin.text or not origin.value:
        return False
    told = (origin.text, origin.value, origin.key)
    return all(shown(text, 1_000) == text for text in told)

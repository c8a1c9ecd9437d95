"""The settings in JSON: by catalogue name, each with presence, type, value, origins. Contract: docs/output.md."""

from typing import TYPE_CHECKING, Any

from hivecheck.analysis import Analysis
from hivecheck.registry import hive
from hivecheck.registry.hive import RawValue, type_name
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz
from hivecheck.report.origins_json import origins_json, problem_json
from hivecheck.report.shipped import held_against
from hivecheck.settings.catalog import SUBSYSTEMS, Row, applies_to
from hivecheck.settings.commands import Command
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.paging_files import PagingFile
from hivecheck.settings.pending_renames import PendingRename, RenameList
from hivecheck.settings.setting import CitedString, Presence, Setting
from hivecheck.settings.subsystems import parse_csrss

if TYPE_CHECKING:
    from hivecheck.settings.software import Software

Json = Any

_BLOB_BYTES = 32


def settings_document(analysis: Analysis) -> dict[str, Json]:
    """Every setting by its catalogue name; a key read as a whole also gives each of its values as `Key/Name`."""
    found: dict[str, Json] = {}
    for row, setting in analysis.settings:
        shipped = held_against(analysis.baseline, row, setting)
        standing: dict[str, Json] = {"baseline": shipped.word.value if shipped.word else None}
        if shipped.missing:
            standing["missing"] = list(shipped.missing)
        found[row.name] = _setting(row, setting, analysis) | standing
        if row.value is None and isinstance(setting.value, tuple):
            for place, text in enumerate(setting.value):
                word = shipped.words[place].value if place < len(shipped.words) else None
                found.setdefault(f"{row.name}/{text.name}", _named_text(row, text) | {"baseline": word})
    return found


def baseline_json(analysis: Analysis) -> dict[str, Json]:
    """The baseline that the settings are held against."""
    baseline = analysis.baseline
    return {"generation": baseline.id, "nearest": baseline.nearest, "certainty": baseline.certainty}


def software_settings(analysis: Analysis, software: "Software") -> dict[str, Json]:
    """Every setting of the SOFTWARE hive by its catalogue name, and the programs with options of their own by name."""
    return {
        "settings": {row.name: _setting(row, setting, analysis) for row, setting in software.settings},
        "image_options": [
            {
                "image": one.image,
                "debugger": one.debugger.value or None,
                "global_flag": one.global_flag.value,
                "origins": origins_json((*one.debugger.origins, *one.global_flag.origins)),
            }
            for one in software.image_options.values()
        ],
    }


def _setting(row: Row[Any], setting: Setting[Any], analysis: Analysis) -> dict[str, Json]:
    return {
        "presence": setting.presence.value,
        "type": type_name(setting.raw.type) if setting.raw else None,
        "value": None if setting.presence is Presence.ABSENT and row.value else value_json(setting.value),
        "origins": origins_json(setting.origins),
        "problems": [problem_json(problem) for problem in setting.problems],
        "reader": row.reader,
        "applies": applies_to(row, analysis.generation),
    }


def _named_text(row: Row[Any], text: NamedText) -> dict[str, Json]:
    found: dict[str, Json] = {
        "presence": "written",
        "type": "REG_EXPAND_SZ" if text.expands else "REG_SZ",
        "value": text.text,
        "origins": origins_json((text.origin,)),
        "problems": [],
        "reader": row.reader,
    }
    if row is SUBSYSTEMS and text.name.upper() == "WINDOWS":
        csrss = parse_csrss(text.text, text.origin)
        found["csrss"] = {
            "image": csrss.line.image,
            "arguments": [{"name": name, "value": value} for name, value in csrss.arguments],
            "server_dlls": [
                {"text": dll.text, "dll": dll.dll, "entry": dll.entry, "index": dll.index} for dll in csrss.server_dlls
            ],
        }
    return found


def value_json(value: object) -> Json:
    """A setting's value in JSON: lists of text where smss reads lines, objects where it reads more."""
    match value:
        case None | bool() | int() | str():
            return value
        case bytes():
            shown = value[:_BLOB_BYTES].hex()
            return {"bytes": len(value), "hex": shown + ("…" if len(value) > _BLOB_BYTES else "")}
        case Command() | CitedString():
            return value.text
        case RenameList():
            return [value_json(pair) for pair in value.pairs]
        case PendingRename():
            return {
                "action": value.action,
                "source": value.source.text,
                "destination": value.destination.text if value.destination else None,
                "replaces": value.replaces,
                "marker": value.marker,
            }
        case PagingFile():
            return {
                "text": value.text,
                "path": value.path,
                "minimum_mb": value.minimum_mb,
                "maximum_mb": value.maximum_mb,
                "system_managed": value.system_managed,
                "rejected": value.rejected or None,
            }
        case NamedText():
            return {"name": value.name, "value": value.text}
        case tuple():
            return [value_json(one) for one in value]
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")


def plain_data(raw: RawValue) -> Json:
    """A value's data as its type says, without any meaning: text, a list of text, a number, or the first bytes in hex."""
    match raw.type:
        case hive.REG_SZ | hive.REG_EXPAND_SZ | hive.REG_LINK:
            return decode_sz(raw.data).text
        case hive.REG_MULTI_SZ:
            return list(decode_multi_sz(raw.data).strings)
        case hive.REG_DWORD if len(raw.data) == 4:
            return decode_dword(raw.data)
        case _:
            return value_json(raw.data)

"""Lists that are no more, in JSON: for the analysis document and for that of everything recovered. Contract: docs/output.md."""

from typing import Any

from hivecheck.registry.views import Sighting
from hivecheck.report.origins_json import origin_json
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.pending_renames import PendingRename
from hivecheck.settings.remnants import LostText
from hivecheck.settings.rename_history import RenameHistory

Json = Any


def lost_lists_json(lost: LostLists) -> dict[str, Json]:
    """The field `recovered` of the analysis document. Nothing in it is present in the hive, nor in the replay.

    Without the raw bytes, which `hivecheck recover` gives.
    """
    found = {
        "rename_histories": [history_json(history) for history in lost.histories],
        "boot_commands": [text_json(text) | {"commands": list(text.strings)} for text in lost.commands],
    }
    for text in (*found["boot_commands"], *(one for history in found["rename_histories"] for one in history["generations"])):
        del text["raw"]
    return found


def history_json(history: RenameHistory) -> dict[str, Json]:
    return {
        "pending": history.is_pending,
        "generations": [
            text_json(generation.text)
            | {
                "relation": generation.relation,
                "operations": [_operation(operation) for operation in generation.text.operations],
            }
            for generation in history.generations
        ],
    }


def text_json(text: LostText) -> dict[str, Json]:
    return {
        "name": text.name,
        "standing": text.standing.value,
        "named_by_record": text.named,
        "whole": text.whole,
        "cut_head": text.cut_head or None,
        "bytes": text.size,
        "confidence": text.confidence.value,
        "reasons": list(text.reasons),
        "origin": origin_json(text.ref),
        "found": [sighting_json(one) for one in text.found],
        "raw": text.raw.hex(),
    }


def _operation(operation: PendingRename) -> dict[str, Json]:
    return {
        "action": operation.action,
        "source": operation.source.text,
        "destination": operation.destination.text if operation.destination else None,
        "replaces": operation.replaces,
        "marker": operation.marker,
    }


def sighting_json(one: Sighting) -> dict[str, Json]:
    return {"file": one.file, "stage": one.stage.value, "region": one.kind.value, "offset": one.offset, "place": one.place}

"""The boot in JSON: its events, where it halts, the machine and the processes it leaves. Contract: docs/output.md."""

from typing import TYPE_CHECKING, Any

from hivecheck.analysis import Analysis
from hivecheck.boot.actions import Action, DeleteFile
from hivecheck.boot.machine import File, Machine
from hivecheck.boot.process_tree import ProcessNode, build_process_tree
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.nt_path import NtPath
from hivecheck.report.origins_json import origins_json

if TYPE_CHECKING:
    from hivecheck.evidence.inventory import Inventory

Json = Any


def event_json(event: Event) -> dict[str, Json]:
    return {
        "number": event.number,
        "step": event.step.value,
        "process": event.process,
        "action": action_json(event.action),
        "done": event.done.value,
        "why": event.why,
        "assumes": list(event.assumes),
        "certainty": event.certainty.value,
        "because": origins_json(event.because),
        "effects": [{"boot": one.boot, "event": one.event, "text": one.text} for one in event.effects],
    }


def action_json(action: Action) -> dict[str, Json]:
    """The action's kind and its fields, paths as text."""
    found: dict[str, Json] = {"kind": action.kind}
    for name in action.__match_args__:
        found[name] = _field_json(getattr(action, name))
    if isinstance(action, DeleteFile):
        found |= {"destination": None, "replaces": False}
    return found


def _field_json(value: object) -> Json:
    match value:
        case NtPath():
            return value.text
        case tuple():
            return [_field_json(one) for one in value]
        case _:
            return value


def halted_json(analysis: Analysis) -> dict[str, Json] | None:
    halted = analysis.replay.halted
    if halted is None:
        return None
    return {
        "event": halted.event,
        "why": halted.why,
        "certainty": halted.certainty.value,
        "because": origins_json(halted.because),
    }


def machine_json(machine: Machine, inventory: "Inventory | None" = None) -> dict[str, Json]:
    """The machine's six parts; keys keep their spelling. A file as it lay on the volume has what the inventory tells of it."""
    return {
        "names": {one.name: {"type": one.type, "target": one.target or None} for one in machine.names.values()},
        "files": {
            one.path: {"exists": one.exists.value, "content": one.content, "fate": one.fate, "assumed": one.assumed}
            | (_volume_json(inventory, one) if inventory is not None and not one.fate else {})
            for one in machine.files.values()
        },
        "environment": {one.name: one.value for one in machine.environment.values()},
        "processes": [
            {
                "name": one.name,
                "image": one.image,
                "command": one.command,
                "parent": one.parent,
                "session": one.session,
                "ends": one.ends,
                "assumed": one.assumed,
                "image_guessed": one.image_guessed,
            }
            for one in machine.processes
        ],
        "services": [
            {"name": one.name, "command": one.command, "account": one.account, "assumed": one.assumed}
            for one in machine.services
        ],
        "registry": [{"key": one.key, "name": one.name, "value": one.value} for one in machine.registry],
    }


def inventory_part(inventory: "Inventory | None") -> dict[str, Json]:
    """The part of the document that tells how far the files of the volume are known; nothing without an inventory."""
    if inventory is None:
        return {}
    return {
        "inventory": {
            "volume": inventory.volume,
            "whole": inventory.whole,
            "looked_up": len(inventory.files),
            "present": len(inventory.present),
            "catalogs": inventory.catalogs_read,
            "limits": list(inventory.limits),
        }
    }


def _volume_json(inventory: "Inventory", file: File) -> dict[str, Json]:
    """What the inventory tells of a file that this boot has not touched; nothing where it tells nothing, or it is absent."""
    facts = inventory.of(NtPath(file.path).tail[2:])
    if facts is None or not facts.exists:
        return {}
    from hivecheck.report.files_json import file_json  # only where there is an inventory

    return {"on_volume": file_json(facts)}


def process_tree_json(played: Replay) -> list[Json]:
    """Whoever starts something without being started, usually System alone, with all that descends from it."""
    return [_node_json(root) for root in build_process_tree(played).roots]


def _node_json(node: ProcessNode) -> dict[str, Json]:
    return {
        "name": node.name,
        "image": node.process.image if node.process is not None else None,
        "session": node.session,
        "image_guessed": node.image_guessed,
        "event": node.event,
        "ends": node.ends,
        "assumed": node.assumed,
        "parent_gone": node.parent_gone,
        "services": [service.name for service in node.services],
        "children": [_node_json(child) for child in node.children],
    }

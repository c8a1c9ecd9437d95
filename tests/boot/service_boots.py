r"""Boots of services.exe alone, played from a snippet of notation: keys belong to `Services`, unless they begin with `Control`.

    start('[A]\nStart = dword 2\nType = dword 0x10\nErrorControl = dword 1\nImagePath = sz "a.exe"', WIN7)

`service('A', ...)` writes such a key.
"""

import re
from collections.abc import Collection, Iterable

from hivecheck.boot.actions import LoadDriver, StartService
from hivecheck.boot.machine import File, Machine, Process, machine_at_smss
from hivecheck.boot.replay import Event, Replay, replay
from hivecheck.boot.services import plan_services
from hivecheck.boot.smss import plan_smss
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.generation import WIN2003, Generation
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.settings.catalog import read_settings
from hivecheck.settings.safe_boot import read_safe_boot
from hivecheck.settings.service_groups import read_group_orders
from hivecheck.settings.services import ServiceDatabase, read_services
from hivecheck.settings.software import Software, read_software
from tests.boot.boots import bootable, volume

_KEY_LINE = re.compile(r"(?m)^\[(?!Control)")
OWN, SHARED, DRIVER = 0x10, 0x20, 0x1


def service(name: str, start: int = 2, type: int = OWN, image: str = "", **values: object) -> str:
    """The key of one service; a list is a REG_MULTI_SZ, a number a REG_DWORD, `raw` are lines of notation."""
    raw = values.pop("raw", "")
    image = image or f"%SystemRoot%\\System32\\{name}.exe"
    if type == DRIVER and not values.pop("path", False):
        image = ""
    lines = [f"[{name}]", f"Type = dword {type}", f"Start = dword {start}"]
    if image:
        lines.append(f'ImagePath = expand "{image}"')
    for key, value in ({"ErrorControl": 1} | values).items():
        match value:
            case list():
                lines.append(f"{key} = multi " + " ".join(f'"{one}"' for one in value))
            case int():
                lines.append(f"{key} = dword {value}")
            case str():
                lines.append(f'{key} = sz "{value}"')
    return "\n".join((*lines, str(raw))) + "\n"


def svchost(name: str, group: str = "netsvcs", raw: str = "", **values: object) -> str:
    """A shared service of svchost with its DLL in System32."""
    dll = f'[{name}\\Parameters]\nServiceDll = expand "%SystemRoot%\\System32\\{name}.dll"\n'
    image = f"%SystemRoot%\\System32\\svchost.exe -k {group}"
    return service(name, type=SHARED, image=image, **values) + raw + dll  # type: ignore[arg-type]


def group_order(*names: str, **tags: str) -> str:
    """The keys that order groups; `tags` are the bytes of GroupOrderList, in hexadecimal."""
    listed = " ".join(f'"{name}"' for name in names)
    values = "".join(f"{name} = binary {data}\n" for name, data in tags.items())
    return f"[Control\\ServiceGroupOrder]\nList = multi {listed}\n[Control\\GroupOrderList]\n{values}"


def hive_of(snippet: str, generation: Generation = WIN2003) -> MemoryHive:
    lines = "\n".join(line.strip() for line in snippet.splitlines())
    full = _KEY_LINE.sub(lambda _: "[ControlSet001\\Services\\", lines)
    return bootable(
        full.replace("[Control\\", "[ControlSet001\\Control\\").replace("[Control]", "[ControlSet001\\Control]"),
        generation,
        services=False,
    )


def software_of(snippet: str) -> Software:
    """A SOFTWARE hive of this notation."""
    return read_software(MemoryHive("SOFTWARE", parse_notation(snippet).plain))


def database_of(snippet: str) -> ServiceDatabase:
    return read_services(hive_of(snippet).root.subkey("ControlSet001"))


def start(
    snippet: str,
    generation: Generation = WIN2003,
    *,
    files: Iterable[File] | None = None,
    safe_mode: str | None = None,
    software: Software | None = None,
    not_loaded: Collection[str] = (),
    processes: Iterable[Process] = (),
    architecture: str = "x86",
) -> Replay:
    """What services.exe does, on the machine as smss leaves it. Where `files` are given, they and those of `volume()` are all."""
    hive = hive_of(snippet, generation)
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), generation, "C:\\Windows", architecture, "ControlSet001", safe_mode)
    known = () if files is None else (*volume(), *files)
    machine: Machine = replay(machine_at_smss("C:\\Windows", known, files is not None), plan_smss(smss)).after
    machine.processes.extend(processes)
    plan = plan_services(
        smss,
        read_services(control_set).as_read_by(generation),
        read_group_orders(control_set),
        read_safe_boot(control_set),
        software,
        not_loaded,
    )
    return replay(machine, plan)


def name_of(event: Event) -> str:
    match event.action:
        case StartService():
            return event.action.name
        case LoadDriver():
            return event.action.service
        case _:
            return event.action.kind


def names(played: Replay) -> list[str]:
    return [name_of(event) for event in played.events]


def event_of(played: Replay, name: str) -> Event:
    (event,) = [event for event in played.events if name_of(event) == name]
    return event


def only(played: Replay) -> Event:
    """The one event of a boot that has no other."""
    (event,) = played.events
    return event


def started(played: Replay, name: str) -> StartService:
    action = event_of(played, name).action
    assert isinstance(action, StartService)
    return action

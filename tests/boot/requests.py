r"""Boots made of single requests: what the tests of effects between events are written in."""

from collections.abc import Iterable

from hivecheck.boot.actions import (
    Action,
    DeleteFile,
    LoadDriver,
    MapSection,
    RenameFile,
    RunProgram,
    StartProcess,
    StartService,
)
from hivecheck.boot.machine import File, machine_at_smss
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.replay import Replay, replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn
from tests.boot.boots import ROOT, volume

SYSTEM32 = f"\\??\\{ROOT}\\System32"


def play_requests(*actions: Action, files: Iterable[File] | None = None) -> Replay:
    """The actions asked for in turn, each because of its own place; with `files`, they and those of `volume()` are all there are."""

    def plan() -> Plan:
        for number, action in enumerate(actions, 1):
            because = (BuiltIn(f"request {number}", "this test"),)
            yield Request(Step.READ_SETTINGS, "smss.exe", action, Certainty.A, because)

    known = () if files is None else (*volume(), *files)
    return replay(machine_at_smss(ROOT, known, files is not None), plan())


def delete(path: str) -> DeleteFile:
    return DeleteFile(NtPath(f"\\??\\{path}"), None, "PendingFileRenameOperations", 0)


def move(source: str, target: str) -> RenameFile:
    return RenameFile(NtPath(f"\\??\\{source}"), NtPath(f"\\??\\{target}"), True, None, "PendingFileRenameOperations", 0)


def driver(name: str, start: str = "boot") -> LoadDriver:
    return LoadDriver(
        NtPath(f"\\SystemRoot\\System32\\drivers\\{name}.sys"),
        None,
        name,
        "",
        start,
        {"boot": "loader", "system": "kernel"}.get(start, ""),
    )


def program(image: str, *folders: str) -> RunProgram:
    """A program as BootExecute names it, with the files tried in these folders, then in System32."""
    places = tuple(NtPath(f"\\??\\{folder}\\{image}.exe") for folder in (*folders, f"{ROOT}\\System32"))
    return RunProgram(image, "", (), True, image, "BootExecute", places)


def process(image: str, *paths: str) -> StartProcess:
    return StartProcess(image, "", 0, tuple(NtPath(path) for path in paths))


def service(name: str, image: str, dll: str = "", shared: bool = False) -> StartService:
    r"""An auto-start service of LocalSystem; `image` and `dll` are DOS paths."""
    library = NtPath(f"\\??\\{dll}") if dll else None
    return StartService(name, image, "", (NtPath(f"\\??\\{image}"),), library, "LocalSystem", "", "auto", shared)


def section(name: str) -> MapSection:
    return MapSection(f"\\KnownDlls\\{name}", NtPath(f"{SYSTEM32}\\{name}"))

"""The two libraries, each opened on a hive and shown as a `Library`: the only module that imports them, and only when asked.

They cost 15 and 61 ms to import. They have no bounds checks and no guard against loops: what may be handed to them in this
process, and what only to a child, is decided in `readers`.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from mmap import mmap
from pathlib import Path
from typing import Any

from hivecheck.registry import python_registry_defects
from hivecheck.registry.base_block import Buffer
from hivecheck.registry.known_defects import StoredValue
from hivecheck.registry.opinions import Library

PYTHON_REGISTRY, REGIPY = "python-registry", "regipy"


def import_library(name: str) -> str:
    """The library's name with its version, now that it is imported."""
    if name == REGIPY:
        import regipy

        return f"{name} {regipy.__version__}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has invalid escapes, told once when it is compiled
        import Registry

    # Not from importlib.metadata, which takes 8 ms to import; tests compare the two.
    return f"{name} {Registry._version_}"


def open_library(name: str, path: Path | None, buffer: Buffer) -> Library:
    """The library, opened on these bytes. regipy reads `path` anew or, where there is none, a copy in a nameless temporary file.

    Raises whatever the library does: struct.error, ConstError and others.
    """
    if name == REGIPY:
        from hivecheck.registry.readers_regipy import Regipy, open_with_regipy

        return Regipy(open_with_regipy(path, buffer))
    from Registry.Registry import Registry as OpenRegistry

    return PythonRegistry(OpenRegistry(_Mapping(buffer)))


@contextmanager
def silent_log(name: str) -> Iterator[None]:
    """Without what regipy logs: its complaints about values would reach the console."""
    if name != REGIPY:
        yield
        return
    from logging import CRITICAL, getLogger

    log = getLogger(name)
    level = log.level
    log.setLevel(CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


class _Mapping:
    """What python-registry takes for a file: it unpacks from and slices whatever `read` gives, so nothing is copied."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer if isinstance(buffer, bytes | mmap) else bytes(buffer)

    def read(self) -> bytes | mmap:
        return self._buffer


class PythonRegistry:
    """python-registry as a `Library`. Of values it is asked for `_vkrecord`: the public methods hide the unnamed one."""

    def __init__(self, registry: Any) -> None:
        self._registry = registry

    def root(self) -> Any:
        return self._registry.root()

    def subkey(self, key: Any, name: str) -> Any | None:
        from Registry.Registry import RegistryKeyNotFoundException

        try:
            return key.subkey(name)
        except RegistryKeyNotFoundException:
            return None

    def subkeys(self, key: Any) -> list[Any]:
        return list(key.subkeys())

    def key_name(self, key: Any) -> str:
        return str(key.name())

    def written(self, key: Any) -> datetime:
        time: datetime = key.timestamp()
        return time

    def values(self, key: Any) -> list[Any]:
        return [value._vkrecord for value in key.values()]

    def value_name(self, value: Any) -> str:
        return str(value.name())

    def value_type(self, value: Any) -> int:
        return int(value.data_type())

    def value_data(self, value: Any) -> bytes:
        return bytes(value.raw_data())

    def judge_key_name(self, ours: str, theirs: str | None) -> str:
        return python_registry_defects.judge_name(ours, theirs)

    def judge_value_name(self, ours: str, theirs: str | None) -> str:
        return python_registry_defects.judge_name(ours, theirs)

    def judge_time(self, ticks: int, theirs: datetime) -> str:
        return python_registry_defects.judge_time(ticks, theirs)

    def judge_type(self, ours: int, theirs: int) -> str:
        return python_registry_defects.judge_type(ours, theirs)

    def judge_data(self, stored: StoredValue, theirs: object) -> str:
        return python_registry_defects.judge_data(stored, theirs)

    def unread_types(self) -> dict[int, str]:
        return {}

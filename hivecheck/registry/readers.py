"""A second opinion on a hive from python-registry and a third from regipy, to the last byte where they give bytes.

The only module that imports the two libraries, and only when asked: they cost 15 and 61 ms to import. They have no bounds
checks and no guard against loops, so they are given only what our reader has read without finding damage. What is known to
be wrong with them is in `known_defects`; a difference that nothing there explains is a `Disagreement`.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from mmap import mmap
from typing import Any, Literal

from hivecheck.registry import python_registry_defects, regipy_defects
from hivecheck.registry.base_block import Buffer
from hivecheck.registry.hive import TYPE_NAMES
from hivecheck.registry.known_defects import StoredValue
from hivecheck.registry.opinions import Disagreement, ReaderOpinion, failure_words, form_opinion, reason_not_to_ask
from hivecheck.registry.regf import RegfHive

__all__ = ["Disagreement", "ReaderOpinion", "compare_readers"]

_REGIPY_TYPES = {name: number for number, name in TYPE_NAMES.items()} | {"REG_FILETIME": 16}


def compare_readers(
    hive: RegfHive, keys: tuple[str, ...], which: Literal["second", "all"] = "second"
) -> tuple[ReaderOpinion, ...]:
    r"""The opinion of python-registry, and with "all" that of regipy too, on the subtrees at these paths below the root.

    A path is e.g. `ControlSet001\Control\Session Manager`. regipy reads `hive.path` anew or, where there is none, a copy of
    the bytes in a temporary file without a name.
    """
    reason = reason_not_to_ask(hive, keys)
    opinions = [_ask_python_registry(hive, keys, reason)]
    if which == "all":
        opinions.append(_ask_regipy(hive, keys, reason))
    return tuple(opinions)


def _ask_python_registry(hive: RegfHive, keys: tuple[str, ...], reason: str) -> ReaderOpinion:
    if reason:
        return ReaderOpinion("python-registry", None, note=reason)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has invalid escapes, told once when it is compiled
        import Registry
        from Registry.Registry import Registry as OpenRegistry

    # Not from importlib.metadata, which takes 8 ms to import; tests compare the two.
    name = f"python-registry {Registry._version_}"
    try:
        library = PythonRegistry(OpenRegistry(_Mapping(hive.buffer)))
    except Exception as error:  # noqa: BLE001 - it leaks struct.error and others
        return _refused(name, error)
    return form_opinion(name, library, hive, keys)


def _ask_regipy(hive: RegfHive, keys: tuple[str, ...], reason: str) -> ReaderOpinion:
    if reason:
        return ReaderOpinion("regipy", None, note=reason)
    if hive.base_block.root_offset != 0x20:
        note = "it would take another cell for the root key"
        return ReaderOpinion("regipy", None, ("regipy-root-is-first-cell",), note=note)
    import regipy

    name = f"regipy {regipy.__version__}"
    with _silent_log("regipy"):
        try:
            library = Regipy(_open_with_regipy(hive))
        except Exception as error:  # noqa: BLE001 - it leaks StringError, ConstError and others
            return _refused(name, error)
        return form_opinion(name, library, hive, keys)


def _refused(name: str, error: Exception) -> ReaderOpinion:
    failure = Disagreement("", "", "presence", "a hive", failure_words(error))
    return ReaderOpinion(name, agrees=False, disagreements=(failure,))


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


class Regipy:
    """regipy as a `Library`. It gives no raw data, so what it decoded is judged."""

    def __init__(self, hive: Any) -> None:
        self._hive = hive

    def root(self) -> Any:
        return self._hive.root

    def subkey(self, key: Any, name: str) -> Any | None:
        return key.get_subkey(name, raise_on_missing=False)

    def subkeys(self, key: Any) -> list[Any]:
        return list(key.iter_subkeys())

    def key_name(self, key: Any) -> str:
        return str(key.name)

    def written(self, key: Any) -> datetime:
        from regipy.utils import convert_wintime

        time = convert_wintime(key.header.last_modified)
        if not isinstance(time, datetime):
            raise TypeError(f"a time was expected, not {time!r}")
        return time

    def values(self, key: Any) -> list[Any]:
        return list(key.iter_values(trim_values=False))

    def value_name(self, value: Any) -> str:
        return str(value.name)

    def value_type(self, value: Any) -> int:
        shown = str(value.value_type)
        return _REGIPY_TYPES[shown] if shown in _REGIPY_TYPES else int(shown)

    def value_data(self, value: Any) -> object:
        return value.value

    def judge_key_name(self, ours: str, theirs: str | None) -> str:
        return regipy_defects.judge_key_name(ours, theirs)

    def judge_value_name(self, ours: str, theirs: str | None) -> str:
        return regipy_defects.judge_value_name(ours, theirs)

    def judge_time(self, ticks: int, theirs: datetime) -> str:
        return regipy_defects.judge_time(ticks, theirs)

    def judge_type(self, ours: int, theirs: int) -> str:
        return regipy_defects.judge_type(ours, theirs)

    def judge_data(self, stored: StoredValue, theirs: object) -> str:
        return regipy_defects.judge_data(stored, theirs)

    def unread_types(self) -> dict[int, str]:
        return {0x200000: "regipy-skips-type-200000"}


def _open_with_regipy(hive: RegfHive) -> Any:
    from regipy.registry import RegistryHive

    if hive.path is not None:
        return RegistryHive(os.fspath(hive.path))  # type: ignore[no-untyped-call]
    from tempfile import TemporaryFile  # 5 ms to import

    with TemporaryFile() as copy:
        copy.write(hive.buffer)
        copy.seek(0)
        # A file number serves as well as a path: it opens, reads and closes what it is given.
        return RegistryHive(os.dup(copy.fileno()))  # type: ignore[no-untyped-call]


@contextmanager
def _silent_log(name: str) -> Iterator[None]:
    """Without what the library logs: its complaints about values would reach the console."""
    from logging import CRITICAL, getLogger

    log = getLogger(name)
    level = log.level
    log.setLevel(CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)

"""regipy, opened on a hive and shown as a `Library`. It reads names and times well, and of values what it decodes, never the bytes."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from hivecheck.registry import regipy_defects
from hivecheck.registry.base_block import Buffer
from hivecheck.registry.hive import TYPE_NAMES
from hivecheck.registry.known_defects import StoredValue

_REGIPY_TYPES = {name: number for number, name in TYPE_NAMES.items()} | {"REG_FILETIME": 16}


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


def open_with_regipy(path: Path | None, buffer: Buffer) -> Any:
    """What regipy makes of the file or, where there is none, of a copy of these bytes in a nameless temporary file. Raises whatever it does."""
    from regipy.registry import RegistryHive

    if path is not None:
        return RegistryHive(os.fspath(path))  # type: ignore[no-untyped-call]
    from tempfile import TemporaryFile  # 5 ms to import

    with TemporaryFile() as copy:
        copy.write(buffer)
        copy.seek(0)
        # A file number serves as well as a path: it opens, reads and closes what it is given.
        return RegistryHive(os.dup(copy.fileno()))  # type: ignore[no-untyped-call]

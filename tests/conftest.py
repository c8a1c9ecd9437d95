"""Fixtures for all tests. Real hives are personal data: tests read them where they lie and keep nothing of them."""

import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest

REAL_HIVES = "HIVECHECK_REAL_HIVES"


@pytest.fixture(scope="session")
def real_hive(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from the name of a real hive to its path, unpacked once if it is stored as `.xz`.

    The folder is named by the environment variable HIVECHECK_REAL_HIVES; without it, or without that hive, the test is
    skipped. The name may have folders: `conformance/BigDataHive`.
    """
    folder = os.environ.get(REAL_HIVES)
    unpacked: dict[str, Path] = {}

    def find(name: str) -> Path:
        if not folder:
            pytest.skip(f"{REAL_HIVES} names no folder of real hives")
        plain, packed = Path(folder, name), Path(folder, f"{name}.xz")
        if plain.is_file():
            return plain
        if not packed.is_file():
            pytest.skip(f"no real hive {name} in {REAL_HIVES}")
        if name not in unpacked:
            target = tmp_path_factory.mktemp("hives") / plain.name
            for beside in (
                packed,
                *sorted(packed.parent.glob(f"{plain.name}.LOG*.xz")),
            ):  # its logs lie beside it, as they did
                target.with_name(beside.stem).write_bytes(lzma.decompress(beside.read_bytes()))
            unpacked[name] = target
        return unpacked[name]

    return find

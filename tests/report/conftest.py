"""The fixture of the reports' tests."""

from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE, Analyzed


@pytest.fixture
def analyzed(tmp_path: Path) -> Analyzed:
    """A function from hive notation, added to a hive that boots, to its analysis."""

    def make(text: str, base: str = BOOTABLE, **options: object) -> Analysis:
        path = tmp_path / "SYSTEM"
        path.write_bytes(build_hive(parse_notation(base + text)))
        return analyze(path, Options(**{"verify": "none", **options}))  # type: ignore[arg-type]

    return make

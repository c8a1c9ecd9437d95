"""Looks into the built wheel and source distribution: is everything in, and nothing that should not be?

python .ci/distributions.py FOLDER
"""

import sys
import tarfile
import zipfile
from pathlib import Path

WHEEL_NEEDS = ("hivecheck/__init__.py", "hivecheck/py.typed", "hivecheck/templates/report.html")
WHEEL_TOPS = ("hivecheck", "hivecheck-")
IMAGES = "test_hives/images/"  # our own, stored packed
SOURCE_NEEDS = (
    "pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock",
    "hivecheck/py.typed", "templates/report.html", "tests/test_floors.py", "test_hives/MANIFEST.toml",
    "docs/limits.md", "benchmarks/README.md",
)  # fmt: skip


def main(folder: Path) -> int:
    [wheel], [source] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        inside = opened.namelist()
    faults = [f"{wheel.name} lacks {name}" for name in WHEEL_NEEDS if name not in inside]
    faults += [f"{wheel.name} holds {name}" for name in inside if not name.startswith(WHEEL_TOPS)]
    faults += [f"{wheel.name} lacks its licence"] if not any(name.endswith("/LICENSE") for name in inside) else []
    with tarfile.open(source) as unpacked:
        packed = {name.partition("/")[2] for name in unpacked.getnames()}
    faults += [f"{source.name} lacks {name}" for name in SOURCE_NEEDS if name not in packed]
    strange = (name for name in packed if name.endswith(".xz") and not name.startswith(IMAGES))  # a real hive, packed
    faults += [f"{source.name} holds {name}" for name in (*strange, *(name for name in packed if "__pycache__" in name))]
    for path, count in ((wheel, len(inside)), (source, len(packed))):
        print(f"{path.name}: {count} files, {path.stat().st_size:,} bytes")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

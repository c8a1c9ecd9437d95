"""`python -m benchmarks.images`: SYSTEM out of an E01 image of 300 MB, found and analyzed, as a whole process.

The image is built first, of a real hive among 3,600 other files, by what Debian calls ntfs-3g, wimtools and ewf-tools.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.contest import Contestant, Standing, hold_contest

ROOT = Path(__file__).resolve().parents[1]
HIVE = "win10-1903"
IMAGE_MB = 300
OTHER_FILES = 3_600
FROM_IMAGE, ALONE = "analyze --json, from the E01", "the same, the lone hive"
SECONDS_TARGET = 1.5
MEGABYTE = 1_000_000
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_TOOLS = ("mkntfs", "wimcapture", "wimapply", "ewfacquire")


def main() -> int:
    arguments = _arguments()
    hive = arguments.hive or Path(os.environ.get("HIVECHECK_REAL_HIVES", ".")) / HIVE
    missing = [tool for tool in _TOOLS if shutil.which(tool, path=_PATH) is None]
    if missing or not hive.is_file():
        print(f"Needs {hive} and the programs {', '.join(_TOOLS)}: nothing is measured.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="hivecheck-bench-") as folder:
        try:
            image = _build_image(hive, Path(folder))
            standings = hold_contest(_contestants(hive.resolve(), image), arguments.rounds, ROOT)
        except subprocess.CalledProcessError as failure:
            print(f"{' '.join(failure.cmd)} ends with {failure.returncode}: nothing is told.", file=sys.stderr)
            return 1
    _print_table(standings)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.images", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("hive", nargs="?", type=Path, help=f"a SYSTEM hive (default: {HIVE} in HIVECHECK_REAL_HIVES)")
    parser.add_argument("--rounds", type=int, default=11, help="rounds that count (default: %(default)s)")
    return parser.parse_args()


def _contestants(hive: Path, image: Path) -> list[Contestant]:
    ours = (sys.executable, "-m", "hivecheck", "analyze", "--json", "-")
    return [
        Contestant("bare Python", (sys.executable, "-c", "pass")),
        Contestant(ALONE, (*ours, str(hive))),
        Contestant(FROM_IMAGE, (*ours, str(image))),
    ]


def _build_image(hive: Path, folder: Path) -> Path:
    """An NTFS volume in an E01, two thirds full; half of each file can be packed. Deleted with its folder."""
    source = folder / "source"
    config = source / "Windows" / "System32" / "config"
    config.mkdir(parents=True)
    shutil.copyfile(hive, config / "SYSTEM")
    chance = random.Random(1)
    for number in range(OTHER_FILES):
        place = source / "Windows" / "System32" / f"folder{number % 420}"
        place.mkdir(exist_ok=True)
        (place / f"library{number}.dll").write_bytes(b"MZ" + chance.randbytes(30_000) + bytes(30_000))
    volume = folder / "volume.raw"
    with volume.open("wb") as file:
        file.truncate(IMAGE_MB * 1024 * 1024)
    _run("mkntfs", "-F", "-Q", str(volume))
    _run("wimcapture", str(source), str(folder / "files.wim"), "--compress=none")
    _run("wimapply", str(folder / "files.wim"), "1", str(volume))
    _run("ewfacquire", "-u", "-f", "encase6", "-c", "fast", "-S", "4294967296", "-t", str(folder / "disk"), str(volume))
    return folder / "disk.E01"


def _run(*command: str) -> None:
    environment = os.environ | {"PATH": _PATH}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def _print_table(standings: list[Standing]) -> None:
    bare = standings[0].median_ms
    print(f"{'whole process':<30} {'min ms':>8} {'median':>8} {'max':>8} {'x bare':>8} {'peak MB':>8}")
    for one in standings:
        times = f"{one.fastest_ms:8.1f} {one.median_ms:8.1f} {one.slowest_ms:8.1f} {one.median_ms / bare:8.2f}"
        print(f"{one.name:<30} {times} {one.peak_bytes / MEGABYTE:8.1f}")
    seconds = standings[-1].median_ms / 1000
    print(
        f"\n{FROM_IMAGE}: {seconds:.2f} s, target at most {SECONDS_TARGET:g} s: {'met' if seconds <= SECONDS_TARGET else 'NOT MET'}"
    )


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.diff`: every key and value of two hives compared, as whole processes, with regipy-diff beside it.

Two real hives of different Windows, which regipy-diff needs minutes for, are compared by hivecheck alone. Two small test hives are
compared by both.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.contest import Contestant, Standing, hold_contest

ROOT = Path(__file__).resolve().parents[1]
REAL = ("win7-sp1-x86", "win10-1903")
SMALL = (ROOT / "test_hives" / "win7-x64.hive", ROOT / "test_hives" / "win10-1903-x64.hive")
LARGE, SMALLER, THEIRS = "diff --whole-hive", "the same, small hives", "regipy-diff, small hives"
SECONDS_TARGET = 1.5
MEMORY_TARGET_MB = 250
MEGABYTE = 1_000_000


def main() -> int:
    arguments = _arguments()
    folder = arguments.folder or Path(os.environ.get("HIVECHECK_REAL_HIVES", "."))
    contestants = _contestants(folder.resolve())
    print(f"Python {sys.version.split()[0]}; {arguments.rounds} rounds\n")
    try:
        standings = hold_contest(contestants, arguments.rounds, ROOT)
    except subprocess.CalledProcessError as failure:
        print(f"{' '.join(failure.cmd)} ends with {failure.returncode}: nothing is told.", file=sys.stderr)
        return 1
    _print_table(standings)
    _print_targets({one.name: one for one in standings})
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diff", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="real hives, unpacked (default: HIVECHECK_REAL_HIVES)")
    parser.add_argument("--rounds", type=int, default=11, help="rounds that count (default: %(default)s)")
    return parser.parse_args()


def _contestants(folder: Path) -> list[Contestant]:
    ours = (sys.executable, "-m", "hivecheck", "diff", "--whole-hive")
    found = [
        Contestant("bare Python", (sys.executable, "-c", "pass")),
        Contestant(SMALLER, (*ours, *map(str, SMALL))),
    ]
    real = [folder / name for name in REAL]
    if all(path.is_file() for path in real):
        found.append(Contestant(LARGE, (*ours, *map(str, real))))
        found.append(Contestant("the three heights alone", (*ours[:-1], *map(str, real))))
    else:
        print(f"{folder} does not hold {' and '.join(REAL)}: only small hives are compared.\n", file=sys.stderr)
    regipy = Path(sys.executable).parent / "regipy-diff"  # the interpreter's own folder: the same environment
    if regipy.is_file():
        found.append(Contestant(THEIRS, (str(regipy), *map(str, SMALL)), may_fail=True))
    else:
        print("regipy's command line is not installed beside this Python: pip install -e '.[bench]'\n", file=sys.stderr)
    return found


def _print_table(standings: list[Standing]) -> None:
    bare = standings[0].median_ms
    print(f"{'whole process':<26} {'min ms':>8} {'median':>8} {'max':>8} {'x bare':>8} {'peak MB':>8}")
    for one in standings:
        times = f"{one.fastest_ms:8.1f} {one.median_ms:8.1f} {one.slowest_ms:8.1f} {one.median_ms / bare:8.2f}"
        print(f"{one.name:<26} {times} {one.peak_bytes / MEGABYTE:8.1f}")


def _print_targets(by_name: dict[str, Standing]) -> None:
    print()
    large = by_name.get(LARGE)
    if large is not None:
        seconds, peak = large.fastest_ms / 1000, large.peak_bytes / MEGABYTE
        _print_target(
            f"{LARGE}, fastest round", f"{seconds:.2f} s", seconds <= SECONDS_TARGET, f"at most {SECONDS_TARGET:g} s"
        )
        _print_target(f"peak memory of {LARGE}", f"{peak:.0f} MB", peak < MEMORY_TARGET_MB, f"under {MEMORY_TARGET_MB} MB")
    theirs = by_name.get(THEIRS)
    if theirs is None:
        print(f"{'small hives / regipy-diff':<40} {'-':>8}   target at most 1: not measured")
        return
    ratio = by_name[SMALLER].median_ms / theirs.median_ms
    _print_target("small hives / regipy-diff", f"{ratio:.2f}", ratio <= 1, "at most 1")


def _print_target(what: str, found: str, met: bool, target: str) -> None:
    print(f"{what:<40} {found:>8}   target {target}: {'met' if met else 'NOT MET'}")


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks`: whole processes, taken in turn, compared by their medians.

One process does not tell how fast a program is, and neither does one machine. So each contestant is run once in every round
(A B C A B C ...), after a round that does not count, and what is told are the ratios of the medians.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.contest import Contestant, Standing, hold_contest

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_HIVE = "win10-1903"
UNPACK = "import lzma, sys; open(sys.argv[2], 'wb').write(lzma.open(sys.argv[1]).read())"
# The same command without a rule: nothing of them is loaded, run or told.
UNJUDGED = "import hivecheck.cli as cli, hivecheck.cli.analyze as one; one.Judging = lambda *_: None; cli.main()"
MEGABYTE = 1_000_000
TARGETS = (
    ("analyze --json", "bare Python", 24.0),
    ("analyze --html", "regipy, one plugin", 1.0),
)
MEMORY_TARGET_MB = 60
RENDERING_TARGET_MS = 100
RULES_TARGET = 0.2


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="hivecheck-bench-") as folder:
        hive = _hive(arguments.hive, Path(folder))
        if hive is None:
            print("Name a SYSTEM hive, or set HIVECHECK_REAL_HIVES to a folder that holds win10-1903.", file=sys.stderr)
            return 2
        contestants = _contestants(hive, Path(folder))
        print(f"{hive.name}, {hive.stat().st_size:,} bytes; Python {sys.version.split()[0]}; {arguments.rounds} rounds\n")
        try:
            standings = hold_contest(contestants, arguments.rounds, ROOT)
        except subprocess.CalledProcessError as failure:
            print(f"{' '.join(failure.cmd)} ends with {failure.returncode}: nothing is told.", file=sys.stderr)
            return 1
    _print_table(standings)
    _print_targets(standings)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("hive", nargs="?", type=Path, help="a SYSTEM hive (default: win10-1903 in HIVECHECK_REAL_HIVES)")
    parser.add_argument("--rounds", type=int, default=41, help="rounds that count (default: %(default)s)")
    return parser.parse_args()


def _hive(named: Path | None, folder: Path) -> Path | None:
    if named is not None:
        return named.resolve()
    real = Path(os.environ.get("HIVECHECK_REAL_HIVES", folder)).resolve()
    packed = real / f"{DEFAULT_HIVE}.xz"
    if packed.is_file():
        unpacked = folder / DEFAULT_HIVE
        # In a process of its own: what this one starts inherits its peak memory.
        subprocess.run([sys.executable, "-c", UNPACK, str(packed), str(unpacked)], check=True)
        return unpacked
    plain = real / DEFAULT_HIVE
    return plain if plain.is_file() else None


def _contestants(hive: Path, folder: Path) -> list[Contestant]:
    ours = (sys.executable, "-m", "hivecheck")
    found = [
        Contestant("bare Python", (sys.executable, "-c", "pass")),
        Contestant("hivecheck --help", (*ours, "--help")),
        Contestant("analyze --json", (*ours, "analyze", "--json", "-", str(hive))),
        Contestant("the same without rules", (sys.executable, "-c", UNJUDGED, "analyze", "--json", "-", str(hive))),
        Contestant("analyze", (*ours, "analyze", "--quiet", str(hive))),
        Contestant("analyze --html", (*ours, "analyze", "--quiet", "--html", str(folder / "report.html"), str(hive))),
    ]
    regipy = Path(sys.executable).parent / "regipy-plugins-run"  # the interpreter's own folder: the same environment
    if regipy.is_file():
        # Without --include-unvalidated it runs no plugin at all.
        options = ("--include-unvalidated", "-p", "pending_file_rename", "-o", str(folder / "regipy.json"))
        found.append(Contestant("regipy, one plugin", (str(regipy), *options, str(hive)), may_fail=True))
    else:
        print("regipy's command line is not installed beside this Python: pip install -e '.[bench]'\n", file=sys.stderr)
    return found


def _print_table(standings: list[Standing]) -> None:
    bare = standings[0].median_ms
    print(f"{'whole process':<24} {'min ms':>8} {'median':>8} {'max':>8} {'x bare':>8} {'peak MB':>8}")
    for one in standings:
        times = f"{one.fastest_ms:8.1f} {one.median_ms:8.1f} {one.slowest_ms:8.1f} {one.median_ms / bare:8.2f}"
        print(f"{one.name:<24} {times} {one.peak_bytes / MEGABYTE:8.1f}")


def _print_targets(standings: list[Standing]) -> None:
    by_name = {one.name: one for one in standings}
    print()
    for name, other, target in TARGETS:
        if name in by_name and other in by_name:
            ratio = by_name[name].median_ms / by_name[other].median_ms
            _print_target(f"{name} / {other}", f"{ratio:.2f}", ratio <= target, f"at most {target:g}")
        else:
            print(f"{f'{name} / {other}':<40} {'-':>8}   target at most {target:g}: not measured")
    rules = 1 - by_name["the same without rules"].median_ms / by_name["analyze --json"].median_ms
    _print_target("share of the rules in analyze --json", f"{rules:.3f}", rules < RULES_TARGET, f"under {RULES_TARGET:g}")
    page = by_name["analyze --html"].median_ms - by_name["analyze"].median_ms
    _print_target(
        "rendering: analyze --html less analyze",
        f"{page:.0f} ms",
        page < RENDERING_TARGET_MS,
        f"under {RENDERING_TARGET_MS} ms",
    )
    peak = max(one.peak_bytes for name, one in by_name.items() if name.startswith("analyze")) / MEGABYTE
    _print_target("peak memory of analyze", f"{peak:.1f} MB", peak < MEMORY_TARGET_MB, f"under {MEMORY_TARGET_MB} MB")


def _print_target(what: str, found: str, met: bool, target: str) -> None:
    print(f"{what:<40} {found:>8}   target {target}: {'met' if met else 'NOT MET'}")


if __name__ == "__main__":
    sys.exit(main())

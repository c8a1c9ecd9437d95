"""What all rules find on real hives, as counts: python -m tests.real_findings measures them anew and writes real_findings.toml.

The hives are personal data and lie outside; kept are rule, severity and number, nothing that a hive says.
"""

import os
import sys
import tomllib
from collections import Counter
from pathlib import Path

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.rules.catalog import RULES
from hivecheck.rules.rule import Severity

FILE = Path(__file__).with_suffix(".toml")
HIVES = {
    "nt4-sp3-server": "NT 4",
    "xp-x64": "XP x64",
    "win7-sp1-x86": "7",
    "win10-1709-dirty": "10 1709",
    "win10-1903": "10 1903",
}
# What is medium on these hives (nothing is graver): what the machine has that makes it true.
EXPLAINED: dict[tuple[str, str], str] = {
    (
        "win7-sp1-x86",
        "svc-relative",
    ): "A tool of responders registered its service with a bare file name, so that `Path` decides.",
    (
        "win7-sp1-x86",
        "svc-psexec-artefacts",
    ): "The service of PsExec was left behind: somebody ran programs on it from afar.",
    ("win10-1903", "minint"): "A well-known tweak for ReFS made the key `MiniNT`: no pending rename has run since.",
    ("win10-1903", "env-path-hijack"): "An installer put its folder below `ProgramData` in front of System32 in `Path`.",
}
Counts = dict[str, dict[str, int]]
"""By rule id, how many findings of each severity."""


def count_findings(analysis: Analysis) -> Counts:
    """The rules that found something, in the order of the catalogue, with their counts, worst severity first."""
    found = Counter((finding.rule.id, finding.severity) for finding in analysis.findings)
    scale = tuple(reversed(Severity))
    return {
        rule.id: {severity.value: found[rule.id, severity] for severity in scale if found[rule.id, severity]}
        for rule in RULES
        if any(found[rule.id, severity] for severity in scale)
    }


def measured() -> dict[str, Counts]:
    """The counts by hive, as they are written down."""
    read: dict[str, Counts] = tomllib.loads(FILE.read_text("utf-8"))
    return read


def count_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {severity}" for severity, number in counts.items())


def main() -> int:
    folder = os.environ.get("HIVECHECK_REAL_HIVES")
    if not folder:
        print("HIVECHECK_REAL_HIVES names no folder of real hives", file=sys.stderr)
        return 2
    lines = ["# Written by `python -m tests.real_findings`: how many findings each rule has on each real hive, by severity."]
    for hive in HIVES:
        lines += ["", f"[{hive}]"]
        for rule, counts in count_findings(analyze(Path(folder, hive), Options(verify="none"))).items():
            lines.append(f"{rule} = {{ {', '.join(f'{severity} = {number}' for severity, number in counts.items())} }}")
    FILE.write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The pages of the infected test hives as they were last looked at, and what differs now.

    python -m tests.gold            # say what changed, and write it: to be read in the diff, then committed
    python -m tests.gold --check    # only say it; exit with 1 if something changed

A gold page is an outline (tests/report/html_outline.py), so that a change can be read. Style and script are not in it: the
browser tests look at what they do. Versions of hivecheck and its libraries, Python and the operating system are
left out, for another one changes no page.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path

import hivecheck
from hivecheck.analysis import Options, analyze
from hivecheck.report.html import render_html
from hivecheck.report.html_case import machine
from tests.report.html_outline import outline
from tests.report.html_tree import parse_html

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "report" / "gold"
GENERATED = "2026-01-15T10:00:00Z"
HIVES = tuple(sorted((ROOT / "test_hives").glob("infected-*.hive")))
_VERSIONS = re.compile(r"\b(python-registry|regipy|jinja2|markupsafe|typer|rich|Python|construct)( |/)\d+\.\d[\w.]*")


def page_of(hive: Path) -> str:
    """The page of a hive, as it is the same wherever the hive lies and whichever versions read it."""
    page = render_html(analyze(hive, Options()), GENERATED)
    page = page.replace(machine(), "MACHINE")
    page = re.sub(rf"\b{re.escape(hivecheck.__version__)}\b", "VERSION", page)
    return _VERSIONS.sub(r"\1\2VERSION", page.replace(f"{hive.parent}/", "")).replace(f"{hive.parent}\\", "")


def outline_of(hive: Path) -> str:
    return outline(parse_html(page_of(hive)))


def gold_of(hive: Path) -> Path:
    return GOLD / f"{hive.stem}.txt"


def differences(hive: Path, now: str) -> Iterator[str]:
    """The lines that changed, with a line around each; nothing where the page is as it was."""
    gold = gold_of(hive)
    before = gold.read_text(encoding="utf-8") if gold.exists() else ""
    yield from unified_diff(before.split("\n"), now.split("\n"), f"gold/{gold.name}", "now", n=1, lineterm="")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare the pages of the infected test hives with those last looked at.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page changed")
    parser.add_argument("--digests", action="store_true", help="only print the digest of each page's bytes")
    chosen = parser.parse_args(arguments)
    changed = False
    for hive in HIVES:
        if chosen.digests:
            print(hive.stem, sha256(render_html(analyze(hive, Options()), GENERATED).encode()).hexdigest())
            continue
        now = outline_of(hive)
        told = list(differences(hive, now))
        changed = changed or bool(told)
        print(*(told or [f"{hive.stem}: as it was"]), sep="\n")
        if told and not chosen.check:
            GOLD.mkdir(parents=True, exist_ok=True)
            gold_of(hive).write_text(now, encoding="utf-8", newline="\n")
    return 1 if changed and chosen.check else 0


if __name__ == "__main__":
    sys.exit(main())

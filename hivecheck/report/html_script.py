"""The page's script. Text of ours alone: nothing of a hive is ever put into it."""

from pathlib import Path

SCRIPT = "report.js"


def read_script(folder: Path) -> str:
    """The script as the page holds it: without its comments and indents, which no reader of a page needs.

    A comment of the source has its lines to itself, and no string goes over a line's end.
    """
    lines = (line.strip() for line in (folder / SCRIPT).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))

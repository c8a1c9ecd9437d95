"""The page's script and what its Content-Security-Policy says of it. Text of ours alone: nothing of a hive is ever put into it."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

SCRIPT = "report.js"


def read_script(folder: Path) -> str:
    """The script as the page holds it: without its comments and indents, which no reader of a page needs.

    A comment of the source has its lines to itself, and no string goes over a line's end.
    """
    lines = (line.strip() for line in (folder / SCRIPT).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def hash_source(source: str) -> str:
    """What a policy calls this inline style or script: `sha256-` and the digest in base 64.

    Source: Content Security Policy Level 3, hash-source; it covers the very bytes between the tags.
    """
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"

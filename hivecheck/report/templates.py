"""The templates and the style of the pages: where they lie, and the engine that escapes all that they print.

Known to every module that sets a page. Nothing here knows what is on one.
"""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import hivecheck
from hivecheck.report.html_bits import set_bits
from hivecheck.report.html_compiled import CompiledLoader

_FOLDER = "templates"


def template_engine() -> Environment:
    """The engine: it escapes everything, and a name that no one gave is an error."""
    engine = Environment(
        loader=CompiledLoader(FileSystemLoader(template_folder())),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        optimized=False,  # nothing in the templates is constant: looking for it only takes time
    )
    engine.globals["set_bits"] = set_bits
    return engine


def hashed_file(names: Iterable[str]) -> tuple[Markup, str]:
    """Our own files of style or script, one after another, as they stand in a page, and what its policy calls them."""
    text = "".join([(template_folder() / name).read_text(encoding="utf-8") for name in names])
    return Markup(text), hash_source(text)  # noqa: S704  our own file, no text of a hive


def hash_source(source: str) -> str:
    """What a policy calls this inline style or script: `sha256-` and the digest in base 64.

    Source: Content Security Policy Level 3, hash-source; it covers the very bytes between the tags.
    """
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"


def template_folder() -> Path:
    """Inside the package where it is installed, beside it in the source tree."""
    package = Path(hivecheck.__file__).parent
    installed = package / _FOLDER
    return installed if installed.is_dir() else package.parent / _FOLDER

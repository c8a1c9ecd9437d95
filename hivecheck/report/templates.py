"""The templates and the style of the pages: where they lie, and how a page of one is set, all that it prints escaped.

Known to every module that sets a page. Nothing here knows what is on one.
"""

from binascii import b2a_base64
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

import hivecheck
from hivecheck.report.html_bits import set_bits, set_rows
from hivecheck.report.html_compiled import is_current, set_compiled

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = "templates"


def set_template(name: str, /, **given: object) -> str:
    """The page of a template: by the code compiled ahead where it fits, else from the sources by the engine itself, which is the same."""
    if is_current(template_folder()):
        return set_compiled(name, given)
    return template_engine().get_template(name).render(given)


def compiled_by() -> str:
    """The version of jinja2 that compiled the templates ahead; '' where they are compiled as the page is set, by the one installed."""
    if not is_current(template_folder()):
        return ""
    from hivecheck.report.html_compiled.made import ENGINE

    return ENGINE


def template_engine() -> "Environment":
    """The engine: it escapes everything, and a name that no one gave is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # takes longer to load than most of a page to set

    engine = Environment(
        loader=FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        optimized=False,  # nothing in the templates is constant: looking for it only takes time
    )
    engine.globals |= {"set_bits": set_bits, "set_rows": set_rows}
    return engine


def hashed_file(names: Iterable[str]) -> tuple[Markup, str]:
    """Our own files of style or script, one after another, as they stand in a page, and what its policy calls them."""
    text = "".join([(template_folder() / name).read_text(encoding="utf-8") for name in names])
    return Markup(text), hash_source(text)  # noqa: S704  our own file, no text of a hive


def hash_source(source: str) -> str:
    """What a policy calls this inline style or script: `sha256-` and the digest in base 64.

    Source: Content Security Policy Level 3, hash-source; it covers the very bytes between the tags.
    """
    return f"sha256-{b2a_base64(sha256(source.encode()).digest(), newline=False).decode()}"


def template_folder() -> Path:
    """Inside the package where it is installed, beside it in the source tree."""
    package = Path(hivecheck.__file__).parent
    installed = package / _FOLDER
    return installed if installed.is_dir() else package.parent / _FOLDER

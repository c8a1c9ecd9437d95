"""Whose case it is and what made the page, for the HTML page: the notes as given, the command line, versions of tool, rules and libraries."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.report.html_cells import Bits, Block, code, make_facts, note, say, time, words
from hivecheck.report.templates import compiled_by
from hivecheck.rules import RULES_VERSION
from hivecheck.rules.attack import ATTACK_VERSION

# The libraries that read the hive once more where they are asked: name and module.
_READERS = {"python-registry": "Registry", "regipy": "regipy"}


def tell_case(analysis: Analysis, generated_utc: str) -> tuple[Block, ...]:
    """Two tables: the case as the examiner named it, and what made this page."""
    notes = analysis.options.case_notes
    case = [
        ("Case", notes.case_id),
        ("Examiner", notes.examiner),
        ("Evidence", notes.evidence_id),
        ("Notes", notes.notes),
    ]
    given = [(say(name), say(words(told))) for name, told in case if told]
    if not given:
        given = [(say("Case"), (note("no case, examiner or evidence number was given"),))]
    return (
        ("table", make_facts("The case", given)),
        ("table", make_facts("What made this page", _tools(analysis, generated_utc))),
    )


def _tools(analysis: Analysis, generated_utc: str) -> Iterator[tuple[Bits, Bits]]:
    command = analysis.options.case_notes.command
    yield say("Command line"), (code(command) if command else note("not recorded"),)
    yield say("Made at"), (time(words(generated_utc)),)
    yield say("hivecheck"), say(__version__)
    judged = f"{RULES_VERSION}, with ATT&CK v{ATTACK_VERSION}" if analysis.options.judges else "not asked"
    yield say("Rule set"), say(judged)
    options = analysis.options
    asked = [
        f"control set: {options.control_set}",
        f"verification: {options.verify}",
        f"findings from {options.min_severity} on",
    ]
    if options.safe_mode:
        asked.append(f"safe mode: {options.safe_mode}")
    yield say("Asked for"), say(words("; ".join(asked)))
    yield say("Read by"), say(words("; ".join(_read_by(analysis))))
    jinja2 = compiled_by() or _version("jinja2", "jinja2")
    yield say("Page made by"), say(f"jinja2 {jinja2}, markupsafe {_version('markupsafe', 'markupsafe')}")
    yield say("Run with"), say(words(machine()))


def _read_by(analysis: Analysis) -> Iterator[str]:
    """Who read the hive: this program, and the libraries that were asked what they make of it."""
    yield f"hivecheck {__version__} (its own reader: all that is told here)"
    asked = {reader.name.split()[0]: reader for reader in analysis.evidence.readers}
    for name, module in _READERS.items():
        reader = asked.get(name)
        if reader is None:
            yield f"{name} was not asked"
        elif reader.agrees is None:
            yield f"{name} {_version(name, module)} was not asked: {reader.note}" if reader.note else f"{name} was not asked"
        else:
            yield f"{name} {_version(name, module)} (compared)"


def machine() -> str:
    """Python and the operating system that this ran on: `Python 3.12.1 (CPython), Linux 6.8.0 x86_64`. The same on the same machine."""
    import platform  # only here, as loading it takes milliseconds

    system = " ".join(part for part in (platform.system(), platform.release(), platform.machine()) if part)
    return f"Python {platform.python_version()} ({platform.python_implementation()}), {system or 'unknown system'}"


def _version(name: str, module: str) -> str:
    return library_version(name, module) or "of unknown version"


def library_version(name: str, module: str) -> str:
    """The version of an installed library, by the name of the folder that describes it; '' where it has none, as in a bundle.

    Asking importlib.metadata takes as long as setting half the page. Source: PEP 376, PEP 503.
    """
    spec = find_spec(module)
    places = spec.submodule_search_locations if spec is not None else None
    wanted = re.compile(
        re.sub(r"[-_.]+", "[-_.]+", re.escape(name).replace("\\-", "-")) + r"-(.+)\.(dist-info|egg-info)", re.IGNORECASE
    )
    for place in places or ():
        found = [match[1] for path in Path(place).parent.iterdir() if (match := wanted.fullmatch(path.name))]
        if found:
            return max(found)
    return ""

"""Paths and lists of the system environment, with the machine's own variables put in."""

import re

from hivecheck.facts.certainty import Confidence
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Severity
from hivecheck.settings.object_names import NamedText

REPAIR = (
    "Restore the value that this Windows ships (printed in the report's order of repair), or delete the extra variable, in "
    "every control set."
)
KEY = "Control\\Session Manager\\Environment"
_VARIABLE = re.compile(r"%([^%]+)%")
_LONG_PATH = 32_000
ELEMENTS_AT_MOST = 1_000


def resolve(case: Case, text: str) -> Comparable:
    """The comparable form of a path, with the machine's own variables put in once where Windows' do not do."""
    path = case.path(text)
    if "%" not in path.text or len(text) > _LONG_PATH:
        return path

    return case.path(with_own_variables(case, text))


def with_own_variables(case: Case, text: str) -> str:
    """A text with the variables of the system environment put in once; those of Windows itself, and unknown ones, stay."""
    if "%" not in text or len(text) > _LONG_PATH:
        return text

    def value(found: re.Match[str]) -> str:
        variable = case.environment.get(fold_name(found[1]))
        return found[0] if variable is None else variable.text[:1_000]

    return _VARIABLE.sub(value, text)


def split_list(text: str) -> tuple[str, ...]:
    """The elements of a list with semicolons, without quotes and outer blanks, empty ones included."""
    return tuple(element.strip().strip('"').strip() for element in text.split(";", ELEMENTS_AT_MOST)[:ELEMENTS_AT_MOST])


def hit_of(
    case: Case, variable: NamedText, message: str, severity: Severity, confidence: Confidence | None = None, story: str = ""
) -> Hit:
    """A hit about one variable."""
    events = case.events_citing(variable.origin)
    return Hit(message, (variable.origin,), variable.name, severity, confidence, events, (story,) if story else ())

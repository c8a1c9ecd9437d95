r"""The %variables% in what a service runs: replaced as services.exe does it, and those that nothing defines.

services.exe replaces them in a REG_EXPAND_SZ alone, from the environment that smss built; one that is not defined stays as it
stands, per cent signs and all. Source: documentation of ExpandEnvironmentStrings; ReactOS services/database.c.
"""

import re
from collections.abc import Mapping

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.settings.services import Service

_VARIABLE = re.compile(r"%([^%]+)%")
_LETTERS = 1_024  # of a line or a value: no path is longer
_VARIABLES = 16  # of one line: a hostile one may hold thousands
_DEFINED_ELSEWHERE = frozenset(
    {
        "PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)", "COMMONPROGRAMFILES", "COMMONPROGRAMW6432",
        "COMMONPROGRAMFILES(X86)", "PROGRAMDATA", "ALLUSERSPROFILE", "PUBLIC", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR",
        "COMPUTERNAME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "HOMEDRIVE", "HOMEPATH", "USERNAME", "USERDOMAIN",
    }
)  # fmt: skip
"""By SOFTWARE, by the profile of the account or by the kernel: a SYSTEM hive does not hold them."""


@fact
class ExpandedCommand:
    """`text` is the line with the variables replaced that are known here; `undefined` are the others, as written.

    `because` are the values that define those that were replaced.
    """

    text: str
    undefined: tuple[str, ...]
    because: tuple[Origin, ...]


def expand_command(case: Case, service: Service, command: str) -> ExpandedCommand:
    """The beginning of a service's command line as CreateProcess gets it, 1,024 letters of it and 16 variables."""
    line = command[:_LETTERS]
    if "%" not in line:
        return ExpandedCommand(line, (), ())
    if not service.expands("ImagePath"):
        return ExpandedCommand(line, tuple(dict.fromkeys(match[0] for match in _VARIABLE.finditer(line))), ())
    undefined: dict[str, None] = {}
    because: dict[Origin, None] = {}
    values = _values(case)

    def replaced(match: re.Match[str]) -> str:
        name = fold_name(match[1])
        if name in case.environment:
            because[case.environment[name].origin] = None
        if name in values:
            return values[name][:_LETTERS]
        if name not in _DEFINED_ELSEWHERE:
            undefined[match[0]] = None
        return match[0]

    return ExpandedCommand(_VARIABLE.sub(replaced, line, count=_VARIABLES), tuple(undefined), tuple(because))


def _values(case: Case) -> Mapping[str, str]:
    """The variables by folded name: those that smss made of them, and where the boot does not come so far, those of the hive."""
    written = {name: variable.text for name, variable in case.environment.items()}
    return written | {name: variable.value for name, variable in case.replay.after.environment.items()}

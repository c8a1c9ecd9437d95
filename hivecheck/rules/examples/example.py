"""What an example is: a hive in notation, and whether a rule speaks up on it. The examples of a rule are a part of its page, and its test."""

from hivecheck.facts.fact import fact
from hivecheck.rules.rule import Severity


@fact
class Example:
    """A hive in notation, laid over a clean machine of `generation` (a test hive's id), and the strings a finding must cite.

    `without` are paths below the control set (keys, or keys and a value after `\\\\`) taken out of the clean machine. `cites`
    is empty for an example that stays silent. `severity` is asserted where the rule has several. `logged` is notation that the
    transaction logs lay over all that. `lost` are the lines of a deleted list of boot commands; `access` gives keys, by their
    whole path, the security descriptor that notation has no words for, in hexadecimal digits. `software` is the SOFTWARE hive that
    is given beside it, '' for none.
    """

    title: str
    notation: str
    cites: tuple[str, ...] = ()
    generation: str = "win10-21h2-x64"
    without: tuple[str, ...] = ()
    severity: Severity | None = None
    logged: str = ""
    lost: tuple[str, ...] = ()
    access: tuple[tuple[str, str], ...] = ()
    software: str = ""


@fact
class Examples:
    """Hives on which one rule speaks up, and hives on which it stays silent; both kinds for every rule. `rule` is its id."""

    rule: str
    fires_on: tuple[Example, ...]
    silent_on: tuple[Example, ...]

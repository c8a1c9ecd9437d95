"""The lists of native programs: BootExecute, SetupExecute, Execute and their later kin.

Windows drops the second copy of a line (compared without case); both are kept here, the copy marked, so that the analyst
sees what is stored and the replay runs what smss would. Source: smss.md B.2, B.5 to B.7, B1.13.
"""

from hivecheck.facts.command_line import CommandLine, parse_command_line
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.registry.hive import RawValue, fold_name
from hivecheck.settings.setting import CitedString, Presence, Setting, origins_of, read_strings


@fact
class Command:
    """One line of a list. `repeats` is True for a second copy, which smss drops; an empty line has no image."""

    line: CommandLine
    origin: Origin
    repeats: bool = False

    @property
    def text(self) -> str:
        return self.line.text


def read_commands(name: str, raw: RawValue | None, default: str = "", source: str = "") -> Setting[tuple[Command, ...]]:
    """The commands of one list. `default` is the line smss runs where the value is absent; `source` documents it."""
    read = read_strings(raw)
    if read.presence is Presence.ABSENT and default:
        built_in = BuiltIn(f"{name} = {default}", source)
        return Setting(name, (Command(parse_command_line(default), built_in),), Presence.DEFAULTED, (built_in,), raw=raw)
    origins = tuple(string.origin for string in read.strings) or origins_of(raw, read.presence)
    return Setting(name, _commands(read.strings), read.presence, origins, read.problems, raw)


def _commands(strings: tuple[CitedString, ...]) -> tuple[Command, ...]:
    seen: set[str] = set()
    commands: list[Command] = []
    for string in strings:
        folded = fold_name(string.text)
        commands.append(Command(parse_command_line(string.text), string.origin, folded in seen))
        seen.add(folded)
    return tuple(commands)

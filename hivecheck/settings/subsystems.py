r"""SubSystems: which are started at boot, which on demand, and what csrss is told to load into itself.

Every `ServerDll` of the `Windows` line is loaded into csrss, a critical process: an extra one is code in it.
Source: smss.md B.15 (ReactOS smsubsys.c, subsystems/csr/csrsrv).
"""

import re

from hivecheck.facts.command_line import CommandLine, parse_command_line
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.registry.hive import REG_MULTI_SZ, REG_NONE, Key, RawValue, fold_name
from hivecheck.settings.object_names import NamedText, read_named_texts
from hivecheck.settings.setting import CitedString, Presence, Setting, origins_of, read_strings, wrong_type

_BLANKS = re.compile(r"[\x00-\x20]+")
LISTS = frozenset({"REQUIRED", "OPTIONAL"})
NUMBERS = frozenset({"POSIXSINGLEINSTANCE"})


@fact
class ServerDll:
    """One `ServerDll=dll[:entry][,index]`. `entry` is '' where the DLL's default entry point is meant."""

    text: str
    dll: str
    entry: str
    index: int | None


@fact
class Csrss:
    """The `Windows` line: image, its `name=value` arguments in order, and the server DLLs among them."""

    text: str
    line: CommandLine
    arguments: tuple[tuple[str, str], ...]
    server_dlls: tuple[ServerDll, ...]
    origin: Origin | None

    def argument(self, name: str) -> str | None:
        """The first argument of this name, in any case; None where there is none."""
        return next((value for found, value in self.arguments if found.lower() == name.lower()), None)


def read_subsystem_list(
    name: str, raw: RawValue | None, default: tuple[str, ...], source: str
) -> Setting[tuple[CitedString, ...]]:
    """The names in `Required` or `Optional`. Only REG_MULTI_SZ counts: of any other type smss takes nothing at all."""
    if raw is not None and raw.type not in (REG_MULTI_SZ, REG_NONE):
        return Setting(name, (), Presence.WRONG_TYPE, (raw.ref,), (wrong_type(raw, "a REG_MULTI_SZ"),), raw)
    read = read_strings(raw)
    if read.presence is Presence.ABSENT and default:
        built_in = BuiltIn(f"{name} = {', '.join(default)}", source)
        return Setting(
            name, tuple(CitedString(text, built_in) for text in default), Presence.DEFAULTED, (built_in,), raw=raw
        )
    strings = tuple(string for string in read.strings if string.text)
    return Setting(name, strings, read.presence, origins_of(raw, read.presence), read.problems, raw)


def read_subsystem_definitions(name: str, key: Key | None) -> Setting[tuple[NamedText, ...]]:
    """Every definition of the key: the lines that names in Required and Optional point to."""
    return read_named_texts(name, key, LISTS, NUMBERS)


def parse_csrss(text: str, origin: Origin | None) -> Csrss:
    """The `Windows` line in its parts. Arguments are blank-separated `name=value`; one without `=` has the value ''."""
    line = parse_command_line(text)
    arguments = tuple(_split_argument(token) for token in _BLANKS.split(line.arguments) if token)
    dlls = tuple(_parse_server_dll(value) for name, value in arguments if fold_name(name) == "SERVERDLL")
    return Csrss(text, line, arguments, dlls, origin)


def _split_argument(token: str) -> tuple[str, str]:
    name, _, value = token.partition("=")
    return name, value


def _parse_server_dll(text: str) -> ServerDll:
    rest, comma, number = text.partition(",")
    dll, _, entry = rest.partition(":")
    digits = number.isascii() and number.isdecimal() and len(number) < 10
    return ServerDll(text, dll, entry, int(number) if comma and digits else None)

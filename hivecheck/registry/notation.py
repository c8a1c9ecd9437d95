r"""The text notation for hives: what tests, rule examples, bug reports and `hivecheck extract --notation` are written in.

    [ControlSet001\Control\Session Manager] 2018-04-06T12:26:31.1234567Z
    BootExecute = multi "autocheck autochk *"

Parsing what was written gives the same keys, values, bytes and times in the same order, whatever the hive holds. Grammar:
docs/notation.md. Knows no file format and no meaning of any key.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator

from hivecheck.errors import NotationError
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.registry.hive import fold_name
from hivecheck.registry.memory import HiveFacts, MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation_forms import (
    DEFAULT_VALUE,
    ESCAPE,
    FORMAT_VERSION,
    STRING,
    FormError,
    Token,
    quote,
    read_data,
    read_number,
    take_string,
    take_word,
    unescape,
    unquote,
)
from hivecheck.registry.notation_writer import write_notation

__all__ = ["hive_of", "parse_notation", "write_notation"]

_TOKEN = re.compile(rf"\s*(?:(?P<string>{STRING})|(?P<mark>[\[\]])|(?P<word>[^\s\"\[\]#;]+)|[#;].*)")
_KEY_LINE = re.compile(rf'\[(?:(?P<quoted>{STRING})|(?P<plain>[^\]"]*))\](?P<rest>.*)')
_VALUE_LINE = re.compile(rf'(?:(?P<quoted>{STRING})|(?P<plain>[^="#;\[\]]+))\s*=(?P<rest>.*)')
_SEPARATOR = re.compile(rf"(?!{ESCAPE})\\")


class _Draft:
    """A key while its text is being read."""

    __slots__ = ("class_name", "latest", "lines", "name", "plain", "subkeys", "values", "written")

    def __init__(self, name: str) -> None:
        self.name = name
        self.written: int | None = None
        self.class_name: str | None = None
        self.values: list[PlainValue] = []
        self.subkeys: list[_Draft] = []
        self.latest: dict[str, _Draft] = {}  # by folded name, the last of that name
        self.lines: dict[str, int] = {}  # where a value was given, by folded name
        self.plain = PlainKey()


class _Reader:
    """The state while one text is read, a line at a time."""

    def __init__(self) -> None:
        self.root = _Draft("ROOT")
        self.drafts = [self.root]  # a key always after the key it lies in
        self.key: _Draft | None = None
        self.version = (1, 5)
        self.sequences = (1, 1)
        self.saved = 0
        self.written = 0

    def read_header(self, tokens: deque[Token]) -> None:
        while tokens:
            word = take_word(tokens, "notation, regf, root, sequences, saved or written")
            match word:
                case "notation":
                    version = take_word(tokens, "the version of the notation")
                    if version != str(FORMAT_VERSION):
                        raise FormError(
                            f"expected notation {FORMAT_VERSION}, found notation {version}: written for a newer hivecheck?"
                        )
                case "regf":
                    version = take_word(tokens, "the version of the hive format, as in 1.5")
                    if not re.fullmatch(r"\d{1,9}\.\d{1,9}", version):
                        raise FormError(f"expected the version of the hive format, as in 1.5, found {version!r}")
                    major, minor = version.split(".")
                    self.version = (int(major), int(minor))
                case "root":
                    self.root.name = take_string(tokens, "the name of the root key in quotes")
                case "sequences":
                    primary = read_number(take_word(tokens, "the primary sequence number"), 32)
                    self.sequences = (primary, read_number(take_word(tokens, "the secondary sequence number"), 32))
                case "saved":
                    self.saved = _read_time(take_word(tokens, "a time"))
                case "written":
                    self.written = _read_time(take_word(tokens, "a time"))
                case _:
                    raise FormError(f"expected notation, regf, root, sequences, saved or written, found {word!r}")

    def read_key(self, names: list[str], tokens: deque[Token]) -> None:
        written, class_name, again = None, None, False
        while tokens:
            word = take_word(tokens, "a time, class or again")
            if word == "class":
                class_name = take_string(tokens, "the class name in quotes")
            elif word == "again":
                again = True
            else:
                written = _read_time(word)
        if again and not names:
            raise FormError("expected one root key only, found again")
        key = self.root
        for depth, name in enumerate(names, start=1):
            found = key.latest.get(fold_name(name))
            if found is None or (again and depth == len(names)):
                found = _Draft(name)
                key.subkeys.append(found)
                key.latest[fold_name(name)] = found
                self.drafts.append(found)
            key = found
        if None not in (key.written, written) and key.written != written:
            raise FormError("expected the same last write as where this key was first given (or again, for a second key)")
        if None not in (key.class_name, class_name) and key.class_name != class_name:
            raise FormError("expected the same class name as where this key was first given (or again, for a second key)")
        key.written = key.written if written is None else written
        key.class_name = key.class_name if class_name is None else class_name
        self.key = key

    def read_value(self, name: str, tokens: deque[Token], line: int) -> None:
        if self.key is None:
            raise FormError("expected a key line such as [Select] before the first value ([] is the root)")
        type, data, again = read_data(tokens)
        earlier = self.key.lines.setdefault(fold_name(name), line)
        if earlier != line and not again:
            raise FormError(f"the value {quote(name)} was given in line {earlier} (end the line in again for a second one)")
        self.key.values.append(PlainValue(name, type, data))

    def hive(self, name: str) -> MemoryHive:
        for draft in reversed(self.drafts):
            draft.plain = PlainKey(
                name=draft.name,
                written=self.written if draft.written is None else draft.written,
                class_name=draft.class_name,
                values=tuple(draft.values),
                subkeys=tuple(subkey.plain for subkey in draft.subkeys),
            )
        return MemoryHive(name, self.root.plain, HiveFacts(self.version, self.sequences, self.saved))


def parse_notation(text: str, name: str = "notation") -> MemoryHive:
    """The hive a text describes; `name` is the short name of the evidence, for origins.

    Raises NotationError, which names the line and what was expected there.
    """
    reader = _Reader()
    lines = enumerate(text.removeprefix("\ufeff").split("\n"), start=1)
    for number, line in lines:
        try:
            _read_line(reader, line.strip(), number, lines)
        except FormError as error:
            raise NotationError(f"line {error.line or number}: {error}", path=name) from None
    return reader.hive(name)


hive_of = parse_notation  # the short name that tests and rule examples use


def _read_line(reader: _Reader, line: str, number: int, lines: Iterator[tuple[int, str]]) -> None:
    if not line or line[0] in "#;":
        return
    if line.startswith("["):
        match = _KEY_LINE.fullmatch(line)
        if match is None:
            raise FormError(f"expected a key line such as [Select], found {line!r}")
        quoted, plain = match["quoted"], match["plain"]
        names = (
            []
            if quoted is None and not plain.strip()
            else _SEPARATOR.split(plain.strip() if quoted is None else quoted[1:-1])
        )
        if quoted is not None:
            names = [name.replace('""', '"') for name in names]
        elif "" in names:
            raise FormError("expected no empty name in a path: one backslash between two names, none around them")
        reader.read_key([unescape(name) for name in names], _tokens(match["rest"], number))
    elif reader.key is None and re.match(r"hive(\s|$)", line):
        reader.read_header(_tokens(line[4:], number))
    else:
        match = _VALUE_LINE.fullmatch(line)
        if match is None:
            raise FormError(f"expected [KEY] or NAME = TYPE ..., found {line!r}")
        plain = (match["plain"] or "").strip()
        name = unquote(match["quoted"]) if match["quoted"] is not None else "" if plain == DEFAULT_VALUE else unescape(plain)
        reader.read_value(name, _logical_tokens(match["rest"], number, lines), number)


def _logical_tokens(rest: str, number: int, lines: Iterator[tuple[int, str]]) -> deque[Token]:
    """The tokens up to the end of the line, or of the line that closes the bracket."""
    tokens = _tokens(rest, number)
    depth = _depth(tokens)
    while depth > 0:
        following = next(lines, None)
        if following is None:
            raise FormError("expected ']' before the end of the text, for the '[' in this line")
        if following[1].lstrip().startswith("["):
            raise FormError(f"expected ']' before line {following[0]}, for the '[' in this line")
        more = _tokens(following[1].strip(), following[0])
        depth += _depth(more)
        tokens += more
    return tokens


def _depth(tokens: Iterable[Token]) -> int:
    """How many brackets stay open."""
    return sum((token.kind == "[") - (token.kind == "]") for token in tokens)


def _tokens(text: str, number: int) -> deque[Token]:
    tokens: deque[Token] = deque()
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormError(f"expected a closing quote, found {text[position:].lstrip()!r}", number)
        position = match.end()
        if match["string"] is not None:
            tokens.append(Token("string", unquote(match["string"]), number))
        elif match["mark"] is not None:
            tokens.append(Token(match["mark"], match["mark"], number))
        elif match["word"] is not None:
            tokens.append(Token("word", match["word"], number))
    return tokens


def _read_time(text: str) -> int:
    try:
        ticks = parse_iso_utc(text)
    except ValueError:
        raise FormError(f"expected a UTC time such as 2018-04-06T12:26:31.1234567Z or ticks:0, found {text!r}") from None
    if ticks >> 64:
        raise FormError(f"expected a time of at most 64 bits, found {text!r}")
    return ticks

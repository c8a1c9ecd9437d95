"""How one name and one value are spelled in hive notation, both ways. Grammar: docs/notation.md.

Must not know lines, keys or hives: `notation` puts the pieces together. Source: the notation is the project's own.
"""

import re
from collections import deque
from collections.abc import Iterable

from hivecheck.facts.fact import fact
from hivecheck.registry import hive as registry

KINDS: dict[str, int] = {
    "none": registry.REG_NONE,
    "sz": registry.REG_SZ,
    "expand": registry.REG_EXPAND_SZ,
    "binary": registry.REG_BINARY,
    "dword": registry.REG_DWORD,
    "dword-be": registry.REG_DWORD_BIG_ENDIAN,
    "link": registry.REG_LINK,
    "multi": registry.REG_MULTI_SZ,
    "resource-list": registry.REG_RESOURCE_LIST,
    "full-descriptor": registry.REG_FULL_RESOURCE_DESCRIPTOR,
    "requirements-list": registry.REG_RESOURCE_REQUIREMENTS_LIST,
    "qword": registry.REG_QWORD,
}
_KIND_OF_TYPE = {number: kind for kind, number in KINDS.items()}
_TERMINATORS = {"sz": 1, "expand": 1, "link": 0}  # NUL characters after the string
_NUMBERS = {"dword": (4, "little"), "dword-be": (4, "big"), "qword": (8, "little")}

FORMAT_VERSION = 1
DEFAULT_VALUE = "@"
ESCAPE = r"\\u\{[0-9A-Fa-f]{1,6}\}"
STRING = r'"(?:[^"]|"")*"'
_ESCAPE = re.compile(ESCAPE)
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]+|[0-9]+")
_LINE = 100  # characters of one value before it is spread over several lines
_BYTES_PER_LINE = 32


@fact
class Token:
    """A piece of a line: `kind` is `string` (unquoted in `text`), `word`, `[` or `]`; `line` counts from 1."""

    kind: str
    text: str
    line: int


class FormError(Exception):
    """What was expected where; `notation` makes it a NotationError that names the line."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def encode_text(text: str) -> bytes:
    """UTF-16LE as Windows stores it, unpaired surrogates included."""
    return text.encode("utf-16-le", "surrogatepass")


def decode_text(data: bytes) -> str:
    """The inverse of `encode_text`; `data` has an even length."""
    return data.decode("utf-16-le", "surrogatepass")


def escape(text: str) -> str:
    r"""The text with all that can't be seen as `\u{HEX}`; a backslash is escaped only where it would begin one."""
    text = _ESCAPE.sub(lambda match: r"\u{5c}" + match[0][1:], text)
    return "".join(letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}" for letter in text)


def unescape(text: str) -> str:
    """The inverse of `escape`. Raises FormError for a number beyond U+10FFFF."""

    def letter(match: re.Match[str]) -> str:
        number = int(match[0][3:-1], 16)
        if number > 0x10FFFF:
            raise FormError(f"expected a character of at most \\u{{10ffff}}, found {match[0]}")
        return chr(number)

    return decode_text(encode_text(_ESCAPE.sub(letter, text)))  # two escaped halves of a pair become one character


def quote(text: str) -> str:
    """The text in quotes; a quote inside is doubled."""
    return '"' + escape(text).replace('"', '""') + '"'


def unquote(quoted: str) -> str:
    """The inverse of `quote`."""
    return unescape(quoted[1:-1].replace('""', '"'))


def read_number(text: str, bits: int) -> int:
    """Decimal or 0x. Raises FormError for anything else and for what doesn't fit."""
    if not _NUMBER.fullmatch(text):
        raise FormError(f"expected a number, decimal or 0x, found {text!r}")
    number = int(text, 16 if text[:2] in ("0x", "0X") else 10)
    if number >> bits:
        raise FormError(f"expected a number of {bits} bits, found {text}")
    return number


def spell_data(type: int, data: bytes) -> str:
    """What stands after `NAME = `: the nicest form that gives exactly these bytes. May hold line breaks."""
    kind = _KIND_OF_TYPE.get(type)
    if kind is None:
        return _group(f"type 0x{type:08x}:", _hex_lines(data))
    if kind in _NUMBERS:
        size, order = _NUMBERS[kind]
        if len(data) == size:
            number = int.from_bytes(data, "big" if order == "big" else "little")
            return f"{kind} {number if number < 1 << 31 else hex(number)}"
    elif (kind == "multi" or kind in _TERMINATORS) and _is_readable(data):
        text = decode_text(data)
        return _spell_list(text) if kind == "multi" else _spell_string(kind, text)
    elif kind not in _TERMINATORS and kind != "multi":
        return _group(kind, _hex_lines(data))
    return _group(f"{kind} hex:", _hex_lines(data))


def read_data(tokens: Iterable[Token]) -> tuple[int, bytes, bool]:
    """The inverse of `spell_data`: type, data and whether the word `again` follows. Raises FormError."""
    words = deque(tokens)
    kind = take_word(words, f"a type ({', '.join(KINDS)}, type 0x...:)")
    number = _read_type_number(words) if kind == "type" else KINDS.get(kind)
    if number is None:
        raise FormError(f"expected a type ({', '.join(KINDS)}, type 0x...:), found {kind!r}")
    raw = _take_if(words, "hex:")
    if kind in _NUMBERS and not raw:
        size, order = _NUMBERS[kind]
        text = take_word(words, "a number, or hex:")
        data = read_number(text, size * 8).to_bytes(size, "big" if order == "big" else "little")
    elif (kind == "multi" or kind in _TERMINATORS) and not raw:
        data = _read_text(kind, words)
    else:
        data = b"".join(_read_byte_words(_take_group(words, "word")))
    again = _take_if(words, "again")
    if words:
        raise FormError(f"expected the end of the value, found {words[0].text!r}", words[0].line)
    return number, data, again


def take_word(tokens: deque[Token], expected: str) -> str:
    """The first token, taken off. Raises FormError unless it is a word."""
    return _take("word", tokens, expected)


def take_string(tokens: deque[Token], expected: str) -> str:
    """The first token, taken off. Raises FormError unless it is a string in quotes."""
    return _take("string", tokens, expected)


def _take(kind: str, tokens: deque[Token], expected: str) -> str:
    if not tokens or tokens[0].kind != kind:
        raise FormError(f"expected {expected}" + (f", found {tokens[0].text!r}" if tokens else ""))
    return tokens.popleft().text


def _is_readable(data: bytes) -> bool:
    """Whether text shows these bytes better than hex does: even, not empty, and not mostly unprintable."""
    if not data or len(data) % 2:
        return False
    text = decode_text(data).replace("\0", "")
    return 3 * sum(not letter.isprintable() for letter in text) <= len(text)


def _spell_string(kind: str, text: str) -> str:
    missing = _TERMINATORS[kind]
    if missing and text.endswith("\0"):
        text, missing = text[:-1], 0
    return _group(kind, [quote(piece) for piece in _pieces(text)], f" cut {2 * missing}" if missing else "")


def _spell_list(text: str) -> str:
    if text == "\0":
        return "multi"
    present = 2 if text.endswith("\0\0") else 1 if text.endswith("\0") else 0
    strings = [quote(string) for string in text[: len(text) - present].split("\0")]
    tail = f" cut {2 * (2 - present)}" if present < 2 else ""
    if '""' in strings and len(strings) > 2:  # lists with holes are lists of pairs: shown as such
        strings = ["  ".join(strings[first : first + 2]) for first in range(0, len(strings), 2)]
        return _spread("multi", strings, tail)
    return _group("multi", strings, tail)


def _pieces(text: str) -> list[str]:
    """The text cut after blanks and semicolons into pieces of at most `_LINE` characters."""
    pieces = []
    while len(text) > _LINE:
        end = max(text.rfind(" ", 0, _LINE), text.rfind(";", 0, _LINE)) + 1 or _LINE
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]


def _hex_lines(data: bytes) -> list[str]:
    return [data[start : start + _BYTES_PER_LINE].hex(" ") for start in range(0, len(data), _BYTES_PER_LINE)]


def _group(head: str, parts: list[str], tail: str = "") -> str:
    """On one line where it fits, else in brackets, a part a line."""
    line = " ".join((head, *parts)) + tail
    return line if len(parts) < 2 or len(line) <= _LINE else _spread(head, parts, tail)


def _spread(head: str, parts: list[str], tail: str) -> str:
    return "\n".join((f"{head} [", *(f"  {part}" for part in parts), f"]{tail}"))


def _take_if(words: deque[Token], text: str) -> bool:
    if not words or words[0].kind != "word" or words[0].text != text:
        return False
    words.popleft()
    return True


def _take_group(words: deque[Token], kind: str) -> list[Token]:
    """The parts in brackets, or those up to the end, or up to the first of another kind or a closing word."""
    bracket = bool(words) and words[0].kind == "["
    if bracket:
        words.popleft()
    parts = []
    while words and words[0].kind == kind and (bracket or words[0].text not in ("cut", "again") or kind == "string"):
        parts.append(words.popleft())
    if bracket:
        if not words or words[0].kind != "]":
            found = words[0] if words else None
            what = "strings" if kind == "string" else "bytes in hex"
            raise FormError(
                f"expected {what} or ']'" + (f", found {found.text!r}" if found else ""), found.line if found else None
            )
        words.popleft()
    return parts


def _read_type_number(words: deque[Token]) -> int:
    text = take_word(words, "the number of the type and a colon, as in 'type 0xffff0011: 01 02'")
    if not text.endswith(":"):
        raise FormError(f"expected a colon after the number of the type, found {text!r}")
    return read_number(text[:-1], 32)


def _read_text(kind: str, words: deque[Token]) -> bytes:
    line = words[0].line if words else None
    strings = [token.text for token in _take_group(words, "string")]
    if kind == "multi":
        if any("\0" in string for string in strings):
            raise FormError("a NUL ends a string of a list: write two strings, or hex:", line)
        text = "".join(f"{string}\0" for string in strings) + "\0"
    elif strings:
        text = "".join(strings) + "\0" * _TERMINATORS[kind]
    else:
        raise FormError(
            f"expected a string in quotes or hex: after {kind}" + (f", found {words[0].text!r}" if words else "")
        )
    data = encode_text(text)
    if not _take_if(words, "cut"):
        return data
    count = read_number(take_word(words, "how many bytes to cut"), 32)
    if count > len(data):
        raise FormError(f"cut {count} is more than the {len(data)} bytes there are")
    return data[: len(data) - count]


def _read_byte_words(words: Iterable[Token]) -> Iterable[bytes]:
    for word in words:
        if len(word.text) % 2 or not re.fullmatch("[0-9A-Fa-f]+", word.text):
            raise FormError(f"expected bytes in hex such as 01 ff, found {word.text!r}", word.line)
        yield bytes.fromhex(word.text)

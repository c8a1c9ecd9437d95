"""The one place where bytes of a value become text.

The rule for lists is that of RtlQueryRegistryValues, which hands smss its strings: empty strings in the middle are
delivered, since in PendingFileRenameOperations an empty string means "delete". Nothing is dropped, stripped or repaired;
what is odd about the bytes is said beside the text. Source: smss.md B.1 (ReactOS sdk/lib/rtl/registry.c).
"""

from codecs import utf_16_le_decode  # what `decode` comes to, without the look-up of the codec: a third of the price
from enum import Enum

from hivecheck.facts.fact import fact

MAXIMUM_STRINGS = 100_000  # of one value: a hostile value of many megabytes of NULs must not fill the memory


class Oddity(Enum):
    """What is unusual about the bytes of a text. The text itself is given all the same."""

    ODD_LENGTH = "an odd number of bytes: the last one is no character"
    UNTERMINATED = "no final NUL"
    DATA_AFTER_NUL = "data after the first NUL"
    LONE_SURROGATE = "a surrogate without its partner: no valid UTF-16"
    TOO_MANY = "more strings than are read"
    LOST_CHARACTER = "a last string of one character without a NUL, which the splitting rule of Windows loses"


@fact
class Decoded:
    """The strings of a value, in order, empty ones included, with what is odd about its bytes."""

    strings: tuple[str, ...]
    oddities: tuple[Oddity, ...] = ()

    @property
    def text(self) -> str:
        """The first string, '' where there is none."""
        return self.strings[0] if self.strings else ""


def _decode_characters(data: bytes) -> tuple[str, list[Oddity]]:
    oddities: list[Oddity] = []
    if len(data) % 2:
        oddities.append(Oddity.ODD_LENGTH)
        data = data[:-1]
    try:
        return utf_16_le_decode(data, "strict", True)[0], oddities
    except UnicodeDecodeError:
        oddities.append(Oddity.LONE_SURROGATE)
        return data.decode("utf-16-le", "surrogatepass"), oddities


def decode_sz(data: bytes) -> Decoded:
    """One string: the text up to the first NUL. For REG_SZ, REG_EXPAND_SZ and REG_LINK."""
    if data[-2:] == b"\0\0" and not len(data) % 2:  # as Windows writes it: in one go
        try:
            text = utf_16_le_decode(data[:-2], "strict", True)[0]
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return Decoded((text,), ())
    characters, oddities = _decode_characters(data)
    text, terminator, rest = characters.partition("\0")
    if not terminator and characters:
        oddities.append(Oddity.UNTERMINATED)
    if rest.strip("\0"):
        oddities.append(Oddity.DATA_AFTER_NUL)
    return Decoded((text,), tuple(oddities))


def text_of(data: bytes) -> str:
    """The text of `decode_sz` alone, at half its price."""
    text = utf_16_le_decode(data[:-2], "replace", True)[0]
    if data[-2:] == b"\0\0" and not len(data) % 2 and "\0" not in text and "\ufffd" not in text:
        return text
    return decode_sz(data).text


def decode_multi_sz(data: bytes) -> Decoded:
    r"""Every string of a REG_MULTI_SZ as smss is handed them.

    With r WCHARs stored and one NUL appended, a string may start at index i only while i < r - 1, and runs to the next NUL.
    So `a\0b\0\0` gives a, b; `src\0\0\0` gives src and an empty string (a delete); `\0` gives nothing; `\0\0` one empty string.
    """
    characters, oddities = _decode_characters(data)
    # Windows counts WCHARs, Python code points: a character beyond U+FFFF is two WCHARs. It can't be cut by a NUL, so only
    # the count of the last start differs, and there only for a lone final character.
    stored = len(characters)
    strings: list[str] = []
    start = 0
    while start < stored:
        end = characters.find("\0", start)
        if end < 0:
            oddities.append(Oddity.UNTERMINATED)
            rest = characters[start:]
            if len(rest) == 1 and ord(rest) < 0x10000:
                oddities.append(Oddity.LOST_CHARACTER)
            else:
                strings.append(rest)
            break
        if start == stored - 1:
            break
        if len(strings) == MAXIMUM_STRINGS:
            oddities.append(Oddity.TOO_MANY)
            break
        strings.append(characters[start:end])
        start = end + 1
    return Decoded(tuple(strings), tuple(oddities))


def encode_sz(text: str) -> bytes:
    """The bytes Windows stores for one string: UTF-16LE and one NUL."""
    return (text + "\0").encode("utf-16-le", "surrogatepass")


def encode_multi_sz(strings: tuple[str, ...]) -> bytes:
    """The bytes Windows stores for a list: each string with its NUL, then one more."""
    return ("".join(text + "\0" for text in strings) + "\0").encode("utf-16-le", "surrogatepass")


def decode_dword(data: bytes) -> int | None:
    """The number of a REG_DWORD, or None for data of any length but 4 bytes."""
    return int.from_bytes(data, "little") if len(data) == 4 else None

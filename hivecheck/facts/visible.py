"""Text from a hive made safe to look at: what can't be seen, or deceives the eye, becomes a visible escape.

A value is written by whoever could write to the hive. Control characters would drive a terminal, marks of writing direction
turn `exe.lmth` around, zero-width characters hide a difference, lone surrogates break encoders. Source: Unicode UAX #9, UTR #36.
"""

import re

# C0 and C1 controls, DEL, soft hyphen, the Arabic letter mark, Hangul and Mongolian fillers, zero-width and directional
# characters, line and paragraph separators, invisible operators, variation selectors, BOM, interlinear marks, surrogates,
# noncharacters, private use, tags. Compiled when first needed: the class is large, and most text is plain.
_HIDDEN = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def visible(text: str) -> str:
    r"""The text with every hidden character as `\uXXXX` (or `\UXXXXXXXX`). Blanks other than U+0020 are hidden too."""
    if text.isascii() and text.isprintable():
        return text
    shown = re.sub(_HIDDEN, _escape, text)
    return "".join(_escape_letter(letter) if letter.isspace() and letter != " " else letter for letter in shown)


def _escape(match: re.Match[str]) -> str:
    return _escape_letter(match.group())


def _escape_letter(letter: str) -> str:
    number = ord(letter)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"

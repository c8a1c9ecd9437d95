"""Text from a hive made safe to look at: what can't be seen, or deceives the eye, becomes a visible mark such as ⟨U+202E⟩.

A value is written by whoever could write to the hive. Control characters would drive a terminal, marks of writing direction
turn `exe.lmth` around, zero-width characters hide a difference, lone surrogates break encoders, and a combining mark without a letter
of its own is drawn over what stands before the text. Source: Unicode UAX #9, UTR #36, and chapter 2.11 of the standard.

Two different texts never look alike: what a mark begins with or ends with is marked itself, `⟨` and `⟩` always and `<` where it would
begin the form that a mark has where only ASCII can be written, `<U+202E>`. So a text must be made visible once, where it leaves the evidence, and no
more: a second time marks the marks.
"""

import re

OPENS, CLOSES = "⟨", "⟩"

# C0 and C1 controls, DEL, soft hyphen, the Arabic letter mark, Hangul and Mongolian fillers, zero-width and directional
# characters, line and paragraph separators, invisible operators, variation selectors, BOM, interlinear marks, surrogates,
# noncharacters, private use, tags; then what a mark is made of. Compiled when first needed: the class is large, and most text is plain.
_HIDDEN = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u27e8\u27e9\u3164"
    "\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|<(?=U\\+)"
)
_FIRST_COMBINING = "\u0300"
_MOST_STACKED = 6  # combining marks on one letter; no script needs as many, and more are drawn over the lines around


def visible(text: str) -> str:
    """The text with every hidden character as `⟨U+XXXX⟩`, four to six hexadecimal digits. Blanks other than U+0020 are hidden too,
    and combining marks that stand on no letter or digit of this text.
    """
    if text.isascii() and text.isprintable() and "<U+" not in text:
        return text
    shown = re.sub(_HIDDEN, lambda match: mark_of(match.group()), text)
    if max(shown) >= _FIRST_COMBINING:
        shown = _with_lone_marks(shown)
    return "".join([mark_of(letter) if letter.isspace() and letter != " " else letter for letter in shown])


def _with_lone_marks(text: str) -> str:
    """The text with the combining marks shown that stand on no letter or digit, or on too many others."""
    from unicodedata import category  # most text is plain

    parts: list[str] = []
    stacked = _MOST_STACKED  # marks on the letter before, as many as may be where there is none
    for letter in text:
        kind = category(letter) if letter >= _FIRST_COMBINING else ""
        if kind[:1] == "M":
            parts.append(letter if stacked < _MOST_STACKED else mark_of(letter))
            stacked += kind != "Mc"  # such a one stands beside its letter
        else:
            parts.append(letter)
            stacked = 0 if letter.isalnum() else _MOST_STACKED
    return "".join(parts)


def mark_of(letter: str) -> str:
    """The mark that stands for one character."""
    return f"{OPENS}U+{ord(letter):04X}{CLOSES}"


def marks_in_ascii(error: UnicodeError) -> tuple[str, int]:
    """An error handler of encoders: a mark's own brackets become `<` and `>`, any other letter that can't be written its mark.

    What was made visible stays unlike every other text there. Raises what it was given where nothing was to be encoded.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    brackets = {OPENS: "<", CLOSES: ">"}
    letters = error.object[error.start : error.end]
    return "".join([brackets.get(letter) or f"<U+{ord(letter):04X}>" for letter in letters]), error.end

r"""What a finding is about, as the hive spells it: rules compare folded paths, a reader looks for the stored ones.

    stored_spelling(r"c:\windows\a.dll", ["... C:\Windows\A.dll ..."])  ->  C:\Windows\A.dll

Only the case of letters is changed, so that fingerprints, which are made of folded subjects, stay the same.
"""

from collections.abc import Iterable, Sequence

_SHOWN = 4_000  # letters of one text that are looked at
_TRIES = 8  # places in one text


def stored_spelling(subject: str, texts: Iterable[str]) -> str:
    """The subject with the case of letters that the texts have for it, part by part; as it is where none has it.

    Only folded paths and file names are looked for: any other subject is the rule's own word or spelled as stored already.
    """
    if subject != subject.casefold() or not ("\\" in subject or "." in subject):
        return subject
    pairs = [(text, text.casefold()) for text in (text[:_SHOWN] for text in texts)]
    known = [(text, folded) for text, folded in pairs if len(text) == len(folded)]
    found = " to ".join(_spell(part, known) for part in subject.split(" to "))
    return found if found.casefold() == subject else subject


def _spell(part: str, known: Sequence[tuple[str, str]]) -> str:
    """One path or name: as a whole, else as much of its end as is found, else the words before its last blank apart from it."""
    if whole := _find(part, known):
        return whole
    pieces = part.split("\\")
    for first in range(1, len(pieces)):
        if tail := _find("\\".join(pieces[first:]), known):
            return "\\".join((*pieces[:first], tail))
    head, dot, ending = part.rpartition(".")
    if dot and "\\" not in ending and (stem := _find(head.rpartition("\\")[2], known)):
        return f"{head[: len(head) - len(stem)]}{stem}.{ending}"
    head, blank, last = part.rpartition(" ")
    return f"{head}{blank}{_find(last, known) or last}" if blank and "\\" not in part else part


def _find(part: str, known: Sequence[tuple[str, str]]) -> str:
    """The part as the first text spells it that has it as a word or path of its own; '' for none."""
    for text, folded in known if part else ():
        at = -1
        for _ in range(_TRIES):
            at = folded.find(part, at + 1)
            if at < 0:
                break
            end = at + len(part)
            if not (folded[at - 1 : at].isalnum() or folded[end : end + 1].isalnum()):
                return text[at:end]
    return ""

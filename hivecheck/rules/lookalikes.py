"""Names written to be taken for those of programs of Windows: a digit for a letter, two letters swapped, one more or one less."""

_DIGITS = str.maketrans({"0": "o", "1": "l", "5": "s", "3": "e"})
_IMITATED = ("svchost", "services", "csrss", "winlogon", "spoolsv", "wininit", "explorer", "lsass", "smss")
_SHUFFLED = {"".join(sorted(name)): name for name in _IMITATED}
_SHORTENED = {name[:place] + name[place + 1 :]: name for name in _IMITATED for place in range(1, len(name))}


def imitated_program(name: str) -> str:
    """The program of Windows that a folded name without ending looks like; '' for its own name, and where it looks like none."""
    if name in _IMITATED or not 3 < len(name) < 12:
        return ""
    spelled = name.translate(_DIGITS).replace("vv", "w").replace("rn", "m")
    if spelled in _IMITATED:
        return spelled
    found = _SHUFFLED.get("".join(sorted(name))) or _SHORTENED.get(name)
    if found:
        return found
    return next((one for one in _IMITATED if len(one) == len(name) - 1 and _is_one_more(name, one)), "")


def _is_one_more(name: str, one: str) -> bool:
    """Whether a name is another one with one letter more."""
    return any(name[:place] + name[place + 1 :] == one for place in range(len(name)))

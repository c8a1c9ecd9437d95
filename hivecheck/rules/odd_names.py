r"""Names of keys and values that are not what they seem: invisible characters, lookalike letters, blanks, doubles.

Looked at where the boot reads names: the Session Manager, SafeBoot, the services, Lsa. Source: detections.md 1.12.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from hivecheck.facts.certainty import Confidence
from hivecheck.registry.hive import Key, RawValue, fold_name
from hivecheck.registry.keys import RegfKey
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.windows_services import WATCHED_SERVICES
from hivecheck.settings.catalog import CATALOG
from hivecheck.settings.services import Service

_SM = "Control\\Session Manager"
_LSA = "Control\\Lsa"
_SAFE_MODES = ("Control\\SafeBoot", "Control\\SafeBoot\\Minimal", "Control\\SafeBoot\\Network")
_ENVIRONMENT = _SM + "\\Environment"
# Cyrillic and Greek letters, and a few Latin ones, by the ASCII letter they look like
_LOOKALIKES = {
    "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y", "\u0445": "x", "\u0456": "i",
    "\u0458": "j", "\u0455": "s", "\u04bb": "h", "\u0501": "d", "\u051b": "q", "\u051d": "w", "\u0410": "A", "\u0412": "B",
    "\u0415": "E", "\u041a": "K", "\u041c": "M", "\u041d": "H", "\u041e": "O", "\u0420": "P", "\u0421": "C", "\u0422": "T",
    "\u0423": "Y", "\u0425": "X", "\u0406": "I", "\u0408": "J", "\u0405": "S", "\u0391": "A", "\u0392": "B", "\u0395": "E",
    "\u0396": "Z", "\u0397": "H", "\u0399": "I", "\u039a": "K", "\u039c": "M", "\u039d": "N", "\u039f": "O", "\u03a1": "P",
    "\u03a4": "T", "\u03a5": "Y", "\u03a7": "X", "\u03b1": "a", "\u03b9": "i", "\u03ba": "k", "\u03bd": "v", "\u03bf": "o",
    "\u03c1": "p", "\u03c5": "u", "\u03f2": "c", "\u0131": "i", "\u0261": "g", "\u029f": "l", "\u217c": "l", "\u0130": "I",
    "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2044": "/", "\u2215": "/", "\u3164": "",
}  # fmt: skip
_TABLE = str.maketrans(_LOOKALIKES)
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_KEYS_OF_SESSION = frozenset(
    {
        "APPCERTDLLS", "APPCOMPATCACHE", "APPPATCHES", "CONFIGURATION MANAGER", "DOS DEVICES", "ENVIRONMENT", "EXECUTIVE",
        "FILERENAMEOPERATIONS", "I/O SYSTEM", "KERNEL", "KNOWNDLLS", "MEMORY MANAGEMENT", "NAMESPACESEPARATION", "POWER",
        "QUOTA SYSTEM", "SUBSYSTEMS", "WPA", "APISETSCHEMAEXTENSIONS",
    }
)  # fmt: skip
_KEYS_OF_LSA = frozenset(("OSCONFIG", "MSV1_0", "KERBEROS", "AUDIT", "SSPICACHE", "ACCESSPROVIDERS", "OFFLINELSA"))
_KEYS = {_SM: _KEYS_OF_SESSION, _LSA: _KEYS_OF_LSA}
_VALUES_LOOKED_AT = 5_000  # of one key
_SERVICES = frozenset(fold_name(one.name) for one in WATCHED_SERVICES)
_Named = Key | RawValue | Service


def _check(case: Case) -> Iterator[Hit]:
    for path, named, what in _looked_at(case):
        if not _are_plain([one.name for one in named]):
            yield from _judge(case, path, named, _known_names(case, path, what), what)


def _looked_at(case: Case) -> Iterator[tuple[str, tuple[_Named, ...], str]]:
    """The names that are judged, place by place: its path, what has the names, and the word for that."""
    session = tuple(case.subkeys(_SM))
    yield _SM, session, "key"
    for path in (_LSA, *_SAFE_MODES):
        yield path, tuple(case.subkeys(path)), "key"
    read = case.lists.services  # also the second of two of one name
    known = {service.name for service in read.services}
    more = [key for key in case.lists.keys.keys if key.name not in known and fold_name(key.name) not in read.by_name]
    yield (
        "Services",
        (*read.services, *more),
        "service",
    )
    for path in (_SM, *(f"{_SM}\\{key.name}" for key in session), _LSA):
        key = case.key(path)
        if key is None or key.name.upper() in ("APPCOMPATCACHE", "APPCOMPATIBILITY"):
            continue
        if not isinstance(key, RegfKey) or not _are_plain(
            [stored[1] for stored in islice(key.stored_values(), _VALUES_LOOKED_AT)]
        ):
            yield path, tuple(islice(key.values(), _VALUES_LOOKED_AT)), "value"


def _known_names(case: Case, path: str, what: str) -> frozenset[str]:
    """The folded names that are known in a place."""
    if what == "value":
        rows = (fold_name(row.value) for row in CATALOG if row.value)
        return frozenset((*rows, *case.baseline.entries(path)))
    if what == "service":
        return _SERVICES
    return _KEYS.get(path) or case.baseline.keys(path)


def _are_plain(names: list[str]) -> bool:
    """Whether all are letters that are seen, with no blank around them and none twice: as nearly all are."""
    letters = "".join(names)
    if not letters.isascii() or not letters.isprintable():
        return False
    return [name.strip(" ") for name in names] == names and len({name.upper() for name in names}) == len(names)


def _judge(case: Case, path: str, named: Iterable[_Named], known: frozenset[str], what: str) -> Iterator[Hit]:
    folded: dict[str, str] = {}
    odd: list[_Named] = []
    for one in named:
        name = one.name
        fold = name.upper() if name.isascii() else fold_name(name)
        if fold in folded:
            text = (
                f"{path} holds the {what} {_shown(name)} twice; Windows can open the first only and would not make a second."
            )
            yield Hit(text, (one.ref,), f"{path}\\{name} twice", story=_story(case, what, name))
        folded[fold] = name
        if not name.isascii() or not name.isprintable() or name[:1] == " " or name[-1:] == " ":
            odd.append(one)
    names = known.union(folded) if odd else known
    for one in odd:
        told = _oddity(one.name, names, path)
        if told is not None:
            words, severity, confidence = told
            text = f"The {what} {_shown(one.name)} of {path} {words}."
            yield Hit(text, (one.ref,), f"{path}\\{one.name}", severity, confidence, story=_story(case, what, one.name))


def _oddity(name: str, known: frozenset[str], path: str) -> tuple[str, Severity, Confidence] | None:
    """What is odd about a name, as the rest of a sentence."""
    hidden = [letter for letter in name if not letter.isprintable() or letter == "\u3164"]
    plain = _plain("".join(letter for letter in name if letter not in hidden)).strip()
    looks = plain if plain != name and fold_name(plain) in known else ""
    like = f" and looks like {looks}" if looks else ""
    if hidden:
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in dict.fromkeys(hidden))
        blank = all(letter == "\xa0" for letter in hidden) and not looks
        return (
            f"holds characters that are not seen ({codes}){like}",
            Severity.MEDIUM if blank else Severity.HIGH,
            Confidence.HIGH,
        )
    if looks and not name.isascii():
        return f"is written with foreign letters and looks like {looks}", Severity.HIGH, Confidence.HIGH
    if name != name.strip(" "):
        by_hand = path == _ENVIRONMENT and not looks  # easily typed in the dialog of variables
        return (
            f"begins or ends with a blank{like}",
            Severity.LOW if by_hand else Severity.HIGH if looks else Severity.MEDIUM,
            Confidence.MEDIUM,
        )
    if plain != name and plain.isascii() and any(letter.isascii() and letter.isalpha() for letter in name):
        return f"mixes Latin letters with others that look like them ({plain})", Severity.MEDIUM, Confidence.MEDIUM
    return None


def _plain(name: str) -> str:
    """The name as it looks, in ASCII letters where there are such."""
    text = name.translate(_TABLE)
    return "".join(chr(ord(letter) - 0xFEE0) if ord(letter) in _FULL_WIDTH else letter for letter in text)


def _shown(name: str) -> str:
    """The name with what can't be seen written as a number."""
    safe = (letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}" for letter in name)
    return "'" + "".join(safe) + "'"


def _story(case: Case, what: str, name: str) -> tuple[str, ...]:
    return (case.thread_of_service(name),) if what == "service" else ()


NAME_OBFUSCATION = Rule(
    id="name-obfuscation",
    family="hive",
    title="A name is not what it looks like",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1564", "T1036"),
    why=(
        "A name with a NUL or a character that is not seen can't be opened with the usual tools; one with a foreign letter, a blank "
        "or in two copies is taken for the real one, which may be gone or decoy. Clean hives have no such names where the boot looks."
    ),
    false_positives=(
        "A blank at an end of a variable's name, typed by hand: low. Names in the language of the user: not told.",
        "A damaged hive may list a key twice.",
    ),
    remedy="Export the key with its data, delete the decoy, and restore the value of the right name, in every control set.",
    sources=("detections.md 1.12",),
    severities="medium for blanks and foreign letters in names that look like no known one, low for a blank in a variable's name",
    check=_check,
)

"""The security packages that lsass loads of itself, where no value names them: 8 and later.

Up to 7 `Security Packages` names all of them, as 8.1 does in `OSConfig`. 10 and 11 ship both lists empty, and load the packages
all the same. In which order, and where between those that values name, no source tells: all of it is C.
Source: baselines.md 2.8 (the lists of 7 and 8.1); "Restrictions around registering and installing a security package" of the
Windows documentation (Windows' own packages stay loaded whatever the values say); public records of the event LsaSrv 6155 on
10 and 11, which names negoexts, kerberos, msv1_0, tspkg, pku2u, cloudap, wdigest and schannel.
"""

from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.generation import WIN8, WIN10_1507, WIN81
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import AUTHENTICATION_PACKAGES, OS_CONFIG_SECURITY_PACKAGES, SECURITY_PACKAGES

NO_PACKAGE = '""'
BUILT_IN_LIST = "its own list of Security Packages"
_OF_8 = ("kerberos", "msv1_0", "tspkg", "pku2u", "livessp", "wdigest", "schannel")
_OF_10 = ("negoexts", "kerberos", "msv1_0", "tspkg", "pku2u", "cloudap", "wdigest", "schannel")
_SOURCE = "baselines.md 2.8; public records of the event LsaSrv 6155"


def built_in_packages(smss: Smss) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
    """The names of the packages that lsass takes from its own list, and why it does; none up to 7.

    What a value names is left out: it is loaded for that value. 8 and 8.1, which ship a list, have none of their own beside it.
    """
    security = smss.settings[SECURITY_PACKAGES]
    lists = [security]
    if smss.generation >= WIN81:
        lists.append(smss.settings[OS_CONFIG_SECURITY_PACKAGES])
    named = {_folded(one.text) for setting in lists for one in setting.value}
    if smss.generation < WIN8 or (smss.generation < WIN10_1507 and "KERBEROS" in named):
        return (), ()
    named |= {_folded(one.text) for one in smss.settings[AUTHENTICATION_PACKAGES].value}
    own = _OF_10 if smss.generation >= WIN10_1507 else _OF_8
    told = BuiltIn("a security package of Windows' own that no list names", _SOURCE)
    return tuple(name for name in own if fold_name(name) not in named), (told, *security.origins)


def _folded(name: str) -> str:
    return fold_name(name.strip()).removesuffix(".DLL")

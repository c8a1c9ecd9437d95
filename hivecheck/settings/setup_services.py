r"""`HKLM\SYSTEM\Setup\AllowStart`: the services that services.exe may start by itself while Windows is being set up.

Each is a key of the service's name, whatever is in it. What services.exe makes of the list is not decided here
(`boot/setup_starts.py`). Source: the SYSTEM hives of XP x64, 7 and 10, which ship nine to fifteen names; public build scripts
of Windows PE, a Windows that is always in setup, which add a key here for each service that PE is to start.
"""

from collections.abc import Mapping
from itertools import islice

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef
from hivecheck.registry.hive import Key, fold_name

ALLOW_START = "Setup\\AllowStart"
_MODELLED_NAMES = 10_000  # a real list has fifteen


@fact
class SetupServices:
    """`names` are the keys of the list by folded name. `key` is the list itself, None where the hive has none.

    `is_whole` is False where a name that is not found may still have been there: the list was not read, or not whole.
    """

    names: Mapping[str, KeyRef]
    key: KeyRef | None
    is_whole: bool


NOT_READ = SetupServices({}, None, False)


def read_setup_services(root: Key) -> SetupServices:
    """The list of a hive, by its root key."""
    setup = root.subkey("Setup")
    key = setup.subkey("AllowStart") if setup is not None else None
    if key is None:
        above = root if setup is None else setup
        return SetupServices({}, None, above.subkeys_whole)
    names = {fold_name(child.name): child.ref for child in islice(key.subkeys(), _MODELLED_NAMES)}
    return SetupServices(names, key.ref, key.subkeys_whole and len(names) < _MODELLED_NAMES)

r"""The word for each setting of the catalogue: what its data are against the baseline.

    standing_of_setting(baseline, BOOT_EXECUTE, settings[BOOT_EXECUTE])   (Standing.AS_SHIPPED,)
    standing_of_setting(baseline, KNOWN_DLLS, settings[KNOWN_DLLS])       a word for each DLL, in the order of the value
    missing_values(baseline, KNOWN_DLLS, settings[KNOWN_DLLS])            the DLLs that ought to be there as well
    word_of_setting(baseline, row, setting)                              one word for the whole row, the one that matters most

Nothing is said where the baselines know nothing of a key, or where the data can't be read.
"""

import re
from typing import Any

from hivecheck.baselines.baseline import Baseline, Data, Entry, Standing, same_data
from hivecheck.registry.hive import (
    REG_DWORD,
    REG_EXPAND_SZ,
    REG_MULTI_SZ,
    REG_NONE,
    REG_SZ,
    RawValue,
    fold_name,
    type_name,
)
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz
from hivecheck.settings.catalog import CATALOG, LSA_INTERFACES
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.row import Row
from hivecheck.settings.setting import Presence, Setting

_TEXTS = ("REG_SZ", "REG_EXPAND_SZ")
_WORSE = (
    Standing.AS_SHIPPED,
    Standing.KNOWN_VARIANT,
    Standing.KNOWN_THIRD_PARTY,
    Standing.OTHER_GENERATION,
    Standing.MISSING,
    Standing.NOT_SEEN,
)
_ROOT = re.compile(r"%systemroot%|%windir%|\\systemroot|c:\\windows|c:\\winnt(?:35)?")
_SHARED_SECTION = re.compile(r"sharedsection=[0-9]+,[0-9]+(?:,[0-9]+)?")
_PAGING_FILE = re.compile(r"[a-z?]:\\pagefile\.sys(?: +[0-9]+){0,2} *")


def standing_of_setting(baseline: Baseline, row: Row[Any], setting: Setting[Any]) -> tuple[Standing, ...]:
    """One word for a value; one for each text of a whole key, in order; none where the baselines say nothing."""
    if setting.presence is Presence.UNREADABLE:
        return ()
    if row.value is None:
        return _of_key(baseline, row, setting)
    raw = setting.raw
    if raw is None or raw.type == REG_NONE:
        entry = baseline.entry(row.key, row.value)
        return (Standing.MISSING,) if entry is not None and not entry.optional else ()
    if not baseline.describes(row.key):
        return ()
    return (standing_of_raw(baseline, row.key, raw),)


def missing_values(baseline: Baseline, row: Row[Any], setting: Setting[Any]) -> tuple[Entry, ...]:
    """The texts that a whole-key setting lacks, in the order of the baseline; none for other settings, or where it can't be read."""
    if row.value is not None or setting.presence is Presence.UNREADABLE or not isinstance(setting.value, tuple):
        return ()
    if row.name == LSA_INTERFACES.name:
        return ()
    of_other_rows = {fold_name(other.value) for other in CATALOG if other.value is not None and other.key == row.key}
    present = {fold_name(text.name) for text in setting.value} | of_other_rows
    entries = baseline.entries(row.key).items()
    return tuple(entry for name, entry in entries if entry.type in _TEXTS and not entry.optional and name not in present)


def word_of_setting(baseline: Baseline, row: Row[Any], setting: Setting[Any]) -> Standing | None:
    """The word that matters most of all that can be said of a setting, its missing values among them; None where nothing can."""
    return worst_word(standing_of_setting(baseline, row, setting), missing_values(baseline, row, setting))


def worst_word(words: tuple[Standing, ...], missing: tuple[Entry, ...]) -> Standing | None:
    """The word that matters most of those of a setting's texts and of what it lacks; None where there is none."""
    return max((*words, Standing.MISSING) if missing else words, key=_WORSE.index, default=None)


def standing_of_raw(baseline: Baseline, key: str, raw: RawValue) -> Standing:
    """The word for a value as stored. Data as shipped but of another type are not as shipped: Windows reads them otherwise."""
    data = data_of(raw)
    word = standing_of_data(baseline, key, raw.name, data)
    entry = baseline.entry(key, raw.name)
    if word is Standing.AS_SHIPPED and entry is not None and entry.type != type_name(raw.type):
        return Standing.NOT_SEEN
    return word


def standing_of_data(baseline: Baseline, key: str, name: str, data: Data) -> Standing:
    """The word for the data of a value: as `Baseline.standing`, and a known variant where only what machines tune differs."""
    word = baseline.standing(key, name, data)
    entry = baseline.entry(key, name)
    if word in (Standing.OTHER_GENERATION, Standing.NOT_SEEN) and entry is not None:
        known = (entry.data, *(variant.data for variant in entry.variants if variant.data is not None))
        if any(same_data(_untuned(one), _untuned(data)) for one in known):
            return Standing.KNOWN_VARIANT
    return word


def data_of(raw: RawValue) -> Data:
    """The data of a value in the form of the baselines."""
    if raw.type in (REG_SZ, REG_EXPAND_SZ):
        return decode_sz(raw.data).text
    if raw.type == REG_MULTI_SZ:
        return tuple(decode_multi_sz(raw.data).strings)
    if raw.type == REG_DWORD:
        number = decode_dword(raw.data)
        return raw.data if number is None else number
    return raw.data


def _of_key(baseline: Baseline, row: Row[Any], setting: Setting[Any]) -> tuple[Standing, ...]:
    above, _, name = row.key.rpartition("\\")
    shipped = fold_name(name) in baseline.keys(above)
    if setting.presence is Presence.ABSENT:
        return (Standing.MISSING,) if shipped else ()
    knows_keys = bool(baseline.keys_of_all(above))
    if not isinstance(setting.value, tuple):
        if not knows_keys:
            return ()
        return (Standing.AS_SHIPPED if shipped else _of_unshipped_key(baseline, above, name),)
    if not baseline.describes(row.key) and not knows_keys and row.name != LSA_INTERFACES.name:
        return ()
    return tuple(_of_text(baseline, row, text) for text in setting.value)


def _of_unshipped_key(baseline: Baseline, above: str, name: str) -> Standing:
    if baseline.may_have_key(above, name):
        return Standing.KNOWN_VARIANT
    elsewhere = fold_name(name) in baseline.keys_of_all(above)
    return Standing.OTHER_GENERATION if elsewhere else Standing.NOT_SEEN


def _of_text(baseline: Baseline, row: Row[Any], text: NamedText) -> Standing:
    if row.name == LSA_INTERFACES.name:
        return standing_of_data(baseline, f"{row.key}\\{text.name}", "Extension", text.text)
    word = standing_of_data(baseline, row.key, text.name, text.text)
    entry = baseline.entry(row.key, text.name)
    if word is Standing.AS_SHIPPED and entry is not None and entry.type != ("REG_EXPAND_SZ" if text.expands else "REG_SZ"):
        return Standing.NOT_SEEN
    return word


def _untuned(data: Data) -> Data:
    """The data without what every machine may have its own way: the folder of Windows, the desktop heap, the paging file's size."""
    if isinstance(data, str):
        text = _ROOT.sub("%systemroot%", data.casefold())
        return _PAGING_FILE.sub("pagefile.sys", _SHARED_SECTION.sub("sharedsection", text))
    return tuple(str(_untuned(text)) for text in data) if isinstance(data, tuple) else data

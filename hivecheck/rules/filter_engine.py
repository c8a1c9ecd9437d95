r"""Filters that the Base Filtering Engine keeps in the hive and puts in force at each boot: those on programs of security products.

Windows' own persistent filters name no program. What a filter does to the program it names is not decoded here: the form of these values
is not documented. Source: EDRSilencer (github.com/netero1010/EDRSilencer); 197 filters of real hives of 7, 10 1709 and 10 1903.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.registry.hive import Key
from hivecheck.registry.keys import RegfKey
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.security_products import vendor_of_path

_FILTERS = "Services\\BFE\\Parameters\\Policy\\Persistent\\Filter"
_DEVICE = "\\device\\".encode("utf-16-le")
_PROGRAM = rb"\\\0d\0e\0v\0i\0c\0e\0\\\0(?:[^\0]\0|\0[^\0]|[^\0][^\0]){1,400}"  # compiled when needed
_FILTERS_AT_MOST = 5_000
_TOLD = 20


def judge_filters(case: Case) -> Iterator[Hit]:
    """A hit for each program of a security product that a persistent filter names."""
    key = case.key(_FILTERS) if case.generation >= VISTA else None
    told: set[str] = set()
    for name, data in _naming_programs(key) if key is not None else ():
        for found in re.findall(_PROGRAM, data):
            program = found.decode("utf-16-le", "replace")
            path = case.path(program)
            vendor = vendor_of_path(path)
            raw = key.value(name) if key is not None and vendor and path.text not in told else None
            if raw is None or len(told) >= _TOLD:
                continue
            told.add(path.text)
            text = (
                f"A persistent filter of the filtering engine names {program}, a program of {vendor}: by such filters, in force at "
                "each boot, public tools cut a sensor off from its server. What this one does is not decoded."
            )
            severity = Severity.HIGH if vendor == "Microsoft Defender" else Severity.MEDIUM
            yield Hit(text, (raw.ref,), f"filter {path.text}", severity, Confidence.MEDIUM, story=(case.thread_of(path),))


def _naming_programs(key: Key) -> Iterator[tuple[str, bytes]]:
    """Names and data of the filters that name a program."""
    stored = (
        ((name, data) for _, name, _, data, _ in key.stored_values())
        if isinstance(key, RegfKey)
        else ((raw.name, raw.data) for raw in key.values())
    )
    for place, (name, data) in enumerate(stored):
        if place >= _FILTERS_AT_MOST:
            return
        if _DEVICE in data:
            yield name, data

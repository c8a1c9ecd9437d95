"""Whose log it is: whether the base blocks of a hive and of a log that lies beside it say that they belong together.

A log's base block is a copy of the hive's, so both name the same file, root and identifiers; sequence numbers alone fit by chance.
The names of the files themselves say nothing: copies are renamed. Real pairs (Windows 7 and 10) agree in all that is asked here.
Source: msuhanov/regf, "Windows registry file format specification", "Base block" and "Format of transaction log files".
"""

from hivecheck.facts.fact import fact
from hivecheck.facts.visible import visible
from hivecheck.registry.base_block import BaseBlock
from hivecheck.registry.hive import fold_name

_ENOUGH_IN_RUINS = 2  # differences that count where the hive's own base block is damaged: one may be the damage


@fact
class Doubt:
    """What speaks against a log, in words, '' where nothing does. `certain`: it is another hive's, and not to be applied unasked."""

    words: str = ""
    certain: bool = False


def doubt_log(hive: BaseBlock, log: BaseBlock) -> Doubt:
    """Whether this log is another hive's.

    The two identifiers and the place of the root stay for a hive's life, as far as is known; that of the log of transactions, which
    stands between them, may change and is not asked. The name changes when the hive is loaded from elsewhere, so it is
    certain alone only where nothing else is known to agree: neither identifiers nor the time of the last write.
    """
    identifiers = (
        ("resource manager", hive.resource_manager, log.resource_manager),
        ("transaction manager", hive.transaction_manager, log.transaction_manager),
    )
    asked = [(what, ours, theirs) for what, ours, theirs in identifiers if ours and theirs]
    unlike = [what for what, ours, theirs in asked if ours != theirs]
    differ = [f"the identifiers of the {' and the '.join(unlike)} differ"] if unlike else []
    named = bool(hive.embedded_name and log.embedded_name) and (hive.checksum_ok or hive.embedded_name.isprintable())
    names_differ = named and fold_name(hive.embedded_name) != fold_name(log.embedded_name)
    if hive.checksum_ok and hive.root_offset != log.root_offset:
        differ.append(f"the root key is at 0x{log.root_offset:x}, not at 0x{hive.root_offset:x}")
    certain = bool(differ)
    if names_differ:
        differ.append(f"it names the hive {_quote(log.embedded_name)}, which names itself {_quote(hive.embedded_name)}")
        agrees = bool(asked) or 0 < hive.last_written == log.last_written
        certain = certain or not agrees
    if not hive.checksum_ok:
        certain = len(unlike) + names_differ >= _ENOUGH_IN_RUINS
    return Doubt("; ".join(differ), certain)


def _quote(name: str) -> str:
    return f"\u201c{visible(name)}\u201d"

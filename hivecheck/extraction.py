"""The keys that decide a boot, as hive notation: small enough for a bug report, whole enough to replay the boot from it."""

from hivecheck.analysis import NOT_SYSTEM_HINT, Options, chosen_control_sets, refuse_other_hives
from hivecheck.errors import EvidenceError
from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.control_sets import control_set_name
from hivecheck.registry.excerpt import Excerpt
from hivecheck.registry.hive import Key
from hivecheck.registry.memory import HiveFacts
from hivecheck.registry.notation_writer import write_notation

# Blobs of many kilobytes that no boot decision reads.
_LEFT_OUT = frozenset({"APPCOMPATCACHE", "APPCOMPATIBILITY", "APPPATCHES"})
_KEYS = (
    "Control\\Session Manager",
    "Control\\MiniNT",
    "Control\\CrashControl",
    "Control\\SafeBoot\\Option",
    "Control\\ComputerName",
    "Control\\TimeZoneInformation",
    "Control\\Windows",
    "Control\\ProductOptions",
)
_SHALLOW_KEYS = ("Control\\SafeBoot",)


def extract_notation(path: EvidencePath, options: Options, logs: tuple[EvidencePath, ...] | None = None) -> tuple[str, bool]:
    """The notation of one hive's keys, and whether all of them could be read. `logs` are those beside it, where they are known.

    Raises EvidenceError and UsageError as `analyze` does, and EvidenceError where no control set can be chosen.
    """
    opened = open_with_logs(path, options.logs, beside=logs)
    with opened.hive as hive:
        refuse_other_hives(hive, path)
        sets = chosen_control_sets(hive, options.control_set)
        chosen = hive.root.subkey(control_set_name(sets.number)) if sets.number is not None else None
        if chosen is None:
            raise EvidenceError(f"there is no control set to extract: {sets.fault}", str(path), NOT_SYSTEM_HINT)
        keys: list[Key] = [Excerpt(hive.root, shallow=True)]
        keys += [key for name in ("Select",) if (key := hive.root.subkey(name)) is not None]
        keys += [Excerpt(key, shallow=True) for name in ("Setup",) if (key := hive.root.subkey(name)) is not None]
        keys.append(Excerpt(chosen, shallow=True))
        keys += [Excerpt(key, shallow=True) for name in _SHALLOW_KEYS if (key := chosen.subkey(name)) is not None]
        keys += [Excerpt(key, _LEFT_OUT) for name in _KEYS if (key := chosen.subkey(name)) is not None]
        block = hive.base_block
        facts = HiveFacts(
            version=block.version,
            sequences=(block.primary_sequence, block.secondary_sequence),
            saved=block.last_written,
        )
        text = write_notation(keys[0], *keys[1:], facts=facts)
        return text, not any(problem.loses_data for problem in hive.problems)

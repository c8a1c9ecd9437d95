"""The transaction logs that lie beside a hive: its name with another ending, in any case of the letters.

What else an argument of the user stands for is found by `discovery`, which a lone hive file does without.
"""

import os
from pathlib import Path

from hivecheck.facts.evidence_path import EvidencePath

LOG_ENDINGS = (".LOG", ".LOG1", ".LOG2")


def log_names(hive: EvidencePath) -> dict[str, int]:
    """The names, in upper case, that the logs of this hive may have, each with its place in the order they are told in.

    They are the hive's name, with or without its own ending, plus .LOG, .LOG1 or .LOG2.
    """
    stems = {hive.name.upper(), hive.stem.upper()}
    wanted = {stem + ending: place for stem in sorted(stems) for place, ending in enumerate(LOG_ENDINGS)}
    wanted.pop(hive.name.upper(), None)
    return wanted


def find_logs(hive: Path) -> tuple[Path, ...]:
    """The logs in the hive's folder, in any case of their names."""
    wanted = log_names(hive)
    try:
        names = os.listdir(hive.parent)
    except OSError:
        return ()  # a folder that can't be listed holds no logs that could be used
    return tuple(
        hive.parent / name for _, name in sorted((wanted[name.upper()], name) for name in names if name.upper() in wanted)
    )

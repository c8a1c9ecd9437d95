"""A recovered hive as a file of its own: for tools that apply no logs. The evidence is only read, and no file is written over.

What is written are the bytes that were analyzed: the hive with its logs applied, under a base block whose sequence numbers, size
and checksum are those that Windows writes when it has mounted the hive.
"""

from collections.abc import Iterable
from pathlib import Path

from hivecheck.errors import UsageError
from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.evidence_path import EvidencePath


def write_recovered(
    path: EvidencePath, logs: str | tuple[Path, ...], beside: Iterable[EvidencePath] | None, target: Path
) -> int:
    """Writes the hive with its logs applied to a new file, and gives its size in bytes. `logs` and `beside` as for `open_with_logs`.

    Raises UsageError where the file exists already, can't be written, or no log was applied, so that it would be a mere copy;
    else as `open_with_logs` does.
    """
    opened = open_with_logs(path, logs, beside=tuple(beside) if beside is not None else None)
    try:
        if not opened.recovered:
            hint = "Other tools read the hive itself as it was read here."
            raise UsageError("no log was applied to this hive: there is no recovered hive to write", str(path), hint)
        with target.open("xb") as file:
            return file.write(opened.hive.buffer)
    except FileExistsError as error:
        hint = "A recovered hive is written to a new file only. Name one that is not there."
        raise UsageError("there is such a file already", str(target), hint) from error
    except OSError as error:
        raise UsageError(f"the file can't be written: {error.strerror or error}", str(target)) from error
    finally:
        opened.close()

"""The hive opened once more, for reading only, by the parts of a page that show stored bytes: an analysis keeps what values say, not how they lie.

Given only where it is still the file that was analyzed, in the same state; a page must not show bytes of another one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from hivecheck.analysis import Analysis
from hivecheck.errors import HivecheckError
from hivecheck.evidence.opening import OpenedHive, open_with_logs
from hivecheck.registry.regf import RegfHive


@contextmanager
def hive_again(analysis: Analysis) -> Iterator[RegfHive | None]:
    """The hive with its logs applied as in the analysis, open within the `with`; None where it can't be had any more."""
    try:
        logs = tuple(log.path for log in analysis.evidence.logs)
        opened = open_with_logs(analysis.evidence.path, analysis.options.logs, beside=logs)
    except (HivecheckError, OSError):
        yield None
        return
    try:
        yield opened.hive if _is_the_same(opened, analysis) else None
    finally:
        opened.close()


def _is_the_same(opened: OpenedHive, analysis: Analysis) -> bool:
    evidence = analysis.evidence
    same_file = opened.size == evidence.size and (opened.primary is None or opened.primary == evidence.base_block)
    return same_file and [log.sha256 for log in opened.logs] == [log.sha256 for log in evidence.logs]

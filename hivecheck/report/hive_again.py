"""The hive opened once more, for reading only, by the parts of a page that show stored bytes: an analysis keeps what values say, not how they lie.

Given only where it is still the file that was analyzed, in the same state; a page must not show bytes of another one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hivecheck.analysis import Analysis
from hivecheck.errors import HivecheckError
from hivecheck.evidence.opening import OpenedHive, open_with_logs
from hivecheck.facts.fact import fact
from hivecheck.registry.regf import RegfHive

if TYPE_CHECKING:
    from hivecheck.report.log_places import LogPlaces


@fact
class HiveAgain:
    """`hive` has its logs applied as in the analysis, `as_found` none of them: the same one where none were applied.

    `as_found` is None where the file can't be read without its logs. `places` says where each byte of a recovered hive stands, None
    where no log was applied and every byte is the file's.
    """

    hive: RegfHive
    as_found: RegfHive | None
    places: "LogPlaces | None"


@contextmanager
def hive_again(analysis: Analysis) -> Iterator[HiveAgain | None]:
    """The hive, open within the `with`; None where it can't be had any more."""
    try:
        opened = _open(analysis)
    except (HivecheckError, OSError):
        yield None
        return
    try:
        yield _again(opened) if _is_the_same(opened, analysis) else None
    finally:
        opened.close()


def _open(analysis: Analysis) -> OpenedHive:
    """The hive as the analysis had it. What was applied of the logs is applied anew; that they are sound it has found already."""
    evidence = analysis.evidence
    if not evidence.recovered:
        return open_with_logs(evidence.path, "none")
    if not evidence.base_block.checksum_ok:  # then a log lent its own, and there is more to it
        beside = tuple(log.path for log in evidence.logs)
        return open_with_logs(evidence.path, analysis.options.logs, beside=beside)
    from hivecheck.evidence.recovering import reopen_recovered  # most hives have no logs

    return reopen_recovered(evidence.path, evidence.logs)


def _again(opened: OpenedHive) -> HiveAgain:
    if not opened.recovered:
        return HiveAgain(opened.hive, opened.hive, None)
    from hivecheck.report.log_places import LogPlaces  # a clean hive has none

    return HiveAgain(opened.hive, opened.unrecovered, LogPlaces(opened.logs, len(opened.hive.buffer)))


def _is_the_same(opened: OpenedHive, analysis: Analysis) -> bool:
    evidence = analysis.evidence
    same_file = opened.size == evidence.size and (opened.primary is None or opened.primary == evidence.base_block)
    return same_file and (
        not evidence.recovered or [log.sha256 for log in opened.logs] == [log.sha256 for log in evidence.logs]
    )

"""That a hive is not the one its machine boots from, but a copy of before which is read because that one can't be."""

from hivecheck.evidence.layouts import HiveKind
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import iso_utc

_COPIES = {
    HiveKind.REGBACK: "the backup in RegBack",
    HiveKind.WINDOWS_OLD: "that of an earlier installation (Windows.old)",
    HiveKind.REPAIR: "the copy that setup made",
    HiveKind.SHADOW_COPY: "that of a shadow copy",
}


@fact
class OlderState:
    """`ticks` is the time that dates the copy, 0 where nothing in it is a date; `dated_by` says what that is the time of."""

    kind: HiveKind
    instead_of: str
    ticks: int
    dated_by: str

    @property
    def copy_words(self) -> str:
        """Which copy it is and of when, in words that are all ours."""
        when = f"of {iso_utc(self.ticks)[:19].replace('T', ' ')} UTC" if self.ticks else "of no known date"
        return f"{_COPIES.get(self.kind, 'another copy')}, {when}"

r"""What a boot falls back on where one of its drivers is gone: the last known good set, as the boot before it leaves that.

A boot that is accepted makes its own set the last known good one, and with it the driver that then fails. Whether it is, hangs
on somebody logging on (`logon`). From 8 on last known good is retired. Source: smss.md E.2; "CreateService" (dwErrorControl).
"""

from hivecheck.boot.actions import WriteValue
from hivecheck.boot.file_fates import FileFates
from hivecheck.boot.last_good import FallBack, LastGood
from hivecheck.boot.logon import LAST_GOOD_VALUE
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN8, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin
from hivecheck.settings.services import CRITICAL, Service


@fact
class Outcome:
    """Whether the machine gets no further without a driver, how certain that is, what is told of it and what must hold."""

    halts: bool
    certainty: Certainty
    text: str = ""
    assumes: tuple[str, ...] = ()
    because: tuple[Origin, ...] = ()


class ReturnPoint:
    """The last known good set after a boot was played: that boot's own where it is accepted, else the stored one."""

    def __init__(self, played: Replay, generation: Generation, stored: LastGood | None) -> None:
        self._generation, self._stored = generation, stored
        self._accepted = next((event for event in reversed(played.events) if _accepts(event)), None)

    def outcome(self, driver: Service, file: NtPath, fates: FileFates) -> Outcome:
        """What becomes of the next boot without the file of a driver with ErrorControl 2 or 3."""
        critical = driver.error_control == CRITICAL
        if self._generation >= WIN8:
            return Outcome(critical, Certainty.C)
        if not critical:
            return Outcome(False, Certainty.B, self._goes_on())
        back = self._stored.without(driver, file, fates.key) if self._stored is not None else _NOT_KNOWN
        if back.works is False:
            return Outcome(True, Certainty.B, back.text, (), back.because)
        if self._accepted is None:
            mark = Certainty.B if back.works else Certainty.C
            return Outcome(not back.works, mark, f"It falls back on the last known good set. {back.text}", (), back.because)
        number = self._accepted.number
        text = (
            f"It falls back on the last known good set, which misses the same file where this boot is accepted (event {number}), as that "
            f"makes it a copy of this one. If nobody logs on before: {back.text}"
        )
        assumes = (f"event {number} succeeded: {', '.join(self._accepted.assumes) or 'this boot is accepted'}",)
        return Outcome(True, Certainty.C, text, assumes, (*back.because, *self._accepted.because))

    def _goes_on(self) -> str:
        if self._stored is not None and (self._stored.in_use or not self._stored.exists):
            return "There is no other last known good set to start again with: it goes on without the driver."
        return "It starts again with the last known good set, and with that goes on without the driver."


_NOT_KNOWN = FallBack(None, "What the last known good set has of it is not known.")


def _accepts(event: Event) -> bool:
    """Whether an event makes the set of its boot the last known good one."""
    action = event.action
    named = isinstance(action, WriteValue) and (action.key, action.name) == ("Select", LAST_GOOD_VALUE)
    return named and event.done is not Done.NO

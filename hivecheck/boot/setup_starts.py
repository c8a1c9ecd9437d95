r"""What services.exe holds back while Windows is being set up: of the services with Start 2 it starts those of `Setup\AllowStart`.

That holds from XP on, where SystemSetupInProgress is not 0. What one of the list depends on is started for it, listed or not
(C). The mark is B where SetupType is set as well, as in Windows PE and in setup itself; that SystemSetupInProgress alone does
it is C. SetupType alone, with which administrators and attackers have a command run before the logon, holds nothing back.

Source: shipped SYSTEM hives and public build scripts of Windows PE (`settings/setup_services.py`).
"""

from collections.abc import Iterable

from hivecheck.boot.plan import Request
from hivecheck.boot.service_order import PlannedStart
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.generation import XP
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import SETUP_TYPE, SYSTEM_SETUP_IN_PROGRESS
from hivecheck.settings.services import Service
from hivecheck.settings.setup_services import ALLOW_START, SetupServices

HELD_BACK = (
    f"Windows is being set up (SystemSetupInProgress), and {ALLOW_START} does not list it: it is not started by itself"
)
_UNREAD = f"{ALLOW_START} lists it, as Windows is being set up"
Turn = tuple[Service, str]


@fact
class SetupStarts:
    """The rule in force during setup. `because` are the values that switch it on."""

    listed: SetupServices
    certainty: Certainty
    because: tuple[Origin, ...]

    @property
    def refusal(self) -> str:
        """Why a service that is not listed does not start by itself."""
        return HELD_BACK

    def parted(self, turns: Iterable[Turn]) -> tuple[list[Turn], list[Turn]]:
        """The turns of services that start, or may, and those of services held back, each in order."""
        taken: list[Turn] = []
        held: list[Turn] = []
        for turn in turns:
            lists = fold_name(turn[0].name) in self.listed.names or not self.listed.is_whole
            (taken if lists else held).append(turn)
        return taken, held

    def told(self, request: Request, start: PlannedStart) -> Request:
        """The request of a service, with what the list has to say in it."""
        named = self.listed.names.get(fold_name(start.service.name))
        certainty, because = request.certainty & self.certainty, (*request.because, *self.because)
        if named is not None:
            return changed(request, certainty=certainty, because=(*because, named))
        if start.wanted_by:
            return changed(request, certainty=certainty & Certainty.C, because=because)
        if self.listed.key is not None:
            because = (*because, self.listed.key)
        if self.listed.is_whole:
            return changed(request, certainty=certainty, because=because)
        doubt = f"{_UNREAD}, and {request.doubt}" if request.doubt else _UNREAD
        return changed(request, certainty=certainty, because=because, doubt=doubt)


def setup_starts(smss: Smss, listed: SetupServices) -> SetupStarts | None:
    """The rule for this boot; None where Windows is not being set up, or is older than XP."""
    in_progress, kind = smss.settings[SYSTEM_SETUP_IN_PROGRESS], smss.settings[SETUP_TYPE]
    if smss.generation < XP or not in_progress.value:
        return None
    if kind.value and (listed.key is not None or not listed.is_whole):
        return SetupStarts(listed, Certainty.B, (*in_progress.origins, *kind.origins))
    return SetupStarts(listed, Certainty.C, in_progress.origins)

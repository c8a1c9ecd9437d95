r"""The session of the console, where smss does not make it by itself: the local session manager asks smss for one.

From Vista on smss makes as many sessions as NumberOfInitialSessions says, two as shipped. With 0 or 1 only session 0 is there until
lsm.exe (Vista, 7) or the service LSM (8 and later) asks for the console's. Source: smss.md B.16, C.4, D.2 to D.4; that it asks at
boot what it asks for each later logon is inferred.
"""

from hivecheck.boot.actions import StartProcess, StartService
from hivecheck.boot.plan import Done, Plan, Request
from hivecheck.boot.smss.sessions import makes_console_session, start_asked_session
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import VISTA, WIN8, Generation
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import NUMBER_OF_INITIAL_SESSIONS


class SessionManager:
    """The local session manager of one boot: whether it runs, and what it asks for."""

    def __init__(self, smss: Smss) -> None:
        self._smss = smss
        self._runs = False
        self.is_asked = smss.generation >= VISTA and not makes_console_session(smss)
        self.name = session_manager_of(smss.generation)

    def watching(self, plan: Plan) -> Plan:
        """The same plan; where it starts the session manager, the console's session follows."""
        if not self.is_asked:
            yield from plan
            return
        try:
            asked = next(plan)
            while True:
                done = yield asked
                if isinstance(asked, Request) and done is not Done.NO and not self._runs and self._is_itself(asked):
                    self._runs = True
                    yield from self._ask_for_session()
                asked = plan.send(done)
        except StopIteration:
            return

    def resting(self, plan: Plan) -> Plan:
        """The same plan of the console's session, each of its requests as uncertain as that session is."""
        if not self.is_asked:
            yield from plan
            return
        try:
            asked = next(plan)
            while True:
                if isinstance(asked, Request):
                    asked = changed(asked, certainty=asked.certainty & Certainty.C)
                done = yield asked
                asked = plan.send(done)
        except StopIteration:
            return

    @property
    def why_no_logon(self) -> tuple[str, tuple[Origin, ...]]:
        """Why there is no session for a logon, and what says so; '' where there is one."""
        if not self.is_asked or self._runs:
            return "", ()
        why = f"smss makes session 0 alone, and {self.name}, which would ask it for the console's, does not run"
        return why, self._smss.settings[NUMBER_OF_INITIAL_SESSIONS].origins

    def _ask_for_session(self) -> Plan:
        note = f"smss has made session 0 alone: {self.name} asks it for the session of the console (\\SmApiPort)."
        yield from start_asked_session(self._smss, 1, note, f"{self.name} asks for the session of the console at boot")

    def _is_itself(self, request: Request) -> bool:
        match request.action:
            case StartProcess():
                return self._smss.generation < WIN8 and fold_name(request.action.image) == "LSM.EXE"
            case StartService():
                return self._smss.generation >= WIN8 and fold_name(request.action.name) == "LSM"
            case _:
                return False


def session_manager_of(generation: Generation) -> str:
    """Who asks smss for sessions in a Windows from Vista on."""
    return "lsm.exe" if generation < WIN8 else "the service LSM"

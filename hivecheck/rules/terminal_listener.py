r"""How remote desktop listens: whether it is on, and what about it was made weaker. Source: detections.md 1.10; baselines.md 2.9."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN81
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import number_in
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity

TERMINAL_SERVER = "Control\\Terminal Server"
LISTENER = TERMINAL_SERVER + "\\WinStations\\RDP-Tcp"


def _weaker(case: Case) -> Iterator[tuple[str, Origin]]:
    for key, name, bad, told in (
        (LISTENER, "UserAuthentication", (0,), "no logon before the session"),
        (LISTENER, "SecurityLayer", (0,), "the old encryption of remote desktop"),
        (LISTENER, "Shadow", (2, 4), "sessions may be watched without asking the user"),
        (TERMINAL_SERVER, "fSingleSessionPerUser", (0,), "several sessions of one user"),
        (TERMINAL_SERVER + "\\Licensing Core", "EnableConcurrentSessions", (1,), "several sessions at a time"),
        (TERMINAL_SERVER + "\\RCM\\Licensing Core", "EnableConcurrentSessions", (1,), "several sessions at a time"),
    ):
        raw = case.value(key, name)
        number = number_in(raw)
        if raw is None or number not in bad or (name == "UserAuthentication" and case.generation < WIN81):
            continue
        yield f"{name} {number} ({told})", raw.ref.citing(str(number))
    port = case.value(LISTENER, "PortNumber")
    number = number_in(port)
    if port is not None and number is not None and number != 3389:
        yield f"PortNumber {number} (as shipped 3389)", port.ref.citing(str(number))


def _check(case: Case) -> Iterator[Hit]:
    deny = case.value(TERMINAL_SERVER, "fDenyTSConnections")
    on = number_in(deny) == 0
    weaker = list(_weaker(case))
    if deny is None or (not on and len(weaker) < 2):
        return
    told = "Remote desktop takes connections (fDenyTSConnections is 0)" if on else "Remote desktop is off"
    if weaker:
        told += f", and was made weaker: {'; '.join(words for words, _ in weaker)}"
    severity = (Severity.INFO, Severity.MEDIUM, Severity.HIGH)[min(len(weaker), 2)] if on else Severity.LOW
    because = (deny.ref.citing(str(number_in(deny))), *(origin for _, origin in weaker))
    yield Hit(told + ".", because, "remote desktop", severity, story=("remote desktop",))


RDP_ENABLED = Rule(
    id="rdp-enabled",
    family="terminal services",
    title="Remote desktop takes connections",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1021.001", "T1112"),
    why=(
        "Windows ships remote desktop switched off. Intruders switch it on and make it weaker: no logon before the session, "
        "another port, sessions of several users, shadowing without asking."
    ),
    false_positives=("Servers and administered machines have it on. Another port alone is a common habit.",),
    remedy="Set fDenyTSConnections to 1, or the other values as shipped, in every control set; look at who logged on.",
    sources=("detections.md 1.10", "baselines.md 2.9"),
    severities="info where it is on, medium with one weakness, high with two; low for two weaknesses while it is off",
    needs="policies in the SOFTWARE hive go before these values",
    check=_check,
)
RULES: tuple[Rule, ...] = (RDP_ENABLED,)

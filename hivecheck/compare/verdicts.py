"""Whose work a difference looks like, with the reason: as shipped, servicing, the machine's own, suspicious, or unexplained.

    as-shipped      the baseline of the after side's Windows lists the thing as it is there now
    servicing       its data are of a form that updates and installers leave, and no grave finding on the after side alone cites it
    suspicious      a finding of medium or above stands on the after side alone and cites it; or it is a program that came within
                    a minute of such a change
    machine-state   the machine writes it by running, or the boot between the two carried it out

An effect without a reason of its own takes the verdict of the change that it follows from. A name like that of servicing never
outweighs a finding of high or critical: whoever plants something may choose its name.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.citations import Citations, place_of, span_of
from hivecheck.compare.difference import Difference
from hivecheck.compare.findings import FindingChanges, severity_rank, stands
from hivecheck.compare.ordinary import machine_reason, servicing_reason, version_reason
from hivecheck.facts.fact import fact

Json = Any
_MEDIUM, _HIGH = severity_rank("medium"), severity_rank("high")
_AS_SHIPPED = "as shipped"
_PROGRAMS = frozenset({"programs", "processes", "services", "drivers", "libraries", "subsystems"})
_OF_SERVICES = frozenset({"services", "drivers", "services/switched off", "class filters"})
_COMPANY_SECONDS = 60
_MALFORMED = "pfro-malformed"


@fact
class Reason:
    """A verdict, why, and the fingerprints of the findings that it cites."""

    verdict: Verdict
    why: str
    findings: tuple[str, ...] = ()


_NONE = Reason(Verdict.UNEXPLAINED, "neither the baseline nor servicing explains it, and no rule flags it")


def judge_differences(
    settings: Iterable[Difference],
    effects: Iterable[Difference],
    findings: FindingChanges,
    before: Mapping[str, Json],
    after: Mapping[str, Json],
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The changes of both heights with their verdicts, in the order of the differences. The mappings are the documents."""
    judge = _Judge(findings, before, after)
    told = tuple(settings)
    reasons = judge.of_settings(told)
    judge.learn(zip(told, reasons, strict=True))
    reasons = [judge.in_company(one, reason) for one, reason in zip(told, reasons, strict=True)]
    results = tuple(effects)
    effect_reasons = [judge.of_effect(one) for one in results]
    judge.learn(zip(results, effect_reasons, strict=True))
    effect_reasons = [judge.in_company(one, reason) for one, reason in zip(results, effect_reasons, strict=True)]
    return (
        tuple(map(_change, told, reasons)),
        tuple(map(_change, results, effect_reasons)),
    )


def _change(difference: Difference, reason: Reason) -> Change:
    return Change(
        difference.change,
        difference.what,
        difference.before,
        difference.after,
        reason.verdict,
        reason.why,
        difference.because,
        None,
        difference.text,
        reason.findings,
    )


class _Judge:
    """What all judgements of one comparison need: the grave findings of the after side alone, by what they cite."""

    def __init__(self, findings: FindingChanges, before: Mapping[str, Json], after: Mapping[str, Json]) -> None:
        raised = {key for key, severity in findings.severities if severity_rank(severity) < _MEDIUM}
        fresh = (*findings.new, *(one for one in findings.still if one["fingerprint"] in raised))
        self._grave = [one for one in fresh if stands(one) and severity_rank(one["severity"]) >= _MEDIUM]
        self._citing: Citations[Json] = Citations()
        self._by_event: dict[int, list[Json]] = {}
        self._by_service: dict[str, list[Json]] = {}
        for finding in self._grave:
            self._note(finding)
        self._settings = after["settings"]
        self._windows = after["generation"]["name"]
        self._same_windows = before["generation"]["id"] == after["generation"]["id"]
        self._booted = _booted(before["evidence"]) != _booted(after["evidence"])
        self._judged: Citations[tuple[Difference, Reason]] = Citations()
        self._moments: dict[tuple[datetime, str], str] = {}  # moment and comparable key, and the key as it is spelled
        self._wholes: frozenset[str] = frozenset()
        self._taken: frozenset[tuple[str, int]] = frozenset()

    def _note(self, finding: Json) -> None:
        for number in finding["events"]:
            self._by_event.setdefault(number, []).append(finding)
        for origin in finding["because"]:
            self._citing.add(origin, finding)
            place = place_of(origin)
            service = _service_of(place[0]) if place is not None else ""
            if service:
                self._by_service.setdefault(service, []).append(finding)

    def learn(self, judged: Iterable[tuple[Difference, Reason]]) -> None:
        """Remembers judgements, for what follows from them or came in their company."""
        for difference, reason in judged:
            for origin in difference.because:
                self._judged.add(origin, (difference, reason))
                place, moment = place_of(origin), _moment(origin)
                if reason.verdict is Verdict.SUSPICIOUS and difference.change is not ChangeKind.REMOVED and place and moment:
                    self._moments[moment, place[0]] = origin["key"]

    def of_settings(self, told: tuple[Difference, ...]) -> list[Reason]:
        """The reasons in order. A list that came or went, and that nothing else explains, is what the gravest of its parts is."""
        self._wholes = frozenset(one.name for one in told if one.is_whole)
        self._taken = frozenset(place for one in told if one.change is ChangeKind.ADDED for place in _strings_of(one))
        reasons = [self._of_setting(one) for one in told]
        parts: dict[str, list[Reason]] = {}
        for one, reason in zip(told, reasons, strict=True):
            if not one.is_whole:
                parts.setdefault(one.name, []).append(reason)
        return [
            _of_parts(parts[one.name]) if one.is_whole and reason is _NONE and one.name in parts else reason
            for one, reason in zip(told, reasons, strict=True)
        ]

    def _of_setting(self, difference: Difference) -> Reason:
        flagged = self._flags(difference)
        machine = machine_reason(difference.what, self._settings)
        if machine and not flagged:
            return Reason(Verdict.MACHINE_STATE, machine)
        shipped = self._shipped(difference)
        if shipped:
            return Reason(Verdict.AS_SHIPPED, shipped)
        pair = isinstance(difference.before, dict) and "source" in difference.before
        if difference.change is ChangeKind.REMOVED and self._booted and pair:
            return Reason(Verdict.MACHINE_STATE, "a boot lies between the two, and carries such operations out")
        ordinary = servicing_reason(difference) or version_reason(difference.before, difference.after)
        if ordinary and not any(severity_rank(one["severity"]) >= _HIGH for one in flagged):
            return Reason(Verdict.SERVICING, ordinary)
        return _suspicious(flagged) if flagged else _NONE

    def of_effect(self, difference: Difference) -> Reason:
        flagged = self._cited_by(difference)
        source = self._followed(difference)
        if source is not None and source[1].verdict is Verdict.AS_SHIPPED:
            return _following(*source)
        calm = source is not None and source[1].verdict is Verdict.SERVICING
        ordinary = version_reason(difference.before, difference.after)
        grave = any(severity_rank(one["severity"]) >= _HIGH for one in flagged)
        if calm and source is not None and not grave:
            return _following(*source)
        if ordinary and not grave:
            return Reason(Verdict.SERVICING, ordinary)
        if flagged:
            return _suspicious(flagged)
        if source is not None:
            return _following(*source)
        machine = machine_reason(difference.what, self._settings)
        if machine:
            return Reason(Verdict.MACHINE_STATE, machine)
        if difference.name == "order" and not self._same_windows:
            return Reason(Verdict.AS_SHIPPED, f"it is the order of {self._windows}")
        if difference.name == "registry":
            return Reason(Verdict.MACHINE_STATE, "the boot itself writes it")
        return _NONE

    def in_company(self, difference: Difference, reason: Reason) -> Reason:
        """An unexplained program that was set up within a minute of a suspicious change is suspicious by its company."""
        new = difference.change is ChangeKind.ADDED and difference.name in _PROGRAMS
        if reason.verdict is not Verdict.UNEXPLAINED or not new:
            return reason
        for origin in difference.because:
            place, moment = place_of(origin), _moment(origin)
            if place is None or moment is None:
                continue
            near = [(_apart(when, moment), told) for (when, key), told in self._moments.items() if key != place[0]]
            seconds, key = min(near, default=(_COMPANY_SECONDS + 1.0, ""))
            if seconds <= _COMPANY_SECONDS:
                why = f"its key was written {seconds:.0f} s before or after {key}, where a change is suspicious"
                return Reason(Verdict.SUSPICIOUS, why)
        return reason

    def _shipped(self, difference: Difference) -> str:
        if difference.change is ChangeKind.REMOVED:
            if difference.shipped == _AS_SHIPPED:
                return f"what is left is as {self._windows} ships it"
            if difference.shipped is None and difference.was_shipped == _AS_SHIPPED and not self._same_windows:
                return f"{self._windows} does not list it" if not self._is_missed(difference) else ""
            return ""
        return f"{self._windows} ships it so" if difference.shipped == _AS_SHIPPED else ""

    def _is_missed(self, difference: Difference) -> bool:
        above = self._settings.get(difference.name.rpartition("/")[0], {})
        missing = above.get("missing", ()) if isinstance(above, dict) else ()
        return difference.subject.casefold() in {str(name).casefold() for name in missing}

    def _flags(self, difference: Difference) -> list[Json]:
        """The grave findings that cite a difference of the settings. One that cites a whole list is said of the list, or of its
        malformed elements, where one of these differs; one that cites a string is said of what it took the place of, too."""
        found: dict[str, Json] = {}
        for origin in difference.because:
            if difference.change is not ChangeKind.REMOVED or self._taken.intersection(_strings_of(difference)):
                found |= {one["fingerprint"]: one for one in self._citing.citing_strings(origin)}
            of_one = span_of(origin) is not None
            for finding in self._citing.citing_whole(origin):
                if not of_one or self._said_of(finding, difference):
                    found[finding["fingerprint"]] = finding
        if difference.name in _OF_SERVICES:
            found |= self._of_service(difference)
        return list(found.values())

    def _said_of(self, finding: Json, difference: Difference) -> bool:
        if finding["rule"] == _MALFORMED:
            return isinstance(difference.after, dict) and not difference.after.get("source")
        return difference.name not in self._wholes

    def _cited_by(self, difference: Difference) -> list[Json]:
        found: dict[str, Json] = {}
        for number in difference.events:
            found |= {one["fingerprint"]: one for one in self._by_event.get(number, ())}
        for origin in difference.because:
            cited = self._citing.citing_strings(origin) if span_of(origin) is not None else self._citing.citing_whole(origin)
            found |= {one["fingerprint"]: one for one in cited}
        if difference.name in _OF_SERVICES:
            found |= self._of_service(difference)
        return list(found.values())

    def _of_service(self, difference: Difference) -> dict[str, Json]:
        """The grave findings that cite the key of the service that a difference is about."""
        return {one["fingerprint"]: one for one in self._by_service.get(difference.subject.casefold(), ())}

    def _followed(self, difference: Difference) -> tuple[Difference, Reason] | None:
        """The change of a setting that an effect follows from, the one to look at first where there are several."""
        found: list[tuple[Difference, Reason]] = []
        for origin in difference.because:
            found += (
                self._judged.citing_strings(origin) if span_of(origin) is not None else self._judged.citing_whole(origin)
            )
        return min(found, key=lambda one: (one[1].verdict.rank, one[0].is_whole), default=None)


def _suspicious(findings: list[Json]) -> Reason:
    worst = max(findings, key=lambda one: severity_rank(one["severity"]))
    others = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    why = f"{worst['severity']} finding on the after side alone: {worst['title']} ({worst['rule']}){others}"
    return Reason(Verdict.SUSPICIOUS, why, tuple(one["fingerprint"] for one in findings))


def _of_parts(reasons: list[Reason]) -> Reason:
    worst = min(reasons, key=lambda one: one.verdict.rank)
    alike = sum(one.verdict is worst.verdict for one in reasons)
    cited = dict.fromkeys(one for reason in reasons for one in reason.findings)
    return Reason(worst.verdict, f"{alike} of the {len(reasons)} changes in it are {worst.verdict.value}", tuple(cited))


def _strings_of(difference: Difference) -> Iterator[tuple[str, int]]:
    """The numbers of the strings that an element of a list is, with the list's name."""
    for origin in difference.because:
        for number in (span_of(origin) or ()) if not difference.is_whole else ():
            yield difference.name, number


def _following(difference: Difference, reason: Reason) -> Reason:
    return Reason(reason.verdict, f"follows from {difference.what}: {reason.why}", reason.findings)


def _service_of(key: str) -> str:
    parts = key.split("\\", 3)
    return parts[2] if len(parts) > 2 and parts[1] == "services" else ""


def _moment(origin: Json) -> datetime | None:
    written = origin.get("written") if isinstance(origin, dict) else None
    try:
        return datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _apart(one: datetime, other: datetime) -> float:
    if (one.tzinfo is None) != (other.tzinfo is None):
        return float("inf")
    return abs((one - other).total_seconds())


def _booted(evidence: Mapping[str, Json]) -> tuple[Json, Json]:
    return evidence.get("last_boot"), evidence.get("boot_count")

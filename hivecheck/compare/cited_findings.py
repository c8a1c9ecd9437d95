"""Which findings of one side cite a difference: by the strings, the value or the key that they name, or by events of the boot."""

from collections.abc import Iterable, Mapping
from typing import Any

from hivecheck.compare.change import ChangeKind
from hivecheck.compare.citations import Citations, place_of, span_of
from hivecheck.compare.difference import Difference

Json = Any
ByFingerprint = dict[str, Json]
_OF_SERVICES = frozenset({"services", "drivers", "services/switched off", "class filters"})
_MALFORMED = "pfro-malformed"
_GROUP_ORDER = ("\\control\\servicegrouporder", "list")


class CitedFindings:
    """Some findings of one document, by what they cite."""

    def __init__(self, findings: Iterable[Json], number: int | None, most: int | None = None) -> None:
        """`number` is that of the control set that boots on the side of these findings; `most` how many of one place are given."""
        self.number = number
        self._most = most
        self._citing: Citations[Json] = Citations()
        self._by_event: dict[int, list[Json]] = {}
        self._by_service: dict[str, list[Json]] = {}
        self._by_subject: dict[str, list[Json]] = {}
        self._of_group_order: ByFingerprint = {}
        for finding in findings:
            self._note(finding)

    def _note(self, finding: Json) -> None:
        for number in finding["events"]:
            self._by_event.setdefault(number, []).append(finding)
        if finding["because"] and all(one.get("value") is None for one in finding["because"]):
            self._by_subject.setdefault(finding["subject"].casefold(), []).append(finding)
        for origin in finding["because"]:
            self._citing.add(origin, self.number, finding)
            place = place_of(origin, self.number)
            if place is None:
                continue
            service = _service_of(place[0])
            if service:
                self._by_service.setdefault(service, []).append(finding)
            if place[0].endswith(_GROUP_ORDER[0]) and place[1] == _GROUP_ORDER[1]:
                self._of_group_order[finding["fingerprint"]] = finding

    def said_of_setting(
        self,
        difference: Difference,
        origins: Iterable[Json],
        number: int | None,
        wholes: frozenset[str],
        by_string: bool = True,
    ) -> ByFingerprint:
        """Those that cite a difference of the settings by these origins, of the control set `number`.

        One that cites a whole list is said of the list, or of its malformed elements, where one of these differs. One that
        cites a key alone is said of a value in it that went, where the value is what it is about.
        """
        found: ByFingerprint = {}
        for origin in origins:
            if by_string:
                found |= _keyed(self._citing.citing_strings(origin, number))
            of_one = span_of(origin) is not None and not difference.is_whole
            for finding in self._citing.citing_whole(origin, number)[: self._most]:
                if not of_one or _is_said_of(finding, difference, wholes):
                    found[finding["fingerprint"]] = finding
        if difference.change is ChangeKind.REMOVED:
            found |= _keyed(self._by_subject.get(difference.name.casefold(), ()))
        if difference.name in _OF_SERVICES:
            found |= self._of_service(difference)
        return found

    def said_of_effect(self, difference: Difference, number: int | None) -> ByFingerprint:
        """Those that cite an effect: its events, what it is because of, or the order of the groups where it stands elsewhere."""
        found: ByFingerprint = {}
        for event in difference.events:
            found |= _keyed(self._by_event.get(event, ()))
        for origin in difference.because:
            of_string = span_of(origin) is not None
            find = self._citing.citing_strings if of_string else self._citing.citing_whole
            found |= _keyed(find(origin, number))
        if difference.name in _OF_SERVICES:
            found |= self._of_service(difference)
            if difference.change is ChangeKind.MOVED:
                found |= self._of_group_order
        return found

    def _of_service(self, difference: Difference) -> ByFingerprint:
        return _keyed(self._by_service.get(difference.subject.casefold(), ()))


def _keyed(findings: Iterable[Json]) -> ByFingerprint:
    return {one["fingerprint"]: one for one in findings}


def _is_said_of(finding: Json, difference: Difference, wholes: frozenset[str]) -> bool:
    if finding["rule"] == _MALFORMED:
        thing = difference.after if difference.after is not None else difference.before
        return isinstance(thing, Mapping) and not thing.get("source")
    return difference.name not in wholes


def _service_of(key: str) -> str:
    parts = key.split("\\", 3)
    return parts[2] if len(parts) > 2 and parts[1] == "services" else ""

"""Whose work a difference looks like, with the reason: as shipped, servicing, the machine's own, suspicious, or unexplained.

    as-shipped      the baseline of the after side's Windows names this very value
    servicing       its data are of a form that updates and installers leave, and no grave finding cites it
    suspicious      a finding of medium or above stands on the after side alone and cites it, or stood on the before side alone
                    and cites what is gone; or it came in the company of such a change
    machine-state   the machine writes it by running, in the form that it writes, or the boot between the two carried it out

An effect without a reason of its own takes the verdict of the change that it follows from; a setting takes that of an effect that
is suspicious for a reason of its own; a list, or a key, that of the part to look at first. A name like that of servicing never
outweighs a finding of high or critical: whoever plants something may choose its name.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.citations import Citations, span_of
from hivecheck.compare.cited_findings import ByFingerprint, CitedFindings
from hivecheck.compare.company import Company, is_operation
from hivecheck.compare.difference import Difference
from hivecheck.compare.findings import FindingChanges, severity_rank, stands
from hivecheck.compare.ordinary import command_reason, machine_reason, version_reason
from hivecheck.compare.reasons import Reason, following, gone, is_grave, of_effect, of_parts, suspicious, unexplained
from hivecheck.compare.shipped import Shipped
from hivecheck.compare.uncovered import tell_uncovered

Json = Any
Judged = tuple[Difference, Reason]
_AS_SHIPPED = "as shipped"
_MOST_NAMED = 16  # findings of one value that an unexplained change may name
_KNOWN_DLLS = "names/\\knowndlls"


def judge_differences(
    settings: Iterable[Difference],
    effects: Iterable[Difference],
    findings: FindingChanges,
    before: Mapping[str, Json],
    after: Mapping[str, Json],
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The changes of both heights with their verdicts, in the order of the differences. The mappings are the documents.

    New grave findings that no difference covers follow the settings as changes of their own.
    """
    judge = _Judge(findings, before, after)
    told, results = tuple(settings), tuple(effects)
    reasons = judge.of_settings(told)
    effect_reasons = judge.of_effects(results)
    if judge.raise_settings(told, reasons, zip(results, effect_reasons, strict=True)):
        effect_reasons = judge.of_effects(results)
    left = tuple(one for one in judge.grave if one["fingerprint"] not in judge.used)
    added = [(one, suspicious(cited)) for one, cited in tell_uncovered(left, (*told, *results), before, after)]
    return (
        tuple(_change(*one) for one in (*zip(told, reasons, strict=True), *added)),
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
    """What all judgements of one comparison need: the findings of both sides by what they cite, and what is judged already."""

    def __init__(self, findings: FindingChanges, before: Mapping[str, Json], after: Mapping[str, Json]) -> None:
        medium = severity_rank("medium")
        raised = {key for key, severity in findings.severities if severity_rank(severity) < medium}
        fresh = (*findings.new, *(one for one in findings.still if one["fingerprint"] in raised))
        self.grave = [one for one in fresh if stands(one) and severity_rank(one["severity"]) >= medium]
        self.used: set[str] = set()
        self._numbers: tuple[int | None, int | None] = before["control_set"]["number"], after["control_set"]["number"]
        was_grave = [one for one in findings.gone if stands(one) and severity_rank(one["severity"]) >= medium]
        self._fresh = CitedFindings(self.grave, self._numbers[1])
        self._gone = CitedFindings(was_grave, self._numbers[0])
        self._all = CitedFindings(after["findings"], self._numbers[1], most=_MOST_NAMED)
        self._shipped_by = Shipped(after["generation"])
        self._settings = after["settings"]
        self._windows = after["generation"]["name"]
        self._same_windows = before["generation"]["id"] == after["generation"]["id"]
        self._booted = _booted(before["evidence"]) != _booted(after["evidence"])
        self._company = Company()
        self._judged: Citations[Judged] = Citations()
        self._by_name: dict[str, Judged] = {}
        self._wholes: frozenset[str] = frozenset()
        self._taken: frozenset[tuple[str, int]] = frozenset()

    def _number(self, difference: Difference) -> int | None:
        """The control set that boots on the side whose origins a difference cites."""
        before, after = self._numbers
        return before if difference.change is ChangeKind.REMOVED else after

    # --- settings ------------------------------------------------------------------------------------------------------

    def of_settings(self, told: tuple[Difference, ...]) -> list[Reason]:
        """The reasons in order, with company and the parts of lists looked at."""
        self._wholes = frozenset(one.name for one in told if one.is_whole)
        self._taken = frozenset(place for one in told if one.change is ChangeKind.ADDED for place in _strings_of(one))
        reasons = [self._of_setting(one) for one in told]
        self._company.learn(zip(told, reasons, strict=True), self._numbers[1])
        reasons = [self._company.judge(one, reason, self._number(one)) for one, reason in zip(told, reasons, strict=True)]
        self._settle(told, reasons)
        return reasons

    def _settle(self, told: tuple[Difference, ...], reasons: list[Reason]) -> None:
        """Gives each list or key the reason of its parts, and remembers all for what follows from them."""
        parts: dict[str, list[Reason]] = {}
        for one, reason in zip(told, reasons, strict=True):
            above = one.name if not one.is_whole else one.name.rpartition("/")[0]
            if above in self._wholes:
                parts.setdefault(above, []).append(reason)
        self._judged, self._by_name = Citations(), {}
        for place, one in enumerate(told):
            if one.is_whole and one.name in parts:
                reasons[place] = of_parts(parts[one.name], reasons[place])
            for origin in (*one.because, *one.was_because):
                self._judged.add(origin, self._number(one), (one, reasons[place]))
            self._by_name[one.name.casefold()] = one, reasons[place]

    def _of_setting(self, difference: Difference) -> Reason:
        flagged, ended = self._flags(difference), self._ended(difference)
        if not flagged and not ended:
            machine = machine_reason(difference, self._settings)
            if machine:
                return Reason(Verdict.MACHINE_STATE, machine)
        if not ended and not (flagged and difference.change is ChangeKind.REMOVED):
            shipped = self._shipped(difference)
            if shipped:
                return Reason(Verdict.AS_SHIPPED, shipped)
        ordinary = self._ordinary(difference)
        cited = flagged | ended
        carried_out = difference.change is ChangeKind.REMOVED and self._booted and is_operation(difference.before)
        if carried_out and (not cited or (ordinary and not is_grave(cited))):
            return Reason(Verdict.MACHINE_STATE, "a boot lies between the two, and carries such operations out")
        if ordinary and not is_grave(cited):
            return Reason(Verdict.SERVICING, ordinary)
        if flagged:
            return suspicious(flagged)
        return gone(ended, self._booted) if ended else unexplained(self._mild(difference))

    def _ordinary(self, difference: Difference) -> str:
        found = command_reason(difference) or version_reason(difference.before, difference.after)
        if found or not (is_operation(difference.before) or is_operation(difference.after)):
            return found
        from hivecheck.compare.ordinary_renames import rename_reason

        return rename_reason(difference)

    def _shipped(self, difference: Difference) -> str:
        if difference.change is ChangeKind.REMOVED:
            if difference.shipped == _AS_SHIPPED and self._is_named(difference):
                return f"what is left is as {self._windows} ships it"
            if difference.shipped is None and difference.was_shipped == _AS_SHIPPED and not self._same_windows:
                return f"{self._windows} does not list it" if not self._is_missed(difference) else ""
            return ""
        found = difference.shipped == _AS_SHIPPED and self._is_named(difference)
        return f"{self._windows} ships it so" if found else ""

    def _is_named(self, difference: Difference) -> bool:
        setting = self._settings.get(difference.name)
        return isinstance(setting, dict) and self._shipped_by.is_named(difference.name, setting.get("value"))

    def _is_missed(self, difference: Difference) -> bool:
        above = self._settings.get(difference.name.rpartition("/")[0], {})
        missing = above.get("missing", ()) if isinstance(above, dict) else ()
        return difference.subject.casefold() in {str(name).casefold() for name in missing}

    def _flags(self, difference: Difference) -> ByFingerprint:
        """The grave new findings that cite it; one that cites a string is said of what it took the place of, too."""
        taken = bool(self._taken.intersection(_strings_of(difference)))
        by_string = difference.change is not ChangeKind.REMOVED or taken
        found = self._fresh.said_of_setting(
            difference, difference.because, self._number(difference), self._wholes, by_string
        )
        self.used.update(found)
        return found

    def _ended(self, difference: Difference) -> ByFingerprint:
        """The grave findings of the before side alone that cite what is gone, or was otherwise."""
        if difference.change not in (ChangeKind.REMOVED, ChangeKind.CHANGED):
            return {}
        origins = difference.because if difference.change is ChangeKind.REMOVED else difference.was_because
        return self._gone.said_of_setting(difference, origins, self._numbers[0], self._wholes)

    def _mild(self, difference: Difference) -> ByFingerprint:
        """Whatever finding of the after side cites it, of any severity, new or not."""
        by_string = difference.change is not ChangeKind.REMOVED
        return self._all.said_of_setting(difference, difference.because, self._number(difference), frozenset(), by_string)

    # --- effects -------------------------------------------------------------------------------------------------------

    def of_effects(self, results: tuple[Difference, ...]) -> list[Reason]:
        """The reasons in order, with company looked at."""
        reasons = [self._of_effect(one) for one in results]
        self._company.learn(zip(results, reasons, strict=True), self._numbers[1])
        return [self._company.judge(one, reason, self._number(one)) for one, reason in zip(results, reasons, strict=True)]

    def raise_settings(self, told: tuple[Difference, ...], reasons: list[Reason], results: Iterable[Judged]) -> bool:
        """Makes suspicious each setting whose effect is so for a reason of its own, and says whether there was one."""
        places = {id(one): place for place, one in enumerate(told)}
        found = False
        for effect, reason in results:
            if reason.verdict is not Verdict.SUSPICIOUS or not self._cited_by(effect) or effect.change is ChangeKind.MOVED:
                continue
            sources = list(self._sources(effect))
            if any(verdict.verdict is Verdict.SUSPICIOUS for _, verdict in sources):
                continue
            for setting, verdict in sources:
                if verdict.verdict is not Verdict.AS_SHIPPED:
                    reasons[places[id(setting)]] = of_effect(effect, reason)
                    found = True
        if found:
            self._settle(told, reasons)
        return found

    def _of_effect(self, difference: Difference) -> Reason:
        flagged, source = self._cited_by(difference), self._followed(difference)
        if source is not None and source[1].verdict is Verdict.AS_SHIPPED:
            return following(*source)
        calm = source is not None and source[1].verdict is Verdict.SERVICING
        if calm and source is not None and not is_grave(flagged):
            return following(*source)
        ordinary = version_reason(difference.before, difference.after)
        if ordinary and not is_grave(flagged) and (source is None or source[1].verdict is not Verdict.SUSPICIOUS):
            return Reason(Verdict.SERVICING, ordinary)
        if flagged:
            return suspicious(flagged)
        if source is not None:
            return following(*source)
        return self._of_boot(difference)

    def _of_boot(self, difference: Difference) -> Reason:
        """The reason of an effect that no finding cites and that follows from no change of a setting."""
        machine = machine_reason(difference, self._settings)
        if machine:
            return Reason(Verdict.MACHINE_STATE, machine)
        if difference.name == "order" and not self._same_windows:
            return Reason(Verdict.AS_SHIPPED, f"it is the order of {self._windows}")
        if difference.name == "registry":
            return Reason(Verdict.MACHINE_STATE, "the boot itself writes it")
        return unexplained(self._all.said_of_effect(difference, self._number(difference)))

    def _cited_by(self, difference: Difference) -> ByFingerprint:
        found = self._fresh.said_of_effect(difference, self._number(difference))
        if difference.change is not ChangeKind.MOVED:  # another place tells nothing of what moved it
            self.used.update(found)
        return found

    def _sources(self, difference: Difference) -> Iterator[Judged]:
        """The changes of settings that an effect is because of."""
        number = self._number(difference)
        for origin in difference.because:
            of_string = span_of(origin) is not None
            yield from (self._judged.citing_strings if of_string else self._judged.citing_whole)(origin, number)

    def _followed(self, difference: Difference) -> Judged | None:
        """The change that an effect follows from, the one to look at first where there are several.

        A KnownDLL of which nothing changed is another file where the folder of all of them is another one.
        """
        found = min(self._sources(difference), key=lambda one: (one[1].verdict.rank, one[0].is_whole), default=None)
        if found is None and difference.what.casefold().startswith(_KNOWN_DLLS):
            other = "32" if difference.what.casefold().startswith(_KNOWN_DLLS + "32") else ""
            return self._by_name.get(f"knowndlls/dlldirectory{other}")
        return found


def _strings_of(difference: Difference) -> Iterator[tuple[str, int]]:
    """The numbers of the strings that an element of a list is, with the list's name."""
    for origin in difference.because:
        for number in (span_of(origin) or ()) if not difference.is_whole else ():
            yield difference.name, number


def _booted(evidence: Mapping[str, Json]) -> tuple[Json, Json]:
    return evidence.get("last_boot"), evidence.get("boot_count")

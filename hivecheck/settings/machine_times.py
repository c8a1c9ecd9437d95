r"""When the machine last shut down and booted, and its time zone, guessed from the hive alone. Times are FILETIME ticks.

A time that Windows stores in a value is set against the last write of the key that holds it: the two are written together,
so where they disagree one of them was changed.
Sources: baselines.md 2.3 (BaseTime, from five real hives); smss.md B.20 (the SubSystems key carries the boot time from XP
to 7); that the kernel writes SystemStartOptions into `Control` at each boot: real hives of NT 4, XP x64, 7 and 10.
"""

from datetime import date

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import is_moment, iso_utc
from hivecheck.facts.generation import WIN7, WIN2003, XP, Generation
from hivecheck.registry.hive import Key
from hivecheck.settings.guess import Guess, Reason, no_guess
from hivecheck.settings.machine_keys import Found, MachineKeys, seconds_between, ticks_of_date
from hivecheck.settings.version_marks import CONTROL_WINDOWS, PREFETCH, SUBSYSTEMS

TIME_ZONE = r"Control\TimeZoneInformation"
BASE_TIME_START_TICKS = ticks_of_date(date(2001, 1, 1))
BASE_TIME_UNIT_TICKS = 10_240_000  # 1.024 s
TOGETHER_SECONDS = 5.0
BOOT_SECONDS = 3600.0  # how long after the boot SubSystems may be written
DAY_MINUTES = 24 * 60


@fact
class TimeZone:
    """A bias is what Windows adds to local time to get UTC, in minutes: 480 for UTC-08:00. The active was in force last."""

    name: str
    bias_minutes: int
    active_bias_minutes: int | None

    def describe(self) -> str:
        """`Pacific Standard Time (UTC-08:00, active -07:00)`."""
        active = "" if self.active_bias_minutes is None else f", active {_offset(self.active_bias_minutes)}"
        return f"{self.name or 'unnamed'} (UTC{_offset(self.bias_minutes)}{active})"


def _offset(bias_minutes: int) -> str:
    hours, minutes = divmod(abs(bias_minutes), 60)
    return f"{'-' if bias_minutes > 0 else '+'}{hours:02d}:{minutes:02d}"


def guess_time_zone(keys: MachineKeys) -> Guess[TimeZone]:
    """From `Bias`; the name is `TimeZoneKeyName` (Vista and later) or `StandardName`, as spelled, '' where there is none."""
    bias = _read_bias(keys, "Bias")
    if bias is None:
        return no_guess("TimeZoneInformation has no usable Bias.", *keys.key_ref(TIME_ZONE))
    name = keys.text(TIME_ZONE, "TimeZoneKeyName") or keys.text(TIME_ZONE, "StandardName")
    active = _read_bias(keys, "ActiveTimeBias")
    reasons = [Reason(f"Bias is {bias.value} minutes.", (bias.ref,))]
    if name is not None:
        reasons.append(Reason(f"{name.ref.value} is {name.value}.", (name.ref,)))
    seasons = [found for season in ("StandardBias", "DaylightBias") if (found := _read_bias(keys, season)) is not None]
    confidence = Confidence.HIGH if name and active else Confidence.MEDIUM
    if active is not None and active.value in {bias.value, *(bias.value + season.value for season in seasons)}:
        reasons.append(Reason(f"ActiveTimeBias is {active.value} minutes, one of this zone's.", (active.ref,)))
    elif active is not None:
        text = f"ActiveTimeBias is {active.value} minutes, which this zone never has: the zone was changed, or by hand."
        reasons.append(Reason(text, (active.ref, *(season.ref for season in seasons))))
        confidence = Confidence.LOW
    zone = TimeZone(name.value if name else "", bias.value, active.value if active else None)
    return Guess(zone, confidence, tuple(reasons))


def _read_bias(keys: MachineKeys, name: str) -> Found[int] | None:
    """Signed minutes of at most a day."""
    found = keys.number(TIME_ZONE, name)
    if found is None:
        return None
    minutes = found.value - (1 << 32) if found.value >> 31 else found.value
    if abs(minutes) > DAY_MINUTES:
        keys.report("implausible-time", f"{name} is {minutes} minutes, more than a day.", found.ref)
        return None
    return Found(minutes, found.stored, str(minutes))


def guess_last_shutdown(keys: MachineKeys) -> Guess[int]:
    """From `ShutdownTime`: the last shutdown that went to its end."""
    found, key = keys.ticks(CONTROL_WINDOWS, "ShutdownTime"), keys.key(CONTROL_WINDOWS)
    if found is None or key is None:
        return no_guess(r"Control\Windows has no usable ShutdownTime.", *keys.key_ref(CONTROL_WINDOWS))
    confidence, comparison = _compare_with_key(found.value, key, "shutdown")
    return Guess(found.value, confidence, (Reason(f"ShutdownTime is {iso_utc(found.value)}.", (found.ref,)), comparison))


def _compare_with_key(ticks: int, key: Key, what: str) -> tuple[Confidence, Reason]:
    if not is_moment(key.written):
        stored = f", {iso_utc(key.written)}, is no moment of any Windows" if key.written else " is not stored"
        return Confidence.MEDIUM, Reason(f"The last write of the key{stored}: nothing to compare with.", (key.ref,))
    gap = seconds_between(ticks, key.written)
    if abs(gap) <= TOGETHER_SECONDS:
        return Confidence.HIGH, Reason("The last write of the key agrees.", (key.ref,))
    written = iso_utc(key.written)
    if gap > 0:
        text = f"The key was written again at {written}, after this {what}."
        return Confidence.MEDIUM, Reason(text, (key.ref,))
    text = f"The key was last written at {written}, before the {what} it tells of: one of the two was altered."
    return Confidence.LOW, Reason(text, (key.ref,))


def guess_last_boot(keys: MachineKeys, generation: Generation | None) -> Guess[int]:
    """From `BaseTime` (Vista and later), to 1.024 s; before it from the last write of a key that each boot writes."""
    base = _read_base_time(keys)
    prefetch = keys.key(PREFETCH)
    if base is None or prefetch is None:
        return _boot_by_last_writes(keys, generation)
    confidence, comparison = _compare_with_key(base.value, prefetch, "boot")
    text = f"BaseTime is {base.text}: {iso_utc(base.value)}."
    reasons = [Reason(text, (base.ref,)), comparison]
    subsystems = keys.key(SUBSYSTEMS)
    if subsystems is not None and is_moment(subsystems.written) and generation is not None and XP <= generation <= WIN7:
        after = seconds_between(base.value, subsystems.written)
        if -TOGETHER_SECONDS <= after <= BOOT_SECONDS:
            reasons.append(Reason("SubSystems was last written during that boot, as it is on XP to 7.", (subsystems.ref,)))
        else:
            text = f"SubSystems, which each boot of XP to 7 writes, was last written at {iso_utc(subsystems.written)}."
            reasons.append(Reason(text, (subsystems.ref,)))
            confidence = Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
    return Guess(base.value, confidence, tuple(reasons))


def _read_base_time(keys: MachineKeys) -> Found[int] | None:
    found = keys.number(PREFETCH, "BaseTime")
    if found is None:
        return None
    ticks = BASE_TIME_START_TICKS + found.value * BASE_TIME_UNIT_TICKS
    if found.value == 0:
        keys.report("implausible-time", "BaseTime is 0, which would be a boot in 2001.", found.ref)
        return None
    return Found(ticks, found.stored, found.text) if keys.is_plausible(ticks, "BaseTime", found.ref) else None


def _boot_by_last_writes(keys: MachineKeys, generation: Generation | None) -> Guess[int]:
    subsystems, control = keys.key(SUBSYSTEMS), keys.key("Control")
    if (
        subsystems is not None
        and generation in (XP, WIN2003)
        and keys.is_plausible(subsystems.written, "SubSystems", subsystems.ref)
    ):
        text = f"No BaseTime; each boot of XP and 2003 writes the key SubSystems: {iso_utc(subsystems.written)}."
        return Guess(subsystems.written, Confidence.MEDIUM, (Reason(text, (subsystems.ref,)),))
    options = keys.raw("Control", "SystemStartOptions")
    if control is not None and options is not None and keys.is_plausible(control.written, "Control", control.ref):
        text = (
            f"No BaseTime; each boot writes SystemStartOptions, and its key was last written at {iso_utc(control.written)}."
        )
        return Guess(control.written, Confidence.LOW, (Reason(text, (control.ref, options.ref)),))
    return no_guess("Nothing in the hive tells of a boot.", *keys.key_ref(PREFETCH))


def guess_boot_count(keys: MachineKeys) -> Guess[int]:
    """From `BootId` (Vista and later), which grows by one a boot; inferred from real hives. An upgrade starts it anew."""
    found = keys.number(PREFETCH, "BootId")
    if found is None:
        return no_guess("PrefetchParameters has no usable BootId.", *keys.key_ref(PREFETCH))
    return Guess(found.value, Confidence.MEDIUM, (Reason(f"BootId is {found.value}.", (found.ref,)),))

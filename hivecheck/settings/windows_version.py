r"""The Windows generation of a hive, guessed from the hive alone.

No mark decides: each is as easy to forge as any other value. Every mark votes for the generations it fits, with its
weight; all marks of one key together count no more than `KEY_WEIGHT`, since one key is written in one go; the generation
with the most votes is the guess. What speaks against it lowers the confidence and is told. So a forged build number loses
against a whole hive that says otherwise, and wins where nothing contradicts it.
The marks and their sources are in `version_marks` and `version_builds`; the weights are our judgement.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import GENERATIONS, WIN10_1903, WIN10_1909, Generation
from hivecheck.settings.guess import Guess, Reason, no_guess
from hivecheck.settings.machine_keys import MachineKeys
from hivecheck.settings.mark import MarkGroup
from hivecheck.settings.version_builds import (
    votes_of_builds,
    votes_of_drivers,
    votes_of_format,
    votes_of_product,
    votes_of_setup,
)
from hivecheck.settings.version_marks import DEAR_KEY_MARKS, DEAR_VALUE_MARKS, KEY_MARKS, VALUE_MARKS, WHOLE_CONTROL_SET
from hivecheck.settings.vote import ALL, Vote, describe_fits

KEY_WEIGHT = 8.0  # as much as the strongest value that names a build
TWINS = (WIN10_1903, WIN10_1909)
ROUNDING = 0.001
SHOWN_MARKS = 4  # of one key, in a reason; the others are counted


def guess_generation(keys: MachineKeys, regf_version: tuple[int, int] | None = None) -> Guess[Generation]:
    """The generation that most marks fit; of several that fit alike the oldest, and a reason names the others.

    `regf_version` is the version of the hive's file format, (1, 5) for most; None where there is no file.
    """
    votes = [*votes_of_builds(keys), *votes_of_setup(keys), *_votes_of_groups(keys, VALUE_MARKS, KEY_MARKS)]
    if not votes:
        return no_guess("The hive has none of the marks by which Windows versions differ.")
    votes += votes_of_product(keys)
    if regf_version is not None:
        votes += votes_of_format(keys, regf_version)
    guess = _conclude(_count(votes))
    if guess.confidence is Confidence.HIGH:
        return guess
    return _conclude(_count([*votes, *votes_of_drivers(keys), *_votes_of_groups(keys, DEAR_VALUE_MARKS, DEAR_KEY_MARKS)]))


def _votes_of_groups(
    keys: MachineKeys, value_marks: tuple[MarkGroup, ...], key_marks: tuple[MarkGroup, ...]
) -> Iterator[Vote]:
    for group in value_marks:
        yield from _votes_of_values(keys, group)
    if keys.key(WHOLE_CONTROL_SET) is not None:
        for group in key_marks:
            yield from _votes_of_subkeys(keys, group)


def _votes_of_values(keys: MachineKeys, group: MarkGroup) -> Iterator[Vote]:
    key = keys.key(group.path)
    if key is None:
        return
    if len(group.marks) > 3:
        keys.load(group.path)
    key_ref = key.ref
    is_whole = group.whole is not None and keys.raw(group.path, group.whole) is not None
    for mark in group.marks:
        raw = keys.raw(group.path, mark.name)
        name = mark.name or "the unnamed value"
        if raw is None:
            if mark.missing and is_whole:
                yield Vote(group.path, f"{name} is missing", ALL - mark.fits, mark.missing, (key_ref,))
        elif mark.holds is None or mark.holds(raw):
            yield Vote(group.path, f"{name} {mark.what}", mark.fits, mark.present, (raw.ref,))


def _votes_of_subkeys(keys: MachineKeys, group: MarkGroup) -> Iterator[Vote]:
    above = keys.key(group.path)
    if above is None:
        return
    above_ref = above.ref
    for mark in group.marks:
        key = keys.key(group.path.rstrip("\\") + "\\" + mark.name)
        if key is not None:
            yield Vote(group.path, f"{mark.name} is there", mark.fits, mark.present, (key.ref,))
        elif mark.missing:
            yield Vote(group.path, f"{mark.name} is missing", ALL - mark.fits, mark.missing, (above_ref,))


@fact
class _Count:
    """The votes counted. `alike`: the generations with the most votes; `lead`: how far the next one is behind."""

    alike: tuple[Generation, ...]
    most: float
    lead: float
    supporters: tuple[Vote, ...]
    against: tuple[Vote, ...]
    contradiction: float


def _count(votes: list[Vote]) -> _Count:
    """Those of one key weigh no more than `KEY_WEIGHT` together."""
    of_key: dict[str, float] = {}
    for vote in votes:
        of_key[vote.key] = of_key.get(vote.key, 0.0) + vote.weight
    of_fits: dict[int, float] = {}
    for vote in votes:
        of_fits[vote.fits] = of_fits.get(vote.fits, 0.0) + vote.weight * min(1.0, KEY_WEIGHT / of_key[vote.key])
    places = range(len(GENERATIONS))
    scores = [sum(weight for fits, weight in of_fits.items() if fits >> place & 1) for place in places]
    most = max(scores)
    alike = tuple(row for row, score in zip(GENERATIONS, scores, strict=True) if score > most - ROUNDING)
    behind = max((score for score in scores if score <= most - ROUNDING), default=0.0)
    return _Count(
        alike,
        most,
        most - behind,
        tuple(vote for vote in votes if vote.supports(alike[0])),
        tuple(vote for vote in votes if not vote.supports(alike[0])),
        sum(of_fits.values()) - most,
    )


def _conclude(count: _Count) -> Guess[Generation]:
    generation = count.alike[0]
    reasons = list(_reasons_for(count.supporters))
    if count.alike == TWINS:
        text = "Windows 10 1909 is the same build with a switch thrown; a SYSTEM hive can't tell them apart."
        reasons.append(Reason(text))
    elif len(count.alike) > 1:
        others = ", ".join(other.name for other in count.alike[1:])
        reasons.append(Reason(f"Fits as well: {others}. Nothing in this hive tells them apart."))
    for vote in count.against:
        text = f"Speaks against it: {vote.key}: {vote.text}, which fits {describe_fits(vote.fits)}."
        reasons.append(Reason(text, vote.because))
    return Guess(generation, _confidence(count), tuple(reasons))


def _confidence(count: _Count) -> Confidence:
    """HIGH: a build is named, or many marks agree and no neighbour is close; no other build is named, little contradicts.

    MEDIUM: contradictions weigh less than half of what agrees, and what else fits is of the same family of smss.
    """
    is_one = len(count.alike) == 1 or count.alike == TWINS
    is_named = any(vote.names_build for vote in count.supporters)
    is_disputed = any(vote.names_build for vote in count.against) or count.contradiction * 20 > count.most
    if is_one and not is_disputed and (is_named or (count.most >= 10 and count.lead >= 3)):
        return Confidence.HIGH
    is_one_family = len({generation.family for generation in count.alike}) == 1
    if is_one_family and count.most >= 4 and count.contradiction * 2 <= count.most:
        return Confidence.MEDIUM
    return Confidence.LOW


def _reasons_for(votes: tuple[Vote, ...]) -> Iterator[Reason]:
    """What names a build, each by itself; then one reason a key, its narrowest marks first."""
    by_key: dict[str, list[Vote]] = {}
    for vote in votes:
        if vote.names_build:
            yield Reason(f"{vote.key}: {vote.text}.", vote.because)
        else:
            by_key.setdefault(vote.key, []).append(vote)
    for key, supporters in by_key.items():
        supporters.sort(key=lambda vote: (vote.fits.bit_count(), -vote.weight))
        shown = "; ".join(vote.text for vote in supporters[:SHOWN_MARKS])
        more = f"; {len(supporters) - SHOWN_MARKS} more marks" if len(supporters) > SHOWN_MARKS else ""
        fits = ALL
        for vote in supporters:
            fits &= vote.fits
        because = {id(origin): origin for vote in supporters for origin in vote.because}  # what is missing shares the key's
        yield Reason(f"{key}: {shown}{more}. Together they fit {describe_fits(fits)}.", tuple(because.values()))

"""A sentence about Windows, true of some generations: the rows that the sections beside the replay are made of."""

from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Generation
from hivecheck.facts.origin import Origin
from hivecheck.settings.setting import Presence, Setting


@fact
class Statement:
    """`source` names the document; `because` are the values of this hive that it rests on, none where it is true of any."""

    text: str
    certainty: Certainty
    source: str
    because: tuple[Origin, ...] = ()


@fact
class StaticRow:
    """A sentence for the generations from `since` on and before `before`, None where there is no such end."""

    since: Generation
    before: Generation | None
    text: str
    certainty: Certainty
    source: str

    def holds_for(self, generation: Generation) -> bool:
        return self.since <= generation and (self.before is None or generation < self.before)


def statements_of(rows: tuple[StaticRow, ...], generation: Generation) -> tuple[Statement, ...]:
    """Those of a table that are true of one generation, in the table's order."""
    return tuple([Statement(row.text, row.certainty, row.source) for row in rows if row.holds_for(generation)])


def told_number(setting: Setting[int | None], meanings: dict[int, str], otherwise: str, absent: str) -> str:
    """What a number of this hive means, as a sentence; `absent` where there is none, `otherwise` where it has no meaning here."""
    if setting.value is not None:
        meaning = meanings.get(setting.value, otherwise)
        return f"{setting.name.rsplit('/', 1)[-1]} is {setting.value}: {meaning}"
    name = setting.name.rsplit("/", 1)[-1]
    if setting.presence is Presence.ABSENT:
        return f"{name} is not set: {absent}"
    return f"{name} can't be used as stored: {absent}"

"""What each setting is against the Windows as shipped, in the words that every report prints; and which baseline that is."""

from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.baselines.baseline import Baseline, Standing
from hivecheck.baselines.standing import missing_values, standing_of_setting, worst_word
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import GENERATIONS
from hivecheck.facts.visible import visible
from hivecheck.settings.row import Row
from hivecheck.settings.setting import Setting

_SHOWN_MISSING = 12


@fact
class Shipped:
    """`word` is the one that matters most, None where the baselines say nothing; `words` are those of a key's texts, in order.

    `missing` are the names of texts that Windows ships and the key lacks.
    """

    word: Standing | None
    words: tuple[Standing, ...]
    missing: tuple[str, ...]

    def word_of(self, place: int) -> str:
        """The word of one text of the key, where it is not as shipped; else ''."""
        word = self.words[place] if place < len(self.words) else Standing.AS_SHIPPED
        return "" if word is Standing.AS_SHIPPED else word.value

    @property
    def missing_words(self) -> str:
        """The names of what is missing; '' where nothing is."""
        if not self.missing:
            return ""
        left = len(self.missing) - _SHOWN_MISSING
        return ", ".join(map(visible, self.missing[:_SHOWN_MISSING])) + (f" and {left} more" if left > 0 else "")


def held_against(baseline: Baseline, row: Row[Any], setting: Setting[Any]) -> Shipped:
    """How a setting stands to the Windows as shipped."""
    words, missing = standing_of_setting(baseline, row, setting), missing_values(baseline, row, setting)
    of_texts = words if row.value is None and isinstance(setting.value, tuple) else ()
    return Shipped(worst_word(words, missing), of_texts, tuple([entry.name for entry in missing]))


def baseline_words(analysis: Analysis) -> str:
    """Which Windows as shipped the settings are held against, one sentence; it says where that is not this very one."""
    baseline = analysis.baseline
    own = analysis.generation.name
    named = next((one.name for one in GENERATIONS if one.id == baseline.id), baseline.id)
    if baseline.nearest:
        return f"There is no baseline of {own}: the settings are held against {named}, the nearest that there is."
    sure = (
        ""
        if baseline.certainty == "high"
        else f" (known with {baseline.certainty} certainty: no clean hive of it was at hand)"
    )
    return f"The settings are held against {named} as shipped{sure}."

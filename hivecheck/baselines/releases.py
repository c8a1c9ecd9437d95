"""The builds that Microsoft released, by which a build is told that no baseline was made for. Previews are not among them.

Source: "Windows 10 release information", "Windows 11 release information" and "Windows Server release information" of the
Windows documentation; the older ones by their service packs.
"""

from hivecheck.baselines.baseline import Baseline
from hivecheck.facts.generation import GENERATIONS

_RELEASES: dict[tuple[int, int], frozenset[int]] = {
    (3, 10): frozenset((511, 528)),
    (3, 50): frozenset((807,)),
    (3, 51): frozenset((1057,)),
    (4, 0): frozenset((1381,)),
    (5, 0): frozenset((2195,)),
    (5, 1): frozenset((2600,)),
    (5, 2): frozenset((3790,)),
    (6, 0): frozenset((6000, 6001, 6002, 6003)),
    (6, 1): frozenset((7600, 7601)),
    (6, 2): frozenset((9200,)),
    (6, 3): frozenset((9600,)),
    (10, 0): frozenset(
        (
            10240, 10586, 14393, 15063, 16299, 17134, 17763, 18362, 18363, 19041, 19042, 19043, 19044, 19045,
            20348, 20349, 22000, 22621, 22631, 25398, 26100, 26200,
        )
    ),
}  # fmt: skip


def is_released(version: tuple[int, int, int]) -> bool:
    """Whether a version (10, 0, 19045) is that of a release."""
    return version[2] in _RELEASES.get(version[:2], frozenset())


def stand_in_words(baseline: Baseline, version: tuple[int, int, int] | None) -> str:
    """That a baseline stands in for a Windows that it was not made for, one sentence; '' where it was.

    `version` is the one that the evidence names, None where it names none.
    """
    name = next((row.name for row in GENERATIONS if row.id == baseline.id), baseline.id)
    if baseline.nearest:
        return f"There is no baseline of {baseline.generation.name}: that of {name} is used, the nearest that there is."
    if version is None or is_released(version):
        return ""
    return f"Build {version[2]} is no release that is known here: the baseline and the boot of {name} are used, the nearest that there is."

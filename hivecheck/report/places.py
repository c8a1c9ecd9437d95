"""Where something that is no more was seen, in words: for the listing of what was recovered, and for the page. Not made visible yet."""

from hivecheck.registry.region import RegionKind
from hivecheck.registry.views import Sighting, Stage
from hivecheck.settings.remnants import Standing

_SHOWN_SIGHTINGS = 3


def places_of(found: tuple[Sighting, ...], standing: Standing = Standing.LOST) -> str:
    """The first places, and how many more there are; of what stands in the hive, where its value is."""
    if standing is not Standing.LOST:
        return f"value at 0x{found[0].offset:x}"
    told = "; ".join(place_of(one) for one in found[:_SHOWN_SIGHTINGS])
    return told + (f"; and {len(found) - _SHOWN_SIGHTINGS} more" if len(found) > _SHOWN_SIGHTINGS else "")


def place_of(one: Sighting) -> str:
    """The offset of one place, in which file, and in what kind of space."""
    if one.stage is Stage.IN_LOG:
        where = "" if one.place is None else f", for 0x{one.place:x} of the hive"
        return f"at 0x{one.offset:x} of {one.file.replace(chr(92), '/').rsplit('/', 1)[-1]}{where}"
    region = {
        RegionKind.FREE: "in free space",
        RegionKind.SLACK: "in slack",
        RegionKind.TRAILING: "behind the end of the bins",
    }.get(one.kind, f"in {one.kind.value} space")
    return f"{region} at 0x{one.offset:x}{' of the hive with its logs applied' if one.stage is Stage.RECOVERED else ''}"

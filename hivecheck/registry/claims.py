"""Whose data a place outside of what is in use once was, or whose cell it lies behind: a key and value, where that is known."""

from hivecheck.registry.carve import Carved
from hivecheck.registry.claim import Claim, Claims
from hivecheck.registry.live_names import LiveNames
from hivecheck.registry.reachability import DATA
from hivecheck.registry.views import View


def find_claims(view: View, live: LiveNames, carved: Carved | None) -> Claims:
    """The data of the deleted values of this view, and the slack of those that are present."""
    found = [
        Claim(start, end, value.ref.key, value.name, value.ref.written, value.found[0].offset, True, value.may_be_present)
        for value in (carved.values if carved else ())
        if value.data_offset is not None
        for start, end in value.pieces or ((value.data_offset, value.data_offset + 4 + value.size),)
    ]
    if view.reach is not None:
        for slack in view.reach.slacks:
            if slack.use == DATA and live.is_value(slack.owner):
                name = live.value_name(slack.owner)
                found.append(Claim(slack.start, slack.end, "?", name, 0, slack.owner, False))
    found.sort(key=lambda claim: claim.start)
    return Claims(tuple(found), tuple(claim.start for claim in found))

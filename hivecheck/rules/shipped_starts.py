r"""How the services and drivers of vendors' sensors start as shipped, where that is known in public.

Not in the table, and silent at `demand`: what its vendor ships so (WdNisDrv, mfefirek and McAfee's other helpers; McShield and
TMBMServer, which later versions start from another service), and what is not known. Source: real hives (McAfee, 7); vendors'
documentation of their services; what rests on memory of installations alone is marked as less sure ([M]).
"""

from hivecheck.facts.fact import fact


@fact
class ShippedStart:
    """A start type as shipped. `sure` where documentation or a real hive says so."""

    start: int
    sure: bool = True


_AUTO = frozenset(
    {
        "csfalconservice", "sentinelagent", "elasticendpoint", "cyserver", "cyveraservice", "cbdefense", "carbonblack", "parity",
        "cylancesvc", "mbamservice", "savservice", "ekrn", "avp", "vsserv", "xagt", "wrsvc", "huntressagent", "velociraptor",
        "wazuhsvc", "ossecsvc", "osqueryd", "splunkforwarder", "tmlisten", "ntrtscan", "sysmon", "sysmon64",
        "winlogbeat", "nxlog", "tanium client", "qualysagent", "ir_agent", "tenable nessus agent", "sepmasterservice",
    }
)  # fmt: skip
_AUTO_FROM_MEMORY = frozenset(
    {"cyveraservice", "parity", "tmlisten", "ntrtscan", "xagt", "vsserv", "savservice", "sepmasterservice", "ir_agent"}
)
_DRIVERS = {
    "csagent": ShippedStart(1),
    "csboot": ShippedStart(0, sure=False),
    "sysmondrv": ShippedStart(0),
    "mfehidk": ShippedStart(0),
    "klif": ShippedStart(1, sure=False),
    "eamonm": ShippedStart(1, sure=False),
    "ehdrv": ShippedStart(1, sure=False),
    "eelam": ShippedStart(0),
    "klelam": ShippedStart(0),
    "bdelam": ShippedStart(0),
    "symelam": ShippedStart(0),
    "elasticelam": ShippedStart(0),
    "sentinelelam": ShippedStart(0),
    "sentinelmonitor": ShippedStart(1, sure=False),
    "sophosed": ShippedStart(0, sure=False),
    "sophosel": ShippedStart(0),
}


def shipped_start(name: str) -> ShippedStart | None:
    """How a vendor's service of this name starts as shipped (0 boot, 1 system, 2 auto); None where it may well be on demand."""
    folded = name.casefold()
    if folded in _AUTO:
        return ShippedStart(2, folded not in _AUTO_FROM_MEMORY)
    return _DRIVERS.get(folded)

"""All rules, in the order of the catalogue: a tuple you can read."""

from hivecheck.rules import (
    clocks,
    defence,
    drivers,
    environment,
    hive_tricks,
    known_dlls,
    libraries,
    lsa,
    memory,
    network,
    objects,
    programs,
    renames,
    sequences,
    services,
    setup,
    software_starts,
    subsystems,
    terminal_services,
)
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *programs.RULES,
    *renames.RULES,
    *known_dlls.RULES,
    *objects.RULES,
    *subsystems.RULES,
    *environment.RULES,
    *memory.RULES,
    *setup.RULES,
    *software_starts.RULES,
    *services.RULES,
    *drivers.RULES,
    *lsa.RULES,
    *libraries.RULES,
    *terminal_services.RULES,
    *defence.RULES,
    *network.RULES,
    *hive_tricks.RULES,
    *sequences.RULES,
    *clocks.RULES,
)


def rule_named(id: str) -> Rule:
    """The rule of this id. Raises KeyError where there is none."""
    for rule in RULES:
        if rule.id == id:
            return rule
    raise KeyError(id)

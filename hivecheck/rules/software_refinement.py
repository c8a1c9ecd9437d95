"""What the SOFTWARE hive, where one is given, changes in findings of SYSTEM: each rule that it helps to decide, in one table.

A refined rule is the rule with another check: that of SYSTEM alone, and what SOFTWARE says of its hits. Its `needs` are what it
still takes. A hive of another machine refines nothing. Without SOFTWARE the rules stand as they are and say what they need.
"""

from collections.abc import Callable, Iterable, Iterator

from hivecheck.facts.fact import changed, fact
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule
from hivecheck.rules.software_hosts import refine_service_dlls
from hivecheck.rules.software_policies import (
    refine_code_integrity,
    refine_credential_guard,
    refine_disabled_defence,
    refine_firewall,
    refine_lsass_protection,
    refine_memory_integrity,
    refine_remote_desktop,
    refine_weakened_logons,
)
from hivecheck.settings.software import Software
from hivecheck.settings.software_match import compare_machines

Refine = Callable[[Case, Software, Iterable[Hit]], Iterator[Hit]]


@fact
class Refinement:
    """`needs` is what else the rule takes once SOFTWARE is given, '' for nothing."""

    rule: str
    refine: Refine
    needs: str


def keep_hits(case: Case, software: Software, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Those of a rule that reads SOFTWARE itself, as they are: only what it still takes changes."""
    del case, software
    yield from hits


_FILE_NEEDED = "whether the file exists, and who signed it"

REFINEMENTS: tuple[Refinement, ...] = (
    Refinement("svc-servicedll", refine_service_dlls, "what the DLL is takes the file"),
    Refinement("svc-disabled-defence", refine_disabled_defence, ""),
    Refinement("lsa-ppl-off", refine_lsass_protection, "a lock in the firmware overrides the value"),
    Refinement("lsa-cfgflags", refine_credential_guard, ""),
    Refinement("lsa-misc-weakening", refine_weakened_logons, ""),
    Refinement("rdp-enabled", refine_remote_desktop, ""),
    Refinement("ci-policy", refine_code_integrity, "the BCD to tell which test-signing is in force"),
    Refinement("hvci", refine_memory_integrity, "the firmware's settings to tell whether it could run at all"),
    Refinement("firewall-off", refine_firewall, ""),
    Refinement("software-winlogon-shell", keep_hits, _FILE_NEEDED),
    Refinement("software-winlogon-userinit", keep_hits, _FILE_NEEDED),
    Refinement("software-ifeo-debugger", keep_hits, _FILE_NEEDED),
    Refinement("software-appinit-dlls", keep_hits, f"{_FILE_NEEDED}; whether Secure Boot is on"),
    Refinement("software-gina-dll", keep_hits, _FILE_NEEDED),
    Refinement("software-winlogon-notify", keep_hits, _FILE_NEEDED),
)


def refined_rules(rules: tuple[Rule, ...], case: Case) -> tuple[Rule, ...]:
    """The rules in their order, those of the table refined; as they are where no SOFTWARE hive of this machine is given."""
    software = case.software
    if software is None or compare_machines(software, case.facts):
        return rules
    by_rule = {one.rule: one for one in REFINEMENTS}
    return tuple(_refined(rule, by_rule[rule.id], software) if rule.id in by_rule else rule for rule in rules)


def _refined(rule: Rule, refinement: Refinement, software: Software) -> Rule:
    def check(case: Case) -> Iterator[Hit]:
        return refinement.refine(case, software, rule.check(case))

    return changed(rule, check=check, needs=refinement.needs)

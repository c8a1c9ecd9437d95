"""What the files of the volume, where it is at hand, change in findings of SYSTEM: each rule that they help to decide, in one table.

A refined rule is the rule with another check: that of SYSTEM alone, and what lies at the paths of its hits. Its `needs` are what it
still takes. Without the extra `pe` nothing here says whose a signature is: it matches its file or not, a hash is in a catalog or not.
"""

from collections.abc import Callable, Iterable, Iterator

from hivecheck.evidence.inventory import Inventory
from hivecheck.facts.fact import changed, fact
from hivecheck.rules.case import Case
from hivecheck.rules.file_hits import refine_boot_execute, refine_boot_programs, refine_loaded_files
from hivecheck.rules.rename_hits import refine_renames
from hivecheck.rules.rule import Hit, Rule

Refine = Callable[[Case, Inventory, Iterable[Hit]], Iterator[Hit]]
_SIGNER = "whether the signatures are valid, and of whom"


@fact
class Refinement:
    """`needs` is what else the rule takes once the volume is at hand, '' for nothing."""

    rule: str
    refine: Refine
    needs: str


_PROGRAMS = ("bootexec-nopnpsync", "platform-execute", "setup-execute", "sm-execute")
_LOADED = (
    "s0-initial-command", "boot-shell", "csrss-image", "csrss-serverdll", "subsystem-required-extra", "subsystem-kmode",
    "subsystem-debug", "knowndll-added", "knowndll-renamed-data", "svc-path-user-writable", "svc-servicedll",
    "svc-driver-odd-location", "svc-relative", "svc-svchost-masquerade", "print-monitor", "print-processor", "lsa-auth-package",
    "lsa-security-package", "lsa-notification-package", "boot-verification-program",
)  # fmt: skip
_RENAMES = (
    "pfro-sec-product", "pfro-tcb-replace", "pfro-drop-executable", "pfro-hive-or-log-target", "pfro-odd-path",
    "pfro-redirect-flag", "seq-bootexec-staged-by-pfro", "seq-delete-then-replace", "seq-hive-swap",
    "seq-knowndll-exclude-plus-drop", "seq-knowndll-replaced-file", "seq-parent-dir-swing", "seq-pfro2-undoes-pfro",
    "seq-rename-chain", "seq-replace-runs-next-boot", "seq-replace-then-run-same-boot", "seq-self-erasing-bootexec",
    "seq-source-created-earlier",
)  # fmt: skip

REFINEMENTS: tuple[Refinement, ...] = (
    Refinement("bootexec-extra", refine_boot_execute, _SIGNER),
    *(Refinement(rule, refine_boot_programs, _SIGNER) for rule in _PROGRAMS),
    *(Refinement(rule, refine_loaded_files, _SIGNER) for rule in _LOADED),
    *(Refinement(rule, refine_renames, "") for rule in _RENAMES),
)


def rules_with_files(rules: tuple[Rule, ...], inventory: Inventory) -> tuple[Rule, ...]:
    """The rules in their order, those of the table refined."""
    by_rule = {one.rule: one for one in REFINEMENTS}
    return tuple(_refined(rule, by_rule[rule.id], inventory) if rule.id in by_rule else rule for rule in rules)


def _refined(rule: Rule, refinement: Refinement, inventory: Inventory) -> Rule:
    def check(case: Case) -> Iterator[Hit]:
        hits = (
            changed(hit, severity=hit.severity or rule.severity, confidence=hit.confidence or rule.confidence)
            for hit in rule.check(case)
        )
        return refinement.refine(case, inventory, hits)

    return changed(rule, check=check, needs=refinement.needs)

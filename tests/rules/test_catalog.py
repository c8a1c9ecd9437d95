"""The catalogue is whole: every detection that was promised has its rule under its own id, and no other rule slips in unseen.

Four more ids of the list of detections are no rules: they raise, silence or explain others, and are tested with those.
"""

import pytest

from hivecheck.facts.fact import changed
from hivecheck.rules import modifiers
from hivecheck.rules.catalog import RULES, SOFTWARE_STARTS, rule_named
from hivecheck.rules.examples.catalog import EXAMPLES
from hivecheck.rules.rule import Rule
from tests.rules.cases import case_of

SINGLE = """
    bootexec-extra bootexec-emptied bootexec-autochk-args bootexec-nopnpsync platform-execute setup-execute sm-execute
    s0-initial-command boot-shell run-level globalflag-debug-initial-command wpbt native-name-collision pfro-present
    pfro-sec-product pfro-tcb-replace pfro-drop-executable pfro-hive-or-log-target pfro-odd-path pfro-redirect-flag
    pfro-malformed pfro-allow-protected-renames pfro-cleartemp file-rename-operations pfro-starved minint
    knowndll-removed knowndll-added knowndll-renamed-data knowndll-dir exclude-knowndll safe-dll-search-off
    appcert-dlls apiset-extension apppatches appcompat-cache-wiped dosdev-drive-remap dosdev-device-override
    dosdev-delete dosdev-extra object-directories protection-mode csrss-serverdll csrss-image subsystem-required-extra
    subsystem-kmode subsystem-debug initial-sessions env-path-hijack env-pathext env-comspec env-windir
    env-cor-profiler env-dotnet-hooks env-java-node-python-etc env-psmodulepath env-compat-layer env-tempdir
    env-devmgr-debug env-symbol-path env-proxy env-safeboot-option mm-clear-pagefile mm-no-pagefile mm-odd-pagefile
    mm-disable-paging-exec mm-large-system-cache mm-spectre-override mm-verifier mm-moveimages mm-prefetch-off
    globalflag-bits kernel-mitigations kernel-obunsecure io-remote-dasd cm-volatile hiberboot setup-cmdline
    setup-other-values safeboot-alternate-shell safeboot-service-added safeboot-removed safeboot-next start-options
    boot-verification-program select-mismatch mounted-devices-swap scm-extension scm-early-start scm-group-order
    scm-security-descriptor svc-imagepath-lolbin svc-path-user-writable svc-driver-odd-location svc-unquoted
    svc-relative svc-servicedll svc-svchost-masquerade svc-failure-command svc-sd-hidden svc-disabled-defence
    svc-missing-sensor-binary svc-type-oddities svc-environment svc-depend-tamper svc-psexec-artefacts class-filters
    minifilter-altitude svc-callback-drivers lsa-auth-package lsa-security-package lsa-notification-package
    lsa-msv-subauth lsa-extension-config lsa-ppl-off lsa-cfgflags wdigest-cleartext ntlm-downgrade lsa-misc-weakening
    security-providers network-provider print-monitor print-processor print-provider time-provider router-managers
    winsock perf-library keyboard-layout-dll nls-codepage-dll contentindex-language wow-vdm ts-servicedll
    ts-initial-program ts-startup-programs ts-wd-dll ts-utilities ts-addins rdp-enabled eventlog-tamper
    autologger-tamper crash-control ci-policy driver-blocklist hvci credential-guard elam-policy fs-policy
    backup-exclusions tcpip-hosts-relocation portproxy firewall-off smb-srv winreg-remote multisz-hidden-tail
    value-type-confusion name-obfuscation reg-link regf-slack-and-deleted key-acl-weak dirty-hive
"""
SEQUENCES_AND_TIMES = """
    seq-rename-chain seq-source-created-earlier seq-parent-dir-swing seq-delete-then-replace seq-order-failure
    seq-replace-then-run-same-boot seq-replace-runs-next-boot seq-bootexec-staged-by-pfro seq-self-erasing-bootexec
    seq-dosdev-redirect seq-dosdev-then-hide seq-knowndll-exclude-plus-drop seq-knowndll-replaced-file
    seq-minint-starves seq-edr-driver-gone-start-stays seq-pfro2-undoes-pfro seq-safeboot-trap
    seq-initial-command-displaces-scm seq-env-redirects-service seq-setup-cmd-before-logon seq-pagefile-redirect
    seq-hive-swap seq-minifilter-window seq-default-ne-current seq-lkg-diff seq-extra-set-on-8plus seq-failed-nonzero
    time-future-of-shutdown time-before-boot-clock time-sibling-out-of-order time-round logs-change-outcome
    fast-startup-defers count-drift
"""
OF_SOFTWARE = """
    software-winlogon-shell software-winlogon-userinit software-ifeo-debugger software-appinit-dlls
    software-gina-dll software-winlogon-notify
"""
MODIFIERS = {"env-fp", "subsystem-default-value", "pfro2", "env-path-target-service-dll"}

PROMISED = frozenset((SINGLE + SEQUENCES_AND_TIMES + OF_SOFTWARE).split())


def test_every_detection_has_its_rule() -> None:
    ids = {rule.id for rule in RULES}
    assert sorted(PROMISED - ids) == []


def test_there_is_no_rule_beside_them() -> None:
    assert sorted({rule.id for rule in RULES} - PROMISED) == []


def test_what_modifies_others_is_no_rule() -> None:
    assert {one.id for one in modifiers.MODIFIERS} == MODIFIERS
    assert MODIFIERS.isdisjoint(rule.id for rule in RULES)
    assert MODIFIERS.isdisjoint(PROMISED)


def test_the_lists_are_as_long_as_the_catalogue_was() -> None:
    assert (len(SINGLE.split()), len(SEQUENCES_AND_TIMES.split())) == (161, 34)


def test_a_rule_is_found_by_its_id() -> None:
    assert all(rule_named(rule.id) is rule for rule in RULES)
    with pytest.raises(KeyError):
        rule_named("nothing")


def test_a_family_stands_together() -> None:
    """The table of rules and its page are read family by family."""
    families = [rule.family for rule in RULES]
    starts = [family for place, family in enumerate(families) if place == 0 or families[place - 1] != family]
    assert sorted(set(starts)) == sorted(starts)


@pytest.mark.parametrize("rule", SOFTWARE_STARTS, ids=lambda rule: rule.id)
def test_rules_of_software_find_nothing_without_it(rule: Rule) -> None:
    """An analysis that is given none does not load them."""
    for example in EXAMPLES[rule.id].fires_on:
        assert list(rule.check(case_of(changed(example, software="")))) == []

r"""What may run in the kernel: code integrity, the list of vulnerable drivers, virtualization-based security, early launch.

Source: detections.md 1.11; baselines.md 2.9. What a toggle of Windows writes and what an attacker writes is the same number.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN8, WIN10_1507, WIN10_1809
from hivecheck.registry.hive import REG_DWORD, fold_name
from hivecheck.registry.strings import decode_dword
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number, cited_text
from hivecheck.rules.rule import Hit, Rule, Severity

_CI_CONFIG, _CI_POLICY = "Control\\CI\\Config", "Control\\CI\\Policy"
_GUARD = "Control\\DeviceGuard"
_HVCI = _GUARD + "\\Scenarios\\HypervisorEnforcedCodeIntegrity"
_CREDENTIALS = _GUARD + "\\Scenarios\\CredentialGuard"
_EARLY_LAUNCH = "Control\\EarlyLaunch"
_REPAIR = (
    "Restore the value as shipped in every control set; look for the driver that was meant to be loaded, and keep its file."
)


def _check_ci_policy(case: Case) -> Iterator[Hit]:
    required = cited_number(case, _CI_POLICY, "SkuPolicyRequired")
    if required is not None and required.number:
        text = f"SkuPolicyRequired is {required.number} (as shipped 0): the code integrity policy of another edition is demanded."
        yield Hit(text, (required.origin,), "SkuPolicyRequired", Severity.MEDIUM, Confidence.LOW)
    upgraded = cited_number(case, _CI_POLICY, "UpgradedSystem")
    if upgraded is not None and upgraded.number:
        known = any(fold_name(key.name).startswith("SOURCE OS") for key in case.subkeys("\\Setup"))
        told = "The hive tells of such an upgrade." if known else "Nothing in the hive tells of such an upgrade."
        text = (
            "UpgradedSystem says that this Windows was upgraded from one before 10 1607: drivers that are signed but were never "
            f"seen by Microsoft would load. {told}"
        )
        yield Hit(text, (upgraded.origin,), "UpgradedSystem", Severity.LOW if known else Severity.MEDIUM)
    reputable = cited_number(case, _CI_POLICY, "VerifiedAndReputablePolicyState")
    if reputable is not None and reputable.number == 0:
        text = "Smart App Control is off: programs of no reputation start. Windows itself writes 0 on machines that it does not suit."
        yield Hit(text, (reputable.origin,), "VerifiedAndReputablePolicyState", Severity.LOW, Confidence.LOW)


def _check_blocklist(case: Case) -> Iterator[Hit]:
    enabled = cited_number(case, _CI_CONFIG, "VulnerableDriverBlocklistEnable")
    if enabled is None or enabled.number != 0:
        return
    old = case.generation < WIN10_1809
    text = "The list of vulnerable drivers is switched off: signed drivers that let anybody into the kernel would load."
    if old:
        text += " It is not known that this Windows reads the value."
    yield Hit(text, (enabled.origin,), "VulnerableDriverBlocklistEnable", Severity.MEDIUM if old else None)


def _check_hvci(case: Case) -> Iterator[Hit]:
    if case.generation < WIN10_1507:
        return
    whole = cited_number(case, _GUARD, "EnableVirtualizationBasedSecurity")
    if whole is not None and whole.number == 0:
        text = (
            "EnableVirtualizationBasedSecurity is 0: neither memory integrity nor Credential Guard would run. Windows 10 "
            "ships no such value: a program or somebody wrote it."
        )
        yield Hit(text, (whole.origin,), "EnableVirtualizationBasedSecurity")
    memory = cited_number(case, _HVCI, "Enabled")
    if memory is not None and memory.number == 0:
        text = (
            "Memory integrity (HVCI) is off, its value is 0: unsigned code can run in the kernel once somebody is in it. Windows 10 "
            "ships no such value: the switch in Windows Security writes this 0, or somebody did."
        )
        yield Hit(text, (memory.origin,), "HypervisorEnforcedCodeIntegrity")


def _check_credential_guard(case: Case) -> Iterator[Hit]:
    if case.generation < WIN10_1507:
        return
    enabled = cited_number(case, _CREDENTIALS, "Enabled")
    if enabled is None or enabled.number != 0:
        return
    flags = cited_number(case, "Control\\Lsa", "LsaCfgFlags")
    if flags is not None and flags.number in (1, 2):
        text = (
            f"Credential Guard is asked for (LsaCfgFlags {flags.number}) and its scenario is switched off: it may not run."
        )
        yield Hit(text, (enabled.origin, flags.origin), "CredentialGuard", Severity.MEDIUM)
    elif other := _guarded_elsewhere(case):
        text = f"Credential Guard is off in the set that boots and on in {other}: secrets of lsass would lie open again."
        yield Hit(text, (enabled.origin,), "CredentialGuard", Severity.MEDIUM)
    elif case.baseline.number(_CREDENTIALS, "Enabled") != 0:
        text = "Credential Guard is written as off: secrets of lsass lie in its own memory."
        yield Hit(text, (enabled.origin,), "CredentialGuard", Severity.INFO)


def _guarded_elsewhere(case: Case) -> str:
    """The name of another control set in which Credential Guard is on; '' where it is in none."""
    for other in case.other_sets:
        key = other.key.subkey(_CREDENTIALS)
        raw = key.value("Enabled") if key is not None else None
        if raw is not None and raw.type == REG_DWORD and decode_dword(raw.data):
            return other.key.name
    return ""


def _check_elam(case: Case) -> Iterator[Hit]:
    if case.generation < WIN8:
        return
    for key in ("Policies\\EarlyLaunch", _EARLY_LAUNCH):
        policy = cited_number(case, key, "DriverLoadPolicy")
        if policy is None or policy.number in (1, 3, 8):
            continue
        if policy.number == 7:
            text = "DriverLoadPolicy is 7: boot drivers that the early-launch scanner knows to be bad are loaded as well."
            yield Hit(text, (policy.origin,), "DriverLoadPolicy")
        else:
            text = f"DriverLoadPolicy is {policy.number}, which means nothing known (8, 1, 3 and 7 do; 3 if there is none)."
            yield Hit(text, (policy.origin,), "DriverLoadPolicy", Severity.MEDIUM, Confidence.LOW)
    backup = cited_text(case, _EARLY_LAUNCH, "BackupPath")
    if backup is not None and case.path(backup.text).text.rstrip("\\") != case.path("%SystemRoot%\\ELAMBKUP").text:
        text = (
            f"BackupPath is {backup.text}: a damaged early-launch driver would be restored from there, not from "
            "%SystemRoot%\\ELAMBKUP."
        )
        yield Hit(text, (backup.origin,), "BackupPath", Severity.MEDIUM, story=(case.thread_of(case.path(backup.text)),))
    key_itself = case.key(_EARLY_LAUNCH)
    for raw in key_itself.values() if key_itself is not None else ():
        if raw.name.casefold().startswith("disableelam") and raw.type == REG_DWORD and (number := decode_dword(raw.data)):
            text = f"{raw.name} is {number}: by its name it switches the early-launch scanner off. It is not documented."
            yield Hit(text, (raw.ref.citing(str(number)),), raw.name, Severity.MEDIUM, Confidence.LOW)


CI_POLICY = Rule(
    id="ci-policy",
    family="defence",
    title="What code integrity demands is changed",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1068", "T1553.006"),
    why=(
        "These numbers say under which policy the kernel judges drivers and programs. UpgradedSystem lets old signatures of "
        "drivers pass, which is how leaked certificates are still used."
    ),
    false_positives=(
        "UpgradedSystem on machines that were upgraded from 8.1 or an early 10; the hive then often has a key `Source OS`: low.",
        "Smart App Control off: usual after upgrades and on managed machines, low. SkuPolicyRequired on machines in S mode.",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.11", "baselines.md 2.9"),
    severities="low for an upgrade that the hive tells of, and for Smart App Control",
    needs="the SOFTWARE hive or the BCD to tell which edition and which test-signing is in force",
    check=_check_ci_policy,
)
DRIVER_BLOCKLIST = Rule(
    id="driver-blocklist",
    family="defence",
    title="The list of vulnerable drivers is switched off",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1068", "T1553.006"),
    why=(
        "Attackers bring signed drivers with known holes to end security products. Windows refuses those of its blocklist, unless "
        "VulnerableDriverBlocklistEnable is 0; as shipped the value is absent."
    ),
    false_positives=("The switch in Windows Security, used for old tools that need such a driver.",),
    remedy=_REPAIR,
    sources=("detections.md 1.11",),
    severities="medium before 10 1809, where it is not known that the value is read",
    check=_check_blocklist,
)
HVCI = Rule(
    id="hvci",
    family="defence",
    title="Virtualization-based security is written as off",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1068", "T1553.006"),
    why=(
        "Windows 10 ships neither value. The BlackLotus bootkit writes Enabled 0 so that its own unsigned code can run in the "
        "kernel; the switch in Windows Security writes the same, and the hive does not say who did."
    ),
    false_positives=("The switch `memory integrity` in Windows Security, guides for games and for other hypervisors.",),
    remedy=_REPAIR + " Check the boot files and Secure Boot as well.",
    sources=("detections.md 1.11",),
    needs="the firmware's settings to tell whether it could run at all",
    check=_check_hvci,
)
CREDENTIAL_GUARD = Rule(
    id="credential-guard",
    family="defence",
    title="Credential Guard is written as off",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1068", "T1553.006"),
    why="Credential Guard keeps the secrets of lsass where not even the kernel can read them. Off, a dump of lsass holds them.",
    false_positives=("Windows 10 1903 and later ship 0: not told. Machines on which nobody asked for it: info.",),
    remedy=_REPAIR + " Change the credentials that were used here meanwhile.",
    sources=("detections.md 1.11", "baselines.md 2.9"),
    severities="medium where LsaCfgFlags or another control set asks for it, else info",
    check=_check_credential_guard,
)
ELAM_POLICY = Rule(
    id="elam-policy",
    family="defence",
    title="Bad boot drivers are let in",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1068", "T1553.006"),
    why=(
        "The early-launch driver of the virus scanner judges every boot driver before it starts; DriverLoadPolicy says which verdicts "
        "count. 3, or no value, lets in what is good, unknown, or bad but needed to boot; 7 lets in everything."
    ),
    false_positives=("A machine that would not boot and was repaired so.",),
    remedy=_REPAIR,
    sources=("detections.md 1.11", "baselines.md 2.9"),
    severities="medium for another BackupPath and for numbers without a known meaning",
    check=_check_elam,
)

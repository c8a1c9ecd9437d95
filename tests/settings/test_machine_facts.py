"""What machine a hive comes from: role, name, architecture, times, system root; what confirms each and what disputes it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import iso_utc, parse_iso_utc
from hivecheck.facts.origin import BuiltIn, KeyRef, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import RawValue
from hivecheck.registry.memory import MemoryKey
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import open_hive
from hivecheck.settings.guess import Guess
from hivecheck.settings.machine_facts import MachineFacts, read_machine_facts
from hivecheck.settings.machine_identity import Role
from hivecheck.settings.machine_keys import MachineKeys

CONTROL = r"ControlSet001\Control"
SESSION_MANAGER = CONTROL + r"\Session Manager"
ENVIRONMENT = SESSION_MANAGER + r"\Environment"
PREFETCH = SESSION_MANAGER + r"\Memory Management\PrefetchParameters"
PRODUCT_OPTIONS = CONTROL + r"\ProductOptions"
NAME = CONTROL + r"\ComputerName\ComputerName"
TCPIP = r"ControlSet001\Services\Tcpip\Parameters"
ZONE = CONTROL + r"\TimeZoneInformation"
BOOT_OF_7 = "BaseTime = dword 346907057"  # 2012-04-04T11:47:06.368Z


def facts_of(text: str) -> MachineFacts:
    hive = hive_of(text)
    return read_machine_facts(hive, hive.root.subkey("ControlSet001"))


def codes(facts: MachineFacts) -> list[str]:
    return [problem.code for problem in facts.problems]


def cited(guess: Guess[object]) -> list[str]:
    return [origin.value for origin in guess.because if isinstance(origin, ValueRef)]


def binary(data: bytes) -> str:
    return f"binary {data.hex()}"


def filetime(text: str) -> str:
    return binary(parse_iso_utc(text).to_bytes(8, "little"))


def test_an_empty_hive_gives_no_guess_and_every_reason() -> None:
    facts = facts_of("[ControlSet001]")
    for name in MachineFacts.__match_args__:
        if name not in ("problems", "system_root"):
            guess = getattr(facts, name)
            assert (guess.value, guess.confidence) == (None, Confidence.LOW), name
            assert guess.reasons, name
    assert facts.system_root.value == r"C:\Windows"
    assert facts.problems == ()


# --- role, edition, service pack ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product_type", "role"),
    [("WinNT", Role.WORKSTATION), ("ServerNT", Role.SERVER), ("LanmanNT", Role.DOMAIN_CONTROLLER)],
)
def test_the_product_type_tells_the_role(product_type: str, role: Role) -> None:
    facts = facts_of(f'[{PRODUCT_OPTIONS}]\nProductType = sz "{product_type}"')
    assert (facts.role.value, facts.role.confidence) == (role, Confidence.HIGH)
    assert cited(facts.role) == ["ProductType"]


@pytest.mark.parametrize(
    ("value", "code"), [('sz "Toaster"', "unknown-product-type"), ("dword 1", "wrong-type"), ("binary 01", "wrong-type")]
)
def test_an_impossible_product_type_is_told(value: str, code: str) -> None:
    facts = facts_of(f"[{PRODUCT_OPTIONS}]\nProductType = {value}")
    assert facts.role.value is None
    assert codes(facts) == [code]


def policy(product: int, name: str = "Kernel-ProductInfo") -> str:
    text = name.encode("utf-16-le")
    header = b"".join(number.to_bytes(2, "little") for number in (60, len(text), 4, 4)) + bytes(8)
    return binary(bytes(20) + header + text + product.to_bytes(4, "little") + bytes(4))


def test_the_edition_is_the_product_of_the_policy() -> None:
    pfn = 'OSProductPfn = sz "Microsoft.Windows.48.X19-98843_8wekyb3d8bbwe"'
    facts = facts_of(f"[{PRODUCT_OPTIONS}]\nProductPolicy = {policy(48)}\n{pfn}")
    assert (facts.edition.value, facts.edition.confidence) == ("Professional", Confidence.HIGH)
    assert cited(facts.edition) == ["ProductPolicy", "OSProductPfn"]


def test_a_policy_and_a_package_name_that_disagree_are_both_told() -> None:
    pfn = 'OSProductPfn = sz "Microsoft.Windows.4.X19-98843_8wekyb3d8bbwe"'
    facts = facts_of(f"[{PRODUCT_OPTIONS}]\nProductPolicy = {policy(48)}\n{pfn}")
    assert (facts.edition.value, facts.edition.confidence) == ("Professional", Confidence.LOW)
    assert len(facts.edition.reasons) == 2


def test_an_unknown_product_keeps_its_number() -> None:
    assert facts_of(f"[{PRODUCT_OPTIONS}]\nProductPolicy = {policy(9999)}").edition.value == "product 9999"


@pytest.mark.parametrize("data", ["binary", "binary 00", policy(48)[:-20], policy(48, "Kernel-Other"), binary(b"\xff" * 64)])
def test_a_damaged_policy_is_told_and_names_nothing(data: str) -> None:
    facts = facts_of(f"[{PRODUCT_OPTIONS}]\nProductPolicy = {data}")
    assert facts.edition.value is None
    assert codes(facts) == ["damaged-policy"]


def test_before_vista_the_suite_names_the_edition() -> None:
    facts = facts_of(f'[{PRODUCT_OPTIONS}]\nProductSuite = multi "Terminal Server" "Personal"')
    assert (facts.edition.value, facts.edition.confidence) == ("Home", Confidence.MEDIUM)


def test_terminal_server_is_no_edition() -> None:
    assert facts_of(f'[{PRODUCT_OPTIONS}]\nProductSuite = multi "Terminal Server"').edition.value is None


@pytest.mark.parametrize(("value", "pack"), [("dword 0x100", 1), ("dword 0x300", 3), ("dword 0", 0)])
def test_the_service_pack_is_the_second_byte(value: str, pack: int) -> None:
    assert facts_of(f"[{CONTROL}\\Windows]\nCSDVersion = {value}").service_pack.value == pack


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("dword 0xffffffff", "unknown-service-pack"),
        ('sz "Service Pack 1"', "wrong-type"),
        ("dword hex: 00 01", "wrong-type"),
    ],
)
def test_what_is_no_service_pack_is_told(value: str, code: str) -> None:
    facts = facts_of(f"[{CONTROL}\\Windows]\nCSDVersion = {value}")
    assert facts.service_pack.value is None
    assert codes(facts) == [code]


# --- architecture -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "processor", "architecture"),
    [
        ("x86", "x86 Family 6 Model 158 Stepping 13, GenuineIntel", "x86"),
        ("AMD64", "Intel64 Family 6 Model 158 Stepping 13, GenuineIntel", "AMD64"),
        ("ARM64", "ARMv8 (64-bit) Family 8 Model 803 Revision 70C, Qualcomm Technologies Inc", "ARM64"),
        ("IA64", "ia64 Family 31 Model 0 Stepping 7, GenuineIntel", "IA64"),
    ],
)
def test_two_processor_variables_settle_the_architecture(name: str, processor: str, architecture: str) -> None:
    text = f'[{ENVIRONMENT}]\nPROCESSOR_ARCHITECTURE = sz "{name}"\nPROCESSOR_IDENTIFIER = sz "{processor}"'
    facts = facts_of(text)
    assert (facts.architecture.value, facts.architecture.confidence) == (architecture, Confidence.HIGH)


def test_a_lone_processor_variable_is_less_sure() -> None:
    facts = facts_of(f'[{ENVIRONMENT}]\nPROCESSOR_ARCHITECTURE = sz "amd64"')
    assert (facts.architecture.value, facts.architecture.confidence) == ("AMD64", Confidence.MEDIUM)


def test_a_forged_architecture_is_disputed_by_the_rest() -> None:
    facts = facts_of(
        rf"""
        [{ENVIRONMENT}]
        PROCESSOR_ARCHITECTURE = sz "x86"
        PROCESSOR_IDENTIFIER = sz "AMD64 Family 23 Model 1 Stepping 1, AuthenticAMD"
        [DriverDatabase]
        Architecture = dword 9
        """
    )
    assert facts.architecture.value == "AMD64"
    assert facts.architecture.confidence is Confidence.LOW
    assert "PROCESSOR_ARCHITECTURE" in cited(facts.architecture)


def test_an_architecture_that_does_not_exist_is_told() -> None:
    facts = facts_of(f'[{ENVIRONMENT}]\nPROCESSOR_ARCHITECTURE = sz "Z80"')
    assert facts.architecture.value is None
    assert codes(facts) == ["unknown-architecture"]


# --- computer name ------------------------------------------------------------------------------------------------------


def test_a_host_name_that_begins_like_the_computer_name_confirms_it() -> None:
    facts = facts_of(f'[{NAME}]\nComputerName = sz "FILESERVER-NORT"\n[{TCPIP}]\nHostname = sz "fileserver-northern-branch"')
    assert (facts.computer_name.value, facts.computer_name.confidence) == ("FILESERVER-NORT", Confidence.HIGH)
    assert cited(facts.computer_name) == ["ComputerName", "Hostname"]


def test_two_names_that_differ_are_both_told() -> None:
    facts = facts_of(f'[{NAME}]\nComputerName = sz "NEW"\n[{TCPIP}]\nHostname = sz "old"')
    assert (facts.computer_name.value, facts.computer_name.confidence) == ("NEW", Confidence.MEDIUM)
    assert cited(facts.computer_name) == ["ComputerName", "Hostname"]


def test_a_host_name_alone_is_a_weak_guess() -> None:
    facts = facts_of(f'[{TCPIP}]\nHostname = sz "old"')
    assert (facts.computer_name.value, facts.computer_name.confidence) == ("old", Confidence.LOW)


def test_an_active_computer_name_in_the_file_is_odd() -> None:
    active = CONTROL + r"\ComputerName\ActiveComputerName"
    facts = facts_of(f'[{NAME}]\nComputerName = sz "A"\n[{active}]\nComputerName = sz "A"')
    assert any("volatile" in reason.text for reason in facts.computer_name.reasons)


@pytest.mark.parametrize("value", ["dword 1", "binary 41 00", 'multi "A"', "none"])
def test_a_computer_name_of_the_wrong_type_is_told(value: str) -> None:
    facts = facts_of(f"[{NAME}]\nComputerName = {value}")
    assert facts.computer_name.value is None
    assert codes(facts) == ["wrong-type"]


def test_a_name_keeps_its_control_characters_and_case() -> None:
    facts = facts_of(f"[{NAME}]\n" + r'ComputerName = sz "a\u{1b}[31mB "')
    assert facts.computer_name.value == "a\x1b[31mB "


# --- time zone ----------------------------------------------------------------------------------------------------------


def test_a_time_zone_is_described_by_name_and_both_offsets() -> None:
    facts = facts_of(
        f"""
        [{ZONE}]
        Bias = dword 480
        StandardBias = dword 0
        DaylightBias = dword 0xffffffc4
        ActiveTimeBias = dword 420
        StandardName = sz "@tzres.dll,-212"
        TimeZoneKeyName = sz "Pacific Standard Time"
        """
    )
    assert facts.time_zone.value is not None
    assert facts.time_zone.value.describe() == "Pacific Standard Time (UTC-08:00, active -07:00)"
    assert facts.time_zone.confidence is Confidence.HIGH


def test_a_zone_east_of_greenwich_has_a_negative_bias() -> None:
    facts = facts_of(f'[{ZONE}]\nBias = dword 0xfffffeb6\nStandardName = sz "India Standard Time"')
    assert facts.time_zone.value is not None
    assert facts.time_zone.value.describe() == "India Standard Time (UTC+05:30)"
    assert facts.time_zone.confidence is Confidence.MEDIUM


def test_an_active_bias_that_the_zone_never_has_is_told() -> None:
    facts = facts_of(f'[{ZONE}]\nBias = dword 0\nStandardName = sz "GMT"\nActiveTimeBias = dword 300')
    assert facts.time_zone.confidence is Confidence.LOW
    assert "ActiveTimeBias" in cited(facts.time_zone)


@pytest.mark.parametrize(
    ("value", "code"),
    [("dword 100000", "implausible-time"), ("dword 0x80000000", "implausible-time"), ("dword hex: 01", "wrong-type")],
)
def test_a_bias_of_more_than_a_day_is_no_time_zone(value: str, code: str) -> None:
    facts = facts_of(f"[{ZONE}]\nBias = {value}")
    assert facts.time_zone.value is None
    assert codes(facts) == [code]


# --- shutdown and boot --------------------------------------------------------------------------------------------------


def test_a_shutdown_and_the_last_write_of_its_key_agree() -> None:
    time = "2012-04-04T01:58:40.8392499Z"
    facts = facts_of(f"[{CONTROL}\\Windows] {time}\nShutdownTime = {filetime(time)}")
    assert facts.last_shutdown.value == parse_iso_utc(time)
    assert facts.last_shutdown.confidence is Confidence.HIGH
    assert [type(origin) for origin in facts.last_shutdown.because] == [ValueRef, KeyRef]


@pytest.mark.parametrize(
    ("written", "confidence"), [("2012-05-01T00:00:00Z", Confidence.MEDIUM), ("2012-04-01T00:00:00Z", Confidence.LOW)]
)
def test_a_key_written_after_the_shutdown_is_less_odd_than_one_written_before(written: str, confidence: Confidence) -> None:
    facts = facts_of(f"[{CONTROL}\\Windows] {written}\nShutdownTime = {filetime('2012-04-04T01:58:40Z')}")
    assert facts.last_shutdown.confidence is confidence


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("binary 00 00 00 00 00 00 00 00", "implausible-time"),
        ("binary ff ff ff ff ff ff ff ff", "implausible-time"),
        (filetime("1985-11-20T00:00:00Z"), "implausible-time"),
        (filetime("2150-01-01T00:00:00Z"), "implausible-time"),
        ("binary 00 01 02", "wrong-type"),
        ("binary 00 01 02 03 04 05 06 07 08", "wrong-type"),
        ('sz "yesterday"', "wrong-type"),
    ],
)
def test_a_shutdown_that_is_no_time_is_told(value: str, code: str) -> None:
    facts = facts_of(f"[{CONTROL}\\Windows]\nShutdownTime = {value}")
    assert facts.last_shutdown.value is None
    assert codes(facts) == [code]


def test_base_time_counts_units_of_1024_milliseconds_since_2001() -> None:
    facts = facts_of(f"[{PREFETCH}] 2012-04-04T11:47:06.64Z\n{BOOT_OF_7}\nBootId = dword 39")
    assert facts.last_boot.value == parse_iso_utc("2012-04-04T11:47:06.368Z")
    assert facts.last_boot.confidence is Confidence.HIGH
    assert cited(facts.last_boot) == ["BaseTime"]
    assert (facts.boot_count.value, cited(facts.boot_count)) == (39, ["BootId"])


def test_a_boot_after_the_last_write_of_its_key_was_altered() -> None:
    facts = facts_of(f"[{PREFETCH}] 2011-01-01T00:00:00Z\n{BOOT_OF_7}")
    assert facts.last_boot.confidence is Confidence.LOW
    assert any("altered" in reason.text for reason in facts.last_boot.reasons)


@pytest.mark.parametrize(
    ("written", "confidence"), [("2012-04-04T11:47:41Z", Confidence.HIGH), ("2012-02-01T00:00:00Z", Confidence.MEDIUM)]
)
def test_on_7_the_subsystems_key_confirms_or_disputes_the_boot(written: str, confidence: Confidence) -> None:
    facts = facts_of(
        f"""
        [{PREFETCH}] 2012-04-04T11:47:06.64Z
        {BOOT_OF_7}
        [{SESSION_MANAGER}\\SubSystems] {written}
        Windows = expand "csrss.exe ServerDll=winsrv:ConServerDllInitialization,2 ServerDll=sxssrv,4"
        """
    )
    assert facts.last_boot.confidence is confidence
    assert any(isinstance(origin, KeyRef) and origin.path.endswith("SubSystems") for origin in facts.last_boot.because)


def test_on_10_the_subsystems_key_says_nothing_of_the_boot() -> None:
    facts = facts_of(
        f"""
        [{PREFETCH}] 2012-04-04T11:47:06.64Z
        {BOOT_OF_7}
        [{SESSION_MANAGER}\\SubSystems] 2010-01-01T00:00:00Z
        Windows = expand "csrss.exe ServerDll=sxssrv,4"
        """
    )
    assert facts.last_boot.confidence is Confidence.HIGH


def test_xp_tells_its_boot_by_the_subsystems_key_alone() -> None:
    facts = facts_of(
        f"""
        [{SESSION_MANAGER}\\SFC]
        [{SESSION_MANAGER}\\SubSystems] 2009-12-08T01:45:03Z
        Kmode = expand "%SystemRoot%\\system32\\win32k.sys"
        [{SESSION_MANAGER}\\AppCompatibility]
        AppCompatCache = binary ef be ad de
        """
    )
    assert facts.last_boot.value == parse_iso_utc("2009-12-08T01:45:03Z")
    assert facts.last_boot.confidence is Confidence.MEDIUM


def test_without_a_boot_clock_the_control_key_is_a_weak_one() -> None:
    facts = facts_of(f'[{CONTROL}] 2023-02-07T20:58:22Z\nSystemStartOptions = sz ""')
    assert facts.last_boot.value == parse_iso_utc("2023-02-07T20:58:22Z")
    assert facts.last_boot.confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("value", "code"),
    [("dword 0", "implausible-time"), ("dword 0xffffffff", "implausible-time"), ("qword 346907057", "wrong-type")],
)
def test_a_base_time_that_is_no_boot_is_told(value: str, code: str) -> None:
    facts = facts_of(f"[{PREFETCH}]\nBaseTime = {value}")
    assert facts.last_boot.value is None
    assert codes(facts) == [code]


# --- system root --------------------------------------------------------------------------------------------------------


def test_two_values_that_agree_settle_the_system_root_as_the_first_spells_it() -> None:
    facts = facts_of(
        rf"""
        [{ENVIRONMENT}]
        DriverData = sz "C:\Windows\System32\Drivers\DriverData"
        [Setup]
        WorkingDirectory = sz "C:\WINDOWS\Panther"
        """
    )
    assert (facts.system_root.value, facts.system_root.confidence) == (r"C:\Windows", Confidence.HIGH)
    assert cited(facts.system_root) == ["DriverData", "WorkingDirectory"]


def test_a_system_root_on_another_drive_is_found() -> None:
    facts = facts_of(f"[{CONTROL}\\EarlyLaunch]\n" + r'BackupPath = sz "E:\OS\Win\ELAMBKUP"')
    assert (facts.system_root.value, facts.system_root.confidence) == (r"E:\OS\Win", Confidence.MEDIUM)


def test_a_lone_value_that_disagrees_with_two_is_told() -> None:
    facts = facts_of(
        rf"""
        [{ENVIRONMENT}]
        DriverData = sz "D:\Evil\System32\Drivers\DriverData"
        [{CONTROL}\EarlyLaunch]
        BackupPath = sz "C:\Windows\ELAMBKUP"
        [{CONTROL}\CMF\BaseFolder]
        SYSTEM = sz "C:\Windows\rescache"
        """
    )
    assert (facts.system_root.value, facts.system_root.confidence) == (r"C:\Windows", Confidence.MEDIUM)
    assert "DriverData" in cited(facts.system_root)


def test_services_are_asked_only_where_nothing_else_tells() -> None:
    facts = facts_of(
        r"""
        [ControlSet001\Services\One]
        ImagePath = expand "system32\drivers\one.sys"
        [ControlSet001\Services\Two]
        ImagePath = expand ""%SystemRoot%\system32\two.exe" -k"
        [ControlSet001\Services\Three]
        ImagePath = sz "\??\D:\WINNT\system32\drivers\three.sys"
        """.replace('""%SystemRoot%\\system32\\two.exe"', '"""%SystemRoot%\\system32\\two.exe""')
    )
    assert (facts.system_root.value, facts.system_root.confidence) == (r"D:\WINNT", Confidence.MEDIUM)


def test_without_any_path_the_default_is_an_assumption_and_says_so() -> None:
    facts = facts_of(f"[{SESSION_MANAGER}\\Memory Management]\n" + r'PagingFiles = multi "D:\pagefile.sys 100 200"')
    assert (facts.system_root.value, facts.system_root.confidence) == (r"D:\Windows", Confidence.LOW)
    assert any(isinstance(origin, BuiltIn) for origin in facts.system_root.because)


def test_windows_2000_and_older_default_to_winnt() -> None:
    facts = facts_of(f'[{SESSION_MANAGER}\\SubSystems]\nOptional = multi "Os2" "Posix"')
    assert facts.system_root.value == r"C:\WINNT"


@pytest.mark.parametrize(
    "path",
    [
        r"C:\$WINDOWS.~BT\Panther",
        r"\Windows\Panther",
        r"C:Windows\Panther",
        r"C:\\Panther",
        r"C:\Panther",
        r"é:\Windows\Panther",
        r"C:\..:\Panther",
        r"%SystemRoot%\Panther",
        "C:\\" + "x" * 2000 + r"\Panther",
    ],
)
def test_what_is_no_directory_is_no_system_root(path: str) -> None:
    facts = facts_of(f'[Setup]\nWorkingDirectory = sz "{path}"')
    assert (facts.system_root.value, facts.system_root.confidence) == (r"C:\Windows", Confidence.LOW)


def test_a_service_without_end_costs_no_more_than_a_few_others() -> None:
    services = "\n".join(f'[ControlSet001\\Services\\S{n:04}]\nImagePath = sz "x.sys"' for n in range(500))
    late = "\n[ControlSet001\\Services\\Z]\n" + r'ImagePath = sz "C:\Late\system32\z.sys"'
    assert facts_of(services + late).system_root.confidence is Confidence.LOW


# --- the reader ---------------------------------------------------------------------------------------------------------


def test_a_value_that_could_not_be_read_wholly_counts_as_absent_and_is_told() -> None:
    damage = Problem("truncated-value", "cut", loses_data=True)

    class Damaged(MachineKeys):
        def raw(self, path: str, name: str) -> RawValue | None:
            raw = super().raw(path, name)
            return raw and RawValue(raw.name, raw.type, raw.data, raw.ref, damage)

    hive = hive_of(f'[{NAME}]\nComputerName = sz "AB"')
    keys = Damaged(hive, hive.root.subkey("ControlSet001"))
    assert keys.text(r"Control\ComputerName\ComputerName", "ComputerName") is None
    assert keys.problems == (damage,)


def test_keys_are_found_without_case_and_read_once() -> None:
    hive = hive_of(f'[{NAME.upper()}]\nCOMPUTERNAME = sz "AB"')
    keys = MachineKeys(hive, hive.root.subkey("controlset001"))
    found = keys.text(r"Control\ComputerName\ComputerName", "ComputerName")
    assert found is not None
    assert (found.value, found.ref.text, found.ref.value) == ("AB", "AB", "COMPUTERNAME")
    assert isinstance(keys.key("\\"), MemoryKey)
    assert keys.key("Control") is keys.key("Control")


# --- real hives ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "role", "architecture", "service_pack", "last_boot", "system_root"),
    [
        ("nt4-sp3-server", Role.DOMAIN_CONTROLLER, "x86", 3, "2023-02-07T20:58:22", r"C:\WINNT"),
        ("xp-x64", Role.WORKSTATION, "AMD64", 2, "2014-06-08T16:34:49", r"C:\WINDOWS"),
        ("win7-sp1-x86", Role.WORKSTATION, "x86", 1, "2012-04-04T11:47:06", r"C:\Windows"),
        ("win10-1709-dirty", Role.WORKSTATION, "AMD64", 0, "2018-03-27T21:45:39", r"C:\Windows"),
        ("win10-1903", Role.WORKSTATION, "AMD64", 0, "2020-04-19T09:08:51", r"C:\Windows"),
    ],
)
def test_real_machines_are_recognised(
    real_hive: Callable[[str], Path],
    name: str,
    role: Role,
    architecture: str,
    service_pack: int,
    last_boot: str,
    system_root: str,
) -> None:
    with open_hive(real_hive(name)) as hive:
        facts = read_machine_facts(hive, hive.root.subkey("ControlSet001"))
    assert (facts.role.value, facts.role.confidence) == (role, Confidence.HIGH)
    assert (facts.architecture.value, facts.architecture.confidence) == (architecture, Confidence.HIGH)
    assert facts.service_pack.value == service_pack
    assert facts.last_boot.value is not None
    assert iso_utc(facts.last_boot.value)[:19] == last_boot
    assert facts.system_root.value == system_root
    assert facts.computer_name.confidence is Confidence.HIGH
    assert facts.time_zone.confidence is Confidence.HIGH
    assert facts.last_shutdown.confidence is Confidence.HIGH

"""services.exe: the order of starts, dependencies, what runs, safe mode, hostile hives. Documentation of Windows, ReactOS, detections.md 1.8."""

import time
from types import SimpleNamespace

import pytest

from hivecheck.boot.actions import LoadDriver, LoadLibrary, StartProcess, StartService
from hivecheck.boot.machine import Process
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.services import allowed_in, passed_over, per_user_services, trigger_started
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    NT4,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1607,
    WIN10_1703,
    WIN10_1903,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from hivecheck.facts.nt_path import NtPath
from tests.boot.boots import citation, cited, present
from tests.boot.service_boots import (
    DRIVER,
    OWN,
    SHARED,
    database_of,
    event_of,
    group_order,
    names,
    only,
    service,
    software_of,
    start,
    started,
    svchost,
)

# --- order ----------------------------------------------------------------------------------------------------------------


def test_groups_go_in_their_order_then_unlisted_ones_then_none() -> None:
    hive = group_order("First", "Second") + "".join(
        (
            service("none"),
            service("unlisted", Group="Other"),
            service("b", Group="second"),
            service("a", Group="First"),
            service("none2"),
        )
    )
    played = start(hive)
    assert names(played) == ["a", "b", "unlisted", "none", "none2"]
    assert {event.step for event in played.events} == {Step.SERVICES}
    assert {event.process for event in played.events} == {"services.exe"}
    assert ("Group", None) in cited(event_of(played, "b"))
    assert ("List", (1, 1)) in cited(event_of(played, "b"))


def test_tags_order_a_group_and_what_has_none_comes_last() -> None:
    tags = group_order("G", G="02 00 00 00 07 00 00 00 03 00 00 00")
    hive = tags + service("none", Group="G") + service("unknown", Group="G", Tag=9)
    hive += service("third", type=DRIVER, Group="G", Tag=3) + service("seventh", Group="G", Tag=7)
    assert names(start(hive)) == ["seventh", "third", "unknown", "none"]


def test_only_start_2_starts_by_itself() -> None:
    hive = "".join(service(f"s{number}", start=number) for number in range(5)) + service("driver", start=1, type=DRIVER)
    assert names(start(hive)) == ["s2"]


def test_what_a_service_depends_on_goes_before_it_whatever_its_group_or_start() -> None:
    hive = group_order("Early", "Late")
    hive += service("needy", Group="Early", DependOnService=["LATER", "ondemand"]) + service("other", Group="Early")
    hive += service("later", Group="Late", DependOnService=["deep"]) + service("deep", start=3)
    hive += service("ondemand", start=3, type=DRIVER)
    played = start(hive)
    assert names(played) == ["deep", "later", "ondemand", "needy", "other"]
    driver = event_of(played, "ondemand")
    assert driver.action == LoadDriver(
        NtPath("\\SystemRoot\\System32\\drivers\\ondemand.sys"), None, "ondemand", "", "demand"
    )
    assert "needy depends on it" in driver.why
    assert ("DependOnService", None) in cited(driver)
    assert driver.certainty is Certainty.B


def test_a_group_depended_on_is_started_before_its_dependents() -> None:
    hive = service("needy", DependOnGroup=["G"]) + service("a", Group="G") + service("b", Group="G")
    hive += service("demand", start=3, Group="G")
    assert names(start(hive)) == ["a", "b", "needy"]


def test_a_group_of_demand_start_members_alone_is_started_for_its_dependents() -> None:
    assert names(start(service("needy", DependOnGroup=["G"]) + service("a", start=3, Group="G"))) == ["a", "needy"]


def test_a_group_with_a_running_driver_needs_no_start() -> None:
    hive = service("needy", DependOnGroup=["G"]) + service("d", start=1, type=DRIVER, Group="G")
    played = start(hive + service("a", start=3, Group="G"))
    assert names(played) == ["needy"]
    assert event_of(played, "needy").done is Done.UNKNOWN


def test_a_service_may_depend_on_its_own_group() -> None:
    played = start(service("a", Group="G", DependOnGroup=["G"]) + service("b", Group="G"))
    assert names(played) == ["b", "a"]
    assert [event.done for event in played.events] == [Done.UNKNOWN, Done.UNKNOWN]


def test_delayed_services_come_last_in_stored_order_and_without_groups() -> None:
    hive = group_order("G") + service("z", DelayedAutostart=1) + service("a", DelayedAutostart=1, Group="G") + service("m")
    played = start(hive + "[Control]\nAutoStartDelay = dword 7\n", WIN7)
    assert [(name, started(played, name).when) for name in names(played)] == [
        ("m", "auto"),
        ("z", "delayed"),
        ("a", "delayed"),
    ]
    assert "about 7 seconds" in event_of(played, "z").why
    assert ("DelayedAutostart", None) in cited(event_of(played, "z"))
    assert names(start(hive, XP)) == ["a", "z", "m"]


def test_what_depends_on_a_delayed_service_draws_it_forward() -> None:
    played = start(service("m", DependOnService=["z"]) + service("z", DelayedAutostart=1), WIN7)
    assert [(name, started(played, name).when) for name in names(played)] == [("z", "auto"), ("m", "auto")]


def test_early_services_come_first_from_8_on() -> None:
    hive = '[Control]\nEarlyStartServices = multi "e2" "none" "E1" "demand"\n' + group_order("G")
    hive += service("a", Group="G") + service("e1") + service("e2", DependOnService=["d"]) + service("d", start=3)
    hive += service("demand", start=3)
    played = start(hive, WIN8)
    assert [(name, started(played, name).when) for name in names(played)] == [
        ("d", "early"), ("e2", "early"), ("e1", "early"), ("a", "auto"),
    ]  # fmt: skip
    assert ("EarlyStartServices", None) in cited(event_of(played, "e1"))
    assert names(start(hive, WIN7)) == ["a", "e1", "d", "e2"]


def test_the_order_is_confirmed_for_2003_and_documented_for_the_rest() -> None:
    assert [only(start(service("a"), generation)).certainty for generation in (NT4, WIN2003, WIN7, WIN10_1903)] == [
        Certainty.B, Certainty.A, Certainty.B, Certainty.B,
    ]  # fmt: skip


def test_in_2003_whatever_groups_and_tags_alone_do_not_decide_is_documented_only() -> None:
    hive = group_order("G") + service("a", DependOnService=["b"]) + service("b", Group="G") + service("c", start=3)
    hive += (
        service("d", DependOnService=["c"]) + service("e", image="%ProgramFiles%\\e.exe") + service("f", DependOnGroup=["G"])
    )
    hive += svchost("h", Group="G") + service("i", type=SHARED, image="%SystemRoot%\\System32\\svchost.exe -k netsvcs")
    hive += service("j", type=DRIVER, ErrorControl="none")
    played = start(hive, WIN2003)
    marks = {name: event_of(played, name).certainty for name in names(played)}
    assert [name for name, mark in marks.items() if mark is Certainty.A] == ["b", "h"]
    assert [name for name, mark in marks.items() if mark is Certainty.C] == []
    assert sorted(marks) == ["a", "b", "c", "d", "e", "f", "h", "i", "j"]


def test_without_an_order_of_groups_the_place_of_a_grouped_service_is_a_guess() -> None:
    played = start(service("a", Group="G") + service("b"), WIN2003)
    assert [event_of(played, name).certainty for name in ("a", "b")] == [Certainty.C, Certainty.A]
    assert [problem.code for problem in played.problems] == ["no-group-order"]
    assert "not documented" in played.problems[0].message
    assert start(group_order("G") + service("a", Group="G"), WIN2003).problems == ()


# --- dependencies that are not met ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ("", "it depends on dep, and there is no such service"),
        (service("dep", start=4), "it depends on dep, which is disabled"),
        (service("dep", type=0x4), "it depends on dep, which is nothing that services.exe starts"),
        (service("dep", DeleteFlag=1), "it depends on dep, which does not start"),
    ],
)
def test_a_service_is_not_started_without_its_dependency(rest: str, why: str) -> None:
    played = start(service("a", DependOnService=["dep"]) + service("b", DependOnService=["a"]) + rest)
    event = event_of(played, "a")
    assert (event.done, event.why) == (Done.NO, why)
    assert event_of(played, "b").why == "it depends on a, which does not start"
    assert ("DependOnService", None) in cited(event)
    assert played.after.services == []


def test_a_missing_dependency_is_told_as_a_problem() -> None:
    (problem,) = start(service("a", DependOnService=["dep"])).problems
    assert (problem.code, problem.message) == ("service-dependency", "a depends on dep, and there is no such service.")
    assert [citation(origin) for origin in problem.because] == [("DependOnService", None)]


def test_a_group_without_members_is_never_met() -> None:
    played = start(service("a", DependOnGroup=["G"]) + service("b", start=4, Group="G"))
    assert event_of(played, "a").why == "it depends on the group G, which has no member that could run"
    assert [problem.code for problem in played.problems] == ["service-dependency"]


def test_a_group_none_of_whose_members_starts_is_not_met() -> None:
    played = start(service("a", DependOnGroup=["G"]) + service("b", Group="G", DependOnService=["none"]))
    assert event_of(played, "a").why == "it depends on the group G, of which no member runs"


def test_a_driver_that_the_kernel_could_not_load_fails_its_dependents() -> None:
    hive = service("a", DependOnService=["d"]) + service("d", start=1, type=DRIVER)
    assert event_of(start(hive), "a").done is Done.UNKNOWN
    assert event_of(start(hive, not_loaded=["D"]), "a").why == "it depends on d, which was not loaded"


def test_a_file_that_is_gone_fails_the_service_and_its_dependents() -> None:
    played = start(service("a") + service("b", DependOnService=["a"]), files=[present("C:\\Windows\\System32\\b.exe")])
    assert [event.done for event in played.events] == [Done.NO, Done.NO]
    assert event_of(played, "b").why == "it depends on a, which does not start"


def test_services_in_a_ring_are_told_and_none_starts() -> None:
    hive = service("a", DependOnService=["b"]) + service("b", DependOnService=["c"]) + service("c", DependOnService=["a"])
    played = start(hive + service("d", DependOnService=["a"]) + service("self", DependOnService=["SELF"]))
    assert {event.done for event in played.events} == {Done.NO}
    assert event_of(played, "c").why == "it depends on itself: a, b, c form a ring, and none of them starts"
    assert event_of(played, "d").why == "it depends on a, which does not start"
    assert [problem.message for problem in played.problems if problem.code == "service-ring"] == [
        "Services depend on each other in a ring, and none of them starts: a, b, c.",
        "self depends on itself, and so it does not start.",
    ]


def test_a_service_marked_for_deletion_is_not_started() -> None:
    event = only(start(service("a", DeleteFlag=1)))
    assert event.why == "it is marked for deletion (DeleteFlag): services.exe deletes its key instead"


# --- what is not started at boot ------------------------------------------------------------------------------------------


def test_trigger_started_services_are_told_apart() -> None:
    hive = service("a", start=3, raw="[a\\TriggerInfo]") + service("b", raw="[b\\TriggerInfo]") + service("c", start=3)
    assert [found.name for found in trigger_started(database_of(hive).services)] == ["a"]
    played = start(hive, WIN7)
    assert names(played) == ["b"]
    assert "triggers as well" in event_of(played, "b").why


def test_per_user_services_are_told_apart() -> None:
    database = database_of(service("a", type=0x60) + service("a_1b2", type=0xE0) + service("b"))
    assert [found.name for found in per_user_services(database.services)] == ["a", "a_1b2"]


def test_every_auto_start_service_without_an_event_has_a_reason() -> None:
    database = database_of(
        service("user", type=0x50) + service("odd", type=0x4) + service("a") + "[none]\nStart = dword 2\n"
    )
    found = {one.name: why for one, why in passed_over(database, lambda _: True)}
    assert found == {
        "user": "it is a per-user service: it starts when somebody logs on",
        "odd": "it has the Type 0x4, and services.exe starts no such thing",
        "none": "it has no Type, and services.exe starts no such thing",
    }


def test_safe_mode_starts_only_what_its_list_names() -> None:
    hive = service("a") + service("b") + service("c", Group="G") + service("d", type=DRIVER, Group="G")
    hive += "[Control\\SafeBoot\\Minimal\\A]\n[Control\\SafeBoot\\Minimal\\G]\n[Control\\SafeBoot\\Network\\b]\n"
    assert names(start(hive, safe_mode="minimal")) == ["d", "a"]
    assert names(start(hive, safe_mode="network")) == ["b"]
    assert names(start(hive, safe_mode="dsrepair")) == ["c", "d", "a", "b"]
    assert names(start(hive, NT4, safe_mode="minimal")) == ["c", "d", "a", "b"]


def test_safe_mode_keeps_a_dependency_away_but_not_one_in_lsass() -> None:
    hive = service("a", DependOnService=["b"]) + service("b") + service("c", DependOnService=["SamSs"])
    hive += service("SamSs", type=SHARED, image="%SystemRoot%\\system32\\lsass.exe")
    hive += "[Control\\SafeBoot\\Minimal\\a]\n[Control\\SafeBoot\\Minimal\\c]\n"
    played = start(hive, safe_mode="minimal")
    assert names(played) == ["a", "c"]
    assert event_of(played, "a").why.startswith("it depends on b, which this safe mode does not allow")
    assert event_of(played, "c").done is Done.UNKNOWN
    assert played.problems == ()


def test_a_stored_option_of_safe_mode_is_told() -> None:
    played = start(service("a") + "[Control\\SafeBoot\\Option]\nOptionValue = dword 1\n", WIN7)
    assert names(played) == ["a"]
    (problem,) = played.problems
    assert problem.code == "safe-boot-option-stored"
    assert [citation(origin) for origin in problem.because] == [("OptionValue", None)]


def test_a_normal_boot_asks_no_list() -> None:
    smss = SimpleNamespace(generation=WIN7, safe_mode=None)
    assert allowed_in(smss, None)(None) is True  # type: ignore[arg-type]


# --- what runs ------------------------------------------------------------------------------------------------------------


def test_an_unquoted_path_names_the_files_that_would_be_started_in_its_place() -> None:
    played = start(service("a", image="C:\\Program Files\\My Vendor\\a.exe -x"))
    action, event = started(played, "a"), event_of(played, "a")
    assert (action.image, action.arguments) == ("C:\\Program Files\\My Vendor\\a.exe", "-x")
    assert [path.tail for path in action.candidates] == ["C:\\Program.exe", "C:\\Program Files\\My.exe", action.image]
    assert (
        "C:\\Program.exe, C:\\Program Files\\My.exe would be started in place of C:\\Program Files\\My Vendor\\a.exe"
        in event.why
    )
    assert played.after.processes[-1].image == "\\??\\C:\\Program Files\\My Vendor\\a.exe"
    assert "there is no \\??\\C:\\Program.exe or 1 more to be taken instead" in event.assumes


def test_a_planted_file_is_started_in_place_of_an_unquoted_path() -> None:
    hive = service("a", image="C:\\Program Files\\a.exe")
    played = start(hive, files=[present("C:\\Program.exe"), present("C:\\Program Files\\a.exe")])
    assert played.after.processes[-1].image == "\\??\\C:\\Program.exe"
    assert "\\??\\C:\\Program.exe stands in the way of \\??\\C:\\Program Files\\a.exe" in event_of(played, "a").why
    played = start(hive, files=[present("C:\\Program Files\\a.exe")])
    assert event_of(played, "a").done is Done.YES


def test_a_path_below_system32_is_found_in_the_windows_folder() -> None:
    played = start(service("a", image="system32\\a.exe"))
    assert played.after.processes[-1].image == "\\??\\C:\\Windows\\system32\\a.exe"


def test_a_path_with_nothing_in_it_starts_nothing() -> None:
    played = start("[a]\nStart = dword 2\nType = dword 16\nErrorControl = dword 1\n")
    assert only(played).why.startswith("it has no ImagePath")


def test_only_expandable_strings_are_expanded() -> None:
    line = '[a]\nStart = dword 2\nType = dword 16\nErrorControl = dword 1\nImagePath = sz "%SystemRoot%\\a.exe"\n'
    event = only(start(line))
    assert isinstance(event.action, StartService)
    assert event.action.image == "%SystemRoot%\\a.exe"
    assert "no REG_EXPAND_SZ" in event.why


def test_folders_of_software_are_assumed() -> None:
    played = start(service("a", image="%ProgramFiles%\\V\\a.exe"))
    assert started(played, "a").candidates[-1] == NtPath("\\??\\C:\\Program Files\\V\\a.exe")
    assert any(
        "%ProgramFiles% is C:\\Program Files, as SOFTWARE usually says" in text for text in event_of(played, "a").assumes
    )


def test_svchost_loads_the_dll_of_the_service() -> None:
    action = started(start(svchost("Dhcp", "netsvcs")), "Dhcp")
    assert (action.image, action.arguments) == ("C:\\Windows\\System32\\svchost.exe", "-k netsvcs")
    assert (action.dll, action.shared, action.account) == (
        NtPath("\\??\\C:\\Windows\\System32\\Dhcp.dll"),
        True,
        "LocalSystem",
    )
    assert ("ServiceDll", None) in cited(only(start(svchost("Dhcp"))))


def test_shared_services_of_one_command_line_live_in_one_process() -> None:
    played = start(svchost("a") + svchost("b") + svchost("c", "other") + service("d"))
    assert [process.command for process in played.after.processes if process.parent == "services.exe"] == [
        "C:\\Windows\\System32\\svchost.exe -k netsvcs",
        "C:\\Windows\\System32\\svchost.exe -k other",
        "C:\\Windows\\System32\\d.exe",
    ]
    assert [running.name for running in played.after.services] == ["a", "b", "c", "d"]


def test_services_of_lsass_live_in_the_lsass_that_runs() -> None:
    lsass = Process("lsass.exe", "\\??\\C:\\Windows\\System32\\lsass.exe", "lsass.exe", "wininit.exe", 0, False, False)
    hive = service("SamSs", type=SHARED, image="%SystemRoot%\\system32\\lsass.exe")
    played = start(hive, WIN7, processes=[lsass])
    assert [process.name for process in played.after.processes].count("lsass.exe") == 1
    assert played.after.services[0].command == "lsass.exe"


def test_services_of_one_process_must_have_one_account() -> None:
    hive = svchost("a", ObjectName="NT AUTHORITY\\LocalService") + svchost("b", ObjectName="nt authority\\localservice")
    played = start(hive + svchost("c"))
    assert [event.done for event in played.events] == [Done.UNKNOWN, Done.UNKNOWN, Done.NO]
    assert "it shares the process of a, but runs as another account" in event_of(played, "c").why
    assert started(played, "a").account == "NT AUTHORITY\\LocalService"


def test_from_1703_on_each_svchost_service_has_its_own_process_where_memory_allows() -> None:
    hive = svchost("a") + svchost("b") + svchost("c", SvcHostSplitDisable=1) + svchost("RpcEptMapper", "rpcss")
    restart = "FailureActions = binary 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 14 00 00 00 02 00 00 00 60 ea 00 00\n"
    hive += svchost("d").replace("[d]\n", "[d]\n" + restart)
    played = start(hive, WIN10_1703)
    assert {name: (started(played, name).shared, started(played, name).arguments) for name in names(played)} == {
        "a": (False, "-k netsvcs -s a"),
        "b": (False, "-k netsvcs -s b"),
        "c": (True, "-k netsvcs"),
        "RpcEptMapper": (True, "-k rpcss"),
        "d": (True, "-k netsvcs"),
    }
    assert any(text.startswith("the machine has more than 3.5 GB of memory") for text in event_of(played, "a").assumes)
    assert event_of(played, "a").certainty is Certainty.C
    assert started(start(hive, WIN10_1607), "a").shared is True


def test_a_threshold_that_no_machine_reaches_keeps_services_together() -> None:
    hive = svchost("a") + "[Control]\nSvcHostSplitThresholdInKB = dword 0xffffffff\n"
    assert started(start(hive, WIN10_1703), "a").shared is True
    hive = svchost("a") + "[Control]\nSvcHostSplitThresholdInKB = dword 0x100000\n"
    assert any("more than 1 GB" in text for text in event_of(start(hive, WIN10_1703), "a").assumes)


def test_svchost_of_2003_takes_no_other_dll_than_an_expandable_one() -> None:
    hive = svchost("a").replace("ServiceDll = expand", "ServiceDll = sz")
    assert event_of(start(hive), "a").why.startswith("its ServiceDll is no REG_EXPAND_SZ")
    assert "svchost takes a ServiceDll that is no REG_EXPAND_SZ" in event_of(start(hive, WIN7), "a").assumes


def _hosted(*lines: str) -> str:
    """A service of svchost with these lines in its own key, or below it."""
    return service("A", type=SHARED, image="%SystemRoot%\\System32\\svchost.exe -k netsvcs", raw="\n".join(lines))


@pytest.mark.parametrize("kind", ["expand", "sz"])
@pytest.mark.parametrize("more", ["", "[A\\Parameters]\nx = dword 1"])
def test_up_to_2003_svchost_looks_for_the_dll_in_parameters_alone(kind: str, more: str) -> None:
    for generation in (XP, WIN2003):
        event = only(start(_hosted(f'ServiceDll = {kind} "C:\\e.dll"', more), generation))
        assert (event.done, event.certainty) == (Done.NO, Certainty.B)
        assert event.why == "its ServiceDll stands in its own key, and svchost of this Windows looks in Parameters alone"
        assert ("ServiceDll", None) in cited(event)


def test_from_vista_on_a_service_without_parameters_may_name_its_dll_itself() -> None:
    """EventLog of 7 and 10, DoSvc of 10."""
    event = only(start(_hosted('ServiceDll = expand "C:\\e.dll"'), WIN7))
    assert isinstance(event.action, StartService)
    assert (event.action.dll, event.certainty) == (NtPath("\\??\\C:\\e.dll"), Certainty.B)
    assert not any("own key" in one for one in event.assumes)


def test_whether_a_dll_beside_parameters_counts_is_an_assumption() -> None:
    event = only(start(_hosted('ServiceDll = expand "C:\\e.dll"', "[A\\Parameters]\nx = dword 1"), WIN7))
    assert event.certainty is Certainty.C
    assert event.assumes[-1] == "svchost looks for ServiceDll in the service's own key although there is a key Parameters"


def test_the_dll_of_parameters_goes_before_that_of_the_service() -> None:
    lines = ('ServiceDll = expand "C:\\own.dll"', "[A\\Parameters]", 'ServiceDll = expand "C:\\e.dll"')
    for generation in (XP, WIN7):
        event = only(start(_hosted(*lines), generation))
        assert isinstance(event.action, StartService)
        assert event.action.dll == NtPath("\\??\\C:\\e.dll")


def test_a_dll_that_is_no_text_is_there_all_the_same() -> None:
    lines = ("[A\\Parameters]", "ServiceDll = dword 1")
    assert only(start(_hosted(*lines), WIN2003)).why == "its ServiceDll is no REG_EXPAND_SZ, and svchost takes nothing else"
    assert only(start(_hosted(*lines), WIN7)).assumes[-1] == "svchost takes a ServiceDll that is no REG_EXPAND_SZ"


def test_a_dll_by_name_alone_lies_in_system32() -> None:
    hive = svchost("a").replace("%SystemRoot%\\System32\\a.dll", "a")
    assert started(start(hive), "a").dll == NtPath("\\??\\C:\\Windows\\System32\\a.dll")


def test_svchost_without_a_group_or_a_dll_is_doubted() -> None:
    assert only(start(service("a", image="%SystemRoot%\\svchost.exe"))).why.startswith("svchost.exe is given no group")
    event = only(start(service("a", image="%SystemRoot%\\svchost.exe -k g")))
    assert any("has no ServiceDll" in text for text in event.assumes)


def test_software_tells_which_services_svchost_runs() -> None:
    software = software_of('[Microsoft\\Windows NT\\CurrentVersion\\Svchost]\nnetsvcs = multi "A" ""')
    played = start(svchost("a", "NetSvcs") + svchost("b", "netsvcs") + svchost("c", "none"), software=software)
    assert [event.done for event in played.events] == [Done.UNKNOWN, Done.NO, Done.NO]
    assert event_of(played, "b").why.startswith("SOFTWARE does not list it in the group netsvcs of Svchost")


def test_software_without_any_group_says_nothing_of_svchost() -> None:
    """A piece of a hive, or a damaged one, would else keep nearly all of Windows from starting."""
    software = software_of('[Microsoft\\Windows NT\\CurrentVersion]\nProductName = sz "x"')
    played = start(svchost("a", "netsvcs"), software=software)
    assert [event.done for event in played.events] == [Done.UNKNOWN]


def test_a_debugger_of_software_is_started_in_place_of_the_program() -> None:
    options = "Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options"
    software = software_of(f'[{options}\\A.EXE]\nDebugger = sz "C:\\evil.exe -p"')
    played = start(service("a", image="C:\\a.exe -x") + service("b"), software=software)
    assert (started(played, "a").image, started(played, "a").arguments) == ("C:\\evil.exe", "-p C:\\a.exe -x")
    assert "SOFTWARE sets a debugger for A.EXE" in event_of(played, "a").why
    assert ("Debugger", None) in cited(event_of(played, "a"))
    assert "debugger" not in event_of(played, "b").why


@pytest.mark.parametrize("host", ["services.exe", "lsass.exe"])
def test_a_service_of_a_running_process_meets_no_debugger(host: str) -> None:
    """EventLog and PlugPlay of XP live in services.exe: no process is created for them."""
    key = f"Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\{host}"
    given = software_of(f'[{key}]\nDebugger = sz "C:\\dbg.exe"')
    image = f"%SystemRoot%\\System32\\{host}"
    played = start(service("EventLog", type=SHARED, image=image), XP, software=given)
    assert started(played, "EventLog").image == f"C:\\Windows\\System32\\{host}"


def test_a_debugger_of_svchost_is_started_for_a_service_that_svchost_would_not_run() -> None:
    options = "Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options"
    software = software_of(f'[{options}\\svchost.exe]\nDebugger = sz "C:\\evil.exe"')
    played = start(svchost("a", group="lost"), software=software)
    assert event_of(played, "a").done is not Done.NO
    assert started(played, "a").image == "C:\\evil.exe"


def test_what_a_failure_means_and_runs_is_told() -> None:
    actions = "FailureActions = binary 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 14 00 00 00 03 00 00 00 60 ea 00 00\n"
    hive = service("a", ErrorControl=3, FailureCommand="cmd.exe /c x", raw=actions)
    assert "ErrorControl is critical" in only(start(hive)).why
    assert "services.exe may run: cmd.exe /c x" in only(start(hive)).why
    told = only(start(service("a", FailureCommand="cmd.exe /c x"))).why
    assert "FailureCommand is set, but no action of FailureActions runs it: cmd.exe /c x" in told
    assert "services.exe may run" not in told


def test_nt_4_has_no_failure_actions() -> None:
    actions = "FailureActions = binary 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 14 00 00 00 03 00 00 00 60 ea 00 00\n"
    hive = service("a", FailureCommand="cmd.exe /c x", raw=actions)
    assert "cmd.exe" not in only(start(hive, NT4)).why
    assert "services.exe may run: cmd.exe /c x" in only(start(hive, WIN2000)).why


def test_before_7_triggers_are_nothing_to_services_exe() -> None:
    hive = service("a") + "[a\\TriggerInfo\\0]\nType = dword 1\n"
    for generation in (NT4, XP, VISTA):
        assert "triggers" not in only(start(hive, generation)).why
    assert "It has triggers as well" in only(start(hive, WIN7)).why


def test_before_vista_no_start_is_delayed() -> None:
    hive = service("late", DelayedAutostart=1) + service("b", DependOnService=["late"])
    for generation in (NT4, XP):
        events = start(hive, generation).events
        assert [event.action.when for event in events if isinstance(event.action, StartService)] == ["auto", "auto"]
        assert not any("delayed" in event.why for event in events)
    assert "It would be delayed otherwise" in event_of(start(hive, VISTA), "late").why


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ("", False),
        ("LocalSystem", False),
        (".\\LocalSystem", False),
        ("NT AUTHORITY\\LocalService", False),
        ("nt authority\\network service", False),
        (".\\bob", True),
        ("NT SERVICE\\x", True),
        ("DOM\\LocalService", True),
    ],
)
def test_an_account_that_is_none_of_windows_own_three_is_told(account: str, told: bool) -> None:
    event = only(start(service("a", ObjectName=account), WIN7))
    assert (f"It runs as the account {account}" in event.why) is told


@pytest.mark.parametrize(
    ("level", "generation", "meaning"),
    [
        (2, WIN7, "if it fails to start, the machine restarts with the last known good configuration; if that is the one in use, this start goes on."),
        (3, WIN7, "the machine restarts with the last known good configuration; if that is the one in use, the boot ends."),
        (2, WIN8, "if it fails to start, the boot goes on and logs it, unless last known good was switched on."),
        (3, WIN10_1903, "if it fails to start, the boot ends, unless last known good was switched on."),
    ],
)  # fmt: skip
def test_from_8_on_a_failure_does_not_bring_back_the_last_known_good_set(
    level: int, generation: Generation, meaning: str
) -> None:
    assert only(start(service("a", ErrorControl=level), generation)).why.endswith(meaning)


def test_the_level_of_protection_is_told_from_8_1_on() -> None:
    hive = service("a", LaunchProtected=3)
    assert "antimalware light" in only(start(hive, WIN81)).why
    assert "protected" not in only(start(hive, WIN7)).why


def test_a_service_without_error_control_is_doubted() -> None:
    assert "services.exe takes a service without ErrorControl" in " ".join(
        only(start('[a]\nStart = dword 2\nType = dword 16\nImagePath = sz "C:\\a.exe"\n')).assumes
    )


def test_a_driver_by_a_dos_path_is_not_loaded() -> None:
    hive = '[d]\nStart = dword 2\nType = dword 1\nErrorControl = dword 1\nImagePath = sz "C:\\d.sys"\n'
    assert only(start(hive)).why.startswith("its ImagePath is a DOS path")


def test_services_exe_loads_its_extension_first() -> None:
    hive = '[Control]\nServiceControlManagerExtension = expand "%systemroot%\\system32\\scext.dll"\n' + service("a")
    event = start(hive, WIN7).events[0]
    assert event.action == LoadLibrary(
        "services.exe", NtPath("\\??\\C:\\Windows\\system32\\scext.dll"), "ServiceControlManagerExtension"
    )
    assert cited(event) == [("ServiceControlManagerExtension", None)]
    assert names(start(hive, VISTA))[0] == "load-library"
    assert names(start(hive, XP)) == ["a"]


def test_the_boot_verification_program_runs_before_the_delayed_services() -> None:
    hive = (
        '[Control\\BootVerificationProgram]\nImagePath = sz "C:\\v.exe -x"\n'
        + service("a")
        + service("b", DelayedAutostart=1)
    )
    played = start(hive, WIN7)
    assert names(played) == ["a", "start-process", "b"]
    assert played.events[1].action == StartProcess("C:\\v.exe", "-x", 0, (NtPath("\\??\\C:\\v.exe"),))
    assert names(start(hive, XP)) == ["a", "b", "start-process"]


def test_services_wait_for_lsass() -> None:
    first, second = start(service("a") + service("b")).events
    assert "services.exe starts nothing before lsass tells that it is ready" in first.why
    assert "lsass" not in second.why


# --- hostile hives --------------------------------------------------------------------------------------------------------


def test_long_chains_and_wide_groups_take_no_recursion_and_little_time() -> None:
    count = 1_500
    chain = "".join(service(f"c{n}", DependOnService=[f"c{n + 1}"]) for n in range(count)) + service(f"c{count}")
    wide = "".join(service(f"w{n}", type=OWN, Group="G", DependOnGroup=["H"]) for n in range(count))
    wide += "".join(service(f"h{n}", Group="H", DependOnService=["c0"]) for n in range(count))
    begun = time.perf_counter()
    played = start(chain + wide)
    assert time.perf_counter() - begun < 60
    order = names(played)
    assert len(order) == len(set(order)) == 3 * count + 1
    assert order[:2] == [f"c{count}", f"c{count - 1}"]
    assert {event.done for event in played.events} == {Done.UNKNOWN}


def test_a_huge_ring_is_told_once_and_briefly() -> None:
    count = 2_000
    played = start("".join(service(f"r{n}", DependOnService=[f"r{(n + 1) % count}"]) for n in range(count)))
    assert {event.done for event in played.events} == {Done.NO}
    (problem,) = played.problems
    assert problem.code == "service-ring"
    assert len(problem.message) < 300


def test_starts_beyond_the_limit_are_told() -> None:
    hive = "".join(service(f"s{n}", image=f"a b c d {n}.exe") for n in range(5_001))
    begun = time.perf_counter()
    played = start(hive)
    assert time.perf_counter() - begun < 60
    assert len(played.events) == 5_000
    assert [problem.code for problem in played.problems] == ["services-not-shown"]


def test_problems_are_told_up_to_a_limit() -> None:
    played = start("".join(service(f"m{n}", DependOnService=["none"]) for n in range(300)))
    assert len(played.problems) == 101
    assert len(played.events) == 300


def test_control_characters_and_odd_types_end_in_no_traceback() -> None:
    hive = '[a]\nStart = dword 2\nType = sz "x"\nImagePath = dword 7\nGroup = dword 3\nDependOnService = binary 01 02 03\n'
    assert names(start(hive)) == []
    assert only(start(service("a", image="C:\\\\a\\x07b.exe", ObjectName="\x1b[31m"))).done is not Done.YES

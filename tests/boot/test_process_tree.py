"""The tree of the finished boot: who started whom, what is gone, and which services live in which process."""

from collections.abc import Iterator

from hivecheck.boot.actions import Action, CreateSession, RunProgram, StartProcess, StartService
from hivecheck.boot.machine import Machine, machine_at_smss
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.process_tree import ProcessNode, ProcessTree, build_process_tree
from hivecheck.boot.replay import Replay, replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN10_1903, XP
from hivecheck.facts.nt_path import NtPath
from tests.boot.boots import play, present

SVCHOST = "C:\\Windows\\System32\\svchost.exe"


def started(image: str, session: int | None = None) -> StartProcess:
    return StartProcess(image, "", session, (NtPath(f"\\??\\C:\\Windows\\System32\\{image}"),))


def service(name: str, arguments: str = "-k netsvcs", *, shared: bool = True) -> StartService:
    file = NtPath(f"\\??\\{SVCHOST}")
    return StartService(name, SVCHOST, arguments, (file,), None, "LocalSystem", "", "auto", shared)


def run(*asked: tuple[str, Action], machine: Machine | None = None) -> Replay:
    """A boot in which each process asks for one action in turn."""

    def plan() -> Plan:
        for process, action in asked:
            yield Request(Step.SERVICES, process, action, Certainty.B, ())

    return replay(machine or machine_at_smss("C:\\Windows"), plan())


def tree(*asked: tuple[str, Action]) -> ProcessTree:
    return build_process_tree(run(*asked))


def paths(shown: ProcessTree) -> list[str]:
    """Each process by the names above it."""

    def walk(node: ProcessNode, above: str) -> Iterator[str]:
        path = f"{above}/{node.name}" if above else node.name
        yield path
        for child in node.children:
            yield from walk(child, path)

    return [path for root in shown.roots for path in walk(root, "")]


def test_up_to_2003_one_smss_starts_all_and_stays() -> None:
    shown = build_process_tree(play('BootExecute = multi "autocheck autochk *"', XP))
    assert paths(shown) == [
        "System",
        "System/smss.exe",
        "System/smss.exe/autochk.exe",
        "System/smss.exe/csrss.exe",
        "System/smss.exe/winlogon.exe",
    ]
    assert [node.name for node in shown.nodes() if node.ends] == ["autochk.exe"]
    assert not any(node.parent_gone for node in shown.nodes())


def test_from_vista_on_each_session_has_a_smss_that_ends_and_leaves_orphans() -> None:
    shown = build_process_tree(play("", WIN10_1903))
    [system] = shown.roots
    [smss] = system.children
    children = [node for node in smss.children if node.name == "smss.exe"]
    assert [(node.session, node.ends, node.parent_gone) for node in children] == [(0, True, False), (1, True, False)]
    assert [[(one.name, one.session, one.parent_gone) for one in node.children] for node in children] == [
        [("csrss.exe", 0, True), ("wininit.exe", 0, True)],
        [("csrss.exe", 1, True), ("winlogon.exe", 1, True)],
    ]


def test_each_process_names_the_event_that_started_it() -> None:
    played = play("", WIN10_1903)
    for node in build_process_tree(played).nodes():
        if node.event is not None:
            assert node.process in played.events[node.event - 1].changes
    assert [node.name for node in build_process_tree(played).nodes() if node.event is None] == ["System"]


def test_services_of_one_command_line_share_a_process() -> None:
    shown = tree(
        ("wininit.exe", started("services.exe", 0)),
        ("services.exe", service("Themes")),
        ("services.exe", service("Winmgmt")),
        ("services.exe", service("Dhcp", "-k LocalService")),
    )
    [services] = [node for node in shown.nodes() if node.name == "services.exe"]
    assert [[one.name for one in node.services] for node in services.children] == [["Themes", "Winmgmt"], ["Dhcp"]]


def test_split_services_of_one_command_line_each_have_their_own_process() -> None:
    asked = [("services.exe", service(name, shared=False)) for name in ("Themes", "Winmgmt")]
    hosts = [node for node in tree(*asked).nodes() if node.name == "svchost.exe"]
    assert [[one.name for one in node.services] for node in hosts] == [["Themes"], ["Winmgmt"]]


def test_a_process_that_nothing_starts_is_a_root() -> None:
    shown = tree(("nobody.exe", started("a.exe")))
    assert paths(shown) == ["nobody.exe", "nobody.exe/a.exe"]
    assert shown.roots[0].process is None


def test_a_boot_program_named_like_wininit_does_not_take_its_children() -> None:
    planted = RunProgram("wininit", "", (), True, "wininit", "BootExecute", (NtPath("\\??\\C:\\x\\wininit.exe"),))
    shown = tree(
        ("smss.exe", planted),
        ("smss.exe", CreateSession(0)),
        ("smss.exe (session 0)", started("wininit.exe", 0)),
        ("wininit.exe", started("services.exe", 0)),
    )
    assert paths(shown)[-1] == "smss.exe/smss.exe/wininit.exe/services.exe"
    assert paths(shown)[1] == "smss.exe/wininit.exe"


def test_the_winlogon_of_a_session_has_the_children_of_that_session() -> None:
    shown = tree(
        ("smss.exe", started("winlogon.exe", 1)),
        ("smss.exe", started("winlogon.exe", 2)),
        ("winlogon.exe", started("LogonUI.exe", 2)),
    )
    assert [len(node.children) for node in shown.nodes() if node.name == "winlogon.exe"] == [0, 1]


def test_what_a_debugger_is_to_start_stands_below_it() -> None:
    handed = StartProcess("C:\\d.exe", '-x "C:\\Windows\\System32\\winlogon.exe"', 1, (NtPath("\\??\\C:\\d.exe"),))
    shown = tree(("System", started("smss.exe")), ("smss.exe", handed), ("winlogon.exe", started("LogonUI.exe", 1)))
    assert paths(shown)[-3:] == [
        "System/smss.exe/d.exe",
        "System/smss.exe/d.exe/winlogon.exe",
        "System/smss.exe/d.exe/winlogon.exe/LogonUI.exe",
    ]
    (winlogon,) = [node for node in shown.nodes() if node.name == "winlogon.exe"]
    assert (winlogon.event, winlogon.assumed, winlogon.session) == (None, True, 1)


def test_a_program_that_runs_is_not_looked_for_below_one_that_names_it() -> None:
    handed = StartProcess("C:\\d.exe", "winlogon.exe", 1, (NtPath("\\??\\C:\\d.exe"),))
    shown = tree(("System", handed), ("System", started("winlogon.exe", 1)), ("winlogon.exe", started("LogonUI.exe", 1)))
    assert paths(shown) == ["System", "System/d.exe", "System/winlogon.exe", "System/winlogon.exe/LogonUI.exe"]


def test_a_process_that_starts_itself_ends_the_tree() -> None:
    asked = [("a.exe", started("a.exe"))] * 3
    assert paths(tree(*asked)) == ["a.exe", "a.exe/a.exe", "a.exe/a.exe/a.exe", "a.exe/a.exe/a.exe"]


def test_a_chain_of_thousands_is_cut_and_counted() -> None:
    chain = [(f"p{number}.exe", started(f"p{number + 1}.exe")) for number in range(3_000)]
    shown = tree(*chain)
    assert len(list(shown.nodes())) + shown.left_out >= 3_000
    assert shown.left_out > 0
    hash(shown)


def test_thousands_of_services_are_placed() -> None:
    shown = tree(*[("services.exe", service(f"s{number}", f"-k group{number % 50}")) for number in range(5_000)])
    hosts = [node for node in shown.nodes() if node.name == "svchost.exe"]
    assert len(hosts) == 50
    assert sum(len(node.services) for node in hosts) == 5_000


def test_what_is_certain_is_not_assumed() -> None:
    played = play("", WIN10_1903, files=[present("C:\\Windows\\system32\\autochk.exe", native=True)])
    assert not any(node.assumed for node in build_process_tree(played).nodes() if node.name == "csrss.exe")

"""The process tree on a terminal: drawn, folded, and inert whatever the names hold."""

from hivecheck.boot.actions import RunProgram
from hivecheck.boot.machine import RunningService
from hivecheck.boot.process_tree import ProcessTree, build_process_tree
from hivecheck.facts.generation import WIN7
from hivecheck.facts.nt_path import NtPath
from hivecheck.report.paper import Paper
from hivecheck.report.tree import MOST_LINES, write_folded_tree, write_tree
from tests.boot.boots import play
from tests.boot.test_process_tree import run, service, started, tree

NAMES = [f"program{number}.exe" for number in range(40)]


def folded(tree: ProcessTree, width: int = 120, *, boxes: bool = False) -> list[str]:
    paper = Paper(width, styled=False, boxes=boxes)
    write_folded_tree(tree, paper)
    return paper.lines


def whole(tree: ProcessTree, width: int = 120) -> list[str]:
    paper = Paper(width, styled=False)
    write_tree(tree, paper)
    return paper.lines


def many_services() -> ProcessTree:
    asked = [("services.exe", service(f"s{number}", f"-k group{number % 20}")) for number in range(60)]
    programs = [("services.exe", started(name, 0)) for name in NAMES]
    return build_process_tree(run(("wininit.exe", started("services.exe", 0)), *asked, *programs))


def test_the_tree_is_drawn_with_ascii_or_boxes() -> None:
    tree = build_process_tree(play('BootExecute = multi ""', WIN7))
    assert folded(tree)[:2] == ["System", "`- ~ smss.exe"]
    assert folded(tree)[2:5] == [
        "   |- + smss.exe (session 0, ends)",
        "   |  |- ~ csrss.exe (parent gone)",
        "   |  `- ~ wininit.exe (parent gone)",
    ]
    assert folded(tree, boxes=True)[2:5] == [
        "   ├─ + smss.exe (session 0, ends)",
        "   │  ├─ ~ csrss.exe (parent gone)",
        "   │  └─ ~ wininit.exe (parent gone)",
    ]


def test_alike_processes_are_one_line_with_their_services() -> None:
    lines = folded(many_services())
    assert any(line.endswith("~ svchost.exe x 20 (session 0): 60 services") for line in lines) or any(
        line.endswith("~ svchost.exe x 20: 60 services") for line in lines
    )


def test_those_that_start_nothing_are_told_together_where_they_are_many() -> None:
    lines = folded(many_services())
    assert len(lines) <= MOST_LINES
    assert any("40 more: program0.exe" in line for line in lines)


def test_a_wide_tree_never_fills_the_screen() -> None:
    asked = []
    for name in NAMES:
        asked += [("services.exe", started(name, 0)), (name, started(f"child of {name}", 0))]
    lines = folded(build_process_tree(run(*asked)))
    assert len(lines) == MOST_LINES
    assert lines[-1].endswith("more lines: see hivecheck replay --tree")


def test_the_whole_tree_names_every_service() -> None:
    text = " ".join(whole(many_services()))
    assert all(f"s{number}" in text for number in range(60))
    assert all(name in text for name in NAMES)


def test_hidden_characters_of_names_are_visible() -> None:
    hostile = "a\x1b[31m\u202eexe.b"
    tree = build_process_tree(run(("services.exe", started(hostile, 0)), ("services.exe", service(hostile, "-k \x07"))))
    for lines in (folded(tree), whole(tree, 60)):
        text = "\n".join(lines)
        assert text.replace("\n", "").isprintable()
    assert "a⟨U+001B⟩[31m⟨U+202E⟩exe.b" in " ".join(whole(tree, 200))


def test_a_file_that_path_may_lead_elsewhere_is_no_fact() -> None:
    files = (NtPath("\\??\\C:\\Tools\\autochk.exe"), NtPath("\\??\\C:\\Windows\\System32\\autochk.exe"))
    line = RunProgram("autochk", "*", ("autocheck",), True, "autocheck autochk *", "BootExecute", files)
    lines = [one.strip(" |") for one in whole(tree(("System", line)))]
    assert lines == [
        "System",
        "`- ~ autochk.exe (ends)",
        "autochk *",
        "its file: somewhere in Path; which file it is, is not known",
    ]


def test_a_narrow_terminal_keeps_the_drawing() -> None:
    lines = whole(many_services(), 40)
    assert max(map(len, lines)) < 80
    assert all(line.startswith(("wininit.exe", "`-", "|-", "   ", "|  ")) for line in lines)


def test_a_service_without_a_process_is_left_out_quietly() -> None:
    played = run(("services.exe", started("a.exe", 0)))
    played.after.services.append(RunningService("x", "nowhere", "", True))
    assert "a.exe" in " ".join(folded(build_process_tree(played)))

"""The boot in one paragraph: what would happen, to how many, and why not."""

from pathlib import Path

from hivecheck.analysis import Options, analyze
from hivecheck.report.document import analysis_document
from hivecheck.report.paper import Paper
from hivecheck.report.summary import figures, summarise_boot
from hivecheck.report.terminal import write_heading
from hivecheck.report.view import plain
from tests.report.analyses import BOOTABLE, Analyzed, session_manager


def told(analyzed: Analyzed, text: str = "", **more: object) -> list[str]:
    return [plain(sentence) for sentence in summarise_boot(analyzed(text, **more))]


def renames(*pairs: tuple[str, str]) -> str:
    return session_manager("PendingFileRenameOperations = multi " + " ".join(f'"{one}" "{other}"' for one, other in pairs))


def test_one_boot_program_is_named(analyzed: Analyzed) -> None:
    assert "The one boot program (autocheck autochk *) would run if assumptions hold." in told(analyzed)


def test_two_are_both(analyzed: Analyzed) -> None:
    more = session_manager('SetupExecute = multi "evil"')
    assert "Both boot programs (autocheck autochk *, evil) would run if assumptions hold." in told(analyzed, more)


def test_a_list_without_a_program_is_said_to_be_so(analyzed: Analyzed) -> None:
    assert "No boot program is listed." in told(analyzed, base=BOOTABLE.replace('"autocheck autochk *"', ""))


def test_no_file_operation(analyzed: Analyzed) -> None:
    assert "No file is to be renamed or deleted." in told(analyzed)


def test_file_operations_are_counted_by_kind(analyzed: Analyzed) -> None:
    more = renames((r"\??\C:\a", ""), (r"\??\C:\b", ""), (r"\??\C:\c", r"\??\C:\d"))
    sentence = "All 3 pending file operations (1 rename, 2 deletes) would be carried out if assumptions hold."
    assert sentence in told(analyzed, more)


def test_what_is_not_done_says_why(analyzed: Analyzed) -> None:
    [sentence] = [one for one in told(analyzed, renames((r"C:\a", ""))) if "file operation" in one]
    assert sentence.startswith(
        "The one pending file operation (1 delete) would not be carried out, because the source is no NT path"
    )


def test_a_mixture_is_split(analyzed: Analyzed) -> None:
    more = renames((r"\??\C:\a", ""), (r"\??\C:\a", ""), (r"\??\C:\b", ""))
    [sentence] = [one for one in told(analyzed, more) if "file operations" in one]
    wanted = "Of 3 pending file operations (3 deletes), 2 would be carried out if assumptions hold and 1 would not, because "
    assert sentence.startswith(wanted)


def test_several_reasons_are_counted(analyzed: Analyzed) -> None:
    more = renames((r"C:\a", ""), ("", r"\??\C:\x"))
    [sentence] = [one for one in told(analyzed, more) if "file operations" in one]
    assert sentence.startswith(
        "Neither of the 2 pending file operations (1 rename, 1 delete) would be carried out, because "
    )
    assert sentence.endswith(" (and 1 more reason).")


def test_safe_mode_and_a_chosen_control_set_are_told(analyzed: Analyzed) -> None:
    [first, *_] = told(analyzed, safe_mode="minimal", control_set="1")
    assert first.startswith("At its next boot this machine loads ControlSet001 (chosen for this report)")
    assert first.endswith("in safe mode (minimal).")


def test_a_windows_without_safe_mode_boots_as_always() -> None:
    hive = Path(__file__).resolve().parents[2] / "test_hives" / "nt4-x86.hive"
    analysis = analyze(hive, Options(safe_mode="minimal", verify="none"))
    assert plain(next(iter(summarise_boot(analysis)))).endswith("in a normal boot, as it has no safe mode.")
    paper = Paper(100, styled=False, boxes=False)
    write_heading(analysis, paper)
    told = " ".join(" ".join(paper.lines).split())
    assert "Mode normal, as Windows NT 4.0 has no safe mode" in told
    document = analysis_document(analysis, "")
    assert (document["options"]["safe_mode"], document["boot_mode"]) == ("minimal", "normal")
    assert [problem.code for problem in analysis.problems].count("no-safe-mode") == 1


def test_the_mode_that_is_replayed_is_in_the_document(analyzed: Analyzed) -> None:
    assert analysis_document(analyzed("", safe_mode="network"), "")["boot_mode"] == "network"
    assert analysis_document(analyzed(""), "")["boot_mode"] == "normal"


def test_hidden_characters_of_a_command_are_visible(analyzed: Analyzed) -> None:
    more = session_manager('SetupExecute = multi "a\\u{202e}b"')
    assert any("a⟨U+202E⟩b" in sentence for sentence in told(analyzed, more))


def test_figures_count_what_is_asked_for(analyzed: Analyzed) -> None:
    counted = {figure.label: len(figure.events) for figure in figures(analyzed(renames((r"\??\C:\a", ""))))}
    assert counted["boot program"] == 1
    assert counted["pending file operation"] == 1

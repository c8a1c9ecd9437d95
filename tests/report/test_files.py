"""How reports tell the files of a volume: in words, in the page's section, in the document."""

from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, analyze
from hivecheck.evidence.file_tree import FolderTree
from hivecheck.report.document import analysis_document
from hivecheck.report.html import render_html
from hivecheck.report.html_cells import words
from hivecheck.report.html_files import tell_files
from hivecheck.report.paper import Paper
from hivecheck.report.terminal import write_summary
from hivecheck.report.volume_words import volume_words
from tests.evidence.pe_writer import NATIVE, pe_image
from tests.evidence.signature_writer import signed, table, with_table
from tests.evidence.test_inventory import CATALOGS, put

HIVE = Path(__file__).resolve().parents[2] / "test_hives/win10-21h2-x64.hive"
AUTOCHK = "Windows/System32/autochk.exe"
HOSTILE = "x\u202egnp.exe <script>"


@pytest.fixture
def analysis(tmp_path: Path) -> Analysis:
    """A collection of two files: absence in it proves nothing."""
    put(tmp_path, AUTOCHK, pe_image(NATIVE, version={"CompanyName": HOSTILE}))
    put(tmp_path, "Windows/System32/smss.exe", signed(pe_image(NATIVE)))
    return analyze(HIVE, volume=FolderTree(tmp_path, "the volume"))


def test_the_document_tells_the_facts_of_a_file(analysis: Analysis) -> None:
    document = analysis_document(analysis, "2026-01-01T00:00:00Z")
    assert document["inventory"] | {"looked_up": 0} == {
        "volume": "the volume", "whole": False, "looked_up": 0, "present": 4, "catalogs": 0, "limits": [],
    }  # fmt: skip
    files = {path.casefold(): file for path, file in document["after"]["files"].items()}
    told = files["\\??\\c:\\windows\\system32\\autochk.exe"]
    assert (told["exists"], told["on_volume"]["program"]["native"]) == ("yes", True)
    assert told["on_volume"]["program"]["version"] == {"CompanyName": HOSTILE}
    assert told["on_volume"]["program"]["embedded_signature"] is False
    assert len(told["on_volume"]["sha256"]) == 64


def test_without_a_volume_the_document_has_no_inventory() -> None:
    assert "inventory" not in analysis_document(analyze(HIVE), "2026-01-01T00:00:00Z")


def test_the_section_lists_what_nobody_signed_first(analysis: Analysis) -> None:
    paragraph, unsigned, others = tell_files(analysis)
    assert "It is not a whole volume" in str(paragraph)
    assert "no catalog: 1 file" in str(unsigned)
    assert "autochk.exe" in str(unsigned)
    assert "smss.exe" in str(others)
    assert repr(words(HOSTILE)) in str(unsigned)
    assert "\u202e" not in str(unsigned)


def test_a_signature_that_is_empty_vouches_for_nothing_and_one_catalog_is_one(tmp_path: Path) -> None:
    put(tmp_path, AUTOCHK, with_table(pe_image(NATIVE), table(b"")))
    put(tmp_path, "Windows/System32/smss.exe", signed(pe_image(NATIVE)))
    put(tmp_path, f"{CATALOGS}/windows.cat")
    paragraph, unsigned, others = map(str, tell_files(analyze(HIVE, volume=FolderTree(tmp_path, "the volume"))))
    assert "1 catalog was searched" in paragraph
    assert paragraph.count("pip install") == 1
    assert "signature embedded: broken: it is empty" in unsigned
    assert "matches its file, signer not verified, says it is of CN=Somebody, O=Some Firm" in others
    assert "pip install" not in unsigned + others


def test_without_a_volume_there_is_no_section() -> None:
    alone = analyze(HIVE)
    assert list(tell_files(alone)) == []
    assert 'id="files"' not in render_html(alone, "2026-01-01T00:00:00Z")


def test_the_page_has_the_section_and_does_not_say_that_no_file_was_looked_at(analysis: Analysis) -> None:
    page = render_html(analysis, "2026-01-01T00:00:00Z")
    assert 'id="files"' in page
    assert "Programs without a signature that holds, and in no catalog: 1 file" in page
    assert "the files themselves (whether they exist" not in page
    assert "\u202e" not in page
    assert "<script>" not in page.partition('id="files"')[2].partition("</section>")[0]


def test_words_say_what_absence_means(analysis: Analysis) -> None:
    assert analysis.inventory is not None
    assert "4 are there" in volume_words(analysis.inventory)
    assert "may still exist" in volume_words(analysis.inventory)


def test_the_summary_says_how_far_files_are_known(analysis: Analysis) -> None:
    paper = Paper(120, styled=False)
    write_summary(analysis, paper)
    told = " ".join(paper.text().split())
    assert analysis.inventory is not None
    assert f"Files {volume_words(analysis.inventory)}" in told

"""The templates compiled ahead are those that stand in `templates/`, and what can't be used of them is compiled from its source."""

from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup

import hivecheck.report.html_compiled.made as made
from hivecheck.facts.visible import visible
from hivecheck.report.html_bits import set_bits
from hivecheck.report.html_compiled.write import FOLDER, compiled_templates, write_templates
from hivecheck.report.templates import template_engine
from tests.report.html_tree import parse_html


@pytest.mark.skipif(jinja2.__version__ != made.ENGINE, reason="compiled by another version of jinja2")
def test_what_is_compiled_fits_its_source() -> None:
    stored = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("made*.py")}
    assert stored == compiled_templates(), "run python -m hivecheck.report.html_compiled.write"


def test_what_is_stale_is_written_anew_and_what_is_no_more_goes(tmp_path: Path) -> None:
    (tmp_path / "made_gone.py").write_text("", encoding="utf-8")
    write_templates(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == compiled_templates()


def test_a_template_that_changed_since_is_compiled_from_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = (("p", "a", "<b>"),)
    ahead = template_engine().get_template("parts.html")
    monkeypatch.setitem(made.SOURCES, "parts.html", "something else")
    afresh = template_engine().get_template("parts.html")
    assert afresh.filename is not None
    assert afresh.filename.endswith("parts.html")
    assert str(ahead.module.say(cells)) == str(afresh.module.say(cells))  # type: ignore[attr-defined]


def test_bits_are_escaped_in_text_and_attribute() -> None:
    bits = (("p", 'x" onclick="y', (("", "", "<i>&'"), ("a", '#e1"><script>', "e"))), ("code", "", "</code>"))
    told = set_bits(bits)
    assert isinstance(told, Markup)
    assert told == (
        '<p class="x&#34; onclick=&#34;y">&lt;i&gt;&amp;&#39;<a href="#e1&#34;&gt;&lt;script&gt;">e</a></p>'
        "<code>&lt;/code&gt;</code>"
    )


def test_what_stands_for_a_hidden_character_is_set_apart_and_says_so() -> None:
    bits = (("code", "", visible("a\u202eb<U+202E>")), ("", "", "⟨U+0000⟩"))
    page = parse_html(str(set_bits(bits)))
    marks = [one for one in page.find("span") if "unseen" in one.classes]
    assert [one.text for one in marks] == ["⟨U+202E⟩", "⟨U+003C⟩", "⟨U+0000⟩"]
    assert marks[0].attributes["title"] == "Stands for the character U+202E, stored here"
    assert page.find("code")[0].text == "a⟨U+202E⟩b⟨U+003C⟩U+202E>"

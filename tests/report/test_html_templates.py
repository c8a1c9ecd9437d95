"""The templates compiled ahead are those that stand in `templates/`, and what can't be used of them is compiled from its source."""

import builtins
import dis
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import CodeType

import jinja2
import pytest
from markupsafe import Markup

import hivecheck.report.html_compiled.made as made
from hivecheck.analysis import Options, analyze
from hivecheck.facts.visible import visible
from hivecheck.report.html import render_html
from hivecheck.report.html_bits import set_bits
from hivecheck.report.html_cells import make_table, say
from hivecheck.report.html_compiled import is_current, module_of, runtime
from hivecheck.report.html_compiled.write import FOLDER, compiled_templates, write_templates
from hivecheck.report.templates import compiled_by, set_template
from tests.report.html_tree import parse_html

INFECTED = Path(__file__).resolve().parents[2] / "test_hives" / "infected-bootkit-win10-21h2-x64.hive"


@pytest.mark.skipif(jinja2.__version__ != made.ENGINE, reason="compiled by another version of jinja2")
def test_what_is_compiled_fits_its_source() -> None:
    stored = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("made*.py")}
    assert stored == compiled_templates(), "run python -m hivecheck.report.html_compiled.write"


def test_what_is_stale_is_written_anew_and_what_is_no_more_goes(tmp_path: Path) -> None:
    (tmp_path / "made_gone.py").write_text("", encoding="utf-8")
    write_templates(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == compiled_templates()


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A template changed since it was compiled."""
    monkeypatch.setitem(made.SOURCES, "parts.html", "something else")
    is_current.cache_clear()
    yield
    is_current.cache_clear()


def test_templates_that_changed_since_are_compiled_from_their_sources_to_the_same_page(
    request: pytest.FixtureRequest,
) -> None:
    analysis = analyze(INFECTED, Options(verify="none", judges=True))
    ahead, by = render_html(analysis, "2026-01-01T00:00:00Z"), compiled_by()
    request.getfixturevalue("stale")
    assert compiled_by() == "" != by
    afresh = render_html(analysis, "2026-01-01T00:00:00Z")
    assert _without_versions(afresh) == _without_versions(ahead)


def _without_versions(page: str) -> str:
    return re.sub(r"jinja2 [\w.]+", "jinja2", page)


@pytest.mark.parametrize("name", sorted(made.SOURCES))
def test_compiled_code_asks_only_for_what_there_is(name: str) -> None:
    """jinja2 may write the name of another of its parts when a template uses it: the page would fail where that comes."""
    module = import_module(module_of(name))
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert _globals_of(module.root.__code__) - set(vars(module)) - set(dir(builtins)) == set()
    assert {one for one in re.findall(r"\benvironment\.(\w+)", text) if not hasattr(runtime.environment, one)} == set()
    assert set(re.findall(r"\bcontext\.(\w+)", text)) <= {"call", "eval_ctx", "exported_vars", "resolve_or_missing", "vars"}


def _globals_of(code: CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    own = {str(one.argval) for one in dis.get_instructions(code) if one.opname == "LOAD_GLOBAL"}
    return own.union(*map(_globals_of, inner))


def test_a_name_that_no_one_gave_is_an_error() -> None:
    with pytest.raises(runtime.UndefinedError, match="style_hash"):
        set_template("report.html")


def test_what_compiled_code_prints_is_escaped_once() -> None:
    table = make_table("<k>", "a < b & c", ("<1>", "2"), [('x"y', (say("<b>"), say("<i>")))])
    page = str(runtime.environment.get_template("parts.html")._get_default_module().table(table))
    assert page.startswith('<table class="&lt;k&gt;">\n<caption>a &lt; b &amp; c</caption>')
    assert '<th scope="col">&lt;1&gt;</th>' in page
    assert '<tr id="x&#34;y"><th scope="row">&lt;b&gt;</th><td data-label="2">&lt;i&gt;</td></tr>' in page


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

"""An HTML page as a tree, read with the standard library's tokenizer. Raises AssertionError where tags don't balance."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from hivecheck.facts.visible import visible

VOID = frozenset({"meta", "br", "img", "link", "input", "hr", "base"})
UNREAD = frozenset({"style", "script"})


@dataclass(eq=False)
class Element:
    """`children` are elements and texts in order."""

    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None"
    children: "list[Element | str]" = field(default_factory=list)

    def all(self) -> "Iterator[Element]":
        """This element and every one below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    def find(self, tag: str) -> "list[Element]":
        return [element for element in self.all() if element.tag == tag]

    def with_id(self, id: str) -> "Element":
        [found] = [element for element in self.all() if element.attributes.get("id") == id]
        return found

    def above(self) -> "Iterator[Element]":
        """The elements this one lies in, the nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    @property
    def classes(self) -> frozenset[str]:
        return frozenset((self.attributes.get("class") or "").split())

    @property
    def text(self) -> str:
        """All its text, but for the style sheet's and the script's."""
        if self.tag in UNREAD:
            return ""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def texts(self) -> Iterator[str]:
        """Each run of text by itself, but for the style sheet's and the script's."""
        for element in self.all():
            if element.tag not in UNREAD:
                yield from (child for child in element.children if isinstance(child, str))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, None)
        self.here = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute is given twice: <{tag} {names}>"
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> ends <{self.here.tag}>, in {self.here.attributes}"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")


def parse_html(page: str) -> Element:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is not closed"
    return reader.root


def hides_nothing(text: str) -> bool:
    """Whether every character of a shown text can be seen; the brackets of marks, which `visible` marks, aside."""
    bare = text.replace("⟨", "").replace("⟩", "")
    return visible(bare) == bare

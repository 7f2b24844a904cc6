"""A web page -> its visible text in reading order: a line a block, a row a line with tabs between cells.

What is hidden, what only works (scripts, forms, navigation) and lists of links are left out. Which line is the report's is not
judged here but in `pipeline.clean`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.ingest.refusal import refusal
from pipeline.ingest.text import read_text
from pipeline.records import Decoded

DEEPEST = 4000
"""Levels of nesting. Unclosed inline tags pile up to hundreds in real pages."""
MOST_NODES = 2_000_000
LINK_RUN = 4
"""This many lines in a row that are links and nothing else are a menu or a list of other articles."""
LINK_SHARE = 0.8
LONGEST_CELL = 300
"""Characters. A longer cell belongs to a table that is used for the page's layout, not for data."""
LONGEST_DECLARED, MOST_DECLARED = 500, 60

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "datalist",
        "button",
        "input",
        "textarea",
        "nav",
        "footer",
        "head",
        "audio",
        "video",
        "canvas",
        "map",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|span|br|font|center|article|section)[\s>/]", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_OFF = r"\s*(?:;|!|$)"
_HIDING = re.compile(
    rf"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|pt|em|rem|%)?{_OFF}|opacity\s*:\s*0(?:\.0+)?{_OFF}",
    re.IGNORECASE,
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"[.#][A-Za-z_][\w-]*")
_AT_BLOCK = re.compile(r"@[^{}]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


def looks_like_html(text: str) -> bool:
    """Whether a decoded text is markup: it begins with a tag of a page, or holds several such tags early on."""
    start = text[:20_000].lstrip("\ufeff \t\r\n")
    if not start.startswith("<"):
        return len(_MARKUP.findall(start)) >= 5 and start.count("</") >= 3
    return bool(_MARKUP.search(start[:2000])) or len(_MARKUP.findall(start)) >= 3


def declared_charset(content: bytes) -> str:
    """The encoding that a page's `meta` element names, or an empty string (WHATWG HTML, prescan: the first 1,024 bytes; here 8,192)."""
    found = _CHARSET.search(content[:8192])
    return found.group(1).decode("ascii") if found else ""


def read_html(content: bytes, name: str) -> Decoded:
    """Reads a page. Raises QuarantineError where it holds no text or is nested beyond `DEEPEST`."""
    source = read_text(content, name, declared_charset(content))
    parser = LexborHTMLParser(source.text)
    hidden = _hidden_selectors(parser)
    lines = _visible_lines(parser, name, hidden)
    if hidden and (shown := _visible_lines(parser, name, frozenset())) and _length(lines) < _length(shown) / 2:
        lines = shown  # a script shows what the style sheet hides
    text = "\n".join(line.text for line in _without_menus(lines))
    if not text.strip():
        raise refusal(
            name,
            f"a page without visible text ({len(content)} bytes of markup)",
            "a report",
            "its text may be loaded by a script: save the page after it has loaded",
        )
    return Decoded(text, "text/html", source.encoding, source.repaired, declared=_declared(parser))


def _declared(parser: LexborHTMLParser) -> dict[str, str]:
    """`title` and the named `meta` elements, by lower-case name."""
    declared = {}
    title = parser.css_first("title")
    if title is not None and (text := _SPACE.sub(" ", title.text()).strip()):
        declared["title"] = text[:LONGEST_DECLARED]
    for node in parser.css("meta[name][content]")[:MOST_DECLARED]:
        key, value = (node.attributes.get("name") or "").lower(), (node.attributes.get("content") or "").strip()
        if key and value:
            declared.setdefault(key, value[:LONGEST_DECLARED])
    return declared


def _hidden_selectors(parser: LexborHTMLParser) -> frozenset[str]:
    """Classes (`.x`) and ids (`#x`) that a style element of the page hides outright."""
    hidden: set[str] = set()
    for node in parser.css("style"):
        for selectors, rules in _RULE.findall(_AT_BLOCK.sub(" ", node.text(deep=True)[:200_000])):
            if _HIDING.search(rules):
                hidden.update(part for part in map(str.strip, selectors.split(",")) if _SIMPLE_SELECTOR.fullmatch(part))
    return frozenset(hidden)


@dataclass(slots=True)
class _Line:
    text: str
    in_links: int


@dataclass(slots=True)
class _Writer:
    """Collects text to lines; cells and rows are open on a stack until their end is seen."""

    lines: list[_Line] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    link_depth: int = 0
    pre_depth: int = 0
    rows: list[list[list[_Line]]] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)

    def text(self, content: str) -> None:
        if self.pre_depth:
            first, *others = content.split("\n")
            self._add(first)
            for other in others:
                self.end_line()
                self._add(other)
        else:
            self._add(_SPACE.sub(" ", content))

    def _add(self, content: str) -> None:
        self.parts.append(content)
        if self.link_depth:
            self.linked += len(content.strip())

    def end_line(self) -> None:
        text = _SPACE.sub(" ", "".join(self.parts)).strip(" ") if not self.pre_depth else "".join(self.parts).rstrip()
        if text:
            self.lines.append(_Line(text, self.linked))
        self.parts.clear()
        self.linked = 0

    def enter(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if tag == "a":
            self.link_depth += 1
        elif tag == "pre":
            self.pre_depth += 1
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cells.append(len(self.lines))

    def leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if tag == "a":
            self.link_depth -= 1
        elif tag == "pre":
            self.pre_depth -= 1
        elif tag in ("td", "th"):
            start = self.cells.pop()
            if self.rows:
                self.rows[-1].append(self.lines[start:])
                del self.lines[start:]
        elif tag == "tr":
            self.lines += _row(self.rows.pop())


def _row(cells: list[list[_Line]]) -> list[_Line]:
    """A row of data is one line; a row that lays out the page stays the lines it has."""
    texts = ["".join(line.text for line in cell) for cell in cells]
    if sum(map(bool, texts)) < 2 or any(len(text) > LONGEST_CELL or "\t" in text for text in texts):
        return [line for cell in cells for line in cell]
    return [_Line("\t".join(texts), sum(line.in_links for cell in cells for line in cell))]


def _visible_lines(parser: LexborHTMLParser, name: str, hidden: frozenset[str]) -> list[_Line]:
    """All visible lines of the page. The walk keeps its own stack: pages that never close a tag nest deeper than Python recurses."""
    writer = _Writer()
    root = parser.body or parser.root
    node: LexborNode | None = root.child if root is not None else None
    open_nodes: list[tuple[LexborNode, str]] = []
    for _ in range(MOST_NODES):
        if node is None:
            if not open_nodes:
                writer.end_line()
                return writer.lines
            parent, tag = open_nodes.pop()
            writer.leave(tag)
            node = parent.next
            continue
        tag = node.tag or ""
        if tag == "-text":
            writer.text(node.text_content or "")
        elif not tag.startswith(("-", "!")) and tag not in _SKIPPED and not _is_hidden(node, hidden):
            writer.enter(tag)
            child = node.child
            if child is not None:
                open_nodes.append((node, tag))
                if len(open_nodes) > DEEPEST:
                    raise refusal(name, f"elements nested deeper than {DEEPEST}", "a page of a site", "save the report's text alone")
                node = child
                continue
            writer.leave(tag)
        node = node.next
    raise refusal(name, f"more than {MOST_NODES} nodes", "a page with one report", "save the report's text alone")


def _is_hidden(node: LexborNode, hidden: frozenset[str]) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    if "hidden" in attributes or (style and _HIDING.search(style)):
        return True
    if not hidden:
        return False
    names = [f".{part}" for part in (attributes.get("class") or "").split()] + [f"#{attributes.get('id')}"]
    return any(part in hidden for part in names)


def _length(lines: Iterable[_Line]) -> int:
    return sum(len(line.text) for line in lines)


def _without_menus(lines: list[_Line]) -> list[_Line]:
    """`lines` without runs of lines that are nothing but links."""
    kept: list[_Line] = []
    run: list[_Line] = []
    for line in [*lines, None]:
        if line is not None and line.in_links >= LINK_SHARE * len(line.text):
            run.append(line)
            continue
        if len(run) < LINK_RUN:
            kept += run
        run = []
        if line is not None:
            kept.append(line)
    return kept

"""The text of a note: a small part of Markdown, made into HTML that can do no harm."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

WORDS = {"p", "br", "strong", "em", "a", "code", "pre", "blockquote", "hr"}
LISTS = {"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"}
TAGS = WORDS | LISTS | {"h3", "h4", "h5", "h6"}
SCHEMES = {"http", "https", "mailto"}
# A part stands under the heading of its own (h2): what authors call level 1 is level 3 there.
HEADINGS_DOWN = 2

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def parse(text: str) -> list[Token]:
    """``text`` as the tokens of our small Markdown."""
    return _markdown.parse(text)


def html(text: str) -> str:
    """``text`` as safe HTML: headings, lists, tables, quotations, emphasis and links.

    HTML that somebody types stays text; pictures stay links; no style, class or script gets in.
    """
    tokens = parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + HEADINGS_DOWN, 6)}"
    written = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(written, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES)

"""What is new in an answer by mail: without what it quotes, its signature, and its mark-up (pure).

Mail programs mark what they quote each in their own way, and in the language of their user. What
follows a mark is left out; what stands between quoted lines is kept. In doubt a line stays.
"""

import re
from html.parser import HTMLParser

_QUOTED = re.compile(r"^\s*>")
_SIGNATURE = re.compile(r"^--\s?$")
# "On Tue, 3 Mar 2026 at 09:12, Ana <ana@…> wrote:" may be broken over three lines; a day is in it.
_SAID = re.compile(
    r"^(?=.*\d)(On|Le|El|Em|No dia|Am|Il)\b.{6,300}"
    r"\b(wrote|a [ée]crit|escribi[óo]|escreveu|schrieb.{0,120}|ha scritto)\s*:$",
    re.IGNORECASE,
)
_LONGEST_SAID = 3
_RULE = re.compile(
    r"^\s*(-{3,}|_{5,})\s*("
    r"original message|forwarded message|message d['’]origine|message transf[ée]r[ée]|"
    r"mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada"
    r")?\s*(-{3,}|_{5,})?\s*$",
    re.IGNORECASE,
)
# The heads that Outlook puts above what it quotes, at least three of them together.
_HEAD = re.compile(
    r"^\*?(from|sent|date|to|cc|subject|de|envoy[ée]|date|[àa]|objet|enviado( el| em)?|fecha|para|"
    r"asunto|data|assunto)\s*:\*?(\s|$)",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\*?(from|de)\s*:\*?\s", re.IGNORECASE)
_PHONE = re.compile(
    r"^(sent from my |sent from (outlook|mail)|get outlook for |envoyé de mon |"
    r"envoyé à partir de |télécharger outlook|obtenir outlook|enviado desde mi |enviado desde |"
    r"obtener outlook|enviado do meu |enviado a partir do |obter o outlook)",
    re.IGNORECASE,
)


def new_text(text: str) -> str:
    """``text`` of a mail without what it quotes and without its signature."""
    lines = [line.rstrip().replace("\u00a0", " ") for line in text.splitlines()]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line, said = lines[at], _said(lines, at)
        if said and not _is_quoted(lines, at + said):
            break  # it quotes without a mark on each line: all that follows is old
        if said:
            at += said
            continue
        if _SIGNATURE.match(line) or _is_head(lines, at):
            break
        if not _QUOTED.match(line):
            kept.append(line)
        at += 1
    return _tidy(kept)


def _said(lines: list[str], at: int) -> int:
    """Over how many lines somebody is said to have written what follows; 0 when that is not so."""
    first = lines[at].lstrip("> ")
    for count in range(1, _LONGEST_SAID + 1):
        said = " ".join([first, *(line.lstrip("> ") for line in lines[at + 1 : at + count])])
        if _SAID.match(said.strip()):
            return count
    return 0


def _is_quoted(lines: list[str], at: int) -> bool:
    """Whether the next line that says something is marked as quoted."""
    return any(_QUOTED.match(line) for line in [line for line in lines[at:] if line][:1])


def _is_head(lines: list[str], at: int) -> bool:
    """Whether the heads of an older mail begin here, after a rule or without one."""
    following = [line.strip() for line in lines[at : at + 8] if line.strip()]
    if not following:
        return False
    rule = _RULE.match(following[0])
    if rule and rule.group(2):
        return True
    heads = following[1:] if rule else following
    count = sum(bool(_HEAD.match(line)) for line in heads[:5])
    return bool(heads) and bool(_FROM.match(heads[0])) and count >= 3


def _tidy(lines: list[str]) -> str:
    """Without the line of a telephone at the end, and with one empty line at most between two."""
    while lines and (not lines[-1].strip() or _PHONE.match(lines[-1].strip())):
        lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def unfolded(text: str) -> str:
    """Text that was sent as ``format=flowed``: a line that ends with a space goes on (RFC 3676)."""
    whole: list[str] = []
    open_line = False
    for raw in text.splitlines():
        line = raw[1:] if raw.startswith(" ") else raw
        if open_line and not line.startswith(">") and line != "-- ":
            whole[-1] += line
        else:
            whole.append(line)
        open_line = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(whole)


_SILENT = {"head", "style", "script", "title", "blockquote"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "source"}
_BLOCKS = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "section"}
# What mail programs put around what they quote.
_OLD = re.compile(r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote")
_OLD_FROM = re.compile(r"divRplyFwdMsg|appendonsend|mail-editor-reference-message-container")


class _Words(HTMLParser):
    """The words of a page, a block a line, without what is quoted."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[tuple[str, bool]] = []
        self.over = False

    @property
    def silent(self) -> bool:
        return self.over or any(hidden for _tag, hidden in self.inside)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.over = self.over or bool(_OLD_FROM.search(known.get("id", "")))
        if tag == "br" or tag in _BLOCKS:
            self.found.append("\n")
        if tag not in _VOID:
            hidden = tag in _SILENT or bool(_OLD.search(known.get("class", "")))
            self.inside.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.found.append("\n")
        for place in range(len(self.inside) - 1, -1, -1):
            if self.inside[place][0] == tag:
                del self.inside[place:]
                break

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(re.sub(r"[ \t\r\n]+", " ", data))


def text_of_html(html: str) -> str:
    """The words of a mail that came as HTML alone."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = (line.strip() for line in "".join(parser.found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

"""The state of learning on paper: the figures of the page as a PDF that everybody can read."""

from collections.abc import Iterator
from typing import Any

from flask import Response
from flask_babel import gettext as _

from exchange import edge, labels
from exchange.clock import now, today
from exchange.dashboards.learning_figures import SHARES, Learning, Row, learning
from exchange.dashboards.learning_rows import Counted
from exchange.dashboards.learning_tables import narrowing
from exchange.dashboards.schemas import LearningFilter
from exchange.edge import access
from exchange.pdf import Block, Document, Heading, Paragraph, Table, render
from exchange.web.filters import number, percent
from exchange.web.forms import filters
from exchange.web.learning import SHOWN, key_words, ordered, pages


@pages.get("/figures.pdf")
@access("learning.see")
def paper() -> Any:
    """The figures of the page as PDF."""
    chosen = filters(LearningFilter())
    document = Document(
        title=_("State of learning"),
        language=edge.current_language(),
        blocks=list(_blocks(learning(edge.actor(), chosen), chosen)),
        made_at=now().replace(microsecond=0),
        footer=f"Peer Exchange, {today()}",
    )
    headers = {"Content-Disposition": f'attachment; filename="learning-{today()}.pdf"'}
    return Response(render(document), mimetype="application/pdf", headers=headers)


def _blocks(found: Learning, chosen: dict[str, Any]) -> Iterator[Block]:
    words = key_words()
    for name, key in narrowing(chosen).items():
        yield Paragraph(f"{labels.FIELDS[name]} – {words(name, key)}")
    yield Heading(_("From the need to the change"))
    rows = [
        (str(labels.choice(one)), number(found.totals[one]), _share(found.totals, one))
        for one in Counted
    ]
    yield Table((_("Figure"), _("Number"), _("Share")), rows)
    yield Heading(_("How counted"))
    yield from (Paragraph(f"{labels.choice(one)} – {labels.COUNTED_HOW[one]}") for one in Counted)
    yield Heading(_("Trend"))
    yield _table(_("Period"), "period", list(found.periods().items()), words)
    for by, cut in found.cuts.items():
        yield Heading(str(labels.choice(by)))
        yield _table(str(labels.choice(by)), str(by), ordered(by, cut), words)


def _share(row: Row, one: Counted) -> str:
    of = row[SHARES[one]] if one in SHARES else 0
    return f"{percent(row[one] / of)} ({_('of %(number)s', number=number(of))})" if of else "–"


def _table(head: str, part: str, rows: list[tuple[str, Row]], words: Any) -> Table:
    columns = (head, *(str(labels.choice(one)) for one in SHOWN))
    lines = [(words(part, key), *(number(row[one]) for one in SHOWN)) for key, row in rows]
    return Table(columns, lines)

"""Rows of the observatory, and records as observatories give them."""

from typing import Any

from exchange.clock import now
from exchange.extensions import db
from exchange.practices import actions
from exchange.practices.models import Practice
from tests import factories
from workflows.practice import PracticeState

OAI = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><ListRecords>%s</ListRecords></OAI-PMH>'
)


def practice(
    title: str = "Clean markets",
    *,
    language: str = "en",
    themes: tuple[str, ...] = ("mobility",),
    country: str = "MZ",
    **facts: Any,
) -> Practice:
    """A published practice, unless ``state`` says otherwise."""
    facts.setdefault("state", PracticeState.published)
    facts.setdefault("organisation", factories.organisation(country_code=country))
    row = Practice(language=language, published_at=now(), **facts)
    actions.place(row)
    actions.write(row, language, {"title": title, "summary": f"{title}."})
    row.terms = [factories.term("theme", code) for code in themes]
    db.session.add(row)
    db.session.commit()
    return row


def record(
    identifier: str,
    title: str = "",
    text: str = "",
    *,
    deleted: bool = False,
    subject: str = "",
    place: str = "",
) -> str:
    """A record of OAI-PMH in Spanish."""
    status = ' status="deleted"' if deleted else ""
    head = f"<header{status}><identifier>{identifier}</identifier></header>"
    told = (("title", title), ("description", text), ("subject", subject), ("coverage", place))
    fields = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in told if value)
    body = f"<metadata><oai_dc:dc>{fields}<dc:language>es</dc:language></oai_dc:dc></metadata>"
    return f"<record>{head}{'' if deleted else body}</record>"

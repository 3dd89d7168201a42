"""The door for harvesters: published practices and notes by OAI-PMH 2.0, for everybody."""

from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for

from exchange import edge
from exchange.clock import now
from exchange.edge import access
from exchange.lessons.models import Note
from exchange.practices import oai_answers, oai_asked, oai_records
from exchange.practices.models import Practice
from exchange.practices.oai_asked import Asked, Refused, Verb
from exchange.transaction import read_only

pages = Blueprint("oai", __name__)


@pages.route("/oai", methods=["GET", "POST"])
@access("practice.see")
def answer() -> Any:
    """What a harvester asks, by address or by form as the protocol wants it (section 3.1)."""
    given = request.form if request.method == "POST" else request.args
    house, at = _house(), now()
    try:
        asked = oai_asked.read(given.items(multi=True))
        with read_only():
            text = _answered(house, asked, at)
    except Refused as problem:
        text = oai_answers.refused(house, problem, at)
    return Response(text, content_type="text/xml; charset=utf-8")


def _answered(house: oai_answers.House, asked: Asked, at: Any) -> bytes:
    """:raises Refused: nothing is as asked."""
    if asked.verb == Verb.identify:
        return oai_answers.identify(house, asked, at, oai_records.earliest())
    if asked.verb == Verb.sets:
        return oai_answers.sets(house, asked, at, oai_records.sets())
    if asked.verb in (Verb.identifiers, Verb.records):
        part = oai_records.records(asked.window)
        if not part.records:
            raise oai_answers.nothing(asked)
        return oai_answers.listed(house, asked, at, part)
    if asked.identifier is None:
        return oai_answers.formats(house, asked, at)
    named = house.named(asked.identifier)
    one = oai_records.one(*named) if named else None
    if one is None:
        raise oai_answers.unknown(asked)
    if asked.verb == Verb.formats:
        return oai_answers.formats(house, asked, at)
    return oai_answers.record(house, asked, at, one)


def _house() -> oai_answers.House:
    known = edge.settings()
    admin = parseaddr(known.mail_from)[1]
    # The protocol wants a point after the @: a machine without a name of its own has none.
    admin = admin if "." in admin.rpartition("@")[2] else f"{admin}.invalid"
    host = urlsplit(known.public_url).hostname or "localhost"
    return oai_answers.House(url_for("oai.answer", _external=True), host, admin, _page)


def _page(row: Practice | Note) -> str:
    if isinstance(row, Note):
        return url_for("public.old_lesson", slug=f"pln-{row.number}", _external=True)
    return url_for("practices.follow", id=row.id, _external=True)

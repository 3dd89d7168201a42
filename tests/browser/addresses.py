"""Which address shows a page to a role: rows of the demonstration that the role may see."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from exchange import policy
from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Person
from exchange.exchanges.models import BudgetLine, Exchange, Partner, Phase
from exchange.extensions import db
from exchange.forums.models import Forum, ForumSession
from exchange.forums.triage import Into
from exchange.keeping.models import KeptForm
from exchange.lessons.models import Note, NotePart
from exchange.messages.models import Message
from exchange.messages.tokens import Purpose, make
from exchange.partnerships.actions import PARTS as PAIR_PARTS
from exchange.partnerships.models import Activity, Partnership
from exchange.practices.models import Practice
from exchange.runs.models import RunPair
from tests.browser.people import address

# Addresses that lead elsewhere, or to what is no page.
NO_PAGE = {
    "outbox.text_preview": "a mail, shown inside another page",
    "outbox.preview": "a mail, shown inside another page",
    "workspaces.mine": "leads to one's own workspace",
    "single_sign_on.back": "leads on, with a provider of single sign-on",
    "single_sign_on.begin": "leads to a provider of single sign-on",
    "second_factor.ask": "leads to the sign-in unless somebody is half way",
    "second_factor.confirm": "leads to the second step unless it was begun",
    "machines.health": "a word for machines",
    "machines.ready": "a word for machines",
    "machines.metrics": "figures for machines",
    "home.language": "keeps the language and leads back",
    "static": "files",
    "reports.table": "a spreadsheet",
    "learning.table": "a spreadsheet",
    "contribution.text": "a plain text",
    "learning.data": "figures for machines",
    "learning.paper": "a PDF",
    "log.export": "a spreadsheet",
    "privacy.take": "a file of one's data",
    "privacy.take_of": "the same",
    "exports.show": "a spreadsheet",
    "imports.sheet": "a spreadsheet",
    "participants.personal_calendar": "a calendar file",
    "visits.calendar_file": "a calendar file",
    "lesson_sheets.photo": "a picture",
    "door.qr_code": "a picture",
    "note_papers.pdf": "a document to print",
    "note_papers.in_language": "leads to the address with a language",
    "note_papers.citation": "a file for programs that keep references",
    "exchanges.create": "leads to the proposal",
    "oai.answer": "records for harvesters",
    "practices.follow": "leads to the address with a language",
    "exchanges.bundle": "leads to the proposal",
    "public.old_library": "leads to the address with a language",
    "public.old_lesson": "leads to the address with a language",
}
# How many rows are tried for one role.
TRIES = 40
Values = dict[str, Any]


def pages(app: Flask) -> list[Rule]:
    """Every rule that answers GET with a page."""
    rules = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or set())]
    return [r for r in rules if not r.rule.startswith("/api") and r.endpoint not in NO_PAGE]


def path_of(rule: Rule, values: Values) -> str:
    """The address; what the rule does not name comes after the question mark."""
    built = rule.build(values, append_unknown=True)
    assert built is not None
    return built[1]


def may_open(app: Flask, endpoint: str, role: str) -> bool:
    """May this role open any such page, as far as the table of permissions says without a row?"""
    view = app.view_functions[endpoint]
    known = getattr(view, "permission", None)
    return known is None or view.model is not None or policy.allowed(person(role), known)


def person(role: str) -> Person | None:
    """The row of a role."""
    query = select(Person).where(Person.email == address(role))
    return db.session.scalars(query).first()


def candidates(app: Flask, rule: Rule, role: str, secrets: dict[str, str]) -> Iterator[Values]:
    """Values for the address of a page, most telling rows first."""
    view, actor = app.view_functions[rule.endpoint], person(role)
    needed = rule.arguments - {"lang"}
    if rule.endpoint in SPECIAL:
        yield from SPECIAL[rule.endpoint](actor)
    elif not needed:
        yield {}
    elif "secret" in needed:
        yield {"secret": secrets[SECRET[rule.endpoint]]}
    elif getattr(view, "model", None) is not None:
        for row in _rows(view, actor):
            yield from _with_parts(rule, row)
    else:
        raise LookupError(f"say in {__name__} which rows {rule.endpoint} shows: {rule.rule}")


def _rows(view: Any, actor: Person | None) -> Iterator[Any]:
    """Rows that the actor may see; one of each state first."""
    rows = list(db.session.scalars(policy.scoped(view.model, actor).limit(400)).unique())
    first = {_state(row): row for row in reversed(rows)}.values()
    others = (row for row in rows if row not in first)
    may = (row for row in chain(first, others) if policy.allowed(actor, view.permission, row))
    return islice(may, TRIES)


def _state(row: Any) -> Any:
    return getattr(row, "state", None)


def _with_parts(rule: Rule, row: Any) -> Iterator[Values]:
    """The address of a row, or of each of its parts."""
    other = sorted(rule.arguments - {"lang", "id"})
    if not other:
        yield {"id": row.id}
        return
    for value in PARTS[rule.endpoint](row):
        yield {"id": row.id, other[0]: value}


def _ids(model: Any, column: str) -> Callable[[Any], list[int]]:
    def ids(row: Any) -> list[int]:
        query = select(model.id).where(getattr(model, column) == row.id)
        return list(db.session.scalars(query.order_by(model.id).limit(2)))

    return ids


PARTS: dict[str, Callable[[Any], list[Any]]] = {
    "exchange_parts.budget_line": _ids(BudgetLine, "exchange_id"),
    "exchange_parts.commit_partner": _ids(Partner, "exchange_id"),
    "exchange_parts.partner_contact": _ids(Partner, "exchange_id"),
    "exchange_parts.phase": _ids(Phase, "exchange_id"),
    "forums.edit_session": _ids(ForumSession, "forum_id"),
    "agenda.shift": _ids(ForumSession, "forum_id"),
    "agenda.speakers": _ids(ForumSession, "forum_id"),
    "triage.become": lambda _row: list(Into),
    "consultations.answer": lambda row: list(range(len(row.questions))),
    "runs.pair": _ids(RunPair, "run_id"),
    "proposals.subject": lambda _row: ["who", "learn", "meet", "when"],
    "practices.translate": lambda _row: ["fr"],
    "partnerships.add": lambda _row: ["phases", "pairs", "funders", "reviews"],
    "partnerships.add_to_pair": lambda _row: ["cities", "exchanges", *PAIR_PARTS],
    "partnerships.sheet": lambda row: [pair.id for pair in row.partnership.pairs],
    "note_translations.write": lambda row: row.asked[:1],
    "notes.part": lambda _row: list(NotePart),
}


def _histories(actor: Person | None) -> Iterator[Values]:
    for row_id in db.session.scalars(policy.scoped(Need, actor).with_only_columns(Need.id)):
        yield {"noun": "need", "number": row_id}


SECRET = {
    "follow_ups.by_link": "follow_up",
    "joining.answer": "joining",
    "passwords.accept": "invitation",
    "passwords.choose": "reset",
    "passwords.enter": "sign_in",
    "participants.personal": "participant",
    "participants.evaluate": "participant",
    "participants.preparation": "participant",
}


def _kept(actor: Person | None) -> Iterator[Values]:
    for row in db.session.scalars(select(KeptForm)):
        if actor and row.person_id == actor.id:
            yield {"id": row.id}


def _lessons(_actor: Person | None) -> Iterator[Values]:
    for slug in db.session.scalars(select(Note.slug).where(Note.slug.is_not(None))):
        yield {"slug": slug}


def _forums(name: str) -> Callable[[Person | None], Iterator[Values]]:
    def codes(_actor: Person | None) -> Iterator[Values]:
        for code in db.session.scalars(select(getattr(Forum, name))):
            yield {name: code}

    return codes


def _public_partnerships(_actor: Person | None) -> Iterator[Values]:
    for code in db.session.scalars(select(Partnership.code).where(Partnership.is_public)):
        yield {"code": code}


def _activities(_actor: Person | None) -> Iterator[Values]:
    for row in db.session.scalars(select(Activity)):
        yield {"id": row.pair_id, "kind": "activities", "number": row.id}


def _published(_actor: Person | None) -> Iterator[Values]:
    for row_id in db.session.scalars(select(Practice.id).where(Practice.state == "published")):
        yield {"id": row_id}


def _pairs(_actor: Person | None) -> Iterator[Values]:
    """A need and an offer, named after the question mark."""
    needs, offers = (db.session.scalars(select(model.id)) for model in (Need, Offer))
    for need, offer in zip(needs, offers, strict=False):
        yield {"for": "need", "need_id": need, "offer_id": offer}


def _bulk(_actor: Person | None) -> Iterator[Values]:
    ids = list(db.session.scalars(select(Exchange.id).where(Exchange.state == "match_proposed")))
    yield {"deed": "remind", "id": ids, "done": ids}


def _mail(purpose: Purpose) -> Callable[[Person | None], Iterator[Values]]:
    def tokens(_actor: Person | None) -> Iterator[Values]:
        for key in db.session.scalars(select(Message.key).where(Message.key.is_not(None))):
            yield {"token": make(purpose, key)}

    return tokens


SPECIAL: dict[str, Callable[[Person | None], Iterator[Values]]] = {
    "kept.show": _kept,
    "history.show": _histories,
    "partnerships.edit_part": _activities,
    "public_partnerships.show": _public_partnerships,
    "reuse.adopt": _published,
    "browse.suggest": _pairs,
    "matches.create": _pairs,
    "wishes.create": _pairs,
    "bulk.choose": _bulk,
    "bulk.report": _bulk,
    "mail_links.show": _mail(Purpose.read),
    "mail_links.leave": _mail(Purpose.leave),
    "mail_links.answer": _mail(Purpose.answer),
    "notes.read": _lessons,
    "forums.read": _forums("code"),
    "room.show": _forums("room_code"),
    "room.check_in": _forums("room_code"),
    "asking.ask": _lessons,
    "outbox.text": lambda _actor: iter([{"kind": "match_to_answer", "language": "fr"}]),
    "reminder_rules.edit": lambda _actor: iter([{"kind": "match_to_answer"}]),
    "vocabularies.terms": lambda _actor: iter([{"vocabulary": "theme"}]),
    "vocabularies.create": lambda _actor: iter([{"vocabulary": "theme"}]),
}

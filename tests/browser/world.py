"""What the demonstration lacks, so that every page has something to show: made by the actions."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from exchange import events
from exchange.accounts import actions as accounts
from exchange.accounts import joining
from exchange.catalogue.models import Need, Offer
from exchange.clock import now, today
from exchange.directory.models import Affiliation, Person, Role
from exchange.exchanges import parts, proposals
from exchange.exchanges.models import BudgetCategory, Exchange
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.keeping import kept, views
from exchange.lessons import follow_ups, sheets
from exchange.lessons.models import FollowUp
from exchange.matching import actions as matching
from exchange.matching import settings as matching_settings
from exchange.matching.models import Match, Wished
from exchange.messages import actions as messages
from exchange.messages import replies
from exchange.programmes import actions as programmes
from exchange.programmes.models import MatchingMode
from exchange.reminders import send
from exchange.runs import actions as runs
from exchange.runs import work
from exchange.runs.models import Occasion
from exchange.search import keeping
from exchange.spreadsheets import actions as spreadsheets
from exchange.spreadsheets.models import ImportNoun
from exchange.visits import actions as visits
from exchange.visits import dates, evaluation
from exchange.visits.delegation import make_participant_link
from exchange.visits.models import Participant
from exchange.webhooks import actions as webhooks
from exchange.webhooks import sending
from exchange.webhooks.sending import Fate
from tests.browser.people import address
from workflows.exchange import ExchangeState
from workflows.follow_up import FollowUpState

SECRETS = "secrets.json"
MAIL = (
    "From: Ana <ana@example.org>\nTo: exchange@example.org\nMessage-ID: <1@example.org>\n"
    "Subject: Aulas abiertas\nContent-Type: text/plain; charset=utf-8\n\nWho comes with us?\n"
)
HOOK = "https://programmes.collectivite.example/cooperation-internationale/echanges?de=exchange"
CSV = "title,organisation\nHow to sort waste at markets,Lyon\n"


def complete(folder: Path) -> None:
    """Add to the demonstration, and keep the secrets of the links that were sent."""
    officer = _person("officer")
    secrets = _links(_person("other city"))
    _drafts(officer, _person("association"))
    secrets["match_id"] = _match(officer)
    secrets["visited_id"] = _visits(officer)
    _matching(officer)
    _small(officer, folder)
    _forum_of_today()
    _webhooks(_person("city"))
    db.session.commit()
    send.plan_now()
    send.send_due(limit=60)
    keeping.keep_all()
    db.session.commit()
    events.forget(db.session())
    (folder / SECRETS).write_text(json.dumps(secrets), encoding="utf-8")


def _person(role: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == address(role))).one()


def _first(model: Any, *where: Any) -> Any:
    return db.session.scalars(select(model).where(*where).order_by(model.id).limit(1)).one()


def _links(city: Person) -> dict[str, Any]:
    """The secrets that mails carry, one for each kind of link."""
    planned = _first(FollowUp, FollowUp.state == FollowUpState.planned)
    return {
        "follow_up": follow_ups.ask(planned, actor=None),
        "participant": make_participant_link(_asked()),
        "sign_in": accounts.sign_in_link_if_wanted(city),
        "invitation": accounts.invite(city),
        "joining": _joining(city),
        "reset": accounts.reset(city),
    }


def _joining(city: Person) -> str:
    """The secret by which somebody without an account answers an invitation."""
    facts = {"email": "asked@city.example", "name": "Asked", "language": "en", "role": Role.member}
    return joining.invite(city.affiliations[0].organisation, facts, actor=city)[1]


def _asked() -> Participant:
    """A participant whose evaluation is open."""
    rows = db.session.scalars(select(Participant).order_by(Participant.id))
    return next(row for row in rows if evaluation.is_open(row.visit))


def _drafts(officer: Person, association: Person) -> None:
    """A proposal that is being written, and the plan of one that goes on."""
    mine = association.affiliations[0].organisation
    proposals.start(mine.id, "Arrumar os mercados", [], language="pt", actor=association)
    going = _first(Exchange, Exchange.state == ExchangeState.preparing)
    line = {"category": BudgetCategory.travel, "amount": Decimal(1200), "currency": "EUR"}
    parts.save_budget_line(going, line)
    parts.save_phase(going, {"title": "Visit", "starts_on": today(), "ends_on": today()})


def _visits(officer: Person) -> int:
    """Proposed dates, and the lessons that a city writes."""
    going = _first(Exchange, Exchange.state == ExchangeState.preparing)
    open_visit = visits.plan_visit(going, {"title": "Aulas abiertas"}, actor=officer)
    side = dates.sides(open_visit.exchange)[0]
    first = today() + timedelta(days=40)
    dates.propose(open_visit, side.id, first, first + timedelta(days=2))
    visited = _first(Exchange, Exchange.state.in_(sheets.WRITING))
    # The two cities that sign in speak for those that were there.
    for role, city in zip(("city", "other city"), sheets.writers(visited), strict=False):
        person = _person(role)
        person.affiliations.append(Affiliation(organisation=city, role=Role.coordinator))
    sheets.sheet_for(visited, sheets.writers(visited)[0], language="fr")
    return visited.id


def _matching(officer: Person) -> None:
    """A programme, a run of the matcher with its pairs, and another version of its settings."""
    programmes.create({"code": "pilot", "title_en": "Pilot", "mode": MatchingMode.review})
    matching_settings.save({}, actor=officer, note="As they come")
    run = runs.begin(None, actor=officer, occasion=Occasion.officer)
    db.session.commit()
    work.work_off(run.id, patience=timedelta(minutes=5), tell=lambda _step: None)
    match = _first(Match)
    runs.wish(match.need, match.offer, Wished.pin, actor=officer)


def _match(officer: Person) -> int:
    """A match of the two cities that sign in, which neither has answered."""
    need = _first(Need, Need.organisation_id == _home(_person("other city")))
    offer = _first(Offer, Offer.organisation_id == _home(_person("city")))
    match = matching.create_by_officer(need, offer, actor=officer, note="Both asked for it")
    matching.propose(match, actor=officer)
    # Another that officers have not sent out yet.
    third = _first(Offer, Offer.organisation_id != offer.organisation_id)
    matching.create_by_officer(need, third, actor=officer, note="Also near")
    return match.id


def _home(person: Person) -> int:
    return person.affiliations[0].organisation_id


def _small(officer: Person, folder: Path) -> None:
    """A kept form, a named view, an upload, and a mail that staff shall look at first."""
    facts = {"asker": "Ana", "asker_place": "", "title": "Aulas abiertas", "text": "How?"}
    facts["asker_email"] = "ana@example.org"
    messages.write("lesson_question", _person("association"), facts=facts, link="/my", hold=True)
    view = {"list_name": views.ListName.exchanges, "name": "Late", "query": "overdue=yes"}
    views.save(view | {"shared": False}, actor=officer)
    kept.keep(officer.id, "/needs/new", [("title", "How to sort waste at markets")])
    stored = spreadsheets.keep_file(spreadsheets.folder_in(folder), "needs.csv", CSV.encode())
    row = {"noun": ImportNoun.needs, "file_name": "needs.csv"}
    spreadsheets.begin(row, stored, actor=officer)
    replies.receive(MAIL.encode())


def _forum_of_today() -> None:
    """A forum whose room is open."""
    facts = {"starts_on": today(), "ends_on": today() + timedelta(days=1), "place": "Lyon"}
    titles = {"en": "A day of markets", "fr": "Une journée des marchés"}
    db.session.add(Forum(code="markets", titles=titles, time_zone="Europe/Paris", **facts))


def _webhooks(city: Person) -> None:
    """A webhook that took what it was told, one that took nothing, and one that is told no more."""
    facts = {"url": HOOK, "organisation_id": _home(city), "exchanges": True, "visits": True}
    for number, fate in enumerate((Fate(200), Fate(reason="no_answer"), Fate(sending.GONE))):
        row, _secret = webhooks.create(facts | {"url": f"{HOOK}{number}"}, actor=city)
        webhooks.test(row)
        for parcel in sending.claim(at=now(), limit=1):
            sending.settle(parcel, fate, at=now())

"""Visits for tests, with a host, a learner, and people who speak for them."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange, ExchangeKind
from exchange.extensions import db
from exchange.visits.models import Participant, Visit, VisitSession
from tests import factories
from workflows.exchange import ExchangeState
from workflows.participant import ParticipantState

FIRST, LAST = date(2026, 3, 3), date(2026, 3, 5)


@dataclass
class Story:
    """One exchange in preparation, with its cities and their coordinators."""

    exchange: Exchange
    host: Organisation
    learner: Organisation
    hosting: Person
    learning: Person


def story(**facts: Any) -> Story:
    """An exchange of a host and a learner; in preparation unless ``state`` says otherwise."""
    facts.setdefault("state", ExchangeState.preparing)
    facts.setdefault("kind", ExchangeKind.study_visit)
    host, learner = factories.organisation("Durban"), factories.organisation("Nampula")
    row = factories.exchange(host=host, learner=learner, **facts)
    return Story(
        row,
        host,
        learner,
        factories.person("Thandi", of=host),
        factories.person("Amina", of=learner),
    )


def visit(exchange: Exchange | None = None, **facts: Any) -> Visit:
    """A visit of three days in Durban; of a new exchange unless one is given."""
    facts.setdefault("starts_on", FIRST)
    facts.setdefault("ends_on", LAST)
    facts.setdefault("time_zone", "Africa/Johannesburg")
    facts.setdefault("place", "City Hall")
    facts.setdefault("number", 1)
    row = Visit(exchange=exchange or story().exchange, **facts)
    return _saved(row)


def session(of: Visit, **facts: Any) -> VisitSession:
    """A session on the first morning."""
    facts.setdefault("day", of.starts_on)
    facts.setdefault("starts_at", time(9))
    facts.setdefault("ends_at", time(10, 30))
    facts.setdefault("title", "Opening")
    return _saved(VisitSession(visit=of, **facts))


def participant(of: Visit, organisation: Organisation, **facts: Any) -> Participant:
    """Somebody nominated; ``state`` says more."""
    number = db.session.query(Participant).count() + 1
    facts.setdefault("name", f"Participant {number}")
    facts.setdefault("email", f"participant{number}@example.org")
    facts.setdefault("state", ParticipantState.nominated)
    return _saved(Participant(visit=of, organisation=organisation, **facts))


def ready(**facts: Any) -> tuple[Story, Visit, Participant]:
    """A visit that has all a visit needs: dates, a session, somebody who confirmed."""
    told = story(**facts)
    row = visit(told.exchange)
    session(row)
    who = participant(row, told.learner, state=ParticipantState.confirmed)
    return told, row, who


def _saved(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row

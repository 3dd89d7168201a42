"""How to make each fact true that a move of an exchange asks for, in the real database."""

from collections.abc import Callable
from datetime import date, time

from exchange.exchanges import actions
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.lessons.models import (
    ChangeKind,
    Dissemination,
    FollowUp,
    Horizon,
    Note,
    RecordedChange,
    RoadMapAction,
)
from exchange.matching.models import Match
from exchange.visits.models import Participant, Visit, VisitSession
from tests import factories
from workflows.follow_up import FollowUpState
from workflows.match import MatchState
from workflows.note import NoteState
from workflows.participant import ParticipantState

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 4)


def _learner(exchange: Exchange) -> None:
    if not exchange.with_role(PartnerRole.learner):
        city = factories.organisation().id
        actions.add_partner(exchange, city, PartnerRole.learner, actor=None)


def _committed(role: PartnerRole) -> Callable[[Exchange], None]:
    def make(exchange: Exchange) -> None:
        if not exchange.with_role(role):
            actions.add_partner(exchange, factories.organisation().id, role, actor=None)
        actions.commit_partner(exchange.with_role(role)[0], actor=None, on=date(2026, 1, 1))

    return make


def _purpose(exchange: Exchange) -> None:
    exchange.purpose = "To learn drainage."


def _theme(exchange: Exchange) -> None:
    if not exchange.tagged("theme"):
        exchange.terms.append(factories.term("theme", "mobility"))


def _match_waits(exchange: Exchange) -> None:
    need, offer = factories.need(), factories.offer()
    match = Match(
        need_id=need.id,
        offer_id=offer.id,
        exchange_id=exchange.id,
        holds_place=True,
        holds_host=True,
    )
    match.state = MatchState.proposed
    db.session.add(match)
    db.session.flush()
    db.session.expire(exchange, ["matches"])


def _no_match_waits(exchange: Exchange) -> None:
    for match in exchange.matches:
        match.state = MatchState.declined


def _concept_note(exchange: Exchange) -> None:
    data = {"concept_note": "Three days.", "concept_note_agreed_on": date(2026, 1, 5)}
    actions.write_concept_note(exchange, data, actor=None)


def _visit(exchange: Exchange) -> Visit:
    if exchange.current_visit is None:
        exchange.visits.append(Visit(number=1))
    visit = exchange.current_visit
    assert visit is not None
    return visit


def _dates(exchange: Exchange) -> None:
    visit = _visit(exchange)
    visit.starts_on, visit.ends_on = FIRST, LAST


def _programme(exchange: Exchange) -> None:
    visit = _visit(exchange)
    if not visit.sessions:
        hours = {"starts_at": time(9), "ends_at": time(10)}
        visit.sessions.append(VisitSession(day=FIRST, title="Opening", **hours))


def _participants(exchange: Exchange) -> None:
    visit = _visit(exchange)
    if not visit.participants:
        person = Participant(organisation=exchange.proposer, name="Guest", email="g@example.org")
        person.state = ParticipantState.confirmed
        visit.participants.append(person)


def _attendance(exchange: Exchange) -> None:
    _visit(exchange).attendance_recorded_on = LAST


def _evaluation(exchange: Exchange) -> None:
    _visit(exchange).evaluation_opened_on = LAST


def _several_visits(exchange: Exchange) -> None:
    exchange.kind = "city_pairing"


def _note(state: NoteState) -> Callable[[Exchange], None]:
    def make(exchange: Exchange) -> None:
        if exchange.note is None:
            exchange.note = Note(title="Markets", language="en")
        exchange.note.state = state

    return make


def _note_begun(exchange: Exchange) -> None:
    if exchange.note is None:
        _note(NoteState.drafting)(exchange)


def _road_map(exchange: Exchange) -> None:
    if not exchange.road_map_actions:
        line = RoadMapAction(horizon=Horizon.immediate, text="Clear the drains.")
        line.owner, line.due_on = exchange.proposer, date(2026, 6, 1)
        exchange.road_map_actions.append(line)


def _disseminated(exchange: Exchange) -> None:
    _note_begun(exchange)
    assert exchange.note is not None
    website = factories.term("channel", "website")
    exchange.note.disseminations.append(Dissemination(channel=website, happened_on=LAST))


def _answered(months: int) -> Callable[[Exchange], None]:
    def make(exchange: Exchange) -> None:
        if not any(f.months == months for f in exchange.follow_ups):
            asked = FollowUp(organisation=exchange.proposer, months=months, due_on=LAST)
            asked.state = FollowUpState.unanswered
            exchange.follow_ups.append(asked)

    return make


def _change(exchange: Exchange) -> None:
    change = RecordedChange(kind=ChangeKind.policy, text="A by-law.", recorded_on=LAST)
    change.organisation = exchange.proposer
    exchange.recorded_changes.append(change)


def _nothing(exchange: Exchange) -> None:
    """Some facts are there from the start or are nobody's to make."""


MAKERS: dict[str, Callable[[Exchange], None]] = {
    "has_a_purpose": _purpose,
    "has_a_theme": _theme,
    "has_a_learner": _learner,
    "a_match_waits": _match_waits,
    "no_match_waits": _no_match_waits,
    "host_has_committed": _committed(PartnerRole.host),
    "learner_has_committed": _committed(PartnerRole.learner),
    "concept_note_is_agreed": _concept_note,
    "visit_has_dates": _dates,
    "visit_has_a_programme": _programme,
    "visit_has_participants": _participants,
    "attendance_is_recorded": _attendance,
    "evaluation_is_open": _evaluation,
    "several_visits_are_usual": _several_visits,
    "has_a_note": _note_begun,
    "note_is_in_review": _note(NoteState.in_review),
    "note_is_with_author": _note(NoteState.drafting),
    "note_is_published": _note(NoteState.published),
    "road_map_has_owners": _road_map,
    "was_disseminated": _disseminated,
    "follow_up_3_is_over": _answered(3),
    "follow_up_6_is_over": _answered(6),
    "follow_up_12_is_over": _answered(12),
    "a_change_is_recorded": _change,
}


def make(exchange: Exchange, fact: str) -> None:
    """Make ``fact`` true, if somebody can."""
    MAKERS.get(fact, _nothing)(exchange)
    db.session.flush()

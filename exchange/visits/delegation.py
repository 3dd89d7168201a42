"""The people of a visit: nominated, asked by a personal link, prepared. The caller commits."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import events, steps
from exchange.accounts.queries import hashed
from exchange.clock import today
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.parties import parties_of
from exchange.predicates import staff
from exchange.steps import Step
from exchange.visits.models import (
    Evaluation,
    Gender,
    Participant,
    ParticipantLink,
    PreparationSheet,
    Visit,
)
from workflows.participant import PARTICIPANT

# What a participant may say by the personal link; taking part again is for whoever nominates.
LINK_TRIGGERS = ("confirm", "decline")
# In place of a name, in every language.
ERASED_NAME = "–"


def nominate(visit: Visit, data: Mapping[str, Any], *, actor: Person | None) -> Participant:
    """Name a person for a delegation. ``actor`` is None when the program does it.

    :raises Invalid: ``not_partner``, the organisation has no part in the exchange; ``not_yours``,
        the actor does not speak for it; ``already_nominated``, the address is on the list.
    """
    _check_nominator(visit, data["organisation_id"], actor)
    _check_address(visit, data["email"])
    participant = Participant(visit=visit, **data)
    db.session.add(participant)
    db.session.flush()
    events.publish("participant.nominated", id=participant.id)
    return participant


def edit_participant(
    participant: Participant, data: Mapping[str, Any], *, actor: Person | None
) -> Participant:
    """Correct what is known of a participant.

    :raises Invalid: as ``nominate``; ``already_erased``.
    """
    _not_erased(participant)
    if data.get("organisation_id", participant.organisation_id) != participant.organisation_id:
        _check_nominator(participant.visit, data["organisation_id"], actor)
    if data.get("email", participant.email) != participant.email:
        _check_address(participant.visit, data["email"])
    for name, value in data.items():
        setattr(participant, name, value)
    db.session.flush()
    return participant


def _check_nominator(visit: Visit, organisation_id: int, actor: Person | None) -> None:
    if organisation_id not in parties_of(visit.exchange).everyone:
        raise Invalid("organisation_id", "not_partner")
    by_right = actor is None or staff(actor, None) or organisation_id in acts_for_ids(actor)
    if not by_right:
        raise Invalid("organisation_id", "not_yours")


def _check_address(visit: Visit, email: str) -> None:
    query = select(Participant.id).where(
        Participant.visit_id == visit.id, Participant.email == email
    )
    if db.session.scalars(query).first() is not None:
        raise Invalid("email", "already_nominated")


def erase_participant(participant: Participant, *, actor: Person | None) -> str:
    """Take out what tells who this was, at the person's request; return the address they had.

    What remains is a number in a delegation: organisation, role, office, whether they came, the
    practice they brought, and their answers without the name. Their links end.

    :raises Invalid: ``already_erased``.
    """
    _not_erased(participant)
    address = participant.email
    participant.name, participant.function, participant.needs = ERASED_NAME, "", ""
    # The list of a visit holds an address once: so each keeps one, which leads nowhere (RFC 2606).
    participant.email = f"erased-{participant.id}@peer-exchange.invalid"
    participant.gender, participant.erased_on = Gender.unsaid, today()
    participant.links.clear()
    for answers in db.session.scalars(
        select(Evaluation).where(Evaluation.participant_id == participant.id)
    ):
        answers.participant_id = None
    db.session.flush()
    events.publish("participant.erased", id=participant.id, by_id=actor.id if actor else None)
    return address


def _not_erased(participant: Participant) -> None:
    if participant.erased_on is not None:
        raise Invalid("participant", "already_erased")


def advance_participant(
    participant: Participant,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a nomination one step and write the step down.

    :raises Invalid: ``already_erased``, nobody is behind it any more.
    """
    _not_erased(participant)
    return steps.advance(
        PARTICIPANT, participant, trigger, actor=actor, note=note, expected_state=expected_state
    )


def make_participant_link(participant: Participant) -> str:
    """Return a new secret for the participant's personal page; only its hash is kept.

    Links given before go on working: each reminder brings its own.

    :raises Invalid: ``already_erased``.
    """
    _not_erased(participant)
    secret = secrets.token_urlsafe(32)
    db.session.add(ParticipantLink(participant=participant, secret_hash=hashed(secret)))
    db.session.flush()
    return secret


def answer_by_link(participant: Participant, trigger: str, *, note: str = "") -> Step:
    """The participant says by the personal link whether they come.

    :raises Invalid: ``unknown_trigger``; ``visit_is_over`` once attendance is recorded.
    """
    if trigger not in LINK_TRIGGERS:
        raise Invalid("trigger", "unknown_trigger", trigger=trigger)
    if participant.visit.attendance_recorded_on:
        raise Invalid("trigger", "visit_is_over")
    person = db.session.scalars(select(Person).where(Person.email == participant.email)).first()
    return advance_participant(participant, trigger, actor=person, note=note)


def save_preparation(participant: Participant, data: Mapping[str, Any]) -> Participant:
    """Keep what a participant needs, and the practice or challenge they bring.

    Without a title there is no sheet.

    :raises Invalid: ``kind_needed``, a title without a kind.
    """
    data = dict(data)
    participant.needs = data.pop("needs", participant.needs)
    if not data.get("title"):
        participant.sheet = None
    elif not data.get("kind"):
        raise Invalid("kind", "kind_needed")
    else:
        sheet = participant.sheet or PreparationSheet(participant=participant)
        for name, value in data.items():
            setattr(sheet, name, value)
        db.session.add(sheet)
    db.session.flush()
    return participant

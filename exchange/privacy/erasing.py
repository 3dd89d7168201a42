"""Erasing a person: the institution keeps its record, and the record no longer says who it was.

Rows that only served the person go; what people wrote into the record stays without a name; letters
are emptied. What happens to which column stands at the column. The caller commits.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from exchange import events, steps
from exchange.accounts.actions import close_doors
from exchange.clock import now, today
from exchange.directory.models import Affiliation, Organisation, Person, Role, StaffRole
from exchange.errors import Conflict, Invalid
from exchange.extensions import Base, db
from exchange.lessons.crediting import NoteCredit
from exchange.messages.actions import skip
from exchange.messages.models import Message
from exchange.personal import Datum, Erased, annotation
from exchange.privacy.concerning import people_in, rows_of
from exchange.privacy.consents import names
from exchange.privacy.models import ErasureRequest
from exchange.steps import Step
from exchange.visits.delegation import erase_participant
from exchange.visits.models import Participant
from workflows.erasure import ERASURE, ErasureState
from workflows.message import MESSAGE

# To change one's mind, and for the organisation to name somebody else.
WAITS = timedelta(days=14)
# These have their own way.
APART = ("person", "participant")
# Whoever is named there is asked and written to: an erased person must not be.
CONTACTS = ("contact_id", "owner_id", "reviewer_id")


def waiting(person: Person) -> ErasureRequest | None:
    """The request of a person that is not carried out yet."""
    query = select(ErasureRequest).where(
        ErasureRequest.person_id == person.id, ErasureRequest.state == ErasureState.waiting
    )
    return db.session.scalars(query).first()


def ask(person: Person, *, actor: Person | None) -> ErasureRequest:
    """Ask that a person be erased in fourteen days.

    :raises Conflict: ``erasure_asked``.
    :raises Invalid: as ``erase``.
    """
    _may_go(person)
    if waiting(person) is not None:
        raise Conflict("erasure_asked")
    row = ErasureRequest(person=person, due_on=today() + WAITS)
    db.session.add(row)
    db.session.flush()
    by_id = actor.id if actor else None
    events.publish("erasure.asked", id=row.id, by_id=by_id)
    return row


def withdraw(request: ErasureRequest, *, actor: Person | None) -> Step:
    """Stay after all."""
    return steps.advance(ERASURE, request, "withdraw", actor=actor)


def due(day: date) -> list[ErasureRequest]:
    """The requests whose day has come, the oldest first."""
    query = select(ErasureRequest).where(
        ErasureRequest.state == ErasureState.waiting, ErasureRequest.due_on <= day
    )
    return list(db.session.scalars(query.order_by(ErasureRequest.id)))


def alone_for(person: Person) -> list[Organisation]:
    """The organisations that would have no coordinator without this person."""
    mine, other = aliased(Affiliation), aliased(Affiliation)
    others = select(func.count(other.id)).where(
        other.organisation_id == mine.organisation_id,
        other.role == Role.coordinator,
        other.person_id != person.id,
    )
    query = (
        select(Organisation)
        .join(mine, mine.organisation_id == Organisation.id)
        .where(
            mine.person_id == person.id,
            mine.role == Role.coordinator,
            others.correlate(mine).scalar_subquery() == 0,
        )
    )
    return list(db.session.scalars(query.order_by(Organisation.name)))


def carry_out(request: ErasureRequest, former: str, *, actor: Person | None) -> None:
    """Erase the person of a request.

    :param former: what stands in place of the name: "a former member of …"
    :raises TransitionRefused: it was withdrawn, or is done.
    """
    steps.advance(ERASURE, request, "carry_out", actor=actor)
    erase(request.person, former)


def erase(person: Person, former: str) -> None:
    """Take out everything that tells who this was.

    :raises Invalid: ``last_administrator``; ``already_erased_person``.
    """
    _may_go(person)
    for participant in _parts(person):
        erase_participant(participant, actor=None)
    _stop_letters(person)
    db.session.execute(delete(NoteCredit).where(names(person)))
    for table in Base.metadata.sorted_tables:
        if table.name not in APART:
            _erase_in(table, person)
    _leave_contacts(person)
    _erase_account(person, former)
    db.session.flush()
    db.session.expire_all()
    events.publish("person.erased", id=person.id)


def _may_go(person: Person) -> None:
    if person.erased_on is not None:
        raise Invalid("email", "already_erased_person")
    if person.staff_role != StaffRole.administrator:
        return
    others = select(func.count(Person.id)).where(
        Person.staff_role == StaffRole.administrator,
        Person.disabled_at.is_(None),
        Person.id != person.id,
    )
    if not db.session.scalar(others):
        raise Invalid("email", "last_administrator")


def _parts(person: Person) -> list[Participant]:
    query = select(Participant).where(
        Participant.email == person.email, Participant.erased_on.is_(None)
    )
    return list(db.session.scalars(query))


def _stop_letters(person: Person) -> None:
    theirs = or_(Message.person_id == person.id, Message.to_email == person.email)
    for message in db.session.scalars(select(Message).where(theirs)):
        if not MESSAGE.unmet("skip", message):
            message.reason = "erased"
            skip(message, "erased")
    db.session.flush()


def _erase_in(table: Table, person: Person) -> None:
    said = {column: annotation(column) for column in table.columns}
    said = {column: note for column, note in said.items() if note is not None}
    theirs = _theirs(table, person) if said else None
    if theirs is None:
        return
    if any(note and note.erased == Erased.gone for note in said.values()):
        db.session.execute(delete(table).where(theirs))
        return
    empty = {c.name: _nothing(c) for c, note in said.items() if note and note.erased == "emptied"}
    if empty:
        db.session.execute(update(table).where(theirs).values(empty))


def _theirs(table: Table, person: Person) -> ColumnElement[bool] | None:
    """By number or address; where a row knows no person, by the name that was written there."""
    found = rows_of(table, person)
    if found is not None or table.name == "note_credit":
        return found
    written = [c for c in table.columns if _is_name(c)]
    return or_(*(column == person.name for column in written)) if written else None


def _is_name(column: Any) -> bool:
    said = annotation(column)
    return said is not None and said.datum == Datum.person_name and said.erased == Erased.emptied


def _nothing(column: Any) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        return [] if "list" in str(getattr(column.default, "arg", "")) else {}
    return ""


def _leave_contacts(person: Person) -> None:
    for table in Base.metadata.sorted_tables:
        for name in set(people_in(table)) & set(CONTACTS):
            if table.c[name].nullable:
                emptied = update(table).where(table.c[name] == person.id).values({name: None})
                db.session.execute(emptied)


def _erase_account(person: Person, former: str) -> None:
    close_doors(person)
    db.session.refresh(person)
    person.affiliations.clear()
    person.name = former[:200]
    # An address is there once: so each keeps one, which leads nowhere (RFC 2606).
    person.email = f"erased-{person.id}@peer-exchange.invalid"
    person.password_hash = person.last_sign_in_at = None
    person.staff_role = person.section_code = None
    person.disabled_at = person.disabled_at or now()
    person.erased_on = today()

"""What happens to methods and their pilots. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import multilingual, steps
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.methods.models import Method, Pilot
from exchange.predicates import staff
from exchange.references import Known, known_row
from exchange.steps import Step
from exchange.vocabularies.queries import term_or_none
from workflows.method import METHOD, MethodState
from workflows.method_pilot import METHOD_PILOT

WORDS = {"title": "titles", "text": "texts"}


def propose(data: Mapping[str, Any], *, actor: Person, follows: Method | None = None) -> Method:
    """Propose a method, or a new version of one that is in the library.

    :raises Invalid: ``not_yours``; ``no_such_format``; ``window``, a least above its most.
    :raises NotAllowed: ``not_in_library``, only what is in the library has a next version.
    """
    _speaks(data.get("organisation_id"), actor)
    row = Method(steps=[])
    if follows is not None:
        if follows.state != MethodState.in_library:
            raise NotAllowed("not_in_library")
        row.follows, row.number = follows, follows.number + 1
    _fill(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Method, data: Mapping[str, Any], *, actor: Person) -> Method:
    """Change a card as long as it is proposed; afterwards a new version says what is different.

    :raises Invalid: as ``propose``.
    :raises NotAllowed: ``make_a_new_version``.
    """
    if row.state != MethodState.proposed:
        raise NotAllowed("make_a_new_version")
    if data.get("organisation_id", row.organisation_id) != row.organisation_id:
        _speaks(data["organisation_id"], actor)
    _fill(row, data)
    db.session.flush()
    return row


def advance_method(
    row: Method,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a method one step and write the step down; a version that comes into the library takes
    the place of the one before."""
    step = steps.advance(
        METHOD, row, trigger, actor=actor, note=note, expected_state=expected_state
    )
    before = row.follows
    if trigger == "adopt" and before is not None and before.state == MethodState.in_library:
        steps.advance(METHOD, before, "replace", actor=actor)
    return step


def plan_pilot(
    method: Method, data: Mapping[str, Any], *, actor: Person, known: Known = select
) -> Pilot:
    """Say who tries a method, when, and what they expect.

    :param known: what it may name.
    :raises Invalid: ``not_yours``; ``no_such_exchange``; ``window``.
    :raises NotAllowed: ``not_in_library``, what was declined or retired is not tried any more.
    """
    if method.state not in (MethodState.proposed, MethodState.in_library):
        raise NotAllowed("not_in_library")
    _speaks(data["organisation_id"], actor)
    row = Pilot(demo=method.demo)
    _fill_pilot(row, data, known)
    method.pilots.append(row)
    db.session.flush()
    return row


def edit_pilot(
    row: Pilot, data: Mapping[str, Any], *, actor: Person, known: Known = select
) -> Pilot:
    """Change a pilot, or write what came of it.

    :param known: what it may name.
    :raises Invalid: as ``plan_pilot``.
    :raises NotAllowed: ``pilot_is_over``.
    """
    if METHOD_PILOT.is_final(row.state):
        raise NotAllowed("pilot_is_over")
    if data.get("organisation_id", row.organisation_id) != row.organisation_id:
        _speaks(data["organisation_id"], actor)
    _fill_pilot(row, data, known)
    db.session.flush()
    return row


def advance_pilot(
    row: Pilot,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a pilot one step and write the step down."""
    return steps.advance(
        METHOD_PILOT, row, trigger, actor=actor, note=note, expected_state=expected_state
    )


def _speaks(organisation_id: int | None, actor: Person) -> None:
    if not staff(actor, None) and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")


def _fill(row: Method, data: Mapping[str, Any]) -> None:
    facts = {name: value for name, value in data.items() if name != "format"}
    with db.session.no_autoflush:
        multilingual.write(row, facts, WORDS, leave=("steps",))
        row.steps = multilingual.lines(data, "steps", row.steps)
        if "format" in data:
            row.term = term_or_none("format", data["format"]) if data["format"] else None
            if data["format"] and row.term is None:
                raise Invalid("format", "no_such_format")
    for least, most in (("min_days", "max_days"), ("min_people", "max_people")):
        low, high = getattr(row, least), getattr(row, most)
        if low is not None and high is not None and low > high:
            raise Invalid(most, "least_above_most")


def _fill_pilot(row: Pilot, data: Mapping[str, Any], known: Known) -> None:
    named = data.get("exchange_id")
    if named not in (None, row.exchange_id) and known_row(known, Exchange, named) is None:
        raise Invalid("exchange_id", "no_such_exchange")
    for name, value in data.items():
        setattr(row, name, value)
    if row.ends_on < row.starts_on:
        raise Invalid("ends_on", "window")

"""What officers wish of a pair: the next runs take it when at all possible, or never.

The caller commits.
"""

from sqlalchemy import select

from exchange import events, steps
from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.matching.models import Wish, Wished


def wish(need: Need, offer: Offer, kind: Wished, *, note: str = "", actor: Person | None) -> Wish:
    """Pin or veto a pair; a later word on the same pair takes the place of the earlier one.

    A veto holds at once for suggestions too: the matcher looks at the need again.

    :raises Invalid: ``reason_required``, a veto without a reason;
        ``no_match_another_organisation``, both sides are the same organisation.
    """
    if need.organisation_id == offer.organisation_id:
        raise Invalid("offer_id", "no_match_another_organisation")
    if kind == Wished.veto and not note.strip():
        raise Invalid("note", "reason_required")
    steps.lock(need)
    row = of_pair(need.id, offer.id) or Wish(need=need, offer=offer)
    row.kind, row.note, row.person = kind, note.strip(), actor
    db.session.add(row)
    _look_again(need)
    events.publish(f"need.{kind}", id=need.id, offer_id=offer.id)
    return row


def unwish(row: Wish) -> None:
    """Take a wish back: the pair is as any other again."""
    need = row.need
    steps.lock(need)
    db.session.delete(row)
    _look_again(need)
    events.publish("need.unwish", id=need.id, offer_id=row.offer_id)


def of_pair(need_id: int, offer_id: int) -> Wish | None:
    """What is wished for a pair, if anything is."""
    query = select(Wish).where(Wish.need_id == need_id, Wish.offer_id == offer_id)
    return db.session.scalars(query).first()


def _look_again(need: Need) -> None:
    """The matcher looks at whatever changed since it last looked."""
    need.updated_at = now()
    db.session.flush()

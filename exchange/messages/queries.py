"""Reading messages."""

from sqlalchemy import select

from exchange.extensions import db
from exchange.messages.kinds import MailKind
from exchange.messages.models import Delivery, Message, Preference


def with_key(dedupe_key: str) -> Message | None:
    """The message that was written with this key."""
    return db.session.scalars(select(Message).where(Message.dedupe_key == dedupe_key)).first()


def delivery_of(person_id: int, kind: MailKind) -> Delivery:
    """How a person wants a kind of mail; a choice that the kind does not offer counts as none."""
    query = select(Preference.delivery).where(
        Preference.person_id == person_id, Preference.kind == kind.name
    )
    chosen = db.session.scalars(query).first()
    return chosen if chosen in kind.choices else kind.choices[0]

"""Forms that were sent after their sender's sign-in had ended. The caller commits."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from exchange.extensions import db
from exchange.keeping.models import KeptForm

# Nobody types more, and nobody leaves more forms behind on one day.
LONGEST, MOST = 200_000, 20


def keep(person_id: int, path: str, fields: Iterable[tuple[str, str]]) -> KeptForm | None:
    """Keep what a person sent to ``path``; no form with a password, nor what is far too long."""
    kept = [[name, value] for name, value in fields if name != "csrf_token"]
    long = sum(len(name) + len(value) for name, value in kept) > LONGEST
    if not kept or long or any("password" in name for name, _value in kept):
        return None
    row = KeptForm(person_id=person_id, path=path[:500], fields=kept)
    db.session.add(row)
    db.session.flush()
    newest = select(KeptForm.id).where(KeptForm.person_id == person_id)
    newest = newest.order_by(KeptForm.id.desc()).limit(MOST)
    kept_ids = list(db.session.scalars(newest))
    old = KeptForm.id.not_in(kept_ids)
    db.session.execute(delete(KeptForm).where(KeptForm.person_id == person_id, old))
    return row


def find(person_id: int, kept_id: int) -> KeptForm | None:
    """A form that this person sent; nobody else's."""
    query = select(KeptForm).where(KeptForm.person_id == person_id, KeptForm.id == kept_id)
    return db.session.scalars(query).first()


def forget(person_id: int, kept_id: int) -> None:
    """Throw a kept form away: it has been sent, or is not wanted."""
    mine = delete(KeptForm).where(KeptForm.person_id == person_id, KeptForm.id == kept_id)
    db.session.execute(mine)

"""The first time that a link of a mail was followed. The caller commits.

No picture, nobody else: the address of the button holds the name of its mail, and it leads to pages
of ours. Programs that look at mails before people do are left out as far as they can be told.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import or_, update

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.messages.models import Message

# In the address of a button: the key of its mail, which opens nothing.
MARK = "via"


def marked(address: str, key: str) -> str:
    """``address`` with the name of the mail that it stands in."""
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), (MARK, key)])
    return urlunsplit(parts._replace(query=query))


def note_opening(key: str, *, actor: Person | None) -> None:
    """A link of the mail with this key was followed: by its reader, or by somebody who has not
    signed in; a colleague who looks at the mail of another does not count."""
    mine = Message.person_id.is_(None)
    query = update(Message).where(Message.key == key, Message.opened_at.is_(None))
    if actor is not None:
        query = query.where(or_(mine, Message.person_id == actor.id))
    db.session.execute(query.values(opened_at=now()))

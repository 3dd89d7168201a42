"""Who saw what is sensitive: contact details, guest lists, exports, other people's data."""

from typing import Any

from exchange.audit.models import Action
from exchange.audit.recording import Change, gathered, write
from exchange.extensions import db
from exchange.transaction import reading_only, writing_apart


def saw(noun: str, subject_id: int | None, what: str, *, rows: int | None = None) -> None:
    """Write down that whoever acts now is shown something.

    A request that only reads writes it in a transaction of its own, before the answer goes out:
    nobody sees what is not written down.

    :param what: a code: ``contacts``, ``guests``, ``export``, ``personal_data`` …
    :param rows: how many of them.
    """
    fields: dict[str, list[Any]] = {"what": [None, what]}
    if rows is not None:
        fields["rows"] = [None, rows]
    change = Change(Action.see, noun, subject_id, fields=fields)
    if not reading_only.get():
        gathered(db.session()).append(change)
        return
    with writing_apart() as connection:
        write(connection, [change])

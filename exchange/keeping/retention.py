"""How long receipts, kept forms and traces of editing are kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from exchange.extensions import touched
from exchange.keeping.models import Edit, KeptForm, Receipt

# Nobody sends the same again after two days; a form that nobody came back for is private text.
KEPT_RECEIPTS = timedelta(days=2)
KEPT_FORMS = timedelta(days=1)
# Long enough for every proposal and note to be finished.
KEPT_EDITS = timedelta(days=400)


def purge(*, now: datetime) -> int:
    """Delete what is older; returns how many rows went. The caller commits."""
    old = (
        delete(Receipt).where(Receipt.created_at < now - KEPT_RECEIPTS),
        delete(KeptForm).where(KeptForm.created_at < now - KEPT_FORMS),
        delete(Edit).where(Edit.edited_at < now - KEPT_EDITS),
    )
    return sum(touched(statement) for statement in old)

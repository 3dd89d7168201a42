"""Each minute, where a box for answers is set."""

from exchange.edge import settings
from exchange.messages.mailboxes import collect
from tasks.app import celery


@celery.task(name="tasks.mail_inbox.read")
def read() -> None:
    """Take in what people answered to our mails."""
    known = settings()
    collect(known.mail_inbox, timeout=known.mail_timeout)

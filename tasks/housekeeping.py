"""Hourly: what nobody needs any more."""

from exchange.accounts.retention import purge as purge_accounts
from exchange.audit.retention import purge as purge_looks
from exchange.clock import now
from exchange.forums.retention import purge as purge_guests
from exchange.keeping.retention import purge as purge_kept
from exchange.messages.retention import purge as purge_replies
from exchange.privacy.exporting import purge as purge_exports
from exchange.privacy.periods import purge as purge_letters
from exchange.runs.retention import purge as purge_runs
from exchange.transaction import transaction
from exchange.webhooks.telling import forget_old as forget_deliveries
from tasks.app import celery


@celery.task(name="tasks.housekeeping.purge")
def purge() -> None:
    """Remove ended sign-ins, used or expired links, old refused attempts, receipts and forms that
    nobody came back for, old runs of the matcher that came to nothing, mails to us that were dealt
    with, the names on the lists of forums of old, the text of old mails, needs that were told for
    visits long past, what webhooks were told a month ago,
    archives of one's own data, and the index of who saw what."""
    with transaction():
        purge_accounts(now=now())
        purge_kept(now=now())
        purge_replies(now=now())
        purge_runs(now=now())
        purge_guests(now=now())
        purge_letters(now=now())
        purge_exports(now=now())
        forget_deliveries(now())
        purge_looks(now=now())

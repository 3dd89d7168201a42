"""How long what is kept, in one table: for the page, the API and the task that sweeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from sqlalchemy import select, update

from exchange.accounts import retention as accounts
from exchange.audit import retention as audit
from exchange.extensions import touched
from exchange.forums import retention as forums
from exchange.keeping import retention as keeping
from exchange.messages import retention as messages
from exchange.messages.models import Message
from exchange.privacy.erasing import WAITS
from exchange.privacy.exporting import KEPT_EXPORTS
from exchange.visits.models import Participant, Visit
from workflows.message import MessageState

# Long enough for the follow-up after twelve months to be understood from its mails.
KEPT_LETTERS = timedelta(days=400)
# Access, diet and visa letters are for the days of a visit, and for settling its costs.
KEPT_NEEDS = timedelta(days=30)


class Kept(StrEnum):
    """What has a period; its words are in ``labels/privacy.py``."""

    sign_ins = auto()
    links = auto()
    attempts = auto()
    receipts = auto()
    forms = auto()
    edits = auto()
    replies = auto()
    letters = auto()
    needs = auto()
    guests = auto()
    erasure = auto()
    looks = auto()
    exports = auto()


@dataclass(frozen=True)
class Period:
    """How long one thing is kept."""

    what: Kept
    lasts: timedelta

    @property
    def days(self) -> int:
        """In days."""
        return self.lasts.days


PERIODS = (
    Period(Kept.attempts, accounts.KEPT_ATTEMPTS),
    Period(Kept.forms, keeping.KEPT_FORMS),
    Period(Kept.receipts, keeping.KEPT_RECEIPTS),
    Period(Kept.exports, KEPT_EXPORTS),
    Period(Kept.erasure, WAITS),
    Period(Kept.sign_ins, accounts.KEPT_SIGN_INS),
    Period(Kept.links, accounts.KEPT_LINKS),
    Period(Kept.needs, KEPT_NEEDS),
    Period(Kept.replies, messages.KEPT_REPLIES),
    Period(Kept.guests, forums.KEPT_GUESTS),
    Period(Kept.looks, audit.KEPT_LOOKS),
    Period(Kept.edits, keeping.KEPT_EDITS),
    Period(Kept.letters, KEPT_LETTERS),
)
_OVER = (MessageState.sent, MessageState.skipped)


def purge(*, now: datetime) -> int:
    """Empty what is older and is no noun's own to purge; returns how many rows. The caller
    commits."""
    letters = (
        update(Message)
        .where(Message.state_since < now - KEPT_LETTERS, Message.state.in_(_OVER))
        .where(Message.text != "")
        .values(text="", html="", opening="", facts={}, link="")
    )
    long_ago = select(Visit.id).where(Visit.ends_on < (now - KEPT_NEEDS).date())
    needs = update(Participant).where(Participant.needs != "", Participant.visit_id.in_(long_ago))
    return touched(letters) + touched(needs.values(needs=""))

"""What an officer asks for by hand: a reminder now, and who would hear of a move.

The caller commits.
"""

from datetime import datetime

from exchange.clock import now, today
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.messages import actions as messages
from exchange.reminders.audience import Asked, asked_of
from exchange.reminders.facts import facts_for, link_for
from exchange.reminders.kinds import KINDS, Anchor
from exchange.reminders.models import EscalationLevel
from workflows.exchange import EXCHANGE, ExchangeState

LATE = KINDS["exchange_overdue"]


def why_not(exchange: Exchange) -> str:
    """Why nobody can be reminded that an exchange is late (a code); empty when somebody can."""
    if exchange.state not in LATE.states or exchange.due_on is None:
        return "nobody_is_late"
    return "" if exchange.due_on < today() else "not_late_yet"


def reminded(exchange: Exchange) -> list[Asked]:
    """Whom a reminder would be written to: those whose turn it is."""
    return [] if why_not(exchange) else asked_of(LATE.audience, exchange, EscalationLevel.owner)


def remind(exchange: Exchange, *, at: datetime | None = None) -> list[Asked]:
    """Write to those whose turn it is that the exchange is late; once a day, however often asked.

    :raises Invalid: it is not late, or nobody waits.
    """
    if code := why_not(exchange):
        raise Invalid("state", code)
    at = at or now()
    asked, facts = reminded(exchange), facts_for(LATE, exchange, at=at)
    for one in asked:
        messages.write(
            LATE.name,
            one.reader,
            facts={
                **facts,
                "organisation": one.organisation,
                "level": str(EscalationLevel.owner),
            },
            link=link_for(LATE, exchange),
            subject=(EXCHANGE.name, exchange.id),
            dedupe_key=f"by_hand:{exchange.id}:{at.date()}:{one.key}"[:160],
        )
    return asked


def told_of(exchange: Exchange, state: ExchangeState) -> list[Asked]:
    """Who gets a mail on the day on which an exchange arrives in ``state``."""
    found: dict[str, Asked] = {}
    for kind in KINDS.values():
        arrives = kind.anchor == Anchor.state_since and 0 in kind.days
        if kind.workflow == EXCHANGE.name and arrives and state in kind.states:
            found.update(
                {a.key: a for a in asked_of(kind.audience, exchange, EscalationLevel.owner)}
            )
    return list(found.values())

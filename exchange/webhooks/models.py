"""A webhook, and what was to be told to it."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.extensions import Model, Record, UTCDateTime, choice
from workflows.webhook_delivery import WebhookDeliveryState


class Told(StrEnum):
    """What a webhook may be told of."""

    exchanges = auto()
    matches = auto()
    visits = auto()


class Webhook(Record, Model):
    """An address of another program. It is told what ``person`` may know of, and no more."""

    __tablename__ = "webhook"

    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True, comment="empty: of the staff"
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True, comment="whose eyes it has"
    )
    url: Mapped[str] = mapped_column(String(500))
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    secret: Mapped[str] = mapped_column(String(300), comment="sealed")
    old_secret: Mapped[str] = mapped_column(String(300), default="", comment="sealed")
    old_until: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="until when the old secret signs too"
    )
    seen_until: Mapped[datetime] = mapped_column(
        UTCDateTime, default=now, comment="what happened before is written down"
    )
    failures: Mapped[int] = mapped_column(default=0, comment="tries in a row that failed")
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    disabled_why: Mapped[str] = mapped_column(String(40), default="")

    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person] = relationship()


class WebhookDelivery(Record, Model):
    """One thing that happened, for one webhook; the row is the truth, the queue is a nudge."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "key"),
        Index("ix_webhook_delivery_due", "state", "next_try_at"),
    )

    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80), comment="what happened: once for each webhook")
    event: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[WebhookDeliveryState] = mapped_column(
        choice(WebhookDeliveryState), default=WebhookDeliveryState.waiting
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    status: Mapped[int | None] = mapped_column(comment="what the other side answered last")
    reason: Mapped[str] = mapped_column(String(60), default="", comment="a code")

    webhook: Mapped[Webhook] = relationship()

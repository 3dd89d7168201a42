"""Topics that a learning module should take up."""

from enum import StrEnum, auto

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from exchange.extensions import Model, Record, choice


class TopicState(StrEnum):
    """Where a topic stands."""

    proposed = auto()


class ModuleTopic(Record, Model):
    """A topic as it was proposed; the forum's note that proposed it names it."""

    __tablename__ = "module_topic"

    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[TopicState] = mapped_column(choice(TopicState), default=TopicState.proposed)
    demo: Mapped[bool] = mapped_column(default=False, index=True)

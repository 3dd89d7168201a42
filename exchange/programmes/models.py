"""A programme: a call or a network whose needs are matched in one way."""

from enum import StrEnum, auto

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from exchange.extensions import Model, Record, choice

# The network at large: needs that name no programme. Its row holds its mode.
GENERAL = "network"


class MatchingMode(StrEnum):
    """Who asks the cities: an officer each time, an officer by publishing a run, the program."""

    suggest = auto()
    review = auto()
    automatic = auto()


class Programme(Record, Model):
    """How the needs of one call are matched. ``titles`` map a language to words."""

    __tablename__ = "programme"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    mode: Mapped[MatchingMode] = mapped_column(choice(MatchingMode), default="automatic")
    open: Mapped[bool] = mapped_column(default=True, comment="needs can still be entered for it")
    trial: Mapped[bool] = mapped_column(
        default=False, comment="its mails wait until staff have looked at them"
    )
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version_id}

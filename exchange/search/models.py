"""What search compares: the words of each row that people look for, folded once."""

import re
from datetime import datetime

from sqlalchemy import JSON, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exchange.extensions import Model, UTCDateTime
from exchange.fulltext import INDEX, FullText
from exchange.listing import folded

LONGEST_TITLE, LONGEST_TEXT = 300, 20_000


class Document(Model):
    """What is known of one row: its ``title`` and ``text`` as written, and their folded words."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("noun", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    titles: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, comment="by language, where there is one in several"
    )
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5), default="", comment="of title and text")
    address: Mapped[str] = mapped_column(
        String(120), default="", comment="the public name of the row, when it has one"
    )
    heading: Mapped[str] = mapped_column(Text, comment="the folded words of the title")
    words: Mapped[str] = mapped_column(Text, comment="the folded words of the text")
    stamp: Mapped[datetime] = mapped_column(UTCDateTime, comment="the newest change it knows of")


def words_of(text: str) -> list[str]:
    """The words of a text, folded: what is compared, on both sides."""
    return re.findall(r"[^\W_]+", folded(text))


FULL_TEXT = FullText("search_document", INDEX, "2 3")
FULL_TEXT.beside(Document.__table__)

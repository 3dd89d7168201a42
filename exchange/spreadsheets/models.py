"""Imports of spreadsheets: checked first, then all or nothing."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.directory.models import Person
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Purpose, personal


class ImportNoun(StrEnum):
    """What a spreadsheet can hold."""

    organisations = auto()
    needs = auto()
    offers = auto()
    exchanges = auto()


class ImportStage(StrEnum):
    """How far an import is. Not a workflow: nobody decides, the worker goes through."""

    waiting = auto()
    checking = auto()
    checked = auto()
    loading = auto()
    loaded = auto()
    refused = auto()


class Import(Record, Model):
    """One uploaded file: its check, its problems by row and column, its progress."""

    __tablename__ = "import"

    noun: Mapped[ImportNoun] = mapped_column(choice(ImportNoun))
    file_name: Mapped[str] = mapped_column(String(200), info=personal(Datum.letter, Purpose.record))
    stored_as: Mapped[str] = mapped_column(String(80), comment="name of the file under var/imports")
    size: Mapped[int] = mapped_column(default=0, comment="bytes of that file")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), comment="in whose name"
    )
    stage: Mapped[ImportStage] = mapped_column(choice(ImportStage), default=ImportStage.waiting)
    load_wanted: Mapped[bool] = mapped_column(default=False, comment="load once the check is clean")
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    created_count: Mapped[int] = mapped_column(default=0)
    updated_count: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, info=personal(Datum.letter, Purpose.record)
    )
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship()

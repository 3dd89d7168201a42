"""Views of lists that somebody saved: an address with a name, one's own or for all of the staff.

The caller commits.
"""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.directory.models import Person, StaffRole
from exchange.errors import Invalid
from exchange.extensions import Model, Record, choice, db
from exchange.personal import Datum, Erased, Purpose, personal

MOST = 30
OFFICE = (StaffRole.officer, StaffRole.administrator)


class ListName(StrEnum):
    """The lists whose views can be saved."""

    exchanges = auto()
    needs = auto()
    offers = auto()
    matches = auto()
    visits = auto()
    messages = auto()


class SavedView(Record, Model):
    """The filters of a list under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "list_name", "name"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    list_name: Mapped[ListName] = mapped_column(choice(ListName), index=True)
    name: Mapped[str] = mapped_column(
        String(80), info=personal(Datum.choice, Purpose.convenience, Erased.gone)
    )
    query: Mapped[str] = mapped_column(
        String(1000),
        comment="the part of the address after ?",
        info=personal(Datum.choice, Purpose.convenience, Erased.gone),
    )
    shared: Mapped[bool] = mapped_column(default=False, comment="all of the staff see it")

    person: Mapped[Person] = relationship()


def visible(actor: Person | None) -> ColumnElement[bool]:
    """One's own views; for staff those that staff share, too."""
    if actor is None:
        return false()
    mine = SavedView.person_id == actor.id
    return mine | SavedView.shared if actor.staff_role in OFFICE else mine


def views_of(list_name: ListName, actor: Person | None) -> list[SavedView]:
    """The views of a list that ``actor`` sees, by name; one statement."""
    query = select(SavedView).where(SavedView.list_name == list_name, visible(actor))
    return list(db.session.scalars(query.order_by(SavedView.name, SavedView.id)))


def save(data: Mapping[str, Any], *, actor: Person) -> SavedView:
    """Keep a view; one of the same name is replaced.

    :raises Invalid: there are thirty already, or somebody who is not staff would share it.
    """
    same = SavedView.person_id == actor.id, SavedView.list_name == data["list_name"]
    mine = {view.name: view for view in db.session.scalars(select(SavedView).where(*same))}
    view = mine.get(data["name"])
    if view is None:
        if len(mine) >= MOST:
            raise Invalid("name", "too_many_views", most=MOST)
        view = SavedView(person_id=actor.id, list_name=data["list_name"], name=data["name"])
        db.session.add(view)
    view.query = data["query"]
    change(view, view.name, shared=data["shared"], actor=actor)
    return view


def change(view: SavedView, name: str, *, shared: bool, actor: Person) -> None:
    """Give a view another name, or share it.

    :raises Invalid: the name is taken, or somebody who is not staff would share it.
    """
    if shared and actor.staff_role not in OFFICE:
        raise Invalid("shared", "staff_share")
    taken = select(SavedView.id).where(
        SavedView.person_id == view.person_id,
        SavedView.list_name == view.list_name,
        SavedView.name == name,
        SavedView.id != view.id,
    )
    with db.session.no_autoflush:
        if db.session.scalar(taken) is not None:
            raise Invalid("name", "name_taken")
    view.name, view.shared = name, shared
    db.session.flush()


def remove(view: SavedView) -> None:
    """Throw a view away."""
    db.session.delete(view)
    db.session.flush()

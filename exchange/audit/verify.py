"""Is the trail whole? Finds what was changed, removed or put in, and says which row it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import RowMapping, select

from exchange.audit import sealing
from exchange.audit.chain import ENTRIES, GENESIS, LINKS, LONGEST_TRANSACTION
from exchange.extensions import db

AT_ONCE = 2000


class Fault(StrEnum):
    """What can be wrong with the trail."""

    changed = auto()
    missing = auto()
    inserted = auto()
    link_changed = auto()
    links_missing = auto()
    unchained = auto()
    tail_missing = auto()
    anchor_differs = auto()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: with which entry, at which position of the chain."""

    fault: Fault
    entry_id: int | None = None
    position: int | None = None

    def __str__(self) -> str:
        where = f"entry {self.entry_id}" if self.entry_id is not None else "chain"
        at = f" at position {self.position}" if self.position is not None else ""
        return f"{where}{at}: {SAID[self.fault]}"


SAID = {
    Fault.changed: "its content is not what was written",
    Fault.missing: "the entry is gone",
    Fault.inserted: "it was not written by this program, or was changed before it was chained, "
    "or its key is not among ours",
    Fault.link_changed: "its link is not what was written",
    Fault.links_missing: "links before it are gone",
    Fault.unchained: "it has no link although it is older than an hour",
    Fault.tail_missing: "the end of the chain is gone: an anchor lies behind it",
    Fault.anchor_differs: "the chain is another one than that of the anchor",
}


def problems(*, now: datetime, anchors: Mapping[int, str] | None = None) -> Iterator[Problem]:
    """Read the whole trail and tell what is wrong, in the order of the chain.

    :param anchors: position to hash, as they were kept elsewhere.
    """
    wanted = dict(anchors or {})
    position, before = 0, GENESIS
    while rows := _linked(position):
        for row in rows:
            if row["position"] != position + 1:
                yield Problem(Fault.links_missing, row["entry_id"], row["position"])
                before = ""  # unknown: this one link cannot be computed again
            yield from _of_link(row, before)
            position, before = row["position"], row["hash"]
            if wanted.pop(position, before) != before:
                yield Problem(Fault.anchor_differs, row["entry_id"], position)
    yield from _behind(wanted, position)
    yield from _unlinked(now)


def _linked(position: int) -> Sequence[RowMapping]:
    query = (
        select(LINKS, ENTRIES)
        .outerjoin_from(LINKS, ENTRIES, ENTRIES.c.id == LINKS.c.entry_id)
        .where(LINKS.c.position > position)
        .order_by(LINKS.c.position)
        .limit(AT_ONCE)
    )
    return db.session.execute(query).mappings().all()


def _of_link(row: RowMapping, before: str) -> Iterator[Problem]:
    if row["id"] is None:
        yield Problem(Fault.missing, row["entry_id"], row["position"])
        return
    ours = sealing.is_ours(row)
    linked = sealing.link(before, row["position"], row["entry_id"], row) == row["hash"]
    if not ours:
        fault = Fault.inserted if linked or not before else Fault.changed
        yield Problem(fault, row["entry_id"], row["position"])
    elif before and not linked:
        yield Problem(Fault.link_changed, row["entry_id"], row["position"])


def _behind(wanted: Mapping[int, str], position: int) -> Iterator[Problem]:
    for missing in sorted(number for number in wanted if number > position):
        yield Problem(Fault.tail_missing, None, missing)
    for strange in sorted(number for number in wanted if 0 < number <= position):
        yield Problem(Fault.links_missing, None, strange)


def _unlinked(now: datetime) -> Iterator[Problem]:
    query = select(ENTRIES).where(~select(LINKS).where(LINKS.c.entry_id == ENTRIES.c.id).exists())
    for row in db.session.execute(query.order_by(ENTRIES.c.id)).mappings():
        if not sealing.is_ours(row):
            yield Problem(Fault.inserted, row["id"])
        elif row["happened_at"] < now - LONGEST_TRANSACTION:
            yield Problem(Fault.unchained, row["id"])

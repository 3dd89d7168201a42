"""The archive of one's own data: asked for, made in the background, fetched by its person alone.

The row is the truth: a worker that dies leaves a claim that runs out, and the next one begins anew.
Here and there a short transaction says how far it is, so that the page can show it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, delete, or_, select

from exchange import events
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Conflict, NotFound
from exchange.extensions import Base, db, touched
from exchange.lessons.photos import Photo, named
from exchange.messages.actions import write
from exchange.privacy.archive import Words, archive
from exchange.privacy.models import DataExport, ExportStage
from exchange.privacy.taking import rows_in, whole
from exchange.transaction import read_only, transaction

KEPT_EXPORTS = timedelta(days=7)
# A worker that is silent for so long is dead: the next one starts again.
LEASE = timedelta(minutes=2)
# Whatever kills its worker so often would kill the next one, too.
TRIES = 3
STEP = 10
UNDER_WAY = (ExportStage.waiting, ExportStage.making)


def ask(person: Person) -> DataExport:
    """Ask for an archive; asking while one is made is asking once. The caller commits."""
    db.session.refresh(person, with_for_update={"of": Person})
    row = latest(person)
    if row is not None and row.stage in UNDER_WAY:
        return row
    row = DataExport(person=person)
    db.session.add(row)
    db.session.flush()
    events.publish("data_export.asked", id=row.id)
    return row


def latest(person: Person) -> DataExport | None:
    """The archive that a person asked for last, until it is removed."""
    query = select(DataExport).where(
        DataExport.person_id == person.id,
        or_(DataExport.expires_at.is_(None), DataExport.expires_at > now()),
    )
    return db.session.scalars(query.order_by(DataExport.id.desc()).limit(1)).first()


def fetch(person: Person, number: int) -> bytes:
    """An archive of one's own that is ready.

    :raises NotFound: it is somebody else's, not ready, or its time is over.
    """
    query = select(DataExport.content).where(
        DataExport.id == number,
        DataExport.person_id == person.id,
        DataExport.stage == ExportStage.ready,
        DataExport.expires_at > now(),
    )
    content = db.session.scalar(query)
    if content is None:
        raise NotFound("not_found")
    return content


def make_next(words: Callable[[Person], Words]) -> bool:
    """Make one archive that waits, or whose worker has died; False when there is none."""
    with transaction():
        claim = _claim(now())
    if claim is None:
        return False
    try:
        content = _make(claim, words)
        with transaction():
            _settle(claim, content)
    except Conflict:
        pass  # our claim ran out and another worker has it, or nobody wants it: its word counts
    return True


def purge(*, now: datetime) -> int:
    """Remove archives whose time is over. The caller commits."""
    return touched(delete(DataExport).where(DataExport.expires_at < now))


@dataclass
class _Claim:
    number: int
    person_id: int
    until: datetime


def _claim(at: datetime) -> _Claim | None:
    dead = and_(DataExport.stage == ExportStage.making, DataExport.claimed_until < at)
    query = select(DataExport).where(or_(DataExport.stage == ExportStage.waiting, dead))
    first = query.order_by(DataExport.id).limit(1).with_for_update(skip_locked=True)
    row = db.session.scalars(first).first()
    if row is None:
        return None
    if row.attempts >= TRIES:
        row.stage, row.expires_at = ExportStage.failed, at + KEPT_EXPORTS
        return None
    row.stage, row.tables_done, row.tables_total = ExportStage.making, 0, len(_tables())
    row.attempts += 1
    row.claimed_until = at + LEASE
    return _Claim(row.id, row.person_id, row.claimed_until)


def _held(claim: _Claim) -> DataExport:
    row = db.session.get(
        DataExport, claim.number, with_for_update={"of": DataExport}, populate_existing=True
    )
    if row is None or row.stage != ExportStage.making or row.claimed_until != claim.until:
        raise Conflict("moved_on")
    return row


def _make(claim: _Claim, words: Callable[[Person], Words]) -> bytes:
    rows: dict[str, Any] = {}
    for first in range(0, len(_tables()), STEP):
        some = _tables()[first : first + STEP]
        with read_only():
            rows |= rows_in(some, db.session.get_one(Person, claim.person_id))
            db.session.rollback()
        with transaction():
            row = _held(claim)
            row.tables_done = first + len(some)
            claim.until = row.claimed_until = now() + LEASE
    with read_only():
        person = db.session.get_one(Person, claim.person_id)
        found = select(Photo.id, Photo.data).where(named(person.email)).order_by(Photo.id)
        pictures = [(f"{number}.jpg", data) for number, data in db.session.execute(found)]
        made = archive(whole(person, rows, now=now()), pictures, words(person))
        db.session.rollback()
    return made


def _settle(claim: _Claim, content: bytes) -> None:
    row = _held(claim)
    row.stage, row.content, row.size = ExportStage.ready, content, len(content)
    row.claimed_until, row.expires_at = None, now() + KEPT_EXPORTS
    facts = {"due_on": row.expires_at.date()}
    write("data_ready", row.person, facts=facts, link="/account/privacy#data")
    db.session.flush()


def _tables() -> list[Table]:
    return Base.metadata.sorted_tables

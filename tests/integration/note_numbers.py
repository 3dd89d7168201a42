"""Processes that publish notes at the same moment, and what came of it.

python -m tests.integration.note_numbers DATABASE VAR PROCESSES EACH
"""

import json
import os
import sys

from sqlalchemy import select

from exchange.extensions import Base, db
from exchange.lessons import actions
from exchange.lessons.models import Note
from exchange.transaction import transaction
from tests.benchmarks.matching.holds import application
from tests.factories import lessons
from workflows.engine import TransitionRefused
from workflows.note import NoteState


class TakenBack(Exception):
    """Somebody thought better of it after the number was given."""


def make(count: int) -> list[int]:
    """Notes in review; the last of them lacks the road map without which nothing comes out."""
    Base.metadata.create_all(db.engine)
    for number in range(count + 1):
        story = lessons.evaluated()
        note = lessons.written(story)
        if number < count:
            lessons.road_map(story)
        actions.advance_note(note, "submit", actor=None)
        db.session.commit()
    ids = list(db.session.scalars(select(Note.id).order_by(Note.id)))
    db.session.remove()
    # Each process has connections of its own: none is handed down.
    db.engine.dispose()
    return ids


def publish(waiting: list[int], refused: int) -> dict[str, int]:
    """Publish notes, each after it was taken back once and another was refused; count that."""
    counts = {"taken_back": 0, "refused": 0, "published": 0}
    for note_id in waiting:
        for deed in counts:
            try:
                with transaction():
                    note = db.session.get_one(Note, refused if deed == "refused" else note_id)
                    actions.advance_note(note, "publish", actor=None)
                    if deed == "taken_back":
                        raise TakenBack
                happened = "published"
            except TakenBack:
                happened = "taken_back"
            except TransitionRefused:
                happened = "refused"
            counts[happened] += 1
    return counts


def begun(waiting: list[int], refused: int, *, after: int) -> tuple[int, int]:
    """A process with its share, which waits for the word to go; its number and where it answers."""
    answer, told = os.pipe()
    child = os.fork()
    if child:
        os.close(told)
        return child, answer
    os.read(after, 1)
    with os.fdopen(told, "w") as out:
        json.dump(publish(waiting, refused), out)
    db.session.remove()
    db.engine.dispose()
    os._exit(0)


def together(waiting: list[int], refused: int, processes: int) -> list[dict[str, int]]:
    """Begin the processes, let them go at one moment, and gather what each counted."""
    after, go = os.pipe()
    shares = [waiting[first::processes] for first in range(processes)]
    running = [begun(share, refused, after=after) for share in shares]
    os.write(go, b"." * processes)
    counts = []
    for child, answer in running:
        with os.fdopen(answer) as told:
            counts.append(json.loads(told.read() or "{}"))
        os.waitpid(child, 0)
    return counts


def numbers() -> list[int | None]:
    """The numbers of what came out, in their order."""
    query = select(Note.number).where(Note.state == NoteState.published).order_by(Note.number)
    return list(db.session.scalars(query))


def main() -> None:
    """The command line."""
    url, var, processes, each = sys.argv[1:]
    with application(url, var):
        *waiting, refused = make(int(processes) * int(each))
        counts = together(waiting, refused, int(processes))
        print(json.dumps({"counts": counts, "numbers": numbers()}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()

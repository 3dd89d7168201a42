"""Going through an import, for the worker and for the command line.

How progress is seen while all or nothing is loaded: the long part is reading and checking, which
holds no transaction; after each 250 rows a short one of its own writes how far it is, and any
other connection reads that. Then all rows and the word "loaded" are committed together, within
seconds. It is the same on SQLite, where one transaction writes at a time, and on PostgreSQL.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from exchange import policy
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Conflict, DomainError, Invalid
from exchange.extensions import db
from exchange.spreadsheets import actions
from exchange.spreadsheets.actions import Claim
from exchange.spreadsheets.checking import Checked, Progress, Sheet, check
from exchange.spreadsheets.known import Terms, Words, known_for
from exchange.spreadsheets.loading import Counts, at_column, load, try_changes
from exchange.spreadsheets.models import Import, ImportStage
from exchange.spreadsheets.reading import read_table
from exchange.transaction import read_only, transaction


def check_file(
    path: Path, sheet: Sheet, words: Words, *, actor: Person, progress: Progress
) -> tuple[Checked, Terms]:
    """Check a file; nothing is saved, and nothing is locked while it is read.

    :raises Invalid: the file cannot be read at all.
    """
    actor_id = actor.id
    with read_only():
        known = known_for(sheet.noun, actor, words)
        db.session.rollback()
    checked = check(read_table(path), sheet, known, progress)
    if not checked.problems:
        try_changes(sheet.noun, checked, actor=db.session.get_one(Person, actor_id))
    return checked, known.terms


def load_file(
    path: Path, sheet: Sheet, words: Words, *, actor: Person, progress: Progress
) -> tuple[Checked, Counts]:
    """Check a file and, when it is clean, load all of it in one transaction.

    :raises Invalid: the file cannot be read, or a row can no longer be changed as it says.
    """
    actor_id = actor.id
    checked, terms = check_file(path, sheet, words, actor=actor, progress=progress)
    if checked.problems:
        return checked, Counts()
    with transaction():
        person = db.session.get_one(Person, actor_id)
        return checked, load(sheet.noun, checked, terms, actor=person)


def run_next(folder: Path, words: Words) -> bool:
    """Take one import a stage further; False when none waits.

    A worker that dies on the way leaves a claim that runs out, and nothing else.
    """
    with transaction():
        claim = actions.claim_next(now())
    if claim is None:
        return False
    try:
        _go_through(claim, folder, words)
    except Conflict:
        return True  # our claim ran out and another worker has it: its word counts
    except Invalid as wrong:
        with transaction():
            actions.refuse(claim, wrong)
    except IntegrityError:
        with transaction():  # somebody saved the same key since the check: look again
            actions.give_back(claim)
    _forget_file(claim, folder)
    return True


def _go_through(claim: Claim, folder: Path, words: Words) -> None:
    row = db.session.get_one(Import, claim.import_id)
    path, sheet = folder / row.stored_as, Sheet(row.noun, row.organisation_id)
    actor = _actor(row)
    if not path.exists():
        raise Invalid("file", "file_gone")
    db.session.rollback()
    progress = _progress(claim)
    checked, terms = check_file(path, sheet, words, actor=actor, progress=progress)
    if checked.problems or claim.stage == ImportStage.checking:
        with transaction():
            actions.settle_check(claim, checked)
        return
    try:
        with transaction():
            actions.held(claim)
            actor = db.session.get_one(Person, actor.id)
            counts = load(sheet.noun, checked, terms, actor=actor)
            actions.settle_load(claim, checked, counts)
    except DomainError as wrong:
        if isinstance(wrong, Conflict):
            raise
        raise at_column(sheet.noun, wrong) from wrong


def _actor(row: Import) -> Person:
    actor = row.person
    if actor is None or actor.disabled_at or not policy.allowed(actor, "import.create"):
        raise Invalid("file", "uploader_gone")
    return actor


def _progress(claim: Claim) -> Callable[[int], None]:
    def note(done: int) -> None:
        with transaction():
            actions.go_on(claim, done, at=now())

    return note


def _forget_file(claim: Claim, folder: Path) -> None:
    """What is loaded or refused is read no more."""
    row = db.session.get(Import, claim.import_id)
    if row is not None and row.stage in (ImportStage.loaded, ImportStage.refused):
        (folder / row.stored_as).unlink(missing_ok=True)
    db.session.rollback()

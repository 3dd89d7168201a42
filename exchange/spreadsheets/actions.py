"""What happens to imports: uploaded, claimed, checked, loaded. The caller commits."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from exchange import events, steps
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.predicates import staff
from exchange.spreadsheets.checking import Checked, problem
from exchange.spreadsheets.loading import Counts
from exchange.spreadsheets.models import Import, ImportStage
from exchange.spreadsheets.queries import to_claim

# How we read a file, by the end of its name.
SUFFIXES = {".csv": ".csv", ".txt": ".csv", ".tsv": ".csv", ".xlsx": ".xlsx"}
# A worker that is silent for so long is dead: the next one starts again.
LEASE = timedelta(minutes=5)


@dataclass
class Claim:
    """A worker's hold on an import: good until ``until``, and for that worker alone."""

    import_id: int
    stage: ImportStage
    until: datetime


def folder_in(var: Path) -> Path:
    """Where uploaded files wait, made when it is not there."""
    folder = var / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep_file(folder: Path, file_name: str, content: bytes) -> str:
    """Put an uploaded file aside under a name of ours, and return that name.

    :raises Invalid: ``not_a_table``, the end of its name is none we read; ``no_rows``, it is empty.
    """
    suffix = SUFFIXES.get(Path(file_name).suffix.lower())
    if suffix is None:
        raise Invalid("file", "not_a_table")
    if not content:
        raise Invalid("file", "no_rows")
    stored_as = f"{secrets.token_hex(16)}{suffix}"
    (folder / stored_as).write_bytes(content)
    return stored_as


def begin(data: Mapping[str, Any], stored_as: str, *, actor: Person) -> Import:
    """Note an upload; the worker checks it.

    :param data: ``noun``, ``file_name``, ``size`` in bytes, and perhaps ``organisation_id`` (whose
        rows they are when a row does not say) and ``load_wanted`` (load as soon as the check is
        clean).
    :raises Invalid: ``not_yours``, the actor does not speak for that organisation.
    """
    organisation_id = data.get("organisation_id")
    if organisation_id and not staff(actor, None) and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    row = Import(
        noun=data["noun"],
        file_name=data["file_name"][-200:],
        stored_as=stored_as,
        size=data.get("size", 0),
        person=actor,
        organisation_id=organisation_id,
        load_wanted=data.get("load_wanted", False),
    )
    db.session.add(row)
    db.session.flush()
    events.publish("import.uploaded", id=row.id)
    return row


def want_load(row: Import) -> None:
    """Ask for the load of a sheet whose check was clean; asking twice is asking once.

    :raises Conflict: ``not_checked``, it is not checked yet, or its check found problems.
    """
    steps.lock(row)
    if row.load_wanted and row.stage in (ImportStage.loading, ImportStage.loaded):
        return
    if row.stage != ImportStage.checked:
        raise Conflict("not_checked")
    row.load_wanted = True
    db.session.flush()
    events.publish("import.load_wanted", id=row.id)


def check_again(row: Import) -> None:
    """Check a refused sheet anew: what it names may be there by now.

    :raises Conflict: ``moved_on``, it is not refused any longer.
    """
    steps.lock(row)
    if row.stage != ImportStage.refused:
        raise Conflict("moved_on", state=str(row.stage), expected=str(ImportStage.refused))
    row.stage, row.problems, row.rows_done = ImportStage.waiting, [], 0
    db.session.flush()
    events.publish("import.uploaded", id=row.id)


def claim_next(at: datetime) -> Claim | None:
    """Take the next import that waits, or whose worker died half-way; None when there is none."""
    row: Import | None = db.session.scalars(to_claim(at)).first()
    if row is None:
        return None
    goes_on = row.stage in (ImportStage.checked, ImportStage.loading)
    row.stage = ImportStage.loading if goes_on else ImportStage.checking
    row.rows_done = 0
    row.claimed_until = at + LEASE
    db.session.flush()
    return Claim(row.id, row.stage, row.claimed_until)


def go_on(claim: Claim, done: int, *, at: datetime) -> None:
    """Note how far the work is, and hold the claim for longer.

    :raises Conflict: ``moved_on``, the claim ran out and another worker has it.
    """
    row = held(claim)
    row.rows_done = done
    row.rows_total = max(row.rows_total, done)
    claim.until = row.claimed_until = at + LEASE
    db.session.flush()


def held(claim: Claim) -> Import:
    """The import of a claim, locked.

    :raises Conflict: ``moved_on``, the claim ran out and another worker has it.
    """
    row = db.session.get(
        Import, claim.import_id, with_for_update={"of": Import}, populate_existing=True
    )
    if row is None or row.stage != claim.stage or row.claimed_until != claim.until:
        raise Conflict("moved_on")
    return row


def settle_check(claim: Claim, checked: Checked) -> None:
    """Write down what a check found: clean, or refused with its problems."""
    row = held(claim)
    row.stage = ImportStage.refused if checked.problems else ImportStage.checked
    row.problems = checked.problems
    row.rows_total = row.rows_done = checked.total
    row.created_count = sum(1 for one in checked.rows if one.row_id is None)
    row.updated_count = len(checked.rows) - row.created_count
    row.claimed_until = None
    db.session.flush()
    events.publish(f"import.{row.stage}", id=row.id)


def settle_load(claim: Claim, checked: Checked, counts: Counts) -> None:
    """Write down that all rows are there; in the transaction that loads them."""
    row = held(claim)
    row.stage = ImportStage.loaded
    row.rows_total = row.rows_done = checked.total
    row.created_count, row.updated_count = counts.created, counts.updated
    row.claimed_until = None
    db.session.flush()
    events.publish("import.loaded", id=row.id)


def refuse(claim: Claim, wrong: Invalid) -> None:
    """Refuse a file as a whole."""
    row = held(claim)
    row.stage = ImportStage.refused
    row.problems = [problem(0, wrong.field, wrong.code, wrong.facts)]
    row.claimed_until = None
    db.session.flush()
    events.publish("import.refused", id=row.id)


def give_back(claim: Claim) -> None:
    """Let the next sweep try again, at once."""
    row = held(claim)
    row.claimed_until = None
    row.stage = ImportStage.checked
    db.session.flush()

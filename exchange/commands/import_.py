"""exchange import"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from exchange.commands.context import with_app
from exchange.directory.models import Person, StaffRole
from exchange.extensions import db
from exchange.labels.errors import ERRORS
from exchange.labels.understood import understood
from exchange.spreadsheets import keep as keep_eu
from exchange.spreadsheets.checking import Checked, Progress, Sheet
from exchange.spreadsheets.headings import HEADINGS, heading
from exchange.spreadsheets.models import ImportNoun
from exchange.spreadsheets.reading import read_table
from exchange.spreadsheets.run import check_file, load_file

NOUNS = (*ImportNoun, "keep")


@click.command("import")
@click.argument("noun", type=click.Choice([str(noun) for noun in NOUNS]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say what is wrong; save nothing.")
@click.option("--as", "email", metavar="EMAIL", help="In whose name; else an administrator's.")
@click.option("--publish", is_flag=True, help="Publish the needs and offers of keep.eu at once.")
@with_app
def import_(noun: str, file: Path, check: bool, email: str | None, publish: bool) -> None:
    """Import a CSV or XLSX file: all of it or, when a row is wrong, nothing.

    NOUN is "organisations", "needs", "offers" or "exchanges" with headings in English, French or
    Spanish; or "keep": projects of keep.eu as JSON, read as needs and offers of their partners.
    """
    actor = _actor(email)
    if noun == "keep":
        _keep(file, actor, publish=publish)
        return
    if publish:
        raise click.UsageError("--publish goes with keep; other sheets bring drafts")
    sheet, words = Sheet(ImportNoun(noun)), understood()
    with _bar(sum(1 for _line in read_table(file)) - 1) as progress:
        if check:
            checked, counts = (
                check_file(file, sheet, words, actor=actor, progress=progress)[0],
                None,
            )
        else:
            checked, counts = load_file(file, sheet, words, actor=actor, progress=progress)
    _say_problems(checked)
    if counts is None:
        click.echo(f"{checked.total} rows are in order; nothing was saved.")
    else:
        click.echo(
            f"{counts.created} created, {counts.updated} changed, {counts.unchanged} as they were."
        )


def _actor(email: str | None) -> Person:
    query = select(Person).where(Person.disabled_at.is_(None)).order_by(Person.id)
    if email:
        query = query.where(Person.email == email.lower())
    else:
        query = query.where(Person.staff_role == StaffRole.administrator)
    person = db.session.scalars(query).first()
    if person is None:
        raise click.UsageError("say in whose name, with --as and the address of somebody known")
    return person


@contextmanager
def _bar(total: int) -> Iterator[Progress]:
    stream = sys.stderr
    bar: Any
    with click.progressbar(length=max(total, 0), label="Checking", file=stream) as bar:

        def show(done: int) -> None:
            bar.update(done - bar.pos)

        yield show


def _say_problems(checked: Checked) -> None:
    for one in checked.problems:
        name = one["column"]
        column = heading(name, "en") if name in HEADINGS else name
        said = str(ERRORS[one["code"]]) % one["facts"]
        click.echo(f"row {one['row']}, {column}: {said}", err=True)
    if checked.problems:
        raise click.ClickException(f"{len(checked.problems)} problems; nothing was saved.")


def _keep(file: Path, actor: Person, *, publish: bool) -> None:
    projects = keep_eu.read_projects(file)
    with _bar(len(projects)) as progress:
        done = keep_eu.load_projects(projects, actor=actor, publish=publish, progress=progress)
    for noun, counts in done.items():
        click.echo(f"{noun}: {counts.created} created, {counts.updated} changed")

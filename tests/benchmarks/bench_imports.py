"""How fast a sheet comes in, beside the bare inserts of the same rows on the same machine."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from exchange.catalogue.models import Need, Offer, need_terms
from exchange.directory.models import Organisation
from exchange.extensions import db
from exchange.labels.understood import understood
from exchange.spreadsheets import keep, run
from exchange.spreadsheets.checking import Sheet
from exchange.spreadsheets.models import ImportNoun
from tests import factories

# ruff: noqa: T201  (a benchmark prints)
pytestmark = pytest.mark.slow

KEEP = Path("/work/shared/data/keep/projects_local_gov.json")
ROWS = 10_000


def timed(action):
    begun = time.perf_counter()
    result = action()
    return time.perf_counter() - begun, result


def bare(*tables):
    """Seconds to insert the rows that these tables hold now once more, after deleting them."""
    kept = []
    for table in tables:
        rows = [dict(row) for row in db.session.execute(select(table)).mappings()]
        kept.append((table, rows))
    for table, _rows in reversed(kept):
        db.session.execute(delete(table))
    db.session.commit()

    def again():
        for table, rows in kept:
            if rows:
                db.session.execute(insert(table), rows)
        db.session.commit()

    return timed(again)[0]


def say(name, rows, seconds, plain):
    print(
        f"\n{name}: {rows} rows, import {rows / seconds:.0f} rows/s, bare inserts "
        f"{rows / plain:.0f} rows/s, ratio {plain / seconds:.3f}"
    )


def test_ten_thousand_needs(app, tmp_path):
    factories.organisation("Nampula", external_id="nam")
    officer = factories.officer()
    file = tmp_path / "needs.csv"
    lines = (f"k{i};nam;Besoin {i};français;mobility|health;31/01/2026\n" for i in range(ROWS))
    file.write_text("Clé;Organisation;Titre;Langue;Thèmes;Du\n" + "".join(lines), encoding="utf-8")
    told = []
    words, sheet = understood(), Sheet(ImportNoun.needs)
    seconds, (checked, counts) = timed(
        lambda: run.load_file(file, sheet, words, actor=officer, progress=told.append)
    )
    assert (checked.problems, counts.created, told[-1]) == ([], ROWS, ROWS)
    say("needs", ROWS, seconds, bare(Need.__table__, need_terms))
    assert db.session.query(Need).count() == ROWS
    assert timedelta(seconds=seconds) < timedelta(minutes=2)


@pytest.mark.skipif(not KEEP.exists(), reason="the projects of keep.eu are not on this machine")
def test_383_projects_of_keep(app):
    officer = factories.officer()
    projects = keep.read_projects(KEEP)
    seconds, done = timed(lambda: keep.load_projects(projects, actor=officer))
    rows = sum(counts.created for counts in done.values())
    assert len(projects) == done[ImportNoun.offers].created == 383
    tables = (Organisation.__table__, Need.__table__, Offer.__table__, need_terms)
    offer_terms = Offer.terms.property.secondary
    say("keep", rows, seconds, bare(*tables, offer_terms))
    again, done = timed(lambda: keep.load_projects(projects, actor=officer))
    assert sum(counts.unchanged for counts in done.values()) == rows
    print(f"keep again, nothing changed: {rows / again:.0f} rows/s")

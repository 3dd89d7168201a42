"""The search of the observatory over 50,000 practices in four languages, beside a plain LIKE.

The texts are sentences of real projects (keep.eu, with credit), put together anew. The page asks
for 25 rows, their number and every facet's counts; LIKE for 25 rows and their number, and forgives
neither accents nor plurals. SQLite, and PostgreSQL with ``TEST_DATABASE_URL``.
"""

import random
import re

import pytest
from sqlalchemy import func, insert, or_, select, text

from exchange.clock import now
from exchange.extensions import db
from exchange.practices import queries
from exchange.practices.models import Practice, PracticeText, practice_terms
from exchange.practices.words import joined
from exchange.vocabularies.models import Term
from tests.benchmarks import keep
from tests.benchmarks.figures import seconds, tell
from workflows.practice import PracticeState

# ruff: noqa: T201  (a benchmark prints)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PRACTICES, AT_ONCE = 50_000, 5_000
LANGUAGES = ("en", "fr", "es", "pt")
# What people look for: a rare word, a usual one, two words.
ASKED = (("fr", "pêcheurs"), ("es", "ciudad"), ("en", "climate change"))


def sentences() -> dict[str, list[str]]:
    """Sentences of the projects by language."""
    found: dict[str, list[str]] = {code: [] for code in LANGUAGES}
    for project in keep.projects():
        for code in LANGUAGES:
            told = project["description"].get(code, "")
            found[code] += [one for one in re.split(r"(?<=[.;])\s+", told) if len(one) > 40]
    return found


def write_practices() -> None:
    """50,000 published practices, each with a theme, a goal and a country."""
    dice, pool = random.Random(7), sentences()  # noqa: S311 - the same texts in every run
    terms = {
        name: list(db.session.scalars(select(Term.id).where(Term.vocabulary == name)))
        for name in ("theme", "sdg_goal")
    }
    facts = {"source_url": "", "credit": "", "demo": False, "version_id": 1}
    facts |= {"created_at": now(), "updated_at": now(), "state_since": now()}
    for first in range(1, PRACTICES + 1, AT_ONCE):
        rows, texts, tags = [], [], []
        for row_id in range(first, first + AT_ONCE):
            code = LANGUAGES[row_id % 4]
            row = {"id": row_id, "language": code, "published_at": now(), **facts}
            row |= {"state": PracticeState.published, "size": "small"}
            rows.append({**row, "country_code": dice.choice(("MZ", "BR", "FR", "ES", "ID"))})
            told = dice.sample(pool[code], 4)
            title = " ".join(told[0].split()[:9])[:200]
            text_row = {"practice_id": row_id, "language": code, "title": title}
            text_row |= {"summary": told[1], "text": " ".join(told[2:])}
            text_row |= {"heading": joined((title,), code), "words": joined(told[1:], code)}
            texts.append({**text_row, "created_at": now(), "updated_at": now()})
            chosen = [dice.choice(of_kind) for of_kind in terms.values()]
            tags += [{"practice_id": row_id, "term_id": term_id} for term_id in chosen]
        db.session.execute(insert(Practice), rows)
        db.session.execute(insert(PracticeText), texts)
        db.session.execute(insert(practice_terms), tags)
        db.session.commit()


@pytest.fixture
def observatory(app) -> None:
    if not keep.projects():
        pytest.skip(keep.ABSENT)
    write_practices()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def published():
    return select(Practice).where(Practice.state == PracticeState.published)


def plainly(words: str) -> int:
    """25 rows and their number, by LIKE over title, summary and text."""
    query = published().join(PracticeText)
    for word in words.split():
        columns = (PracticeText.title, PracticeText.summary, PracticeText.text)
        query = query.where(or_(*(column.icontains(word) for column in columns)))
    db.session.execute(query.order_by(Practice.published_at.desc()).limit(25)).all()
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def hits_alone(words: str, language: str) -> int:
    """The same by the index: 25 rows and their number, without the facets."""
    hits = queries.hits(words, language)
    assert hits is not None
    query = published().join(hits, hits.c.id == Practice.id)
    db.session.execute(query.order_by(hits.c.rank).limit(25)).all()
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def test_it_is_faster_than_like_and_finds_more(observatory):
    print(f"\n{PRACTICES} practices on {db.engine.dialect.name}")
    for language, words in ASKED:
        whole, alone, like = seconds(
            lambda words=words, language=language: queries.find(
                published(), {"q": words}, language
            ),
            lambda words=words, language=language: hits_alone(words, language),
            lambda words=words: plainly(words),
            rounds=3,
        )
        found, by_like = hits_alone(words, language), plainly(words)
        tell(f"“{words}”: {found} found", ("rows and number", alone), ("LIKE", like))
        tell(f"“{words}”: LIKE finds {by_like}", ("page with facets", whole), ("LIKE", like))
        assert found
    page = seconds(lambda: queries.find(published(), {}, "en"), rounds=3)[0]
    print(f"\nthe first page without words, with facets: {page * 1e3:.0f} ms")

"""Taking in the records of an observatory: again and again, never twice. The caller commits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from exchange import events
from exchange.clock import now
from exchange.config import LABEL_LANGUAGES
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.listing import folded
from exchange.outgoing import Unreachable
from exchange.practices import actions
from exchange.practices.dublin_core import DublinCore, Unreadable, read
from exchange.practices.fetching import fetch, records_at
from exchange.practices.models import Observatory, Practice
from exchange.vocabularies.models import Term
from workflows.practice import PracticeState

MOST_ANSWERS = 20
TITLE, SUMMARY = 200, 2000
TAGS = ("theme", "sdg_goal", "agenda")
UNKNOWN_LANGUAGE = "en"


@dataclass
class Harvest:
    """What became of the records of one harvest."""

    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    left_out: int = field(default=0, metadata={"why": "no title, or gone before it came"})

    @property
    def taken(self) -> int:
        """How many records were read."""
        return self.new + self.changed + self.same + self.withdrawn + self.left_out


def download(address: str, get: Callable[[str], bytes] = fetch) -> list[DublinCore]:
    """The records at the address of an observatory, answer after answer.

    :raises Invalid: ``no_harvest_url``, there is no address; ``harvest_unreadable``, it gives
        nothing that can be read, and its ``reason`` (``HarvestProblem``).
    """
    if not address:
        raise Invalid("records", "no_harvest_url")
    found: list[DublinCore] = []
    token = ""
    for _answer in range(MOST_ANSWERS):
        try:
            batch = read(get(records_at(address, token)))
        except (Unreachable, Unreadable) as problem:
            raise Invalid("records", "harvest_unreadable", reason=str(problem.args[0])) from None
        found += batch.records
        token = batch.token
        if not token:
            break
    return found


def records_of(text: str) -> list[DublinCore]:
    """The records of a file.

    :raises Invalid: it cannot be read.
    """
    try:
        return read(text.encode()).records
    except Unreadable as problem:
        raise Invalid("records", "harvest_unreadable", reason=str(problem.args[0])) from None


def take_in(
    observatory: Observatory, records: Iterable[DublinCore], *, actor: Person | None
) -> Harvest:
    """Write the records as practices: new ones are proposed (published, when the observatory is
    trusted), known ones follow their source, those it deleted are withdrawn."""
    done = Harvest()
    known = _known(observatory)
    terms, countries = _terms(), _countries()
    for record in records:
        practice = known.get(record.identifier)
        if record.deleted or not record.first("title"):
            _gone(practice, record, actor, done)
            continue
        if practice is None:
            practice = Practice(observatory=observatory, external_id=record.identifier)
            known[record.identifier] = practice
            db.session.add(practice)
            done.new += 1
            _write(practice, record, terms, countries)
            db.session.flush()
            _offer(practice, observatory, actor)
        elif practice.state == PracticeState.withdrawn:
            done.left_out += 1
        elif _write(practice, record, terms, countries):
            practice.updated_at = now()
            done.changed += 1
        else:
            done.same += 1
    observatory.harvested_at = observatory.tried_at = now()
    observatory.harvested, observatory.problem = asdict(done), None
    db.session.flush()
    events.publish("observatory.harvest", id=observatory.id)
    return done


def _known(observatory: Observatory) -> dict[str, Practice]:
    query = select(Practice).where(Practice.observatory_id == observatory.id)
    query = query.options(selectinload(Practice.texts), selectinload(Practice.terms))
    return {str(one.external_id): one for one in db.session.scalars(query)}


def _gone(
    practice: Practice | None, record: DublinCore, actor: Person | None, done: Harvest
) -> None:
    if practice is None or not record.deleted or practice.state == PracticeState.withdrawn:
        done.left_out += 1
        return
    actions.advance_practice(practice, "withdraw", actor=actor, note="✗ OAI-PMH")
    done.withdrawn += 1


def _offer(practice: Practice, observatory: Observatory, actor: Person | None) -> None:
    actions.advance_practice(practice, "propose", actor=actor)
    if observatory.trusted:
        actions.advance_practice(practice, "publish", actor=actor)


def _write(
    practice: Practice,
    record: DublinCore,
    terms: Mapping[str, Term],
    countries: Mapping[str, str],
) -> bool:
    """Write what a record says; whether anything is another than before."""
    before = _face(practice)
    usual = record.first("language").lower()[:2] or UNKNOWN_LANGUAGE
    titles = record.by_language("title", usual)
    told = record.by_language("description", usual)
    practice.language = usual if usual in titles else next(iter(titles))
    for code, title in titles.items():
        text = told.get(code, "")
        short = text.partition("\n\n")[0][:SUMMARY] or title
        words = {"title": title.partition("\n\n")[0][:TITLE], "summary": short, "text": text}
        actions.write(practice, code, words)
    for one in practice.texts:
        if one.language not in titles:
            practice.texts.remove(one)
    subjects = [folded(one.text) for one in record.fields.get("subject", ())]
    practice.terms = list({t.id: t for s in subjects if (t := terms.get(s))}.values())
    places = [folded(one.text) for one in record.fields.get("coverage", ())]
    practice.country_code = next((countries[one] for one in places if one in countries), None)
    practice.credit = record.first("creator")[:300]
    links = [one.text for one in record.fields.get("identifier", ())]
    practice.source_url = next((u[:500] for u in links if u.startswith("https://")), "")
    return _face(practice) != before


def _face(practice: Practice) -> Any:
    texts = sorted((t.language, t.title, t.summary, t.text) for t in practice.texts)
    tags = sorted(term.id for term in practice.terms)
    return texts, tags, practice.country_code, practice.credit, practice.source_url


def _terms() -> dict[str, Term]:
    """The terms that a subject can mean: by code, by "SDG 11", by their words in any language."""
    found: dict[str, Term] = {}
    for term in db.session.scalars(select(Term).where(Term.vocabulary.in_(TAGS))):
        names = [*term.labels.values()]
        names += [f"SDG {term.code}", f"ODS {term.code}", f"ODD {term.code}"]
        if term.vocabulary != "sdg_goal":
            names = [term.code, *term.labels.values()]
        for name in names:
            found.setdefault(folded(name), term)
    return found


def _countries() -> dict[str, str]:
    """Codes by the names of countries in every language, and by themselves."""
    found: dict[str, str] = {}
    for language in LABEL_LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(folded(name), code)
                found.setdefault(code.lower(), code)
    return found

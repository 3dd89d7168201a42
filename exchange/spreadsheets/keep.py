"""Projects of keep.eu, the database of the European cooperation programmes, as needs and offers.

The lead partner of a project has something to show: its offer. Each other local government came to
learn: a need of its own. keep.eu lets its data be reused with credit (www.keep.eu).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from exchange.catalogue import actions as catalogue
from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Organisation, OrganisationKind, Person
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.listing import folded
from exchange.spreadsheets.checking import Checked, Progress, Row
from exchange.spreadsheets.known import Terms, read_terms
from exchange.spreadsheets.loading import Counts, load
from exchange.spreadsheets.models import ImportNoun
from exchange.transaction import transaction
from exchange.vocabularies.models import Term
from workflows.need import NeedState
from workflows.offer import OfferState

Project = dict[str, Any]
EVERY = 50

# theme of keep.eu → ours
THEMES: dict[str, str] = {
    "Agriculture and fisheries and forestry": "food-systems",
    "Climate change and biodiversity": "biodiversity-ecosystems",
    "Clustering and economic cooperation": "local-economy-decent-work",
    "Coastal management and maritime issues": "biodiversity-ecosystems",
    "Community integration and common identity": "migration-citizenship",
    "Construction and renovation": "housing-slum-upgrading",
    "Cooperation between emergency services": "resilience-adaptation",
    "Cultural heritage and arts": "culture-heritage",
    "Demographic change and immigration": "migration-citizenship",
    "Education and training": "public-services",
    "Energy efficiency": "energy-mitigation",
    "Evaluation systems and results": "open-government",
    "Governance, partnership": "multilevel-cooperation",
    "Green technologies": "energy-mitigation",
    "Health and social services": "health",
    "ICT and digital society": "digital-data",
    "Improving transport connections": "mobility",
    "Infrastructure": "public-services",
    "Innovation capacity and awareness-raising": "local-economy-decent-work",
    "Institutional cooperation and cooperation networks": "multilevel-cooperation",
    "Knowledge and technology transfer": "local-economy-decent-work",
    "Labour market and employment": "local-economy-decent-work",
    "Logistics and freight transport": "mobility",
    "Managing natural and man-made threats, risk management": "resilience-adaptation",
    "Multimodal transport": "mobility",
    "New products and services": "local-economy-decent-work",
    "Regional planning and development": "strategic-planning",
    "Renewable energy": "energy-mitigation",
    "Rural and peripheral development": "intermediary-cities",
    "SME and entrepreneurship": "local-economy-decent-work",
    "Safety": "peace-safety",
    "Social inclusion and equal opportunities": "gender-care-accessibility",
    "Soil and air quality": "biodiversity-ecosystems",
    "Sustainable management of natural resources": "biodiversity-ecosystems",
    "Tourism": "culture-heritage",
    "Transport and mobility": "mobility",
    "Urban development": "strategic-planning",
    "Waste and pollution": "waste-circular-economy",
    "Water management": "water-sanitation",
    "Waterways, lakes and rivers": "water-sanitation",
}
# Every project is one of cooperation between governments.
OTHER_THEME = "multilevel-cooperation"
# The two countries that European programmes write in their own way (EU interinstitutional guide).
COUNTRIES = {"EL": "GR", "UK": "GB"}


@dataclass
class Sheets:
    """The rows of three sheets by key; a need and an offer name their organisation by its key."""

    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    needs: dict[str, dict[str, Any]] = field(default_factory=dict)
    offers: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_projects(path: Path) -> list[Project]:
    """The projects of a file.

    :raises Invalid: ``not_keep``, it is no list of projects with id, name and partners.
    """
    try:
        projects = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise Invalid("file", "not_keep") from problem
    if not isinstance(projects, list) or not all(
        isinstance(one, dict) and {"id", "name", "partners"} <= set(one) for one in projects
    ):
        raise Invalid("file", "not_keep")
    return projects


def load_projects(
    projects: list[Project],
    *,
    actor: Person,
    publish: bool = False,
    progress: Progress = lambda _done: None,
) -> dict[ImportNoun, Counts]:
    """Save organisations, needs and offers of ``projects`` in one transaction.

    Importing again changes what changed. With ``publish`` the drafts are published.
    """
    with transaction():
        terms = read_terms()
        sheets = to_sheets(projects, terms, _spoken(), progress)
        done = {ImportNoun.organisations: _load_organisations(sheets, terms, actor)}
        ids = _keys(Organisation, sheets.organisations)
        for noun, model in ((ImportNoun.needs, Need), (ImportNoun.offers, Offer)):
            done[noun] = _load_listings(noun, model, (sheets, ids), terms, actor)
        if publish:
            _publish(sheets, actor)
    return done


def to_sheets(
    projects: list[Project], terms: Terms, spoken: dict[str, list[str]], progress: Progress
) -> Sheets:
    """The three sheets of ``projects``.

    :param spoken: country → languages spoken there: in which a partner's text is taken.
    """
    sheets = Sheets()
    for done, project in enumerate(projects, 1):
        for partner in project["partners"]:
            _add(partner, project, sheets, (terms, spoken))
        if done % EVERY == 0 or done == len(projects):
            progress(done)
    return sheets


def _add(
    partner: dict[str, Any],
    project: Project,
    sheets: Sheets,
    world: tuple[Terms, dict[str, list[str]]],
) -> None:
    if not partner["lead"] and not partner["local_gov"]:
        return
    terms, spoken = world
    organisation = _organisation(partner, terms)
    key = str(organisation["external_id"])
    sheets.organisations.setdefault(key, organisation)
    words = _words(project, spoken.get(organisation["country_code"] or "", []), terms)
    mark = f"keep:{project['id']}:{key.rpartition(':')[2]}"
    into = sheets.offers if partner["lead"] else sheets.needs
    into.setdefault(mark, {**words, "external_id": mark, "organisation": key})


def _organisation(partner: dict[str, Any], terms: Terms) -> dict[str, Any]:
    name = " ".join(partner["name"].split())[:200]
    country = COUNTRIES.get(partner["country"], partner["country"])
    code = terms.of("country").get(folded(country))
    mark = sha256(f"{folded(name)}|{code}".encode()).hexdigest()[:16]
    kind = OrganisationKind.local_government if partner["local_gov"] else OrganisationKind.partner
    return {
        "external_id": f"keep:{mark}",
        "name": name,
        "kind": kind,
        "country_code": code,
        "languages": [],
    }


def _words(project: Project, spoken: list[str], terms: Terms) -> dict[str, Any]:
    texts = {code: text for code, text in project["description"].items() if text}
    language = next((code for code in spoken if code in texts), "en")
    themes = {THEMES.get(theme, OTHER_THEME) for theme in project.get("themes", ())}
    title = _titles(project, list(texts)).get(language) or project["name"]
    return {
        "title": title[:200],
        "text": texts.get(language, "")[:20_000],
        "language": language,
        "themes": sorted(themes or {OTHER_THEME}),
        "languages": [code for code in texts if ("language", code) in terms.ids],
    }


def _titles(project: Project, languages: list[str]) -> dict[str, str]:
    """The names of a project, by language: they stand in the order of its descriptions."""
    names = [project.get(name) or "" for name in ("name", "name_2", "name_3")]
    pairs = zip(languages, names, strict=False)
    return {language: name for language, name in pairs if name}


def _spoken() -> dict[str, list[str]]:
    query = select(Term.code, Term.facts).where(Term.vocabulary == "country")
    rows = db.session.execute(query).all()
    return {code: facts.get("languages", "").split() for code, facts in rows}


def _load_organisations(sheets: Sheets, terms: Terms, actor: Person) -> Counts:
    known = _keys(Organisation, sheets.organisations)
    rows = list(_rows(sheets.organisations, known))
    return load(ImportNoun.organisations, Checked(rows, total=len(rows)), terms, actor=actor)


def _load_listings(
    noun: ImportNoun,
    model: type[Need] | type[Offer],
    found: tuple[Sheets, dict[str, int]],
    terms: Terms,
    actor: Person,
) -> Counts:
    sheets, ids = found
    sheet: dict[str, dict[str, Any]] = getattr(sheets, noun)
    whose = {
        key: {
            **{k: v for k, v in facts.items() if k != "organisation"},
            "organisation_id": ids[facts["organisation"]],
        }
        for key, facts in sheet.items()
    }
    rows = list(_rows(whose, _keys(model, whose)))
    return load(noun, Checked(rows, total=len(rows)), terms, actor=actor)


def _rows(sheet: dict[str, dict[str, Any]], known: dict[str, int]) -> Iterator[Row]:
    for number, (key, facts) in enumerate(sheet.items(), 2):
        yield Row(number, key, known.get(key), dict(facts))


def _keys(model: Any, sheet: dict[str, dict[str, Any]]) -> dict[str, int]:
    query = select(model.external_id, model.id).where(model.external_id.startswith("keep:"))
    return {key: row_id for key, row_id in db.session.execute(query).all() if key in sheet}


def _publish(sheets: Sheets, actor: Person) -> None:
    for need_id in _keys(Need, sheets.needs).values():
        need = db.session.get_one(Need, need_id)
        if need.state == NeedState.draft:
            catalogue.advance_need(need, "publish", actor=actor)
    for offer_id in _keys(Offer, sheets.offers).values():
        offer = db.session.get_one(Offer, offer_id)
        if offer.state == OfferState.draft:
            catalogue.advance_offer(offer, "publish", actor=actor)

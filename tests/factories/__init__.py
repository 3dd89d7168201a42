"""Boring rows for tests: every argument has a default, everything can be said."""

import itertools
from datetime import date, datetime
from typing import Any

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import (
    Affiliation,
    Level,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    StaffRole,
)
from exchange.exchanges.models import Exchange, ExchangeKind, Partner, PartnerRole
from exchange.extensions import db
from exchange.forums.items import ForumItem, ItemKind
from exchange.forums.models import Forum
from exchange.listing import folded
from exchange.programmes.models import MatchingMode, Programme
from exchange.vocabularies.models import Term
from workflows.need import NeedState
from workflows.offer import OfferState

_numbers = itertools.count(1)


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def term(vocabulary: str, code: str) -> Term:
    """A term of the reference data; made when the code is new."""
    found = db.session.query(Term).filter_by(vocabulary=vocabulary, code=code).first()
    return found or _add(Term(vocabulary=vocabulary, code=code, labels={"en": code}))


def organisation(name: str = "", *, sections: tuple[str, ...] = (), **facts: Any) -> Organisation:
    """A city, unless ``kind`` says otherwise."""
    name = name or f"City {next(_numbers)}"
    facts.setdefault("kind", OrganisationKind.local_government)
    if facts["kind"] == OrganisationKind.local_government:
        facts.setdefault("level", Level.city)
    facts.setdefault("country_code", "MZ")
    row = Organisation(name=name, folded_name=folded(name), **facts)
    row.terms = [term("section", code) for code in sections]
    return _add(row)


def association(
    name: str = "", *, members: tuple[Organisation, ...] = (), **facts: Any
) -> Organisation:
    """An association of local governments with its members."""
    row = organisation(
        name or f"Association {next(_numbers)}", kind=OrganisationKind.association, **facts
    )
    for one in members:
        _add(Membership(member=one, body=row))
    return row


def person(
    name: str = "",
    *,
    of: Organisation | None = None,
    role: Role = Role.coordinator,
    **facts: Any,
) -> Person:
    """A person; with ``of``, a coordinator of that organisation."""
    number = next(_numbers)
    facts.setdefault("email", f"person{number}@example.org")
    row = Person(name=name or f"Person {number}", **facts)
    if of is not None:
        row.affiliations.append(Affiliation(organisation=of, role=role))
    return _add(row)


def officer(**facts: Any) -> Person:
    """An officer of the world secretariat."""
    return person(staff_role=StaffRole.officer, **facts)


def administrator(**facts: Any) -> Person:
    """An administrator."""
    return person(staff_role=StaffRole.administrator, **facts)


def section_officer(section: str = "AFRICA", **facts: Any) -> Person:
    """The officer of a section."""
    return person(staff_role=StaffRole.section_officer, section_code=section, **facts)


def _listing(model: Any, **facts: Any) -> Any:
    themes = facts.pop("themes", ("mobility",))
    languages = facts.pop("languages", ("en",))
    facts.setdefault("organisation", None)
    facts["organisation"] = facts["organisation"] or organisation()
    facts.setdefault("title", f"{model.__name__} {next(_numbers)}")
    facts.setdefault("text", "Buses that people can rely on.")
    facts.setdefault("language", "en")
    row = model(**facts)
    row.terms = [term("theme", c) for c in themes] + [term("language", c) for c in languages]
    return _add(row)


def programme(code: str = "", **facts: Any) -> Programme:
    """An open programme whose runs an officer reviews."""
    code = code or f"call-{next(_numbers)}"
    facts.setdefault("titles", {"en": f"Call {code}", "fr": f"Appel {code}"})
    facts.setdefault("mode", MatchingMode.review)
    return _add(Programme(code=code, **facts))


def need(**facts: Any) -> Need:
    """A published need, unless ``state`` says otherwise."""
    facts.setdefault("state", NeedState.published)
    return _listing(Need, **facts)


def offer(**facts: Any) -> Offer:
    """A published offer, unless ``state`` says otherwise."""
    facts.setdefault("state", OfferState.published)
    return _listing(Offer, **facts)


def exchange(
    *,
    host: Organisation | None = None,
    learner: Organisation | None = None,
    themes: tuple[str, ...] = ("mobility",),
    **facts: Any,
) -> Exchange:
    """An exchange with theme and purpose; ``host`` and ``learner`` are committed partners."""
    number = next(_numbers)
    facts.setdefault("reference", f"PX-2099-{number:04d}")
    facts.setdefault("title", f"Exchange {number}")
    facts.setdefault("purpose", "How to run buses that people can rely on.")
    facts.setdefault("kind", ExchangeKind.study_visit)
    facts.setdefault("language", "en")
    facts.setdefault("proposer", learner or organisation())
    row = Exchange(**facts)
    row.terms = [term("theme", code) for code in themes]
    for who, role in ((host, PartnerRole.host), (learner, PartnerRole.learner)):
        if who is not None:
            partner = Partner(organisation=who, role=role, committed_on=date(2026, 1, 1))
            row.partners.append(partner)
    return _add(row)


def forum_note(text: str, at: datetime | None = None, **facts: Any) -> ForumItem:
    """A challenge that somebody wrote down at a forum of its own."""
    day = date(2026, 11, 12)
    number = next(_numbers)
    forum = Forum(code=f"edition-{number}", titles={"en": "Learning Forum"}, place="Durban")
    forum.starts_on = forum.ends_on = day
    facts = {"kind": ItemKind.challenge, "language": "en", "key": f"note-{number}", **facts}
    return _add(ForumItem(forum=forum, text=text, state_since=at or now(), **facts))

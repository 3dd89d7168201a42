"""Three sets of rows, one of every noun in each, and the people who ask for them.

*own* belongs to the city of the member and of the coordinator; *foreign* to another city, far
enough along that members may know of it; *draft* to that other city, at its most private.
"""

import secrets
from datetime import time
from pathlib import Path
from typing import Any

from jinja2 import FunctionLoader

from exchange.accounts import actions as accounts
from exchange.accounts import joining
from exchange.accounts.actions import begin_sign_in
from exchange.accounts.models import ApiToken
from exchange.accounts.queries import hashed
from exchange.app import create_app
from exchange.clock import today
from exchange.config import load
from exchange.directory.models import Organisation, Person, Role
from exchange.extensions import Base, db
from exchange.lessons import follow_ups
from exchange.matching.core.configuration import Configuration
from exchange.visits.delegation import make_participant_link
from exchange.vocabularies.reference import load_reference
from tests import factories
from tests.conftest import REFERENCE, wait_for_no_disk
from tests.databases import Kept
from tests.matrix.rows import Rows, models
from workflows.adoption import AdoptionState
from workflows.exchange import ExchangeState
from workflows.match import MatchState
from workflows.mechanism_pair import MechanismPairState
from workflows.method import MethodState
from workflows.module import ModuleState
from workflows.need import NeedState
from workflows.note import NoteState
from workflows.offer import OfferState
from workflows.practice import PracticeState

ROLES = (
    "visitor",
    "stranger",
    "member",
    "coordinator",
    "association",
    "section",
    "officer",
    "administrator",
)
OBJECTS = ("own", "foreign", "draft")
# What a table's row must hold beside what its columns demand.
FACTS: dict[str, dict[str, Any]] = {
    "organisation": {"kind": "local_government"},
    "exchange": {"held_state": None, "reference": lambda _rows: f"PX-{secrets.token_hex(4)}"},
    "need": {"guests": 1, "hosts_wanted": 1},
    "match": {"holds_place": True, "holds_host": True},
    "follow_up": {"months": 3},
    "consultation": {"questions": [{"en": "What would you do anew?"}]},
    "note_credit": {"name": lambda rows: rows["person"].name},
    "favourite": {"need_id": lambda rows: rows["need"].id},
    "note": {"slug": lambda _rows: f"aulas-{secrets.token_hex(4)}"}
    | {"number": lambda _rows: secrets.randbelow(10**6), "published_on": lambda _rows: today()},
    "step": {"subject_type": "exchange", "trigger": "submit", "from_state": "draft"}
    | {"to_state": "submitted", "subject_id": lambda rows: rows["exchange"].id},
    "matching_settings": {"values": lambda _rows: Configuration().as_dict()},
    "saved_view": {"query": "", "shared": False},
    "reminder": {"kind": "match_to_answer", "subject_type": "match"}
    | {"subject_id": lambda rows: rows["match"].id, "wanted_state": "proposed"},
    "participant": {"email": lambda rows: rows["person"].email},
    "message": {
        "kind": "match_to_answer",
        "dedupe_key": lambda rows: f"reminder:{rows['reminder'].id}:1",
        "key": lambda _rows: secrets.token_hex(8),
    },
    "forum_session": {"ends_at": lambda _rows: time(10)},
    "visit_session": {"ends_at": lambda _rows: time(10)},
}
ASKED = {"email": "asked@x.example", "name": "Asked", "language": "en", "role": Role.member}
STATES: dict[str, dict[str, Any]] = {
    "own": {
        "need": NeedState.draft,
        "offer": OfferState.draft,
        "exchange": ExchangeState.preparing,
        "match": MatchState.proposed,
        "mechanism_pair": MechanismPairState.asked,
        "note": NoteState.drafting,
        "practice": PracticeState.draft,
        "adoption": AdoptionState.planned,
        "method": MethodState.proposed,
        "module": ModuleState.in_pilot,
    },
    "foreign": {
        "need": NeedState.published,
        "offer": OfferState.published,
        "exchange": ExchangeState.preparing,
        "match": MatchState.proposed,
        "mechanism_pair": MechanismPairState.agreed,
        "note": NoteState.published,
        "practice": PracticeState.published,
        "adoption": AdoptionState.planned,
        "method": MethodState.in_library,
        "module": ModuleState.published,
    },
    "draft": {
        "need": NeedState.draft,
        "offer": OfferState.draft,
        "exchange": ExchangeState.draft,
        "match": MatchState.suggested,
        "mechanism_pair": MechanismPairState.asked,
        "note": NoteState.drafting,
        "practice": PracticeState.draft,
        "adoption": AdoptionState.planned,
        "method": MethodState.proposed,
        "module": ModuleState.drafted,
    },
}


class World:
    """The application, its rows by object and table, and a way in for each role."""

    def __init__(self, folder: Path, *, drawn: bool = False) -> None:
        """:param drawn: pages show what they hold; who gets in is quicker asked of empty ones."""
        self.database = Kept(folder, "matrix")
        environ = {**self.database.environ, "EXCHANGE_METRICS_TOKEN": "nobody here has it"}
        self.app = create_app(load(environ))
        self.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        if not drawn:
            self.app.jinja_env.loader = FunctionLoader(lambda _name: "")
        self.objects: dict[str, dict[str, Any]] = {}
        self.people: dict[str, int] = {}
        self.sign_ins: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        with self.app.app_context():
            wait_for_no_disk(db.engine)
            Base.metadata.create_all(db.engine)
            load_reference(cities_from=1_000_000)
            _fill(self)
            db.session.commit()
        self.database.keep(self.app)


def _fill(world: World) -> None:
    wanted = set(models()) - set(REFERENCE)
    cities = {
        "own": factories.organisation("Nampula", sections=("AFRICA",)),
        "foreign": factories.organisation("Lyon", sections=("EUROPE",)),
        "draft": factories.organisation("Lille", sections=("EUROPE",)),
    }
    people = _people(cities["own"])
    for name, city in cities.items():
        speaker = people["coordinator"] if name == "own" else factories.person(of=city)
        if name == "own":
            body = people["association"].affiliations[0].organisation
        else:
            body = factories.association(members=(city,))
        world.objects[name] = _rows(name, city, speaker, body, wanted)
    for role, person in people.items():
        world.people[role] = person.id
        world.sign_ins[role] = begin_sign_in(person)
        world.tokens[role] = secrets.token_urlsafe(16)
        token = ApiToken(person=person, name=role, secret_hash=hashed(world.tokens[role]))
        token.scopes = ["read", "write"]
        db.session.add(token)


def _people(city: Organisation) -> dict[str, Person]:
    """One for each role but the visitor."""
    association = factories.association("ANAMM", members=(city,), sections=("AFRICA",))
    return {
        "stranger": factories.person(of=factories.organisation("Medellín", sections=("CORDIAL",))),
        "member": factories.person(of=city, role=Role.member),
        "coordinator": factories.person(of=city),
        "association": factories.person(of=association),
        "section": factories.section_officer("EUROPE"),
        "officer": factories.officer(),
        "administrator": factories.administrator(),
    }


def _rows(
    name: str, city: Organisation, speaker: Person, body: Organisation, wanted: set[str]
) -> dict[str, Any]:
    """The keys of one row of every table, and the secrets of the links."""
    facts = dict(FACTS)
    for table, state in STATES[name].items():
        facts[table] = FACTS.get(table, {}) | {"state": state}
    facts["forum"] = {"is_public": name != "draft"}
    facts["partnership"] = {"is_public": name == "foreign", "code": f"paired-{name}"}
    known = {"organisation": city, "person": speaker, "affiliation": speaker.affiliations[0]}
    rows = Rows(known | {"membership": body.members[0]}, facts)
    for table in sorted(wanted):
        rows[table]
    keys = rows.keys()
    keys |= {"slug": rows["note"].slug, "room_code": rows["forum"].room_code}
    keys["association"] = body.id
    keys["partnership_code"] = rows["partnership"].code
    keys |= {"code": rows["forum"].code, "mail": rows["message"].key}
    weekly = {"kind": "weekly", "dedupe_key": f"weekly:{name}", "key": secrets.token_hex(8)}
    keys["weekly"] = rows.another("message", **weekly).key
    invitation, joins = joining.invite(city, ASKED, actor=speaker)
    keys["invitation_id"] = invitation.id
    keys["secrets"] = {
        "follow_ups.by_link": follow_ups.ask(rows["follow_up"]),
        "joining.answer": joins,
        "passwords.accept": accounts.invite(speaker),
        "passwords.choose": accounts.reset(speaker),
        "passwords.enter": accounts.sign_in_link_if_wanted(speaker),
        "participants": make_participant_link(rows["participant"]),
    }
    return keys

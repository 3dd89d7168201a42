"""A network of any size in one transaction: one more of every noun, each with rows of its own.

What a list shows of a row (its organisation, contact, terms, partners) is another row for each, so
that whatever a page reads row by row is counted row by row.
"""

from datetime import date, time, timedelta
from typing import Any

from exchange.accounts.actions import begin_sign_in
from exchange.accounts.models import ApiToken
from exchange.accounts.queries import hashed
from exchange.catalogue.models import Need, Offer
from exchange.challenges.models import Challenge
from exchange.clock import now
from exchange.congresses.models import Congress, Contribution
from exchange.directory.expertise import Expertise
from exchange.directory.models import (
    Affiliation,
    Level,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
)
from exchange.exchanges.models import Exchange, ExchangeKind, Partner, PartnerRole
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.labs.models import Lab, LabCycle
from exchange.lessons.models import FollowUp, Horizon, Note, RoadMapAction
from exchange.matching.core.configuration import Configuration
from exchange.matching.models import Match, MatchQuestion, Settings, Side, Wish, Wished
from exchange.mechanisms.models import (
    Gives,
    Mechanism,
    MechanismKind,
    MechanismListing,
    MechanismPair,
    OutsideEvent,
)
from exchange.messages.claims import KEPT
from exchange.messages.models import Message, Reply
from exchange.methods.models import Method
from exchange.modules.models import Module, ModulePartner, ModuleTopic, Part
from exchange.partnerships.models import Pair, Partnership
from exchange.practices.models import Observatory, Practice, PracticeText
from exchange.programmes.models import MatchingMode, Programme
from exchange.recommendations.models import About, Recommendation, Scale, Support
from exchange.reminders.models import Reminder
from exchange.runs.models import Run, RunPair
from exchange.spreadsheets.models import Import, ImportNoun
from exchange.steps import Step
from exchange.strategies.models import Axis, Consultation, Strategy
from exchange.visits.models import Participant, Visit, VisitSession
from exchange.vocabularies.models import Place, Term
from exchange.webhooks.models import Webhook
from workflows.exchange import RULES, ExchangeState
from workflows.match import MatchState
from workflows.matching_run import RunState
from workflows.method import MethodState
from workflows.module import ModuleState
from workflows.need import NeedState
from workflows.note import NoteState
from workflows.offer import OfferState
from workflows.practice import PracticeState
from workflows.reminder import ReminderState

DAY, COMING = date(2026, 3, 2), date(2098, 3, 3)
FEW = 3
# Whatever stands in a list of what is coming or going on.
RUNNING = tuple(s for s in ExchangeState if RULES[s].days and s not in ("draft", "on_hold"))


class Network:
    """Rows around one ``home`` organisation and its coordinator ``actor``."""

    def __init__(self, home: Organisation, actor: Person) -> None:
        self.home_id, self.actor_id, self.size = home.id, actor.id, 0

    def grow(self, size: int) -> None:
        """Add rows until there are ``size`` of each noun; written at once, which takes a third."""
        with db.session.no_autoflush:
            self._grow(size)

    def _grow(self, size: int) -> None:
        terms = db.session.query(Term).filter(Term.code.in_(("mobility", "health", "en", "pt")))
        terms = terms.filter(Term.vocabulary.in_(("theme", "language"))).all()
        sections = db.session.query(Term).filter_by(vocabulary="section", code="AFRICA").all()
        cities = {}
        for number in range(self.size + 1, size + 1):
            city = cities[number] = self._city(
                number, [t for t in terms if t.vocabulary == "language"] + sections
            )
            self._listings(number, city, terms)
            exchange = self._exchange(number, city, terms)
            db.session.add(self._past(number, city))
            db.session.add_all(self._visit(number, exchange, city))
            db.session.add_all(self._lessons(number, exchange, city))
            db.session.add_all(self._letters(number, city))
            db.session.add_all(self._reference(number))
            db.session.add(self._forum(number, city))
            db.session.add_all(self._register(number, city))
            db.session.add(self._step(number))
            self._matching(number, exchange)
        db.session.flush()
        for number, city in cities.items():
            db.session.add(self._dialogue(number, city, terms))
        self.size = size
        db.session.commit()
        db.session.remove()

    def _step(self, number: int) -> Step:
        moved = {"trigger": "publish", "from_state": "draft", "to_state": "published"}
        return Step(subject_type="need", subject_id=number, **moved)

    def _city(self, number: int, terms: list[Term]) -> Organisation:
        person = Person(name=f"Contact {number}", email=f"contact{number}@example.org")
        city = Organisation(
            name=f"Port {number}",
            kind=OrganisationKind.local_government,
            level=Level.city,
            country_code="ZA",
            contact=person,
            terms=terms,
        )
        city.affiliations.append(Affiliation(person=person, role=Role.coordinator))
        body = Organisation(name=f"Union {number}", kind=OrganisationKind.association)
        city.memberships.append(Membership(body=body))
        db.session.add(city)
        return city

    def _listings(self, number: int, city: Organisation, terms: list[Term]) -> None:
        facts: dict[str, Any] = {"language": "en", "text": "Buses.", "terms": terms}
        whose = {"organisation_id": self.home_id, "contact": city.contact}
        need = Need(title=f"Need {number}", state=NeedState.published, **whose, **facts)
        need.hosts_held, need.published_at = 1, now()
        offer = Offer(
            title=f"Offer {number}",
            state=OfferState.published,
            organisation=city,
            contact=city.contact,
            published_by=city.memberships[0].body,
            places_taken=1,
            **facts,
        )
        match = Match(need=need, offer=offer, state=MatchState.proposed, holds_place=True)
        match.holds_host = True
        match.answer_by = DAY
        match.questions.append(MatchQuestion(side=Side.need, text="In which season?"))
        db.session.add(match)

    def _exchange(self, number: int, city: Organisation, terms: list[Term]) -> Exchange:
        exchange = Exchange(
            reference=f"PX-2098-{number:04d}",
            title=f"Exchange {number}",
            kind=ExchangeKind.study_visit,
            language="en",
            state=RUNNING[number % len(RUNNING)],
            proposer=city,
            contact=city.contact,
            owner=Person(name=f"Owner {number}", email=f"owner{number}@example.org"),
            terms=[t for t in terms if t.vocabulary == "theme"],
            due_on=DAY,
        )
        host = Partner(organisation=city, role=PartnerRole.host, contact=city.contact)
        learner = Partner(organisation_id=self.home_id, role=PartnerRole.learner)
        exchange.partners += [host, learner]
        return exchange

    def _past(self, number: int, city: Organisation) -> Exchange:
        """An exchange that is over: the city has given, and stands in the ledger."""
        facts = {"kind": ExchangeKind.study_visit, "language": "en", "due_on": DAY}
        past = Exchange(reference=f"PX-2097-{number:04d}", title=f"Past {number}", **facts)
        past.state, past.proposer = ExchangeState.visited, city
        past.partners.append(Partner(organisation=city, role=PartnerRole.host))
        return past

    def _visit(self, number: int, exchange: Exchange, city: Organisation) -> list[Any]:
        visit = Visit(exchange=exchange, starts_on=COMING, ends_on=COMING, place=f"Hall {number}")
        session = VisitSession(visit=visit, day=COMING, starts_at=time(9), ends_at=time(10))
        session.title, session.speaker = "Opening", city
        who = Participant(visit=visit, organisation_id=self.home_id, name="Ana")
        who.email = "ana@example.org"
        return [visit, session, who]

    def _lessons(self, number: int, exchange: Exchange, city: Organisation) -> list[Any]:
        note = Note(
            exchange=exchange,
            number=number,
            slug=f"note-{number}",
            title=f"Note {number}",
            language="en",
            state=NoteState.published,
            published_on=DAY,
            author=city.contact,
            reviewer=exchange.owner,
        )
        action = RoadMapAction(exchange=exchange, horizon=Horizon.immediate, text="Clean.")
        action.owner, action.contact, action.due_on = city, city.contact, DAY
        whose = {"exchange": exchange, "organisation_id": self.home_id}
        practice = Practice(organisation=city, language="en", state=PracticeState.published)
        practice.observatory = Observatory(code=f"watch-{number}", name=f"Watch {number}")
        practice.texts.append(PracticeText(language="en", title="Buses", summary="Buses."))
        practice.terms = exchange.terms
        return [note, action, practice, FollowUp(months=6, due_on=DAY, **whose)]

    def _letters(self, number: int, city: Organisation) -> list[Any]:
        facts = {"kind": "match_proposed", "language": "en", "subject": "A match"}
        facts |= {"text": "Read.", "reason": KEPT}
        to = Message(to_email=f"reader{number}@example.org", person=city.contact, **facts)
        mine = Message(to_email="me@example.org", person_id=self.actor_id, **facts)
        reminder = Reminder(
            kind="match_answer",
            subject_type="match",
            subject_id=number,
            wanted_state="proposed",
            due_on=DAY,
            due_at=now(),
            state=ReminderState.planned,
        )
        key = ApiToken(person_id=self.actor_id, name=f"Key {number}", scopes=["read"])
        key.secret_hash = hashed(f"network-{self.actor_id}-{number}")
        begin_sign_in(db.session.get_one(Person, self.actor_id))
        sheet = Import(noun=ImportNoun.needs, file_name="needs.csv", stored_as=f"{number}.csv")
        sheet.person_id = self.actor_id
        answer = Reply(key=f"{number}", subject="Re", text="Yes.", reason="no_exchange")
        return [to, mine, reminder, key, sheet, answer]

    def _forum(self, number: int, city: Organisation) -> Forum:
        starts_on = DAY - timedelta(days=number)  # what was done, too, counts them
        forum = Forum(code=f"forum-{number}", titles={"en": f"Forum {number}"}, place="Here")
        forum.starts_on, forum.ends_on = starts_on, starts_on
        forum.attendances.append(Attendance(organisation=city))
        return forum

    def _register(self, number: int, city: Organisation) -> list[Any]:
        facts = {"title": f"Learn {number}", "language": "en", "owner": city, "due_on": DAY}
        row = Recommendation(about=About.policy, scale=Scale.local, **facts)
        strategy = Strategy(code=f"strategy-{number}", titles={"en": f"Strategy {number}"})
        strategy.starts_on, strategy.ends_on = DAY, COMING
        strategy.axes.append(Axis(titles={"en": "Axis"}))
        strategy.consultations.append(Consultation(titles={"en": "Round"}, due_on=COMING))
        module = Module(code=f"M-{number}", titles={"en": f"Module {number}"})
        module.state = ModuleState.published
        module.partners.append(ModulePartner(organisation=city, part=Part.lead))
        topic = ModuleTopic(title=f"Topic {number}", language="en", module=module)
        method = Method(titles={"en": f"Method {number}"}, organisation=city)
        method.state = MethodState.in_library
        knows = {"text": "Buses.", "folded_text": "buses.", "language": "en"}
        knowing = Expertise(person=city.contact, **knows)
        partnership = Partnership(code=f"partnership-{number}", titles={"en": "P"}, lead=city)
        partnership.is_public = True
        partnership.starts_on, partnership.ends_on = DAY, COMING
        partnership.pairs.append(Pair(cities=[city]))
        said = Challenge(text=f"Buses {number}", language="en", organisation=city, said_on=DAY)
        lab = Lab(title=f"Lab {number}", text="Buses.", language="en", organisation=city)
        lab.starts_on, lab.ends_on = DAY, COMING
        lab.cycles.append(LabCycle(number=1, question="Which?", due_on=COMING))
        said.lab = lab
        congress = Congress(code=f"congress-{number}", titles={"en": "Congress"})
        congress.starts_on, congress.ends_on = DAY, COMING
        congress.contributions.append(Contribution(strategy=strategy, language="en"))
        webhook = Webhook(url=f"https://hooks.example.org/{number}", secret="sealed")
        webhook.organisation_id, webhook.person = self.home_id, city.contact
        db.session.add_all([congress, webhook])
        support = Support(recommendation=row, organisation=city)
        return [row, strategy, module, topic, method, knowing, partnership, lab, said, support]

    def _matching(self, number: int, exchange: Exchange) -> None:
        """A programme with a run of its own, a wish, a version of the settings; a need that nobody
        is asked for, which the run leaves without a host, and a pair that it proposes."""
        programme = Programme(code=f"call-{number}", titles={"en": f"Call {number}"})
        facts: dict[str, Any] = {"organisation": exchange.proposer, "language": "en"}
        facts["terms"] = exchange.terms
        need = Need(title=f"Free {number}", state=NeedState.published, programme=programme, **facts)
        offer = Offer(title=f"Taken {number}", state=OfferState.matched, **facts)
        run = Run(programme=programme, programme_code=programme.code, mode=MatchingMode.review)
        run.state, run.person = RunState.draft, exchange.owner
        run.pairs.append(RunPair(need=need, offer=offer, score=number % 10_000))
        wish = Wish(need=need, offer=offer, kind=Wished.pin, person=exchange.owner)
        version = Settings(values=Configuration().as_dict(), hash="0" * 16, person=exchange.owner)
        db.session.add_all([run, wish, version])

    def _dialogue(self, number: int, city: Organisation, terms: list[Term]) -> MechanismPair:
        """Two mechanisms, one of which gives what the other needs, and an event of others."""
        # Three hundred of one theme would all fit each other; a few do, here as elsewhere.
        health = [term for term in terms if term.code == "health" and number <= FEW]
        sides = []
        for side, home_id in ((Gives.needs, self.home_id), (Gives.offers, city.id)):
            code = f"{side}-{number}"
            of = Mechanism(code=code, kind=MechanismKind.hub, titles={"en": code}, terms=terms)
            of.organisation_id = home_id
            said = MechanismListing(mechanism=of, side=side, title="Bus", language="en")
            said.title = "Bus" if side == Gives.needs else "Clinic"
            said.expires_on, said.terms = COMING, health
            sides.append(said)
        event = OutsideEvent(organiser="Others", title="Congress", language="en", terms=health)
        event.starts_on, event.ends_on = COMING, COMING
        event.partner = city if number <= FEW else city.memberships[0].body
        db.session.add(event)
        return MechanismPair(need=sides[0], offer=sides[1], score=number)

    def _reference(self, number: int) -> list[Any]:
        theme = Term(vocabulary="theme", code=f"theme-{number}", labels={"en": f"Theme {number}"})
        place = Place(id=10**9 + number, name=f"Portville {number}", population=number)
        place.folded_name, place.country_code = f"portville {number}", "ZA"
        place.lat, place.lon = -29.9, 31.0
        return [theme, place]

"""What an actor may know of, a clause for each model. Edges never select without it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from exchange.accounts.models import ApiToken, SignIn
from exchange.catalogue.models import Listing, Need, Offer
from exchange.challenges.models import Challenge
from exchange.congresses.models import Congress, Contribution
from exchange.directory.expertise import Expertise
from exchange.directory.models import Membership, Organisation, Person, StaffRole
from exchange.directory.queries import acts_for_ids, section_organisations
from exchange.exchanges.models import BudgetLine, Exchange, Partner, Phase
from exchange.forums.items import ForumItem
from exchange.forums.models import Forum
from exchange.keeping.models import KeptForm
from exchange.keeping.views import SavedView
from exchange.keeping.views import visible as visible_views
from exchange.labs.models import Lab, LabCycle
from exchange.lessons.models import (
    Dissemination,
    FollowUp,
    Note,
    RecordedChange,
    RoadMapAction,
    Transferability,
)
from exchange.lessons.photos import Photo, open_to
from exchange.lessons.sheets import LessonSheet
from exchange.lessons.translations import NoteTranslation
from exchange.matching.models import Match, MatchQuestion, Settings, Shown, Wish
from exchange.mechanisms.models import Mechanism, MechanismListing, MechanismPair, OutsideEvent
from exchange.messages.models import MailHold, Message, Reply
from exchange.methods.models import Method, Pilot
from exchange.modules.models import Delivery, Module, ModulePartner, ModuleTopic, ModuleVersion
from exchange.partnerships.models import Pair, Partnership, ReviewWorkshop
from exchange.practices.models import Observatory, Practice
from exchange.practices.reuse import Adoption, PracticeSheet
from exchange.programmes.models import Programme
from exchange.recommendations.models import Recommendation
from exchange.reminders.models import Reminder, Word
from exchange.runs.models import Run, RunPair
from exchange.spreadsheets.models import Import
from exchange.steps import Step
from exchange.strategies.models import Axis, Consultation, Indicator, Strategy
from exchange.visits.models import (
    ChecklistItem,
    Evaluation,
    Participant,
    Visit,
    VisitDates,
    VisitSession,
)
from exchange.vocabularies.models import Place, Term
from exchange.webhooks.models import Webhook, WebhookDelivery
from workflows.exchange import RULES, ExchangePhase, ExchangeState
from workflows.match import MatchState
from workflows.mechanism_pair import MechanismPairState
from workflows.method import MethodState
from workflows.module import ModuleState
from workflows.need import NeedState
from workflows.note import NoteState
from workflows.offer import OfferState
from workflows.practice import PracticeState

Clause = ColumnElement[bool]
Scope = Callable[[Person | None], Clause]

# What passed the proposal stage is known to the network; refusals stay between those concerned.
OPEN_TO_MEMBERS = tuple(
    state
    for state in ExchangeState
    if RULES[state].phase != ExchangePhase.proposal
    and state not in (ExchangeState.declined, ExchangeState.cancelled)
)


def everybody(actor: Person | None) -> Clause:
    """Public."""
    return true()


def members(actor: Person | None) -> Clause:
    """Whoever has signed in."""
    return true() if actor else false()


def is_staff(actor: Person | None) -> bool:
    """Officers and administrators see everything."""
    return actor is not None and actor.staff_role in (StaffRole.officer, StaffRole.administrator)


def staff_only(actor: Person | None) -> Clause:
    """The world secretariat."""
    return true() if is_staff(actor) else false()


def _mine(actor: Person) -> set[int]:
    return acts_for_ids(actor) | actor.organisation_ids()


def _listing(model: type[Listing], hidden: tuple[Any, ...]) -> Scope:
    def scope(actor: Person | None) -> Clause:
        if actor is None:
            return false()
        if is_staff(actor):
            return true()
        mine = _mine(actor)
        clauses: list[Clause] = [
            model.state.not_in(hidden),
            model.organisation_id.in_(mine),
            model.published_by_id.in_(mine),
        ]
        if actor.section_code:
            clauses.append(model.organisation_id.in_(section_organisations(actor.section_code)))
        return or_(*clauses)

    return scope


needs = _listing(Need, (NeedState.draft, NeedState.withdrawn))
offers = _listing(Offer, (OfferState.draft, OfferState.withdrawn))


def exchanges(actor: Person | None) -> Clause:
    """Proposals are between those concerned and staff; what follows is open to members."""
    if actor is None:
        return false()
    if is_staff(actor):
        return true()
    mine = _mine(actor)
    takes_part = select(Partner.exchange_id).where(Partner.organisation_id.in_(mine))
    clauses: list[Clause] = [
        Exchange.state.in_(OPEN_TO_MEMBERS),
        Exchange.proposer_id.in_(mine),
        Exchange.id.in_(takes_part) & (Exchange.state != ExchangeState.draft),
        Exchange.needs.any(Need.organisation_id.in_(mine))
        & (Exchange.state != ExchangeState.draft),
    ]
    if actor.section_code:
        region = section_organisations(actor.section_code)
        clauses.append(Exchange.proposer_id.in_(region) & (Exchange.state != ExchangeState.draft))
    return or_(*clauses)


def own_exchanges(actor: Person | None) -> Clause:
    """Exchanges in which the actor's organisations take part: their inner pages are for them."""
    if actor is None:
        return false()
    if is_staff(actor):
        return true()
    mine = _mine(actor)
    takes_part = select(Partner.exchange_id).where(Partner.organisation_id.in_(mine))
    clauses = [
        Exchange.proposer_id.in_(mine),
        Exchange.id.in_(takes_part),
        Exchange.needs.any(Need.organisation_id.in_(mine)),
    ]
    if actor.section_code:
        clauses.append(Exchange.proposer_id.in_(section_organisations(actor.section_code)))
    return or_(*clauses)


def _within(column: Any, scope: Scope) -> Scope:
    def clause(actor: Person | None) -> Clause:
        visible = exchanges(actor) & scope(actor)
        return column.in_(select(Exchange.id).where(visible))

    return clause


def _of_visit(column: Any, scope: Scope) -> Scope:
    def clause(actor: Person | None) -> Clause:
        return column.in_(select(Visit.id).where(scope(actor)))

    return clause


visits = _within(Visit.exchange_id, members)
inner_visits = _within(Visit.exchange_id, own_exchanges)


def notes(actor: Person | None) -> Clause:
    """Published notes are for everybody; a draft is for those of the exchange."""
    published = Note.state == NoteState.published
    return published | _within(Note.exchange_id, own_exchanges)(actor) if actor else published


def translations(actor: Person | None) -> Clause:
    """Those of notes of one's exchanges, and those that one translates or reads; what is out of
    them is on the page of the note."""
    if actor is None:
        return false()
    inside = _within(Note.exchange_id, own_exchanges)(actor)
    named = (NoteTranslation.translator_id == actor.id) | (NoteTranslation.reviewer_id == actor.id)
    return named | NoteTranslation.note_id.in_(select(Note.id).where(inside))


def photos(actor: Person | None) -> Clause:
    """The photos of signed sheets go out with the note; before, they are for those concerned."""
    out = select(Note.exchange_id).where(Note.state == NoteState.published)
    public = LessonSheet.signed_on.is_not(None) & LessonSheet.exchange_id.in_(out)
    mine = _within(LessonSheet.exchange_id, own_exchanges)(actor)
    ours = LessonSheet.organisation_id.in_(acts_for_ids(actor))
    return open_to(actor.email if actor else "", inside=public | mine, senders=ours)


def practices(actor: Person | None) -> Clause:
    """Published practices are for everybody; the others for those they belong to."""
    published = Practice.state == PracticeState.published
    if actor is None:
        return published
    return true() if is_staff(actor) else published | Practice.organisation_id.in_(_mine(actor))


def modules(actor: Person | None) -> Clause:
    """Members know of a module from its pilot on; its draft is the secretariat's."""
    if actor is None or is_staff(actor):
        return members(actor)
    return Module.state != ModuleState.drafted


def _modules_for(actor: Person | None) -> Any:
    return select(Module.id).where(modules(actor))


def methods(actor: Person | None) -> Clause:
    """The library, also of old, is for members; what is proposed or declined is for staff and
    those who proposed it."""
    if actor is None:
        return false()
    known = Method.state.in_((MethodState.in_library, MethodState.retired))
    return true() if is_staff(actor) else known | Method.organisation_id.in_(_mine(actor))


def pilots(actor: Person | None) -> Clause:
    """Pilots of methods that the actor may see, and one's own."""
    if actor is None:
        return false()
    seen = Pilot.method_id.in_(select(Method.id).where(methods(actor)))
    return seen | Pilot.organisation_id.in_(_mine(actor))


def matches(actor: Person | None) -> Clause:
    """Both sides, the officer of the section of one, and staff.

    A suggestion is known to the side that needs, not to the one that offers; one that was taken
    back before anybody was asked is staff's alone.
    """
    if actor is None:
        return false()
    if is_staff(actor):
        return true()
    mine = _mine(actor)
    ours = or_(Need.organisation_id.in_(mine), Need.published_by_id.in_(mine))
    theirs = or_(Offer.organisation_id.in_(mine), Offer.published_by_id.in_(mine))
    if actor.section_code:
        region = section_organisations(actor.section_code)
        ours, theirs = (
            ours | Need.organisation_id.in_(region),
            theirs | Offer.organisation_id.in_(region),
        )
    need_side = Match.need_id.in_(select(Need.id).where(ours))
    offer_side = Match.offer_id.in_(select(Offer.id).where(theirs))
    suggested = Match.state == MatchState.suggested
    return (need_side & (suggested | _was_asked())) | (offer_side & _was_asked())


def _was_asked() -> Clause:
    """Somebody was asked about the match, whatever became of it."""
    step = select(Step.id).where(Step.subject_type == "match", Step.subject_id == Match.id)
    taken_back = step.where(Step.trigger == "withdraw", Step.from_state != MatchState.suggested)
    never = (MatchState.suggested, MatchState.withdrawn)
    return Match.state.not_in(never) | ((Match.state == MatchState.withdrawn) & taken_back.exists())


def mechanism_pairs(actor: Person | None) -> Clause:
    """What two mechanisms agreed on is known to members; before, it is between the two."""
    if actor is None:
        return false()
    if is_staff(actor):
        return true()
    home = Mechanism.organisation_id.in_(_mine(actor))
    ours = select(MechanismListing.id).join(Mechanism).where(home)
    sides = MechanismPair.need_id.in_(ours) | MechanismPair.offer_id.in_(ours)
    return (MechanismPair.state == MechanismPairState.agreed) | sides


def _own_rows(column: Any) -> Scope:
    def clause(actor: Person | None) -> Clause:
        return column == actor.id if actor else false()

    return clause


def webhooks(actor: Person | None) -> Clause:
    """Those of the organisations one speaks for; staff see all."""
    if is_staff(actor):
        return true()
    return Webhook.organisation_id.in_(acts_for_ids(actor))


def imports(actor: Person | None) -> Clause:
    """One's own imports; staff see all."""
    return true() if is_staff(actor) else _own_rows(Import.person_id)(actor)


def messages(actor: Person | None) -> Clause:
    """One's own messages; staff see all."""
    return true() if is_staff(actor) else _own_rows(Message.person_id)(actor)


SCOPES: dict[type[Any], Scope] = {
    Organisation: members,
    Membership: members,
    Person: members,
    Expertise: members,
    Term: everybody,
    Place: everybody,
    Need: needs,
    Offer: offers,
    Exchange: exchanges,
    Partner: _within(Partner.exchange_id, members),
    BudgetLine: _within(BudgetLine.exchange_id, own_exchanges),
    Phase: _within(Phase.exchange_id, members),
    Match: matches,
    MatchQuestion: lambda actor: MatchQuestion.match_id.in_(select(Match.id).where(matches(actor))),
    Visit: visits,
    VisitSession: _of_visit(VisitSession.visit_id, visits),
    Participant: _of_visit(Participant.visit_id, inner_visits),
    ChecklistItem: _of_visit(ChecklistItem.visit_id, inner_visits),
    Evaluation: _of_visit(Evaluation.visit_id, inner_visits),
    VisitDates: _of_visit(VisitDates.visit_id, inner_visits),
    LessonSheet: _within(LessonSheet.exchange_id, own_exchanges),
    Photo: photos,
    Note: notes,
    NoteTranslation: translations,
    RoadMapAction: _within(RoadMapAction.exchange_id, members),
    Transferability: _within(Transferability.exchange_id, members),
    Dissemination: lambda actor: Dissemination.note_id.in_(select(Note.id).where(notes(actor))),
    FollowUp: _within(FollowUp.exchange_id, own_exchanges),
    RecordedChange: _within(RecordedChange.exchange_id, members),
    Practice: practices,
    Observatory: members,
    PracticeSheet: lambda actor: PracticeSheet.practice_id.in_(
        select(Practice.id).where(practices(actor))
    ),
    Adoption: lambda actor: Adoption.practice_id.in_(select(Practice.id).where(practices(actor))),
    Forum: members,
    ForumItem: members,
    Module: modules,
    ModuleVersion: lambda actor: ModuleVersion.module_id.in_(_modules_for(actor)),
    ModulePartner: lambda actor: ModulePartner.module_id.in_(_modules_for(actor)),
    Delivery: lambda actor: Delivery.module_id.in_(_modules_for(actor)),
    ModuleTopic: members,
    Recommendation: members,
    Method: methods,
    Pilot: pilots,
    Lab: members,
    LabCycle: members,
    Partnership: members,
    Pair: members,
    ReviewWorkshop: members,
    Strategy: members,
    Axis: members,
    Indicator: members,
    Consultation: members,
    Challenge: members,
    Mechanism: members,
    MechanismListing: members,
    MechanismPair: mechanism_pairs,
    OutsideEvent: members,
    Congress: members,
    Contribution: members,
    Programme: members,
    Run: staff_only,
    RunPair: staff_only,
    Wish: staff_only,
    Settings: staff_only,
    Shown: staff_only,
    Message: messages,
    Reply: staff_only,
    MailHold: staff_only,
    Reminder: staff_only,
    Word: staff_only,
    Import: imports,
    SignIn: _own_rows(SignIn.person_id),
    ApiToken: _own_rows(ApiToken.person_id),
    KeptForm: _own_rows(KeptForm.person_id),
    SavedView: visible_views,
    Webhook: webhooks,
    WebhookDelivery: lambda actor: WebhookDelivery.webhook.has(webhooks(actor)),
}

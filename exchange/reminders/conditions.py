"""What must hold besides a state before a row asks for a reminder: the names in ``when``."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased

from exchange.exchanges.models import Exchange, ExchangeKind, Partner, PartnerRole
from exchange.forums.items import ForumItem, ItemKind
from exchange.labs.models import Lab
from exchange.lessons.models import FollowUp, Note
from exchange.lessons.photos import Photo, PhotoPerson
from exchange.lessons.sheets import LessonSheet
from exchange.lessons.translations import NoteTranslation
from exchange.partnerships.models import Activity, Agreement, Pair, ReviewSheet, ReviewWorkshop
from exchange.practices.models import Practice
from exchange.steps import Step
from exchange.visits.models import Evaluation, Participant, Visit
from workflows.exchange import ExchangeState
from workflows.lab import OPEN

_AHEAD = (ExchangeState.preparing, ExchangeState.confirmed)
# Each period is asked in its own stage: nobody gets the questions of a year in one morning.
_FOLLOWING = {
    3: (ExchangeState.disseminating, ExchangeState.following_up_3),
    6: (ExchangeState.following_up_6,),
    12: (ExchangeState.following_up_12,),
}

Clauses = tuple[ColumnElement[bool], ...]


def _returned() -> Clauses:
    """Its reviewer gave it back: a note that was never handed in is not "returned"."""
    step = (Step.subject_type == "note") & (Step.subject_id == Note.id)
    return (exists().where(step, Step.trigger == "return_to_author"),)


def _translation_returned() -> Clauses:
    step = (Step.subject_type == "note_translation") & (Step.subject_id == NoteTranslation.id)
    return (exists().where(step, Step.trigger == "return_to_translator"),)


def _practice_returned() -> Clauses:
    step = (Step.subject_type == "practice") & (Step.subject_id == Practice.id)
    back = exists().where(step, Step.trigger == "return_to_author")
    return (back, Practice.organisation_id.is_not(None))


def _lessons_unsigned() -> Clauses:
    """A host or a learner has not signed what it learned."""
    signed = exists().where(
        LessonSheet.exchange_id == Partner.exchange_id,
        LessonSheet.organisation_id == Partner.organisation_id,
        LessonSheet.signed_on.is_not(None),
    )
    roles = (PartnerRole.host, PartnerRole.learner)
    return (exists().where(Partner.exchange_id == Exchange.id, Partner.role.in_(roles), ~signed),)


def _not_signed_again() -> Clauses:
    """The pair signed nothing of the same kind that goes on for longer."""
    later = aliased(Agreement)
    longer = or_(later.ends_on.is_(None), later.ends_on > Agreement.ends_on)
    same = (later.pair_id == Agreement.pair_id) & (later.kind == Agreement.kind)
    return (~exists().where(same, longer, later.id != Agreement.id),)


def _sheets_missing() -> Clauses:
    """A pair has not written its sheet for the review."""
    written = exists().where(
        ReviewSheet.review_id == ReviewWorkshop.id, ReviewSheet.pair_id == Pair.id
    )
    return (exists().where(Pair.partnership_id == ReviewWorkshop.partnership_id, ~written),)


def _not_evaluated() -> Clauses:
    return (
        Visit.evaluation_opened_on.is_not(None),
        Participant.attended.is_(True),
        ~exists().where(Evaluation.participant_id == Participant.id),
    )


def _photo_not_answered() -> Clauses:
    """One mail asks about all photos that wait for the same answer: the first of them asks."""
    before = aliased(PhotoPerson)
    waits = (before.agreed_on.is_(None), before.withdrawn_on.is_(None))
    same = before.participant_id == PhotoPerson.participant_id
    return (
        Photo.withdrawn_on.is_(None),
        PhotoPerson.agreed_on.is_(None),
        PhotoPerson.withdrawn_on.is_(None),
        ~exists().where(same, before.id < PhotoPerson.id, *waits),
    )


# The names that the table of kinds uses in ``when``.
CONDITIONS: dict[str, Callable[[], Clauses]] = {
    "concept_note_open": lambda: (Exchange.concept_note_agreed_on.is_(None),),
    "programme_empty": lambda: (~Visit.sessions.any(),),
    # Any visit, also where the query itself speaks of one: a plain EXISTS would mean that one.
    "no_dates": lambda: (~Exchange.visits.any(Visit.starts_on.is_not(None)),),
    "lessons_unsigned": _lessons_unsigned,
    "peer_review": lambda: (Exchange.kind == ExchangeKind.peer_review,),
    "visit_ahead": lambda: (Exchange.state.in_(_AHEAD),),
    "not_done": lambda: (Activity.done_on.is_(None),),
    "not_signed_again": _not_signed_again,
    "sheets_missing": _sheets_missing,
    "nothing_prepared": lambda: (Exchange.state.in_(_AHEAD), ~Participant.sheet.has()),
    "not_evaluated": _not_evaluated,
    "photo_not_answered": _photo_not_answered,
    "practice_returned": _practice_returned,
    "written_here": lambda: (Practice.observatory_id.is_(None),),
    "returned": _returned,
    "translation_returned": _translation_returned,
    "lab_open": lambda: (Lab.state.in_(OPEN),),
    "not_compared": lambda: (
        ForumItem.kind == ItemKind.expectation,
        ForumItem.verdict.is_(None),
        ForumItem.organisation_id.is_not(None),
    ),
    "following_up": lambda: (
        or_(
            *(
                (FollowUp.months == months) & Exchange.state.in_(states)
                for months, states in _FOLLOWING.items()
            )
        ),
    ),
}

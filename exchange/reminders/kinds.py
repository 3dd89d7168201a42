"""The table of reminders: what is asked of whom, and when.

The days are those of the field (domain file 6): host report 28 days before the visit, agenda 21,
peer desk review 14; evaluation the day after, feedback report after 30, draft of the note after 45;
follow-ups after 90, 180 and 365 (their own dates are on their rows); seven days for a match, where
mentoring products give three, because city halls are slow.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from exchange.messages.kinds import FORUM, WEEKLY, MailKind, add
from exchange.reminders.models import EscalationLevel
from workflows.adoption import AdoptionState
from workflows.challenge import ChallengeState
from workflows.consultation import ConsultationState
from workflows.exchange import EXCHANGE
from workflows.exchange import ExchangeState as X
from workflows.follow_up import FollowUpState
from workflows.forum_item import ItemState
from workflows.lab import OPEN as OPEN_LABS
from workflows.lab_cycle import OPEN as OPEN_CYCLES
from workflows.match import MatchState
from workflows.mechanism_listing import LIVE, MechanismListingState
from workflows.mechanism_pair import MechanismPairState
from workflows.method import MethodState
from workflows.method_pilot import PilotState
from workflows.module_topic import TopicState
from workflows.need import NeedState
from workflows.note import NoteState
from workflows.note_translation import NoteTranslationState
from workflows.offer import OfferState
from workflows.participant import ParticipantState
from workflows.partnership import PartnershipState
from workflows.practice import PracticeState
from workflows.recommendation import RecommendationState
from workflows.road_map_action import RoadMapState


class Anchor(StrEnum):
    """From which day of the subject the days are counted."""

    state_since = auto()
    created_at = auto()
    updated_at = auto()
    due_on = auto()
    ends_on = auto()
    answer_by = auto()
    behind_since = auto()
    expires_on = auto()
    visit_start = auto()
    visit_end = auto()


@dataclass(frozen=True)
class Kind:
    """One line of the table.

    While a row of ``workflow`` is in one of ``states`` (and the condition ``when`` holds: see
    ``subjects.py``), ``audience`` (see ``audience.py``) is written to, ``days`` after ``anchor``.
    ``escalation`` says who is written to besides, and when. ``link`` is the path the mail leads to;
    ``{secret}`` in it opens without a password. ``part`` names rows that have no states themselves:
    they ask while the row of ``workflow`` that they belong to is in one of ``states``.
    """

    name: str
    workflow: str
    states: tuple[StrEnum, ...]
    anchor: Anchor
    days: tuple[int, ...]
    audience: str
    link: str
    action: bool = True
    when: str = ""
    escalation: tuple[tuple[int, EscalationLevel], ...] = ()
    part: str = ""

    @property
    def about(self) -> str:
        """What its rows are: those of the workflow, or a part that lives as long as one of them."""
        return self.part or self.workflow

    @property
    def moments(self) -> tuple[tuple[int, EscalationLevel], ...]:
        """(day, level) of every mail of this kind about one row."""
        return tuple((day, EscalationLevel.owner) for day in self.days) + self.escalation

    @property
    def mail(self) -> MailKind:
        """The mail of the same name."""
        return MailKind(
            self.name,
            action_required=self.action,
            secret="{secret}" in self.link,
            answers=self.action,
        )


@dataclass(frozen=True)
class Letter:
    """A mail that no state asks for. ``days`` count from the end of a forum; none: each Monday."""

    name: str
    days: tuple[int, ...] = ()


_LETTERS = (Letter(WEEKLY.name), Letter(FORUM.name, (7, 30, 90)))
LETTERS = {letter.name: letter for letter in _LETTERS}


# Whoever should act has been written to before: overdue work is told upwards, step by step.
UPWARDS = (
    (7, EscalationLevel.association),
    (14, EscalationLevel.section),
    (21, EscalationLevel.officer),
)
RUNNING = tuple(
    state for state in X if not EXCHANGE.is_final(state) and state not in (X.draft, X.on_hold)
)
PROPOSAL = "/my/proposals/{exchange_id}"  # where it is written on
ONE_EXCHANGE, ONE_MATCH = "/exchanges/{exchange_id}", "/matches/{id}"
ONE_PAIR = "/partnerships/pairs/{pair_id}"
A = Anchor

_TABLE = (
    # Proposal
    Kind("draft_idle", "exchange", (X.draft,), A.updated_at, (7, 21), "proposer", PROPOSAL),
    Kind(
        "proposal_received", "exchange", (X.submitted,), A.state_since, (0,), "proposer",
        ONE_EXCHANGE, action=False,
    ),
    Kind(
        "information_asked", "exchange", (X.more_information,), A.state_since, (0, 7, 12),
        "proposer", PROPOSAL,
    ),
    Kind(
        "proposal_eligible", "exchange", (X.eligible,), A.state_since, (0,), "proposer",
        ONE_EXCHANGE, action=False,
    ),
    Kind(
        "proposal_declined", "exchange", (X.declined,), A.state_since, (0,), "proposer",
        ONE_EXCHANGE, action=False,
    ),
    Kind("on_hold", "exchange", (X.on_hold,), A.state_since, (30,), "officer", ONE_EXCHANGE),
    # Matching: answered within seven days, asked on the first, the fifth and the day before.
    Kind(
        "match_to_answer", "match", (MatchState.proposed, MatchState.half_agreed), A.answer_by,
        (-7, -3, -1), "pending_sides", ONE_MATCH,
    ),
    Kind(
        "partners_agreed", "exchange", (X.partners_agreed,), A.state_since, (0,), "partners",
        ONE_EXCHANGE, action=False,
    ),
    Kind(
        "concept_note", "exchange", (X.partners_agreed,), A.state_since, (7, 21), "partners",
        ONE_EXCHANGE, when="concept_note_open",
    ),
    # Visit
    Kind(
        "visit_dates", "exchange", (X.preparing,), A.state_since, (3, 14), "both_cities",
        ONE_EXCHANGE, when="no_dates",
    ),
    Kind(
        "host_report", "exchange", (X.preparing, X.confirmed), A.visit_start, (-28,), "host",
        ONE_EXCHANGE,
    ),
    Kind(
        "agenda", "exchange", (X.preparing,), A.visit_start, (-21,), "host", ONE_EXCHANGE,
        when="programme_empty",
    ),
    Kind(
        "desk_review", "exchange", (X.preparing, X.confirmed), A.visit_start, (-14,), "reviewers",
        ONE_EXCHANGE, when="peer_review",
    ),
    Kind(
        "participation", "participant", (ParticipantState.nominated,), A.created_at, (0, 5),
        "participant", "/p/{secret}", when="visit_ahead",
    ),
    Kind(
        "preparation", "participant", (ParticipantState.confirmed,), A.visit_start, (-14,),
        "participant", "/p/{secret}/preparation", when="nothing_prepared",
    ),
    Kind(
        "visit_soon", "participant", (ParticipantState.confirmed,), A.visit_start, (-7,),
        "participant", "/p/{secret}", action=False, when="visit_ahead",
    ),
    Kind(
        "evaluation", "participant", (ParticipantState.confirmed,), A.visit_end, (1, 5),
        "participant", "/p/{secret}/evaluation", when="not_evaluated",
    ),
    # Lessons learned
    Kind(
        "photo_consent", "participant", tuple(ParticipantState), A.created_at, (0, 7),
        "named_in_photo", "/p/{secret}#photos", when="photo_not_answered", part="photo_person",
    ),
    Kind(
        "lessons_asked", "exchange", (X.visited, X.evaluating, X.note_drafting), A.visit_end,
        (3, 14, 30), "lesson_writers", ONE_EXCHANGE, when="lessons_unsigned",
    ),
    Kind(
        "feedback_report", "exchange", (X.evaluating,), A.visit_end, (30,), "partners",
        ONE_EXCHANGE,
    ),
    Kind(
        "note_draft", "exchange", (X.evaluating, X.note_drafting), A.visit_end, (30, 45), "author",
        ONE_EXCHANGE,
    ),
    Kind(
        "note_to_review", "note", (NoteState.in_review,), A.state_since, (0, 7), "reviewer",
        ONE_EXCHANGE,
    ),
    Kind(
        "note_returned", "note", (NoteState.drafting,), A.state_since, (0, 7), "author",
        ONE_EXCHANGE, when="returned",
    ),
    Kind(
        "translation_to_review", "note_translation", (NoteTranslationState.in_review,),
        A.state_since, (0, 7), "second_reader", "/notes/translations/{id}",
    ),
    Kind(
        "translation_returned", "note_translation", (NoteTranslationState.drafting,),
        A.state_since, (0, 7), "translator", "/notes/translations/{id}",
        when="translation_returned",
    ),
    # Corrections come in a row: whoever translates hears of them when they are over.
    Kind(
        "translation_behind", "note_translation",
        (NoteTranslationState.published, NoteTranslationState.drafting), A.behind_since, (2, 16),
        "translator", "/notes/translations/{id}",
    ),
    Kind(
        "road_map_action_due", "road_map_action", (RoadMapState.planned, RoadMapState.under_way),
        A.due_on, (-7, 1), "action_owner", ONE_EXCHANGE,
    ),
    # Dissemination and follow-up
    Kind(
        "note_published", "note", (NoteState.published,), A.state_since, (0,), "all_partners",
        "/notes/{id}", action=False,
    ),
    Kind(
        "dissemination", "exchange", (X.disseminating,), A.state_since, (0, 14), "partners",
        ONE_EXCHANGE,
    ),
    Kind(
        "follow_up", "follow_up", (FollowUpState.planned, FollowUpState.asked), A.due_on,
        (0, 10, 20), "organisation", "/f/{secret}", when="following_up",
    ),
    # The forum: what was expected is compared with what came of it.
    Kind(
        "expectation_to_compare", "forum_item", (ItemState.captured, ItemState.taken_up), A.due_on,
        (1, 21), "organisation", "/forums/notes/{id}/compare", when="not_compared",
    ),
    # Practices: those that people wrote; what was harvested is looked through as a list.
    Kind(
        "practice_to_publish", "practice", (PracticeState.proposed,), A.state_since, (0, 10),
        "secretariat", "/practices/{id}", when="written_here",
    ),
    Kind(
        "practice_returned", "practice", (PracticeState.draft,), A.state_since, (0, 14),
        "organisation", "/practices/{id}", when="practice_returned",
    ),
    Kind(
        "adoption_follow_up", "adoption", (AdoptionState.planned, AdoptionState.under_way),
        A.state_since, (180, 270), "organisation", "/adoptions/{id}",
    ),
    Kind(
        "commitment_due", "recommendation",
        (RecommendationState.committed, RecommendationState.under_way), A.due_on, (-14, 1),
        "register_owner", "/recommendations/{id}", escalation=UPWARDS,
    ),
    Kind(
        "recommendation_waits", "recommendation", (RecommendationState.proposed,), A.state_since,
        (14,), "secretariat", "/recommendations/{id}",
    ),
    # The method library
    Kind(
        "method_waits", "method", (MethodState.proposed,), A.state_since, (14,), "secretariat",
        "/methods/{id}",
    ),
    Kind(
        "pilot_decision_due", "method_pilot", (PilotState.planned, PilotState.running), A.ends_on,
        (1, 21), "organisation", "/methods/pilots/{id}", escalation=UPWARDS,
    ),
    # Local laboratories: a cycle past its day, a laboratory that has not decided.
    Kind(
        "lab_cycle_due", "lab_cycle", OPEN_CYCLES, A.due_on, (1, 14), "organisation",
        "/labs/cycles/{id}", when="lab_open", escalation=UPWARDS,
    ),
    Kind(
        "lab_decision_due", "lab", OPEN_LABS, A.ends_on, (1, 21), "organisation", "/labs/{id}",
        escalation=UPWARDS,
    ),
    Kind(
        "challenge_to_answer", "challenge", (ChallengeState.open,), A.due_on, (1, 14),
        "section_of", "/challenges/{id}/answer", escalation=((21, EscalationLevel.officer),),
    ),
    Kind(
        "topic_waits", "module_topic", (TopicState.proposed,), A.state_since, (14, 42),
        "secretariat", "/modules/topics/{id}",
    ),
    Kind(
        "consultation_to_answer", "consultation", (ConsultationState.open,), A.due_on, (-21, -7),
        "silent_bodies", "/strategies/rounds/{id}",
    ),
    Kind(
        "synthesis_due", "consultation", (ConsultationState.closed,), A.state_since, (14, 28),
        "secretariat", "/strategies/rounds/{id}",
    ),
    # Mechanisms: what each needs and gives is looked at again, or it expires.
    Kind(
        "mechanism_review", "mechanism_listing", LIVE, A.expires_on, (-21, -7), "organisation",
        "/mechanisms/listings/{id}",
    ),
    Kind(
        "mechanism_expired", "mechanism_listing", (MechanismListingState.expired,),
        A.state_since, (0, 30), "organisation", "/mechanisms/listings/{id}",
    ),
    Kind(
        "mechanism_asked", "mechanism_pair", (MechanismPairState.asked,), A.state_since,
        (0, 7, 14), "asked_mechanism", "/mechanisms/pairs/{id}",
    ),
    # Partnerships: while one runs, its work plans, its agreements and its reviews are looked after.
    Kind(
        "pair_activity_due", "partnership", (PartnershipState.running,), A.due_on, (-7, 1),
        "organisation", ONE_PAIR, when="not_done", escalation=UPWARDS, part="pair_activity",
    ),
    Kind(
        "agreement_ending", "partnership", (PartnershipState.running,), A.ends_on, (-90, -30),
        "cities_of_pair", ONE_PAIR, when="not_signed_again", part="pair_agreement",
    ),
    Kind(
        "review_sheet_missing", "partnership", (PartnershipState.running,), A.due_on, (-14, -3),
        "pairs_without_sheet", "/partnerships/reviews/{id}", when="sheets_missing",
        part="partnership_review",
    ),
    # The catalogue
    Kind(
        "need_expiring", "need", (NeedState.published,), A.expires_on, (-14,), "organisation",
        "/needs/{id}", action=False,
    ),
    Kind(
        "need_expired", "need", (NeedState.expired,), A.state_since, (0, 14), "organisation",
        "/needs/{id}",
    ),
    Kind(
        "offer_expiring", "offer", (OfferState.published,), A.expires_on, (-14,), "organisation",
        "/offers/{id}", action=False,
    ),
    Kind(
        "offer_expired", "offer", (OfferState.expired,), A.state_since, (0, 14), "organisation",
        "/offers/{id}",
    ),
    # Whatever else is late: first whoever's turn it is, then those above.
    Kind(
        "exchange_overdue", "exchange", RUNNING, A.due_on, (1,), "whose_turn", ONE_EXCHANGE,
        escalation=UPWARDS,
    ),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in _TABLE}
for _kind in _TABLE:
    add(_kind.mail)

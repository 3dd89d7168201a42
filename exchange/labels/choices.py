"""Words for the members of every enum that people choose from, keyed by enum and member."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.accounts.models import TokenScope
from exchange.dashboards.inbox import Waiting
from exchange.dashboards.joined import Joint
from exchange.dashboards.log import LogNoun
from exchange.dashboards.timeline import Happened
from exchange.directory.models import Level, OrganisationKind, Role, StaffRole
from exchange.exchanges.ageing import Age
from exchange.exchanges.board import Grouping
from exchange.exchanges.models import (
    BudgetCategory,
    ExchangeKind,
    HostSearch,
    MeetingMode,
    PartnerRole,
)
from exchange.exchanges.proposals import ProposalStep
from exchange.exchanges.remarks import Audience
from exchange.exchanges.reviews import Verdict
from exchange.exchanges.schemas import Tab
from exchange.forums.cohort import Reached
from exchange.keeping.views import ListName
from exchange.labels.forums import FORUM_CHOICES
from exchange.labels.learning import LEARNING_CHOICES
from exchange.labels.mechanisms import MECHANISM_CHOICES
from exchange.labels.methods import METHOD_CHOICES
from exchange.labels.modules import MODULE_CHOICES
from exchange.labels.parties import PHASES
from exchange.labels.partnerships import PARTNERSHIP_CHOICES
from exchange.labels.practices import PRACTICE_CHOICES
from exchange.labels.proposals import STEPS
from exchange.lessons.crediting import CreditRole
from exchange.lessons.models import ChangeKind, CostOrder, Horizon, NotePart, UsedIt
from exchange.lessons.sheets import LessonQuestion
from exchange.matching.models import Answer, Side, Wished
from exchange.messages.models import Delivery
from exchange.privacy.models import ExportStage
from exchange.programmes.models import MatchingMode
from exchange.reminders.kinds import Anchor
from exchange.reminders.models import EscalationLevel, WordKind
from exchange.runs.models import Occasion, Outcome
from exchange.spreadsheets.models import ImportNoun, ImportStage
from exchange.visits.models import (
    ChecklistParty,
    DateAnswer,
    Gender,
    Office,
    ParticipantRole,
    SessionKind,
    SheetKind,
    VisitMode,
    VisitTime,
)
from workflows.exchange import ExchangePhase

CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    **FORUM_CHOICES,
    **LEARNING_CHOICES,
    **MODULE_CHOICES,
    **METHOD_CHOICES,
    **MECHANISM_CHOICES,
    **PRACTICE_CHOICES,
    **PARTNERSHIP_CHOICES,
    OrganisationKind: {
        "local_government": _l("Local government"),
        "association": _l("Association of local governments"),
        "international_association": _l("International association"),
        "section": _l("Section"),
        "partner": _l("Partner"),
        "funder": _l("Funder"),
    },
    Level: {"city": _l("City"), "region": _l("Region"), "metropolitan": _l("Metropolitan area")},
    Role: {"member": _l("Member"), "coordinator": _l("Coordinator")},
    StaffRole: {
        "officer": _l("Officer"),
        "administrator": _l("Administrator"),
        "section_officer": _l("Section officer"),
    },
    Grouping: {"phase": _l("Stage"), "owner": _l("Officer"), "region": _l("Region")},
    Verdict: {"yes": _l("Yes"), "partly": _l("Partly"), "no": _l("No")},
    ListName: {
        "exchanges": _l("Exchanges"),
        "needs": _l("Needs"),
        "offers": _l("Offers"),
        "matches": _l("Matches"),
        "visits": _l("Visits"),
        "messages": _l("Messages"),
    },
    Waiting: {
        "proposal": _l("New proposal"),
        "question": _l("Question without an answer"),
        "refusal": _l("Refusal"),
        "mail": _l("Mail that failed"),
        "silence": _l("No answer twice"),
        "answer": _l("Answers to reminders"),
        "note": _l("Notes of a forum"),
        "reply": _l("Mail to be placed"),
        "harvest": _l("Harvest that failed"),
    },
    LogNoun: {
        "erasure": _l("Request to be erased"),
        "exchange": _l("Exchange"),
        "need": _l("Need"),
        "offer": _l("Offer"),
        "match": _l("Match"),
        "matching_run": _l("Run of the matcher"),
        "participant": _l("Participant"),
        "note": _l("Peer-learning note"),
        "note_translation": _l("Translation of a note"),
        "practice": _l("Practice"),
        "adoption": _l("Practice taken up"),
        "method": _l("Method"),
        "method_pilot": _l("Pilot of a method"),
        "lab": _l("Local laboratory"),
        "lab_cycle": _l("Cycle of a laboratory"),
        "road_map_action": _l("Road map action"),
        "follow_up": _l("Follow-up"),
        "forum_item": _l("Note of a forum"),
        "recommendation": _l("Recommendation"),
        "challenge": _l("Challenge"),
        "module": _l("Learning module"),
        "module_topic": _l("Topic of a module"),
        "consultation": _l("Consultation"),
        "mechanism_listing": _l("Need or offer of a mechanism"),
        "mechanism_pair": _l("Pair of mechanisms"),
        "partnership": _l("Partnership"),
        "message": _l("Message"),
        "reminder": _l("Reminder"),
        "webhook_delivery": _l("Delivery to a webhook"),
    },
    Audience: {
        "insiders": _l("Everybody of this exchange"),
        "staff": _l("The CGLU-UCLG team only"),
    },
    DateAnswer: {"fits": _l("Suits us"), "if_needed": _l("If need be"), "no": _l("Not possible")},
    LessonQuestion: {
        "problem": _l("What problem did you bring to this exchange?"),
        "seen": _l("What did you see or show that others should know?"),
        "surprised": _l("What surprised you?"),
        "will_change": _l("What will you change at home, and by when?"),
        "hard_to_transfer": _l("What cannot be taken over as it is, and why?"),
        "advice": _l("What would you tell a city that wants to do the same?"),
    },
    Tab: {
        "overview": _l("Overview"),
        "plan": _l("Plan and budget"),
        "visits": _l("Visits"),
        "lessons": _l("Lessons"),
        "mails": _l("Mails"),
    },
    ProposalStep: STEPS,
    Joint: {
        "challenge": _l("Challenges that it answers"),
        "axis": _l("Learning strategies"),
        "module": _l("Learning modules"),
        "topic": _l("Topics for modules"),
        "method": _l("Method cards"),
        "pilot": _l("Pilots"),
        "lab": _l("Local laboratories"),
        "dialogue": _l("It came of a dialogue between mechanisms"),
        "mechanism": _l("Mechanisms of learning"),
        "partnership": _l("Partnership"),
        "congress": _l("Brought to a Congress"),
    },
    Happened: {"moves": _l("Steps"), "remarks": _l("Remarks"), "mails": _l("Mails")},
    TokenScope: {"read": _l("Read"), "write": _l("Read and write")},
    ExchangePhase: PHASES,
    ExchangeKind: {
        "peer_learning_event": _l("Peer-learning event"),
        "study_visit": _l("Study visit"),
        "peer_review": _l("Peer review"),
        "mentoring": _l("Mentoring"),
        "expert_mission": _l("Expert mission"),
        "city_pairing": _l("City pairing"),
        "cooperation_partnership": _l("Decentralised cooperation partnership"),
        "local_lab": _l("Local lab"),
        "module_training": _l("Training on a module"),
    },
    PartnerRole: {
        "host": _l("Host"),
        "learner": _l("Learner"),
        "mentor": _l("Mentor"),
        "reviewer": _l("Reviewing peer"),
        "facilitator": _l("Facilitator"),
        "association": _l("Association"),
        "section": _l("Section"),
        "technical_partner": _l("Technical partner"),
        "funder": _l("Funder"),
    },
    BudgetCategory: {
        "travel": _l("Travel"),
        "accommodation": _l("Accommodation"),
        "per_diem": _l("Per diem"),
        "interpretation": _l("Interpretation"),
        "venue": _l("Venue"),
        "expertise": _l("Expertise"),
        "publication": _l("Publication"),
        "other": _l("Other"),
    },
    CreditRole: {
        "writing": _l("Writing"),
        "editing": _l("Editing"),
        "translation": _l("Translation"),
        "coordination": _l("Coordination"),
        "facilitation": _l("Facilitation"),
        "photos": _l("Photos"),
    },
    NotePart: {
        "heading": _l("Number, title, place and date"),
        "credits": _l("Credits"),
        "foreword": _l("Foreword by the host"),
        "introduction": _l("Introduction"),
        "context": _l("Context and challenges"),
        "practices": _l("Practices"),
        "field_visits": _l("Field visits"),
        "method": _l("Tool or method"),
        "reflections": _l("Shared reflections"),
        "recommendations": _l("Recommendations"),
        "road_map": _l("Road map"),
        "tags": _l("Themes and goals"),
    },
    Horizon: {
        "immediate": _l("Immediate"),
        "intermediate": _l("Intermediate"),
        "long_term": _l("Long term"),
    },
    CostOrder: {
        "under_10k": _l("Under 10,000 euros"),
        "under_100k": _l("10,000 to 100,000 euros"),
        "under_1m": _l("100,000 to 1 million euros"),
        "over_1m": _l("Over 1 million euros"),
        "unknown": _l("Not known"),
    },
    UsedIt: {"yes": _l("Yes"), "partly": _l("Partly"), "no": _l("Not yet")},
    ChangeKind: {
        "policy": _l("A policy"),
        "service": _l("A public service"),
        "practice": _l("A way of working"),
        "skills": _l("Skills"),
        "relationship": _l("A lasting relationship"),
    },
    Age: {
        "to_14": _l("up to 14 days"),
        "to_30": _l("15 to 30 days"),
        "to_60": _l("31 to 60 days"),
        "over_60": _l("over 60 days"),
    },
    Reached: {
        "took_part": _l("took part"),
        "registered": _l("registered a need or an offer"),
        "matched": _l("were asked about a match"),
        "agreed": _l("said yes together with the other side"),
        "planned": _l("agreed on a visit"),
        "visited": _l("had a visit"),
        "lesson": _l("published a lesson"),
        "no_contact": _l("nothing yet: no contact since the forum"),
    },
    Answer: {
        "pending": _l("No answer yet"),
        "accepted": _l("Accepted"),
        "declined": _l("Declined"),
    },
    Side: {"need": _l("The city that needs"), "offer": _l("The city that offers")},
    MatchingMode: {
        "suggest": _l("An officer, pair by pair: the program only suggests"),
        "review": _l("An officer, by publishing a run"),
        "automatic": _l("The program"),
    },
    Occasion: {
        "officer": _l("Begun by an officer"),
        "command": _l("Begun on the command line"),
        "night": _l("Every night"),
        "changes": _l("After changes"),
    },
    Outcome: {
        "drafted": _l("Proposed by the run"),
        "asked": _l("Both sides asked"),
        "suggested": _l("Suggested"),
        "dropped": _l("Dropped"),
    },
    Wished: {
        "pin": _l("Take it when at all possible"),
        "veto": _l("Never take it"),
    },
    Delivery: {
        "one_a_day": _l("At most one mail a day"),
        "at_once": _l("At once"),
        "digest": _l("In a digest"),
        "never": _l("Never"),
    },
    Anchor: {
        "state_since": _l("the day it came to its state"),
        "created_at": _l("the day it was made"),
        "updated_at": _l("the day of its last change"),
        "due_on": _l("the day it is due"),
        "ends_on": _l("its last day"),
        "answer_by": _l("the last day to answer"),
        "expires_on": _l("the day it expires"),
        "visit_start": _l("the first day of the visit"),
        "visit_end": _l("the last day of the visit"),
    },
    WordKind: {
        "stop": _l("Asks to stop"),
        "passed_on": _l("Passed on"),
        "more_time": _l("Needs more time"),
    },
    EscalationLevel: {
        "owner": _l("Owner"),
        "association": _l("Association"),
        "section": _l("Section"),
        "officer": _l("CGLU-UCLG"),
    },
    ImportNoun: {
        "organisations": _l("Organisations"),
        "needs": _l("Needs"),
        "offers": _l("Offers"),
        "exchanges": _l("Exchanges"),
    },
    ImportStage: {
        "waiting": _l("Waiting"),
        "checking": _l("Being checked"),
        "checked": _l("Checked"),
        "loading": _l("Being loaded"),
        "loaded": _l("Loaded"),
        "refused": _l("Refused"),
    },
    ExportStage: {
        "waiting": _l("Waiting"),
        "making": _l("Being made"),
        "ready": _l("Ready"),
        "failed": _l("Failed"),
    },
    MeetingMode: {"on_site": _l("On site"), "online": _l("Online"), "hybrid": _l("Hybrid")},
    HostSearch: {
        "known": _l("We know who could host"),
        "wanted": _l("Please find a host for us"),
    },
    VisitMode: {"on_site": _l("On site"), "online": _l("Online"), "hybrid": _l("Hybrid")},
    SessionKind: {
        "opening": _l("Opening"),
        "context": _l("Context"),
        "field_visit": _l("Field visit"),
        "case_gallery": _l("Gallery of cases"),
        "working_group": _l("Working group"),
        "action_planning": _l("Action planning"),
        "feedback": _l("Feedback"),
        "pause": _l("Break"),
    },
    ParticipantRole: {
        "participant": _l("Participant"),
        "host": _l("Host"),
        "expert": _l("Expert"),
        "facilitator": _l("Facilitator"),
        "observer": _l("Observer"),
    },
    Office: {
        "political": _l("Political"),
        "technical": _l("Technical"),
        "other": _l("Other"),
        "unsaid": _l("Not said"),
    },
    Gender: {"woman": _l("Woman"), "man": _l("Man"), "unsaid": _l("Not said")},
    ChecklistParty: {
        "host": _l("Host"),
        "learner": _l("Learner"),
        "officer": _l("CGLU-UCLG"),
    },
    VisitTime: {"to_come": _l("To come"), "past": _l("Past"), "all": _l("All visits")},
    SheetKind: {"practice": _l("A practice"), "challenge": _l("A challenge")},
}


# The answers to a yes-or-no question of an evaluation.
YES_PARTLY_NO = {"yes": _l("Yes"), "partly": _l("Partly"), "no": _l("No")}


def choice(member: StrEnum | None) -> LazyString | str:
    """The words for a member of any of these enums."""
    return CHOICES[type(member)][member] if member is not None else ""

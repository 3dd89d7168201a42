"""Words for what people write about the editions of the Learning Forum, and what follows them."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.challenges.models import AnswerKind
from exchange.dashboards.ledger import Side
from exchange.forums.fates import Fate
from exchange.forums.items import ItemKind, Met
from exchange.forums.triage import Into
from exchange.recommendations.models import About, Scale
from exchange.strategies.models import Measure

FORUM_CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    ItemKind: {
        "expectation": _l("Expectation"),
        "need": _l("Need"),
        "offer": _l("Offer"),
        "challenge": _l("Challenge"),
        "recommendation": _l("Recommendation"),
    },
    Fate: {
        "written": _l("Written down"),
        "waits": _l("Waits for an answer"),
        "set_aside": _l("Set aside"),
        "taken_up": _l("Taken up"),
        "listed": _l("Became a need or an offer"),
        "matched": _l("Found a partner"),
        "in_exchange": _l("Became an exchange"),
        "visited": _l("Led to a visit"),
        "topic": _l("Became a topic of a module"),
        "committed": _l("Became a commitment"),
        "kept": _l("Commitment kept"),
    },
    AnswerKind: {
        "exchange": _l("Exchange"),
        "module_topic": _l("Topic of a module"),
        "lab": _l("Local laboratory"),
        "none": _l("No answer, and why"),
    },
    Side: {
        "gave": _l("Gave"),
        "received": _l("Received"),
        "both": _l("Gave and received"),
        "host_to_come": _l("Learned, has not shown yet"),
    },
    Into: {
        "need": _l("Need"),
        "offer": _l("Offer"),
        "exchange": _l("Exchange"),
        "topic": _l("Topic of a module"),
    },
    About: {
        "policy": _l("Reach of policies through learning"),
        "method": _l("Methods and mechanisms of learning"),
    },
    Scale: {"local": _l("Local"), "national": _l("National"), "world": _l("Global")},
    Measure: {
        "exchanges": _l("Exchanges tagged to the axis"),
        "visited": _l("Tagged exchanges with a visit"),
        "notes": _l("Tagged exchanges with a published note"),
        "recommendations": _l("Recommendations tagged to the axis"),
        "kept": _l("Commitments kept"),
        "by_hand": _l("Counted by hand"),
    },
    Met: {"met": _l("Met"), "partly": _l("Partly"), "not_met": _l("Not met")},
}

FORUM_FIELDS: dict[str, LazyString] = {
    "about": _l("About"),
    "addressee": _l("Addressed to"),
    "answers_until": _l("Answers until"),
    "axis_id": _l("Axis of a learning strategy"),
    "challenge_answer": _l("What answers it"),
    "challenge_due_on": _l("To be answered until"),
    "challenge_organisation": _l("Whose challenge it is"),
    "challenge_reason": _l("Why so, or why there is no answer"),
    "challenge_said_on": _l("Said on"),
    "challenge_text": _l("The challenge, in their words"),
    "given_side": _l("Gave or received"),
    "lab_url": _l("Web address of a laboratory held elsewhere"),
    "topic_id": _l("Topic of a module"),
    "baseline": _l("Where it began"),
    "exchange_reference": _l("Reference of the exchange"),
    "follows_id": _l("It follows"),
    "indicator_value": _l("Where it is now, when counted by hand"),
    "measure": _l("What it counts"),
    "question_number": _l("Number of the question"),
    "questions_en": _l("Questions in English"),
    "questions_es": _l("Questions in Spanish"),
    "questions_fr": _l("Questions in French"),
    "questions_pt": _l("Questions in Portuguese"),
    "synthesis_en": _l("Synthesis in English"),
    "synthesis_es": _l("Synthesis in Spanish"),
    "synthesis_fr": _l("Synthesis in French"),
    "synthesis_pt": _l("Synthesis in Portuguese"),
    "target": _l("How far it should go"),
    "your_answer": _l("Your answer"),
    "fate": _l("What became of it"),
    "recommendation_owner": _l("Who answers for it"),
    "recommendation_text": _l("Why, and how"),
    "recommendation_title": _l("In one sentence: who should do what"),
    "scale": _l("Level"),
    "expectation_text": _l("What do you want from this forum?"),
    "expected_result": _l("By which result will you know that it was worth it?"),
    "forum_is_public": _l("Everybody may read the programme and what became of it"),
    "guest_name": _l("Your name"),
    "guest_organisation": _l("Your city or organisation"),
    "guests_waiting": _l("Only those who are not here yet"),
    "item_key": _l("Key of this note"),
    "item_kind": _l("What is it?"),
    "item_text": _l("In your words"),
    "room_code": _l("Code of the room"),
    "rules_en": _l("Ground rules in English"),
    "rules_es": _l("Ground rules in Spanish"),
    "rules_fr": _l("Ground rules in French"),
    "rules_pt": _l("Ground rules in Portuguese"),
    "session_id": _l("Session"),
    "verdict": _l("Was it met?"),
    "verdict_note": _l("What came of it, or what was missing"),
    "shift_minutes": _l("Minutes later (with a minus: earlier)"),
}
FORUM_HELP: dict[str, LazyString] = {
    "exchange_reference": _l("For example PX-2026-0001."),
    "questions_en": _l("One question a line."),
    "addressee": _l("For example: ministries of local government, UN-Habitat, our own members."),
    "recommendation_owner": _l("With an owner and a day it becomes a commitment."),
    "room_code": _l("Eight letters and digits; they stand on the screen of the room."),
}

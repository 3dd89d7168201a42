"""All workflows by name: for the diagrams, the checks and the tests."""

from workflows.adoption import ADOPTION
from workflows.challenge import CHALLENGE
from workflows.consultation import CONSULTATION
from workflows.engine import Workflow
from workflows.erasure import ERASURE
from workflows.exchange import EXCHANGE
from workflows.follow_up import FOLLOW_UP
from workflows.forum_item import FORUM_ITEM
from workflows.lab import LAB
from workflows.lab_cycle import LAB_CYCLE
from workflows.match import MATCH
from workflows.matching_run import MATCHING_RUN
from workflows.mechanism_listing import MECHANISM_LISTING
from workflows.mechanism_pair import MECHANISM_PAIR
from workflows.message import MESSAGE
from workflows.method import METHOD
from workflows.method_pilot import METHOD_PILOT
from workflows.module import MODULE
from workflows.module_topic import MODULE_TOPIC
from workflows.need import NEED
from workflows.note import NOTE
from workflows.note_translation import NOTE_TRANSLATION
from workflows.offer import OFFER
from workflows.participant import PARTICIPANT
from workflows.partnership import PARTNERSHIP
from workflows.practice import PRACTICE
from workflows.recommendation import RECOMMENDATION
from workflows.reminder import REMINDER
from workflows.road_map_action import ROAD_MAP_ACTION
from workflows.webhook_delivery import WEBHOOK_DELIVERY

WORKFLOWS: dict[str, Workflow] = {
    workflow.name: workflow
    for workflow in (
        EXCHANGE,
        NEED,
        OFFER,
        MATCH,
        MATCHING_RUN,
        PARTICIPANT,
        NOTE,
        NOTE_TRANSLATION,
        RECOMMENDATION,
        PRACTICE,
        ADOPTION,
        METHOD,
        METHOD_PILOT,
        LAB,
        LAB_CYCLE,
        CONSULTATION,
        CHALLENGE,
        MODULE,
        MODULE_TOPIC,
        MECHANISM_LISTING,
        MECHANISM_PAIR,
        PARTNERSHIP,
        ERASURE,
        ROAD_MAP_ACTION,
        FOLLOW_UP,
        FORUM_ITEM,
        MESSAGE,
        REMINDER,
        WEBHOOK_DELIVERY,
    )
}

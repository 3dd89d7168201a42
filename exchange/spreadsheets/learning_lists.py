"""The lists of what the network learns, as tables: recommendations, modules, topics, challenges,
and events of others."""

from typing import Any

from exchange.challenges import queries as challenges
from exchange.challenges.models import Challenge
from exchange.challenges.schemas import ChallengeFilter
from exchange.mechanisms import queries as mechanisms
from exchange.mechanisms.models import OutsideEvent
from exchange.mechanisms.schemas import OutsideEventFilter
from exchange.modules import queries as modules
from exchange.modules.models import Module, ModuleTopic
from exchange.modules.schemas import ModuleFilter, TopicFilter
from exchange.recommendations import queries as recommendations
from exchange.recommendations.models import Recommendation
from exchange.recommendations.schemas import RecommendationFilter
from exchange.spreadsheets.shape import Export, attribute, columns_of, named


def _newest(row: Module) -> str:
    return row.versions[0].number if row.versions else ""


def _answered_with(row: Challenge) -> Any:
    """The exchange, the topic or the laboratory that answers a challenge."""
    if row.answered_by is not None:
        return row.answered_by.reference
    return row.topic.title if row.topic is not None else row.lab_url


LEARNING: dict[str, Export] = {
    "recommendations": Export(
        "recommendation.see",
        Recommendation,
        RecommendationFilter,
        lambda query, chosen, _actor: recommendations.listed(query, chosen),
        recommendations.SORTS,
        recommendations.FIRST_DUE,
        columns_of(
            "message text language about_what scale addressee answers_for supports due_on state "
            "state_since evidence evidence_url",
            message=attribute("title"),
            about_what=attribute("about"),
            answers_for=lambda row: named(row.owner),
        ),
    ),
    "modules": Export(
        "module.see",
        Module,
        ModuleFilter,
        lambda query, chosen, _actor: modules.listed(query, chosen),
        modules.SORTS,
        modules.FIRST_CODE,
        columns_of(
            "code title text depth themes agendas newest_version times_given partners state "
            "state_since",
            title=attribute("titles"),
            text=attribute("texts"),
            newest_version=_newest,
            times_given=lambda row: len(row.deliveries),
            partners=lambda row: "; ".join(
                dict.fromkeys(named(one.organisation) for one in row.partners)
            ),
        ),
    ),
    "topics": Export(
        "module_topic.see",
        ModuleTopic,
        TopicFilter,
        lambda query, chosen, _actor: modules.topics(query, chosen),
        modules.TOPIC_SORTS,
        modules.MOST_WANTED,
        columns_of(
            "title text language themes agendas demand module state state_since",
            module=lambda row: row.module.code if row.module else "",
        ),
    ),
    "challenges": Export(
        "challenge.see",
        Challenge,
        ChallengeFilter,
        lambda query, chosen, _actor: challenges.listed(query, chosen),
        challenges.SORTS,
        challenges.FIRST_DUE,
        columns_of(
            "text language organisation agendas said_on due_on answered_by answered_with reason "
            "source_url state state_since",
            answered_by=attribute("answer"),
            answered_with=_answered_with,
        ),
    ),
    "events": Export(
        "outside_event.see",
        OutsideEvent,
        OutsideEventFilter,
        lambda query, chosen, _actor: mechanisms.events(query, chosen),
        mechanisms.EVENT_SORTS,
        mechanisms.FIRST_ON,
        columns_of(
            "organiser title language partner place starts_on ends_on themes address",
            partner=lambda row: named(row.partner),
            address=attribute("url"),
        ),
    ),
}

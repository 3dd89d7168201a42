"""What is searched of the forum and of what the network makes of it: notes, recommendations,
strategies, challenges, topics, modules, methods, laboratories, mechanisms, partnerships."""

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from exchange.challenges.models import Challenge
from exchange.congresses.models import Congress
from exchange.directory.models import Organisation
from exchange.forums.items import ForumItem
from exchange.forums.models import Forum
from exchange.labs.models import Lab, LabCycle, LabPartner
from exchange.mechanisms.models import Mechanism, MechanismListing
from exchange.methods.models import Method
from exchange.modules.models import Module, ModulePartner, ModuleTopic
from exchange.partnerships.models import Pair, Partnership
from exchange.recommendations.models import Recommendation
from exchange.search.source import Source, Words, of, own, themes
from exchange.strategies.models import Axis, Strategy

# Of what has no title of its own, the beginning is shown as one.
AS_TITLE = 120


def _everywhere(titles: dict[str, str], *texts: Any) -> Words:
    """Words that stand in several languages: shown in the reader's, else in English, else in the
    first there is."""
    language = "en" if titles.get("en") else next(iter(titles), "")
    all_of_it = (*titles.values(), *texts)
    return Words(titles.get(language, ""), all_of_it, language, titles=titles)


def _beginning(text: str) -> str:
    """The first words of a text, as the title of what has none."""
    whole = " ".join(text.split())
    return whole if len(whole) <= AS_TITLE else whole[:AS_TITLE].rpartition(" ")[0] + " …"


def _named(row: Any) -> tuple[str, ...]:
    return (row.organisation.name,) if row.organisation else ()


def _agendas(row: Any) -> list[str]:
    return [words for term in row.tagged("agenda") for words in term.labels.values()]


def _renamed(row_id: Any, organisation_id: InstrumentedAttribute[Any]) -> Any:
    """The organisation whose name a row bears has changed."""
    return of(row_id, Organisation.updated_at).join(
        Organisation, organisation_id == Organisation.id
    )


def _with_owner(model: Any) -> tuple[Any, ...]:
    return (own(model), _renamed(model.id, model.organisation_id))


def _forum(row: Forum) -> Words:
    return _everywhere(row.titles or {"": row.code}, row.place)


def _forum_item(row: ForumItem) -> Words:
    return Words(_beginning(row.text), (*_named(row), row.text, row.expected_result), row.language)


def _recommendation(row: Recommendation) -> Words:
    whose = row.owner.name if row.owner else ""
    return Words(row.title, (whose, row.addressee, row.text), row.language)


def _strategy(row: Strategy) -> Words:
    axes = [words for axis in row.axes for words in (*axis.titles.values(), *axis.texts.values())]
    return _everywhere(row.titles, *row.texts.values(), *axes)


def _challenge(row: Challenge) -> Words:
    return Words(_beginning(row.text), (*_named(row), row.text, row.reason), row.language)


def _topic(row: ModuleTopic) -> Words:
    return Words(row.title, (row.text, *themes(row), *_agendas(row)), row.language)


def _module(row: Module) -> Words:
    partners = dict.fromkeys(partner.organisation.name for partner in row.partners)
    tags = (*themes(row), *_agendas(row))
    return _everywhere(row.titles, *partners, *row.texts.values(), *tags)


def _method(row: Method) -> Words:
    steps = [words for step in row.steps for words in step.values()]
    return _everywhere(row.titles, *_named(row), *row.texts.values(), *steps)


def _mechanism(row: Mechanism) -> Words:
    said = [words for one in row.listings for words in (one.title, one.text)]
    return _everywhere(row.titles, *_named(row), *row.texts.values(), *themes(row), *said)


def _partnership(row: Partnership) -> Words:
    cities = dict.fromkeys(city.name for pair in row.pairs for city in pair.cities)
    return _everywhere(row.titles, *cities, *row.texts.values())


def _congress(row: Congress) -> Words:
    # What is brought to it stays out: not everybody may know of every exchange there.
    return _everywhere(row.titles or {"": row.code}, row.place, *row.texts.values())


def _lab(row: Lab) -> Words:
    partners = [one.organisation.name for one in row.partners]
    asked = [text for one in row.cycles for text in (one.question, one.result)]
    texts = (*_named(row), *partners, row.text, *asked, *row.remains, *themes(row))
    return Words(row.title, texts, row.language)


LEARNING: dict[str, Source] = {
    "forum": Source(Forum, (own(Forum),), _forum),
    "congress": Source(Congress, (own(Congress),), _congress),
    "forum_item": Source(
        ForumItem, _with_owner(ForumItem), _forum_item, (joinedload(ForumItem.organisation),)
    ),
    "recommendation": Source(
        Recommendation,
        (own(Recommendation), _renamed(Recommendation.id, Recommendation.owner_id)),
        _recommendation,
        (joinedload(Recommendation.owner),),
    ),
    "strategy": Source(
        Strategy,
        (own(Strategy), of(Axis.strategy_id, Axis.updated_at)),
        _strategy,
        (selectinload(Strategy.axes),),
    ),
    "challenge": Source(
        Challenge, _with_owner(Challenge), _challenge, (joinedload(Challenge.organisation),)
    ),
    "module_topic": Source(
        ModuleTopic, (own(ModuleTopic),), _topic, (selectinload(ModuleTopic.terms),)
    ),
    "module": Source(
        Module,
        (
            own(Module),
            of(ModulePartner.module_id, ModulePartner.updated_at),
            _renamed(ModulePartner.module_id, ModulePartner.organisation_id),
        ),
        _module,
        (selectinload(Module.terms), selectinload(Module.partners)),
    ),
    "method": Source(Method, _with_owner(Method), _method, (joinedload(Method.organisation),)),
    "lab": Source(
        Lab,
        (
            *_with_owner(Lab),
            of(LabCycle.lab_id, LabCycle.updated_at),
            of(LabPartner.lab_id, LabPartner.updated_at),
            _renamed(LabPartner.lab_id, LabPartner.organisation_id),
        ),
        _lab,
        (
            joinedload(Lab.organisation),
            selectinload(Lab.cycles),
            selectinload(Lab.partners).joinedload(LabPartner.organisation),
            selectinload(Lab.terms),
        ),
    ),
    "mechanism": Source(
        Mechanism,
        (
            *_with_owner(Mechanism),
            of(MechanismListing.mechanism_id, MechanismListing.updated_at),
        ),
        _mechanism,
        (
            joinedload(Mechanism.organisation),
            selectinload(Mechanism.terms),
            selectinload(Mechanism.listings),
        ),
    ),
    "partnership": Source(
        Partnership,
        (own(Partnership), of(Pair.partnership_id, Pair.updated_at)),
        _partnership,
        (selectinload(Partnership.pairs).selectinload(Pair.cities),),
    ),
}

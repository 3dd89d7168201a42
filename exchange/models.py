"""Every model, for the migrations and for whoever needs a row by the name of its workflow."""

from sqlalchemy.orm import configure_mappers

from exchange import steps
from exchange.accounts import models as accounts
from exchange.audit import models as audit
from exchange.catalogue import models as catalogue
from exchange.challenges import models as challenges
from exchange.congresses import models as congresses
from exchange.directory import expertise
from exchange.directory import models as directory
from exchange.exchanges import models as exchanges
from exchange.exchanges import remarks, reviews
from exchange.extensions import Base
from exchange.forums import items
from exchange.forums import models as forums
from exchange.keeping import models as keeping
from exchange.keeping import views
from exchange.labs import models as labs
from exchange.lessons import crediting, photos, sheets, translations
from exchange.lessons import models as lessons
from exchange.matching import models as matching
from exchange.mechanisms import models as mechanisms
from exchange.messages import models as messages
from exchange.methods import models as methods
from exchange.modules import models as modules
from exchange.operations import models as operations
from exchange.partnerships import models as partnerships
from exchange.practices import models as practices
from exchange.practices import reuse
from exchange.privacy import models as privacy
from exchange.programmes import models as programmes
from exchange.recommendations import models as recommendations
from exchange.reminders import models as reminders
from exchange.runs import models as runs
from exchange.search import models as search
from exchange.spreadsheets import models as spreadsheets
from exchange.strategies import models as strategies
from exchange.visits import models as visits
from exchange.vocabularies import models as vocabularies
from exchange.webhooks import models as webhooks

__all__ = [
    "WORKFLOW_MODELS",
    "accounts",
    "audit",
    "configure_mappers",
    "congresses",
    "crediting",
    "directory",
    "expertise",
    "forums",
    "keeping",
    "modules",
    "operations",
    "photos",
    "programmes",
    "remarks",
    "reviews",
    "search",
    "sheets",
    "spreadsheets",
    "steps",
    "translations",
    "views",
    "vocabularies",
]

WORKFLOW_MODELS: dict[str, type[Base]] = {
    "exchange": exchanges.Exchange,
    "need": catalogue.Need,
    "offer": catalogue.Offer,
    "match": matching.Match,
    "matching_run": runs.Run,
    "participant": visits.Participant,
    "note": lessons.Note,
    "note_translation": translations.NoteTranslation,
    "practice": practices.Practice,
    "adoption": reuse.Adoption,
    "method": methods.Method,
    "method_pilot": methods.Pilot,
    "lab": labs.Lab,
    "lab_cycle": labs.LabCycle,
    "road_map_action": lessons.RoadMapAction,
    "follow_up": lessons.FollowUp,
    "forum_item": items.ForumItem,
    "module": modules.Module,
    "module_topic": modules.ModuleTopic,
    "recommendation": recommendations.Recommendation,
    "consultation": strategies.Consultation,
    "challenge": challenges.Challenge,
    "mechanism_listing": mechanisms.MechanismListing,
    "mechanism_pair": mechanisms.MechanismPair,
    "partnership": partnerships.Partnership,
    "erasure": privacy.ErasureRequest,
    "message": messages.Message,
    "reminder": reminders.Reminder,
    "webhook_delivery": webhooks.WebhookDelivery,
}

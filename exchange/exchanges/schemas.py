"""What an exchange and its parts look like, in JSON and on a form."""

from decimal import Decimal
from enum import StrEnum, auto
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import get_territory_currencies
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from exchange.clock import today
from exchange.exchanges.ageing import Age
from exchange.exchanges.models import (
    BudgetCategory,
    ExchangeKind,
    HostSearch,
    MeetingMode,
    PartnerRole,
)
from exchange.exchanges.remarks import Audience
from exchange.schemas import (
    Choice,
    Codes,
    Filter,
    Flag,
    Language,
    Link,
    LongText,
    OneOf,
    RowId,
    Schema,
    Text,
    Whole,
)
from workflows.exchange import ExchangePhase, ExchangeState


class RowIds(fields.List):
    """Ids of rows that the edge offers; dumped from the rows of ``of``."""

    def __init__(self, options_name: str, of: str, **options: Any) -> None:
        options["metadata"] = {"widget": "checkboxes", "options": options_name, "many": True}
        super().__init__(fields.Integer(), **options)
        self.of = of

    def serialize(self, attr: str, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return [str(row.id) for row in getattr(obj, self.of)]


class Window(Schema):
    """A first and a last day, in this order."""

    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)

    @validates_schema
    def window(self, data: dict[str, Any], **_options: Any) -> None:
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(str(_l("The last day lies before the first.")), "ends_on")


class ExchangeSchema(Window):
    """A proposal as people write it."""

    class Meta:
        unknown = "raise"
        fields = (
            "proposer_id",
            "title",
            "purpose",
            "learning_question",
            "kind",
            "language",
            "themes",
            "languages",
            "need_ids",
            "host_search",
            "starts_on",
            "ends_on",
            "mode",
            "guests",
            "access_needs",
            "budget_note",
            "sdg_targets",
            "agendas",
            "formats",
            "programme",
            "source_url",
        )

    proposer_id = RowId("proposers", required=True)
    title = Text(required=True, longest=200)
    purpose = LongText(load_default="")
    learning_question = LongText(longest=2000, load_default="")
    host_search = Choice(HostSearch, allow_none=True)
    mode = Choice(MeetingMode, allow_none=True)
    guests = Whole(least=1, most=10_000, allow_none=True)
    access_needs = LongText(longest=2000, load_default="")
    budget_note = LongText(longest=2000, load_default="")
    kind = Choice(ExchangeKind, required=True)
    language = Language(required=True)
    themes = Codes("theme", load_default=list)
    languages = Codes("language", load_default=list)
    sdg_targets = Codes("sdg_target", load_default=list)
    agendas = Codes("agenda", load_default=list)
    formats = Codes("format", load_default=list)
    need_ids = RowIds("linkable_needs", "needs")
    programme = Text(load_default="")
    source_url = Link(longest=500, load_default="")

    def __init__(self, *, exchange_id: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        needs = self.fields.get("need_ids")
        if needs is not None and exchange_id is not None:
            needs.metadata = {**needs.metadata, "options": f"linkable_needs:{exchange_id}"}


class ProposalSchema(ExchangeSchema):
    """A new proposal also says what its proposer does in it."""

    class Meta:
        unknown = "raise"
        first, *others = ExchangeSchema.Meta.fields
        fields = (first, "proposer_role", *others)

    proposer_role = Choice(PartnerRole)


class BundleSchema(ExchangeSchema):
    """An association bundles the needs of its members."""

    proposer_id = RowId("bundlers", required=True)
    need_ids = RowIds("linkable_needs", "needs", required=True)


class PartnerSchema(Schema):
    """A partner and its role."""

    organisation_id = RowId("organisations", required=True)
    role = Choice(PartnerRole, required=True)
    contact_id = RowId("contacts", allow_none=True)


class ContactOfSchema(Schema):
    """Who answers for the proposer, or for a partner."""

    contact_id = RowId("contacts", allow_none=True, load_default=None)

    def __init__(self, *, organisation_id: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        contact = self.fields["contact_id"]
        contact.metadata = {**contact.metadata, "options": f"contacts:{organisation_id or ''}"}


class CommitmentSchema(Schema):
    """When a partner said yes; today unless another day is given."""

    committed_on = fields.Date(allow_none=True)


class ConceptNoteSchema(Schema):
    """The concept note, and the day the partners agreed on it."""

    concept_note = LongText(load_default="")
    concept_note_agreed_on = fields.Date(allow_none=True)


@cache
def currencies() -> frozenset[str]:
    """The codes of the currencies that are money somewhere today (ISO 4217, after Unicode CLDR)."""
    codes = [str(code) for code in Locale("en").territories]
    found = (get_territory_currencies(code, today()) for code in codes if len(code) == 2)
    return frozenset(str(currency) for some in found for currency in some)


class Currency(OneOf):
    """A currency by its ISO 4217 code."""

    def __init__(self, **options: Any) -> None:
        super().__init__("currencies", **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs).upper()
        if code and code not in currencies():
            raise ValidationError(str(_l("Choose a currency, like EUR or XOF.")))
        return code


def affordable(amount: Decimal) -> None:
    """:raises ValidationError: the amount is negative, or longer than its column."""
    # No ``validate.Range``: the API's document would state its bounds as texts.
    if not 0 <= amount < 10**12:
        raise ValidationError(str(_l("Give an amount from 0 to a million millions.")))


class BudgetLineSchema(Schema):
    """One line of the budget."""

    category = Choice(BudgetCategory, required=True, metadata={"words": "category"})
    label = Text(load_default="", metadata={"words": "budget_label"})
    amount = fields.Decimal(required=True, places=2, validate=affordable)
    currency = Currency(required=True)
    payer_id = RowId("payers", allow_none=True)

    def __init__(self, *, exchange_id: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        payer = self.fields["payer_id"]
        payer.metadata = {**payer.metadata, "options": f"payers:{exchange_id}"}


class PhaseSchema(Window):
    """A phase of a partnership over years."""

    class Meta:
        unknown = "raise"
        fields = ("title", "objective", "starts_on", "ends_on")

    title = Text(required=True, longest=200, metadata={"words": "phase_title"})
    objective = LongText(longest=5000, load_default="")


class OverrideSchema(Schema):
    """An administrator goes round the table."""

    to_state = Choice(ExchangeState, required=True)
    note = LongText(required=True, longest=5000, metadata={"words": "override_note"})
    expected_state = Text(longest=40)


class Tab(StrEnum):
    """The parts of the page of an exchange, each with an address of its own."""

    overview = auto()
    plan = auto()
    visits = auto()
    lessons = auto()
    mails = auto()


class RemarkSchema(Schema):
    """A remark on an exchange."""

    text = LongText(required=True, longest=5000, metadata={"words": "remark"})
    audience = Choice(Audience, load_default=Audience.insiders)


class OwnerSchema(Schema):
    """Who follows the exchange."""

    owner_id = RowId("officers", allow_none=True, load_default=None)


class ExchangeFilter(Filter):
    """How the list of exchanges is narrowed."""

    state = Choice(ExchangeState)
    phase = Choice(ExchangePhase)
    kind = Choice(ExchangeKind)
    theme = Text(longest=80)
    country = Text(longest=2)
    section = Text(longest=20)
    organisation = Whole(least=1)
    owner = Whole(least=1)
    unowned = Flag()
    open = Flag()
    mine = Flag()
    overdue = Flag()
    stuck = Flag()
    due_soon = Flag()
    age = Choice(Age)
    waiting = Flag()
    programme_id = Whole(least=1)
    left = Choice(ExchangePhase)
    passed = Choice(ExchangePhase)
    at = Text(longest=20)
    reached_stage = Choice(ExchangePhase)
    begun_from = fields.Date()
    begun_until = fields.Date()
    language = Text(longest=20)
    host = Whole(least=1)
    learner = Whole(least=1)

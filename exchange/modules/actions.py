"""What happens to learning modules. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import events, multilingual, steps, tags
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.modules.models import Delivery, Module, ModulePartner, ModuleVersion
from exchange.steps import Step
from exchange.vocabularies.queries import terms_by_codes
from workflows.module import MODULE

WORDS = {"title": "titles", "text": "texts"}


def create(data: Mapping[str, Any]) -> Module:
    """Write a module as a draft.

    :raises Invalid: ``code_taken``; or a tag that is not in its vocabulary.
    """
    row = Module()
    _fill(row, data)
    db.session.add(row)
    db.session.flush()
    events.publish("module.create", id=row.id)
    return row


def edit(row: Module, data: Mapping[str, Any]) -> Module:
    """Change a module.

    :raises Invalid: as for ``create``.
    :raises NotAllowed: ``finished``, it is retired.
    """
    _require_open(row)
    _fill(row, data)
    db.session.flush()
    return row


def _fill(row: Module, data: Mapping[str, Any]) -> None:
    code = data.get("code", row.code)
    tagged = {name: codes for name, codes in data.items() if name in tags.TAGS}
    with db.session.no_autoflush:
        known = db.session.scalars(select(Module).where(Module.code == code)).first()
        if known is not None and known is not row:
            raise Invalid("code", "code_taken")
        multilingual.write(row, {k: v for k, v in data.items() if k not in tagged}, WORDS)
        tags.apply(row, tagged)


def as_form(row: Module) -> dict[str, Any]:
    """The values of a module by the fields of its form."""
    return multilingual.as_form(row, WORDS) | {
        "themes": [term.code for term in row.tagged("theme")],
        "agendas": [term.code for term in row.tagged("agenda")],
    }


def save_version(
    module: Module, data: Mapping[str, Any], row: ModuleVersion | None = None
) -> ModuleVersion:
    """Add a version to a module, or change ``row``.

    :raises Invalid: ``number_taken``; a language that is not in the vocabulary.
    :raises NotAllowed: ``finished``, the module is retired.
    """
    _require_open(module)
    terms_by_codes("language", data.get("languages", ()), field="languages")
    number = data.get("number")
    if any(one is not row and one.number == number for one in module.versions):
        raise Invalid("number", "number_taken")
    if row is None:
        row = ModuleVersion()
        _write(row, data)
        module.versions.append(row)
    else:
        _write(row, data)
    db.session.flush()
    return row


def add_partner(module: Module, data: Mapping[str, Any]) -> ModulePartner:
    """Name an organisation and one of its parts; once, however often.

    :raises Invalid: ``no_such_organisation``.
    :raises NotAllowed: ``finished``, the module is retired.
    """
    _require_open(module)
    if db.session.get(Organisation, data["organisation_id"]) is None:
        raise Invalid("organisation_id", "no_such_organisation")
    wanted = (data["organisation_id"], data["part"])
    known = {(one.organisation_id, one.part): one for one in module.partners}
    if wanted in known:
        return known[wanted]
    row = ModulePartner(**data)
    module.partners.append(row)
    db.session.flush()
    return row


def remove_partner(row: ModulePartner) -> None:
    """Take one part of an organisation away.

    :raises NotAllowed: ``finished``, the module is retired.
    """
    _require_open(row.module)
    row.module.partners.remove(row)
    db.session.flush()


def save_delivery(module: Module, data: Mapping[str, Any], row: Delivery | None = None) -> Delivery:
    """Write down that a module was given, or change ``row``. What was given stays true when the
    module is retired.

    :raises Invalid: ``no_such_exchange``; ``window``; ``more_than_all``, women and men are more
        than the participants.
    """
    facts = dict(data)
    reference = facts.pop("reference", None)
    with db.session.no_autoflush:
        new = row is None
        row = row or Delivery()
        if reference is not None:
            row.exchange = _exchange(reference)
        for name, value in facts.items():
            setattr(row, name, value)
        if row.ends_on < row.starts_on:
            raise Invalid("ends_on", "window")
        counted = (row.women or 0) + (row.men or 0)
        if row.participants is not None and counted > row.participants:
            raise Invalid("participants", "more_than_all")
        if new:
            module.deliveries.append(row)
    db.session.flush()
    return row


def _exchange(reference: str) -> Exchange | None:
    wanted = reference.strip().upper()
    if not wanted:
        return None
    found = db.session.scalars(select(Exchange).where(Exchange.reference == wanted)).first()
    if found is None:
        raise Invalid("reference", "no_such_exchange")
    return found


def advance_module(
    row: Module,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a module one step and write the step down."""
    return steps.advance(
        MODULE, row, trigger, actor=actor, note=note, expected_state=expected_state
    )


def _write(row: Any, data: Mapping[str, Any]) -> None:
    for name, value in data.items():
        setattr(row, name, value)


def _require_open(row: Module) -> None:
    if row.state is not None and MODULE.is_final(row.state):
        raise NotAllowed("finished")

"""A proposal that saves by itself: what was typed in one page meets what others have saved."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import format_time
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from exchange import edge
from exchange.clock import now
from exchange.errors import Invalid
from exchange.exchanges import proposals
from exchange.exchanges.models import Exchange
from exchange.exchanges.proposal_schemas import AnswersSchema
from exchange.exchanges.proposals import ProposalStep
from exchange.keeping import edits
from exchange.transaction import transaction
from exchange.web import merging, picking
from exchange.web.errors import sentence
from exchange.web.filters import moment
from exchange.web.forms import Form

Answer = tuple[dict[str, Any], int]


def save(exchange: Exchange, asked: Mapping[str, Any]) -> Answer:
    """Save the answers that can be taken, and tell of each other one why not.

    Only a field that somebody else has changed since the page was made is torn between two texts:
    then both stay, the other one here and this one with its writer (409). A value that cannot be
    taken stays with its writer too (422).
    """
    names = [name for name in proposals.STEPS[asked["step"]] if name in asked["values"]]
    form = _form(exchange, names, asked["values"])
    torn = _torn(form, [n for n in names if n in asked["before"]], asked["before"])
    told = {name: _theirs(exchange, form, name) for name in torn}  # before we save, and are last
    form.validate()
    errors = {name: said for name, said in form.errors.items() if name not in torn}
    good = [name for name in names if name not in torn and name not in errors]
    taken = _form(exchange, good, asked["values"])
    if taken.validate():
        errors |= _write(exchange, taken.data)
    saved = [name for name in good if name not in errors]
    body = _stands(exchange, asked["step"], saved)
    if errors:
        labels = ", ".join(form[name].label for name in errors)
        body["words"] = _("Saved, but not yet: %(fields)s. It is kept here.", fields=labels)
        body["errors"] = {name: " ".join(said) for name, said in errors.items()}
    if torn:
        body["torn"] = told
    return body, 409 if torn else 422 if errors else 200


def _form(exchange: Exchange, names: Iterable[str], values: Mapping[str, Any]) -> Form:
    """The form of these fields alone, as if ``values`` had been sent by its page."""
    wanted = [name for name in names if name in values]
    schema = AnswersSchema(exchange=exchange, only=wanted, partial=True)
    sent: MultiDict[str, str] = MultiDict()
    for name in wanted:
        many = values[name] if isinstance(values[name], list) else [values[name]]
        sent.setlist(name, [str(one) for one in many if one is not None] or [""])
    form = Form(schema, exchange, source=sent)
    form.sent = picking.picked(sent, form.long_lists(sent))[0]
    return form


def _torn(form: Form, names: Iterable[str], seen: Mapping[str, Any]) -> list[str]:
    """The fields that hold neither what the page has seen nor what it sends."""
    before = _form(form.row, names, seen)
    found = []
    for name in names:
        field, saved = form.schema.load_fields[name], merging.plain(form.values.get(name))
        known = (one.sent or MultiDict() for one in (before, form))
        if saved not in [merging.typed_value(field, name, sent) for sent in known]:
            found.append(name)
    return found


def _write(exchange: Exchange, good: dict[str, Any]) -> dict[str, list[str]]:
    """Write what can be taken; what the rules refuse is told, and the rest is written."""
    errors: dict[str, list[str]] = {}
    left, tries = dict(good), 0
    while left:
        try:
            with transaction():
                proposals.write(exchange, left, actor=edge.signed_in())
                edits.note(exchange, edge.signed_in())
            return errors
        except Invalid as problem:
            at_fault = problem.field if problem.field in left else next(iter(left))
            errors[at_fault] = [sentence(problem)]
            left.pop(at_fault)
        except StaleDataError:  # two pages saved at the same moment: look again
            tries += 1
            if tries > len(proposals.STEPS):
                raise
    return errors


def _stands(exchange: Exchange, step: ProposalStep, saved: list[str]) -> dict[str, Any]:
    """What the page must know to go on: what was saved and when, the version, what it holds."""
    answers = AnswersSchema(exchange=exchange, only=proposals.STEPS[step])
    return {
        "saved": saved,
        "revision": exchange.version_id,
        "shown": merging.shown(answers, answers.dump(exchange)),
        "words": _("Saved at %(time)s", time=format_time(now(), "short")),
    }


def _theirs(exchange: Exchange, form: Form, name: str) -> dict[str, Any]:
    """What somebody else has written, as the page can show it and take it."""
    edit, value = edits.last(exchange), form.values.get(name)
    text = merging.in_words(form[name], value)
    said = _("Somebody else has changed this.")
    if edit is not None and edit.person == edge.actor():
        said = _("You changed this in another window.")
    elif edit is not None:
        when = moment(edit.edited_at)
        said = _("%(name)s changed this on %(when)s.", name=edit.person.name, when=when)
    plain = value if isinstance(value, list) else merging.plain(value)
    return {"value": text if form[name].widget == "search" else plain, "text": text, "said": said}

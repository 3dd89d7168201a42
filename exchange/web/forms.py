"""A form is a schema seen by a person: labels, what was typed, what is wrong."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from marshmallow import ValidationError, fields
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from exchange import edge, labels
from exchange.errors import Invalid
from exchange.keeping import edits
from exchange.schemas import Codes, Flag, LongText, Schema
from exchange.transaction import transaction
from exchange.web import kept, merging, picking, tongues
from exchange.web.errors import sentence
from exchange.web.option import Option
from exchange.web.options import options_for

Result = TypeVar("Result")
# How often we look again when others save at the same moment.
TRIES = 2


@dataclass
class FormField:
    """One field as the page draws it."""

    name: str
    label: str
    help: str
    widget: str
    value: Any
    required: bool
    many: bool = False
    longest: int | None = None
    autocomplete: str = ""
    options: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    opened: bool = False

    @property
    def groups(self) -> dict[str, list[Option]]:
        """The options by what stands before the point of their codes: targets by their goal."""
        found: dict[str, list[Option]] = {}
        for option in self.options:
            found.setdefault(option.value.partition(".")[0], []).append(option)
        return found


class Form:
    """``schema`` with values from ``row`` (or ``initial``), or as they were just sent.

    Whoever sets ``again`` shows what was sent once more although nothing is wrong with it: a
    button that only looks saves nothing and loses nothing.
    """

    def __init__(
        self,
        schema: Schema,
        row: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        source: MultiDict[str, str] | None = None,
    ) -> None:
        self.schema = schema
        self.row = row
        self.saved_version = str(getattr(row, "version_id", None) or "")
        self.values: dict[str, Any] = dict(schema.dump(row)) if row is not None else {}
        self.values.update(initial or {})
        self.sent = request.form if source is None and request.method == "POST" else source
        if self.sent is not None:
            self.sent = merging.chosen(self.sent, self.values)
        self.typed_before = kept.typed_before() if self.sent is None else None
        self.errors: dict[str, list[str]] = {}
        self.again = False
        self.data: dict[str, Any] = {}
        self.tries = 0

    def validate(self) -> bool:
        """Whether something was sent and can be taken; then ``data`` holds it."""
        if self.sent is None:
            return False
        if "show" in self.sent:  # a list that is long is asked for by a button: nothing is saved
            self.again = True
            return False
        sent, unclear = picking.picked(self.sent, self.long_lists(self.sent))
        try:
            self.data = self.schema.load(sent)
        except ValidationError as problem:
            for name, messages in problem.normalized_messages().items():
                self.errors[name] = _flat(messages)
        self.errors.update(unclear)
        return not self.errors

    def long_lists(self, sent: MultiDict[str, str]) -> dict[str, list[Option]]:
        """The lists of ``sent`` in which something was searched by its name."""
        searched = {
            name: options_for(known.metadata)
            for name, known in self.schema.load_fields.items()
            if known.metadata.get("widget") == "select" and sent.get(name)
        }
        return {name: found for name, found in searched.items() if picking.is_long(found)}

    def submit(self, action: Callable[[dict[str, Any]], Result]) -> Result | None:
        """Run ``action`` with the data in one transaction; None when the page must be shown again.

        A refusal that names a field is shown at that field; any other goes to the error table.

        What others have saved since the page was made stays, unless both changed the same field.

        :raises Stale: somebody saved another thing in a field that was changed here too.
        """
        if not self.validate() or not self._together_with_others():
            return None
        try:
            with transaction():
                done = action(self.data)
                edits.note(self.row, edge.actor())
                return done
        except Invalid as problem:
            self.errors[problem.field] = [sentence(problem)]
            return None
        except StaleDataError:  # they saved between our look and our writing
            if self.tries == TRIES:
                raise
            self.tries += 1
            self._look_again()
            return self.submit(action)

    def _look_again(self) -> None:
        self.values.update(self.schema.dump(self.row))
        self.saved_version = str(self.row.version_id)

    @property
    def version(self) -> str:
        """The version of the row that the page shows, to be sent back; empty for a new row."""
        before = self.sent if self.sent is not None else self.typed_before
        if before is not None and "version_id" in before:
            return str(before["version_id"])
        return self.saved_version

    @property
    def kept_id(self) -> str:
        """The kept form that the page shows again, to be forgotten once it has been sent."""
        before = self.sent if self.sent is not None else self.typed_before
        asked = request.values.get("kept", "") if before is not None else ""
        return asked if asked.isdigit() else ""

    @property
    def shown(self) -> str:
        """What the fields held when the page was made, to be sent back with the version."""
        before = self.sent if self.sent is not None else self.typed_before
        if before is not None and "shown" in before:
            return before["shown"]
        return merging.shown(self.schema, self.values)

    def _together_with_others(self) -> bool:
        if self.sent is None or self.version == self.saved_version:
            return True
        plain, _unclear = picking.picked(self.sent, self.long_lists(self.sent))
        taken, torn = merging.merged(self.schema, plain, self.values)
        if torn:
            raise merging.Stale(self, torn)
        taken["version_id"] = self.saved_version
        taken["shown"] = merging.shown(self.schema, self.values)
        self.sent = taken
        return self.validate()

    @property
    def status(self) -> int:
        """The HTTP status of the page: 422 when it is shown again with errors."""
        return 422 if self.errors else 200

    def __iter__(self) -> Iterator[FormField]:
        return (self[name] for name in self.schema.load_fields)

    def questions(self) -> Iterator[tuple[list[FormField], list[FormField]]]:
        """The fields as a page asks them: those in sight, and the same text in other languages."""
        for asked in tongues.questions(self.schema.load_fields, edge.current_language()):
            shown, folded = ([self[name] for name in names] for names in asked)
            # What helps with a text stands at one of its languages, and is read in sight.
            shown[0].help = next((f.help for f in shown + folded if f.help), "")
            yield shown, folded

    def __getitem__(self, name: str) -> FormField:
        known = self.schema.load_fields[name]
        meta = known.metadata
        words = meta.get("words", name)  # the same name asks another thing in another form
        return _fitted(
            FormField(
                name=name,
                label=str(labels.FIELDS[words]),
                help=str(labels.HELP.get(words, "")),
                widget=meta.get("widget") or _widget(known),
                value=self._value(name, known),
                required=known.required or bool(meta.get("needed")),  # needed by this button only
                many=isinstance(known, fields.List),
                longest=getattr(known, "longest", None),
                autocomplete=meta.get("autocomplete", ""),
                options=options_for(meta),
                errors=self.errors.get(name, []),
                opened=self.sent is not None and self.sent.get("show") == name,
            )
        )

    def _value(self, name: str, known: fields.Field[Any]) -> Any:
        if known.metadata.get("widget") == "password":
            return ""  # a password is never written into a page
        typed = self.sent if self.errors or self.again else self.typed_before
        if typed is not None:
            return typed.getlist(name) if isinstance(known, fields.List) else typed.get(name, "")
        value = self.values.get(name, [] if isinstance(known, Codes) else "")
        return "" if value is None else value


def _fitted(drawn: FormField) -> FormField:
    """A long list as a search box; the only thing that can be chosen is chosen already."""
    if drawn.widget != "select":
        return drawn
    if picking.is_long(drawn.options):
        drawn.widget, drawn.value = "search", picking.shown(str(drawn.value), drawn.options)
    elif drawn.required and not drawn.value and len(drawn.options) == 2:
        drawn.value = drawn.options[1].value
    return drawn


def _widget(known: fields.Field[Any]) -> str:
    for kind, widget in (
        (Flag, "checkbox"),
        (LongText, "textarea"),
        (fields.Integer, "number"),
        (fields.Date, "date"),
        (fields.Time, "time"),
        (fields.Decimal, "number"),
    ):
        if isinstance(known, kind):
            return widget
    return "email" if known.__class__.__name__ == "Email" else "text"


def _flat(messages: Any) -> list[str]:
    if isinstance(messages, dict):
        return list(dict.fromkeys(m for part in messages.values() for m in _flat(part)))
    return [str(m) for m in (messages if isinstance(messages, list) else [messages])]


def filters(schema: Schema) -> dict[str, Any]:
    """The filters of a list, from its address. What is wrong is answered with 422.

    :raises Invalid: a value cannot be taken.
    """
    known = MultiDict((k, v) for k, v in request.args.items(multi=True) if k in schema.load_fields)
    try:
        return {k: v for k, v in schema.load(known).items() if v not in ("", None, [])}
    except ValidationError as problem:
        name = next(iter(problem.normalized_messages()))
        raise Invalid(name, "bad_value") from None

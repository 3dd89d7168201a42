"""A form is a schema seen by a person: labels, what was typed, what is wrong."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from marshmallow import ValidationError, fields
from werkzeug.datastructures import MultiDict

from exchange import labels
from exchange.errors import Conflict, Invalid
from exchange.schemas import Codes, Flag, LongText, Schema
from exchange.transaction import transaction
from exchange.web import picking
from exchange.web.errors import sentence
from exchange.web.options import Option, options_for

Result = TypeVar("Result")


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
        self.sent = request.form if source is None and request.method == "POST" else source
        self.row = row
        self.values: dict[str, Any] = dict(schema.dump(row)) if row is not None else {}
        self.values.update(initial or {})
        self.errors: dict[str, list[str]] = {}
        self.again = False
        self.data: dict[str, Any] = {}

    def validate(self) -> bool:
        """Whether something was sent and can be taken; then ``data`` holds it."""
        if self.sent is None:
            return False
        sent, unclear = picking.picked(self.sent, self._long_lists(self.sent))
        try:
            self.data = self.schema.load(sent)
        except ValidationError as problem:
            for name, messages in problem.normalized_messages().items():
                self.errors[name] = _flat(messages)
        self.errors.update(unclear)
        return not self.errors

    def _long_lists(self, sent: MultiDict[str, str]) -> dict[str, list[Option]]:
        """The lists in which something was searched by its name."""
        searched = {
            name: options_for(known.metadata)
            for name, known in self.schema.load_fields.items()
            if known.metadata.get("widget") == "select" and sent.get(name)
        }
        return {name: found for name, found in searched.items() if picking.is_long(found)}

    def submit(self, action: Callable[[dict[str, Any]], Result]) -> Result | None:
        """Run ``action`` with the data in one transaction; None when the page must be shown again.

        A refusal that names a field is shown at that field; any other goes to the error table.

        :raises Conflict: ``moved_on``, somebody saved the row since this page was made.
        """
        if not self.validate():
            return None
        self._same_version()
        try:
            with transaction():
                return action(self.data)
        except Invalid as problem:
            self.errors[problem.field] = [sentence(problem)]
            return None

    @property
    def version(self) -> str:
        """The version of the row that the page shows, to be sent back; empty for a new row."""
        if self.sent is not None and "version_id" in self.sent:
            return str(self.sent["version_id"])
        return str(getattr(self.row, "version_id", None) or "")

    def _same_version(self) -> None:
        saved = getattr(self.row, "version_id", None)
        if saved and self.version != str(saved):
            raise Conflict("moved_on")

    @property
    def status(self) -> int:
        """The HTTP status of the page: 422 when it is shown again with errors."""
        return 422 if self.errors else 200

    def __iter__(self) -> Iterator[FormField]:
        return (self[name] for name in self.schema.load_fields)

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
            )
        )

    def _value(self, name: str, known: fields.Field[Any]) -> Any:
        if known.metadata.get("widget") == "password":
            return ""  # a password is never written into a page
        if self.sent is not None and (self.errors or self.again):
            if isinstance(known, fields.List):
                return self.sent.getlist(name)
            return self.sent.get(name, "")
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

"""Fields and habits that all schemas share. One schema serves JSON and the form of a page."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, ValidationError, fields, pre_load, validate
from marshmallow import Schema as PlainSchema
from werkzeug.datastructures import MultiDict

# What a column of whole numbers holds, on either database.
SMALLEST, LARGEST = -(2**31), 2**31 - 1
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

fields.Field.default_error_messages.update(
    required=_l("This is needed."),
    null=_l("This is needed."),
    validator_failed=_l("This value cannot be taken."),
)
fields.Integer.default_error_messages["invalid"] = _l("Give a whole number.")
fields.Date.default_error_messages["invalid"] = _l("Give a date as year-month-day.")
fields.Time.default_error_messages["invalid"] = _l("Give a time as hours:minutes.")
fields.Decimal.default_error_messages["invalid"] = _l("Give an amount, like 1250.50.")
fields.List.default_error_messages["invalid"] = _l("Give a list.")
fields.String.default_error_messages["invalid"] = _l("Give a text.")


def readable(text: str) -> None:
    """:raises ValidationError: control characters, which PostgreSQL refuses and nobody reads."""
    if CONTROL.search(text):
        raise ValidationError(str(_l("This text holds characters that cannot be read.")))


class Text(fields.String):
    """A line of text, trimmed, in NFC; control characters are refused (PostgreSQL would)."""

    def __init__(self, *, longest: int = 200, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, data, **kwargs) or "")
        text = text.replace("\r\n", "\n").strip()
        readable(text)
        if self.required and not text:
            raise self.make_error("required")
        if len(text) > self.longest:
            message = _l("At most %(longest)s characters, please.", longest=self.longest)
            raise ValidationError(str(message))
        return text


class LongText(Text):
    """Paragraphs of text."""

    def __init__(self, *, longest: int = 20_000, **options: Any) -> None:
        options["metadata"] = {"widget": "textarea", **options.get("metadata", {})}
        super().__init__(longest=longest, **options)


class Code(Text):
    """The short name of a record in addresses and spreadsheets: at most 40 small letters, digits
    and hyphens."""

    def __init__(self, **options: Any) -> None:
        error: Any = _l("Use small letters, digits and hyphens.")
        rule = validate.Regexp(r"^[a-z0-9-]+$", error=error)
        super().__init__(longest=40, validate=rule, **options)


class Email(Text):
    """An address that mail can reach, in lower case."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        try:
            found = validate_email(text, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise ValidationError(str(_l("Give an e-mail address, like name@city.org."))) from None
        return found.normalized.lower()


class Link(Text):
    """A web address."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not re.fullmatch(r"https?://[^\s<>\"']+", text):
            raise ValidationError(str(_l("Give a web address that begins with https://.")))
        return text


class Whole(fields.Integer):
    """A whole number between two bounds; JSON must give a number, a form gives digits."""

    def __init__(self, *, least: int = 0, most: int = 2_000_000_000, **options: Any) -> None:
        message = _l("Give a whole number from {min} to {max}.")
        super().__init__(
            validate=validate.Range(min=least, max=most, error=message),
            **options,
        )

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Flag(fields.Boolean):
    """Yes or no. JSON true and false; a form sends the box only when it is ticked."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in ("on", "yes", "true", "1"):
            return True
        if isinstance(value, str) and value in ("no", "false", "0"):
            return False
        raise ValidationError(str(_l("Answer yes or no.")))


class Choice(fields.Field[str]):
    """One member of an enum; the options of a form are its members."""

    def __init__(self, members: type[StrEnum], **options: Any) -> None:
        extra = {"widget": "select", "members": members, **options.get("metadata", {})}
        options["metadata"] = extra
        super().__init__(validate=validate.OneOf(list(map(str, members))), **options)
        self.members = members

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> StrEnum:
        try:
            return self.members(value)
        except ValueError:
            known = ", ".join(self.members)
            message = _l("Choose one of: %(known)s.", known=known)
            raise ValidationError(str(message)) from None

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return str(value) if value is not None else None


class OneOf(Text):
    """One code of a list that the edge offers: ``options`` names the list (``web/options.py``)."""

    def __init__(self, options_name: str, **options: Any) -> None:
        extra = {"widget": "select", "options": options_name, **options.get("metadata", {})}
        options["metadata"] = extra
        super().__init__(**options)


class Language(OneOf):
    """A language people write in (ISO 639-1)."""

    def __init__(self, **options: Any) -> None:
        super().__init__("languages", validate=validate.Regexp(r"^[a-z]{2,3}$"), **options)


class TimeZone(OneOf):
    """An IANA time zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__("time_zones", **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and text not in available_timezones():
            raise ValidationError(str(_l("Choose a time zone, like America/Costa_Rica.")))
        return text


class RowId(fields.Integer):
    """The id of a row that the edge offers: ``options`` names the list (``web/options.py``)."""

    def __init__(self, options_name: str, **options: Any) -> None:
        extra = {"widget": "select", "options": options_name, **options.get("metadata", {})}
        options["metadata"] = extra
        super().__init__(strict=False, **options)
        self.error_messages["invalid"] = _l("Nothing in the list has this name.")


class Codes(fields.List):
    """Codes of terms of one vocabulary. Loaded as a list of codes; dumped from ``row.terms``."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        widget = "targets" if vocabulary == "sdg_target" else "checkboxes"
        extra = {"widget": widget, "options": f"terms:{vocabulary}", "many": True}
        options["metadata"] = {**extra, **options.get("metadata", {})}
        super().__init__(fields.String(), **options)
        self.vocabulary = vocabulary

    def serialize(self, attr: str, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(obj, Mapping):
            return obj.get(attr, [])
        return [term.code for term in obj.tagged(self.vocabulary)]


class Schema(PlainSchema):
    """Strict: what it does not know it refuses. Takes JSON objects and submitted forms."""

    class Meta:
        unknown = RAISE

    error_messages = {
        "unknown": _l("There is no such field."),
        "type": _l("Give an object with fields."),
    }

    def on_bind_field(self, _name: str, field: fields.Field[Any]) -> None:
        """No number and no text gets in that a column cannot hold: a database answers it with an
        error."""
        inner = field.inner if isinstance(field, fields.List) else field
        bounded = any(isinstance(rule, validate.Range) for rule in inner.validators)
        if isinstance(inner, fields.Integer) and not bounded:
            error: Any = inner.error_messages["invalid"]
            inner.validators.append(validate.Range(min=SMALLEST, max=LARGEST, error=error))
        if isinstance(inner, fields.String) and not isinstance(inner, Text):
            inner.validators.append(readable)

    @pre_load
    def from_form(self, data: Any, **_options: Any) -> Any:
        """Turn a form into what JSON would be: repeated names into lists, empty into missing."""
        if not isinstance(data, MultiDict):
            return data
        taken: dict[str, Any] = {}
        for name, field in self.load_fields.items():
            key = field.data_key or name
            values = [value for value in data.getlist(key) if value != ""]
            if isinstance(field, fields.List):
                taken[key] = values
            elif isinstance(field, Flag):
                taken[key] = values[-1] if values else False
            elif values:
                taken[key] = values[-1]
            elif key in data:
                taken[key] = "" if isinstance(field, Text) else None
        return {k: v for k, v in taken.items() if v is not None or self._may_be_empty(k)}

    def _may_be_empty(self, name: str) -> bool:
        return bool(self.load_fields[name].allow_none)


class Filter(Schema):
    """What every list takes from its address: search words, page, size and order."""

    q = Text(longest=200)
    page = Whole(least=1, most=100_000)
    size = Whole(least=1, most=100)
    sort = Text(longest=40)


class StepSchema(Schema):
    """A move that somebody asks for."""

    trigger = Text(required=True, longest=40)
    expected_state = Text(longest=40)
    note = LongText(longest=5000, load_default="")

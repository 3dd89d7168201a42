"""What an entry of a vocabulary looks like, in JSON and on a form."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validate

from exchange.schemas import Filter, Flag, LongText, Schema, Text, Whole


class Facts(LongText):
    """What a vocabulary adds to its entries, like the usual days of a format: an object in JSON,
    one "name: value" a line on a form."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(k): str(v) for k, v in value.items() if str(v)}
        text = super()._deserialize(value, attr, data, **kwargs)
        pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
        if any(not sign or not name.strip() for name, sign, _value in pairs):
            raise ValidationError(str(_l("Write one a line, as name: value.")))
        return {name.strip(): value.strip() for name, _sign, value in pairs if value.strip()}

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str:
        return "\n".join(f"{name}: {fact}" for name, fact in (value or {}).items())


class TermSchema(Schema):
    """An entry as an administrator writes it; English is what other languages fall back on."""

    code = Text(
        required=True,
        longest=80,
        validate=validate.Regexp(
            r"[A-Za-z0-9][A-Za-z0-9._:-]*\Z",
            error=_l("Use letters, digits, dots and hyphens."),
        ),
    )
    label_en = Text(required=True, attribute="labels.en", longest=300)
    label_fr = Text(attribute="labels.fr", longest=300)
    label_es = Text(attribute="labels.es", longest=300)
    label_pt = Text(attribute="labels.pt", longest=300)
    parent = Text(longest=80, attribute="parent_code")
    position = Whole(most=100_000)
    facts = Facts()


class RetireSchema(TermSchema):
    """A change of an entry by the API, which may retire it or bring it back."""

    retired = Flag()


class TermFilter(Filter):
    """How the entries of a vocabulary are narrowed."""

    retired = Flag()

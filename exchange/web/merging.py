"""Two people write the same row: what only one of them changed is taken, what both changed is
shown to whoever comes second, to choose."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from exchange.directory.models import Person
from exchange.errors import Conflict
from exchange.keeping import edits
from exchange.schemas import Flag, Schema

CHOOSE = "choose-"
# Enough to tell one text from another; nobody gains anything by a collision.
LETTERS = 12
HIDDEN = ("csrf_token", "version_id", "shown", "once", "kept")


class Stale(Conflict):
    """Both changed the same fields of a row. ``form`` is what was sent, ``torn`` these fields."""

    def __init__(self, form: Any, torn: Sequence[str]) -> None:
        super().__init__("moved_on")
        self.form, self.torn = form, torn

    def merge(self) -> "Merge":
        """What the page shows, to choose from."""
        self.form.again = True
        row, edit = self.form.row, edits.last(self.form.row)
        return Merge(
            form=self.form,
            torn=[_Torn(self.form[name], self.form.values.get(name)) for name in self.torn],
            hidden=list(_rest(self.form, self.torn)),
            shown=shown(self.form.schema, self.form.values),
            version=self.form.saved_version,
            who=edit.person if edit else None,
            when=edit.edited_at if edit else getattr(row, "updated_at", None),
            action=request.full_path.rstrip("?"),
        )


@dataclass(frozen=True)
class Merge:
    """Two versions of a row side by side: the fields that both changed, and the rest as sent."""

    form: Any
    torn: "list[_Torn]"
    hidden: list[tuple[str, str]]
    shown: str
    version: str
    who: Person | None
    when: datetime | None
    action: str


class _Torn:
    """One field that both changed: what was typed, to write on, and what is saved, in words."""

    def __init__(self, mine: Any, theirs: Any) -> None:
        self.mine = mine
        self.long = mine.widget == "textarea"
        self.theirs = in_words(mine, theirs)


def in_words(drawn: Any, value: Any) -> str:
    """A saved value as people read it: what the options call it, or the text itself."""
    words = {option.value: option.label for option in drawn.options}
    many = value if isinstance(value, list) else [value]
    return ", ".join(words.get(str(one), plain(one)) for one in many if one is not None)


def _rest(form: Any, torn: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name, value in form.sent.items(multi=True):
        if name not in (*HIDDEN, *torn) and not name.startswith(CHOOSE):
            yield name, value


def shown(schema: Schema, values: Mapping[str, Any]) -> str:
    """What the fields of a page held when it was made, in short, to tell later who changed what."""
    return " ".join(f"{name}:{_short(plain(values.get(name)))}" for name in schema.load_fields)


def merged(
    schema: Schema, sent: MultiDict[str, str], values: Mapping[str, Any]
) -> tuple[MultiDict[str, str], list[str]]:
    """``sent`` with what others have changed meanwhile, and the fields that both have changed."""
    before = dict(part.split(":", 1) for part in sent.get("shown", "").split() if ":" in part)
    taken, torn = MultiDict(sent), []
    for name, field in schema.load_fields.items():
        now, typed = plain(values.get(name)), typed_value(field, name, sent)
        if now == typed or _short(now) == before.get(name) or _left_out(field, name, sent):
            continue
        if _short(typed) == before.get(name):
            put(taken, name, values.get(name))
        else:
            torn.append(name)
    return taken, torn


def chosen(sent: MultiDict[str, str], values: Mapping[str, Any]) -> MultiDict[str, str]:
    """``sent`` with what is saved wherever the person has chosen that."""
    theirs = [n for n, v in sent.items() if n.startswith(CHOOSE) and v == "theirs"]
    if not theirs:
        return sent
    taken = MultiDict(sent)
    for name in theirs:
        put(taken, name.removeprefix(CHOOSE), values.get(name.removeprefix(CHOOSE)))
    return taken


def put(sent: MultiDict[str, str], name: str, value: Any) -> None:
    """Write a saved value into a form as if it had been typed."""
    if isinstance(value, list):
        sent.setlist(name, [str(one) for one in value])
    else:
        sent[name] = plain(value)


def _left_out(field: fields.Field[Any], name: str, sent: MultiDict[str, str]) -> bool:
    """A page that does not have the field at all says nothing about it."""
    return name not in sent and not isinstance(field, fields.List | Flag)


def typed_value(field: fields.Field[Any], name: str, sent: MultiDict[str, str]) -> str:
    """What a form holds in a field, so that it can be compared."""
    if isinstance(field, fields.List):
        return plain([one for one in sent.getlist(name) if one])
    if isinstance(field, Flag):
        return plain(sent.get(name, "") in ("on", "yes", "true", "1"))
    return plain(sent.get(name, ""))


def plain(value: Any) -> str:
    """A value as one text, so that two can be compared."""
    if isinstance(value, list):
        return "\n".join(sorted(str(one) for one in value))
    if isinstance(value, bool):
        return "yes" if value else ""
    text = "" if value is None else str(value)
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]

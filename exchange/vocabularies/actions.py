"""What administrators do to vocabularies. The caller commits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from exchange import events
from exchange.clock import now
from exchange.errors import Conflict, Invalid, NotFound
from exchange.extensions import db
from exchange.vocabularies import reference
from exchange.vocabularies.models import Term
from exchange.vocabularies.queries import known_vocabularies, term_or_none, usage

if TYPE_CHECKING:
    from exchange.directory.models import Person


def add(vocabulary: str, data: Mapping[str, Any], *, actor: "Person | None") -> Term:
    """Add an entry to a vocabulary that exists, at its end unless ``data`` names a position.

    :raises NotFound: there is no such vocabulary.
    :raises Invalid: ``already_there``, ``unknown_term`` for its parent.
    """
    counts = known_vocabularies()
    if vocabulary not in counts:
        raise NotFound("not_found", noun="vocabulary", id=vocabulary)
    term = Term(vocabulary=vocabulary, labels={}, texts={}, facts={})
    _fill(term, {"position": sum(counts[vocabulary]), **data})
    db.session.add(term)
    db.session.flush()
    _tell("term.added", term, actor)
    return term


def edit(term: Term, data: Mapping[str, Any], *, actor: "Person | None") -> Term:
    """Change an entry and return it. Its code stays when it is used or came with the program:
    others know it by that.

    :raises Invalid: ``code_is_fixed``, ``already_there``, ``unknown_term``, ``under_itself``.
    """
    if data.get("code", term.code) != term.code and (_came_with_program(term) or usage(term)):
        raise Invalid("code", "code_is_fixed")
    _fill(term, data)
    if data.get("retired") is not None:
        (retire if data["retired"] else bring_back)(term, actor=actor)
    db.session.flush()
    _tell("term.changed", term, actor)
    return term


def retire(term: Term, *, actor: "Person | None") -> None:
    """Offer an entry no longer; what it marks keeps it."""
    term.retired_at = term.retired_at or now()
    _tell("term.retired", term, actor)


def bring_back(term: Term, *, actor: "Person | None") -> None:
    """Offer a retired entry again."""
    term.retired_at = None
    _tell("term.brought_back", term, actor)


def delete(term: Term, *, actor: "Person | None") -> None:
    """Take an entry out that nothing uses.

    :raises Conflict: ``in_use``; ``came_with_program``: the next start would bring it back.
    """
    if used := usage(term):
        raise Conflict("in_use", where=", ".join(sorted(used)))
    if _came_with_program(term):
        raise Conflict("came_with_program")
    db.session.delete(term)
    db.session.flush()
    _tell("term.deleted", term, actor)


def _tell(event: str, term: Term, actor: "Person | None") -> None:
    events.publish(event, id=term.id, actor_id=actor.id if actor else None)


def _came_with_program(term: Term) -> bool:
    return term.code in reference.codes_of(term.vocabulary)


def _fill(term: Term, data: Mapping[str, Any]) -> None:
    code = data.get("code", term.code)
    other = term_or_none(term.vocabulary, code)
    if other is not None and other is not term:
        raise Invalid("code", "already_there")
    term.code = code
    if "labels" in data:
        labels = {**term.labels, **data["labels"]}
        term.labels = {language: words for language, words in labels.items() if words}
    if "parent_code" in data:
        term.parent = _parent(term, data["parent_code"])
    for name in ("position", "facts"):
        setattr(term, name, data.get(name, getattr(term, name)))


def _parent(term: Term, code: str) -> Term | None:
    if not code:
        return None
    above = reference.PARENTS.get(term.vocabulary, term.vocabulary)
    parent = term_or_none(above, code)
    if parent is None:
        raise Invalid("parent", "unknown_term", codes=code)
    over: Term | None = parent
    while over is not None:
        if over is term:
            raise Invalid("parent", "under_itself")
        over = over.parent
    return parent

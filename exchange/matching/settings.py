"""The settings of the matcher: the newest version, and how a new one is added.

Versions are rows that are added and never changed; a run or a match keeps the hash of the one it
was computed with. The caller commits.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.matching.core.configuration import BEST, WEIGHTS, Configuration
from exchange.matching.models import Settings

# Least and most of every setting that is one number. Points are basis points of a score.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "floor": (0, BEST),
    "lowered": (0, BEST),
    "first_bonus": (0, BEST),
    "second_bonus": (0, BEST),
    "ageing": (0, BEST),
    "ageing_most": (0, BEST),
    "newcomer_bonus": (0, BEST),
    "diversity": (0, BEST),
    # Above the fourth power only the very best pairs would count at all.
    "stability": (1, 4),
    "host_cap": (0, 1000),
    "learner_cap": (0, 1000),
    # A place that is held for longer than a quarter is a place that nobody gets.
    "hold_days": (1, 90),
    "kept": (1, 20),
    "waiting": (0, 20),
    "months_away": (0, 60),
    "months_lowered": (0, 60),
    "seconds": (1, 3600),
}


SORTS = {"newest": Settings.id}


def versions(query: Select[Any]) -> Select[Any]:
    """A list of versions with who made them: one statement, any length."""
    return query.options(joinedload(Settings.person).lazyload(Person.affiliations))


def newest() -> Settings | None:
    """The newest version; None where nobody has changed the program's own settings."""
    return db.session.scalars(select(Settings).order_by(Settings.id.desc()).limit(1)).first()


def current() -> Configuration:
    """The settings that hold now, in one statement."""
    row = newest()
    return Configuration.from_dict(row.values) if row else Configuration()


def save(
    values: Mapping[str, Any], *, actor: Person | None, note: str, expected_hash: str = ""
) -> Settings:
    """Add a version of the settings. What ``values`` does not name stays as it is; saving what
    holds already adds nothing.

    :param values: fields of ``Configuration``; ``weights`` by soft rule, in basis points.
    :param expected_hash: of the version that the officer saw; another one has come since.
    :raises Conflict: ``moved_on``.
    :raises Invalid: at the field (``weights.<rule>`` for one weight) ``not_a_number``,
        ``number_outside``, ``unknown_setting`` or ``line_too_long``; at ``weights``
        ``weights_total``; at ``note`` ``reason_required``.
    """
    before = newest()
    present = Configuration.from_dict(before.values) if before else Configuration()
    if expected_hash and expected_hash != present.hash:
        raise Conflict("moved_on", state=present.hash, expected=expected_hash)
    wanted = checked(values, present)
    if before is not None and wanted == present:
        return before
    if not note.strip():
        raise Invalid("note", "reason_required")
    row = Settings(values=wanted.as_dict(), hash=wanted.hash, note=note.strip(), person=actor)
    db.session.add(row)
    db.session.flush()
    return row


def checked(values: Mapping[str, Any], present: Configuration | None = None) -> Configuration:
    """The settings ``present`` (those that hold now) with ``values`` in place of their own: for a
    preview, and before they are saved.

    :raises Invalid: as ``save``.
    """
    known = {*BOUNDS, "weights"}
    if unknown := sorted(set(values) - known):
        raise Invalid(unknown[0], "unknown_setting", name=unknown[0])
    before = (present or current()).as_dict()
    numbers = {
        name: _number(name, values.get(name, before[name]), bounds)
        for name, bounds in BOUNDS.items()
    }
    if numbers["waiting"] > numbers["kept"]:
        raise Invalid("waiting", "line_too_long", kept=numbers["kept"])
    weights = _weights(values.get("weights", {}), before["weights"])
    return Configuration.from_dict({**numbers, "weights": weights})


def _weights(given: Any, before: Mapping[str, int]) -> dict[str, int]:
    if not isinstance(given, Mapping):
        raise Invalid("weights", "bad_value")
    if unknown := sorted(set(given) - set(WEIGHTS)):
        raise Invalid(f"weights.{unknown[0]}", "unknown_setting", name=unknown[0])
    weights = {
        rule: _number(f"weights.{rule}", given.get(rule, before.get(rule, 0)), (0, BEST))
        for rule in WEIGHTS
    }
    if (total := sum(weights.values())) != BEST:
        raise Invalid("weights", "weights_total", total=total, best=BEST)
    return weights


def _number(field: str, value: Any, bounds: tuple[int, int]) -> int:
    """``value`` as a whole number within ``bounds``; a text of digits is one too."""
    text = str(value).strip()
    if isinstance(value, bool) or not text.removeprefix("-").isdecimal():
        raise Invalid(field, "not_a_number", value=text)
    least, most = bounds
    if not least <= int(text) <= most:
        raise Invalid(field, "number_outside", least=least, most=most)
    return int(text)

"""Clashes: an event of others with the same partner or theme, at the time of something planned.

Plain values go in and come out. Whatever is planned says so itself (``Plan``): visits here,
editions of the forum above.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exchange.mechanisms.models import OutsideEvent

# People who travel home on Friday do not leave again on Monday.
NEAR = timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """Something planned, with the endpoint of its page; sets of ids of organisations and codes of
    themes. ``title`` maps a language to words."""

    page: str
    id: int
    title: dict[str, str]
    starts_on: date
    ends_on: date
    organisation_ids: frozenset[int] = frozenset()
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clash:
    """A plan and an event that want the same people. ``apart`` is how many days lie between the
    two; 0 when they overlap."""

    plan: Plan
    event: "OutsideEvent"
    same_partner: bool
    themes: tuple[str, ...]
    apart: int


def clashes(plans: Iterable[Plan], events: Iterable["OutsideEvent"]) -> list[Clash]:
    """Every clash, the first plan first, overlapping before near."""
    known = list(events)
    found = [clash for plan in plans for event in known if (clash := _clash(plan, event))]
    return sorted(found, key=lambda one: (one.plan.starts_on, one.apart, one.event.id))


def _clash(plan: Plan, event: "OutsideEvent") -> Clash | None:
    apart = days_apart(plan.starts_on, plan.ends_on, event.starts_on, event.ends_on)
    partner = event.partner_id in plan.organisation_ids
    themes = tuple(sorted(plan.themes & {term.code for term in event.tagged("theme")}))
    if apart > NEAR.days or not (partner or themes):
        return None
    return Clash(plan, event, partner, themes, apart)


def days_apart(first: date, last: date, other_first: date, other_last: date) -> int:
    """How many days one period begins after the other has ended; 0 when they overlap."""
    return max((other_first - last).days, (first - other_last).days, 0)

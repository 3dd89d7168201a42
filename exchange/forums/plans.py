"""Editions of the forum that are to come, as plans that events of others may clash with."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exchange.clock import today
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.mechanisms.clashes import Plan


def planned_forums() -> list[Plan]:
    """The editions to come; those who take part are the organisations concerned."""
    query = select(Forum).where(Forum.ends_on >= today()).options(joinedload(Forum.attendances))
    return [_plan(one) for one in db.session.scalars(query.order_by(Forum.starts_on)).unique()]


def _plan(forum: Forum) -> Plan:
    who = frozenset(one.organisation_id for one in forum.attendances)
    return Plan("forums.show", forum.id, forum.titles, forum.starts_on, forum.ends_on, who)

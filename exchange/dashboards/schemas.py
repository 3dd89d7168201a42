"""How the figures of the dashboard and of the reports are narrowed."""

from enum import StrEnum, auto

from marshmallow import fields, validate

from exchange.dashboards.learning_rows import Counted, Innovation, Track
from exchange.schemas import Choice, Schema, Text, Whole


class DashboardFilter(Schema):
    """A section of the world association, a programme, an officer ("all": everybody's), or all."""

    section = Text(longest=20)
    programme_id = Whole(least=1)
    owner = Text(longest=20, validate=validate.Regexp(r"[0-9]{0,9}$|all$"))


class ReportFilter(DashboardFilter):
    """The same, within a period."""

    since = fields.Date()
    until = fields.Date()


class ReviewFilter(Schema):
    """From a day to a day, both included; open where none is given."""

    since = fields.Date()
    until = fields.Date()


class TrendStep(StrEnum):
    """How finely a trend is told."""

    year = auto()
    half = auto()


class LearningFilter(Schema):
    """By what the state of learning is narrowed: keys of its cuts ("none": nothing is said), a
    period ("2026", "2026-1": its first half), and how its trend is told."""

    theme = Text(longest=80)
    sdg = Text(longest=10)
    agenda = Text(longest=80)
    section = Text(longest=20)
    track = Choice(Track)
    innovation = Choice(Innovation)
    period = Text(longest=6, validate=validate.Regexp(r"^(\d{4}(-[12])?|none)?$"))
    baseline = Text(longest=4, validate=validate.Regexp(r"^(\d{4})?$"))
    step = Choice(TrendStep)


class LearningRowsFilter(LearningFilter):
    """The rows behind one figure."""

    counted = Choice(Counted)
    page = Whole(least=1, most=100_000)
    size = Whole(least=1, most=100)

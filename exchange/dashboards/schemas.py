"""How the figures of the dashboard and of the reports are narrowed."""

from marshmallow import fields

from exchange.schemas import Schema, Text, Whole


class DashboardFilter(Schema):
    """A section of the world association, a programme, an officer ("all": everybody's), or all."""

    section = Text(longest=20)
    programme_id = Whole(least=1)
    owner = Text(longest=20)


class ReportFilter(DashboardFilter):
    """The same, within a period."""

    since = fields.Date()
    until = fields.Date()

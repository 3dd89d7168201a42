"""How the figures of the dashboard are narrowed."""

from exchange.schemas import Schema, Text


class DashboardFilter(Schema):
    """One section of the world association, or all."""

    section = Text(longest=20)

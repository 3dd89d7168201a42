"""What a saved view looks like on a form."""

from exchange.keeping.views import ListName
from exchange.schemas import Choice, Flag, Schema, Text


class ViewSchema(Schema):
    """The name of a view, and whether all of the staff see it."""

    name = Text(required=True, longest=80, metadata={"words": "view_name"})
    shared = Flag(load_default=False)


class SaveSchema(ViewSchema):
    """A view as the page of a list sends it."""

    list_name = Choice(ListName, required=True)
    query = Text(longest=1000, load_default="")

"""What an import looks like, in JSON and on a form."""

from exchange.schemas import Choice, Filter, Flag, RowId, Schema
from exchange.spreadsheets.models import ImportNoun, ImportStage


class UploadSchema(Schema):
    """What is said with an uploaded file."""

    noun = Choice(ImportNoun, required=True)
    organisation_id = RowId(
        "my_organisations", allow_none=True, metadata={"words": "import_organisation"}
    )
    load_wanted = Flag(load_default=False)


class ImportFilter(Filter):
    """How the list of imports is narrowed."""

    noun = Choice(ImportNoun)
    stage = Choice(ImportStage)

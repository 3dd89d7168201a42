"""What both faces share of spreadsheets: taking a file, saying its problems, giving a table."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, request, stream_with_context
from flask_babel import gettext as _

from exchange import edge, labels, uploads
from exchange.edge_files import require_room, sent_file
from exchange.edge_seen import taken_away
from exchange.errors import Invalid, NotFound
from exchange.labels.understood import word
from exchange.spreadsheets import actions, exports, writing
from exchange.spreadsheets.exports import Reader
from exchange.spreadsheets.headings import HEADINGS, heading
from exchange.spreadsheets.models import Import
from exchange.transaction import transaction

FORMATS = {
    "csv": ("text/csv; charset=utf-8", writing.csv_lines),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        writing.xlsx_pieces,
    ),
}


def take_upload(data: Mapping[str, Any]) -> Import:
    """Keep the file of the request and note it as an import.

    :raises Invalid: there is no file, or it is none that we read.
    """
    sent = sent_file("file", uploads.TABLES, "not_a_table")
    if sent is None:
        raise Invalid("file", "value_needed")
    require_room("file", data.get("organisation_id"), len(sent.content))
    folder = actions.folder_in(edge.settings().var)
    stored_as = actions.keep_file(folder, sent.name, sent.content)
    with transaction():
        facts = {**data, "file_name": sent.name, "size": len(sent.content)}
        return actions.begin(facts, stored_as, actor=edge.signed_in())


def problem_words(problem: Mapping[str, Any]) -> dict[str, Any]:
    """A problem in the reader's language: row, heading of the column, sentence."""
    name = problem["column"]
    if name in HEADINGS:
        column = heading(name, edge.current_language())
    elif name.startswith("#"):
        column = _("Column %(number)s", number=name[1:])
    else:
        column = ""
    message = str(labels.error(problem["code"])) % problem["facts"]
    return {**problem, "heading": column, "message": message}


def table(noun: str, extension: str) -> Response:
    """A list as a file, as filtered by the address, written while it is read.

    :raises NotFound: there is no such list or format.
    """
    if extension not in FORMATS:
        raise NotFound("not_found")
    export = exports.export_of(noun, edge.actor())
    filters = exports.chosen(export, request.args)
    reader = Reader(edge.current_language(), word)
    ids = exports.numbers(export, filters, edge.actor())
    taken_away(export.model.__tablename__, ids)
    rows = exports.rows(export, ids, filters, edge.actor(), reader)
    return _file(noun, extension, exports.header(export, reader), rows)


def empty_sheet(noun: str, extension: str, names: list[str]) -> Response:
    """A sheet with headings and no rows, to be filled in."""
    if extension not in FORMATS:
        raise NotFound("not_found")
    language = edge.current_language()
    return _file(noun, extension, [heading(name, language) for name in names], iter(()))


def _file(noun: str, extension: str, header: list[str], rows: Iterator[list[Any]]) -> Response:
    mime, write = FORMATS[extension]
    answer = Response(stream_with_context(write(header, rows)), content_type=mime)
    answer.headers["Content-Disposition"] = f'attachment; filename="{noun}.{extension}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

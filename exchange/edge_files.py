"""Taking a file out of a request: looked at before anything is done with it."""

from dataclasses import dataclass

from flask import request

from exchange import edge, quotas, scanning, uploads
from exchange.errors import Invalid


@dataclass(frozen=True)
class Sent:
    """A file that may be taken: its name made safe, what it holds, what it is."""

    name: str
    content: bytes
    kind: uploads.Kind


def sent_file(field: str, kinds: tuple[uploads.Kind, ...], refused: str) -> Sent | None:
    """The file of a field of the form, of one of ``kinds``, clean; None when none was sent.

    Ask outside of a transaction: the virus scanner is asked here.

    :param refused: the code of what is said of a file of another kind.
    :raises Invalid: it is too large, empty, of another kind, infected, or cannot be looked at.
    """
    found = request.files.get(field)
    if found is None or not found.filename:
        return None
    with found.stream:  # a large one lies in a file of the machine until it is closed
        content = found.stream.read(uploads.LARGEST + 1)
    kind = uploads.require(field, content, kinds, refused)
    scanning.require_clean(field, content, edge.settings().clamd)
    return Sent(uploads.safe_name(found.filename), content, kind)


def require_room(field: str, organisation_id: int | None, more: int) -> None:
    """Refuse what would take an organisation over its share of the disk.

    :param more: bytes that would come in.
    :raises Invalid: ``quota_reached``.
    """
    quota = edge.settings().upload_quota
    if organisation_id is None or not quota:
        return
    if quotas.kept_by(organisation_id) + more > quota * uploads.MEGABYTE:
        raise Invalid(field, "quota_reached", most=quota)

"""Fetching the records of an observatory: XML alone, and not more than can be read at once."""

from urllib.parse import urlencode

from exchange.outgoing import Unreachable, answer
from exchange.practices.dublin_core import LONGEST

TYPES = ("xml", "octet-stream", "text/plain")


def fetch(url: str) -> bytes:
    """What lies at ``url``.

    :raises Unreachable: ``not_https``, ``not_public``, ``no_answer``, ``too_big``, ``no_xml``.
    """
    with answer(url) as found:
        if found.status != 200:
            raise Unreachable("no_answer")
        if not any(kind in found.headers.get_content_type() for kind in TYPES):
            raise Unreachable("no_xml")
        raw = found.read(LONGEST + 1)
    if len(raw) > LONGEST:
        raise Unreachable("too_big")
    return raw


def records_at(url: str, token: str = "") -> str:
    """The address of the first records of a source, or of those after ``token``.

    An address that asks for something already is left as it is.
    """
    if token:
        base = url.partition("?")[0]
        return f"{base}?{urlencode({'verb': 'ListRecords', 'resumptionToken': token})}"
    if "?" in url or url.endswith(".xml"):
        return url
    return f"{url}?{urlencode({'verb': 'ListRecords', 'metadataPrefix': 'oai_dc'})}"

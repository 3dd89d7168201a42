"""Records of Dublin Core as OAI-PMH gives them (``ListRecords``), or a file of them. Pure.

The text comes from somebody else: whatever declares a document type is refused before a line of it
is read, for entities live there; nothing is fetched, and nothing is kept that is no text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
LONGEST, MOST_RECORDS = 5_000_000, 5_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Unreadable(ValueError):
    """The text is no XML of ours; ``args[0]`` is the code of the reason."""


@dataclass(frozen=True)
class Said:
    """A value with the language it is marked with; "" where nobody said."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class DublinCore:
    """One record: what it is called in its source, when it changed, what it says."""

    identifier: str
    changed_at: datetime | None
    deleted: bool = False
    fields: dict[str, list[Said]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """The first value of a field; "" for none."""
        return next((one.text for one in self.fields.get(name, ())), "")

    def by_language(self, name: str, usual: str) -> dict[str, str]:
        """The values of a field, put together by language; ``usual`` where none is said."""
        found: dict[str, list[str]] = {}
        for one in self.fields.get(name, ()):
            found.setdefault(one.language or usual, []).append(one.text)
        return {code: "\n\n".join(texts) for code, texts in found.items()}


@dataclass(frozen=True)
class Batch:
    """The records of one answer; ``token`` asks for those that follow."""

    records: list[DublinCore]
    token: str = ""


def read(raw: bytes) -> Batch:
    """The records of an answer of OAI-PMH, or of a file that holds ``oai_dc`` elements.

    :raises Unreadable: ``too_big``; ``declares_a_type``; ``no_xml``; ``no_records``, or the source
        answered with an error.
    """
    root = _parsed(raw)
    found = [one for element in root.iter(f"{OAI}record") if (one := _record(element))]
    found = found or list(_bare(root))
    problem = root.find(f"{OAI}error")
    if problem is not None and problem.get("code") != "noRecordsMatch":
        raise Unreadable("no_records")
    if not found and problem is None:
        raise Unreadable("no_records")
    token = root.find(f".//{OAI}resumptionToken")
    return Batch(found[:MOST_RECORDS], _text(token) if token is not None else "")


def _parsed(raw: bytes) -> Element:
    if len(raw) > LONGEST:
        raise Unreadable("too_big")
    # In UTF-16 the words would not be seen: what we take is UTF-8.
    if b"\x00" in raw or DOCTYPE.search(raw):
        raise Unreadable("declares_a_type")
    try:
        # Whatever the words before have missed, its parser refuses by itself.
        parser = DefusedXMLParser(encoding="utf-8", forbid_dtd=True)
        parser.feed(raw)
        root: Element = parser.close()
        return root
    except DefusedXmlException:
        raise Unreadable("declares_a_type") from None
    except (ParseError, ValueError, LookupError):
        raise Unreadable("no_xml") from None


def _record(element: Element) -> DublinCore | None:
    head = element.find(f"{OAI}header")
    if head is None:
        return None
    identifier = _text(head.find(f"{OAI}identifier"))[:200]
    if not identifier:
        return None
    changed_at, deleted = _moment(_text(head.find(f"{OAI}datestamp"))), head.get("status")
    metadata = element.find(f"{OAI}metadata")
    fields = _fields(metadata) if metadata is not None else {}
    return DublinCore(identifier, changed_at, deleted == "deleted", fields)


def _bare(root: Element) -> Iterator[DublinCore]:
    """Records without a header: their identifier is the first they give themselves."""
    for element in root.iter():
        if element.tag.endswith("}dc"):
            fields = _fields(element)
            names = fields.get("identifier", [])
            if names:
                yield DublinCore(names[0].text[:200], None, fields=fields)


def _fields(element: Element) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for one in element.iter():
        if one.tag.startswith(DC) and (text := _text(one)):
            language = (one.get(XML_LANGUAGE) or "").lower()[:2]
            found.setdefault(one.tag.removeprefix(DC), []).append(Said(text, language))
    return found


def _text(element: Element | None) -> str:
    text = "".join(element.itertext()) if element is not None else ""
    return CONTROL.sub("", text).strip()


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

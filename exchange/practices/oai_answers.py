"""Our answers to harvesters, as XML of OAI-PMH 2.0 with records of Dublin Core. Pure.

Names of elements are written with their prefixes, and those are declared where they are used: the
library would choose others. It escapes every text; what XML cannot hold is left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from babel import Locale

from exchange.lessons.citing import PUBLISHER, SERIES
from exchange.lessons.crediting import CreditRole
from exchange.lessons.models import Note
from exchange.lessons.printing import AUTHORS, partners
from exchange.lessons.queries import countries_of, subjects_of
from exchange.practices.models import Practice
from exchange.practices.oai_asked import FORMAT, Asked, Kind, Problem, Refused, Verb, token_of
from exchange.practices.oai_records import Part, Record
from exchange.vocabularies.models import Term

NAME = "Peer Exchange"
OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTRIBUTORS = [role for role in CreditRole if role not in AUTHORS]

# field of Dublin Core, its text, the language of the text ("" for none)
Fields = Iterator[tuple[str, str, str]]


@dataclass(frozen=True)
class House:
    """Who answers, and where the page of a record lies."""

    base_url: str
    host: str
    admin: str
    page: Callable[[Practice | Note], str]

    def identifier(self, kind: Kind, row_id: int) -> str:
        """The name of a record, the same for ever (oai:host:practice/12)."""
        return f"oai:{self.host}:{kind}/{row_id}"

    def named(self, identifier: str) -> tuple[Kind, int] | None:
        """What an identifier names; None when it is none of ours."""
        kinds = "|".join(Kind)
        found = re.fullmatch(rf"oai:{re.escape(self.host)}:({kinds})/([1-9]\d{{0,8}})", identifier)
        return (Kind(found[1]), int(found[2])) if found else None


def identify(house: House, asked: Asked, at: datetime, earliest: datetime | None) -> bytes:
    """Who we are, and how we keep what was withdrawn: for as long as the row stays."""
    root, body = _begun(house, asked, at)
    _add(body, "repositoryName", NAME)
    _add(body, "baseURL", house.base_url)
    _add(body, "protocolVersion", "2.0")
    _add(body, "adminEmail", house.admin)
    _add(body, "earliestDatestamp", stamp(earliest or at))
    _add(body, "deletedRecord", "transient")
    _add(body, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return _written(root)


def formats(house: House, asked: Asked, at: datetime) -> bytes:
    """The one format that we give, of every record."""
    root, body = _begun(house, asked, at)
    one = SubElement(body, "metadataFormat")
    _add(one, "metadataPrefix", FORMAT)
    _add(one, "schema", f"{OAI[:-1]}/oai_dc.xsd")
    _add(one, "metadataNamespace", OAI_DC)
    return _written(root)


def sets(house: House, asked: Asked, at: datetime, found: Iterable[tuple[str, str]]) -> bytes:
    """The sets, all in one answer."""
    root, body = _begun(house, asked, at)
    for spec, name in found:
        one = SubElement(body, "set")
        _add(one, "setSpec", spec)
        _add(one, "setName", name)
    return _written(root)


def record(house: House, asked: Asked, at: datetime, one: Record) -> bytes:
    """One record."""
    root, body = _begun(house, asked, at)
    _record(house, SubElement(body, "record"), one)
    return _written(root)


def listed(house: House, asked: Asked, at: datetime, part: Part) -> bytes:
    """Records or their heads, and the token for those that follow; an empty one ends a list."""
    root, body = _begun(house, asked, at)
    for one in part.records:
        if asked.verb == Verb.records:
            _record(house, SubElement(body, "record"), one)
        else:
            _head(house, body, one)
    if part.following is not None or asked.window.cursor:
        text = token_of(part.following) if part.following else ""
        facts = {"completeListSize": str(part.size), "cursor": str(asked.window.cursor)}
        SubElement(body, "resumptionToken", facts).text = text
    return _written(root)


def refused(house: House, problem: Refused, at: datetime) -> bytes:
    """Why there is no answer."""
    root = _root(house, problem.repeat, at)
    SubElement(root, "error", {"code": str(problem.problem)}).text = problem.words
    return _written(root)


def nothing(asked: Asked) -> Refused:
    """No record is as asked."""
    return Refused(Problem.nothing, "No record is as you ask.", asked.repeat)


def unknown(asked: Asked) -> Refused:
    """No record has this identifier."""
    return Refused(Problem.unknown, "We have no such record.", asked.repeat)


def stamp(at: datetime) -> str:
    """A moment as the protocol writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _root(house: House, repeat: Mapping[str, str], at: datetime) -> Element:
    facts = {"xmlns": OAI, "xmlns:xsi": INSTANCE}
    root = Element("OAI-PMH", {**facts, "xsi:schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"})
    _add(root, "responseDate", stamp(at))
    SubElement(root, "request", dict(repeat)).text = house.base_url
    return root


def _begun(house: House, asked: Asked, at: datetime) -> tuple[Element, Element]:
    root = _root(house, asked.repeat, at)
    return root, SubElement(root, str(asked.verb))


def _written(root: Element) -> bytes:
    # The library would not name the encoding as the protocol wants it.
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")


def _add(parent: Element, name: str, text: str, language: str = "") -> None:
    facts = {"xml:lang": language} if language else {}
    SubElement(parent, name, facts).text = NO_XML.sub("", text)


def _head(house: House, parent: Element, one: Record) -> None:
    head = SubElement(parent, "header", {"status": "deleted"} if one.head.gone else {})
    _add(head, "identifier", house.identifier(one.head.kind, one.head.id))
    _add(head, "datestamp", stamp(one.head.moment))
    for spec in one.sets:
        _add(head, "setSpec", spec)


def _record(house: House, parent: Element, one: Record) -> None:
    _head(house, parent, one)
    if one.head.gone:
        return
    schema = f"{OAI_DC} {OAI[:-1]}/oai_dc.xsd"
    spaces = {"xmlns:oai_dc": OAI_DC, "xmlns:dc": DC, "xsi:schemaLocation": schema}
    body = SubElement(SubElement(parent, "metadata"), "oai_dc:dc", spaces)
    row = one.row
    fields = _of_practice(row) if isinstance(row, Practice) else _of_note(row, one)
    _add(body, "dc:identifier", house.page(row))
    if isinstance(row, Practice) and row.origin is not None:
        _add(body, "dc:relation", house.page(row.origin))
    for name, text, language in fields:
        if text.strip():
            _add(body, f"dc:{name}", text, language)


def _of_practice(row: Practice) -> Fields:
    texts = sorted(row.texts, key=lambda one: one.language != row.language)
    for one in texts:
        yield "title", one.title, one.language
        yield "description", one.summary, one.language
        yield "description", one.text, one.language
    languages = [one.language for one in texts]
    yield from _subjects(row.terms, languages)
    author = row.credit or (row.organisation.name if row.organisation else "")
    yield "creator", author, ""
    if row.observatory is not None:
        yield "publisher", row.observatory.name, ""
        yield "rights", row.observatory.rights, ""
    yield "source", row.source_url, ""
    yield "date", row.published_at.date().isoformat() if row.published_at else "", ""
    yield from _coverage([row.country_code] if row.country_code else [])
    yield from (("language", code, "") for code in languages)
    yield "type", "Text", ""


def _of_note(note: Note, one: Record) -> Fields:
    languages = [note.language, *(code for code in note.translations if code != note.language)]
    for code in languages:
        title, written_in = note.said("title", code)
        yield "title", title if written_in == code else "", code
        summary, written_in = note.said("summary", code)
        yield "description", summary if written_in == code else "", code
    yield from _subjects(subjects_of(note), languages)
    authors = [name.name for name in one.names if name.role in AUTHORS] or partners(note)
    yield from (("creator", name, "") for name in dict.fromkeys(authors))
    helpers = [name.name for name in one.names if name.role in CONTRIBUTORS]
    yield from (("contributor", name, "") for name in dict.fromkeys(helpers))
    yield "publisher", PUBLISHER, ""
    yield "date", note.published_on.isoformat() if note.published_on else "", ""
    yield from _coverage(countries_of(note))
    yield from (("language", code, "") for code in languages)
    yield "type", "Text", ""
    yield "relation", f"{SERIES} {note.number}", ""


def _subjects(terms: Iterable[Term], languages: Sequence[str]) -> Fields:
    """Each tag in the languages of the record; goals also as "SDG 11", which needs none."""
    for term in terms:
        if term.vocabulary == "sdg_goal":
            yield "subject", f"SDG {term.code}", ""
        yield from (("subject", term.label(code), code) for code in languages)


def _coverage(countries: Iterable[str]) -> Fields:
    """Countries by name and by code."""
    names = Locale("en").territories
    for code in countries:
        yield "coverage", names.get(code, code), "en"
        yield "coverage", code, ""

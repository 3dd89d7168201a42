"""Our practices and notes by OAI-PMH: held against the schemas of the protocol, and harvested by
our own harvester over a real connection.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

import pytest
from lxml import etree
from sqlalchemy import update
from werkzeug.serving import make_server

from exchange.clock import now
from exchange.extensions import db
from exchange.lessons import crediting
from exchange.lessons.models import Note
from exchange.practices import actions, nightly, oai_asked, oai_records
from exchange.practices.models import Observatory, Practice
from exchange.practices.oai_asked import Problem, Refused, Window
from exchange.steps import steps_of
from tests import factories
from tests.factories import lessons
from tests.factories.practices import practice

SCHEMAS = Path(__file__).parent / "oai_schemas"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LIST = "verb=ListRecords&metadataPrefix=oai_dc"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class _Here(etree.Resolver):
    """Every schema lies in our folder: nothing is fetched."""

    def resolve(self, url, _public_id, context):
        return self.resolve_filename(str(SCHEMAS / url.rpartition("/")[2]), context)


@pytest.fixture(scope="module")
def schema():
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Here())
    parts = (("", "OAI-PMH"), ("oai_dc/", "oai_dc"))
    base = "http://www.openarchives.org/OAI/2.0/"
    imports = "".join(
        f'<import namespace="{base}{end}" schemaLocation="{name}.xsd"/>' for end, name in parts
    )
    both = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(both, parser, base_url=f"{SCHEMAS}/both.xsd"))


@pytest.fixture
def ask(browser, schema):
    """Ask as a stranger does; every answer is held against the schemas."""
    client = browser.as_()

    def asked(query, **form):
        found = client.post("/oai", data=form) if form else client.get(f"/oai?{query}")
        assert found.status_code == 200, found.text
        assert found.mimetype == "text/xml"
        root = etree.fromstring(found.data)
        schema.assertValid(root)
        return root

    return asked


def problem(root):
    return root.find(f"{OAI}error").get("code")


def identifiers(root):
    return [one.text.partition(":")[2] for one in root.iter(f"{OAI}identifier")]


def said(root, name):
    return [one.text for one in root.iter(f"{DC}{name}")]


def test_it_says_who_it_is_and_what_it_gives(ask):
    practice()
    who = ask("verb=Identify")
    assert who.findtext(f".//{OAI}protocolVersion") == "2.0"
    assert who.findtext(f".//{OAI}baseURL").endswith("/oai")
    assert who.findtext(f".//{OAI}deletedRecord") == "transient"
    assert who.find(f"{OAI}request").get("verb") == "Identify"
    given = ask("verb=ListMetadataFormats")
    assert given.findtext(f".//{OAI}metadataPrefix") == "oai_dc"
    specs = [one.text for one in ask("verb=ListSets").iter(f"{OAI}setSpec")]
    assert {"note", "practice", "practice:own", "sdg:11", "agenda:sendai"} <= set(specs)


def test_a_practice_is_a_record_in_all_its_languages(ask):
    city = factories.organisation("Nampula", country_code="MZ")
    row = practice("Mercados <limpos> & sãos", language="pt", organisation=city)
    row.terms.append(factories.term("sdg_goal", "11"))
    actions.write(row, "en", {"title": "Clean\x0b markets", "summary": "Swept", "text": "Weekly."})
    db.session.commit()
    found = ask(f"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:practice/{row.id}")
    titles = {one.get(LANGUAGE): one.text for one in found.iter(f"{DC}title")}
    assert titles == {"pt": "Mercados <limpos> & sãos", "en": "Clean markets"}
    assert said(found, "language") == ["pt", "en"]
    assert said(found, "creator") == ["Nampula"]
    assert said(found, "coverage") == ["Mozambique", "MZ"]
    assert "SDG 11" in said(found, "subject")
    assert said(found, "identifier") == [f"http://localhost/practices/{row.id}"]
    sets = [one.text for one in found.iter(f"{OAI}setSpec")]
    assert sets == ["practice:own", "theme:mobility", "sdg:11"]


def test_a_note_is_a_record_with_those_who_agreed_to_be_named(ask):
    note = lessons.published(lessons.evaluated(), title="Markets that do not flood")
    before = datetime(2026, 1, 1, tzinfo=UTC)
    db.session.execute(update(Note).values(updated_at=before))
    db.session.commit()
    officer = factories.officer()
    words = {"name": "Ana Mabunda", "role": "writing", "organisation": "", "consent": True}
    row = crediting.credit(note, words, actor=officer)
    db.session.commit()
    found = ask(f"{LIST}&set=note&from=2026-01-02")
    assert said(found, "title") == ["Markets that do not flood"]
    assert said(found, "creator") == ["Ana Mabunda"]
    assert said(found, "identifier")[0].endswith(f"/lessons/pln-{note.number}")
    db.session.execute(update(Note).values(updated_at=before))
    crediting.remove(row)
    db.session.commit()
    assert "Ana Mabunda" not in said(ask(f"{LIST}&from=2026-01-02"), "creator"), "harvested anew"


def test_only_what_is_published_is_given_and_what_is_withdrawn_is_told(ask):
    row, gone = practice("Plan"), practice("Gone")
    practice("Draft", state="draft")
    practice("Never out", state="withdrawn").published_at = None
    officer = factories.officer()
    actions.advance_practice(gone, "withdraw", actor=officer, note="Wrong")
    db.session.commit()
    found = ask(LIST)
    assert said(found, "title") == ["Plan"]
    heads = {h.findtext(f"{OAI}identifier"): h.get("status") for h in found.iter(f"{OAI}header")}
    name = "oai:127.0.0.1:practice/"
    assert heads == {f"{name}{row.id}": None, f"{name}{gone.id}": "deleted"}
    assert steps_of("practice", gone.id)
    one = ask(f"verb=GetRecord&metadataPrefix=oai_dc&identifier={name}{gone.id}")
    assert one.find(f".//{OAI}metadata") is None


def test_sets_and_days_narrow_what_is_given(ask):
    iopd = Observatory(code="iopd", name="IOPD", rights="CC BY 4.0")
    ours = practice("Ours", themes=("health",))
    theirs = practice("Theirs", observatory=iopd, external_id="1", themes=("mobility",))
    db.session.execute(
        update(Practice)
        .where(Practice.id == ours.id)
        .values(updated_at=datetime(2026, 3, 1, 12, 0, 30, 500_000, tzinfo=UTC))
    )
    db.session.commit()
    found = ask(f"{LIST}&set=practice:iopd")
    assert said(found, "title") == ["Theirs"]
    assert said(found, "rights") == ["CC BY 4.0"]
    for query, titles in {
        "set=practice:own": ["Ours"],
        "set=theme:mobility": ["Theirs"],
        "set=practice": ["Ours", "Theirs"],
        "until=2026-03-01": ["Ours"],
        "until=2026-03-01T12:00:30Z": ["Ours"],
        "from=2026-03-01T12:00:30Z&until=2026-03-01T12:00:30Z": ["Ours"],
        "from=2026-03-02": ["Theirs"],
    }.items():
        assert said(ask(f"{LIST}&{query}"), "title") == titles, query
    for query in ("set=sdg:4", "set=nobody", "set=practice:no", "until=2020-01-01", "set=sdg"):
        assert problem(ask(f"{LIST}&{query}")) == Problem.nothing, query
    heads = ask("verb=ListIdentifiers&metadataPrefix=oai_dc&set=practice:iopd")
    assert identifiers(heads) == [f"127.0.0.1:practice/{theirs.id}"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Steal", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&until=2026-01-01", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=%3Cb%3E", "cannotDisseminateFormat"),
        (f"{LIST}&metadataPrefix=oai_dc", "badArgument"),
        (f"{LIST}&from=yesterday", "badArgument"),
        (f"{LIST}&from=2026-02-30", "badArgument"),
        (f"{LIST}&from=", "badArgument"),
        (f"{LIST}&from=2026-01-02&until=2026-01-01", "badArgument"),
        (f"{LIST}&from=2026-01-02&until=2026-01-03T00:00:00Z", "badArgument"),
        (f"{LIST}&set=a%20b", "badArgument"),
        (f"{LIST}&resumptionToken=abc", "badArgument"),
        ("verb=ListRecords&resumptionToken=abc", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=WzEsMl0=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=%C3%A9", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=abc", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:practice/1", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%3Ca%3E b", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:127.0.0.1:practice/9", "idDoesNotExist"),
        (LIST, "noRecordsMatch"),
        (f"{LIST}&until=9999-12-31", "noRecordsMatch"),
    ],
)
def test_what_cannot_be_answered_has_the_code_of_the_protocol(ask, query, code):
    assert problem(ask(query)) == code


def test_it_is_asked_by_form_as_well(ask):
    practice("Plan")
    found = ask("", verb="ListRecords", metadataPrefix="oai_dc")
    assert said(found, "title") == ["Plan"]


def pages(ask, first=LIST) -> Iterator[etree._Element]:
    query = first
    while query:
        yield (root := ask(query))
        token = root.findtext(f".//{OAI}resumptionToken")
        query = f"verb=ListRecords&resumptionToken={token}" if token else ""


def test_a_long_list_comes_in_parts_and_loses_nothing_that_changes_meanwhile(ask, monkeypatch):
    monkeypatch.setattr(oai_records, "AT_ONCE", 2)
    rows = [practice(f"Practice {number}") for number in range(5)]
    same = now() - timedelta(days=1)
    db.session.execute(update(Practice).values(updated_at=same))  # as after an import
    db.session.commit()
    walk = pages(ask)
    first = next(walk)
    token = first.find(f".//{OAI}resumptionToken")
    assert (token.get("completeListSize"), token.get("cursor")) == ("5", "0")
    actions.write(rows[0], "en", {"title": "Changed", "summary": "S"})
    rows[0].updated_at = now()
    db.session.commit()
    rest = list(walk)
    titles = [title for root in (first, *rest) for title in said(root, "title")]
    assert sorted(titles) == ["Changed", *(f"Practice {number}" for number in range(5))]
    last = rest[-1].find(f".//{OAI}resumptionToken")
    assert not last.text
    assert last.get("cursor") == "4"


def test_a_page_costs_the_same_however_many_records_it_holds(app, ask, statements):
    asked = []
    for number in (1, 3, 9):
        while db.session.query(Practice).count() < number:
            practice(f"Practice {db.session.query(Practice).count()}")
            lessons.published(lessons.evaluated())
        db.session.remove()
        with statements() as seen:
            root = ask(LIST)
        assert len(said(root, "type")) == 2 * number
        asked.append(len(seen))
    assert len(set(asked)) == 1, asked


def test_a_token_means_what_it_was_made_from():
    place = oai_asked.Place(datetime(2026, 5, 1, 1, 2, 3, 456, tzinfo=UTC), oai_asked.Kind.note, 7)
    window = Window(datetime(2026, 1, 1, tzinfo=UTC), None, "sdg:11", place, 100, 512)
    token = oai_asked.token_of(window)
    asked = oai_asked.read([("verb", "ListIdentifiers"), ("resumptionToken", token)])
    assert asked.window == window
    with pytest.raises(Refused) as refused:
        oai_asked.read([("verb", "ListRecords"), ("resumptionToken", token[:-8])])
    assert refused.value.problem == Problem.bad_token


@pytest.fixture
def address(app) -> Iterator[str]:
    """Where our own program answers, over a real connection."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/oai"
    server.shutdown()
    thread.join()


def test_our_own_harvester_takes_in_what_we_give(app, address, monkeypatch):
    monkeypatch.setattr(oai_records, "AT_ONCE", 2)
    city = factories.organisation("Nampula", country_code="MZ")
    first = practice("Mercados limpos", language="pt", organisation=city)
    actions.write(first, "fr", {"title": "Marchés propres", "summary": "Balayés.", "text": "Oui."})
    second = practice("Plan", themes=("health",))
    lessons.published(lessons.evaluated(), title="A note")
    mirror = Observatory(code="mirror", name="Mirror", harvest_url=address, trusted=True)
    db.session.add(mirror)
    db.session.commit()
    ids = {"first": first.id, "second": second.id, "mirror": mirror.id}

    def over_the_wire(url: str) -> bytes:
        with urlopen(Request(url)) as found:  # noqa: S310 - our own address
            return found.read()

    done = nightly.look_at(ids["mirror"], over_the_wire)
    assert (done.new, done.left_out) == (3, 0)
    name = f"oai:127.0.0.1:practice/{ids['first']}"
    copy = db.session.query(Practice).filter_by(external_id=name).one()
    assert {one.language: one.title for one in copy.texts} == {
        "pt": "Mercados limpos",
        "fr": "Marchés propres",
    }
    assert copy.text_in("fr").summary == "Balayés."
    assert (copy.country_code, copy.credit, copy.language) == ("MZ", "Nampula", "pt")
    assert [term.code for term in copy.terms] == ["mobility"]
    withdrawn = db.session.get_one(Practice, ids["second"])
    actions.advance_practice(withdrawn, "withdraw", actor=factories.officer(), note="Wrong")
    db.session.commit()
    # What was taken in is given on as well, under names of its own: from others, not from oneself.
    db.session.get_one(
        Observatory, ids["mirror"]
    ).harvest_url = f"{address}?{LIST}&set=practice:own"
    db.session.commit()
    again = nightly.look_at(ids["mirror"], over_the_wire)
    assert (again.new, again.same, again.withdrawn) == (0, 1, 1)

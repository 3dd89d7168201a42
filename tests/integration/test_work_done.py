"""The chronology of what was done: each figure of a year opens as many rows."""

import re
from datetime import date, timedelta

import pytest

from exchange.clock import today
from exchange.dashboards.work_done import FIRST, NO_YEAR, Done, work_done
from exchange.exchanges.models import MeetingMode
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.labs.models import Lab
from exchange.lessons.models import ChangeKind, Note, RecordedChange
from exchange.modules.models import Delivery, DeliveryKind, Module, ModuleVersion
from exchange.partnerships.models import Partnership
from exchange.visits.models import Visit
from tests import factories
from workflows.exchange import ExchangeState
from workflows.lab import LabState
from workflows.note import NoteState
from workflows.partnership import PartnershipState

LINK = re.compile(r'<a href="(/work-done/rows[^"]+)">([\d,]+)\b')


@pytest.fixture
def officer(app):
    return factories.officer()


def _of_a_year(year):
    """One row of each kind that belongs to ``year``."""
    day = date(year, 5, 1)
    city = factories.organisation()
    held = factories.exchange(state=ExchangeState.visited, starts_on=day, proposer=city)
    forum = Forum(code=f"f-{year}", titles={"en": f"Forum {year}"}, place="Durban")
    note = Note(exchange=held, title="Note", language="en", published_on=day, slug=f"n-{year}")
    note.state, note.number = NoteState.published, year
    visit = Visit(exchange=held, starts_on=day, ends_on=day, attendance_recorded_on=day)
    module = Module(code=f"M-{year}", titles={"en": f"Module {year}"})
    module.versions.append(ModuleVersion(number="1", released_on=day, language="en"))
    given = Delivery(kind=next(iter(DeliveryKind)), mode=next(iter(MeetingMode)))
    given.starts_on = given.ends_on = day
    module.deliveries.append(given)
    partnership = Partnership(code=f"p-{year}", titles={"en": "P"}, lead=city)
    partnership.state = PartnershipState.running
    lab = Lab(title="Lab", text="Why", language="en", organisation=city, state=LabState.running)
    for row in (forum, partnership, lab):
        row.starts_on = row.ends_on = day
    change = RecordedChange(exchange=held, organisation=city, text="A by-law", recorded_on=day)
    change.kind = ChangeKind.policy
    db.session.add_all([forum, note, visit, module, partnership, lab, change])
    db.session.commit()


def test_every_figure_of_a_year_opens_as_many_rows(browser, officer):
    for year in (2009, 2012, 2019):
        _of_a_year(year)
    page = browser.as_(officer)
    shown = page.get("/work-done").text
    links = LINK.findall(shown)
    assert len(links) >= 3 * len(Done)
    for path, number in links:
        rows = page.get(path.replace("&amp;", "&")).text
        assert rows.count('<th scope="row">') == int(number.replace(",", "")), path


def test_years_without_anything_are_shown_from_the_first_on(officer):
    _of_a_year(2009)
    found = work_done(officer)
    assert list(found) == [*range(today().year, FIRST - 1, -1), 2009]
    assert found[2012] == {}
    assert all(found[2009][one] == 1 for one in Done)


def test_what_has_no_day_is_told_as_such_and_what_is_to_come_is_not_counted(browser, officer):
    coming = today() + timedelta(days=400)
    factories.exchange(state=ExchangeState.visited)
    factories.exchange(state=ExchangeState.matching, starts_on=date(2019, 1, 1))
    forum = Forum(code="f", titles={"en": "F"}, place="X", starts_on=coming, ends_on=coming)
    db.session.add(forum)
    db.session.commit()
    found = work_done(officer)
    assert found[NO_YEAR] == {Done.exchanges: 1}
    page = browser.as_(officer).get(f"/work-done/rows?done=exchanges&year={NO_YEAR}")
    assert ">no day known</td>" in page.text
    assert sum(sum(row.values()) for row in found.values()) == 1


def test_the_api_tells_the_years_and_their_rows(browser, officer):
    _of_a_year(2012)
    client = browser.api(officer)
    years = {row["year"]: row["figures"] for row in client.get("/api/v1/work-done").json}
    assert years[2012]["forums"] == years[2012]["labs"] == 1
    rows = client.get("/api/v1/work-done/rows?done=notes&year=2012").json
    assert (rows["total"], rows["items"][0]["noun"]) == (1, "note")
    assert client.get("/api/v1/work-done/rows?done=notes&year=2013").json["total"] == 0

"""The day of a forum as people live it, and what is left of it a year later.

Somebody checks in on a telephone and writes thirty notes over a line that drops twice; in the
evening an officer makes something of them; twelve months on, the page says what became of each.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from exchange.catalogue.models import Need
from exchange.clock import today
from exchange.exchanges.models import Exchange, exchange_needs
from exchange.extensions import db
from exchange.forums.items import ForumItem
from exchange.forums.models import Forum
from exchange.messages.models import Message
from exchange.reminders import send
from exchange.visits.models import Visit
from tests.browser.conftest import People

KINDS = ("expectation", "need", "offer", "challenge", "recommendation")
DROPS, EACH = 2, 15
OF_A_KIND = DROPS * EACH // len(KINDS)
YEAR = timedelta(days=365)
# The commitments of the evening are due after 90 days.
QUARTER = timedelta(days=92)
# What the officer makes of the notes of a kind; expectations are compared with results later.
BUTTONS = {"need": "Need", "offer": "Offer", "challenge": "Exchange", "recommendation": ""}


@pytest.fixture
def forum(fresh):
    """An edition of today; (its number, the code of its room)."""
    with fresh.app.app_context():
        made = Forum(code="today", titles={"en": "Forum"}, place="Durban")
        made.starts_on = made.ends_on = today()
        db.session.add(made)
        db.session.commit()
        return made.id, made.room_code


@pytest.fixture
def room(fresh, chromium):
    """The window of a telephone."""
    context = chromium.new_context(base_url=fresh.url, viewport={"width": 360, "height": 740})
    yield context
    context.close()


def written(server, forum_id):
    """The texts that the server holds."""
    with server.app.app_context():
        query = db.session.query(ForumItem.text).filter_by(forum_id=forum_id)
        return sorted(text for (text,) in query)


def check_in(page, code):
    """Say who one is, once; every note then knows whose it is."""
    page.goto(f"/room/{code}/check-in")
    page.fill("#name", "Ana Machava")
    page.fill("#organisation_name", "Nampula")
    page.click("main form button")
    page.get_by_text("You are here as Ana Machava").wait_for()


def write_all(context, page):
    """Thirty notes; the line is gone while each half of them is written."""
    sent = []
    for drop in range(DROPS):
        context.set_offline(True)
        for n in range(EACH):
            kind = KINDS[n % len(KINDS)]
            page.check(f"[value={kind}]")
            page.fill("#text", f"A {kind} {drop}-{n}")
            page.click("form[data-capture] button")
            sent.append(f"A {kind} {drop}-{n}")
        page.fill("#text", "Half written")
        context.set_offline(False)
        if not drop:
            page.reload()  # in the middle of sending
        page.locator("#told", has_not_text="Waiting").filter(has_text="Written down").wait_for()
        assert page.input_value("#text") == "Half written"
    return sorted(sent)


def evening(page, forum_id):
    """Triage: with one button each, until only expectations wait."""
    for kind, button in BUTTONS.items():
        for _nth in range(OF_A_KIND):
            page.goto(f"/forums/{forum_id}/triage?kind={kind}")
            row = page.locator("ol.tasks > li").first
            assert f"A {kind}" in row.inner_text()
            if button:
                row.get_by_role("button", name=button).first.click()
            else:
                row.get_by_role("link", name="Commitment").click()
                page.click("main form button:not(.second)")
            page.get_by_text("It knows where it comes from").wait_for()


def the_year(server, forum_id):
    """What people do in the year: one need leads to an exchange whose visit takes place."""
    with server.app.app_context():
        of_it = ForumItem.forum_id == forum_id
        need = db.session.scalars(select(Need).join(ForumItem).where(of_it).limit(1)).one()
        draft = select(Exchange).join(ForumItem, ForumItem.exchange_id == Exchange.id).where(of_it)
        exchange = db.session.scalars(draft.order_by(Exchange.id).limit(1)).one()
        link = {"exchange_id": exchange.id, "need_id": need.id}
        db.session.execute(exchange_needs.insert().values(link))
        day = today() + timedelta(days=120)
        visit = Visit(exchange=exchange, starts_on=day, ends_on=day, place="Lyon")
        visit.attendance_recorded_on = day
        db.session.add(visit)
        db.session.commit()


def of_the_way(page, forum_id):
    """The words and the number of each line of the page, and the rows that the number opens."""
    page.goto(f"/forums/{forum_id}/after")
    lines = page.locator("main table tbody tr")
    found = []
    for n in range(lines.count()):
        link = lines.nth(n).locator("td a").first
        words = lines.nth(n).locator("th").inner_text().strip()
        found.append((words, int(link.inner_text().split()[0]), link.get_attribute("href")))
    return found


def rows_behind(page, address):
    page.goto(f"{address}&size=100")
    return page.locator("main tbody tr, main ol.tasks > li").count()


def test_the_day_of_a_forum_and_what_is_left_of_it_a_year_later(fresh, forum, room, fresh_people):
    forum_id, code = forum
    page = room.new_page()
    check_in(page, code)
    page.goto(f"/room/{code}")
    assert write_all(room, page) == written(fresh, forum_id)
    evening(fresh_people.window("officer"), forum_id)
    the_year(fresh, forum_id)
    with time_machine.travel(datetime.now(UTC) + QUARTER, tick=True):
        assert promises_asked_for(fresh) == OF_A_KIND
    with time_machine.travel(datetime.now(UTC) + YEAR, tick=True):
        a_year_later(forum_id, People(fresh, fresh_people.chromium))


def promises_asked_for(server):
    """How many commitments of the register their owners are asked about, when the day is past."""
    with server.app.app_context():
        send.plan_now()
        send.send_due(limit=500)
        db.session.commit()
        asked = select(func.count(Message.id.distinct())).where(Message.kind == "commitment_due")
        return db.session.scalar(asked)


def a_year_later(forum_id, people):
    """Every note is somewhere, each figure opens its notes, expectations meet their results."""
    page = people.window("officer")
    way = of_the_way(page, forum_id)
    assert [number for _words, number, _href in way][:2] == [30, 24]
    assert [number for _words, number, _href in way][-1] == 2, "the need, and the exchange itself"
    for words, number, href in way:
        assert rows_behind(page, href) == number, words
    page.goto(f"/forums/{forum_id}/expectations")
    page.get_by_role("link", name="Compare with the results").first.click()
    page.locator("main form select[name=verdict]").last.select_option("partly")
    page.click("main form button:not(.second)")
    page.goto(f"/forums/{forum_id}/expectations?verdict=partly")
    assert "A expectation" in page.inner_text("main table")
    people.close()

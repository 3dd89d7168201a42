"""The room of a forum on a telephone: what is written down while the line is gone arrives once."""

import secrets

import pytest

from exchange.clock import today
from exchange.extensions import db
from exchange.forums.items import ForumItem
from exchange.forums.models import Forum

KINDS = ("expectation", "need", "offer", "challenge", "recommendation")
DROPS, EACH = 2, 15


@pytest.fixture
def forum(server):
    """An edition of today; (its number, the code of its room)."""
    with server.app.app_context():
        made = Forum(code=f"today-{secrets.token_hex(4)}", titles={"en": "Forum"}, place="Durban")
        made.starts_on = made.ends_on = today()
        db.session.add(made)
        db.session.commit()
        return made.id, made.room_code


def written(server, forum_id):
    """The texts that the server holds."""
    with server.app.app_context():
        query = db.session.query(ForumItem.text).filter_by(forum_id=forum_id)
        return sorted(text for (text,) in query)


def test_thirty_notes_over_a_line_that_drops_twice_are_there_once(server, chromium, forum):
    forum_id, code = forum
    context = chromium.new_context(base_url=server.url, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"/room/{code}")
    sent = []
    for drop in range(DROPS):
        context.set_offline(True)
        for n in range(EACH):
            page.check(f"[value={KINDS[n % len(KINDS)]}]")
            page.fill("#text", f"Note {drop}-{n}")
            page.click("form[data-capture] button")
            sent.append(f"Note {drop}-{n}")
        page.fill("#text", "Half written")
        context.set_offline(False)
        if not drop:
            page.reload()  # in the middle of sending
        page.locator("#told", has_not_text="Waiting").filter(has_text="Written down").wait_for()
        assert page.input_value("#text") == "Half written"
    assert written(server, forum_id) == sorted(sent)
    context.close()

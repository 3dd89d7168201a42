"""Administrators see what other programs did not take, and have it tried again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from exchange.clock import now
from exchange.extensions import db
from exchange.operations import queries
from exchange.transaction import transaction
from exchange.webhooks.models import Webhook, WebhookDelivery
from tests import factories
from workflows.webhook_delivery import WebhookDeliveryState as S


@pytest.fixture
def boss(app: Flask) -> Any:
    return factories.administrator()


def webhook(person: Any, name: str = "hook", **facts: Any) -> Webhook:
    url = f"https://{name}.example.org/"
    row = Webhook(person=person, url=url, secret="sealed", told=["visits"], **facts)
    with transaction():
        db.session.add(row)
    return row


def delivery(row: Webhook, key: str, **facts: Any) -> WebhookDelivery:
    one = WebhookDelivery(webhook=row, key=key, event=f"visit.{key}", payload={"id": key}, **facts)
    with transaction():
        db.session.add(one)
    return one


def part(page: str, heading: str) -> str:
    """What stands under a heading, until the next one."""
    found = re.search(rf"<h\d>(?:<a[^>]*>)?{heading}.*?(?=<h[23]|</main)", page, re.S)
    return found.group(0) if found else ""


def test_what_is_due_is_counted_and_what_is_put_off_or_switched_off_is_not(boss: Any) -> None:
    here, off = webhook(boss), webhook(boss, "off", disabled_at=now())
    at = now()
    delivery(here, "due", next_try_at=at - timedelta(minutes=3))
    delivery(here, "later", next_try_at=at + timedelta(minutes=3), attempts=1)
    delivery(off, "off", next_try_at=at - timedelta(hours=1))
    delivery(here, "dead", state=S.sending, claimed_until=at - timedelta(seconds=1))
    (found,) = [one for one in queries.waiting(at) if one.what == "webhooks"]
    assert (found.count, found.age(at)) == (2, 180)


def test_what_was_put_off_is_sent_now_by_its_button(boss: Any, browser: Any) -> None:
    later = now() + timedelta(hours=6)
    one = delivery(webhook(boss), "later", next_try_at=later, attempts=4, status=503)
    page = browser.as_(boss).get("/operations").text
    shown = part(page, "What is put off")
    assert "1 call" in shown
    assert "503" in shown
    assert "Send now" in shown
    action = re.search(r'action="(/webhooks/deliveries/\d+/move)"', shown)
    assert action
    data = {"trigger": "send_now", "expected_state": "waiting"}
    assert browser.as_(boss).post(action.group(1), data=data).status_code == 302
    db.session.refresh(one)
    assert (one.state, one.attempts) == (S.waiting, 0)
    assert one.next_try_at <= now()
    assert "What is put off" not in browser.as_(boss).get("/operations").text


def test_what_was_given_up_is_sent_again_by_its_button(boss: Any, browser: Any) -> None:
    one = delivery(webhook(boss), "lost", state=S.failed, attempts=7, reason="no_answer")
    page = browser.as_(boss)
    shown = part(page.get("/operations").text, "Calls to other programs, given up")
    assert "no answer" in shown
    data = {"trigger": "send_again", "expected_state": "failed"}
    address = f"/webhooks/deliveries/{one.id}/move"
    assert f'action="{address}"' in shown
    assert page.post(address, data=data).status_code == 302
    assert "given up" not in page.get("/operations").text
    assert page.post(address, data=data).status_code == 409


def test_what_is_switched_off_is_switched_on_by_its_button(boss: Any, browser: Any) -> None:
    row = webhook(boss, disabled_at=now(), disabled_why="failing", failures=15)
    page = browser.as_(boss)
    shown = part(page.get("/operations").text, "Webhooks that are switched off")
    assert "it failed again and again" in shown
    assert f'action="/webhooks/{row.id}/enable"' in shown
    assert page.post(f"/webhooks/{row.id}/enable").status_code == 302
    assert "switched off" not in page.get("/operations").text


def test_who_is_not_staff_moves_no_delivery_of_others(boss: Any, browser: Any) -> None:
    one = delivery(webhook(boss), "later", attempts=1)
    other = browser.as_(factories.person(of=factories.organisation("Lyon")))
    data = {"trigger": "send_now", "expected_state": "waiting"}
    assert other.post(f"/webhooks/deliveries/{one.id}/move", data=data).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_no_code_name_stands_where_words_should(boss: Any, browser: Any, language: str) -> None:
    from exchange.operations.models import TaskTally
    from tasks.schedule import schedule

    names = {row["task"] for row in schedule(15).values()}
    with transaction():
        db.session.add_all(TaskTally(task=name, every=15) for name in names)
    page = browser.as_(boss, language).get("/operations").text
    cells = re.findall(r'<th scope="row">(.*?)</th>', page, re.S)
    assert len(cells) == len(names)
    assert not [cell for cell in cells if "tasks." in cell]


# Long lists


def test_every_delivery_is_reached_page_by_page(boss: Any, browser: Any) -> None:
    row = webhook(boss)
    with transaction():
        for number in range(60):
            facts = {"key": str(number), "event": f"visit.{number}", "payload": {}}
            state = S.failed if number % 20 == 0 else S.delivered
            db.session.add(WebhookDelivery(webhook=row, state=state, **facts))
    page, found = browser.as_(boss), set()
    for number in (1, 2, 3):
        text = page.get(f"/webhooks/{row.id}?page={number}").text
        found |= set(re.findall(r"/webhooks/deliveries/(\d+)", text))
    assert len(found) == 60
    failed = page.get(f"/webhooks/{row.id}?state=failed").text
    assert len(set(re.findall(r"/webhooks/deliveries/(\d+)", failed))) == 3
    answer = browser.api(boss).get(f"/api/v1/webhooks/{row.id}/deliveries?page=3&size=25").json
    assert (len(answer["items"]), answer["pages"], answer["total"]) == (10, 3, 60)
    only = browser.api(boss).get(f"/api/v1/webhooks/{row.id}/deliveries?state=failed").json
    assert only["total"] == 3


def test_a_new_secret_is_shown_above_the_newest_deliveries_alone(boss: Any, browser: Any) -> None:
    row = webhook(boss)
    with transaction():
        for number in range(60):
            facts = {"key": str(number), "event": "visit.changed", "payload": {}}
            db.session.add(WebhookDelivery(webhook=row, **facts))
    text = browser.as_(boss).post(f"/webhooks/{row.id}/secret").text
    assert "whsec_" in text
    assert "All deliveries" in text
    assert "?page=" not in text


def test_webhooks_are_found_by_address_and_by_being_off(boss: Any, browser: Any) -> None:
    webhook(boss, "alpha")
    webhook(boss, "beta", disabled_at=now())
    page = browser.as_(boss)
    assert "beta.example" not in page.get("/webhooks?q=alpha").text
    off = page.get("/webhooks?switched_off=yes").text
    assert ("alpha.example" in off, "beta.example" in off) == (False, True)
    found = browser.api(boss).get("/api/v1/webhooks?switched_off=true").json
    assert [one["url"] for one in found["items"]] == ["https://beta.example.org/"]


def test_the_page_and_the_list_cost_the_same_however_many(
    boss: Any, browser: Any, statements: Any
) -> None:
    page, costs = browser.as_(boss), []
    row = webhook(boss)
    for more in (1, 8):
        for number in range(more):
            name = f"{more}-{number}"
            webhook(boss, f"off{name}", disabled_at=now(), disabled_why="gone")
            own = webhook(boss, f"own{name}")
            delivery(own, f"lost{name}", state=S.failed)
            delivery(own, f"later{name}", attempts=1, next_try_at=now() + timedelta(hours=1))
            delivery(row, f"told{name}", state=S.delivered)
        cost = []
        for address in ("/operations", f"/webhooks/{row.id}", "/webhooks"):
            with statements() as seen:
                assert page.get(address).status_code == 200
            cost.append(len(seen))
        costs.append(cost)
    assert costs[0] == costs[1]

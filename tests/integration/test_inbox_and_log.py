"""What waits for staff, the log of steps, and the review of a proposal."""

from datetime import UTC, datetime, timedelta

import time_machine

from exchange.clock import now, today
from exchange.dashboards.inbox import Waiting
from exchange.dashboards.log import LogNoun
from exchange.exchanges.reviews import reviews_of
from exchange.extensions import db
from exchange.matching.models import Match, MatchQuestion, Side
from exchange.messages.models import Message
from exchange.reminders.models import Reminder
from exchange.steps import steps_of
from tests import factories
from tests.integration.test_lists_cost_the_same import Reader, network_of
from workflows.exchange import ExchangeState as S
from workflows.registry import WORKFLOWS


def proposal(**facts):
    facts.setdefault("state", S.submitted)
    return factories.exchange(learner=factories.organisation("Quelimane"), **facts)


def everything_waits():
    """One thing of each kind, an hour between each and the next."""
    at = now() - timedelta(days=2)
    proposal(title="Markets", state_since=at)
    waste, buses, offer = factories.need(), factories.need(title="Buses"), factories.offer()
    asked = Match(need=waste, offer=offer, state="suggested")
    question = MatchQuestion(side=Side.need, text="In May?", created_at=at + timedelta(hours=1))
    asked.questions.append(question)
    refused = Match(need=buses, offer=offer, state="declined")
    refused.state_since = at + timedelta(hours=2)
    letter = {"to_email": "a@example.org", "language": "en", "text": ".", "reason": "refused"}
    mail = Message(kind="agenda", subject="Agenda please", state="failed", **letter)
    mail.state_since = at + timedelta(hours=3)
    about = {"kind": "agenda", "subject_type": "exchange", "subject_id": 1, "state": "sent"}
    about |= {"wanted_state": "preparing", "due_at": at}
    asks = [Reminder(due_on=today() - timedelta(days=n), **about) for n in (9, 2)]
    for nth, one in enumerate(asks):
        one.sent_at = at + timedelta(hours=4 + nth)
    db.session.add_all([asked, refused, mail, *asks])
    db.session.commit()
    factories.forum_note("Streets flood.", at + timedelta(hours=6))


def test_nothing_waits_and_says_so(browser):
    text = browser.as_(factories.officer()).get("/inbox").text
    assert "Nothing waits for you" in text


def test_what_waits_stands_oldest_first_each_with_one_way_on(browser):
    everything_waits()
    client = browser.as_(factories.officer())
    text = client.get("/inbox").text.split('<ol class="tasks">')[1].split("</ol>")[0]
    words = ["Markets", "In May?", "Buses", "Agenda please", "No answer twice", "Streets flood."]
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert text.count("<a href=") == 6
    only = client.get("/inbox?waiting_for=mail").text.split('<ol class="tasks">')[1]
    assert "Agenda please" in only
    assert "Markets" not in only
    for path in [part.split('"')[0] for part in text.split('<a href="')[1:]]:
        assert client.get(path).status_code == 200, path


def test_each_kind_is_counted(browser):
    everything_waits()
    text = browser.as_(factories.officer()).get("/inbox").text
    for kind in Waiting:
        assert f"waiting_for={kind}" in text
    assert text.count("<strong>1</strong>") == 6


def test_the_inbox_and_the_log_are_for_staff(browser):
    client = browser.as_(factories.person(of=factories.organisation()))
    for path in ("/inbox", "/log", "/log.csv"):
        assert client.get(path).status_code == 403, path


def test_both_reviewers_write_and_see_both(browser):
    exchange = proposal(title="Markets")
    first, second = factories.officer(name="Lucía"), factories.officer(name="Pierre")
    address = f"/exchanges/{exchange.id}/review"
    sent = {"need_is_clear": "yes", "means_suffice": "no", "note": "Who pays?"}
    assert browser.as_(first).post(address, data=sent).status_code == 302
    answer = browser.as_(second).post(address, data={"need_is_clear": "partly"})
    assert answer.status_code == 302
    text = browser.as_(first).get(address).text
    assert "Lucía" in text
    assert "Pierre" in text
    assert "Who pays?" in text
    browser.as_(first).post(address, data={"need_is_clear": "no", "note": "Paid."})
    assert [(row.person_id, row.note) for row in reviews_of(exchange)] == [
        (first.id, "Paid."),
        (second.id, ""),
    ]


def test_a_proposal_is_decided_where_it_is_read(browser):
    exchange = proposal()
    client = browser.as_(factories.officer())
    text = client.get(f"/exchanges/{exchange.id}/review").text
    assert [word for word in ("Accept", "Ask for more", "Decline") if f">{word}<" in text] == [
        "Accept",
        "Ask for more",
        "Decline",
    ]
    sent = {"trigger": "find_eligible", "expected_state": "submitted"}
    client.post(f"/exchanges/{exchange.id}/move", data=sent)
    assert steps_of("exchange", exchange.id)[0].to_state == "eligible"


def test_only_the_office_reviews(browser):
    exchange = proposal()
    city = browser.as_(factories.person(of=exchange.proposer))
    assert city.get(f"/exchanges/{exchange.id}/review").status_code == 403


def test_the_log_says_who_what_when_and_from_where_to_where(browser):
    officer = factories.officer(name="Lucía")
    exchange = proposal()
    client = browser.as_(officer)
    sent = {"trigger": "decline", "note": "Not this year"}
    client.post(f"/exchanges/{exchange.id}/move", data=sent)
    text = client.get("/log?noun=exchange&who=Luc").text
    assert exchange.reference in text
    assert "Submitted → Declined" in text
    assert "Not this year" in text
    assert "No step fits" in client.get("/log?noun=need").text
    assert "No step fits" in client.get("/log?until=2020-01-01").text
    assert exchange.reference in client.get(f"/log?since={today()}").text
    lines = client.get("/log.csv?noun=exchange").text.splitlines()
    assert len(lines) == 2
    assert (
        f"Lucía,Exchange,{exchange.reference},Decline,Submitted,Declined,Not this year" in lines[1]
    )


def test_whatever_takes_steps_has_its_words_in_the_log():
    assert set(LogNoun) == set(WORKFLOWS)


# At this moment it is still the first of March in San José.
@time_machine.travel(datetime(2026, 3, 2, 4, 30, tzinfo=UTC), tick=False)
def test_the_days_of_the_log_are_those_of_its_reader(browser):
    officer = factories.officer(time_zone="America/Costa_Rica")
    exchange = proposal()
    client = browser.as_(officer)
    client.post(f"/exchanges/{exchange.id}/move", data={"trigger": "find_eligible"})
    assert exchange.reference in client.get("/log?since=2026-03-01&until=2026-03-01").text
    assert "No step fits" in client.get("/log?since=2026-03-02").text
    assert "2026-03-01T22:30" in client.get("/log.csv").text


def test_inbox_log_and_review_cost_the_same_however_many(app, browser):
    officer = factories.officer()
    exchange = proposal()
    paths = ("/inbox", "/log", f"/exchanges/{exchange.id}/review")
    network, reader = network_of(officer), Reader(browser, officer)
    costs = []
    for size in (3, 300):
        network.grow(size)
        costs.append([reader.cost(path) for path in paths])
    assert costs[0] == costs[1]
    # One of them asks whether it is written down today that this reader saw the letters.
    assert max(costs[0][:2]) <= 11, costs

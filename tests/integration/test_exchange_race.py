"""Two people press the same button at once: one moves, the other is told kindly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from exchange.errors import NotAllowed
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.steps import Step, steps_of
from exchange.transaction import transaction
from tests import factories
from workflows.exchange import ExchangeState as S

ROUNDS = 3


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of ``calls``, all begun at the same moment."""
    together = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        together.wait()
        return call()

    db.session.commit()
    with ThreadPoolExecutor(len(calls)) as threads:
        return [future.result() for future in [threads.submit(run, call) for call in calls]]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_press_the_same_button_on_the_page(browser, _round):
    exchange = factories.exchange(learner=factories.organisation())
    officers = [browser.as_(factories.officer()) for _ in range(2)]
    address = f"/exchanges/{exchange.id}/move"
    sent = {"trigger": "submit", "expected_state": "draft"}
    answers = at_once(*(lambda page=page: page.post(address, data=sent) for page in officers))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "moved it to Submitted" in late.text
    db.session.expire_all()
    assert exchange.state == S.submitted
    assert db.session.query(Step).count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_post_the_same_step_and_different_ones(browser, _round):
    exchange = factories.exchange(learner=factories.organisation(), state=S.submitted)
    clients = [browser.api(factories.officer()) for _ in range(3)]
    steps = [
        {"trigger": "find_eligible"},
        {"trigger": "find_eligible"},
        {"trigger": "decline", "note": "No.", "expected_state": "submitted"},
    ]
    address = f"/api/v1/exchanges/{exchange.id}/steps"
    answers = at_once(
        *(lambda c=c, s=s: c.post(address, json=s) for c, s in zip(clients, steps, strict=True))
    )
    db.session.expire_all()
    done = [answer for answer in answers if answer.status_code == 201]
    # Eligible can still be declined, but not by who wanted to decline what was submitted.
    assert len(done) == 1
    codes = {answer.json["error"]["code"] for answer in answers if answer.status_code != 201}
    assert codes <= {"moved_on", "transition_refused"}
    assert [step.to_state for step in steps_of("exchange", exchange.id)] == [exchange.state]


def test_proposals_at_the_same_moment_get_different_references(app):
    city = factories.organisation().id
    data = {"title": "Markets", "kind": "mentoring", "language": "en", "proposer_id": city}

    def propose() -> str:
        with app.app_context(), transaction():
            return actions.create(data, actor=None).reference

    references = at_once(*[propose] * 6)
    assert len(set(references)) == 6
    assert {reference[-4:] for reference in references} == {f"{n:04d}" for n in range(1, 7)}


def test_two_hosts_cannot_both_leave_at_once(app):
    exchange = factories.exchange(
        host=factories.organisation(), learner=factories.organisation(), state=S.preparing
    )
    other = actions.add_partner(exchange, factories.organisation().id, PartnerRole.host, actor=None)
    actions.commit_partner(other, actor=None)
    ids = [partner.id for partner in exchange.with_role(PartnerRole.host)]
    exchange_id = exchange.id

    def leave(partner_id: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    row = db.session.get_one(Exchange, exchange_id)
                    partner = next(one for one in row.partners if one.id == partner_id)
                    actions.remove_partner(partner, actor=None)
            except NotAllowed:
                return False
            return True

    assert sorted(at_once(*(lambda i=i: leave(i) for i in ids))) == [False, True]

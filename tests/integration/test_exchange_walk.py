"""The table of the exchange walked at random against the real database.

Whatever the order of moves, refusals, broken transactions and overrides: every move has its step,
no state stands without its facts, references are unique, and nothing is half-saved.
"""

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from exchange.errors import DomainError
from exchange.exchanges import actions
from exchange.exchanges.linked_needs import CLOSED, TAKING
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.steps import Step
from exchange.transaction import transaction
from tests import factories
from tests.integration.exchange_facts import make
from workflows import guards
from workflows.engine import Move, TransitionRefused
from workflows.exchange import EXCHANGE
from workflows.exchange import ExchangeState as S
from workflows.need import NeedState

FORWARD = [s for s in S if s != S.on_hold]


def _from(state: S) -> tuple[S, ...]:
    """``state`` and what follows on the way, in the order of the enum, without the final ones."""
    later = FORWARD[FORWARD.index(state) :]
    return tuple(s for s in later if not EXCHANGE.is_final(s))


# In these states these facts stay true: what they rest on cannot be taken away from below them.
FACTS_OF = {
    guards.has_a_purpose: _from(S.eligible),
    guards.host_has_committed: _from(S.partners_agreed),
    guards.learner_has_committed: _from(S.partners_agreed),
    guards.concept_note_is_agreed: _from(S.preparing),
    guards.has_a_note: _from(S.note_drafting),
    guards.note_is_published: _from(S.disseminating),
    guards.road_map_has_owners: _from(S.disseminating),
    guards.was_disseminated: _from(S.following_up_3),
    guards.follow_up_3_is_over: _from(S.following_up_6),
    guards.follow_up_6_is_over: _from(S.following_up_12),
    guards.a_change_is_recorded: (S.closed_with_change,),
    guards.no_change_is_recorded: (S.closed_without_change,),
}
LINES = {(m.trigger, str(m.source), str(m.dest)) for m in EXCHANGE.moves}


# The shortest way from a draft to the end; a walk begins somewhere on it.
WAY = (
    *("submit", "find_eligible", "agree_partners", "start_preparation", "confirm_visit"),
    *("start_visit", "complete_visit", "open_evaluation", "draft_note", "submit_note"),
    *("publish_note", "start_follow_up", "continue_follow_up", "continue_follow_up", "close"),
)
WAYS_OUT = ("cancel", "decline", "hold")


class Broken(Exception):
    """The power goes in the middle of a transaction."""


class Walk(RuleBasedStateMachine):
    """One exchange and whatever people do to it."""

    @initialize(
        needs=st.integers(0, 2),
        proposer_learns=st.booleans(),
        far=st.sampled_from(range(len(WAY) + 1)),
    )
    def propose(self, needs: int, proposer_learns: bool, far: int) -> None:
        db.session.remove()
        city = factories.organisation()
        linked = [factories.need(organisation=city) for _ in range(needs)]
        data = {"title": "Markets", "kind": "study_visit", "language": "en", "themes": ["mobility"]}
        data |= {"proposer_id": city.id, "need_ids": [need.id for need in linked]}
        if proposer_learns:
            data["proposer_role"] = PartnerRole.learner
        with transaction():
            self.id = actions.create(data, actor=None).id
        self.count = 0
        self.overridden = False
        for trigger in WAY[:far]:
            self._make_facts_and_press(EXCHANGE.moves_from(self.exchange.state, trigger)[0])

    @property
    def exchange(self) -> Exchange:
        return db.session.get_one(Exchange, self.id)

    def _press(self, trigger: str, note: str = "Because.") -> None:
        before = self.exchange.state
        possible = trigger in EXCHANGE.available(self.exchange)
        try:
            with transaction():
                actions.advance(self.exchange, trigger, actor=None, note=note)
        except TransitionRefused:
            assert not possible
            assert self.exchange.state == before
        else:
            assert possible
            self.count += 1

    def _make_facts_and_press(self, move: Move) -> None:
        with transaction():
            for guard in move.guards:
                make(self.exchange, guard.__name__)
        self._press(move.trigger)

    @rule(trigger=st.sampled_from([t for t in EXCHANGE.triggers if t not in WAYS_OUT]))
    def press_any_button(self, trigger: str) -> None:
        self._press(trigger)

    @precondition(lambda self: EXCHANGE.moves_from(self.exchange.state))
    @rule(data=st.data())
    def do_what_is_asked_and_go_on(self, data: st.DataObject) -> None:
        moves = EXCHANGE.moves_from(self.exchange.state)
        onward = [move for move in moves if move.trigger not in WAYS_OUT]
        # Ways out are many and would end most walks early.
        chosen = data.draw(st.sampled_from([*onward * 4, *moves]))
        self._make_facts_and_press(chosen)

    @rule(trigger=st.sampled_from(("hold", "cancel", "decline", "ask_information")))
    def forget_to_say_why(self, trigger: str) -> None:
        if not EXCHANGE.needs_reason(trigger, self.exchange.state):
            return
        before = self.exchange.state
        with pytest.raises(DomainError, match="reason_required"), transaction():
            actions.advance(self.exchange, trigger, actor=None, note=" ")
        assert self.exchange.state == before

    @precondition(lambda self: EXCHANGE.available(self.exchange))
    @rule(data=st.data())
    def break_down_in_the_middle(self, data: st.DataObject) -> None:
        trigger = data.draw(st.sampled_from(EXCHANGE.available(self.exchange)))
        with pytest.raises(Broken), transaction():
            self._advance_and_break(trigger)

    def _advance_and_break(self, trigger: str) -> None:
        actions.advance(self.exchange, trigger, actor=None, note="Because.")
        raise Broken

    @rule(role=st.sampled_from((PartnerRole.host, PartnerRole.learner)))
    def a_partner_leaves(self, role: PartnerRole) -> None:
        partners = self.exchange.with_role(role)
        if partners:
            self._try(lambda: actions.remove_partner(partners[0], actor=None))

    @rule()
    def somebody_empties_the_concept_note(self) -> None:
        empty = {"concept_note": "", "concept_note_agreed_on": None}
        self._try(lambda: actions.write_concept_note(self.exchange, empty, actor=None))

    @rule()
    def another_proposal_comes_in(self) -> None:
        data = {"title": "Other", "kind": "mentoring", "language": "fr"}
        with transaction():
            actions.create({**data, "proposer_id": self.exchange.proposer_id}, actor=None)

    @rule(data=st.data(), rarely=st.integers(0, 9))
    def an_administrator_overrides(self, data: st.DataObject, rarely: int) -> None:
        if rarely:
            return
        state = data.draw(st.sampled_from([s for s in S if s != self.exchange.state]))
        administrator = factories.administrator()
        with transaction():
            actions.override(self.exchange, state, "By paper.", actor=administrator)
        self.count += 1
        self.overridden = True

    def _try(self, action) -> None:  # type: ignore[no-untyped-def]
        try:
            with transaction():
                action()
        except DomainError:
            pass

    @invariant()
    def every_move_has_its_step(self) -> None:
        db.session.remove()
        query = select(Step).where(Step.subject_type == "exchange", Step.subject_id == self.id)
        steps = list(db.session.scalars(query.order_by(Step.id)))
        assert len(steps) == self.count
        stands = "draft"
        for step in steps:
            assert step.from_state == stands
            stands = step.to_state
            line = (step.trigger, step.from_state, step.to_state)
            assert step.overrode != (line in LINES)
        assert self.exchange.state == stands

    @invariant()
    def no_state_stands_without_its_facts(self) -> None:
        exchange = self.exchange
        assert (exchange.state == S.on_hold) == (exchange.held_state is not None)
        assert (exchange.due_on is None) == EXCHANGE.is_final(exchange.state)
        if self.overridden:
            return
        stands = exchange.held_state or exchange.state
        for fact, states in FACTS_OF.items():
            assert stands not in states or fact(exchange), (stands, fact.__name__)

    @invariant()
    def needs_stand_where_their_exchange_does(self) -> None:
        stands = self.exchange.held_state or self.exchange.state
        expected = NeedState.in_exchange if stands in TAKING else NeedState.published
        if stands in CLOSED:
            expected = NeedState.fulfilled
        if not self.overridden:
            assert {need.state for need in self.exchange.needs} <= {expected}

    @invariant()
    def references_are_unique(self) -> None:
        counted = select(func.count(Exchange.reference), func.count(Exchange.reference.distinct()))
        every, different = db.session.execute(counted).one()
        assert every == different


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_table_walked_at_random(app: Flask) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Walk,
        settings=settings(
            max_examples=60,
            stateful_step_count=15,
            deadline=None,
            # A failing walk is short enough to read; making it shorter would take minutes.
            phases=(Phase.reuse, Phase.generate),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )

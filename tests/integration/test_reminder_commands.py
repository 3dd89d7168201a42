"""The nudges and the command: both only call what the tests of reminders call."""

import importlib
from datetime import timedelta

from click.testing import CliRunner

from exchange.clock import now
from exchange.commands import context
from exchange.commands.reminders import reminders
from exchange.extensions import db
from exchange.messages.models import Message
from tasks.app import bind
from tests import factories
from workflows.exchange import ExchangeState


def yesterday_s_proposal() -> None:
    """A proposal whose receipt is due."""
    city = factories.organisation()
    factories.person(of=city)
    since = now() - timedelta(days=1)
    factories.exchange(state=ExchangeState.submitted, state_since=since, proposer=city)


def test_the_sweeps_write_and_deliver(app):
    bind(app)
    yesterday_s_proposal()
    importlib.import_module("tasks.reminders").reminders()
    importlib.import_module("tasks.messages").due_messages()
    db.session.rollback()
    message = db.session.query(Message).one()
    assert (message.kind, str(message.state)) == ("proposal_received", "sent")


def test_the_command_plans_then_sends(app, monkeypatch):
    monkeypatch.setattr("exchange.app.create_app", lambda: app)
    assert context.with_app
    yesterday_s_proposal()
    plan = CliRunner().invoke(reminders, ["plan"])
    assert (plan.exit_code, plan.output) == (0, "1 new reminders are planned.\n")
    send = CliRunner().invoke(reminders, ["send"])
    assert (send.exit_code, send.output) == (0, "1 reminders are sent.\n")

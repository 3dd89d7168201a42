"""Where mails to us are read: a folder of files, a server, a pipe. None is lost, none twice."""

import io
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from exchange.cli import main
from exchange.config import MailInbox
from exchange.exchanges.remarks import Remark
from exchange.extensions import db
from exchange.messages import mailboxes
from exchange.messages.house import use
from exchange.messages.models import Reply
from tasks.mail_inbox import read
from tests import factories
from tests.integration.imap_server import imap_server
from tests.integration.mails_that_come import answer, with_reply_address
from workflows.exchange import ExchangeState as S


@pytest.fixture(autouse=True)
def replies_are_read(app):
    before = with_reply_address(app)
    yield
    use(app, before)


@pytest.fixture
def mails(app):
    """Two answers to an exchange."""
    ana = factories.person("Ana", of=factories.organisation())
    city = ana.affiliations[0].organisation
    exchange = factories.exchange(learner=city, state=S.preparing)
    return [answer(exchange, ana, text) for text in ("Yes.", "In May.")]


@pytest.fixture
def folder(tmp_path):
    """An empty Maildir."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def said():
    return sorted(db.session.scalars(db.select(Remark.text)))


def put(folder, mails):
    for number, raw in enumerate(mails):
        (folder / "new" / f"170000000{number}.M1.host").write_bytes(raw)


def the_database_is_away(monkeypatch, *, after):
    """The database takes ``after`` mails, and then no more."""
    taken, receive = [], mailboxes.receive

    def fails(raw):
        if len(taken) >= after:
            raise OperationalError("INSERT", {}, Exception("away"))
        taken.append(raw)
        return receive(raw)

    monkeypatch.setattr(mailboxes, "receive", fails)


def test_a_folder_is_read_once_and_its_mails_are_marked_as_seen(folder, mails):
    put(folder, mails)
    inbox = MailInbox(kind="maildir", path=folder)
    assert mailboxes.collect(inbox) == {"remarked": 2}
    assert said() == ["In May.", "Yes."]
    assert list((folder / "new").iterdir()) == []
    assert [file.name[-4:] for file in (folder / "cur").iterdir()] == [":2,S"] * 2
    put(folder, mails)
    assert mailboxes.collect(inbox) == {"known": 2}
    assert len(said()) == 2


def test_what_the_database_did_not_take_stays_where_it_was(folder, mails, monkeypatch):
    put(folder, mails)
    inbox = MailInbox(kind="maildir", path=folder)
    with monkeypatch.context() as patch:
        the_database_is_away(patch, after=1)
        with pytest.raises(OperationalError):
            mailboxes.collect(inbox)
    assert len(list((folder / "new").iterdir())) == 1
    mailboxes.collect(inbox)
    assert said() == ["In May.", "Yes."]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        mailboxes.collect(MailInbox(kind="maildir", path=tmp_path / "none"))


def test_a_server_is_read_once_and_its_mails_are_marked_as_seen(mails):
    with imap_server() as (box, inbox):
        numbers = {box.add(raw) for raw in mails}
        assert mailboxes.collect(inbox, timeout=5) == {"remarked": 2}
        assert box.seen == numbers
        assert mailboxes.collect(inbox, timeout=5) == {}
        assert box.said[-1] == "LOGOUT"
    assert said() == ["In May.", "Yes."]


def test_a_server_keeps_as_new_what_the_database_did_not_take(mails, monkeypatch):
    with imap_server() as (box, inbox):
        numbers = [box.add(raw) for raw in mails]
        with monkeypatch.context() as patch:
            the_database_is_away(patch, after=1)
            with pytest.raises(OperationalError):
                mailboxes.collect(inbox, timeout=5)
        assert box.seen == {numbers[0]}
        mailboxes.collect(inbox, timeout=5)
    assert said() == ["In May.", "Yes."]


@pytest.mark.parametrize("wrong", [{"password": "guess"}, {"folder": "None"}, {"port": 9}])
def test_a_server_that_does_not_let_us_in_is_said(app, wrong):
    with imap_server() as (_box, inbox), pytest.raises(OSError, match=r"done|NO|refused"):
        mailboxes.collect(replace(inbox, **wrong), timeout=5)


def test_the_worker_reads_the_box_of_the_settings_and_none_without_one(
    app, folder, mails, monkeypatch
):
    read.run()
    put(folder, mails)
    inbox = MailInbox(kind="maildir", path=folder)
    monkeypatch.setitem(app.config, "EXCHANGE", replace(app.config["EXCHANGE"], mail_inbox=inbox))
    read.run()
    assert len(said()) == 2


@pytest.fixture
def pipe(app, monkeypatch):
    """``exchange mail receive < mail``: its exit code."""
    monkeypatch.setattr("exchange.app.create_app", lambda *_settings: app)

    def piped(raw):
        db.session.rollback()  # another process than that of the test
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        with pytest.raises(SystemExit) as end:
            main(["mail", "receive"])
        return end.value.code

    return piped


def test_a_pipe_takes_a_mail_in(pipe, mails, capsys):
    assert [pipe(mails[0]), pipe(mails[0])] == [0, 0]
    words = capsys.readouterr().out.splitlines()
    assert [word for word in words if "mail.came" not in word] == ["remarked", "known"]
    assert said() == ["Yes."]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"hello there\n", b"\x00\xff" * 50])
def test_what_is_no_mail_is_bad_data(pipe, raw):
    assert pipe(raw) == 65
    assert db.session.query(Reply).count() == 0


def test_a_pipe_is_asked_to_try_again_when_the_database_is_away(pipe, mails, monkeypatch):
    the_database_is_away(monkeypatch, after=0)
    assert pipe(mails[0]) == 75


def test_a_pipe_is_asked_to_try_again_when_the_settings_are_wrong(mails, monkeypatch):
    monkeypatch.setenv("EXCHANGE_PORT", "none")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(mails[0])))
    with pytest.raises(SystemExit) as end:
        main(["mail", "receive"])
    assert end.value.code == 75


@pytest.mark.parametrize("charset", ["utf-8", "x-unknown", "utf-7-imap"])
def test_mails_in_any_letters_are_taken(pipe, mails, charset):
    raw = mails[0].replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
    raw = raw.replace(b"Yes.", "Olá \x00 ção".encode("latin-1"))
    assert pipe(raw) == 0
    assert db.session.query(Reply).count() == 1

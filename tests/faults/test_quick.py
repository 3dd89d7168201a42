"""The table of faults says what happened; the faults themselves are tried by `make faults`."""

import inspect
from pathlib import Path

import pytest

from tests.faults.catalogue import FAULTS
from tests.faults.installation import SETUPS
from tests.faults.mails import arrivals
from tests.faults.table import Line, keep, kept, table


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_says_what_it_is_and_where_it_can_be_tried(name):
    fault = FAULTS[name]
    assert inspect.getdoc(fault.run)
    assert set(fault.setups) <= set(SETUPS)


def test_what_was_lost_or_done_twice_fails():
    assert Line("worker", "files", tried=20, work=100, copies=3, promised=80).held
    assert not Line("worker", "files", lost=1).held
    assert not Line("worker", "files", twice=1).held
    assert not Line("worker", "files", copies=3, promised=2).held
    assert not Line("worker", "files", wrong="TimeoutError").held


def test_the_table_has_a_line_for_each_fault_with_median_and_longest_recovery():
    lines = [
        Line("worker", "files", tried=3, work=90, back=[1.0, 2.0, 9.0]),
        Line("full", "redis", skipped="not root"),
    ]
    printed = table(lines).splitlines()
    assert len(printed) == 3
    assert "2.0 / 9.0" in printed[1]
    assert printed[1].endswith("held")
    assert printed[2].endswith("skipped: not root")


def test_the_file_keeps_the_last_line_of_each_fault(tmp_path: Path):
    path = tmp_path / "build" / "faults.json"
    keep([Line("worker", "files", lost=1), Line("web", "files")], path)
    keep([Line("worker", "files", tried=20)], path)
    assert {(line.fault, line.lost, line.tried) for line in kept(path)} == {
        ("worker", 0, 20),
        ("web", 0, 0),
    }


@pytest.mark.parametrize("fault", ["later", "never", "drop", "cut"])
def test_the_mail_server_fails_once_for_an_address_as_it_is_told(fault):
    import smtplib

    with arrivals() as (mails, url):
        port = int(url.rpartition(":")[2])
        mails.faults["a@example.org"] = fault
        for time in (1, 2):
            line = smtplib.SMTP("127.0.0.1", port, timeout=5)
            try:
                line.sendmail("b@example.org", ["a@example.org"], "Subject: x\r\n\r\nx")
                assert time == 2
            except smtplib.SMTPException:
                assert time == 1
            finally:
                line.close()
    assert len(mails.times["a@example.org"]) == (2 if fault == "cut" else 1)

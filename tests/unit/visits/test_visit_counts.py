"""What is counted of a visit: the balance of a delegation, rooms used twice, answers checked."""

from datetime import date, time

import pytest

from exchange.errors import Invalid
from exchange.visits import queries
from exchange.visits.evaluation import check_answers
from exchange.visits.models import (
    ChecklistItem,
    ChecklistParty,
    Gender,
    Office,
    Participant,
    VisitSession,
)
from exchange.vocabularies.models import Term
from workflows.participant import ParticipantState


def _person(organisation_id, gender, office, state=ParticipantState.confirmed):
    return Participant(organisation_id=organisation_id, gender=gender, office=office, state=state)


def test_the_balance_leaves_out_who_is_not_coming():
    found = queries.balance(
        [
            _person(1, Gender.woman, Office.political),
            _person(1, Gender.man, Office.technical, ParticipantState.nominated),
            _person(2, Gender.unsaid, Office.other),
            _person(3, Gender.woman, Office.political, ParticipantState.declined),
        ]
    )
    assert found == queries.Balance(
        people=3, confirmed=2, women=1, men=1, unsaid=1, political=1, technical=1, organisations=2
    )


def _session(number, starts, finishes, place="Room A", day=1):
    return VisitSession(
        id=number,
        day=date(2026, 3, day),
        starts_at=time(starts),
        ends_at=time(finishes),
        place=place,
    )


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        (_session(2, 10, 12), True),
        (_session(2, 10, 12, "room a"), True),
        (_session(2, 11, 12), False),  # one ends when the other begins
        (_session(2, 10, 12, "Room B"), False),
        (_session(2, 10, 12, day=2), False),
    ],
)
def test_two_sessions_in_one_room_at_once_are_marked(other, clash):
    assert queries.clashes([_session(1, 9, 11), other]) == ({1, 2} if clash else set())


def test_sessions_without_a_room_are_never_marked():
    assert queries.clashes([_session(1, 9, 11, ""), _session(2, 9, 11, "")]) == set()


ASKED = [
    Term(code="goals", facts={"kind": "scale"}),
    Term(code="again", facts={"kind": "choice"}),
    Term(code="use", facts={"kind": "text"}),
]


def test_answers_are_kept_as_numbers_choices_and_texts():
    sent = {"goals": "4", "again": "partly", "use": " the timetable "}
    assert check_answers(ASKED, sent) == {"goals": 4, "again": "partly", "use": "the timetable"}


def test_an_unanswered_question_is_left_out():
    assert check_answers(ASKED, {"goals": 5, "again": "", "use": None}) == {"goals": 5}


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({"goals": "6"}, "goals", "bad_value"),
        ({"goals": True}, "goals", "bad_value"),
        ({"goals": 4.5}, "goals", "bad_value"),
        ({"again": "maybe"}, "again", "bad_value"),
        ({"use": "x" * 5001}, "use", "bad_value"),
        ({"use": "a\x00b"}, "use", "bad_value"),
        ({"use": ["a"]}, "use", "bad_value"),
        ({"salary": "1"}, "answers", "unknown_question"),
        ({"use": ""}, "answers", "no_answers"),
        ({}, "answers", "no_answers"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_question(answers, field, code):
    with pytest.raises(Invalid) as problem:
        check_answers(ASKED, answers)
    assert (problem.value.field, problem.value.code) == (field, code)


def test_a_party_that_we_do_not_know_is_an_officer():
    assert ChecklistItem(who="learner").party == ChecklistParty.learner
    assert ChecklistItem(who="the mayor").party == ChecklistParty.officer

"""Passwords: which ones are taken, and what is kept of them."""

import pytest
from argon2 import PasswordHasher

from exchange.accounts import passwords
from exchange.directory.models import Person
from exchange.errors import Invalid

MARIA = Person(name="María Silva", email="msilva@nampula.gov.example")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short words", "password_short"),
        ("a" * 201, "password_long"),
        ("María Silva 1980", "password_personal"),
        ("nampula-msilva-1", "password_personal"),
        ("Peer Exchange 26", "password_personal"),
        ("password12345", "password_easy"),
        ("qwertyuiop12", "password_easy"),
        ("abababababab", "password_easy"),
        ("letmeinletmein", "password_easy"),
    ],
)
def test_a_password_that_others_would_guess_is_refused(password, code):
    with pytest.raises(Invalid) as refusal:
        passwords.check(password, MARIA, field="new_password")
    assert (refusal.value.code, refusal.value.field) == (code, "new_password")


@pytest.mark.parametrize(
    "password",
    [
        "tigre verde lluvia nueve",  # words, no digits asked for
        "kx83hdPw02ms",  # the shortest
        "Silva tigre verde lluvia",  # one's name among other words
        "密码很长很长而且没有人会猜到它",  # any script
        "tigre verde " * 16,  # as long as a password manager likes
    ],
)
def test_a_password_that_nobody_would_guess_is_taken(password):
    passwords.check(password, MARIA, field="new_password")


def test_the_same_word_from_another_keyboard_opens_the_door():
    kept = passwords.hashed("café del mercado")
    assert passwords.matches(kept, "cafe\N{COMBINING ACUTE ACCENT} del mercado")
    assert not passwords.matches(kept, "cafe del mercado")


def test_nobody_and_nonsense_match_nothing():
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash at all", "anything")


def test_a_hash_of_weaker_settings_is_dated():
    assert passwords.is_dated(PasswordHasher(time_cost=1, memory_cost=8192).hash("x"))
    assert not passwords.is_dated(passwords.hashed("x"))

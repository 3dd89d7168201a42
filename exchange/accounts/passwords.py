"""Passwords: argon2id hashes (RFC 9106, low-memory profile: 64 MiB, 3 passes), and what is taken.

Length and strength decide, never a mix of kinds of characters (NIST SP 800-63B, 3.1.1.2).
"""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from exchange.directory.models import Person
from exchange.errors import Invalid

SHORTEST, LONGEST = 12, 200
# Fewer than 10^8 guesses ("somewhat guessable") is within reach of somebody who tries online.
_LEAST_SCORE = 3
_FEWEST_DISTINCT = 6
_SITE_WORDS = ("peer", "exchange", "uclg", "cglu")

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The hash to keep of ``password``."""
    return _hasher.hash(_as_typed_anywhere(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``kept``; takes as long when there is none."""
    try:
        same = _hasher.verify(kept or _nobody(), _as_typed_anywhere(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return same and kept is not None


def is_dated(kept: str) -> bool:
    """Whether ``kept`` was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


def check(password: str, person: Person, *, field: str) -> None:
    """Whether ``person`` may take this password.

    :raises Invalid: ``password_short``, ``password_long``, ``password_personal`` or
        ``password_easy``, at ``field``.
    """
    if len(password) < SHORTEST:
        raise Invalid(field, "password_short", least=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid(field, "password_long", most=LONGEST)
    words = _personal_words(person)
    if _without(words, password) < _FEWEST_DISTINCT:
        raise Invalid(field, "password_personal")
    if len(set(password)) < _FEWEST_DISTINCT or _score(password, words) < _LEAST_SCORE:
        raise Invalid(field, "password_easy")


def _as_typed_anywhere(password: str) -> str:
    # An "é" is one character on one keyboard and two on another.
    return unicodedata.normalize("NFKC", password)


def _personal_words(person: Person) -> list[str]:
    words = re.split(r"[\W_]+", f"{person.name} {person.email}".casefold())
    return sorted({w for w in (*words, *_SITE_WORDS) if len(w) > 2}, key=len, reverse=True)


def _without(words: list[str], password: str) -> int:
    """How many letters and digits are left when the words are taken out."""
    left = password.casefold()
    for word in words:
        left = left.replace(word, "")
    return len(re.sub(r"[\W_]+", "", left)) if left != password.casefold() else len(password)


def _score(password: str, words: list[str]) -> int:
    """0 (guessed at once) to 4; zxcvbn knows usual passwords, names, dates and keyboard rows."""
    from zxcvbn import zxcvbn  # late: its lists of words are large, and signing in needs none

    return int(zxcvbn(password[:72], user_inputs=words)["score"])


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")

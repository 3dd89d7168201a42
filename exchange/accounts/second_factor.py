"""The second step of signing in: codes by the clock (RFC 6238), and codes for a lost telephone. The
caller commits.
"""

import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update

from exchange.accounts import sealing
from exchange.accounts.actions import end_sign_ins
from exchange.accounts.models import RecoveryCode, SecondFactor, SignIn
from exchange.accounts.queries import hashed
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.extensions import db, touched

ISSUER = "Peer Exchange"
STEP = 30
# A telephone's clock may go wrong by half a minute (RFC 6238, 5.2).
DRIFT = (0, -1, 1)
RECOVERY_CODES = 10


def of(person: Person) -> SecondFactor | None:
    """The second factor of somebody who has set it up to the end."""
    found = db.session.get(SecondFactor, person.id)
    return found if found and found.confirmed_at else None


def begun(person: Person) -> SecondFactor | None:
    """What somebody has begun to set up, and not confirmed with a code; with another key of the
    installation they begin again."""
    found = db.session.get(SecondFactor, person.id)
    readable = found is not None and bool(secret_of(found))
    return found if found and readable and not found.confirmed_at else None


def begin(person: Person) -> SecondFactor:
    """A fresh secret for a telephone; it counts for nothing until a code confirms it.

    :raises Invalid: ``has_a_factor``.
    """
    if of(person) is not None:
        raise Invalid("one_time_code", "has_a_factor")
    db.session.execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))
    row = SecondFactor(person_id=person.id, sealed_secret=sealing.seal(pyotp.random_base32()))
    db.session.add(row)
    db.session.flush()
    return row


def secret_of(factor: SecondFactor) -> str:
    """The secret, as somebody types it who cannot read the square; empty when the key of the
    installation has changed."""
    return sealing.opened(factor.sealed_secret) or ""


def address(factor: SecondFactor, person: Person) -> str:
    """What the square says to a telephone."""
    clock = pyotp.TOTP(secret_of(factor), interval=STEP)
    return clock.provisioning_uri(name=person.email, issuer_name=ISSUER)


def confirm(person: Person, code: str, *, sign_in: SignIn) -> list[str]:
    """Make what was begun count; every other sign-in ends. Returns the recovery codes: they are
    shown once and kept nowhere.

    :raises Invalid: ``wrong_code``, also when nothing was begun.
    """
    factor = begun(person)
    if factor is None or not _is_fresh_code(factor, code):
        raise Invalid("one_time_code", "wrong_code")
    factor.confirmed_at = sign_in.factor_at = now()
    end_sign_ins(person, but=sign_in)
    return new_recovery_codes(person)


def new_recovery_codes(person: Person) -> list[str]:
    """Fresh recovery codes; those before open nothing any more."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = [_recovery_code() for _number in range(RECOVERY_CODES)]
    for code in codes:
        db.session.add(RecoveryCode(person_id=person.id, secret_hash=_kept(person, code)))
    db.session.flush()
    return codes


def codes_left(person: Person) -> int:
    """How many recovery codes can still be used."""
    query = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query) or 0


def proves(person: Person, code: str) -> bool:
    """Whether ``code`` is the telephone's of now, or a recovery code; either works once."""
    factor = of(person)
    return factor is not None and (_is_fresh_code(factor, code) or _uses_up(person, code))


def remove(person: Person) -> None:
    """Take the second factor away; every sign-in ends."""
    for model in (SecondFactor, RecoveryCode):
        db.session.execute(delete(model).where(model.person_id == person.id))
    db.session.expire_all()
    end_sign_ins(person)


def _is_fresh_code(factor: SecondFactor, code: str) -> bool:
    """A code that somebody saw being typed is worth nothing: its half minute is used up."""
    typed, secret = code.replace(" ", ""), secret_of(factor)
    if not secret or not (typed.isascii() and typed.isdigit()):
        return False
    clock, at = pyotp.TOTP(secret, interval=STEP), now()
    for drift in DRIFT:
        if clock.verify(typed, for_time=_moved(at, drift)):
            return _takes(factor, int(at.timestamp()) // STEP + drift)
    return False


def _moved(at: datetime, steps: int) -> int:
    return int(at.timestamp()) + steps * STEP


def _takes(factor: SecondFactor, counter: int) -> bool:
    later = update(SecondFactor).where(
        SecondFactor.person_id == factor.person_id, SecondFactor.last_counter < counter
    )
    # Of two browsers that send one code at once, one is let in.
    return touched(later.values(last_counter=counter)) == 1


def _uses_up(person: Person, code: str) -> bool:
    unused = update(RecoveryCode).where(
        RecoveryCode.secret_hash == _kept(person, code), RecoveryCode.used_at.is_(None)
    )
    return touched(unused.values(used_at=now())) == 1


def _recovery_code() -> str:
    letters = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def _kept(person: Person, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashed(f"{person.id} {plain}")

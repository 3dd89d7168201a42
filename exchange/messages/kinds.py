"""The kinds of mail. A kind is a row here (or a row of ``reminders/kinds.py``) and a folder of
templates: ``templates/email/<kind>/{subject.txt,body.txt,body.html}``.
"""

from dataclasses import dataclass

from exchange.messages.models import Delivery


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    ``action_required``: its subject says so, and nobody can opt out of it. ``urgent``: it is sent
    at once whatever its reader prefers. ``secret``: its link opens something without a password,
    so nobody but its reader is shown the link. ``answers``: it can be answered from the mail.
    ``first``: it goes before a pile of others, because somebody sits there and waits for it, or
    must know at once what was done in their name.
    """

    name: str
    action_required: bool = False
    urgent: bool = False
    secret: bool = False
    answers: bool = False
    first: bool = False

    @property
    def choices(self) -> tuple[Delivery, ...]:
        """How its reader may have it; the first is the habit without a choice."""
        if self.urgent:
            return (Delivery.at_once,)
        if self.secret:  # its link would not stand in the mail of the day
            return (Delivery.at_once, Delivery.digest)
        if self.action_required:
            return (Delivery.one_a_day, Delivery.at_once, Delivery.digest)
        return (Delivery.one_a_day, Delivery.at_once, Delivery.digest, Delivery.never)


MAILS: dict[str, MailKind] = {}


def add(kind: MailKind) -> MailKind:
    """Make a kind known; each name is taken once."""
    if MAILS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"two kinds of mail are called {kind.name}")
    return kind


# Who invites tells the guest that a mail is coming; who signs in or asks for a new password looks
# into the mailbox. The digest is urgent, too, but thousands of them are written in one morning.
_ASKED_FOR = {"urgent": True, "secret": True, "first": True}
INVITATION = add(MailKind("invitation", action_required=True, **_ASKED_FOR))
JOINING = add(MailKind("joining", action_required=True, **_ASKED_FOR))
RESET = add(MailKind("reset", action_required=True, **_ASKED_FOR))
SIGN_IN = add(MailKind("sign_in", **_ASKED_FOR))
ACCOUNT_NOTICE = add(MailKind("account_notice", urgent=True, first=True))
DATA_READY = add(MailKind("data_ready", urgent=True, first=True))
DIGEST = add(MailKind("digest", urgent=True))
WEEKLY = add(MailKind("weekly"))
FORUM = add(MailKind("forum_follow_up"))
AUDIT_ALARM = add(MailKind("audit_alarm", action_required=True, urgent=True, first=True))
WEBHOOK_DISABLED = add(MailKind("webhook_disabled", action_required=True))
LESSON_QUESTION = add(MailKind("lesson_question"))

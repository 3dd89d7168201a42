"""Mails as people, programs and mail servers send them to us."""

from email.message import EmailMessage
from email.policy import SMTP

from exchange.messages.house import house, use
from exchange.messages.tokens import reply_token

PATTERN = "reply+{token}@px.test"


def with_reply_address(app):
    """Let the mails of ``app`` carry the reply address of their exchange; give back how it was."""
    before = house()
    use(app, type(before)(**{**vars(before), "reply": PATTERN}))
    return before


def address_of(exchange):
    """Where an answer to a mail of an exchange goes."""
    return PATTERN.replace("{token}", reply_token(exchange.id))


def answer(exchange, person, text="Yes, in May.", *, headers=None, html="", files=()):
    """An answer by mail, as bytes; the address of its sender is written as people write it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{person.name} <{person.email.upper()}>"
    mail["To"] = f"Peer Exchange <{address_of(exchange)}>" if exchange else "px@px.test"
    mail["Subject"] = "Re: Lyon: choose dates"
    mail["Message-ID"] = f"<{person.id}.{hash(text)}@city.test>"
    for name, value in (headers or {}).items():
        del mail[name]
        mail[name] = value
    mail.set_content(html or text, subtype="html" if html else "plain")
    for name in files:
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def report(message_id, *, action="failed", said="550 5.1.1 No such user here", headers_only=False):
    """What the mail server of a reader sends when it cannot deliver (RFC 3464)."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    body = f"Message-ID: {message_id}\nSubject: Lyon\n\n" + ("" if headers_only else "Text\n")
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@city.test
To: reply+bounces@px.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <{action}-{abs(hash(message_id))}@city.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.city.test

Final-Recipient: rfc822; ana@city.test
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {said}

--b
Content-Type: {kind}

{body}
--b--
""".encode()

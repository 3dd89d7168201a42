"""Permissions over messages and reminders."""

from exchange.predicates import anyone, oneself, owner, speaks_for_somebody, staff
from exchange.rules import MEMBERS, STAFF, SYSTEM, Rule

WEBHOOK = Rule("Coordinators of its organisation; staff.", (owner, staff))

PERMISSIONS: dict[str, Rule] = {
    # Messages and reminders
    "message.see": STAFF,
    "message.see_own": MEMBERS,
    "message.read": Rule("Its reader.", (oneself,)),
    "message.open": Rule("Whoever holds the mail.", (anyone,)),
    "message.edit": STAFF,
    "message.hold": STAFF,
    "message.release": STAFF,
    "message.claim": SYSTEM,
    "message.deliver": SYSTEM,
    "message.retry": SYSTEM,
    "message.fail": SYSTEM,
    "message.skip": STAFF,
    "message.send_again": STAFF,
    "message.bounce": SYSTEM,
    # Other programs
    "webhook.create": Rule("Coordinators and staff.", (speaks_for_somebody, staff)),
    "webhook.see": WEBHOOK,
    "webhook.edit": WEBHOOK,
    "webhook_delivery.claim": SYSTEM,
    "webhook_delivery.deliver": SYSTEM,
    "webhook_delivery.retry": SYSTEM,
    "webhook_delivery.fail": SYSTEM,
    "webhook_delivery.send_now": WEBHOOK,
    "webhook_delivery.send_again": WEBHOOK,
    "reply.see": STAFF,
    "reply.settle": STAFF,
    "reminder.see": STAFF,
    "reminder.answer_by_link": Rule("Whoever holds the mail.", (anyone,)),
    "reminder.edit_rules": STAFF,
    "reminder.settle": STAFF,
    "reminder.send": SYSTEM,
    "reminder.skip": STAFF,
    "reminder.answer": SYSTEM,
}

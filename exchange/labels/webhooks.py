"""Words for webhooks, their deliveries and why one did not arrive."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

DELIVERY_STATES: dict[str, LazyString] = {
    "waiting": _l("Waiting"),
    "sending": _l("Sending"),
    "delivered": _l("Taken"),
    "failed": _l("Failed"),
}
DELIVERY_TRIGGERS: dict[str, LazyString] = {
    "claim": _l("Take for sending"),
    "deliver": _l("Mark as sent"),
    "retry": _l("Try again later"),
    "fail": _l("Give up"),
    "send_now": _l("Send now"),
    "send_again": _l("Send again"),
}
WEBHOOK_FIELDS: dict[str, LazyString] = {
    "webhook_url": _l("Address"),
    "webhook_organisation": _l("Organisation"),
    "webhook_exchanges": _l("Moves of exchanges"),
    "webhook_matches": _l("Moves of matches"),
    "webhook_visits": _l("Visits that are planned or changed"),
    "switched_off": _l("Switched off"),
}
TOLD: dict[str, LazyString] = {
    "exchanges": WEBHOOK_FIELDS["webhook_exchanges"],
    "matches": WEBHOOK_FIELDS["webhook_matches"],
    "visits": WEBHOOK_FIELDS["webhook_visits"],
}
# Why there was no answer, or why it was switched off.
REASONS: dict[str, LazyString] = {
    "not_https": _l("the address does not begin with https://"),
    "not_public": _l("the address does not lead to a public host"),
    "no_answer": _l("no answer"),
    "no_secret": _l("its secret can no longer be read: give it another"),
    "failing": _l("it failed again and again"),
    "gone": _l("it answered that it is gone"),
}

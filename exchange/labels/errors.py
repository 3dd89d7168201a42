"""Sentences for the codes of ``DomainError``; ``%(fact)s`` are its facts."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ERRORS: dict[str, LazyString] = {
    "moved_on": _l("This has moved on while you were looking. Here is how it stands now."),
    "not_allowed": _l("You may see this, but not do that."),
    "not_found": _l("There is nothing here, or nothing that you may see."),
    "sign_in_first": _l("Please sign in first."),
    "scope_missing": _l("This token may not do that: make one with the scope \"write\"."),
    "reason_required": _l("Please write why: the others will read it."),
    "bad_fields": _l("Some fields need your attention."),
    "refused": _l("This step is not possible yet."),
    "bad_value": _l("This value cannot be taken."),
    "unknown_sort": _l("The list can be sorted by: %(known)s."),
    "unknown_term": _l("There is no such entry: %(codes)s."),
    "unknown_trigger": _l("There is no such step: %(trigger)s."),
    "not_yours": _l("You do not speak for this organisation."),
    "wrong_credentials": _l("E-mail and password do not go together."),
    "window": _l("The last day lies before the first."),
    "finished": _l("This is fulfilled or withdrawn and can no longer be changed."),
    "needed_to_publish": _l("A published text must keep this. Withdraw it, or fill it in."),
    "places_taken": _l("%(taken)s places are already taken: offer at least as many."),
    "already_there": _l("This is there already."),
    "membership_circle": _l("This body belongs to the organisation itself."),
    "no_body": _l("Only associations and sections have members."),
    "not_of_this": _l("The point of contact must be somebody of the organisation."),
    "only_governments": _l("Only a local government has a level."),
    "organisation_in_use": _l("This is used and cannot be deleted (%(where)s)."),
    "staff_only": _l("Only the secretariat or the section can change this."),
    "unknown_place": _l("There is no such place. Look it up with \"Find a city\"."),
    "in_use": _l("This is used and cannot be deleted; retire it instead."),
}


def error(code: str) -> LazyString:
    """The sentence of an error code."""
    return ERRORS[code]
